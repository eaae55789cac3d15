//! Using a key: only the whole key opens a door, and nothing that resembles it does.

use data_encoding::HEXLOWER;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha512};

use crate::case::{Case, Fallback};
use crate::credential::{Credential, Scheme};
use crate::judge::is_refusal;
use crate::profile::{Situation, Statement};
use crate::scene::Scene;
use crate::session::{Key, Who};
use crate::stop::Stop;
use crate::subject::Caller;

pub(super) const AUTHENTICATION: Fallback = Fallback::Must("RFC 9110, 15.5.2; OWASP ASVS 5, 8.2.1");

pub(crate) static CASES: &[Case] = &[
    Case {
        id: "use/anonymous-refused",
        requirement: "a protected read without a credential is refused",
        codes: &["AUT-01"],
        situation: Situation::UseAnonymous,
        fallback: AUTHENTICATION,
        needs: &[],
        run: |scene| Box::pin(anonymous_refused(scene)),
    },
    Case {
        id: "use/unknown-key-refused",
        requirement: "a key that looks like one and was never made is refused",
        codes: &["AUT-03"],
        situation: Situation::UseUnknown,
        fallback: AUTHENTICATION,
        needs: &[],
        run: |scene| Box::pin(unknown_key_refused(scene)),
    },
    Case {
        id: "use/tampered-key-refused",
        requirement: "a key with one character changed, cut off or added is refused",
        codes: &["AUT-05", "AUT-06"],
        situation: Situation::UseUnknown,
        fallback: AUTHENTICATION,
        needs: &[],
        run: |scene| Box::pin(tampered_key_refused(scene)),
    },
    Case {
        id: "use/id-and-prefix-do-not-authenticate",
        requirement: "neither the id of a key nor the hint that is shown of it opens anything",
        codes: &["AUT-07"],
        situation: Situation::UseUnknown,
        fallback: AUTHENTICATION,
        needs: &[],
        run: |scene| Box::pin(id_and_prefix_do_not_authenticate(scene)),
    },
    Case {
        id: "use/pattern-refused",
        requirement: "a text that a database takes for a pattern, or for a part of its query, is no key",
        codes: &["AUT-05"],
        situation: Situation::Unsaid,
        fallback: AUTHENTICATION,
        needs: &[],
        run: |scene| Box::pin(pattern_refused(scene)),
    },
    Case {
        id: "use/halves-of-two-keys-refused",
        requirement: "the beginning of one key and the end of another make no key",
        codes: &["AUT-05"],
        situation: Situation::UseUnknown,
        fallback: AUTHENTICATION,
        needs: &[],
        run: |scene| Box::pin(halves_of_two_keys_refused(scene)),
    },
    Case {
        id: "use/connection-is-nobodys",
        requirement: "whose requests a connection carried before opens nothing to the next one on it",
        codes: &["AUT-01", "AUT-03", "REV-04"],
        situation: Situation::Unsaid,
        fallback: Fallback::Must("RFC 9110, 3.3; OWASP ASVS 5, 8.2.1"),
        needs: &[],
        run: |scene| Box::pin(connection_is_nobodys(scene)),
    },
];

async fn anonymous_refused(scene: &mut Scene<'_>) -> Result<(), Stop> {
    scene.working_key().await?;
    let nobody = scene.caller(Who::Nobody)?;
    for probe in scene.setup.probes.clone() {
        let exchange = scene.send(&nobody, probe.request.clone()).await?;
        scene.judge_refused_use("without a credential", &probe, &exchange);
    }
    Ok(())
}

async fn unknown_key_refused(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.working_key().await?;
    let unknown = invented(&key.secret);
    let token = Caller {
        credential: Some(Credential::of(Scheme::Bearer, &made_up_token()?)),
        ..scene.bearer_of(&unknown)
    };
    for probe in scene.setup.probes.clone() {
        for (what, caller) in [
            ("with an unknown key", scene.bearer_of(&unknown)),
            ("with a token that was never issued", token.clone()),
        ] {
            let exchange = scene.send(&caller, probe.request.clone()).await?;
            scene.judge_refused_use(what, &probe, &exchange);
        }
    }
    Ok(())
}

