//! Input that nobody means well with: the vendor's 4xx, never a 5xx, and no key in an answer.

use serde_json::json;

use super::{ACTIVITIES, GUARDED, KEYS, LOGIN, ME, REFRESH, RESULT_TYPES, judge, key_with, revocation};

#[tokio::test]
async fn routes_and_methods_that_are_not_there_are_told_in_the_vendors_form() {
    let judge = judge().await;
    for path in [
        "/",
        "/api",
        "/api/",
        "/api/api-keys/",
        "/api/auth",
        "/API/AUTH/ME",
        "/auth/me",
        "//api",
    ] {
        let refused = judge.get(path).by_admin(&judge).send().await.expect(404).json();
        assert_eq!(refused["statusCode"], json!(404), "{path}");
    }
    for (method, path, allow) in [
        ("DELETE", KEYS, "POST, GET"),
        (
            "GET",
            &*revocation("00000000-0000-4000-8000-000000000000"),
            "POST",
        ),
        ("GET", LOGIN, "POST"),
        ("PUT", ME, "GET"),
        ("HEAD", RESULT_TYPES, "GET"),
        ("BREW", RESULT_TYPES, "GET"),
    ] {
        let refused = judge
            .ask(method.parse().unwrap(), path)
            .by_admin(&judge)
            .send()
            .await
            .expect(405);
        let sorted = |list: &str| {
            let mut methods: Vec<_> = list.split(", ").map(str::to_owned).collect();
            methods.sort_unstable();
            methods
        };
        assert_eq!(sorted(refused.header("allow")), sorted(allow), "{method} {path}");
    }
}

#[tokio::test]
async fn a_body_beyond_a_mebibyte_is_too_large() {
    let judge = judge().await;
    for path in [KEYS, LOGIN] {
        let body = vec![b' '; 1024 * 1024 + 1];
        let refused = judge
            .post(path)
            .by_admin(&judge)
            .body("application/json", body)
            .send()
            .await
            .expect(413);
        assert_eq!(refused.json()["statusCode"], json!(413));
    }
}

#[tokio::test]
async fn ids_that_are_no_uuid_are_refused() {
    let judge = judge().await;
    for id in [
        "1",
        "x",
        "%20",
        "%00",
        "f47ac10b58cc4372a5670e02b2c3d479",
        "%7Bf47ac10b-58cc-4372-a567-0e02b2c3d479%7D",
        "f47ac10b-58cc-4372-a567-0e02b2c3d47g",
        "99999999999999999999999999999999999999",
    ] {
        judge
            .post(&revocation(id))
            .by_admin(&judge)
            .send()
            .await
            .expect(400);
    }
    judge
        .post(&revocation("%ff"))
        .by_admin(&judge)
        .send()
        .await
        .expect(404);
}

#[tokio::test]
async fn odd_bodies_never_break_the_server() {
    let judge = judge().await;
    let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
    let bodies: Vec<Vec<u8>> = vec![
        b"null".to_vec(),
        b"\xff\xfe\xfd".to_vec(),
        b"{\"name\":\"\\ud800\"}".to_vec(),
        b"{\"name\":\"\\u0000\",\"permissions\":[\"\\u0000\"]}".to_vec(),
        b"{\"name\":\"n\",\"permissions\":[1e400]}".to_vec(),
        b"{\"name\":\"n\",\"permissions\":[\"VIEW_USERS\"],\"expiresAt\":\"-9999-01-01T00:00:00Z\"}".to_vec(),
        b"{\"name\":\"n\",\"permissions\":[\"VIEW_USERS\"],\"expiresAt\":\"0000-01-01T00:00:00+23:59\"}".to_vec(),
        b"{\"name\":\"n\",\"permissions\":[\"VIEW_USERS\"],\"expiresAt\":\"2030-02-30T00:00:00Z\"}".to_vec(),
        b"{\"name\":\"n\",\"permissions\":[\"VIEW_USERS\"],\"expiresAt\":\"2030-06-30T23:59:60Z\"}".to_vec(),
        b"{\"name\":\"n\",\"permissions\":[\"VIEW_USERS\"],\"expiresAt\":\"9999-12-31T23:59:59Z\"}".to_vec(),
        b"{\"identifier\":{},\"password\":[]}".to_vec(),
        b"{\"identifier\":\"admin\",\"password\":\"\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\"}".to_vec(),
        deep.into_bytes(),
    ];
    let paths = GUARDED.into_iter().map(|(method, path, _)| (method, path));
    let paths = paths.chain([("POST", LOGIN), ("POST", REFRESH), ("POST", "/api/auth/logout")]);
    for (method, path) in paths {
        for body in &bodies {
            for media_type in [
                "application/json",
                "multipart/form-data; boundary=x",
                "text/html",
                ";;;",
            ] {
                let ask = judge.ask(method.parse().unwrap(), path).by_admin(&judge);
                let status = ask.body(media_type, body.clone()).status().await;
                assert!(status < 500, "{method} {path} {status}");
            }
        }
    }
    judge.get(KEYS).by_admin(&judge).send().await.expect(200);
}

