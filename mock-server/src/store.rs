//! What is kept: credentials by digest, and the vendors' other records as documents.
//!
//! The store states facts. It knows no HTTP and no vendor, and it never sees a secret: a second reading of
//! one is impossible, not forbidden. Each method of [`Store`] is atomic by itself. The methods are asynchronous, and
//! can fail, because a store may be a database; in memory nothing ever waits or fails.

mod any;
mod body;
mod credential;
mod location;
mod memory;
mod snapshot;
#[cfg(not(any(feature = "sqlite", feature = "postgres")))]
#[path = "store/no_sql.rs"]
mod sql;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod sql;

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

pub(crate) use any::AnyStore;
pub(crate) use body::{Body, Facts};
pub(crate) use credential::{Credential, LastUse};
pub use location::{StoreLocation, StoreLocationError};
pub(crate) use memory::Memory;
pub(crate) use snapshot::State;
pub(crate) use sql::Database;
pub use sql::OpenError;

/// The store did not answer, and perhaps did what it was asked to do: nothing may be told to have happened.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the store does not answer: {0}")]
pub struct Unavailable(pub(crate) String);

/// What is asked of a store. Every method takes effect whole or not at all, and what it has answered stays so.
pub(crate) trait Store {
    /// Keeps a new credential; it authenticates from the moment this returns.
    fn issue(&self, new: NewCredential) -> impl Future<Output = Result<Arc<Credential>, Unavailable>> + Send;

    /// Keeps a new credential unless one within reach that is not revoked has its name; `None` if one does.
    fn issue_named(
        &self,
        new: NewCredential,
        within: Reach<'_>,
    ) -> impl Future<Output = Result<Option<Arc<Credential>>, Unavailable>> + Send;

    /// Gives new credentials for an old one, which is revoked by it. Of many at once exactly one gets them.
    fn exchange(
        &self,
        old: &Credential,
        at: Timestamp,
        new: Vec<NewCredential>,
    ) -> impl Future<Output = Result<Exchange, Unavailable>> + Send;

    /// The credential whose secret has this digest, in whatever standing.
    fn authenticate(
        &self,
        digest: &Digest,
    ) -> impl Future<Output = Result<Option<Arc<Credential>>, Unavailable>> + Send;

    /// Notes a use. It may be forgotten if the store ends unexpectedly.
    fn touch(
        &self,
        credential: &Credential,
        last_use: LastUse,
    ) -> impl Future<Output = Result<(), Unavailable>> + Send;

    /// Revokes a credential within reach. Of many at once exactly one gets [`Revocation::Revoked`].
    fn revoke(
        &self,
        kind: Kind,
        id: &str,
        reach: Reach<'_>,
        at: Timestamp,
    ) -> impl Future<Output = Result<Revocation, Unavailable>> + Send;

    /// The credential of an id.
    fn lookup(
        &self,
        kind: Kind,
        id: &str,
        reach: Reach<'_>,
    ) -> impl Future<Output = Result<Lookup, Unavailable>> + Send;

    /// A part of the credentials within reach.
    fn list(
        &self,
        kind: Kind,
        reach: Reach<'_>,
        which: Which,
        window: Window,
    ) -> impl Future<Output = Result<Vec<Arc<Credential>>, Unavailable>> + Send;

    /// How many credentials within reach are not revoked, told apart by whether they have expired.
    fn tally(
        &self,
        kind: Kind,
        reach: Reach<'_>,
        now: Timestamp,
    ) -> impl Future<Output = Result<Tally, Unavailable>> + Send;

    /// Whether a credential within reach that is not revoked has this name.
    fn is_named(
        &self,
        kind: Kind,
        reach: Reach<'_>,
        name: &str,
    ) -> impl Future<Output = Result<bool, Unavailable>> + Send;

    /// Adds a document; `id` `None` takes its sequence number.
    fn append(
        &self,
        into: Collection<'_>,
        id: Option<String>,
        body: Body,
    ) -> impl Future<Output = Result<Document, Unavailable>> + Send;

    /// Adds a document unless one that is there already stands against it; `None` if one does.
    fn append_unless(
        &self,
        into: Collection<'_>,
        id: String,
        body: Value,
        against: impl Fn(&Document) -> bool + Send + Sync,
    ) -> impl Future<Output = Result<Option<Document>, Unavailable>> + Send;

    /// The document of an id.
    fn document(
        &self,
        of: Collection<'_>,
        id: &str,
    ) -> impl Future<Output = Result<Option<Document>, Unavailable>> + Send;

