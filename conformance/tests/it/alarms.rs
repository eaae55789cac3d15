//! Correct servers that had alarmed the suite, and broken ones that it had missed.

use std::sync::Arc;

use keyway_conformance::Outcome;
use keyway_openapi::Vendor;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::broken::{Shared, assert_fails, issued};
use crate::different::wrongs;
use crate::proxy::{Call, Reply, Upstream, judge_bent};

async fn assert_no_alarm(
    vendor: Vendor,
    cases: &str,
    change: impl Fn(&Call, Reply) -> Reply + Send + Sync + 'static,
) {
    let change = Arc::new(change);
    let report = judge_bent(vendor, cases, move |call, upstream| {
        let change = Arc::clone(&change);
        Box::pin(async move {
            let asked = call.clone();
            change(&asked, upstream.forward(call).await)
        })
    })
    .await;
    let wrongs: Vec<String> = wrongs(&report).collect();
    assert!(wrongs.is_empty(), "{vendor}: {}", wrongs.join("\n"));
}

/// Changes every text of an answer.
fn each_text(value: &mut Value, change: &impl Fn(&str) -> Option<String>) {
    match value {
        Value::String(text) => {
            if let Some(changed) = change(text) {
                *text = changed;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| each_text(item, change)),
        Value::Object(members) => members.values_mut().for_each(|item| each_text(item, change)),
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_byte_order_mark_before_json_is_no_fault() {
    for vendor in Vendor::PLAYED {
        assert_no_alarm(vendor, "*", |_, reply| {
            if !reply.json().is_object() && !reply.json().is_array() {
                return reply;
            }
            let mut body = vec![0xEF, 0xBB, 0xBF];
            body.extend_from_slice(&reply.body);
            Reply { body, ..reply }
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_space_in_a_time_is_no_fault() {
    for vendor in Vendor::PLAYED {
        assert_no_alarm(vendor, "*", |_, reply| {
            let mut body = reply.json();
            each_text(&mut body, &|text| {
                let is_time = text.len() > 18 && text.as_bytes()[10] == b'T' && text.ends_with('Z');
                is_time.then(|| text.replacen('T', " ", 1))
            });
            match body {
                Value::Null => reply,
                body => reply.with_json(&body),
            }
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ends_that_are_kept_by_the_minute_are_no_fault() {
    assert_no_alarm(Vendor::Reten, "create/*", |call, reply| {
        let mut body = reply.json();
        if call.is_create()
            && let Some(end) = body["expiresAt"].as_str()
        {
            let minute = format!("{}:00.000Z", &end[..16]);
            body["expiresAt"] = json!(minute);
            return reply.with_json(&body);
        }
        reply
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_that_names_no_id_is_skipped_or_read_from_its_location() {
    for location in [false, true] {
        assert_no_alarm(Vendor::Dolfin, "*", move |call, mut reply| {
            let mut body = reply.json();
            if call.is_create()
                && let Some(id) = body.as_object_mut().and_then(|members| members.remove("id"))
            {
                if location {
                    let place = format!("/api-keys/{}", id.as_str().unwrap());
                    reply.headers.insert("location", place.parse().unwrap());
                }
                return reply.with_json(&body);
            }
            reply
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn members_that_want_the_organisation_named_are_no_trouble_for_the_client() {
    let report = judge_bent(Vendor::Dolfin, "client/*", |call, upstream| {
        Box::pin(async move {
            let named = call.headers.contains_key("x-dolfin-organisation-id");
            if call.path.ends_with("/members") && !named {
                return Reply::of(400, r#"{"title":"no organisation"}"#);
            }
            upstream.forward(call).await
        })
    })
    .await;
    let verdict = report.verdict(Vendor::Dolfin, "client/round-trip").unwrap();
    assert_eq!(verdict.outcome, Outcome::Pass, "{}", verdict.detail);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_that_says_nothing_is_caught() {
    for vendor in Vendor::PLAYED {
        let report = judge_bent(vendor, "errors/say-what-is-wrong", |call, upstream| {
            Box::pin(async move {
                let reply = upstream.forward(call).await;
                match reply.status {
                    400.. => reply.with_json(&json!({})),
                    _ => reply,
                }
            })
        })
        .await;
        assert_fails(&report, vendor, "errors/say-what-is-wrong");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_digest_in_an_answer_is_caught() {
    for vendor in Vendor::PLAYED {
        let report = judge_bent(vendor, "secret/no-digest", |call, upstream| {
            Box::pin(async move {
                let secret = call.credential().unwrap_or_default();
                let digest: String = Sha256::digest(&secret)
                    .iter()
                    .map(|byte| format!("{byte:02x}"))
                    .collect();
                let mut reply = upstream.forward(call).await;
                reply.headers.insert("x-cache-key", digest.parse().unwrap());
                reply
            })
        })
        .await;
        assert_fails(&report, vendor, "secret/no-digest");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_malformed_id_that_kills_another_key_is_caught() {
    let elder: Shared<Option<String>> = Shared::default();
    let report = judge_bent(Vendor::B3os, "revoke/malformed-id", move |mut call, upstream| {
        let elder = Arc::clone(&elder);
        Box::pin(async move {
            let victim = elder.lock().unwrap().clone();
            if call.is_revoke()
                && call.path.contains("not%20an%20id")
                && let Some(id) = victim
            {
                call.path = format!("/v1/api-keys/{id}");
                upstream.forward(call).await;
                return Reply::of(404, r#"{"code":404,"message":"not found","requestId":"r"}"#);
            }
            let creates = call.is_create();
            let reply = upstream.forward(call).await;
            if creates && let Some((id, _)) = issued(&reply.json()) {
                *elder.lock().unwrap() = Some(id);
            }
            reply
        })
    })
    .await;
    assert_fails(&report, Vendor::B3os, "revoke/malformed-id");
}

/// An end that is a day later than was asked.
#[tokio::test(flavor = "multi_thread")]
async fn a_lifetime_that_is_a_day_too_long_is_caught() {
    let report = judge_bent(Vendor::Sinjapp, "create/metadata-echoed", |mut call, upstream| {
        Box::pin(async move {
            let mut body = call.json();
            if let Some(days) = body["expires_in_days"].as_i64() {
                body["expires_in_days"] = json!(days + 1);
                call.body = body.to_string().into_bytes();
            }
            upstream.forward(call).await
        })
    })
    .await;
    assert_fails(&report, Vendor::Sinjapp, "create/metadata-echoed");
}

/// The admin's credential in the place of whatever a call brings.
async fn as_admin(
    mut call: Call,
    upstream: Upstream,
    admin: &Shared<Option<axum::http::HeaderMap>>,
) -> Reply {
    let known = admin.lock().unwrap().clone();
    if let Some(headers) = known {
        for name in ["x-api-key", "x-dolfin-api-key", "authorization", "x-tenant-id"] {
            call.headers.remove(name);
            if let Some(value) = headers.get(name) {
                call.headers.insert(name, value.clone());
            }
        }
    }
    upstream.forward(call).await
}

/// One write that nobody's key is looked at for.
#[tokio::test(flavor = "multi_thread")]
async fn a_single_operation_that_asks_nobody_is_caught() {
    for id in ["use/every-operation-closed", "revoke/every-operation-closed"] {
        let admin: Shared<Option<axum::http::HeaderMap>> = Shared::default();
        let report = judge_bent(Vendor::B3os, id, move |call, upstream| {
            let admin = Arc::clone(&admin);
            Box::pin(async move {
                if call.is_create() {
                    admin.lock().unwrap().get_or_insert_with(|| call.headers.clone());
                }
                if call.method == "POST" && call.path == "/v1/service-accounts" {
                    return as_admin(call, upstream, &admin).await;
                }
                upstream.forward(call).await
            })
        })
        .await;
        assert_fails(&report, Vendor::B3os, id);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoke_that_reaches_what_it_only_mentions_is_caught() {
    let report = judge_bent(Vendor::Dolfin, "revoke/path-injection", |mut call, upstream| {
        Box::pin(async move {
            // A server that decodes first and then walks the path.
            if let Some((_, last)) = call.path.clone().split_once("%2F..%2F") {
                call.path = format!("/api-keys/{last}");
            }
            upstream.forward(call).await
        })
    })
    .await;
    assert_fails(&report, Vendor::Dolfin, "revoke/path-injection");
    let report = judge_bent(Vendor::Reten, "revoke/body-is-ignored", |mut call, upstream| {
        Box::pin(async move {
            if let (true, Some(id)) = (call.is_revoke(), call.json()["id"].as_str()) {
                let mut other = call.clone();
                other.path = format!("/api/api-keys/{id}/revoke");
                upstream.forward(other).await;
            }
            call.headers.remove("x-nothing");
            upstream.forward(call).await
        })
    })
    .await;
    assert_fails(&report, Vendor::Reten, "revoke/body-is-ignored");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_in_the_query_that_opens_is_told_of() {
    let report = judge_bent(
        Vendor::Sinjapp,
        "use/key-elsewhere-refused",
        |mut call, upstream| {
            Box::pin(async move {
                if let Some((_, key)) = call.path.clone().split_once("api_key=") {
                    let key = key.split('&').next().unwrap_or_default().to_owned();
                    call.set_credential(Vendor::Sinjapp, &key);
                }
                upstream.forward(call).await
            })
        },
    )
    .await;
    let verdict = report
        .verdict(Vendor::Sinjapp, "use/key-elsewhere-refused")
        .unwrap();
    assert_eq!(verdict.outcome, Outcome::Warn, "{}", verdict.detail);
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_of_the_server_that_are_taken_from_a_create_are_caught() {
    let report = judge_bent(
        Vendor::Dolfin,
        "create/owned-fields-not-taken",
        |call, upstream| {
            Box::pin(async move {
                let chosen = call.json()["rawKey"].clone();
                let reply = upstream.forward(call).await;
                let mut body = reply.json();
                if chosen.is_string() && body["rawKey"].is_string() {
                    body["rawKey"] = chosen;
                    return reply.with_json(&body);
                }
                reply
            })
        },
    )
    .await;
    assert_fails(&report, Vendor::Dolfin, "create/owned-fields-not-taken");
}

/// A server that takes more than a second for each answer.
#[tokio::test(flavor = "multi_thread")]
async fn a_slow_server_is_asked_side_by_side_and_not_failed() {
    let server = keyway_mock::MockServer::builder()
        .vendor(Vendor::Dolfin)
        .start()
        .await
        .unwrap();
    server
        .inject(keyway_mock::Fault::new(keyway_mock::Effect::Latency { ms: 350 }))
        .unwrap();
    let access = server.access(Vendor::Dolfin);
    let lookup = |name: &str| match name {
        "KEYWAY_CREDENTIAL" => Some(access.credentials.admin.clone()),
        "KEYWAY_TENANT" => Some(access.tenant.clone()),
        _ => None,
    };
    let plain = keyway_conformance::PlainHttp::LoopbackOnly;
    let target =
        keyway_conformance::Target::from_environment(Vendor::Dolfin, &access.base_url, plain, &lookup)
            .unwrap();
    let selection = keyway_conformance::Selection::matching("use/*");
    let report = keyway_conformance::run(&[target], &selection).await;
    let wrongs: Vec<String> = wrongs(&report).collect();
    assert!(wrongs.is_empty(), "{}", wrongs.join("\n"));
    assert!(report.left().is_empty());
}
