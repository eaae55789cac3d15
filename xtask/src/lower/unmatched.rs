//! Keywords of 2020-12 without a counterpart in 3.0. Most restrict values, so leaving them out lets more pass; that loss is
//! recorded, never silent, and not claimed where the keyword had no effect.

use serde_json::{Map, Value, json};

use super::report::Loss;
use super::tables::Kind;
use super::walk::Pass;
use super::{choices, objects};
use crate::document::pointer;

/// What names a schema or says how it is written. Whatever referred to a name refers to the place from now on.
pub(super) fn identity(pass: &mut Pass<'_>, raw: &Map<String, Value>, _: &mut Map<String, Value>, at: &str) {
    for keyword in ["$id", "$anchor", "$dynamicAnchor"] {
        match raw.get(keyword) {
            None => {}
            Some(Value::String(_)) => {
                let lost = format!("the `{keyword}` by which others may refer to it");
                pass.lose(&pointer(at, keyword), "identity", Loss::Words(lost));
            }
            Some(_) => pass.refuse(&pointer(at, keyword), &format!("`{keyword}` must be a text")),
        }
    }
    if raw.contains_key("$recursiveAnchor") {
        let lost = "the `$recursiveAnchor` by which others may refer to it".to_owned();
        pass.lose(&pointer(at, "$recursiveAnchor"), "identity", Loss::Words(lost));
    }
    match raw.get("$schema") {
        None => {}
        Some(Value::String(dialect)) if objects::is_known_dialect(dialect) => {
            pass.note(&pointer(at, "$schema"), "schema-dialect");
        }
        Some(_) => pass.refuse(&pointer(at, "$schema"), "another dialect of JSON Schema"),
    }
    if raw.contains_key("$comment") {
        let lost = "a word among the authors".to_owned();
        pass.lose(&pointer(at, "$comment"), "comment", Loss::Words(lost));
    }
}

/// What is unevaluated is simply additional where no other schema is applied in the same place.
pub(super) fn unevaluated(
    pass: &mut Pass<'_>,
    raw: &Map<String, Value>,
    schema: &mut Map<String, Value>,
    at: &str,
) {
    let is_applied_elsewhere = raw.keys().any(|key| choices::applies_in_place(key));
    for (keyword, plain, further) in [
        ("unevaluatedProperties", "additionalProperties", None),
        ("unevaluatedItems", "items", Some("contains")),
    ] {
        let Some(value) = raw.get(keyword) else { continue };
        let here = pointer(at, keyword);
        let is_marked = further.is_some_and(|further| raw.contains_key(further));
        if is_trivial(value) || raw.contains_key(plain) {
            pass.note(&here, "without-effect");
        } else if is_applied_elsewhere || is_marked {
            let lost = format!("the restriction by `{keyword}`");
            pass.lose(&here, "no-counterpart", Loss::Wider(lost));
        } else {
            let lowered = match value {
                Value::Bool(_) => value.clone(),
                schema => pass.value(Kind::Schema, schema, &here),
            };
            schema.insert(plain.to_owned(), lowered);
            pass.note(&here, "unevaluated");
        }
    }
}

/// Leaves the restrictions out.
pub(super) fn without_counterpart(
    pass: &mut Pass<'_>,
    raw: &Map<String, Value>,
    _: &mut Map<String, Value>,
    at: &str,
) {
    let has_no_effect = |keyword: &str, value: &Value| match keyword {
        "if" => ["then", "else"]
            .iter()
            .all(|other| raw.get(*other).is_none_or(is_trivial)),
        "then" | "else" => !raw.contains_key("if") || is_trivial(value),
        "minContains" | "maxContains" if !raw.contains_key("contains") => true,
        "contains" | "minContains" => {
            raw.get("minContains").and_then(Value::as_f64) == Some(0.0) && !raw.contains_key("maxContains")
        }
        "maxContains" => false,
        "propertyNames" => is_trivial(value) || *value == json!({ "type": "string" }),
        "dependentRequired" => value
            .as_object()
            .is_some_and(|names| names.values().all(is_empty_list)),
        _ => value
            .as_object()
            .is_some_and(|schemas| schemas.values().all(is_trivial)),
    };
    for keyword in [
        "if",
        "then",
        "else",
        "dependentRequired",
        "dependentSchemas",
        "dependencies",
        "propertyNames",
        "contains",
        "minContains",
        "maxContains",
    ] {
        let Some(value) = raw.get(keyword) else { continue };
        match has_no_effect(keyword, value) {
            true => pass.note(&pointer(at, keyword), "without-effect"),
            false => {
                let lost = format!("the restriction by `{keyword}`");
                pass.lose(&pointer(at, keyword), "no-counterpart", Loss::Wider(lost));
            }
        }
    }
}

fn is_trivial(schema: &Value) -> bool {
    *schema == json!(true) || *schema == json!({})
}

fn is_empty_list(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty)
}

/// Patterns that every name fits.
const ANY_NAME: [&str; 4] = ["", "^", ".*", "^.*"];

/// Properties by pattern become additional properties. Together with `additionalProperties: false` they must not become an
/// object that allows nothing.
pub(super) fn pattern_properties(
    pass: &mut Pass<'_>,
    raw: &Map<String, Value>,
    schema: &mut Map<String, Value>,
    at: &str,
) {
    // What is no map has been refused on the way.
    let Some(Value::Object(patterns)) = schema.shift_remove("patternProperties") else {
        return;
    };
    let here = pointer(at, "patternProperties");
    if patterns.is_empty() {
        return pass.note(&here, "without-effect");
    }
    let is_exact = patterns.len() == 1
        && patterns
            .keys()
            .all(|pattern| ANY_NAME.contains(&pattern.as_str()))
        && !raw.contains_key("properties");
    let mut branches: Vec<Value> = patterns.into_iter().map(|(_, schema)| schema).collect();
    branches.dedup();
    match schema.get("additionalProperties") {
        _ if is_exact => {}
        Some(Value::Bool(false)) => {}
        Some(Value::Object(others)) => branches.push(Value::Object(others.clone())),
        _ => branches = vec![json!({})],
    }
    let additional = match branches.len() {
        1 => branches.remove(0),
        _ => json!({ "anyOf": branches }),
    };
    schema.insert("additionalProperties".to_owned(), additional);
    let loss = match is_exact {
        true => Loss::None,
        false => Loss::Wider("which property names the patterns allow".to_owned()),
    };
    pass.lose(&here, "pattern-properties", loss);
    if raw.contains_key("additionalProperties") {
        pass.note(&pointer(at, "additionalProperties"), "pattern-properties");
    }
}
