//! The report for CI servers: JUnit's XML, one suite of tests for each vendor.

use std::time::Duration;

use quick_junit::{NonSuccessKind, Report as Junit, TestCase, TestCaseStatus, TestSuite};

use crate::case::Outcome;
use crate::report::{Report, Verdict, complaint, words};

pub(super) fn render(report: &Report) -> String {
    let mut junit = Junit::new(env!("CARGO_PKG_NAME"));
    junit.set_time(report.took);
    for vendor in report.vendors() {
        let mut suite = TestSuite::new(vendor.name());
        let mut took = Duration::ZERO;
        for verdict in report.verdicts.iter().filter(|one| one.vendor == vendor) {
            took += Duration::from_millis(verdict.milliseconds);
            suite.add_test_case(test_case(verdict));
        }
        suite.set_time(took);
        suite
            .extra
            .insert("timestamp".into(), format!("{:.0}", report.started).into());
        junit.add_test_suite(suite);
    }
    if report.changes().is_some() {
        junit.add_test_suite(since_the_baseline(report));
    }
    if !report.left().is_empty() {
        junit.add_test_suite(left_over(report));
    }
    // Writing to memory does not fail.
    junit.to_string().unwrap_or_default()
}

/// Drift fails the run, so it has to be a failure here.
fn since_the_baseline(report: &Report) -> TestSuite {
    let mut suite = TestSuite::new("since the baseline");
    for change in report.drift() {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_message(change.told.as_str()).set_type("drift");
        let mut case = TestCase::new(change.id, status);
        case.set_classname(format!("baseline.{}", change.vendor.name()));
        suite.add_test_case(case);
    }
    suite
}

/// A key that is still in force is no matter of any case, and none to be overlooked.
fn left_over(report: &Report) -> TestSuite {
    let mut suite = TestSuite::new("cleaning up");
    for name in report.left() {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_message(format!("the key named {name} could not be revoked"));
        let mut case = TestCase::new(name.as_str(), status);
        case.set_classname("cleaning-up");
        suite.add_test_case(case);
    }
    suite
}

fn test_case(verdict: &Verdict) -> TestCase {
    let account = account(verdict);
    let mut status = match verdict.outcome {
        // A list that is out of date fails the run, so it has to be a failure here.
        Outcome::Fail => TestCaseStatus::non_success(NonSuccessKind::Failure),
        _ if complaint(verdict).is_some() => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Outcome::Error => TestCaseStatus::non_success(NonSuccessKind::Error),
        Outcome::Skip | Outcome::Expected => TestCaseStatus::skipped(),
        Outcome::Pass | Outcome::Warn | Outcome::Observed => TestCaseStatus::success(),
    };
    status.set_message(message(verdict));
    if matches!(status, TestCaseStatus::NonSuccess { .. }) {
        status.set_type(verdict.basis.name());
        status.set_description(account.as_str());
    }
    let mut case = TestCase::new(verdict.id, status);
    case.set_classname(format!("keyway.{}", verdict.vendor.name()));
    case.set_time(Duration::from_millis(verdict.milliseconds));
    if matches!(
        verdict.outcome,
        Outcome::Warn | Outcome::Observed | Outcome::Expected
    ) {
        // What is no failure has no other place for its words.
        case.set_system_out(format!("{}: {account}", verdict.outcome.name()));
    }
    case
}

fn message(verdict: &Verdict) -> String {
    words::listing(verdict).map_or_else(
        || verdict.detail.clone(),
        |listed| format!("{listed}: {}", verdict.detail),
    )
}

fn account(verdict: &Verdict) -> String {
    let mut text = String::new();
    for (what, told) in words::account(verdict) {
        text.push_str(&format!("{what}: {told}\n"));
    }
    if let Some(curl) = &verdict.curl {
        text.push_str(&format!("again: {curl}\n"));
    }
    text
}
