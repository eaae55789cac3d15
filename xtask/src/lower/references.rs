//! References: in 3.1 a reference may have siblings, in 3.0 it stands alone.

use serde_json::{Map, Value, json};

use super::Pass;
use super::tables::Kind;

/// A Reference Object in place of an object. In 3.1 it may override summary and description; in 3.0 it may not.
pub(super) fn of_object(
    pass: &mut Pass<'_>,
    kind: Kind,
    object: &mut Map<String, Value>,
    at: &str,
) -> Option<Value> {
    let reference = object.get("$ref")?.as_str()?.to_owned();
    if kind == Kind::PathItem {
        inline_path_item(pass, object, &reference, at);
        return None;
    }
    if object.keys().any(|key| key != "$ref" && !key.starts_with("x-")) {
        pass.lose(
            at,
            "reference-siblings",
            "the summary or description beside the reference",
        );
    }
    Some(json!({ "$ref": reference }))
}

/// Path items cannot be shared in 3.0, and progenitor refuses a reference to one: its contents take its place.
fn inline_path_item(pass: &mut Pass<'_>, object: &mut Map<String, Value>, reference: &str, at: &str) {
    object.shift_remove("$ref");
    let target = reference
        .strip_prefix('#')
        .and_then(|pointer| pass.source.pointer(pointer));
    let Some(Value::Object(target)) = target else {
        pass.refuse(
            at,
            &format!("`{reference}` names no path item of this document"),
            "inline it in the overlay",
        );
        return;
    };
    if target.contains_key("$ref") {
        pass.refuse(
            at,
            "a reference to a reference to a path item",
            "inline it in the overlay",
        );
        return;
    }
    for (key, value) in target {
        object.entry(key.clone()).or_insert_with(|| value.clone());
    }
    pass.note(at, "path-item-reference");
}

/// `$ref` with siblings becomes `allOf` of the reference beside them, so that description, default and the like survive.
pub(super) fn with_siblings(pass: &mut Pass<'_>, schema: &mut Map<String, Value>, at: &str) {
    let Some(reference) = schema.get("$ref") else {
        return;
    };
    if !reference.is_string() {
        pass.refuse(at, "`$ref` must be a text", "correct it in the overlay");
        return;
    }
    if schema.len() == 1 {
        return;
    }
    let reference = json!({ "$ref": reference });
    schema.shift_remove("$ref");
    match schema.get_mut("allOf") {
        Some(Value::Array(all)) => all.insert(0, reference),
        _ => {
            schema.insert("allOf".to_owned(), json!([reference]));
        }
    }
    pass.note(at, "reference-siblings");
}
