//! Keywords whose values are of another form than OpenAPI 3.0 gives them, refused where they stand.

use serde_json::{Map, Value};

use super::Pass;
use crate::document::pointer;

/// Looks at what the other rules have left.
pub(super) fn refuse_other(pass: &mut Pass<'_>, schema: &mut Map<String, Value>, at: &str) {
    for (key, value) in schema.iter() {
        if let Some((wanted, false)) = form_of(key).map(|(wanted, fits)| (wanted, fits(value))) {
            pass.refuse(
                &pointer(at, key),
                &format!("`{key}` must be {wanted}"),
                "correct it in the overlay",
            );
        }
    }
}

type Fits = fn(&Value) -> bool;

fn form_of(keyword: &str) -> Option<(&'static str, Fits)> {
    Some(match keyword {
        "title" | "description" | "pattern" | "format" => ("a text", Value::is_string),
        "multipleOf" | "minimum" | "maximum" => ("a number", Value::is_number),
        "maxLength" | "minLength" | "maxItems" | "minItems" | "maxProperties" | "minProperties" => {
            ("a count", Value::is_u64)
        }
        "exclusiveMinimum" | "exclusiveMaximum" | "uniqueItems" | "nullable" | "readOnly" | "writeOnly"
        | "deprecated" => ("true or false", Value::is_boolean),
        "enum" => ("a list", Value::is_array),
        "required" => ("a list of names", |value| {
            value
                .as_array()
                .is_some_and(|names| names.iter().all(Value::is_string))
        }),
        _ => return None,
    })
}
