//! Contents of strings: `contentEncoding` and `contentMediaType` are formats in 3.0, where there is one.

use serde_json::{Map, Value, json};

use super::Pass;

/// base64 becomes `format: byte`, raw bytes become `format: binary`; the rest is an annotation that goes.
pub(super) fn of_string(pass: &mut Pass<'_>, schema: &mut Map<String, Value>, at: &str) {
    let encoding = schema.shift_remove("contentEncoding");
    let media_type = schema.shift_remove("contentMediaType");
    let inner = schema.shift_remove("contentSchema");
    if encoding.is_none() && media_type.is_none() && inner.is_none() {
        return;
    }
    let format = match (
        encoding.as_ref().and_then(Value::as_str),
        media_type.as_ref().and_then(Value::as_str),
    ) {
        (Some("base64"), _) => Some("byte"),
        (None, Some("application/octet-stream")) => Some("binary"),
        _ => None,
    };
    if let (Some(format), false) = (format, schema.contains_key("format")) {
        schema.insert("format".to_owned(), json!(format));
    }
    let lost = match (format, inner.is_some(), &media_type) {
        (_, true, _) => "the schema of what the string contains",
        (Some("binary"), ..) | (Some("byte"), _, None) => "",
        _ => "the media type or encoding of what the string contains",
    };
    pass.lose(at, "content-of-string", lost);
}
