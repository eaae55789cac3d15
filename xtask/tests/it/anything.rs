//! Whatever is read, nothing panics: read → overlay → lower → prepare → client, on arbitrary JSON, on documents with arbitrary changes
//! and on broken text. The seed is fixed: what fails once fails again. `PROPTEST_CASES=100000` tries more.

use proptest::prelude::*;
use serde_json::{Value, json};
use xtask::{document, lower, overlay, prepare, standalone};

use crate::pairs;
use crate::properties::try_all;

/// Words that the pipeline looks for.
const WORDS: &[&str] = &[
    "openapi",
    "info",
    "paths",
    "/a/{id}",
    "get",
    "post",
    "parameters",
    "name",
    "in",
    "query",
    "path",
    "schema",
    "schemas",
    "components",
    "responses",
    "200",
    "4XX",
    "default",
    "content",
    "application/json",
    "multipart/form-data",
    "requestBody",
    "type",
    "string",
    "object",
    "array",
    "integer",
    "null",
    "properties",
    "items",
    "prefixItems",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "enum",
    "const",
    "nullable",
    "required",
    "format",
    "password",
    "$ref",
    "#/components/schemas/A",
    "#",
    "#/paths/~1a",
    "$defs",
    "$id",
    "$anchor",
    "$dynamicRef",
    "additionalProperties",
    "patternProperties",
    "discriminator",
    "mapping",
    "security",
    "securitySchemes",
    "apiKey",
    "header",
    "x-schema-name",
    "x-enum-varnames",
    "A",
    "",
    "operationId",
    "3.1.0",
    "pathItems",
    "callbacks",
    "examples",
    "contentEncoding",
    "exclusiveMinimum",
    "unevaluatedProperties",
    "servers",
    "url",
];

fn word() -> BoxedStrategy<String> {
    prop_oneof![9 => proptest::sample::select(WORDS).prop_map(str::to_owned), 1 => ".{0,4}"].boxed()
}

