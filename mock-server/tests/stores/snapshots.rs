//! Snapshots that the mock did not write as they are: put back whole, or refused, by every store alike.

use std::sync::atomic::{AtomicBool, Ordering};

use reqwest::Method;
use serde_json::{Value, json};

use crate::behaviour::for_every_store;
use crate::place::Place;
use crate::replica::{Outcome, Replica};

for_every_store!(
    a_snapshot_that_says_a_thing_twice_is_refused,
    a_snapshot_with_any_text_comes_back,
    a_large_snapshot_comes_back,
    a_snapshot_beside_creates_is_of_one_moment,
    a_number_that_a_key_has_is_not_given_again,
);

async fn snapshot(server: &Replica) -> Value {
    let answer = server.control(Method::GET, "/snapshot", None).await;
    assert_eq!(answer.status(), 200);
    answer.json().await.expect("JSON")
}

async fn restored(server: &Replica, snapshot: &Value) -> u16 {
    let answer = server.control(Method::PUT, "/snapshot", Some(snapshot)).await;
    answer.status().as_u16()
}

/// The credentials of Sinjapp, the first vendor.
fn credentials(snapshot: &mut Value) -> &mut Vec<Value> {
    let credentials = snapshot["vendors"][0][1]["credentials"].as_array_mut();
    credentials.expect("credentials")
}

/// A credential like another one.
fn like(credential: &Value, id: &str, number: usize) -> Value {
    let mut other = credential.clone();
    other["id"] = json!(id);
    other["sha256"] = json!(format!("{number:064x}"));
    other
}

async fn a_snapshot_that_says_a_thing_twice_is_refused(place: &Place) {
    let server = Replica::start(&place.store);
    let key = server.create("one").await.expect("a key");
    let saved = snapshot(&server).await;
    let last = credentials(&mut saved.clone()).last().expect("a key").clone();
    let id = last["id"].as_str().expect("an id");
    let mut same_digest = last.clone();
    same_digest["id"] = json!("another");
    let long = "x".repeat(3_000);
    for (what, broken) in [
        ("a credential", last.clone()),
        ("an id", like(&last, id, 1)),
        ("a digest", same_digest),
        ("no id", like(&last, "", 2)),
        ("a long id", like(&last, &long, 3)),
    ] {
        let mut twice = saved.clone();
        credentials(&mut twice).push(broken);
        assert_eq!(restored(&server, &twice).await, 400, "{what}");
    }
    for (last, id) in [(1, "another"), (0, "one")] {
        let mut shelf = saved.clone();
        shelf["vendors"][0][1]["documents"]["things"] = json!({ "somebody": { "last_sequence": last, "documents": {
            "one": { "sequence": 1, "id": id, "body": {} },
        } } });
        assert_eq!(restored(&server, &shelf).await, 400, "{id} after {last}");
    }
    // Nothing has changed.
    assert_eq!(server.use_key(&key.secret).await, Outcome::Done);
    assert_eq!(restored(&server, &saved).await, 204);
}

async fn a_snapshot_with_any_text_comes_back(place: &Place) {
    const ANY: &str = "a\0b\u{10FFFF}0";
    let server = Replica::start(&place.store);
    let mut saved = snapshot(&server).await;
    let mut odd = like(&credentials(&mut saved)[0], ANY, 1);
    for member in ["tenant", "owner", "name", "prefix"] {
        odd[member] = json!(ANY);
    }
    odd["grants"] = json!([ANY]);
    odd["details"] = json!({ ANY: ANY });
    credentials(&mut saved).push(odd.clone());
    let shelf = json!({ ANY: { "last_sequence": 1, "documents": {
        ANY: { "sequence": 1, "id": ANY, "body": { ANY: ANY } },
    } } });
    saved["vendors"][0][1]["documents"][ANY] = shelf.clone();
    assert_eq!(restored(&server, &saved).await, 204);
    let mut then = snapshot(&server).await;
    assert!(credentials(&mut then).contains(&odd));
    assert_eq!(then["vendors"][0][1]["documents"][ANY], shelf);
}

async fn a_large_snapshot_comes_back(place: &Place) {
    let server = Replica::start(&place.store);
    let key = server.create("one").await.expect("a key");
    let mut saved = snapshot(&server).await;
    let before = credentials(&mut saved).len();
    let last = credentials(&mut saved).last().expect("a key").clone();
    // More than go with one statement, and not a round number of them.
    let more = (0..1_234).map(|number| like(&last, &format!("more {number}"), number));
    credentials(&mut saved).extend(more);
    let documents = (1..=1_234).map(|number| {
        let document = json!({ "sequence": number, "id": number.to_string(), "body": { "number": number } });
        (number.to_string(), document)
    });
    let documents: serde_json::Map<_, _> = documents.collect();
    let shelf = json!({ "somebody": { "last_sequence": 1_234, "documents": documents } });
    saved["vendors"][0][1]["documents"]["things"] = shelf.clone();
    assert_eq!(restored(&server, &saved).await, 204);
    let mut then = snapshot(&server).await;
    assert_eq!(credentials(&mut then).len(), before + 1_234);
    for credential in credentials(&mut saved) {
        assert!(credentials(&mut then).contains(credential));
    }
    assert_eq!(then["vendors"][0][1]["documents"]["things"], shelf);
    assert_eq!(server.use_key(&key.secret).await, Outcome::Done);
    let next = server.create("next").await.expect("a key");
    assert!(next.id.parse::<u64>().expect("a number") > key.id.parse().expect("a number"));
}

/// The last number that was given to a key of Sinjapp, and the highest that one has.
fn last_and_highest(saved: &mut Value) -> (u64, u64) {
    let kinds = saved["vendors"][0][1]["last_numbers"]
        .as_array()
        .expect("numbers");
    let of_keys = kinds.iter().find(|number| number[0] == "ApiKey").expect("keys");
    let last = of_keys[1].as_u64().expect("a number");
    let ids = credentials(saved)
        .iter()
        .map(|key| key["id"].as_str().expect("an id"));
    let highest = ids.map(|id| id.parse().expect("a number")).max();
    (last, highest.expect("a key"))
}

async fn a_snapshot_beside_creates_is_of_one_moment(place: &Place) {
    let server = Replica::start(&place.store);
    let is_done = AtomicBool::new(false);
    let create = async || {
        while !is_done.load(Ordering::Relaxed) {
            server.create("beside").await.expect("a key");
        }
    };
    let save = async {
        for _ in 0..20 {
            let (last, highest) = last_and_highest(&mut snapshot(&server).await);
            assert!(highest <= last, "{highest} is given, and the last is {last}");
        }
        is_done.store(true, Ordering::Relaxed);
    };
    tokio::join!(save, create(), create(), create(), create());
}

async fn a_number_that_a_key_has_is_not_given_again(place: &Place) {
    let server = Replica::start(&place.store);
    for _ in 0..5 {
        server.create("before").await.expect("a key");
    }
    let mut saved = snapshot(&server).await;
    let (_, highest) = last_and_highest(&mut saved);
    saved["vendors"][0][1]["last_numbers"] = json!([]);
    // Alone: other vendors would use numbers up.
    saved["vendors"].as_array_mut().expect("vendors").truncate(1);
    assert_eq!(restored(&server, &saved).await, 204);
    let next = server.create("next").await.expect("a key");
    assert_eq!(next.id, (highest + 1).to_string());
}
