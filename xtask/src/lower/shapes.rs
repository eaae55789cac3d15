//! Keywords whose values are of another form than OpenAPI 3.0 gives them, refused where they stand.

use serde_json::{Map, Value, json};

use super::walk::Pass;
use crate::document::pointer;

/// Looks at what was read, before other rules take it for what it should be.
pub(super) fn refuse_other(
    pass: &mut Pass<'_>,
    raw: &Map<String, Value>,
    schema: &mut Map<String, Value>,
    at: &str,
) {
    for (key, value) in raw {
        if !schema.contains_key(key) {
            continue;
        }
        if let Some(count) = as_count(key, value) {
            schema.insert(key.clone(), json!(count));
            pass.note(&pointer(at, key), "count");
            continue;
        }
        let rewritten = matches!(key.as_str(), "exclusiveMinimum" | "exclusiveMaximum") && value.is_number();
        if let Some((wanted, fits)) = form_of(key)
            && !rewritten
            && !fits(value)
        {
            pass.refuse(&pointer(at, key), &format!("`{key}` must be {wanted}"));
        }
    }
}

/// A count that is written with a fraction of nothing, as JSON Schema allows.
fn as_count(keyword: &str, value: &Value) -> Option<u64> {
    let count = value
        .as_f64()
        .filter(|count| value.is_f64() && COUNTS.contains(&keyword) && count.fract() == 0.0)?;
    // Beyond this not every integer is a floating-point number.
    (0.0..=9e15).contains(&count).then_some(count as u64)
}

const COUNTS: [&str; 6] = [
    "maxLength",
    "minLength",
    "maxItems",
    "minItems",
    "maxProperties",
    "minProperties",
];

type Fits = fn(&Value) -> bool;

fn form_of(keyword: &str) -> Option<(&'static str, Fits)> {
    Some(match keyword {
        "title" | "description" | "pattern" | "format" => ("a text", Value::is_string),
        "multipleOf" | "minimum" | "maximum" => ("a number", Value::is_number),
        key if COUNTS.contains(&key) => ("a count", Value::is_u64),
        "exclusiveMinimum" | "exclusiveMaximum" | "uniqueItems" | "nullable" | "readOnly" | "writeOnly"
        | "deprecated" => ("true or false", Value::is_boolean),
        "enum" => ("a list", Value::is_array),
        "allOf" | "anyOf" | "oneOf" => ("a list that is not empty", |value| {
            value.as_array().is_none_or(|branches| !branches.is_empty())
        }),
        "discriminator" => ("an object", Value::is_object),
        "required" => ("a list of names", |value| {
            value
                .as_array()
                .is_some_and(|names| names.iter().all(Value::is_string))
        }),
        _ => return None,
    })
}
