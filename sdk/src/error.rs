//! What can go wrong with a call, told apart by what the caller can do about it.
//!
//! Callers branch on [`Error::kind`] or on the decoded body, never on a vendor's prose. Nothing here prints a body, a header
//! of a request or a URL: an error message ends in a log, and a vendor's answer can hold a key.

use std::{error::Error as StdError, fmt, time::Duration};

use http::StatusCode;
use zeroize::Zeroizing;

/// A call that did not bring the declared success. `E` is the operation's own error enum from the vendor's `types`.
#[non_exhaustive]
pub enum Error<E> {
    /// The request breaks a rule of the vendor's document, so it was not sent.
    InvalidRequest(InvalidRequest),
    /// The vendor refused, in the form its document declares for this operation.
    Api(Box<ApiError<E>>),
    /// An answer that the document does not declare: another status, or an error body of another shape, such as the HTML
    /// page of a gateway.
    Unexpected(Box<UnexpectedAnswer>),
    /// The declared success status with a body that cannot be read. The vendor has probably done what was asked.
    Unreadable(Box<UnreadableAnswer>),
    /// No complete answer in time. Whether the vendor acted is not known.
    Timeout(reqwest::Error),
    /// The connection could not be made or broke.
    Transport(reqwest::Error),
}

/// What a caller can base a decision on, the same for every vendor.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The credential is missing, unknown, revoked or expired (401).
    Unauthenticated,
    /// The credential is good and may not do this (403).
    Forbidden,
    /// There is no such thing, or not for this caller (404, 410).
    NotFound,
    /// The vendor finds the request wrong (400, 422 and the other answers that blame its form).
    Invalid,
    /// It clashes with the present state (409).
    Conflict,
    /// Too many requests (429); see [`Error::retry_after`].
    RateLimited,
    /// The vendor, or something in front of it, failed (5xx).
    Server,
    /// No complete answer in time.
    Timeout,
    /// The connection could not be made or broke.
    Transport,
    /// The call seems to have succeeded and its answer cannot be read.
    Unreadable,
    /// The request was not sent, because it breaks a rule of the vendor's document.
    InvalidRequest,
    /// None of the above.
    Other,
}

impl<E> Error<E> {
    /// What sort of failure this is.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::InvalidRequest(_) => ErrorKind::InvalidRequest,
            Self::Api(answer) => kind_of(answer.head.status),
            Self::Unexpected(answer) => kind_of(answer.head.status),
            Self::Unreadable(_) => ErrorKind::Unreadable,
            Self::Timeout(_) => ErrorKind::Timeout,
            Self::Transport(_) => ErrorKind::Transport,
        }
    }

    /// The HTTP status, where there was an answer.
    pub fn status(&self) -> Option<StatusCode> {
        self.head().map(|head| head.status)
    }

    /// The vendor's message for people, where the answer has the declared form and a message in it.
    ///
    /// Show it, do not branch on it: it is the vendor's text and not part of this crate's `Display`.
    pub fn message(&self) -> Option<&str> {
        match self {
            Self::Api(answer) => answer.message(),
            _ => None,
        }
    }

    /// The vendor's own code, where its errors have one.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Api(answer) => answer.code(),
            _ => None,
        }
    }

    /// What to quote when asking the vendor about this call.
    pub fn request_id(&self) -> Option<&str> {
        self.head()?.request_id.as_deref()
    }

    /// How long the vendor asks to wait, counted from the moment its answer came in.
    pub fn retry_after(&self) -> Option<Duration> {
        self.head()?.retry_after
    }

    /// The operation's own error body, where the answer has the declared form.
    pub fn body(&self) -> Option<&E> {
        match self {
            Self::Api(answer) => Some(answer.body()),
            _ => None,
        }
    }

    fn head(&self) -> Option<&AnswerHead> {
        match self {
            Self::Api(answer) => Some(&answer.head),
            Self::Unexpected(answer) => Some(&answer.head),
            Self::Unreadable(answer) => Some(&answer.head),
            Self::InvalidRequest(_) | Self::Timeout(_) | Self::Transport(_) => None,
        }
    }
}

fn kind_of(status: StatusCode) -> ErrorKind {
    match status.as_u16() {
        // An undeclared success: the vendor acted, and what it says cannot be understood.
        200..=299 => ErrorKind::Unreadable,
        401 => ErrorKind::Unauthenticated,
        403 => ErrorKind::Forbidden,
        404 | 410 => ErrorKind::NotFound,
        400 | 405 | 406 | 411 | 413 | 414 | 415 | 422 | 431 => ErrorKind::Invalid,
        409 => ErrorKind::Conflict,
        429 => ErrorKind::RateLimited,
        500..=599 => ErrorKind::Server,
        _ => ErrorKind::Other,
    }
}

impl<E> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidRequest(_) => f.write_str("the request is not valid and was not sent"),
            Self::Api(answer) => fmt::Display::fmt(answer, f),
            Self::Unexpected(answer) => fmt::Display::fmt(answer, f),
            Self::Unreadable(answer) => fmt::Display::fmt(answer, f),
            Self::Timeout(_) => f.write_str("no complete answer in time"),
            Self::Transport(_) => f.write_str("the connection failed"),
        }
    }
}

