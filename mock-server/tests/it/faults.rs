//! Faults as a client meets them.

use std::time::{Duration, Instant};

use keyway_mock::{Effect, Fault, MockServer, Tls, Vendor, When};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tokio::io::AsyncReadExt as _;

use super::wire::{self, Security};

struct Dolfin {
    server: MockServer,
    client: Client,
    base_url: String,
    tenant: String,
    admin: String,
}

impl Dolfin {
    async fn start() -> Self {
        let server = MockServer::builder()
            .vendor(Vendor::Dolfin)
            .start()
            .await
            .expect("a free port");
        let access = server.access(Vendor::Dolfin);
        let admin = access.credentials.admin.trim_start_matches("key:").to_owned();
        // A connection of its own for each request: a reset must not be retried on another one.
        let client = Client::builder()
            .pool_max_idle_per_host(0)
            .build()
            .expect("a client");
        Self {
            server,
            client,
            base_url: access.base_url,
            tenant: access.tenant,
            admin,
        }
    }

    fn with(self, fault: Fault) -> Self {
        self.server.inject(fault).expect("a possible fault");
        self
    }

    fn create(&self) -> reqwest::RequestBuilder {
        let request = self.client.post(format!("{}/api-keys", self.base_url));
        request
            .header("x-dolfin-api-key", &self.admin)
            .json(&json!({"name": "made by a test"}))
    }

    fn members(&self) -> reqwest::RequestBuilder {
        let url = format!("{}/clients/{}/members", self.base_url, self.tenant);
        self.client.get(url).header("x-dolfin-api-key", &self.admin)
    }

    fn created(&self) -> usize {
        self.server.journal().calls("createApiKey").count()
    }
}

