//! One vocabulary for the keys of all vendors: make, revoke, list, try out, rotate.
//!
//! Every vendor's `Client` is an [`ApiKeys`], so that code about keys need not know whose they are:
//!
//! ```
//! # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let server = keyway_mock::MockServer::start().await;
//! # let access = server.access(keyway_mock::Vendor::B3os);
//! # let (base_url, secret) = (access.base_url, access.credentials.admin.replace("bearer:", ""));
//! use keyway::{b3os, keys::{ApiKeys, NewKey, Revocation, Verification}};
//!
//! let keys: Box<dyn ApiKeys> = Box::new(b3os::Client::new(&base_url, b3os::Credentials::bearer(secret))?);
//! let issued = keys.create(NewKey::named("nightly backup").scopes(["read"])).await?;
//! assert_eq!(keys.verify(&issued).await?, Verification::Works);
//!
//! let id = issued.id().expect("B3OS tells the id");
//! assert_eq!(keys.revoke(id).await?, Revocation::Revoked);
//! assert_eq!(keys.verify(&issued).await?, Verification::Refused);
//! # Ok(()) }
//! ```
//!
//! Vendors differ. What each can do is in its [`Capabilities`]; asking for more is an error of the kind
//! [`Unsupported`](crate::ErrorKind::Unsupported), which names the vendor's documentation. What only one vendor has
//! stays within reach: its own request ([`NewKey::from`]), its own record ([`KeyRecord::vendor`]), its own typed error
//! ([`Error::downcast_ref`]).
//!
//! # When an answer is lost
//!
//! No vendor's create is idempotent, so it is not repeated when its answer is lost; the error has the kind
//! [`AmbiguousCreate`](crate::ErrorKind::AmbiguousCreate) and says by what the key can be found ([`Error::stray`]).
//! [`ApiKeys::revoke_strays`] finds it where the vendor lists keys, and ends it; its [`StrayReport`] says whether it
//! did. A vendor may make the key later than one looks for it, so that a search that found nothing settles nothing. A
//! future that is dropped gives no error; a [`Creation`] knows by what its key can be found all the same.
//!
//! # When a key is replaced
//!
//! [`Rotation`] makes a successor, tries it out, has it stored and only then revokes the old key. Wherever it stops,
//! also when its future is dropped, a key that the caller holds works, and [`Rotation::progress`] names every key there
//! is.

mod absent;
mod capabilities;
mod creation;
mod error;
mod evidence;
mod facts;
mod issue;
mod mark;
mod new_key;
mod record;
mod rotation;
mod salvage;
mod stray;

#[cfg(feature = "b3os")]
mod b3os;
#[cfg(feature = "dolfin")]
mod dolfin;
#[cfg(feature = "reten")]
mod reten;
#[cfg(feature = "sinjapp")]
mod sinjapp;

use std::{error::Error as StdError, sync::Arc, time::Duration};

pub use futures_util::{future::BoxFuture, stream::BoxStream};

pub use capabilities::{
    Capabilities, Description, Endpoint, ExpiryForm, ExpiryRules, Never, ScopeRules, Silence, Support,
    Vocabulary,
};
pub use creation::Creation;
pub use error::{Error, Operation, Unsupported};
pub use new_key::{Expiry, NewKey, VendorRequest};
pub use record::{
    IssuedKey, KeyId, KeyRecord, KeyState, PlaintextKey, Revocation, TenantKey, VendorRecord, Verification,
};
pub use rotation::{
    Cause, OldKey, OldState, Progress, Rotated, Rotation, RotationError, Step, Successor, rotate,
};
pub use stray::{Stray, StrayReport};

use crate::{RetryPolicy, Secret, Vendor};

/// The keys of one caller at one vendor.
///
/// Every vendor's `Client` implements it, and so do references, boxes and `Arc`s of what implements it.
pub trait ApiKeys: Send + Sync {
    /// Whose keys they are.
    fn vendor(&self) -> Vendor;

