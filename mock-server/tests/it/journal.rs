//! What the journal and the counters take in, and what they do not: every request to a vendor, whatever becomes of it,
//! and none of an age that is over.

use keyway_mock::{Effect, Entry, Fault, MockServer, Vendor, When};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::io::AsyncReadExt as _;
use tokio::time::{Duration, Instant, sleep};

use super::wire::{HTTP_2, Stream, connect, hear, say};

struct Bench {
    server: MockServer,
    client: Client,
    admin: String,
}

impl Bench {
    async fn start() -> Self {
        let server = MockServer::builder()
            .vendor(Vendor::Dolfin)
            .start()
            .await
            .expect("a free port");
        let admin = server.access(Vendor::Dolfin).credentials.admin;
        let admin = admin.trim_start_matches("key:").to_owned();
        Self {
            server,
            client: Client::new(),
            admin,
        }
    }

    fn create(&self) -> reqwest::RequestBuilder {
        let url = format!(
            "{}/api-keys?note={}",
            self.server.access(Vendor::Dolfin).base_url,
            self.admin
        );
        self.client
            .post(url)
            .header("x-dolfin-api-key", &self.admin)
            .json(&json!({"name": "n"}))
    }

    /// The beginning of a request, byte by byte; `framing` is how its body is to come.
    async fn begin(&self, framing: &str) -> Box<dyn Stream> {
        let mut stream = connect(&self.server.all_access(), "http/1.1").await;
        let head = format!(
            "POST /api-keys HTTP/1.1\r\nhost: localhost\r\nx-dolfin-api-key: {}\r\n\
             content-type: application/json\r\n{framing}\r\n\r\n",
            self.admin
        );
        say(&mut stream, head.as_bytes()).await;
        stream
    }

    /// The one entry there is.
    async fn entry(&self) -> Entry {
        let begun = Instant::now();
        while self.server.journal().count() == 0 && begun.elapsed() < super::wire::SOON {
            sleep(Duration::from_millis(10)).await;
        }
        let journal = self.server.journal();
        journal.expect(1);
        let entry = journal.entries()[0].clone();
        assert_eq!((entry.vendor, entry.method.as_str()), (Vendor::Dolfin, "POST"));
        assert_eq!(entry.operation.as_deref(), Some("createApiKey"));
        assert!(entry.target.starts_with("/api-keys"), "{}", entry.target);
        assert!(!format!("{entry:?}").contains(&self.admin), "it holds the key");
        entry
    }

