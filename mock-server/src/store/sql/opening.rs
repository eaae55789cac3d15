//! Opening a database: connections, the schema and its migrations.

use std::borrow::Cow;
#[cfg(feature = "sqlite")]
use std::io;
use std::sync::Arc;
use std::time::Duration;

use sqlx::Executor as _;
use sqlx::any::{AnyPoolOptions, install_default_drivers};
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};

use super::lease::ask;
use super::pool::Pool;
use super::uses::{Uses, write_regularly};
use super::{Database, Engine, Inner};
use crate::seals::Seals;
use crate::store::{StoreLocation, Unavailable};

/// How long is waited for the first connection of all.
const START: Duration = Duration::from_secs(10);
/// How many connections a server has to PostgreSQL at most.
#[cfg(feature = "postgres")]
const CONNECTIONS: usize = 16;
/// How many read a file at once.
#[cfg(feature = "sqlite")]
const READERS: usize = 4;

/// Why a store cannot be opened. The message names the cure and no password.
#[derive(Debug, thiserror::Error)]
#[error("the store {location}: {problem}")]
pub struct OpenError {
    location: String,
    problem: String,
}

impl Database {
    /// Opens a database and brings its schema up to date; `None` where the store is in memory.
    pub(crate) async fn open(
        location: &StoreLocation,
        seals: &Arc<Seals>,
    ) -> Result<Option<Self>, OpenError> {
        let broken = |problem| OpenError {
            location: location.to_string(),
            problem,
        };
        let (engine, reading, writing, tracing) = match location {
            StoreLocation::Memory => return Ok(None),
            #[cfg(feature = "sqlite")]
            StoreLocation::Sqlite(file) => {
                let url = ready(file).map_err(broken)?;
                migrate(Engine::Sqlite, &url, FILE).await.map_err(broken)?;
                let pool = |most| Pool::of(&url, FILE, most).map_err(|error| broken(unopened(&error)));
                let writing = pool(1)?;
                (Engine::Sqlite, pool(READERS)?, writing.clone(), writing)
            }
            #[cfg(feature = "postgres")]
            StoreLocation::Postgres(url) => {
                let url = url.as_str();
                migrate(Engine::Postgres, url, MIGRATING).await.map_err(broken)?;
                let pool =
                    |setup| Pool::of(url, setup, CONNECTIONS).map_err(|error| broken(unopened(&error)));
                let lasting = pool(LASTING)?;
                (Engine::Postgres, lasting.clone(), lasting, pool(TRACING)?)
            }
        };
        let inner = Arc::new(Inner {
            engine,
            location: location.clone(),
            reading,
            writing,
            tracing,
            uses: Arc::default(),
            seals: Arc::clone(seals),
        });
        let uses: Arc<Uses> = Arc::clone(&inner.uses);
        tokio::spawn(write_regularly(uses, Arc::downgrade(&inner)));
        Ok(Some(Self(inner)))
    }

    /// Whether it answers.
    pub(crate) async fn ping(&self) -> Result<(), Unavailable> {
        ask!(self, connection => connection.execute("SELECT 1").await);
        Ok(())
    }
}

/// The URL of a file that is there and may be written.
#[cfg(feature = "sqlite")]
fn ready(file: &std::path::Path) -> Result<String, String> {
    create(file).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => "there is no such folder; make it first".to_owned(),
        io::ErrorKind::PermissionDenied => {
            "the file may not be written; look at its owner and mode".to_owned()
        }
        _ => format!("the file cannot be written: {error}"),
    })?;
    check(file)?;
    let path = std::path::absolute(file).map_err(|error| error.to_string())?;
    let url = url::Url::from_file_path(&path).map_err(|()| "this is no path of a file".to_owned())?;
    Ok(format!("sqlite://{}?mode=rwc", url.path()))
}

/// Makes the file, if it is not there, for its owner alone: who reads it learns who has which keys.
#[cfg(feature = "sqlite")]
fn create(file: &std::path::Path) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(drop)
}

/// Looks whether a file that is there is one of SQLite: its own word would only come after many tries.
#[cfg(feature = "sqlite")]
fn check(file: &std::path::Path) -> Result<(), String> {
    use std::io::Read as _;
    let mut begins = Vec::new();
    let read = std::fs::File::open(file).and_then(|file| file.take(16).read_to_end(&mut begins));
    match read {
        Ok(_) if begins.is_empty() || begins == *b"SQLite format 3\0" => Ok(()),
        Ok(_) => Err("this file is not one of SQLite".to_owned()),
        Err(error) => Err(format!("the file cannot be read: {error}")),
    }
}

