//! The steps of a rotation. Each writes down what it may be about to change, does it, and writes down what came of it.

use std::{error::Error as StdError, future::Future};

use tokio::time::Instant;

use super::{
    super::{ApiKeys, Error, IssuedKey, Revocation, Stray, TenantKey, Verification},
    Cause, Marking, OldState, Rotated, Rotation, RotationError, Stage, Step, Whose, plan,
};
use crate::{Delivery, ErrorKind};

impl Rotation {
    pub(super) async fn find_stray<K: ApiKeys + ?Sized>(
        &mut self,
        keys: &K,
        stray: &Stray,
    ) -> Result<(), RotationError> {
        match keys.revoke_strays(stray).await {
            Ok(report) if report.is_settled() => {
                self.stage = Stage::None;
                Ok(())
            }
            Ok(report) => Err(self.stopped(Step::FindStray, Cause::Strays(report))),
            Err(error) => Err(self.stopped(Step::FindStray, Cause::Keys(error))),
        }
    }

    pub(super) async fn make<K: ApiKeys + ?Sized>(&mut self, keys: &K) -> Result<(), RotationError> {
        let key = match self.plan(keys).await {
            Ok(key) => key,
            Err(error) => return Err(self.stopped(Step::ReadOld, Cause::Keys(error))),
        };
        let key = match self.mark {
            Marking::Plain => key,
            Marking::Marked => key.marked(),
        };
        let key = key.with_mark_drawn();
        self.stage = Stage::Perhaps(self.unlike_old(key.trace(keys.vendor())));
        match keys.create(key).await {
            Ok(issued) => {
                self.stage = Stage::Made(issued);
                Ok(())
            }
            Err(error) => {
                self.stage = match error.stray() {
                    Some(stray) => Stage::Perhaps(self.unlike_old(stray.clone())),
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
        match keys.verify(&issued).await {
            Ok(verdict) if verdict.is_genuine() => {
                self.stage = Stage::Verified(issued);
                Ok(())
            }
            Ok(verdict) => {
                self.stage = Stage::Doomed(issued);
                // If this fails, the progress names the key, and the next run ends it.
                let _ = self.end_successor(keys).await;
                Err(self.stopped(Step::Verify, Cause::Verification(verdict)))
            }
            Err(error) => Err(self.stopped(Step::Verify, Cause::Keys(error))),
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

    pub(super) async fn revoke_old<K: ApiKeys + ?Sized>(
        &mut self,
        keys: &K,
        issued: &IssuedKey,
    ) -> Result<(), RotationError> {
        let before = std::mem::replace(&mut self.old_state, OldState::PerhapsRevoked);
        let ended = match (self.old.id(), self.whose) {
            (None, _) => Err(plan::no_id(keys.vendor())),
            (Some(id), Whose::Anothers) => keys.revoke(id).await,
            (Some(id), Whose::Callers) => match keys.with_key(issued.secret()) {
                Ok(successor) => successor.revoke(id).await,
                Err(error) => Err(error),
            },
        };
        match ended {
            Ok(old) => {
                self.finish(issued, old);
                Ok(())
            }
            Err(error) => {
                if was_without_effect(&error) {
                    self.old_state = before;
                }
                let is_gone = error.kind() == ErrorKind::NotFound && self.old_is_refused(keys, issued).await;
                if !is_gone {
                    return Err(self.stopped(Step::RevokeOld, Cause::Keys(error)));
                }
                self.finish(issued, Revocation::AlreadyRevoked);
                Ok(())
            }
        }
    }

    fn finish(&mut self, issued: &IssuedKey, old: Revocation) {
        self.old_state = OldState::Revoked;
        let successor = issued.record().clone();
        self.stage = Stage::Done(Rotated { successor, old });
    }

    async fn old_is_refused<K: ApiKeys + ?Sized>(&self, keys: &K, issued: &IssuedKey) -> bool {
        let Some(secret) = &self.old_secret else {
            return false;
        };
        let tenant = issued.record().tenant.clone().unwrap_or_default();
        let old = TenantKey::new(secret.clone(), tenant);
        matches!(keys.verify(&old).await, Ok(Verification::Refused))
    }

    /// Revokes the successor, which is doomed.
    pub(super) async fn end_successor<K: ApiKeys + ?Sized>(&mut self, keys: &K) -> Result<(), RotationError> {
        let Stage::Doomed(issued) = &self.stage else {
            return Ok(());
        };
        let ended = match issued.id() {
            Some(id) => keys.revoke(id).await,
            None => Err(plan::no_id(keys.vendor())),
        };
        match ended {
            Ok(_) => {
                self.stage = Stage::None;
                Ok(())
            }
            // The vendor itself gave this id, so a key that is not there any more is one that is gone.
            Err(error) if error.kind() == ErrorKind::NotFound => {
                self.stage = Stage::None;
                Ok(())
            }
            Err(error) => Err(self.stopped(Step::RevokeSuccessor, Cause::Keys(error))),
        }
    }

    fn unlike_old(&self, stray: Stray) -> Stray {
        match self.old.id() {
            Some(id) => stray.excluding(id),
            None => stray,
        }
    }
}

/// Whether the vendor certainly did not act: it was not reached, or said no to the only request there was.
fn was_without_effect(error: &Error) -> bool {
    match error.delivery() {
        Delivery::NotSent => true,
        Delivery::Answered => {
            error.attempts() <= 1 && error.status().is_some_and(|status| status.is_client_error())
        }
        _ => false,
    }
}
