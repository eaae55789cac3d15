//! Signing in, refreshing and signing out.

use std::time::Duration;

use serde_json::json;

use super::{LOGIN, ME, REFRESH, access_token, cookie, judge, sign_in};

const LOGOUT: &str = "/api/auth/logout";

#[tokio::test]
async fn name_or_email_and_password_sign_in() {
    let judge = judge().await;
    let answer = sign_in(&judge, "admin").await;
    assert_eq!(answer.json()["user"]["email"], "admin@acme-corp.example");
    assert_eq!(answer.header("cache-control"), "no-store");
    let set = answer.header("set-cookie");
    assert!(set.starts_with("refreshToken=") && set.contains("HttpOnly") && set.contains("Max-Age=604800"));
    judge
        .get(ME)
        .with(&access_token(&answer))
        .send()
        .await
        .expect(200);
    let by_email = json!({ "identifier": "admin@acme-corp.example", "password": "admin-password" });
    judge.post(LOGIN).json(&by_email).send().await.expect(200);
}

#[tokio::test]
async fn a_wrong_name_or_password_signs_nobody_in() {
    let judge = judge().await;
    let mut refusals = Vec::new();
    for (identifier, password) in [
        ("admin", "wrong-password"),
        ("nobody", "admin-password"),
        ("", "admin-password"),
    ] {
        let body = json!({ "identifier": identifier, "password": password });
        let refused = judge.post(LOGIN).json(&body).send().await.expect(401);
        assert_eq!(refused.header("set-cookie"), "");
        refusals.push(refused.text());
    }
    refusals.dedup();
    assert_eq!(refusals.len(), 1, "the answer tells which of the two was wrong");
    for body in [
        json!({}),
        json!({ "identifier": "admin" }),
        json!({ "identifier": "admin", "password": "short" }),
    ] {
        judge.post(LOGIN).json(&body).send().await.expect(400);
    }
}

#[tokio::test]
async fn an_access_token_ends_and_a_refresh_token_buys_another_once() {
    let judge = judge().await;
    let first = sign_in(&judge, "limited").await;
    judge.server.clock().advance(Duration::from_secs(3600));
    judge.get(ME).with(&access_token(&first)).send().await.expect(401);
    judge.get(ME).with(judge.limited()).send().await.expect(200);
    let second = judge
        .post(REFRESH)
        .header("cookie", cookie(&first))
        .send()
        .await
        .expect(200);
    assert_ne!(cookie(&first), cookie(&second));
    let me = judge
        .get(ME)
        .with(&access_token(&second))
        .send()
        .await
        .expect(200)
        .json();
    assert_eq!(me["email"], "limited@acme-corp.example");
    judge
        .post(REFRESH)
        .header("cookie", cookie(&first))
        .send()
        .await
        .expect(401);
    judge
        .post(REFRESH)
        .header("cookie", format!("theme=dark; {}", cookie(&second)))
        .send()
        .await
        .expect(200);
}

#[tokio::test]
async fn a_refresh_token_ends_after_seven_days() {
    let judge = judge().await;
    let day = Duration::from_secs(86_400);
    let first = sign_in(&judge, "admin").await;
    judge.server.clock().advance(day * 7 - Duration::from_secs(60));
    let second = judge
        .post(REFRESH)
        .header("cookie", cookie(&first))
        .send()
        .await
        .expect(200);
    judge.server.clock().advance(day * 7);
    judge
        .post(REFRESH)
        .header("cookie", cookie(&second))
        .send()
        .await
        .expect(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_refreshes_at_once_one_succeeds() {
    let judge = judge().await;
    let cookie = &cookie(&sign_in(&judge, "admin").await);
    let ask = || judge.post(REFRESH).header("cookie", cookie).status();
    let (a, b, c, d) = tokio::join!(ask(), ask(), ask(), ask());
    let mut statuses = [a, b, c, d];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401, 401, 401]);
}

#[tokio::test]
async fn only_a_refresh_token_refreshes() {
    let judge = judge().await;
    let signed_in = sign_in(&judge, "admin").await;
    let bearer = access_token(&signed_in);
    let token = bearer.strip_prefix("bearer:").unwrap();
    judge.post(REFRESH).with(&bearer).send().await.expect(401);
    for sent in [
        format!("refreshToken={token}"),
        "refreshToken=".to_owned(),
        "refreshToken".to_owned(),
        "=".to_owned(),
    ] {
        judge
            .post(REFRESH)
            .header("cookie", sent)
            .send()
            .await
            .expect(401);
    }
    let twice = format!("{0}; {0}", cookie(&signed_in));
    judge
        .post(REFRESH)
        .header("cookie", twice)
        .send()
        .await
        .expect(401);
    judge
        .post(REFRESH)
        .header("cookie", cookie(&signed_in))
        .send()
        .await
        .expect(200);
}

#[tokio::test]
async fn signing_out_clears_the_cookie_and_ends_its_token() {
    let judge = judge().await;
    let signed_in = sign_in(&judge, "admin").await;
    let out = judge
        .post(LOGOUT)
        .header("cookie", cookie(&signed_in))
        .send()
        .await
        .expect(200);
    assert_eq!(out.json(), json!({ "message": "Logged out successfully" }));
    assert!(
        out.header("set-cookie").starts_with("refreshToken=;")
            && out.header("set-cookie").contains("Max-Age=0")
    );
    judge
        .post(REFRESH)
        .header("cookie", cookie(&signed_in))
        .send()
        .await
        .expect(401);
    judge.post(LOGOUT).send().await.expect(200);
    judge
        .post(LOGOUT)
        .header("authorization", "nonsense")
        .header("cookie", "refreshToken=x")
        .send()
        .await
        .expect(200);
}
