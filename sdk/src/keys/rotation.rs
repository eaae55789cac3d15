//! Replacing a key by a new one without a moment in which its owner has none that works.
//!
//! Each step of a rotation first writes down what it may be about to change, then does it, then writes down what came of it.
//! So a future that is dropped in between leaves a [`Progress`] that errs on the side of naming too much.

mod error;
mod plan;
mod progress;
mod steps;

use std::{error::Error as StdError, future::Future, time::Duration};

use tokio::time::Instant;

pub use error::{Cause, RotationError};
pub use progress::{OldState, Progress, Step, Successor};

use super::{ApiKeys, IssuedKey, KeyId, KeyRecord, NewKey, Revocation, Stray};
use crate::Secret;

/// Replaces a key by a successor: made like the old one, tried out, handed to the caller to be stored, and only then is
/// the old one revoked.
///
/// ```
/// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let server = keyway_mock::MockServer::start().await;
/// # let access = server.access(keyway_mock::Vendor::B3os);
/// # let credentials = keyway::b3os::Credentials::bearer(access.credentials.admin.replace("bearer:", ""));
/// # let keys = keyway::b3os::Client::new(&access.base_url, credentials)?;
/// # async fn into_vault(key: keyway::keys::IssuedKey) -> std::io::Result<()> { let _ = key; Ok(()) }
/// use keyway::keys::{ApiKeys, NewKey, Rotation};
///
/// let old = keys.create(NewKey::named("nightly backup").scopes(["read"])).await?;
///
/// let mut rotation = Rotation::of(old.record());
/// match rotation.run(&keys, into_vault).await {
///     Ok(rotated) => println!("{:?} took over", rotated.successor.id),
///     // The old key still works, or the successor that was stored. `run` goes on from here.
///     Err(error) => println!("{error}: {}", rotation.progress()),
/// }
/// # Ok(()) }
/// ```
///
/// The state is in this value: a run that fails, or whose future is dropped, leaves a [`progress`](Self::progress) that
/// names every key there is, and [`run`](Self::run) goes on from there. The successor's secret is kept until it is stored and
/// the old key revoked, and overwritten in memory when it is dropped. It does not outlive the process.
#[derive(Debug)]
pub struct Rotation {
    old: OldKey,
    wanted: Option<NewKey>,
    mark: Marking,
    overlap: Duration,
    whose: Whose,
    old_secret: Option<Secret>,
    old_state: OldState,
    stage: Stage,
}

