//! Contents of strings: `contentEncoding` and `contentMediaType` are formats in 3.0, where there is one.

use serde_json::{Map, Value, json};

use super::report::Loss;
use super::walk::Pass;
use crate::document::pointer;

/// base64 becomes `format: byte`, raw bytes become `format: binary`; the rest is an annotation that goes.
pub(super) fn of_string(
    pass: &mut Pass<'_>,
    raw: &Map<String, Value>,
    schema: &mut Map<String, Value>,
    at: &str,
) {
    let text = |key: &str| raw.get(key).and_then(Value::as_str);
    let (encoding, media_type) = (text("contentEncoding"), text("contentMediaType"));
    let format = match (encoding, media_type) {
        (Some("base64"), _) => Some("byte"),
        (None, Some("application/octet-stream")) => Some("binary"),
        _ => None,
    };
    let is_there = format.is_some() && raw.get("format").is_none_or(|there| there.as_str() == format);
    if let (true, Some(format)) = (is_there, format) {
        schema.insert("format".to_owned(), json!(format));
    }
    let said = |keyword: &str| match (is_there, format, keyword) {
        (true, Some("byte"), "contentEncoding") | (true, Some("binary"), "contentMediaType") => "",
        (_, _, "contentEncoding") => "the encoding of what the string contains",
        (_, _, "contentMediaType") => "the media type of what the string contains",
        _ => "the schema of what the string contains",
    };
    for keyword in ["contentEncoding", "contentMediaType", "contentSchema"] {
        if raw.contains_key(keyword) {
            let lost = Loss::of_words(said(keyword));
            pass.lose(&pointer(at, keyword), "content-of-string", lost);
        }
    }
}
