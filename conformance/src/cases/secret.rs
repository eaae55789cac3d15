//! The plaintext key is handed out once. Everything that came back during the run is searched for it.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use blake2::{Blake2b512, Blake2s256};
use data_encoding::{BASE32_NOPAD, HEXLOWER, HEXUPPER};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest as _, Sha224, Sha256, Sha384, Sha512};
use sha3::Sha3_256;

use super::operations;
use super::usage::random_part;
use crate::case::{Case, Fallback};
use crate::exchange::Exchange;
use crate::needles::Needles;
use crate::profile::Situation;
use crate::scene::Scene;
use crate::session::Who;
use crate::stop::Stop;

/// Nothing that is kept of a secret is for others to see.
const ONE_WAY: Fallback = Fallback::Must("OWASP ASVS 5, 11.4.1; NIST SP 800-63B, 3.1.2.2");
/// So much of a secret must stay unknown to whoever has seen its hint (NIST SP 800-63B, 3.1.2.2).
const UNKNOWN_CHARACTERS: usize = 20;

pub(crate) static CASES: &[Case] = &[
    Case {
        id: "secret/never-again",
        requirement: "no byte of any later answer, header or body, shows the plaintext of a key",
        codes: &["SEC-01", "SEC-05", "SEC-06", "SEC-10", "LST-03"],
        situation: Situation::Secret,
        fallback: Fallback::Must("OWASP ASVS 5, 14.2.1 and 16.5.1"),
        needs: &[],
        run: |scene| Box::pin(never_again(scene)),
    },
    Case {
        id: "secret/no-digest",
        requirement: "no byte of any answer is a digest of a key, or another spelling of it",
        codes: &["SEC-07", "LST-03", "SEC-01"],
        situation: Situation::Unsaid,
        fallback: ONE_WAY,
        needs: &[],
        run: |scene| Box::pin(no_digest(scene)),
    },
    Case {
        id: "secret/hint-is-short",
        requirement: "the hint that is shown of a key is a part of it, and leaves most of it unknown",
        codes: &["SEC-02", "SEC-03"],
        situation: Situation::Unsaid,
        fallback: Fallback::Practice("NIST SP 800-63B, 3.1.2.2"),
        needs: &[],
        run: |scene| Box::pin(hint_is_short(scene)),
    },
];

async fn no_digest(scene: &mut Scene<'_>) -> Result<(), Stop> {
    if scene.wire.transcript().len() < MATERIAL {
        live_a_whole_life(scene).await?;
    }
    let transcript = scene.wire.transcript();
    let mut forms = Vec::new();
    // What is done to one key is done to all; the latest have been through everything.
    for (secret, issued_by) in scene.minted.iter().rev().take(DIGESTED) {
        forms.extend(
            spellings(secret)
                .into_iter()
                .map(|(what, spelt)| (what, spelt, *issued_by)),
        );
    }
    // Two keys may share a beginning, and then the digits of it too.
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (_, spelt, _) in &forms {
        *seen.entry(spelt.clone()).or_default() += 1;
    }
    forms.retain(|(_, spelt, _)| seen[spelt] == 1);
    let found = search(&transcript, forms.iter().map(|(_, spelt, _)| spelt))
        .into_iter()
        .map(|(at, form)| (&transcript[at], &forms[form]))
        .find(|(exchange, (what, _, issued_by))| {
            !SPELLINGS.contains(what) || Some(exchange.number) != *issued_by
        })
        .map(|(exchange, (what, _, _))| (*what, exchange.line()));
    let expected = "no answer shows a digest of a key";
    match found {
        None => scene.meets(expected, "none does"),
        Some((what, line)) => scene.breaks(expected, format!("an answer to {line} shows its {what}")),
    }
    Ok(())
}

/// Where which of the needles stand: the places of the answer and of the needle.
fn search<'a>(
    transcript: &[Arc<Exchange>],
    needles: impl Iterator<Item = &'a String>,
) -> Vec<(usize, usize)> {
    let needles = Needles::of(needles.map(String::as_str));
    let in_one = |(at, exchange): (usize, &Arc<Exchange>)| {
        let found = exchange.searchable().flat_map(|text| needles.found_in(text));
        found.map(|needle| (at, needle)).collect::<Vec<_>>()
    };
    transcript.iter().enumerate().flat_map(in_one).collect()
}

