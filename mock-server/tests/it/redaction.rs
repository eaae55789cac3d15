//! No secret that was ever issued stands in anything the mock shows.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use keyway_mock::{Explain, MockServer, Vendor, WorldHandle};
use reqwest::{Client, Method};
use serde_json::{Value, json};

/// Every way in which a careless client shows a key, and the key in the answer that made it.
async fn careless_life(client: &Client, base: &str, key: &str) {
    let url = format!("{base}/nowhere/{key}?token={key}");
    let encoded: String = key.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let requests = [
        client
            .get(&url)
            .header("x-note", key)
            .header("referer", format!("https://x.example/?k={key}")),
        client.get(format!("{base}/{encoded}")),
        client.request(Method::DELETE, format!("{base}/api-keys/{key}")),
        client
            .post(&url)
            .json(&json!({"note": format!("my key is {key}, do not tell"), "nested": [[key]]})),
        client.post(&url).body(format!("not json {key}{key} x{key}x")),
        client.get(&url).header(
            "x-upstream-auth",
            format!("Basic {}", STANDARD.encode(format!("user:{key}"))),
        ),
        client.get(format!(
            "{base}/{}?t={}",
            URL_SAFE_NO_PAD.encode(key),
            STANDARD.encode(key)
        )),
        client.post(&url).json(
            &json!({"basic": STANDARD.encode(format!("us:{key}")), "n": [STANDARD_NO_PAD.encode(key)]}),
        ),
        client.post(&url).body(format!(
            "k={} {}",
            URL_SAFE.encode(format!("u{key}!")),
            STANDARD.encode(STANDARD.encode(key))
        )),
        client.post(&url).body(format!("hex: {}", hex::encode(key))),
        client.get(&url).header("x-nested", STANDARD.encode(&encoded)),
        client
            .post(&url)
            .body(STANDARD.encode(hex::encode(STANDARD.encode(STANDARD.encode(key))))),
        client
            .post(&url)
            .header("content-type", "application/json; charset=utf-16")
            .body(utf_16(&format!(
                r#"{{"name": "{key}", "Password": "correct horse"}}"#
            ))),
        client
            .post(&url)
            .json(&json!({"Password": "correct horse", "new_password": "correct horse"})),
        client.get(&url).header(key.to_lowercase(), "named after it"),
        client
            .get(&url)
            .bearer_auth(key)
            .header("cookie", format!("k={key}")),
        client
            .get(&url)
            .header("x-api-key", key)
            .header("x-dolfin-api-key", key),
    ];
    for request in requests {
        let _ = request.send().await.expect("an answer");
    }
}

