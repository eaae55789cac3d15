//! The last uses of credentials: noted at once, and written down within a second.
//!
//! Every authenticated request is a use. Were each written, all requests with one key would wait for one row, and for
//! the log of the database besides. So a server shows the uses that it has seen itself at once, and those of others
//! when they are written. A use is not lost but with the server, and the later of two stays, whoever writes first.

use std::collections::HashMap;
use std::sync::{Arc, Weak};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::time::sleep;

use super::credentials::{json_of, kind_name};
use super::lease::lend;
use super::planting::rows_of;
use super::text::kept;
use super::{Database, Engine, Inner};
use crate::store::{Credential, Kind, LastUse, Unavailable, Worth};

/// How long a use waits for being written.
const PAUSE: Duration = Duration::from_secs(1);
/// How many are written with one statement; whoever revokes one of the keys waits for that.
const AT_ONCE: usize = 256;

/// An age, and a credential in it.
type Used = (i64, Kind, String);

/// Uses that are not written down yet.
#[derive(Default)]
pub(super) struct Uses {
    latest: Mutex<HashMap<Used, Arc<LastUse>>>,
    /// Told when there is something to be written, and when there will be nothing any more.
    news: Notify,
}

impl Uses {
    pub(super) fn note(&self, age: i64, credential: &Credential, last_use: LastUse) {
        let used = (age, credential.kind, credential.id().to_owned());
        let last_use = Arc::new(last_use);
        let mut latest = self.latest.lock();
        let is_first = latest.is_empty();
        let known = latest.entry(used).or_insert_with(|| Arc::clone(&last_use));
        if known.at <= last_use.at {
            *known = last_use;
        }
        drop(latest);
        if is_first {
            self.news.notify_one();
        }
    }

    /// The later of a use that is written down and one that is not yet.
    pub(super) fn later(
        &self,
        age: i64,
        kind: Kind,
        id: &str,
        written: Option<Arc<LastUse>>,
    ) -> Option<Arc<LastUse>> {
        let latest = self.latest.lock();
        if latest.is_empty() {
            return written;
        }
        let noted = latest.get(&(age, kind, id.to_owned())).cloned();
        match (noted, written) {
            (Some(noted), Some(written)) if noted.at < written.at => Some(written),
            (noted, written) => noted.or(written),
        }
    }

    fn all(&self) -> Vec<(Used, Arc<LastUse>)> {
        let latest = self.latest.lock();
        let all = latest.iter();
        all.map(|(used, last_use)| (used.clone(), Arc::clone(last_use)))
            .collect()
    }

    /// Forgets what is written by now, unless there was a later use meanwhile; that has its own turn.
    fn forget(&self, written: &[(Used, Arc<LastUse>)]) {
        let mut latest = self.latest.lock();
        for (used, last_use) in written {
            if latest.get(used).is_some_and(|noted| Arc::ptr_eq(noted, last_use)) {
                latest.remove(used);
            }
        }
        if !latest.is_empty() {
            self.news.notify_one();
        }
    }
}

impl Database {
    /// Writes down the uses that have been noted so far.
    pub(crate) async fn write_uses(&self) -> Result<(), Unavailable> {
        for some in self.0.uses.all().chunks(AT_ONCE) {
            let statement = self.writing_of(some.len());
            lend!(self.writing(Worth::Trace), connection => {
                let mut query = sqlx::query(&statement).persistent(false);
                for ((age, kind, id), last_use) in some {
                    query = query
                        .bind(*age)
                        .bind(kind_name(*kind))
                        .bind(kept(id))
                        .bind(json_of(&**last_use))
                        .bind(last_use.at.as_microsecond());
                }
                query.execute(connection).await
            });
            self.0.uses.forget(some);
        }
        Ok(())
    }

    /// What writes so many uses at once: however far the database is away, it is one way there and back.
    fn writing_of(&self, many: usize) -> String {
        // In one order for all servers, so that no two wait for each other.
        let held = match self.0.engine {
            #[cfg(feature = "postgres")]
            Engine::Postgres => "ORDER BY ordinal FOR NO KEY UPDATE OF credentials",
            #[cfg(feature = "sqlite")]
            Engine::Sqlite => "",
        };
        format!(
            "WITH used (age, kind, id, last_use, us) AS (VALUES {}), \
             held AS (SELECT ordinal, used.last_use, used.us FROM used JOIN credentials \
             ON credentials.age = used.age AND credentials.kind = used.kind AND credentials.id = used.id {held}) \
             UPDATE credentials SET last_use = held.last_use, last_use_us = held.us FROM held \
             WHERE credentials.ordinal = held.ordinal \
             AND (credentials.last_use_us IS NULL OR credentials.last_use_us <= held.us)",
            rows_of(5, many)
        )
    }
}

/// Writes uses down as long as the database is open.
pub(super) async fn write_regularly(uses: Arc<Uses>, database: Weak<Inner>) {
    loop {
        uses.news.notified().await;
        sleep(PAUSE).await;
        let Some(database) = database.upgrade() else {
            return;
        };
        if Database(database).write_uses().await.is_err() {
            // Nobody waits for it, and it can be done later.
            uses.news.notify_one();
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.uses.news.notify_one();
    }
}
