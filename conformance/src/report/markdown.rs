//! The report for the summary page of a CI run: what is wrong first, the rest folded away.

use crate::case::Outcome;
use crate::report::{Report, Verdict, words};

pub(super) fn render(report: &Report) -> String {
    let mut text = format!("# API key conformance\n\n{}\n\n", words::headline(report));
    text.push_str(&counts(report));
    for (vendor, reason) in report.not_set_up() {
        text.push_str(&format!(
            "\n**{} could not be judged:** {}\n",
            vendor.title(),
            escaped(reason)
        ));
    }
    for name in report.left() {
        text.push_str(&format!("\n**Left behind:** the key named {}\n", escaped(name)));
    }
    for told in words::stale(report) {
        text.push_str(&format!("\n**Note:** {}\n", escaped(&told)));
    }
    if let Some(since) = words::since(report) {
        text.push_str(&format!("\n**{since}**\n\n"));
        for change in report.changes().unwrap_or_default() {
            text.push_str(&format!("- {}\n", escaped(&words::change(change))));
        }
    }
    let troubles = report.troubles();
    for verdict in &troubles {
        text.push_str(&folded(verdict));
    }
    if troubles.iter().any(|verdict| verdict.curl.is_some()) {
        text.push_str(&format!("\n{}\n", words::VARIABLES));
    }
    text.push_str(&all(report));
    text
}

fn counts(report: &Report) -> String {
    let heads: String = Outcome::ALL
        .iter()
        .map(|outcome| format!(" {} |", outcome.name()))
        .collect();
    let rules = " ---: |".repeat(Outcome::ALL.len());
    let mut text = format!("| vendor |{heads}\n| --- |{rules}\n");
    for vendor in report.vendors() {
        let count = |outcome| {
            let fits = |one: &&Verdict| one.vendor == vendor && one.outcome == outcome;
            report.verdicts.iter().filter(fits).count()
        };
        let cells: String = Outcome::ALL
            .iter()
            .map(|outcome| format!(" {} |", count(*outcome)))
            .collect();
        text.push_str(&format!("| {} |{cells}\n", vendor.title()));
    }
    text.push_str(&format!("\n{}.\n", escaped(&words::keys(report))));
    text
}

fn folded(verdict: &Verdict) -> String {
    let mut text = format!(
        "\n<details>\n<summary>{} <b>{}</b> · {} · <code>{}</code></summary>\n\n",
        mark(verdict.outcome),
        verdict.outcome.name(),
        verdict.vendor.title(),
        verdict.id
    );
    for (what, told) in words::account(verdict) {
        text.push_str(&format!("- **{what}**: {}\n", escaped(&told)));
    }
    if let Some(curl) = &verdict.curl {
        let fence = fence(curl);
        text.push_str(&format!("\n{fence}sh\n{curl}\n{fence}\n"));
    }
    text.push_str("\n</details>\n");
    text
}

fn all(report: &Report) -> String {
    let heads: String = report
        .vendors()
        .map(|vendor| format!(" {} |", vendor.title()))
        .collect();
    let rules = " --- |".repeat(report.judged.len());
    let mut text = format!("\n<details>\n<summary>All cases</summary>\n\n| case |{heads}\n| --- |{rules}\n");
    for id in report.ids() {
        let cells: String = report
            .vendors()
            .map(|vendor| match report.verdict(vendor, id) {
                Some(verdict) => format!(" {} {} |", mark(verdict.outcome), verdict.outcome.name()),
                None => " |".to_owned(),
            })
            .collect();
        text.push_str(&format!("| `{id}` |{cells}\n"));
    }
    text.push_str("\n</details>\n");
    text
}

fn mark(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "✅",
        Outcome::Fail => "❌",
        Outcome::Warn => "⚠️",
        Outcome::Observed => "👁️",
        Outcome::Skip => "➖",
        Outcome::Error => "💥",
        Outcome::Expected => "🔕",
    }
}

/// A target's words must neither be markup nor break a list or a table.
fn escaped(text: &str) -> String {
    let mut clean = String::new();
    for one in text.chars() {
        match one {
            '&' => clean.push_str("&amp;"),
            '<' => clean.push_str("&lt;"),
            '>' => clean.push_str("&gt;"),
            // GitHub makes a link to a person of an at sign, and to an issue of a hash.
            '@' => clean.push_str("&#64;"),
            '#' => clean.push_str("&#35;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '!' => {
                clean.push('\\');
                clean.push(one);
            }
            '\n' | '\r' => clean.push(' '),
            one => clean.push(one),
        }
    }
    clean
}

/// Longer than every run of backticks in the text.
fn fence(text: &str) -> String {
    let longest = text
        .split(|one| one != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    "`".repeat((longest + 1).max(3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_target_are_no_markup() {
        assert_eq!(
            escaped("<b>|`x`* @me #1\n![a](b)"),
            r"&lt;b&gt;\|\`x\`\* &#64;me &#35;1 \!\[a\](b)"
        );
    }

    #[test]
    fn a_fence_is_longer_than_what_is_in_it() {
        assert_eq!(fence("a"), "```");
        assert_eq!(fence("a ```` b `"), "`````");
    }
}
