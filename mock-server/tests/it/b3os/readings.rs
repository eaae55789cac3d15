//! Every assumption can be switched, and each of its choices gives an answer of its own.

use std::collections::BTreeSet;

use keyway_mock::{Assumptions, Vendor};
use reqwest::Method;
use serde_json::json;

use super::{account_key, create, items, made, new_account, new_key, revoke, switch, use_key};
use crate::judge::{Answer, Judge};

#[tokio::test]
async fn every_choice_of_every_assumption_gives_an_answer_of_its_own() {
    for assumption in Assumptions::all().filter(|one| one.name.starts_with("b3os.")) {
        let mut answers = BTreeSet::new();
        for choice in assumption.choices {
            let setting = format!("{}={choice}", assumption.name);
            let judge = Judge::assuming(Vendor::B3os, &[&setting]).await;
            let answer = probe(&judge, assumption.name).await;
            assert!(
                answers.insert(answer.clone()),
                "{setting} changes nothing: {answer}"
            );
        }
    }
}

/// What a question that hangs on the assumption is answered.
async fn probe(judge: &Judge, assumption: &str) -> String {
    let admin = judge.admin();
    match assumption {
        "b3os.revoked-key-status" => {
            let (id, key) = new_key(judge, admin).await;
            revoke(judge, admin, &id).await.expect(200);
            use_key(judge, "bearer:nobody").send().await.expect(401);
            seen(&use_key(judge, &key).send().await)
        }
        "b3os.order-of-checks" => {
            let nobody = judge.post("/v1/api-keys").json(&json!({})).status().await;
            let reader = create(judge, judge.limited(), &json!({})).await;
            format!("{nobody} {}", reader.status())
        }
        "b3os.unset-members" => {
            let account = new_account(judge, "robot", &[]).await;
            account_key(judge, &account).await;
            let mut seen = String::new();
            for (path, unset) in [
                ("/v1/api-keys", "expiresAt"),
                ("/v1/api-keys/requests", "serviceAccountId"),
                ("/v1/service-accounts", "disabledAt"),
            ] {
                let item = items(judge, admin, path).await[0].clone();
                assert!(item[unset].is_null() && item.get("key").is_none());
                seen += &format!("{} ", item.get(unset).is_some());
            }
            seen
        }
        "b3os.unknown-scope" => {
            let answer = create(judge, admin, &json!({ "name": "x", "scope": "write" })).await;
            create(judge, admin, &json!({ "name": "x", "scope": 5 }))
                .await
                .expect(400);
            format!("{} {}", answer.status(), answer.json()["data"]["scope"])
        }
        "b3os.duplicate-key-name" => {
            let (id, _) = made(judge, admin, &json!({ "name": "twin" })).await;
            let second = create(judge, admin, &json!({ "name": "twin" })).await;
            revoke(judge, admin, &id).await.expect(200);
            seen(&second)
        }
        "b3os.error-code" => revoke(judge, admin, "ak_unknown").await.expect(404).json()["code"].to_string(),
        "b3os.foreign-organization-header" => seen(
            &use_key(judge, admin)
                .header("x-org-id", &judge.access().other_tenant)
                .send()
                .await,
        ),
        "b3os.read-scope-sees-service-accounts" => seen(
            &judge
                .get("/v1/service-accounts")
                .with(judge.limited())
                .send()
                .await,
        ),
        "b3os.service-account-permissions" => {
            let account = new_account(judge, "robot", &[]).await;
            let (_, key) = account_key(judge, &account).await;
            seen(&judge.get("/v1/api-keys").with(&key).send().await)
        }
        "b3os.last-used-counts" => {
            create(judge, judge.limited(), &json!({ "name": "x" }))
                .await
                .expect(403);
            let keys = items(judge, admin, "/v1/api-keys").await;
            let limited = keys.iter().find(|key| key["id"] == "ak_mocklimited").unwrap();
            format!("{}", limited.get("lastUsedAt").is_some())
        }
        "b3os.default-scope" => {
            let answer = create(judge, admin, &json!({ "name": "x" })).await.expect(200);
            answer.json()["data"]["scope"].to_string()
        }
        "b3os.expires-in-past" => {
            let past = json!({ "name": "x", "expiresAt": "2001-01-01T00:00:00Z" });
            let answer = create(judge, admin, &past).await;
            if let Some(key) = answer.json()["data"]["key"].as_str() {
                use_key(judge, &format!("bearer:{key}")).send().await.expect(401);
            }
            seen(&answer)
        }
        "b3os.far-expiry" => {
            let far = json!({ "name": "x", "expiresAt": "9999-12-31T23:59:59Z" });
            let answer = create(judge, admin, &far).await;
            if let Some(key) = answer.json()["data"]["key"].as_str() {
                use_key(judge, &format!("bearer:{key}")).send().await.expect(200);
            }
            seen(&answer)
        }
        "b3os.empty-name" => seen(&create(judge, admin, &json!({ "name": "" })).await),
        "b3os.grant-beyond-own-permissions" => {
            let strong = new_account(judge, "strong", &["apikey:revoke"]).await;
            let weak = new_account(judge, "weak", &["apikey:create"]).await;
            let (_, key) = account_key(judge, &weak).await;
            seen(&create(judge, &key, &json!({ "name": "x", "serviceAccountId": strong })).await)
        }
        "b3os.second-revoke" => {
            let (id, _) = new_key(judge, admin).await;
            revoke(judge, admin, &id).await.expect(200);
            seen(&revoke(judge, admin, &id).await)
        }
        "b3os.self-revoke" => {
            let (id, key) = new_key(judge, admin).await;
            seen(&revoke(judge, &key, &id).await)
        }
        "b3os.list-shows-revoked" => {
            let (id, _) = new_key(judge, admin).await;
            revoke(judge, admin, &id).await.expect(200);
            items(judge, admin, "/v1/api-keys").await.len().to_string()
        }
        "b3os.list-order" => items(judge, admin, "/v1/api-keys").await[0]["id"].to_string(),
        "b3os.limit-above-max" => seen(&judge.get("/v1/api-keys?limit=101").with(admin).send().await),
        "b3os.paging-below-range" => seen(
            &judge
                .get("/v1/api-keys?limit=0&offset=-5")
                .with(admin)
                .send()
                .await,
        ),
        "b3os.unknown-service-account" => seen(
            &judge
                .get("/v1/service-accounts/sa_unknown")
                .with(admin)
                .send()
                .await,
        ),
        "b3os.disabled-account-key" => {
            let account = new_account(judge, "robot", &[]).await;
            let (_, key) = account_key(judge, &account).await;
            switch(judge, &account, "disable").await.expect(200);
            seen(&use_key(judge, &key).send().await)
        }
        "b3os.audit-disabled-key" => {
            let account = new_account(judge, "robot", &[]).await;
            let (id, key) = account_key(judge, &account).await;
            use_key(judge, &key).send().await.expect(200);
            switch(judge, &account, "disable").await.expect(200);
            use_key(judge, &key).send().await.expect(401);
            logged(judge, &id).await
        }
        "b3os.audit-revoked-key" => {
            let (id, key) = new_key(judge, admin).await;
            use_key(judge, &key).send().await.expect(200);
            revoke(judge, admin, &id).await.expect(200);
            use_key(judge, &key).send().await.expect(401);
            use_key(judge, "bearer:nobody").send().await.expect(401);
            logged(judge, &id).await
        }
        "b3os.key-for-disabled-account" => {
            let account = new_account(judge, "robot", &[]).await;
            switch(judge, &account, "disable").await.expect(200);
            seen(&create(judge, admin, &json!({ "name": "x", "serviceAccountId": account })).await)
        }
        "b3os.repeated-switch" => {
            let account = new_account(judge, "robot", &[]).await;
            seen(&switch(judge, &account, "enable").await)
        }
        "b3os.taken-name-on-update" => {
            new_account(judge, "robot", &[]).await;
            let account = new_account(judge, "android", &[]).await;
            let body = json!({ "name": "robot", "permissions": [] });
            let path = format!("/v1/service-accounts/{account}");
            seen(
                &judge
                    .ask(Method::PATCH, &path)
                    .with(admin)
                    .json(&body)
                    .send()
                    .await,
            )
        }
        "b3os.update-without-description" => {
            let body = json!({ "name": "robot", "permissions": [], "description": "reads" });
            let ask = judge.post("/v1/service-accounts").with(admin).json(&body);
            let id = super::text(&ask.send().await.expect(200).json()["data"]["id"]);
            let body = json!({ "name": "robot", "permissions": [] });
            let ask = judge
                .ask(Method::PATCH, &format!("/v1/service-accounts/{id}"))
                .with(admin)
                .json(&body);
            ask.send().await.expect(200).json()["data"]["description"].to_string()
        }
        other => panic!("no question hangs on {other}"),
    }
}