    /// Where the calls go: the base URL, with the path that the vendor's document puts before every operation. At Sinjapp it
    /// is also the tenant.
    fn base_url(&self) -> String;

    /// What the vendor can do.
    fn capabilities(&self) -> &'static Capabilities {
        self.vendor().capabilities()
    }

    /// Makes a key. Its secret is in the answer and is never told again.
    ///
    /// # Errors
    ///
    /// Of the kind `Unsupported` or `InvalidRequest` if the vendor cannot express what is asked for; nothing is sent
    /// then. If a key may have been made all the same, [`Error::stray`] says by what it is found. A future that is
    /// dropped says nothing, and may leave such a key, too: where that can happen, use a [`Creation`].
    fn create(&self, key: NewKey) -> BoxFuture<'_, Result<IssuedKey, Error>>;

    /// Ends a key for good.
    ///
    /// Where a vendor answers a second revocation with an error, the key's record is looked up, and one that says
    /// that the key is revoked counts as success.
    ///
    /// # Errors
    ///
    /// As the vendor refuses. Sinjapp and Dolfin do not say what they answer to a second revocation, and have no record
    /// to look up: a `NotFound` after an answer that was lost leaves open whether there was such a key.
    fn revoke<'a>(&'a self, id: &'a KeyId) -> BoxFuture<'a, Result<Revocation, Error>>;

    /// The keys that the vendor lists for this caller, revoked ones too where it lists them. Pages are fetched as they
    /// are needed.
    ///
    /// # Errors
    ///
    /// The stream ends with the first error. Where the vendor has no list, that is `Unsupported`.
    fn list(&self) -> BoxStream<'_, Result<KeyRecord, Error>>;

    /// One key by its id.
    ///
    /// # Errors
    ///
    /// `Unsupported` where the vendor has no such operation.
    fn get<'a>(&'a self, id: &'a KeyId) -> BoxFuture<'a, Result<KeyRecord, Error>>;

    /// Tries a key out, by [the read](Capabilities::verify) that the vendor documents for any key, over the connections
    /// of this client. A key that works thereby has been used.
    ///
    /// # Errors
    ///
    /// Whatever is neither a success nor a refusal of the key. At Dolfin also if the key does not come with its tenant
    /// (see [`TenantKey`]), and for a 403: no page says how a bad key is refused there.
    fn verify<'a>(&'a self, key: &'a dyn PlaintextKey) -> BoxFuture<'a, Result<Verification, Error>>;

    /// The same vendor over the same connections, with another key.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` if the key cannot be a header's value.
    fn with_key(&self, key: &Secret) -> Result<Box<dyn ApiKeys>, Error>;

    /// The same caller with another policy for making calls again, for one call or more.
    fn with_retry(&self, policy: RetryPolicy) -> Box<dyn ApiKeys>;

    /// The same caller with another bound for a call with all its attempts and waits, for one call or more. A list of
    /// several pages is several calls, and so are a search for strays and a rotation.
    fn with_timeout(&self, total: Duration) -> Box<dyn ApiKeys>;

    /// Replaces a key: makes a successor, tries it out, hands it to `store`, and only then revokes the old one. A
    /// [`Rotation`] does the same and can be gone on with where it stopped.
    ///
    /// ```
    /// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = keyway_mock::MockServer::start().await;
    /// # let access = server.access(keyway_mock::Vendor::Reten);
    /// # let bearer = access.credentials.admin.replace("bearer:", "");
    /// # let credentials = keyway::reten::Credentials::bearer(bearer).tenant(&access.tenant);
    /// # let keys = keyway::reten::Client::new(&access.base_url, credentials)?;
    /// use keyway::keys::{ApiKeys, IssuedKey, NewKey};
    ///
    /// async fn store(key: IssuedKey) -> Result<(), std::io::Error> {
    ///     // … where you keep secrets …
    ///     # drop(key);
    ///     Ok(())
    /// }
    ///
    /// let keys: Box<dyn ApiKeys> = Box::new(keys);
    /// let old = keys.create(NewKey::named("nightly backup").scopes(["VIEW_ACTIVITIES"])).await?;
    /// let rotated = keys.rotate(old.record(), store).await?;
    /// assert_ne!(rotated.successor.id, old.record().id);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`rotate`].
    fn rotate<'a, O, S, F, E>(&'a self, old: O, store: S) -> BoxFuture<'a, Result<Rotated, RotationError>>
    where
        Self: Sized,
        O: Into<OldKey>,
        S: FnOnce(IssuedKey) -> F + Send + 'a,
        F: Future<Output = Result<(), E>> + Send + 'a,
        E: Into<Box<dyn StdError + Send + Sync>> + 'a,
    {
        let old = old.into();
        Box::pin(rotate(self, old, store))
    }

    /// Finds the key that a failed create may have made, and revokes it.
    ///
    /// By its id if the stray tells one, else by its mark if it was to have one. Without either, by name and time: a
    /// key is revoked if the answer to the create was lost, and not an error, if it was made within the [time of the
    /// call](Stray::window) and never used, and if there is no other unused key of that name from the day before or
    /// after. In any other case the keys of that name are left and [reported](StrayReport::left). So a good key of that
    /// name which another program has made in the same seconds and not used yet can be taken for the lost one; a mark
    /// excludes that ([`NewKey::marked`]), and so does [`Stray::excluding`].
    ///
    /// A search that [found nothing](StrayReport::found_nothing) proves nothing: look again later.
    ///
    /// # Errors
    ///
    /// As [`list`](Self::list) and [`revoke`](Self::revoke). `Unsupported` where the vendor has no list and the id is
    /// not known; the error says what a person can do.
    fn revoke_strays<'a>(&'a self, stray: &'a Stray) -> BoxFuture<'a, Result<StrayReport, Error>> {
        Box::pin(stray::revoke_strays(self, stray))
    }
}

