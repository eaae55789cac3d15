//! The control plane, as a test in any language uses it: over HTTP, with JSON.

use keyway_mock::{MockServer, Vendor};
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A server, and a client that speaks to its control plane and plays a Sinjapp customer.
struct Bench {
    server: MockServer,
    client: Client,
    /// The world's root: where `/_keyway` is.
    root: String,
    /// Where Sinjapp is in that world.
    sinjapp: String,
    admin: String,
}

impl Bench {
    async fn start() -> Self {
        let server = MockServer::start().await;
        let access = server.access(Vendor::Sinjapp);
        let root = format!("http://{}", server.address());
        let admin = access.credentials.admin.trim_start_matches("key:").to_owned();
        Self {
            server,
            client: Client::new(),
            root,
            sinjapp: access.base_url,
            admin,
        }
    }

    fn control(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method = method.parse().expect("a method");
        self.client
            .request(method, format!("{}/_keyway{path}", self.root))
    }

    async fn told(&self, method: &str, path: &str) -> Response {
        self.control(method, path).send().await.expect("an answer")
    }

    async fn read(&self, path: &str) -> Value {
        let answer = self.told("GET", path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.json().await.expect("JSON")
    }

    /// Makes a key; its id and the key itself.
    async fn create(&self) -> (i64, String) {
        let url = format!("{}/api/v1/api-keys", self.sinjapp);
        let body = json!({"name": "made by a test", "scopes": ["usage.read"], "expires_in_days": 1});
        let made = self
            .client
            .post(url)
            .header("X-Api-Key", &self.admin)
            .json(&body)
            .send()
            .await
            .expect("an answer");
        assert_eq!(made.status(), StatusCode::CREATED);
        let made: Value = made.json().await.expect("JSON");
        let key = made["plain_text_key"].as_str().expect("a key").to_owned();
        (made["data"]["id"].as_i64().expect("an id"), key)
    }

    async fn revoke(&self, id: i64) {
        let url = format!("{}/api/v1/api-keys/{id}", self.sinjapp);
        let gone = self
            .client
            .delete(url)
            .header("X-Api-Key", &self.admin)
            .send()
            .await
            .expect("an answer");
        assert_eq!(gone.status(), StatusCode::NO_CONTENT);
    }

    async fn uses(&self, key: &str) -> StatusCode {
        self.read_with(key, "/usage").await
    }

    async fn read_with(&self, key: &str, path: &str) -> StatusCode {
        let url = format!("{}/api/v1{path}", self.sinjapp);
        self.client
            .get(url)
            .header("X-Api-Key", key)
            .send()
            .await
            .expect("an answer")
            .status()
    }
}

#[tokio::test]
async fn a_key_expires_when_the_clock_is_turned_over_http() {
    let bench = Bench::start().await;
    let (_, key) = bench.create().await;
    assert_eq!(bench.uses(&key).await, StatusCode::OK);
    let day = json!({"ms": 24 * 60 * 60 * 1000});
    let turned = bench
        .control("POST", "/clock/advance")
        .json(&day)
        .send()
        .await
        .expect("an answer");
    assert_eq!(turned.status(), StatusCode::OK);
    assert_eq!(bench.uses(&key).await, StatusCode::UNAUTHORIZED);
    bench.told("DELETE", "/clock").await;
    assert_eq!(bench.uses(&key).await, StatusCode::OK);
}

#[tokio::test]
async fn a_frozen_clock_stands_and_can_be_set() {
    let bench = Bench::start().await;
    bench.told("POST", "/clock/freeze").await;
    let setting = json!({"now": "2030-01-02T03:04:05Z"});
    bench
        .control("PUT", "/clock")
        .json(&setting)
        .send()
        .await
        .expect("an answer");
    let first = bench.read("/clock").await;
    let second = bench.read("/clock").await;
    assert_eq!(first["now"], "2030-01-02T03:04:05Z");
    assert_eq!((&first["now"], &first["frozen"]), (&second["now"], &json!(true)));
    bench.told("POST", "/clock/thaw").await;
    assert_eq!(bench.read("/clock").await["frozen"], json!(false));
}

#[tokio::test]
async fn reset_forgets_keys_and_revocations_and_everything_else() {
    let bench = Bench::start().await;
    let (_, key) = bench.create().await;
    bench.revoke(1).await; // the ready-made admin key itself
    assert_eq!(bench.uses(&bench.admin).await, StatusCode::UNAUTHORIZED);
    bench
        .control("PUT", "/assumptions")
        .json(&json!({"sinjapp.second-revoke": "404"}))
        .send()
        .await
        .expect("an answer");
    bench
        .control("POST", "/faults")
        .json(&json!({"effect": "html-503"}))
        .send()
        .await
        .expect("an answer");
    assert_eq!(
        bench.told("POST", "/reset").await.status(),
        StatusCode::NO_CONTENT
    );
    assert_eq!(bench.uses(&bench.admin).await, StatusCode::OK);
    assert_eq!(bench.uses(&key).await, StatusCode::UNAUTHORIZED);
    assert_eq!(bench.read("/faults").await, json!([]));
    assert_eq!(bench.read("/journal").await.as_array().map(Vec::len), Some(2));
    let assumptions = bench.read("/assumptions").await;
    assert!(
        assumptions
            .as_array()
            .is_some_and(|all| all.iter().all(|one| one["value"] == one["default"]))
    );
}

#[tokio::test]
async fn a_snapshot_brings_state_back_and_holds_no_secret() {
    let bench = Bench::start().await;
    let (id, alive) = bench.create().await;
    let (dead_id, dead) = bench.create().await;
    bench.revoke(dead_id).await;
    let snapshot = bench.told("GET", "/snapshot").await.text().await.expect("text");
    for secret in [&alive, &dead, &bench.admin] {
        assert!(!snapshot.contains(secret.as_str()), "the snapshot holds a secret");
    }
    bench.revoke(id).await;
    assert_eq!(bench.uses(&alive).await, StatusCode::UNAUTHORIZED);

    // Another process, as far as it can tell.
    let other = Bench::start().await;
    assert_eq!(other.uses(&alive).await, StatusCode::UNAUTHORIZED);
    let put = other
        .control("PUT", "/snapshot")
        .header("content-type", "application/json")
        .body(snapshot);
    assert_eq!(
        put.send().await.expect("an answer").status(),
        StatusCode::NO_CONTENT
    );
    assert_eq!(other.uses(&alive).await, StatusCode::OK);
    assert_eq!(other.uses(&dead).await, StatusCode::UNAUTHORIZED);
    let (next, _) = other.create().await;
    assert!(next > dead_id, "an id was given twice");
}

#[tokio::test]
async fn what_is_no_snapshot_is_refused_and_changes_nothing() {
    let bench = Bench::start().await;
    let (_, key) = bench.create().await;
    let mut snapshot = bench.read("/snapshot").await;
    snapshot["vendors"][0][1]["credentials"][0]["sha256"] = json!("not a digest");
    for wrong in [
        snapshot,
        json!({}),
        json!({"version": 99, "vendors": []}),
        json!([]),
    ] {
        let refused = bench
            .control("PUT", "/snapshot")
            .json(&wrong)
            .send()
            .await
            .expect("an answer");
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    }
    assert_eq!(bench.uses(&key).await, StatusCode::OK);
}

#[tokio::test]
async fn an_assumption_is_switched_over_http_and_a_wrong_one_names_the_right_one() {
    let bench = Bench::start().await;
    let (id, _) = bench.create().await;
    bench.revoke(id).await;
    let switch = |setting: Value| bench.control("PUT", "/assumptions").json(&setting).send();
    let switched = switch(json!({"sinjapp.second-revoke": "404"}))
        .await
        .expect("an answer");
    assert_eq!(switched.status(), StatusCode::OK);
    let url = format!("{}/api/v1/api-keys/{id}", bench.sinjapp);
    let again = bench
        .client
        .delete(url)
        .header("X-Api-Key", &bench.admin)
        .send()
        .await
        .expect("an answer");
    assert_eq!(again.status(), StatusCode::NOT_FOUND);
    let wrong = switch(json!({"sinjapp.second-revok": "404"}))
        .await
        .expect("an answer");
    assert_eq!(wrong.status(), StatusCode::BAD_REQUEST);
    assert!(
        wrong
            .text()
            .await
            .expect("text")
            .contains("sinjapp.second-revoke")
    );
}

#[tokio::test]
async fn the_journal_says_why_and_can_be_filtered() {
    let bench = Bench::start().await;
    let (id, key) = bench.create().await;
    assert_eq!(bench.read_with(&key, "/messages").await, StatusCode::FORBIDDEN);
    bench.revoke(id).await;
    assert_eq!(bench.uses(&key).await, StatusCode::UNAUTHORIZED);
    let refused = bench
        .read("/journal?operation=getUsage&vendor=sinjapp&status=401")
        .await;
    let reason = refused[0]["reason"].as_str().expect("a reason");
    assert!(
        reason.starts_with("the credential was revoked ") && reason.ends_with(" s ago"),
        "{reason}"
    );
    let forbidden = bench.read("/journal?status=403").await;
    assert_eq!(
        forbidden[0]["reason"],
        "scope messages.read missing, the key has usage.read"
    );
    assert_eq!(forbidden[0]["principal"]["credential"], id.to_string());
    assert_eq!(
        bench.read("/journal?limit=1").await.as_array().map(Vec::len),
        Some(1)
    );
    assert_eq!(
        bench.told("GET", "/journal?colour=red").await.status(),
        StatusCode::BAD_REQUEST
    );
    bench
        .server
        .journal()
        .to(Vendor::Sinjapp)
        .calls("revokeApiKey")
        .answered(204)
        .expect(1);
    bench.told("DELETE", "/journal").await;
    assert_eq!(bench.read("/journal").await, json!([]));
}

#[tokio::test]
async fn metrics_count_by_vendor_operation_and_status() {
    let bench = Bench::start().await;
    bench.create().await;
    bench.create().await;
    let text = bench.told("GET", "/metrics").await.text().await.expect("text");
    let line = r#"keyway_mock_requests_total{vendor="sinjapp",operation="createApiKey",status="201"} 2"#;
    assert!(text.lines().any(|seen| seen == line), "{text}");
}

#[tokio::test]
async fn pages_of_other_origins_and_foreign_names_are_kept_out() {
    let bench = Bench::start().await;
    let from_a_page = bench
        .control("POST", "/reset")
        .header("origin", "https://evil.example");
    assert_eq!(
        from_a_page.send().await.expect("an answer").status(),
        StatusCode::FORBIDDEN
    );
    let rebound = bench.control("GET", "/access").header("host", "evil.example");
    assert_eq!(
        rebound.send().await.expect("an answer").status(),
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn a_page_that_says_no_origin_is_told_by_what_its_browser_says() {
    let bench = Bench::start().await;
    for (site, status) in [("cross-site", 403), ("same-site", 403), ("none", 200)] {
        let asked = bench.control("GET", "/journal").header("sec-fetch-site", site);
        assert_eq!(asked.send().await.expect("an answer").status(), status, "{site}");
    }
}

#[tokio::test]
async fn every_operation_of_its_document_is_there_and_what_is_not_there_says_so() {
    let bench = Bench::start().await;
    let document = bench.read("/openapi.json").await;
    assert_eq!(document["openapi"], "3.1.0");
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for method in methods.as_object().expect("methods").keys() {
            let path = path.trim_start_matches("/_keyway").replace("{id}", "none");
            let answer = bench.told(&method.to_uppercase(), &path).await;
            let status = answer.status();
            let said = answer.text().await.expect("text");
            assert_ne!(status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
            assert!(!said.contains("nothing is here"), "{method} {path}: {said}");
            assert!(!status.is_server_error(), "{method} {path}");
        }
    }
    assert_eq!(
        bench.told("GET", "/nowhere").await.status(),
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        bench.told("PATCH", "/clock").await.status(),
        StatusCode::METHOD_NOT_ALLOWED
    );
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_without_repeating_it() {
    let bench = Bench::start().await;
    for (path, body) in [
        ("/clock/advance", "tgo_secret"),
        ("/clock/advance", r#"{"ms": "tgo_secret"}"#),
        ("/clock/advance", r#"{"ms": -1}"#),
        ("/faults", r#"{"effect": "tgo_secret"}"#),
        ("/faults", r#"{"effect": {"status": 200}}"#),
    ] {
        let refused = bench
            .control("POST", path)
            .body(body)
            .send()
            .await
            .expect("an answer");
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST, "{path} {body}");
        assert!(
            !refused.text().await.expect("text").contains("tgo_secret"),
            "{path} {body}"
        );
    }
}

#[tokio::test]
async fn a_filter_that_can_find_nothing_is_refused_with_its_cure() {
    let bench = Bench::start().await;
    for (query, cure) in [
        ("operation=getUsag", "did you mean getUsage?"),
        ("vendor=b3os&operation=getUsage", "no operation is called so"),
        ("operation=getUsage&vendor=b3os", "no operation is called so"),
        ("status=700", "between 100 and 599"),
        ("status=0", "between 100 and 599"),
        ("vendor=b3os&vendor=b3os", "once"),
    ] {
        let refused = bench.told("GET", &format!("/journal?{query}")).await;
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST, "{query}");
        let said = refused.text().await.expect("text");
        assert!(said.contains(cure), "{query}: {said}");
    }
}

#[tokio::test]
#[should_panic(expected = "expected 1 such calls, there were none")]
async fn an_expectation_that_fails_with_no_call_at_all_says_so() {
    MockServer::start()
        .await
        .journal()
        .calls("revokeApiKey")
        .expect(1);
}

#[tokio::test]
async fn what_nobody_would_read_is_refused() {
    let bench = Bench::start().await;
    for (method, path) in [
        ("POST", "/worlds"),
        ("POST", "/reset"),
        ("POST", "/clock/freeze"),
        ("DELETE", "/faults"),
    ] {
        let told = async |body: &'static str| {
            let request = bench.control(method, path).body(body);
            request.send().await.expect("an answer").status()
        };
        assert_eq!(
            told(r#"{"vendor": "b3os"}"#).await,
            StatusCode::BAD_REQUEST,
            "{path}"
        );
        assert_eq!(told("x").await, StatusCode::BAD_REQUEST, "{path}");
        assert!(
            told(" {} ").await.is_success() && told("").await.is_success(),
            "{path}"
        );
    }
    assert_eq!(bench.read("/worlds").await.as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn no_request_names_a_file() {
    let bench = Bench::start().await;
    let address = bench.server.address();
    for target in [
        "/_keyway/../../../../etc/passwd",
        "/_keyway/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/_keyway/snapshot/../../../etc/passwd",
        "/_keyway/..%2f..%2fetc%2fpasswd",
        "/_keyway//etc/passwd",
        "/~..%2f/_keyway/snapshot",
        "/~../_keyway/snapshot",
        "file:///etc/passwd",
    ] {
        for method in ["GET", "PUT", "DELETE"] {
            // Written by hand: a client would tidy the path up.
            let request =
                format!("{method} {target} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
            let mut stream = TcpStream::connect(address).await.expect("a connection");
            stream.write_all(request.as_bytes()).await.expect("sent");
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.expect("an answer");
            assert!(answer.starts_with("HTTP/1.1 4"), "{method} {target}: {answer}");
            assert!(!answer.contains("root:"), "{method} {target}: {answer}");
        }
    }
    for body in [
        json!({"file": "/etc/passwd"}),
        json!({"seed": "../../etc/passwd"}),
        json!("/etc/passwd"),
    ] {
        for path in ["/seed", "/snapshot"] {
            let method = if path == "/seed" { "POST" } else { "PUT" };
            let refused = bench
                .control(method, path)
                .json(&body)
                .send()
                .await
                .expect("an answer");
            assert_eq!(refused.status(), StatusCode::BAD_REQUEST, "{path} {body}");
        }
    }
}
