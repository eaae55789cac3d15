//! Every assumption: the default answers one thing, each alternative another.

use std::time::Duration;

use keyway_mock::Assumptions;
use serde_json::{Value, json};

use super::{
    ACTIVITIES, COMMERCES, KEYS, ME, REFRESH, RESULT_TYPES, access_token, ask_for_key, assuming, cookie,
    credential, judge, key_with, revocation, sign_in,
};
use crate::judge::Judge;

/// What one assumption decides, as text: it differs between the choices.
async fn observed(judge: &Judge, name: &str) -> String {
    let create = async |changes: Value| {
        let mut body = json!({ "name": "n", "permissions": ["VIEW_ACTIVITIES"] });
        for (member, value) in changes.as_object().unwrap() {
            body[member] = value.clone();
        }
        ask_for_key(judge, &body).await
    };
    let read =
        async |path: &str, query: &str| judge.get(&format!("{path}?{query}")).by_admin(judge).send().await;
    let listed = async || judge.get(KEYS).by_admin(judge).send().await.expect(200).json();
    let limit = async |query: &str| read(COMMERCES, query).await.json()["meta"]["limit"].to_string();
    match name {
        "both-credentials" => {
            // The key sees only the one path, the token only the other.
            let (key, _) = key_with(judge, &["MANAGE_COMMERCES"]).await;
            let commerces = judge.get(COMMERCES).by_limited(judge).with(&key).status().await;
            let activities = judge.get(ACTIVITIES).by_limited(judge).with(&key).status().await;
            format!("{commerces} {activities}")
        }
        "repeated-credential" => {
            let (key, _) = key_with(judge, &["VIEW_ACTIVITIES"]).await;
            let by_key = judge
                .get(RESULT_TYPES)
                .with(&key)
                .with("key:nonsense")
                .status()
                .await;
            let by_token = judge
                .get(ME)
                .with(judge.admin())
                .with(judge.admin())
                .status()
                .await;
            format!("{by_key} {by_token}")
        }
        "order-of-checks" => {
            let ask = || judge.get(&format!("{COMMERCES}?page=x"));
            let nobody = ask().status().await;
            format!("{nobody} {}", ask().by_limited(judge).status().await)
        }
        "bad-key-message" => {
            let at_configs = judge
                .get(RESULT_TYPES)
                .with("key:nonsense")
                .send()
                .await
                .expect(401);
            assert_eq!(at_configs.json()["message"], "API key missing or invalid");
            let elsewhere = judge.get(KEYS).with("key:nonsense").send().await.expect(401);
            elsewhere.json()["message"].to_string()
        }
        "email-case" => {
            let body = json!({ "identifier": "Admin@Acme-Corp.example", "password": "admin-password" });
            judge.post(super::LOGIN).json(&body).status().await.to_string()
        }
        "no-tenant-context" => {
            let path = revocation("00000000-0000-4000-8000-000000000000");
            judge.post(&path).with(judge.admin()).send().await.expect(400);
            judge.get(KEYS).with(judge.admin()).status().await.to_string()
        }
        "malformed-tenant" => judge
            .get(KEYS)
            .with(judge.admin())
            .tenant("x")
            .status()
            .await
            .to_string(),
        "tenant-header-with-key" => {
            let (key, _) = key_with(judge, &["VIEW_ACTIVITIES"]).await;
            let ask = judge
                .get(RESULT_TYPES)
                .with(&key)
                .tenant(&judge.access().other_tenant);
            ask.status().await.to_string()
        }
        "api-key-as-user" => {
            let (key, _) = key_with(judge, &["VIEW_ACTIVITIES"]).await;
            judge.get(ME).with(&key).status().await.to_string()
        }
        "api-key-may-manage-keys" => {
            let (key, _) = key_with(judge, &["MANAGE_API_KEYS"]).await;
            judge.get(KEYS).with(&key).status().await.to_string()
        }
        "last-used-on-forbidden" => {
            let (key, _) = key_with(judge, &["VIEW_ACTIVITIES"]).await;
            judge.get(COMMERCES).with(&key).send().await.expect(403);
            let untouched = listed().await[0]["lastUsedAt"].is_null();
            judge.get(RESULT_TYPES).with(&key).send().await.expect(200);
            assert!(listed().await[0]["lastUsedAt"].is_string());
            untouched.to_string()
        }
        "key-grant-ceiling" => {
            let (key, _) = key_with(judge, &["MANAGE_API_KEYS"]).await;
            let body = json!({ "name": "n", "permissions": ["VIEW_USERS"] });
            judge.post(KEYS).with(&key).json(&body).status().await.to_string()
        }
        "permission-case" => {
            let lower = create(json!({ "permissions": ["view_users"] })).await.status();
            format!(
                "{lower} {}",
                create(json!({ "permissions": ["VIEW_USERS"] })).await.status()
            )
        }
        "duplicate-permissions" => {
            let twice = json!({ "permissions": ["VIEW_USERS", "view_users"] });
            create(twice).await.json()["permissions"].to_string()
        }
        "empty-name" => create(json!({ "name": "" })).await.status().to_string(),
        "duplicate-name" => {
            create(json!({})).await.expect(201);
            create(json!({})).await.status().to_string()
        }
        "expires-in-past" => create(json!({ "expiresAt": "2001-01-01T00:00:00Z" }))
            .await
            .status()
            .to_string(),
        "far-expiry" => {
            let far = create(json!({ "expiresAt": "9999-12-31T23:59:59Z" })).await;
            format!("{} {}", far.status(), far.json()["expiresAt"])
        }
        "plaintext-member" => {
            let body = create(json!({})).await.expect(201).json();
            format!("{} {}", body["plaintextKey"].is_string(), body["key"].is_string())
        }
        "expired-is-active" => {
            expired_key(judge).await;
            listed().await[0]["isActive"].to_string()
        }
        "malformed-id" => judge
            .post(&revocation("x"))
            .by_admin(judge)
            .status()
            .await
            .to_string(),
        "revoke-expired" => {
            let id = expired_key(judge).await;
            judge
                .post(&revocation(&id))
                .by_admin(judge)
                .status()
                .await
                .to_string()
        }
        "access-token-lifetime" => {
            let token = access_token(&sign_in(judge, "admin").await);
            let mut statuses = String::new();
            for minutes in [16, 60, 60 * 24] {
                judge.server.clock().advance(Duration::from_secs(minutes * 60));
                statuses += &judge.get(ME).with(&token).status().await.to_string();
            }
            statuses
        }
        "refresh-rotation" => {
            let first = cookie(&sign_in(judge, "admin").await);
            judge
                .post(REFRESH)
                .header("cookie", &first)
                .send()
                .await
                .expect(200);
            judge
                .post(REFRESH)
                .header("cookie", &first)
                .status()
                .await
                .to_string()
        }
        "logout" => {
            let first = cookie(&sign_in(judge, "admin").await);
            judge
                .post("/api/auth/logout")
                .header("cookie", &first)
                .send()
                .await
                .expect(200);
            judge
                .post(REFRESH)
                .header("cookie", &first)
                .status()
                .await
                .to_string()
        }
        "page-size-parameter" => limit("limit=3").await + &limit("per_page=4").await,
        "default-page-size" => limit("").await,
        "limit-above-max" => read(COMMERCES, "limit=101").await.status().to_string(),
        "page-size-below-one" => read(COMMERCES, "per_page=0").await.status().to_string(),
        "read-order" => read(COMMERCES, "per_page=1").await.json()["data"][0]["externalId"].to_string(),
        "activity-labels" => read(ACTIVITIES, "").await.json()["data"][0]["reason"]
            .is_object()
            .to_string(),
        other => panic!("nothing shows what reten.{other} decides"),
    }
}

