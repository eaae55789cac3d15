//! Snapshots: what was written out can be put back whatever was called before, and no secret can be read in it.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use keyway_mock::{MockServer, Seeds, Snapshot, Vendor};
use reqwest::{Client, Method};
use serde_json::{Value, json};

use super::judge::{Ask, Judge};

/// A call: its method, its path, its body, and where the answer holds the id for which `{}` stands from then on.
type Step = (&'static str, &'static str, Option<Value>, &'static str);

/// Calls to every operation of a vendor, in an order in which each of them succeeds.
fn steps(vendor: Vendor) -> Vec<Step> {
    let get = |path| ("GET", path, None, "");
    let named = || json!({ "name": "n" });
    let reads = || json!({ "name": "n", "permissions": ["VIEW_ACTIVITIES"] });
    match vendor {
        Vendor::Sinjapp => vec![
            get("/api/v1/me"),
            get("/api/v1/subscription"),
            (
                "POST",
                "/api/v1/sender-numbers",
                Some(json!({ "phone": "+201177777777" })),
                "",
            ),
            get("/api/v1/sender-numbers"),
            (
                "POST",
                "/api/v1/messages",
                Some(
                    json!({ "sender_number_id": 1, "to_phone": "+201000000001", "type": "text", "content": "Hello" }),
                ),
                "",
            ),
            get("/api/v1/messages"),
            get("/api/v1/contacts/lookup?phone=%2B201000000001"),
            get("/api/v1/usage"),
            ("POST", "/api/v1/api-keys", Some(named()), "/data/id"),
            ("DELETE", "/api/v1/api-keys/{}", None, ""),
        ],
        Vendor::Reten => vec![
            (
                "POST",
                "/api/auth/login",
                Some(json!({ "identifier": "admin", "password": "admin-password" })),
                "",
            ),
            ("POST", "/api/auth/refresh", None, ""),
            get("/api/auth/me"),
            get("/api/tenant/mine"),
            get("/api/commerces"),
            get("/api/activities"),
            ("POST", "/api/api-keys", Some(reads()), "/plaintextKey"),
            get("/api/integration/task-result-type-configs"),
            ("POST", "/api/api-keys", Some(reads()), "/id"),
            get("/api/api-keys"),
            ("POST", "/api/api-keys/{}/revoke", None, ""),
            ("POST", "/api/auth/logout", None, ""),
        ],
        Vendor::Dolfin => vec![
            get("/suppliers/50990000-0000-4000-8000-000000000001/credit"),
            get("/suppliers/50990000-0000-4000-8000-000000000001/credit/ledger?currency=SEK"),
            get("/invoices"),
            get("/clients/c11e0000-0000-4000-8000-000000000001/members"),
            (
                "POST",
                "/auth/codes",
                Some(json!({ "userId": "05e40000-0000-4000-8000-000000000003" })),
                "/code",
            ),
            ("POST", "/auth/exchange", Some(json!({ "code": "{}" })), "/token"),
            get("/me"),
            ("POST", "/api-keys", Some(named()), "/id"),
            ("POST", "/api-keys/{}/revoke", None, ""),
        ],
        Vendor::B3os => vec![
            get("/v1/organizations"),
            (
                "POST",
                "/v1/service-accounts",
                Some(json!({ "name": "robot", "permissions": ["apikey:read"] })),
                "/data/id",
            ),
            get("/v1/service-accounts"),
            get("/v1/service-accounts/{}"),
            (
                "PATCH",
                "/v1/service-accounts/{}",
                Some(json!({ "name": "android", "permissions": [] })),
                "",
            ),
            ("POST", "/v1/service-accounts/{}/disable", None, ""),
            ("POST", "/v1/service-accounts/{}/enable", None, ""),
            ("DELETE", "/v1/service-accounts/{}", None, ""),
            ("POST", "/v1/api-keys", Some(named()), "/data/id"),
            get("/v1/api-keys"),
            get("/v1/api-keys/requests"),
            get("/v1/api-keys/{}"),
            ("DELETE", "/v1/api-keys/{}", None, ""),
        ],
        other => crate::unwritten(other),
    }
}

/// As the admin; what was had in between is used where only a user or only a key may ask.
fn signed<'j>(judge: &'j Judge, ask: Ask<'j>, path: &str, token: &str, found: &str) -> Ask<'j> {
    let access = judge.access();
    match judge.vendor() {
        Vendor::Reten if path.starts_with("/api/integration/") => ask.with(&format!("key:{found}")),
        Vendor::Reten if path.starts_with("/api/auth/") && path != "/api/auth/me" => {
            ask.header("cookie", format!("refreshToken={token}"))
        }
        Vendor::Reten => ask.with(judge.admin()).header("x-tenant-id", &access.tenant),
        Vendor::Dolfin if path == "/me" => ask.with(&format!("bearer:{token}")),
        Vendor::Dolfin if path == "/auth/exchange" => ask,
        Vendor::Dolfin => ask
            .with(judge.admin())
            .header("x-dolfin-organisation-id", "09a00000-0000-4000-8000-000000000001"),
        Vendor::Sinjapp | Vendor::B3os => ask.with(judge.admin()),
        other => crate::unwritten(other),
    }
}

#[tokio::test]
async fn a_snapshot_can_be_put_back_after_whatever_operation() {
    for vendor in Vendor::PLAYED {
        let judge = Judge::of(vendor).await;
        let (mut id, mut token) = (String::new(), String::new());
        for (method, path, body, found) in steps(vendor) {
            let path = path.replace("{}", &id);
            let ask = judge.ask(method.parse::<Method>().expect("a method"), &path);
            let ask = signed(&judge, ask, &path, &token, &id);
            let answer = match body {
                Some(body) => {
                    let body = body.to_string().replace("{}", &id);
                    ask.body("application/json", body).send().await
                }
                None => ask.send().await,
            };
            let what = format!("{vendor} {method} {path}");
            assert!((200..300).contains(&answer.status()), "{what}: {answer:?}");
            if let Some(value) = answer.json().pointer(found).filter(|_| !found.is_empty()) {
                id = value.as_str().map_or(value.to_string(), str::to_owned);
            }
            let cookie = answer.header("set-cookie").split(';').next().unwrap_or_default();
            if let Some(value) = cookie.strip_prefix("refreshToken=") {
                value.clone_into(&mut token);
            } else if found == "/token" {
                token.clone_from(&id);
            }
            put_back(&judge.server, &what).await;
        }
        for operation in vendor.contract().operations() {
            let called = judge.server.journal().calls(operation.id()).count();
            assert!(called > 0, "{vendor} {} was not called", operation.id());
        }
    }
}

/// Writes a server's state out and puts it back, there and elsewhere.
async fn put_back(server: &MockServer, what: &str) {
    let text = serde_json::to_string(&server.snapshot().await.expect("memory answers")).expect("JSON");
    for world in [&**server, &*server.world()] {
        let snapshot: Snapshot = serde_json::from_str(&text).expect("a snapshot");
        let restored = world.restore(snapshot).await;
        assert_eq!(restored, Ok(()), "{what}");
        let again = serde_json::to_value(world.snapshot().await.expect("memory answers")).expect("JSON");
        assert_eq!(
            sorted(again),
            sorted(serde_json::from_str(&text).expect("JSON")),
            "{what}"
        );
    }
}

/// A state without the order of what has none.
fn sorted(mut snapshot: Value) -> Value {
    for vendor in snapshot["vendors"].as_array_mut().expect("vendors") {
        for list in ["credentials", "last_numbers"] {
            let list = vendor[1][list].as_array_mut().expect("a list");
            list.sort_by_key(Value::to_string);
        }
    }
    snapshot
}

#[tokio::test]
async fn a_secret_in_somebodys_words_is_not_written_out() {
    let server = MockServer::start().await;
    let client = Client::new();
    let key = server.key(Vendor::B3os).create().await.expect("a key");
    // Nothing marks a token of Reten as one.
    let user = server
        .principal(Vendor::Reten)
        .username("ada")
        .create()
        .await
        .expect("a user");
    let secrets = [key.secret(), user.secret()];
    let hidden = |secret: &str| {
        let encoded: String = secret.bytes().map(|byte| format!("%{byte:02X}")).collect();
        [
            secret.to_owned(),
            encoded,
            STANDARD.encode(STANDARD.encode(secret)),
        ]
    };
    let words: Vec<_> = secrets.iter().flat_map(|secret| hidden(secret)).collect();
    for word in &words {
        let word = format!("<{word}>");
        for vendor in Vendor::PLAYED {
            let short: String = word.chars().take(255).collect();
            let _ = server.key(vendor).with("name", short).create().await;
        }
        let access = server.access(Vendor::B3os);
        let admin = access.credentials.admin.trim_start_matches("bearer:").to_owned();
        let account = json!({ "name": "robot", "permissions": [], "description": word });
        let made = client
            .post(format!("{}/v1/service-accounts", access.base_url))
            .bearer_auth(admin)
            .header("user-agent", &word)
            .json(&account);
        let _ = made.send().await.expect("an answer");
        let access = server.access(Vendor::Sinjapp);
        let admin = access.credentials.admin.trim_start_matches("key:").to_owned();
        let message =
            json!({ "sender_number_id": 1, "to_phone": "+201000000001", "type": "text", "content": word });
        let sent = client
            .post(format!("{}/api/v1/messages", access.base_url))
            .header("x-api-key", admin)
            .header("user-agent", &word)
            .json(&message);
        assert!(sent.send().await.expect("an answer").status().is_success());
    }
    let text = serde_json::to_string(&server.snapshot().await.expect("memory answers")).expect("JSON");
    for word in &words {
        assert!(
            !text.contains(word),
            "a secret of {} characters is kept",
            word.len()
        );
    }
    assert!(text.contains("<[redacted]>"), "what stands around it is kept");
    put_back(&server, "with secrets in it").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_made_at_several_vendors_at_once_is_in_it_as_a_whole() {
    let server = Arc::new(MockServer::start().await);
    let made = Arc::clone(&server);
    let seeding = tokio::spawn(async move {
        for number in 0..400 {
            let key = |vendor: &str| json!({ "vendor": vendor, "name": format!("made {number} times") });
            let keys = ["sinjapp", "reten", "dolfin"].map(key);
            let seeds = json!({ "keys": keys });
            let seeds = Seeds::from_json(seeds.to_string().as_bytes()).expect("seeds");
            made.seed(&seeds).await.expect("keys");
        }
    });
    let mut seen = 0;
    while !seeding.is_finished() {
        let text = serde_json::to_string(&server.snapshot().await.expect("a snapshot")).expect("JSON");
        seen = text.matches(" times\"").count();
        assert_eq!(seen % 3, 0, "a document is in it by half");
    }
    seeding.await.expect("no panic");
    assert!(seen > 0, "nothing was seen while it was made");
}
