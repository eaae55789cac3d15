//! What a server says of a store that it cannot use: one line, no password, and an exit code of its own.

use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use reqwest::Method;
use sqlx::{Connection as _, Executor as _, PgConnection};

use crate::place::{Place, server_url};
use crate::replica::{Outcome, Replica, first_line};

/// A role that `.ci/with-postgres` has PostgreSQL ask for its password.
const GUARDED: &str = "keyway_guarded";

/// After how long one that says nothing hangs: far longer than it waits for any store.
const HANGS: Duration = Duration::from_secs(40);

/// What is said of a store that cannot be used.
fn refused(store: &str) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_keyway-mock"))
        .args(["serve", "--listen", "127.0.0.1:0", "--store", store])
        .env_remove("PGPASSWORD")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let id = child.id().to_string();
    let (ended, watched) = channel::<()>();
    std::thread::spawn(move || {
        // One that hangs fails the test, and does not hold it up.
        if watched.recv_timeout(HANGS) == Err(RecvTimeoutError::Timeout) {
            let _ = Command::new("kill").args(["-9", &id]).status();
        }
    });
    let line = first_line(&mut child);
    if !line.is_empty() {
        // It would go on for ever.
        child.kill().expect("it runs");
    }
    let output = child.wait_with_output().expect("it ends");
    drop(ended);
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

#[test]
fn a_file_is_for_one_server_at_a_time() {
    let place = Place::file();
    let first = Replica::start(&place.store);
    assert!(refused(&place.store).contains("another server has it open"));
    // By another way to the same file, too.
    let folder = tempfile::tempdir().expect("a folder");
    let link = folder.path().join("link.db");
    let file = place.store.trim_start_matches("sqlite:");
    std::os::unix::fs::symlink(file, &link).expect("a link");
    let linked = format!("sqlite:{}", link.display());
    assert!(refused(&linked).contains("another server has it open"));
    first.stop();
    drop(Replica::start(&place.store));
}

#[test]
fn a_lock_that_is_no_file_is_refused_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let pipe = folder.path().join("keys.db-lock");
    let made = Command::new("mkfifo").arg(&pipe).status().expect("it runs");
    assert!(made.success());
    let said = refused(&format!("sqlite:{}", folder.path().join("keys.db").display()));
    assert!(said.contains("is no file"), "{said}");
}

#[tokio::test]
#[ignore = "needs PostgreSQL: KEYWAY_TEST_POSTGRES"]
async fn what_a_key_is_written_with_is_not_the_owners_to_say() {
    let place = Place::database().await;
    altered(
        &place,
        "ALTER DATABASE {} SET synchronous_commit = off; \
         ALTER DATABASE {} SET default_transaction_isolation = 'serializable'",
    )
    .await;
    let server = Replica::start(&place.store);
    let mut past = place.connect().await;
    let note = "CREATE TABLE noted (how TEXT); \
                CREATE FUNCTION note() RETURNS trigger AS $$ BEGIN INSERT INTO noted VALUES (concat_ws(' ', \
                current_setting('synchronous_commit'), current_setting('transaction_isolation'))); RETURN NEW; \
                END $$ LANGUAGE plpgsql; \
                CREATE TRIGGER note BEFORE INSERT ON credentials FOR EACH ROW EXECUTE FUNCTION note();";
    past.execute(note).await.expect("a trigger");
    server.create("one").await.expect("a key");
    let row = past.fetch_one("SELECT how FROM noted").await.expect("a row");
    assert_eq!(sqlx::Row::get::<String, _>(&row, 0), "on read committed");
}

#[test]
fn what_is_no_file_is_refused_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let pipe = folder.path().join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status().expect("it runs");
    assert!(made.success());
    for path in [pipe.as_path(), folder.path(), std::path::Path::new("/dev/null")] {
        let said = refused(&format!("sqlite:{}", path.display()));
        assert!(said.contains("something that is no file"), "{said}");
    }
}

