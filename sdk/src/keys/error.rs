//! What can go wrong with a key, in one form for all vendors, with the vendor's typed error kept beneath.

use std::{error::Error as StdError, fmt, time::Duration};

use http::StatusCode;

use super::{capabilities::Support, new_key::Refusal, stray::Stray};
use crate::{Delivery, ErrorKind, InvalidRequest, Vendor};

/// A failure of one of the operations of [`ApiKeys`](super::ApiKeys).
///
/// Callers branch on [`kind`](Self::kind). `Display` is one line without body, header or URL of the call. Beneath it,
/// [`downcast_ref`](Self::downcast_ref) and `source` give the vendor's own typed error:
///
/// ```
/// # #[cfg(feature = "reten")]
/// fn was_empty(error: &keyway::keys::Error) -> bool {
///     use keyway::reten::types::CreateApiKeyError;
///     let typed = error.downcast_ref::<keyway::Error<CreateApiKeyError>>();
///     matches!(typed.and_then(|error| error.body()), Some(CreateApiKeyError::BadRequest(_)))
/// }
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    vendor: Vendor,
    operation: Operation,
    kind: ErrorKind,
    status: Option<StatusCode>,
    message: Option<String>,
    code: Option<String>,
    request_id: Option<String>,
    retry_after: Option<Duration>,
    fields: Vec<(String, String)>,
    attempts: u32,
    delivery: Delivery,
    stray: Option<Stray>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What was to be done.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// [`create`](super::ApiKeys::create).
    Create,
    /// [`revoke`](super::ApiKeys::revoke).
    Revoke,
    /// [`list`](super::ApiKeys::list).
    List,
    /// [`get`](super::ApiKeys::get).
    Get,
    /// [`verify`](super::ApiKeys::verify).
    Verify,
    /// [`with_key`](super::ApiKeys::with_key).
    WithKey,
    /// [`revoke_strays`](super::ApiKeys::revoke_strays).
    RevokeStrays,
    /// Reading the key that is to be [rotated](super::Rotation).
    Rotate,
}

impl Operation {
    fn phrase(self) -> &'static str {
        match self {
            Self::Create => "creating a key",
            Self::Revoke => "revoking a key",
            Self::List => "listing keys",
            Self::Get => "reading a key",
            Self::Verify => "trying out a key",
            Self::WithKey => "calling with a key",
            Self::RevokeStrays => "revoking stray keys",
            Self::Rotate => "rotating a key",
        }
    }
}

impl Error {
    /// What sort of failure this is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whose answer, or silence, it is.
    pub fn vendor(&self) -> Vendor {
        self.0.vendor
    }

    /// What was to be done.
    pub fn operation(&self) -> Operation {
        self.0.operation
    }

    /// The HTTP status, where there was an answer.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The vendor's message for people. Show it, do not branch on it.
    pub fn message(&self) -> Option<&str> {
        self.0.message.as_deref()
    }

