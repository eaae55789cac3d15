//! The plaintext key is handed out once. Everything that came back during the run is searched for it.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha512};

use crate::case::{Case, Fallback};
use crate::profile::Situation;
use crate::scene::Scene;
use crate::session::Who;
use crate::stop::Stop;
use crate::wire::Exchange;

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
    live_a_whole_life(scene).await?;
    let transcript = scene.wire.transcript();
    let texts: Vec<String> = transcript.iter().map(|exchange| text_of(exchange)).collect();
    let mut forms = Vec::new();
    for (secret, issued_by) in &scene.minted {
        forms.extend(
            spellings(secret)
                .into_iter()
                .map(|(what, spelt)| (what, spelt, *issued_by)),
        );
    }
    let found = search(&texts, forms.iter().map(|(_, spelt, _)| spelt))?
        .into_iter()
        .map(|(at, form)| (&transcript[at], &forms[form]))
        .find(|(exchange, (what, _, issued_by))| *what != BASE64 || exchange.number != *issued_by)
        .map(|(exchange, (what, _, _))| (*what, exchange.line()));
    let expected = "no answer shows a digest of a key";
    match found {
        None => scene.meets(expected, "none does"),
        Some((what, line)) => scene.breaks(expected, format!("an answer to {line} shows its {what}")),
    }
    Ok(())
}

/// Where which of the needles stand: the places of the text and of the needle.
fn search<'a>(
    texts: &[String],
    needles: impl Iterator<Item = &'a String>,
) -> Result<Vec<(usize, usize)>, Stop> {
    let machine = aho_corasick::AhoCorasick::new(needles)
        .map_err(|_| Stop::error("there are too many keys to search for at once"))?;
    let mut found = Vec::new();
    for (at, text) in texts.iter().enumerate() {
        // One key may be the beginning of another.
        let here = machine
            .find_overlapping_iter(text)
            .map(|hit| (at, hit.pattern().as_usize()));
        found.extend(here);
    }
    Ok(found)
}

const BASE64: &str = "Base64";

/// What a server may have made of a secret.
fn spellings(secret: &str) -> Vec<(&'static str, String)> {
    let mut all = vec![
        (BASE64, STANDARD_NO_PAD.encode(secret)),
        (BASE64, URL_SAFE_NO_PAD.encode(secret)),
    ];
    for (what, digest) in [
        ("SHA-256", Sha256::digest(secret).to_vec()),
        ("SHA-512", Sha512::digest(secret).to_vec()),
        ("SHA-1", Sha1::digest(secret).to_vec()),
        ("MD5", Md5::digest(secret).to_vec()),
    ] {
        let hexadecimal: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        all.push((what, hexadecimal.to_ascii_uppercase()));
        all.push((what, hexadecimal));
        for encoded in [STANDARD.encode(&digest), URL_SAFE.encode(&digest)] {
            all.push((what, encoded.trim_end_matches('=').to_owned()));
        }
    }
    all.dedup();
    all
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
    let texts: Vec<String> = transcript.iter().map(|exchange| text_of(exchange)).collect();
    let minted = scene.minted.clone();
    let shown: Vec<String> = search(&texts, minted.iter().map(|(secret, _)| secret))?
        .into_iter()
        .filter(|(at, secret)| transcript[*at].number != minted[*secret].1)
        .map(|(at, _)| transcript[at].line())
        .collect();
    let searched = format!("{} answers searched for {} keys", transcript.len(), minted.len());
    let expected = "no answer but the first shows a plaintext key";
    match shown.first() {
        None => scene.meets(expected, searched),
        Some(line) => scene.breaks(
            expected,
            format!("{} answers do, one of them to {line}", shown.len()),
        ),
    }
    Ok(())
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
    scene.revoke(&admin, &key.id).await?;
    Ok(())
}

/// Everything in an answer that can be searched: its headers, its bytes, and what the bytes spell when the escapes of
/// JSON are undone.
fn text_of(exchange: &Exchange) -> String {
    let mut text = String::new();
    for (_, value) in &exchange.headers {
        text.push_str(&String::from_utf8_lossy(value));
        text.push('\n');
    }
    text.push_str(&String::from_utf8_lossy(&exchange.body));
    if exchange.body.contains(&b'\\')
        && let Some(body) = exchange.json()
    {
        text.push('\n');
        text.push_str(&body.to_string());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

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
        }
    }

    #[test]
    fn a_plaintext_is_found_in_headers_in_bodies_and_behind_escapes() {
        assert!(text_of(&exchange("/x?key=planted", "")).contains("planted"));
        assert!(text_of(&exchange("", "<p>planted</p>")).contains("planted"));
        assert!(text_of(&exchange("", r#"{"a":"pl\u0061nted"}"#)).contains("planted"));
        assert!(!text_of(&exchange("/", r#"{"a":"plant"}"#)).contains("planted"));
    }
}
