//! Parameters in path, query, header and cookie.

use keyway_openapi::{Contract, Detail};
use serde_json::{Value, json};

use crate::documents::of_parameters;
use crate::exchange::{Sent, check, lines};

fn query_parameter(mut parameter: Value) -> Contract {
    parameter["name"] = json!("q");
    parameter["in"] = json!("query");
    of_parameters(&json!([parameter]))
}

fn query(contract: &Contract, query: &str) -> Vec<String> {
    lines(check(
        contract,
        "GET",
        "/things/1",
        &Sent {
            query,
            ..Sent::default()
        },
    ))
}

#[track_caller]
fn accepted(schema: &Value, queries: &[&str]) {
    let contract = query_parameter(json!({ "schema": schema }));
    for text in queries {
        assert_eq!(query(&contract, text), Vec::<String>::new(), "{text}");
    }
}

#[track_caller]
fn refused(schema: &Value, queries: &[&str], verdict: &str) {
    let contract = query_parameter(json!({ "schema": schema }));
    for text in queries {
        assert_eq!(
            query(&contract, text),
            [format!("read: query q: {verdict}")],
            "{text}"
        );
    }
}

#[test]
fn an_integer_is_read_from_its_digits() {
    let schema = json!({ "type": "integer", "minimum": 1, "maximum": 100 });
    accepted(&schema, &["", "q=1", "q=100", "other=x", "q=%31"]);
    refused(&schema, &["q=0", "q=-5"], "minimum: must be at least 1");
    refused(&schema, &["q=101"], "maximum: must be at most 100");
    refused(
        &schema,
        &["q=", "q", "q=abc", "q=1.0", "q=%2B1", "q=1e2", "q=+1"],
        "type: must be of type integer",
    );
}

#[test]
fn a_number_and_a_boolean_are_read_as_json_writes_them() {
    accepted(&json!({ "type": "number" }), &["q=1", "q=1.5", "q=-1e3"]);
    refused(
        &json!({ "type": "number" }),
        &["q=one", "q=.5", "q=NaN"],
        "type: must be of type number",
    );
    accepted(&json!({ "type": "boolean" }), &["q=true", "q=false"]);
    refused(
        &json!({ "type": "boolean" }),
        &["q=1", "q=True", "q="],
        "type: must be of type boolean",
    );
}

#[test]
fn a_string_that_looks_like_a_number_stays_a_string() {
    accepted(&json!({ "type": "string", "maxLength": 3 }), &["q=123", "q=-1"]);
    refused(
        &json!({ "type": "string", "maxLength": 3 }),
        &["q=1234"],
        "maxLength: must be at most 3 characters long",
    );
}

#[test]
fn one_fitting_reading_of_several_types_is_enough() {
    let schema = json!({ "type": ["integer", "string"], "pattern": "^[a-z]+$", "maximum": 9 });
    accepted(&schema, &["q=7", "q=abc"]);
    refused(&schema, &["q=A"], "pattern: must match ^[a-z]+$");
    accepted(
        &json!({ "anyOf": [{ "type": "integer" }, { "enum": ["all"] }] }),
        &["q=5", "q=all"],
    );
    accepted(&json!({ "type": ["string", "null"], "format": "uuid" }), &["q="]);
}

#[test]
fn every_repetition_of_a_single_value_is_checked() {
    refused(
        &json!({ "type": "integer" }),
        &["q=1&q=x", "q=x&q=1"],
        "type: must be of type integer",
    );
}

#[test]
fn a_list_is_read_from_repeated_names_unless_it_says_otherwise() {
    let list = json!({ "type": "array", "items": { "type": "integer" }, "maxItems": 2 });
    accepted(&list, &["q=1", "q=1&q=2"]);
    refused(&list, &["q=1&q=2&q=3"], "maxItems: must hold at most 2 items");
    refused(&list, &["q=1,2"], "type: must be of type integer");
    for (style, explode, fits, breaks) in [
        ("form", false, "q=1,2", "q=1,2,3"),
        ("spaceDelimited", false, "q=1%202", "q=1+2+3"),
        ("pipeDelimited", false, "q=1%7C2", "q=1|2|3"),
        ("pipeDelimited", true, "q=1&q=2", "q=1&q=2&q=3"),
    ] {
        let contract = query_parameter(json!({ "schema": list, "style": style, "explode": explode }));
        assert_eq!(query(&contract, fits), Vec::<String>::new(), "{style}");
        assert_eq!(
            query(&contract, breaks),
            ["read: query q: maxItems: must hold at most 2 items"],
            "{style}"
        );
    }
}

#[test]
fn an_encoded_comma_belongs_to_the_value() {
    let schema = json!({ "type": "array", "items": { "enum": ["a,b", "c"] } });
    let contract = query_parameter(json!({ "schema": schema, "explode": false }));
    assert_eq!(query(&contract, "q=a%2Cb,c"), Vec::<String>::new());
}

