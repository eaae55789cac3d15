//! What a run may cost, and against what it is held: budgets, paces, permissions, and the list of expected failures.

use std::time::{Duration, Instant};

use keyway_conformance::{
    Format, Interrupt, Outcome, PlainHttp, Plan, Report, Screen, Selection, Stale, Target, run_with,
};
use keyway_mock::MockServer;
use keyway_openapi::Vendor;
use serde_json::Value;

use crate::binary::{conformance, words};

/// A target that is no part of this process as far as the suite knows.
pub(crate) fn live(server: &MockServer, vendor: Vendor) -> Target {
    let access = server.access(vendor);
    let lookup = |name: &str| match name {
        "KEYWAY_CREDENTIAL" => Some(access.credentials.admin.clone()),
        "KEYWAY_LIMITED_CREDENTIAL" => Some(access.credentials.limited.clone()),
        "KEYWAY_OTHER_CREDENTIAL" => Some(access.credentials.other.clone()),
        "KEYWAY_TENANT" => Some(access.tenant.clone()),
        "KEYWAY_OTHER_TENANT" => Some(access.other_tenant.clone()),
        "KEYWAY_OTHER_BASE_URL" => Some(access.other_base_url.clone()),
        _ => None,
    };
    Target::from_environment(vendor, &access.base_url, PlainHttp::LoopbackOnly, &lookup).unwrap()
}

async fn judged(target: Target, plan: &Plan) -> Report {
    run_with(&[target], plan, &Interrupt::default(), &|_, _, _| {}).await
}

