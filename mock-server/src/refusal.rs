//! Why a request is refused before, or instead of, being performed: the reasons every vendor shares.
//!
//! A refusal is a reason; the dialect gives it the vendor's status and bytes.

use keyway_openapi::Violation;

use crate::call::Response;

/// Why a request is refused.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// No operation of the vendor has this path.
    NoRoute,
    /// The path exists, the method does not; the `Allow` header is added for the dialect.
    WrongMethod,
    /// The body is larger than the mock reads.
    TooLarge,
    /// The body's media type is not one the operation takes.
    MediaType,
    /// The body is not JSON.
    Malformed,
    /// Parameters or body break the contract.
    Invalid(Vec<Violation>),
    /// No credential, an unknown one, or one that does not authenticate any more.
    Unauthenticated(Unauthenticated),
    /// The dialect's own answer, ready made.
    Answer(Box<Response>),
}

/// Why a request is not authenticated. The vendors answer alike; the reason is for people.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Unauthenticated {
    /// No credential was sent.
    Missing,
    /// What was sent is not of a form that could be a credential.
    Malformed,
    /// Two credentials were sent.
    Ambiguous,
    /// Nobody was given this secret.
    Unknown,
    /// The credential was revoked.
    Revoked,
    /// The credential is past its expiry.
    Expired,
    /// A credential of another tenant, at this address.
    ElsewhereOnly,
    /// The operation does not take this kind of credential.
    WrongKind,
}

impl From<Response> for Refusal {
    fn from(response: Response) -> Self {
        Self::Answer(Box::new(response))
    }
}

impl Refusal {
    /// The refusal that a request's violations of the contract amount to.
    pub(crate) fn of(violations: Vec<Violation>) -> Self {
        let broken = |rule: &str| violations.iter().any(|violation| violation.rule == rule);
        if broken("mediaType") {
            Self::MediaType
        } else if broken("json") {
            Self::Malformed
        } else {
            Self::Invalid(violations)
        }
    }
}
