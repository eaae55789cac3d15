//! Codes, sessions and who a session is.

use std::time::Duration;

use keyway_mock::Vendor;
use serde_json::json;

use super::{ADA, BAKERY, EVE, FJORD, MIA, NOBODY, OLLE, SAM, SANDBAR, exchange, new_code, sign_in, text};
use crate::judge::Judge;

#[tokio::test]
async fn a_code_buys_one_session_that_is_the_user() {
    let judge = Judge::of(Vendor::Dolfin).await;
    let made = judge
        .post("/auth/codes")
        .with(judge.admin())
        .json(&json!({ "userId": OLLE }))
        .send()
        .await;
    let made = made.expect(201);
    assert_eq!(made.header("cache-control"), "no-store");
    let code = text(&made.json()["code"]);
    let session = exchange(&judge, &code).await.expect(200);
    assert_eq!(session.header("cache-control"), "no-store");
    let session = session.json();
    assert_eq!(session["userId"], OLLE);
    assert_eq!(
        session["organisations"][0],
        json!({ "organisationId": BAKERY, "organisationName": "Fjord Bakery" })
    );
    assert_eq!(
        session["clients"][1],
        json!({ "clientId": SANDBAR, "clientName": "Sandbar" })
    );
    let token = format!("bearer:{}", text(&session["token"]));
    assert_eq!(token.split('.').count(), 3);
    let me = judge.get("/me").with(&token).send().await.expect(200).json();
    assert_eq!(me["userId"], OLLE);
    assert_eq!(
        me["clients"][1],
        json!({ "id": SANDBAR, "name": "Sandbar", "type": "Live", "role": "Owner" })
    );
    assert_eq!(me["organisations"][0]["clientId"], FJORD);
    exchange(&judge, &code).await.expect(400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_exchanges_at_once_one_gets_the_session() {
    let judge = Judge::of(Vendor::Dolfin).await;
    for _ in 0..10 {
        let code = new_code(&judge, judge.admin(), MIA).await;
        let tries = futures::future::join_all((0..8).map(|_| exchange(&judge, &code))).await;
        let got = tries.iter().filter(|answer| answer.status() == 200).count();
        assert_eq!(got, 1);
    }
}

#[tokio::test]
async fn codes_are_short_lived_and_sessions_last_eight_hours() {
    let judge = Judge::of(Vendor::Dolfin).await;
    let code = new_code(&judge, judge.admin(), ADA).await;
    judge.server.clock().advance(Duration::from_secs(5 * 60));
    exchange(&judge, &code).await.expect(400);
    let session = sign_in(&judge, judge.admin(), ADA).await;
    judge.server.clock().advance(Duration::from_secs(8 * 3600 - 60));
    judge.get("/me").with(&session).send().await.expect(200);
    judge.server.clock().advance(Duration::from_secs(60));
    judge.get("/me").with(&session).send().await.expect(401);
}

#[tokio::test]
async fn a_code_without_a_user_is_not_user_scoped() {
    let judge = Judge::of(Vendor::Dolfin).await;
    let made = judge
        .post("/auth/codes")
        .with(judge.admin())
        .json(&json!({}))
        .send()
        .await
        .expect(201);
    let refused = exchange(&judge, &text(&made.json()["code"]))
        .await
        .expect(400)
        .json();
    assert_eq!(refused["title"], "Auth.NotUserScopedToken");
}

#[tokio::test]
async fn a_client_gets_codes_for_its_own_users_only() {
    let judge = Judge::of(Vendor::Dolfin).await;
    let ask = |credential: &str, user: &str| {
        judge
            .post("/auth/codes")
            .with(credential)
            .json(&json!({ "userId": user }))
            .send()
    };
    for user in [MIA, ADA, OLLE, EVE] {
        ask(judge.admin(), user).await.expect(201);
    }
    for user in [SAM, NOBODY] {
        ask(judge.admin(), user).await.expect(404);
    }
    for user in [MIA, ADA, EVE] {
        ask(judge.other(), user).await.expect(404);
    }
    ask(judge.admin(), "nonsense").await.expect(400);
    ask(judge.limited(), MIA).await.expect(401);
}

#[tokio::test]
async fn other_secrets_are_no_codes_and_codes_are_no_credentials() {
    let judge = Judge::of(Vendor::Dolfin).await;
    let bare = |credential: &str| credential.split_once(':').unwrap().1.to_owned();
    for secret in [
        bare(judge.admin()),
        bare(judge.limited()),
        String::new(),
        "é".to_owned(),
    ] {
        let refused = exchange(&judge, &secret).await.expect(400).json();
        assert_eq!(refused["title"], "Bad Request", "the secret was taken for a code");
    }
    let code = new_code(&judge, judge.admin(), ADA).await;
    judge
        .get("/me")
        .with(&format!("bearer:{code}"))
        .send()
        .await
        .expect(401);
    super::use_key(&judge, &format!("key:{code}"))
        .send()
        .await
        .expect(401);
    // A credential on the public exchange is not looked at.
    let asked = judge
        .post("/auth/exchange")
        .with("key:nobody")
        .json(&json!({ "code": code }));
    asked.send().await.expect(200);
}

#[tokio::test]
async fn an_api_key_is_no_user() {
    let judge = Judge::of(Vendor::Dolfin).await;
    judge.get("/me").with(judge.admin()).send().await.expect(401);
    let me = judge
        .get("/me")
        .with(judge.limited())
        .send()
        .await
        .expect(200)
        .json();
    assert_eq!(me["userId"], MIA);
    assert_eq!(me["clients"][0]["role"], "Member");
}
