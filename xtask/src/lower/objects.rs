//! Rules for everything that is no schema: what 3.1 added around the schemas.

use serde_json::{Map, Value, json};

use super::Pass;
use super::tables::Kind;
use crate::document::pointer;

const DIALECTS: [&str; 2] = [
    "https://spec.openapis.org/oas/3.1/dialect/base",
    "https://json-schema.org/draft/2020-12/schema",
];

/// Whether the rules here read this dialect of JSON Schema.
pub(super) fn is_known_dialect(dialect: &str) -> bool {
    DIALECTS.contains(&dialect.trim_end_matches('#'))
}

/// Rewrites the object's own keywords, before anything below it is looked at.
pub(super) fn rewrite(pass: &mut Pass<'_>, kind: Kind, object: &mut Map<String, Value>, at: &str) {
    match kind {
        Kind::Document => document(pass, object),
        Kind::Info => lost_text(pass, object, at, "summary", "info-summary"),
        Kind::License => license(pass, object, at),
        Kind::Components => components(pass, object, at),
        Kind::Operation => responses_absent(pass, object, at),
        Kind::RequestBody | Kind::Response => octet_stream(pass, object, at),
        _ => {}
    }
}

fn document(pass: &mut Pass<'_>, object: &mut Map<String, Value>) {
    if object
        .get("openapi")
        .and_then(Value::as_str)
        .is_some_and(|version| version.starts_with("3.1."))
    {
        object.insert("openapi".to_owned(), json!("3.0.3"));
        pass.note("/openapi", "openapi-version");
    }
    match object.shift_remove("jsonSchemaDialect") {
        None => {}
        Some(Value::String(dialect)) if is_known_dialect(&dialect) => {
            pass.note("/jsonSchemaDialect", "schema-dialect")
        }
        Some(_) => pass.refuse(
            "/jsonSchemaDialect",
            "another dialect of JSON Schema",
            "remove it in the overlay",
        ),
    }
    if object.shift_remove("webhooks").is_some() {
        pass.lose("/webhooks", "webhooks", "what the vendor sends by itself");
    }
    if !object.contains_key("paths") {
        object.insert("paths".to_owned(), json!({}));
        pass.note("", "paths-absent");
    }
    drop_mutual_tls(pass, object);
}

/// Client certificates are a matter of the connection, not of a header: the scheme goes, and with it what asks for it.
fn drop_mutual_tls(pass: &mut Pass<'_>, object: &mut Map<String, Value>) {
    let Some(Value::Object(schemes)) = object
        .get_mut("components")
        .and_then(|it| it.get_mut("securitySchemes"))
    else {
        return;
    };
    let names: Vec<String> = schemes
        .iter()
        .filter(|(_, scheme)| scheme.get("type").is_some_and(|name| name == "mutualTLS"))
        .map(|(name, _)| name.clone())
        .collect();
    for name in &names {
        schemes.shift_remove(name);
        pass.lose(
            &pointer("/components/securitySchemes", name),
            "mutual-tls",
            "that a client certificate is asked for",
        );
    }
    let forget = |holder: &mut Map<String, Value>| {
        let Some(Value::Array(requirements)) = holder.get_mut("security") else {
            return;
        };
        for requirement in requirements.iter_mut().filter_map(Value::as_object_mut) {
            names.iter().for_each(|name| {
                requirement.shift_remove(name);
            });
        }
    };
    if names.is_empty() {
        return;
    }
    forget(object);
    let items = object
        .get_mut("paths")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flat_map(|paths| paths.values_mut());
    for operation in items
        .filter_map(Value::as_object_mut)
        .flat_map(|item| item.values_mut())
    {
        if let Some(operation) = operation.as_object_mut() {
            forget(operation);
        }
    }
}

fn lost_text(pass: &mut Pass<'_>, object: &mut Map<String, Value>, at: &str, key: &str, rule: &'static str) {
    if object.shift_remove(key).is_some() {
        pass.lose(&pointer(at, key), rule, "the text");
    }
}

fn license(pass: &mut Pass<'_>, object: &mut Map<String, Value>, at: &str) {
    let Some(Value::String(identifier)) = object.shift_remove("identifier") else {
        return;
    };
    object
        .entry("url")
        .or_insert_with(|| json!(format!("https://spdx.org/licenses/{identifier}.html")));
    pass.note(at, "license-identifier");
}

fn components(pass: &mut Pass<'_>, object: &mut Map<String, Value>, at: &str) {
    // Their contents have been put where they are referred to.
    if object.shift_remove("pathItems").is_some() {
        pass.note(&pointer(at, "pathItems"), "path-item-reference");
    }
}

fn responses_absent(pass: &mut Pass<'_>, object: &mut Map<String, Value>, at: &str) {
    if !object.contains_key("responses") {
        object.insert(
            "responses".to_owned(),
            json!({ "default": { "description": "Not described." } }),
        );
        pass.note(at, "responses-absent");
    }
}

/// Raw bytes need no schema in 3.1.
fn octet_stream(pass: &mut Pass<'_>, object: &mut Map<String, Value>, at: &str) {
    let Some(Value::Object(content)) = object.get_mut("content") else {
        return;
    };
    for (media_type, value) in content.iter_mut() {
        let Some(value) = value.as_object_mut() else {
            continue;
        };
        if media_type.starts_with("application/octet-stream") && !value.contains_key("schema") {
            value.insert(
                "schema".to_owned(),
                json!({ "type": "string", "format": "binary" }),
            );
            pass.note(at, "octet-stream");
        }
    }
}
