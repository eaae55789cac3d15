//! What a caller can base a decision on, the same for every vendor: the sort of a failure, and whether the request got out.

use http::StatusCode;

/// The sort of a failure.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The credential is missing, unknown, revoked or expired (401).
    Unauthenticated,
    /// The credential is good and may not do this (403).
    Forbidden,
    /// There is no such thing, or not for this caller (404, 410).
    NotFound,
    /// The vendor finds the request wrong (400, 422 and the other answers that blame its form); see
    /// [`Error::fields`](crate::Error::fields).
    Invalid,
    /// It clashes with the present state (409).
    Conflict,
    /// Too many requests (429); see [`Error::retry_after`](crate::Error::retry_after).
    RateLimited,
    /// The vendor, or something in front of it, failed (5xx).
    Server,
    /// No complete answer in time, or a server that waited too long for the request (408).
    Timeout,
    /// The connection could not be made or broke.
    Transport,
    /// The call seems to have succeeded and its answer cannot be read.
    Unreadable,
    /// A key was to be made and the answer is lost: it did not come in time, broke off, cannot be read, or a gateway says
    /// that it got none (502, 504). A key may exist whose plaintext nobody has.
    ///
    /// Which of these it was is told by the variant of [`Error`](crate::Error).
    AmbiguousCreate,
    /// The request was not sent, because it breaks a rule of the vendor's document.
    InvalidRequest,
    /// The request was not sent, because the vendor has no such operation.
    Unsupported,
    /// The application's credential provider failed, so the request was not sent, or not sent again.
    Credential,
    /// A blocking client was called inside of an asynchronous task, and the request was not sent. Await the client in the
    /// vendor's own module there, or call from `tokio::task::spawn_blocking`.
    InsideRuntime,
    /// None of the above.
    Other,
}

/// How far a failed call came.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Delivery {
    /// Nothing reached the vendor: the request was refused before it was sent, or no connection could be made (name
    /// resolution and TLS included). Whatever was asked for has not been done.
    NotSent,
    /// It was sent, or perhaps, and no complete answer came. Whether the vendor acted is not known.
    Unknown,
    /// A complete answer came, from the vendor or from something in front of it.
    Answered,
}

/// What is known of a call besides what came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Course {
    /// How many requests were made.
    pub(crate) attempts: u32,
    pub(crate) purpose: Purpose,
}

/// What an operation is for, as far as errors tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// It makes a key, which is told once.
    CreateKey,
    Other,
}

impl Course {
    /// What it means that a success, or what may have been one, did not reach the caller.
    pub(crate) fn lost(self, otherwise: ErrorKind) -> ErrorKind {
        match self.purpose {
            Purpose::CreateKey => ErrorKind::AmbiguousCreate,
            Purpose::Other => otherwise,
        }
    }

    pub(crate) fn kind_of(self, status: StatusCode) -> ErrorKind {
        match status.as_u16() {
            // An undeclared success: the vendor acted, and what it says cannot be understood.
            200..=299 => self.lost(ErrorKind::Unreadable),
            401 => ErrorKind::Unauthenticated,
            403 => ErrorKind::Forbidden,
            404 | 410 => ErrorKind::NotFound,
            400 | 405 | 406 | 411 | 413 | 414 | 415 | 422 | 431 => ErrorKind::Invalid,
            408 => ErrorKind::Timeout,
            409 => ErrorKind::Conflict,
            429 => ErrorKind::RateLimited,
            // A gateway that got no answer of use from the vendor (RFC 9110, 15.6.3 and 15.6.5).
            502 | 504 => self.lost(ErrorKind::Server),
            500..=599 => ErrorKind::Server,
            _ => ErrorKind::Other,
        }
    }
}
