//! The order of reports: that of the document, whatever the order in which the rules were asked.

use std::collections::HashMap;

use serde_json::Value;

use crate::document;

/// Sorts by the places that the reports name, each report once.
pub(super) fn sort<T: PartialEq>(source: &Value, reports: &mut Vec<T>, place: impl Fn(&T) -> &String) {
    let mut ranks: HashMap<String, usize> = reports
        .iter()
        .map(|report| (place(report).clone(), usize::MAX))
        .collect();
    rank(source, "", &mut 0, &mut ranks);
    reports.sort_by_key(|report| ranks.get(place(report)).copied());
    // What is told twice is told of one place, so it stands together with few others.
    let mut kept: Vec<T> = vec![];
    let mut first_of_place = 0;
    for report in reports.drain(..) {
        if kept.last().is_some_and(|last| place(last) != place(&report)) {
            first_of_place = kept.len();
        }
        if !kept[first_of_place..].contains(&report) {
            kept.push(report);
        }
    }
    *reports = kept;
}

fn rank(value: &Value, at: &str, next: &mut usize, ranks: &mut HashMap<String, usize>) {
    if let Some(rank) = ranks.get_mut(at) {
        *rank = *next;
    }
    *next += 1;
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                rank(value, &document::pointer(at, key), next, ranks);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                rank(item, &document::pointer(at, index), next, ranks);
            }
        }
        _ => {}
    }
}
