//! The report for programs.

use serde_json::{Map, Value, json};

use crate::case::Outcome;
use crate::report::Report;

pub(super) fn render(report: &Report) -> String {
    let summary: Map<String, Value> = Outcome::ALL
        .iter()
        .map(|outcome| (outcome.name().to_owned(), json!(report.count(*outcome))))
        .collect();
    let not_set_up: Vec<Value> = report
        .not_set_up
        .iter()
        .map(|(vendor, reason)| json!({ "vendor": vendor, "reason": reason }))
        .collect();
    let value = json!({
        "summary": summary,
        "results": report.verdicts,
        "not_set_up": not_set_up,
        "keys": { "made": report.made, "left": report.left },
    });
    // A value made of strings, numbers and lists always has a text.
    let mut text = serde_json::to_string_pretty(&value).unwrap_or_default();
    text.push('\n');
    text
}
