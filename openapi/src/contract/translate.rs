//! From the schemas of an OpenAPI document to JSON Schema 2020-12, in place, so that every reference still leads home.
//!
//! OpenAPI 3.1 already speaks that dialect, but for words of 3.0 that authors carry over. What is left to do for both
//! versions: assert only the formats we vouch for, and not ask a request for what only a response carries, or the other
//! way round.

use serde_json::{Map, Value, json};

use super::reference::Located;

/// Which way a schema is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    /// What a client sends: `readOnly` properties are not demanded.
    Request,
    /// What a server answers: `writeOnly` properties are not demanded.
    Response,
}

/// The document with every schema in it translated.
pub(super) fn translate(document: &Value, direction: Direction) -> Value {
    let is_3_0 = document["openapi"]
        .as_str()
        .is_some_and(|version| version.starts_with("3.0"));
    let version = if is_3_0 { Version::V3_0 } else { Version::V3_1 };
    let mut translated = document.clone();
    node(
        &mut translated,
        Reading {
            document,
            version,
            direction,
        },
    );
    translated
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    V3_0,
    V3_1,
}

#[derive(Clone, Copy)]
struct Reading<'d> {
    document: &'d Value,
    version: Version,
    direction: Direction,
}

/// Members whose values are objects under names of the author's choosing, so that a name is not a keyword there.
pub(super) const MAPS: &[&str] = &[
    "paths",
    "pathItems",
    "responses",
    "headers",
    "content",
    "requestBodies",
    "parameters",
    "callbacks",
    "encoding",
];

/// Formats that are asserted; every other one is an annotation.
const ASSERTED: &[&str] = &["date-time", "uuid", "email"];

pub(super) const SCHEMA_MAPS: &[&str] = &[
    "properties",
    "patternProperties",
    "$defs",
    "definitions",
    "dependentSchemas",
];
pub(super) const SCHEMA_LISTS: &[&str] = &["allOf", "anyOf", "oneOf", "prefixItems"];
pub(super) const SCHEMA_MEMBERS: &[&str] = &[
    "items",
    "additionalProperties",
    "not",
    "if",
    "then",
    "else",
    "contains",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
];

/// Walks an OpenAPI object, looking for schemas.
fn node(value: &mut Value, reading: Reading<'_>) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(|item| node(item, reading)),
        Value::Object(members) => members.iter_mut().for_each(|(key, member)| match key.as_str() {
            "schema" => schema(member, reading),
            "components" => components(member, reading),
            "example" | "examples" => {}
            extension if extension.starts_with("x-") => {}
            map if MAPS.contains(&map) => children(member).for_each(|child| node(child, reading)),
            _ => node(member, reading),
        }),
        _ => {}
    }
}

fn components(value: &mut Value, reading: Reading<'_>) {
    for (section, members) in value.as_object_mut().into_iter().flatten() {
        match section.as_str() {
            "schemas" => children(members).for_each(|child| schema(child, reading)),
            "examples" => {}
            _ => children(members).for_each(|child| node(child, reading)),
        }
    }
}

pub(super) fn children(value: &mut Value) -> Box<dyn Iterator<Item = &mut Value> + '_> {
    match value {
        Value::Array(list) => Box::new(list.iter_mut()),
        Value::Object(members) => Box::new(members.iter_mut().map(|(_, child)| child)),
        _ => Box::new(std::iter::empty()),
    }
}

fn schema(value: &mut Value, reading: Reading<'_>) {
    let Some(members) = value.as_object_mut() else {
        return;
    };
    if reading.version == Version::V3_0 && members.get("$ref").is_some_and(Value::is_string) {
        // OpenAPI 3.0: whatever stands beside a reference is ignored.
        members.retain(|key, _| key == "$ref");
        return;
    }
    release_one_way_properties(members, reading);
    for (key, member) in members.iter_mut() {
        if SCHEMA_MEMBERS.contains(&key.as_str()) {
            schema(member, reading);
        } else if SCHEMA_MAPS.contains(&key.as_str()) || SCHEMA_LISTS.contains(&key.as_str()) {
            children(member).for_each(|child| schema(child, reading));
        }
    }
    formats(members);
    // Documents that call themselves 3.1 still write these as 3.0 did, and what is meant by them is beyond doubt.
    exclusive_limit(members, "minimum", "exclusiveMinimum");
    exclusive_limit(members, "maximum", "exclusiveMaximum");
    nullable(members);
}