/// So many answers have enough keys in them to look at.
const MATERIAL: usize = 200;
/// Of so many keys every digest is looked for.
const DIGESTED: usize = 32;

const BASE64: &str = "Base64";
const HEXADECIMAL: &str = "hexadecimal form";
const BASE32: &str = "Base32";
const NUMBERS: &str = "bytes as numbers";
const PERCENT: &str = "percent-encoding";
const SMALL: &str = "small letters";
/// What says the key itself in other characters: the answer that hands the key out tells nothing new by it.
const SPELLINGS: [&str; 6] = [BASE64, HEXADECIMAL, BASE32, NUMBERS, PERCENT, SMALL];
/// So many characters of a digest are its own: nothing else is likely to have them.
const OF_A_DIGEST: usize = 16;

/// What a server may have made of a secret, or of the part of it that is random.
fn spellings(secret: &str) -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    for part in [secret, &secret[random_part(secret)..]] {
        all.extend([
            (HEXADECIMAL, HEXLOWER.encode(part.as_bytes())),
            (HEXADECIMAL, HEXUPPER.encode(part.as_bytes())),
            (BASE32, BASE32_NOPAD.encode(part.as_bytes())),
            (NUMBERS, numbers(part, ",")),
            (NUMBERS, numbers(part, ", ")),
            (PERCENT, encoded(part)),
            (PERCENT, encoded(part).to_ascii_lowercase()),
            (SMALL, part.to_ascii_lowercase()),
        ]);
        // Where the secret begins in what is encoded is not known.
        for ahead in 0..3_usize {
            let mut bytes = vec![0_u8; ahead];
            bytes.extend_from_slice(part.as_bytes());
            for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
                let encoded = engine.encode(&bytes);
                let whole = [0, 2, 3][ahead]..bytes.len() * 8 / 6;
                all.extend(encoded.get(whole).map(|core| (BASE64, core.to_owned())));
            }
        }
    }
    // The key itself is looked for elsewhere; what is short stands anywhere by chance.
    all.retain(|(_, spelt)| !secret.contains(spelt.as_str()) && spelt.len() >= OF_A_DIGEST);
    for digested in [secret, &secret[random_part(secret)..]] {
        for (what, digest) in [
            ("SHA-224", Sha224::digest(digested).to_vec()),
            ("SHA-256", Sha256::digest(digested).to_vec()),
            ("SHA-384", Sha384::digest(digested).to_vec()),
            ("SHA-512", Sha512::digest(digested).to_vec()),
            ("SHA3-256", Sha3_256::digest(digested).to_vec()),
            ("BLAKE2b", Blake2b512::digest(digested).to_vec()),
            ("BLAKE2s", Blake2s256::digest(digested).to_vec()),
            ("SHA-1", Sha1::digest(digested).to_vec()),
            ("MD5", Md5::digest(digested).to_vec()),
        ] {
            let hexadecimal = HEXLOWER.encode(&digest);
            let spelt = [
                hexadecimal.to_ascii_uppercase(),
                hexadecimal,
                STANDARD_NO_PAD.encode(&digest),
                URL_SAFE_NO_PAD.encode(&digest),
            ];
            // A server that shows a part of it shows the beginning.
            all.extend(
                spelt
                    .into_iter()
                    .map(|text| (what, text[..OF_A_DIGEST].to_owned())),
            );
        }
    }
    all.sort();
    all.dedup();
    all
}

/// As a list of bytes is written in JSON.
fn numbers(secret: &str, between: &str) -> String {
    let numbers: Vec<String> = secret.bytes().map(|byte| byte.to_string()).collect();
    numbers.join(between)
}

