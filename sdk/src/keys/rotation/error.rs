//! Why a rotation stopped, and which keys there are then.

use std::{error::Error as StdError, fmt};

use super::{
    super::{Error, StrayReport, Verification},
    Progress, Step,
    old::may_mean_gone,
};
use crate::ErrorKind;

/// A rotation that stopped. `Display` names the step and the keys; the cause is the source.
#[derive(Debug)]
pub struct RotationError(Box<Inner>);

#[derive(Debug)]
struct Inner {
    step: Step,
    progress: Progress,
    cause: Cause,
}

/// Why a rotation stopped.
#[non_exhaustive]
#[derive(Debug)]
pub enum Cause {
    /// A call failed.
    Keys(Error),
    /// The caller's store failed, in its own words.
    Store(Box<dyn StdError + Send + Sync>),
    /// The vendor does not take the successor.
    Verification(Verification),
    /// A lost successor was looked for and not found, or cannot be told from other keys.
    Strays(StrayReport),
    /// The old key is revoked or ended, or may be, so that the successor has to stay.
    OldIsGone,
}

impl RotationError {
    pub(super) fn new(step: Step, progress: Progress, cause: Cause) -> Self {
        Self(Box::new(Inner {
            step,
            progress,
            cause,
        }))
    }

    /// The step that failed.
    pub fn step(&self) -> Step {
        self.0.step
    }

    /// Which keys there are.
    pub fn progress(&self) -> &Progress {
        &self.0.progress
    }

    /// Why.
    pub fn cause(&self) -> &Cause {
        &self.0.cause
    }

    /// The call's error, if it was a call that failed.
    pub fn keys_error(&self) -> Option<&Error> {
        match &self.0.cause {
            Cause::Keys(error) => Some(error),
            _ => None,
        }
    }

    /// The store's own error, if it was the store that failed and this is its type.
    pub fn store_error<E: StdError + 'static>(&self) -> Option<&E> {
        match &self.0.cause {
            Cause::Store(error) => error.downcast_ref(),
            _ => None,
        }
    }
}

impl RotationError {
    /// What lets the rotation go on, where no further run does.
    fn cure(&self) -> Option<&'static str> {
        let error = self.keys_error()?;
        match (self.0.step, error.kind()) {
            (Step::RevokeOld, _) if may_mean_gone(error) => {
                Some("if the old key is gone for certain, Rotation::old_is_gone lets the rotation end")
            }
            (Step::RevokeOld, ErrorKind::Unauthenticated) => Some(
                "if the client calls with the old key, Rotation::of_own_key revokes it in its successor's name",
            ),
            (Step::FindStray, ErrorKind::Unsupported) => {
                Some("when it has been looked for, Rotation::leave_stray lets the rotation go on")
            }
            _ => None,
        }
    }
}

impl fmt::Display for RotationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            step,
            progress,
            cause,
        } = &*self.0;
        write!(f, "the rotation stopped at {step}: ")?;
        match cause {
            Cause::Keys(_) | Cause::Store(_) => {}
            Cause::Verification(_) => f.write_str("the vendor does not take the new key; ")?,
            Cause::Strays(report) => write!(f, "of a lost successor: {report}; ")?,
            Cause::OldIsGone => f.write_str("the successor may be the only key that works; ")?,
        }
        write!(f, "{progress}")?;
        match self.cure() {
            Some(cure) => write!(f, "; {cure}"),
            None => Ok(()),
        }
    }
}

impl StdError for RotationError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0.cause {
            Cause::Keys(error) => Some(error),
            Cause::Store(error) => Some(&**error),
            Cause::Verification(_) | Cause::Strays(_) | Cause::OldIsGone => None,
        }
    }
}
