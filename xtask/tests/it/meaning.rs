//! The lowered schema means the same: beside each pair stand values with the verdicts of the schema that was read and of what
//! became of it. They may only differ where a loss is recorded.
//!
//! `XTASK_ACCEPT=1 cargo test -p xtask --test it meaning::` sorts the values of `name.instances.json` by their verdicts.

use serde_json::{Map, Value, json};
use xtask::lower::{self, Loss};

use crate::{pairs, reading};

/// Pairs whose schema is no schema of 3.1, so that it judges nothing.
const NOT_JUDGED: &[&str] = &["mixed-dialects-of-bounds"];

#[test]
fn every_pair_gives_its_values_the_same_verdict_on_both_sides() {
    let mut judged = 0;
    let mut failures = vec![];
    for pair in pairs::all() {
        let name = &pair.name;
        let document = pair.document();
        if document["openapi"].as_str().unwrap().starts_with("3.0.")
            || document.pointer("/components/schemas/Sample").is_none()
        {
            assert!(pair.beside("instances").is_none(), "{name}: nothing to judge by");
            continue;
        }
        if NOT_JUDGED.contains(&name.as_str()) {
            reading::of_3_1(&document, "Sample").expect_err("it is no schema of 3.1");
            continue;
        }
        let text = pair
            .beside("instances")
            .unwrap_or_else(|| panic!("{name} has no instances"));
        let kept: Map<String, Value> = serde_json::from_str(&text).unwrap();
        let sorted = sort(
            &document,
            kept.values().flat_map(|values| values.as_array().unwrap()),
        );
        judged += sorted
            .values()
            .map(|values| values.as_array().unwrap().len())
            .sum::<usize>();
        if !pair.accept("instances", &pairs::text(&Value::Object(sorted.clone()))) {
            failures.push(format!("{name} gives {}", json!(sorted)));
        }
        let notes = lower::lower(&document).unwrap().notes;
        let has = |is: fn(&Loss) -> bool| notes.iter().any(|note| is(&note.loss));
        if sorted.contains_key("only_lowered") && !has(|loss| matches!(loss, Loss::Wider(_))) {
            failures.push(format!("{name}: more fits, and nobody says so"));
        }
        if sorted.contains_key("only_read") && !has(|loss| matches!(loss, Loss::Narrower(_))) {
            failures.push(format!("{name}: less fits, and nobody says so"));
        }
        if has(|loss| matches!(loss, Loss::Wider(_))) && !sorted.contains_key("only_lowered") {
            failures.push(format!("{name}: a loss is claimed that no value shows"));
        }
    }
    assert!(judged > 400, "{judged}: the values are gone");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The values by the verdicts of both sides.
fn sort<'a>(document: &Value, values: impl Iterator<Item = &'a Value>) -> Map<String, Value> {
    let lowered = lower::lower(document).unwrap().document;
    let read = reading::of_3_1(document, "Sample").unwrap();
    let lowered = reading::of_3_0(&lowered, "Sample");
    let mut sorted = json!({ "valid": [], "invalid": [], "only_read": [], "only_lowered": [] });
    for value in values {
        let verdict = match (read.is_valid(value), lowered.is_valid(value)) {
            (true, true) => "valid",
            (false, false) => "invalid",
            (true, false) => "only_read",
            (false, true) => "only_lowered",
        };
        sorted[verdict].as_array_mut().unwrap().push(value.clone());
    }
    let sorted = sorted.as_object().unwrap().clone();
    sorted
        .into_iter()
        .filter(|(_, values)| *values != json!([]))
        .collect()
}