/// As in a URL, with every character encoded.
fn encoded(secret: &str) -> String {
    secret.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

async fn hint_is_short(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.key().await?;
    let Some(hint) = key.record.hint.clone().filter(|hint| !hint.is_empty()) else {
        return Err(Stop::skip("the answer shows no hint of the key"));
    };
    // Stars and dots stand for what is left out.
    let shown: Vec<&str> = hint
        .split(['*', '.', '…', '•'])
        .filter(|part| !part.is_empty())
        .collect();
    let length: usize = shown.iter().map(|part| part.chars().count()).sum();
    let expected = "the hint is a part of the key";
    match shown.iter().all(|part| key.secret.contains(part)) {
        true => scene.meets(expected, "it is"),
        false => scene.falls_short(expected, "it is something else"),
    }
    let expected = "the hint leaves most of the key unknown";
    match key.secret.chars().count().saturating_sub(length) {
        left if left >= UNKNOWN_CHARACTERS => scene.meets(expected, "it does"),
        left => scene.falls_short(expected, format!("it leaves {left} characters")),
    }
    Ok(())
}

async fn never_again(scene: &mut Scene<'_>) -> Result<(), Stop> {
    live_a_whole_life(scene).await?;
    let transcript = scene.wire.transcript();
    let mut minted = scene.minted.clone();
    // What the run was given is shown by no answer at all.
    let given = [
        Some(&scene.target.admin),
        scene.target.limited.as_ref(),
        scene.target.other.as_ref(),
    ];
    minted.extend(
        given
            .into_iter()
            .flatten()
            .filter_map(|one| Some((own_part(one.expose())?.to_owned(), None))),
    );
    let pieces = pieces(&minted, &transcript);
    let shown: Vec<String> = search(&transcript, pieces.iter().map(|(piece, _)| piece))
        .into_iter()
        .filter(|(at, piece)| pieces[*piece].1 != Owner::Answer(transcript[*at].number))
        .map(|(at, _)| transcript[at].line())
        .collect();
    let searched = format!("{} answers searched for {} keys", transcript.len(), minted.len());
    let expected = "no answer but the first shows a plaintext key or a long part of one";
    match shown.first() {
        None => scene.meets(expected, searched),
        Some(line) => scene.breaks(
            expected,
            format!("{} answers do, one of them to {line}", shown.len()),
        ),
    }
    Ok(())
}

/// What is a credential's own: of a signed token its signature, since others begin as it does. None if that is short.
fn own_part(credential: &str) -> Option<&str> {
    let own = credential.rsplit('.').next()?;
    (own.len() >= PIECE).then_some(own)
}

/// So many characters of a key are as good as all of it, and so far apart are those that are looked for.
const PIECE: usize = 16;
const STEP: usize = 4;

/// So many characters of a part are drawn anew for each key. With fewer, two keys of a run are alike by chance: the beginning of
/// one would pass for a part of the other.
const DRAWN: usize = 8;

/// The keys and the parts of them that are each of one key alone, with the answers that handed them out. What an answer
/// itself calls the id or the hint of a key is no secret, even where the key repeats it.
fn pieces(minted: &[(String, Option<usize>)], transcript: &[Arc<Exchange>]) -> Vec<(String, Owner)> {
    let mut owners: BTreeMap<&str, Owner> = BTreeMap::new();
    for (secret, issued_by) in minted {
        let public = issued_by
            .and_then(|number| transcript.get(number))
            .map(|exchange| {
                let texts: Vec<&[u8]> = exchange.searchable().collect();
                String::from_utf8_lossy(&texts.join(&b'\n')).replace(secret.as_str(), "")
            })
            .unwrap_or_default();
        let own = issued_by.map_or(Owner::Nobody, Owner::Answer);
        for part in parts_of(secret) {
            if part.len() == secret.len() || !public.contains(part) {
                let owner = owners.entry(part).or_insert(own);
                if *owner != own {
                    *owner = Owner::Several;
                }
            }
        }
    }
    owners
        .into_iter()
        .filter(|(_, owner)| *owner != Owner::Several)
        .map(|(part, owner)| (part.to_owned(), owner))
        .collect()
}

/// Which answer may show a part of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Owner {
    /// The one that handed the key out.
    Answer(usize),
    /// None.
    Nobody,
    /// It is a part of several keys, and says nothing of any.
    Several,
}

fn parts_of(secret: &str) -> impl Iterator<Item = &str> {
    let starts = (0..secret.len().saturating_sub(PIECE)).step_by(STEP);
    let last = secret.len().checked_sub(PIECE);
    let drawn_from = random_part(secret);
    starts
        .chain(last)
        .filter(move |start| start + PIECE >= drawn_from + DRAWN)
        .filter_map(|start| secret.get(start..start + PIECE))
        .chain([secret])
}

