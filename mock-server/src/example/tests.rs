//! Every operation of the vendors has an example, schemas of all sorts have values, and a vendor can be played by them.

use std::sync::Arc;
use std::time::Instant;

use http::{Method, StatusCode};
use keyway_openapi::{Contract, Vendor};
use serde_json::{Value, json};

use super::schemas::Maker;
use super::{ByExample, answers};
use crate::assumptions::{Assumption, Assumptions};
use crate::call::{Origin, Request, text};
use crate::clock::Clock;
use crate::dialect::Dialect;
use crate::mock::{Answer, Circumstances, Mock};
use crate::store::{Standing, Store as _};

/// Dolfin as if nobody had written it.
struct Sketch;

const ORDER_OF_CHECKS: Assumption = Assumption {
    name: "sketch.order-of-checks",
    default: "input-last",
    choices: &["input-last", "input-first"],
    reason: "a test",
};

impl ByExample for Sketch {
    const VENDOR: Vendor = Vendor::Dolfin;
    const ORDER_OF_CHECKS: &'static Assumption = &ORDER_OF_CHECKS;
    const ASSUMPTIONS: &'static [Assumption] = &[ORDER_OF_CHECKS];
}

struct Stage {
    mock: Mock,
    admin: String,
}

impl Stage {
    async fn new() -> Self {
        let clock = Clock::default();
        let (mock, _) = Mock::new(Vendor::Dolfin, &clock, None, &Arc::default(), None).await;
        let admin = Sketch::seed(&mock.store, &clock).await.unwrap().admin;
        Self { mock, admin }
    }

