//! What cannot be carried over is refused with its JSON pointer, the reason and a cure; never left out in silence.

use serde_json::{Value, json};
use xtask::{lower, prepare};

#[track_caller]
fn lowering_refuses(document: Value, pointer: &str, reason: &str) {
    let refusals = lower::lower(&document).expect_err("it is refused");
    let found = refusals
        .iter()
        .any(|refusal| refusal.pointer == pointer && refusal.reason.contains(reason));
    assert!(found, "{refusals:?}");
    assert!(refusals.iter().all(|refusal| !refusal.cure.is_empty()));
}

#[track_caller]
fn schema_is_refused(schema: Value, pointer: &str, reason: &str) {
    let document = json!({
        "openapi": "3.1.0", "info": { "title": "Sample", "version": "1" },
        "components": { "schemas": { "Sample": schema } },
    });
    lowering_refuses(document, &format!("/components/schemas/Sample{pointer}"), reason);
}

#[track_caller]
fn client_is_refused(paths: Value, components: Value, pointer: &str, reason: &str) {
    let document = json!({
        "openapi": "3.0.3", "info": { "title": "Sample", "version": "1" }, "paths": paths, "components": components,
    });
    let lowered = lower::lower(&document).expect("it can be lowered");
    let refusals = prepare::prepare(&lowered.document).expect_err("it is refused");
    let found = refusals
        .iter()
        .any(|refusal| refusal.pointer == pointer && refusal.reason.contains(reason));
    assert!(found, "{refusals:?}");
}

#[test]
fn a_keyword_without_a_rule_is_refused_where_it_stands() {
    schema_is_refused(
        json!({ "properties": { "a": { "divisibleBy": 2 } } }),
        "/properties/a/divisibleBy",
        "no rule covers",
    );
    lowering_refuses(
        json!({ "openapi": "3.1.0", "info": { "title": "", "version": "" }, "hosts": [] }),
        "/hosts",
        "no rule covers `hosts`",
    );
}

#[test]
fn all_refusals_are_told_in_one_run() {
    let schema = json!({ "properties": { "a": { "nope": 1 }, "b": { "nope": 1 } } });
    let document = json!({ "openapi": "3.1.0", "info": { "title": "", "version": "" }, "components": { "schemas": { "S": schema } } });
    assert_eq!(lower::lower(&document).unwrap_err().len(), 2);
}

#[test]
fn identities_of_schemas_are_refused() {
    for keyword in ["$id", "$anchor", "$dynamicRef", "$dynamicAnchor", "$vocabulary"] {
        schema_is_refused(json!({ keyword: "x" }), &format!("/{keyword}"), keyword);
    }
    schema_is_refused(
        json!({ "$schema": "http://json-schema.org/draft-04/schema" }),
        "/$schema",
        "dialect",
    );
}

#[test]
fn contradictions_and_odd_shapes_are_refused() {
    schema_is_refused(json!({ "const": 1, "enum": [2] }), "", "`const` is not among");
    schema_is_refused(json!({ "type": "file" }), "/type", "no type of OpenAPI 3.0");
    schema_is_refused(json!({ "type": [] }), "/type", "a list of no types");
    schema_is_refused(
        json!({ "properties": { "a": { "exclusiveMinimum": "5" } } }),
        "/properties/a/exclusiveMinimum",
        "must be true or false",
    );
    schema_is_refused(json!({ "required": "a" }), "/required", "a list of names");
    schema_is_refused(json!({ "maxLength": -1 }), "/maxLength", "a count");
    schema_is_refused(
        json!({ "properties": { "a": 1 } }),
        "/properties/a",
        "must be an object or a boolean",
    );
    lowering_refuses(json!({ "openapi": "2.0" }), "/openapi", "neither 3.0 nor 3.1");
    lowering_refuses(json!({ "swagger": "2.0" }), "/openapi", "neither 3.0 nor 3.1");
    lowering_refuses(
        json!({ "openapi": "3.1.0", "info": { "title": "", "version": "" }, "jsonSchemaDialect": "https://acme.test" }),
        "/jsonSchemaDialect",
        "dialect",
    );
    lowering_refuses(
        json!({ "openapi": "3.1.0", "info": { "title": "", "version": "" }, "paths": { "/a": { "$ref": "other.yaml#/a" } } }),
        "/paths/~1a",
        "names no path item",
    );
}

fn get(operation: Value) -> Value {
    json!({ "/a": { "get": operation } })
}

fn fine() -> Value {
    json!({ "204": { "description": "Done." } })
}

