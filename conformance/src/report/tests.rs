//! The renderings of one tree, and the tree itself.

use super::*;
use crate::cases::catalogue;
use crate::reproduce::Variables;

const SCREENS: [Screen; 3] = [
    Screen {
        colour: Colour::Never,
        width: None,
    },
    Screen {
        colour: Colour::Always,
        width: Some(40),
    },
    Screen {
        colour: Colour::Always,
        width: Some(200),
    },
];

fn formats() -> Vec<Format> {
    let others = [
        Format::Json,
        Format::Junit,
        Format::Markdown,
        Format::Html,
        Format::Tap,
    ];
    SCREENS.map(Format::Text).into_iter().chain(others).collect()
}

fn report_of(verdicts: Vec<Verdict>, left: &[&str], vault: Vault) -> Report {
    let side = Side {
        judged: Judged {
            vendor: Vendor::Reten,
            base_url: "http://127.0.0.1:1".to_owned(),
            embedded: true,
        },
        verdicts,
        not_set_up: None,
        made: 1,
        left: left.iter().map(|name| (*name).to_owned()).collect(),
        stale: Found::default(),
        phases: Vec::new(),
        variables: Variables::new([]),
    };
    Report::of(vec![side], vault, false, Timestamp::UNIX_EPOCH)
}

fn report(outcomes: &[Outcome], left: &[&str]) -> Report {
    let verdicts = outcomes
        .iter()
        .zip(catalogue())
        .map(|(outcome, case)| Verdict::without_findings(case, Vendor::Reten, *outcome, "a planted-secret"))
        .collect();
    let vault = Vault::default();
    vault.keep("planted-secret");
    report_of(verdicts, left, vault)
}

/// A failure whose words and curl line hold this text.
fn failure(text: &str) -> Verdict {
    Verdict {
        expected: format!("expected {text}"),
        seen: format!("seen {text}"),
        curl: Some(format!("curl {text}")),
        ..Verdict::without_findings(catalogue()[0], Vendor::Reten, Outcome::Fail, text)
    }
}

#[test]
fn a_failure_outweighs_keys_left_and_those_outweigh_errors() {
    use Outcome::{Error, Expected, Fail, Observed, Pass, Skip, Warn};
    for (outcomes, left, exit) in [
        (&[Pass, Observed, Warn, Skip][..], &[][..], Exit::Clean),
        (&[Pass, Expected], &[], Exit::Clean),
        (&[Pass, Error], &[], Exit::NotCarriedOut),
        (&[Pass, Error], &["keyway-1"], Exit::NotCleanedUp),
        (&[Fail, Error], &["keyway-1"], Exit::Failed),
        (&[Skip, Skip], &[], Exit::NotCarriedOut),
        (&[], &[], Exit::NotCarriedOut),
    ] {
        assert_eq!(report(outcomes, left).exit(), exit, "{outcomes:?} {left:?}");
    }
}

#[test]
fn no_rendering_holds_a_secret() {
    let report = report(&[Outcome::Fail], &["keyway-planted-secret"]);
    for format in formats() {
        let rendered = report.render(format);
        assert!(!rendered.text.contains("planted"), "{}", rendered.text);
        assert_eq!(
            rendered.leaks, 1,
            "the name of the key left behind holds it: {format:?}"
        );
    }
}

/// The tree is redacted when it is made; here something got past that, in characters that each form writes differently.
#[test]
fn a_secret_is_found_behind_the_escapes_of_every_form() {
    for secret in [
        r#"pl<an>&"qzx'1"#,
        r"pl_an*qzx|`2~!",
        r"pl#an@qzx\3[x]",
        "pl/an+qzx==%4",
    ] {
        for format in formats() {
            let vault = Vault::default();
            let mut report = report_of(Vec::new(), &[], vault.clone());
            report.verdicts.push(failure(&format!("({secret})")));
            vault.keep(secret);
            let rendered = report.render(format);
            assert_eq!(rendered.leaks, 1, "{format:?}\n{}", rendered.text);
            assert!(!rendered.text.contains("qzx"), "{format:?}\n{}", rendered.text);
            assert!(
                rendered.text.contains("[redacted]"),
                "{format:?}\n{}",
                rendered.text
            );
        }
    }
}

#[test]
fn every_form_shows_what_was_demanded_expected_and_seen_and_how_to_see_it_again() {
    let report = report_of(vec![failure("nothing")], &[], Vault::default());
    for format in formats() {
        let text = report.render(format).text;
        let text = text.replace("\n            ", " ");
        for part in [
            catalogue()[0].requirement,
            "expected nothing",
            "seen nothing",
            "curl nothing",
        ] {
            assert!(text.contains(part), "{format:?} lacks {part}\n{text}");
        }
    }
}

