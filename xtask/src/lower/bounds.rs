//! Bounds: in 2020-12 an exclusive bound is a number, in 3.0 a flag beside the inclusive one.

use std::cmp::Ordering;

use serde_json::{Map, Number, Value, json};

use super::walk::Pass;
use crate::document::pointer;

/// Keeps the tighter of an exclusive and an inclusive bound. The flag of 3.0, also met inside 3.1, stays.
pub(super) fn exclusive(
    pass: &mut Pass<'_>,
    raw: &Map<String, Value>,
    schema: &mut Map<String, Value>,
    at: &str,
) {
    for (exclusive, inclusive, tighter) in [
        ("exclusiveMinimum", "minimum", Ordering::Greater),
        ("exclusiveMaximum", "maximum", Ordering::Less),
    ] {
        let Some(Value::Number(bound)) = raw.get(exclusive) else {
            continue;
        };
        schema.shift_remove(exclusive);
        let inclusive_wins = match raw.get(inclusive) {
            Some(Value::Number(other)) => compare(other, bound) == Some(tighter),
            _ => false,
        };
        if !inclusive_wins {
            if schema
                .insert(inclusive.to_owned(), Value::Number(bound.clone()))
                .is_some()
            {
                pass.note(&pointer(at, inclusive), "exclusive-bound");
            }
            schema.insert(exclusive.to_owned(), json!(true));
        }
        pass.note(&pointer(at, exclusive), "exclusive-bound");
    }
}

/// Integers are compared as such: two that differ may be one floating-point number.
fn compare(left: &Number, right: &Number) -> Option<Ordering> {
    match (left.as_i128(), right.as_i128()) {
        (Some(left), Some(right)) => Some(left.cmp(&right)),
        _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
    }
}
