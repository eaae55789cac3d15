//! Opening a database: connections, the schema and its migrations.

use std::borrow::Cow;
#[cfg(feature = "sqlite")]
use std::io;
use std::sync::Arc;
use std::time::Duration;

use sqlx::any::{AnyPoolOptions, install_default_drivers};
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{AnyPool, Executor as _};

use super::lease::lend;
use super::{Database, Engine, Inner};
use crate::seals::Seals;
use crate::store::{StoreLocation, Unavailable};

/// How long a request waits for a connection.
const TURN: Duration = Duration::from_secs(2);
/// How long is waited for the first connection of all.
const START: Duration = Duration::from_secs(10);
/// How many connections a server has to PostgreSQL at most.
#[cfg(feature = "postgres")]
const CONNECTIONS: u32 = 16;
/// How many read a file at once.
#[cfg(feature = "sqlite")]
const READERS: u32 = 4;

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
                let (reading, writing) = file_pools(file).await.map_err(broken)?;
                (Engine::Sqlite, reading, writing.clone(), writing)
            }
            #[cfg(feature = "postgres")]
            StoreLocation::Postgres(url) => {
                let (pool, tracing) = shared_pools(url.as_str()).await.map_err(broken)?;
                (Engine::Postgres, pool.clone(), pool, tracing)
            }
        };
        let migrated = migrator(engine).run(&writing).await;
        migrated.map_err(|error| broken(unmigrated(&error)))?;
        Ok(Some(Self(Arc::new(Inner {
            engine,
            location: location.clone(),
            reading,
            writing,
            tracing,
            seals: Arc::clone(seals),
        }))))
    }

    /// Whether it answers.
    pub(crate) async fn ping(&self) -> Result<(), Unavailable> {
        lend!(self.reading(), connection => connection.execute("SELECT 1").await);
        Ok(())
    }
}

/// One connection that writes and some that read.
#[cfg(feature = "sqlite")]
async fn file_pools(file: &std::path::Path) -> Result<(AnyPool, AnyPool), String> {
    create(file).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => "there is no such folder; make it first".to_owned(),
        io::ErrorKind::PermissionDenied => {
            "the file may not be written; look at its owner and mode".to_owned()
        }
        _ => format!("the file cannot be written: {error}"),
    })?;
    check(file)?;
    install_default_drivers();
    let path = std::path::absolute(file).map_err(|error| error.to_string())?;
    let url = url::Url::from_file_path(&path).map_err(|()| "this is no path of a file".to_owned())?;
    let url = format!("sqlite://{}?mode=rwc", url.path());
    let setup = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON;";
    let pool = |connections| {
        AnyPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(TURN)
            .after_connect(move |connection, _| {
                Box::pin(async move { connection.execute(setup).await.map(drop) })
            })
    };
    let writing = pool(1).connect(&url).await.map_err(|error| unopened(&error))?;
    let reading = pool(READERS).connect_lazy(&url);
    Ok((reading.map_err(|error| unopened(&error))?, writing))
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

/// One pool for what is to last, and one for what may be forgotten.
#[cfg(feature = "postgres")]
async fn shared_pools(url: &str) -> Result<(AnyPool, AnyPool), String> {
    install_default_drivers();
    let options = |setup: &'static str| {
        AnyPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(TURN)
            .after_connect(move |connection, _| {
                Box::pin(async move { connection.execute(setup).await.map(drop) })
            })
    };
    // Whoever starts both at once need not wait for the database first.
    let first = options(LIMITS).acquire_timeout(START).connect(url).await;
    first.map_err(|error| unopened(&error))?.close().await;
    let pool = options(LIMITS)
        .connect_lazy(url)
        .map_err(|error| unopened(&error))?;
    let tracing = options(TRACING).connect_lazy(url);
    Ok((pool, tracing.map_err(|error| unopened(&error))?))
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

#[cfg(feature = "postgres")]
const LIMITS: &str = "SET statement_timeout = '5s'; SET lock_timeout = '4s'; \
                      SET idle_in_transaction_session_timeout = '10s'; SET client_min_messages = warning;";
#[cfg(feature = "postgres")]
const TRACING: &str = "SET statement_timeout = '5s'; SET lock_timeout = '4s'; \
                       SET idle_in_transaction_session_timeout = '10s'; SET client_min_messages = warning; \
                       SET synchronous_commit = off;";

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
