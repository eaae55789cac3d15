//! What the capabilities say is what the vendors' documents say.

use std::{fs, path::Path};

use keyway::{
    Vendor,
    keys::{Capabilities, Description, Endpoint, ExpiryForm, ScopeRules, Silence, Support, Vocabulary},
};
use serde_json::Value;

#[test]
fn every_operation_is_in_the_vendors_document_as_it_is_said() {
    for vendor in Vendor::ALL.iter().copied() {
        let capabilities = vendor.capabilities();
        assert_eq!(capabilities.vendor, vendor);
        let Capabilities {
            create,
            revoke,
            list,
            get,
            verify,
            ..
        } = capabilities;
        let operations = operations(vendor);
        for support in [create, revoke, list, get, verify] {
            let Some(endpoint) = support.endpoint() else {
                continue;
            };
            let Endpoint {
                operation,
                method,
                path,
                documentation,
                ..
            } = endpoint;
            let found = operations.iter().find(|found| found.id == *operation);
            let found = found.unwrap_or_else(|| panic!("{vendor}: no operation {operation}"));
            assert_eq!(
                (found.method.as_str(), found.path.as_str()),
                (*method, *path),
                "{vendor}: {operation}"
            );
            assert_eq!(found.source, *documentation, "{vendor}: {operation}");
        }
    }
}

/// The reads below the path on which keys are made.
#[test]
fn what_is_said_to_be_absent_is_absent() {
    for vendor in Vendor::ALL.iter().copied() {
        let capabilities = vendor.capabilities();
        let keys = capabilities.create.endpoint().unwrap().path;
        let operations = operations(vendor);
        let reads = |path: &str| {
            operations
                .iter()
                .any(|found| found.method == "GET" && found.path == path)
        };
        assert_eq!(capabilities.list.is_documented(), reads(keys), "{vendor}");
        assert_eq!(
            capabilities.get.is_documented(),
            reads(&format!("{keys}/{{id}}")),
            "{vendor}"
        );
        let changes = operations
            .iter()
            .filter(|found| found.path.starts_with(keys) && found.method != "GET");
        assert_eq!(
            changes.count(),
            2,
            "{vendor}: there is more than create and revoke"
        );
        for support in [&capabilities.list, &capabilities.get] {
            if let Support::Absent {
                instead,
                documentation,
                ..
            } = support
            {
                assert!(
                    !instead.is_empty() && documentation.starts_with("https://"),
                    "{vendor}"
                );
            }
        }
    }
}

#[test]
fn scopes_ends_and_names_are_those_of_the_create_request() {
    for vendor in Vendor::ALL.iter().copied() {
        let capabilities = vendor.capabilities();
        let ScopeRules {
            values,
            count,
            vocabulary,
            omitted,
            ..
        } = &capabilities.scopes;
        let request = create_request(vendor);
        let properties = &request["properties"];
        let is_required = |name: &str| {
            request["required"]
                .as_array()
                .is_some_and(|all| all.contains(&name.into()))
        };

        let (member, scopes) = ["scopes", "permissions", "scope"]
            .into_iter()
            .find_map(|name| Some((name, resolved(vendor, properties.get(name)?))))
            .unwrap_or(("none", Value::Null));
        let item = if scopes["items"].is_null() {
            scopes.clone()
        } else {
            scopes["items"].clone()
        };
        let documented: Vec<_> = item["enum"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        match vocabulary {
            Vocabulary::Closed => assert_eq!(documented, *values, "{vendor}"),
            _ => assert!(documented.is_empty() && !values.is_empty(), "{vendor}"),
        }
        assert_eq!(*omitted == Silence::Refused, is_required(member), "{vendor}");
        let least = if is_required(member) {
            scopes["minItems"].as_u64().unwrap_or(0)
        } else {
            0
        };
        assert_eq!(*count.start() as u64, least, "{vendor}");
        let most = match scopes["type"].as_str() {
            Some("array") if documented.is_empty() => usize::MAX,
            Some("array") => documented.len(),
            Some(_) => 1,
            None => 0,
        };
        assert_eq!(*count.end(), most, "{vendor}");

        let days = &properties["expires_in_days"];
        match &capabilities.expiry.form {
            ExpiryForm::Days(range) => {
                assert_eq!(days["minimum"], *range.start());
                assert_eq!(days["maximum"], *range.end());
                let default = format!("{} days", days["default"]);
                assert!(matches!(capabilities.expiry.omitted, Silence::Means(text) if text == default));
            }
            _ => assert!(days.is_null() && !properties["expiresAt"].is_null(), "{vendor}"),
        }
        let longest = properties["name"]["maxLength"].as_u64();
        assert_eq!(
            capabilities.longest_name.map(|length| length as u64),
            longest,
            "{vendor}"
        );
        let has_description = !properties["description"].is_null();
        assert_eq!(
            capabilities.description == Description::Free,
            has_description,
            "{vendor}"
        );
    }
}

#[test]
fn what_a_second_revocation_gets_is_declared() {
    for vendor in Vendor::ALL.iter().copied() {
        let capabilities = vendor.capabilities();
        let revoke = capabilities.revoke.endpoint().unwrap().operation;
        let operations = operations(vendor);
        let found = operations.iter().find(|found| found.id == revoke).unwrap();
        if let Some(status) = capabilities.second_revoke {
            let said = found
                .answers
                .get(status.to_string())
                .and_then(|answer| answer["description"].as_str());
            assert!(
                said.is_some_and(|said| said.contains("already")),
                "{vendor}: {said:?}"
            );
        }
    }
    assert_eq!(Vendor::Reten.capabilities().second_revoke, Some(400));
}

struct Found {
    answers: Value,
    id: String,
    method: String,
    path: String,
    source: String,
}

fn operations(vendor: Vendor) -> Vec<Found> {
    let contract = contract(vendor);
    // Sinjapp's document has the beginning of all paths in its server.
    let server = contract["servers"][0]["url"].as_str().unwrap_or_default();
    let prefix = server.strip_prefix("{tenantBaseUrl}").unwrap_or_default();
    let mut found = Vec::new();
    for (path, item) in contract["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Some(id) = operation["operationId"].as_str() else {
                continue;
            };
            found.push(Found {
                answers: operation["responses"].clone(),
                id: id.to_owned(),
                method: method.to_uppercase(),
                path: format!("{prefix}{path}"),
                source: operation["x-source"].as_str().unwrap().to_owned(),
            });
        }
    }
    found
}

fn create_request(vendor: Vendor) -> Value {
    let contract = contract(vendor);
    let paths = contract["paths"].as_object().unwrap();
    let create = paths.values().find_map(|item| {
        let post = item.get("post")?;
        (post["operationId"] == "createApiKey").then_some(post)
    });
    let schema = &create.unwrap()["requestBody"]["content"]["application/json"]["schema"];
    resolved(vendor, schema)
}

/// A schema, or what it refers to.
fn resolved(vendor: Vendor, schema: &Value) -> Value {
    match schema["$ref"].as_str() {
        Some(reference) => {
            let pointer = reference.trim_start_matches('#');
            contract(vendor).pointer(pointer).unwrap().clone()
        }
        None => schema.clone(),
    }
}

fn contract(vendor: Vendor) -> Value {
    let room = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi");
    let text = fs::read_to_string(room.join(vendor.name()).join("contract.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}
