//! Nothing is lost in silence: every keyword of JSON Schema 2020-12 and of OpenAPI 3.1, unknown ones and extensions, is kept,
//! rewritten, recorded as lost, or refused.

use referencing::meta;
use serde_json::{Map, Value, json};
use xtask::lower;
use xtask::{document, overlay};

use crate::{account, pairs};

/// Every keyword of the meta-schema and its vocabularies, as published.
fn keywords() -> Vec<String> {
    let mut keywords: Vec<String> = [
        &meta::DRAFT202012,
        &meta::DRAFT202012_CORE,
        &meta::DRAFT202012_APPLICATOR,
        &meta::DRAFT202012_UNEVALUATED,
        &meta::DRAFT202012_VALIDATION,
        &meta::DRAFT202012_META_DATA,
        &meta::DRAFT202012_FORMAT_ANNOTATION,
        &meta::DRAFT202012_CONTENT,
    ]
    .iter()
    .flat_map(|schema| schema["properties"].as_object().unwrap().keys().cloned())
    .collect();
    // The OpenAPI base vocabulary (specification 3.1.1, Schema Object, "Fixed Fields").
    keywords.extend(["discriminator", "xml", "externalDocs", "example"].map(str::to_owned));
    keywords.sort();
    keywords.dedup();
    keywords
}

/// A value of the right form for a keyword.
fn sample(keyword: &str) -> Value {
    match keyword {
        "$ref" => json!("#/components/schemas/Leaf"),
        "$dynamicRef" => json!("#leaf"),
        "$id" => json!("https://acme.test/schemas/some"),
        "$schema" => json!("https://json-schema.org/draft/2020-12/schema"),
        "$vocabulary" => json!({ "https://acme.test/vocabulary": true }),
        "$recursiveRef" => json!("#"),
        "$recursiveAnchor" => json!("node"),
        "$anchor" | "$dynamicAnchor" => json!("other"),
        "type" => json!(["string", "null"]),
        "const" => json!(0),
        "enum" => json!(["a", { "const": 1 }]),
        "required" => json!(["a"]),
        "default" | "example" => json!({ "const": 1, "$ref": "no reference" }),
        "examples" => json!([{ "const": 1 }, 2]),
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => json!([{ "type": "string" }, { "type": "integer" }]),
        "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas" => {
            json!({ "a": { "type": ["string", "null"] } })
        }
        "dependentRequired" | "dependencies" => json!({ "a": ["b"] }),
        "not"
        | "if"
        | "then"
        | "else"
        | "items"
        | "contains"
        | "additionalProperties"
        | "propertyNames"
        | "unevaluatedItems"
        | "unevaluatedProperties"
        | "contentSchema" => json!({ "type": "string", "minLength": 1 }),
        "discriminator" => json!({ "propertyName": "kind", "mapping": { "a": "#/components/schemas/Leaf" } }),
        "xml" => json!({ "name": "n", "x-own": 1 }),
        "externalDocs" => json!({ "url": "https://acme.test" }),
        "deprecated" | "readOnly" | "writeOnly" | "uniqueItems" => json!(true),
        "title" | "description" | "format" | "pattern" | "$comment" | "contentEncoding"
        | "contentMediaType" => {
            json!("text")
        }
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" | "minLength"
        | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties" | "minContains"
        | "maxContains" => json!(2),
        // A keyword that nobody thought of is not known to anybody else either.
        other => json!({ "unknown": other }),
    }
}

/// A document that holds everything, each keyword of schemas in a schema of its own and all of OpenAPI's where they belong.
fn everything() -> Value {
    let text = include_str!("../every-keyword.json");
    let mut document: Value = serde_json::from_str(text).unwrap();
    let schemas = document["components"]["schemas"].as_object_mut().unwrap();
    for keyword in keywords() {
        schemas.insert(
            format!("Only {keyword}"),
            json!({ keyword.clone(): sample(&keyword) }),
        );
        schemas.insert(
            format!("Beside {keyword}"),
            json!({ keyword.clone(): sample(&keyword), "title": "T", "x-own": { "const": 1 }, "nope": 1 }),
        );
    }
    document
}

