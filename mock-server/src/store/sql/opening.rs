//! Opening a database: connections, the schema and its migrations.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use sqlx::Connection as _;
use sqlx::any::install_default_drivers;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use tokio::time::timeout;

#[cfg(feature = "sqlite")]
use super::claim::Claim;
#[cfg(feature = "sqlite")]
use super::lease::lend;
use super::lease::{ask, only};
use super::pool::{Breaks, Pool, connected};
use super::uses::{Uses, write_regularly};
use super::{Database, Engine, Inner};
use crate::seals::Seals;
#[cfg(feature = "sqlite")]
use crate::store::Worth;
use crate::store::{StoreLocation, Unavailable};

/// How long is waited for the first connection of all.
const START: Duration = Duration::from_secs(10);
/// How many connections a server has to PostgreSQL at most: to read, so that nobody waits behind those who write; to
/// read much; to write for good; and to write what may be forgotten.
#[cfg(feature = "postgres")]
const CONNECTIONS: [usize; 4] = [10, 4, 12, 6];
/// How many read a file at once, and how many read much of it.
#[cfg(feature = "sqlite")]
const READERS: [usize; 2] = [4, 4];

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
        let breaks = Breaks::default();
        #[cfg(feature = "sqlite")]
        let claim;
        let (engine, reading, listing, writing, tracing) = match location {
            StoreLocation::Memory => return Ok(None),
            #[cfg(feature = "sqlite")]
            StoreLocation::Sqlite(file) => {
                claim = Some(Claim::to(file).await.map_err(broken)?);
                let url = url_of(file).map_err(broken)?;
                migrate(Engine::Sqlite, &url, FILE).await.map_err(broken)?;
                let told = |error| broken(unopened(Engine::Sqlite, &error));
                let pool = |most| Pool::of(&url, FILE, most, &breaks).map_err(told);
                let writing = pool(1)?;
                let [reading, listing] = READERS;
                (
                    Engine::Sqlite,
                    pool(reading)?,
                    pool(listing)?,
                    writing.clone(),
                    writing,
                )
            }
            #[cfg(feature = "postgres")]
            StoreLocation::Postgres(url) => {
                #[cfg(feature = "sqlite")]
                {
                    claim = None;
                }
                let url = url.as_str();
                migrate(Engine::Postgres, url, MIGRATING).await.map_err(broken)?;
                let told = |error| broken(unopened(Engine::Postgres, &error));
                let pool = |setup, most| Pool::of(url, setup, most, &breaks).map_err(told);
                let [reading, listing, writing, tracing] = CONNECTIONS;
                (
                    Engine::Postgres,
                    pool(LASTING, reading)?,
                    pool(LASTING, listing)?,
                    pool(LASTING, writing)?,
                    pool(TRACING, tracing)?,
                )
            }
        };
        let inner = Arc::new(Inner {
            engine,
            location: location.clone(),
            reading,
            listing,
            writing,
            tracing,
            uses: Arc::default(),
            seals: Arc::clone(seals),
            #[cfg(feature = "sqlite")]
            _claim: claim,
        });
        let uses: Arc<Uses> = Arc::clone(&inner.uses);
        tokio::spawn(write_regularly(uses, Arc::downgrade(&inner)));
        Ok(Some(Self(inner)))
    }

    /// Whether it answers what calls ask of it: the state has to be there, too, in all of its tables.
    pub(crate) async fn ping(&self) -> Result<(), Unavailable> {
        let statement = "SELECT ages.age FROM vendors JOIN ages ON ages.age = vendors.age \
                         LEFT JOIN credentials ON credentials.age = ages.age AND credentials.sha256 = '' \
                         LEFT JOIN shelves ON shelves.age = ages.age AND shelves.collection = '' \
                         LEFT JOIN documents ON documents.age = ages.age AND documents.collection = ''";
        ask!(self.reading(), connection => only(sqlx::query(statement), connection).await.map(drop));
        Ok(())
    }

    /// Writes down what was only noted, and sees to it that a file alone is the state.
    pub(crate) async fn conclude(&self) -> Result<(), Unavailable> {
        self.write_uses().await?;
        #[cfg(feature = "sqlite")]
        if self.0.engine == Engine::Sqlite {
            lend!(self.writing(Worth::Record), connection => {
                sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_all(connection).await
            });
        }
        Ok(())
    }
}

