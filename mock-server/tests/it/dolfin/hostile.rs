//! Bad input of every kind: the vendor's 4xx, never a server error.

use keyway_mock::Vendor;
use reqwest::Method;
use serde_json::json;

use super::{FJORD, use_key};
use crate::judge::Judge;

#[tokio::test]
async fn what_is_no_operation_is_refused_as_problem_details() {
    let judge = Judge::of(Vendor::Dolfin).await;
    for path in [
        "/",
        "/nonsense",
        "/api-keys/",
        "/API-KEYS",
        "/api-keys/x/revoke/y",
        "/%ff",
        "/api-keys/%zz/revoke",
    ] {
        let refused = judge.get(path).with(judge.admin()).send().await;
        assert!(
            [404, 405].contains(&refused.status()),
            "{path}: {}",
            refused.status()
        );
        assert_eq!(
            refused.header("content-type"),
            "application/problem+json",
            "{path}"
        );
        assert_eq!(refused.json()["status"], refused.status());
    }
    for method in [
        Method::DELETE,
        Method::GET,
        Method::HEAD,
        Method::OPTIONS,
        Method::TRACE,
    ] {
        let refused = judge
            .ask(method.clone(), "/api-keys")
            .with(judge.admin())
            .send()
            .await
            .expect(405);
        assert_eq!(refused.header("allow"), "POST", "{method}");
    }
}

#[tokio::test]
async fn a_body_that_cannot_be_taken_makes_no_key() {
    let judge = Judge::of(Vendor::Dolfin).await;
    let ask = |media_type: &str, body: &[u8]| {
        judge
            .post("/api-keys")
            .with(judge.admin())
            .body(media_type, body)
            .send()
    };
    let deep = "[".repeat(20_000);
    let bodies: [&[u8]; 10] = [
        b"{",
        b"",
        b"null",
        b"[]",
        b"\"x\"",
        b"{\"name\": 1}",
        b"{\"name\": \"\\ud800\"}",
        b"\xff\xfe",
        deep.as_bytes(),
        b"{\"expiresAt\": 1e999}",
    ];
    for body in bodies {
        let refused = ask("application/json", body).await.expect(400);
        assert_eq!(refused.json()["title"], "Bad Request");
    }
    for media_type in ["text/plain", "application/xml", "nonsense", ""] {
        ask(media_type, b"{}").await.expect(415);
    }
    ask("application/json", &vec![b' '; 1024 * 1024 + 1])
        .await
        .expect(413);
    ask("Application/JSON; charset=utf-8", b"{}").await.expect(201);
    // Where no body is declared, one is not looked at.
    let ask = judge
        .post("/api-keys/nonsense/revoke")
        .with(judge.admin())
        .body("text/plain", "nonsense");
    ask.send().await.expect(404);
}

#[tokio::test]
async fn nothing_that_is_sent_makes_a_server_error() {
    let judge = Judge::of(Vendor::Dolfin).await;
    let key = judge.admin().trim_start_matches("key:").to_owned();
    let long = "x".repeat(6000);
    let values: [&[u8]; 8] = [
        b"\xff\xfe\x80",
        b"",
        b" ",
        b"\"",
        b"Bearer",
        b"Bearer \xc3\xa9",
        long.as_bytes(),
        b"a, b",
    ];
    let names = [
        "authorization",
        "x-dolfin-api-key",
        "x-dolfin-organisation-id",
        "content-type",
        "host",
        "cookie",
    ];
    let id = "..%2f..%2fapi-keys";
    let paths = [
        ("GET", format!("/clients/{FJORD}/members")),
        ("GET", format!("/clients/{id}/members?{long}")),
        (
            "GET",
            "/invoices?Limit=%ff&Cursor=%00&Status=%F0%9F%92%A9&Limit=1&Limit=2".to_owned(),
        ),
        ("GET", "/invoices?&&=&=%&Limit".to_owned()),
        ("POST", format!("/api-keys/{id}/revoke")),
        ("POST", "/api-keys".to_owned()),
        ("POST", "/auth/codes".to_owned()),
        ("POST", "/auth/exchange".to_owned()),
        ("GET", "/me".to_owned()),
    ];
    for (method, path) in &paths {
        for name in names {
            for value in values {
                let method: Method = method.parse().unwrap();
                let ask = judge
                    .ask(method, path)
                    .header("x-dolfin-api-key", &key)
                    .header(name, value);
                let answer = ask
                    .body("application/json", "{\"code\": {}, \"userId\": [], \"name\": 7}")
                    .send()
                    .await;
                assert!(
                    answer.status() < 500 && !answer.text().contains(&key),
                    "{path} {name}"
                );
            }
        }
    }
    use_key(&judge, judge.admin()).send().await.expect(200);
}

#[tokio::test]
async fn bytes_that_are_hardly_http_are_survived() {
    let judge = Judge::of(Vendor::Dolfin).await;
    let requests: [&[u8]; 5] = [
        b"GET /me HTTP/1.1\r\n\r\n",
        b"GET //me?\xff HTTP/1.1\r\nhost: x\r\n\r\n",
        b"POST /api-keys HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
        b"\x00\x01\x02\r\n\r\n",
        b"GET http://elsewhere/me HTTP/1.1\r\nhost: x\r\n\r\n",
    ];
    for request in requests {
        let answer = judge.raw(request).await;
        assert!(!answer.starts_with("HTTP/1.1 5"), "{answer}");
    }
    let made = judge
        .post("/api-keys")
        .with(judge.admin())
        .json(&json!({}))
        .send()
        .await;
    made.expect(201);
}