macro_rules! forward {
    ($($pointer:ty),*) => {$(
        impl<T: ApiKeys + ?Sized> ApiKeys for $pointer {
            fn vendor(&self) -> Vendor {
                (**self).vendor()
            }

            fn base_url(&self) -> String {
                (**self).base_url()
            }

            fn capabilities(&self) -> &'static Capabilities {
                (**self).capabilities()
            }

            fn create(&self, key: NewKey) -> BoxFuture<'_, Result<IssuedKey, Error>> {
                (**self).create(key)
            }

            fn revoke<'a>(&'a self, id: &'a KeyId) -> BoxFuture<'a, Result<Revocation, Error>> {
                (**self).revoke(id)
            }

            fn list(&self) -> BoxStream<'_, Result<KeyRecord, Error>> {
                (**self).list()
            }

            fn get<'a>(&'a self, id: &'a KeyId) -> BoxFuture<'a, Result<KeyRecord, Error>> {
                (**self).get(id)
            }

            fn verify<'a>(&'a self, key: &'a dyn PlaintextKey) -> BoxFuture<'a, Result<Verification, Error>> {
                (**self).verify(key)
            }

            fn with_key(&self, key: &Secret) -> Result<Box<dyn ApiKeys>, Error> {
                (**self).with_key(key)
            }

            fn with_retry(&self, policy: RetryPolicy) -> Box<dyn ApiKeys> {
                (**self).with_retry(policy)
            }

            fn with_timeout(&self, total: Duration) -> Box<dyn ApiKeys> {
                (**self).with_timeout(total)
            }

            fn revoke_strays<'a>(&'a self, stray: &'a Stray) -> BoxFuture<'a, Result<StrayReport, Error>> {
                (**self).revoke_strays(stray)
            }
        }
    )*};
}

forward!(&T, Box<T>, Arc<T>);
