//! How Reten says no: `{"statusCode", "message", "error"}` (Reten getting-started page).

use http::StatusCode;
use http::header::{AUTHORIZATION, HeaderValue, WWW_AUTHENTICATE};
use keyway_openapi::Operation;
use serde_json::json;

use crate::call::{Call, Response, json, with};
use crate::refusal::Refusal;

use super::assumed::BAD_KEY_MESSAGE;

/// A refusal in the vendor's form.
pub(super) fn refuse(refusal: Refusal, operation: Option<&Operation>) -> Response {
    match refusal {
        Refusal::Answer(response) => *response,
        Refusal::Unauthenticated(_) => unauthenticated(operation),
        Refusal::NoRoute => error(StatusCode::NOT_FOUND, "Resource not found"),
        Refusal::WrongMethod => error(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed"),
        Refusal::TooLarge => error(StatusCode::PAYLOAD_TOO_LARGE, "Request body too large"),
        Refusal::MediaType => error(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Unsupported content type"),
        Refusal::Malformed => error(StatusCode::BAD_REQUEST, "Malformed JSON"),
        Refusal::Injected(status) => error(status, status.canonical_reason().unwrap_or("Error")),
        Refusal::Unavailable(_) => error(StatusCode::SERVICE_UNAVAILABLE, "Service temporarily unavailable"),
        // The message of the example on the getting-started page.
        Refusal::Invalid(_) => error(StatusCode::BAD_REQUEST, "Validation failed"),
    }
}

/// The same for a call that got as far as its operation: a token that was shown and not taken is called so
/// (RFC 6750 3), one that was not shown is not spoken of.
pub(super) fn refuse_call(call: &Call<'_>, refusal: Refusal) -> Response {
    let is_about_token = matches!(&refusal, Refusal::Unauthenticated(_))
        && call.request.headers().contains_key(AUTHORIZATION)
        && call.operation.id() != "listTaskResultTypeConfigs";
    let is_about_key = matches!(&refusal, Refusal::Unauthenticated(_))
        && call.request.headers().contains_key("x-api-key")
        && call.assumed(&BAD_KEY_MESSAGE) == "key";
    if is_about_key && !is_about_token {
        return challenged(BAD_KEY, EITHER);
    }
    let mut response = refuse(refusal, Some(call.operation));
    if is_about_token {
        response
            .headers_mut()
            .insert(WWW_AUTHENTICATE, HeaderValue::from_static(BAD_TOKEN));
    }
    response
}

/// An error in the one form that all errors have.
pub(super) fn error(status: StatusCode, message: &str) -> Response {
    let name = status.canonical_reason().unwrap_or_default();
    json(
        status,
        &json!({ "statusCode": status.as_u16(), "message": message, "error": name }),
    )
}

/// A 401 with the challenge that it owes its reader (RFC 9110 11.6.1).
pub(super) fn challenged(message: &str, challenge: &'static str) -> Response {
    let response = error(StatusCode::UNAUTHORIZED, message);
    with(response, WWW_AUTHENTICATE, HeaderValue::from_static(challenge))
}

/// The message of the integration/errors page.
const BAD_KEY: &str = "API key missing or invalid";
/// No scheme is registered for keys in a header, so this name is ours.
const KEY: &str = "ApiKey realm=\"Reten\"";
pub(super) const BEARER: &str = "Bearer realm=\"Reten\"";
const BAD_TOKEN: &str = "Bearer realm=\"Reten\", error=\"invalid_token\"";
const EITHER: &str = "Bearer realm=\"Reten\", ApiKey realm=\"Reten\"";

fn unauthenticated(operation: Option<&Operation>) -> Response {
    match operation.map(Operation::id) {
        // One and the same for every reason.
        Some("listTaskResultTypeConfigs") => challenged(BAD_KEY, KEY),
        Some("refresh") => challenged("Invalid or expired refresh token", BEARER),
        Some("getCurrentUser" | "listMyTenants") => challenged("Invalid or expired access token", BEARER),
        _ => challenged("Missing or invalid authentication token", EITHER),
    }
}
