//! Two runs side by side: what has changed is told, and what only differs from run to run is not.

use keyway_conformance::{Baseline, Change, ChangeKind, Exit, Format, Report, Selection, Target, run};
use keyway_mock::MockServer;
use keyway_openapi::Vendor;

use crate::binary::{conformance, words};

async fn report_on_dolfin(reading: Option<&str>) -> Report {
    let builder = MockServer::builder().vendor(Vendor::Dolfin);
    let builder = match reading {
        Some(reading) => builder.assume(reading).unwrap(),
        None => builder,
    };
    let target = Target::of_mock(Vendor::Dolfin, builder.start().await.unwrap());
    run(&[target], &Selection::all()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_that_answers_otherwise_is_told_of_in_words() {
    let before = report_on_dolfin(None).await;
    let baseline: Baseline = before.render(Format::Json).text.parse().unwrap();
    let same = report_on_dolfin(None).await.against(&baseline);
    let is_drift = |change: &&Change| change.kind == ChangeKind::Drift;
    let drift: Vec<&Change> = same.changes().unwrap().iter().filter(is_drift).collect();
    assert_eq!((drift, same.exit()), (Vec::new(), Exit::Clean));
    let other = report_on_dolfin(Some("dolfin.second-revoke=404"))
        .await
        .against(&baseline);
    assert_eq!(other.exit(), Exit::Failed);
    let change = &other.changes().unwrap()[0];
    assert_eq!(
        (change.kind, change.id),
        (ChangeKind::Drift, "revoke/second-answer")
    );
    assert_eq!(
        change.told,
        "Dolfin now answers 404 to a second revoke, before 204 (POST /api-keys/{id}/revoke)"
    );
}

#[test]
fn a_run_against_its_like_has_no_drift_and_one_against_another_exits_1() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("old.json");
    let path = file.to_str().unwrap();
    conformance(&["--format", "json", "--output", path], &[]);
    let output = conformance(&["--baseline", path], &[]);
    assert_eq!(output.status.code(), Some(0), "{}", words(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("Nothing has changed since the baseline.") || text.contains("(not counted)"),
        "{text}"
    );
    let old = std::fs::read_to_string(&file).unwrap();
    std::fs::write(
        &file,
        old.replace(
            "api-keys/{id}/revoke answered 400",
            "api-keys/{id}/revoke answered 418",
        ),
    )
    .unwrap();
    let output = conformance(&["--baseline", path], &[]);
    assert_eq!(output.status.code(), Some(1), "{}", words(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("Reten now answers 400 to a second revoke, before 418"),
        "{text}"
    );
}

#[test]
fn what_is_no_baseline_is_a_matter_of_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("old.json");
    std::fs::write(&file, "{}\n").unwrap();
    for path in [file.to_str().unwrap(), "/no/such/file.json"] {
        let output = conformance(&["--baseline", path], &[]);
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(words(&output).trim().lines().count(), 1, "{}", words(&output));
    }
}
