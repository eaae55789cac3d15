//! The last use of a key: shown at once by the server that saw it, soon by the others, and kept when a server stops.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::place::Place;
use crate::replica::Replica;

/// How often another server is asked for a use, and how long is waited in between.
const TRIES: usize = 100;
const PAUSE: Duration = Duration::from_millis(100);

/// A key of B3OS: its id and the key.
async fn make(server: &Replica) -> (String, String) {
    let admin = server.admin_at("b3os");
    let body = json!({ "name": "used", "scope": "read" });
    let made = server
        .b3os(Method::POST, "/v1/api-keys", admin, Some(&body))
        .await;
    let made: Value = made.json().await.expect("JSON");
    let text = |member: &str| made["data"][member].as_str().expect("text").to_owned();
    (text("id"), text("key"))
}

async fn use_key(server: &Replica, key: &str) {
    let answer = server.b3os(Method::GET, "/v1/organizations", key, None).await;
    assert_eq!(answer.status(), 200);
}

/// The last use as a server shows it; `Null` if it knows of none.
async fn last_use(server: &Replica, id: &str) -> Value {
    let admin = server.admin_at("b3os");
    let shown = server
        .b3os(Method::GET, &format!("/v1/api-keys/{id}"), admin, None)
        .await;
    let shown: Value = shown.json().await.expect("JSON");
    assert_eq!(shown["data"]["id"], id);
    shown["data"]["lastUsedAt"].clone()
}

#[tokio::test]
async fn a_file_keeps_uses_when_its_server_stops() {
    outlast(&Place::file()).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: KEYWAY_TEST_POSTGRES"]
async fn a_database_keeps_uses_when_a_server_stops() {
    outlast(&Place::database().await).await;
}

async fn outlast(place: &Place) {
    let server = Replica::start(&place.store);
    let (id, key) = make(&server).await;
    assert_eq!(last_use(&server, &id).await, Value::Null);
    use_key(&server, &key).await;
    let used = last_use(&server, &id).await;
    assert!(used.is_string(), "{used}");
    server.stop();
    let server = Replica::start(&place.store);
    assert_eq!(last_use(&server, &id).await, used);
}

#[tokio::test]
#[ignore = "needs PostgreSQL: KEYWAY_TEST_POSTGRES"]
async fn other_servers_show_a_use_soon() {
    let place = Place::database().await;
    let (a, b) = (Replica::start(&place.store), Replica::start(&place.store));
    let (id, key) = make(&a).await;
    use_key(&b, &key).await;
    let used = last_use(&b, &id).await;
    assert!(used.is_string(), "{used}");
    let mut seen = Value::Null;
    for _ in 0..TRIES {
        seen = last_use(&a, &id).await;
        if !seen.is_null() {
            break;
        }
        tokio::time::sleep(PAUSE).await;
    }
    assert_eq!(seen, used);
}

#[tokio::test]
#[ignore = "needs PostgreSQL: KEYWAY_TEST_POSTGRES"]
async fn the_later_of_two_uses_stays_whoever_writes_last() {
    let place = Place::database().await;
    let (a, b) = (Replica::start(&place.store), Replica::start(&place.store));
    let (id, key) = make(&a).await;
    use_key(&a, &key).await;
    use_key(&b, &key).await;
    let (first, second) = (last_use(&a, &id).await, last_use(&b, &id).await);
    let time = |text: &Value| {
        text.as_str()
            .expect("a time")
            .parse::<jiff::Timestamp>()
            .expect("a time")
    };
    assert!(time(&second) >= time(&first), "{second} after {first}");
    b.stop();
    a.stop();
    assert_eq!(last_use(&Replica::start(&place.store), &id).await, second);
}

#[tokio::test]
#[ignore = "needs PostgreSQL: KEYWAY_TEST_POSTGRES"]
async fn many_uses_are_written_with_few_statements() {
    const MANY: usize = 40;
    let place = Place::database().await;
    let server = Replica::start(&place.store);
    let mut made = Vec::new();
    for _ in 0..MANY {
        made.push(make(&server).await);
    }
    let mut past = place.connect().await;
    let note = "CREATE TABLE noted (at TIMESTAMPTZ); \
                CREATE FUNCTION note() RETURNS trigger AS $$ BEGIN INSERT INTO noted VALUES (now()); RETURN NULL; \
                END $$ LANGUAGE plpgsql; \
                CREATE TRIGGER note AFTER UPDATE ON credentials FOR EACH STATEMENT EXECUTE FUNCTION note();";
    sqlx::Executor::execute(&mut past, note).await.expect("a trigger");
    futures::future::join_all(made.iter().map(|(_, key)| use_key(&server, key))).await;
    server.stop();
    let row = sqlx::Executor::fetch_one(&mut past, "SELECT COUNT(*) FROM noted").await;
    let written: i64 = sqlx::Row::get(&row.expect("a row"), 0);
    assert!((1..20).contains(&written), "{written} statements for {MANY} uses");
    let next = Replica::start(&place.store);
    for (id, _) in &made {
        assert!(last_use(&next, id).await.is_string());
    }
}

#[tokio::test]
async fn of_uses_at_one_instant_the_last_stays() {
    let place = Place::file();
    let server = Replica::start(&place.store);
    let (id, key) = make(&server).await;
    server.stop();
    // Far ahead, and the same for both.
    let instant = json!({ "now": "2100-01-02T03:04:05Z" });
    for agent in ["the first", "the second"] {
        let server = Replica::start(&place.store);
        server.control(Method::PUT, "/clock", Some(&instant)).await;
        server.control(Method::POST, "/clock/freeze", None).await;
        server.control(Method::PUT, "/clock", Some(&instant)).await;
        let asked = reqwest::Client::new().get(server.url_at("b3os", "/v1/organizations"));
        let asked = asked.bearer_auth(&key).header("user-agent", agent);
        assert_eq!(asked.send().await.expect("an answer").status(), 200);
        server.stop();
    }
    let server = Replica::start(&place.store);
    let admin = server.admin_at("b3os");
    let path = format!("/v1/api-keys/{id}");
    let shown: Value = server
        .b3os(Method::GET, &path, admin, None)
        .await
        .json()
        .await
        .expect("JSON");
    assert_eq!(shown["data"]["lastUsedUserAgent"], "the second");
}
