//! Input that nobody means well with: the vendor's 4xx, never a 5xx, and no key in an answer.

use serde_json::json;

use super::{KEYS, ME, OPERATIONS, judge};

#[tokio::test]
async fn routes_and_methods_that_are_not_there_are_told_in_the_vendors_form() {
    let judge = judge().await;
    for path in [
        "/",
        "/api",
        "/api/v1",
        "/api/v1/",
        "/api/v1/me/",
        "/api/v1/ME",
        "/me",
        "//",
        "/api/v1/api-keys/",
    ] {
        let refused = judge.get(path).with(judge.admin()).send().await.expect(404);
        assert!(refused.json()["message"].is_string(), "{path}");
    }
    for (method, path, allow) in [
        ("GET", KEYS, "POST"),
        ("PATCH", "/api/v1/api-keys/1", "DELETE"),
        ("POST", ME, "GET"),
        ("OPTIONS", "/api/v1/messages", "GET, POST"),
        ("BREW", "/api/v1/usage", "GET"),
    ] {
        let refused = judge
            .ask(method.parse().unwrap(), path)
            .with(judge.admin())
            .send()
            .await
            .expect(405);
        assert_eq!(refused.header("allow"), allow, "{method} {path}");
    }
}

#[tokio::test]
async fn a_body_beyond_a_mebibyte_is_too_large() {
    let judge = judge().await;
    let body = vec![b' '; 1024 * 1024 + 1];
    let refused = judge
        .post(KEYS)
        .with(judge.admin())
        .body("application/json", body)
        .send()
        .await
        .expect(413);
    assert!(refused.json()["message"].is_string());
}

#[tokio::test]
async fn odd_bodies_never_break_the_server() {
    let judge = judge().await;
    let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
    let bodies: Vec<Vec<u8>> = vec![
        b"null".to_vec(),
        b"[]".to_vec(),
        b"\"name\"".to_vec(),
        b"\xff\xfe\xfd".to_vec(),
        b"{\"name\":\"\\ud800\"}".to_vec(),
        b"{\"name\":\"a\",\"name\":\"b\"}".to_vec(),
        b"{\"name\":\"n\",\"expires_in_days\":1e400}".to_vec(),
        b"{\"name\":\"n\",\"expires_in_days\":123456789012345678901234567890}".to_vec(),
        b"{\"phone\":\"\\u0000\",\"name\":\"\\u0000\"}".to_vec(),
        b"{\"sender_number_id\":1e308,\"to_phone\":\"1\",\"type\":\"text\"}".to_vec(),
        b"{\"sender_number_id\":-9223372036854775808,\"to_phone\":\"1\",\"type\":\"text\"}".to_vec(),
        deep.into_bytes(),
    ];
    for body in bodies {
        for (method, path, _) in OPERATIONS {
            for media_type in [
                "application/json",
                "multipart/form-data; boundary=x",
                "text/html",
                ";;;",
            ] {
                let ask = judge.ask(method.parse().unwrap(), path).with(judge.admin());
                let status = ask.body(media_type, body.clone()).status().await;
                assert!(status < 500, "{method} {path} {status}");
            }
        }
    }
}

#[tokio::test]
async fn odd_headers_and_queries_never_break_the_server() {
    let judge = judge().await;
    for (name, value) in [
        ("x-api-key", &b"\xf0\x28\x8c\x28"[..]),
        ("authorization", b"Bearer"),
        ("authorization", b"\xff"),
        ("accept", b"\xff"),
        ("cookie", b"=;=;\xff"),
        ("x-http-method-override", b"DELETE"),
        ("content-type", b"\xff"),
    ] {
        for (method, path, _) in OPERATIONS {
            let status = judge
                .ask(method.parse().unwrap(), path)
                .header(name, value)
                .status()
                .await;
            assert_eq!(status, 401, "{method} {path} {name}");
        }
    }
    for query in [
        "?phone=%FF",
        "?phone",
        "?%",
        "?page=%00",
        "?phone=1&sender_number_id=1e999",
        "?a=b&&&=&==",
    ] {
        for path in ["/api/v1/contacts/lookup", "/api/v1/messages", "/api/v1/usage"] {
            let status = judge
                .get(&format!("{path}{query}"))
                .with(judge.admin())
                .status()
                .await;
            assert!([200, 422].contains(&status), "{path}{query} {status}");
        }
    }
}

#[tokio::test]
async fn odd_bytes_on_the_wire_never_break_the_server() {
    let judge = judge().await;
    for bytes in [
        &b"GET /api/v1/me HTTP/1.1\r\n\r\n"[..],
        b"GET /api/v1/me HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET /api/v1/me HTTP/1.1\r\nHost: \xff\r\n\r\n",
        b"GET http://nobody.example/api/v1/me HTTP/1.1\r\nHost: acme.localhost\r\n\r\n",
        b"GET /api/v1/%ff%fe HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"\x16\x03\x01\x00\xa5\x01\x00\x00",
    ] {
        let answer = judge.raw(bytes).await;
        assert!(answer.starts_with("HTTP/1.1 4") || answer.is_empty(), "{answer}");
    }
    judge.get(ME).with(judge.admin()).send().await.expect(200);
}

#[tokio::test]
async fn an_answer_never_repeats_the_key_that_was_shown() {
    let judge = judge().await;
    let shown = "tgo_mockTHISMUSTNOTCOMEBACK0000000000000000000000";
    for (method, path, _) in OPERATIONS {
        let path = format!("{path}?key={shown}");
        let ask = judge
            .ask(method.parse().unwrap(), &path)
            .header("x-api-key", shown);
        let refused = ask
            .json(&json!({ "name": shown, "scopes": [shown] }))
            .send()
            .await
            .expect(401);
        assert!(!refused.text().contains(shown) && !format!("{:?}", refused.headers).contains(shown));
    }
    let body = json!({ "name": 7, "scopes": [shown], shown: shown, "expires_in_days": shown });
    let refused = judge
        .post(KEYS)
        .with(judge.admin())
        .json(&body)
        .send()
        .await
        .expect(422);
    assert!(!refused.text().contains(shown));
}

#[tokio::test]
async fn a_key_in_the_user_agent_is_not_kept() {
    let judge = judge().await;
    let secret = judge.admin().trim_start_matches("key:");
    let ask = judge.get(ME).with(judge.admin()).header("user-agent", secret);
    ask.send().await.expect(200);
    let kept = serde_json::to_string(&judge.server.snapshot().await.expect("memory answers")).unwrap();
    assert!(!kept.contains(secret), "the state holds a key");
}