    async fn ask(&self, method: Method, path: &str, headers: &[(&'static str, &str)], body: &str) -> Answer {
        let mut request = Request::new(body.to_owned().into());
        *request.method_mut() = method;
        *request.uri_mut() = path.parse().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        let around = Circumstances {
            now: Clock::default().now(),
            assumptions: &Assumptions::default(),
            origin: Origin::default(),
            begun: Instant::now(),
        };
        let route = Sketch::VENDOR.contract().find(request.method().as_str(), path);
        self.mock.answer::<Sketch>(&around, &request, &route).await
    }
}

const JSON: (&str, &str) = ("content-type", "application/json");

#[test]
fn every_operation_has_an_example_that_fits_its_contract_or_a_reason_why_not() {
    for vendor in Vendor::ALL {
        for operation in vendor.contract().operations() {
            match &*answers::success(vendor, operation) {
                Ok(example) => {
                    let checked = vendor.contract().check_response(
                        operation,
                        example.status.as_u16(),
                        example.content_type.as_deref(),
                        &example.body,
                    );
                    assert!(checked.is_ok(), "{vendor} {}: {checked:?}", operation.id());
                    assert!(example.status.is_success());
                }
                Err(why) => {
                    let is_played = Vendor::PLAYED.contains(&vendor);
                    assert!(
                        !is_played && !why.is_empty(),
                        "{vendor} {}: {why}",
                        operation.id()
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn a_vendor_that_nobody_has_written_asks_for_a_credential_and_keeps_to_its_contract() {
    let stage = Stage::new().await;
    let (scheme, secret) = stage.admin.split_once(':').unwrap();
    assert_eq!(scheme, "key");
    let key = ("x-dolfin-api-key", secret);

    let anonymous = stage
        .ask(Method::POST, "/api-keys", &[JSON], r#"{"name": "n"}"#)
        .await;
    assert_eq!(anonymous.response.status(), StatusCode::UNAUTHORIZED);
    assert!(text(anonymous.response.headers(), "www-authenticate").is_some());

    let unknown = stage
        .ask(
            Method::POST,
            "/api-keys",
            &[JSON, ("x-dolfin-api-key", "nobody")],
            "{}",
        )
        .await;
    assert_eq!(unknown.response.status(), StatusCode::UNAUTHORIZED);

    let wrong = stage
        .ask(Method::POST, "/api-keys", &[JSON, key], r#"{"name": 7}"#)
        .await;
    assert_eq!(wrong.response.status(), StatusCode::BAD_REQUEST);
    assert_eq!(wrong.violations.len(), 1);

    let right = stage
        .ask(Method::POST, "/api-keys", &[JSON, key], r#"{"name": "n"}"#)
        .await;
    assert_eq!(right.response.status(), StatusCode::CREATED);
    assert_eq!(
        right.reason.as_deref(),
        Some("an example of the document: no state is played yet")
    );
    let body: Value = serde_json::from_slice(right.response.body()).unwrap();
    assert!(body["rawKey"].is_string(), "{body}");

    let nowhere = stage.ask(Method::GET, "/nowhere", &[key], "").await;
    assert_eq!(nowhere.response.status(), StatusCode::NOT_FOUND);
    let method = stage.ask(Method::PUT, "/api-keys", &[key], "").await;
    assert_eq!(method.response.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn what_is_refused_keeps_to_the_contract_where_the_document_has_a_form_for_it() {
    let stage = Stage::new().await;
    let contract = Vendor::Dolfin.contract();
    for operation in contract.operations() {
        let method: Method = operation.method().parse().unwrap();
        let path = operation.full_path().replace(['{', '}'], "");
        let refused = stage.ask(method, &path, &[], "").await.response;
        let status = refused.status().as_u16();
        if operation.response(status).is_some() && refused.extensions().get::<super::Undeclared>().is_none() {
            let content_type = text(refused.headers(), "content-type");
            let checked = contract.check_response(operation, status, content_type, refused.body());
            assert!(checked.is_ok(), "{}: {checked:?}", operation.id());
        }
        assert!(
            refused.status().is_client_error() || operation.security().is_empty(),
            "{path}"
        );
    }
}

#[tokio::test]
async fn whoever_lacks_a_scope_is_refused() {
    let stage = Stage::new().await;
    let clock = Clock::default();
    let limited = Sketch::seed(&stage.mock.store, &clock).await.unwrap().limited;
    let (_, secret) = limited.split_once(':').unwrap();
    let digest = crate::store::Digest::of(secret);
    let credential = stage.mock.store.authenticate(&digest).await.unwrap().unwrap();
    assert_eq!(credential.standing(clock.now()), Standing::Active);
    let scoped = Vendor::Sinjapp.contract().operation("listMessages").unwrap();
    assert!(!super::credentials::may_call(scoped, &credential));
    let open = Vendor::Dolfin.contract().operation("createApiKey").unwrap();
    assert!(super::credentials::may_call(open, &credential));
}

/// The schema as the one answer of a document in this version.
fn value_in(version: &str, schema: &Value) -> Result<Value, String> {
    let document = json!({
        "openapi": version,
        "info": { "title": "t", "version": "1" },
        "paths": { "/a": { "get": { "operationId": "a", "responses": { "200": {
            "description": "d", "content": { "application/json": { "schema": schema } }
        } } } } },
        "components": { "schemas": {
            "Node": { "type": "object", "required": ["id"], "properties": {
                "id": { "type": "integer", "minimum": 5 }, "next": { "$ref": "#/components/schemas/Node" } } },
            "Endless": { "type": "object", "required": ["next"], "properties": {
                "next": { "$ref": "#/components/schemas/Endless" } } },
            "Named": { "type": "object", "required": ["name"], "properties": { "name": { "type": "string" } } }
        } }
    });
    let contract = Contract::parse(document.clone()).unwrap();
    let operation = contract.operation("a").unwrap();
    Maker::all(&document)
        .filter_map(|maker| maker.value(schema))
        .find(|value| {
            let body = value.to_string().into_bytes();
            contract
                .check_response(operation, 200, Some("application/json"), &body)
                .is_ok()
        })
        .ok_or_else(|| format!("no value for {schema}"))
}

#[test]
fn schemas_of_all_sorts_have_a_value() {
    let both = [
        json!({}),
        json!({ "type": "string", "minLength": 12, "maxLength": 14 }),
        json!({ "type": "string", "maxLength": 2 }),
        json!({ "type": "string", "pattern": "^[A-Z]{3}-\\d{4}(a|b)$" }),
        json!({ "type": "string", "pattern": "^ak_[0-9a-f]+$", "minLength": 20 }),
        json!({ "type": "string", "format": "uuid" }),
        json!({ "type": "string", "format": "date-time" }),
        json!({ "type": "string", "enum": ["x", "y"] }),
        json!({ "type": "integer", "minimum": 3, "maximum": 9, "multipleOf": 4 }),
        json!({ "type": "integer", "maximum": -3 }),
        json!({ "type": "number", "minimum": 0.25, "maximum": 0.5 }),
        json!({ "type": "boolean" }),
        json!({ "type": "array", "items": { "type": "string", "format": "uuid" }, "minItems": 3, "uniqueItems": true }),
        json!({ "type": "array", "items": { "type": "integer" }, "maxItems": 0 }),
        json!({ "type": "object", "minProperties": 2, "additionalProperties": { "type": "integer" } }),
        json!({ "type": "object", "required": ["free"] }),
        json!({ "$ref": "#/components/schemas/Node" }),
        json!({ "allOf": [{ "$ref": "#/components/schemas/Named" }, { "$ref": "#/components/schemas/Node" }] }),
        json!({ "oneOf": [{ "type": "string", "maxLength": 1 }, { "type": "integer" }] }),
        json!({ "anyOf": [{ "$ref": "#/components/schemas/Endless" }, { "$ref": "#/components/schemas/Named" }] }),
        json!({ "oneOf": [{ "$ref": "#/components/schemas/Named" },
            { "type": "object", "required": ["name"], "properties": { "name": { "type": "string" } } },
            { "type": "object", "required": ["kind"], "additionalProperties": false,
              "properties": { "kind": { "type": "string", "enum": ["k"] } } }] }),
        json!({ "type": "object", "required": ["secret", "id"], "properties": {
            "secret": { "type": "string", "writeOnly": true }, "id": { "type": "string", "readOnly": true } } }),
        json!({ "type": "string", "example": 7 }),
        json!({ "type": "integer", "default": "no" }),
    ];
    for version in ["3.0.3", "3.1.0"] {
        for schema in &both {
            value_in(version, schema).unwrap();
        }
    }
    for schema in [
        json!({ "type": "integer", "minimum": 3, "exclusiveMinimum": true }),
        json!({ "type": "string", "nullable": true, "enum": ["x", null] }),
    ] {
        value_in("3.0.3", &schema).unwrap();
    }
    for schema in [
        json!({ "type": ["null", "integer"], "exclusiveMinimum": 3 }),
        json!({ "const": { "a": [1] } }),
        json!({ "type": "null" }),
        json!({ "type": "array", "prefixItems": [{ "type": "string" }, { "type": "integer" }], "items": false, "minItems": 2 }),
        json!({ "type": "array", "contains": { "const": 4 } }),
        json!({ "type": "string", "examples": ["shown"] }),
    ] {
        value_in("3.1.0", &schema).unwrap();
    }
}

#[test]
fn a_schema_that_nothing_fits_has_no_value_and_takes_no_time() {
    for schema in [
        json!({ "$ref": "#/components/schemas/Endless" }),
        json!({ "$ref": "#/components/schemas/Nowhere" }),
        json!({ "type": "array", "minItems": 100_000_000, "items": {} }),
        json!({ "type": "string", "minLength": 100_000_000 }),
        json!({ "type": "object", "minProperties": 100_000_000, "required": ["a"] }),
        json!({ "type": "string", "pattern": "^(?=a)b$" }),
        json!({ "not": {} }),
    ] {
        let document = json!({ "components": { "schemas": { "Endless": {
            "type": "object", "required": ["next"], "properties": {
                "next": { "$ref": "#/components/schemas/Endless" } } } } } });
        // What is proposed all the same is small.
        for value in Maker::all(&document).filter_map(|maker| maker.value(&schema)) {
            assert!(value.to_string().len() < 200_000, "{schema}");
        }
    }
    assert!(value_in("3.1.0", &json!({ "$ref": "#/components/schemas/Endless" })).is_err());
}

#[test]
fn a_text_is_shown_and_not_a_number_where_the_schema_shows_one() {
    let shown = value_in(
        "3.0.3",
        &json!({ "type": "string", "example": "from the document" }),
    )
    .unwrap();
    assert_eq!(shown, "from the document");
    let made = value_in("3.0.3", &json!({ "type": "string", "example": 7 })).unwrap();
    assert_eq!(made, "text");
}
