//! The report for consumers of the Test Anything Protocol, version 14.

use serde_json::json;

use crate::case::Outcome;
use crate::report::{Report, Verdict, complaint, words};

pub(super) fn render(report: &Report) -> String {
    let drift: Vec<_> = report.drift().collect();
    let points = report.verdicts.len() + drift.len();
    let mut text = format!("TAP version 14\n1..{points}\n");
    for (place, verdict) in report.verdicts.iter().enumerate() {
        text.push_str(&point(place + 1, verdict));
    }
    for (place, change) in drift.into_iter().enumerate() {
        let number = report.verdicts.len() + place + 1;
        text.push_str(&format!(
            "not ok {number} - since the baseline: {}\n",
            one_line(&words::change(change))
        ));
    }
    for (vendor, reason) in report.not_set_up() {
        text.push_str(&format!("# {vendor} could not be judged: {}\n", one_line(reason)));
    }
    for name in report.left() {
        text.push_str(&format!("# left behind: the key named {}\n", one_line(name)));
    }
    for told in words::stale(report) {
        text.push_str(&format!("# {}\n", one_line(&told)));
    }
    text.push_str(&format!("# {}\n", words::sum(report)));
    if report.interrupted {
        text.push_str("Bail out! The run was interrupted.\n");
    }
    text
}

fn point(number: usize, verdict: &Verdict) -> String {
    let listed = words::listing(verdict).unwrap_or_default();
    let (held, directive) = match verdict.outcome {
        _ if complaint(verdict).is_some() => ("not ok", String::new()),
        Outcome::Pass | Outcome::Warn | Outcome::Observed => ("ok", String::new()),
        Outcome::Skip => ("ok", format!(" # SKIP {}", one_line(&verdict.detail))),
        Outcome::Expected => ("not ok", format!(" # TODO {}", one_line(&listed))),
        Outcome::Fail | Outcome::Error => ("not ok", String::new()),
    };
    let mut text = format!(
        "{held} {number} - {}::{}{directive}\n",
        verdict.vendor.name(),
        verdict.id
    );
    if matches!(verdict.outcome, Outcome::Pass | Outcome::Skip) && held == "ok" {
        return text;
    }
    // A string of JSON is one of YAML, and it stays on its line.
    text.push_str("  ---\n");
    text.push_str(&format!("  outcome: {}\n", verdict.outcome.name()));
    for (what, told) in words::account(verdict) {
        text.push_str(&format!("  {what}: {}\n", json!(told)));
    }
    if let Some(curl) = &verdict.curl {
        text.push_str(&format!("  again: {}\n", json!(curl)));
    }
    text.push_str("  ...\n");
    text
}

/// A hash would begin another directive.
fn one_line(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('#', "\\#")
        .replace(['\n', '\r'], " ")
}
