//! How Sinjapp says no: `{"message": …}`, and on 422 the messages of each field (Sinjapp errors guide).

use std::borrow::Cow;

use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderValue, WWW_AUTHENTICATE};
use indexmap::IndexMap;
use keyway_openapi::{Detail, Operation, Place, RequestView, Vendor, Violation};
use serde_json::json;

use crate::call::{Call, Response, json, with};
use crate::refusal::Refusal;

use super::assumed::MALFORMED_ID;

// The messages of the errors guide.
const UNAUTHENTICATED: &str = "Unauthenticated.";
pub(super) const NO_SCOPE: &str = "This API key does not have the required scope.";
pub(super) const NO_TENANT: &str = "Tenant could not be identified for this domain.";
pub(super) const SENDER_NOT_ACTIVE: &str = "Sender number is not active.";
pub(super) const OWNER_UNVERIFIED: &str =
    "The sender number owner must be verified in Sinjapp before using the messaging API.";
const INVALID: &str = "The given data was invalid.";

/// What is wrong with each field of an input.
#[derive(Debug, Default)]
pub(super) struct Errors(IndexMap<String, Vec<String>>);

impl Errors {
    /// Notes a complaint about a field.
    pub(super) fn add(&mut self, field: &str, complaint: impl Into<String>) {
        self.0.entry(field.to_owned()).or_default().push(complaint.into());
    }

    /// Notes that a field is missing, in Laravel's words.
    pub(super) fn add_required(&mut self, field: &str) {
        self.add(field, format!("The {} field is required.", spoken(field)));
    }

    /// Nothing, or the refusal that the complaints amount to.
    pub(super) fn into_result(self) -> Result<(), Refusal> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(self.response().into())
        }
    }

    fn response(&self) -> Response {
        json(
            StatusCode::UNPROCESSABLE_ENTITY,
            &json!({ "message": INVALID, "errors": self.0 }),
        )
    }
}

/// A refusal in the vendor's form.
pub(super) fn refuse(refusal: Refusal, operation: Option<&Operation>) -> Response {
    match refusal {
        Refusal::Answer(response) => *response,
        Refusal::Unauthenticated(_) => challenge(message(StatusCode::UNAUTHORIZED, UNAUTHENTICATED)),
        // What no page describes takes the form of every other error.
        Refusal::NoRoute => message(StatusCode::NOT_FOUND, "Not found."),
        Refusal::WrongMethod => message(
            StatusCode::METHOD_NOT_ALLOWED,
            "The method is not supported for this route.",
        ),
        Refusal::TooLarge => message(StatusCode::PAYLOAD_TOO_LARGE, "The request body is too large."),
        Refusal::MediaType => message(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "The content type is not supported for this route.",
        ),
        Refusal::Malformed => {
            let mut errors = Errors::default();
            errors.add("body", "The body is not well formed.");
            errors.response()
        }
        Refusal::Invalid(violations) => invalid(&violations, operation),
        Refusal::Injected(status) => message(status, status.canonical_reason().unwrap_or("Error")),
        Refusal::Unavailable(_) => message(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable"),
    }
}

/// Any refusal of a call as an answer.
pub(super) fn refuse_call(call: &Call<'_>, refusal: Refusal) -> Response {
    match refusal {
        Refusal::Invalid(violations) if call.assumed(&MALFORMED_ID) == "422" => {
            field_by_field(&violations, Some(call.operation))
        }
        refusal => refuse(refusal, Some(call.operation)),
    }
}

/// The refusal for one complaint about one field.
pub(super) fn invalid_field(field: &str, complaint: impl Into<String>) -> Refusal {
    let mut errors = Errors::default();
    errors.add(field, complaint);
    errors.response().into()
}

/// An error that is a message and nothing else.
pub(super) fn message(status: StatusCode, text: &str) -> Response {
    json(status, &json!({ "message": text }))
}

/// Adds the challenge that a 401 owes its reader (RFC 9110 11.6.1). No scheme is registered for keys in a header.
pub(super) fn challenge(response: Response) -> Response {
    with(
        response,
        WWW_AUTHENTICATE,
        HeaderValue::from_static("ApiKey realm=\"Sinjapp Business API\""),
    )
}

fn invalid(violations: &[Violation], operation: Option<&Operation>) -> Response {
    // A path parameter of the wrong form names nothing that exists (assumption sinjapp.malformed-id).
    if violations.iter().any(|violation| violation.place == Place::Path) {
        return message(StatusCode::NOT_FOUND, "Not found.");
    }
    field_by_field(violations, operation)
}

fn field_by_field(violations: &[Violation], operation: Option<&Operation>) -> Response {
    let mut errors = Errors::default();
    for violation in explode(violations, operation).iter() {
        let (field, complaint) = in_laravels_words(violation);
        errors.add(&field, complaint);
    }
    errors.response()
}

/// A body that is absent or no object lacks every required field, which is what Laravel says of it.
fn explode<'v>(violations: &'v [Violation], operation: Option<&Operation>) -> Cow<'v, [Violation]> {
    let is_whole = |violation: &Violation| {
        violation.place == Place::Body
            && violation.pointer.is_empty()
            && !matches!(violation.detail, Detail::Required { .. })
    };
    let (Some(operation), true) = (operation, violations.iter().any(is_whole)) else {
        return Cow::Borrowed(violations);
    };
    let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
    let nothing = RequestView {
        path_params: &[],
        query: "",
        headers: &headers,
        body: b"{}",
    };
    match Vendor::Sinjapp.contract().check_request(operation, &nothing) {
        Err(missing) => Cow::Owned(missing),
        Ok(()) => Cow::Borrowed(violations),
    }
}

fn in_laravels_words(violation: &Violation) -> (String, String) {
    let mut field = violation.pointer.trim_start_matches('/').replace('/', ".");
    if let Detail::Required { property } = &violation.detail {
        field.clone_from(property);
    }
    if field.is_empty() {
        "body".clone_into(&mut field);
    }
    let name = spoken(&field);
    let complaint = match (&*violation.rule, &violation.detail) {
        ("required", _) => format!("The {name} field is required."),
        ("type", Detail::Type { expected }) => match expected.iter().find(|kind| **kind != "null") {
            Some(&kind @ ("integer" | "array" | "object")) => format!("The {name} must be an {kind}."),
            Some(kind) => format!("The {name} must be a {kind}."),
            None => format!("The {name} is invalid."),
        },
        ("enum", _) => format!("The selected {name} is invalid."),
        ("minimum", Detail::Bound { limit }) => format!("The {name} must be at least {limit}."),
        ("maximum", Detail::Bound { limit }) => format!("The {name} may not be greater than {limit}."),
        _ => format!("The {name} is invalid."),
    };
    (field, complaint)
}

/// A field's name in a sentence.
pub(super) fn spoken(field: &str) -> String {
    field.replace('_', " ")
}
