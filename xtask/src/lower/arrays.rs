//! Arrays: tuples have no counterpart in 3.0, and every array must say what its items are.

use serde_json::{Map, Value, json};

use super::report::Loss;
use super::walk::Pass;
use crate::document::pointer;

/// A tuple becomes an array of whatever may stand at any position.
pub(super) fn prefix_items(
    pass: &mut Pass<'_>,
    raw: &Map<String, Value>,
    schema: &mut Map<String, Value>,
    at: &str,
) {
    // What is no list has been refused on the way.
    let Some(Value::Array(prefix)) = schema.shift_remove("prefixItems") else {
        return;
    };
    let count = prefix.len();
    let mut branches: Vec<Value> = vec![];
    for branch in prefix {
        if !branches.contains(&branch) {
            branches.push(branch);
        }
    }
    let rest = schema.shift_remove("items");
    match rest {
        Some(Value::Bool(false)) => tighten(pass, schema, at, count),
        Some(Value::Bool(true)) | None => branches = vec![json!({})],
        Some(items) if !branches.contains(&items) => branches.push(items),
        Some(_) => {}
    }
    let is_exact = count == 0 || (branches.len() == 1 && branches[0] != json!({}));
    let items = match branches.len() {
        0 => json!({}),
        1 => branches.remove(0),
        _ => json!({ "anyOf": branches }),
    };
    schema.insert("items".to_owned(), items);
    let loss = match is_exact {
        true => Loss::None,
        false => Loss::Wider("which position holds what".to_owned()),
    };
    pass.lose(&pointer(at, "prefixItems"), "prefix-items", loss);
    if raw.get("items").is_some_and(Value::is_object) {
        pass.note(&pointer(at, "items"), "prefix-items");
    }
}

/// `items: false` allows the empty array only.
pub(super) fn boolean_items(
    pass: &mut Pass<'_>,
    raw: &Map<String, Value>,
    schema: &mut Map<String, Value>,
    at: &str,
) {
    if let Some(Value::Bool(allowed)) = schema.get("items") {
        if !allowed {
            tighten(pass, schema, at, 0);
        }
        schema.insert("items".to_owned(), json!({}));
    }
    if raw.get("items").is_some_and(Value::is_boolean) {
        pass.note(&pointer(at, "items"), "boolean-items");
    }
}

/// An array without `items` allows anything; 3.0 wants that said.
pub(super) fn items_absent(
    pass: &mut Pass<'_>,
    _: &Map<String, Value>,
    schema: &mut Map<String, Value>,
    at: &str,
) {
    if schema.get("type") == Some(&json!("array")) && !schema.contains_key("items") {
        schema.insert("items".to_owned(), json!({}));
        pass.note(at, "items-absent");
    }
}

fn tighten(pass: &mut Pass<'_>, schema: &mut Map<String, Value>, at: &str, bound: usize) {
    let bound = bound as u64;
    let there = schema.get("maxItems").and_then(Value::as_u64);
    if there.is_some_and(|there| there <= bound) {
        return;
    }
    if there.is_some() {
        pass.note(&pointer(at, "maxItems"), "boolean-items");
    }
    schema.insert("maxItems".to_owned(), json!(bound));
}
