//! Every rule of the lowering, as pairs under `tests/lower`: a schema or document and what becomes of it.
//!
//! A case is added as `name.json`; `XTASK_ACCEPT=1 cargo test -p xtask --test it lower::` writes `name.lowered.json`, to be
//! looked at, and then read.

use serde_json::{Value, json};
use xtask::lower;

use crate::pairs;

#[test]
fn every_pair_lowers_as_it_was_accepted() {
    let mut differing = vec![];
    let pairs = pairs::all();
    for pair in &pairs {
        let name = &pair.name;
        let document = pair.document();
        let lowered = lower::lower(&document).unwrap_or_else(|refusals| panic!("{name}: {refusals:?}"));
        for note in &lowered.notes {
            assert!(
                document.pointer(&note.pointer).is_some(),
                "{name}: {note} is nowhere"
            );
        }
        let result = match pair.case.get("openapi") {
            Some(_) => lowered.document.clone(),
            None => lowered.document["components"]["schemas"].clone(),
        };
        let notes: Vec<String> = lowered.notes.iter().map(ToString::to_string).collect();
        let text = pairs::text(&json!({ "lowered": result, "notes": notes }));
        if !pair.accept("lowered", &text) {
            differing.push(format!("{name} gives\n{text}"));
        }
        // The lowering itself refuses what is no OpenAPI 3.0; this says so once more, from outside.
        serde_json::from_value::<openapiv3::OpenAPI>(lowered.document)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    assert!(pairs.len() > 90, "the pairs are gone");
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

#[test]
fn what_is_lowered_is_not_lowered_again() {
    for pair in pairs::all() {
        let once = lower::lower(&pair.document()).unwrap().document;
        let twice = lower::lower(&once).unwrap();
        assert_eq!(twice.document, once, "{}", pair.name);
        assert!(twice.notes.is_empty(), "{}: {:?}", pair.name, twice.notes);
    }
}

#[test]
fn notes_stand_in_the_order_of_the_document_and_once() {
    let text = json!({ "type": ["string", "null"] });
    let item = json!({ "get": { "responses": { "200": { "description": "", "content": { "application/json": { "schema": text } } } } } });
    let document = json!({
        "openapi": "3.1.0", "info": { "title": "Sample", "version": "1", "summary": "S" },
        "paths": { "/b": { "$ref": "#/components/pathItems/I" }, "/a": { "$ref": "#/components/pathItems/I" } },
        "components": { "pathItems": { "I": item } },
    });
    let notes = lower::lower(&document).unwrap().notes;
    let places: Vec<&str> = notes.iter().map(|note| note.pointer.as_str()).collect();
    assert_eq!(
        places,
        [
            "/openapi",
            "/info/summary",
            "/paths/~1b/$ref",
            "/paths/~1a/$ref",
            "/components/pathItems",
            "/components/pathItems/I",
            "/components/pathItems/I/get/responses/200/content/application~1json/schema/type",
        ]
    );
}

#[test]
fn a_chain_of_losses_reaches_every_schema_that_refers_to_them() {
    let link = |count: usize| json!({ "not": { "$ref": format!("#/components/schemas/S{}", count + 1) } });
    let mut schemas: serde_json::Map<String, Value> =
        (0..5).map(|count| (format!("S{count}"), link(count))).collect();
    schemas.insert("S5".to_owned(), json!({ "contains": { "type": "string" } }));
    let document = json!({ "openapi": "3.1.0", "info": { "title": "", "version": "" }, "components": { "schemas": schemas } });
    let lowered = lower::lower(&document).unwrap();
    let lost = lowered
        .notes
        .iter()
        .filter(|note| note.rule == "negation-of-a-loss")
        .count();
    assert_eq!(lost, 5, "{:?}", lowered.notes);
    assert_eq!(lowered.document["components"]["schemas"]["S0"], json!({}));
}

#[test]
fn names_in_references_may_be_escaped_as_in_an_address() {
    let parameter =
        json!({ "name": "p", "in": "query", "schema": { "$ref": "#/components/schemas/List%3CA~1B%3E" } });
    let document = json!({
        "openapi": "3.0.3", "info": { "title": "", "version": "" },
        "paths": { "/a": { "parameters": [{ "$ref": "#/components/parameters/a%20b" }] } },
        "components": { "parameters": { "a b": parameter }, "schemas": { "List<A/B>": { "type": "string" } } },
    });
    let lowered = lower::lower(&document).unwrap().document;
    let at = |pointer: &str| lowered.pointer(pointer).unwrap().clone();
    assert_eq!(at("/paths/~1a/parameters/0/$ref"), "#/components/parameters/a b");
    assert_eq!(
        at("/components/parameters/a b/schema/$ref"),
        "#/components/schemas/List<A~1B>"
    );
}
