//! Rules for everything that is no schema: what 3.1 added around the schemas, and what 3.0 asks for.

use serde_json::{Map, Value, json};

use super::references;
use super::report::Loss;
use super::tables::Kind;
use super::walk::Pass;
use crate::document::pointer;

const DIALECTS: [&str; 3] = [
    "https://spec.openapis.org/oas/3.1/dialect/base",
    "https://spec.openapis.org/oas/3.1/dialect/2024-11-10",
    "https://json-schema.org/draft/2020-12/schema",
];

/// Whether the rules here read this dialect of JSON Schema.
pub(super) fn is_known_dialect(dialect: &str) -> bool {
    DIALECTS.contains(&dialect.trim_end_matches('#'))
}

/// Rewrites the object's own keywords, with what is below it lowered.
pub(super) fn rewrite(
    pass: &mut Pass<'_>,
    kind: Kind,
    raw: &Map<String, Value>,
    object: &mut Map<String, Value>,
    at: &str,
) {
    match kind {
        Kind::Document => document(pass, raw, object),
        Kind::Info => info(pass, object, at),
        Kind::License => license(pass, raw, object, at),
        Kind::Components => without_mutual_tls(pass, object, at),
        Kind::PathItem => references::path_item(pass, raw, object, at),
        Kind::Operation => {
            forget_mutual_tls(pass, object, at);
            absent(
                pass,
                object,
                at,
                "responses",
                json!({ "default": { "description": "Not described." } }),
            );
        }
        Kind::Response => {
            absent(pass, object, at, "description", json!(""));
            octet_stream(pass, object, at);
        }
        Kind::RequestBody => octet_stream(pass, object, at),
        _ => {}
    }
}

fn document(pass: &mut Pass<'_>, raw: &Map<String, Value>, object: &mut Map<String, Value>) {
    let is_whole = |version: &Value| version.as_str().is_some_and(|text| text.starts_with("3.0."));
    if !raw.get("openapi").is_some_and(is_whole) {
        object.insert("openapi".to_owned(), json!("3.0.3"));
        pass.note("/openapi", "openapi-version");
    }
    match raw.get("jsonSchemaDialect") {
        None => {}
        Some(Value::String(dialect)) if is_known_dialect(dialect) => {
            pass.note("/jsonSchemaDialect", "schema-dialect");
        }
        Some(_) => pass.refuse("/jsonSchemaDialect", "another dialect of JSON Schema"),
    }
    absent(pass, object, "", "paths", json!({}));
    forget_mutual_tls(pass, object, "");
    let items = pass
        .source
        .pointer("/components/pathItems")
        .and_then(Value::as_object);
    if items.is_some() {
        pass.note("/components/pathItems", "path-items");
    }
    for name in items.into_iter().flat_map(Map::keys) {
        let here = pointer("/components/pathItems", name);
        let loss = match pass.inlined.contains(&here) {
            true => Loss::None,
            false => Loss::Words("a path item that no path refers to".to_owned()),
        };
        pass.lose(&here, "path-items", loss);
    }
}

/// Without quotes YAML takes a version such as `1.0` for a number, and some titles too.
fn info(pass: &mut Pass<'_>, object: &mut Map<String, Value>, at: &str) {
    for key in ["title", "version"] {
        if let Some(value) = object.get_mut(key).filter(|value| value.is_number()) {
            *value = json!(value.to_string());
            pass.note(&pointer(at, key), "number-as-text");
        }
    }
}

/// Puts in what 3.0 demands and 3.1 (or a careless author) leaves out.
fn absent(pass: &mut Pass<'_>, object: &mut Map<String, Value>, at: &str, keyword: &str, value: Value) {
    let rule = match keyword {
        "paths" => "paths-absent",
        "responses" => "responses-absent",
        _ => "description-absent",
    };
    if !object.contains_key(keyword) {
        object.insert(keyword.to_owned(), value);
        pass.note(at, rule);
    }
}

/// Client certificates are a matter of the connection, not of a header: the scheme goes, and with it what asks for it.
fn without_mutual_tls(pass: &mut Pass<'_>, object: &mut Map<String, Value>, at: &str) {
    let Some(Value::Object(schemes)) = object.get_mut("securitySchemes") else {
        return;
    };
    for name in mutual_tls(pass.source) {
        schemes.shift_remove(name);
        let here = pointer(&pointer(at, "securitySchemes"), name);
        let lost = "that a client certificate is asked for".to_owned();
        pass.lose(&here, "mutual-tls", Loss::Words(lost));
    }
}

fn forget_mutual_tls(pass: &mut Pass<'_>, object: &mut Map<String, Value>, at: &str) {
    let Some(Value::Array(requirements)) = object.get_mut("security") else {
        return;
    };
    for (index, requirement) in requirements.iter_mut().enumerate() {
        let Some(requirement) = requirement.as_object_mut() else {
            continue;
        };
        let here = pointer(&pointer(at, "security"), index);
        for name in mutual_tls(pass.source) {
            if requirement.shift_remove(name).is_some() {
                pass.note(&pointer(&here, name), "mutual-tls");
            }
        }
    }
}

fn mutual_tls(source: &Value) -> impl Iterator<Item = &String> + use<'_> {
    let schemes = source
        .pointer("/components/securitySchemes")
        .and_then(Value::as_object);
    let is_one = |scheme: &Value| scheme.get("type").is_some_and(|name| name == "mutualTLS");
    schemes
        .into_iter()
        .flatten()
        .filter(move |(_, scheme)| is_one(scheme))
        .map(|(name, _)| name)
}

/// 3.1 names a licence by its SPDX identifier, 3.0 by an address.
fn license(pass: &mut Pass<'_>, raw: &Map<String, Value>, object: &mut Map<String, Value>, at: &str) {
    let here = pointer(at, "identifier");
    match raw.get("identifier") {
        None => {}
        Some(Value::String(identifier)) if !raw.contains_key("url") => {
            let address = format!("https://spdx.org/licenses/{identifier}.html");
            object.insert("url".to_owned(), json!(address));
            pass.note(&here, "license-identifier");
        }
        Some(_) => {
            let lost = "the identifier beside the address".to_owned();
            pass.lose(&here, "license-identifier", Loss::Words(lost));
        }
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
            pass.note(&pointer(&pointer(at, "content"), media_type), "octet-stream");
        }
    }
}
