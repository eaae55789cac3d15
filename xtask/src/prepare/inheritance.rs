//! Inheritance: a schema with a discriminator that others build upon by `allOf` stands for any of them, so that it is
//! spelled out as a choice. Its own members become a schema beside it.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::document::pointer;
use crate::lower::{Loss, Note};

const COMPONENTS: &str = "/components/schemas";

/// The document with every such schema spelled out.
pub(super) fn spelled_out(document: &Value) -> (Cow<'_, Value>, Vec<Note>) {
    let Some(schemas) = document.pointer(COMPONENTS).and_then(Value::as_object) else {
        return (Cow::Borrowed(document), vec![]);
    };
    let mut rewritten = Cow::Borrowed(document);
    let mut notes = vec![];
    for (base, schema) in schemas.iter().filter(|(_, schema)| is_base(schema)) {
        let heirs = heirs(schemas, base);
        let at = pointer(&pointer(COMPONENTS, base), "discriminator");
        let loss = match heirs.is_empty() {
            true => {
                Loss::Words("the kinds of values it tells apart: no schema builds upon this one".to_owned())
            }
            false => Loss::None,
        };
        notes.push(Note {
            pointer: at,
            rule: "inheritance",
            loss,
        });
        if !heirs.is_empty()
            && let Some(Value::Object(all)) = rewritten.to_mut().pointer_mut(COMPONENTS)
        {
            spell_out(all, base, schema, &heirs);
        }
    }
    (rewritten, notes)
}

/// Whether values of a schema say which of its heirs they are.
fn is_base(schema: &Value) -> bool {
    schema
        .pointer("/discriminator/propertyName")
        .is_some_and(Value::is_string)
        && schema.get("oneOf").is_none()
        && schema.get("anyOf").is_none()
}

/// The schemas that build upon one, also by way of others, in the order of the document.
fn heirs<'a>(schemas: &'a Map<String, Value>, base: &str) -> Vec<&'a str> {
    let mut known = BTreeSet::from([base.to_owned()]);
    loop {
        let more: Vec<String> = schemas
            .iter()
            .filter(|(name, schema)| {
                !known.contains(*name) && parts(schema).any(|part| known.contains(&part))
            })
            .map(|(name, _)| name.clone())
            .collect();
        if more.is_empty() {
            break;
        }
        known.extend(more);
    }
    let names = schemas.keys().map(String::as_str);
    names
        .filter(|name| *name != base && known.contains(*name))
        .collect()
}

/// The components that a schema builds upon.
fn parts(schema: &Value) -> impl Iterator<Item = String> {
    let parts = schema.get("allOf").and_then(Value::as_array);
    parts
        .into_iter()
        .flatten()
        .filter_map(|part| named(part.get("$ref")?.as_str()?))
}

fn named(reference: &str) -> Option<String> {
    let name = reference.strip_prefix("#/components/schemas/")?;
    Some(name.replace("~1", "/").replace("~0", "~"))
}

fn reference(name: &str) -> String {
    format!("#{}", pointer(COMPONENTS, name))
}

fn spell_out(all: &mut Map<String, Value>, base: &str, schema: &Value, heirs: &[&str]) {
    let mut own_name = format!("{base}Base");
    while all.contains_key(&own_name) {
        own_name.push('_');
    }
    let mut own = schema.clone();
    let mut choice = Map::new();
    let mut discriminator = Value::Null;
    if let Some(own) = own.as_object_mut() {
        discriminator = own.shift_remove("discriminator").unwrap_or_default();
        for key in ["title", "description", "x-schema-name", "nullable"] {
            if let Some(value) = own.get(key) {
                choice.insert(key.to_owned(), value.clone());
            }
        }
        own.shift_remove("x-schema-name");
        own.shift_remove("nullable");
    }
    for heir in heirs {
        let parts = all.get_mut(*heir).and_then(|heir| heir.get_mut("allOf"));
        for part in parts.and_then(Value::as_array_mut).into_iter().flatten() {
            if part
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(named)
                .as_deref()
                == Some(base)
            {
                *part = json!({ "$ref": reference(&own_name) });
            }
        }
    }
    let mapping = discriminator
        .get("mapping")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    let mut targets: Map<String, Value> = mapping
        .into_iter()
        .filter_map(|(value, target)| {
            let target = target.as_str()?;
            let name = named(target).unwrap_or_else(|| target.to_owned());
            let name = if name == base { own_name.clone() } else { name };
            Some((value, json!(reference(&name))))
        })
        .collect();
    // A value may also be of no kind but this.
    targets.entry(base).or_insert_with(|| json!(reference(&own_name)));
    let branches = heirs
        .iter()
        .map(|heir| reference(heir))
        .chain([reference(&own_name)]);
    choice.insert(
        "oneOf".to_owned(),
        branches.map(|target| json!({ "$ref": target })).collect(),
    );
    if let Some(discriminator) = discriminator.as_object_mut() {
        discriminator.insert("mapping".to_owned(), Value::Object(targets));
    }
    choice.insert("discriminator".to_owned(), discriminator);
    all.insert(own_name, own);
    all.insert(base.to_owned(), Value::Object(choice));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_that_others_build_upon_is_any_of_them() {
        let document = json!({ "components": { "schemas": {
            "Pet": {
                "description": "A pet.",
                "properties": { "kind": { "type": "string" } },
                "discriminator": { "propertyName": "kind", "mapping": { "cat": "Cat" } },
            },
            "Cat": { "allOf": [{ "$ref": "#/components/schemas/Pet" }, { "properties": { "lives": {} } }] },
            "Lion": { "allOf": [{ "$ref": "#/components/schemas/Cat" }] },
        } } });
        let (rewritten, notes) = spelled_out(&document);
        let schemas = &rewritten["components"]["schemas"];
        let refer = |name: &str| json!({ "$ref": reference(name) });
        assert_eq!(
            schemas["Pet"],
            json!({
                "description": "A pet.",
                "oneOf": [refer("Cat"), refer("Lion"), refer("PetBase")],
                "discriminator": {
                    "propertyName": "kind",
                    "mapping": { "cat": reference("Cat"), "Pet": reference("PetBase") },
                },
            })
        );
        assert_eq!(schemas["Cat"]["allOf"][0], refer("PetBase"));
        assert_eq!(
            schemas["PetBase"]["properties"],
            document["components"]["schemas"]["Pet"]["properties"]
        );
        assert_eq!(notes.len(), 1);
        assert_eq!(notes[0].loss, Loss::None);
    }

    #[test]
    fn a_discriminator_that_tells_nothing_apart_is_recorded_as_lost() {
        let document = json!({ "components": { "schemas": { "Pet": { "discriminator": { "propertyName": "kind" } } } } });
        let (rewritten, notes) = spelled_out(&document);
        assert_eq!(*rewritten, document);
        assert_eq!(notes[0].loss.label(), "lost");
    }
}
