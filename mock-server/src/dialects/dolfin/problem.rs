//! Refusals in Dolfin's form: problem details (introduction), with a code where a page names one.

use http::StatusCode;
use http::header::{HeaderValue, WWW_AUTHENTICATE};
use keyway_openapi::{Operation, Place, Violation};
use serde_json::{Value, json};

use crate::assumptions::{Assumption, Assumptions};
use crate::call::{Call, Response, json_as, with};
use crate::refusal::{Refusal, Unauthenticated};

use super::assumptions::{
    BAD_AUTH_CODE, BAD_KEY_STATUS, ERROR_CODE_MEMBER, FOREIGN_ORGANISATION, MALFORMED_ID,
    MALFORMED_ORGANISATION_HEADER, MISSING_ORGANISATION_HEADER, WRONG_CREDENTIAL_KIND,
};

/// The `type` in the introduction's example of an error.
const TYPE: &str = "https://tools.ietf.org/html/rfc7807";

/// One problem, before it has a form.
pub(super) struct Problem<'p> {
    pub(super) status: StatusCode,
    /// A code that a page of the vendor names.
    pub(super) code: Option<&'static str>,
    pub(super) detail: &'p str,
}

impl Problem<'_> {
    /// The answer to a call.
    pub(super) fn refusing(&self, call: &Call<'_>) -> Refusal {
        self.answer(call.assumptions).into()
    }

    fn answer(&self, assumptions: &Assumptions) -> Response {
        let reason = self.status.canonical_reason().unwrap_or_default();
        let mut body = json!({
            "type": TYPE,
            "title": reason,
            "status": self.status.as_u16(),
            "detail": self.detail,
        });
        if let (Some(code), Value::Object(members)) = (self.code, &mut body) {
            members.insert(assumptions.of(&ERROR_CODE_MEMBER).to_owned(), Value::from(code));
        }
        json_as("application/problem+json", self.status, &body)
    }
}

/// The problem of a status that an assumption has chosen.
pub(super) fn assumed<'p>(call: &Call<'_>, assumption: &Assumption, detail: &'p str) -> Problem<'p> {
    plain(status(call.assumed(assumption)), detail)
}

/// A choice that is a status, as one.
pub(super) fn status(choice: &str) -> StatusCode {
    choice.parse().unwrap_or(StatusCode::BAD_REQUEST)
}

pub(super) fn plain(status: StatusCode, detail: &str) -> Problem<'_> {
    Problem {
        status,
        code: None,
        detail,
    }
}

pub(super) fn missing_organisation(call: &Call<'_>) -> Refusal {
    let detail = "The header x-dolfin-organisation-id is required";
    assumed(call, &MISSING_ORGANISATION_HEADER, detail).refusing(call)
}

pub(super) fn malformed_organisation(call: &Call<'_>) -> Refusal {
    let detail = "The header x-dolfin-organisation-id must be a UUID";
    assumed(call, &MALFORMED_ORGANISATION_HEADER, detail).refusing(call)
}

pub(super) fn foreign_organisation(call: &Call<'_>) -> Refusal {
    assumed(call, &FOREIGN_ORGANISATION, "No such organisation").refusing(call)
}

/// The answer to an auth code that buys nothing. Its status is its own, whatever the one of a bad key is.
pub(super) fn bad_code(call: &Call<'_>) -> Refusal {
    let detail = "The code is unknown, used or expired";
    let response = assumed(call, &BAD_AUTH_CODE, detail).answer(call.assumptions);
    match response.status() {
        // The exchange takes no credential in a header, but the session that it did not give would be one.
        StatusCode::UNAUTHORIZED => with(
            response,
            WWW_AUTHENTICATE,
            HeaderValue::from_static("Bearer realm=\"Dolfin\""),
        )
        .into(),
        _ => response.into(),
    }
}

