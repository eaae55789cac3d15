//! Overlays: what an action does, and that one which does nothing is an error.

use serde_json::{Value, json};
use xtask::overlay;

fn apply(mut document: Value, actions: Value) -> Result<Value, String> {
    let overlay =
        json!({ "overlay": "1.0.0", "info": { "title": "Ours", "version": "1" }, "actions": actions });
    overlay::apply(&mut document, &overlay)
        .map(|()| document)
        .map_err(|error| format!("{error:#}"))
}

fn update(target: &str, update: Value) -> Value {
    json!([{ "target": target, "description": "Because.", "update": update }])
}

#[test]
fn an_update_merges_objects_and_keeps_the_rest() {
    let document = json!({ "a": { "b": { "kept": 1 }, "list": [1] } });
    let merged = apply(
        document,
        update("$.a", json!({ "b": { "new": 2 }, "list": [2], "c": null })),
    );
    assert_eq!(
        merged.unwrap(),
        json!({ "a": { "b": { "kept": 1, "new": 2 }, "list": [1, 2], "c": null } })
    );
}

#[test]
fn an_update_of_a_list_appends() {
    let document = json!({ "list": [{ "a": 1 }] });
    assert_eq!(
        apply(document, update("$.list", json!({ "b": 2 }))).unwrap(),
        json!({ "list": [{ "a": 1 }, { "b": 2 }] })
    );
}

#[test]
fn one_action_can_reach_many_places() {
    let document = json!({ "paths": { "/a": { "get": {} }, "/b": { "get": {}, "post": {} } } });
    let changed = apply(document, update("$.paths[*].get", json!({ "deprecated": true }))).unwrap();
    assert_eq!(
        changed["paths"]["/b"],
        json!({ "get": { "deprecated": true }, "post": {} })
    );
}

#[test]
fn removal_takes_properties_and_every_matching_element() {
    let document = json!({ "a": 1, "list": [1, 2, 1, 3] });
    let actions = json!([
        { "target": "$.a", "description": "Because.", "remove": true },
        { "target": "$.list[?@ == 1]", "description": "Because.", "remove": true },
    ]);
    assert_eq!(apply(document, actions).unwrap(), json!({ "list": [2, 3] }));
}

#[test]
fn removal_takes_what_was_meant_in_whatever_order_and_however_often_it_is_named() {
    let removed = |target: &str| {
        let document = json!({ "list": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] });
        apply(
            document,
            json!([{ "target": target, "description": "Because.", "remove": true }]),
        )
    };
    let rest = json!({ "list": [1, 3, 4, 5, 6, 7, 8, 9, 11] });
    assert_eq!(removed("$.list[10,0,2]").unwrap(), rest);
    assert_eq!(removed("$.list[2,10,0,2]").unwrap(), rest);
}

#[test]
fn actions_see_what_earlier_ones_did() {
    let actions = json!([
        { "target": "$", "description": "Because.", "update": { "a": {} } },
        { "target": "$.a", "description": "Because.", "update": { "b": 1 } },
    ]);
    assert_eq!(apply(json!({}), actions).unwrap(), json!({ "a": { "b": 1 } }));
}

#[track_caller]
fn fails(actions: Value, message: &str) {
    let error = apply(json!({ "a": { "b": 1 } }), actions).unwrap_err();
    assert!(error.contains(message), "{error}");
    assert!(error.contains("/actions/0"), "{error}");
}

#[test]
fn an_action_that_matches_nothing_is_an_error() {
    fails(update("$.nowhere", json!({})), "`$.nowhere` matches nothing");
}

#[test]
fn an_action_says_why_and_does_one_thing() {
    fails(json!([{ "target": "$.a", "update": {} }]), "has no description");
    fails(
        json!([{ "target": "$.a", "description": " ", "update": {} }]),
        "has no description",
    );
    fails(
        json!([{ "target": "$.a", "description": "Because." }]),
        "neither removes nor updates",
    );
    fails(
        json!([{ "target": "$.a", "description": "Because.", "update": {}, "remove": true }]),
        "both removes and updates",
    );
    fails(
        json!([{ "description": "Because.", "update": {} }]),
        "`target` is missing",
    );
    fails(update("$.a[", json!({})), "is no JSONPath");
    fails(update("$.a.b", json!({})), "neither an object nor an array");
}

#[test]
fn another_version_of_the_format_is_an_error() {
    let error = overlay::apply(&mut json!({}), &json!({ "overlay": "2.0.0", "actions": [] })).unwrap_err();
    assert!(error.to_string().contains("must be 1.0.x"));
}