/// The fixed fields of every object (specification 3.1.1, "Fixed Fields"), by where the document has one.
const FIELDS: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "openapi",
            "info",
            "jsonSchemaDialect",
            "servers",
            "paths",
            "webhooks",
            "components",
            "security",
            "tags",
            "externalDocs",
        ],
    ),
    (
        "/info",
        &[
            "title",
            "summary",
            "description",
            "termsOfService",
            "contact",
            "license",
            "version",
        ],
    ),
    ("/info/contact", &["name", "url", "email"]),
    ("/info/license", &["name", "identifier"]),
    ("/servers/0", &["url", "description", "variables"]),
    ("/servers/0/variables/v", &["enum", "default", "description"]),
    (
        "/components",
        &[
            "schemas",
            "responses",
            "parameters",
            "examples",
            "requestBodies",
            "headers",
            "securitySchemes",
            "links",
            "callbacks",
            "pathItems",
        ],
    ),
    (
        "/paths/~1a",
        &[
            "summary",
            "description",
            "get",
            "put",
            "post",
            "delete",
            "options",
            "head",
            "patch",
            "trace",
            "servers",
            "parameters",
        ],
    ),
    ("/paths/~1b", &["$ref"]),
    (
        "/paths/~1a/get",
        &[
            "tags",
            "summary",
            "description",
            "externalDocs",
            "operationId",
            "parameters",
            "requestBody",
            "responses",
            "callbacks",
            "deprecated",
            "security",
            "servers",
        ],
    ),
    ("/externalDocs", &["description", "url"]),
    (
        "/components/parameters/p",
        &[
            "name",
            "in",
            "description",
            "required",
            "deprecated",
            "allowEmptyValue",
            "style",
            "explode",
            "allowReserved",
            "schema",
            "example",
        ],
    ),
    ("/components/parameters/q", &["content", "examples"]),
    (
        "/components/requestBodies/b",
        &["description", "content", "required"],
    ),
    (
        "/components/requestBodies/b/content/multipart~1form-data",
        &["schema", "example", "encoding"],
    ),
    ("/components/requestBodies/b/content/text~1plain", &["examples"]),
    (
        "/components/requestBodies/b/content/multipart~1form-data/encoding/a",
        &["contentType", "headers", "style", "explode", "allowReserved"],
    ),
    (
        "/components/responses/r",
        &["description", "headers", "content", "links"],
    ),
    ("/components/examples/e", &["summary", "description", "value"]),
    ("/components/examples/f", &["externalValue"]),
    (
        "/components/links/l",
        &[
            "operationId",
            "parameters",
            "requestBody",
            "description",
            "server",
        ],
    ),
    ("/components/links/m", &["operationRef"]),
    (
        "/components/headers/h",
        &[
            "description",
            "required",
            "deprecated",
            "style",
            "explode",
            "schema",
            "example",
        ],
    ),
    ("/tags/0", &["name", "description", "externalDocs"]),
    ("/paths/~1a/get/parameters/0", &["$ref", "summary", "description"]),
    (
        "/components/securitySchemes/key",
        &["type", "description", "name", "in"],
    ),
    (
        "/components/securitySchemes/http",
        &["type", "scheme", "bearerFormat"],
    ),
    ("/components/securitySchemes/oauth", &["type", "flows"]),
    (
        "/components/securitySchemes/oauth/flows",
        &["implicit", "password", "clientCredentials", "authorizationCode"],
    ),
    (
        "/components/securitySchemes/oauth/flows/authorizationCode",
        &["authorizationUrl", "tokenUrl", "refreshUrl", "scopes"],
    ),
    ("/components/securitySchemes/oidc", &["openIdConnectUrl"]),
    ("/components/securitySchemes/tls", &["type"]),
];

#[test]
fn the_document_holds_every_field_of_openapi() {
    let document = everything();
    for (place, fields) in FIELDS {
        let object = document
            .pointer(place)
            .unwrap_or_else(|| panic!("{place} is not there"));
        for field in *fields {
            assert!(object.get(field).is_some(), "{place} has no `{field}`");
        }
    }
    assert!(keywords().len() > 60, "the vocabularies are gone");
}

