//! Every assumption: the default answers one thing, each alternative another.

use std::time::Duration;

use keyway_mock::{Assumptions, Vendor};
use serde_json::{Value, json};

use super::{KEYS, ME, ask_for_key, assuming, credential, judge, key_with};
use crate::judge::Judge;

const MESSAGES: &str = "/api/v1/messages";
const SENDERS: &str = "/api/v1/sender-numbers";

/// What one assumption decides, as text: it differs between the choices.
async fn observed(judge: &Judge, name: &str) -> String {
    let admin = judge.admin();
    let message = |changes: Value| {
        let mut body =
            json!({ "sender_number_id": 1, "to_phone": "+201000000001", "type": "text", "content": "Hi" });
        for (member, value) in changes.as_object().unwrap() {
            body[member] = value.clone();
        }
        judge.post(MESSAGES).with(admin).json(&body)
    };
    let create = async |body: Value| ask_for_key(judge, admin, &body).await;
    let revoke = async |id: &Value| {
        judge
            .delete(&format!("{KEYS}/{id}"))
            .with(admin)
            .status()
            .await
            .to_string()
    };
    match name {
        "key-on-other-host" => judge.get(ME).elsewhere().with(admin).status().await.to_string(),
        "repeated-key-header" => judge.get(ME).with(admin).with(admin).status().await.to_string(),
        "missing-scope-status" => judge
            .get(MESSAGES)
            .with(judge.limited())
            .status()
            .await
            .to_string(),
        "key-management-scope" => {
            let asked = json!({ "name": "n", "scopes": ["usage.read"] });
            let created = ask_for_key(judge, judge.limited(), &asked).await.status();
            let revoked = judge
                .delete(&format!("{KEYS}/999"))
                .with(judge.limited())
                .status()
                .await;
            format!("{created} {revoked}")
        }
        "order-of-checks" => {
            let ask = || judge.post(MESSAGES).json(&json!({}));
            let nobody = ask().status().await;
            format!("{nobody} {}", ask().with(judge.limited()).status().await)
        }
        "lookup-inactive-sender" => judge
            .get("/api/v1/contacts/lookup?phone=%2B201000000001&sender_number_id=2")
            .with(admin)
            .status()
            .await
            .to_string(),
        "repeated-form-field" => {
            let fields = [
                ("sender_number_id", "1"),
                ("to_phone", "1"),
                ("type", "text"),
                ("content", "a"),
                ("content", "b"),
            ];
            let form = fields
                .into_iter()
                .fold(reqwest::multipart::Form::new(), |form, (name, value)| {
                    form.text(name, value)
                });
            judge.post(MESSAGES).with(admin).form(form).send().await.json()["data"]["content"].to_string()
        }
        "malformed-page" => {
            let mut seen = String::new();
            for page in [
                "0",
                "-1",
                "abc",
                "",
                "9223372036854775808",
                "99999999999999999999",
            ] {
                let answer = judge
                    .get(&format!("{MESSAGES}?page={page}"))
                    .with(admin)
                    .send()
                    .await;
                let page = answer.json()["meta"]["current_page"].clone();
                assert!(page == 1 || answer.status() == 404, "{page}");
                seen += &format!("{} ", answer.status());
            }
            seen
        }
        "last-used-at" => {
            let (key, _) = key_with(judge, &[]).await;
            let me = judge.get(ME).with(&key).send().await.json();
            me["api_key"]["last_used_at"].is_null().to_string()
        }
        "timestamp-form" => create(json!({ "name": "n" })).await.json()["data"]["expires_at"]
            .as_str()
            .unwrap()
            .contains('.')
            .to_string(),
        "empty-strings" => create(json!({ "name": " " })).await.status().to_string(),
        "scopes-omitted" => create(json!({ "name": "n" })).await.json()["data"]["scopes"].to_string(),
        "scopes-empty" => create(json!({ "name": "n", "scopes": [] }))
            .await
            .status()
            .to_string(),
        "duplicate-scopes" => {
            let asked = json!({ "name": "n", "scopes": ["usage.read", "usage.read"] });
            create(asked).await.json()["data"]["scopes"].to_string()
        }
        "grant-beyond-own-scopes" => {
            let asked = json!({ "name": "n", "scopes": ["*"] });
            ask_for_key(judge, judge.limited(), &asked)
                .await
                .status()
                .to_string()
        }
        "duplicate-name" => {
            create(json!({ "name": "twin" })).await.expect(201);
            create(json!({ "name": "twin" })).await.status().to_string()
        }
        "name-length" => create(json!({ "name": "n".repeat(256) }))
            .await
            .status()
            .to_string(),
        "key-prefix" => {
            let created = create(json!({ "name": "n" })).await;
            let (prefix, secret) = (created.json()["data"]["prefix"].clone(), credential(&created));
            assert!(
                secret
                    .strip_prefix("key:")
                    .unwrap()
                    .starts_with(prefix.as_str().unwrap())
            );
            prefix.as_str().unwrap().len().to_string()
        }
        "expiry-instant" => {
            judge.server.clock().set("2026-05-05T05:05:05Z".parse().unwrap());
            let expires_at = create(json!({ "name": "n" })).await.json()["data"]["expires_at"].clone();
            expires_at.as_str().unwrap().ends_with("23:59:59Z").to_string()
        }
        "status-after-expiry" => {
            create(json!({ "name": "n", "expires_in_days": 1 }))
                .await
                .expect(201);
            judge.server.clock().advance(Duration::from_secs(2 * 86_400));
            let subscription = judge.get("/api/v1/subscription").with(admin).send().await.json();
            subscription["usage_snapshot"]["active_api_keys"].to_string()
        }
        "second-revoke" => {
            let id = create(json!({ "name": "n" })).await.json()["data"]["id"].clone();
            assert_eq!(revoke(&id).await, "204");
            revoke(&id).await
        }
        "unknown-id" => revoke(&json!(999)).await,
        "malformed-id" => revoke(&json!(1.5)).await,
        "foreign-id" => {
            let me = judge.get(ME).elsewhere().with(judge.other()).send().await.json();
            let status = revoke(&me["api_key"]["id"]).await;
            judge
                .get(ME)
                .elsewhere()
                .with(judge.other())
                .send()
                .await
                .expect(200);
            status
        }
        "self-revoke" => {
            let (key, id) = key_with(judge, &[]).await;
            let status = judge.delete(&format!("{KEYS}/{id}")).with(&key).status().await;
            format!("{status} {}", judge.get(ME).with(&key).status().await)
        }
        "sender-already-registered" => {
            let body = json!({ "phone": "+201100000001" });
            judge
                .post(SENDERS)
                .with(admin)
                .json(&body)
                .status()
                .await
                .to_string()
        }
        "phone-format" => {
            let registered = judge
                .post(SENDERS)
                .with(admin)
                .json(&json!({ "phone": "0100" }))
                .status()
                .await;
            let lookup = judge
                .get("/api/v1/contacts/lookup?phone=0100")
                .with(admin)
                .status()
                .await;
            format!(
                "{registered} {lookup} {}",
                message(json!({ "to_phone": "0100" })).status().await
            )
        }
        "lookup-sender" => judge
            .get("/api/v1/contacts/lookup?phone=1")
            .with(admin)
            .status()
            .await
            .to_string(),
        "unknown-contact" => judge
            .get("/api/v1/contacts/lookup?phone=1")
            .with(admin)
            .status()
            .await
            .to_string(),
        "both-senders" => message(json!({ "sender_phone": "+201100000002" }))
            .status()
            .await
            .to_string(),
        "unknown-sender" => message(json!({ "sender_number_id": 99 }))
            .status()
            .await
            .to_string(),
        "sender-not-active-status" => message(json!({ "sender_number_id": 2 }))
            .status()
            .await
            .to_string(),
        "owner-unverified-status" => message(json!({ "sender_number_id": 3 }))
            .status()
            .await
            .to_string(),
        "text-without-content" => message(json!({ "content": null })).status().await.to_string(),
        "media-missing" => message(json!({ "type": "image" })).status().await.to_string(),
        "unknown-recipient" => message(json!({ "to_phone": "1" })).status().await.to_string(),
        "message-status" => message(json!({})).send().await.json()["data"]["sent_at"]
            .is_null()
            .to_string(),
        "message-log-form" => judge.get(MESSAGES).with(admin).send().await.json()["meta"]
            .is_null()
            .to_string(),
        "message-log-order" => {
            message(json!({})).send().await.expect(201);
            message(json!({})).send().await.expect(201);
            judge.get(MESSAGES).with(admin).send().await.json()["data"][0]["id"].to_string()
        }
        "usage-form" => judge
            .get("/api/v1/usage")
            .with(admin)
            .send()
            .await
            .json()
            .is_array()
            .to_string(),
        other => panic!("nothing shows what sinjapp.{other} decides"),
    }
}

