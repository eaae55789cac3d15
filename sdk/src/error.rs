//! What can go wrong with a call, told apart by what the caller can do about it.
//!
//! Callers branch on [`Error::kind`] or on the decoded body, never on a vendor's prose. Nothing here prints a body, a header
//! of a request or a URL: an error message ends in a log, and a vendor's answer can hold a key.

mod answer;
mod kind;
mod unanswered;

use std::{error::Error as StdError, fmt, time::Duration};

use http::StatusCode;

pub(crate) use answer::{AnswerHead, Location};
pub use answer::{ApiError, UnexpectedAnswer, Unreadable, UnreadableAnswer};
pub(crate) use kind::{Course, Purpose};
pub use kind::{Delivery, ErrorKind};
pub use unanswered::{CredentialFailure, InsideRuntime, InvalidRequest, Unanswered};

use crate::vendor::Told;

/// A call that did not bring the declared success. `E` is the operation's own error enum from the vendor's `types`.
#[non_exhaustive]
pub enum Error<E> {
    /// The request breaks a rule of the vendor's document, so it was not sent.
    InvalidRequest(InvalidRequest),
    /// The application's credential provider failed.
    Credential(CredentialFailure),
    /// A blocking client was called inside of an asynchronous runtime, so the request was not sent.
    InsideRuntime(InsideRuntime),
    /// The vendor refused, in the form its document declares for this operation.
    Api(Box<ApiError<E>>),
    /// An answer that the document does not declare: another status, or an error body of another shape, such as the HTML
    /// page of a gateway.
    Unexpected(Box<UnexpectedAnswer>),
    /// The declared success status with a body that cannot be read or is not complete. The vendor has probably done what
    /// was asked.
    Unreadable(Box<UnreadableAnswer>),
    /// No answer in time.
    Timeout(Unanswered),
    /// The connection could not be made or broke before an answer.
    Transport(Unanswered),
}

