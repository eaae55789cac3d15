//! Correct servers that answer otherwise where a vendor is silent or contradicts itself.

use keyway_conformance::{Outcome, Report, Selection, Target, run};
use keyway_mock::{Assumptions, MockServer};
use keyway_openapi::Vendor;

/// Under these the mock's ready-made credentials cannot make a key: a user's token, or the id of an organisation, would be
/// needed. That is a matter of set-up and judged as such.
const ANOTHER_SET_UP: [&str; 2] = [
    "dolfin.api-key-may-manage-keys=no",
    "dolfin.organisation-header-on-keys=required",
];

#[tokio::test(flavor = "multi_thread")]
async fn no_reading_of_a_silence_is_failed() {
    let mut complaints = Vec::new();
    for assumption in Assumptions::all() {
        let vendor = assumption
            .name
            .split_once('.')
            .unwrap()
            .0
            .parse::<Vendor>()
            .unwrap();
        for choice in assumption
            .choices
            .iter()
            .filter(|choice| **choice != assumption.default)
        {
            let setting = format!("{}={choice}", assumption.name);
            if ANOTHER_SET_UP.contains(&setting.as_str()) {
                continue;
            }
            let server = MockServer::builder()
                .vendor(vendor)
                .assume(&setting)
                .unwrap()
                .start()
                .await
                .unwrap();
            let report = run(&[Target::of_mock(vendor, server)], &Selection::all()).await;
            complaints.extend(wrongs(&report).map(|wrong| format!("{setting}: {wrong}")));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

fn wrongs(report: &Report) -> impl Iterator<Item = String> {
    report
        .verdicts()
        .iter()
        .filter(|verdict| matches!(verdict.outcome, Outcome::Fail | Outcome::Error))
        .map(|verdict| format!("{} {}: {}", verdict.outcome.name(), verdict.id, verdict.detail))
}
