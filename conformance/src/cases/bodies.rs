//! A body for an operation: the document's example, or the least that its schema asks for.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use keyway_openapi::{Operation, Vendor};
use serde_json::{Map, Value, json};

/// Schemas that refer to each other further than this go round in circles.
const DEEPEST: usize = 8;

/// What is sent to an operation; none where it takes no body.
pub(super) fn body_for(vendor: Vendor, operation: &Operation) -> Option<Value> {
    if let Some(example) = operation.example_request() {
        return Some(example.clone());
    }
    let document = document(vendor);
    let method = operation.method().to_ascii_lowercase();
    let body = document
        .get("paths")?
        .get(operation.path())?
        .get(&method)?
        .get("requestBody")?;
    let content = resolved(document, body).get("content")?;
    let media = content.get("application/json")?;
    Some(least(document, media.get("schema")?, 0))
}

/// The vendor's document, read once: the largest has a megabyte.
fn document(vendor: Vendor) -> &'static Value {
    static ALL: LazyLock<BTreeMap<Vendor, Value>> = LazyLock::new(|| {
        let read = |vendor: Vendor| Some((vendor, serde_json::from_str(vendor.contract_json()).ok()?));
        Vendor::ALL.into_iter().filter_map(read).collect()
    });
    ALL.get(&vendor).unwrap_or(&Value::Null)
}

fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    value
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|reference| document.pointer(reference.strip_prefix('#')?))
        .unwrap_or(value)
}

/// The least value that a schema takes.
fn least(document: &Value, schema: &Value, depth: usize) -> Value {
    let schema = resolved(document, schema);
    for told in ["example", "default", "const"] {
        if let Some(value) = schema.get(told).filter(|value| !value.is_null()) {
            return value.clone();
        }
    }
    if let Some(first) = ["examples", "enum"]
        .iter()
        .find_map(|name| schema.get(*name)?.as_array()?.first())
    {
        return first.clone();
    }
    if depth > DEEPEST {
        return Value::Null;
    }
    if let Some(choices) = ["allOf", "oneOf", "anyOf"]
        .iter()
        .find_map(|name| schema.get(*name)?.as_array())
    {
        // Of several choices the last one says most: an untyped object may stand before it.
        let mut whole = Map::new();
        for choice in choices {
            match least(document, choice, depth + 1) {
                Value::Object(members) => whole.extend(members),
                other => return other,
            }
        }
        return Value::Object(whole);
    }
    let kind = match schema.get("type") {
        Some(Value::Array(kinds)) => kinds.first().and_then(Value::as_str),
        Some(kind) => kind.as_str(),
        None => schema.get("properties").map(|_| "object"),
    };
    match kind {
        Some("object") => object(document, schema, depth),
        Some("array") => {
            let item = schema.get("items").map(|items| least(document, items, depth + 1));
            json!(item.into_iter().collect::<Vec<Value>>())
        }
        Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or(json!(1)),
        Some("boolean") => json!(false),
        _ => match schema.get("format").and_then(Value::as_str) {
            Some("uuid") => json!("0b5e55ed-0000-4000-8000-00000c0ffee5"),
            Some("email") => json!("nobody@example.org"),
            Some("date-time") => json!("2031-01-01T00:00:00Z"),
            _ => json!("keyway"),
        },
    }
}

fn object(document: &Value, schema: &Value, depth: usize) -> Value {
    let required: Vec<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let members = schema.get("properties").and_then(Value::as_object);
    let least_members = members
        .into_iter()
        .flatten()
        .filter(|(name, _)| required.contains(&name.as_str()))
        .map(|(name, schema)| (name.clone(), least(document, schema, depth + 1)));
    Value::Object(least_members.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderMap;
    use keyway_openapi::RequestView;

    #[test]
    fn every_body_is_one_that_its_operation_takes() {
        for vendor in Vendor::PLAYED {
            for operation in vendor.contract().operations() {
                let Some(body) = body_for(vendor, operation) else {
                    continue;
                };
                let bytes = body.to_string().into_bytes();
                let mut headers = HeaderMap::new();
                headers.insert("content-type", "application/json".parse().unwrap());
                let view = RequestView {
                    path_params: &[],
                    query: "",
                    headers: &headers,
                    body: &bytes,
                };
                let wrong: Vec<String> = vendor
                    .contract()
                    .check_request(operation, &view)
                    .err()
                    .unwrap_or_default()
                    .iter()
                    .filter(|violation| violation.place == keyway_openapi::Place::Body)
                    .map(ToString::to_string)
                    .collect();
                assert!(
                    wrong.is_empty(),
                    "{vendor} {}: {}",
                    operation.id(),
                    wrong.join("; ")
                );
            }
        }
    }
}
