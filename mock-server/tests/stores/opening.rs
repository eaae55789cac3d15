//! What a server says of a store that it cannot use: one line, no password, and an exit code of its own.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use sqlx::Executor as _;

use crate::place::{Place, server_url};
use crate::replica::Replica;

/// A role that `.ci/with-postgres` has PostgreSQL ask for its password.
const GUARDED: &str = "keyway_guarded";

/// What is said of a store that cannot be used.
fn refused(store: &str) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_keyway-mock"))
        .args(["serve", "--listen", "127.0.0.1:0", "--store", store])
        .env_remove("PGPASSWORD")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut line = String::new();
    let output = child.stdout.as_mut().expect("its output is piped");
    BufReader::new(output).read_line(&mut line).expect("text");
    if !line.is_empty() {
        // It would go on for ever.
        child.kill().expect("it runs");
    }
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(line, "", "it starts");
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert_eq!(said.trim().lines().count(), 1, "{said}");
    said
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: KEYWAY_TEST_POSTGRES"]
async fn a_wrong_password_is_told_without_it() {
    let place = Place::database().await;
    let role = format!(
        "DO $$ BEGIN CREATE ROLE {GUARDED} LOGIN SUPERUSER PASSWORD 'the right one'; \
         EXCEPTION WHEN duplicate_object THEN NULL; END $$"
    );
    place
        .connect()
        .await
        .execute(role.as_str())
        .await
        .expect("a role");
    let with = |password: Option<&str>| {
        let mut url = url::Url::parse(&place.store).expect("a URL");
        url.set_username(GUARDED).expect("a user");
        url.set_password(password).expect("a password");
        url.to_string()
    };
    for wrong in [Some("correct-horse-battery"), None] {
        let said = refused(&with(wrong));
        assert!(said.contains("does not let this user in"), "{said}");
        assert!(!said.contains("correct-horse"), "{said}");
    }
    // So it is the password that was refused, and not the user.
    let server = Replica::start(&with(Some("the right one")));
    assert!(server.create("one").await.is_some());
}

#[tokio::test]
#[ignore = "needs PostgreSQL: KEYWAY_TEST_POSTGRES"]
async fn a_database_that_is_not_there_is_told() {
    let mut url = url::Url::parse(&server_url()).expect("a URL");
    url.set_path("nobody_made_this_database");
    assert!(refused(url.as_str()).contains("there is no such database"));
}

#[tokio::test]
async fn a_file_of_a_newer_server_is_left_alone() {
    newer(&Place::file()).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: KEYWAY_TEST_POSTGRES"]
async fn a_database_of_a_newer_server_is_left_alone() {
    newer(&Place::database().await).await;
}

async fn newer(place: &Place) {
    drop(Replica::start(&place.store));
    let step = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                SELECT 9999, 'what comes one day', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1";
    place.connect().await.execute(step).await.expect("a newer schema");
    let said = refused(&place.store);
    assert!(
        said.contains("its schema is newer than this keyway-mock"),
        "{said}"
    );
}
