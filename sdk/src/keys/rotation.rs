//! Replacing a key by a new one without a moment in which its owner has none that works.
//!
//! Each step of a rotation first writes down what it may be about to change, then does it, then writes down what came
//! of it. So a future that is dropped in between leaves a [`Progress`] that errs on the side of naming too much.

mod error;
mod old;
mod plan;
mod progress;
mod steps;
mod strays;

use std::{error::Error as StdError, future::Future, time::Duration};

use tokio::time::Instant;

pub use error::{Cause, RotationError};
pub use old::OldKey;
pub use progress::{OldState, Progress, Step, Successor};

use super::{ApiKeys, IssuedKey, KeyRecord, NewKey, Revocation, Stray};
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
/// names every key there is, and [`run`](Self::run) goes on from there. The successor's secret is kept until it is
/// stored and the old key revoked, and overwritten in memory when it is dropped. It does not outlive the process.
#[derive(Debug)]
pub struct Rotation {
    old: OldKey,
    wanted: Option<NewKey>,
    mark: Marking,
    overlap: Duration,
    patience: Duration,
    whose: Whose,
    old_secret: Option<Secret>,
    old_state: OldState,
    stage: Stage,
    /// What the present successor was asked for with, to look for it if its answer tells too little.
    asked: Option<Stray>,
    strays: Vec<Stray>,
}

/// How long a vendor may take until all of its servers know of a key that one of them made.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Marking {
    /// Where there is a description, so that the name stays as it is.
    InDescription,
    Always,
    Never,
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
    Doomed(IssuedKey, Tried),
    /// It has taken over, and the old one ended in this way.
    Done(KeyRecord, Revocation),
}

/// Whether a key that was given up has ever worked.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Tried {
    InVain,
    AndWorked,
}

/// A rotation that is over.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
pub struct Rotated {
    /// The key that took over.
    pub successor: KeyRecord,
    /// How the old one ended.
    pub old: Revocation,
    /// The keys that may exist besides, and whose secrets nobody has: [`Rotation::strays`].
    pub strays: Vec<Stray>,
}

impl Rotation {
    /// A rotation of this key. Nothing happens before [`run`](Self::run).
    ///
    /// The successor gets the old key's name, scopes, description and length of life. Where no record of the old key
    /// can be had, or it does not tell these, say what the successor shall be: [`successor`](Self::successor). So it is
    /// at Sinjapp, and at Dolfin without the record that came with the key's creation.
    pub fn of(old: impl Into<OldKey>) -> Self {
        Self {
            old: old.into(),
            wanted: None,
            mark: Marking::InDescription,
            overlap: Duration::ZERO,
            patience: PATIENCE,
            whose: Whose::Anothers,
            old_secret: None,
            old_state: OldState::Untouched,
            stage: Stage::None,
            asked: None,
            strays: Vec::new(),
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

    /// Marks the successor at every vendor, so that it is found for certain should the answer to its create be lost:
    /// [`NewKey::marked`]. Without this it is marked only at B3OS, whose keys have a description: elsewhere the mark
    /// goes into the name. A successor that was lost and has no mark is named, and never revoked: it cannot be told
    /// from one that somebody else has made and stored.
    #[must_use]
    pub fn marked(self) -> Self {
        Self {
            mark: Marking::Always,
            ..self
        }
    }

    /// Marks the successor nowhere, so that also its description is what the old key's was.
    #[must_use]
    pub fn unmarked(self) -> Self {
        Self {
            mark: Marking::Never,
            ..self
        }
    }

    /// How long a successor that the vendor refuses is tried out again before it is given up: not all of a vendor's
    /// servers need know at once of a key that one of them has made. Five seconds, if it is not said; zero tries once.
    #[must_use]
    pub fn settles_within(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Keeps the old key for this time after the successor was stored, for those who have yet to learn of it.
    #[must_use]
    pub fn overlap(self, overlap: Duration) -> Self {
        Self { overlap, ..self }
    }

    /// Says that the old key is the one that the client calls with. It is then revoked in its successor's name, so that
    /// its end does not cut off the answer; the client itself is of no use afterwards.
    #[must_use]
    pub fn of_own_key(self) -> Self {
        Self {
            whose: Whose::Callers,
            ..self
        }
    }

    /// Tells the old key's secret, for the case that its revocation is told that there is no such key: because it is
    /// revoked already, by a call whose answer was lost or by somebody else. Sinjapp and Dolfin have no record that
    /// would tell; that the old key is refused proves it.
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
                Stage::Doomed(issued, _) => Successor::PerhapsRevoked(record(issued)),
                Stage::Done(successor, _) => Successor::Stored(successor.clone()),
            },
            strays: self.strays.clone(),
        }
    }

