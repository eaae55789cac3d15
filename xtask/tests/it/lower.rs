//! Lowering: a case is a pair of files in `tests/lower`, and adding one is dropping a file. What came out is accepted with
//! `XTASK_ACCEPT=1 cargo test -p xtask`, and then read.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use xtask::lower;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lower")
}

/// A case is a whole document, or a schema that is put into one.
fn as_document(case: &Value) -> Value {
    if case.get("openapi").is_some() {
        return case.clone();
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Sample", "version": "1" },
        "paths": {},
        "components": { "schemas": { "Sample": case, "Other": { "type": "object" } } },
    })
}

#[test]
fn every_pair_lowers_as_it_was_accepted() {
    let mut cases = 0;
    let mut differing = vec![];
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.ends_with(".lowered.json") {
            continue;
        }
        cases += 1;
        let case: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let lowered =
            lower::lower(&as_document(&case)).unwrap_or_else(|refusals| panic!("{name}: {refusals:?}"));
        let result = match case.get("openapi") {
            Some(_) => lowered.document.clone(),
            None => lowered.document["components"]["schemas"].clone(),
        };
        let notes: Vec<String> = lowered.notes.iter().map(ToString::to_string).collect();
        let text = format!(
            "{}\n",
            serde_json::to_string_pretty(&json!({ "lowered": result, "notes": notes })).unwrap()
        );
        let golden = path.with_extension("lowered.json");
        if std::env::var_os("XTASK_ACCEPT").is_some() {
            std::fs::write(&golden, &text).unwrap();
        }
        if std::fs::read_to_string(&golden).unwrap_or_default() != text {
            differing.push(format!("{name} gives\n{text}"));
        }
        // The lowering itself refuses what is no OpenAPI 3.0; this says so once more, from outside.
        serde_json::from_value::<openapiv3::OpenAPI>(lowered.document)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    assert!(cases > 40, "the pairs are gone");
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

#[test]
fn what_is_lowered_is_not_lowered_again() {
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let case: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        if case.get("lowered").is_some() {
            continue;
        }
        let once = lower::lower(&as_document(&case)).unwrap().document;
        let twice = lower::lower(&once).unwrap();
        assert_eq!(twice.document, once, "{}", path.display());
        assert!(twice.notes.is_empty(), "{}: {:?}", path.display(), twice.notes);
    }
}