#[tokio::test]
async fn a_file_that_is_damaged_is_told() {
    let place = Place::file();
    let server = Replica::start(&place.store);
    for number in 0..50 {
        assert!(server.create(&format!("key {number}")).await.is_some());
    }
    server.stop();
    let file = place.store.strip_prefix("sqlite:").expect("a file");
    let mut bytes = std::fs::read(file).expect("a file");
    bytes.truncate(bytes.len() / 2);
    bytes[100..2_000].fill(0x5a);
    std::fs::write(file, bytes).expect("a file");
    let said = refused(&place.store);
    assert!(said.contains("the file is damaged"), "{said}");
}

#[tokio::test]
async fn a_file_of_another_program_is_left_alone() {
    let place = Place::file();
    let file = place.store.strip_prefix("sqlite:").expect("a file");
    std::fs::write(file, "").expect("a file");
    let table = "CREATE TABLE credentials (user TEXT)";
    place.connect().await.execute(table).await.expect("a table");
    let said = refused(&place.store);
    assert!(said.contains("the file belongs to another program"), "{said}");
}

#[tokio::test]
async fn a_server_that_has_stopped_leaves_one_file() {
    let place = Place::file();
    let server = Replica::start(&place.store);
    let key = server.create("one").await.expect("a key");
    server.stop();
    let file = place.store.strip_prefix("sqlite:").expect("a file");
    let copy = format!("{file}.copy");
    std::fs::copy(file, &copy).expect("a copy");
    let server = Replica::start(&format!("sqlite:{copy}"));
    assert_eq!(server.use_key(&key.secret).await, Outcome::Done);
}

/// What is done to a database, on the server that has it.
async fn altered(place: &Place, how: &str) {
    let url = url::Url::parse(&place.store).expect("a URL");
    let statement = how.replace("{}", url.path().trim_start_matches('/'));
    let mut server = PgConnection::connect(&server_url()).await.expect("PostgreSQL");
    for statement in statement.split(';') {
        server.execute(statement).await.expect("it is done");
    }
}

#[tokio::test]
#[ignore = "needs PostgreSQL: KEYWAY_TEST_POSTGRES"]
async fn a_database_that_has_not_every_character_is_told() {
    let place = Place::database().await;
    let latin = "DROP DATABASE {};CREATE DATABASE {} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0";
    altered(&place, latin).await;
    let said = refused(&place.store);
    assert!(said.contains("its encoding is LATIN1"), "{said}");
}

#[tokio::test]
#[ignore = "needs PostgreSQL: KEYWAY_TEST_POSTGRES"]
async fn a_database_that_takes_no_writes_is_told() {
    let place = Place::database().await;
    altered(&place, "ALTER DATABASE {} SET default_transaction_read_only = on").await;
    let said = refused(&place.store);
    assert!(said.contains("it takes no writes"), "{said}");
}

#[tokio::test]
#[ignore = "needs PostgreSQL: KEYWAY_TEST_POSTGRES"]
async fn a_server_whose_state_is_gone_is_not_healthy() {
    let place = Place::database().await;
    let server = Replica::start(&place.store);
    let health = || server.control(Method::GET, "/health", None);
    assert_eq!(health().await.status(), 200);
    let mut connection = place.connect().await;
    for table in ["credentials", "documents", "shelves", "ages"] {
        let away = format!("ALTER TABLE {table} RENAME TO gone");
        connection.execute(&*away).await.expect("it is done");
        assert_eq!(health().await.status(), 503, "without {table}");
        let back = format!("ALTER TABLE gone RENAME TO {table}");
        connection.execute(&*back).await.expect("it is done");
        assert_eq!(health().await.status(), 200, "with {table}");
    }
    let emptied = "DROP SCHEMA public CASCADE; CREATE SCHEMA public";
    connection.execute(emptied).await.expect("it is done");
    assert!(server.create("one").await.is_none());
    assert_eq!(health().await.status(), 503);
}
