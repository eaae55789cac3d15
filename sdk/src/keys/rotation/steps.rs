//! The steps of a rotation. Each writes down what it may be about to change, does it, and writes down what came of it.

use std::{error::Error as StdError, future::Future, time::Duration};

use tokio::time::{Instant, sleep};

use super::{
    super::{
        ApiKeys, Error, IssuedKey, Operation, Revocation, Stray, Verification, capabilities::Description,
    },
    Cause, Marking, OldState, Rotation, RotationError, Stage, Step, Tried, Whose,
    old::{Fate, may_mean_gone, was_without_effect},
    plan,
};

/// The first wait before a key is tried out again, and the longest.
const WAITS: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(2));

impl Rotation {
    pub(super) async fn make<K: ApiKeys + ?Sized>(&mut self, keys: &K) -> Result<(), RotationError> {
        let key = match self.plan(keys).await {
            Ok(key) => key,
            Err(error) => return Err(self.stopped(Step::ReadOld, Cause::Keys(error))),
        };
        let is_marked = match self.mark {
            Marking::InDescription => keys.capabilities().description == Description::Free,
            Marking::Always => true,
            Marking::Never => false,
        };
        let key = if is_marked { key.marked() } else { key };
        let key = key.with_mark_drawn();
        let asked = self.unlike_others(key.trace(keys));
        self.asked = Some(asked.clone());
        self.stage = Stage::Perhaps(asked);
        match keys.create(key).await {
            // By its id it would be revoked for the old one.
            Ok(issued) if issued.id().is_some() && issued.id() == self.old.id() => {
                let error = Error::incomplete(
                    keys.vendor(),
                    Operation::Create,
                    "the answer is about the old key",
                );
                Err(self.stopped(Step::Create, Cause::Keys(error)))
            }
            Ok(issued) => {
                self.stage = Stage::Made(issued);
                Ok(())
            }
            Err(error) => {
                self.stage = match error.stray() {
                    Some(stray) => Stage::Perhaps(self.unlike_others(stray.clone())),
                    None => Stage::None,
                };
                Err(self.stopped(Step::Create, Cause::Keys(error)))
            }
        }
    }

    pub(super) async fn verify<K: ApiKeys + ?Sized>(
        &mut self,
        keys: &K,
        issued: IssuedKey,
    ) -> Result<(), RotationError> {
        match self.try_out(keys, &issued).await {
            Ok(verdict) if verdict.is_genuine() => {
                self.stage = Stage::Verified(issued);
                Ok(())
            }
            Ok(verdict) => {
                self.stage = Stage::Doomed(issued, Tried::InVain);
                // If this fails, the progress names the key, and the next run ends it.
                let _ = self.end_successor(keys).await;
                Err(self.stopped(Step::Verify, Cause::Verification(verdict)))
            }
            Err(error) => Err(self.stopped(Step::Verify, Cause::Keys(error))),
        }
    }

    /// Tries the successor out, again and again while it is refused and the vendor may not know of it everywhere.
    async fn try_out<K: ApiKeys + ?Sized>(
        &self,
        keys: &K,
        issued: &IssuedKey,
    ) -> Result<Verification, Error> {
        let began = Instant::now();
        let (mut wait, longest) = WAITS;
        loop {
            let verdict = keys.verify(issued).await?;
            let left = self.patience.saturating_sub(began.elapsed());
            if verdict != Verification::Refused || left.is_zero() {
                return Ok(verdict);
            }
            sleep(wait.min(left)).await;
            wait = longest.min(wait * 2);
        }
    }