async fn tampered_key_refused(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.working_key().await?;
    let tampered = tampered(&key.secret);
    for (_, tampered) in &tampered {
        scene.vault.keep(tampered);
    }
    refused_by_all(scene, &tampered).await?;
    // One comparison that leaves out a place is enough, so that one read will do for the many.
    let probe = scene.probe()?.clone();
    let everywhere = changed_everywhere(&key.secret);
    for changed in &everywhere {
        scene.vault.keep(changed);
    }
    let calls = everywhere
        .iter()
        .map(|changed| (scene.bearer_of(changed), probe.request.clone()))
        .collect();
    for exchange in scene.send_all(calls).await? {
        scene.judge_refused_use("with one of its other characters changed", &probe, &exchange);
    }
    scene
        .expect_working(&key, "after its changed forms were refused")
        .await
}

async fn id_and_prefix_do_not_authenticate(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.working_key().await?;
    scene.probe()?;
    let hint = key.record.hint.clone().filter(|hint| *hint != key.secret);
    let (mark, random) = key.secret.split_at(random_part(&key.secret));
    let unmarked = (!mark.is_empty()).then(|| random.to_owned());
    let parts = [
        ("with the id in place of the key", Some(key.id.clone())),
        ("with the hint in place of the key", hint),
        (
            "with the id behind the mark of keys",
            Some(format!("{mark}{}", key.id)),
        ),
        ("with the name in place of the key", Some(key.name.clone())),
        ("with the mark alone", Some(mark.to_owned())),
        ("without the mark of keys", unmarked),
        // What is kept of a key must not be worth as much as the key.
        (
            "with the SHA-256 of the key in place of it",
            Some(HEXLOWER.encode(&Sha256::digest(&key.secret))),
        ),
        (
            "with the SHA-512 of the key in place of it",
            Some(HEXLOWER.encode(&Sha512::digest(&key.secret))),
        ),
        (
            "with the SHA-1 of the key in place of it",
            Some(HEXLOWER.encode(&Sha1::digest(&key.secret))),
        ),
        (
            "with the MD5 of the key in place of it",
            Some(HEXLOWER.encode(&Md5::digest(&key.secret))),
        ),
    ];
    let can_be_sent = |part: &String| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_graphic());
    let parts: Vec<(&'static str, String)> = parts
        .into_iter()
        .filter_map(|(what, part)| Some((what, part.filter(can_be_sent)?)))
        .collect();
    refused_by_all(scene, &parts).await
}

async fn pattern_refused(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.working_key().await?;
    let mark = &key.secret[..random_part(&key.secret)];
    let tried: Vec<_> = PATTERNS
        .into_iter()
        .flat_map(|pattern| scene.setup.probes.iter().map(move |probe| (pattern, probe)))
        .collect();
    let calls = tried
        .iter()
        .map(|(pattern, probe)| {
            (
                scene.bearer_of(&format!("{mark}{pattern}")),
                probe.request.clone(),
            )
        })
        .collect();
    let patterns: Vec<&str> = tried.iter().map(|(pattern, _)| *pattern).collect();
    for (pattern, exchange) in patterns.into_iter().zip(scene.send_all(calls).await?) {
        // Something before the server may turn such a text away with a status of its own.
        let expected = format!("{pattern} behind the mark of keys is refused");
        let seen = format!("{} answered {}", exchange.line(), exchange.status);
        if is_refusal(exchange.status) {
            scene.meets(expected, seen);
        } else {
            scene.breaks(expected, seen);
        }
    }
    Ok(())
}

/// What stands for anything where keys are looked up by `LIKE`, by `SCAN`, by a regular expression, or by a query that is
/// put together from texts.
const PATTERNS: [&str; 4] = ["%", "*", ".*", "' OR '1'='1"];

async fn halves_of_two_keys_refused(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let first = scene.working_key().await?;
    let second = scene.working_key().await?;
    let probe = scene.probe()?.clone();
    // Where a key is put together from a part to find it by and a part to prove it by, the seam may be anywhere.
    let shorter = first.secret.len().min(second.secret.len());
    let mut halves: Vec<String> = (random_part(&first.secret) + 1..shorter)
        .filter_map(|seam| {
            Some(format!(
                "{}{}",
                first.secret.get(..seam)?,
                second.secret.get(seam..)?
            ))
        })
        .collect();
    if halves.is_empty() {
        return Err(Stop::skip("two keys have no parts that could be exchanged"));
    }
    for key in &mut halves {
        // Where the keys do not differ on one side of the seam one of the two comes out. As many for any two keys as for
        // the next: a rehearsal counts them.
        if *key == first.secret || *key == second.secret {
            key.push('0');
        }
        scene.vault.keep(key);
    }
    let calls = halves
        .iter()
        .map(|key| (scene.bearer_of(key), probe.request.clone()))
        .collect();
    for exchange in scene.send_all(calls).await? {
        scene.judge_refused_use(
            "with the beginning of one key and the end of another",
            &probe,
            &exchange,
        );
    }
    Ok(())
}

