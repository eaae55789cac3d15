//! Types: 3.1 writes a list of types and treats `null` as one of them; 3.0 has one type and the word `nullable`.

use serde_json::{Map, Value, json};

use super::Pass;
use crate::document::pointer;

const KNOWN: [&str; 6] = ["string", "number", "integer", "boolean", "array", "object"];

/// The rendering of numbers by .NET: a number that the server also accepts as text, which a pattern describes. The server
/// writes numbers, so it is a number; the pattern holds for the text only.
pub(super) fn numbers_as_text(pass: &mut Pass<'_>, schema: &mut Map<String, Value>, at: &str) {
    let Some(Value::Array(types)) = schema.get("type") else {
        return;
    };
    let has = |name: &str| types.iter().any(|item| item == name);
    let number = match (has("integer"), has("number")) {
        (_, true) => "number",
        (true, false) => "integer",
        (false, false) => return,
    };
    let others = types.iter().any(|item| {
        !["integer", "number", "string", "null"]
            .iter()
            .any(|known| item == known)
    });
    let pattern = schema.get("pattern").and_then(Value::as_str).unwrap_or_default();
    if others || !has("string") || !pattern.starts_with("^-?(?:0|[1-9]\\d*)") {
        return;
    }
    let mut kept = vec![json!(number)];
    if has("null") {
        kept.push(json!("null"));
    }
    schema.insert("type".to_owned(), Value::Array(kept));
    schema.shift_remove("pattern");
    pass.lose(
        at,
        "number-as-text",
        "that the server also accepts the number as text",
    );
}

/// A `null` branch of `anyOf` or `oneOf` becomes `nullable`; one branch that remains takes the place of the choice.
pub(super) fn null_branches(pass: &mut Pass<'_>, schema: &mut Map<String, Value>, at: &str) {
    for keyword in ["anyOf", "oneOf"] {
        let Some(Value::Array(branches)) = schema.get(keyword) else {
            continue;
        };
        let mut rest: Vec<Value> = branches
            .iter()
            .filter(|branch| !is_null(branch))
            .cloned()
            .collect();
        if rest.len() == branches.len() {
            continue;
        }
        schema.insert("nullable".to_owned(), json!(true));
        schema.shift_remove(keyword);
        match (rest.len(), rest.first()) {
            (0, _) => {
                schema.insert("enum".to_owned(), json!([null]));
            }
            (1, Some(Value::Object(only))) if can_merge(schema, only) => schema.extend(only.clone()),
            (1, _) => and(schema, rest.remove(0)),
            _ => {
                schema.insert(keyword.to_owned(), Value::Array(std::mem::take(&mut rest)));
            }
        }
        pass.note(at, "null-branch");
    }
}

fn is_null(branch: &Value) -> bool {
    let Some(branch) = branch.as_object() else {
        return false;
    };
    let says_nothing_else = branch.keys().all(|key| {
        matches!(
            key.as_str(),
            "type" | "const" | "enum" | "nullable" | "title" | "description" | "$comment"
        )
    });
    let only_null = branch
        .get("type")
        .is_some_and(|name| name == "null" || *name == json!(["null"]))
        || branch.get("const").is_some_and(Value::is_null)
        || branch.get("enum").is_some_and(|values| *values == json!([null]));
    says_nothing_else && only_null
}

fn can_merge(schema: &Map<String, Value>, branch: &Map<String, Value>) -> bool {
    !branch.contains_key("$ref") && branch.keys().all(|key| !schema.contains_key(key))
}

/// Demands one more thing of what the schema describes, beside what it demands already.
fn and(schema: &mut Map<String, Value>, further: Value) {
    match schema.get_mut("allOf") {
        Some(Value::Array(all)) => all.push(further),
        _ => {
            schema.insert("allOf".to_owned(), json!([further]));
        }
    }
}

/// A list of types becomes one type, `nullable`, or a choice.
pub(super) fn type_array(pass: &mut Pass<'_>, schema: &mut Map<String, Value>, at: &str) {
    let mut names: Vec<Value> = match schema.get("type") {
        Some(Value::Array(names)) => names.clone(),
        Some(Value::String(name)) if name == "null" => vec![json!("null")],
        _ => return,
    };
    if names.is_empty() {
        pass.refuse(
            &pointer(at, "type"),
            "a list of no types allows nothing",
            "correct it in the overlay",
        );
        return;
    }
    let count = names.len();
    names.retain(|name| name != "null");
    if names.len() < count {
        schema.insert("nullable".to_owned(), json!(true));
    }
    let mut seen: Vec<Value> = vec![];
    names.retain(|name| {
        let is_new = !seen.contains(name);
        seen.push(name.clone());
        is_new
    });
    // Every integer is a number: the pair says no more than the wider of the two.
    if names.iter().any(|name| name == "number") {
        names.retain(|name| name != "integer");
    }
    match names.len() {
        0 => {
            schema.shift_remove("type");
            schema.insert("enum".to_owned(), json!([null]));
        }
        1 => {
            schema.insert("type".to_owned(), names.remove(0));
        }
        _ => {
            schema.shift_remove("type");
            let branches = names
                .iter()
                .map(|name| branch(schema, name))
                .filter(|branch| branch.get("enum") != Some(&json!([])))
                .collect();
            schema.retain(|key, _| owner(key).is_none());
            let choice = Value::Array(branches);
            match schema.contains_key("oneOf") {
                false => {
                    schema.insert("oneOf".to_owned(), choice);
                }
                true => and(schema, json!({ "oneOf": choice })),
            }
        }
    }
    pass.note(at, "type-array");
}

/// One type of the list with the keywords that speak of it.
fn branch(schema: &Map<String, Value>, name: &Value) -> Value {
    let mut branch = Map::new();
    branch.insert("type".to_owned(), name.clone());
    for (key, value) in schema {
        match owner(key) {
            Some("") => {
                let values = value.as_array().into_iter().flatten();
                let fitting: Vec<&Value> = values.filter(|value| fits(value, name)).collect();
                branch.insert(key.clone(), json!(fitting));
            }
            Some(owner) if owner == name || (owner == "number" && name == "integer") => {
                branch.insert(key.clone(), value.clone());
            }
            _ => {}
        }
    }
    Value::Object(branch)
}

fn fits(value: &Value, name: &Value) -> bool {
    match name.as_str() {
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        _ => false,
    }
}

/// The type that a keyword speaks of; the empty text for `enum`, whose values are shared out.
fn owner(keyword: &str) -> Option<&'static str> {
    match keyword {
        "enum" => Some(""),
        "pattern" | "minLength" | "maxLength" | "format" | "contentEncoding" | "contentMediaType" => {
            Some("string")
        }
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => Some("number"),
        "items" | "prefixItems" | "minItems" | "maxItems" | "uniqueItems" => Some("array"),
        "properties"
        | "required"
        | "additionalProperties"
        | "patternProperties"
        | "minProperties"
        | "maxProperties" => Some("object"),
        _ => None,
    }
}

/// Whatever the rules left must be one of the six types of 3.0.
pub(super) fn known_type(pass: &mut Pass<'_>, schema: &mut Map<String, Value>, at: &str) {
    if let Some(name) = schema.get("type")
        && !KNOWN.iter().any(|known| name == known)
    {
        pass.refuse(
            &format!("{at}/type"),
            &format!("`{name}` is no type of OpenAPI 3.0"),
            "correct it in the overlay",
        );
    }
}
