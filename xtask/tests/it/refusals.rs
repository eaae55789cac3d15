//! What cannot be carried over is refused with its JSON pointer, the reason and a cure; never left out in silence.

use serde_json::{Value, json};
use xtask::lower::Refusal;
use xtask::{document, lower, overlay, prepare};

#[track_caller]
fn lowering_refuses(document: Value, pointer: &str, reason: &str) {
    let refusals = lower::lower(&document).expect_err("it is refused");
    let is_meant = |refusal: &Refusal| refusal.pointer == pointer && refusal.reason.contains(reason);
    let found = refusals.iter().find(|refusal| is_meant(refusal));
    let found = found.unwrap_or_else(|| panic!("{refusals:?}"));
    // The action that is printed, pasted into an overlay, cures it.
    let text = found.to_string();
    let (_, action) = text
        .split_once('\n')
        .unwrap_or_else(|| panic!("{text} has no action"));
    let overlay = document::parse_yaml(&format!("overlay: 1.0.0\nactions:\n{action}\n")).expect("it is YAML");
    let mut cured = document;
    overlay::apply(&mut cured, &overlay).unwrap_or_else(|error| panic!("{error:#} in {text}"));
    if let Err(refusals) = lower::lower(&cured) {
        assert!(
            !refusals.iter().any(is_meant),
            "{text} does not cure it: {refusals:?}"
        );
    }
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
    let is_meant = |refusal: &Refusal| refusal.pointer == pointer && refusal.reason.contains(reason);
    let found = refusals.iter().find(|refusal| is_meant(refusal));
    let found = found.unwrap_or_else(|| panic!("{refusals:?}"));
    assert!(!found.cure.is_empty());
    let Some(action) = &found.action else { return };
    let mut cured = document;
    overlay::apply(&mut cured, &json!({ "overlay": "1.0.0", "actions": [action] })).expect("it applies");
    let lowered = lower::lower(&cured).expect("it can be lowered");
    if let Err(refusals) = prepare::prepare(&lowered.document) {
        assert!(
            !refusals.iter().any(is_meant),
            "{found} does not cure it: {refusals:?}"
        );
    }
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
fn dialects_that_no_rule_knows_are_refused() {
    for keyword in ["$vocabulary", "id", "divisibleBy"] {
        schema_is_refused(json!({ keyword: "x" }), &format!("/{keyword}"), "no rule covers");
    }
    schema_is_refused(
        json!({ "$schema": "http://json-schema.org/draft-04/schema" }),
        "/$schema",
        "dialect",
    );
    let dialect = json!({
        "openapi": "3.1.0", "info": { "title": "", "version": "" }, "jsonSchemaDialect": "https://acme.test",
    });
    lowering_refuses(dialect, "/jsonSchemaDialect", "dialect");
}

#[test]
fn references_that_name_nothing_here_are_refused() {
    let reference = |to: Value| json!({ "properties": { "it's a \"key\"": { "$ref": to } } });
    let at = "/properties/it's a \"key\"/$ref";
    schema_is_refused(reference(json!("other.yaml#/A")), at, "in another document");
    schema_is_refused(reference(json!("#/components/schemas/None")), at, "leads nowhere");
    schema_is_refused(reference(json!("#none")), at, "leads nowhere");
    schema_is_refused(reference(json!("#/$defs/None")), at, "leads nowhere");
    schema_is_refused(reference(json!(1)), at, "must be a text");
    let anchor = || json!({ "$dynamicAnchor": "node" });
    schema_is_refused(
        json!({ "$defs": { "a": anchor(), "b": anchor() }, "items": { "$dynamicRef": "#node" } }),
        "/items/$dynamicRef",
        "several schemas",
    );
    let mapping = json!({ "propertyName": "kind", "mapping": { "a": "#/none" } });
    schema_is_refused(
        json!({ "discriminator": mapping }),
        "/discriminator/mapping/a",
        "leads nowhere",
    );
    let item = |reference: &str| {
        json!({
            "openapi": "3.1.0", "info": { "title": "", "version": "" }, "paths": { "/a": { "$ref": reference } },
        })
    };
    lowering_refuses(item("other.yaml#/a"), "/paths/~1a/$ref", "names no path item");
    lowering_refuses(item("#/paths/~1a"), "/paths/~1a/$ref", "in a circle");
}

#[test]
fn contradictions_and_odd_shapes_are_refused() {
    schema_is_refused(
        json!({ "const": 1, "enum": [2] }),
        "/const",
        "`const` is not among",
    );
    schema_is_refused(json!({ "type": "file" }), "/type", "no type of OpenAPI 3.0");
    schema_is_refused(
        json!({ "type": ["file", "null"] }),
        "/type",
        "no type of OpenAPI 3.0",
    );
    schema_is_refused(json!({ "type": [] }), "/type", "a list of no types");
    schema_is_refused(
        json!({ "properties": { "a": { "exclusiveMinimum": "5" } } }),
        "/properties/a/exclusiveMinimum",
        "must be true or false",
    );
    schema_is_refused(json!({ "required": "a" }), "/required", "a list of names");
    schema_is_refused(json!({ "maxLength": -1 }), "/maxLength", "a count");
    schema_is_refused(
        json!({ "type": ["string", "integer"], "maxLength": 1.5 }),
        "/maxLength",
        "a count",
    );
    schema_is_refused(json!({ "anyOf": [] }), "/anyOf", "not empty");
    schema_is_refused(json!({ "anyOf": {} }), "/anyOf", "a list is expected");
    schema_is_refused(json!({ "properties": [] }), "/properties", "a map is expected");
    schema_is_refused(json!({ "prefixItems": 1 }), "/prefixItems", "a list is expected");
    schema_is_refused(
        json!({ "patternProperties": 1 }),
        "/patternProperties",
        "a map is expected",
    );
    schema_is_refused(json!({ "examples": 1 }), "/examples", "must be a list");
    schema_is_refused(json!({ "discriminator": "kind" }), "/discriminator", "an object");
    schema_is_refused(json!({ "$defs": [] }), "/$defs", "must be an object");
    schema_is_refused(json!({ "$anchor": 1 }), "/$anchor", "must be a text");
    schema_is_refused(
        json!({ "properties": { "a": 1 } }),
        "/properties/a",
        "must be an object or a boolean",
    );
    lowering_refuses(json!({ "openapi": "2.0" }), "/openapi", "neither 3.0 nor 3.1");
    lowering_refuses(json!({ "openapi": true }), "/openapi", "neither 3.0 nor 3.1");
    lowering_refuses(json!({ "openapi": "3.2.0" }), "/openapi", "neither 3.0 nor 3.1");
    let none = lower::lower(&json!([])).expect_err("it is refused");
    assert!(none[0].reason.contains("does not say which version"), "{none:?}");
    let old = lower::lower(&json!({ "swagger": "2.0" })).expect_err("it is refused");
    assert_eq!(
        old[0].to_string(),
        "/openapi: \"2.0\" is neither 3.0 nor 3.1; convert the document first"
    );
}

#[test]
fn what_is_no_openapi_is_refused_where_it_stands() {
    let document = |parameter: Value| {
        let responses = json!({ "204": { "description": "Done." } });
        json!({
            "openapi": "3.1.0", "info": { "title": "", "version": "" },
            "paths": { "/a": { "get": { "operationId": "a", "parameters": [{ "name": "q", "in": "query", "schema": {} }, parameter], "responses": responses } } },
        })
    };
    let at = "/paths/~1a/get/parameters/1";
    lowering_refuses(
        document(json!({ "name": "a", "in": "body" })),
        at,
        "no Parameter of OpenAPI 3.0",
    );
    lowering_refuses(
        document(json!({ "name": "a", "in": "path", "nope": 1 })),
        &format!("{at}/nope"),
        "no rule covers",
    );
    lowering_refuses(document(json!(1)), at, "must be an object");
    lowering_refuses(json!({ "openapi": "3.1.0" }), "", "missing field `info`");
    lowering_refuses(
        json!({ "openapi": "3.1.0", "info": { "title": "T" } }),
        "/info",
        "missing field `version`",
    );
    // The member that spoils an object is named, not the object.
    let mut spoilt = document(json!({ "name": "a", "in": "query", "schema": {} }));
    spoilt["paths"]["/a"]["get"]["tags"] = json!(null);
    lowering_refuses(
        spoilt,
        "/paths/~1a/get/tags",
        "with it, it is no Operation of OpenAPI 3.0",
    );
}

#[test]
fn a_refusal_is_told_with_the_action_that_cures_it() {
    let schema = json!({ "properties": { "it's": { "divisibleBy": 2 } } });
    let document = json!({ "openapi": "3.1.0", "info": { "title": "", "version": "" }, "components": { "schemas": { "S": schema } } });
    let refusals = lower::lower(&document).expect_err("it is refused");
    assert_eq!(
        refusals[0].to_string(),
        "/components/schemas/S/properties/it's/divisibleBy: no rule covers `divisibleBy` in Schema; remove it in the overlay:
    - target: $.components.schemas.S.properties['it\\'s'].divisibleBy
      description: no rule covers `divisibleBy` in Schema
      remove: true"
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
    let nameless = json!({ "name": "a b", "in": "header", "schema": text });
    client_is_refused(
        with(nameless),
        json!({}),
        &format!("{at}/name"),
        "cannot be the name",
    );
    let content = json!({ "name": "f", "in": "query", "content": { "application/xml": { "schema": text } } });
    let content_at = format!("{at}/content/application~1xml");
    client_is_refused(
        with(content),
        json!({}),
        &content_at,
        "`content` of type `application/xml`",
    );
    let file = json!({ "name": "f", "in": "query", "schema": { "type": "string", "format": "binary" } });
    client_is_refused(with(file), json!({}), &format!("{at}/schema"), "a file");
    let matrix = json!({ "name": "f", "in": "path", "required": true, "style": "matrix", "schema": text });
    let path =
        json!({ "/a/{f}": { "get": { "operationId": "a", "parameters": [matrix], "responses": fine() } } });
    client_is_refused(
        path,
        json!({}),
        "/paths/~1a~1{f}/get/parameters/0",
        "style `matrix`",
    );
    let query = json!({ "/a?b=c": { "get": { "operationId": "a", "responses": fine() } } });
    client_is_refused(query, json!({}), "/paths/~1a?b=c/get", "has a query");
}

#[test]
fn a_server_whose_path_is_left_open_is_refused() {
    let document = json!({
        "openapi": "3.0.3", "info": { "title": "Sample", "version": "1" }, "paths": {},
        "servers": [{ "url": "https://acme.test/{tenant}" }],
    });
    let refusals = prepare::prepare(&document).expect_err("it is refused");
    assert_eq!(refusals[0].pointer, "/servers/0/url");
    assert!(refusals[0].action.is_some());
}

#[test]
fn a_server_whose_path_is_not_below_the_clients_is_refused() {
    let operation =
        json!({ "operationId": "a", "responses": fine(), "servers": [{ "url": "https://acme.test/v2" }] });
    let document = json!({
        "openapi": "3.0.3", "info": { "title": "Sample", "version": "1" }, "paths": get(operation),
        "servers": [{ "url": "https://acme.test/v1" }],
    });
    let refusals = prepare::prepare(&document).expect_err("it is refused");
    assert_eq!(refusals[0].pointer, "/paths/~1a/get/servers");
    assert!(refusals[0].action.is_some());
}

#[test]
fn a_chosen_name_that_is_rusts_own_is_refused() {
    let schemas = json!({ "schemas": { "choice": {
        "type": "object", "x-schema-name": "Option", "properties": { "a": { "type": "string" } } } } });
    client_is_refused(
        json!({}),
        schemas,
        "/components/schemas/choice",
        "`Option` is Rust's own",
    );
}

#[test]
fn a_request_body_that_cannot_be_sent_is_refused() {
    let post = |content: Value| {
        let body = json!({ "required": true, "content": content });
        json!({ "/a": { "post": { "operationId": "a", "requestBody": body, "responses": fine() } } })
    };
    let at = |rest: &str| format!("/paths/~1a/post/requestBody/content/{rest}");
    client_is_refused(
        post(json!({ "no type": { "schema": { "type": "string" } } })),
        json!({}),
        &at("no type"),
        "`no type` is no media type",
    );
    client_is_refused(
        post(json!({ "multipart/form-data": { "schema": { "type": "string" } } })),
        json!({}),
        &at("multipart~1form-data/schema"),
        "a form without named parts",
    );
}

#[test]
fn two_schemas_of_one_chosen_name_are_refused_with_both_pointers() {
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
    let schemas = json!({ "schemas": {
        "a": { "type": "string", "x-schema-name": "Key" }, "b": { "type": "string", "x-schema-name": "Key" } } });
    client_is_refused(
        json!({}),
        schemas,
        "/components/schemas/b",
        "/components/schemas/a",
    );
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
    let paths = get(json!({ "operationId": "a", "security": [{ "digest": [] }], "responses": fine() }));
    let components = json!({ "securitySchemes": { "digest": { "type": "http", "scheme": "digest" } } });
    client_is_refused(
        paths,
        components,
        "/components/securitySchemes/digest",
        "which answers a challenge",
    );
}
