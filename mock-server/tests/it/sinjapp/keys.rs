//! The life of a key: made, used, expired, revoked.

use std::time::Duration;

use serde_json::json;

use super::{KEYS, ME, OPERATIONS, ask_for_key, credential, judge, key_with};

#[tokio::test]
async fn a_key_lives_from_its_creation_to_its_revocation() {
    let judge = judge().await;
    let asked = json!({ "name": "Production integration", "scopes": ["usage.read"], "expires_in_days": 30 });
    let created = ask_for_key(&judge, judge.admin(), &asked).await.expect(201);
    assert_eq!(created.header("cache-control"), "no-store");
    let body = created.json();
    assert_eq!(body["data"]["name"], "Production integration");
    assert_eq!(body["data"]["scopes"], json!(["usage.read"]));
    assert_eq!(body["data"]["status"], "active");
    assert_eq!(body["data"]["last_used_at"], json!(null));
    assert_eq!(body["data"]["prefix"], "tgo_");
    let secret = body["plain_text_key"].as_str().unwrap();
    assert!(secret.starts_with("tgo_mock") && secret.len() == 48, "an odd key");

    let key = credential(&created);
    let me = judge.get(ME).with(&key).send().await.expect(200);
    assert_eq!(me.json()["api_key"]["id"], body["data"]["id"]);
    assert!(!me.text().contains(secret));
    judge.get("/api/v1/usage").with(&key).send().await.expect(200);

    let path = format!("{KEYS}/{}", body["data"]["id"]);
    let revoked = judge.delete(&path).with(judge.admin()).send().await.expect(204);
    assert_eq!(revoked.text(), "");
    for (method, path, _) in OPERATIONS {
        let refused = judge
            .ask(method.parse().unwrap(), path)
            .with(&key)
            .send()
            .await
            .expect(401);
        assert_eq!(
            refused.json(),
            json!({ "message": "Unauthenticated." }),
            "{method} {path}"
        );
    }
    judge.get(ME).with(judge.admin()).send().await.expect(200);
}

#[tokio::test]
async fn keys_and_their_numbers_are_never_given_twice() {
    let judge = judge().await;
    let (first, first_id) = key_with(&judge, &[]).await;
    let (second, second_id) = key_with(&judge, &[]).await;
    assert_ne!(first, second);
    assert_ne!(first_id, second_id);
}

