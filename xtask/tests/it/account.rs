//! The account of a lowering: everything in the document that was read is kept where it was, or a note or a refusal names it.

use serde_json::Value;
use xtask::document::pointer;
use xtask::lower::{Lowered, Note};

/// Rules that add what is missing. They stand at an object that stays, and account for nothing below it.
const ADDING: &[&str] = &[
    "items-absent",
    "paths-absent",
    "responses-absent",
    "description-absent",
    "octet-stream",
];

/// What is neither in its place nor named by a note.
pub(crate) fn lost_in_silence(document: &Value, lowered: &Lowered) -> Vec<String> {
    let mut lost = vec![];
    look(document, "", lowered, &mut lost);
    lost
}

fn look(read: &Value, at: &str, lowered: &Lowered, lost: &mut Vec<String>) {
    let there = lowered.document.pointer(at);
    if there == Some(read)
        || lowered
            .notes
            .iter()
            .any(|note| note.pointer == at && !ADDING.contains(&note.rule))
    {
        return;
    }
    let stays = there
        .is_some_and(|there| there.is_object() == read.is_object() && there.is_array() == read.is_array());
    match read {
        Value::Object(object) if stays => {
            for (key, value) in object {
                let here = pointer(at, key);
                if !moved_with_its_type(key, at, lowered) {
                    look(value, &here, lowered, lost);
                }
            }
        }
        Value::Array(items) if stays => {
            for (index, value) in items.iter().enumerate() {
                look(value, &pointer(at, index), lowered, lost);
            }
        }
        _ => lost.push(format!("{at}: {read}")),
    }
}

/// A keyword that speaks of one type of a list goes into the branch of that type.
fn moved_with_its_type(key: &str, at: &str, lowered: &Lowered) -> bool {
    let types = pointer(at, "type");
    let is_split = |note: &Note| note.pointer == types && note.rule == "type-array";
    let has = |branch: &Value| branch.get(key).is_some();
    let branches = |schema: &Value, keyword: &str| {
        schema.get(keyword).and_then(Value::as_array).is_some_and(|all| {
            all.iter().any(|branch| {
                has(branch) || branch["oneOf"].as_array().is_some_and(|all| all.iter().any(has))
            })
        })
    };
    let schema = lowered.document.pointer(at);
    lowered.notes.iter().any(is_split)
        && schema.is_some_and(|schema| branches(schema, "oneOf") || branches(schema, "allOf"))
}