async fn connection_is_nobodys(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.working_key().await?;
    let revoked = scene.working_key().await?;
    scene.revoked(&revoked).await?;
    let request = scene.probe()?.request.clone();
    let unknown = invented(&key.secret);
    let next = [
        ("without a credential", scene.caller(Who::Nobody)?),
        ("with an unknown key", scene.bearer_of(&unknown)),
        ("with a revoked key", scene.bearer_of(&revoked.secret)),
    ];
    let holder = scene.bearer_of(&key.secret);
    let mut opened = Vec::new();
    let mut is_kept = false;
    {
        let connection = scene.wire.connection();
        let as_one = |caller: &Caller| scene.subject.sign(request.clone(), caller);
        for (what, caller) in &next {
            let mut accepted_on = Vec::new();
            // A connection is free again only some moments after its answer, so a request may come to go by another one.
            for _ in 0..TURNS {
                for _ in 0..WARM {
                    let before = connection.send(&holder.base_url, &as_one(&holder)).await?;
                    accepted_on.extend(before.local.filter(|_| before.is_success()));
                }
                let after = connection.send(&caller.base_url, &as_one(caller)).await?;
                is_kept |= after.local.is_some_and(|local| accepted_on.contains(&local));
                opened.push((*what, after));
            }
        }
    }
    for (what, exchange) in opened {
        let expected = format!("{what}, behind the requests of a key that works: it is refused");
        let seen = format!("{} answered {}", exchange.line(), exchange.status);
        if is_refusal(exchange.status) {
            scene.meets(expected, seen);
        } else {
            scene.breaks(expected, seen);
        }
    }
    if !is_kept {
        scene.observes(
            "the connection is kept",
            "the target closed it, so others were used",
        );
    }
    Ok(())
}

/// So many requests go before the one that is judged, and so often is it tried to send all of them by one connection.
const WARM: usize = 3;
const TURNS: usize = 2;

/// Presents each of these as a key to every read that accepts keys: one of them may look less closely than the others.
async fn refused_by_all(scene: &mut Scene<'_>, keys: &[(&'static str, String)]) -> Result<(), Stop> {
    let probes = scene.setup.probes.clone();
    let tried: Vec<_> = keys
        .iter()
        .flat_map(|key| probes.iter().map(move |probe| (key, probe)))
        .collect();
    let calls = tried
        .iter()
        .map(|((_, value), probe)| (scene.bearer_of(value), probe.request.clone()))
        .collect();
    let exchanges = scene.send_all(calls).await?;
    for (((what, _), probe), exchange) in tried.into_iter().zip(exchanges) {
        scene.judge_refused_use(what, probe, &exchange);
    }
    Ok(())
}

/// Callers with credentials that nobody ever issued: a key of the usual look, and a user's token where there are such. Each
/// with the situation that says what is documented of it.
pub(super) fn unknown_credentials(
    scene: &Scene<'_>,
    key: &Key,
) -> Result<Vec<(&'static str, Situation, Caller)>, Stop> {
    let invented_key = Credential::key(&invented(&key.secret));
    let mut all = vec![(
        "with a key that was never made",
        Situation::ManageUnknownKey,
        Caller {
            credential: Some(invented_key),
            ..scene.manager(&key.secret)?
        },
    )];
    if !matches!(
        scene.statement(Situation::ManageUnknownToken),
        Statement::Absent { .. }
    ) {
        all.push((
            "with a token that was never issued",
            Situation::ManageUnknownToken,
            Caller {
                credential: Some(Credential::of(Scheme::Bearer, &made_up_token()?)),
                ..scene.caller(Who::Admin)?
            },
        ));
    }
    Ok(all)
}

/// Something with the look of a signed token, and no signature of anybody's.
fn made_up_token() -> Result<String, Stop> {
    let mut random = [0_u8; 32];
    getrandom::fill(&mut random).map_err(|_| Stop::error("the system has no randomness"))?;
    let signature: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    // {"alg":"HS256","typ":"JWT"} and {"sub":"keyway"}
    Ok(format!(
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJrZXl3YXkifQ.{signature}"
    ))
}