#[tokio::test]
async fn a_key_expires_when_it_said_it_would() {
    let judge = judge().await;
    let asked = json!({ "name": "Short", "expires_in_days": 1 });
    let created = ask_for_key(&judge, judge.admin(), &asked).await.expect(201);
    let expires_at: jiff::Timestamp = created.json()["data"]["expires_at"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let key = credential(&created);
    let just_before =
        expires_at.duration_since(judge.server.clock().now()) - jiff::SignedDuration::from_secs(5);
    judge.server.clock().advance(just_before.try_into().unwrap());
    judge.get(ME).with(&key).send().await.expect(200);
    judge.server.clock().set(expires_at);
    judge.get(ME).with(&key).send().await.expect(401);
    judge.get(ME).with(judge.admin()).send().await.expect(200);
}

#[tokio::test]
async fn a_key_without_a_stated_life_lives_ninety_days() {
    let judge = judge().await;
    let created = ask_for_key(&judge, judge.admin(), &json!({ "name": "Default" }))
        .await
        .expect(201);
    let expires_at: jiff::Timestamp = created.json()["data"]["expires_at"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let days = expires_at.duration_since(judge.server.clock().now()).as_hours() / 24;
    assert!((89..=90).contains(&days), "{days} days");
    judge.server.clock().advance(Duration::from_secs(90 * 86_400 + 1));
    judge.get(ME).with(&credential(&created)).send().await.expect(401);
}

#[tokio::test]
async fn every_scope_opens_exactly_its_operations() {
    let judge = judge().await;
    for held in [
        "contacts.lookup",
        "messages.send",
        "messages.read",
        "usage.read",
        "*",
    ] {
        let (key, _) = key_with(&judge, &[held]).await;
        for (method, path, wanted) in OPERATIONS {
            let answer = judge.ask(method.parse().unwrap(), path).with(&key).send().await;
            if wanted.is_empty() || held == "*" || held == wanted {
                assert!(
                    ![401, 403].contains(&answer.status()),
                    "{held} on {method} {path}"
                );
            } else {
                let refused = answer.expect(403).json();
                assert_eq!(
                    refused["message"],
                    "This API key does not have the required scope."
                );
            }
        }
    }
}

#[tokio::test]
async fn invalid_inputs_are_told_field_by_field_and_make_no_key() {
    let judge = judge().await;
    let before = active_keys(&judge).await;
    for (body, field, complaint) in [
        (json!({}), "name", "The name field is required."),
        (json!([]), "name", "The name field is required."),
        (json!({ "name": "" }), "name", "The name field is required."),
        (json!({ "name": 7 }), "name", "The name must be a string."),
        (
            json!({ "name": "n", "scopes": "all" }),
            "scopes",
            "The scopes must be an array.",
        ),
        (
            json!({ "name": "n", "scopes": ["usage.read", "root"] }),
            "scopes.1",
            "The selected scopes.1 is invalid.",
        ),
        (
            json!({ "name": "n", "expires_in_days": 0 }),
            "expires_in_days",
            "The expires in days must be at least 1.",
        ),
        (
            json!({ "name": "n", "expires_in_days": 366 }),
            "expires_in_days",
            "The expires in days may not be greater than 365.",
        ),
        (
            json!({ "name": "n", "expires_in_days": "1" }),
            "expires_in_days",
            "The expires in days must be an integer.",
        ),
        (
            json!({ "name": "n", "expires_in_days": null }),
            "expires_in_days",
            "The expires in days must be an integer.",
        ),
    ] {
        let refused = ask_for_key(&judge, judge.admin(), &body).await.expect(422).json();
        assert_eq!(refused["message"], "The given data was invalid.");
        assert_eq!(refused["errors"][field], json!([complaint]), "{body}");
    }
    assert_eq!(active_keys(&judge).await, before);
}

#[tokio::test]
async fn a_body_that_is_no_json_is_refused() {
    let judge = judge().await;
    judge
        .post(KEYS)
        .with(judge.admin())
        .body("application/json", "{\"name\"")
        .send()
        .await
        .expect(422);
    judge
        .post(KEYS)
        .with(judge.admin())
        .body("application/json", "")
        .send()
        .await
        .expect(422);
    judge.post(KEYS).with(judge.admin()).send().await.expect(422);
    judge
        .post(KEYS)
        .with(judge.admin())
        .body("text/plain", "name=x")
        .send()
        .await
        .expect(415);
}

#[tokio::test]
async fn a_day_count_with_a_zero_fraction_is_whole() {
    let judge = judge().await;
    let asked = r#"{"name":"n","expires_in_days":2.0}"#;
    let created = judge
        .post(KEYS)
        .with(judge.admin())
        .body("application/json", asked)
        .send()
        .await
        .expect(201);
    judge.server.clock().advance(Duration::from_secs(3 * 86_400));
    judge.get(ME).with(&credential(&created)).send().await.expect(401);
}

#[tokio::test]
async fn a_key_cannot_make_a_stronger_one() {
    let judge = judge().await;
    let asked = json!({ "name": "More", "scopes": ["usage.read", "messages.send"] });
    ask_for_key(&judge, judge.limited(), &asked).await.expect(403);
    ask_for_key(
        &judge,
        judge.limited(),
        &json!({ "name": "All", "scopes": ["*"] }),
    )
    .await
    .expect(403);
    let same = json!({ "name": "Same", "scopes": ["usage.read"] });
    ask_for_key(&judge, judge.limited(), &same).await.expect(201);
}

#[tokio::test]
async fn what_the_client_has_no_say_in_is_ignored() {
    let judge = judge().await;
    let asked =
        json!({ "name": "n", "id": 1, "status": "revoked", "prefix": "x", "plain_text_key": "tgo_mine" });
    let created = ask_for_key(&judge, judge.admin(), &asked).await.expect(201);
    assert_eq!(created.json()["data"]["status"], "active");
    assert!(!created.text().contains("tgo_mine"));
    judge.get(ME).with("key:tgo_mine").send().await.expect(401);
}

#[tokio::test]
async fn revoking_what_is_not_there_or_not_ours_reveals_nothing() {
    let judge = judge().await;
    let (_, id) = key_with(&judge, &[]).await;
    let own = format!("{KEYS}/{id}");
    judge.delete(&own).with(judge.admin()).send().await.expect(204);
    judge.delete(&own).with(judge.admin()).send().await.expect(204);
    let unknown = judge
        .delete("/api/v1/api-keys/999999")
        .with(judge.admin())
        .send()
        .await
        .expect(404);
    let foreign_id =
        judge.get(ME).elsewhere().with(judge.other()).send().await.json()["api_key"]["id"].clone();
    let foreign = format!("{KEYS}/{foreign_id}");
    let foreign = judge
        .delete(&foreign)
        .with(judge.admin())
        .send()
        .await
        .expect(404);
    assert_eq!(unknown.text(), foreign.text());
    judge
        .get(ME)
        .elsewhere()
        .with(judge.other())
        .send()
        .await
        .expect(200);
    for odd in ["abc", "1.5", "-3", "99999999999999999999999", "%00", "0x1"] {
        judge
            .delete(&format!("{KEYS}/{odd}"))
            .with(judge.admin())
            .send()
            .await
            .expect(404);
    }
}

async fn active_keys(judge: &crate::judge::Judge) -> serde_json::Value {
    let subscription = judge
        .get("/api/v1/subscription")
        .with(judge.admin())
        .send()
        .await
        .expect(200);
    subscription.json()["usage_snapshot"]["active_api_keys"].clone()
}