    /// How many documents a collection has.
    fn count(&self, of: Collection<'_>) -> impl Future<Output = Result<usize, Unavailable>> + Send;

    /// The oldest document of a collection that is the wanted one.
    fn find(
        &self,
        of: Collection<'_>,
        is_wanted: impl Fn(&Document) -> bool + Send + Sync,
    ) -> impl Future<Output = Result<Option<Document>, Unavailable>> + Send;

    /// A part of the documents of a collection.
    fn documents(
        &self,
        of: Collection<'_>,
        window: Window,
    ) -> impl Future<Output = Result<Slice<Document>, Unavailable>> + Send;

    /// A part of those documents of a collection whose bodies are wanted, and how many they are in all.
    fn select(
        &self,
        of: Collection<'_>,
        window: Window,
        is_wanted: impl Fn(&Body) -> bool + Send + Sync,
    ) -> impl Future<Output = Result<Slice<Body>, Unavailable>> + Send;

    /// Overwrites the named members of a document, unless another document stands against it.
    fn change(
        &self,
        of: Collection<'_>,
        id: &str,
        members: Map<String, Value>,
        against: impl Fn(&Document) -> bool + Send + Sync,
    ) -> impl Future<Output = Result<Change, Unavailable>> + Send;

    /// Takes a document away and revokes the credentials of the owner who has its id; whether it was there.
    fn retire(
        &self,
        from: Collection<'_>,
        id: &str,
        kind: Kind,
        at: Timestamp,
    ) -> impl Future<Output = Result<bool, Unavailable>> + Send;

    /// Everything there is but secrets in somebody's words, to be put back later.
    fn save(&self) -> impl Future<Output = Result<State, Unavailable>> + Send;
}

/// What came of an exchange.
#[derive(Debug)]
pub(crate) enum Exchange {
    /// The old credential is revoked, the new ones authenticate.
    Given,
    /// The old one had been revoked before; nothing changed.
    Spent,
}

/// What came of changing a document.
#[derive(Debug)]
pub(crate) enum Change {
    Changed(Document),
    /// Another document stands against it; nothing changed.
    Opposed,
    /// No such document.
    Missing,
}

/// Which credentials a list shows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Which {
    All,
    Unrevoked,
}

/// Numbers of credentials that are not revoked.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Tally {
    pub(crate) active: usize,
    pub(crate) expired: usize,
}

/// SHA-256 of a secret: the only form in which a secret is kept.
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
pub(crate) struct Digest([u8; 32]);

impl Digest {
    pub(crate) fn of(secret: impl AsRef<[u8]>) -> Self {
        Self(Sha256::digest(secret).into())
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub(crate) fn to_hex(self) -> String {
        hex::encode(self.0)
    }

    pub(crate) fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        Some(Self(bytes))
    }
}

// A digest is not a secret, but no output has a use for one.
impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest(..)")
    }
}

/// What is kept of a secret: its digest, and enough of its outside to recognise it where it must not stand.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Seal {
    pub(crate) digest: Digest,
    pub(crate) outline: Outline,
}

/// How a secret begins and how long it is. Every vendor's keys begin with a public mark; of a token without one
/// the first characters are a share too small to matter.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub(crate) struct Outline {
    pub(crate) start: [u8; 3],
    pub(crate) length: u16,
}

impl Seal {
    pub(crate) fn of(secret: &str) -> Self {
        let mut start = [0; 3];
        for (kept, byte) in start.iter_mut().zip(secret.bytes()) {
            *kept = byte;
        }
        let length = u16::try_from(secret.len()).unwrap_or(u16::MAX);
        Self {
            digest: Digest::of(secret),
            outline: Outline { start, length },
        }
    }
}

/// What kind of secret a credential is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub(crate) enum Kind {
    /// A long-lived API key.
    ApiKey,
    /// A signed-in user's access token.
    Session,
    /// A token that buys a new session.
    Refresh,
    /// A one-time code that buys a session.
    Code,
}

/// A credential to be issued.
#[derive(Debug)]
pub(crate) struct NewCredential {
    /// `None` takes the next number of the kind.
    pub(crate) id: Option<String>,
    pub(crate) kind: Kind,
    pub(crate) seal: Seal,
    pub(crate) tenant: Arc<str>,
    /// The user or service account it speaks for.
    pub(crate) owner: Arc<str>,
    pub(crate) name: String,
    /// The printable hint.
    pub(crate) prefix: String,
    pub(crate) grants: Vec<String>,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Option<Timestamp>,
    /// What only the vendor's dialect understands.
    pub(crate) details: Map<String, Value>,
}

