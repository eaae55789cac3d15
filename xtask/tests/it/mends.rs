//! What stock generation gets wrong and must not reach a user, each point with a small document that shows the mending in
//! the code that is written. How the code behaves is shown by the tests of the SDK.

use serde_json::{Value, json};
use xtask::facade::Place;
use xtask::generate;

/// The client of a document, with every run of white space as one space.
fn client(paths: Value, components: Value) -> String {
    let document = json!({
        "openapi": "3.1.0", "info": { "title": "Acme", "version": "1.0.0" },
        "servers": [{ "url": "https://acme.test/api" }], "paths": paths, "components": components,
    });
    let generated = generate::of_document(&document, &Place::of_vendor("acme")).unwrap();
    flat(&generated.client)
}

fn flat(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    // The formatter breaks long lines; what was broken is joined.
    text.replace("( ", "(")
        .replace(", )", ")")
        .replace(" )", ")")
        .replace(" .", ".")
        .replace("< ", "<")
        .replace(", >", ">")
}

#[track_caller]
fn has(code: &str, part: &str) {
    assert!(code.contains(&flat(part)), "no `{part}` in {code}");
}

#[track_caller]
fn has_not(code: &str, part: &str) {
    assert!(!code.contains(&flat(part)), "`{part}` in {code}");
}

/// An operation `POST /keys` with this request schema and these answers.
fn create(request: Value, responses: Value) -> Value {
    let body = json!({ "required": true, "content": { "application/json": { "schema": request } } });
    json!({ "/keys": { "post": { "operationId": "createKey", "requestBody": body, "responses": responses } } })
}

fn answer(schema: Value) -> Value {
    json!({ "description": "An answer.", "content": { "application/json": { "schema": schema } } })
}

/// An operation `GET /keys` with one answer of this schema.
fn read(schema: Value) -> String {
    client(
        json!({ "/keys": { "get": { "operationId": "getKeys", "responses": { "200": answer(schema) } } } }),
        json!({}),
    )
}

fn object(properties: Value) -> Value {
    json!({ "type": "object", "properties": properties })
}

#[test]
fn two_inline_bodies_of_one_operation_are_two_types() {
    let code = client(
        create(
            object(json!({ "name": { "type": "string" } })),
            json!({
                "201": answer(object(json!({ "id": { "type": "integer" } }))),
                "422": answer(object(json!({ "message": { "type": "string" }, "errors": { "type": "object" } }))),
            }),
        ),
        json!({}),
    );
    has(
        &code,
        "-> Result<types::CreateKeyResponse, crate::Error<types::CreateKeyError>>",
    );
    has(&code, "UnprocessableEntity(CreateKeyUnprocessableEntityBody)");
    has(
        &code,
        "422 => crate::wire::json(body).ok().map(Self::UnprocessableEntity),",
    );
    has(&code, "pub message: Option<String>,");
    has(
        &code,
        "pub errors: Option<::serde_json::Map<String, ::serde_json::Value>>,",
    );
}

#[test]
fn no_mix_of_answers_makes_progenitor_panic_and_every_status_reaches_us() {
    let code = client(
        create(
            object(json!({})),
            json!({
                "200": answer(object(json!({ "a": { "type": "string" } }))),
                "202": { "description": "Later.", "content": { "application/json": {} } },
                "204": { "description": "Nothing." },
                "400": { "description": "Bad.", "content": { "application/problem+json": { "schema": object(json!({ "title": { "type": "string" } })) } } },
                "401": { "description": "Who?" },
                "403": { "description": "No.", "content": { "text/html": {} } },
                "4XX": answer(object(json!({ "b": { "type": "string" } }))),
                "default": answer(object(json!({ "c": { "type": "string" } }))),
            }),
        ),
        json!({}),
    );
    has(
        &code,
        "-> Result<reqwest::Request, crate::transport::Unbuildable> {",
    );
    has(
        &code,
        "200 => Some(crate::wire::json(body).map(types::CreateKeySuccess::Ok)),",
    );
    has(&code, "204 => Some(Ok(types::CreateKeySuccess::NoContent)),");
    has(
        &code,
        "400 => crate::wire::json(body).ok().map(Self::BadRequest),",
    );
    has(&code, "401 => Some(Self::Unauthorized),");
    has(&code, "403 => Some(Self::Forbidden(body.to_vec())),");
    has(
        &code,
        "400..=499 => crate::wire::json(body).ok().map(Self::ClientError), _ => crate::wire::json(body).ok().map(Self::Default),",
    );
}

