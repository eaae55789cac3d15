//! The report for people: one table, the vendors across, then what is wrong, then the sum. Where the screen is too narrow
//! for the table the vendors come one after the other.

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{Attribute, Cell, Color, ContentArrangement, Table};

use crate::case::Outcome;
use crate::report::{Colour, Report, Screen, Verdict, words};

/// No screen is taken to be narrower than this: single words have their length.
const NARROWEST: usize = 20;

pub(super) fn render(report: &Report, screen: Screen) -> String {
    let mut text = String::new();
    // A table of nothing but errors would hide the one line that says why.
    if report.not_set_up.len() < report.judged.len() {
        let across = table(report, screen.colour);
        let fits = |width| across.lines().all(|line| columns(&line) <= width);
        if screen.width.is_none_or(fits) {
            text.push_str(&across.to_string());
            text.push('\n');
        } else {
            text.push_str(&one_after_the_other(report, screen.colour));
        }
    }
    text.push_str(&troubles(report, screen));
    for told in words::stale(report) {
        text.push('\n');
        text.push_str(&wrapped("", &told, screen.width));
    }
    text.push('\n');
    text.push_str(&wrapped("", &words::sum(report), screen.width));
    for line in LEGEND.lines() {
        text.push_str(&wrapped("", line, screen.width));
    }
    text
}

/// What is wrong, and the sum: what a test says that failed.
pub(super) fn failures(report: &Report) -> String {
    let screen = Screen::default();
    format!(
        "{}\n{}\n{}",
        words::headline(report),
        troubles(report, screen),
        wrapped("\n", &words::sum(report), screen.width)
    )
}

/// Everything that somebody has to look at.
fn troubles(report: &Report, screen: Screen) -> String {
    let mut text = String::new();
    for verdict in report.troubles() {
        text.push_str(&explanation(verdict, screen.width));
    }
    if let Some(since) = words::since(report) {
        text.push_str(&format!("\n{since}\n"));
        for change in report.changes().unwrap_or_default() {
            text.push_str(&wrapped("  ", &words::change(change), screen.width));
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
    if report.troubles().iter().any(|verdict| verdict.curl.is_some()) {
        text.push('\n');
        text.push_str(&wrapped("", words::VARIABLES, screen.width));
    }
    text
}

const LEGEND: &str = "\
pass: as documented, or as a standard demands · fail: not so · warn: a practice, not a promise, was not kept
observed: the vendor is silent, what was seen is in the JSON report · skip (-): not asked here · error: could not be carried out
";

fn table(report: &Report, colour: Colour) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED);
    table.set_content_arrangement(ContentArrangement::Disabled);
    match colour {
        Colour::Never => table.force_no_tty(),
        Colour::Always => table.enforce_styling(),
    };
    let heads = report
        .vendors()
        .map(|vendor| Cell::new(vendor.title()).add_attribute(Attribute::Bold));
    table.set_header(std::iter::once(Cell::new("case")).chain(heads));
    for id in report.ids() {
        let cells = report.vendors().map(|vendor| match report.verdict(vendor, id) {
            Some(verdict) => {
                let cell = Cell::new(word(verdict.outcome)).fg(colour_of(verdict.outcome));
                match verdict.outcome {
                    Outcome::Fail => cell.add_attribute(Attribute::Bold),
                    _ => cell,
                }
            }
            None => Cell::new(""),
        });
        table.add_row(std::iter::once(Cell::new(id)).chain(cells));
    }
    table
}

fn one_after_the_other(report: &Report, colour: Colour) -> String {
    let mut text = String::new();
    for vendor in report.vendors() {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&format!("{}\n", vendor.title()));
        for verdict in report.verdicts.iter().filter(|one| one.vendor == vendor) {
            let outcome = format!("{:<8}", word(verdict.outcome));
            let outcome = match colour {
                Colour::Never => outcome,
                Colour::Always => format!("\u{1b}[{}m{outcome}\u{1b}[0m", code_of(verdict.outcome)),
            };
            text.push_str(&format!("{outcome} {}\n", verdict.id));
        }
    }
    text
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Skip => "-",
        Outcome::Fail => "FAIL",
        outcome => outcome.name(),
    }
}

fn colour_of(outcome: Outcome) -> Color {
    match outcome {
        Outcome::Skip => Color::DarkGrey,
        Outcome::Pass => Color::Green,
        Outcome::Observed => Color::Cyan,
        Outcome::Warn => Color::Yellow,
        Outcome::Expected => Color::Blue,
        Outcome::Error => Color::Magenta,
        Outcome::Fail => Color::Red,
    }
}

/// The same colours as the terminal is told them.
fn code_of(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Skip => "90",
        Outcome::Pass => "32",
        Outcome::Observed => "36",
        Outcome::Warn => "33",
        Outcome::Expected => "34",
        Outcome::Error => "35",
        Outcome::Fail => "1;31",
    }
}

fn explanation(verdict: &Verdict, width: Option<usize>) -> String {
    let mut lines = format!(
        "\n{} · {} · {}\n",
        verdict.outcome.name(),
        verdict.vendor.title(),
        verdict.id
    );
    for (what, told) in words::account(verdict) {
        let head = format!("  {:<10}", format!("{what}:"));
        lines.push_str(&wrapped(&head, &told, width));
    }
    if let Some(curl) = &verdict.curl {
        // Not wrapped: it is there to be copied.
        lines.push_str(&format!("  again:    {curl}\n"));
    }
    lines
}

/// A head and a text, broken between words so that it fits, the further lines as far in as the first.
fn wrapped(head: &str, told: &str, width: Option<usize>) -> String {
    let Some(width) = width else {
        return format!("{head}{told}\n");
    };
    let indent = columns(head);
    let room = width.max(indent + NARROWEST) - indent;
    let mut text = head.to_owned();
    let mut used = 0;
    for word in told.split(' ') {
        let length = columns(word);
        if used > 0 && used + 1 + length > room {
            text.push('\n');
            text.push_str(&" ".repeat(indent));
            used = 0;
        } else if used > 0 {
            text.push(' ');
            used += 1;
        }
        text.push_str(word);
        used += length;
    }
    text.push('\n');
    text
}

/// How many columns a text takes, without what only colours it.
fn columns(text: &str) -> usize {
    let mut count = 0;
    let mut left = text.chars();
    while let Some(one) = left.next() {
        if one == '\u{1b}' {
            left.by_ref().find(|end| end.is_ascii_alphabetic());
        } else {
            count += 1;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_broken_between_words_and_set_in_below_its_head() {
        let text = wrapped("  seen:     ", "one two three four five six seven", Some(34));
        assert_eq!(
            text,
            "  seen:     one two three four\n            five six seven\n"
        );
        assert_eq!(wrapped("a ", "b c", None), "a b c\n");
    }

    #[test]
    fn colours_take_no_columns() {
        assert_eq!(columns("\u{1b}[1;31mFAIL\u{1b}[0m │"), 6);
    }
}
