//! Connections, lent for one piece of work each and no longer than that may take.

use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection};
use tokio::time::timeout;

use super::Database;
use crate::store::{Collection, Unavailable, Worth};

/// How long a piece of work may take, the wait for locks included.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);
/// The same for the beginning of an age, which may have very much to take away.
pub(super) const LONG_PATIENCE: Duration = Duration::from_secs(60);

/// A connection that is lent. One that does not come back by [`give_back`](Lease::give_back) is closed: nobody knows
/// what it is still about to do, or whether it is any good.
pub(super) struct Lease(Option<PoolConnection<Any>>);

impl Lease {
    pub(super) fn connection(&mut self) -> Option<&mut AnyConnection> {
        self.0.as_deref_mut()
    }

    pub(super) fn give_back(mut self) {
        drop(self.0.take());
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(connection) = self.0.take() {
            drop(connection.detach());
        }
    }
}

impl Database {
    pub(super) async fn reading(&self) -> Result<Lease, Unavailable> {
        let connection = self
            .0
            .reading
            .acquire()
            .await
            .map_err(|error| unavailable(&error))?;
        Ok(Lease(Some(connection)))
    }

    /// A connection to write with, which has written for good when it says so, or only as good as `worth` asks for.
    pub(super) async fn writing(&self, worth: Worth) -> Result<Lease, Unavailable> {
        let pool = match worth {
            Worth::Record => &self.0.writing,
            Worth::Trace => &self.0.tracing,
        };
        let connection = pool.acquire().await.map_err(|error| unavailable(&error))?;
        let lease = Lease(Some(connection));
        #[cfg(feature = "sqlite")]
        let lease = self.prepared(lease, worth).await?;
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

/// What a piece of work comes to, if it does so in time.
pub(super) async fn timely<T>(
    patience: Duration,
    work: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, Unavailable> {
    match timeout(patience, work).await {
        Ok(done) => done.map_err(|error| unavailable(&error)),
        Err(_) => Err(Unavailable(format!("no answer within {} s", patience.as_secs()))),
    }
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
const OVER: &str = "its state was reset while the request was under way";

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