impl<E> Error<E> {
    /// What sort of failure this is.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::InvalidRequest(_) => ErrorKind::InvalidRequest,
            Self::Credential(_) => ErrorKind::Credential,
            Self::InsideRuntime(_) => ErrorKind::InsideRuntime,
            Self::Api(answer) => answer.course.kind_of(answer.head.status),
            Self::Unexpected(answer) => answer.course.kind_of(answer.head.status),
            Self::Unreadable(answer) => answer.course.lost(match answer.reason {
                Unreadable::Broken => ErrorKind::Transport,
                Unreadable::Late => ErrorKind::Timeout,
                _ => ErrorKind::Unreadable,
            }),
            Self::Timeout(inner) => inner.kind(ErrorKind::Timeout),
            Self::Transport(inner) => inner.kind(ErrorKind::Transport),
        }
    }

    /// How far the call came: what a caller needs to know before doing it once more.
    pub fn delivery(&self) -> Delivery {
        match self {
            Self::InvalidRequest(_) | Self::InsideRuntime(_) => Delivery::NotSent,
            Self::Credential(inner) if inner.course.attempts == 0 => Delivery::NotSent,
            Self::Credential(_) | Self::Api(_) | Self::Unexpected(_) => Delivery::Answered,
            Self::Unreadable(answer) => match answer.reason {
                Unreadable::Broken | Unreadable::Late => Delivery::Unknown,
                _ => Delivery::Answered,
            },
            Self::Timeout(inner) | Self::Transport(inner) => inner.delivery,
        }
    }

    /// How many requests were made for the call; none if it was refused before.
    pub fn attempts(&self) -> u32 {
        match self {
            Self::InvalidRequest(_) | Self::InsideRuntime(_) => 0,
            Self::Credential(inner) => inner.course.attempts,
            Self::Api(answer) => answer.course.attempts,
            Self::Unexpected(answer) => answer.course.attempts,
            Self::Unreadable(answer) => answer.course.attempts,
            Self::Timeout(inner) | Self::Transport(inner) => inner.course.attempts,
        }
    }

    /// The HTTP status, where there was an answer.
    pub fn status(&self) -> Option<StatusCode> {
        self.head().map(|head| head.status)
    }

    /// The vendor's message for people, where the answer is JSON and has one.
    ///
    /// Show it, do not branch on it: it is the vendor's text and not part of this crate's `Display`.
    pub fn message(&self) -> Option<&str> {
        self.told()?.message.as_deref()
    }

    /// The vendor's own code, where its errors have one.
    pub fn code(&self) -> Option<&str> {
        self.told()?.code.as_deref()
    }

    /// What the vendor says about single members of the request, as pairs of member and message. The member is empty where
    /// a message names none. Nothing comes from a vendor that says no such thing.
    ///
    /// ```
    /// # use keyway::Error;
    /// fn show<E>(error: &Error<E>) {
    ///     for (member, message) in error.fields() {
    ///         println!("{member}: {message}");
    ///     }
    /// }
    /// ```
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        let fields = self.told().map_or(&[][..], |told| &told.fields);
        fields
            .iter()
            .map(|(member, message)| (member.as_str(), message.as_str()))
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

    /// The same error with another body, for callers that put the errors of several operations into one type.
    pub fn map_body<F>(self, change: impl FnOnce(E) -> F) -> Error<F> {
        match self {
            Self::InvalidRequest(inner) => Error::InvalidRequest(inner),
            Self::Credential(inner) => Error::Credential(inner),
            Self::InsideRuntime(inner) => Error::InsideRuntime(inner),
            Self::Api(answer) => {
                let ApiError {
                    head,
                    course,
                    told,
                    body,
                } = *answer;
                let body = change(body);
                Error::Api(Box::new(ApiError {
                    head,
                    course,
                    told,
                    body,
                }))
            }
            Self::Unexpected(answer) => Error::Unexpected(answer),
            Self::Unreadable(answer) => Error::Unreadable(answer),
            Self::Timeout(inner) => Error::Timeout(inner),
            Self::Transport(inner) => Error::Transport(inner),
        }
    }

    fn head(&self) -> Option<&AnswerHead> {
        match self {
            Self::Api(answer) => Some(&answer.head),
            Self::Unexpected(answer) => Some(&answer.head),
            Self::Unreadable(answer) => Some(&answer.head),
            Self::InvalidRequest(_)
            | Self::Credential(_)
            | Self::InsideRuntime(_)
            | Self::Timeout(_)
            | Self::Transport(_) => None,
        }
    }

    fn told(&self) -> Option<&Told> {
        match self {
            Self::Api(answer) => Some(&answer.told),
            Self::Unexpected(answer) => Some(&answer.told),
            _ => None,
        }
    }
}

impl<E> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidRequest(_) => f.write_str("the request is not valid and was not sent"),
            Self::Credential(_) => f.write_str("the credential provider failed"),
            Self::InsideRuntime(_) => f.write_str(InsideRuntime::TEXT),
            Self::Api(answer) => fmt::Display::fmt(answer, f),
            Self::Unexpected(answer) => fmt::Display::fmt(answer, f),
            Self::Unreadable(answer) => fmt::Display::fmt(answer, f),
            Self::Timeout(_) => f.write_str("no complete answer in time"),
            Self::Transport(_) => f.write_str("the connection failed"),
        }?;
        match self.kind() {
            ErrorKind::AmbiguousCreate => f.write_str("; a key may have been made"),
            _ => Ok(()),
        }
    }
}

impl<E> fmt::Debug for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidRequest(inner) => f.debug_tuple("InvalidRequest").field(inner).finish(),
            Self::Credential(inner) => f.debug_tuple("Credential").field(inner).finish(),
            Self::InsideRuntime(inner) => f.debug_tuple("InsideRuntime").field(inner).finish(),
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
            Self::Credential(inner) => Some(inner.cause.as_ref()),
            Self::Unreadable(inner) => match &inner.cause {
                Some(cause) => Some(cause),
                None => Some(&inner.reason),
            },
            Self::Timeout(inner) | Self::Transport(inner) => inner.source(),
            Self::InsideRuntime(_) | Self::Api(_) | Self::Unexpected(_) => None,
        }
    }
}

impl<E> From<InvalidRequest> for Error<E> {
    fn from(inner: InvalidRequest) -> Self {
        Self::InvalidRequest(inner)
    }
}
