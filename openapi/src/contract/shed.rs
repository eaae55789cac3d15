//! Taking out of a document what judges no value: most of it is said to people.

use serde_json::Value;

use super::translate::{MAPS, SCHEMA_LISTS, SCHEMA_MAPS, SCHEMA_MEMBERS, children};

/// Members that say something about a value, or about an operation, and nothing about which values there may be.
const WORDS: &[&str] = &[
    "$comment",
    "default",
    "deprecated",
    "description",
    "example",
    "examples",
    "externalDocs",
    "summary",
    "title",
    "xml",
];

/// Takes the words out. Whatever judges stays where it is, so that every reference to it still leads there.
pub(super) fn shed(document: &mut Value) {
    match document {
        Value::Array(list) => list.iter_mut().for_each(shed),
        Value::Object(members) => {
            members.retain(|key, _| !WORDS.contains(&key.as_str()));
            members.iter_mut().for_each(|(key, member)| match key.as_str() {
                "schema" => shed_schema(member),
                "components" => shed_components(member),
                // What stands there is nobody's business, but a reference may lead there.
                extension if extension.starts_with("x-") => {}
                map if MAPS.contains(&map) => children(member).for_each(shed),
                _ => shed(member),
            });
        }
        _ => {}
    }
}

fn shed_components(components: &mut Value) {
    for (section, members) in components.as_object_mut().into_iter().flatten() {
        match section.as_str() {
            "schemas" => children(members).for_each(shed_schema),
            _ => children(members).for_each(shed),
        }
    }
}

fn shed_schema(schema: &mut Value) {
    let Some(members) = schema.as_object_mut() else {
        return;
    };
    members.retain(|key, _| !WORDS.contains(&key.as_str()));
    for (key, member) in members.iter_mut() {
        if SCHEMA_MEMBERS.contains(&key.as_str()) {
            shed_schema(member);
        } else if SCHEMA_MAPS.contains(&key.as_str()) || SCHEMA_LISTS.contains(&key.as_str()) {
            children(member).for_each(shed_schema);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn words_go_and_what_bears_their_names_stays() {
        let mut document = json!({
            "info": { "title": "API", "description": "Long." },
            "components": {
                "schemas": {
                    "title": { "title": "A title", "type": "string", "default": "none" },
                    "example": {
                        "type": "object",
                        "required": ["description"],
                        "properties": { "description": { "$ref": "#/components/schemas/title", "example": "x" } },
                        "anyOf": [{ "description": "any", "minProperties": 1 }]
                    }
                },
                "examples": { "one": { "value": 1 } }
            },
            "paths": { "/a": { "get": {
                "summary": "Gets it.",
                "parameters": [{ "name": "a", "description": "It.", "schema": { "enum": [1], "title": "T" } }]
            } } },
            "x-more": { "description": "kept" }
        });
        shed(&mut document);
        let rest = json!({
            "info": {},
            "components": {
                "schemas": {
                    "title": { "type": "string" },
                    "example": {
                        "type": "object",
                        "required": ["description"],
                        "properties": { "description": { "$ref": "#/components/schemas/title" } },
                        "anyOf": [{ "minProperties": 1 }]
                    }
                },
                "examples": { "one": { "value": 1 } }
            },
            "paths": { "/a": { "get": {
                "parameters": [{ "name": "a", "schema": { "enum": [1] } }]
            } } },
            "x-more": { "description": "kept" }
        });
        assert_eq!(document, rest);
    }
}
