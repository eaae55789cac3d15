//! The vendors' own contracts.

use http::HeaderMap;
use keyway_openapi::{Contract, Location, RequestView, Route, SecurityScheme, Vendor};

use crate::exchange::{Sent, answer, check, lines, post};

#[test]
fn every_embedded_contract_parses_and_compiles() {
    for vendor in Vendor::ALL {
        vendor
            .contract()
            .compile()
            .unwrap_or_else(|error| panic!("{vendor}: {error}"));
        assert!(!vendor.contract().title().is_empty(), "{vendor}");
        assert!(!vendor.contract().operations().is_empty(), "{vendor}");
        assert!(vendor.document().contains("openapi"), "{vendor}");
        assert!(vendor.overlay().contains("overlay: 1."), "{vendor}");
    }
}

#[test]
fn every_operation_is_found_under_its_own_path() {
    for vendor in Vendor::ALL {
        for operation in vendor.contract().operations() {
            let path = operation.full_path().replace('{', "a-").replace('}', "-z");
            match vendor.contract().find(operation.method(), &path) {
                Route::Found { operation: found, .. } => assert_eq!(found.id(), operation.id()),
                other => panic!("{vendor}: {path}: {other:?}"),
            }
        }
    }
}

#[test]
fn every_example_keeps_to_the_schema_it_illustrates() {
    let mut seen = 0;
    for vendor in Vendor::PLAYED {
        let contract = vendor.contract();
        for operation in contract.operations() {
            if let Some(example) = operation.example_request() {
                seen += 1;
                let mut headers = HeaderMap::new();
                let media_type = operation.request_media_types().next().unwrap();
                headers.insert("content-type", media_type.parse().unwrap());
                let body = example.to_string();
                let view = RequestView {
                    path_params: &[],
                    query: "",
                    headers: &headers,
                    body: body.as_bytes(),
                };
                let body_only = |line: &String| line.contains(": body") || line.contains(": media type");
                let found = lines(contract.check_request(operation, &view));
                assert_eq!(
                    found.into_iter().filter(body_only).collect::<Vec<_>>(),
                    Vec::<String>::new(),
                    "{vendor}"
                );
            }
            for response in operation.responses() {
                let Ok(status) = response.status().parse::<u16>() else {
                    continue;
                };
                if let Some(example) = operation.example_response(status) {
                    seen += 1;
                    let verdict = contract.check_response(
                        operation,
                        status,
                        response.media_types().next(),
                        example.to_string().as_bytes(),
                    );
                    assert_eq!(lines(verdict), Vec::<String>::new(), "{vendor} {status}");
                }
            }
        }
    }
    assert!(seen > 20, "only {seen} examples were found");
}

#[test]
fn the_vendors_examples_of_creating_a_key_are_accepted() {
    for (vendor, path, body) in [
        (
            Vendor::Sinjapp,
            "/api/v1/api-keys",
            r#"{"name": "CI", "scopes": ["messages.read"], "expires_in_days": 90}"#,
        ),
        (
            Vendor::Reten,
            "/api/api-keys",
            r#"{"name": "CI", "permissions": ["view_activities"], "expiresAt": "2026-12-31T23:59:59Z"}"#,
        ),
        (Vendor::Dolfin, "/api-keys", r#"{"name": "CI"}"#),
        (Vendor::B3os, "/v1/api-keys", r#"{"name": "CI", "scope": "read"}"#),
    ] {
        assert_eq!(
            body_violations(vendor, path, body),
            Vec::<String>::new(),
            "{vendor}"
        );
        assert!(
            !body_violations(vendor, path, r#"{"name": 7}"#).is_empty(),
            "{vendor}"
        );
        assert!(!body_violations(vendor, path, "[]").is_empty(), "{vendor}");
    }
}

#[test]
fn an_answer_without_its_key_is_refused() {
    for (vendor, status) in [
        (Vendor::Sinjapp, 201),
        (Vendor::Reten, 201),
        (Vendor::Dolfin, 201),
    ] {
        assert!(
            !answer(vendor.contract(), "createApiKey", status, "{}").is_empty(),
            "{vendor}"
        );
    }
    let dolfin = Vendor::Dolfin.contract();
    assert_eq!(
        lines(dolfin.check_response(dolfin.operation("revokeApiKey").unwrap(), 204, None, b"")),
        Vec::<String>::new()
    );
}

#[test]
fn an_undeclared_media_type_is_refused_by_every_vendor() {
    for (vendor, path) in [
        (Vendor::Sinjapp, "/api/v1/api-keys"),
        (Vendor::Reten, "/api/api-keys"),
        (Vendor::Dolfin, "/api-keys"),
        (Vendor::B3os, "/v1/api-keys"),
    ] {
        let sent = Sent {
            content_type: Some("text/plain"),
            body: b"name=CI",
            ..Sent::default()
        };
        let found = check(vendor.contract(), "POST", path, &sent).unwrap_err();
        assert!(
            found.iter().any(|violation| violation.rule == "mediaType"),
            "{vendor}: {found:?}"
        );
    }
}

#[test]
fn credentials_travel_where_the_vendors_say() {
    let key = |contract: &Contract| {
        contract.security_schemes().find_map(|(_, scheme)| match scheme {
            SecurityScheme::ApiKey {
                location: Location::Header,
                name,
            } => Some(name.to_ascii_lowercase()),
            _ => None,
        })
    };
    assert_eq!(key(Vendor::Sinjapp.contract()).as_deref(), Some("x-api-key"));
    assert_eq!(key(Vendor::Reten.contract()).as_deref(), Some("x-api-key"));
    assert_eq!(
        key(Vendor::Dolfin.contract()).as_deref(),
        Some("x-dolfin-api-key")
    );
    let b3os = Vendor::B3os.contract();
    let bearer =
        |scheme: &SecurityScheme| matches!(scheme, SecurityScheme::Http { scheme } if scheme == "bearer");
    assert!(b3os.security_schemes().any(|(_, scheme)| bearer(scheme)));
}

/// What the contract says about a body, whatever else the request lacks.
fn body_violations(vendor: Vendor, path: &str, body: &str) -> Vec<String> {
    post(vendor.contract(), path, body)
        .into_iter()
        .filter(|line| line.contains(": body"))
        .collect()
}

#[test]
fn a_body_that_cannot_be_taken_has_a_declared_answer_everywhere() {
    for vendor in Vendor::PLAYED {
        for operation in vendor.contract().operations() {
            if operation.request_media_types().next().is_some() {
                for status in ["413", "415"] {
                    let declared = operation.declared_statuses().any(|known| known == status);
                    assert!(declared, "{vendor} {}: {status}", operation.id());
                }
            }
        }
    }
}
