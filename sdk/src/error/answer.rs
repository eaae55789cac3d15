//! Answers that are not the declared success. None of them prints its body: a vendor's answer can hold a key.

use std::{fmt, time::Duration};

use http::StatusCode;
use zeroize::Zeroizing;

use super::kind::Course;
use crate::vendor::Told;

/// What is worth keeping of every answer besides its body.
#[derive(Clone, Debug)]
pub(crate) struct AnswerHead {
    pub(crate) status: StatusCode,
    pub(crate) content_type: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) location: Option<Location>,
}

/// Where a redirect leads. `Debug` does not show it: like every URL it may hold more than a place.
#[derive(Clone)]
pub(crate) struct Location(String);

impl Location {
    /// Scheme, host and path; what else there is, is left out.
    pub(crate) fn of(text: &str) -> Self {
        let place = text.split(['?', '#']).next().unwrap_or_default();
        Self(match place.split_once("//") {
            Some((scheme, rest)) => {
                let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
                let host = host.rsplit('@').next().unwrap_or_default();
                format!("{scheme}//{host}{path}")
            }
            None => place.to_owned(),
        })
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Location").finish_non_exhaustive()
    }
}

/// An error answer in the form that the vendor's document declares.
pub struct ApiError<E> {
    pub(crate) head: AnswerHead,
    pub(crate) course: Course,
    pub(crate) told: Told,
    pub(crate) body: E,
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
        self.told.message.as_deref()
    }

    /// The vendor's own code, if the body has one.
    pub fn code(&self) -> Option<&str> {
        self.told.code.as_deref()
    }
}

impl<E> fmt::Display for ApiError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the vendor refused with {}", self.head.status)
    }
}

/// Leaves the body out, and what was read from it: a vendor may repeat in it what it was sent.
impl<E> fmt::Debug for ApiError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            head,
            course,
            told: _,
            body: _,
        } = self;
        f.debug_struct("ApiError")
            .field("head", head)
            .field("course", course)
            .finish_non_exhaustive()
    }
}

/// An answer that the vendor's document does not declare for the operation.
pub struct UnexpectedAnswer {
    pub(crate) head: AnswerHead,
    pub(crate) course: Course,
    pub(crate) told: Told,
    pub(crate) body: Zeroizing<Vec<u8>>,
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

    /// Where a redirect leads: scheme, host and path, as the answer tells them. It is not followed, because it would carry
    /// the credential along; if it is the vendor's new address, give that as the base URL.
    pub fn location(&self) -> Option<&str> {
        self.head.location.as_ref().map(|location| location.0.as_str())
    }

    /// The bytes of the body. They may hold a secret, so look before you log.
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

impl fmt::Display for UnexpectedAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.head.status;
        match status.is_redirection() {
            true => write!(
                f,
                "a redirect, with {status}, which is not followed; check the base URL"
            ),
            false => write!(f, "an answer that the vendor does not document, with {status}"),
        }
    }
}

/// Shows how long the body is, not what it holds.
impl fmt::Debug for UnexpectedAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            head,
            course,
            told: _,
            body,
        } = self;
        f.debug_struct("UnexpectedAnswer")
            .field("head", head)
            .field("course", course)
            .field("body", &format_args!("{} bytes", body.len()))
            .finish_non_exhaustive()
    }
}

/// A success whose body is not what the vendor's document declares, or did not come in full.
///
/// The body is kept, since it may be the only place where a key that was just made can be found.
pub struct UnreadableAnswer {
    pub(crate) head: AnswerHead,
    pub(crate) course: Course,
    pub(crate) reason: Unreadable,
    /// Why the rest of the body did not come.
    pub(crate) cause: Option<reqwest::Error>,
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
        let Self {
            head,
            course,
            reason,
            cause,
            body,
        } = self;
        f.debug_struct("UnreadableAnswer")
            .field("head", head)
            .field("course", course)
            .field("reason", reason)
            .field("cause", cause)
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
        /// The most that is read, in bytes.
        limit: usize,
    },
    /// The connection broke before the body was complete.
    #[error("the connection broke in the middle of it")]
    Broken,
    /// The body was not complete in time.
    #[error("not complete in time")]
    Late,
}