/// The URL of a file that is one of SQLite, or empty.
#[cfg(feature = "sqlite")]
fn url_of(file: &std::path::Path) -> Result<String, String> {
    check(file)?;
    let path = std::path::absolute(file).map_err(|error| error.to_string())?;
    let url = url::Url::from_file_path(&path).map_err(|()| "this is no path of a file".to_owned())?;
    Ok(format!("sqlite://{}?mode=rwc", url.path()))
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
/// To PostgreSQL, whatever the settings of the database and the user are. A statement is planned when it is first made,
/// perhaps on an empty table, which is read through the quickest; that plan is kept when there are a million rows. So
/// nothing is planned to be read through. And each statement sees what was kept before it, also in a transaction: one
/// that has waited for another goes on from there.
#[cfg(feature = "postgres")]
macro_rules! said_to_postgres {
    ($more:literal) => {
        concat!(
            "SET statement_timeout = '5s'; SET lock_timeout = '4s'; ",
            "SET idle_in_transaction_session_timeout = '10s'; SET client_min_messages = warning; ",
            "SET enable_seqscan = off; SET default_transaction_isolation = 'read committed'; ",
            $more
        )
    };
}
/// For what is to last: an answer waits for the disk, and for whatever else the settings have it wait.
#[cfg(feature = "postgres")]
const LASTING: &str = said_to_postgres!(
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';"
);
/// For what may be forgotten.
#[cfg(feature = "postgres")]
const TRACING: &str = said_to_postgres!("SET synchronous_commit = off;");
/// For what may take its time.
#[cfg(feature = "postgres")]
const MIGRATING: &str = "SET lock_timeout = '60s'; SET client_min_messages = warning;";

/// Brings the schema up to date, as soon as the database is there: whoever starts both at once need not wait for it.
async fn migrate(engine: Engine, url: &str, setup: &'static str) -> Result<(), String> {
    install_default_drivers();
    let mut connection = match timeout(START, connected(url, setup)).await {
        Ok(connection) => connection.map_err(|error| unopened(engine, &error))?,
        Err(_) => return Err(silent(engine)),
    };
    #[cfg(feature = "postgres")]
    if engine == Engine::Postgres {
        takes_any_text(&mut connection).await?;
    }
    // `run` would want a connection for any lifetime, and then no server could be started by a task.
    let migrated = migrator(engine).run_direct(&mut connection).await;
    let _ = connection.close().await;
    migrated.map_err(|error| unmigrated(engine, &error))
}

/// Refuses a database that has not a place for every character.
#[cfg(feature = "postgres")]
async fn takes_any_text(connection: &mut sqlx::AnyConnection) -> Result<(), String> {
    let query = sqlx::query("SELECT current_setting('server_encoding')");
    let row = only(query, connection).await;
    let encoding = row.and_then(|row| sqlx::Row::try_get::<String, _>(&row, 0));
    match encoding
        .map_err(|error| unopened(Engine::Postgres, &error))?
        .as_str()
    {
        "UTF8" => Ok(()),
        other => Err(format!(
            "its encoding is {other}, and not every name can be written in that; \
             create one with `createdb --encoding UTF8 --template template0`"
        )),
    }
}

/// Nobody has answered in time.
fn silent(engine: Engine) -> String {
    let seconds = START.as_secs();
    match engine {
        #[cfg(feature = "sqlite")]
        Engine::Sqlite => {
            format!("the file could not be opened within {seconds} s; does another program hold it?")
        }
        #[cfg(feature = "postgres")]
        Engine::Postgres => {
            format!("nobody answered within {seconds} s; is the database up, and are host and port right?")
        }
    }
}

/// Why a database could not be had, with the cure where it is known.
fn unopened(engine: Engine, error: &sqlx::Error) -> String {
    let code = match error {
        sqlx::Error::Database(error) => error.code().unwrap_or_default().into_owned(),
        sqlx::Error::Io(error) => return format!("it cannot be reached: {error}"),
        sqlx::Error::Configuration(_) => return "this URL is not one of a database".to_owned(),
        _ => return "it cannot be opened".to_owned(),
    };
    let cure = match engine {
        #[cfg(feature = "sqlite")]
        Engine::Sqlite => cure_of_file(&code),
        #[cfg(feature = "postgres")]
        Engine::Postgres => cure_of_server(&code),
    };
    cure.map_or_else(|| format!("the database refuses with code {code}"), str::to_owned)
}

/// By the result codes of SQLite, <https://www.sqlite.org/rescode.html>.
#[cfg(feature = "sqlite")]
fn cure_of_file(code: &str) -> Option<&'static str> {
    // What is above the lowest byte tells more of the same.
    match code.parse::<u32>().ok()? & 0xff {
        1 => Some("the file belongs to another program; give the path of one that is not there yet"),
        5 | 6 => Some("another program has the file locked; end that first"),
        8 | 14 => Some("it may not be written; look at the owner and mode of the file and of its folder"),
        10 => Some("its disk fails to read or write it"),
        11 | 26 => {
            Some("the file is damaged, or not one of SQLite; put a good copy there, or give another path")
        }
        13 => Some("there is no room left on its disk"),
        _ => None,
    }
}

/// By the error codes of PostgreSQL, <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
#[cfg(feature = "postgres")]
fn cure_of_server(code: &str) -> Option<&'static str> {
    match code {
        "28P01" | "28000" => Some(
            "the database does not let this user in; give the password in the URL or in the variable PGPASSWORD",
        ),
        "3D000" => Some("there is no such database; create it first, as with `createdb`"),
        "42501" => Some("this user may not create tables there"),
        "25006" => Some("it takes no writes, as a standby does; give the server that does"),
        "3F000" => {
            Some("its search_path names no schema that is there; create one, or take it out of the URL")
        }
        "08P01" | "42P05" => Some(
            "what answers there is no PostgreSQL, or a pooler between; give the address of the server itself, \
             because a connection has settings and prepared statements of its own",
        ),
        "55P03" => Some("another program holds its tables locked; try again when that has ended"),
        "42P07" => Some("it has tables of another program; give another database"),
        "53100" => Some("there is no room left on its disk"),
        _ => None,
    }
}

fn unmigrated(engine: Engine, error: &MigrateError) -> String {
    match error {
        MigrateError::VersionMissing(_) => {
            "its schema is newer than this keyway-mock; take a newer one, or another store".to_owned()
        }
        MigrateError::VersionMismatch(_) | MigrateError::Dirty(_) => {
            "its schema was changed by somebody else; take another store".to_owned()
        }
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => unopened(engine, error),
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
        (5, "beginnings", include_str!("beginnings.sql")),
        (6, "names", include_str!("names.sql")),
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
