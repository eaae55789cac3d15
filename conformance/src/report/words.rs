//! Sentences that several renderings say.

use crate::baseline::{Change, ChangeKind};
use crate::case::Outcome;
use crate::report::{Exit, Report, Verdict};

/// The whole run in a sentence that needs no knowledge of the suite.
pub(super) fn headline(report: &Report) -> String {
    let names: Vec<&str> = report.vendors().map(|vendor| vendor.title()).collect();
    let names = listed(&names);
    let failed = report.count(Outcome::Fail);
    let judged = [Outcome::Pass, Outcome::Fail, Outcome::Warn, Outcome::Expected]
        .iter()
        .map(|outcome| report.count(*outcome))
        .sum::<usize>();
    let passed = report.count(Outcome::Pass);
    match report.exit() {
        Exit::Failed if failed == 0 => format!(
            "No promise about API keys was broken, but since the baseline {}.",
            match report.drift().count() {
                1 => "one thing has changed".to_owned(),
                several => format!("{several} things have changed"),
            }
        ),
        Exit::Failed => {
            let broken: Vec<&str> = report
                .vendors()
                .filter(|vendor| {
                    let fails = |one: &Verdict| one.outcome == Outcome::Fail && one.vendor == *vendor;
                    report.verdicts.iter().any(fails)
                })
                .map(|vendor| vendor.title())
                .collect();
            format!(
                "{} of {judged} promises about API keys were broken, by {}.",
                failed,
                listed(&broken)
            )
        }
        _ if judged == 0 => format!("Nothing could be judged about API keys at {names}."),
        Exit::Clean if report.count(Outcome::Expected) > 0 => {
            format!("{names} kept {passed} of {judged} promises about API keys; every failure was expected.")
        }
        Exit::Clean => format!("{names} kept all {passed} promises about API keys that could be judged."),
        Exit::Outdated => {
            format!("No failure at {names} was a surprise, but the list of expected failures is out of date.")
        }
        Exit::NotCleanedUp => {
            format!("No promise was broken, but keys that the run made at {names} are still in force.")
        }
        Exit::NotCarriedOut => {
            format!("No broken promise was seen at {names}, but not everything could be judged.")
        }
    }
}

/// How many cases came to each outcome, and what became of the keys.
pub(super) fn sum(report: &Report) -> String {
    let counts: Vec<String> = Outcome::ALL
        .iter()
        .filter(|outcome| **outcome != Outcome::Expected || report.count(**outcome) > 0)
        .map(|outcome| format!("{} {}", report.count(*outcome), outcome.name()))
        .collect();
    format!("{} · {}", counts.join(", "), keys(report))
}

pub(super) fn keys(report: &Report) -> String {
    match report.left.len() {
        0 => format!("{} keys made, all of them revoked", report.made),
        left => format!("{} keys made, {left} of them left behind", report.made),
    }
}

/// What is said of the baseline, if there is one.
pub(super) fn since(report: &Report) -> Option<&'static str> {
    let changes = report.changes()?;
    Some(match changes {
        [] => "Nothing has changed since the baseline.",
        _ => "Since the baseline:",
    })
}

/// A change in a line of its own.
pub(super) fn change(change: &Change) -> String {
    match change.kind {
        ChangeKind::Drift => format!("{} · {}", change.told, change.id),
        ChangeKind::Note => format!("{} (not counted) · {}", change.told, change.id),
    }
}

/// What is said of keys that earlier runs left behind.
pub(super) fn stale(report: &Report) -> Vec<String> {
    let there = report
        .stale
        .there
        .iter()
        .map(|name| format!("an earlier run left the key named {name}; --sweep-stale revokes it"));
    let revoked = report
        .stale
        .revoked
        .iter()
        .map(|name| format!("an earlier run left the key named {name}, which was revoked now"));
    there.chain(revoked).collect()
}

/// What outcomes mean.
pub(super) fn meaning(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "as documented, or as a standard demands",
        Outcome::Fail => "not so",
        Outcome::Warn => "a practice, not a promise, was not kept",
        Outcome::Observed => "the vendor is silent; what was seen is written down",
        Outcome::Skip => "not asked here",
        Outcome::Error => "could not be carried out",
        Outcome::Expected => "a failure that was announced",
    }
}

/// What is said of a verdict, line by line: a word and a text.
pub(super) fn account(verdict: &Verdict) -> Vec<(&'static str, String)> {
    let mut lines = vec![
        ("demanded", verdict.requirement.to_owned()),
        ("source", verdict.source.clone()),
    ];
    if verdict.expected.is_empty() {
        lines.push(("because", verdict.detail.clone()));
    } else {
        lines.push(("expected", verdict.expected.clone()));
        lines.push(("seen", verdict.seen.clone()));
    }
    lines.extend(listing(verdict).map(|told| ("listed", told)));
    lines
}

/// What the list of expected failures has to do with a verdict.
pub(super) fn listing(verdict: &Verdict) -> Option<String> {
    let listing = verdict.listing.as_ref()?;
    let announced = || format!("expected to fail until {} ({})", listing.until, listing.reason);
    Some(listing.complaint().unwrap_or_else(announced))
}

/// What the variables in the lines for a shell stand for.
pub(super) const VARIABLES: &str = "\
In the curl lines KEYWAY_CREDENTIAL, KEYWAY_LIMITED_CREDENTIAL and KEYWAY_OTHER_CREDENTIAL are the values without their key: or bearer:, \
KEYWAY_KEY is a key made for the case, KEYWAY_UNKNOWN_KEY one that was changed or never issued.";

fn listed(names: &[&str]) -> String {
    match names {
        [] => "nobody".to_owned(),
        [one] => (*one).to_owned(),
        [some @ .., last] => format!("{} and {last}", some.join(", ")),
    }
}
/// A text of somebody else's on one line, with what steers a terminal or turns the direction of writing shown and not
/// obeyed.
pub(super) fn visible(text: &str) -> String {
    let steers = |one: char| {
        one.is_control()
            || matches!(one, '\u{200E}' | '\u{200F}' | '\u{2028}' | '\u{2029}')
            || ('\u{202A}'..='\u{202E}').contains(&one)
            || ('\u{2066}'..='\u{2069}').contains(&one)
    };
    let mut shown = String::with_capacity(text.len());
    for one in text.chars() {
        if steers(one) {
            shown.extend(one.escape_unicode());
        } else {
            shown.push(one);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_shown() {
        let seen = "a\u{1b}[2Jb\nc\u{0}\u{202e}d Größe";
        assert_eq!(visible(seen), r"a\u{1b}[2Jb\u{a}c\u{0}\u{202e}d Größe");
    }
}
