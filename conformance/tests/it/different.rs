//! Correct servers that answer otherwise where a vendor is silent or contradicts itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::{StreamExt as _, future, stream};
use keyway_conformance::{Outcome, Report, Selection, Target, run};
use keyway_mock::{Assumptions, MockServer};
use keyway_openapi::Vendor;

use crate::proxy::{Reply, judge_bent};

/// Under these the mock's ready-made credentials cannot make a key: a user's token, or the id of an organisation, would be
/// needed. That is a matter of set-up and judged as such.
const ANOTHER_SET_UP: [&str; 2] = [
    "dolfin.api-key-may-manage-keys=no",
    "dolfin.organisation-header-on-keys=required",
];

#[tokio::test(flavor = "multi_thread")]
async fn no_reading_of_a_silence_is_failed() {
    let readings = Assumptions::all().flat_map(|assumption| {
        let others = assumption
            .choices
            .iter()
            .filter(|choice| **choice != assumption.default);
        others.map(|choice| format!("{}={choice}", assumption.name))
    });
    let complaints: Vec<String> = stream::iter(readings)
        .filter(|reading| future::ready(!ANOTHER_SET_UP.contains(&reading.as_str())))
        .map(|reading| tokio::spawn(complaints_about(reading)))
        .buffer_unordered(4)
        .map(|complaints| complaints.expect("no run panics"))
        .concat()
        .await;
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

async fn complaints_about(reading: String) -> Vec<String> {
    let vendor = reading
        .split('.')
        .next()
        .unwrap_or_default()
        .parse::<Vendor>()
        .expect("a vendor");
    let builder = MockServer::builder()
        .vendor(vendor)
        .assume(&reading)
        .expect("a valid setting");
    let server = builder.start().await.expect("a free port");
    let report = run(&[Target::of_mock(vendor, server)], &Selection::all()).await;
    wrongs(&report)
        .map(|wrong| format!("{reading}: {wrong}"))
        .collect()
}

pub(crate) fn wrongs(report: &Report) -> impl Iterator<Item = String> {
    report
        .verdicts()
        .iter()
        .filter(|verdict| matches!(verdict.outcome, Outcome::Fail | Outcome::Error))
        .map(|verdict| format!("{} {}: {}", verdict.outcome.name(), verdict.id, verdict.detail))
}

/// A server that serves one protected read and nothing else beside the keys.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_one_read_is_not_failed() {
    for (vendor, read) in [
        (Vendor::Sinjapp, "/api/v1/me"),
        (Vendor::Reten, "/api/integration/task-result-type-configs"),
        (Vendor::B3os, "/v1/organizations"),
    ] {
        let report = judge_bent(vendor, "*", move |call, upstream| {
            Box::pin(async move {
                let served = call.is_management() || call.path.split('?').next() == Some(read);
                if served {
                    upstream.forward(call).await
                } else {
                    Reply::of(404, r#"{"message":"Not found"}"#)
                }
            })
        })
        .await;
        let wrongs: Vec<String> = wrongs(&report).collect();
        assert!(wrongs.is_empty(), "{vendor}: {}", wrongs.join("\n"));
    }
}

/// A server that closes every connection, and permits only a few keys at a time.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_a_small_limit_of_keys_is_not_failed() {
    for vendor in Vendor::PLAYED {
        let active = Arc::new(AtomicUsize::new(0));
        let report = judge_bent(vendor, "*", move |call, upstream| {
            let active = Arc::clone(&active);
            Box::pin(async move {
                let (creates, revokes) = (call.is_create(), call.is_revoke());
                if creates && active.load(Ordering::SeqCst) >= 12 {
                    return Reply::of(409, r#"{"message":"too many keys"}"#);
                }
                let mut reply = upstream.forward(call).await;
                if creates && (200..300).contains(&reply.status) {
                    active.fetch_add(1, Ordering::SeqCst);
                }
                if revokes && (200..300).contains(&reply.status) {
                    // A second revoke counts too, which makes the limit no smaller than it says.
                    let _ = active.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |count| {
                        Some(count.saturating_sub(1))
                    });
                }
                reply.headers.insert("connection", "close".parse().unwrap());
                reply
            })
        })
        .await;
        let wrongs: Vec<String> = wrongs(&report).collect();
        assert!(wrongs.is_empty(), "{vendor}: {}", wrongs.join("\n"));
    }
}

/// Both names that Reten's pages give the plaintext, at once.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_follows_both_pages_is_not_failed() {
    let report = judge_bent(Vendor::Reten, "create/*", |call, upstream| {
        Box::pin(async move {
            let reply = upstream.forward(call).await;
            let mut body = reply.json();
            if body["plaintextKey"].is_string() {
                body["key"] = body["plaintextKey"].clone();
                return reply.with_json(&body);
            }
            reply
        })
    })
    .await;
    let wrongs: Vec<String> = wrongs(&report).collect();
    assert!(wrongs.is_empty(), "{}", wrongs.join("\n"));
}