    /// The keys that this rotation may have made besides its successor, whose secrets nobody has. Each was looked for
    /// and not found, or could not be told from others, or was [left](Self::leave_stray). [`run`](Self::run) looks for
    /// them again before it revokes the old key, and when it is called once more after that; a vendor may be late.
    ///
    /// [`ApiKeys::revoke_strays`] revokes such a key only by its mark or its id, and else reports the keys that may be
    /// it.
    pub fn strays(&self) -> &[Stray] {
        &self.strays
    }

    /// The successor's secret, while it is kept here: until the old key is revoked.
    pub fn secret(&self) -> Option<&Secret> {
        match &self.stage {
            Stage::Made(issued)
            | Stage::Verified(issued)
            | Stage::Handed(issued)
            | Stage::Stored(issued, _)
            | Stage::Doomed(issued, _) => Some(issued.secret()),
            Stage::None | Stage::Perhaps(_) | Stage::Done(..) => None,
        }
    }

    /// Rotates, or goes on where an earlier run stopped.
    ///
    /// A successor that is genuine but may not do the read by which keys are tried out
    /// ([`Verification::Forbidden`](super::Verification::Forbidden)) counts as tried out: what it may do is what the
    /// old key might.
    ///
    /// `store` gets the successor and says when it is kept safe. It may be called again with the same key by a later
    /// run, if it failed or was dropped.
    ///
    /// Right before the old key is revoked, the successor is tried out once more.
    ///
    /// # Errors
    ///
    /// With the step that failed and the keys there are. If the answer to a create was lost, the next run looks for the
    /// key that it may have made. One that is told by its mark or its id is revoked; otherwise it is kept among
    /// [`strays`](Self::strays), and the run goes on with another successor. Where the vendor lists no keys, nothing
    /// can be looked for, and the run stops until [`leave_stray`](Self::leave_stray) says to go on.
    ///
    /// A successor that the vendor refuses from the beginning is revoked again. One that it refuses after it was stored
    /// stays, and so does the old key: see [`abandon`](Self::abandon).
    ///
    /// If the revocation of the old key is told that there is no such key, its record decides, or its
    /// [secret](Self::old_secret); where neither is known, [`old_is_gone`](Self::old_is_gone) does.
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
                Stage::Doomed(..) => self.end_successor(keys).await?,
                Stage::Perhaps(stray) => {
                    let stray = stray.clone();
                    self.find_stray(keys, stray).await?;
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
                    let (issued, left) = (issued.clone(), self.overlap.saturating_sub(at.elapsed()));
                    if self.old_state != OldState::Revoked && !left.is_zero() {
                        tokio::time::sleep(left).await;
                    }
                    // While the client's own key still works, if that is the old one.
                    self.look_again(keys).await;
                    self.revoke_old(keys, &issued).await?;
                }
                Stage::Done(successor, old) => {
                    let (successor, old) = (successor.clone(), *old);
                    // With what is left of the client it may fail, and changes nothing then.
                    self.look_again(keys).await;
                    let strays = self.strays.clone();
                    return Ok(Rotated {
                        successor,
                        old,
                        strays,
                    });
                }
            }
        }
    }

    /// Gives the rotation up: revokes the successor, and looks for the keys that lost answers may have left. The old
    /// key stays.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run). If the old key is revoked or ended, or may be, the successor may be the only key that
    /// works, and stays: before the successor is revoked, the old key's record is read, or its
    /// [secret](Self::old_secret) tried out where the vendor has no record. Where neither can be had, what counts is
    /// that this rotation has not touched it.
    ///
    /// Also if a key that may have been made was looked for and not found, until somebody [takes](Self::take_strays) it on.
    pub async fn abandon<K: ApiKeys + ?Sized>(&mut self, keys: &K) -> Result<(), RotationError> {
        if self.old_state != OldState::Untouched {
            return Err(self.stopped(Step::Abandon, Cause::OldIsGone));
        }
        match &self.stage {
            Stage::Perhaps(stray) => {
                let stray = stray.clone();
                self.find_stray(keys, stray).await?;
            }
            Stage::Made(issued) => self.give_up(keys, issued.clone(), Tried::InVain).await?,
            Stage::Verified(issued) | Stage::Handed(issued) | Stage::Stored(issued, _) => {
                self.give_up(keys, issued.clone(), Tried::AndWorked).await?;
            }
            Stage::Doomed(..) => self.end_successor(keys).await?,
            Stage::None | Stage::Done(..) => {}
        }
        match self.look_again(keys).await {
            Some(cause) => Err(self.stopped(Step::FindStray, cause)),
            None => Ok(()),
        }
    }

    /// Goes on although a stray key may exist, where none can be looked for. The caller sees to it;
    /// [`strays`](Self::strays) names it all the same.
    pub fn leave_stray(&mut self) -> Option<Stray> {
        match std::mem::replace(&mut self.stage, Stage::None) {
            Stage::Perhaps(stray) => {
                self.strays.push(stray.clone());
                Some(stray)
            }
            stage => {
                self.stage = stage;
                None
            }
        }
    }

    /// Hands the [`strays`](Self::strays) over: the caller sees to them, and neither [`run`](Self::run) nor
    /// [`abandon`](Self::abandon) looks for them any more.
    pub fn take_strays(&mut self) -> Vec<Stray> {
        self.leave_stray();
        std::mem::take(&mut self.strays)
    }

    /// Says that the old key is revoked or deleted, as the caller knows, so that [`run`](Self::run) ends without
    /// revoking it, and [`abandon`](Self::abandon) does not take the successor back. At Sinjapp and Dolfin no record
    /// tells.
    pub fn old_is_gone(&mut self) {
        self.old_state = OldState::Revoked;
    }

    /// The error of a run that could not begin with what is next.
    #[cfg(feature = "blocking")]
    pub(crate) fn not_begun(&self, error: super::Error) -> RotationError {
        let step = match &self.stage {
            Stage::None => Step::ReadOld,
            Stage::Perhaps(_) => Step::FindStray,
            Stage::Made(_) => Step::Verify,
            Stage::Verified(_) | Stage::Handed(_) => Step::Store,
            Stage::Stored(..) | Stage::Done(..) => Step::RevokeOld,
            Stage::Doomed(..) => Step::RevokeSuccessor,
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
/// As [`Rotation::run`]. The error names the keys there are, and if a successor's secret was not stored, it is lost:
/// the successor is to be revoked by hand. If the future is dropped, nothing is known; use a [`Rotation`] where that
/// can happen.
pub async fn rotate<K, S, F, E>(keys: &K, old: impl Into<OldKey>, store: S) -> Result<Rotated, RotationError>
where
    K: ApiKeys + ?Sized,
    S: FnOnce(IssuedKey) -> F,
    F: Future<Output = Result<(), E>>,
    E: Into<Box<dyn StdError + Send + Sync>>,
{
    Rotation::of(old).run(keys, store).await
}