/// A credential that comes into a store together with others, and perhaps with the user whom it is for.
#[derive(Debug)]
pub(crate) struct Newcomer {
    pub(crate) user: Option<NewUser>,
    pub(crate) credential: NewCredential,
}

/// A user that is to be kept.
#[derive(Debug)]
pub(crate) struct NewUser {
    pub(crate) into: Collection<'static>,
    pub(crate) id: String,
    /// What nobody else in the collection may be called who comes in this way.
    #[cfg_attr(
        not(any(feature = "sqlite", feature = "postgres")),
        expect(dead_code, reason = "memory has one server, which asks before")
    )]
    pub(crate) names: Vec<String>,
    pub(crate) body: Body,
}

/// What came of newcomers.
#[derive(Debug)]
pub(crate) enum Intake {
    /// All are kept.
    Kept(Vec<Arc<Credential>>),
    /// Somebody else has got a name meanwhile, and nobody is kept.
    #[cfg_attr(
        not(any(feature = "sqlite", feature = "postgres")),
        expect(dead_code, reason = "memory has one server, which asks before")
    )]
    Taken {
        /// Whose, counted from 0.
        newcomer: usize,
        /// Which of theirs, counted from 0.
        name: usize,
    },
}

/// Whether a credential authenticates, and if not, since when.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Standing {
    Active,
    Revoked(Timestamp),
    Expired(Timestamp),
}

/// What came of asking to revoke.
#[derive(Debug)]
pub(crate) enum Revocation {
    /// It was active (or expired) and is revoked now.
    Revoked,
    /// It had been revoked before; nothing changed.
    Already,
    /// It exists, but not within the asked reach; nothing changed.
    Foreign,
    /// No such credential.
    Missing,
}

/// What came of looking a credential up by id.
#[derive(Debug)]
pub(crate) enum Lookup {
    Found(Arc<Credential>),
    Foreign,
    Missing,
}

/// Whose credentials a look-up, list or revocation may touch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reach<'a> {
    pub(crate) tenant: &'a str,
    /// `None`: every owner of the tenant.
    pub(crate) owner: Option<&'a str>,
}

impl<'a> Reach<'a> {
    pub(crate) fn tenant(tenant: &'a str) -> Self {
        Self { tenant, owner: None }
    }

    pub(crate) fn owner(tenant: &'a str, owner: &'a str) -> Self {
        Self {
            tenant,
            owner: Some(owner),
        }
    }

    fn covers(&self, credential: &Credential) -> bool {
        &*credential.tenant == self.tenant && self.owner.is_none_or(|owner| &*credential.owner == owner)
    }
}

/// Which part of a list is wanted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    pub(crate) skip: usize,
    pub(crate) take: usize,
    pub(crate) order: Order,
}

impl Window {
    pub(crate) const ALL: Self = Self {
        skip: 0,
        take: usize::MAX,
        order: Order::OldestFirst,
    };

    /// Its part of a list, oldest first.
    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    fn of<T>(self, mut all: Vec<T>) -> Slice<T> {
        if self.order == Order::NewestFirst {
            all.reverse();
        }
        let total = all.len();
        let items = all.into_iter().skip(self.skip).take(self.take).collect();
        Slice { items, total }
    }
}

/// The order of a list, by creation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Order {
    OldestFirst,
    NewestFirst,
}

/// A part of a list.
#[derive(Debug)]
pub(crate) struct Slice<T> {
    pub(crate) items: Vec<T>,
    /// How many there are in all.
    pub(crate) total: usize,
}

impl<T> Default for Slice<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            total: 0,
        }
    }
}

/// A record other than a credential: a sender number, a message, a user, a service account, …
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Document {
    /// Position in its collection, counted from 1 and never given twice.
    pub(crate) sequence: u64,
    pub(crate) id: String,
    pub(crate) body: Body,
}

/// A named set of documents of one tenant; global ones have the empty tenant.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Collection<'a> {
    pub(crate) name: &'static str,
    pub(crate) tenant: &'a str,
    /// How many are kept; the oldest go first. The mock must not grow without bound.
    pub(crate) keep: usize,
    #[cfg_attr(
        not(any(feature = "sqlite", feature = "postgres")),
        expect(dead_code, reason = "memory loses all or nothing")
    )]
    pub(crate) worth: Worth,
}

/// How much is lost with a record, if the store ends unexpectedly.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Worth {
    /// Somebody was told that it is kept.
    Record,
    /// A note that was made on the way.
    Trace,
}

/// Does what takes long and waits for nothing where it keeps nobody from being answered.
async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Unavailable> + Send + 'static,
) -> Result<T, Unavailable> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|_| Err(Unavailable("what was read could not be put together".to_owned())))
}
