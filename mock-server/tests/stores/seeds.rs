//! Users and keys that are made on a running server: all of them or none, also if the database fails in between.

use reqwest::Method;
use serde_json::json;
use sqlx::{AnyConnection, Executor as _, Row as _};

use crate::place::Place;
use crate::replica::Replica;

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

/// How many credentials and documents there are.
async fn rows(past: &mut AnyConnection) -> (i64, i64) {
    let counts = "SELECT (SELECT COUNT(*) FROM credentials), (SELECT COUNT(*) FROM documents)";
    let row = past.fetch_one(counts).await.expect("a row");
    (row.get(0), row.get(1))
}