/// The statuses that the log has of a key's requests.
async fn logged(judge: &Judge, id: &str) -> String {
    let log = items(
        judge,
        judge.admin(),
        &format!("/v1/api-keys/requests?apiKeyId={id}"),
    )
    .await;
    log.iter()
        .map(|entry| format!("{} ", entry["statusCode"]))
        .collect()
}

fn seen(answer: &Answer) -> String {
    answer.status().to_string()
}

#[tokio::test]
async fn a_key_of_the_wider_default_scope_may_write() {
    let judge = Judge::assuming(Vendor::B3os, &["b3os.default-scope=read-write"]).await;
    let (id, key) = made(&judge, judge.admin(), &json!({ "name": "x" })).await;
    revoke(&judge, &key, &id).await.expect(200);
}

#[tokio::test]
async fn an_offset_is_told_back_as_it_was_asked_for_or_refused() {
    let judge = Judge::of(Vendor::B3os).await;
    let page = async |offset: &str| {
        let ask = judge.get(&format!("/v1/api-keys?offset={offset}"));
        ask.with(judge.admin()).send().await
    };
    let far = page("9007199254740993").await.expect(200).json();
    assert_eq!(far["data"]["offset"], 9_007_199_254_740_993_u64);
    page("9223372036854775808").await.expect(400);
    page("99999999999999999999").await.expect(400);
}