#[tokio::test]
async fn a_status_comes_in_the_vendors_own_form_and_nothing_is_done() {
    let dolfin = Dolfin::start()
        .await
        .with(Fault::new(Effect::Status(500)).operation("createApiKey"));
    let refused = dolfin.create().send().await.expect("an answer");
    assert_eq!(refused.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(refused.headers()["content-type"], "application/problem+json");
    let problem: Value = refused.json().await.expect("JSON");
    assert_eq!(problem["status"], 500);
    assert_eq!(
        dolfin.members().send().await.expect("an answer").status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_rate_limit_and_a_gateways_503_are_what_they_look_like() {
    let limit = Fault::new(Effect::RateLimit { retry_after_s: 3 }).when(When::Nth(1));
    let dolfin = Dolfin::start()
        .await
        .with(limit)
        .with(Fault::new(Effect::Html503).when(When::Nth(2)));
    let limited = dolfin.members().send().await.expect("an answer");
    assert_eq!(limited.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(limited.headers()["retry-after"], "3");
    let gateway = dolfin.members().send().await.expect("an answer");
    assert_eq!(gateway.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(gateway.headers()["content-type"], "text/html");
    assert_eq!(
        dolfin.members().send().await.expect("an answer").status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn latency_holds_an_answer_back() {
    let dolfin = Dolfin::start()
        .await
        .with(Fault::new(Effect::Latency { ms: 200 }).when(When::Nth(1)));
    let begun = Instant::now();
    assert_eq!(
        dolfin.members().send().await.expect("an answer").status(),
        StatusCode::OK
    );
    assert!(begun.elapsed() >= Duration::from_millis(200));
}

#[tokio::test]
async fn a_reset_after_the_commit_loses_the_answer_and_keeps_the_key() {
    let dolfin = Dolfin::start().await.with(
        Fault::new(Effect::ResetAfterCommit)
            .operation("createApiKey")
            .when(When::Nth(1)),
    );
    let before = dolfin.server.snapshot().await.expect("memory answers");
    assert!(dolfin.create().send().await.is_err(), "there was an answer");
    let after = dolfin.server.snapshot().await.expect("memory answers");
    assert_ne!(
        serde_json::to_value(&before).expect("JSON"),
        serde_json::to_value(&after).expect("JSON")
    );
    assert_eq!(dolfin.created(), 1);
    assert_eq!(dolfin.server.journal().entries()[0].status, None);
    assert_eq!(
        dolfin.create().send().await.expect("an answer").status(),
        StatusCode::CREATED
    );
}

#[tokio::test]
async fn a_reset_before_the_request_is_read_leaves_everything_as_it_was() {
    let dolfin = Dolfin::start()
        .await
        .with(Fault::new(Effect::ResetBefore).when(When::First(1)));
    let before = serde_json::to_value(dolfin.server.snapshot().await.expect("memory answers")).expect("JSON");
    assert!(dolfin.create().send().await.is_err(), "there was an answer");
    assert_eq!(
        before,
        serde_json::to_value(dolfin.server.snapshot().await.expect("memory answers")).expect("JSON")
    );
}

/// What the next request on a connection meets; the bytes that came before the connection's end.
async fn end_of(stream: &mut Box<dyn wire::Stream>) -> std::io::Result<usize> {
    let mut heard = Vec::new();
    let end = tokio::time::timeout(wire::SOON, stream.read_to_end(&mut heard));
    end.await.expect("the connection ends")
}

#[tokio::test]
async fn a_reset_ends_its_whole_connection_and_no_other() {
    for security in Security::BOTH {
        for (protocol, greeting, get) in [
            ("http/1.1", &b""[..], wire::GET_1),
            ("h2", wire::HTTP_2, wire::GET_2),
        ] {
            for effect in [Effect::ResetBefore, Effect::ResetAfterCommit] {
                let what = format!("{effect:?} over {protocol}, {security:?}");
                let mut builder = MockServer::builder().vendor(Vendor::Dolfin);
                if security == Security::Tls {
                    builder = builder.tls(Tls::self_signed().expect("a certificate"));
                }
                let server = builder.start().await.expect("a free port");
                let first = Fault::new(effect).when(When::Nth(1));
                server.inject(first).expect("a possible fault");
                let said = server.all_access();
                let (mut hit, mut spared) = (
                    wire::connect(&said, protocol).await,
                    wire::connect(&said, protocol).await,
                );
                wire::say(&mut spared, greeting).await;
                wire::say(&mut hit, greeting).await;
                wire::say(&mut hit, get).await;
                let end = end_of(&mut hit).await.expect_err(&what);
                assert_eq!(end.kind(), std::io::ErrorKind::ConnectionReset, "{what}");
                wire::say(&mut spared, get).await;
                wire::hear(&mut spared, wire::A_BODY).await;
            }
        }
    }
}

#[tokio::test]
async fn a_truncated_body_ends_before_its_announced_length() {
    let dolfin = Dolfin::start()
        .await
        .with(Fault::new(Effect::TruncateBody { keep: 5 }));
    let answer = dolfin.create().send().await.expect("a head");
    assert_eq!(answer.status(), StatusCode::CREATED);
    assert!(answer.content_length().is_some_and(|length| length > 5));
    assert!(answer.bytes().await.is_err(), "the body was whole");
}

#[tokio::test]
async fn a_slow_body_arrives_whole_and_late() {
    let dolfin = Dolfin::start()
        .await
        .with(Fault::new(Effect::SlowBody { bytes_per_s: 1000 }));
    let begun = Instant::now();
    let created: Value = dolfin
        .create()
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    assert!(created["rawKey"].is_string());
    assert!(
        begun.elapsed() >= Duration::from_millis(100),
        "{:?}",
        begun.elapsed()
    );
}

#[tokio::test]
async fn malformed_json_does_not_parse_and_an_extra_field_does_no_harm() {
    let malformed = Fault::new(Effect::MalformedJson).when(When::Nth(1));
    let dolfin = Dolfin::start()
        .await
        .with(malformed)
        .with(Fault::new(Effect::ExtraField).when(When::Nth(2)));
    let broken = dolfin
        .create()
        .send()
        .await
        .expect("an answer")
        .text()
        .await
        .expect("text");
    assert!(serde_json::from_str::<Value>(&broken).is_err(), "it parses");
    let whole: Value = dolfin
        .create()
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    assert!(whole["x_keyway_extra"].is_string());
}

#[tokio::test]
async fn a_body_that_is_shorter_than_what_is_kept_of_it_is_whole_and_met_no_fault() {
    let dolfin = Dolfin::start().await;
    let dolfin = dolfin.with(Fault::new(Effect::TruncateBody { keep: 100_000 }));
    let answer = dolfin.create().send().await.expect("a head");
    assert!(answer.bytes().await.is_ok(), "the body was broken off");
    assert_eq!(dolfin.server.journal().entries()[0].fault, None);
}
