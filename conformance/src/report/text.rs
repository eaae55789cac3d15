//! The report for people: one table, the vendors across, then what is wrong, then the sum.

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{Attribute, Cell, Color, ContentArrangement, Table};

use crate::case::Outcome;
use crate::report::{Colour, Report, Verdict};

pub(super) fn render(report: &Report, colour: Colour) -> String {
    let mut text = String::new();
    // A table of nothing but errors would hide the one line that says why.
    if report.not_set_up.len() < report.vendors.len() {
        text.push_str(&table(report, colour));
        text.push('\n');
    }
    for outcome in [Outcome::Fail, Outcome::Error, Outcome::Warn] {
        // What could not be set up is said once, and not again for every case.
        let told = |verdict: &&Verdict| {
            !report
                .not_set_up
                .iter()
                .any(|(vendor, _)| *vendor == verdict.vendor)
        };
        for verdict in report
            .verdicts
            .iter()
            .filter(|one| one.outcome == outcome)
            .filter(told)
        {
            text.push_str(&explanation(verdict));
        }
    }
    for (vendor, reason) in &report.not_set_up {
        text.push_str(&format!("\n{vendor} could not be judged: {reason}\n"));
    }
    for name in &report.left {
        text.push_str(&format!(
            "\nleft behind: the key named {name} could not be revoked\n"
        ));
    }
    text.push_str(&format!("\n{}\n", sum(report)));
    text.push_str(LEGEND);
    text
}

const LEGEND: &str = "\
pass: as documented, or as a standard demands · fail: not so · warn: a practice, not a promise, was not kept
observed: the vendor is silent, what was seen is in the JSON report · skip (-): not asked here · error: could not be carried out
";

fn table(report: &Report, colour: Colour) -> String {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED);
    table.set_content_arrangement(ContentArrangement::Disabled);
    match colour {
        Colour::Never => table.force_no_tty(),
        Colour::Always => table.enforce_styling(),
    };
    let heads = report
        .vendors
        .iter()
        .map(|vendor| Cell::new(vendor.title()).add_attribute(Attribute::Bold));
    table.set_header(std::iter::once(Cell::new("case")).chain(heads));
    let mut ids: Vec<&str> = Vec::new();
    for verdict in &report.verdicts {
        if !ids.contains(&verdict.id) {
            ids.push(verdict.id);
        }
    }
    for id in ids {
        let cells = report
            .vendors
            .iter()
            .map(|vendor| match report.verdict(*vendor, id) {
                Some(verdict) => cell(verdict.outcome),
                None => Cell::new(""),
            });
        table.add_row(std::iter::once(Cell::new(id)).chain(cells));
    }
    table.to_string()
}

fn cell(outcome: Outcome) -> Cell {
    match outcome {
        Outcome::Skip => Cell::new("-").fg(Color::DarkGrey),
        Outcome::Pass => Cell::new("pass").fg(Color::Green),
        Outcome::Observed => Cell::new("observed").fg(Color::Cyan),
        Outcome::Warn => Cell::new("warn").fg(Color::Yellow),
        Outcome::Error => Cell::new("error").fg(Color::Magenta),
        Outcome::Fail => Cell::new("FAIL").fg(Color::Red).add_attribute(Attribute::Bold),
    }
}

fn explanation(verdict: &Verdict) -> String {
    let head = format!(
        "\n{} · {} · {}\n",
        verdict.outcome.name(),
        verdict.vendor.title(),
        verdict.id
    );
    let mut lines = format!(
        "{head}  demanded: {}\n  source:   {}\n",
        verdict.requirement, verdict.source
    );
    if verdict.expected.is_empty() {
        lines.push_str(&format!("  because:  {}\n", verdict.detail));
    } else {
        lines.push_str(&format!(
            "  expected: {}\n  seen:     {}\n",
            verdict.expected, verdict.seen
        ));
    }
    lines
}

fn sum(report: &Report) -> String {
    let counts: Vec<String> = Outcome::ALL
        .iter()
        .map(|outcome| format!("{} {}", report.count(*outcome), outcome.name()))
        .collect();
    let keys = match report.left.len() {
        0 => format!("{} keys made, all of them revoked", report.made),
        left => format!("{} keys made, {left} of them left behind", report.made),
    };
    format!("{} · {keys}", counts.join(", "))
}
