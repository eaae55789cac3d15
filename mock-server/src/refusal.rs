//! Why a request is refused before, or instead of, being performed: the reasons every vendor shares.
//!
//! A refusal is a reason; the dialect gives it the vendor's status and bytes.

use http::StatusCode;
use keyway_openapi::Violation;

use crate::call::Response;
use crate::mock::Reason;
use crate::store::Unavailable;

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
    /// An error that was asked for.
    Injected(StatusCode),
    /// The store does not answer.
    Unavailable(Unavailable),
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
    /// The credential was revoked so long ago.
    Revoked { seconds_ago: i64 },
    /// The credential has been past its expiry for so long.
    Expired { seconds_ago: i64 },
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

impl From<Unavailable> for Refusal {
    fn from(unavailable: Unavailable) -> Self {
        Self::Unavailable(unavailable)
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

    /// A ready-made answer, with its reason in words.
    pub(crate) fn because(mut self, reason: impl Into<String>) -> Self {
        if let Self::Answer(response) = &mut self {
            response.extensions_mut().insert(Reason(reason.into()));
        }
        self
    }

    /// The reason in words, for the journal; a ready-made answer brings its own.
    pub(crate) fn reason(&self) -> Option<String> {
        let words = match self {
            Self::NoRoute => "no operation has this path".to_owned(),
            Self::WrongMethod => "the path does not take this method".to_owned(),
            Self::TooLarge => "the body is over 1 MiB".to_owned(),
            Self::MediaType => "the operation does not take this media type".to_owned(),
            Self::Malformed => "the body is not JSON".to_owned(),
            Self::Invalid(violations) => {
                let first = violations.first().map(ToString::to_string).unwrap_or_default();
                format!("the request breaks the contract: {first}")
            }
            Self::Unauthenticated(why) => why.reason(),
            Self::Injected(status) => format!("an injected fault asked for {}", status.as_u16()),
            Self::Unavailable(unavailable) => unavailable.to_string(),
            Self::Answer(_) => return None,
        };
        Some(words)
    }

    /// Where the request breaks the contract.
    pub(crate) fn violations(&self) -> Vec<String> {
        match self {
            Self::Invalid(violations) => violations.iter().map(ToString::to_string).collect(),
            _ => Vec::new(),
        }
    }
}

impl Unauthenticated {
    fn reason(self) -> String {
        match self {
            Self::Missing => "no credential was sent".to_owned(),
            Self::Malformed => "what was sent cannot be a credential".to_owned(),
            Self::Ambiguous => "two credentials were sent".to_owned(),
            Self::Unknown => "no such credential was ever issued".to_owned(),
            Self::Revoked { seconds_ago } => format!("the credential was revoked {seconds_ago} s ago"),
            Self::Expired { seconds_ago } => format!("the credential expired {seconds_ago} s ago"),
            Self::ElsewhereOnly => "the credential belongs to another tenant than this address".to_owned(),
            Self::WrongKind => "the operation does not take this kind of credential".to_owned(),
        }
    }
}