/// Any refusal as an answer.
pub(super) fn refuse(refusal: Refusal, operation: Option<&Operation>, assumptions: &Assumptions) -> Response {
    let answer = |status, detail: &str| plain(status, detail).answer(assumptions);
    match refusal {
        Refusal::Answer(response) => *response,
        Refusal::NoRoute => answer(StatusCode::NOT_FOUND, "No such resource"),
        Refusal::WrongMethod => answer(
            StatusCode::METHOD_NOT_ALLOWED,
            "The resource does not take this method",
        ),
        Refusal::TooLarge => answer(StatusCode::PAYLOAD_TOO_LARGE, "The body is too large"),
        Refusal::MediaType => answer(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "The body must be application/json",
        ),
        Refusal::Injected(status) => answer(status, "Asked for by the one who runs this server"),
        Refusal::Unavailable(_) => answer(
            StatusCode::SERVICE_UNAVAILABLE,
            "The service is not available for the moment",
        ),
        Refusal::Malformed => answer(StatusCode::BAD_REQUEST, "The body is not well-formed JSON"),
        Refusal::Invalid(violations) => invalid(&violations, assumptions),
        Refusal::Unauthenticated(why) => unauthenticated(why, operation, assumptions),
    }
}

/// Which rule of the contract decides, if several are broken: the path before the header before the rest.
fn invalid(violations: &[Violation], assumptions: &Assumptions) -> Response {
    let broken = |place| violations.iter().find(|violation| violation.place == place);
    let chosen =
        |assumption, detail: &str| plain(status(assumptions.of(assumption)), detail).answer(assumptions);
    if broken(Place::Path).is_some() {
        return chosen(&MALFORMED_ID, "The id in the path must be a UUID");
    }
    match broken(Place::Header) {
        Some(header) if header.rule == "required" => chosen(
            &MISSING_ORGANISATION_HEADER,
            "The header x-dolfin-organisation-id is required",
        ),
        Some(_) => chosen(
            &MALFORMED_ORGANISATION_HEADER,
            "The header x-dolfin-organisation-id must be a UUID",
        ),
        None => {
            let detail = violations.iter().map(worded).collect::<Vec<_>>().join("; ");
            plain(StatusCode::BAD_REQUEST, &detail).answer(assumptions)
        }
    }
}

/// A violation never repeats what was sent, so its words may go out.
fn worded(violation: &Violation) -> String {
    let place = violation.pointer.trim_start_matches('/');
    let place = if place.is_empty() { "body" } else { place };
    format!("{place}: {}", violation.message)
}

fn unauthenticated(
    why: Unauthenticated,
    operation: Option<&Operation>,
    assumptions: &Assumptions,
) -> Response {
    let detail = match why {
        Unauthenticated::Missing => "A credential is required",
        Unauthenticated::Ambiguous => "More than one credential was sent",
        // One answer for all the rest: what is wrong with a credential is nothing that its finder should learn.
        _ => "The credential is not valid here",
    };
    let decides = match why {
        Unauthenticated::WrongKind => &WRONG_CREDENTIAL_KIND,
        _ => &BAD_KEY_STATUS,
    };
    let response = plain(status(assumptions.of(decides)), detail).answer(assumptions);
    match (
        response.status(),
        operation.and_then(|operation| challenge(why, operation)),
    ) {
        (StatusCode::UNAUTHORIZED, Some(challenge)) => with(response, WWW_AUTHENTICATE, challenge),
        _ => response,
    }
}

/// What would be accepted instead (RFC 9110, 11.6.1). A request without a credential learns of no error (RFC 6750, 3.1).
fn challenge(why: Unauthenticated, operation: &Operation) -> Option<HeaderValue> {
    let schemes = operation.security().iter().flat_map(|one| one.schemes());
    let challenges = schemes.map(|(name, _)| match (name, why) {
        ("BearerAuth", Unauthenticated::Missing) => "Bearer realm=\"Dolfin\"",
        ("BearerAuth", Unauthenticated::Ambiguous) => "Bearer realm=\"Dolfin\", error=\"invalid_request\"",
        ("BearerAuth", _) => "Bearer realm=\"Dolfin\", error=\"invalid_token\"",
        _ => "ApiKey realm=\"Dolfin\"",
    });
    let challenges: Vec<&str> = challenges.collect();
    challenges.join(", ").parse().ok()
}
