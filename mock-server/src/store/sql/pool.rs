//! Connections to a database: made when they are wanted, and kept for whoever wants one next.
//!
//! One that was used a moment ago is taken to be good. It is tried first if it has lain idle, or has not been used since
//! another one broke: then the database may have gone away in between. If one that is tried does not answer, those that
//! were not used since are not tried at all: whatever has silenced it has silenced them, and each would cost a wait.

use std::str::FromStr as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use deadpool::managed::{self, Metrics, Object, PoolError, RecycleError, RecycleResult};
use parking_lot::Mutex;
use sqlx::any::AnyConnectOptions;
use sqlx::{AnyConnection, ConnectOptions as _, Connection as _, Executor as _};
use tokio::time::{sleep, timeout};

use super::lease::unavailable;
use crate::store::Unavailable;

/// How long a request waits for a connection.
const TURN: Duration = Duration::from_secs(2);
/// How many requests wait for a connection of one kind; whoever comes then is told at once to come again.
const WAITING: usize = 256;
/// How long a connection is taken to be as good as it was.
const IDLE: Duration = Duration::from_secs(1);
/// How long one that is tried may take to answer.
const TRIAL: Duration = Duration::from_millis(500);
/// The first of the pauses, each twice as long as the one before, in which a database may come up.
const PAUSE: Duration = Duration::from_millis(10);

/// Connections of one kind.
#[derive(Clone)]
pub(super) struct Pool(managed::Pool<Connector>);

/// What makes connections.
pub(super) struct Connector {
    options: AnyConnectOptions,
    /// What is said on every new one.
    setup: &'static str,
    breaks: Breaks,
}

/// When connections to a database broke for the last time, in whichever of its pools.
#[derive(Clone, Default)]
pub(super) struct Breaks(Arc<Mutex<Last>>);

#[derive(Clone, Copy, Default)]
struct Last {
    /// One was not given back.
    broken: Option<Instant>,
    /// One that was tried did not answer.
    silent: Option<Instant>,
}

impl Pool {
    /// At most so many connections; none is made yet.
    pub(super) fn of(
        url: &str,
        setup: &'static str,
        most: usize,
        breaks: &Breaks,
    ) -> Result<Self, sqlx::Error> {
        let connector = Connector {
            options: AnyConnectOptions::from_str(url)?,
            setup,
            breaks: breaks.clone(),
        };
        let pool = managed::Pool::builder(connector)
            .max_size(most)
            // The last ones that were used are the first to be used again.
            .queue_mode(managed::QueueMode::Lifo)
            .build();
        Ok(Self(
            pool.map_err(|error| sqlx::Error::Configuration(error.into()))?,
        ))
    }

    /// A connection of which nobody else has the use.
    pub(super) async fn lend(&self) -> Result<Lease, Unavailable> {
        if self.0.status().waiting >= WAITING {
            return Err(Unavailable("too many wait for the database".to_owned()));
        }
        match timeout(TURN, self.0.get()).await {
            Ok(Ok(connection)) => Ok(Lease(Some(connection))),
            Ok(Err(PoolError::Backend(error))) => Err(unavailable(&error)),
            Ok(Err(_)) | Err(_) => Err(unavailable(&sqlx::Error::PoolTimedOut)),
        }
    }
}

impl Connector {
    /// Another connection; a database that is about to come up is waited for.
    async fn connect(&self) -> Result<AnyConnection, sqlx::Error> {
        let mut pause = PAUSE;
        loop {
            match self.options.connect().await {
                Ok(mut connection) => {
                    connection.execute(self.setup).await?;
                    return Ok(connection);
                }
                Err(error) if may_pass(&error) => sleep(pause).await,
                Err(error) => return Err(error),
            }
            pause = (pause * 2).min(IDLE / 2);
        }
    }
}

/// A connection of no pool, as soon as the database is there.
pub(super) async fn connected(url: &str, setup: &'static str) -> Result<AnyConnection, sqlx::Error> {
    let connector = Connector {
        options: AnyConnectOptions::from_str(url)?,
        setup,
        breaks: Breaks::default(),
    };
    connector.connect().await
}

/// Whether the same may be answered otherwise in a moment.
fn may_pass(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(error) => error.kind() == std::io::ErrorKind::ConnectionRefused,
        // It is starting, or has as many connections as it takes.
        sqlx::Error::Database(error) => matches!(error.code().as_deref(), Some("57P03" | "53300")),
        _ => false,
    }
}

impl managed::Manager for Connector {
    type Type = AnyConnection;
    type Error = sqlx::Error;

    async fn create(&self) -> Result<AnyConnection, sqlx::Error> {
        self.connect().await
    }

    async fn recycle(&self, connection: &mut AnyConnection, metrics: &Metrics) -> RecycleResult<sqlx::Error> {
        let lent = metrics.recycled.unwrap_or(metrics.created);
        let Last { broken, silent } = *self.breaks.0.lock();
        if silent.is_some_and(|silent| silent >= lent) {
            return Err(RecycleError::message("another of its time does not answer"));
        }
        if lent.elapsed() < IDLE && broken.is_none_or(|broken| broken < lent) {
            return Ok(());
        }
        match timeout(TRIAL, connection.ping()).await {
            Ok(answered) => Ok(answered?),
            Err(_) => {
                self.breaks.0.lock().silent = Some(Instant::now());
                Err(RecycleError::message("it does not answer"))
            }
        }
    }
}

/// A connection that is lent. One that does not come back by [`give_back`](Lease::give_back) is closed: nobody knows
/// what it is still about to do, or whether it is any good.
pub(super) struct Lease(Option<Object<Connector>>);

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
            if let Some(pool) = Object::pool(&connection) {
                pool.manager().breaks.0.lock().broken = Some(Instant::now());
            }
            drop(Object::take(connection));
        }
    }
}

#[cfg(all(test, feature = "sqlite"))]
mod tests {
    use futures::FutureExt as _;
    use futures::future::join_all;

    use super::*;

    #[tokio::test]
    async fn no_more_wait_than_may() {
        sqlx::any::install_default_drivers();
        let pool = Pool::of("sqlite::memory:", "", 1, &Breaks::default()).expect("a URL");
        let taken = pool.lend().await.unwrap_or_else(|problem| panic!("{problem}"));
        let mut waiting: Vec<_> = (0..WAITING).map(|_| Box::pin(pool.lend())).collect();
        for one in &mut waiting {
            assert!(one.now_or_never().is_none());
        }
        let refused = pool.lend().now_or_never().expect("an answer at once");
        assert!(refused.is_err_and(|problem| problem.to_string().contains("too many wait")));
        taken.give_back();
        let served = waiting
            .into_iter()
            .map(|one| async { one.await.map(Lease::give_back) });
        assert!(join_all(served).await.iter().all(Result::is_ok));
        assert!(pool.lend().await.is_ok());
    }
}