#[test]
fn a_secret_is_a_secret_in_answers_and_is_really_sent_in_requests() {
    let secret = || json!({ "type": "string", "format": "password", "minLength": 8 });
    let request = json!({ "type": "object", "required": ["password"], "properties": { "password": secret(), "code": secret() } });
    let code = client(
        create(
            request,
            json!({ "201": answer(json!({ "type": "object", "required": ["key"], "properties": { "key": secret() } })) }),
        ),
        json!({}),
    );
    has(&code, "pub key: crate::Secret,");
    has(
        &code,
        r#"#[serde(serialize_with = "crate::secret::expose")] pub password: crate::Secret,"#,
    );
    has(
        &code,
        r#"serialize_with = "crate::secret::expose_option")] pub code: Option<crate::Secret>,"#,
    );
    has(&code, "value.expose_secret().chars().count() < 8");
    // Redacted by default: only requests say otherwise.
    assert_eq!(code.matches("crate::secret::expose").count(), 2, "{code}");
}

#[test]
fn progenitor_builds_the_request_and_does_not_send_it() {
    let code = read(object(json!({})));
    let (_, requests) = code.split_once("pub(crate) mod requests {").unwrap();
    has(
        requests,
        "pub fn get_keys<'a>(&'a self) -> Result<reqwest::Request, crate::transport::Unbuildable> {",
    );
    has(requests, "Ok(self.client.get(url).build()?)");
    has_not(&code, "ResponseValue");
    has_not(&code, ".exec(");
    has_not(&code, "Sends a");
}

#[test]
fn every_method_has_a_twin_that_waits_for_it() {
    let key = json!({ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } });
    let delete = json!({ "operationId": "deleteKey", "parameters": [key], "responses": { "204": { "description": "Done." } } });
    let code = client(json!({ "/keys/{id}": { "delete": delete } }), json!({}));
    has(
        &code,
        r#"#[cfg(feature = "blocking")] impl crate::blocking::acme::Client {"#,
    );
    has(
        &code,
        "pub fn delete_key(&self, id: &str) -> Result<(), crate::Error<types::DeleteKeyError>> {
            self.wait(self.client.delete_key(id)) }",
    );
}

#[test]
fn no_version_is_sent_and_a_header_that_was_asked_for_is() {
    let tenant = json!({ "name": "x-tenant-id", "in": "header", "schema": { "type": "string" } });
    let get = json!({ "operationId": "getKeys", "parameters": [tenant], "responses": { "200": answer(object(json!({}))) } });
    let code = client(json!({ "/keys": { "get": get } }), json!({}));
    has_not(&code, "api-version");
    has(
        &code,
        r#"header_map.append("x-tenant-id", value.to_string().try_into()?);"#,
    );
    has(&code, "Ok(self.client.get(url).headers(header_map).build()?)");
}

#[test]
fn an_enum_takes_values_that_nobody_knew() {
    let code = read(object(
        json!({ "status": { "type": "string", "enum": ["active", "*", "read-write"] } }),
    ));
    has(&code, "#[non_exhaustive] pub enum GetKeysResponseStatus {");
    has(&code, "/// `*` Star,");
    has(&code, "Unknown(UnknownValue),");
    has(&code, "other => Self::Unknown(UnknownValue::new(other)),");
    has(&code, "crate::open::text_enum!(GetKeysResponseStatus);");
}

#[test]
fn known_strings_or_any_string_is_the_same_open_enum() {
    let any = json!({ "anyOf": [{ "type": "string", "enum": ["a"] }, { "type": "string" }] });
    let code = read(object(json!({ "status": any })));
    has(&code, "pub enum GetKeysResponseStatus { /// `a` A,");
}

