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
        let plain = name.to_pascal_case();
        let name = match schemas.contains_key(&plain) {
            false => plain,
            true => reference
                .replace("/$defs/", "/")
                .replace("/definitions/", "/")
                .to_pascal_case(),
        };
        schemas.insert(name.clone(), schema);
        moved.insert(reference, format!("#/components/schemas/{name}"));
    }
    if !moved.is_empty() {
        redirect(document, &moved);
    }
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

fn redirect(value: &mut Value, moved: &BTreeMap<String, String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                match (key.as_str(), &value) {
                    ("$ref", Value::String(reference)) => {
                        if let Some(target) = moved.get(reference) {
                            *value = json!(target);
                        }
                    }
                    ("example" | "examples" | "default" | "enum", _) => {}
                    _ => redirect(value, moved),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| redirect(item, moved)),
        _ => {}
    }
}
