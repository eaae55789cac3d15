//! `$defs` move to the components, and identities (`$id`, `$anchor`, `$dynamicRef`) are refused: they change what a reference
//! means, and no document of this project's kind needs them.

use std::collections::BTreeMap;

use heck::ToPascalCase as _;
use serde_json::{Map, Value, json};

use super::Pass;
use super::tables::Kind;
use crate::document::pointer;

/// Refuses what would make `#/…` mean something else than a place in this document.
pub(super) fn refuse_identities(pass: &mut Pass<'_>, schema: &mut Map<String, Value>, at: &str) {
    for keyword in [
        "$id",
        "$anchor",
        "$dynamicRef",
        "$dynamicAnchor",
        "$vocabulary",
        "$recursiveRef",
    ] {
        if schema.shift_remove(keyword).is_some() {
            pass.refuse(
                &pointer(at, keyword),
                &format!("`{keyword}` changes what references mean"),
                "name the schema under components and refer to it by pointer in the overlay",
            );
        }
    }
    match schema.shift_remove("$schema") {
        None => {}
        Some(Value::String(dialect)) if super::objects::is_known_dialect(&dialect) => {
            pass.note(at, "schema-dialect")
        }
        Some(_) => pass.refuse(
            &pointer(at, "$schema"),
            "another dialect of JSON Schema",
            "remove it in the overlay",
        ),
    }
}

/// Takes the definitions out of a schema; [`settle`] gives them a place.
pub(super) fn collect(pass: &mut Pass<'_>, schema: &mut Map<String, Value>, at: &str) {
    for keyword in ["$defs", "definitions"] {
        let Some(definitions) = schema.shift_remove(keyword) else {
            continue;
        };
        let Value::Object(definitions) = definitions else {
            pass.refuse(
                &pointer(at, keyword),
                "definitions must be an object",
                "correct it in the overlay",
            );
            continue;
        };
        for (name, definition) in definitions {
            let here = pointer(&pointer(at, keyword), &name);
            let lowered = pass.value(Kind::Schema, &definition, &here);
            pass.definitions.push((format!("#{here}"), name, lowered));
        }
        pass.note(at, "definitions");
    }
}

/// Puts the collected definitions under the components and points their references there.
pub(super) fn settle(document: &mut Value, pass: &mut Pass<'_>) {
    let mut moved = BTreeMap::new();
    for (reference, name, schema) in std::mem::take(&mut pass.definitions) {
        let Some(schemas) = schemas(document) else { return };
        let name = free_name(schemas, &name, &reference);
        schemas.insert(name.clone(), schema);
        moved.insert(reference, format!("#/components/schemas/{name}"));
    }
    if !moved.is_empty() {
        redirect(document, &moved);
    }
}

/// The definition's own name, or its whole path, or that with a number: nothing that is there may be overwritten.
fn free_name(schemas: &Map<String, Value>, name: &str, reference: &str) -> String {
    let plain = name.to_pascal_case();
    let path = reference
        .replace("/$defs/", "/")
        .replace("/definitions/", "/")
        .to_pascal_case();
    let numbered = (2..).map(|count| format!("{path}{count}"));
    [plain, path.clone()]
        .into_iter()
        .chain(numbered)
        .find(|name| !name.is_empty() && !schemas.contains_key(name))
        .unwrap_or(path)
}

fn schemas(document: &mut Value) -> Option<&mut Map<String, Value>> {
    let components = document
        .as_object_mut()?
        .entry("components")
        .or_insert_with(|| json!({}));
    components
        .as_object_mut()?
        .entry("schemas")
        .or_insert_with(|| json!({}))
        .as_object_mut()
}

/// Members whose keys are names of the author's choosing, so that none of them is a keyword.
const NAMED: &[&str] = &[
    "properties",
    "schemas",
    "responses",
    "parameters",
    "requestBodies",
    "headers",
    "callbacks",
    "paths",
    "content",
    "encoding",
];

fn redirect(value: &mut Value, moved: &BTreeMap<String, String>) {
    let Value::Object(object) = value else {
        let items = value.as_array_mut().into_iter().flatten();
        return items.for_each(|item| redirect(item, moved));
    };
    for (key, value) in object {
        match (key.as_str(), value) {
            ("$ref", Value::String(reference)) => follow(reference, moved),
            ("example" | "examples" | "default" | "enum", _) => {}
            ("mapping", Value::Object(mapping)) => {
                for target in mapping.values_mut() {
                    if let Value::String(reference) = target {
                        follow(reference, moved);
                    }
                }
            }
            (key, Value::Object(named)) if NAMED.contains(&key) => {
                named.values_mut().for_each(|value| redirect(value, moved));
            }
            (_, value) => redirect(value, moved),
        }
    }
}

fn follow(reference: &mut String, moved: &BTreeMap<String, String>) {
    if let Some(target) = moved.get(reference) {
        reference.clone_from(target);
    }
}
