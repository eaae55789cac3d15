//! Bodies: media types, JSON, and the schemas of both versions of OpenAPI.

use keyway_openapi::{Contract, ContractError, Detail, Place};
use serde_json::{Value, json};

use crate::documents::{of_schema, parse};
use crate::exchange::{Sent, answer, check, lines, post};

/// One schema, bodies that fit and bodies that do not, each with the rule it breaks.
#[track_caller]
fn judge(openapi: &str, schema: &Value, fits: &[Value], breaks: &[(Value, &str)]) {
    let components = json!({
        "Name": { "type": "string", "maxLength": 3 },
        "Tree": { "type": "object", "properties": { "child": { "$ref": "#/components/schemas/Tree" } },
                  "additionalProperties": false }
    });
    let contract = of_schema(openapi, schema, &components);
    for body in fits {
        assert_eq!(
            post(&contract, "/things", &body.to_string()),
            Vec::<String>::new(),
            "{body}"
        );
        assert_eq!(
            answer(&contract, "send", 200, &body.to_string()),
            Vec::<String>::new(),
            "{body}"
        );
    }
    for (body, rule) in breaks {
        let found = post(&contract, "/things", &body.to_string());
        assert_eq!(found.len(), 1, "{body}: {found:?}");
        assert!(found[0].contains(&format!(": {rule}: ")), "{body}: {found:?}");
    }
}

#[test]
fn nullable_admits_null_beside_a_type_an_enum_and_a_composition() {
    let with = |schema: Value| {
        let mut schema = schema;
        schema["nullable"] = json!(true);
        schema
    };
    let v = "3.0.3";
    judge(
        v,
        &with(json!({ "type": "string" })),
        &[json!(null), json!("a")],
        &[(json!(1), "type")],
    );
    judge(
        v,
        &with(json!({ "type": "string", "enum": ["a"] })),
        &[json!(null), json!("a")],
        &[(json!("b"), "enum")],
    );
    judge(
        v,
        &with(json!({ "enum": ["a"] })),
        &[json!(null)],
        &[(json!("b"), "enum")],
    );
    let composed = with(json!({ "allOf": [{ "$ref": "#/components/schemas/Name" }] }));
    judge(
        v,
        &composed,
        &[json!(null), json!("abc")],
        &[(json!("abcd"), "maxLength"), (json!(1), "type")],
    );
    let choice = with(json!({ "oneOf": [{ "type": "integer" }, { "type": "boolean" }] }));
    judge(v, &choice, &[json!(null), json!(1)], &[(json!("a"), "oneOf")]);
    judge(
        v,
        &json!({ "type": "string", "nullable": false }),
        &[json!("a")],
        &[(json!(null), "type")],
    );
}

#[test]
fn what_a_3_1_document_still_writes_as_3_0_did_is_honoured() {
    let v = "3.1.0";
    judge(
        v,
        &json!({ "type": "string", "nullable": true, "enum": ["a"] }),
        &[json!(null), json!("a")],
        &[(json!("b"), "enum")],
    );
    judge(
        v,
        &json!({ "type": ["string", "integer"], "nullable": true }),
        &[json!(null), json!(1)],
        &[(json!(true), "type")],
    );
    judge(
        v,
        &json!({ "const": "a", "nullable": true }),
        &[json!(null), json!("a")],
        &[(json!("b"), "const")],
    );
    judge(
        v,
        &json!({ "$ref": "#/components/schemas/Name", "nullable": true }),
        &[json!(null), json!("a")],
        &[(json!("abcd"), "maxLength")],
    );
    judge(
        v,
        &json!({ "type": "integer", "minimum": 1, "exclusiveMinimum": true }),
        &[json!(2)],
        &[(json!(1), "exclusiveMinimum")],
    );
}

#[test]
fn nothing_stands_beside_a_reference_in_3_0_but_does_in_3_1() {
    let schema = json!({ "$ref": "#/components/schemas/Name", "nullable": true, "minLength": 2 });
    judge("3.0.3", &schema, &[json!("a")], &[(json!(null), "type")]);
    judge("3.1.0", &schema, &[json!("ab")], &[(json!("a"), "minLength")]);
}

