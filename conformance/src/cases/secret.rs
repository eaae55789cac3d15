//! The plaintext key is handed out once. Everything that came back during the run is searched for it.

use sha2::{Digest as _, Sha256};

use crate::case::{Case, Fallback};
use crate::profile::Situation;
use crate::scene::Scene;
use crate::session::Who;
use crate::stop::Stop;
use crate::wire::Exchange;

pub(crate) static CASES: &[Case] = &[Case {
    id: "secret/never-again",
    requirement: "no byte of any later answer, header or body, shows the plaintext of a key",
    codes: &["SEC-01", "SEC-05", "SEC-06", "SEC-07", "SEC-10", "LST-03"],
    situation: Situation::Secret,
    fallback: Fallback::Must("OWASP ASVS 5, 14.2.1 and 16.5.1"),
    needs: &[],
    run: |scene| Box::pin(never_again(scene)),
}];

async fn never_again(scene: &mut Scene<'_>) -> Result<(), Stop> {
    live_a_whole_life(scene).await?;
    let transcript = scene.wire.transcript();
    let texts: Vec<String> = transcript.iter().map(|exchange| text_of(exchange)).collect();
    let minted = scene.minted.clone();
    let mut shown = Vec::new();
    let mut digests = Vec::new();
    for (secret, issued_by) in &minted {
        let digest: String = Sha256::digest(secret)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let capitals = digest.to_ascii_uppercase();
        for (exchange, text) in transcript.iter().zip(&texts) {
            if exchange.number != *issued_by && text.contains(secret.as_str()) {
                shown.push(exchange.line());
            }
            if text.contains(&digest) || text.contains(&capitals) {
                digests.push(exchange.line());
            }
        }
    }
    let searched = format!("{} answers searched for {} keys", transcript.len(), minted.len());
    let expected = "no answer but the first shows a plaintext key";
    match shown.first() {
        None => scene.meets(expected, searched),
        Some(line) => scene.breaks(
            expected,
            format!("{} answers do, one of them to {line}", shown.len()),
        ),
    }
    if let Some(line) = digests.first() {
        scene.warns(
            "OWASP ASVS 5, 11.4.1",
            "no answer shows the SHA-256 digest of a key",
            format!("an answer to {line} does"),
        );
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