fn anything() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(|number| json!(number)),
        any::<f64>().prop_map(|number| json!(number)),
        word().prop_map(Value::String),
    ];
    leaf.prop_recursive(5, 64, 6, |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            3 => prop::collection::btree_map(word(), inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
    .boxed()
}

/// One change of a document: at which of its places, and what is put there; nothing removes what is there.
type Change = (prop::sample::Index, Option<Value>, Option<prop::sample::Index>);

fn changes() -> BoxedStrategy<Vec<Change>> {
    let change = (
        any::<prop::sample::Index>(),
        prop::option::of(anything()),
        any::<Option<prop::sample::Index>>(),
    );
    prop::collection::vec(change, 1..6).boxed()
}

fn change(document: &mut Value, (place, with, from): Change) {
    let mut places = vec![];
    collect(document, "", &mut places);
    let from = from.map(|from| {
        document
            .pointer(from.get::<String>(&places))
            .cloned()
            .unwrap_or_default()
    });
    let place = place.get(&places);
    match from.or(with) {
        Some(value) => {
            if let Some(there) = document.pointer_mut(place) {
                *there = value;
            }
        }
        None => {
            let Some((parent, key)) = place.rsplit_once('/') else {
                return;
            };
            if let Some(Value::Object(object)) = document.pointer_mut(parent) {
                object.shift_remove(key);
            }
        }
    }
}

fn collect(value: &Value, at: &str, places: &mut Vec<String>) {
    places.push(at.to_owned());
    for (key, value) in value.as_object().into_iter().flatten() {
        collect(value, &document::pointer(at, key), places);
    }
    for (index, value) in value.as_array().into_iter().flatten().enumerate() {
        collect(value, &document::pointer(at, index), places);
    }
}

/// All the way to the crate of a client, which is Rust if there is one; what is refused is cured as the refusal says, and
/// tried once more.
fn go(mut document: Value) {
    let refusals = match lower::lower(&document) {
        Ok(lowered) => match prepare::prepare(&lowered.document) {
            Ok(_) => {
                // What can be understood can be written.
                standalone::of_document(&document).unwrap_or_else(|error| panic!("{error:#}: {document}"));
                return;
            }
            Err(refusals) => refusals,
        },
        Err(refusals) => refusals,
    };
    for refusal in refusals {
        drop(refusal.to_string());
        if let Some(action) = refusal.action {
            // One cure may remove what another speaks of.
            drop(overlay::apply(
                &mut document,
                &json!({ "overlay": "1.0.0", "actions": [action] }),
            ));
        }
    }
    drop(standalone::of_document(&document));
}

#[test]
fn arbitrary_json_never_panics_the_pipeline() {
    let version = proptest::sample::select(vec![json!("3.0.3"), json!("3.1.0"), json!(3)]);
    try_all(
        500,
        &(anything(), version, anything()),
        |(mut document, version, overlay)| {
            drop(overlay::apply(&mut document, &overlay));
            drop(overlay::apply(
                &mut document,
                &json!({ "overlay": "1.0.0", "actions": overlay }),
            ));
            if let Some(object) = document.as_object_mut() {
                object.insert("openapi".to_owned(), version);
            }
            go(document);
            Ok(())
        },
    );
}

#[test]
fn documents_with_arbitrary_changes_never_panic_the_pipeline() {
    let mut documents: Vec<Value> = pairs::all().iter().map(pairs::Pair::document).collect();
    documents.push(document::parse_json(include_str!("../every-keyword.json")).unwrap());
    for fixture in [
        "shapes.json",
        "parameters.yaml",
        "names.yaml",
        "credentials.yaml",
        "secrets.yaml",
    ] {
        documents.push(document::read(&xtask::root().join("xtask/tests/standalone").join(fixture)).unwrap());
    }
    for vendor in ["sinjapp", "dolfin"] {
        let path = xtask::root().join("openapi").join(vendor).join("contract.json");
        documents.push(document::read(&path).unwrap());
    }
    try_all(
        400,
        &(proptest::sample::select(documents), changes()),
        |(mut document, changes)| {
            changes.into_iter().for_each(|one| change(&mut document, one));
            go(document);
            Ok(())
        },
    );
}

#[test]
fn arbitrary_text_never_panics_the_reading() {
    let text = include_str!("../every-keyword.json");
    let cut = (0..text.len()).prop_map(move |end| text[..end].to_owned());
    let words = prop::collection::vec(prop_oneof![word(), "[-:{}\\[\\],&*!|>'\"#\n ]{1,4}"], 0..40);
    let text = prop_oneof![any::<String>(), cut, words.prop_map(|words| words.concat())];
    try_all(500, &text, |text| {
        for read in [document::parse_json, document::parse_yaml] {
            if let Ok(document) = read(&text) {
                go(document);
            }
        }
        Ok(())
    });
}

/// A document of schemas that each refer to the next.
fn chain(length: usize, link: impl Fn(Value) -> Value) -> Value {
    let schemas: serde_json::Map<String, Value> = (0..length)
        .map(|count| {
            let next = json!({ "$ref": format!("#/components/schemas/S{}", (count + 1) % length) });
            let is_last = count + 1 == length;
            (
                format!("S{count}"),
                if is_last {
                    json!({ "type": "string" })
                } else {
                    link(next)
                },
            )
        })
        .collect();
    json!({
        "openapi": "3.1.0", "info": { "title": "Chain", "version": "1" }, "paths": {},
        "components": { "schemas": schemas },
    })
}

#[test]
fn references_may_lead_further_than_a_stack_reaches() {
    let document = chain(
        3000,
        |next| json!({ "type": "object", "properties": { "next": next } }),
    );
    let lowered = lower::lower(&document).unwrap();
    let prepared = prepare::prepare(&lowered.document).unwrap();
    assert_eq!(prepared.api.types.len(), 2999);
}

#[test]
fn what_is_referred_to_twice_is_looked_into_once() {
    // Looked into at every reference, the last schema would be looked into 2⁶⁰ times.
    let document = chain(
        60,
        |next| json!({ "oneOf": [{ "type": "array", "items": next }, next] }),
    );
    let lowered = lower::lower(&document).unwrap();
    prepare::prepare(&lowered.document).unwrap();
}