    /// The vendor's own code, where its errors have one.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// What to quote when asking the vendor about the call.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// How long the vendor asks to wait, counted from the moment its answer came in.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// What the vendor finds wrong, by field, where it says so.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.0.fields.iter();
        pairs.map(|(field, message)| (field.as_str(), message.as_str()))
    }

    /// How often the request was sent or tried to be sent; 0 if it was refused before.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Whether the vendor can have acted.
    pub fn delivery(&self) -> Delivery {
        self.0.delivery
    }

    /// The key that may have been made although the create failed, by what it can be found and revoked:
    /// [`revoke_strays`](super::ApiKeys::revoke_strays).
    ///
    /// There is one when the answer to a create was lost ([`ErrorKind::AmbiguousCreate`]), and when the answer was a 5xx: a
    /// gateway's 502 or 504 can hide that the key was made.
    pub fn stray(&self) -> Option<&Stray> {
        self.0.stray.as_ref()
    }

    /// What the vendor does not offer and what can be done instead, if the kind is [`ErrorKind::Unsupported`].
    pub fn unsupported(&self) -> Option<&Unsupported> {
        self.downcast_ref()
    }

    /// The error beneath, such as `keyway::Error<keyway::reten::types::CreateApiKeyError>`.
    pub fn downcast_ref<T: StdError + 'static>(&self) -> Option<&T> {
        self.0.source.as_ref()?.downcast_ref()
    }

    /// A vendor's typed error in the common form. Nothing of it is lost: it is the source.
    pub(super) fn of<E: Send + Sync + 'static>(
        vendor: Vendor,
        operation: Operation,
        error: crate::Error<E>,
    ) -> Self {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let fields = error.fields();
        let fields = fields.map(|(field, message)| (field.to_owned(), message.to_owned()));
        Self(Box::new(Inner {
            vendor,
            operation,
            kind: error.kind(),
            status: error.status(),
            message: owned(error.message()),
            code: owned(error.code()),
            request_id: owned(error.request_id()),
            retry_after: error.retry_after(),
            fields: fields.collect(),
            attempts: error.attempts(),
            delivery: error.delivery(),
            stray: None,
            source: Some(Box::new(error)),
        }))
    }

    /// A failed create: with the key that may have been made all the same.
    pub(super) fn of_create<E: Send + Sync + 'static>(
        vendor: Vendor,
        error: crate::Error<E>,
        stray: Stray,
        id_at: &[&str],
    ) -> Self {
        let may_exist = matches!(error.kind(), ErrorKind::AmbiguousCreate | ErrorKind::Server)
            || error.status().is_some_and(|status| status.is_redirection());
        let stray = may_exist.then(|| stray.after(error.status()).noticed(unread_body(&error), id_at));
        let mut error = Self::of(vendor, Operation::Create, error);
        error.0.stray = stray;
        error
    }

    /// A create whose answer was read and has no plaintext in it.
    pub(super) fn without_secret(vendor: Vendor, status: StatusCode, stray: Stray) -> Self {
        let source = InvalidAnswer("the answer holds no plaintext key");
        let mut error =
            Self::here(vendor, Operation::Create, ErrorKind::AmbiguousCreate, source).answered(status);
        error.0.stray = Some(stray);
        error
    }

    /// An answer that lacks what it was asked for.
    pub(super) fn incomplete(vendor: Vendor, operation: Operation, what: &'static str) -> Self {
        Self::here(vendor, operation, ErrorKind::Unreadable, InvalidAnswer(what)).answered(StatusCode::OK)
    }

    /// A blocking call inside of an asynchronous runtime.
    #[cfg(feature = "blocking")]
    pub(crate) fn inside_runtime(vendor: Vendor, operation: Operation) -> Self {
        let inner = crate::Error::<std::convert::Infallible>::InsideRuntime(crate::InsideRuntime);
        Self::of(vendor, operation, inner)
    }

    /// Something that is not asked of the vendor at all.
    pub(super) fn refused(vendor: Vendor, operation: Operation, refusal: Refusal) -> Self {
        match refusal {
            Refusal::Invalid(inner) => Self::here(vendor, operation, ErrorKind::InvalidRequest, inner),
            Refusal::Unsupported {
                what,
                instead,
                documentation,
            } => {
                let inner = Unsupported {
                    what,
                    instead,
                    documentation,
                };
                Self::here(vendor, operation, ErrorKind::Unsupported, inner)
            }
        }
    }

    /// An operation that the vendor does not document.
    pub(super) fn absent(vendor: Vendor, operation: Operation, support: &Support) -> Self {
        let (instead, documentation) = match support {
            Support::Absent {
                instead,
                documentation,
            } => (*instead, *documentation),
            Support::Documented(endpoint) => ("see its page", endpoint.documentation),
        };
        let what = match operation {
            Operation::Get => "no operation reads one key",
            _ => "no operation lists keys",
        };
        let refusal = Refusal::Unsupported {
            what,
            instead,
            documentation,
        };
        Self::refused(vendor, operation, refusal)
    }

    pub(super) fn invalid(vendor: Vendor, operation: Operation, pointer: &str, rule: &str) -> Self {
        let inner = InvalidRequest::new(pointer, rule);
        Self::here(vendor, operation, ErrorKind::InvalidRequest, inner)
    }

    /// An error of this crate's own: nothing was sent.
    pub(super) fn here(
        vendor: Vendor,
        operation: Operation,
        kind: ErrorKind,
        source: impl StdError + Send + Sync + 'static,
    ) -> Self {
        Self(Box::new(Inner {
            vendor,
            operation,
            kind,
            status: None,
            message: None,
            code: None,
            request_id: None,
            retry_after: None,
            fields: Vec::new(),
            attempts: 0,
            delivery: Delivery::NotSent,
            stray: None,
            source: Some(Box::new(source)),
        }))
    }

    /// The answer was read, which only this status allows, and found wanting.
    fn answered(mut self, status: StatusCode) -> Self {
        self.0.delivery = Delivery::Answered;
        self.0.status = Some(status);
        self.0.attempts = 1;
        self
    }

    pub(super) fn during(mut self, operation: Operation) -> Self {
        self.0.operation = operation;
        self
    }
}