#[test]
fn json_has_the_summary_and_the_results_that_programs_rely_on() {
    let rendered = report(&[Outcome::Pass, Outcome::Skip], &[]).render(Format::Json);
    let value: serde_json::Value = serde_json::from_str(&rendered.text).unwrap();
    assert_eq!(
        value["summary"],
        serde_json::json!({"pass": 1, "fail": 0, "warn": 0, "observed": 0, "skip": 1, "error": 0, "expected": 0})
    );
    for member in ["id", "vendor", "outcome", "basis", "source", "detail"] {
        assert!(value["results"][0][member].is_string(), "{member}");
    }
    assert_eq!(value["results"][0]["vendor"], "reten");
}

#[test]
fn json_fits_the_schema_that_is_published() {
    let schema: serde_json::Value = serde_json::from_str(&schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut verdict = failure("nothing");
    verdict.looks.push(Look {
        outcome: Outcome::Fail,
        expected: String::new(),
        seen: String::new(),
        observed: String::new(),
    });
    let text = report_of(vec![verdict], &["keyway-1"], Vault::default())
        .render(Format::Json)
        .text;
    let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&value)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
    value["results"][0]["outcome"] = "broken".into();
    assert!(!validator.is_valid(&value));
}

#[test]
fn the_committed_schema_is_current() {
    let committed = include_str!("../../schemas/report.json");
    assert!(
        committed == schema(),
        "run `cargo run -p keyway-conformance -- schema report > conformance/schemas/report.json`"
    );
}

#[test]
fn junit_tells_failures_errors_and_skips_apart_and_counts_them() {
    let outcomes = [
        Outcome::Pass,
        Outcome::Fail,
        Outcome::Error,
        Outcome::Skip,
        Outcome::Warn,
        Outcome::Expected,
    ];
    let text = report(&outcomes, &[]).render(Format::Junit).text;
    let junit = quick_junit::Report::deserialize_from_str(&text).unwrap();
    assert_eq!(
        (junit.tests, junit.failures, junit.errors, junit.skipped),
        (6, 1, 1, 2)
    );
    let suite = &junit.test_suites[0];
    assert_eq!(suite.name.as_str(), "reten");
    assert_eq!(
        (suite.tests, suite.failures, suite.errors, suite.skipped),
        (6, 1, 1, 2)
    );
    for element in ["<failure ", "<error ", "<skipped "] {
        assert!(text.contains(element), "{text}");
    }
    assert!(
        !text.contains("<properties>"),
        "JUnit's schema has none in a test case"
    );
}

#[test]
fn tap_counts_its_points_and_escapes_its_directives() {
    let mut skipped = failure("a # b \\ c");
    skipped.outcome = Outcome::Skip;
    let text = report_of(vec![failure("x"), skipped], &[], Vault::default())
        .render(Format::Tap)
        .text;
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("TAP version 14"));
    assert_eq!(lines.next(), Some("1..2"));
    assert!(
        text.contains("\nnot ok 1 - reten::create/answers-as-declared\n  ---\n"),
        "{text}"
    );
    assert!(
        text.contains("\nok 2 - reten::create/answers-as-declared # SKIP a \\# b \\\\ c\n"),
        "{text}"
    );
}

#[test]
fn markdown_folds_details_away_and_names_failures_before_all_cases() {
    let text = report_of(vec![failure("x")], &[], Vault::default())
        .render(Format::Markdown)
        .text;
    let failure = text.find("<summary>❌").unwrap();
    assert!(failure < text.find("All cases").unwrap(), "{text}");
    assert_eq!(
        text.matches("<details>").count(),
        text.matches("</details>").count()
    );
}

#[test]
fn the_page_loads_nothing_and_shows_no_markup_of_a_target() {
    let text = report_of(vec![failure("<script>alert(1)</script>")], &[], Vault::default())
        .render(Format::Html)
        .text;
    for forbidden in ["<script", "src=", "@import", "url(", "<link"] {
        assert!(!text.contains(forbidden), "{forbidden}");
    }
    assert!(text.contains("&lt;script&gt;alert(1)"), "{text}");
    assert!(text.contains("1 of 1 promises about API keys were broken, by Reten."));
}

