//! Making a key where the future that makes it may be dropped.

use super::{ApiKeys, Error, IssuedKey, NewKey, Stray};

/// The making of a key that leaves no key unheard of, also if the future that makes it is dropped: by a timeout, in a
/// `select!`, or because a user has gone.
///
/// A vendor that was sent a create goes on with it, whoever listens. So what the key would be found by is written down
/// before anything is sent, and stays until its answer is there:
///
/// ```
/// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let server = keyway_mock::MockServer::start().await;
/// # let access = server.access(keyway_mock::Vendor::B3os);
/// # let credentials = keyway::b3os::Credentials::bearer(access.credentials.admin.replace("bearer:", ""));
/// # let keys = keyway::b3os::Client::new(&access.base_url, credentials)?;
/// # let patience = std::time::Duration::from_secs(5);
/// use keyway::keys::{ApiKeys, Creation, NewKey};
///
/// let mut creation = Creation::of(NewKey::named("nightly backup").scopes(["read"]));
/// match tokio::time::timeout(patience, creation.run(&keys)).await {
///     Ok(issued) => println!("made {:?}", issued?.id()),
///     Err(_) => {
///         for stray in creation.strays() {
///             let report = keys.revoke_strays(stray).await?;
///             println!("{report}"); // nothing found? The vendor may still be at it: look once more later.
///         }
///     }
/// }
/// # Ok(()) }
/// ```
///
/// Every run marks its key ([`NewKey::marked`]) with a mark of its own. Where the vendor lists no keys, the mark in the key's
/// name is what a person looks for in the vendor's dashboard.
#[derive(Clone, Debug, PartialEq)]
pub struct Creation {
    key: NewKey,
    strays: Vec<Stray>,
}

impl Creation {
    /// The making of this key. Nothing happens before [`run`](Self::run).
    pub fn of(key: NewKey) -> Self {
        let key = key.marked();
        let strays = Vec::new();
        Self { key, strays }
    }

    /// Makes the key. Another run makes another key.
    ///
    /// # Errors
    ///
    /// As [`ApiKeys::create`].
    pub async fn run<K: ApiKeys + ?Sized>(&mut self, keys: &K) -> Result<IssuedKey, Error> {
        let key = self.key.clone().with_mark_drawn();
        self.strays.push(key.trace(keys));
        let made = keys.create(key).await;
        self.strays.pop();
        if let Err(error) = &made {
            self.strays.extend(error.stray().cloned());
        }
        made
    }

    /// The keys that runs may have made without anybody learning their secrets: of each run that was dropped, and of each
    /// that failed with an [`Error::stray`].
    pub fn strays(&self) -> &[Stray] {
        &self.strays
    }
}