/// What there is of a success that could not be read.
fn unread_body<E>(error: &crate::Error<E>) -> Option<&[u8]> {
    match error {
        crate::Error::Unreadable(answer) => Some(answer.expose_body()),
        crate::Error::Unexpected(answer) if answer.status().is_success() => Some(answer.body()),
        _ => None,
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            vendor,
            operation,
            kind,
            status,
            ..
        } = &*self.0;
        if let Some(unsupported) = self.unsupported() {
            return write!(
                f,
                "{} is not possible at {vendor}: {unsupported}",
                operation.phrase()
            );
        }
        let reason = match (kind, operation, status) {
            // Neither names a key that there could be none of.
            (ErrorKind::NotFound, Operation::Create | Operation::List, _) => {
                "there is no such place; check the base URL"
            }
            (ErrorKind::Other, _, Some(status)) if status.is_redirection() => {
                "it was redirected, which is not followed; check the base URL"
            }
            _ => phrase(*kind),
        };
        write!(f, "{} at {vendor} failed: {reason}", operation.phrase())?;
        match status {
            Some(status) => write!(f, " ({})", status.as_u16()),
            None => Ok(()),
        }
    }
}

fn phrase(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Unauthenticated => "the credential is not accepted",
        ErrorKind::Forbidden => "the credential may not do this",
        ErrorKind::NotFound => "there is no such key for this caller",
        ErrorKind::Invalid => "the vendor finds the request wrong",
        ErrorKind::Conflict => "it clashes with the present state",
        ErrorKind::RateLimited => "too many requests",
        ErrorKind::Server => "the vendor, or something before it, failed",
        ErrorKind::Timeout => "no complete answer in time",
        ErrorKind::Transport => "the connection failed",
        ErrorKind::Unreadable => "the answer cannot be read",
        ErrorKind::InvalidRequest => "the request is not valid and was not sent",
        ErrorKind::AmbiguousCreate => "the answer was lost, and a key may have been made",
        ErrorKind::Unsupported => "the vendor does not offer it",
        ErrorKind::Credential => "no credential could be had",
        ErrorKind::InsideRuntime => crate::InsideRuntime::TEXT,
        ErrorKind::Other => "the answer is not one that was expected",
    }
}

/// Leaves out what a vendor says: it may repeat what it was sent.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            vendor,
            operation,
            kind,
            status,
            message: _,
            code: _,
            request_id,
            retry_after,
            fields: _,
            attempts,
            delivery,
            stray,
            source,
        } = &*self.0;
        f.debug_struct("Error")
            .field("vendor", vendor)
            .field("operation", operation)
            .field("kind", kind)
            .field("status", status)
            .field("request_id", request_id)
            .field("retry_after", retry_after)
            .field("attempts", attempts)
            .field("delivery", delivery)
            .field("stray", stray)
            .field("source", source)
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let source = self.0.source.as_deref()?;
        Some(source)
    }
}

/// What a vendor does not offer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}; {instead} (see {documentation})")]
pub struct Unsupported {
    what: &'static str,
    instead: &'static str,
    documentation: &'static str,
}

impl Unsupported {
    /// What is missing.
    pub fn what(&self) -> &'static str {
        self.what
    }

    /// What a person or a program can do instead.
    pub fn instead(&self) -> &'static str {
        self.instead
    }

    /// The vendor's page on what there is.
    pub fn documentation(&self) -> &'static str {
        self.documentation
    }
}

/// An answer that was read and lacks what it was asked for.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct InvalidAnswer(&'static str);