#[test]
fn an_overlay_can_name_types_and_values() {
    let named = json!({ "type": "string", "enum": ["*", "a"], "x-schema-name": "Scope", "x-enum-varnames": ["All", "First"] });
    let code = read(object(json!({ "scopes": { "type": "array", "items": named } })));
    has(&code, "pub scopes: Option<Vec<Scope>>,");
    has(&code, r#"Self::All => "*","#);
}

#[test]
fn formats_do_not_make_an_answer_strict() {
    let text = |format: &str| json!({ "type": "string", "format": format });
    let code = read(object(json!({
        "at": text("date-time"), "day": text("date"), "id": text("uuid"), "ip": text("ipv4"),
        "short": { "type": "string", "maxLength": 3, "pattern": "^a" }, "small": { "type": "integer", "format": "int32", "maximum": 9 },
    })));
    has(&code, "pub at: Option<crate::Timestamp>,");
    has(&code, "pub day: Option<String>,");
    has(&code, "pub id: Option<String>,");
    has(&code, "pub ip: Option<String>,");
    has(&code, "pub short: Option<String>,");
    has(&code, "pub small: Option<i64>,");
    has_not(&code, "crate::InvalidRequest");
}

#[test]
fn a_number_in_an_answer_may_be_written_as_text() {
    let schema = json!({ "type": "object", "required": ["id"], "properties": { "id": { "type": "integer" }, "rate": { "type": "number" } } });
    let code = read(schema);
    has(
        &code,
        r#"#[serde(deserialize_with = "crate::open::number")] pub id: i64,"#,
    );
    has(
        &code,
        r#"#[serde(default, deserialize_with = "crate::open::number_option", skip_serializing_if = "Option::is_none")] pub rate: Option<f64>,"#,
    );
}

#[test]
fn an_object_that_allows_no_others_still_takes_them_in_an_answer() {
    let code = read(
        json!({ "type": "object", "properties": { "a": { "type": "string" } }, "additionalProperties": false }),
    );
    has_not(&code, "deny_unknown_fields");
    has(&code, "#[non_exhaustive] pub struct GetKeysResponse {");
}

#[test]
fn limits_are_checked_on_requests_and_defaults_are_told_not_sent() {
    let days = json!({ "type": "integer", "minimum": 1, "maximum": 365, "default": 90 });
    let code = client(
        create(
            object(json!({ "days": days })),
            json!({ "204": { "description": "Done." } }),
        ),
        json!({}),
    );
    has(&code, "If it is left out, the vendor takes `90`.");
    has(
        &code,
        r#"#[serde(default, skip_serializing_if = "Option::is_none")] pub days: Option<i64>,"#,
    );
    has(&code, "body.check(\"\")?;");
    has(&code, r#"let at = format!("{at}/days"); if *value < 1 {"#);
    has(&code, r#"crate::InvalidRequest::new(at, "must be at most 365")"#);
}

#[test]
fn limits_are_found_at_any_depth_and_in_parameters() {
    let inner = json!({ "type": "object", "properties": { "tags": { "type": "array", "minItems": 1, "uniqueItems": true, "items": { "type": "string", "maxLength": 3 } } } });
    let paths = json!({ "/keys/{id}": { "post": {
        "operationId": "createKey",
        "parameters": [
            { "name": "id", "in": "path", "required": true, "schema": { "type": "string", "format": "uuid" } },
            { "name": "limit", "in": "query", "schema": { "type": "integer", "exclusiveMinimum": 0 } },
        ],
        "requestBody": { "required": true, "content": { "application/json": { "schema": object(json!({ "list": { "type": "array", "items": inner } })) } } },
        "responses": { "204": { "description": "Done." } },
    } } });
    let code = client(paths, json!({}));
    has(
        &code,
        r#"let at = format!("{at}/list"); for (index, value) in value.iter().enumerate() { let at = format!("{at}/{index}"); value.check(&at)?; }"#,
    );
    has(&code, "value.len() < 1");
    has(&code, "value[..last].contains(&value[last])");
    has(&code, "value.chars().count() > 3");
    has(&code, "!crate::open::is_uuid(value)");
    has(&code, r#"matches!(id, "" | "." | "..")"#);
    has(&code, "params.check()?;");
    has(&code, r#""must be more than 0""#);
}

#[test]
fn a_list_can_be_absent_null_and_sent_empty() {
    let list = || json!({ "type": "array", "items": { "type": "string" } });
    let both =
        json!({ "type": "object", "required": ["must"], "properties": { "must": list(), "may": list() } });
    let code = read(both);
    has(
        &code,
        r#"#[serde(deserialize_with = "crate::open::null_is_empty")] pub must: Vec<String>,"#,
    );
    has(
        &code,
        r#"#[serde(default, skip_serializing_if = "Option::is_none")] pub may: Option<Vec<String>>,"#,
    );
}

#[test]
fn what_is_required_and_may_be_null_is_sent_as_null() {
    let request = json!({ "type": "object", "required": ["name"], "properties": { "name": { "type": ["string", "null"] } } });
    let code = client(
        create(request, json!({ "204": { "description": "Done." } })),
        json!({}),
    );
    has(&code, "#[serde(default)] pub name: Option<String>,");
}

#[test]
fn a_body_may_also_travel_as_a_form_with_files() {
    let file = json!({ "type": "string", "format": "binary" });
    let parts = json!({ "type": "object", "required": ["to"], "properties": { "to": { "type": "string" }, "media": file } });
    let content = json!({
        "application/json": { "schema": object(json!({ "to": { "type": "string" } })) },
        "multipart/form-data": { "schema": parts },
    });
    let paths = json!({ "/send": { "post": { "operationId": "send", "requestBody": { "required": true, "content": content },
        "responses": { "204": { "description": "Done." } } } } });
    let code = client(paths, json!({}));
    has(&code, "pub async fn send(&self, body: &types::SendRequest)");
    has(&code, "pub async fn send_multipart(&self, form: types::SendForm)");
    has(&code, "pub media: Option<crate::Upload>,");
    has(
        &code,
        "let request = reqwest::RequestBuilder::from_parts(self.requests.client.clone(), request).multipart(parts).build()?;",
    );
}

#[test]
fn one_value_is_told_apart_by_its_json_type_and_objects_are_not_guessed() {
    let code = read(object(json!({
        "either": { "type": ["integer", "string"] },
        "objects": { "oneOf": [object(json!({ "a": { "type": "string" } })), object(json!({ "b": { "type": "string" } }))] },
    })));
    has(
        &code,
        "pub enum GetKeysResponseEither { /// As `Integer`. Integer(i64), /// As `String`. String(String),",
    );
    has(&code, "pub objects: Option<::serde_json::Value>,");
}

#[test]
fn what_travels_one_way_is_not_demanded_the_other_way() {
    let schema = json!({ "type": "object", "required": ["id", "pin", "name"], "properties": {
        "id": { "type": "integer", "readOnly": true }, "pin": { "type": "string", "writeOnly": true }, "name": { "type": "string" } } });
    let components = json!({ "schemas": { "Key": schema } });
    let key = || json!({ "$ref": "#/components/schemas/Key" });
    let code = client(create(key(), json!({ "201": answer(key()) })), components);
    has(&code, "pub id: Option<i64>,");
    has(&code, "pub pin: Option<String>,");
    has(&code, "pub name: String,");
}

#[test]
fn branches_of_all_of_are_one_struct() {
    let components = json!({ "schemas": { "Base": object(json!({ "id": { "type": "string" } })) } });
    let both = json!({ "allOf": [{ "$ref": "#/components/schemas/Base" }, object(json!({ "name": { "type": "string" } }))] });
    let paths = json!({ "/a": { "get": { "operationId": "get", "responses": { "200": answer(both) } } } });
    let code = client(paths, components);
    has(
        &code,
        "pub struct GetResponse { /// The document does not say what it means.",
    );
    has(&code, "pub name: Option<String>,");
}

#[test]
fn a_type_that_holds_itself_has_a_box_where_it_needs_one() {
    let node = json!({ "type": "object", "properties": { "next": { "$ref": "#/components/schemas/Node" },
        "children": { "type": "array", "items": { "$ref": "#/components/schemas/Node" } } } });
    let code = client(
        json!({}),
        json!({ "schemas": { "Node": node, "Tree": { "type": "array", "items": { "$ref": "#/components/schemas/Tree" } } } }),
    );
    has(&code, "pub next: Option<Box<Node>>,");
    has(&code, "pub children: Option<Vec<Node>>,");
}

#[test]
fn credentials_go_by_operation() {
    let schemes = json!({ "securitySchemes": {
        "key": { "type": "apiKey", "in": "header", "name": "X-Key" },
        "token": { "type": "http", "scheme": "bearer" },
        "session": { "type": "apiKey", "in": "cookie", "name": "sid" },
    } });
    let operation = |id: &str, security: Value| json!({ "operationId": id, "security": security, "responses": { "204": { "description": "Done." } } });
    let paths = json!({
        "/a": { "get": operation("both", json!([{ "key": [] }, { "token": [] }])), "post": operation("open", json!([])) },
        "/b": { "get": operation("again", json!([{ "session": [] }])) },
    });
    let code = client(paths, schemes);
    has(
        &code,
        r#"BOTH: Operation = Operation { name: "both", accept: "application/json", schemes: &[Scheme::ApiKey, Scheme::Authorization], };"#,
    );
    has(
        &code,
        r#"OPEN: Operation = Operation { name: "open", accept: "application/json", schemes: &[], };"#,
    );
    has(
        &code,
        r#"AGAIN: Operation = Operation { name: "again", accept: "application/json", schemes: &[Scheme::Cookie], };"#,
    );
    has(
        &code,
        "self.session.call(&|| self.requests.both(), &operations::BOTH, |status, _body|",
    );
    has(&code, r#"pub(crate) const SERVER_PATH: &str = "/api";"#);
}

#[test]
fn a_vendors_own_params_and_errors_do_not_clash_with_ours() {
    let named = |name: &str| json!({ "type": "object", "x-schema-name": name, "properties": { "a": { "type": "string" } } });
    let paths = json!({ "/keys": { "post": {
        "operationId": "createKey",
        "parameters": [{ "name": "q", "in": "query", "schema": { "type": "string" } }],
        "requestBody": { "required": true, "content": { "application/json": { "schema": named("CreateKeyParams") } } },
        "responses": { "200": answer(named("CreateKeyError")) },
    } } });
    let code = client(paths, json!({}));
    has(
        &code,
        "body: &types::CreateKeyParams, params: &types::CreateKeyOptions",
    );
    has(
        &code,
        "Result<types::CreateKeyError, crate::Error<types::CreateKeyRefusal>>",
    );
}

#[test]
fn limits_that_no_request_is_held_to_are_told() {
    let schema = json!({ "type": "object", "maxProperties": 3, "properties": {
        "step": { "type": "integer", "multipleOf": 5 },
        "either": { "oneOf": [{ "type": "string", "maxLength": 3 }, { "type": "integer" }] },
    } });
    let document = json!({
        "openapi": "3.0.3", "info": { "title": "Acme", "version": "1" }, "paths": {},
        "components": { "schemas": { "Key": schema } },
    });
    let notes = xtask::prepare::prepare(&document).unwrap().notes;
    let places: Vec<&str> = notes
        .iter()
        .filter(|note| note.rule == "limit-unchecked")
        .map(|note| note.pointer.as_str())
        .collect();
    let at = |rest: &str| format!("/components/schemas/Key{rest}");
    for place in [
        at("/properties/step/multipleOf"),
        at("/properties/either/oneOf/0"),
    ] {
        assert!(places.contains(&place.as_str()), "{place} in {places:?}");
    }
    assert!(places.contains(&at("/maxProperties").as_str()), "{places:?}");
}

#[test]
fn a_patch_tells_null_from_nothing_and_nothing_else_does() {
    let schema = |limit: bool| {
        let due = json!({ "type": "integer", "nullable": true, "minimum": if limit { json!(1) } else { json!(2) } });
        json!({ "type": "object", "properties": { "due": due, "name": { "type": "string", "nullable": true } } })
    };
    let of = |verb: &str, schema: Value| {
        let body = json!({ "required": true, "content": { "application/json": { "schema": schema } } });
        let operation = json!({ "operationId": format!("{verb}Key"), "requestBody": body, "responses": {} });
        let document = json!({
            "openapi": "3.0.3", "info": { "title": "Acme", "version": "1" }, "paths": { "/keys": { verb: operation } },
        });
        flat(
            &generate::of_document(&document, &Place::of_vendor("acme"))
                .unwrap()
                .client,
        )
    };
    let code = of("patch", schema(true));
    has(&code, "pub name: Option<Option<String>>,");
    has(
        &code,
        r#"default, deserialize_with = "crate::open::value_or_null", skip_serializing_if = "Option::is_none""#,
    );
    has(&code, "if let Some(Some(value)) = &self.due {");
    has(&of("post", schema(false)), "pub name: Option<String>,");
}

#[test]
fn listed_numbers_formats_and_finite_numbers_are_what_requests_are_held_to() {
    let request = json!({ "type": "object", "required": ["a", "b", "c", "d"], "properties": {
        "a": { "type": "integer", "enum": [10, 20] },
        "b": { "type": "number" },
        "c": { "type": "integer", "format": "int32" },
        "d": { "type": "integer", "enum": [18_446_744_073_709_551_615_u64] },
    } });
    let code = client(create(request, json!({})), json!({}));
    has(&code, "if ![10, 20].contains(value)");
    has(&code, r#""must be one of 10, 20""#);
    has(&code, "if !value.is_finite()");
    has(&code, "if *value > 2147483647");
    has(&code, "pub d: u64,");
}

#[test]
fn what_is_like_no_branch_of_a_choice_with_a_secret_is_not_shown() {
    let branch = |kind: &str, more: Value| {
        let mut properties = json!({ "kind": { "type": "string", "enum": [kind] } });
        properties
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        json!({ "type": "object", "properties": properties })
    };
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let components = json!({ "schemas": {
        "Token": branch("token", json!({ "secret": { "type": "string", "format": "password" } })),
        "Login": branch("login", json!({})),
        "Access": { "oneOf": [reference("Token"), reference("Login")], "discriminator": { "propertyName": "kind" } },
        "Either": { "oneOf": [reference("Token"), { "type": "string" }] },
    } });
    let paths = json!({ "/keys": { "get": { "operationId": "getKeys", "responses": {
        "200": answer(object(json!({ "access": reference("Access"), "either": reference("Either") }))),
    } } } });
    let code = client(paths, components);
    for name in ["Access", "Either"] {
        has(&code, &format!("impl ::std::fmt::Debug for {name} {{"));
    }
    has(&code, r#"Self::Unknown(_) => f.write_str("Unknown(..)")"#);
    has(
        &code,
        r#"crate::open::tagged(value, "kind", &["token"], serializer)"#,
    );
    has(
        &code,
        "Self::Unknown(value) => crate::secret::redact(value, serializer)",
    );
    has(
        &code,
        r#"Unknown(#[serde(serialize_with = "crate::secret::redact")] ::serde_json::Value)"#,
    );
}

#[test]
fn what_every_value_has_is_no_name_for_an_operation() {
    let operation = |id: &str| json!({ "get": { "operationId": id, "responses": {} } });
    let paths = json!({ "/a": operation("into"), "/b": operation("baseUrl"), "/c": operation("tryInto") });
    let code = client(paths, json!({}));
    for name in ["into_2", "base_url_2", "try_into_2"] {
        has(&code, &format!("pub async fn {name}("));
    }
}

#[test]
fn what_a_client_does_not_hand_over_is_told() {
    let header = json!({ "X-Left": { "schema": { "type": "integer" } } });
    let links = json!({ "next": { "operationId": "getKeys" } });
    let document = json!({
        "openapi": "3.0.3", "info": { "title": "Acme", "version": "1" },
        "paths": { "x-owner": "us", "keys": { "get": {
            "operationId": "getKeys",
            "callbacks": { "done": { "{$request.query.url}": {} } },
            "responses": { "x-note": 1, "200": { "description": "All.", "headers": header, "links": links } },
        } } },
    });
    let notes = generate::of_document(&document, &Place::of_vendor("acme"))
        .unwrap()
        .notes;
    let at = "/paths/keys/get";
    for (rule, place) in [
        ("body-only", format!("{at}/responses/200/headers")),
        ("body-only", format!("{at}/responses/200/links")),
        ("callbacks", format!("{at}/callbacks")),
        ("path-without-slash", "/paths/keys".to_owned()),
        ("extension", "/paths/x-owner".to_owned()),
        ("extension", format!("{at}/responses/x-note")),
    ] {
        let is_told = notes
            .iter()
            .any(|note| note.rule == rule && note.pointer == place);
        assert!(is_told, "{rule} {place} in {notes:#?}");
    }
}

#[test]
fn many_ways_to_one_schema_are_gone_once() {
    let mut schemas = serde_json::Map::new();
    for number in 0..30 {
        let next = json!({ "$ref": format!("#/components/schemas/S{}", number + 1) });
        schemas.insert(format!("S{number}"), json!({ "allOf": [next, next] }));
    }
    schemas.insert("S30".to_owned(), object(json!({ "a": { "type": "string" } })));
    // Two to the thirtieth ways would take for ever.
    has(
        &client(json!({}), json!({ "schemas": schemas })),
        "pub a: Option<String>,",
    );
}

#[test]
fn versions_without_quotes_are_read_as_they_are_meant() {
    let document = json!({ "openapi": 3.1, "info": { "title": 7, "version": 1.0 }, "paths": {} });
    let lowered = xtask::lower::lower(&document).unwrap().document;
    assert_eq!(lowered["openapi"], "3.0.3");
    assert_eq!(lowered["info"], json!({ "title": "7", "version": "1.0" }));
}

#[test]
fn the_actions_for_all_refusals_can_be_pasted_together() {
    let odd = |name: &str| json!({ "name": name, "in": "header", "schema": { "type": "string" } });
    let good = json!({ "name": "good", "in": "query", "schema": { "type": "string" } });
    let mut document = json!({
        "openapi": "3.0.3", "info": { "title": "Acme", "version": "1" },
        "paths": { "/keys": { "get": {
            "operationId": "getKeys", "parameters": [odd("a b"), good, odd("b c")], "responses": { "abc": { "description": "" } },
        } } },
    });
    let refused = generate::of_document(&document, &Place::of_vendor("acme"))
        .unwrap_err()
        .to_string();
    let actions: Vec<&str> = refused.lines().filter(|line| line.starts_with("    ")).collect();
    let overlay = format!("overlay: 1.0.0\nactions:\n{}\n", actions.join("\n"));
    let overlay = xtask::document::parse_yaml(&overlay).unwrap();
    xtask::overlay::apply(&mut document, &overlay).unwrap_or_else(|error| panic!("{error:#} in {refused}"));
    let cured = generate::of_document(&document, &Place::of_vendor("acme")).unwrap();
    has(&flat(&cured.client), r#"QueryParam::new("good", "#);
}

#[test]
fn values_of_a_map_are_held_to_their_limits() {
    let request = json!({ "type": "object", "required": ["labels"], "properties": {
        "labels": { "type": "object", "additionalProperties": { "type": "string", "maxLength": 2 } },
    } });
    let code = client(create(request, json!({})), json!({}));
    has(&code, "for (key, value) in value {");
    has(&code, "if value.chars().count() > 2");
}

#[test]
fn a_secret_without_a_place_that_guards_it_is_refused_and_one_that_is_lost_is_told() {
    let secret = |kind: &str| json!({ "type": kind, "format": "password" });
    let refuses = |paths: Value, reason: &str| {
        let document =
            json!({ "openapi": "3.0.3", "info": { "title": "Acme", "version": "1" }, "paths": paths });
        let refused = generate::of_document(&document, &Place::of_vendor("acme"))
            .unwrap_err()
            .to_string();
        assert!(refused.contains(reason), "{refused}");
    };
    let bare = "no property of an object";
    refuses(create(secret("string"), json!({})), bare);
    refuses(
        create(json!({ "type": "array", "items": secret("string") }), json!({})),
        bare,
    );
    let text = json!({ "description": "", "content": { "text/plain": { "schema": secret("string") } } });
    refuses(create(json!({}), json!({ "200": text })), bare);
    refuses(
        create(object(json!({ "pin": secret("integer") })), json!({})),
        "only a text",
    );
    let code = client(
        create(object(json!({ "key": { "format": "password" } })), json!({})),
        json!({}),
    );
    has(&code, "pub key: Option<crate::Secret>,");
    let tuple = json!({ "type": "array", "prefixItems": [secret("string")] });
    let document = json!({
        "openapi": "3.1.0", "info": { "title": "Acme", "version": "1" }, "paths": {}, "components": { "schemas": { "Pair": tuple } },
    });
    let notes = xtask::lower::lower(&document).unwrap().notes;
    assert!(
        notes.iter().any(|note| note.rule == "secret-unguarded"),
        "{notes:#?}"
    );
}

#[test]
fn what_a_schema_says_in_vain_is_told() {
    let schema = json!({
        "type": "object", "required": ["gone"], "additionalProperties": true,
        "properties": { "a": { "type": "string", "not": { "enum": ["x"] } }, "b": { "type": "boolean", "enum": [true] } },
    });
    let document = json!({
        "openapi": "3.0.3", "info": { "title": "Acme", "version": "1" }, "paths": {}, "components": { "schemas": { "Key": schema } },
        "servers": [
            { "url": "https://acme.test/{version}", "variables": { "version": { "default": "v1" } } },
            { "url": "https://acme.test/other" },
        ],
    });
    let notes = xtask::prepare::prepare(&document).unwrap().notes;
    let at = "/components/schemas/Key";
    for (rule, place) in [
        ("required-undeclared", format!("{at}/required")),
        ("further-properties", format!("{at}/additionalProperties")),
        ("keyword-unused", format!("{at}/properties/a/not")),
        ("enum-unchecked", format!("{at}/properties/b/enum")),
        ("one-server", "/servers/0/variables/version".to_owned()),
        ("one-server", "/servers/1".to_owned()),
    ] {
        let is_told = notes
            .iter()
            .any(|note| note.rule == rule && note.pointer == place);
        assert!(is_told, "{rule} {place} in {notes:#?}");
    }
}

#[test]
fn what_lives_elsewhere_is_called_there_or_says_where() {
    let of = |servers: Value| {
        let operation = json!({ "operationId": "getKeys", "servers": servers, "responses": {} });
        let document = json!({
            "openapi": "3.0.3", "info": { "title": "Acme", "version": "1" }, "paths": { "/keys": { "get": operation } },
            "servers": [{ "url": "https://acme.test" }],
        });
        let generated = generate::of_document(&document, &Place::of_vendor("acme")).unwrap();
        let is_told = generated.notes.iter().any(|note| note.rule == "own-server");
        (flat(&generated.client), is_told)
    };
    for below in ["/v2", "https://acme.test/v2"] {
        let (code, is_told) = of(json!([{ "url": below }]));
        has(&code, r#"format!("{}/v2/keys", self.baseurl,)"#);
        assert!(!is_told, "{below}");
    }
    let (code, is_told) = of(json!([{ "url": "https://files.acme.test" }]));
    has(
        &code,
        "/// It lives at `https://files.acme.test`: call it with a client whose base URL that is.",
    );
    assert!(is_told);
    // One of them is the client's.
    let (_, is_told) = of(json!([{ "url": "https://files.acme.test" }, { "url": "https://acme.test" }]));
    assert!(!is_told);
}

#[test]
fn a_part_of_a_form_that_is_anything_may_be_required() {
    let schema = json!({ "type": "object", "required": ["v"], "properties": { "v": { "nullable": true } } });
    let body = json!({ "required": true, "content": { "multipart/form-data": { "schema": schema } } });
    let code = client(
        json!({ "/keys": { "post": { "operationId": "createKey", "requestBody": body, "responses": {} } } }),
        json!({}),
    );
    has(&code, "let value = form.v;");
}