/// What is said on every new connection to a file.
#[cfg(feature = "sqlite")]
const FILE: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON;";
/// To PostgreSQL, for what is to last. A statement is planned when it is first made, perhaps on an empty table, which is
/// read through the quickest; that plan is kept when there are a million rows. So nothing is planned to be read through.
#[cfg(feature = "postgres")]
const LASTING: &str = "SET statement_timeout = '5s'; SET lock_timeout = '4s'; \
                       SET idle_in_transaction_session_timeout = '10s'; SET client_min_messages = warning; \
                       SET enable_seqscan = off;";
/// For what may be forgotten.
#[cfg(feature = "postgres")]
const TRACING: &str = "SET statement_timeout = '5s'; SET lock_timeout = '4s'; \
                       SET idle_in_transaction_session_timeout = '10s'; SET client_min_messages = warning; \
                       SET enable_seqscan = off; SET synchronous_commit = off;";
/// For what may take its time.
#[cfg(feature = "postgres")]
const MIGRATING: &str = "SET lock_timeout = '60s'; SET client_min_messages = warning;";

/// Brings the schema up to date, as soon as the database is there: whoever starts both at once need not wait for it.
async fn migrate(engine: Engine, url: &str, setup: &'static str) -> Result<(), String> {
    install_default_drivers();
    let pool = AnyPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(START)
        .after_connect(move |connection, _| {
            Box::pin(async move { connection.execute(setup).await.map(drop) })
        })
        .connect(url)
        .await;
    let pool = pool.map_err(|error| unopened(&error))?;
    let migrated = migrator(engine).run(&pool).await;
    pool.close().await;
    migrated.map_err(|error| unmigrated(&error))
}

/// Why a database could not be had, with the cure where it is known.
fn unopened(error: &sqlx::Error) -> String {
    let code = match error {
        sqlx::Error::Database(error) => error.code().unwrap_or_default().into_owned(),
        sqlx::Error::PoolTimedOut => {
            let seconds = START.as_secs();
            return format!(
                "nobody answered within {seconds} s; is the database up, and are host and port right?"
            );
        }
        sqlx::Error::Io(error) => return format!("it cannot be reached: {error}"),
        sqlx::Error::Configuration(_) => return "this URL is not one of a database".to_owned(),
        _ => String::new(),
    };
    let cure = match code.as_str() {
        "28P01" | "28000" => {
            "the database does not let this user in; give the password in the URL or in the variable PGPASSWORD"
        }
        "3D000" => "there is no such database; create it first, as with `createdb`",
        "42501" => "this user may not create tables there",
        "" => "it cannot be opened",
        code => return format!("the database refuses with code {code}"),
    };
    cure.to_owned()
}

fn unmigrated(error: &MigrateError) -> String {
    match error {
        MigrateError::VersionMissing(_) => {
            "its schema is newer than this keyway-mock; take a newer one, or another store".to_owned()
        }
        MigrateError::VersionMismatch(_) | MigrateError::Dirty(_) => {
            "its schema was changed by somebody else; take another store".to_owned()
        }
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => unopened(error),
        _ => "its schema cannot be brought up to date".to_owned(),
    }
}

/// The steps from nothing to today's schema. What has been handed out is never changed, only added to.
fn migrator(engine: Engine) -> Migrator {
    let ordinals = match engine {
        #[cfg(feature = "sqlite")]
        Engine::Sqlite => include_str!("ordinals.sqlite.sql"),
        #[cfg(feature = "postgres")]
        Engine::Postgres => include_str!("ordinals.postgres.sql"),
    };
    let steps = [
        (1, "state", include_str!("schema.sql")),
        (2, "ordinals", ordinals),
        (3, "claims", include_str!("claims.sql")),
        (4, "indices", include_str!("indices.sql")),
    ];
    let migrations = steps.map(|(version, name, sql)| {
        Migration::new(
            version,
            Cow::Borrowed(name),
            MigrationType::Simple,
            Cow::Borrowed(sql),
            false,
        )
    });
    Migrator {
        migrations: Cow::Owned(migrations.to_vec()),
        ..Migrator::DEFAULT
    }
}
