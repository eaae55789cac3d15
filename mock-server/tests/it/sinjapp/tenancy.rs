//! The host picks the tenant, then the key is looked at; and what a tenant learns of itself.

use serde_json::{Value, json};

use super::{KEYS, ME, OPERATIONS, ask_for_key, credential, judge, key_with};

#[tokio::test]
async fn an_unknown_host_is_told_before_the_key_is_looked_at() {
    let judge = judge().await;
    for (method, path, _) in OPERATIONS {
        let ask = judge
            .ask(method.parse().unwrap(), path)
            .header("host", "nobody.sinjapp.org");
        let refused = ask.send().await.expect(404);
        assert_eq!(
            refused.json()["message"],
            "Tenant could not be identified for this domain."
        );
    }
    let refused = judge
        .get(ME)
        .header("host", "nobody.sinjapp.org")
        .with(judge.admin())
        .send()
        .await;
    refused.expect(404);
}

#[tokio::test]
async fn a_tenant_is_reached_by_each_of_its_hosts() {
    let judge = judge().await;
    for host in [
        "acme.sinjapp.org",
        "acme.localhost:4010",
        "localhost",
        "127.0.0.1",
    ] {
        let me = judge
            .get(ME)
            .header("host", host)
            .with(judge.admin())
            .send()
            .await
            .expect(200);
        assert_eq!(
            me.json()["organization"]["slug"],
            json!(judge.access().tenant),
            "{host}"
        );
    }
    for host in ["other.sinjapp.org", "OTHER.localhost"] {
        let me = judge
            .get(ME)
            .header("host", host)
            .with(judge.other())
            .send()
            .await
            .expect(200);
        assert_eq!(
            me.json()["organization"]["slug"],
            json!(judge.access().other_tenant),
            "{host}"
        );
    }
}

#[tokio::test]
async fn a_key_is_nothing_at_another_tenants_host() {
    let judge = judge().await;
    for (method, path, _) in OPERATIONS {
        let method: reqwest::Method = method.parse().unwrap();
        judge
            .ask(method.clone(), path)
            .elsewhere()
            .with(judge.admin())
            .send()
            .await
            .expect(401);
        judge
            .ask(method, path)
            .with(judge.other())
            .send()
            .await
            .expect(401);
    }
}

#[tokio::test]
async fn tenants_share_nothing() {
    let judge = judge().await;
    let body = json!({ "phone": "+201155555555" });
    judge
        .post("/api/v1/sender-numbers")
        .with(judge.admin())
        .json(&body)
        .send()
        .await
        .expect(201);
    let theirs = judge
        .get("/api/v1/sender-numbers")
        .elsewhere()
        .with(judge.other())
        .send()
        .await
        .expect(200);
    assert!(!theirs.text().contains("+2011"));
    // The same sender id exists in both, and neither can be sent from with the other's key.
    let message = json!({ "sender_phone": "+201100000001", "to_phone": "+201000000001", "type": "text" });
    let refused = judge
        .post("/api/v1/messages")
        .elsewhere()
        .with(judge.other())
        .json(&message)
        .send()
        .await;
    refused.expect(422);
}

#[tokio::test]
async fn credentials_are_taken_from_their_header_only() {
    let judge = judge().await;
    let secret = judge.admin().strip_prefix("key:").unwrap().to_owned();
    let asks = [
        judge.get(ME),
        judge.get(ME).header("authorization", format!("Bearer {secret}")),
        judge.get(&format!("{ME}?x-api-key={secret}&api_key={secret}")),
        judge.get(ME).header("x-api-key", format!("\"{secret}\"")),
        judge.get(ME).header("x-api-key", format!("Bearer {secret}")),
        judge.get(ME).header("x-api-key", format!("{secret} {secret}")),
        judge.get(ME).header("x-api-key", &secret[..secret.len() - 1]),
        judge.get(ME).header("x-api-key", format!("{secret}0")),
        judge.get(ME).header("x-api-key", secret.to_uppercase()),
        judge.get(ME).header("x-api-key", ""),
        judge.get(ME).header("x-api-key", b"\xff\xfe"),
        judge.get(ME).header("x-api-key", "tgo_"),
        judge.get(ME).header("x-api-key", "1"),
        judge
            .get(ME)
            .header("x-api-key", &secret)
            .header("x-api-key", &secret),
        judge.get(ME).header("x-api-key", "a".repeat(10_000)),
    ];
    for ask in asks {
        let refused = ask.send().await.expect(401);
        assert_eq!(refused.json(), json!({ "message": "Unauthenticated." }));
        assert!(!refused.header("www-authenticate").contains("error"));
    }
    judge.get(ME).header("X-API-KEY", secret).send().await.expect(200);
}

#[tokio::test]
async fn a_tenant_learns_who_it_is_and_what_it_uses() {
    let judge = judge().await;
    let (key, id) = key_with(&judge, &[]).await;
    let me = judge.get(ME).with(&key).send().await.expect(200).json();
    assert_eq!(me["api_key"]["id"], json!(id));
    assert!(me["api_key"]["last_used_at"].is_string());
    assert_eq!(me["organization"]["email_verified"], json!(true));
    let before = judge
        .get("/api/v1/subscription")
        .with(&key)
        .send()
        .await
        .expect(200)
        .json();
    ask_for_key(&judge, judge.admin(), &json!({ "name": "One more" }))
        .await
        .expect(201);
    judge
        .delete(&format!("{KEYS}/{id}"))
        .with(&key)
        .send()
        .await
        .expect(204);
    judge.get(ME).with(&key).send().await.expect(401);
    let spare = ask_for_key(&judge, judge.admin(), &json!({ "name": "Another" }))
        .await
        .expect(201);
    let after = judge
        .get("/api/v1/subscription")
        .with(&credential(&spare))
        .send()
        .await
        .expect(200)
        .json();
    let active = |body: &Value| body["usage_snapshot"]["active_api_keys"].as_u64().unwrap();
    assert_eq!(active(&after), active(&before) + 1);
    assert_eq!(after["status"], "active");
}