impl<E> fmt::Debug for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidRequest(inner) => f.debug_tuple("InvalidRequest").field(inner).finish(),
            Self::Api(inner) => f.debug_tuple("Api").field(inner).finish(),
            Self::Unexpected(inner) => f.debug_tuple("Unexpected").field(inner).finish(),
            Self::Unreadable(inner) => f.debug_tuple("Unreadable").field(inner).finish(),
            Self::Timeout(inner) => f.debug_tuple("Timeout").field(inner).finish(),
            Self::Transport(inner) => f.debug_tuple("Transport").field(inner).finish(),
        }
    }
}

impl<E> StdError for Error<E> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::InvalidRequest(inner) => Some(inner),
            Self::Unreadable(inner) => Some(&inner.reason),
            Self::Timeout(inner) | Self::Transport(inner) => Some(inner),
            Self::Api(_) | Self::Unexpected(_) => None,
        }
    }
}

impl<E> From<InvalidRequest> for Error<E> {
    fn from(inner: InvalidRequest) -> Self {
        Self::InvalidRequest(inner)
    }
}

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

/// What is worth keeping of every answer besides its body.
#[derive(Clone, Debug)]
pub(crate) struct AnswerHead {
    pub(crate) status: StatusCode,
    pub(crate) content_type: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) retry_after: Option<Duration>,
}

/// An error answer in the form that the vendor's document declares.
pub struct ApiError<E> {
    pub(crate) head: AnswerHead,
    pub(crate) body: E,
    pub(crate) message: Option<String>,
    pub(crate) code: Option<String>,
}

impl<E> ApiError<E> {
    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.head.status
    }

    /// The decoded body, one variant per declared status.
    pub fn body(&self) -> &E {
        &self.body
    }

    /// The vendor's message for people, if the body has one.
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// The vendor's own code, if the body has one.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }
}

impl<E> fmt::Display for ApiError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the vendor refused with {}", self.head.status)
    }
}

/// Leaves the body out: a vendor may repeat in it what it was sent.
impl<E> fmt::Debug for ApiError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            head,
            body: _,
            message: _,
            code: _,
        } = self;
        f.debug_struct("ApiError")
            .field("head", head)
            .finish_non_exhaustive()
    }
}

/// An answer that the vendor's document does not declare for the operation.
pub struct UnexpectedAnswer {
    pub(crate) head: AnswerHead,
    pub(crate) body: Vec<u8>,
}

impl UnexpectedAnswer {
    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.head.status
    }

    /// The media type that the answer claims to have.
    pub fn content_type(&self) -> Option<&str> {
        self.head.content_type.as_deref()
    }

    /// The bytes of the body. They may hold a secret, so look before you log.
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

impl fmt::Display for UnexpectedAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "an answer that the vendor does not document, with {}",
            self.head.status
        )
    }
}

/// Shows how long the body is, not what it holds.
impl fmt::Debug for UnexpectedAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { head, body } = self;
        f.debug_struct("UnexpectedAnswer")
            .field("head", head)
            .field("body", &format_args!("{} bytes", body.len()))
            .finish()
    }
}

/// A success whose body is not what the vendor's document declares.
///
/// The body is kept, since it may be the only place where a key that was just made can be found.
pub struct UnreadableAnswer {
    pub(crate) head: AnswerHead,
    pub(crate) reason: Unreadable,
    pub(crate) body: Zeroizing<Vec<u8>>,
}

impl UnreadableAnswer {
    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.head.status
    }

    /// The media type that the answer claims to have.
    pub fn content_type(&self) -> Option<&str> {
        self.head.content_type.as_deref()
    }

    /// Where and how reading failed.
    pub fn reason(&self) -> &Unreadable {
        &self.reason
    }

    /// The bytes of the body, as far as they were read. After a create they probably hold the key and the id by which it
    /// can be revoked, so do not log them.
    pub fn expose_body(&self) -> &[u8] {
        &self.body
    }
}

/// Shows how long the body is, not what it holds.
impl fmt::Debug for UnreadableAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { head, reason, body } = self;
        f.debug_struct("UnreadableAnswer")
            .field("head", head)
            .field("reason", reason)
            .field("body", &format_args!("{} bytes", body.len()))
            .finish()
    }
}

impl fmt::Display for UnreadableAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an answer that cannot be read, with {}", self.head.status)
    }
}

/// Why a success body could not be read: the place and the sort of trouble, none of its text.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is not JSON.
    #[error("not JSON at line {line}, column {column}")]
    Syntax {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// It is JSON and stops too early.
    #[error("the JSON ends too early")]
    Truncated,
    /// It is JSON of another shape.
    #[error("another type than documented at {path}")]
    Shape {
        /// The members that lead to the place, such as `data.id`.
        path: String,
    },
    /// It is longer than this crate is willing to read.
    #[error("longer than {limit} bytes")]
    TooLong {
        /// The most that is read.
        limit: usize,
    },
}
