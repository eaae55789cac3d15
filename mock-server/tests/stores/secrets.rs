//! What a store holds of secrets, and what one server shows of those that another has issued: nothing.

use reqwest::Method;
use serde_json::{Value, json};
use sqlx::{Executor as _, Row as _};

use crate::place::Place;
use crate::replica::Replica;

/// Signs in and makes keys at every vendor; the secrets that came of it.
async fn issue(server: &Replica) -> Vec<String> {
    let mut secrets = vec![server.create("plain").await.expect("a key").secret];
    let again = format!("named after {}", secrets[0]);
    secrets.push(server.create(&again).await.expect("a key").secret);
    let client = reqwest::Client::new();
    let reten = server.access["vendors"]["reten"]["base_url"]
        .as_str()
        .expect("a URL")
        .to_owned();
    let who = json!({ "identifier": "admin", "password": "admin-password" });
    let login = client
        .post(format!("{reten}/api/auth/login"))
        .json(&who)
        .send()
        .await
        .expect("an answer");
    assert_eq!(login.status(), 200);
    let cookie = login.headers()["set-cookie"].to_str().expect("text").to_owned();
    let refresh = cookie.split(['=', ';']).nth(1).expect("a token").to_owned();
    let body: Value = login.json().await.expect("JSON");
    let access = body["accessToken"].as_str().expect("a token").to_owned();
    secrets.extend([refresh, access]);
    secrets
}

#[tokio::test]
async fn no_secret_is_in_the_file() {
    let place = Place::file();
    let server = Replica::start(&place.store);
    let secrets = issue(&server).await;
    drop(server);
    let file = place.store.trim_start_matches("sqlite:");
    let mut kept = Vec::new();
    for file in [file.to_owned(), format!("{file}-wal")] {
        kept.extend(std::fs::read(file).unwrap_or_default());
    }
    assert!(
        holds(&kept, "Ready-made admin key"),
        "this is not the place to search"
    );
    for (number, secret) in secrets.iter().enumerate() {
        assert!(!holds(&kept, secret), "secret {number} is in the file");
        assert!(
            !holds(&kept, &secret[..24]),
            "a part of secret {number} is in the file"
        );
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::file();
    let _server = Replica::start(&place.store);
    let file = place.store.trim_start_matches("sqlite:");
    for file in [file.to_owned(), format!("{file}-wal"), format!("{file}-shm")] {
        let mode = std::fs::metadata(&file).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: KEYWAY_TEST_POSTGRES"]
async fn no_secret_is_in_the_database() {
    let place = Place::database().await;
    let server = Replica::start(&place.store);
    let secrets = issue(&server).await;
    // In whatever is kept of a caller: a last use, and a log of requests.
    let client = reqwest::Client::new();
    for secret in &secrets {
        let asked = client.get(server.url_at("b3os", &format!("/v1/organizations?page={secret}")));
        let asked = asked.bearer_auth(server.admin_at("b3os"));
        let answer = asked.header("user-agent", format!("curl {secret}")).send().await;
        answer.expect("an answer");
    }
    server.stop();
    let kept = dump(&place).await;
    for known in [
        "Ready-made admin key",
        "named after",
        "curl [redacted]",
        "/v1/organizations",
    ] {
        assert!(
            kept.contains(known),
            "{known} is not found: this is not the place to search"
        );
    }
    for (number, secret) in secrets.iter().enumerate() {
        assert!(
            !kept.contains(secret.as_str()),
            "secret {number} is in the database"
        );
        assert!(
            !kept.contains(&secret[..24]),
            "a part of secret {number} is in the database"
        );
    }
}

/// Every row of every table, as text.
async fn dump(place: &Place) -> String {
    let mut past = place.connect().await;
    let tables =
        "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = 'public'";
    let tables = past.fetch_all(tables).await.expect("tables");
    let mut kept = String::new();
    for table in tables {
        let table: String = table.get(0);
        let rows = format!("SELECT CAST(whole AS TEXT) FROM {table} AS whole");
        for row in past.fetch_all(rows.as_str()).await.expect("rows") {
            kept += row.get::<&str, _>(0);
            kept.push('\n');
        }
    }
    kept
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: KEYWAY_TEST_POSTGRES"]
async fn another_servers_secrets_are_redacted() {
    let place = Place::database().await;
    let (a, b) = (Replica::start(&place.store), Replica::start(&place.store));
    let secrets = issue(&a).await;
    let client = reqwest::Client::new();
    for secret in &secrets {
        let asked = client.post(b.url(&format!("/api/v1/messages?where={secret}")));
        let body = json!({ "content": format!("look: {secret}"), "to_phone": secret });
        asked
            .header("x-note", secret)
            .json(&body)
            .send()
            .await
            .expect("an answer");
    }
    let journal = b
        .control(Method::GET, "/journal", None)
        .await
        .text()
        .await
        .expect("text");
    assert!(journal.contains("look: [redacted]"), "{journal}");
    for (number, secret) in secrets.iter().enumerate() {
        assert!(!journal.contains(secret.as_str()), "secret {number} is shown");
        assert!(
            !journal.contains(&secret[..24]),
            "a part of secret {number} is shown"
        );
    }
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}
