//! Broken servers, one broken promise each: the case that watches over it must fail.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use keyway_conformance::{Exit, Outcome, Report};
use keyway_openapi::Vendor;
use serde_json::{Value, json};

use crate::proxy::{Call, Reply, judge_bent};

/// The case must have failed, and the run with it.
pub(crate) fn assert_fails(report: &Report, vendor: Vendor, id: &str) {
    let verdict = report.verdict(vendor, id).unwrap();
    assert_eq!(
        verdict.outcome,
        Outcome::Fail,
        "{vendor} {id}: {}",
        verdict.detail
    );
    assert_eq!(report.exit(), Exit::Failed);
}

/// What a vendor answers to a revoke.
fn revoked(vendor: Vendor) -> Reply {
    match vendor {
        Vendor::Sinjapp | Vendor::Dolfin => Reply::of(204, ""),
        Vendor::Reten => Reply::of(200, r#"{"message":"API key revoked successfully"}"#),
        Vendor::B3os => Reply::of(200, r#"{"code":200,"message":"success","requestId":"r-1"}"#),
        other => crate::unwritten(other),
    }
}

/// Id and plaintext in a create answer.
pub(crate) fn issued(body: &Value) -> Option<(String, String)> {
    let record = body.get("data").unwrap_or(body);
    let id = record.get("id")?;
    let id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
    let secret = ["plain_text_key", "plaintextKey", "rawKey", "key"]
        .iter()
        .find_map(|member| body.get(*member).or_else(|| record.get(*member)))?;
    Some((id, secret.as_str()?.to_owned()))
}

/// A memory shared by the calls of a server.
pub(crate) type Shared<T> = Arc<Mutex<T>>;

#[tokio::test(flavor = "multi_thread")]
async fn a_revoke_that_does_nothing_is_caught_on_every_vendor() {
    for vendor in Vendor::PLAYED {
        let report = judge_bent(vendor, "revoke/*", |call, upstream| {
            Box::pin(async move {
                if call.is_revoke() {
                    revoked(upstream.vendor)
                } else {
                    upstream.forward(call).await
                }
            })
        })
        .await;
        for id in [
            "refused-at-once",
            "refused-on-same-connection",
            "refused-everywhere",
            "second-stays-revoked",
        ] {
            assert_fails(&report, vendor, &format!("revoke/{id}"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoke_that_takes_a_fifth_of_a_second_is_caught() {
    for vendor in Vendor::PLAYED {
        let report = judge_bent(vendor, "revoke/refused-at-once", |call, upstream| {
            Box::pin(async move {
                if !call.is_revoke() {
                    return upstream.forward(call).await;
                }
                let reply = revoked(upstream.vendor);
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_millis(200)).await;
                    upstream.forward(call).await;
                });
                reply
            })
        })
        .await;
        assert_fails(&report, vendor, "revoke/refused-at-once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_stays_signed_in_is_caught() {
    for vendor in Vendor::PLAYED {
        let accepted: Shared<HashMap<(std::net::SocketAddr, String, String), Reply>> = Shared::default();
        let report = judge_bent(
            vendor,
            "revoke/refused-on-same-connection",
            move |call, upstream| {
                let accepted = Arc::clone(&accepted);
                Box::pin(async move {
                    let place = (
                        call.peer,
                        call.path.clone(),
                        call.credential().unwrap_or_default(),
                    );
                    let known = accepted.lock().unwrap().get(&place).cloned();
                    if let Some(reply) = known {
                        return reply;
                    }
                    let is_read = call.method == axum::http::Method::GET;
                    let reply = upstream.forward(call).await;
                    if is_read && reply.status == 200 {
                        accepted.lock().unwrap().insert(place, reply.clone());
                    }
                    reply
                })
            },
        )
        .await;
        assert_fails(&report, vendor, "revoke/refused-on-same-connection");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_asks_nobody_who_he_is_is_caught() {
    for vendor in Vendor::PLAYED {
        let somebody: Shared<Option<axum::http::HeaderMap>> = Shared::default();
        let report = judge_bent(vendor, "*/anonymous-refused", move |mut call, upstream| {
            let somebody = Arc::clone(&somebody);
            Box::pin(async move {
                let management = call.is_management();
                if call.credential().is_none() {
                    let mut headers = somebody.lock().unwrap().clone().unwrap();
                    if call.body.is_empty() {
                        headers.remove("content-type");
                    }
                    call.headers = headers;
                } else if management {
                    *somebody.lock().unwrap() = Some(call.headers.clone());
                }
                upstream.forward(call).await
            })
        })
        .await;
        assert_fails(&report, vendor, "create/anonymous-refused");
        assert_fails(&report, vendor, "revoke/anonymous-refused");
        if matches!(vendor, Vendor::Reten | Vendor::B3os) {
            assert_fails(&report, vendor, "list/anonymous-refused");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_shows_a_plaintext_is_caught() {
    for vendor in [Vendor::Reten, Vendor::B3os] {
        let last: Shared<Option<String>> = Shared::default();
        let report = judge_bent(vendor, "secret/never-again", move |call, upstream| {
            let last = Arc::clone(&last);
            Box::pin(async move {
                let (creates, lists) = (call.is_create(), call.is_list());
                let reply = upstream.forward(call).await;
                let mut body = reply.json();
                if creates && let Some((_, secret)) = issued(&body) {
                    *last.lock().unwrap() = Some(secret);
                }
                if !lists || reply.status != 200 {
                    return reply;
                }
                let secret = json!(last.lock().unwrap().clone());
                let items = if body.is_array() {
                    &mut body
                } else {
                    &mut body["data"]["items"]
                };
                if let Some(item) = items.get_mut(0) {
                    item["keyPrefix"] = secret;
                }
                reply.with_json(&body)
            })
        })
        .await;
        assert_fails(&report, vendor, "secret/never-again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_that_repeats_the_key_is_caught() {
    for vendor in Vendor::PLAYED {
        let report = judge_bent(vendor, "secret/never-again", |call, upstream| {
            Box::pin(async move {
                let key = call.credential().unwrap_or_default();
                let reply = upstream.forward(call).await;
                let mut body = reply.json();
                if reply.status == 401 && body.is_object() {
                    body["message"] = json!(format!("no such key: {key}"));
                    return reply.with_json(&body);
                }
                reply
            })
        })
        .await;
        assert_fails(&report, vendor, "secret/never-again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_status_of_a_success_is_caught() {
    for vendor in Vendor::PLAYED {
        let report = judge_bent(vendor, "*/answers-as-declared", |call, upstream| {
            Box::pin(async move {
                let (creates, revokes) = (call.is_create(), call.is_revoke());
                let mut reply = upstream.forward(call).await;
                match reply.status {
                    201 if creates => reply.status = 200,
                    200 if creates => reply.status = 201,
                    200 | 204 if revokes => reply.status = 202,
                    _ => {}
                }
                reply
            })
        })
        .await;
        assert_fails(&report, vendor, "create/answers-as-declared");
        assert_fails(&report, vendor, "revoke/answers-as-declared");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoke_across_tenants_is_caught() {
    for vendor in [Vendor::Reten, Vendor::Dolfin, Vendor::B3os] {
        let makers: Shared<HashMap<String, Call>> = Shared::default();
        let report = judge_bent(vendor, "revoke/foreign-*", move |mut call, upstream| {
            let makers = Arc::clone(&makers);
            Box::pin(async move {
                let made_by = call.clone();
                if call.is_revoke() {
                    // Whoever asks, it is done in the name of the key's owner.
                    let id = call
                        .path
                        .split("/api-keys/")
                        .nth(1)
                        .unwrap_or_default()
                        .trim_end_matches("/revoke");
                    if let Some(maker) = makers.lock().unwrap().get(id) {
                        call.headers = maker.headers.clone();
                        call.headers.remove("content-type");
                    }
                }
                let creates = call.is_create();
                let reply = upstream.forward(call).await;
                if creates && let Some((id, _)) = issued(&reply.json()) {
                    makers.lock().unwrap().insert(id, made_by);
                }
                reply
            })
        })
        .await;
        assert_fails(&report, vendor, "revoke/foreign-id-has-no-effect");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_are_compared_only_at_their_beginning_are_caught() {
    for vendor in Vendor::PLAYED {
        let keys: Shared<Vec<String>> = Shared::default();
        let report = judge_bent(vendor, "use/*", move |mut call, upstream| {
            let keys = Arc::clone(&keys);
            Box::pin(async move {
                let presented = call.credential().unwrap_or_default();
                let meant = keys
                    .lock()
                    .unwrap()
                    .iter()
                    .find(|key| presented.starts_with(&key[..key.len() - 4]))
                    .cloned();
                if let Some(key) = meant {
                    call.set_credential(upstream.vendor, &key);
                }
                let creates = call.is_create();
                let reply = upstream.forward(call).await;
                if creates && let Some((_, secret)) = issued(&reply.json()) {
                    keys.lock().unwrap().push(secret);
                }
                reply
            })
        })
        .await;
        assert_fails(&report, vendor, "use/tampered-key-refused");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_opens_the_door_is_caught() {
    for vendor in Vendor::PLAYED {
        let keys: Shared<HashMap<String, String>> = Shared::default();
        let report = judge_bent(vendor, "use/*", move |mut call, upstream| {
            let keys = Arc::clone(&keys);
            Box::pin(async move {
                let presented = call.credential().unwrap_or_default();
                let meant = keys.lock().unwrap().get(&presented).cloned();
                if let Some(key) = meant {
                    call.set_credential(upstream.vendor, &key);
                }
                let creates = call.is_create();
                let reply = upstream.forward(call).await;
                if creates && let Some((id, secret)) = issued(&reply.json()) {
                    keys.lock().unwrap().insert(id, secret);
                }
                reply
            })
        })
        .await;
        assert_fails(&report, vendor, "use/id-and-prefix-do-not-authenticate");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sibling_that_dies_too_is_caught() {
    for vendor in Vendor::PLAYED {
        let revokes: Shared<Vec<(String, Call)>> = Shared::default();
        let report = judge_bent(vendor, "revoke/siblings-survive", move |call, upstream| {
            let made = Arc::clone(&revokes);
            Box::pin(async move {
                if call.is_revoke() {
                    let ids: Vec<String> = made.lock().unwrap().iter().map(|(id, _)| id.clone()).collect();
                    let mut own = None;
                    for id in ids {
                        let path = match upstream.vendor {
                            Vendor::Sinjapp => format!("/api/v1/api-keys/{id}"),
                            Vendor::Reten => format!("/api/api-keys/{id}/revoke"),
                            Vendor::Dolfin => format!("/api-keys/{id}/revoke"),
                            Vendor::B3os => format!("/v1/api-keys/{id}"),
                            other => crate::unwritten(other),
                        };
                        let is_own = path == call.path;
                        let reply = upstream.forward(Call { path, ..call.clone() }).await;
                        if is_own {
                            own = Some(reply);
                        }
                    }
                    return own.unwrap_or_else(|| revoked(upstream.vendor));
                }
                let creates = call.is_create();
                let reply = upstream.forward(call.clone()).await;
                if creates && let Some((id, _)) = issued(&reply.json()) {
                    made.lock().unwrap().push((id, call));
                }
                reply
            })
        })
        .await;
        assert_fails(&report, vendor, "revoke/siblings-survive");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_shows_other_metadata_is_caught() {
    for vendor in Vendor::PLAYED {
        let report = judge_bent(vendor, "create/metadata-echoed", |call, upstream| {
            Box::pin(async move {
                let creates = call.is_create();
                let reply = upstream.forward(call).await;
                let mut body = reply.json();
                if !creates || issued(&body).is_none() {
                    return reply;
                }
                let record = if body.get("data").is_some() {
                    &mut body["data"]
                } else {
                    &mut body
                };
                record["name"] = json!("another name");
                reply.with_json(&body)
            })
        })
        .await;
        assert_fails(&report, vendor, "create/metadata-echoed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expiry_that_is_shown_and_not_kept_is_caught() {
    for vendor in Vendor::PLAYED {
        let report = judge_bent(vendor, "expiry/*", |mut call, upstream| {
            Box::pin(async move {
                let asked = call.json();
                if !call.is_create()
                    || asked
                        .get("expiresAt")
                        .or_else(|| asked.get("expires_in_days"))
                        .is_none()
                {
                    return upstream.forward(call).await;
                }
                let mut lasting = asked.clone();
                let members = lasting.as_object_mut().unwrap();
                members.remove("expiresAt");
                members.remove("expires_in_days");
                call.body = lasting.to_string().into_bytes();
                let reply = upstream.forward(call).await;
                let mut body = reply.json();
                let soon = asked.get("expiresAt").cloned().unwrap_or_else(|| {
                    json!((jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24)).to_string())
                });
                match upstream.vendor {
                    Vendor::Sinjapp => body["data"]["expires_at"] = soon,
                    Vendor::B3os => body["data"]["expiresAt"] = soon,
                    Vendor::Reten | Vendor::Dolfin => body["expiresAt"] = soon,
                    other => crate::unwritten(other),
                }
                reply.with_json(&body)
            })
        })
        .await;
        assert_fails(&report, vendor, "expiry/refused-after");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn grants_that_are_not_asked_for_are_caught() {
    for (vendor, member, everything) in [
        (Vendor::Sinjapp, "scopes", json!(["*"])),
        (
            Vendor::Reten,
            "permissions",
            json!(["view_activities", "manage_commerces"]),
        ),
    ] {
        let report = judge_bent(vendor, "scope/*", move |mut call, upstream| {
            let everything = everything.clone();
            Box::pin(async move {
                if call.is_create() {
                    let mut body = call.json();
                    body[member] = everything;
                    call.body = body.to_string().into_bytes();
                }
                upstream.forward(call).await
            })
        })
        .await;
        assert_fails(&report, vendor, "scope/missing-grant-refused");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_of_the_server_is_no_refusal() {
    for vendor in Vendor::PLAYED {
        let report = judge_bent(vendor, "revoke/malformed-id", |call, upstream| {
            Box::pin(async move {
                if call.path.contains("not") {
                    Reply::of(500, "{}")
                } else {
                    upstream.forward(call).await
                }
            })
        })
        .await;
        assert_fails(&report, vendor, "revoke/malformed-id");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_create_that_makes_a_key_is_caught() {
    for vendor in [Vendor::Reten, Vendor::B3os] {
        let report = judge_bent(vendor, "create/missing-name-refused", |mut call, upstream| {
            Box::pin(async move {
                if call.is_create() && call.json().get("name").is_none() {
                    let refusal = upstream.forward(call.clone()).await;
                    let mut body = call.json();
                    body["name"] = json!("nameless");
                    call.body = body.to_string().into_bytes();
                    upstream.forward(call).await;
                    return refusal;
                }
                let lists = call.is_list();
                let reply = upstream.forward(call).await;
                if lists {
                    let text = String::from_utf8_lossy(&reply.body).replace("\"nameless\"", "\"\"");
                    return Reply {
                        body: text.into_bytes(),
                        ..reply
                    };
                }
                reply
            })
        })
        .await;
        assert_fails(&report, vendor, "create/missing-name-refused");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_hides_or_whitewashes_is_caught() {
    let report = judge_bent(Vendor::Reten, "list/*", |call, upstream| {
        Box::pin(async move {
            let lists = call.is_list();
            let reply = upstream.forward(call).await;
            let mut body = reply.json();
            if lists && let Some(items) = body.as_array_mut() {
                for item in items.iter_mut() {
                    item["isActive"] = json!(true);
                    item["revokedAt"] = json!(null);
                }
                return reply.with_json(&body);
            }
            reply
        })
    })
    .await;
    assert_fails(&report, Vendor::Reten, "list/shows-revoked-state");
    let report = judge_bent(Vendor::Reten, "list/*", |call, upstream| {
        Box::pin(async move {
            let lists = call.is_list();
            let reply = upstream.forward(call).await;
            if lists && reply.status == 200 {
                reply.with_json(&json!([]))
            } else {
                reply
            }
        })
    })
    .await;
    assert_fails(&report, Vendor::Reten, "list/shows-created");
}