    pub(super) async fn store<S, F, E>(&mut self, store: S, issued: IssuedKey) -> Result<(), RotationError>
    where
        S: FnOnce(IssuedKey) -> F,
        F: Future<Output = Result<(), E>>,
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        self.stage = Stage::Handed(issued.clone());
        match store(issued.clone()).await {
            Ok(()) => {
                self.stage = Stage::Stored(issued, Instant::now());
                Ok(())
            }
            Err(error) => Err(self.stopped(Step::Store, Cause::Store(error.into()))),
        }
    }

    /// Ends the old key, if its successor still works: it is some time since that was tried out.
    pub(super) async fn revoke_old<K: ApiKeys + ?Sized>(
        &mut self,
        keys: &K,
        issued: &IssuedKey,
    ) -> Result<(), RotationError> {
        match self.try_out(keys, issued).await {
            Ok(verdict) if verdict.is_genuine() => {}
            Ok(verdict) => return Err(self.stopped(Step::Verify, Cause::Verification(verdict))),
            Err(error) => return Err(self.stopped(Step::Verify, Cause::Keys(error))),
        }
        if self.old_state == OldState::Revoked {
            self.finish(issued, Revocation::AlreadyRevoked);
            return Ok(());
        }
        let before = std::mem::replace(&mut self.old_state, OldState::PerhapsRevoked);
        let ended = match self.whose {
            Whose::Anothers => self.revoke_old_with(keys, issued).await,
            Whose::Callers => match keys.with_key(issued.secret()) {
                Ok(successor) => self.revoke_old_with(&*successor, issued).await,
                Err(error) => Err(Failed::before(error)),
            },
        };
        match ended {
            Ok(old) => {
                self.finish(issued, old);
                Ok(())
            }
            Err(Failed { error, old_lives }) => {
                if old_lives {
                    self.old_state = before;
                }
                Err(self.stopped(Step::RevokeOld, Cause::Keys(error)))
            }
        }
    }

    /// Revokes the old key. Where the answer may mean that it is gone, its record or its secret tells.
    async fn revoke_old_with<K: ApiKeys + ?Sized>(
        &self,
        keys: &K,
        issued: &IssuedKey,
    ) -> Result<Revocation, Failed> {
        let Some(id) = self.old.id() else {
            return Err(Failed::before(plan::no_id(keys.vendor())));
        };
        let error = match keys.revoke(id).await {
            Ok(ended) => return Ok(ended),
            Err(error) => error,
        };
        let old_lives = if may_mean_gone(&error) {
            match self.fate_of_old(keys, issued).await {
                Ok(Fate::Gone) => return Ok(Revocation::AlreadyRevoked),
                fate => matches!(fate, Ok(Fate::Lives)),
            }
        } else {
            was_without_effect(&error, self.whose)
        };
        Err(Failed { error, old_lives })
    }

    fn finish(&mut self, issued: &IssuedKey, old: Revocation) {
        self.old_state = OldState::Revoked;
        let successor = issued.record().clone();
        self.stage = Stage::Done(successor, old);
    }

    /// Takes the successor back, if the old key is good.
    pub(super) async fn give_up<K: ApiKeys + ?Sized>(
        &mut self,
        keys: &K,
        issued: IssuedKey,
        tried: Tried,
    ) -> Result<(), RotationError> {
        match self.fate_of_old(keys, &issued).await {
            Ok(Fate::Lives | Fate::Untold) => {
                self.stage = Stage::Doomed(issued, tried);
                self.end_successor(keys).await
            }
            Ok(Fate::Gone) => {
                self.old_state = OldState::Revoked;
                Err(self.stopped(Step::Abandon, Cause::OldIsGone))
            }
            Ok(Fate::Unclear) => Err(self.stopped(Step::Abandon, Cause::OldIsGone)),
            Err(error) => Err(self.stopped(Step::Abandon, Cause::Keys(error))),
        }
    }

    /// Revokes the successor, which is doomed.
    pub(super) async fn end_successor<K: ApiKeys + ?Sized>(&mut self, keys: &K) -> Result<(), RotationError> {
        let Stage::Doomed(issued, tried) = &self.stage else {
            return Ok(());
        };
        let Some(id) = issued.id() else {
            // It can only be looked for.
            self.strays.extend(self.asked.take());
            self.stage = Stage::None;
            return Ok(());
        };
        if let Err(error) = keys.revoke(id).await {
            match tried {
                // The vendor itself gave this id, so it may come to know of the key yet.
                Tried::InVain if may_mean_gone(&error) => {
                    let stray = Stray::of_record(keys, issued.record());
                    self.strays.push(self.unlike_others(stray));
                }
                // It worked, and now it does not, whatever came of this call.
                Tried::AndWorked if matches!(keys.verify(issued).await, Ok(Verification::Refused)) => {}
                _ => return Err(self.stopped(Step::RevokeSuccessor, Cause::Keys(error))),
            }
        }
        self.stage = Stage::None;
        Ok(())
    }
}

/// A revocation of the old key that failed.
struct Failed {
    error: Error,
    /// Whether it certainly has changed nothing.
    old_lives: bool,
}

impl Failed {
    /// It was not tried.
    fn before(error: Error) -> Self {
        let old_lives = true;
        Self { error, old_lives }
    }
}