fn listed(folder: &tempfile::TempDir, text: &str) -> String {
    let path = folder.path().join("expected.toml");
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

fn json(output: &std::process::Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_server_is_not_waited_for_without_permission() {
    let server = MockServer::builder().vendor(Vendor::Reten).start().await.unwrap();
    let selection = Selection::matching("expiry/refused-after");
    let report = judged(live(&server, Vendor::Reten), &selection.clone().into()).await;
    let verdict = &report.verdicts()[0];
    assert_eq!(verdict.outcome, Outcome::Skip);
    assert!(verdict.detail.contains("--allow wait"), "{}", verdict.detail);
    // The clock of the mock inside is turned, so it asks nobody.
    let embedded = Target::embedded(Vendor::Reten).await.unwrap();
    let report = judged(embedded, &selection.into()).await;
    assert_eq!(report.verdicts()[0].outcome, Outcome::Pass);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_keys_are_made_than_the_budget_has() {
    for budget in [0, 1, 7] {
        let server = MockServer::builder().vendor(Vendor::B3os).start().await.unwrap();
        let plan = Plan {
            budget: Some(budget),
            ..Plan::default()
        };
        let report = judged(live(&server, Vendor::B3os), &plan).await;
        let made = server
            .journal()
            .entries()
            .iter()
            .filter(|entry| entry.method == "POST" && entry.target.ends_with("/api-keys"))
            .filter(|entry| entry.status == Some(201) || entry.status == Some(200))
            .count();
        assert!(made <= budget, "{made} of {budget}");
        assert_eq!(
            report.count(Outcome::Fail) + report.count(Outcome::Error),
            0,
            "{budget}"
        );
        let skipped = report
            .verdicts()
            .iter()
            .filter(|verdict| verdict.outcome == Outcome::Skip && verdict.detail.contains("--budget"));
        assert!(skipped.count() > 10, "{budget}");
    }
}

#[test]
fn a_budget_is_shared_among_the_vendors() {
    let output = conformance(&["--budget", "6", "--format", "json"], &[]);
    let report = json(&output);
    assert!(
        report["keys"]["made"].as_u64().unwrap() <= 6,
        "{}",
        report["keys"]
    );
    assert_eq!(output.status.code(), Some(0), "{}", words(&output));
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_keep_the_pace_that_is_asked_for() {
    let server = MockServer::builder().vendor(Vendor::Reten).start().await.unwrap();
    let plan = Plan {
        selection: Selection::matching("revoke/second-answer"),
        pace: Some("20/s".parse().unwrap()),
        ..Plan::default()
    };
    let begun = Instant::now();
    judged(live(&server, Vendor::Reten), &plan).await;
    let calls = u32::try_from(server.journal().count()).unwrap();
    assert!(calls >= 5, "{calls}");
    assert!(begun.elapsed() >= Duration::from_millis(50) * (calls - 1));
}

#[test]
fn cases_are_chosen_by_patterns_tags_and_bases() {
    let arguments = [
        "--vendor",
        "reten",
        "--case",
        "revoke/*",
        "--case",
        "create/distinct",
        "--basis",
        "documented",
        "--format",
        "json",
    ];
    let report = json(&conformance(&arguments, &[]));
    let results = report["results"].as_array().unwrap();
    assert!(results.len() > 3);
    assert!(results.iter().all(|one| one["basis"] == "documented"));
    let output = conformance(&["--tag", "limited", "--format", "tap"], &[]);
    assert_eq!(output.status.code(), Some(0));
    for wrong in [
        &["--tag", "no-such-tag"][..],
        &["--case", "revoke/*", "--case", "no/such-case"],
        &["--case", "list/*", "--vendor", "dolfin", "--basis", "documented"],
        &["--basis", "hearsay"],
        &["--rate", "fast"],
        &["--allow", "everything"],
        &["--budget", "-1"],
    ] {
        let output = conformance(wrong, &[]);
        assert_eq!(output.status.code(), Some(2), "{wrong:?}: {}", words(&output));
    }
}

#[test]
fn a_list_of_expected_failures_that_is_out_of_date_fails_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let list = |until: &str| {
        format!(
            "[[expected]]\ncase = 'revoke/second-answer'\nvendor = 'reten'\nreason = 'ticket 7'\nuntil = {until}\n"
        )
    };
    for until in ["2999-12-31", "2020-01-01"] {
        let file = listed(&folder, &list(until));
        let output = conformance(&["--expect", &file, "--case", "revoke/second-*"], &[]);
        assert_eq!(output.status.code(), Some(5), "{}", words(&output));
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(text.contains("ticket 7"), "{text}");
    }
    // What is not asked cannot be out of date.
    let file = listed(&folder, &list("2999-12-31"));
    let output = conformance(&["--expect", &file, "--case", "create/distinct"], &[]);
    assert_eq!(output.status.code(), Some(0), "{}", words(&output));
}

#[test]
fn a_list_that_names_what_is_not_there_is_a_matter_of_configuration() {
    let folder = tempfile::tempdir().unwrap();
    for wrong in [
        "[[expected]]\ncase = 'no/such-case'\nvendor = 'reten'\nreason = 'x'\nuntil = 2999-12-31",
        "[[expected]]\ncase = 'revoke/second-answer'\nvendor = 'stripe'\nreason = 'x'\nuntil = 2999-12-31",
        "[[expected]]\ncase = 'revoke/second-answer'\nvendor = 'reten'\nreason = 'x'\nuntil = 2999-12-31\nowner = 'y'",
        "[[expected]]\ncase = 'revoke/second-answer'\nvendor = 'reten'\nreason = 'x'",
        "expected",
    ] {
        let file = listed(&folder, wrong);
        let output = conformance(&["--expect", &file], &[]);
        assert_eq!(output.status.code(), Some(2), "{wrong}");
        assert_eq!(words(&output).trim().lines().count(), 1, "{}", words(&output));
    }
    let output = conformance(&["--expect", "/no/such/file.toml"], &[]);
    assert_eq!(output.status.code(), Some(2));
}

/// Under the name of a run of ten hours ago, of one of ten minutes ago, and of somebody else.
async fn leave_behind(server: &MockServer) -> [String; 3] {
    let access = server.access(Vendor::Reten);
    let ago = |hours: f64| {
        let then = jiff::Timestamp::now().as_second() - (hours * 3600.0) as i64;
        format!("keyway-{then:08x}0badcafe-3")
    };
    let names = [ago(10.0), ago(0.2), "keyway-production".to_owned()];
    let client = crate::proxy::client();
    for name in &names {
        let token = access.credentials.admin.trim_start_matches("bearer:");
        let made = client
            .post(format!("{}/api/api-keys", access.base_url))
            .header("authorization", format!("Bearer {token}"))
            .header("x-tenant-id", &access.tenant)
            .json(&serde_json::json!({ "name": name, "permissions": ["view_activities"] }))
            .send()
            .await
            .unwrap();
        assert_eq!(made.status(), 201);
    }
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn only_old_keys_of_the_suite_are_told_of_and_revoked_if_that_is_asked_for() {
    let server = MockServer::builder().vendor(Vendor::Reten).start().await.unwrap();
    let [old, young, foreign] = leave_behind(&server).await;
    let plan = |stale| Plan {
        selection: Selection::matching("create/distinct"),
        stale,
        ..Plan::default()
    };
    for (stale, there) in [
        (Stale::Tell, 1),
        (Stale::Tell, 1),
        (Stale::Revoke, 0),
        (Stale::Tell, 0),
    ] {
        let report = judged(live(&server, Vendor::Reten), &plan(stale)).await;
        assert_eq!(report.stale(), vec![old.clone(); there], "{stale:?}");
        assert_eq!(report.count(Outcome::Pass), 1);
        let text = report.render(Format::Text(Screen::default())).text;
        assert_eq!(
            text.contains(&old),
            there == 1 || stale == Stale::Revoke,
            "{text}"
        );
    }
    assert_eq!(in_force(&server).await, [young, foreign]);
}

async fn in_force(server: &MockServer) -> Vec<String> {
    let access = server.access(Vendor::Reten);
    let client = crate::proxy::client();
    let token = access.credentials.admin.trim_start_matches("bearer:");
    let listed = client
        .get(format!("{}/api/api-keys", access.base_url))
        .header("authorization", format!("Bearer {token}"))
        .header("x-tenant-id", &access.tenant)
        .send();
    let keys: Value = listed.await.unwrap().json().await.unwrap();
    let mut names: Vec<String> = keys
        .as_array()
        .unwrap()
        .iter()
        .filter(|key| key["isActive"] == true)
        .map(|key| key["name"].as_str().unwrap().to_owned())
        .filter(|name| name.starts_with("keyway-"))
        .collect();
    names.sort();
    names
}
