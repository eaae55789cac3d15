//! B3OS's envelopes: `{code, data, message, requestId}`, and `{code, details, message, requestId}` for refusals.

use http::StatusCode;
use http::header::{HeaderValue, WWW_AUTHENTICATE};
use keyway_openapi::Violation;
use serde::ser::{self, SerializeMap};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::assumptions::{Assumption, Assumptions};
use crate::call::{Call, Response, json as json_answer, with};
use crate::entropy::Entropy;
use crate::refusal::{Refusal, Unauthenticated};

use super::assumptions::{ERROR_CODE, REVOKED_KEY_STATUS, UNSET_MEMBERS};

/// The `requestId` of an answer, kept beside it for the audit log.
#[derive(Clone, Copy)]
pub(super) struct RequestId([u8; 8]);

impl RequestId {
    fn new(entropy: &Entropy) -> Self {
        let mut id = [0; 8];
        entropy.fill(&mut id);
        Self(id)
    }
}

impl Serialize for RequestId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = *b"req_0123456789abcdef";
        hex::encode_to_slice(self.0, &mut text[4..]).map_err(ser::Error::custom)?;
        serializer.serialize_str(str::from_utf8(&text).map_err(ser::Error::custom)?)
    }
}

/// What every answer has.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<'d, D> {
    code: u32,
    #[serde(flatten)]
    content: D,
    message: &'d str,
    request_id: RequestId,
}

#[derive(Serialize)]
struct Data<D> {
    data: D,
}

#[derive(Serialize)]
struct Details<'d> {
    details: &'d [Value],
}

/// Neither data nor details.
#[derive(Serialize)]
struct Nothing {}

/// A success with data.
pub(super) fn success(call: &Call<'_>, status: StatusCode, data: &impl Serialize) -> Response {
    let code = u32::from(status.as_u16());
    enveloped(status, code, Data { data }, "success", call.entropy)
}

/// A success without data, as revoking a key has it.
pub(super) fn bare_success(call: &Call<'_>) -> Response {
    enveloped(StatusCode::OK, 200, Nothing {}, "success", call.entropy)
}

/// A refusal in a status that is not hung on an assumption.
pub(super) fn refusal(call: &Call<'_>, status: StatusCode, message: &str) -> Refusal {
    error(status, message, &[], call.assumptions, call.entropy).into()
}

/// A refusal because of one member of the body or the query.
pub(super) fn bad_field(call: &Call<'_>, field: &str, message: &str) -> Refusal {
    let details = [json!({ "field": field, "message": message })];
    let message = format!("{field} {message}");
    error(
        StatusCode::BAD_REQUEST,
        &message,
        &details,
        call.assumptions,
        call.entropy,
    )
    .into()
}

/// A refusal in the status that an assumption has chosen.
pub(super) fn assumed(call: &Call<'_>, assumption: &Assumption, message: &str) -> Refusal {
    refusal(call, status(call.assumed(assumption)), message)
}

/// A refusal because the key does not reach that far (RFC 6750, 3.1).
pub(super) fn insufficient(call: &Call<'_>, message: &str) -> Refusal {
    let response = error(
        StatusCode::FORBIDDEN,
        message,
        &[],
        call.assumptions,
        call.entropy,
    );
    let challenge = HeaderValue::from_static("Bearer realm=\"B3OS\", error=\"insufficient_scope\"");
    with(response, WWW_AUTHENTICATE, challenge).into()
}

