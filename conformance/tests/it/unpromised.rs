//! Correct servers that leave out, write otherwise or do not have what nobody promised.

use keyway_conformance::{Outcome, PlainHttp, Selection, Target};
use keyway_mock::MockServer;
use keyway_openapi::Vendor;
use serde_json::{Value, json};

use crate::broken::issued;
use crate::different::wrongs;
use crate::proxy::{Call, Reply, judge_bent, judge_target_bent};

/// Lets nothing of a create answer through but these members.
fn only(body: &Value, members: &[&str]) -> Value {
    members
        .iter()
        .map(|member| ((*member).to_owned(), body[*member].clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_escapes_what_it_need_not_is_not_failed() {
    for vendor in Vendor::PLAYED {
        let report = judge_bent(vendor, "create/*", |call, upstream| {
            Box::pin(async move {
                let creates = call.is_create();
                let reply = upstream.forward(call).await;
                let Some((_, secret)) = issued(&reply.json()).filter(|_| creates) else {
                    return reply;
                };
                let escaped: String = secret.bytes().map(|byte| format!("\\u{byte:04X}")).collect();
                let text = String::from_utf8_lossy(&reply.body).replace(&secret, &escaped);
                Reply {
                    body: text.into_bytes(),
                    ..reply
                }
            })
        })
        .await;
        let wrongs: Vec<String> = wrongs(&report).collect();
        assert!(wrongs.is_empty(), "{vendor}: {}", wrongs.join("\n"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_shows_a_new_key_as_sparingly_as_the_contract_allows_is_not_failed() {
    for vendor in [Vendor::Sinjapp, Vendor::Dolfin, Vendor::B3os] {
        let report = judge_bent(vendor, "create/*", move |call, upstream| {
            Box::pin(async move {
                let creates = call.is_create();
                let reply = upstream.forward(call).await;
                let mut body = reply.json();
                if !creates || issued(&body).is_none() {
                    return reply;
                }
                match vendor {
                    Vendor::Dolfin => body = only(&body, &["id", "clientId", "rawKey", "keyPrefix"]),
                    Vendor::B3os => body["data"] = only(&body["data"], &["id", "key"]),
                    _ => body["data"] = only(&body["data"], &["id"]),
                }
                reply.with_json(&body)
            })
        })
        .await;
        let wrongs: Vec<String> = wrongs(&report).collect();
        assert!(wrongs.is_empty(), "{vendor}: {}", wrongs.join("\n"));
        let echo = report.verdict(vendor, "create/metadata-echoed").unwrap();
        assert_eq!(echo.outcome, Outcome::Warn, "{vendor}: {}", echo.detail);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_writes_null_for_what_is_not_set_is_not_failed() {
    let report = judge_bent(Vendor::B3os, "*", |call, upstream| {
        Box::pin(async move {
            let shows_keys = call.is_management() && !call.path.contains("requests");
            let reply = upstream.forward(call).await;
            let mut body = reply.json();
            if reply.status >= 400 && body.is_object() {
                body["details"] = Value::Null;
                return reply.with_json(&body);
            }
            let fill = |key: &mut Value| {
                for member in ["expiresAt", "revokedAt", "lastUsedAt", "description", "userId"] {
                    if key.get("id").is_some() && key.get(member).is_none() {
                        key[member] = Value::Null;
                    }
                }
            };
            if shows_keys && body["data"].is_object() {
                fill(&mut body["data"]);
                if let Some(items) = body["data"]["items"].as_array_mut() {
                    items.iter_mut().for_each(fill);
                }
                return reply.with_json(&body);
            }
            reply
        })
    })
    .await;
    let wrongs: Vec<String> = wrongs(&report).collect();
    assert!(wrongs.is_empty(), "{}", wrongs.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_small_pages_that_does_not_say_whether_there_are_more_is_not_failed() {
    let report = judge_bent(Vendor::B3os, "*list*", |mut call, upstream| {
        Box::pin(async move {
            let lists = call.is_list();
            call.path = call.path.replace("limit=100", "limit=2");
            let reply = upstream.forward(call).await;
            let mut body = reply.json();
            let Some(items) = body["data"]["items"].as_array_mut().filter(|_| lists) else {
                return reply;
            };
            for item in items {
                *item = only(item, &["id", "name", "revokedAt"]);
            }
            body["data"].as_object_mut().unwrap().remove("hasMore");
            reply.with_json(&body)
        })
    })
    .await;
    let wrongs: Vec<String> = wrongs(&report).collect();
    assert!(wrongs.is_empty(), "{}", wrongs.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_without_every_permission_is_no_fault_of_the_server() {
    let report = judge_bent(Vendor::Reten, "*", |call, upstream| {
        Box::pin(async move {
            let wants = call.json()["permissions"]
                .to_string()
                .to_ascii_lowercase()
                .contains("manage_commerces");
            if (call.is_create() && wants && call.credential().is_some()) || call.path == "/api/commerces" {
                let status = if call.credential().is_none() { 401 } else { 403 };
                let body =
                    json!({"statusCode": status, "message": "Insufficient permissions", "error": "No"});
                let reply = Reply::of(status, &body.to_string());
                // Who is unknown is told so first. A create that will be refused must not make a key on the way.
                let asked = Call {
                    body: if call.is_create() {
                        b"{}".to_vec()
                    } else {
                        call.body.clone()
                    },
                    ..call
                };
                return match upstream.forward(asked).await {
                    refused if refused.status == 401 => refused,
                    _ => reply,
                };
            }
            upstream.forward(call).await
        })
    })
    .await;
    let wrongs: Vec<String> = wrongs(&report).collect();
    assert!(wrongs.is_empty(), "{}", wrongs.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_that_wants_an_unnamed_organisation_is_a_reason_to_skip() {
    let server = MockServer::builder()
        .vendor(Vendor::Dolfin)
        .start()
        .await
        .unwrap();
    let access = server.access(Vendor::Dolfin);
    for tenant in [None, Some(access.tenant.clone())] {
        let lookup = |name: &str| match name {
            "KEYWAY_CREDENTIAL" => Some(access.credentials.admin.clone()),
            "KEYWAY_TENANT" => tenant.clone(),
            _ => None,
        };
        let target =
            Target::from_environment(Vendor::Dolfin, &access.base_url, PlainHttp::LoopbackOnly, &lookup)
                .unwrap();
        let cases = Selection::matching("create/key-works-at-once");
        let report = judge_target_bent(target, &cases, |call, upstream| {
            Box::pin(async move {
                let members = call.path.ends_with("/members");
                if members && !call.headers.contains_key("x-dolfin-organisation-id") {
                    return Reply::of(400, r#"{"title":"no organisation"}"#);
                }
                upstream.forward(call).await
            })
        })
        .await;
        let verdict = report
            .verdict(Vendor::Dolfin, "create/key-works-at-once")
            .unwrap();
        let expected = if tenant.is_some() {
            Outcome::Pass
        } else {
            Outcome::Skip
        };
        assert_eq!(verdict.outcome, expected, "{}", verdict.detail);
        assert_eq!(
            verdict.detail.contains("KEYWAY_TENANT"),
            tenant.is_none(),
            "{}",
            verdict.detail
        );
    }
}
