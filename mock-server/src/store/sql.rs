//! The store in a database: SQLite in a file, or PostgreSQL for any number of servers.
//!
//! Both have one schema and one set of statements (`sql/`). Every method of the store is one statement or one
//! transaction, and nothing is remembered between two of them: what one server has answered, the next request to any
//! other finds. A request learns from its first statement which age its vendor is in; whatever it writes belongs to
//! that age and refers to it, so that a request from before a reset can leave nothing behind.

mod ages;
#[cfg(feature = "sqlite")]
mod claim;
mod credentials;
mod documents;
mod enrolment;
mod lease;
mod opening;
mod planting;
mod pool;
mod saving;
mod text;
mod uses;

use std::fmt;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use keyway_openapi::Vendor;
use serde_json::{Map, Value};

use super::{
    AnyStore, Body, Change, Collection, Credential, Digest, Document, Exchange, Kind, LastUse, Lookup,
    NewCredential, Reach, Revocation, Slice, State, Store, StoreLocation, Tally, Unavailable, Which, Window,
};
use crate::redact::Redactor;
use crate::seals::Seals;
use pool::Pool;
use uses::Uses;

pub use opening::OpenError;

/// A database with the state of a server's first world.
#[derive(Clone)]
pub(crate) struct Database(Arc<Inner>);

struct Inner {
    engine: Engine,
    /// As it may be shown.
    location: StoreLocation,
    reading: Pool,
    /// For lists and snapshots, which may take their time.
    listing: Pool,
    writing: Pool,
    /// For what may be forgotten if the database ends unexpectedly.
    tracing: Pool,
    uses: Arc<Uses>,
    seals: Arc<Seals>,
    /// Keeps other servers from the file.
    #[cfg(feature = "sqlite")]
    _claim: Option<claim::Claim>,
}

/// What the statements differ by.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Engine {
    #[cfg(feature = "sqlite")]
    Sqlite,
    #[cfg(feature = "postgres")]
    Postgres,
}

/// One vendor in one of its ages: the one that it is in when it is first asked for something.
#[derive(Debug)]
pub(crate) struct Sql {
    database: Database,
    vendor: Vendor,
    age: OnceLock<i64>,
}

impl Database {
    /// A vendor for one piece of work, as a request is: in the age that it is in then, and in no other.
    pub(crate) fn store(&self, vendor: Vendor) -> AnyStore {
        AnyStore::Sql(Sql {
            database: self.clone(),
            vendor,
            age: OnceLock::new(),
        })
    }

    /// A vendor in an age of its.
    pub(crate) fn store_in(&self, vendor: Vendor, age: i64) -> AnyStore {
        AnyStore::Sql(Sql {
            database: self.clone(),
            vendor,
            age: OnceLock::from(age),
        })
    }

    fn redactor(&self) -> Redactor<'_> {
        Redactor::of(&self.0.seals)
    }
}

impl Sql {
    /// The age, which is asked for once.
    async fn age(&self) -> Result<i64, Unavailable> {
        match self.age.get() {
            Some(age) => Ok(*age),
            None => {
                let age = self.database.age(self.vendor).await?;
                Ok(*self.age.get_or_init(|| age))
            }
        }
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Database").field(&self.0.location).finish()
    }
}

impl Store for Sql {
    async fn issue(&self, new: NewCredential) -> Result<Arc<Credential>, Unavailable> {
        self.issue_credential(new).await
    }

    async fn issue_named(
        &self,
        new: NewCredential,
        within: Reach<'_>,
    ) -> Result<Option<Arc<Credential>>, Unavailable> {
        self.issue_named_credential(new, within).await
    }

    async fn exchange(
        &self,
        old: &Credential,
        at: Timestamp,
        new: Vec<NewCredential>,
    ) -> Result<Exchange, Unavailable> {
        self.exchange_credential(old, at, new).await
    }

    async fn authenticate(&self, digest: &Digest) -> Result<Option<Arc<Credential>>, Unavailable> {
        self.credential_of_digest(digest).await
    }

    async fn touch(&self, credential: &Credential, last_use: LastUse) -> Result<(), Unavailable> {
        self.touch_credential(credential, last_use).await
    }

    async fn revoke(
        &self,
        kind: Kind,
        id: &str,
        reach: Reach<'_>,
        at: Timestamp,
    ) -> Result<Revocation, Unavailable> {
        self.revoke_credential(kind, id, reach, at).await
    }

    async fn lookup(&self, kind: Kind, id: &str, reach: Reach<'_>) -> Result<Lookup, Unavailable> {
        let found = self.credential_of_id(kind, id).await?;
        Ok(match found {
            None => Lookup::Missing,
            Some(credential) if reach.covers(&credential) => Lookup::Found(credential),
            Some(_) => Lookup::Foreign,
        })
    }

    async fn list(
        &self,
        kind: Kind,
        reach: Reach<'_>,
        which: Which,
        window: Window,
    ) -> Result<Vec<Arc<Credential>>, Unavailable> {
        self.list_credentials(kind, reach, which, window).await
    }

    async fn tally(&self, kind: Kind, reach: Reach<'_>, now: Timestamp) -> Result<Tally, Unavailable> {
        self.tally_credentials(kind, reach, now).await
    }

    async fn is_named(&self, kind: Kind, reach: Reach<'_>, name: &str) -> Result<bool, Unavailable> {
        self.credential_is_named(kind, reach, name).await
    }

    async fn append(
        &self,
        into: Collection<'_>,
        id: Option<String>,
        body: Body,
    ) -> Result<Document, Unavailable> {
        self.append_document(into, id, body).await
    }

    async fn append_unless(
        &self,
        into: Collection<'_>,
        id: String,
        body: Value,
        against: impl Fn(&Document) -> bool + Send + Sync,
    ) -> Result<Option<Document>, Unavailable> {
        self.append_document_unless(into, id, body, against).await
    }

    async fn document(&self, of: Collection<'_>, id: &str) -> Result<Option<Document>, Unavailable> {
        self.document_of_id(of, id).await
    }

    async fn count(&self, of: Collection<'_>) -> Result<usize, Unavailable> {
        self.count_documents(of).await
    }

    async fn find(
        &self,
        of: Collection<'_>,
        is_wanted: impl Fn(&Document) -> bool + Send + Sync,
    ) -> Result<Option<Document>, Unavailable> {
        let all = self.all_documents(of).await?;
        Ok(all.into_iter().find(is_wanted))
    }

    async fn documents(&self, of: Collection<'_>, window: Window) -> Result<Slice<Document>, Unavailable> {
        self.part_of_documents(of, window).await
    }

    async fn select(
        &self,
        of: Collection<'_>,
        window: Window,
        is_wanted: impl Fn(&Body) -> bool + Send + Sync,
    ) -> Result<Slice<Body>, Unavailable> {
        let all = self.all_documents(of).await?;
        let bodies = all.into_iter().map(|document| document.body);
        Ok(window.of(bodies.filter(is_wanted).collect()))
    }

    async fn change(
        &self,
        of: Collection<'_>,
        id: &str,
        members: Map<String, Value>,
        against: impl Fn(&Document) -> bool + Send + Sync,
    ) -> Result<Change, Unavailable> {
        self.change_document(of, id, members, against).await
    }

    async fn retire(
        &self,
        from: Collection<'_>,
        id: &str,
        kind: Kind,
        at: Timestamp,
    ) -> Result<bool, Unavailable> {
        self.retire_owner(from, id, kind, at).await
    }

    async fn save(&self) -> Result<State, Unavailable> {
        self.database.save(self.age().await?).await
    }
}