#[tokio::test]
async fn every_choice_of_every_assumption_changes_an_answer() {
    let mut seen = 0;
    for assumption in Assumptions::all().filter(|one| one.name.starts_with("sinjapp.")) {
        let name = assumption.name.strip_prefix("sinjapp.").unwrap();
        let mut answers: Vec<String> = Vec::new();
        for choice in assumption.choices {
            let answer = observed(&assuming(&format!("sinjapp.{name}={choice}")).await, name).await;
            assert!(
                !answers.contains(&answer),
                "sinjapp.{name}={choice} changes nothing: {answer}"
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
    assert!(seen >= 30, "only {seen}");
}

#[tokio::test]
async fn a_key_that_gets_all_scopes_by_default_is_still_no_stronger_than_its_maker() {
    let judge = assuming("sinjapp.scopes-omitted=all").await;
    ask_for_key(&judge, judge.limited(), &json!({ "name": "n" }))
        .await
        .expect(403);
}

#[tokio::test]
async fn assumptions_can_be_switched_together() {
    let settings = ["sinjapp.second-revoke=404", "sinjapp.unknown-id=204"];
    let judge = Judge::assuming(Vendor::Sinjapp, &settings).await;
    let (_, id) = key_with(&judge, &[]).await;
    let path = format!("{KEYS}/{id}");
    judge.delete(&path).with(judge.admin()).send().await.expect(204);
    judge.delete(&path).with(judge.admin()).send().await.expect(404);
    judge
        .delete(&format!("{KEYS}/999"))
        .with(judge.admin())
        .send()
        .await
        .expect(204);
}
