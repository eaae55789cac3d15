//! The suite as one line of a test.

use keyway_conformance::{Outcome, PlainHttp, Target, assert_conforms};
use keyway_openapi::Vendor;

use crate::proxy::{Reply, front};

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_keeps_its_promises_passes() {
    let target = Target::embedded(Vendor::Dolfin).await.unwrap();
    let report = assert_conforms(Vendor::Dolfin, target).strictly().await;
    assert!(report.count(Outcome::Pass) > 20);
}

async fn undead() -> Target {
    let target = Target::embedded(Vendor::Reten).await.unwrap();
    let base_url = front(&target, |call, upstream| {
        Box::pin(async move {
            if call.is_revoke() {
                Reply::of(200, "{}")
            } else {
                upstream.forward(call).await
            }
        })
    })
    .await;
    target.behind(&base_url)
}

/// What a test says that fails by it.
async fn said_by(task: tokio::task::JoinHandle<()>) -> String {
    let panic = task.await.unwrap_err().into_panic();
    match panic.downcast::<String>() {
        Ok(text) => *text,
        Err(other) => other.downcast::<&str>().map(|text| (*text).to_owned()).unwrap(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_breaks_one_is_told_of_readably_with_the_line_of_the_test() {
    let target = undead().await;
    let said = said_by(tokio::spawn(async move {
        assert_conforms(Vendor::Reten, target)
            .cases("revoke/refused-at-once")
            .await;
    }))
    .await;
    for part in [
        "conformance/tests/it/conforms.rs:",
        "1 of 1 promises about API keys were broken, by Reten.",
        "fail · Reten · revoke/refused-at-once",
        "demanded:",
        "${KEYWAY_KEY}",
    ] {
        assert!(said.contains(part), "{part} is not in: {said}");
    }
    assert!(!said.contains("rtn_sk_"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listed_failure_does_not_fail_the_test() {
    let list =
        "[[expected]]\ncase = 'revoke/second-answer'\nvendor = 'reten'\nreason = 'x'\nuntil = 2999-12-31";
    let target = undead().await;
    let report = assert_conforms(Vendor::Reten, target)
        .cases("revoke/second-answer")
        .expecting(list.parse().unwrap());
    assert_eq!(report.await.count(Outcome::Expected), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_vendors_target_and_no_case_at_all_are_mistakes_of_the_test() {
    let target = Target::embedded(Vendor::Dolfin).await.unwrap();
    let other = target.clone();
    let said = said_by(tokio::spawn(async move {
        assert_conforms(Vendor::Reten, other).await;
    }))
    .await;
    assert!(
        said.contains("the target is one of Dolfin, not of Reten"),
        "{said}"
    );
    let said = said_by(tokio::spawn(async move {
        assert_conforms(Vendor::Dolfin, target)
            .cases("no/such-case")
            .await;
    }))
    .await;
    assert!(said.contains("nothing was judged"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_there_is_named_and_no_secret_with_it() {
    let lookup = |name: &str| (name == "KEYWAY_CREDENTIAL").then(|| "bearer:planted-secret".to_owned());
    let target = Target::from_environment(
        Vendor::Reten,
        "http://127.0.0.1:9",
        PlainHttp::LoopbackOnly,
        &lookup,
    );
    let target = target.unwrap();
    let said = said_by(tokio::spawn(async move {
        assert_conforms(Vendor::Reten, target).await;
    }))
    .await;
    assert!(said.contains("reten could not be judged"), "{said}");
    assert!(!said.contains("planted"), "{said}");
}
