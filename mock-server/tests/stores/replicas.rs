//! Servers that share one store: each acts at once on what another has answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::future::join_all;
use reqwest::Method;
use serde_json::Value;

use crate::history::{Act, History};
use crate::place::Place;
use crate::replica::{Outcome, Replica};

/// How many keys each client sees through its life.
const KEYS: u32 = 12;
const CLIENTS: u32 = 6;

fn three(place: &Place) -> Vec<Arc<Replica>> {
    // At once, so that they meet over who makes the ready-made principals.
    let starting: Vec<_> = (0..3)
        .map(|_| {
            let store = place.store.clone();
            std::thread::spawn(move || Arc::new(Replica::start(&store)))
        })
        .collect();
    let started = starting
        .into_iter()
        .map(|starting| starting.join().expect("it starts"));
    started.collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: KEYWAY_TEST_POSTGRES"]
async fn every_key_behaves_as_one_key() {
    let place = Place::database().await;
    let replicas = three(&place);
    let history = Arc::new(History::new());
    let clients =
        (0..CLIENTS).map(|client| tokio::spawn(live(replicas.clone(), Arc::clone(&history), client)));
    for client in join_all(clients).await {
        client.expect("no panic");
    }
    assert_eq!(history.violations(), []);
    let all = (CLIENTS * KEYS) as usize;
    assert_eq!(history.count(Act::Create, Outcome::Done), all);
    assert_eq!(history.keys(), all, "ids are unique, too");
    assert!(history.count(Act::Use, Outcome::Done) >= all);
    assert!(history.count(Act::Use, Outcome::Refused) >= all);
}

/// Makes keys on one replica, uses them on all at the same time as it revokes them on another.
async fn live(replicas: Vec<Arc<Replica>>, history: Arc<History>, client: u32) {
    for number in 0..KEYS {
        let of = |step: u32| &replicas[((client + number + step) % 3) as usize];
        let began = history.now();
        let key = of(0).create(&format!("{client}-{number}")).await.expect("a key");
        history.note(&key.id, Act::Create, began, Outcome::Done);
        let use_on = async |step: u32| {
            let began = history.now();
            let used = of(step).use_key(&key.secret).await;
            history.note(&key.id, Act::Use, began, used);
        };
        use_on(1).await;
        let revoke = async {
            let began = history.now();
            let revoked = of(2).revoke(&key.id).await;
            history.note(&key.id, Act::Revoke, began, revoked);
        };
        let uses = async {
            for step in 0..6 {
                use_on(step).await;
            }
        };
        tokio::join!(revoke, uses, use_on(0), use_on(1));
        use_on(0).await;
        use_on(1).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: KEYWAY_TEST_POSTGRES"]
async fn what_one_answers_the_next_request_to_another_finds() {
    let place = Place::database().await;
    let replicas = three(&place);
    let [a, b, c] = [&replicas[0], &replicas[1], &replicas[2]];
    for number in 0..20 {
        let key = a.create(&format!("key {number}")).await.expect("a key");
        assert_eq!(b.use_key(&key.secret).await, Outcome::Done);
        assert_eq!(b.revoke(&key.id).await, Outcome::Done);
        assert_eq!(c.use_key(&key.secret).await, Outcome::Refused);
        assert_eq!(a.use_key(&key.secret).await, Outcome::Refused);
    }
    // A reset, and a snapshot put back, count for all as well.
    let kept = a.create("kept").await.expect("a key");
    let snapshot: Value = b
        .control(Method::GET, "/snapshot", None)
        .await
        .json()
        .await
        .expect("JSON");
    assert_eq!(c.control(Method::POST, "/reset", None).await.status(), 204);
    for replica in &replicas {
        assert_eq!(replica.use_key(&kept.secret).await, Outcome::Refused);
    }
    assert_eq!(
        a.control(Method::PUT, "/snapshot", Some(&snapshot))
            .await
            .status(),
        204
    );
    for replica in &replicas {
        assert_eq!(replica.use_key(&kept.secret).await, Outcome::Done);
    }
    let next = b.create("next").await.expect("a key");
    assert_ne!(next.id, kept.id);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: KEYWAY_TEST_POSTGRES"]
async fn of_many_revocations_at_once_exactly_one_takes_effect() {
    let place = Place::database().await;
    let replicas = three(&place);
    let key = replicas[0].create("one").await.expect("a key");
    let ask = |replica: &Arc<Replica>| {
        let (replica, id) = (Arc::clone(replica), key.id.clone());
        tokio::spawn(async move { replica.revoke_status(&id).await })
    };
    let asked: Vec<_> = replicas.iter().cycle().take(9).map(ask).collect();
    let mut statuses = Vec::new();
    for asked in asked {
        statuses.push(asked.await.expect("no panic"));
    }
    let effective = statuses.iter().filter(|status| **status == 204).count();
    assert_eq!(effective, 1, "{statuses:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: KEYWAY_TEST_POSTGRES"]
async fn a_list_beside_a_reset_is_of_one_age_or_refused() {
    let place = Place::database().await;
    let (reads, resets) = (Replica::start(&place.store), Replica::start(&place.store));
    let is_done = AtomicBool::new(false);
    let read = async || {
        let mut shown = 0;
        while !is_done.load(Ordering::Relaxed) {
            let answer = reads
                .b3os(Method::GET, "/v1/api-keys", reads.admin_at("b3os"), None)
                .await;
            if answer.status() == 503 {
                continue;
            }
            assert_eq!(answer.status(), 200);
            let body: Value = answer.json().await.expect("JSON");
            // The ready-made keys are there in every age.
            let keys = body["data"]["items"].as_array().expect("keys");
            assert!(!keys.is_empty(), "no age is without keys: {body}");
            shown += 1;
        }
        shown
    };
    let reset = async {
        for _ in 0..20 {
            assert_eq!(resets.control(Method::POST, "/reset", None).await.status(), 204);
        }
        is_done.store(true, Ordering::Relaxed);
    };
    let ((), a, b, c) = tokio::join!(reset, read(), read(), read());
    assert!(a + b + c > 0, "nothing was shown");
}