/// One key through everything that answers about it, so that the search has its material even when it runs alone.
async fn live_a_whole_life(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.key().await?;
    let admin = scene.caller(Who::Admin)?;
    scene.key().await?;
    let probes = scene.setup.probes.clone();
    for revoked in [false, true] {
        if revoked {
            scene.revoke(&admin, &key.id).await?;
        }
        for probe in &probes {
            scene
                .send(&scene.bearer_of(&key.secret), probe.request.clone())
                .await?;
        }
        for request in [scene.subject.list(0), scene.subject.get(&key.id)]
            .into_iter()
            .flatten()
        {
            scene.send(&admin, request).await?;
        }
    }
    // Whatever else can be read may tell of keys too: requests, audits, settings.
    let reads = operations::all_but_create(scene).await?;
    for (_, request) in reads.into_iter().filter(|(_, request)| request.method == "GET") {
        scene.send(&admin, request).await?;
    }
    scene.revoke(&admin, &key.id).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Read;

    fn exchange(header: &str, body: &str) -> Exchange {
        Exchange {
            number: 0,
            method: "GET",
            path: "/".to_owned(),
            status: 200,
            headers: vec![("location".to_owned(), header.as_bytes().to_vec())],
            body: body.as_bytes().to_vec(),
            local: None,
            version: reqwest::Version::HTTP_11,
            is_odd: false,
            read: Read::default(),
        }
    }

    #[test]
    fn every_long_part_of_a_key_is_looked_for_but_what_keys_share_or_the_server_calls_public() {
        let body = |id: &str, key: &str| Arc::new(exchange("", &format!(r#"{{"id":"{id}","key":"{key}"}}"#)));
        let key = |id: &str, random: &str| format!("mark_of_the_vendor_{id}_{random}");
        let keys = [
            key("0123456789abcdefgh", "AAAABBBBCCCCDDDDEEEE"),
            key("hgfedcba9876543210", "ZZZZYYYYXXXXWWWWVVVV"),
        ];
        let transcript = [
            body("0123456789abcdefgh", &keys[0]),
            body("hgfedcba9876543210", &keys[1]),
        ];
        let minted = [(keys[0].clone(), Some(0)), (keys[1].clone(), Some(1))];
        let found: Vec<String> = pieces(&minted, &transcript)
            .into_iter()
            .map(|(piece, _)| piece)
            .collect();
        assert!(
            found
                .iter()
                .any(|piece| piece.ends_with("CCCCDDDDEEEE") && piece.len() == PIECE)
        );
        assert!(found.contains(&keys[0]));
        assert!(
            !found
                .iter()
                .any(|piece| "0123456789abcdefgh".contains(piece.as_str()))
        );
        assert!(
            !found
                .iter()
                .any(|piece| "mark_of_the_vendor".contains(piece.as_str()))
        );
    }

    #[test]
    fn a_part_that_two_keys_may_share_by_chance_is_not_looked_for() {
        let parts: Vec<&str> = parts_of("dol_live_mockXHg6yBLevNSrQCXb").collect();
        assert!(
            !parts.contains(&"dol_live_mockXHg"),
            "three characters of it are drawn"
        );
        assert!(parts.contains(&"live_mockXHg6yBL"));
        assert!(parts.contains(&"dol_live_mockXHg6yBLevNSrQCXb"));
    }

    #[test]
    fn digests_and_spellings_are_those_of_the_key_and_of_its_random_part() {
        let spelt: Vec<String> = spellings("tgo_Rm9vQmFyQmF6")
            .into_iter()
            .map(|(_, spelt)| spelt)
            .collect();
        for wanted in ["74676f5f526d39765", "ORTW6X2SNU4XMULN", "116,103,111,95,"] {
            assert!(
                spelt.iter().any(|form| form.starts_with(wanted)),
                "{wanted} is not in {spelt:?}"
            );
        }
        let of_all = HEXLOWER.encode(&Sha256::digest("tgo_Rm9vQmFyQmF6"));
        let of_random = HEXLOWER.encode(&Sha256::digest("Rm9vQmFyQmF6"));
        for digest in [of_all, of_random] {
            assert!(spelt.iter().any(|form| digest.starts_with(form.as_str())));
        }
    }
}
