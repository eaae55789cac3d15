//! The body of a message, whichever way it came: JSON, or a form that is held to the same rules.

use std::collections::HashSet;
use std::convert::Infallible;

use http::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use keyway_openapi::{RequestView, Vendor};
use multer::{Constraints, Multipart, SizeLimit};
use serde_json::{Map, Value};

use crate::call::Call;
use crate::refusal::Refusal;

use super::assumed::REPEATED_FORM_FIELD;
use super::refusals::{invalid_field, refuse};

/// The fields of a message, and whether a file came with them.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) fields: Map<String, Value>,
    pub(super) has_media: bool,
}

/// Reads the body; a form is checked against the contract here, JSON has been checked before.
pub(super) async fn read(call: &Call<'_>) -> Result<Input, Refusal> {
    let content_type = call.header("content-type").unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("multipart/form-data") {
        let fields = match call.json() {
            Value::Object(fields) => fields.clone(),
            _ => Map::new(),
        };
        return Ok(Input {
            fields,
            has_media: false,
        });
    }
    let boundary = multer::parse_boundary(content_type).map_err(|_| broken())?;
    let input = parts(call, boundary).await?;
    check(call, &input.fields)?;
    Ok(input)
}

/// The answer to a body that is not well formed, with a reason of its own: it is no JSON that is missed.
fn broken() -> Refusal {
    Refusal::from(refuse(Refusal::Malformed, None)).because("the body is no well-formed multipart/form-data")
}

async fn parts(call: &Call<'_>, boundary: String) -> Result<Input, Refusal> {
    let body = call.request.body().clone();
    let stream = futures::stream::iter([Ok::<_, Infallible>(body)]);
    // The server has bounded the whole; a field cannot be larger than that.
    let limits = Constraints::new().size_limit(SizeLimit::new());
    let mut form = Multipart::with_constraints(stream, boundary, limits);
    let mut input = Input {
        fields: Map::new(),
        has_media: false,
    };
    let mut seen = HashSet::new();
    while let Some(part) = form.next_field().await.map_err(|_| broken())? {
        let is_file = part.file_name().is_some();
        let name = part.name().unwrap_or_default().to_owned();
        let bytes = part.bytes().await.map_err(|_| broken())?;
        if name == "media" {
            if !is_file {
                return Err(invalid_field("media", "The media must be a file."));
            }
            input.has_media = true;
        } else if !is_file {
            let text = std::str::from_utf8(&bytes).map_err(|_| broken())?;
            if !seen.insert(name.clone()) {
                match call.assumed(&REPEATED_FORM_FIELD) {
                    "first-wins" => continue,
                    "422" => return Err(invalid_field(&name, "The field must be given once.")),
                    _ => {}
                }
            }
            // An empty field of a form is one that was left out.
            match text {
                "" => input.fields.remove(&name),
                text => input.fields.insert(name.clone(), typed(&name, text)),
            };
        }
    }
    Ok(input)
}

/// A form knows only text: the fields that are numbers in JSON are read as such.
fn typed(name: &str, text: &str) -> Value {
    match (name, text.trim().parse::<i64>()) {
        ("sender_number_id" | "duration" | "file_size", Ok(number)) => number.into(),
        _ => text.into(),
    }
}

/// Holds the fields of a form to the schema that a JSON body has.
fn check(call: &Call<'_>, fields: &Map<String, Value>) -> Result<(), Refusal> {
    let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
    let body = serde_json::to_vec(fields).map_err(|_| broken())?;
    let view = RequestView {
        path_params: call.path_params,
        query: "",
        headers: &headers,
        body: &body,
    };
    Vendor::Sinjapp
        .contract()
        .check_request(call.operation, &view)
        .map_err(Refusal::Invalid)
}
