//! What reports of a real run say, and the forms in which the binary writes them.

use std::process::Command;

use keyway_conformance::{Format, Report, Screen, Selection, Target};
use keyway_openapi::Vendor;

use crate::binary::{conformance, words};
use crate::proxy::{Reply, judge_target_bent};

/// A server that says that it revoked a key and goes on accepting it.
async fn report_on_an_undead_key() -> Report {
    judge_undead(Target::embedded(Vendor::Reten).await.unwrap()).await
}

async fn judge_undead(target: Target) -> Report {
    let cases = Selection::matching("revoke/refused-at-once");
    judge_target_bent(target, &cases, |call, upstream| {
        Box::pin(async move {
            if call.is_revoke() {
                Reply::of(200, "{}")
            } else {
                upstream.forward(call).await
            }
        })
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_can_be_seen_again_with_the_line_that_every_form_shows() {
    let report = report_on_an_undead_key().await;
    let verdict = report.verdict(Vendor::Reten, "revoke/refused-at-once").unwrap();
    let curl = verdict.curl.as_deref().unwrap();
    assert!(
        curl.starts_with("curl -i --path-as-is --globoff -X GET http://127.0.0.1:"),
        "{curl}"
    );
    assert!(
        curl.ends_with(r#" -H 'accept: application/json' -H "x-api-key: ${KEYWAY_KEY}""#),
        "{curl}"
    );
    for format in [
        Format::Text(Screen::default()),
        Format::Json,
        Format::Junit,
        Format::Markdown,
        Format::Html,
        Format::Tap,
    ] {
        let rendered = report.render(format);
        assert_eq!(rendered.leaks, 0, "{format:?}");
        for part in ["KEYWAY_KEY", "--path-as-is", "revoke/refused-at-once"] {
            assert!(rendered.text.contains(part), "{format:?} lacks {part}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_seen_is_told_without_what_differs_from_run_to_run() {
    let report = report_on_an_undead_key().await;
    let verdict = report.verdict(Vendor::Reten, "revoke/refused-at-once").unwrap();
    assert_eq!(
        verdict.observed,
        "GET /api/integration/task-result-type-configs answered 200"
    );
}

#[test]
fn several_forms_are_written_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let reports = [
        ("junit", "report.xml", "<?xml"),
        ("html", "report.html", "<!DOCTYPE html>"),
        ("markdown", "report.md", "# API key conformance"),
        ("tap", "report.tap", "TAP version 14"),
        ("json", "report.json", "{"),
        ("text", "report.txt", "┌"),
    ];
    let copies: Vec<String> = reports
        .iter()
        .map(|(form, name, _)| format!("--report={form}={}", file(name)))
        .collect();
    let mut arguments = vec!["--case", "revoke/second-*", "--format", "tap"];
    arguments.extend(copies.iter().map(String::as_str));
    let output = conformance(&arguments, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", words(&output));
    assert!(output.stdout.starts_with(b"TAP version 14\n1..12\n"));
    for (form, name, start) in reports {
        let text = std::fs::read_to_string(file(name)).unwrap();
        assert!(text.starts_with(start), "{form}: {text}");
        assert!(!text.contains('\u{1b}'), "{form} is coloured");
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_is_written_to_and_not_replaced() {
    let output = conformance(
        &["--case", "revoke/second-answer", "--report", "json=/dev/stderr"],
        &[],
    );
    assert_eq!(output.status.code(), Some(0), "{}", words(&output));
    let report: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!(report["summary"]["fail"], 0);
}

#[test]
fn a_report_that_is_no_form_or_no_file_is_a_matter_of_usage() {
    for wrong in [
        "--report=junit",
        "--report=pdf=x",
        "--report=junit=",
        "--format=pdf",
    ] {
        let output = conformance(&[wrong], &[]);
        assert_eq!(output.status.code(), Some(2), "{wrong:?}: {}", words(&output));
    }
}

#[test]
fn the_schema_of_the_report_is_printed() {
    let output = conformance(&["schema", "report"], &[]);
    assert_eq!(output.status.code(), Some(0));
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(printed, include_str!("../../schemas/report.json"));
}

#[test]
fn a_whole_run_fits_the_schema() {
    let output = conformance(&["--format", "json"], &[]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let schema = serde_json::from_str(include_str!("../../schemas/report.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&report)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn columns_decide_whether_the_vendors_stand_side_by_side() {
    let arguments = ["--case", "revoke/second-answer"];
    let narrow = conformance(&arguments, &[("COLUMNS", "40")]);
    let text = String::from_utf8(narrow.stdout).unwrap();
    assert!(
        text.starts_with("Sinjapp\nobserved revoke/second-answer\n"),
        "{text}"
    );
    let wide = conformance(&arguments, &[("COLUMNS", "120")]);
    assert!(String::from_utf8(wide.stdout).unwrap().starts_with('┌'));
}

/// The line works in a shell, against the server that was judged.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_line_sends_what_was_sent() {
    // The mock ends with its last target.
    let target = Target::embedded(Vendor::Reten).await.unwrap();
    let report = judge_undead(target.clone()).await;
    let verdict = report.verdict(Vendor::Reten, "revoke/refused-at-once").unwrap();
    let line = verdict.curl.clone().unwrap();
    let sent = tokio::task::spawn_blocking(move || {
        Command::new("sh")
            .args(["-c", &line])
            .env("KEYWAY_KEY", "rtn_sk_never_issued")
            .env("no_proxy", "*")
            .output()
    });
    let Ok(output) = sent.await.unwrap() else {
        return;
    };
    let text = String::from_utf8_lossy(&output.stdout);
    // Where there is no curl, the shell says so and nothing is shown.
    assert!(
        text.starts_with("HTTP/1.1 401") || output.status.code() == Some(127),
        "{text}"
    );
}