/// Where the part of a key begins that is random: after the marks that tell whose key it is.
pub(super) fn random_part(secret: &str) -> usize {
    let marks = secret
        .bytes()
        .take(12)
        .rposition(|byte| byte == b'_')
        .map_or(0, |place| place + 1);
    // A short key may be all marks by this reckoning.
    if marks + 3 > secret.len() { 0 } else { marks }
}

/// A key of the same look, every random character another one.
pub(super) fn invented(secret: &str) -> String {
    let from = random_part(secret);
    secret
        .bytes()
        .enumerate()
        .map(|(place, byte)| char::from(if place < from { byte } else { other(byte) }))
        .collect()
}

fn tampered(secret: &str) -> Vec<(&'static str, String)> {
    let from = random_part(secret);
    let changed = |place: usize| {
        let mut bytes = secret.as_bytes().to_vec();
        bytes[place] = other(bytes[place]);
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let last = secret.len() - 1;
    let mut all = vec![
        ("with the first random character changed", changed(from)),
        (
            "with a character in the middle changed",
            changed(from + (last - from) / 2),
        ),
        ("with the last character changed", changed(last)),
        ("with the last character cut off", secret[..last].to_owned()),
        ("with a character added", format!("{secret}a")),
    ];
    if let Some(letter) = secret
        .bytes()
        .skip(from)
        .position(|byte| byte.is_ascii_alphabetic())
    {
        let mut bytes = secret.as_bytes().to_vec();
        bytes[from + letter] ^= 0x20;
        all.push((
            "with the case of a letter changed",
            String::from_utf8_lossy(&bytes).into_owned(),
        ));
    }
    if from > 0 {
        // The mark is a part of the key.
        all.push(("with its very first character changed", changed(0)));
        let mark = secret[..from].to_ascii_uppercase();
        all.push(("with its mark in capitals", format!("{mark}{}", &secret[from..])));
    }
    // A server may take letters for the digits that look like them.
    let confused: String = secret[from..]
        .chars()
        .map(|one| match one {
            'O' => '0',
            '0' => 'O',
            'l' => '1',
            '1' => 'l',
            other => other,
        })
        .collect();
    all.push((
        "with its letters and the digits that look like them exchanged",
        format!("{}{confused}", &secret[..from]),
    ));
    // As many for each key as for the next: a rehearsal counts them.
    for (_, tampered) in &mut all {
        if tampered == secret {
            tampered.push('0');
        }
    }
    all
}

/// The key with one random character changed, for each of them.
fn changed_everywhere(secret: &str) -> Vec<String> {
    let bytes = secret.as_bytes();
    (random_part(secret)..bytes.len())
        .filter(|place| bytes[*place].is_ascii())
        .map(|place| {
            let mut bytes = bytes.to_vec();
            bytes[place] = other(bytes[place]);
            String::from_utf8_lossy(&bytes).into_owned()
        })
        .collect()
}

/// Another character of the same kind. In hexadecimal and in base64 the highest bit differs, so that a decoder which
/// ignores the spare bits at the end sees another value too.
fn other(byte: u8) -> u8 {
    const HEX: &[u8] = b"0123456789abcdef";
    const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let swap = |alphabet: &[u8]| {
        let place = alphabet.iter().position(|one| *one == byte)?;
        Some(alphabet[place ^ (alphabet.len() / 2)])
    };
    swap(HEX).or_else(|| swap(BASE64)).unwrap_or(b'a')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_change_of_a_key_is_another_key_with_the_same_marks() {
        for secret in [
            "tgo_Rm9vQmFyQmF6",
            "rtn_sk_a1b2c3d4e5f6",
            "dol_live_abc123",
            "b3sk_1234567890abcdef",
            "abcdef",
        ] {
            let marks = &secret[..random_part(secret)];
            let mut all = tampered(secret);
            all.push(("another", invented(secret)));
            for (what, key) in all {
                assert_ne!(key, secret);
                let has_marks =
                    key.starts_with(marks) || what.contains("very first") || what.contains("in capitals");
                assert!(has_marks && key.is_ascii(), "{key}");
            }
        }
    }

    #[test]
    fn a_key_of_one_or_two_characters_does_not_panic() {
        for secret in ["a", "_", "a_", "é"] {
            assert_eq!(random_part(secret), 0);
        }
        assert_eq!(tampered("a").len(), 7);
        assert_eq!(tampered("1").len(), 6);
    }
}