#[test]
fn a_narrow_screen_has_one_vendor_after_the_other_and_no_long_line() {
    let of_width = |width| {
        Format::Text(Screen {
            colour: Colour::Never,
            width: Some(width),
        })
    };
    let report = report(&[Outcome::Pass, Outcome::Warn], &[]);
    let text = report.render(of_width(34)).text;
    assert!(text.starts_with("Reten\npass     create/"), "{text}");
    let text = report.render(of_width(80)).text;
    assert!(text.starts_with('┌'), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
}

fn expecting(outcome: Outcome, until: &str) -> Report {
    let list = format!(
        "[[expected]]\ncase = 'create/answers-as-declared'\nvendor = 'reten'\nreason = 'ticket 7'\nuntil = {until}"
    );
    report(&[outcome], &[]).expecting(&list.parse().unwrap(), jiff::civil::date(2026, 11, 21))
}

#[test]
fn a_listed_failure_fails_no_run_and_a_list_that_is_out_of_date_does() {
    use Outcome::{Error, Expected, Fail, Observed, Pass, Skip, Warn};
    for (outcome, until, then, exit) in [
        (Fail, "2026-11-21", Expected, Exit::Clean),
        (Fail, "2026-11-20", Fail, Exit::Outdated),
        (Pass, "2026-11-21", Pass, Exit::Outdated),
        (Pass, "2026-11-20", Pass, Exit::Outdated),
        (Observed, "2026-11-21", Observed, Exit::Outdated),
        (Warn, "2026-11-21", Warn, Exit::Outdated),
        (Skip, "2026-11-21", Skip, Exit::NotCarriedOut),
        (Error, "2026-11-21", Error, Exit::NotCarriedOut),
    ] {
        let report = expecting(outcome, until);
        assert_eq!(report.verdicts[0].outcome, then, "{outcome:?} {until}");
        assert_eq!(report.exit(), exit, "{outcome:?} {until}");
    }
}

#[test]
fn every_form_shows_that_a_failure_was_expected_or_that_the_list_is_out_of_date() {
    for format in formats() {
        for (outcome, told) in [(Outcome::Fail, "ticket 7"), (Outcome::Pass, "ticket 7")] {
            let text = expecting(outcome, "2026-11-21").render(format).text;
            assert!(text.contains(told), "{format:?}\n{text}");
        }
    }
    let tap = |outcome| expecting(outcome, "2026-11-21").render(Format::Tap).text;
    assert!(tap(Outcome::Fail).contains(
        "\nnot ok 1 - reten::create/answers-as-declared # TODO expected to fail until 2026-11-21 (ticket 7)\n"
    ));
    assert!(tap(Outcome::Pass).contains("\nnot ok 1 - reten::create/answers-as-declared\n"));
    let junit = |outcome| expecting(outcome, "2026-11-21").render(Format::Junit).text;
    assert!(junit(Outcome::Fail).contains("failures=\"0\"") && junit(Outcome::Fail).contains("<skipped "));
    assert!(junit(Outcome::Pass).contains("<failure "));
}

#[test]
fn strictly_a_practice_that_was_not_kept_is_a_failure() {
    assert_eq!(report(&[Outcome::Warn], &[]).exit(), Exit::Clean);
    assert_eq!(report(&[Outcome::Warn], &[]).strictly().exit(), Exit::Failed);
}

#[test]
fn every_form_shows_what_has_changed_since_the_baseline() {
    let looks = |status: u16| {
        vec![Look {
            outcome: Outcome::Observed,
            expected: "second revoke: nothing in particular".to_owned(),
            seen: String::new(),
            observed: format!("POST /x answered {status}"),
        }]
    };
    let verdict = |status| Verdict {
        looks: looks(status),
        ..Verdict::without_findings(catalogue()[0], Vendor::Reten, Outcome::Observed, "")
    };
    let report = |status| report_of(vec![verdict(status)], &[], Vault::default());
    let baseline: Baseline = report(200).render(Format::Json).text.parse().unwrap();
    let same = report(200).against(&baseline);
    assert_eq!((same.changes(), same.exit()), (Some(&[][..]), Exit::Clean));
    let other = report(404).against(&baseline);
    assert_eq!(other.exit(), Exit::Failed);
    for format in formats() {
        let text = other.render(format).text.replace("\n  ", " ");
        assert!(
            text.contains("Reten now answers 404 to a second revoke, before 200"),
            "{format:?}\n{text}"
        );
    }
    assert!(
        other
            .render(Format::Tap)
            .text
            .starts_with("TAP version 14\n1..2\n")
    );
    assert!(other.render(Format::Junit).text.contains("failures=\"1\""));
}