async fn expired_key(judge: &Judge) -> String {
    let expires_at = judge.server.clock().now() + jiff::SignedDuration::from_secs(60);
    let body =
        json!({ "name": "n", "permissions": ["VIEW_ACTIVITIES"], "expiresAt": expires_at.to_string() });
    let created = ask_for_key(judge, &body).await.expect(201);
    judge.server.clock().advance(Duration::from_secs(61));
    judge
        .get(RESULT_TYPES)
        .with(&credential(&created))
        .send()
        .await
        .expect(401);
    created.json()["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn every_choice_of_every_assumption_changes_an_answer() {
    let mut seen = 0;
    for assumption in Assumptions::all().filter(|one| one.name.starts_with("reten.")) {
        let name = assumption.name.strip_prefix("reten.").unwrap();
        let mut answers: Vec<String> = Vec::new();
        for choice in assumption.choices {
            let answer = observed(&assuming(&format!("reten.{name}={choice}")).await, name).await;
            assert!(
                !answers.contains(&answer),
                "reten.{name}={choice} changes nothing: {answer}"
            );
            answers.push(answer);
        }
        let default = assumption
            .choices
            .iter()
            .position(|choice| *choice == assumption.default)
            .unwrap();
        assert_eq!(
            observed(&judge().await, name).await,
            answers[default],
            "the default of {name}"
        );
        seen += 1;
    }
    assert!(seen >= 25, "only {seen}");
}