#[test]
fn every_keyword_is_kept_rewritten_recorded_or_refused() {
    let mut document = everything();
    let refusals = lower::lower(&document).expect_err("it holds what nobody knows");
    let mut refused: Vec<&str> = refusals.iter().map(|refusal| refusal.reason.as_str()).collect();
    refused.sort_unstable();
    refused.dedup();
    assert_eq!(
        refused,
        [
            "no rule covers `$vocabulary` in Schema",
            "no rule covers `nope` in Schema",
        ]
    );
    let actions: Vec<Value> = refusals
        .iter()
        .map(|refusal| refusal.action.clone().unwrap())
        .collect();
    overlay::apply(&mut document, &json!({ "overlay": "1.0.0", "actions": actions })).unwrap();
    let lowered = lower::lower(&document).unwrap_or_else(|refusals| panic!("{refusals:?}"));
    let lost = account::lost_in_silence(&document, &lowered);
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

#[test]
fn a_keyword_that_nobody_knows_is_refused_and_an_extension_kept_in_every_object() {
    let whole = everything();
    let mut places: Vec<&str> = FIELDS.iter().map(|(place, _)| *place).collect();
    places.extend([
        "/components/schemas/Leaf",
        "/paths/~1a/get/callbacks/c",
        "/paths/~1a/get/responses",
    ]);
    // What has the same fields in both versions is kept as it stands, whatever it holds.
    let as_they_stand = [
        "/servers",
        "/externalDocs",
        "/tags",
        "/info/contact",
        "/components/securitySchemes/oauth/flows",
    ];
    // A reference is not extensible, and the names in these maps are the author's own.
    let by_names = [
        "/paths/~1a/get/parameters/0",
        "/paths/~1a/get/responses",
        "/paths/~1a/get/callbacks/c",
    ];
    for place in places {
        let mut document = whole.clone();
        let Some(object) = document.pointer_mut(place).and_then(Value::as_object_mut) else {
            panic!("{place} is no object");
        };
        object.insert("x-own".to_owned(), json!({ "type": ["a"] }));
        object.insert("nope".to_owned(), json!(1));
        let refusals = lower::lower(&document).expect_err("it holds what nobody knows");
        let at = document::pointer(place, "nope");
        let is_refused = refusals.iter().any(|refusal| refusal.pointer == at);
        let stands = as_they_stand.iter().any(|kept| place.starts_with(kept));
        let expected = !stands && place != "/paths/~1a/get/parameters/0";
        assert_eq!(is_refused, expected, "{at}: {refusals:?}");
        let at = document::pointer(place, "x-own");
        assert!(
            !refusals.iter().any(|refusal| refusal.pointer.starts_with(&at)),
            "{at}: {refusals:?}"
        );
        if stands || by_names.contains(&place) {
            continue;
        }
        let actions: Vec<Value> = refusals
            .iter()
            .map(|refusal| refusal.action.clone().unwrap())
            .collect();
        overlay::apply(&mut document, &json!({ "overlay": "1.0.0", "actions": actions })).unwrap();
        let lowered = lower::lower(&document).unwrap_or_else(|refusals| panic!("{refusals:?}"));
        let is_moved = lowered
            .notes
            .iter()
            .any(|note| at.starts_with(&format!("{}/", note.pointer)) && !note.pointer.is_empty());
        assert!(
            is_moved || lowered.document.pointer(&at).is_some(),
            "{at} is gone"
        );
    }
}

#[test]
fn nothing_is_lost_in_silence_in_any_pair_or_document_of_a_vendor() {
    let mut documents: Vec<(String, Value)> = pairs::all()
        .iter()
        .map(|pair| (pair.name.clone(), pair.document()))
        .collect();
    for vendor in xtask::generate::selected(&xtask::root(), &[]).unwrap() {
        let path = xtask::root().join("openapi").join(&vendor).join("contract.json");
        documents.push((vendor, document::read(&path).unwrap()));
    }
    for (name, document) in documents {
        let lowered = lower::lower(&document).unwrap();
        let lost = account::lost_in_silence(&document, &lowered);
        assert!(lost.is_empty(), "{name}\n{}", lost.join("\n"));
    }
}

#[test]
fn what_is_lost_without_a_note_is_found() {
    let document = json!({ "openapi": "3.0.3", "info": { "title": "T", "version": "1" }, "paths": {}, "tags": [{ "name": "a" }] });
    let mut lowered = lower::lower(&document).unwrap();
    assert!(account::lost_in_silence(&document, &lowered).is_empty());
    lowered.document["tags"][0]["name"] = json!("b");
    assert_eq!(
        account::lost_in_silence(&document, &lowered),
        ["/tags/0/name: \"a\""]
    );
    lowered.document.as_object_mut().map(Map::clear);
    assert_eq!(account::lost_in_silence(&document, &lowered).len(), 4);
}
