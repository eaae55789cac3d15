//! Connections, lent for one piece of work each and no longer than that may take.

use std::time::Duration;

use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AnyConnection};
use tokio::time::timeout;

use super::Database;
use super::pool::Lease;
use crate::store::{Collection, Unavailable, Worth};

/// How long a piece of work may take, the wait for locks included.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);
/// The same for the beginning of an age, which may have very much to take away.
pub(super) const LONG_PATIENCE: Duration = Duration::from_secs(60);

impl Database {
    /// A connection to read with.
    pub(super) async fn reading(&self) -> Result<Lease, Unavailable> {
        self.0.reading.lend().await
    }

    /// A connection to read much with. Whoever reads little does not wait behind those who do.
    pub(super) async fn listing(&self) -> Result<Lease, Unavailable> {
        self.0.listing.lend().await
    }

    /// A connection to write with, which has written for good when it says so, or only as good as `worth` asks for.
    pub(super) async fn writing(&self, worth: Worth) -> Result<Lease, Unavailable> {
        let pool = match worth {
            Worth::Record => &self.0.writing,
            Worth::Trace => &self.0.tracing,
        };
        let lease = pool.lend().await?;
        #[cfg(feature = "sqlite")]
        let lease = self.prepared(lease, worth).await?;
        Ok(lease)
    }

    /// The same for what may take long, from a database that answers: one that is silent is not waited for that long.
    pub(super) async fn writing_long(&self) -> Result<Lease, Unavailable> {
        let mut lease = self.writing(Worth::Record).await?;
        if let Some(connection) = lease.connection() {
            timely(PATIENCE, sqlx::Connection::ping(connection)).await?;
        }
        Ok(lease)
    }

    /// The connection that writes a file, which is one for both worths and may have been left in the middle of either.
    #[cfg(feature = "sqlite")]
    async fn prepared(&self, mut lease: Lease, worth: Worth) -> Result<Lease, Unavailable> {
        let statement = match worth {
            Worth::Record => "PRAGMA synchronous = FULL",
            Worth::Trace => "PRAGMA synchronous = NORMAL",
        };
        if let (super::Engine::Sqlite, Some(connection)) = (self.0.engine, lease.connection()) {
            timely(PATIENCE, sqlx::Executor::execute(connection, statement)).await?;
        }
        Ok(lease)
    }

    pub(super) async fn writing_into(&self, into: Collection<'_>) -> Result<Lease, Unavailable> {
        self.writing(into.worth).await
    }
}

/// Why a piece of work came to nothing, as far as is known.
pub(super) struct Failure {
    pub(super) why: Unavailable,
    /// Whether the connection was lost on it, and not the time.
    pub(super) is_lost: bool,
}

impl From<Failure> for Unavailable {
    fn from(failure: Failure) -> Self {
        failure.why
    }
}

/// What a piece of work comes to, if it does so in time.
pub(super) async fn timely<T>(
    patience: Duration,
    work: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, Failure> {
    match timeout(patience, work).await {
        Ok(done) => done.map_err(|error| Failure {
            why: unavailable(&error),
            is_lost: is_lost(&error),
        }),
        Err(_) => Err(Failure {
            why: Unavailable(format!("no answer within {} s", patience.as_secs())),
            is_lost: false,
        }),
    }
}

/// Whether an error says that the connection is gone.
fn is_lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) => true,
        // The database goes down, and takes its connections with it.
        sqlx::Error::Database(error) => error.code().is_some_and(|code| code.starts_with("57P")),
        _ => false,
    }
}

/// The first row of an answer that is read to its end: only then is a change kept for good, and its connection free.
pub(super) async fn first<'q>(
    query: Query<'q, Any, AnyArguments<'q>>,
    connection: &mut AnyConnection,
) -> Result<Option<AnyRow>, sqlx::Error> {
    Ok(query.fetch_all(connection).await?.into_iter().next())
}

/// All rows of an answer that has one at least.
pub(super) async fn some<'q>(
    query: Query<'q, Any, AnyArguments<'q>>,
    connection: &mut AnyConnection,
) -> Result<Vec<AnyRow>, sqlx::Error> {
    let rows = query.fetch_all(connection).await?;
    if rows.is_empty() {
        Err(sqlx::Error::RowNotFound)
    } else {
        Ok(rows)
    }
}

/// The first row of an answer that has one.
pub(super) async fn only<'q>(
    query: Query<'q, Any, AnyArguments<'q>>,
    connection: &mut AnyConnection,
) -> Result<AnyRow, sqlx::Error> {
    first(query, connection).await?.ok_or(sqlx::Error::RowNotFound)
}

/// An error in words that hold nothing of what was to be kept.
pub(super) fn unavailable(error: &sqlx::Error) -> Unavailable {
    let words = match error {
        sqlx::Error::Database(error) if error.is_foreign_key_violation() => OVER.to_owned(),
        // The message may quote a value; the code does not.
        sqlx::Error::Database(error) => match error.code() {
            Some(code) => format!("the database refuses with code {code}"),
            None => "the database refuses".to_owned(),
        },
        sqlx::Error::PoolTimedOut => "no connection to the database could be had in time".to_owned(),
        sqlx::Error::Io(error) => format!("the connection to the database is lost: {error}"),
        sqlx::Error::RowNotFound => OVER.to_owned(),
        _ => "the connection to the database is broken".to_owned(),
    };
    Unavailable(words)
}

/// Why nothing can be added to an age any more.
pub(super) const OVER: &str = "its state was reset while the request was under way";

/// Lends a connection to a piece of work, which ends with a `Result<_, sqlx::Error>`.
macro_rules! lend {
    ($lease:expr, $connection:ident => $work:expr) => {
        lend!($crate::store::sql::lease::PATIENCE, $lease, $connection => $work)
    };
    ($patience:expr, $lease:expr, $connection:ident => $work:expr) => {{
        let mut lease = $lease.await?;
        let Some($connection) = lease.connection() else {
            return Err($crate::store::Unavailable("no connection was lent".to_owned()));
        };
        let done = $crate::store::sql::lease::timely($patience, async { $work }).await?;
        lease.give_back();
        done
    }};
}
pub(super) use lend;

/// The same for work that only reads, which is done again if the connection turns out to be gone: the
/// database may have been restarted, and be there again.
macro_rules! ask {
    ($lease:expr, $connection:ident => $work:expr) => {{
        let mut is_again = false;
        loop {
            let mut lease = $lease.await?;
            let Some($connection) = lease.connection() else {
                return Err($crate::store::Unavailable("no connection was lent".to_owned()));
            };
            let patience = $crate::store::sql::lease::PATIENCE;
            match $crate::store::sql::lease::timely(patience, async { $work }).await {
                Ok(done) => {
                    lease.give_back();
                    break done;
                }
                Err(failure) if failure.is_lost && !is_again => is_again = true,
                Err(failure) => return Err(failure.why),
            }
        }
    }};
}
pub(super) use ask;