#[test]
fn exclusive_limits_are_booleans_in_3_0_and_numbers_in_3_1() {
    let old = json!({ "type": "integer", "minimum": 1, "exclusiveMinimum": true, "maximum": 9, "exclusiveMaximum": false });
    judge(
        "3.0.3",
        &old,
        &[json!(2), json!(9)],
        &[(json!(1), "exclusiveMinimum"), (json!(10), "maximum")],
    );
    let new = json!({ "type": "integer", "exclusiveMinimum": 1, "exclusiveMaximum": 9 });
    judge(
        "3.1.0",
        &new,
        &[json!(2)],
        &[(json!(1), "exclusiveMinimum"), (json!(9), "exclusiveMaximum")],
    );
}

#[test]
fn a_property_named_like_a_keyword_is_a_property() {
    let schema = json!({ "type": "object", "required": ["nullable"], "properties": {
        "nullable": { "type": "boolean" }, "example": { "type": "string" }, "format": { "type": "string" },
        "exclusiveMinimum": { "type": "boolean" }, "schema": { "type": "string" }, "enum": { "type": "string" }
    } });
    let body = json!({ "nullable": true, "example": "a", "format": "int32", "exclusiveMinimum": true, "schema": "s", "enum": "e" });
    let breaks = [
        (json!({}), "required"),
        (json!({ "nullable": true, "example": 1 }), "type"),
    ];
    for version in ["3.0.3", "3.1.0"] {
        judge(version, &schema, std::slice::from_ref(&body), &breaks);
    }
}

#[test]
fn an_example_is_no_constraint() {
    let schema = json!({ "type": "integer", "example": { "$ref": "#/nowhere", "nullable": true } });
    judge("3.0.3", &schema, &[json!(1)], &[(json!(null), "type")]);
}

#[test]
fn type_lists_and_constants_of_3_1_are_honoured() {
    let status = json!({ "type": ["null", "integer", "string"], "format": "int32", "pattern": "^-?[0-9]+$" });
    judge(
        "3.1.1",
        &status,
        &[json!(null), json!(7), json!("7")],
        &[(json!(true), "type"), (json!("x"), "pattern")],
    );
    judge(
        "3.1.1",
        &json!({ "const": "a" }),
        &[json!("a")],
        &[(json!("b"), "const")],
    );
    let optional = json!({ "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/Name" }] });
    judge(
        "3.1.1",
        &optional,
        &[json!(null), json!("a")],
        &[(json!("abcd"), "maxLength")],
    );
}

#[test]
fn words_that_only_2020_12_knows_are_honoured() {
    let schema = json!({
        "prefixItems": [{ "type": "string" }], "items": { "type": "integer" },
        "contains": { "const": 1 }, "minContains": 2
    });
    judge(
        "3.1.0",
        &schema,
        &[json!(["a", 1, 1])],
        &[
            (json!([1, 1, 1]), "type"),
            (json!(["a", 1, 1, "b"]), "type"),
            (json!(["a", 1]), "contains"),
        ],
    );
    let schema = json!({
        "allOf": [{ "properties": { "a": {} } }], "properties": { "b": {} },
        "unevaluatedProperties": false, "dependentRequired": { "a": ["b"] }
    });
    judge(
        "3.1.0",
        &schema,
        &[json!({ "a": 1, "b": 1 })],
        &[
            (json!({ "c": 1 }), "unevaluatedProperties"),
            (json!({ "a": 1 }), "required"),
        ],
    );
}

#[test]
fn references_may_be_circular() {
    let tree = json!({ "$ref": "#/components/schemas/Tree" });
    for version in ["3.0.3", "3.1.0"] {
        let fits = [json!({ "child": { "child": {} } })];
        judge(
            version,
            &tree,
            &fits,
            &[(json!({ "child": { "leaf": 1 } }), "additionalProperties")],
        );
    }
}

#[test]
fn date_time_uuid_and_email_are_asserted_and_other_formats_are_not() {
    let of = |format: &str| json!({ "type": "string", "format": format });
    let moments = [
        json!("2026-12-31T23:59:59Z"),
        json!("2026-12-31T23:59:59.123456+02:00"),
    ];
    let wrong = [
        "2026-12-31",
        "2026-12-31T23:59:59",
        "2026-13-01T00:00:00Z",
        "2026-02-30T00:00:00Z",
        "soon",
    ];
    for version in ["3.0.3", "3.1.0"] {
        judge(
            version,
            &of("date-time"),
            &moments,
            &wrong.map(|text| (json!(text), "format")),
        );
        judge(
            version,
            &of("uuid"),
            &[json!("3b241101-e2bb-4255-8caf-4136c566a962")],
            &[(json!("3b241101"), "format")],
        );
        judge(
            version,
            &of("email"),
            &[json!("ada@example.org")],
            &[(json!("ada"), "format")],
        );
        for annotation in ["uri", "date", "hostname", "ipv4", "password", "binary", "regex"] {
            judge(version, &of(annotation), &[json!("(not one")], &[]);
        }
    }
}

