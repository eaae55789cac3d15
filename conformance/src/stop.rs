//! Why a case came to its end before it could be judged.

/// An end that is no judgement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The case cannot be asked of this target.
    Skip(String),
    /// The case could not be carried out.
    Error(String),
    /// What was asked for was surely not done: the request was not sent, or a rate limit kept it out.
    NotDone(String),
    /// No connection could be made at all.
    Unreachable(String),
    /// The run was asked to end.
    Interrupted,
}

impl Stop {
    pub(crate) fn error(reason: impl Into<String>) -> Self {
        Self::Error(reason.into())
    }

    pub(crate) fn not_done(reason: impl Into<String>) -> Self {
        Self::NotDone(reason.into())
    }

    pub(crate) fn skip(reason: impl Into<String>) -> Self {
        Self::Skip(reason.into())
    }

    /// The reason in words.
    pub(crate) fn reason(&self) -> &str {
        match self {
            Self::Skip(reason) | Self::Error(reason) | Self::NotDone(reason) | Self::Unreachable(reason) => {
                reason
            }
            Self::Interrupted => "the run was interrupted",
        }
    }
}
