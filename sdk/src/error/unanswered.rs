//! Calls to which there is no answer: the request was refused here, no credential could be had, or nothing came back.

use std::{error::Error as StdError, fmt};

use super::kind::{Course, Delivery, ErrorKind};

/// A rule of the vendor's document that a request breaks. It names the place and the rule, never the value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{pointer}: {rule}")]
pub struct InvalidRequest {
    pointer: String,
    rule: String,
}

impl InvalidRequest {
    pub(crate) fn new(pointer: impl Into<String>, rule: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            rule: rule.into(),
        }
    }

    /// Where: a JSON pointer into the body, or the name of a parameter.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// What the document demands there.
    pub fn rule(&self) -> &str {
        &self.rule
    }
}

/// A blocking client was called inside of an asynchronous task, whose thread it would hold up. Await the client in the
/// vendor's own module there, or call from `tokio::task::spawn_blocking` or `block_in_place`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InsideRuntime;

impl InsideRuntime {
    pub(crate) const TEXT: &str = "a blocking client was called inside of an asynchronous task; \
        await the vendor's own client there, or call from spawn_blocking";
}

/// A call to which no answer came.
#[derive(Debug)]
pub struct Unanswered {
    pub(crate) cause: Option<reqwest::Error>,
    pub(crate) delivery: Delivery,
    pub(crate) course: Course,
}

impl Unanswered {
    /// What a request came to that `cause` ended. The URL is taken out of it.
    pub(crate) fn new(cause: reqwest::Error, course: Course) -> Self {
        // Name resolution, the TCP and the TLS handshake and a proxy's refusal come before the request.
        let delivery = match cause.is_connect() {
            true => Delivery::NotSent,
            false => Delivery::Unknown,
        };
        Self {
            cause: Some(cause.without_url()),
            delivery,
            course,
        }
    }

    /// Whether the request got out.
    pub fn delivery(&self) -> Delivery {
        self.delivery
    }

    pub(crate) fn kind(&self, otherwise: ErrorKind) -> ErrorKind {
        match self.delivery {
            Delivery::NotSent => otherwise,
            Delivery::Unknown | Delivery::Answered => self.course.lost(otherwise),
        }
    }

    pub(crate) fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.cause.as_ref().map(|cause| cause as _)
    }
}

/// The application's credential provider failed.
pub struct CredentialFailure {
    pub(crate) cause: Box<dyn StdError + Send + Sync>,
    pub(crate) course: Course,
}

/// Leaves out what the provider said, which is not this crate's to print; [`source`](StdError::source) has it.
impl fmt::Debug for CredentialFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cause: _, course } = self;
        f.debug_struct("CredentialFailure")
            .field("course", course)
            .finish_non_exhaustive()
    }
}