#[test]
fn integer_formats_bound_their_range() {
    let of = |format: &str| json!({ "type": "integer", "format": format });
    for version in ["3.0.3", "3.1.0"] {
        judge(
            version,
            &of("int32"),
            &[json!(i32::MAX)],
            &[(json!(2_147_483_648_i64), "maximum")],
        );
        judge(
            version,
            &of("int64"),
            &[json!(i64::MIN), json!(i64::MAX)],
            &[(json!(u64::MAX), "maximum")],
        );
        let tight = json!({ "type": "integer", "format": "int32", "minimum": 1, "maximum": 365 });
        judge(
            version,
            &tight,
            &[json!(365)],
            &[(json!(366), "maximum"), (json!(0), "minimum")],
        );
    }
}

#[test]
fn what_travels_one_way_is_not_demanded_the_other_way() {
    let schema = json!({ "type": "object", "required": ["id", "secret", "name"], "properties": {
        "id": { "type": "string", "readOnly": true },
        "secret": { "type": "string", "writeOnly": true },
        "name": { "type": "string" }
    } });
    for version in ["3.0.3", "3.1.0"] {
        let contract = of_schema(version, &schema, &json!({}));
        assert_eq!(
            post(&contract, "/things", r#"{"secret": "s", "name": "n"}"#),
            Vec::<String>::new()
        );
        assert_eq!(
            answer(&contract, "send", 200, r#"{"id": "1", "name": "n"}"#),
            Vec::<String>::new()
        );
        let missing = |property: &str| format!("send: body: required: the property {property} is required");
        assert_eq!(
            post(&contract, "/things", r#"{"id": "1", "name": "n"}"#),
            [missing("secret")]
        );
        assert_eq!(
            answer(&contract, "send", 200, r#"{"secret": "s", "name": "n"}"#),
            [missing("id")]
        );
    }
}

#[test]
fn a_violation_names_operation_pointer_and_rule_and_hands_out_the_limit() {
    let schema = json!({ "type": "object", "properties": { "a/b": { "type": "array", "items": { "maximum": 365 } } } });
    let contract = of_schema("3.1.0", &schema, &json!({}));
    let sent = Sent {
        content_type: Some("application/json"),
        body: br#"{"a/b": [1, 400]}"#,
        ..Sent::default()
    };
    let violations = check(&contract, "POST", "/things", &sent).unwrap_err();
    assert_eq!(
        violations[0].to_string(),
        "send: body /a~1b/1: maximum: must be at most 365"
    );
    assert_eq!(
        (violations[0].place, violations[0].detail.clone()),
        (Place::Body, Detail::Bound { limit: 365.into() })
    );
}

#[test]
fn the_alternatives_of_a_choice_say_what_each_of_them_misses() {
    let schema =
        json!({ "type": "object", "anyOf": [{ "required": ["user"] }, { "required": ["account"] }] });
    let contract = of_schema("3.1.0", &schema, &json!({}));
    let sent = Sent {
        content_type: Some("application/json"),
        body: b"{}",
        ..Sent::default()
    };
    let violations = check(&contract, "POST", "/things", &sent).unwrap_err();
    let Detail::Alternatives {
        violations: alternatives,
    } = &violations[0].detail
    else {
        panic!("{violations:?}");
    };
    let missing: Vec<&Detail> = alternatives
        .iter()
        .map(|violations| &violations[0].detail)
        .collect();
    let required = |property: &str| Detail::Required {
        property: property.to_owned(),
    };
    assert_eq!(missing, [&required("user"), &required("account")]);
}

#[test]
fn no_violation_repeats_a_value() {
    let schemas = [
        json!({ "type": "integer" }),
        json!({ "enum": ["a"] }),
        json!({ "const": 1 }),
        json!({ "maxLength": 1 }),
        json!({ "pattern": "^$" }),
        json!({ "format": "uuid" }),
        json!({ "format": "email" }),
        json!({ "format": "date-time" }),
        json!({ "not": {} }),
        json!(false),
        json!({ "anyOf": [{ "type": "integer" }, { "maxLength": 1 }] }),
        json!({ "oneOf": [{ "type": "string" }, { "minLength": 1 }] }),
    ];
    let lists = [
        json!({ "items": { "type": "integer" } }),
        json!({ "uniqueItems": true }),
        json!({ "contains": { "type": "integer" } }),
        json!({ "prefixItems": [true], "unevaluatedItems": false }),
        json!({ "prefixItems": [true], "items": false }),
    ];
    let objects = [
        json!({ "additionalProperties": false }),
        json!({ "unevaluatedProperties": false }),
        json!({ "propertyNames": { "maxLength": 1 } }),
    ];
    let refused = |schema: &Value, body: Value| {
        let contract = of_schema("3.1.0", schema, &json!({}));
        let body = body.to_string();
        let sent = Sent {
            content_type: Some("application/json"),
            body: body.as_bytes(),
            ..Sent::default()
        };
        let violations = check(&contract, "POST", "/things", &sent).unwrap_err();
        let printed = format!("{violations:?} {}", violations[0]);
        assert!(!printed.contains("planted"), "{schema}: {printed}");
    };
    schemas
        .iter()
        .for_each(|schema| refused(schema, json!("planted-secret")));
    lists
        .iter()
        .for_each(|schema| refused(schema, json!(["planted-secret", "planted-secret"])));
    objects
        .iter()
        .for_each(|schema| refused(schema, json!({ "planted-secret": "planted-secret" })));
    let contract = of_schema("3.1.0", &json!({}), &json!({}));
    assert!(
        !post(&contract, "/things", "planted-secret")
            .concat()
            .contains("planted")
    );
}

fn uploads() -> Contract {
    let json_body = json!({ "schema": { "type": "object", "required": ["a"] } });
    parse(json!({
        "openapi": "3.0.3",
        "info": { "title": "Bodies", "version": "1" },
        "paths": {
            "/things": { "post": {
                "operationId": "send",
                "requestBody": { "$ref": "#/components/requestBodies/Thing" },
                "responses": {
                    "201": { "$ref": "#/components/responses/Made" },
                    "204": { "description": "nothing to say" },
                    "404": { "description": "gone", "content": { "application/problem+json": json_body } },
                    "4XX": { "description": "yours", "content": { "text/plain": {} } },
                    "default": { "description": "ours", "content": { "application/*": json_body } }
                }
            } },
            "/optional": { "post": { "operationId": "maybe", "requestBody": { "content": { "application/json": json_body } }, "responses": {} } },
            "/bare": { "head": { "operationId": "peek", "responses": { "200": { "$ref": "#/components/responses/Made" } } } }
        },
        "components": {
            "requestBodies": { "Thing": { "required": true, "content": {
                "application/json; charset=utf-8": json_body, "multipart/form-data": json_body, "application/x-www-form-urlencoded": json_body
            } } },
            "responses": { "Made": { "description": "made", "content": { "application/json": json_body } } }
        }
    }))
}

#[test]
fn a_request_is_refused_by_media_type_syntax_or_absence() {
    let contract = uploads();
    let send = |content_type, body: &str| {
        lines(check(
            &contract,
            "POST",
            "/things",
            &Sent {
                content_type,
                body: body.as_bytes(),
                ..Sent::default()
            },
        ))
    };
    assert_eq!(
        send(Some("Application/JSON;charset=utf-8"), r#"{"a":1}"#),
        Vec::<String>::new()
    );
    assert_eq!(
        send(Some("multipart/form-data; boundary=x"), "--x--"),
        Vec::<String>::new()
    );
    assert_eq!(
        send(Some("application/x-www-form-urlencoded"), "b=1"),
        Vec::<String>::new()
    );
    let media = "send: media type: mediaType: must be application/json or multipart/form-data or application/x-www-form-urlencoded";
    for content_type in [
        Some("text/plain"),
        Some("application/problem+json"),
        Some(""),
        Some("json"),
        None,
    ] {
        assert_eq!(send(content_type, r#"{"a":1}"#), [media], "{content_type:?}");
    }
    assert_eq!(
        send(Some("application/json"), ""),
        ["send: body: required: a body is required"]
    );
    assert_eq!(
        send(Some("application/json"), "{"),
        ["send: body: json: must be well-formed JSON, is not in line 1 column 1"]
    );
    assert_eq!(send(Some("application/json"), "{} {}").len(), 1);
    assert_eq!(
        send(Some("application/json"), "[]"),
        ["send: body: type: must be of type object"]
    );
}

#[test]
fn an_optional_body_is_checked_only_if_it_is_there() {
    assert_eq!(
        lines(check(&uploads(), "POST", "/optional", &Sent::default())),
        Vec::<String>::new()
    );
    assert_eq!(
        post(&uploads(), "/optional", "{}"),
        ["maybe: body: required: the property a is required"]
    );
}

#[test]
fn a_response_is_judged_by_its_status_then_its_range_then_the_default() {
    let contract = uploads();
    let send = contract.operation("send").unwrap();
    let verdict = |status, content_type, body: &str| {
        lines(contract.check_response(send, status, content_type, body.as_bytes()))
    };
    let json = Some("application/json");
    assert_eq!(verdict(201, json, r#"{"a":1}"#), Vec::<String>::new());
    assert_eq!(
        verdict(201, json, "{}"),
        ["send: body: required: the property a is required"]
    );
    assert_eq!(
        verdict(201, json, ""),
        ["send: body: required: the answer 201 has a body"]
    );
    assert_eq!(
        verdict(201, None, r#"{"a":1}"#),
        ["send: media type: mediaType: must be application/json"]
    );
    assert_eq!(verdict(204, None, ""), Vec::<String>::new());
    assert_eq!(
        verdict(204, json, "{}"),
        ["send: body: body: the answer 204 has no body"]
    );
    assert_eq!(verdict(404, Some("application/problem+json"), "{}").len(), 1);
    assert_eq!(
        verdict(404, json, "{}"),
        ["send: media type: mediaType: must be application/problem+json"]
    );
    assert_eq!(
        verdict(418, Some("text/plain"), "short and stout"),
        Vec::<String>::new()
    );
    assert_eq!(verdict(500, Some("application/vnd.x+json"), "{}").len(), 1);
    assert_eq!(
        verdict(500, Some("application/octet-stream"), "?"),
        Vec::<String>::new()
    );
    let peek = contract.operation("peek").unwrap();
    assert_eq!(
        lines(contract.check_response(peek, 200, json, b"")),
        Vec::<String>::new()
    );
    let verdict = contract.check_response(peek, 500, json, b"");
    assert_eq!(
        lines(verdict),
        ["peek: status: status: 500 is not declared, only 200"]
    );
}

#[test]
fn a_document_that_contradicts_itself_is_no_contract() {
    let with = |paths: Value| json!({ "openapi": "3.0.3", "info": {}, "paths": paths, "security": [] });
    let refused = |document: Value| Contract::parse(document).unwrap_err().to_string();
    assert!(matches!(
        Contract::parse(json!({ "swagger": "2.0" })),
        Err(ContractError::Version)
    ));
    assert!(matches!(
        Contract::parse(json!(null)),
        Err(ContractError::Version)
    ));
    let twice =
        with(json!({ "/a": { "get": { "operationId": "x" } }, "/b": { "get": { "operationId": "x" } } }));
    assert_eq!(refused(twice), "two operations are called x");
    let lost = with(json!({ "/a": { "get": { "requestBody": { "$ref": "#/components/x" } } } }));
    assert_eq!(
        refused(lost),
        "/paths/~1a/get/requestBody: the reference #/components/x cannot be followed"
    );
    let circle = with(json!({ "/a": { "$ref": "#/paths/~1a" } }));
    assert_eq!(
        refused(circle),
        "/paths/~1a: the reference #/paths/~1a cannot be followed"
    );
    let unknown = with(json!({ "/a": { "get": { "security": [{ "Key": [] }] } } }));
    assert_eq!(
        refused(unknown),
        "/paths/~1a/get/security/0/Key: this security scheme is not declared"
    );
    let stray = with(json!({ "/a": { "get": { "parameters": [{ "name": "id", "in": "path" }] } } }));
    assert_eq!(
        refused(stray),
        "/paths/~1a/get/parameters/0: a path parameter stands in the path"
    );
}

#[test]
fn a_broken_schema_is_found_when_compiling() {
    let broken = |schema: Value| {
        let body = json!({ "content": { "application/json": { "schema": schema } } });
        let paths = json!({ "/a": { "post": { "operationId": "send", "requestBody": body } } });
        let contract = Contract::parse(json!({ "openapi": "3.1.0", "paths": paths })).unwrap();
        assert!(
            matches!(contract.compile(), Err(ContractError::Schema { .. })),
            "{contract:?}"
        );
        let found = post(&contract, "/a", "{}");
        assert_eq!(found, ["send: body: schema: the contract's own schema is broken"]);
    };
    broken(json!({ "type": "text" }));
    broken(json!({ "pattern": "(" }));
    broken(json!({ "items": { "$ref": "#/components/schemas/Nowhere" } }));
}