    fn expect_counted(&self, status: &str) {
        let line = format!(
            r#"keyway_mock_requests_total{{vendor="dolfin",operation="createApiKey",status="{status}"}} 1"#
        );
        let metrics = self.server.metrics();
        assert!(metrics.lines().any(|counted| counted == line), "{metrics}");
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_written_down() {
    let bench = Bench::start().await;
    let large = bench.create().body("x".repeat(1024 * 1024 + 1));
    assert_eq!(large.send().await.expect("an answer").status(), 413);
    let entry = bench.entry().await;
    assert_eq!(
        (entry.status, entry.reason.as_deref()),
        (Some(413), Some("the body is over 1 MiB"))
    );
    assert!(entry.target.contains("note=[redacted]"), "{}", entry.target);
    bench.expect_counted("413");
}

#[tokio::test]
async fn a_body_that_is_announced_too_large_is_written_down() {
    let bench = Bench::start().await;
    let mut stream = bench.begin("content-length: 99999999").await;
    hear(&mut stream, b"413 ").await;
    assert_eq!(bench.entry().await.status, Some(413));
    bench.expect_counted("413");
}

#[tokio::test]
async fn a_body_that_http_does_not_allow_is_written_down() {
    let bench = Bench::start().await;
    let mut stream = bench.begin("transfer-encoding: chunked").await;
    say(&mut stream, b"no number\r\n").await;
    let entry = bench.entry().await;
    let reason = entry.reason.expect("a reason");
    assert!(reason.contains("broke off"), "{reason}");
    bench.expect_counted(
        &entry
            .status
            .map_or("none".to_owned(), |status| status.to_string()),
    );
}

#[tokio::test]
async fn a_client_that_breaks_off_is_written_down() {
    let bench = Bench::start().await;
    let mut stream = bench.begin("content-length: 100").await;
    say(&mut stream, b"{").await;
    drop(stream);
    let entry = bench.entry().await;
    let reason = entry.reason.expect("a reason");
    assert!(reason.contains("broke off"), "{reason}");
}

#[tokio::test]
async fn a_stream_of_http_2_that_breaks_off_is_written_down() {
    /// `POST /api-keys`, in a HEADERS frame that leaves stream 1 open.
    const POST: &[u8] = b"\0\0\x18\x01\x04\0\0\0\x01\x83\x86\x44\x09/api-keys\x41\x09localhost";
    /// A RST_STREAM frame: the client has no more use for it.
    const CANCEL: &[u8] = b"\0\0\x04\x03\0\0\0\0\x01\0\0\0\x08";
    for last in [CANCEL, b""] {
        let bench = Bench::start().await;
        let mut stream = connect(&bench.server.all_access(), "h2").await;
        say(&mut stream, HTTP_2).await;
        say(&mut stream, POST).await;
        // Settings acknowledged: by then the frames before have been read.
        hear(&mut stream, b"\0\0\0\x04\x01\0\0\0\0").await;
        sleep(Duration::from_millis(50)).await;
        say(&mut stream, last).await;
        if last.is_empty() {
            drop(stream);
        }
        let reason = bench.entry().await.reason.expect("a reason");
        assert!(reason.contains("broke off"), "{reason}");
    }
}

#[tokio::test]
async fn a_reset_before_the_request_is_read_is_written_down() {
    let bench = Bench::start().await;
    let reset = Fault::new(Effect::ResetBefore).when(When::Nth(1));
    bench.server.inject(reset).expect("a possible fault");
    let mut stream = bench.begin("content-length: 100").await;
    let mut heard = Vec::new();
    assert!(stream.read_to_end(&mut heard).await.is_err(), "an orderly end");
    let entry = bench.entry().await;
    assert_eq!(
        (entry.status, entry.fault.as_deref()),
        (None, Some("reset-before"))
    );
    let reason = entry.reason.expect("a reason");
    assert!(reason.contains("reset the connection before"), "{reason}");
    bench.expect_counted("none");
}

#[tokio::test]
async fn an_injected_answer_and_a_lost_one_are_written_down() {
    for (effect, status) in [
        (Effect::Status(500), "500"),
        (Effect::RateLimit { retry_after_s: 1 }, "429"),
        (Effect::Html503, "503"),
        (Effect::MalformedJson, "201"),
        (Effect::TruncateBody { keep: 3 }, "201"),
        (Effect::ResetAfterCommit, "none"),
    ] {
        let bench = Bench::start().await;
        let first = Fault::new(effect).when(When::Nth(1));
        bench.server.inject(first).expect("a possible fault");
        let _ = bench.create().send().await;
        let entry = bench.entry().await;
        assert!(entry.fault.is_some(), "{effect:?}");
        let seen = entry
            .status
            .map_or("none".to_owned(), |status| status.to_string());
        assert_eq!(seen, status, "{effect:?}");
        // A client may try a lost request again; it does not count as the first.
        bench.expect_counted(status);
    }
}

/// A request of which the head has been read and the body has not.
async fn half_read(bench: &Bench) -> (Box<dyn Stream>, &'static [u8]) {
    let body = br#"{"name": "of an age that is over"}"#;
    let framing = format!("content-length: {}\r\nexpect: 100-continue", body.len());
    let mut stream = bench.begin(&framing).await;
    hear(&mut stream, b"100 Continue").await;
    (stream, body)
}

/// The key in an answer.
fn key_in(heard: &[u8]) -> String {
    let heard = String::from_utf8_lossy(heard);
    let body = &heard[heard.find('{').expect("a body")..];
    let body: Value = serde_json::from_str(body).expect("JSON");
    body["rawKey"].as_str().expect("a key").to_owned()
}

impl Bench {
    async fn status_of(&self, key: &str) -> u16 {
        let access = self.server.access(Vendor::Dolfin);
        let url = format!("{}/clients/{}/members", access.base_url, access.tenant);
        let asked = self.client.get(url).header("x-dolfin-api-key", key).send();
        asked.await.expect("an answer").status().as_u16()
    }
}

#[tokio::test]
async fn what_is_under_way_at_a_reset_is_answered_and_leaves_nothing_behind() {
    let bench = Bench::start().await;
    assert_eq!(bench.create().send().await.expect("an answer").status(), 201);
    let (mut stream, body) = half_read(&bench).await;
    bench.server.reset().await.expect("memory answers");
    say(&mut stream, body).await;
    let heard = hear(&mut stream, b"}").await;
    assert!(
        heard.starts_with(b"HTTP/1.1 201"),
        "{}",
        String::from_utf8_lossy(&heard)
    );
    bench.server.journal().expect(0);
    assert!(
        !bench.server.metrics().contains("createApiKey"),
        "{}",
        bench.server.metrics()
    );
    assert_eq!(bench.status_of(&key_in(&heard)).await, 401);
    let numbers: Vec<_> = bench
        .server
        .journal()
        .entries()
        .iter()
        .map(|entry| entry.number)
        .collect();
    assert_eq!(numbers, [2], "numbers are given twice, or to what is not there");
}

#[tokio::test]
async fn what_is_under_way_at_a_restore_is_answered_by_the_state_it_began_with() {
    let bench = Bench::start().await;
    let snapshot = bench.server.snapshot().await.expect("memory answers");
    let (mut stream, body) = half_read(&bench).await;
    bench.server.restore(snapshot).await.expect("a sound snapshot");
    say(&mut stream, body).await;
    let heard = hear(&mut stream, b"}").await;
    assert!(
        heard.starts_with(b"HTTP/1.1 201"),
        "{}",
        String::from_utf8_lossy(&heard)
    );
    bench
        .server
        .journal()
        .calls("createApiKey")
        .answered(201)
        .expect(1);
    assert_eq!(bench.status_of(&key_in(&heard)).await, 401);
    assert_eq!(bench.status_of(&bench.admin).await, 200);
}
