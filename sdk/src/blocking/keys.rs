//! The common vocabulary over the blocking clients.

use std::{error::Error as StdError, fmt, sync::Arc, time::Duration};

use futures_util::StreamExt as _;

use super::host::Host;
use crate::{
    RetryPolicy, Secret, Vendor,
    error::InsideRuntime,
    keys::{
        ApiKeys, BoxStream, Capabilities, Error, IssuedKey, KeyId, KeyRecord, NewKey, Operation,
        PlaintextKey, Revocation, Rotated, Rotation, RotationError, Stray, StrayReport, Verification,
    },
};

/// The keys of one caller at one vendor, in the vocabulary of [`keyway::keys`](crate::keys).
///
/// Every blocking client has them:
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let elsewhere = tokio::runtime::Runtime::new()?;
/// # let server = elsewhere.block_on(keyway_mock::MockServer::start());
/// # let access = server.access(keyway_mock::Vendor::B3os);
/// # let (base_url, secret) = (access.base_url, access.credentials.admin.replace("bearer:", ""));
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("nightly-backup.key");
/// use keyway::{blocking::b3os, b3os::Credentials, keys::{NewKey, Rotation, Verification}};
///
/// let keys = b3os::Client::new(&base_url, Credentials::bearer(secret))?.keys();
/// let old = keys.create(NewKey::named("nightly backup").scopes(["read"]))?;
///
/// let mut rotation = Rotation::of(old.record());
/// keys.rotate(&mut rotation, |key| std::fs::write(&path, key.secret().expose_secret()))?;
/// assert_eq!(keys.verify(&old)?, Verification::Refused);
/// # Ok(()) }
/// ```
///
/// Its methods are those of [`ApiKeys`] and fail as those do; inside of an asynchronous task all of them fail with
/// [`ErrorKind::InsideRuntime`](crate::ErrorKind::InsideRuntime), and nothing is sent.
#[derive(Clone)]
pub struct Keys {
    keys: Arc<dyn ApiKeys>,
    host: Host,
}

impl Keys {
    pub(super) fn new(keys: impl ApiKeys + 'static, host: Host) -> Self {
        let keys = Arc::new(keys);
        Self { keys, host }
    }

    /// Whose keys they are.
    pub fn vendor(&self) -> Vendor {
        self.keys.vendor()
    }

    /// What the vendor can do.
    pub fn capabilities(&self) -> &'static Capabilities {
        self.keys.capabilities()
    }

    /// Makes a key.
    ///
    /// # Errors
    ///
    /// As [`ApiKeys::create`].
    pub fn create(&self, key: NewKey) -> Result<IssuedKey, Error> {
        self.wait(Operation::Create, self.keys.create(key))
    }

    /// Ends a key for good.
    ///
    /// # Errors
    ///
    /// As [`ApiKeys::revoke`].
    pub fn revoke(&self, id: &KeyId) -> Result<Revocation, Error> {
        self.wait(Operation::Revoke, self.keys.revoke(id))
    }

    /// The keys that the vendor lists for this caller. Pages are fetched as they are needed; each may take a call.
    ///
    /// # Errors
    ///
    /// The list ends with the first error, as that of [`ApiKeys::list`] does.
    pub fn list(&self) -> KeyList<'_> {
        KeyList {
            keys: self,
            records: Some(self.keys.list()),
        }
    }

    /// One key by its id.
    ///
    /// # Errors
    ///
    /// As [`ApiKeys::get`].
    pub fn get(&self, id: &KeyId) -> Result<KeyRecord, Error> {
        self.wait(Operation::Get, self.keys.get(id))
    }

    /// Tries a key out.
    ///
    /// # Errors
    ///
    /// As [`ApiKeys::verify`].
    pub fn verify(&self, key: &dyn PlaintextKey) -> Result<Verification, Error> {
        self.wait(Operation::Verify, self.keys.verify(key))
    }

    /// The same vendor over the same connections, with another key.
    ///
    /// # Errors
    ///
    /// As [`ApiKeys::with_key`].
    pub fn with_key(&self, key: &Secret) -> Result<Self, Error> {
        Ok(Self {
            keys: self.keys.with_key(key)?.into(),
            host: self.host.clone(),
        })
    }

    /// The same caller with another policy for making calls again, for one call or more.
    #[must_use]
    pub fn with_retry(&self, policy: RetryPolicy) -> Self {
        Self {
            keys: self.keys.with_retry(policy).into(),
            host: self.host.clone(),
        }
    }

    /// The same caller with another bound for a call with all its attempts and waits, for one call or more.
    #[must_use]
    pub fn with_timeout(&self, total: Duration) -> Self {
        Self {
            keys: self.keys.with_timeout(total).into(),
            host: self.host.clone(),
        }
    }

    /// Finds the key that a failed create may have made, and revokes it.
    ///
    /// # Errors
    ///
    /// As [`ApiKeys::revoke_strays`].
    pub fn revoke_strays(&self, stray: &Stray) -> Result<StrayReport, Error> {
        self.wait(Operation::RevokeStrays, self.keys.revoke_strays(stray))
    }

    /// Rotates, or goes on where an earlier run stopped: [`Rotation::run`]. An overlap is waited for here.
    ///
    /// # Errors
    ///
    /// As [`Rotation::run`].
    pub fn rotate<S, E>(&self, rotation: &mut Rotation, store: S) -> Result<Rotated, RotationError>
    where
        S: FnOnce(IssuedKey) -> Result<(), E>,
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        let run = rotation.run(&*self.keys, |key| std::future::ready(store(key)));
        match self.host.block_on(run) {
            Ok(rotated) => rotated,
            Err(_) => Err(rotation.not_begun(self.refused(Operation::Rotate))),
        }
    }

    /// Gives a rotation up: [`Rotation::abandon`].
    ///
    /// # Errors
    ///
    /// As [`Rotation::abandon`].
    pub fn abandon(&self, rotation: &mut Rotation) -> Result<(), RotationError> {
        match self.host.block_on(rotation.abandon(&*self.keys)) {
            Ok(abandoned) => abandoned,
            Err(_) => Err(rotation.not_begun(self.refused(Operation::Rotate))),
        }
    }

    fn wait<T>(
        &self,
        operation: Operation,
        call: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        match self.host.block_on(call) {
            Ok(result) => result,
            Err(InsideRuntime) => Err(self.refused(operation)),
        }
    }

    fn refused(&self, operation: Operation) -> Error {
        Error::inside_runtime(self.vendor(), operation)
    }
}

/// Shows whose keys they are.
impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys")
            .field("vendor", &self.vendor())
            .finish_non_exhaustive()
    }
}

/// The keys that a vendor lists: [`Keys::list`].
pub struct KeyList<'a> {
    keys: &'a Keys,
    /// None after the end, or an error.
    records: Option<BoxStream<'a, Result<KeyRecord, Error>>>,
}

impl Iterator for KeyList<'_> {
    type Item = Result<KeyRecord, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut records = self.records.take()?;
        let next = match self.keys.host.block_on(records.next()) {
            Ok(next) => next,
            Err(InsideRuntime) => Some(Err(self.keys.refused(Operation::List))),
        };
        if let Some(Ok(_)) = &next {
            self.records = Some(records);
        }
        next
    }
}

/// Shows whose keys they are.
impl fmt::Debug for KeyList<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyList")
            .field("keys", self.keys)
            .finish_non_exhaustive()
    }
}
