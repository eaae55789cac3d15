//! What the judge owes to the keys it makes: none is forgotten, none is believed dead that works, none of others is met.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use keyway_conformance::{Exit, Outcome, PlainHttp, Report, Selection, Target, run};
use keyway_mock::MockServer;
use keyway_openapi::Vendor;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::proxy::{Call, Reply, judge_bent};

type Shared<T> = Arc<Mutex<T>>;

fn outcome(report: &Report, vendor: Vendor, id: &str) -> (Outcome, String) {
    let verdict = report.verdict(vendor, id).unwrap();
    (verdict.outcome, verdict.detail.clone())
}

fn assert_outcome(report: &Report, vendor: Vendor, id: &str, expected: Outcome) {
    let (seen, detail) = outcome(report, vendor, id);
    assert_eq!(seen, expected, "{vendor} {id}: {detail}");
}

fn revoked(vendor: Vendor) -> Reply {
    match vendor {
        Vendor::Sinjapp | Vendor::Dolfin => Reply::of(204, ""),
        Vendor::Reten => Reply::of(200, r#"{"message":"API key revoked successfully"}"#),
        Vendor::B3os => Reply::of(200, r#"{"code":200,"message":"success","requestId":"r-1"}"#),
        other => crate::unwritten(other),
    }
}

fn refused() -> Reply {
    Reply::of(401, r#"{"statusCode":401,"error":"Unauthorized","message":"no"}"#)
}

fn issued(body: &Value) -> Option<(String, String)> {
    let record = body.get("data").unwrap_or(body);
    let id = record.get("id")?;
    let id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
    let secret = ["plain_text_key", "plaintextKey", "rawKey", "key"]
        .iter()
        .find_map(|member| body.get(*member).or_else(|| record.get(*member)))?;
    Some((id, secret.as_str()?.to_owned()))
}

/// The id that a revoke names.
fn named(call: &Call) -> Option<String> {
    let (_, rest) = call.path.split_once("/api-keys/")?;
    rest.split(['/', '?']).next().map(str::to_owned)
}

/// What a server between knows of the keys that pass through it.
#[derive(Default)]
struct Book {
    secrets: HashMap<String, String>,
    /// By the secret.
    revoked: HashMap<String, Instant>,
    uses: usize,
}

/// A server that forgets some revokes: `works` decides by the time since the revoke and the number of the use.
async fn judge_forgetful(vendor: Vendor, cases: &str, works: fn(Duration, usize) -> bool) -> Report {
    let book: Shared<Book> = Shared::default();
    judge_bent(vendor, cases, move |call, upstream| {
        let book = Arc::clone(&book);
        Box::pin(async move {
            if call.is_revoke() {
                let mut book = book.lock().unwrap();
                let secret = named(&call).and_then(|id| book.secrets.get(&id).cloned());
                if let Some(secret) = secret {
                    book.revoked.entry(secret).or_insert_with(Instant::now);
                    return revoked(vendor);
                }
            }
            {
                let mut book = book.lock().unwrap();
                let since = call
                    .credential()
                    .and_then(|secret| book.revoked.get(&secret).map(Instant::elapsed));
                if let Some(since) = since {
                    book.uses += 1;
                    if !works(since, book.uses) {
                        return refused();
                    }
                }
            }
            let creates = call.is_create();
            let reply = upstream.forward(call).await;
            if creates && let Some((id, secret)) = issued(&reply.json()) {
                book.lock().unwrap().secrets.insert(id, secret);
            }
            reply
        })
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_works_again_some_time_after_its_revoke_is_caught_and_named() {
    for vendor in [Vendor::Sinjapp, Vendor::Dolfin] {
        let report = judge_forgetful(vendor, "revoke/*", |since, _| since > Duration::from_millis(150)).await;
        assert_outcome(&report, vendor, "revoke/stays-refused", Outcome::Fail);
        assert!(
            !report.left().is_empty(),
            "a key that works is not cleaned up, whatever was answered"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_refused_only_most_of_the_time_is_caught() {
    for vendor in Vendor::PLAYED {
        let report = judge_forgetful(vendor, "revoke/stays-refused", |_, use_| use_ % 11 == 0).await;
        assert_outcome(&report, vendor, "revoke/stays-refused", Outcome::Fail);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_was_made_without_an_answer_is_found_in_the_list_or_told() {
    for vendor in Vendor::PLAYED {
        let creates = Arc::new(AtomicUsize::new(0));
        let open: Shared<BTreeSet<String>> = Shared::default();
        let seen = Arc::clone(&open);
        let report = judge_bent(vendor, "create/answers-as-declared", move |call, upstream| {
            let (creates, open) = (Arc::clone(&creates), Arc::clone(&seen));
            Box::pin(async move {
                let revokes = call.is_revoke().then(|| named(&call)).flatten();
                let number = if call.is_create() {
                    creates.fetch_add(1, Ordering::SeqCst)
                } else {
                    0
                };
                let reply = upstream.forward(call).await;
                if let Some(id) = revokes {
                    open.lock().unwrap().remove(&id);
                } else if let Some((id, _)) = issued(&reply.json()) {
                    open.lock().unwrap().insert(id);
                }
                if number > 0 {
                    // Made, and then something broke.
                    return Reply::of(500, r#"{"message":"broken"}"#);
                }
                reply
            })
        })
        .await;
        let open = open.lock().unwrap().len();
        if matches!(vendor, Vendor::Reten | Vendor::B3os) {
            assert_eq!((open, report.left().len()), (0, 0), "{vendor}");
        } else {
            assert_eq!((open, report.left().len()), (1, 1), "{vendor}");
            assert!(
                report.left()[0].contains("may exist"),
                "{vendor}: {}",
                report.left()[0]
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_that_a_rate_limit_kept_out_left_no_key_behind() {
    for vendor in [Vendor::Dolfin, Vendor::Sinjapp] {
        let creates = Arc::new(AtomicUsize::new(0));
        let report = judge_bent(vendor, "create/answers-as-declared", move |call, upstream| {
            let creates = Arc::clone(&creates);
            Box::pin(async move {
                if call.is_create() && creates.fetch_add(1, Ordering::SeqCst) > 0 {
                    return Reply::of(429, r#"{"message":"slow down"}"#);
                }
                upstream.forward(call).await
            })
        })
        .await;
        assert_outcome(&report, vendor, "create/answers-as-declared", Outcome::Error);
        assert_eq!(report.left().len(), 0);
        assert_eq!(report.exit(), Exit::NotCarriedOut);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rate_limit_is_waited_out_by_the_client_too() {
    for vendor in Vendor::PLAYED {
        let calls = Arc::new(AtomicUsize::new(0));
        let report = judge_bent(vendor, "client/*", move |call, upstream| {
            let calls = Arc::clone(&calls);
            Box::pin(async move {
                let number = calls.fetch_add(1, Ordering::SeqCst);
                if number % 2 == 1 {
                    return Reply::of(429, r#"{"message":"slow down"}"#);
                }
                upstream.forward(call).await
            })
        })
        .await;
        assert_outcome(&report, vendor, "client/round-trip", Outcome::Pass);
        assert_eq!(report.left().len(), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_meets_nothing_but_rate_limits_has_judged_nothing() {
    let creates = Arc::new(AtomicUsize::new(0));
    let report = judge_bent(Vendor::Dolfin, "client/*", move |call, upstream| {
        let creates = Arc::clone(&creates);
        Box::pin(async move {
            if call.is_create() {
                creates.fetch_add(1, Ordering::SeqCst);
            }
            // The second key is the client's; whatever comes after it is too much.
            let reads = call.method == axum::http::Method::GET;
            if reads && creates.load(Ordering::SeqCst) > 1 {
                return Reply::of(429, r#"{"message":"slow down"}"#);
            }
            upstream.forward(call).await
        })
    })
    .await;
    assert_outcome(&report, Vendor::Dolfin, "client/round-trip", Outcome::Error);
    assert_eq!(report.left().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_key_that_still_makes_keys_is_caught() {
    for vendor in Vendor::PLAYED {
        let first: Shared<Option<axum::http::HeaderMap>> = Shared::default();
        let report = judge_bent(vendor, "expiry/refused-everywhere", move |mut call, upstream| {
            let first = Arc::clone(&first);
            Box::pin(async move {
                if call.is_create() {
                    let admin = first
                        .lock()
                        .unwrap()
                        .get_or_insert_with(|| call.headers.clone())
                        .clone();
                    call.headers = admin;
                    call.headers.remove("content-length");
                }
                upstream.forward(call).await
            })
        })
        .await;
        assert_outcome(&report, vendor, "expiry/refused-everywhere", Outcome::Fail);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_with_an_expiry_that_outlives_its_revoke_is_caught() {
    for vendor in Vendor::PLAYED {
        let lasting: Shared<BTreeSet<String>> = Shared::default();
        let report = judge_bent(vendor, "revoke/*", move |call, upstream| {
            let lasting = Arc::clone(&lasting);
            Box::pin(async move {
                if call.is_revoke() && named(&call).is_some_and(|id| lasting.lock().unwrap().contains(&id)) {
                    return revoked(vendor);
                }
                let expires = call.is_create()
                    && ["expiresAt", "expires_in_days"]
                        .iter()
                        .any(|member| !call.json()[*member].is_null());
                let reply = upstream.forward(call).await;
                if expires && let Some((id, _)) = issued(&reply.json()) {
                    lasting.lock().unwrap().insert(id);
                }
                reply
            })
        })
        .await;
        assert_outcome(&report, vendor, "revoke/refused-with-expiry", Outcome::Fail);
        assert!(!report.left().is_empty(), "{vendor}");
    }
}

/// A server that knows the caller, or the path, only together with the organisation.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_wants_the_organisation_named_is_judged_all_the_same() {
    for status in [400, 401, 403, 404] {
        let report = judge_bent(Vendor::Dolfin, "*", move |call, upstream| {
            Box::pin(async move {
                let named = call.headers.contains_key("x-dolfin-organisation-id");
                if call.is_management() && !named {
                    return Reply::of(status, r#"{"title":"no organisation","status":400}"#);
                }
                upstream.forward(call).await
            })
        })
        .await;
        assert_eq!(report.not_set_up().count(), 0, "{status}");
        assert_outcome(&report, Vendor::Dolfin, "client/round-trip", Outcome::Pass);
        assert_eq!(report.left().len(), 0, "{status}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_tenants_credential_is_not_sent_where_it_does_not_belong() {
    for (vendor, reason) in [
        (Vendor::Sinjapp, "KEYWAY_OTHER_BASE_URL is not set"),
        (Vendor::Reten, "KEYWAY_OTHER_TENANT is not set"),
    ] {
        let server = MockServer::builder().vendor(vendor).start().await.unwrap();
        let access = server.access(vendor).clone();
        let lookup = |name: &str| match name {
            "KEYWAY_CREDENTIAL" => Some(access.credentials.admin.clone()),
            "KEYWAY_TENANT" => Some(access.tenant.clone()),
            "KEYWAY_OTHER_CREDENTIAL" => Some(access.credentials.other.clone()),
            _ => None,
        };
        let target =
            Target::from_environment(vendor, &access.base_url, PlainHttp::LoopbackOnly, &lookup).unwrap();
        let report = run(&[target], &Selection::matching("revoke/foreign-id-*")).await;
        for id in ["revoke/foreign-id-answer", "revoke/foreign-id-has-no-effect"] {
            let (seen, detail) = outcome(&report, vendor, id);
            assert_eq!((seen, detail.as_str()), (Outcome::Skip, reason), "{vendor}");
        }
    }
}

/// Ids that are given out in turn: the id that nobody has must not be the next one's.
#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_nobody_has_is_no_id_that_somebody_may_have() {
    let unknown: Shared<Vec<u64>> = Shared::default();
    let seen = Arc::clone(&unknown);
    let report = judge_bent(Vendor::Sinjapp, "revoke/unknown-id*", move |call, upstream| {
        let unknown = Arc::clone(&seen);
        Box::pin(async move {
            let revokes = call.is_revoke().then(|| named(&call)).flatten();
            let reply = upstream.forward(call).await;
            if let (404, Some(id)) = (reply.status, revokes) {
                unknown.lock().unwrap().push(id.parse().unwrap());
            }
            reply
        })
    })
    .await;
    assert_eq!(report.count(Outcome::Fail), 0);
    let unknown = unknown.lock().unwrap().clone();
    assert_eq!(unknown.len(), 2);
    for id in unknown {
        assert!((2_000_000_000..=2_147_483_647).contains(&id), "{id}");
    }
}

/// Passes so many requests on to a server and hangs up on every later one. Says where, and counts the later ones.
async fn going_away(server: &str, after: usize) -> (String, Arc<AtomicUsize>) {
    let server = server.trim_start_matches("http://").to_owned();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let hung_up = Arc::new(AtomicUsize::new(0));
    let (counted, passed) = (Arc::clone(&hung_up), Arc::new(AtomicUsize::new(0)));
    tokio::spawn(async move {
        while let Ok((here, _)) = listener.accept().await {
            let (counted, passed) = (Arc::clone(&counted), Arc::clone(&passed));
            let there = tokio::net::TcpStream::connect(&server).await.unwrap();
            let ((mut asked, mut told), (mut answered, mut on)) = (here.into_split(), there.into_split());
            let back = tokio::spawn(async move { tokio::io::copy(&mut answered, &mut told).await });
            tokio::spawn(async move {
                let mut request = vec![0; 65_536];
                while let Ok(length @ 1..) = asked.read(&mut request).await {
                    if passed.fetch_add(1, Ordering::SeqCst) >= after {
                        counted.fetch_add(1, Ordering::SeqCst);
                        break;
                    }
                    on.write_all(&request[..length]).await.unwrap();
                }
                back.abort();
            });
        }
    });
    (format!("http://{address}"), hung_up)
}

#[tokio::test]
async fn a_target_that_goes_away_is_not_asked_to_the_end() {
    let target = Target::embedded(Vendor::Dolfin).await.unwrap();
    let (base_url, hung_up) = going_away(target.base_url(), 60).await;
    let report = run(&[target.behind(&base_url)], &Selection::all()).await;
    let asked = hung_up.load(Ordering::SeqCst);
    assert!((12..60).contains(&asked), "it was asked {asked} times more");
    let told = |verdict: &&keyway_conformance::Verdict| verdict.detail.contains("has stopped answering");
    let given_up = report.verdicts().iter().filter(told).count();
    let details: Vec<&str> = report
        .verdicts()
        .iter()
        .map(|verdict| verdict.detail.as_str())
        .collect();
    assert!(given_up > 50, "{given_up} cases say so: {details:#?}");
    assert_eq!(
        report.exit(),
        Exit::NotCleanedUp,
        "the keys of the run cannot be revoked any more"
    );
}
