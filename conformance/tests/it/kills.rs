//! The kill matrix: what is committed is of these sabotages and these cases, and what it says can be seen again.

use std::collections::BTreeSet;

use keyway_conformance::{catalogue, kill_matrix};
use keyway_mock::Sabotage;
use keyway_openapi::Vendor;
use serde_json::Value;

fn committed() -> Vec<Value> {
    let text = include_str!("../../reports/kill-matrix.json");
    let matrix: Value = serde_json::from_str(text).unwrap();
    matrix["rows"].as_array().unwrap().clone()
}

#[test]
fn the_committed_matrix_has_every_sabotage_and_vendor_and_no_survivor() {
    let rows = committed();
    let kept: BTreeSet<(String, String)> = rows
        .iter()
        .map(|row| {
            (
                row["sabotage"].as_str().unwrap().to_owned(),
                row["vendor"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    let known: BTreeSet<(String, String)> = Sabotage::all()
        .flat_map(|one| {
            one.vendors
                .iter()
                .map(|vendor| (one.name.to_owned(), vendor.name().to_owned()))
        })
        .collect();
    assert_eq!(kept, known, "run `keyway-conformance sabotage --write`");
    for row in &rows {
        let count = |member: &str| row[member].as_array().unwrap().len();
        assert!(count("killed_by") + count("warned_by") > 0, "{row}");
    }
}

#[test]
fn the_committed_matrix_names_cases_that_there_are() {
    let known: BTreeSet<&str> = catalogue().iter().map(|case| case.id()).collect();
    for row in committed() {
        for member in ["killed_by", "warned_by"] {
            for case in row[member].as_array().unwrap() {
                assert!(
                    known.contains(case.as_str().unwrap()),
                    "{case} is no case any more"
                );
            }
        }
    }
}

#[test]
fn a_broken_promise_is_killed_by_the_case_that_watches_over_it() {
    let sabotages = [
        ("siblings-die-too", "revoke/siblings-survive"),
        ("last-character-ignored", "use/tampered-key-refused"),
    ];
    let names: Vec<&Sabotage> = sabotages
        .iter()
        .map(|(name, _)| Sabotage::named(name).unwrap())
        .collect();
    let matrix = kill_matrix(&[Vendor::Dolfin], &names, &|_, _| {}).unwrap();
    assert_eq!(matrix.failed_intact, Vec::<String>::new());
    for (row, (_, case)) in matrix.rows.iter().zip(sabotages) {
        assert!(row.killed_by.contains(case), "{row:?}");
    }
    assert_eq!(matrix.rows.len(), 2);
}
