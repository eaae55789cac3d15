//! Bad input of every kind: the vendor's 4xx, never a server error.

use keyway_mock::Vendor;
use reqwest::Method;
use serde_json::json;

use super::{items, use_key};
use crate::judge::Judge;

#[tokio::test]
async fn what_is_no_operation_is_refused_in_the_error_envelope() {
    let judge = Judge::of(Vendor::B3os).await;
    for path in [
        "/",
        "/v1",
        "/v2/api-keys",
        "/v1/api-keys/",
        "/V1/API-KEYS",
        "/v1/api-keys/x/y",
        "/v1/api-keys/%zz",
    ] {
        let refused = judge.get(path).with(judge.admin()).send().await.expect(404);
        assert_eq!(refused.header("content-type"), "application/json");
        assert_eq!(refused.json()["code"], 404, "{path}");
    }
    let refused = judge
        .ask(Method::PUT, "/v1/api-keys")
        .with(judge.admin())
        .send()
        .await
        .expect(405);
    assert_eq!(refused.header("allow"), "GET, POST");
    assert_eq!(refused.json()["code"], 405);
    for method in [Method::HEAD, Method::OPTIONS, Method::TRACE, Method::POST] {
        judge
            .ask(method, "/v1/organizations")
            .with(judge.admin())
            .send()
            .await
            .expect(405);
    }
}

#[tokio::test]
async fn a_body_that_cannot_be_taken_makes_no_key() {
    let judge = Judge::of(Vendor::B3os).await;
    let ask = |media_type: &str, body: &[u8]| {
        judge
            .post("/v1/api-keys")
            .with(judge.admin())
            .body(media_type, body)
            .send()
    };
    let deep = "[".repeat(20_000);
    let bodies: [&[u8]; 8] = [
        b"{",
        b"",
        b"null",
        b"\"x\"",
        b"{\"name\": \"\\ud800\"}",
        b"\xff\xfe",
        deep.as_bytes(),
        b"{\"name\": \"x\", \"expiresAt\": \"\\u0000\"}",
    ];
    for body in bodies {
        let refused = ask("application/json", body).await.expect(400);
        assert_eq!(refused.json()["code"], 400);
    }
    for media_type in ["text/plain", "multipart/form-data; boundary=x", "nonsense", ""] {
        assert_eq!(
            ask(media_type, b"{\"name\": \"x\"}").await.expect(415).json()["code"],
            415
        );
    }
    ask("application/json", &vec![b' '; 1024 * 1024 + 1])
        .await
        .expect(413);
    assert_eq!(items(&judge, judge.admin(), "/v1/api-keys").await.len(), 2);
    ask(
        "Application/JSON; charset=utf-8",
        b"{\"name\": \"\xf0\x9f\x94\x91\", \"name\": \"twice\"}",
    )
    .await
    .expect(200);
}

#[tokio::test]
async fn nothing_that_is_sent_makes_a_server_error() {
    let judge = Judge::of(Vendor::B3os).await;
    let key = judge.admin().trim_start_matches("bearer:").to_owned();
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
        "x-org-id",
        "user-agent",
        "content-type",
        "host",
        "cookie",
    ];
    let id = "..%2f..%2fapi-keys%2fak_mockadmin";
    let paths = [
        ("GET", format!("/v1/api-keys?{long}")),
        (
            "GET",
            "/v1/api-keys?limit=%ff&offset=%00&limit=1&limit=2".to_owned(),
        ),
        (
            "GET",
            "/v1/api-keys/requests?apiKeyId=%F0%9F%92%A9&serviceAccountId=%ff&&=&=%".to_owned(),
        ),
        ("GET", format!("/v1/api-keys/{id}")),
        ("DELETE", format!("/v1/api-keys/{id}")),
        ("POST", "/v1/api-keys".to_owned()),
        ("POST", "/v1/service-accounts".to_owned()),
        ("PATCH", format!("/v1/service-accounts/{id}")),
        ("POST", format!("/v1/service-accounts/{id}/disable")),
        (
            "GET",
            "/v1/organizations?limit=9223372036854775808&offset=9223372036854775807".to_owned(),
        ),
    ];
    for (method, path) in &paths {
        for name in names {
            for value in values {
                let ask = judge.ask(method.parse().unwrap(), path);
                let ask = if name == "authorization" {
                    ask
                } else {
                    ask.with(judge.admin())
                };
                let body = json!({ "name": {}, "permissions": 7, "expiresAt": [], "serviceAccountId": 0 });
                let answer = ask
                    .header(name, value)
                    .body("application/json", body.to_string())
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