#[test]
fn parameters_that_no_method_can_take_are_refused_by_name() {
    let with =
        |parameter: Value| get(json!({ "operationId": "a", "parameters": [parameter], "responses": fine() }));
    let at = "/paths/~1a/get/parameters/0";
    let text = json!({ "type": "string" });
    client_is_refused(
        with(json!({ "name": "c", "in": "cookie", "schema": text })),
        json!({}),
        at,
        "a cookie parameter",
    );
    let deep = json!({ "name": "f", "in": "query", "style": "deepObject", "schema": { "type": "object" } });
    client_is_refused(with(deep), json!({}), at, "style `deepObject`");
    let object =
        json!({ "name": "f", "in": "query", "schema": { "type": "object", "properties": { "x": text } } });
    client_is_refused(with(object), json!({}), &format!("{at}/schema"), "an object");
    let undeclared = json!({ "/a/{id}": { "get": { "operationId": "a", "responses": fine() } } });
    client_is_refused(
        undeclared,
        json!({}),
        "/paths/~1a~1{id}/get",
        "`id` is not declared",
    );
}

#[test]
fn a_server_of_its_own_is_refused_for_a_client_has_one() {
    let own = json!([{ "url": "https://other.test/v2" }]);
    let operation = json!({ "operationId": "a", "responses": fine(), "servers": own });
    client_is_refused(
        get(operation),
        json!({}),
        "/paths/~1a/get/servers",
        "a server of its own",
    );
    let item = json!({ "/a": { "servers": own, "get": { "operationId": "a", "responses": fine() } } });
    client_is_refused(item, json!({}), "/paths/~1a/servers", "a server of its own");
}

#[test]
fn names_that_the_client_has_already_are_refused() {
    let schemas =
        json!({ "schemas": { "option": { "type": "object", "properties": { "a": { "type": "string" } } } } });
    client_is_refused(
        json!({}),
        schemas,
        "/components/schemas/option",
        "`Option` is Rust's own",
    );
    let operation = json!({ "operationId": "new", "responses": fine() });
    client_is_refused(
        get(operation),
        json!({}),
        "/paths/~1a/get",
        "every client has one",
    );
}

#[test]
fn a_request_body_that_cannot_be_sent_is_refused() {
    let body =
        json!({ "required": true, "content": { "application/xml": { "schema": { "type": "string" } } } });
    let paths = json!({ "/a": { "post": { "operationId": "a", "requestBody": body, "responses": fine() } } });
    client_is_refused(
        paths,
        json!({}),
        "/paths/~1a/post/requestBody/content/application~1xml",
        "`application/xml`",
    );
}

#[test]
fn two_schemas_of_one_name_are_refused_with_both_pointers() {
    let answer = |ty: &str| {
        json!({ "200": { "description": "Fine.", "content": { "application/json": { "schema":
        { "type": "object", "x-schema-name": "Same", "properties": { "x": { "type": ty } } } } } } })
    };
    let paths = json!({
        "/a": { "get": { "operationId": "a", "responses": answer("string") } },
        "/b": { "get": { "operationId": "b", "responses": answer("integer") } },
    });
    let place = |path: &str| format!("/paths/~1{path}/get/responses/200/content/application~1json/schema");
    client_is_refused(paths, json!({}), &place("b"), &place("a"));
    let schemas = json!({ "schemas": { "api-key": { "type": "string" }, "ApiKey": { "type": "string" } } });
    client_is_refused(
        json!({}),
        schemas,
        "/components/schemas/ApiKey",
        "/components/schemas/api-key",
    );
}

#[test]
fn a_secret_that_travels_both_ways_is_refused() {
    let both = json!({ "$ref": "#/components/schemas/Both" });
    let content = json!({ "application/json": { "schema": both } });
    let paths = json!({ "/a": { "post": {
        "operationId": "a",
        "requestBody": { "required": true, "content": content },
        "responses": { "200": { "description": "Fine.", "content": content } },
    } } });
    let schemas = json!({ "schemas": { "Both": { "type": "object", "properties": { "key": { "type": "string", "format": "password" } } } } });
    client_is_refused(paths, schemas, "/components/schemas/Both", "travels both ways");
}

#[test]
fn a_choice_between_objects_that_hides_a_secret_is_refused() {
    let schema = json!({ "oneOf": [
        { "type": "object", "properties": { "key": { "type": "string", "format": "password" } } },
        { "type": "object", "properties": { "name": { "type": "string" } } },
    ] });
    let schemas = json!({ "schemas": { "Answer": schema } });
    client_is_refused(
        json!({}),
        schemas,
        "/components/schemas/Answer/oneOf",
        "holds a secret",
    );
}

#[test]
fn credentials_that_no_session_has_are_refused() {
    let paths = get(json!({ "operationId": "a", "security": [{ "basic": [] }], "responses": fine() }));
    let components = json!({ "securitySchemes": { "basic": { "type": "http", "scheme": "basic" } } });
    client_is_refused(
        paths,
        components,
        "/components/securitySchemes/basic",
        "credentials of type `http basic`",
    );
}
