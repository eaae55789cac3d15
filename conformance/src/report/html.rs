//! The report for people without a terminal: one page that loads nothing, to be read on a screen or on paper.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::case::Outcome;
use crate::report::{Report, Verdict, words};

/// The page carries its own looks. No script, no font, no picture is fetched.
const STYLE: &str = include_str!("html.css");

pub(super) fn render(report: &Report) -> String {
    let started = format!("{:.0}", report.started);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'";
                title { "API key conformance: " (words::headline(report)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    h1 { "API key conformance" }
                    p.headline.(report_class(report)) { (words::headline(report)) }
                    p {
                        "Run of " time datetime=(started) { (started) }
                        ", " (env!("CARGO_PKG_NAME")) " " (env!("CARGO_PKG_VERSION"))
                        ". " (words::sum(report)) "."
                    }
                    (targets(report))
                    (left_over(report))
                    (changes(report))
                    (troubles(report))
                    (table(report))
                    (legend())
                }
            }
        }
    };
    page.into_string() + "\n"
}

fn report_class(report: &Report) -> &'static str {
    match report.exit().code() {
        0 => "pass",
        1 => "fail",
        _ => "warn",
    }
}

fn targets(report: &Report) -> Markup {
    html! {
        h2 { "What was judged" }
        ul {
            @for judged in &report.judged {
                li {
                    strong { (judged.vendor.title()) } " at " code { (judged.base_url) }
                    @if judged.embedded { " (the mock inside the suite)" }
                }
            }
        }
    }
}

fn left_over(report: &Report) -> Markup {
    html! {
        @if report.interrupted {
            p.warn { "The run was ended before its time." }
        }
        @for (vendor, reason) in report.not_set_up() {
            p.error { strong { (vendor.title()) " could not be judged: " } (reason) }
        }
        @for told in words::stale(report) {
            p.warn { (told) }
        }
        @for name in report.left() {
            p.error { strong { "Left behind: " } "the key named " code { (name) } " could not be revoked." }
        }
    }
}

fn changes(report: &Report) -> Markup {
    html! {
        @if let Some(since) = words::since(report) {
            h2 { (since) }
            ul {
                @for change in report.changes().unwrap_or_default() {
                    li { (words::change(change)) }
                }
            }
        }
    }
}

fn troubles(report: &Report) -> Markup {
    let troubles = report.troubles();
    html! {
        @if !troubles.is_empty() {
            h2 { "What to look at" }
            @for verdict in &troubles {
                (trouble(verdict))
            }
            p.small { (words::VARIABLES) }
        }
    }
}

fn trouble(verdict: &Verdict) -> Markup {
    html! {
        article id=(anchor(verdict)) {
            h3 {
                span.badge.(verdict.outcome.name()) { (verdict.outcome.name()) } " "
                (verdict.vendor.title()) " · " code { (verdict.id) }
            }
            dl {
                @for (what, told) in words::account(verdict) {
                    dt { (what) }
                    dd { (told) }
                }
                @if let Some(curl) = &verdict.curl {
                    dt { "again" }
                    dd { pre { code { (curl) } } }
                }
            }
        }
    }
}

fn table(report: &Report) -> Markup {
    let troubles = report.troubles();
    // A case that is told of above leads there.
    let cell = |vendor, id| match report.verdict(vendor, id) {
        Some(verdict) if troubles.contains(&verdict) => {
            let anchor = format!("#{}", anchor(verdict));
            cell(verdict, &html! { a href=(anchor) { (verdict.outcome.name()) } })
        }
        Some(verdict) => cell(verdict, &html! { (verdict.outcome.name()) }),
        None => html! { td {} },
    };
    html! {
        h2 { "All cases" }
        div.scroll role="region" aria-label="All cases" tabindex="0" {
            table {
                caption { "What came of each case at each vendor" }
                thead {
                    tr {
                        th scope="col" { "case" }
                        @for vendor in report.vendors() {
                            th scope="col" { (vendor.title()) }
                        }
                    }
                }
                tbody {
                    @for id in report.ids() {
                        tr {
                            th scope="row" { (id) }
                            @for vendor in report.vendors() {
                                (cell(vendor, id))
                            }
                        }
                    }
                }
            }
        }
    }
}

fn cell(verdict: &Verdict, shown: &Markup) -> Markup {
    html! {
        td.(verdict.outcome.name()) title=(verdict.detail) { (shown) }
    }
}

fn legend() -> Markup {
    html! {
        h2 { "What the words mean" }
        dl {
            @for outcome in Outcome::ALL {
                dt { (outcome.name()) }
                dd { (words::meaning(outcome)) }
            }
        }
    }
}

fn anchor(verdict: &Verdict) -> String {
    format!("{}-{}", verdict.vendor.name(), verdict.id.replace('/', "-"))
}