/// The key that is to be replaced: by its id, or by its record, which need not be read then.
#[derive(Clone, Debug)]
pub enum OldKey {
    /// By its id.
    Id(KeyId),
    /// By its record.
    Record(Box<KeyRecord>),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Marking {
    Plain,
    Marked,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Whose {
    Anothers,
    Callers,
}

/// How far the successor is.
#[derive(Debug)]
enum Stage {
    None,
    /// Its create was sent, or was about to be.
    Perhaps(Stray),
    Made(IssuedKey),
    Verified(IssuedKey),
    /// The store was called with it and has not said that it has it.
    Handed(IssuedKey),
    Stored(IssuedKey, Instant),
    /// It is to be revoked.
    Doomed(IssuedKey),
    /// It has taken over.
    Done(Rotated),
}

/// A rotation that is over.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
pub struct Rotated {
    /// The key that took over.
    pub successor: KeyRecord,
    /// How the old one ended.
    pub old: Revocation,
}

impl Rotation {
    /// A rotation of this key. Nothing happens before [`run`](Self::run).
    ///
    /// The successor gets the old key's name, scopes, description and length of life. Where no record of the old key can
    /// be had, at Sinjapp and, without the record that came with its creation, at Dolfin, say what the successor shall be:
    /// [`successor`](Self::successor).
    pub fn of(old: impl Into<OldKey>) -> Self {
        Self {
            old: old.into(),
            wanted: None,
            mark: Marking::Plain,
            overlap: Duration::ZERO,
            whose: Whose::Anothers,
            old_secret: None,
            old_state: OldState::Untouched,
            stage: Stage::None,
        }
    }

    /// Makes the successor like this and not like the old key.
    #[must_use]
    pub fn successor(self, key: NewKey) -> Self {
        Self {
            wanted: Some(key),
            ..self
        }
    }

    /// Marks the successor, so that it is found for certain should the answer to its create be lost:
    /// [`NewKey::marked`].
    #[must_use]
    pub fn marked(self) -> Self {
        Self {
            mark: Marking::Marked,
            ..self
        }
    }

    /// Keeps the old key for this time after the successor was stored, for those who have yet to learn of it.
    #[must_use]
    pub fn overlap(self, overlap: Duration) -> Self {
        Self { overlap, ..self }
    }

    /// Says that the old key is the one that the client calls with. It is then revoked in its successor's name, so that its
    /// end does not cut off the answer; the client itself is of no use afterwards.
    #[must_use]
    pub fn of_own_key(self) -> Self {
        Self {
            whose: Whose::Callers,
            ..self
        }
    }

    /// Tells the old key's secret, for the case that the answer to its revocation is lost and a second one is told that
    /// there is no such key, as Sinjapp and Dolfin may. That the old key is refused then proves that it is revoked.
    #[must_use]
    pub fn old_secret(self, secret: impl Into<Secret>) -> Self {
        Self {
            old_secret: Some(secret.into()),
            ..self
        }
    }

    /// Which keys there are.
    pub fn progress(&self) -> Progress {
        let record = |issued: &IssuedKey| issued.record().clone();
        Progress {
            old: self.old.id().cloned(),
            old_state: self.old_state,
            successor: match &self.stage {
                Stage::None => Successor::None,
                Stage::Perhaps(stray) => Successor::Perhaps(stray.clone()),
                Stage::Made(issued) => Successor::Made(record(issued)),
                Stage::Verified(issued) => Successor::Verified(record(issued)),
                Stage::Handed(issued) => Successor::Handed(record(issued)),
                Stage::Stored(issued, _) => Successor::Stored(record(issued)),
                Stage::Doomed(issued) => Successor::PerhapsRevoked(record(issued)),
                Stage::Done(rotated) => Successor::Stored(rotated.successor.clone()),
            },
        }
    }

    /// The successor's secret, while it is kept here: until the old key is revoked.
    pub fn secret(&self) -> Option<&Secret> {
        match &self.stage {
            Stage::Made(issued)
            | Stage::Verified(issued)
            | Stage::Handed(issued)
            | Stage::Stored(issued, _)
            | Stage::Doomed(issued) => Some(issued.secret()),
            Stage::None | Stage::Perhaps(_) | Stage::Done(_) => None,
        }
    }

    /// Rotates, or goes on where an earlier run stopped.
    ///
    /// A successor that is genuine but may not do the read by which keys are tried out ([`Verification::Forbidden`](super::Verification::Forbidden)) counts
    /// as tried out: what it may do is what the old key might.
    ///
    /// `store` gets the successor and says when it is kept safe. It may be called again with the same key by a later run,
    /// if it failed or was dropped.
    ///
    /// # Errors
    ///
    /// With the step that failed and the keys there are. If the answer to a create was lost, the next run looks for the key
    /// that it may have made and revokes it; where the vendor lists no keys, or cannot tell that key from others, the run
    /// stops until [`leave_stray`](Self::leave_stray) says to go on. A successor that the vendor refuses is revoked again.
    pub async fn run<K, S, F, E>(&mut self, keys: &K, store: S) -> Result<Rotated, RotationError>
    where
        K: ApiKeys + ?Sized,
        S: FnOnce(IssuedKey) -> F,
        F: Future<Output = Result<(), E>>,
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        let mut store = Some(store);
        loop {
            match &self.stage {
                Stage::Doomed(_) => self.end_successor(keys).await?,
                Stage::Perhaps(stray) => {
                    let stray = stray.clone();
                    self.find_stray(keys, &stray).await?;
                }
                Stage::None => self.make(keys).await?,
                Stage::Made(issued) => {
                    let issued = issued.clone();
                    self.verify(keys, issued).await?;
                }
                Stage::Verified(issued) | Stage::Handed(issued) => {
                    let issued = issued.clone();
                    // Its only way out is `Stored` or an error, so that it comes here once.
                    if let Some(store) = store.take() {
                        self.store(store, issued).await?;
                    }
                }
                Stage::Stored(issued, at) => {
                    let (issued, until) = (issued.clone(), *at + self.overlap);
                    if !self.overlap.is_zero() {
                        tokio::time::sleep_until(until).await;
                    }
                    self.revoke_old(keys, &issued).await?;
                }
                Stage::Done(rotated) => return Ok(rotated.clone()),
            }
        }
    }

    /// Gives the rotation up: revokes the successor, or looks for the key that a lost answer may have left. The old key stays.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run) when it looks for a stray key; and if the old key is revoked, or may be: then the successor may be
    /// the only key that works, and stays.
    pub async fn abandon<K: ApiKeys + ?Sized>(&mut self, keys: &K) -> Result<(), RotationError> {
        if self.old_state != OldState::Untouched {
            return Err(self.stopped(Step::Abandon, Cause::OldIsGone));
        }
        match std::mem::replace(&mut self.stage, Stage::None) {
            Stage::Perhaps(stray) => {
                self.stage = Stage::Perhaps(stray.clone());
                self.find_stray(keys, &stray).await
            }
            Stage::Made(issued)
            | Stage::Verified(issued)
            | Stage::Handed(issued)
            | Stage::Stored(issued, _)
            | Stage::Doomed(issued) => {
                self.stage = Stage::Doomed(issued);
                self.end_successor(keys).await
            }
            stage @ (Stage::None | Stage::Done(_)) => {
                self.stage = stage;
                Ok(())
            }
        }
    }

    /// Goes on although a stray key may exist: it is handed to the caller, who has seen to it or will.
    pub fn leave_stray(&mut self) -> Option<Stray> {
        match std::mem::replace(&mut self.stage, Stage::None) {
            Stage::Perhaps(stray) => Some(stray),
            stage => {
                self.stage = stage;
                None
            }
        }
    }

    /// The error of a run that could not begin with what is next.
    #[cfg(feature = "blocking")]
    pub(crate) fn not_begun(&self, error: super::Error) -> RotationError {
        let step = match &self.stage {
            Stage::None => Step::ReadOld,
            Stage::Perhaps(_) => Step::FindStray,
            Stage::Made(_) => Step::Verify,
            Stage::Verified(_) | Stage::Handed(_) => Step::Store,
            Stage::Stored(..) | Stage::Done(_) => Step::RevokeOld,
            Stage::Doomed(_) => Step::RevokeSuccessor,
        };
        self.stopped(step, Cause::Keys(error))
    }

    fn stopped(&self, step: Step, cause: Cause) -> RotationError {
        RotationError::new(step, self.progress(), cause)
    }
}

/// [`Rotation::run`] in one call, for a program that would not go on anyway.
///
/// # Errors
///
/// As [`Rotation::run`]. The error names the keys there are, and if a successor's secret was not stored, it is lost: the
/// successor is to be revoked by hand. If the future is dropped, nothing is known; use a [`Rotation`] where that can happen.
pub async fn rotate<K, S, F, E>(keys: &K, old: impl Into<OldKey>, store: S) -> Result<Rotated, RotationError>
where
    K: ApiKeys + ?Sized,
    S: FnOnce(IssuedKey) -> F,
    F: Future<Output = Result<(), E>>,
    E: Into<Box<dyn StdError + Send + Sync>>,
{
    Rotation::of(old).run(keys, store).await
}

impl OldKey {
    /// The id, if there is one: a record may lack it.
    pub fn id(&self) -> Option<&KeyId> {
        match self {
            Self::Id(id) => Some(id),
            Self::Record(record) => record.id.as_ref(),
        }
    }
}

impl From<KeyId> for OldKey {
    fn from(id: KeyId) -> Self {
        Self::Id(id)
    }
}

impl From<&KeyId> for OldKey {
    fn from(id: &KeyId) -> Self {
        Self::Id(id.clone())
    }
}

impl From<KeyRecord> for OldKey {
    fn from(record: KeyRecord) -> Self {
        Self::Record(Box::new(record))
    }
}

impl From<&KeyRecord> for OldKey {
    fn from(record: &KeyRecord) -> Self {
        Self::from(record.clone())
    }
}
