//! Keywords of 2020-12 without a counterpart in 3.0. Each restricts instances, so leaving it out lets more pass; that loss
//! is recorded, never silent.

use serde_json::{Map, Value, json};

use super::Pass;

const RESTRICTIONS: &[&str] = &[
    "if",
    "then",
    "else",
    "dependentRequired",
    "dependentSchemas",
    "propertyNames",
    "contains",
    "minContains",
    "maxContains",
    "unevaluatedProperties",
    "unevaluatedItems",
];

/// Leaves the restrictions out.
pub(super) fn without_counterpart(pass: &mut Pass<'_>, schema: &mut Map<String, Value>, at: &str) {
    for keyword in RESTRICTIONS {
        if schema.shift_remove(*keyword).is_some() {
            pass.lose(at, "no-counterpart", &format!("the restriction by `{keyword}`"));
        }
    }
    if schema.shift_remove("$comment").is_some() {
        pass.note(at, "comment");
    }
}

/// Properties by pattern become additional properties. Together with `additionalProperties: false` they must not become an
/// object that allows nothing.
pub(super) fn pattern_properties(pass: &mut Pass<'_>, schema: &mut Map<String, Value>, at: &str) {
    let Some(patterns) = schema.shift_remove("patternProperties") else {
        return;
    };
    let Value::Object(patterns) = patterns else {
        pass.refuse(
            at,
            "`patternProperties` must be an object",
            "correct it in the overlay",
        );
        return;
    };
    let mut branches: Vec<Value> = patterns.into_iter().map(|(_, schema)| schema).collect();
    match schema.get("additionalProperties") {
        Some(Value::Bool(false)) => {}
        Some(Value::Object(others)) => branches.push(Value::Object(others.clone())),
        _ => branches = vec![json!({})],
    }
    let additional = match branches.len() {
        0 => json!(false),
        1 => branches.remove(0),
        _ => json!({ "anyOf": branches }),
    };
    schema.insert("additionalProperties".to_owned(), additional);
    pass.lose(
        at,
        "pattern-properties",
        "which property names the patterns allow",
    );
}
