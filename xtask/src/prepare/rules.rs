//! The limits that a document sets on values. They are checked on requests, never on answers.

use serde_json::{Number, Value};

use crate::model::Rules;

/// The limits that one schema states.
pub(super) fn of(schema: &Value) -> Rules {
    let number = |key: &str| match schema.get(key) {
        Some(Value::Number(number)) => Some(number.clone()),
        _ => None,
    };
    // No text and no list is longer than this, and the compiler would find the comparison useless.
    let longest = isize::MAX as u64;
    let bound = |key: &str| {
        schema
            .get(key)
            .and_then(Value::as_u64)
            .filter(|count| *count < longest)
    };
    let count = |key: &str| bound(key).filter(|count| *count > 0);
    let flag = |key: &str| schema.get(key) == Some(&Value::Bool(true));
    Rules {
        minimum: number("minimum"),
        exclusive_minimum: flag("exclusiveMinimum"),
        maximum: number("maximum"),
        exclusive_maximum: flag("exclusiveMaximum"),
        min_length: count("minLength"),
        max_length: bound("maxLength"),
        min_items: count("minItems"),
        max_items: bound("maxItems"),
        unique_items: flag("uniqueItems"),
        numbers: numbers(schema).unwrap_or_default(),
        uuid: schema.get("format").is_some_and(|format| format == "uuid"),
        pattern: schema.get("pattern").and_then(Value::as_str).map(str::to_owned),
        items: None,
    }
}

/// The only numbers that a schema allows, if it lists them. `null` among them is nullability.
pub(super) fn numbers(schema: &Value) -> Option<Vec<Number>> {
    if !schema
        .get("type")
        .is_some_and(|name| name == "integer" || name == "number")
    {
        return None;
    }
    let values = schema.get("enum")?.as_array()?;
    let listed = values.iter().filter(|value| !value.is_null());
    listed.map(|value| value.as_number().cloned()).collect()
}

impl Rules {
    /// Whether there is nothing to check.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
