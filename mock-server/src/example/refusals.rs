//! Refusals in the form that the document declares for their status, and as problem details (RFC 9457) where it has none.

use http::StatusCode;
use http::header::{HeaderValue, WWW_AUTHENTICATE};
use keyway_openapi::{Operation, SecurityScheme, Vendor};

use crate::call::{Response, with};
use crate::refusal::Refusal;

use super::{answers, problem, response};

/// Any refusal as an answer.
pub(super) fn refuse(vendor: Vendor, refusal: Refusal, operation: Option<&Operation>) -> Response {
    let reason = refusal.reason().unwrap_or_default();
    let answer = |statuses: &[StatusCode]| declared(vendor, operation, statuses, &reason);
    match refusal {
        Refusal::Answer(response) => *response,
        Refusal::NoRoute => answer(&[StatusCode::NOT_FOUND]),
        Refusal::WrongMethod => answer(&[StatusCode::METHOD_NOT_ALLOWED]),
        Refusal::TooLarge => answer(&[StatusCode::PAYLOAD_TOO_LARGE]),
        Refusal::MediaType => answer(&[StatusCode::UNSUPPORTED_MEDIA_TYPE]),
        Refusal::Injected(status) => answer(&[status]),
        Refusal::Unavailable(_) => answer(&[StatusCode::SERVICE_UNAVAILABLE]),
        Refusal::Malformed => answer(&[StatusCode::BAD_REQUEST]),
        Refusal::Invalid(_) => answer(&[StatusCode::BAD_REQUEST, StatusCode::UNPROCESSABLE_ENTITY]),
        Refusal::Unauthenticated(_) => {
            let response = answer(&[StatusCode::UNAUTHORIZED]);
            match operation.and_then(|operation| challenge(vendor, operation)) {
                Some(challenge) => with(response, WWW_AUTHENTICATE, challenge),
                None => response,
            }
        }
    }
}

/// The refusal of a caller whose credential is good, and not good for this.
pub(super) fn forbidden(vendor: Vendor, operation: &Operation) -> Refusal {
    let reason = "the credential does not hold the scopes that the document names";
    Refusal::from(declared(
        vendor,
        Some(operation),
        &[StatusCode::FORBIDDEN],
        reason,
    ))
    .because(reason)
}

/// The first of these statuses that the operation declares outright, as an example; else the first, as whatever the document
/// has for it.
fn declared(
    vendor: Vendor,
    operation: Option<&Operation>,
    statuses: &[StatusCode],
    reason: &str,
) -> Response {
    let is_declared = |status: &&StatusCode| {
        let mut known = operation.into_iter().flat_map(Operation::declared_statuses);
        known.any(|known| known == status.as_str())
    };
    let first = statuses.first().copied().unwrap_or(StatusCode::BAD_REQUEST);
    let status = statuses.iter().find(is_declared).copied().unwrap_or(first);
    let found = operation.map(|operation| answers::of_status(vendor, operation, status));
    match found.as_deref() {
        Some(Ok(example)) => response(example),
        _ => problem(status, reason),
    }
}

/// What would be accepted instead (RFC 9110, 11.6.1).
fn challenge(vendor: Vendor, operation: &Operation) -> Option<HeaderValue> {
    let schemes = operation
        .security()
        .iter()
        .flat_map(|alternative| alternative.schemes())
        .filter_map(|(name, _)| vendor.contract().security_scheme(name));
    let mut challenges: Vec<String> = schemes
        .map(|scheme| match scheme {
            SecurityScheme::ApiKey { .. } => "ApiKey",
            SecurityScheme::Http { scheme } if scheme.eq_ignore_ascii_case("basic") => "Basic",
            _ => "Bearer",
        })
        .map(|scheme| format!("{scheme} realm=\"{}\"", vendor.title()))
        .collect();
    challenges.dedup();
    challenges
        .join(", ")
        .parse()
        .ok()
        .filter(|_| !challenges.is_empty())
}
