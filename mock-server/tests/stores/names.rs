//! Names of keys: given once where an assumption says so, whoever asks at the same time, and kept whatever is in them.

use std::sync::Arc;

use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::place::Place;
use crate::replica::Replica;

/// How often a name is fought for, and by how many.
const ROUNDS: usize = 8;
const RIVALS: usize = 9;
const UNIQUE: [&str; 1] = ["sinjapp.duplicate-name=422"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_gives_a_name_once() {
    fight(vec![Replica::assuming("memory", &UNIQUE)]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_gives_a_name_once() {
    let place = Place::file();
    fight(vec![Replica::assuming(&place.store, &UNIQUE)]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: KEYWAY_TEST_POSTGRES"]
async fn of_servers_with_one_database_one_gives_a_name() {
    let place = Place::database().await;
    let servers = (0..3).map(|_| Replica::assuming(&place.store, &UNIQUE));
    fight(servers.collect()).await;
}

/// Many ask for one name at once, and exactly one gets it; when its key is revoked, the next.
async fn fight(servers: Vec<Replica>) {
    let servers: Vec<_> = servers.into_iter().map(Arc::new).collect();
    for round in 0..ROUNDS {
        // A name that a revoked key has is free, so every other one is fought for twice.
        let name = format!("name {}", round / 2);
        let rivals = servers.iter().cycle().take(RIVALS).map(|server| {
            let (server, name) = (Arc::clone(server), name.clone());
            tokio::spawn(async move {
                let answer = server.try_create(&name).await.expect("an answer");
                (
                    answer.status().as_u16(),
                    answer.json::<Value>().await.expect("JSON"),
                )
            })
        });
        let answers: Vec<_> = join_all(rivals)
            .await
            .into_iter()
            .map(|asked| asked.expect("no panic"))
            .collect();
        let given: Vec<_> = answers.iter().filter(|(status, _)| *status == 201).collect();
        let taken = answers.iter().filter(|(status, body)| {
            *status == 422 && body["errors"]["name"] == json!(["The name has already been taken."])
        });
        assert_eq!(
            (given.len(), taken.count()),
            (1, RIVALS - 1),
            "{:?}",
            statuses(&answers)
        );
        let id = given[0].1["data"]["id"].to_string();
        let revoker = &servers[round % servers.len()];
        assert_eq!(revoker.revoke_status(&id).await, 204);
    }
}

fn statuses(answers: &[(u16, Value)]) -> Vec<u16> {
    answers.iter().map(|(status, _)| *status).collect()
}

#[tokio::test]
async fn memory_keeps_any_name() {
    keep(&Place::memory()).await;
}

#[tokio::test]
async fn a_file_keeps_any_name() {
    keep(&Place::file()).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: KEYWAY_TEST_POSTGRES"]
async fn a_database_keeps_any_name() {
    keep(&Place::database().await).await;
}

async fn keep(place: &Place) {
    let server = Replica::assuming(&place.store, &["b3os.duplicate-key-name=400"]);
    let admin = server.admin_at("b3os");
    // Longer than an index takes, and not to be compressed.
    let long: String = (0..9_000_u32)
        .map(|at| char::from(b'!' + (at.wrapping_mul(2_654_435_761) >> 25) as u8 % 90))
        .collect();
    for name in [
        "a\0b",
        "\0",
        "\u{10FFFF}",
        "'; DROP TABLE credentials; --",
        "👩‍👩‍👧",
        long.as_str(),
    ] {
        let body = json!({ "name": name, "scope": "read", "description": name });
        let make = || server.b3os(Method::POST, "/v1/api-keys", admin, Some(&body));
        let made = make().await;
        assert_eq!(made.status(), 200, "{name:?}");
        let made: Value = made.json().await.expect("JSON");
        let id = made["data"]["id"].as_str().expect("an id");
        let shown = server
            .b3os(Method::GET, &format!("/v1/api-keys/{id}"), admin, None)
            .await;
        let shown: Value = shown.json().await.expect("JSON");
        assert_eq!(shown["data"]["name"], name);
        assert_eq!(shown["data"]["description"], name);
        assert_eq!(make().await.status(), 400, "{name:?} is taken");
    }
    for id in ["%00", "a%00b", "%F4%8F%BF%BF0"] {
        let path = format!("/v1/api-keys/{id}");
        for method in [Method::GET, Method::DELETE] {
            assert_eq!(
                server.b3os(method, &path, admin, None).await.status(),
                404,
                "{path}"
            );
        }
        let path = format!("/v1/service-accounts/{id}");
        assert_eq!(
            server.b3os(Method::GET, &path, admin, None).await.status(),
            404,
            "{path}"
        );
    }
}
