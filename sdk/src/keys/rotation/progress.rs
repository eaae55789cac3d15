//! Which keys there are in the course of a rotation.

use std::fmt;

use super::super::{KeyId, KeyRecord, Stray};

/// Which keys there are. It names every key that the rotation may have made, and errs on the side of too many.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// The old key, if its id is known.
    pub old: Option<KeyId>,
    /// What became of it.
    pub old_state: OldState,
    /// What became of its successor.
    pub successor: Successor,
    /// The keys that may exist besides, and whose secrets nobody has: [`Rotation::strays`](super::Rotation::strays).
    pub strays: Vec<Stray>,
}

/// What became of the old key.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OldState {
    /// The rotation has not touched it. Somebody else may have.
    Untouched,
    /// Its revocation was sent, or was about to be, and nothing says for certain what came of it.
    PerhapsRevoked,
    /// It is revoked.
    Revoked,
}

/// What became of the successor.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
pub enum Successor {
    /// There is none.
    None,
    /// Its create was sent, or was about to be, and nothing says what came of it. Nobody has its secret.
    Perhaps(Stray),
    /// It was made, and not tried out yet.
    Made(KeyRecord),
    /// It was tried out and worked, and the store was not called with it yet.
    Verified(KeyRecord),
    /// The store was called with it and has not said that it has it.
    Handed(KeyRecord),
    /// The store has it.
    Stored(KeyRecord),
    /// It was given up: its revocation was sent, or was about to be, and nothing says what came of it.
    PerhapsRevoked(KeyRecord),
}

impl Successor {
    /// Its record, once it is known.
    pub fn record(&self) -> Option<&KeyRecord> {
        match self {
            Self::None | Self::Perhaps(_) => None,
            Self::Made(record)
            | Self::Verified(record)
            | Self::Handed(record)
            | Self::Stored(record)
            | Self::PerhapsRevoked(record) => Some(record),
        }
    }
}

/// A step of a rotation.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Learning what the successor shall be.
    ReadOld,
    /// Looking for the key that a lost answer may have left.
    FindStray,
    /// Making the successor.
    Create,
    /// Trying the successor out.
    Verify,
    /// Handing the successor to the store.
    Store,
    /// Revoking the old key.
    RevokeOld,
    /// Revoking a successor that is not to be.
    RevokeSuccessor,
    /// Giving up.
    Abandon,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ReadOld => "reading the old key",
            Self::FindStray => "looking for a stray key",
            Self::Create => "making the successor",
            Self::Verify => "trying the successor out",
            Self::Store => "storing the successor",
            Self::RevokeOld => "revoking the old key",
            Self::RevokeSuccessor => "revoking the successor",
            Self::Abandon => "giving up",
        })
    }
}

/// One line, with ids and no secret.
impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            old,
            old_state,
            successor,
            strays,
        } = self;
        f.write_str("the old key")?;
        named(f, old.as_ref())?;
        f.write_str(match old_state {
            OldState::Untouched => " was not touched",
            OldState::PerhapsRevoked => " may be revoked",
            OldState::Revoked => " is revoked",
        })?;
        describe(f, successor)?;
        for stray in strays {
            f.write_str("; a key")?;
            told_by(f, stray)?;
            f.write_str(" may exist besides, and nobody has its secret")?;
        }
        Ok(())
    }
}

/// What a person finds a key by.
fn told_by(f: &mut fmt::Formatter<'_>, stray: &Stray) -> fmt::Result {
    named(f, stray.id())?;
    if let Some(name) = stray.name() {
        write!(f, " called {name:?}")?;
    }
    let is_in_name = |mark: &str| stray.name().is_some_and(|name| name.contains(mark));
    match stray.mark() {
        Some(mark) if !is_in_name(mark) => write!(f, " and marked {mark}"),
        _ => Ok(()),
    }
}

fn describe(f: &mut fmt::Formatter<'_>, successor: &Successor) -> fmt::Result {
    match successor {
        Successor::None => return f.write_str("; there is no successor"),
        Successor::Perhaps(stray) => {
            f.write_str("; a successor")?;
            told_by(f, stray)?;
            return f.write_str(" may have been made, and nobody has its secret");
        }
        _ => f.write_str("; its successor")?,
    }
    named(f, successor.record().and_then(|record| record.id.as_ref()))?;
    f.write_str(match successor {
        Successor::Made(_) => " is made and not tried out",
        Successor::Verified(_) => " worked when it was tried out and is not stored",
        Successor::Handed(_) => " worked when it was tried out and may be stored",
        Successor::Stored(_) => " worked when it was tried out and is stored",
        _ => " was given up and may be revoked",
    })
}

/// The vendor writes ids, and this is one line.
fn named(f: &mut fmt::Formatter<'_>, id: Option<&KeyId>) -> fmt::Result {
    match id {
        Some(id) => write!(f, " {}", id.as_str().escape_debug()),
        None => Ok(()),
    }
}