/// Takes out of `required` what travels in the other direction only.
fn release_one_way_properties(members: &mut Map<String, Value>, reading: Reading<'_>) {
    let Some(Value::Array(required)) = members.get("required") else {
        return;
    };
    let marker = match reading.direction {
        Direction::Request => "readOnly",
        Direction::Response => "writeOnly",
    };
    let kept: Vec<Value> = required
        .iter()
        .filter(|name| {
            !name
                .as_str()
                .is_some_and(|name| is_marked(members, name, marker, reading.document))
        })
        .cloned()
        .collect();
    if kept.len() < required.len() {
        members.insert("required".to_owned(), Value::Array(kept));
    }
}

/// Whether a property is marked, here or in a schema that this one is composed of.
fn is_marked(members: &Map<String, Value>, name: &str, marker: &str, document: &Value) -> bool {
    let resolved = |value| {
        Located {
            pointer: String::new(),
            value,
        }
        .resolve(document)
        .ok()
    };
    let property = members
        .get("properties")
        .and_then(|properties| properties.get(name));
    if let Some(property) = property {
        return property[marker] == Value::Bool(true)
            || resolved(property).is_some_and(|located| located.is_set(marker));
    }
    let composed = members
        .get("allOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    composed.filter_map(resolved).any(|part| {
        part.get("properties")
            .and_then(|all| all.get(name))
            .is_some_and(|found| found.is_set(marker))
    })
}

/// Turns the integer formats into limits, which hold for numbers only, and forgets what is merely an annotation.
fn formats(members: &mut Map<String, Value>) {
    let Some(format) = members.get("format").and_then(Value::as_str) else {
        return;
    };
    let range = match format {
        "int32" => Some((json!(i32::MIN), json!(i32::MAX))),
        "int64" => Some((json!(i64::MIN), json!(i64::MAX))),
        asserted if ASSERTED.contains(&asserted) => return,
        _ => None,
    };
    members.remove("format");
    if let Some((least, most)) = range {
        members.entry("minimum").or_insert(least);
        members.entry("maximum").or_insert(most);
    }
}

/// OpenAPI 3.0 says with a boolean that a limit is not part of the range.
fn exclusive_limit(members: &mut Map<String, Value>, limit: &str, exclusive: &str) {
    let Some(Value::Bool(is_exclusive)) = members.get(exclusive) else {
        return;
    };
    let is_exclusive = *is_exclusive;
    members.remove(exclusive);
    if is_exclusive && let Some(number) = members.remove(limit) {
        members.insert(exclusive.to_owned(), number);
    }
}

fn nullable(members: &mut Map<String, Value>) {
    if members.remove("nullable") != Some(Value::Bool(true)) {
        return;
    }
    if ["$ref", "const", "allOf", "anyOf", "oneOf", "not"]
        .iter()
        .any(|key| members.contains_key(*key))
    {
        let rest = std::mem::take(members);
        members.insert("anyOf".to_owned(), json!([rest, { "type": "null" }]));
        return;
    }
    match members.get_mut("type") {
        Some(name @ Value::String(_)) => *name = json!([name.take(), "null"]),
        Some(Value::Array(names)) if !names.iter().any(|name| name == "null") => names.push(json!("null")),
        _ => {}
    }
    if let Some(Value::Array(options)) = members.get_mut("enum")
        && !options.contains(&Value::Null)
    {
        options.push(Value::Null);
    }
}
