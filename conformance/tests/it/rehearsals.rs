//! A dry run says what a run sends, and sends nothing.

use keyway_conformance::{Interrupt, Plan, rehearse, run_with};
use keyway_mock::MockServer;
use keyway_openapi::Vendor;
use serde_json::Value;

use crate::binary::{conformance, words};
use crate::plans::live;

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_lists_exactly_what_a_run_sends() {
    for vendor in Vendor::PLAYED {
        let server = MockServer::builder().vendor(vendor).start().await.unwrap();
        let target = live(&server, vendor);
        let plan = Plan::default();
        let rehearsal = rehearse(std::slice::from_ref(&target), &plan).await.unwrap();
        assert_eq!(server.journal().count(), 0, "{vendor}: something was sent");
        let part = &rehearsal.vendors[0];
        let report = run_with(&[target], &plan, &Interrupt::default(), &|_, _, _| {}).await;
        let sent = server.journal().entries().iter().map(|entry| entry.number).max();
        let sent = usize::try_from(sent.unwrap_or_default()).unwrap();
        assert_eq!(sent, part.requests, "{vendor}");
        let keys: Value =
            serde_json::from_str(&report.render(keyway_conformance::Format::Json).text).unwrap();
        assert_eq!(keys["keys"]["made"], part.keys, "{vendor}");
        let text = rehearsal.text();
        assert!(
            text.contains("as KEYWAY_CREDENTIAL\n") && text.contains("as nobody\n"),
            "{text}"
        );
        assert!(text.contains("as KEYWAY_UNKNOWN_KEY\n"), "{text}");
        assert!(
            !text.contains("keyway-"),
            "{vendor}: a name of a run is in {text}"
        );
    }
}

#[test]
fn a_dry_run_needs_neither_a_server_nor_a_credential() {
    let arguments = [
        "--dry-run",
        "--vendor",
        "reten",
        "--base-url",
        "http://127.0.0.1:9",
        "--format",
        "json",
    ];
    let output = conformance(&arguments, &[("KEYWAY_TENANT", "t-1")]);
    assert_eq!(output.status.code(), Some(0), "{}", words(&output));
    let rehearsal: Value = serde_json::from_slice(&output.stdout).unwrap();
    let part = &rehearsal["vendors"][0];
    assert_eq!(part["base_url"], "http://127.0.0.1:9");
    assert!(part["keys"].as_u64().unwrap() > 20);
    let step = |name: &str| {
        let steps = part["steps"].as_array().unwrap();
        steps.iter().find(|step| step["name"] == name).unwrap().clone()
    };
    assert_eq!(
        step("revoke/another-users-key-refused")["skipped"],
        "KEYWAY_LIMITED_CREDENTIAL is not set"
    );
    assert_eq!(
        step("create/distinct")["requests"][0],
        serde_json::json!({"request": "POST /api/api-keys", "credential": "KEYWAY_CREDENTIAL", "count": 2})
    );
    assert!(
        step("expiry/refused-after")["skipped"]
            .as_str()
            .unwrap()
            .contains("--allow wait")
    );
    let wrong = conformance(&["--dry-run", "--format", "junit"], &[]);
    assert_eq!(wrong.status.code(), Some(2));
}

#[test]
fn a_dry_run_heeds_the_budget() {
    let output = conformance(&["--dry-run", "--budget", "8", "--format", "json"], &[]);
    let rehearsal: Value = serde_json::from_slice(&output.stdout).unwrap();
    let parts = rehearsal["vendors"].as_array().unwrap();
    let keys: u64 = parts.iter().map(|part| part["keys"].as_u64().unwrap()).sum();
    assert!(keys <= 8, "{keys}");
}
