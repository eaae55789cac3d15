//! Types: 3.1 writes a list of types and treats `null` as one of them; 3.0 has one type and the word `nullable`.

use serde_json::{Map, Value, json};

use super::choices::{allow_null, and, attach, judges_null, refers};
use super::literals;
use super::report::Loss;
use super::walk::Pass;
use crate::document::pointer;

const KNOWN: [&str; 7] = [
    "string", "number", "integer", "boolean", "array", "object", "null",
];

/// Words of 3.0 in a document of 3.1, which gives them no meaning: they are read as they are meant.
pub(super) fn of_another_dialect(
    pass: &mut Pass<'_>,
    raw: &Map<String, Value>,
    schema: &mut Map<String, Value>,
    at: &str,
) {
    if !pass.is_3_1 {
        return;
    }
    for keyword in ["nullable", "exclusiveMinimum", "exclusiveMaximum"] {
        let Some(Value::Bool(flag)) = raw.get(keyword) else {
            continue;
        };
        let has_null = |types: &Value| {
            types
                .as_array()
                .is_some_and(|names| names.contains(&json!("null")))
        };
        let loss = match keyword == "nullable" && *flag && !raw.get("type").is_some_and(has_null) {
            true => Loss::Wider("the word of 3.1, which gives `nullable` no meaning".to_owned()),
            false => Loss::None,
        };
        pass.lose(&pointer(at, keyword), "word-of-3.0", loss);
        if keyword == "nullable" && *flag {
            allow_null(schema);
        }
    }
}