/// As a careless client of another charset writes it.
fn utf_16(text: &str) -> Vec<u8> {
    let units = [0xfeff].into_iter().chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

#[tokio::test]
async fn the_control_token_is_not_shown_where_a_vendor_was_given_it() {
    let token = "a-control-token-of-mine";
    let builder = MockServer::builder().control_token(token);
    let server = builder.start().await.expect("a free port");
    let url = format!(
        "{}/nowhere?token={}",
        server.access(Vendor::Reten).base_url,
        "a%2Dcontrol%2Dtoken-of-mine"
    );
    let asked = Client::new().get(url).header("x-mistaken", token).body(token);
    asked.send().await.expect("an answer");
    let shown = serde_json::to_string(server.journal().entries()).expect("JSON");
    assert!(
        !shown.contains(token) && !shown.contains("control%2Dtoken"),
        "{shown}"
    );
}

#[tokio::test]
async fn nothing_that_is_shown_holds_a_secret() {
    let server = MockServer::builder()
        .explain(Explain::InHeader)
        .start()
        .await
        .expect("a free port");
    let client = Client::new();
    let mut secrets = Vec::new();
    for vendor in Vendor::PLAYED {
        let access = server.access(vendor);
        let (scheme, admin) = access.credentials.admin.split_once(':').expect("a scheme");
        let (path, header, body) = match vendor {
            Vendor::Sinjapp => ("/api/v1/api-keys", "x-api-key", json!({"name": "n"})),
            Vendor::Reten => (
                "/api/api-keys",
                "x-api-key",
                json!({"name": "n", "permissions": ["VIEW_ACTIVITIES"]}),
            ),
            Vendor::Dolfin => ("/api-keys", "x-dolfin-api-key", json!({"name": "n"})),
            Vendor::B3os => ("/v1/api-keys", "x-api-key", json!({"name": "n"})),
            other => crate::unwritten(other),
        };
        let request = client.post(format!("{}{path}", access.base_url)).json(&body);
        let request = match scheme {
            "bearer" => request.bearer_auth(admin).header("x-tenant-id", &access.tenant),
            _ => request.header(header, admin),
        };
        let made = request.send().await.expect("an answer");
        assert!(made.status().is_success(), "{vendor}: {}", made.status());
        let made: Value = made.json().await.expect("JSON");
        let names = ["/plain_text_key", "/plaintextKey", "/rawKey", "/data/key"];
        let key = names
            .iter()
            .find_map(|name| made.pointer(name)?.as_str())
            .expect("a key")
            .to_owned();
        careless_life(&client, &access.base_url, &key).await;
        careless_life(&client, &access.base_url, admin).await;
        secrets.extend([key, admin.to_owned()]);
        for credential in [&access.credentials.limited, &access.credentials.other] {
            secrets.push(credential.split_once(':').expect("a scheme").1.to_owned());
        }
    }
    secrets.extend(signed_in(&client, &server).await);
    secrets.extend(seeded(&client, &server).await);

    let control = format!("http://{}/_keyway", server.address());
    let read = async |path: &str| {
        client
            .get(format!("{control}{path}"))
            .send()
            .await
            .expect("an answer")
            .text()
            .await
    };
    let mut shown = vec![
        (
            "debug of the server",
            format!("{server:?} {:?}", server.journal()),
        ),
        (
            "snapshot",
            serde_json::to_string(&server.snapshot().await.expect("memory answers")).expect("JSON"),
        ),
        ("metrics", server.metrics()),
    ];
    for path in [
        "/journal",
        "/snapshot",
        "/metrics",
        "/faults",
        "/assumptions",
        "/openapi.json",
        "/worlds",
    ] {
        shown.push((path, read(path).await.expect("text")));
    }
    assert!(
        server.journal().count() > 50,
        "too little was shown to prove anything"
    );
    for (what, text) in shown {
        for secret in &secrets {
            assert!(
                !text.contains(secret.as_str()),
                "{what} holds a secret of {} characters",
                secret.len()
            );
            let hidden: String = secret.bytes().map(|byte| format!("%{byte:02X}")).collect();
            assert!(!text.contains(&hidden), "{what} holds an encoded secret");
            assert!(
                !text.contains(&secret.to_lowercase()),
                "{what} holds a secret in small letters"
            );
            let wide: String = secret.chars().flat_map(|character| [character, '\0']).collect();
            assert!(
                !text.contains(serde_json::to_string(&wide).expect("JSON").trim_matches('"')),
                "{what} holds a secret in UTF-16"
            );
            assert!(
                !text.contains(&hex::encode(secret)),
                "{what} holds a secret in digits"
            );
            for part in in_base64(secret) {
                assert!(!text.contains(&part), "{what} holds a secret in Base64");
            }
        }
        assert!(!text.contains("correct horse"), "{what} holds a password");
    }
}

/// What Base64 shows of a secret, whatever stands before and behind it, in both alphabets.
fn in_base64(secret: &str) -> Vec<String> {
    let aligned = |before: usize| {
        let encoded = STANDARD_NO_PAD.encode(format!("{}{secret}", &"aa"[..before]));
        let whole = encoded[(before * 8).div_ceil(6)..].to_owned();
        let mine = whole[..whole.len() - 1].to_owned();
        [mine.replace('+', "-").replace('/', "_"), mine]
    };
    (0..3).flat_map(aligned).collect()
}

/// Seeds a principal and a key of every vendor, by both ways, and is careless with them; their secrets.
async fn seeded(client: &Client, server: &MockServer) -> Vec<String> {
    let mut secrets = vec!["seeded horse".to_owned()];
    let mut document = json!({"principals": [], "keys": []});
    for vendor in Vendor::PLAYED {
        let grants = match vendor {
            Vendor::B3os => json!(["read"]),
            _ => json!([]),
        };
        for list in ["principals", "keys"] {
            let entry = json!({"vendor": vendor.name(), "grants": grants});
            document[list].as_array_mut().expect("a list").push(entry);
        }
        let (principal, key) = (server.principal(vendor), server.seed_key(vendor));
        let (principal, key) = match vendor {
            Vendor::B3os => (principal.scope("read"), key.scope("read")),
            Vendor::Reten => (principal.password("seeded horse"), key),
            _ => (principal, key),
        };
        let principal = principal.create().await.expect("a principal");
        let key = key.create().await.expect("a key");
        let base = server.access(vendor).base_url;
        for secret in [principal.secret(), key.secret()] {
            careless_life(client, &base, secret).await;
            assert!(!format!("{principal:?} {key:?}").contains(secret));
            secrets.push(secret.to_owned());
        }
    }
    let answer = client
        .post(format!("{}/seed", server.control_url()))
        .json(&document);
    let answer = answer.send().await.expect("an answer");
    assert_eq!(answer.status(), 201);
    let made: Value = answer.json().await.expect("JSON");
    for list in ["principals", "keys"] {
        for one in made[list].as_array().expect("a list") {
            let credential = one["credential"].as_str().expect("a credential");
            let vendor = one["vendor"]
                .as_str()
                .expect("a vendor")
                .parse()
                .expect("a known one");
            let secret = credential.split_once(':').expect("a scheme").1;
            careless_life(client, &server.access(vendor).base_url, secret).await;
            secrets.push(secret.to_owned());
        }
    }
    secrets
}

/// Signs in and refreshes at Reten; the tokens that were handed out.
async fn signed_in(client: &Client, server: &WorldHandle) -> Vec<String> {
    let base = server.access(Vendor::Reten).base_url;
    let wrong = json!({"identifier": "nobody", "password": "correct horse"});
    let _ = client
        .post(format!("{base}/api/auth/login"))
        .json(&wrong)
        .send()
        .await
        .expect("an answer");
    let right = json!({"identifier": "admin", "password": "admin-password"});
    let answer = client
        .post(format!("{base}/api/auth/login"))
        .json(&right)
        .send()
        .await
        .expect("an answer");
    let cookie = answer
        .headers()
        .get("set-cookie")
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    let body: Value = answer.json().await.expect("JSON");
    let refresh = cookie.and_then(|cookie| {
        let value = cookie.strip_prefix("refreshToken=")?;
        Some(value.split(';').next()?.to_owned())
    });
    let access = body["accessToken"].as_str().expect("an access token").to_owned();
    vec![access, refresh.expect("a refresh token")]
}

#[tokio::test]
async fn secrets_of_states_that_are_gone_and_of_other_worlds_are_not_shown() {
    let server = MockServer::start().await;
    let client = Client::new();
    let empty = server.snapshot().await.expect("memory answers");
    let yours = server.world();
    // Nothing marks a refresh token as one.
    let mut gone = signed_in(&client, &server).await;
    server.restore(empty.clone()).await.expect("a sound snapshot");
    gone.extend(signed_in(&client, &server).await);
    server.reset().await.expect("memory answers");
    gone.extend(signed_in(&client, &server).await);
    let kept = serde_json::to_string(&server.snapshot().await.expect("memory answers")).expect("JSON");
    let ended = server.world();
    gone.extend(signed_in(&client, &ended).await);
    drop(ended);
    server.reset().await.expect("memory answers");
    for world in [&*server, &yours] {
        for secret in &gone {
            careless_life(&client, &world.access(Vendor::Sinjapp).base_url, secret).await;
        }
        expect_none_shown(
            &serde_json::to_string(world.journal().entries()).expect("JSON"),
            &gone,
        );
    }
    // Another process, as far as it can tell: it knows what a snapshot brought, also when that is gone again.
    let other = MockServer::start().await;
    other
        .restore(serde_json::from_str(&kept).expect("a snapshot"))
        .await
        .expect("a sound one");
    other.reset().await.expect("memory answers");
    let brought = &gone[4..6];
    for secret in brought {
        careless_life(&client, &other.access(Vendor::B3os).base_url, secret).await;
    }
    expect_none_shown(
        &serde_json::to_string(other.journal().entries()).expect("JSON"),
        brought,
    );
}

fn expect_none_shown(text: &str, secrets: &[String]) {
    assert!(text.len() > 1000, "too little was shown to prove anything");
    for secret in secrets {
        assert!(
            !text.contains(secret),
            "a secret of {} characters is shown",
            secret.len()
        );
        assert!(
            !in_base64(secret).iter().any(|part| text.contains(part)),
            "one is shown in Base64"
        );
    }
}