/// Any refusal as an answer.
pub(super) fn refuse(refusal: Refusal, assumptions: &Assumptions, entropy: &Entropy) -> Response {
    let answer = |status, message| error(status, message, &[], assumptions, entropy);
    match refusal {
        Refusal::Answer(response) => *response,
        Refusal::NoRoute => answer(StatusCode::NOT_FOUND, "no such route"),
        Refusal::WrongMethod => answer(StatusCode::METHOD_NOT_ALLOWED, "method not allowed"),
        Refusal::TooLarge => answer(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large"),
        Refusal::MediaType => answer(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "the body must be application/json",
        ),
        Refusal::Injected(status) => answer(status, status.canonical_reason().unwrap_or("error")),
        Refusal::Unavailable(_) => answer(
            StatusCode::SERVICE_UNAVAILABLE,
            "the service is not available for the moment",
        ),
        Refusal::Malformed => answer(StatusCode::BAD_REQUEST, "the body is not well-formed JSON"),
        Refusal::Invalid(violations) => {
            let details: Vec<Value> = violations.iter().map(detail).collect();
            error(
                StatusCode::BAD_REQUEST,
                "the request is not valid",
                &details,
                assumptions,
                entropy,
            )
        }
        Refusal::Unauthenticated(why) => {
            let (status, message) = match why {
                Unauthenticated::Revoked { .. } | Unauthenticated::Expired { .. } => (
                    status(assumptions.of(&REVOKED_KEY_STATUS)),
                    "the token is not valid",
                ),
                Unauthenticated::Missing => (StatusCode::UNAUTHORIZED, "a token is required"),
                _ => (StatusCode::UNAUTHORIZED, "the token is not valid"),
            };
            challenged(answer(status, message), why)
        }
    }
}

/// A choice that is a status, as one.
fn status(choice: &str) -> StatusCode {
    choice.parse().unwrap_or(StatusCode::BAD_REQUEST)
}

/// A 401 says what would be accepted (RFC 9110, 11.6.1); to a request without a credential it names no error
/// (RFC 6750, 3.1).
fn challenged(response: Response, why: Unauthenticated) -> Response {
    if response.status() != StatusCode::UNAUTHORIZED {
        return response;
    }
    let challenge = match why {
        Unauthenticated::Missing => "Bearer realm=\"B3OS\"",
        Unauthenticated::Ambiguous => "Bearer realm=\"B3OS\", error=\"invalid_request\"",
        _ => "Bearer realm=\"B3OS\", error=\"invalid_token\"",
    };
    with(response, WWW_AUTHENTICATE, HeaderValue::from_static(challenge))
}

/// A violation never repeats what was sent, so its words may go out.
fn detail(violation: &Violation) -> Value {
    let field = violation.pointer.trim_start_matches('/');
    json!({ "field": field, "message": violation.message })
}

fn error(
    status: StatusCode,
    message: &str,
    details: &[Value],
    assumptions: &Assumptions,
    entropy: &Entropy,
) -> Response {
    let code = match assumptions.of(&ERROR_CODE) {
        "status-and-three-digits" => u32::from(status.as_u16()) * 1000,
        _ => u32::from(status.as_u16()),
    };
    enveloped(status, code, Details { details }, message, entropy)
}

fn enveloped(
    status: StatusCode,
    code: u32,
    content: impl Serialize,
    message: &str,
    entropy: &Entropy,
) -> Response {
    let id = RequestId::new(entropy);
    let body = Envelope {
        code,
        content,
        message,
        request_id: id,
    };
    let mut response = json_answer(status, &body);
    response.extensions_mut().insert(id);
    response
}

/// The object with its unset members, of these names, as an answer shows them: left out, or null.
pub(super) fn with_unset(call: &Call<'_>, mut object: Value, names: &[&str]) -> Value {
    if let (Value::Object(members), "null") = (&mut object, call.assumed(&UNSET_MEMBERS)) {
        for name in names {
            members.entry(*name).or_insert(Value::Null);
        }
    }
    object
}

/// How the unset members of an object are shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Unset {
    LeftOut,
    Null,
}

impl Unset {
    pub(super) fn of(call: &Call<'_>) -> Self {
        match call.assumed(&UNSET_MEMBERS) {
            "null" => Self::Null,
            _ => Self::LeftOut,
        }
    }
}

/// The members of an object on their way out: first those that are set, then the others if they are shown.
pub(super) struct Members<M> {
    map: M,
    unset: Unset,
    missing: Vec<&'static str>,
}

impl<M: SerializeMap> Members<M> {
    pub(super) fn new(map: M, unset: Unset) -> Self {
        Self {
            map,
            unset,
            missing: Vec::new(),
        }
    }

    pub(super) fn set(&mut self, name: &'static str, value: impl Serialize) -> Result<(), M::Error> {
        self.map.serialize_entry(name, &value)
    }

    pub(super) fn may(&mut self, name: &'static str, value: Option<impl Serialize>) -> Result<(), M::Error> {
        match value {
            Some(value) => self.set(name, value),
            None => {
                if self.unset == Unset::Null {
                    self.missing.push(name);
                }
                Ok(())
            }
        }
    }

    pub(super) fn end(mut self) -> Result<M::Ok, M::Error> {
        for name in self.missing {
            self.map.serialize_entry(name, &())?;
        }
        self.map.end()
    }
}
