//! The same behaviour of every store, and what only those that last can do: survive a restart.

use reqwest::Method;
use serde_json::{Value, json};

use crate::place::Place;
use crate::replica::{Outcome, Replica};

/// Each test for each store.
macro_rules! for_every_store {
    ($($test:ident),+ $(,)?) => {
        mod memory {
            $(#[tokio::test] async fn $test() { super::$test(&super::Place::memory()).await; })+
        }
        mod sqlite {
            $(#[tokio::test] async fn $test() { super::$test(&super::Place::file()).await; })+
        }
        mod postgres {
            $(
                #[tokio::test]
                #[ignore = "needs PostgreSQL: KEYWAY_TEST_POSTGRES"]
                async fn $test() { super::$test(&super::Place::database().await).await; }
            )+
        }
    };
}
pub(crate) use for_every_store;

for_every_store!(
    a_key_lives_until_it_is_revoked,
    a_second_revocation_changes_nothing,
    numbers_go_on_and_are_given_once,
    a_reset_leaves_nothing_behind,
    a_snapshot_comes_back_whole,
    seeds_are_kept,
    a_key_lives_until_it_expires,
);

async fn a_key_lives_until_it_is_revoked(place: &Place) {
    let server = Replica::start(&place.store);
    let key = server.create("one").await.expect("a key");
    let other = server.create("two").await.expect("a key");
    assert_eq!(server.use_key(&key.secret).await, Outcome::Done);
    assert_eq!(server.revoke(&key.id).await, Outcome::Done);
    assert_eq!(server.use_key(&key.secret).await, Outcome::Refused);
    assert_eq!(server.use_key(&other.secret).await, Outcome::Done);
}

async fn a_key_lives_until_it_expires(place: &Place) {
    const DAYS: u64 = 7;
    let server = Replica::start(&place.store);
    let (key, lasting) = (server.create_for("one", DAYS).await, server.create("two").await);
    let later = async |server: &Replica, seconds: u64| {
        let step = json!({ "ms": seconds * 1_000 });
        let turned = server.control(Method::POST, "/clock/advance", Some(&step)).await;
        assert_eq!(turned.status(), 200);
        server.use_key(&key.secret).await
    };
    assert_eq!(server.use_key(&key.secret).await, Outcome::Done);
    assert_eq!(later(&server, DAYS * 86_400 - 3_600).await, Outcome::Done);
    assert_eq!(later(&server, 3_600).await, Outcome::Refused);
    let lasting = lasting.expect("a key");
    assert_eq!(server.use_key(&lasting.secret).await, Outcome::Done);
    if place.store == "memory" {
        return;
    }
    // The same at a server that has not made it.
    server.stop();
    let next = Replica::start(&place.store);
    assert_eq!(next.use_key(&key.secret).await, Outcome::Done);
    assert_eq!(later(&next, DAYS * 86_400 - 3_600).await, Outcome::Done);
    assert_eq!(later(&next, 3_600).await, Outcome::Refused);
}

async fn a_second_revocation_changes_nothing(place: &Place) {
    let server = Replica::start(&place.store);
    let key = server.create("one").await.expect("a key");
    assert_eq!(server.revoke_status(&key.id).await, 204);
    let saved = state(&server).await;
    assert_eq!(server.revoke_status(&key.id).await, 404);
    assert_eq!(server.revoke_status("999999").await, 404);
    let kept = |state: &Value| {
        state["vendors"][0][1]["credentials"]
            .to_string()
            .matches("revoked_at\":\"")
            .count()
    };
    assert_eq!(kept(&saved), 1);
    assert_eq!(kept(&state(&server).await), 1);
}

async fn numbers_go_on_and_are_given_once(place: &Place) {
    let server = Replica::start(&place.store);
    let mut last = 3;
    for number in 0..5 {
        let key = server.create(&format!("key {number}")).await.expect("a key");
        let id: u64 = key.id.parse().expect("a number");
        assert!(id > last, "{id} after {last}");
        last = id;
    }
}

async fn a_reset_leaves_nothing_behind(place: &Place) {
    let server = Replica::start(&place.store);
    let admin = server.access["vendors"]["sinjapp"]["credentials"]["admin"].clone();
    let key = server.create("one").await.expect("a key");
    let first = state(&server).await["vendors"][0][1]["credentials"]
        .as_array()
        .map(Vec::len);
    assert_eq!(server.control(Method::POST, "/reset", None).await.status(), 204);
    assert_eq!(server.use_key(&key.secret).await, Outcome::Refused);
    let admin = admin
        .as_str()
        .and_then(|admin| admin.strip_prefix("key:"))
        .expect("a key");
    assert_eq!(server.use_key(admin).await, Outcome::Done);
    let then = state(&server).await["vendors"][0][1]["credentials"]
        .as_array()
        .map(Vec::len);
    assert_eq!(then, first.map(|first| first - 1));
}

async fn a_snapshot_comes_back_whole(place: &Place) {
    let server = Replica::start(&place.store);
    let (alive, dead) = (
        server.create("alive").await.expect("a key"),
        server.create("dead").await.expect("a key"),
    );
    assert_eq!(server.revoke(&dead.id).await, Outcome::Done);
    let saved = state(&server).await;
    let later = server.create("later").await.expect("a key");
    assert_eq!(server.revoke(&alive.id).await, Outcome::Done);
    assert_eq!(
        server
            .control(Method::PUT, "/snapshot", Some(&saved))
            .await
            .status(),
        204
    );
    assert_eq!(server.use_key(&alive.secret).await, Outcome::Done);
    assert_eq!(server.use_key(&dead.secret).await, Outcome::Refused);
    assert_eq!(server.use_key(&later.secret).await, Outcome::Refused);
    let again = server.create("again").await.expect("a key");
    assert!(again.id != alive.id && again.id != dead.id);
    // Whatever store it came from, another reads it.
    let memory = Replica::start("memory");
    assert_eq!(
        memory
            .control(Method::PUT, "/snapshot", Some(&saved))
            .await
            .status(),
        204
    );
    assert_eq!(memory.use_key(&alive.secret).await, Outcome::Done);
    assert_eq!(memory.use_key(&dead.secret).await, Outcome::Refused);
}

async fn seeds_are_kept(place: &Place) {
    let server = Replica::start(&place.store);
    let seeds = serde_json::json!({ "keys": [{ "vendor": "sinjapp", "grants": ["*"] }] });
    let made: Value = server
        .control(Method::POST, "/seed", Some(&seeds))
        .await
        .json()
        .await
        .expect("JSON");
    let key = made["keys"][0]["credential"]
        .as_str()
        .and_then(|key| key.strip_prefix("key:"));
    assert_eq!(server.use_key(key.expect("a key")).await, Outcome::Done);
}

async fn state(server: &Replica) -> Value {
    server
        .control(Method::GET, "/snapshot", None)
        .await
        .json()
        .await
        .expect("JSON")
}

#[tokio::test]
async fn a_file_outlasts_its_server() {
    outlast(&Place::file()).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: KEYWAY_TEST_POSTGRES"]
async fn a_database_outlasts_its_server() {
    outlast(&Place::database().await).await;
}

async fn outlast(place: &Place) {
    let server = Replica::start(&place.store);
    let (alive, dead) = (
        server.create("alive").await.expect("a key"),
        server.create("dead").await.expect("a key"),
    );
    assert_eq!(server.revoke(&dead.id).await, Outcome::Done);
    drop(server);
    let server = Replica::start(&place.store);
    assert_eq!(server.use_key(&alive.secret).await, Outcome::Done);
    assert_eq!(server.use_key(&dead.secret).await, Outcome::Refused);
    let next = server.create("next").await.expect("a key");
    assert!(next.id != alive.id && next.id != dead.id);
}

#[test]
fn what_is_wrong_with_a_store_is_said_in_one_line_without_the_password() {
    let folder = tempfile::tempdir().expect("a folder");
    let no_file = folder.path().join("no.db");
    std::fs::write(
        &no_file,
        "this is not a database, but it is long enough to be taken for one",
    )
    .expect("a file");
    let cases = [
        (
            "mysql://root:hunter2@localhost/x".to_owned(),
            "a store is memory, sqlite:FILE or postgres://",
        ),
        (
            "postgres://root:hunter2@localhost".to_owned(),
            "a PostgreSQL store is postgres://USER@HOST/DATABASE",
        ),
        (
            format!("sqlite:{}/none/keys.db", folder.path().display()),
            "there is no such folder",
        ),
        (
            format!("sqlite:{}", no_file.display()),
            "this file is not one of SQLite",
        ),
    ];
    for (store, cure) in cases {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_keyway-mock"))
            .args(["serve", "--listen", "127.0.0.1:0", "--store", &store])
            .output()
            .expect("the binary runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(cure) && said.trim().lines().count() == 1, "{said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
}
