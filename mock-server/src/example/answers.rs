//! Examples of answers: what the document shows, or else what is made of its schemas; each of them fits the contract.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, OnceLock};

use bytes::Bytes;
use http::StatusCode;
use keyway_openapi::{Operation, Vendor};
use parking_lot::Mutex;
use serde_json::Value;

use super::schemas::{self, Maker};

/// An answer that fits the contract.
#[derive(Debug)]
pub(super) struct Example {
    pub(super) status: StatusCode,
    /// None: there is no body.
    pub(super) content_type: Option<String>,
    pub(super) body: Bytes,
}

/// An example, or why there is none.
pub(super) type Found = Arc<Result<Example, String>>;

/// The operation's first success of which there is an example.
pub(super) fn success(vendor: Vendor, operation: &Operation) -> Found {
    let mut reason = Arc::new(Err("the document declares no success".to_owned()));
    for status in successes(operation) {
        let found = of_status(vendor, operation, status);
        if found.is_ok() {
            return found;
        }
        reason = found;
    }
    reason
}

/// The statuses of success in the order of their numbers; one that is not said outright comes last and is 200.
fn successes(operation: &Operation) -> Vec<StatusCode> {
    let mut statuses: Vec<StatusCode> = operation
        .declared_statuses()
        .filter_map(|status| status.parse().ok())
        .filter(StatusCode::is_success)
        .collect();
    statuses.sort_unstable();
    let open = |status: &str| status.eq_ignore_ascii_case("2XX") || status == "default";
    if operation.declared_statuses().any(open) && !statuses.contains(&StatusCode::OK) {
        statuses.push(StatusCode::OK);
    }
    statuses
}

/// The example of an answer with this status. It is made once.
pub(super) fn of_status(vendor: Vendor, operation: &Operation, status: StatusCode) -> Found {
    type Made = HashMap<(Vendor, String, StatusCode), Found>;
    static MADE: LazyLock<Mutex<Made>> = LazyLock::new(Mutex::default);
    let key = (vendor, operation.id().to_owned(), status);
    let mut made = MADE.lock();
    let found = made
        .entry(key)
        .or_insert_with(|| Arc::new(make(vendor, operation, status)));
    Arc::clone(found)
}

fn make(vendor: Vendor, operation: &Operation, status: StatusCode) -> Result<Example, String> {
    let declared = operation
        .response(status.as_u16())
        .ok_or("the document does not declare this answer")?;
    let bare = Example {
        status,
        content_type: None,
        body: Bytes::new(),
    };
    if declared.media_types().next().is_none() || operation.method() == "HEAD" {
        return Ok(bare);
    }
    let document = document(vendor);
    let located = schemas::response(document, operation, declared.status());
    let content = located.and_then(|response| response.get("content")?.as_object());
    for (media_type, media) in content.into_iter().flatten() {
        let content_type = sent_as(media_type);
        for body in bodies(document, &content_type, media) {
            let fits = vendor
                .contract()
                .check_response(operation, status.as_u16(), Some(&content_type), &body)
                .is_ok();
            if fits {
                return Ok(Example {
                    content_type: Some(content_type),
                    body,
                    ..bare
                });
            }
        }
    }
    let names: Vec<&str> = declared.media_types().collect();
    Err(format!(
        "of the answer {} as {} no example can be made that fits its schema; the overlay can give one",
        status.as_u16(),
        names.join(" or ")
    ))
}

/// What a media type of the document is sent as: a range is sent as JSON, or as plain text.
fn sent_as(declared: &str) -> String {
    match declared.split_once("/*") {
        Some(("text", _)) => "text/plain".to_owned(),
        Some(_) => "application/json".to_owned(),
        None => declared.to_owned(),
    }
}

/// Bodies that may fit, the most telling first.
fn bodies<'d>(
    document: &'d Value,
    content_type: &str,
    media: &'d Value,
) -> Box<dyn Iterator<Item = Bytes> + 'd> {
    let essence = content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let shown = schemas::examples(document, media);
    if essence.ends_with("/json") || essence.ends_with("+json") {
        let schema = media.get("schema").unwrap_or(&Value::Bool(true));
        let made = Maker::all(document).filter_map(move |maker| maker.value(schema));
        let values = shown.into_iter().cloned().chain(made);
        return Box::new(values.map(|value| Bytes::from(value.to_string())));
    }
    let texts = shown.into_iter().filter_map(Value::as_str);
    // A text is made up only where it is no more than that; who reads a stream or a picture can tell.
    let made = matches!(
        &*essence,
        "text/plain" | "text/html" | "text/csv" | "text/markdown"
    )
    .then_some("text");
    Box::new(texts.chain(made).map(|text| Bytes::from(text.to_owned())))
}

/// The vendor's contract as it is written, read once.
pub(super) fn document(vendor: Vendor) -> &'static Value {
    static DOCUMENTS: [OnceLock<Value>; Vendor::ALL.len()] = [const { OnceLock::new() }; Vendor::ALL.len()];
    DOCUMENTS[vendor as usize]
        .get_or_init(|| serde_json::from_str(vendor.contract_json()).unwrap_or_default())
}
