//! Whichever store a world has: one type for the dialects, without a box on the way to memory.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{
    Body, Change, Collection, Credential, Digest, Document, Exchange, Intake, Kind, LastUse, Lookup, Memory,
    NewCredential, Newcomer, Reach, Revocation, Slice, State, Store, Tally, Unavailable, Which, Window,
};

/// Whichever store a world has.
#[derive(Debug)]
#[cfg_attr(
    any(feature = "sqlite", feature = "postgres"),
    expect(
        clippy::large_enum_variant,
        reason = "a store is made once and stays where it is; memory is the one to be quick"
    )
)]
pub(crate) enum AnyStore {
    Memory(Memory),
    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    Sql(super::sql::Sql),
}

/// Hands a call on to the store that is there.
macro_rules! hand_on {
    ($self:ident, $store:ident => $call:expr) => {
        match $self {
            Self::Memory($store) => $call.await,
            // What waits for a database is large; memory need not carry it about.
            #[cfg(any(feature = "sqlite", feature = "postgres"))]
            Self::Sql($store) => Box::pin($call).await,
        }
    };
}

impl AnyStore {
    /// Keeps newcomers of the vendors of one world: all of them, or none.
    pub(crate) async fn take_in(all: Vec<(&Self, Newcomer)>) -> Result<Intake, Unavailable> {
        let mut kept = Vec::new();
        #[cfg(any(feature = "sqlite", feature = "postgres"))]
        let mut lasting = Vec::new();
        for (store, newcomer) in all {
            match store {
                Self::Memory(memory) => kept.push(memory.take_in(newcomer).await?),
                #[cfg(any(feature = "sqlite", feature = "postgres"))]
                Self::Sql(store) => lasting.push((store, newcomer)),
            }
        }
        #[cfg(any(feature = "sqlite", feature = "postgres"))]
        if !lasting.is_empty() {
            // All of a world's vendors are where one of them is.
            return super::sql::Sql::take_in(lasting).await;
        }
        Ok(Intake::Kept(kept))
    }
}

impl Store for AnyStore {
    async fn issue(&self, new: NewCredential) -> Result<Arc<Credential>, Unavailable> {
        hand_on!(self, store => store.issue(new))
    }

    async fn issue_named(
        &self,
        new: NewCredential,
        within: Reach<'_>,
    ) -> Result<Option<Arc<Credential>>, Unavailable> {
        hand_on!(self, store => store.issue_named(new, within))
    }

    async fn exchange(
        &self,
        old: &Credential,
        at: Timestamp,
        new: Vec<NewCredential>,
    ) -> Result<Exchange, Unavailable> {
        hand_on!(self, store => store.exchange(old, at, new))
    }

    async fn authenticate(&self, digest: &Digest) -> Result<Option<Arc<Credential>>, Unavailable> {
        hand_on!(self, store => store.authenticate(digest))
    }

    async fn touch(&self, credential: &Credential, last_use: LastUse) -> Result<(), Unavailable> {
        hand_on!(self, store => store.touch(credential, last_use))
    }

    async fn revoke(
        &self,
        kind: Kind,
        id: &str,
        reach: Reach<'_>,
        at: Timestamp,
    ) -> Result<Revocation, Unavailable> {
        hand_on!(self, store => store.revoke(kind, id, reach, at))
    }

    async fn lookup(&self, kind: Kind, id: &str, reach: Reach<'_>) -> Result<Lookup, Unavailable> {
        hand_on!(self, store => store.lookup(kind, id, reach))
    }

    async fn list(
        &self,
        kind: Kind,
        reach: Reach<'_>,
        which: Which,
        window: Window,
    ) -> Result<Vec<Arc<Credential>>, Unavailable> {
        hand_on!(self, store => store.list(kind, reach, which, window))
    }

    async fn tally(&self, kind: Kind, reach: Reach<'_>, now: Timestamp) -> Result<Tally, Unavailable> {
        hand_on!(self, store => store.tally(kind, reach, now))
    }

    async fn is_named(&self, kind: Kind, reach: Reach<'_>, name: &str) -> Result<bool, Unavailable> {
        hand_on!(self, store => store.is_named(kind, reach, name))
    }

    async fn append(
        &self,
        into: Collection<'_>,
        id: Option<String>,
        body: Body,
    ) -> Result<Document, Unavailable> {
        hand_on!(self, store => store.append(into, id, body))
    }

    async fn append_unless(
        &self,
        into: Collection<'_>,
        id: String,
        body: Value,
        against: impl Fn(&Document) -> bool + Send + Sync,
    ) -> Result<Option<Document>, Unavailable> {
        hand_on!(self, store => store.append_unless(into, id, body, against))
    }

    async fn document(&self, of: Collection<'_>, id: &str) -> Result<Option<Document>, Unavailable> {
        hand_on!(self, store => store.document(of, id))
    }

    async fn count(&self, of: Collection<'_>) -> Result<usize, Unavailable> {
        hand_on!(self, store => store.count(of))
    }

    async fn find(
        &self,
        of: Collection<'_>,
        is_wanted: impl Fn(&Document) -> bool + Send + Sync,
    ) -> Result<Option<Document>, Unavailable> {
        hand_on!(self, store => store.find(of, is_wanted))
    }

    async fn documents(&self, of: Collection<'_>, window: Window) -> Result<Slice<Document>, Unavailable> {
        hand_on!(self, store => store.documents(of, window))
    }

    async fn select(
        &self,
        of: Collection<'_>,
        window: Window,
        is_wanted: impl Fn(&Body) -> bool + Send + Sync,
    ) -> Result<Slice<Body>, Unavailable> {
        hand_on!(self, store => store.select(of, window, is_wanted))
    }

    async fn change(
        &self,
        of: Collection<'_>,
        id: &str,
        members: Map<String, Value>,
        against: impl Fn(&Document) -> bool + Send + Sync,
    ) -> Result<Change, Unavailable> {
        hand_on!(self, store => store.change(of, id, members, against))
    }

    async fn retire(
        &self,
        from: Collection<'_>,
        id: &str,
        kind: Kind,
        at: Timestamp,
    ) -> Result<bool, Unavailable> {
        hand_on!(self, store => store.retire(from, id, kind, at))
    }

    async fn save(&self) -> Result<State, Unavailable> {
        hand_on!(self, store => store.save())
    }
}
