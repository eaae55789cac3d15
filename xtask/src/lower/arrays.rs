//! Arrays: tuples have no counterpart in 3.0, and every array must say what its items are.

use serde_json::{Map, Value, json};

use super::Pass;

/// A tuple becomes an array of whatever may stand at any position.
pub(super) fn prefix_items(pass: &mut Pass<'_>, schema: &mut Map<String, Value>, at: &str) {
    let Some(prefix) = schema.shift_remove("prefixItems") else {
        return;
    };
    let Value::Array(prefix) = prefix else {
        pass.refuse(at, "`prefixItems` must be a list", "correct it in the overlay");
        return;
    };
    let mut branches: Vec<Value> = vec![];
    for branch in &prefix {
        if !branches.contains(branch) {
            branches.push(branch.clone());
        }
    }
    match schema.shift_remove("items") {
        Some(Value::Bool(false)) => {
            tighten(schema, "maxItems", prefix.len());
        }
        Some(Value::Bool(true)) | None => branches = vec![json!({})],
        Some(items) => branches.push(items),
    }
    let items = match branches.len() {
        1 => branches.remove(0),
        _ => json!({ "anyOf": branches }),
    };
    schema.insert("items".to_owned(), items);
    pass.lose(at, "prefix-items", "which position holds what");
}

/// `items: false` allows the empty array only; an array without `items` allows anything.
pub(super) fn items(pass: &mut Pass<'_>, schema: &mut Map<String, Value>, at: &str) {
    match schema.get("items") {
        Some(Value::Bool(false)) => {
            tighten(schema, "maxItems", 0);
            schema.insert("items".to_owned(), json!({}));
            pass.note(at, "boolean-items");
        }
        Some(Value::Bool(true)) => {
            schema.insert("items".to_owned(), json!({}));
            pass.note(at, "boolean-items");
        }
        None if schema.get("type") == Some(&json!("array")) => {
            schema.insert("items".to_owned(), json!({}));
            pass.note(at, "items-absent");
        }
        _ => {}
    }
}

fn tighten(schema: &mut Map<String, Value>, keyword: &str, bound: usize) {
    let bound = bound as u64;
    let tighter = schema
        .get(keyword)
        .and_then(Value::as_u64)
        .map_or(bound, |there| there.min(bound));
    schema.insert(keyword.to_owned(), json!(tighter));
}