/// The rendering of numbers by .NET: a number that the server also accepts as text, which a pattern describes. The server
/// writes numbers, so it is a number; the pattern holds for the text only.
pub(super) fn numbers_as_text(
    pass: &mut Pass<'_>,
    raw: &Map<String, Value>,
    schema: &mut Map<String, Value>,
    at: &str,
) {
    let Some(Value::Array(types)) = raw.get("type") else {
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
    let pattern = raw.get("pattern").and_then(Value::as_str).unwrap_or_default();
    if others || !has("string") || !pattern.starts_with("^-?(?:0|[1-9]\\d*)") {
        return;
    }
    let mut kept = vec![json!(number)];
    if has("null") {
        kept.push(json!("null"));
    }
    schema.insert("type".to_owned(), Value::Array(kept));
    if schema.shift_remove("pattern").is_some() {
        pass.note(&pointer(at, "pattern"), "number-as-text");
    }
    let lost = "that the server also accepts the number as text".to_owned();
    pass.lose(&pointer(at, "type"), "number-as-text", Loss::Narrower(lost));
}

/// A list of types becomes one type, `nullable`, or a choice.
pub(super) fn type_array(
    pass: &mut Pass<'_>,
    raw: &Map<String, Value>,
    schema: &mut Map<String, Value>,
    at: &str,
) {
    let here = pointer(at, "type");
    let mut names: Vec<Value> = match schema.get("type") {
        None => return,
        Some(Value::Array(names)) => names.clone(),
        Some(name) => vec![name.clone()],
    };
    if let Some(name) = names.iter().find(|name| !KNOWN.iter().any(|known| name == known)) {
        pass.refuse(&here, &format!("{name} is no type of OpenAPI 3.0"));
        return;
    }
    if names.is_empty() {
        pass.refuse(&here, "a list of no types allows nothing");
        return;
    }
    if matches!(schema.get("type"), Some(Value::String(name)) if name != "null") {
        return;
    }
    let has_null = names.iter().any(|name| name == "null");
    names.retain(|name| name != "null");
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
    pass.note(&here, "type-array");
    let listed = schema.get("enum").and_then(Value::as_array).cloned();
    match (names.as_slice(), has_null) {
        ([], _) => {
            if listed.is_some() {
                pass.note(&pointer(at, "enum"), "type-array");
            }
            only_null(raw, schema);
        }
        ([only], _) => {
            schema.insert("type".to_owned(), only.clone());
            if has_null {
                schema.insert("nullable".to_owned(), json!(true));
            }
        }
        _ => {
            let choice = split(pass, raw, schema, &names, at);
            let null_fits = has_null && listed.is_none_or(|values| values.contains(&Value::Null));
            match null_fits {
                true => attach(raw, schema, or_null(choice)),
                false => attach(raw, schema, choice),
            }
        }
    }
}

fn only_null(raw: &Map<String, Value>, schema: &mut Map<String, Value>) {
    schema.shift_remove("type");
    match schema.get("enum").and_then(Value::as_array) {
        Some(values) if !values.contains(&Value::Null) => and(schema, json!({ "not": {} })),
        _ => {
            schema.insert("enum".to_owned(), json!([null]));
            if !refers(raw) && !schema.keys().any(|key| key != "enum" && judges_null(key)) {
                schema.insert("nullable".to_owned(), json!(true));
            }
        }
    }
}

/// Each type of the list with the keywords that speak of it, taken out of the schema.
fn split(
    pass: &mut Pass<'_>,
    raw: &Map<String, Value>,
    schema: &mut Map<String, Value>,
    names: &[Value],
    at: &str,
) -> Map<String, Value> {
    schema.shift_remove("type");
    let values = schema.shift_remove("enum");
    let values = values.as_ref().and_then(Value::as_array);
    let mut branches: Vec<Map<String, Value>> = vec![];
    for name in names {
        let mut branch = Map::new();
        branch.insert("type".to_owned(), name.clone());
        if let Some(values) = values {
            let fitting: Vec<&Value> = values.iter().filter(|value| fits(value, name)).collect();
            if fitting.is_empty() {
                continue;
            }
            branch.insert("enum".to_owned(), json!(fitting));
        }
        let own = schema
            .iter()
            .filter(|(key, value)| owners(key, value).iter().any(|owner| name == owner));
        branch.extend(own.map(|(key, value)| (key.clone(), value.clone())));
        if name == "array" && !branch.contains_key("items") {
            branch.insert("items".to_owned(), json!({}));
            pass.note(at, "items-absent");
        }
        branches.push(branch);
    }
    // What speaks of a type that no value of the list has goes without effect.
    for (key, value) in schema.iter() {
        let speaks_of_one = owners(key, value)
            .iter()
            .any(|owner| names.iter().any(|name| name == owner));
        if speaks_of_one && raw.contains_key(key) && !branches.iter().any(|branch| branch.contains_key(key)) {
            pass.note(&pointer(at, key), "without-effect");
        }
    }
    let fits_none = |value: &&Value| !names.iter().any(|name| fits(value, name)) && !value.is_null();
    if values.is_some_and(|values| values.iter().any(|value| fits_none(&value))) {
        pass.note(&pointer(at, "enum"), "without-effect");
    }
    schema.retain(|key, value| {
        !owners(key, value)
            .iter()
            .any(|owner| names.iter().any(|name| name == owner))
    });
    match branches.len() {
        0 => Map::from_iter([("not".to_owned(), json!({}))]),
        1 => branches.remove(0),
        _ => Map::from_iter([("oneOf".to_owned(), json!(branches))]),
    }
}

/// The choice, or `null`.
fn or_null(mut choice: Map<String, Value>) -> Map<String, Value> {
    if choice.contains_key("not") {
        return Map::from_iter([
            ("nullable".to_owned(), json!(true)),
            ("enum".to_owned(), json!([null])),
        ]);
    }
    allow_null(&mut choice);
    choice.shift_insert(0, "nullable".to_owned(), json!(true));
    choice
}

fn fits(value: &Value, name: &Value) -> bool {
    match name.as_str() {
        Some("string") => value.is_string(),
        Some("integer") => literals::is_integer(value),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        _ => false,
    }
}

/// The types that a keyword speaks of.
fn owners(keyword: &str, value: &Value) -> &'static [&'static str] {
    match keyword {
        "pattern" | "minLength" | "maxLength" => &["string"],
        "format" => match value.as_str() {
            Some("int8" | "int16" | "int32" | "int64" | "uint8" | "uint16" | "uint32" | "uint64") => {
                &["integer", "number"]
            }
            Some("float" | "double" | "decimal") => &["number"],
            _ => &["string"],
        },
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => {
            &["number", "integer"]
        }
        "items" | "minItems" | "maxItems" | "uniqueItems" => &["array"],
        "properties" | "required" | "additionalProperties" | "minProperties" | "maxProperties" => &["object"],
        _ => &[],
    }
}
