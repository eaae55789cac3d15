//! Broken servers that break what is asked of credentials, grants, users and documented limits.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use axum::http::HeaderMap;
use keyway_conformance::{Outcome, Selection, Target, run};
use keyway_openapi::Vendor;
use serde_json::{Value, json};

use crate::broken::{Shared, assert_fails, issued};
use crate::proxy::{Call, Reply, front, judge_bent};

const MANAGED_BY_LIST: [Vendor; 2] = [Vendor::Reten, Vendor::B3os];

/// The request in somebody else's name.
fn in_the_name_of(mut call: Call, headers: &HeaderMap) -> Call {
    for name in ["x-api-key", "x-dolfin-api-key", "authorization", "x-tenant-id"] {
        call.headers.remove(name);
        if let Some(value) = headers.get(name) {
            call.headers.insert(name, value.clone());
        }
    }
    call
}

/// The grants that a create asks for.
fn asked(call: &Call) -> Vec<String> {
    let body = call.json();
    ["scopes", "permissions"]
        .iter()
        .find_map(|member| body[*member].as_array().cloned())
        .or_else(|| body.get("scope").map(|scope| vec![scope.clone()]))
        .unwrap_or_default()
        .iter()
        .filter_map(|grant| grant.as_str().map(str::to_owned))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_management_that_takes_any_credential_is_caught() {
    for vendor in Vendor::PLAYED {
        let admin: Shared<Option<HeaderMap>> = Shared::default();
        let known: Shared<HashSet<String>> = Shared::default();
        let report = judge_bent(
            vendor,
            "*/unknown-credential-refused",
            move |mut call, upstream| {
                let (admin, known) = (Arc::clone(&admin), Arc::clone(&known));
                Box::pin(async move {
                    let credential = call.credential().unwrap_or_default();
                    let (creates, manages, headers) =
                        (call.is_create(), call.is_management(), call.headers.clone());
                    if manages && !credential.is_empty() && !known.lock().unwrap().contains(&credential) {
                        let first = admin.lock().unwrap().get_or_insert(headers).clone();
                        call = in_the_name_of(call, &first);
                    }
                    let reply = upstream.forward(call).await;
                    if creates && let Some((_, secret)) = issued(&reply.json()) {
                        known.lock().unwrap().insert(secret);
                    }
                    reply
                })
            },
        )
        .await;
        assert_fails(&report, vendor, "create/unknown-credential-refused");
        assert_fails(&report, vendor, "revoke/unknown-credential-refused");
        if MANAGED_BY_LIST.contains(&vendor) {
            assert_fails(&report, vendor, "list/unknown-credential-refused");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_few_grants_that_outlives_its_revoke_is_caught() {
    for vendor in [Vendor::Sinjapp, Vendor::Reten, Vendor::B3os] {
        let narrow: Shared<HashSet<String>> = Shared::default();
        let accepted: Shared<HashMap<(String, String), Reply>> = Shared::default();
        let report = judge_bent(vendor, "revoke/refused-*", move |call, upstream| {
            let (narrow, accepted) = (Arc::clone(&narrow), Arc::clone(&accepted));
            Box::pin(async move {
                let few = call.is_create()
                    && matches!(asked(&call).as_slice(), [one] if one != "*" && one != "read-write");
                let place = (call.credential().unwrap_or_default(), call.path.clone());
                let reply = upstream.forward(call).await;
                if few && let Some((_, secret)) = issued(&reply.json()) {
                    narrow.lock().unwrap().insert(secret);
                }
                if !narrow.lock().unwrap().contains(&place.0) {
                    return reply;
                }
                let mut accepted = accepted.lock().unwrap();
                if reply.status == 200 {
                    accepted.insert(place, reply.clone());
                    return reply;
                }
                accepted.get(&place).cloned().unwrap_or(reply)
            })
        })
        .await;
        assert_fails(&report, vendor, "revoke/refused-with-narrow-grants");
        let wide = report.verdict(vendor, "revoke/refused-at-once").unwrap();
        assert_eq!(wide.outcome, Outcome::Pass, "{vendor}: {}", wide.detail);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_key_that_still_manages_keys_is_caught() {
    for vendor in Vendor::PLAYED {
        let makers: Shared<HashMap<String, HeaderMap>> = Shared::default();
        let report = judge_bent(vendor, "revoke/ends-management", move |mut call, upstream| {
            let makers = Arc::clone(&makers);
            Box::pin(async move {
                let (creates, headers) = (call.is_create(), call.headers.clone());
                let maker = makers
                    .lock()
                    .unwrap()
                    .get(&call.credential().unwrap_or_default())
                    .cloned();
                if let Some(maker) = maker.filter(|_| call.is_management()) {
                    call = in_the_name_of(call, &maker);
                }
                let reply = upstream.forward(call).await;
                if creates && let Some((_, secret)) = issued(&reply.json()) {
                    makers.lock().unwrap().insert(secret, headers);
                }
                reply
            })
        })
        .await;
        assert_fails(&report, vendor, "revoke/ends-management");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_that_opens_to_keys_of_another_client_is_caught() {
    let report = judge_bent(Vendor::Dolfin, "tenant/*", |call, upstream| {
        Box::pin(async move {
            let members = call.path.ends_with("/members");
            match upstream.forward(call).await {
                refused if members && refused.status == 403 => Reply::of(200, "[]"),
                reply => reply,
            }
        })
    })
    .await;
    assert_fails(&report, Vendor::Dolfin, "tenant/other-tenants-data-refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_sees_and_revokes_the_keys_of_another_is_caught() {
    let makers: Shared<HashMap<String, HeaderMap>> = Shared::default();
    let report = judge_bent(Vendor::Reten, "*", move |mut call, upstream| {
        let makers = Arc::clone(&makers);
        Box::pin(async move {
            let (creates, headers) = (call.is_create(), call.headers.clone());
            if call.is_list() {
                // Everybody sees what everybody made.
                let all: Vec<HeaderMap> = makers.lock().unwrap().values().cloned().collect();
                let mut reply = upstream.forward(call.clone()).await;
                let mut shown = reply.json();
                let home = call.headers.get("x-tenant-id").cloned();
                let mut asked = HashSet::from([call.credential()]);
                for other in all
                    .iter()
                    .filter(|other| other.get("x-tenant-id") == home.as_ref())
                {
                    let other = in_the_name_of(call.clone(), other);
                    if !asked.insert(other.credential()) {
                        continue;
                    }
                    let more = upstream.forward(other).await.json();
                    if let (Some(shown), Value::Array(more)) = (shown.as_array_mut(), more) {
                        shown.extend(more);
                    }
                }
                reply.headers.remove("content-length");
                return reply.with_json(&shown);
            }
            if call.is_revoke() {
                let id = call.path.split('/').rev().nth(1).unwrap_or_default();
                let maker = makers.lock().unwrap().get(id).cloned();
                if let Some(maker) = maker.filter(|_| call.credential().is_some()) {
                    call = in_the_name_of(call, &maker);
                }
            }
            let reply = upstream.forward(call).await;
            if creates && let Some((id, _)) = issued(&reply.json()) {
                makers.lock().unwrap().insert(id, headers);
            }
            reply
        })
    })
    .await;
    assert_fails(&report, Vendor::Reten, "revoke/another-users-key-refused");
    assert_fails(&report, Vendor::Reten, "list/shows-own-only");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_header_that_is_believed_is_caught_with_and_without_a_list_of_tenants() {
    for tells_memberships in [true, false] {
        let home: Shared<Option<String>> = Shared::default();
        let report = judge_bent(
            Vendor::Reten,
            "tenant/foreign-tenant-refused",
            move |mut call, upstream| {
                let home = Arc::clone(&home);
                Box::pin(async move {
                    if call.path == "/api/auth/me" && !tells_memberships {
                        return Reply::of(404, r#"{"statusCode":404,"message":"Not Found"}"#);
                    }
                    let named = call
                        .headers
                        .get("x-tenant-id")
                        .map(|value| value.to_str().unwrap().to_owned());
                    let Some(named) = named.filter(|_| call.is_management()) else {
                        return upstream.forward(call).await;
                    };
                    let first = home.lock().unwrap().get_or_insert(named.clone()).clone();
                    call.headers.insert("x-tenant-id", first.parse().unwrap());
                    let reply = upstream.forward(call).await;
                    let mut body = reply.json();
                    if body["tenantId"].is_string() {
                        body["tenantId"] = json!(named);
                        return reply.with_json(&body);
                    }
                    reply
                })
            },
        )
        .await;
        assert_fails(&report, Vendor::Reten, "tenant/foreign-tenant-refused");
    }
}

/// A change of a create request, and the case that must notice it.
type Change = (Vendor, &'static str, fn(&mut Value));

#[tokio::test(flavor = "multi_thread")]
async fn a_documented_limit_or_default_that_is_not_kept_is_caught() {
    let changes: [Change; 5] = [
        (Vendor::Reten, "create/long-name-refused", |body| {
            let short: String = body["name"]
                .as_str()
                .unwrap_or_default()
                .chars()
                .take(255)
                .collect();
            body["name"] = json!(short);
        }),
        (Vendor::Reten, "create/default-expiry", |body| {
            if body.get("expiresAt").is_none() {
                body["expiresAt"] = json!("2099-01-01T00:00:00.000Z");
            }
        }),
        (Vendor::Sinjapp, "create/default-expiry", |body| {
            if body.get("expires_in_days").is_none() {
                body["expires_in_days"] = json!(365);
            }
        }),
        (Vendor::Sinjapp, "create/longest-expiry-accepted", |body| {
            if body["expires_in_days"] == json!(365) {
                body["expires_in_days"] = json!(366);
            }
        }),
        (Vendor::B3os, "create/unknown-grant-refused", |body| {
            if body["scope"] == json!("keyway-unknown") {
                body["scope"] = json!("read-write");
            }
        }),
    ];
    for (vendor, case, change) in changes {
        let report = judge_bent(vendor, case, move |mut call, upstream| {
            Box::pin(async move {
                if call.is_create() {
                    let mut body = call.json();
                    change(&mut body);
                    call.body = body.to_string().into_bytes();
                }
                upstream.forward(call).await
            })
        })
        .await;
        assert_fails(&report, vendor, case);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_that_is_shown_with_other_grants_is_caught() {
    for (vendor, wide) in [
        (Vendor::Sinjapp, json!(["*"])),
        (Vendor::Reten, json!(["manage_commerces", "view_activities"])),
        (Vendor::B3os, json!("read-write")),
    ] {
        let report = judge_bent(vendor, "create/narrow-grants-echoed", move |call, upstream| {
            let wide = wide.clone();
            Box::pin(async move {
                let creates = call.is_create();
                let reply = upstream.forward(call).await;
                let mut body = reply.json();
                if !creates || issued(&body).is_none() {
                    return reply;
                }
                match vendor {
                    Vendor::Sinjapp => body["data"]["scopes"] = wide,
                    Vendor::B3os => body["data"]["scope"] = wide,
                    _ => body["permissions"] = wide,
                }
                reply.with_json(&body)
            })
        })
        .await;
        assert_fails(&report, vendor, "create/narrow-grants-echoed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_in_another_order_is_caught() {
    let report = judge_bent(Vendor::Reten, "list/newest-first", |call, upstream| {
        Box::pin(async move {
            let lists = call.is_list();
            let reply = upstream.forward(call).await;
            let mut body = reply.json();
            match body.as_array_mut() {
                Some(items) if lists => {
                    items.reverse();
                    reply.with_json(&body)
                }
                _ => reply,
            }
        })
    })
    .await;
    assert_fails(&report, Vendor::Reten, "list/newest-first");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_body_that_is_no_json_or_tells_another_status_is_caught() {
    for media_type in ["text/plain", "application/json"] {
        let report = judge_bent(
            Vendor::Reten,
            "create/missing-name-refused",
            move |call, upstream| {
                Box::pin(async move {
                    let mut reply = upstream.forward(call).await;
                    if reply.status < 400 {
                        return reply;
                    }
                    reply.headers.insert("content-type", media_type.parse().unwrap());
                    let mut body = reply.json();
                    if media_type == "application/json" {
                        body["statusCode"] = json!(200);
                    }
                    reply.with_json(&body)
                })
            },
        )
        .await;
        assert_fails(&report, Vendor::Reten, "create/missing-name-refused");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_serves_any_host_is_caught_where_it_has_a_name() {
    for (host, expected) in [
        ("acme.localhost", Outcome::Fail),
        ("127.0.0.1", Outcome::Observed),
    ] {
        let target = Target::embedded(Vendor::Sinjapp).await.unwrap();
        let at = front(&target, |mut call, upstream| {
            Box::pin(async move {
                call.headers.remove("host");
                upstream.forward(call).await
            })
        })
        .await;
        let target = target.behind(&at.replace("127.0.0.1", host));
        let report = run(&[target], &Selection::matching("tenant/unknown-host-refused")).await;
        let verdict = report
            .verdict(Vendor::Sinjapp, "tenant/unknown-host-refused")
            .unwrap();
        assert_eq!(verdict.outcome, expected, "{host}: {}", verdict.detail);
    }
}