#[tokio::test]
async fn odd_headers_never_break_the_server() {
    let judge = judge().await;
    for (name, value) in [
        ("x-api-key", &b"\xf0\x28\x8c\x28"[..]),
        ("x-api-key", b"\t"),
        ("authorization", b"Bearer \xff"),
        ("authorization", b"Bearer \x80\x81"),
        ("authorization", b"Digest username=\"x\""),
        ("x-tenant-id", b"\xff"),
        ("cookie", b"refreshToken=\xff; refreshToken"),
        ("cookie", b";;;===;refreshToken"),
    ] {
        for (method, path, _) in GUARDED {
            let status = judge
                .ask(method.parse().unwrap(), path)
                .header(name, value)
                .status()
                .await;
            assert_eq!(status, 401, "{method} {path} {name}");
        }
        judge.post(REFRESH).header(name, value).send().await.expect(401);
    }
    judge
        .get(KEYS)
        .with(judge.admin())
        .header("x-tenant-id", b"\xff")
        .send()
        .await
        .expect(400);
}

#[tokio::test]
async fn an_answer_never_repeats_the_credential_that_was_shown() {
    let judge = judge().await;
    let shown = "rtn_sk_7457157457157457157457157457157457157457157457157457157a";
    for (method, path, _) in GUARDED {
        for header in ["x-api-key", "authorization", "cookie"] {
            let value = if header == "authorization" {
                format!("Bearer {shown}")
            } else {
                shown.to_owned()
            };
            let ask = judge
                .ask(method.parse().unwrap(), &format!("{path}?k={shown}"))
                .header(header, value);
            let refused = ask
                .json(&json!({ "name": shown, "permissions": [shown] }))
                .send()
                .await
                .expect(401);
            assert!(!refused.text().contains(shown) && !format!("{:?}", refused.headers).contains(shown));
        }
    }
    let body = json!({ "name": [shown], "permissions": [shown], "expiresAt": shown, shown: shown });
    let refused = judge
        .post(KEYS)
        .by_admin(&judge)
        .json(&body)
        .send()
        .await
        .expect(400);
    assert!(!refused.text().contains(shown));
    let refused = judge
        .post(LOGIN)
        .json(&json!({ "identifier": shown, "password": shown }))
        .send()
        .await
        .expect(401);
    assert!(!refused.text().contains(shown));
}

#[tokio::test]
async fn a_key_in_the_user_agent_is_not_kept() {
    let judge = judge().await;
    let (key, _) = key_with(&judge, &["VIEW_ACTIVITIES"]).await;
    let secret = key.trim_start_matches("key:");
    let ask = judge.get(ACTIVITIES).with(&key).header("user-agent", secret);
    ask.send().await.expect(200);
    let kept = serde_json::to_string(&judge.server.snapshot().await.expect("memory answers")).unwrap();
    assert!(!kept.contains(secret), "the state holds a key");
}