#[test]
fn a_parameter_with_content_is_read_as_json() {
    let content = json!({ "application/json": { "schema": { "type": "object", "required": ["a"] } } });
    let contract = query_parameter(json!({ "content": content }));
    assert_eq!(query(&contract, "q=%7B%22a%22:1%7D"), Vec::<String>::new());
    assert_eq!(
        query(&contract, "q=%7B%7D"),
        ["read: query q: required: the property a is required"]
    );
    assert_eq!(
        query(&contract, "q=%7B"),
        ["read: query q: json: must be well-formed JSON"]
    );
}

#[test]
fn text_that_is_not_percent_encoded_utf8_is_a_violation_of_a_declared_parameter_only() {
    refused(
        &json!({ "type": "string" }),
        &["q=%", "q=%FF", "q=%4z"],
        "encoding: must be percent-encoded UTF-8",
    );
    accepted(&json!({ "type": "string" }), &["other=%FF", "%FF=1", "&&==&"]);
}

#[test]
fn a_parameter_may_be_required_and_may_be_allowed_to_be_empty() {
    let contract = query_parameter(
        json!({ "required": true, "allowEmptyValue": true, "schema": { "type": "integer" } }),
    );
    assert_eq!(query(&contract, "q"), Vec::<String>::new());
    let violations = check(&contract, "GET", "/things/1", &Sent::default()).unwrap_err();
    assert_eq!(
        violations[0].to_string(),
        "read: query q: required: this parameter is required"
    );
    assert_eq!(
        violations[0].detail,
        Detail::Required {
            property: "q".to_owned()
        }
    );
}

#[test]
fn path_header_and_cookie_are_checked_as_well() {
    let contract = of_parameters(&json!([
        { "name": "id", "in": "path", "required": true, "schema": { "type": "string", "format": "uuid" } },
        { "name": "X-Tenant", "in": "header", "required": true, "schema": { "type": "integer" } },
        { "name": "X-List", "in": "header", "schema": { "type": "array", "items": { "enum": ["a", "b"] } } },
        { "name": "session", "in": "cookie", "schema": { "type": "string", "minLength": 3 } },
        { "name": "Authorization", "in": "header", "required": true, "schema": { "type": "string" } }
    ]));
    let path = "/things/3b241101-e2bb-4255-8caf-4136c566a962";
    let good = [
        ("x-tenant", "7"),
        ("x-list", "a, b"),
        ("x-list", "b"),
        ("cookie", "a=b; session=abc"),
    ];
    assert_eq!(
        lines(check(
            &contract,
            "GET",
            path,
            &Sent {
                headers: &good,
                ..Sent::default()
            }
        )),
        Vec::<String>::new()
    );
    let bad = [("x-list", "a,c"), ("cookie", "session=ab")];
    assert_eq!(
        lines(check(
            &contract,
            "GET",
            "/things/1",
            &Sent {
                headers: &bad,
                ..Sent::default()
            }
        )),
        [
            "read: path id: format: must be a valid uuid",
            "read: header X-Tenant: required: this parameter is required",
            "read: header X-List: enum: must be one of \"a\", \"b\"",
            "read: cookie session: minLength: must be at least 3 characters long",
        ]
    );
}

#[test]
fn a_header_that_is_not_utf8_is_a_violation() {
    let contract = of_parameters(&json!([{ "name": "X-A", "in": "header", "schema": { "type": "string" } }]));
    let mut headers = http::HeaderMap::new();
    headers.insert("x-a", http::HeaderValue::from_bytes(b"\xFF\xFE").unwrap());
    let view = keyway_openapi::RequestView {
        path_params: &[],
        query: "",
        headers: &headers,
        body: b"",
    };
    let verdict = contract.check_request(contract.operation("read").unwrap(), &view);
    assert_eq!(lines(verdict), ["read: header X-A: encoding: must be UTF-8"]);
}

#[test]
fn the_operation_has_the_last_word_over_its_path_item() {
    let contract = crate::documents::parse(json!({
        "openapi": "3.0.3",
        "info": { "title": "Two levels", "version": "1" },
        "paths": { "/things/{id}": { "$ref": "#/components/pathItems/thing" } },
        "components": {
            "pathItems": { "thing": {
                "parameters": [{ "$ref": "#/components/parameters/id" }, { "name": "q", "in": "query", "required": true }],
                "get": { "operationId": "read", "parameters": [{ "name": "q", "in": "query" }], "responses": {} }
            } },
            "parameters": { "id": { "name": "id", "in": "path", "required": true, "schema": { "type": "integer" } } }
        }
    }));
    assert_eq!(query(&contract, ""), Vec::<String>::new());
    let verdict = check(&contract, "GET", "/things/x", &Sent::default());
    assert_eq!(lines(verdict), ["read: path id: type: must be of type integer"]);
}

#[test]
fn a_list_in_the_style_of_objects_is_spread_and_not_judged() {
    let schema = json!({ "type": "array", "items": { "type": "integer" } });
    let contract = query_parameter(json!({ "style": "deepObject", "required": true, "schema": schema }));
    for text in ["q[]=1&q[]=2", "q[0]=1", "q%5B%5D=x", ""] {
        assert_eq!(query(&contract, text), Vec::<String>::new(), "{text}");
    }
}
