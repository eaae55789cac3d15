//! Bounds: in 2020-12 an exclusive bound is a number, in 3.0 a flag beside the inclusive one.

use serde_json::{Map, Value, json};

use super::Pass;

/// Keeps the tighter of an exclusive and an inclusive bound. The flag of 3.0, also met inside 3.1, stays.
pub(super) fn exclusive(pass: &mut Pass<'_>, schema: &mut Map<String, Value>, at: &str) {
    let lower = |bound: f64, other: f64| other > bound;
    let upper = |bound: f64, other: f64| other < bound;
    one(pass, schema, at, "exclusiveMinimum", "minimum", lower);
    one(pass, schema, at, "exclusiveMaximum", "maximum", upper);
}

fn one(
    pass: &mut Pass<'_>,
    schema: &mut Map<String, Value>,
    at: &str,
    exclusive: &str,
    inclusive: &str,
    is_tighter: fn(f64, f64) -> bool,
) {
    let Some(Value::Number(bound)) = schema.get(exclusive).cloned() else {
        return;
    };
    let other = schema.get(inclusive).and_then(Value::as_f64);
    let inclusive_wins = bound
        .as_f64()
        .zip(other)
        .is_some_and(|(bound, other)| is_tighter(bound, other));
    schema.shift_remove(exclusive);
    if !inclusive_wins {
        schema.insert(inclusive.to_owned(), Value::Number(bound));
        schema.insert(exclusive.to_owned(), json!(true));
    }
    pass.note(at, "exclusive-bound");
}
