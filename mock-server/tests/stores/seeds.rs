//! Users and keys that are asked for: on a running server all of them or none, also if the database fails in between;
//! at the start of the first server, and from then on by whichever server puts things back to the beginning.

use std::io::Write as _;

use futures::future::join_all;
use reqwest::Method;
use serde_json::json;
use sqlx::{AnyConnection, Executor as _, Row as _};

use crate::place::Place;
use crate::replica::{Outcome, Replica};

/// A key that the database takes exception to, behind users and keys of several vendors.
const POISON: &str = "the database does not like this one";

#[tokio::test]
async fn a_file_takes_all_or_none() {
    let refuse = format!(
        "CREATE TRIGGER refuse BEFORE INSERT ON credentials WHEN NEW.name = '{POISON}' \
         BEGIN SELECT RAISE(ABORT, 'no'); END"
    );
    all_or_none(&Place::file(), &refuse).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: KEYWAY_TEST_POSTGRES"]
async fn a_database_takes_all_or_none() {
    let refuse = format!(
        "CREATE FUNCTION refuse() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'no'; END $$ LANGUAGE plpgsql; \
         CREATE TRIGGER refuse BEFORE INSERT ON credentials FOR EACH ROW WHEN (NEW.name = '{POISON}') \
         EXECUTE FUNCTION refuse();"
    );
    all_or_none(&Place::database().await, &refuse).await;
}

async fn all_or_none(place: &Place, refuse: &str) {
    let server = Replica::start(&place.store);
    let mut past = place.connect().await;
    past.execute(refuse).await.expect("a trigger");
    let before = rows(&mut past).await;
    let seeds = |name: &str| {
        json!({
            "principals": [
                { "vendor": "reten", "username": "ada" },
                { "vendor": "dolfin", "email": "bob@example.com" },
            ],
            "keys": [{ "vendor": "sinjapp" }, { "vendor": "b3os", "name": name, "grants": ["read"] }],
        })
    };
    let refused = server.control(Method::POST, "/seed", Some(&seeds(POISON))).await;
    let status = refused.status();
    assert_eq!(status, 503, "{}", refused.text().await.expect("text"));
    assert_eq!(rows(&mut past).await, before);
    let made = server
        .control(Method::POST, "/seed", Some(&seeds("harmless")))
        .await;
    assert!(made.status().is_success(), "{}", made.status());
    let (credentials, documents) = rows(&mut past).await;
    assert_eq!((credentials - before.0, documents - before.1), (4, 2));
}

#[tokio::test]
async fn a_file_keeps_what_it_began_with() {
    let place = Place::file();
    let first = seeded(&place);
    let key = shown(&first);
    first.stop();
    goes_back_to(&key, &seeded(&place)).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: KEYWAY_TEST_POSTGRES"]
async fn every_server_goes_back_to_the_same_beginning() {
    let place = Place::database().await;
    let first = seeded(&place);
    let key = shown(&first);
    let unseeded = Replica::start(&place.store);
    for other in [&seeded(&place), &unseeded, &first] {
        goes_back_to(&key, other).await;
        assert_eq!(first.use_key(&key).await, Outcome::Done);
    }
}

/// A server that is asked for a key in the beginning.
fn seeded(place: &Place) -> Replica {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    let seeds = json!({ "keys": [{ "vendor": "sinjapp", "name": "from the beginning", "grants": ["*"] }] });
    file.write_all(seeds.to_string().as_bytes()).expect("room");
    Replica::with(&place.store, &["--seed", file.path().to_str().expect("text")])
}

/// The key that a server has made in the beginning.
fn shown(server: &Replica) -> String {
    let credential = server.access["seeded"]["keys"][0]["credential"].as_str();
    let (_, key) = credential.and_then(|shown| shown.split_once(':')).expect("a key");
    key.to_owned()
}

/// Whichever server puts things back has this key after a reset, and in every world.
async fn goes_back_to(key: &str, server: &Replica) {
    let made = server.create("later").await.expect("a key");
    let reset = server.control(Method::POST, "/reset", None).await;
    assert_eq!(reset.status(), 204);
    assert_eq!(server.use_key(&made.secret).await, Outcome::Refused);
    assert_eq!(server.use_key(key).await, Outcome::Done);
    let world = server.control(Method::POST, "/worlds", None).await;
    let world: serde_json::Value = world.json().await.expect("JSON");
    let base = world["vendors"]["sinjapp"]["base_url"].as_str().expect("a URL");
    let asked = reqwest::Client::new().get(format!("{base}/api/v1/usage"));
    let answer = asked.header("x-api-key", key).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
}

/// How many credentials and documents there are.
async fn rows(past: &mut AnyConnection) -> (i64, i64) {
    let counts = "SELECT (SELECT COUNT(*) FROM credentials), (SELECT COUNT(*) FROM documents)";
    let row = past.fetch_one(counts).await.expect("a row");
    (row.get(0), row.get(1))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: KEYWAY_TEST_POSTGRES"]
async fn of_servers_that_give_one_name_at_once_one_does() {
    let place = Place::database().await;
    let servers = [Replica::start(&place.store), Replica::start(&place.store)];
    for round in 0..20 {
        let name = format!("ada-{round}@example.com");
        // The vendors in both orders, so that neither server has what the other waits for.
        let reten = json!({ "vendor": "reten", "username": name });
        let dolfin = json!({ "vendor": "dolfin", "email": name });
        let seeds = [
            json!({ "principals": [reten, dolfin] }),
            json!({ "principals": [dolfin, reten] }),
        ];
        let ask =
            |number: usize| servers[number % 2].control(Method::POST, "/seed", Some(&seeds[number % 2]));
        let answers = join_all((0..4).map(ask)).await;
        let mut statuses: Vec<_> = answers.iter().map(|answer| answer.status().as_u16()).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 400, 400, 400], "round {round}");
        for answer in answers.into_iter().filter(|answer| answer.status() == 400) {
            let said = answer.text().await.expect("text");
            assert!(said.contains("already"), "{said}");
        }
    }
}

#[tokio::test]
async fn a_file_that_somebody_else_writes_is_waited_for() {
    let place = Place::file();
    let server = Replica::start(&place.store);
    let mut past = place.connect().await;
    past.execute("BEGIN IMMEDIATE").await.expect("a turn");
    let seeds = json!({ "principals": [{ "vendor": "reten", "username": "ada" }] });
    let seed = server.control(Method::POST, "/seed", Some(&seeds));
    let release = async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        past.execute("COMMIT").await.expect("an end");
    };
    let (made, ()) = tokio::join!(seed, release);
    assert_eq!(made.status(), 201);
}
