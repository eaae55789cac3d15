//! How a value is judged by a schema of either version. The reading of 3.0 is written from its specification, and knows
//! nothing of the rules that lower: an error there cannot hide here.

use jsonschema::{Draft, Registry, Validator};
use serde_json::{Map, Value, json};

/// A judge by a component's schema as 3.1 reads it, which is JSON Schema 2020-12. An error if it is none.
pub(crate) fn of_3_1(document: &Value, component: &str) -> Result<Validator, String> {
    let schemas = &document["components"]["schemas"];
    let mut registry = Registry::new();
    for schema in schemas.as_object().unwrap().values() {
        if let Some(address) = schema.get("$id").and_then(Value::as_str) {
            registry = registry
                .add(address, schema.clone())
                .map_err(|error| error.to_string())?;
        }
    }
    let registry = registry.prepare().map_err(|error| error.to_string())?;
    // A schema that refers into itself as if it were a document is read as the document that it takes itself for.
    let refers_into_itself = schemas[component].to_string().contains("\"#/$defs/");
    let root = match schemas[component].get("$id") {
        Some(address) => json!({ "$ref": address }),
        None if refers_into_itself => schemas[component].clone(),
        None => root(schemas, component),
    };
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .with_registry(&registry)
        .build(&root)
        .map_err(|error| error.to_string())
}

/// A judge by a component's schema as 3.0 reads it.
pub(crate) fn of_3_0(document: &Value, component: &str) -> Validator {
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let read: Map<String, Value> = schemas
        .iter()
        .map(|(name, schema)| (name.clone(), read(schema)))
        .collect();
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .build(&root(&Value::Object(read), component))
        .unwrap_or_else(|error| panic!("{error} in {schemas:?}"))
}

fn root(schemas: &Value, component: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{component}"), "components": { "schemas": schemas } })
}

/// A Schema Object of 3.0.3 as a schema of 2020-12.
fn read(schema: &Value) -> Value {
    let schema = schema
        .as_object()
        .unwrap_or_else(|| panic!("{schema} is no schema of 3.0"));
    if let Some(reference) = schema.get("$ref") {
        assert_eq!(schema.len(), 1, "a reference stands alone in 3.0");
        return json!({ "$ref": reference });
    }
    let flag = |key: &str| schema.get(key) == Some(&json!(true));
    let each = |value: &Value| Value::Array(value.as_array().unwrap().iter().map(read).collect());
    let mut said = Map::new();
    for (key, value) in schema {
        let value = match key.as_str() {
            "allOf" | "anyOf" | "oneOf" => each(value),
            "not" | "items" => read(value),
            "additionalProperties" if value.is_boolean() => value.clone(),
            "additionalProperties" => read(value),
            "properties" => {
                let properties = value.as_object().unwrap();
                properties
                    .iter()
                    .map(|(name, schema)| (name.clone(), read(schema)))
                    .collect()
            }
            "minimum" if flag("exclusiveMinimum") => {
                said.insert("exclusiveMinimum".to_owned(), value.clone());
                continue;
            }
            "maximum" if flag("exclusiveMaximum") => {
                said.insert("exclusiveMaximum".to_owned(), value.clone());
                continue;
            }
            // `nullable` adds "null" to the allowed type, only if the type is there beside it.
            "type" if flag("nullable") => json!([value, "null"]),
            "type" | "minimum" | "maximum" | "multipleOf" | "minLength" | "maxLength" | "pattern"
            | "minItems" | "maxItems" | "uniqueItems" | "required" | "minProperties" | "maxProperties"
            | "enum" => value.clone(),
            "title" | "description" | "format" | "default" | "nullable" | "discriminator" | "readOnly"
            | "writeOnly" | "xml" | "externalDocs" | "example" | "deprecated" | "exclusiveMinimum"
            | "exclusiveMaximum" => continue,
            key if key.starts_with("x-") => continue,
            key => panic!("3.0 has no `{key}` in a schema"),
        };
        said.insert(key.clone(), value);
    }
    // Without a type 3.0 gives the word no meaning, and everybody reads it as "or null".
    match flag("nullable") && !schema.contains_key("type") {
        true => json!({ "anyOf": [{ "type": "null" }, said] }),
        false => Value::Object(said),
    }
}
