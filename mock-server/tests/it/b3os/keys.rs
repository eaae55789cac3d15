//! The life of a key, and who may have a hand in it.

use std::collections::BTreeSet;

use keyway_mock::Vendor;
use serde_json::json;

use super::{create, items, made, new_key, revoke, text, use_key};
use crate::judge::Judge;

#[tokio::test]
async fn a_key_is_created_used_and_revoked_and_then_refused_everywhere() {
    let judge = Judge::of(Vendor::B3os).await;
    let body = json!({
        "name": "Till", "description": "at the door", "scope": "read-write",
        "expiresAt": "2999-01-01T01:00:00.5+01:00",
        "id": "ak_mine", "organizationId": "org_mocklagoon", "key": "b3sk_mine",
    });
    let answer = create(&judge, judge.admin(), &body).await.expect(200);
    assert_eq!(answer.header("cache-control"), "no-store");
    let answer = answer.json();
    assert_eq!(
        (&answer["code"], &answer["message"]),
        (&json!(200), &json!("success"))
    );
    let data = &answer["data"];
    assert_eq!(data["name"], "Till");
    assert_eq!(data["description"], "at the door");
    assert_eq!(data["organizationId"], judge.access().tenant);
    assert_eq!(data["expiresAt"], "2999-01-01T00:00:00.5Z");
    assert_eq!(
        (&data["userId"], &data["createdBy"]),
        (&json!("user_mockada"), &json!("user_mockada"))
    );
    assert_ne!(data["id"], "ak_mine");
    for absent in ["revokedAt", "lastUsedAt", "serviceAccountId"] {
        assert!(data.get(absent).is_none(), "{absent}");
    }
    let key = text(&data["key"]);
    assert!(key.starts_with("b3sk_mock") && key.starts_with(&text(&data["keyPrefix"])));
    // 128 bits in base62 take 22 characters.
    assert!(key.len() - text(&data["keyPrefix"]).len() >= 22);

    let (id, credential) = (text(&data["id"]), format!("bearer:{key}"));
    let (_, sibling) = new_key(&judge, judge.admin()).await;
    use_key(&judge, &credential).send().await.expect(200);
    let revoked = revoke(&judge, judge.admin(), &id).await.expect(200).json();
    assert!(revoked.get("data").is_none());
    let account = json!({ "name": "x", "permissions": [] });
    for (method, path) in [
        ("GET", "/v1/api-keys"),
        ("POST", "/v1/api-keys"),
        ("GET", "/v1/api-keys/requests"),
        ("GET", "/v1/api-keys/ak_x"),
        ("DELETE", "/v1/api-keys/ak_x"),
        ("GET", "/v1/organizations"),
        ("GET", "/v1/service-accounts"),
        ("POST", "/v1/service-accounts"),
        ("GET", "/v1/service-accounts/sa_x"),
        ("PATCH", "/v1/service-accounts/sa_x"),
        ("DELETE", "/v1/service-accounts/sa_x"),
        ("POST", "/v1/service-accounts/sa_x/disable"),
        ("POST", "/v1/service-accounts/sa_x/enable"),
    ] {
        let ask = judge
            .ask(method.parse().unwrap(), path)
            .with(&credential)
            .json(&account);
        let refused = ask.send().await.expect(401);
        assert!(!refused.text().contains(&key));
        judge
            .ask(method.parse().unwrap(), path)
            .json(&account)
            .send()
            .await
            .expect(401);
    }
    use_key(&judge, &sibling).send().await.expect(200);
    revoke(&judge, judge.admin(), &id).await.expect(200);
}

#[tokio::test]
async fn list_and_get_agree_and_never_show_the_secret() {
    let judge = Judge::of(Vendor::B3os).await;
    let (id, credential) = new_key(&judge, judge.admin()).await;
    let key = credential.trim_start_matches("bearer:");
    let get = || async {
        let answer = judge
            .get(&format!("/v1/api-keys/{id}"))
            .with(judge.admin())
            .send()
            .await
            .expect(200);
        assert!(!answer.text().contains(key));
        answer.json()["data"].clone()
    };
    assert!(get().await.get("lastUsedAt").is_none());
    use_key(&judge, &credential)
        .header("user-agent", "till/1.0")
        .send()
        .await
        .expect(200);
    let used = get().await;
    assert_eq!(used["lastUsedUserAgent"], "till/1.0");
    assert_eq!(used["lastUsedIp"], "127.0.0.1");
    revoke(&judge, judge.admin(), &id).await.expect(200);
    let revoked = get().await;
    assert!(revoked["revokedAt"].is_string());
    // A refused call is no use, and a second revoke moves nothing.
    judge.server.clock().advance(std::time::Duration::from_secs(5));
    use_key(&judge, &credential).send().await.expect(401);
    revoke(&judge, judge.admin(), &id).await.expect(200);
    assert_eq!(get().await, revoked);
    let listed = items(&judge, judge.admin(), "/v1/api-keys").await;
    assert_eq!(listed[0], revoked);
    let ids: Vec<_> = listed.iter().map(|one| text(&one["id"])).collect();
    assert_eq!(ids, [id.as_str(), "ak_mocklimited", "ak_mockadmin"]);
}

#[tokio::test]
async fn the_scope_read_reads_and_no_more() {
    let judge = Judge::of(Vendor::B3os).await;
    let (id, _) = new_key(&judge, judge.admin()).await;
    let (_, default) = made(&judge, judge.admin(), &json!({ "name": "no scope asked" })).await;
    for credential in [judge.limited(), &default] {
        for path in [
            "/v1/api-keys",
            "/v1/api-keys/requests",
            "/v1/organizations",
            "/v1/service-accounts",
        ] {
            judge.get(path).with(credential).send().await.expect(200);
        }
        judge
            .get(&format!("/v1/api-keys/{id}"))
            .with(credential)
            .send()
            .await
            .expect(200);
        let refused = create(&judge, credential, &json!({ "name": "x" }))
            .await
            .expect(403);
        assert!(refused.header("www-authenticate").contains("insufficient_scope"));
        assert_eq!(refused.json()["code"], 403);
        revoke(&judge, credential, &id).await.expect(403);
        revoke(&judge, credential, "ak_unknown").await.expect(403);
        let account = json!({ "name": "x", "permissions": [] });
        let ask = judge.post("/v1/service-accounts").with(credential).json(&account);
        ask.send().await.expect(403);
        for to in ["disable", "enable"] {
            let ask = judge
                .post(&format!("/v1/service-accounts/sa_x/{to}"))
                .with(credential);
            ask.send().await.expect(403);
        }
    }
    assert_eq!(items(&judge, judge.admin(), "/v1/api-keys").await.len(), 4);
}

#[tokio::test]
async fn a_key_of_another_organization_is_not_there() {
    let judge = Judge::of(Vendor::B3os).await;
    let (id, credential) = new_key(&judge, judge.admin()).await;
    let foreign = revoke(&judge, judge.other(), &id).await.expect(404).json();
    let unknown = revoke(&judge, judge.other(), "ak_unknown")
        .await
        .expect(404)
        .json();
    assert_eq!(
        (&foreign["message"], &foreign["code"]),
        (&unknown["message"], &unknown["code"])
    );
    let ask = judge.get(&format!("/v1/api-keys/{id}")).with(judge.other());
    ask.send().await.expect(404);
    use_key(&judge, &credential).send().await.expect(200);
    let theirs = items(&judge, judge.other(), "/v1/api-keys").await;
    assert_eq!(theirs.len(), 1);
    let organizations = items(&judge, judge.other(), "/v1/organizations").await;
    assert_eq!(organizations[0]["id"], judge.access().other_tenant);
    let ask = judge
        .get("/v1/api-keys")
        .with(judge.other())
        .header("x-org-id", &judge.access().tenant);
    ask.send().await.expect(403);
    let ask = judge
        .get("/v1/api-keys")
        .with(judge.other())
        .header("x-org-id", &judge.access().other_tenant);
    ask.send().await.expect(200);
}

#[tokio::test]
async fn a_key_dies_at_the_instant_of_its_expiry() {
    let judge = Judge::of(Vendor::B3os).await;
    let clock = judge.server.clock();
    let expires_at = clock.now() + jiff::SignedDuration::from_secs(60);
    let body = json!({ "name": "brief", "expiresAt": expires_at.to_string() });
    let (id, credential) = made(&judge, judge.admin(), &body).await;
    clock.set(expires_at - jiff::SignedDuration::from_secs(2));
    use_key(&judge, &credential).send().await.expect(200);
    clock.set(expires_at);
    use_key(&judge, &credential).send().await.expect(401);
    let ask = judge.get(&format!("/v1/api-keys/{id}")).with(judge.admin());
    assert!(
        ask.send().await.expect(200).json()["data"]
            .get("revokedAt")
            .is_none()
    );
    revoke(&judge, judge.admin(), &id).await.expect(200);
}

#[tokio::test]
async fn a_body_that_says_nonsense_makes_no_key() {
    let judge = Judge::of(Vendor::B3os).await;
    for body in [
        json!({}),
        json!({ "name": "" }),
        json!({ "name": "  " }),
        json!({ "name": null }),
        json!({ "name": 1 }),
        json!({ "name": "x", "scope": "write" }),
        json!({ "name": "x", "scope": "" }),
        json!({ "name": "x", "scope": ["read"] }),
        json!({ "name": "x", "expiresAt": "2001-01-01T00:00:00Z" }),
        json!({ "name": "x", "expiresAt": "tomorrow" }),
        json!({ "name": "x", "expiresAt": "9999-12-31T23:59:59Z" }),
        json!({ "name": "x", "expiresAt": 1_893_499_200 }),
        json!({ "name": "x", "serviceAccountId": "sa_unknown" }),
        json!({ "name": "x", "serviceAccountId": "" }),
        json!([]),
    ] {
        let refused = create(&judge, judge.admin(), &body).await.expect(400);
        assert!(!refused.text().contains("b3sk_"), "{body}");
        let refused = refused.json();
        assert_eq!(refused["code"], 400);
        assert!(text(&refused["requestId"]).starts_with("req_"));
    }
    assert_eq!(items(&judge, judge.admin(), "/v1/api-keys").await.len(), 2);
}

#[tokio::test]
async fn a_page_has_its_size_and_says_whether_more_follows() {
    let judge = Judge::of(Vendor::B3os).await;
    for _ in 0..120 {
        new_key(&judge, judge.admin()).await;
    }
    let ask = |query: &str| {
        judge
            .get(&format!("/v1/api-keys{query}"))
            .with(judge.admin())
            .send()
    };
    let seen = |page: &serde_json::Value| {
        let data = page["data"].clone();
        (
            data["items"].as_array().unwrap().len(),
            data["limit"].clone(),
            data["offset"].clone(),
            data["hasMore"].clone(),
        )
    };
    let page = ask("").await.expect(200).json();
    assert_eq!(seen(&page), (20, json!(20), json!(0), json!(true)));
    let page = ask("?limit=101").await.expect(200).json();
    assert_eq!(seen(&page), (100, json!(100), json!(0), json!(true)));
    let page = ask("?limit=100&offset=22").await.expect(200).json();
    assert_eq!(seen(&page), (100, json!(100), json!(22), json!(false)));
    let huge = "9".repeat(30);
    let page = ask(&format!("?limit={huge}")).await.expect(200).json();
    assert_eq!(seen(&page), (100, json!(100), json!(0), json!(true)));
    for query in [
        "?limit=0",
        "?limit=-1",
        "?offset=-1",
        "?limit=x",
        "?limit=",
        "?offset=1.5",
        "?limit=%00",
    ] {
        ask(query).await.expect(400);
    }
    ask(&format!("?offset={huge}")).await.expect(400);
    ask(&format!("?offset=-{huge}")).await.expect(400);
    let mut seen = BTreeSet::new();
    for offset in [0, 50, 100] {
        for key in items(
            &judge,
            judge.admin(),
            &format!("/v1/api-keys?limit=50&offset={offset}"),
        )
        .await
        {
            assert!(seen.insert(text(&key["id"])));
        }
    }
    assert_eq!(seen.len(), 122);
}

#[tokio::test]
async fn a_credential_counts_only_in_its_own_place_and_whole() {
    let judge = Judge::of(Vendor::B3os).await;
    let key = judge.admin().trim_start_matches("bearer:").to_owned();
    judge
        .get("/v1/organizations")
        .header("AUTHORIZATION", format!("bEARER {key}"))
        .send()
        .await
        .expect(200);
    let cut = key[..key.len() - 1].to_owned();
    for (name, value) in [
        ("authorization", String::new()),
        ("authorization", key.clone()),
        ("authorization", format!("Bearer {cut}")),
        ("authorization", format!("Bearer {key}x")),
        ("authorization", format!("Bearer {}", key.to_uppercase())),
        ("authorization", format!("Bearer {}", &key[..13])),
        ("authorization", format!("Bearer  {key}")),
        ("authorization", format!("Bearer Bearer {key}")),
        ("authorization", format!("Bearer \"{key}\"")),
        ("authorization", format!("Basic {key}")),
        ("authorization", "Bearer ak_mockadmin".to_owned()),
        ("x-api-key", key.clone()),
        ("cookie", format!("authorization={key}")),
    ] {
        judge
            .get("/v1/organizations")
            .header(name, &value)
            .send()
            .await
            .expect(401);
    }
    judge
        .get(&format!("/v1/organizations?access_token={key}"))
        .send()
        .await
        .expect(401);
    use_key(&judge, judge.admin())
        .with(judge.admin())
        .send()
        .await
        .expect(401);
    let silent = judge.get("/v1/organizations").send().await.expect(401);
    assert_eq!(silent.header("www-authenticate"), "Bearer realm=\"B3OS\"");
}

#[tokio::test]
async fn a_key_may_end_itself_and_of_many_revocations_all_are_answered() {
    let judge = Judge::of(Vendor::B3os).await;
    let (id, credential) = new_key(&judge, judge.admin()).await;
    revoke(&judge, &credential, &id).await.expect(200);
    revoke(&judge, &credential, &id).await.expect(401);
    let (id, credential) = new_key(&judge, judge.admin()).await;
    let tries = (0..16).map(|_| revoke(&judge, judge.admin(), &id));
    for answer in futures::future::join_all(tries).await {
        answer.expect(200);
    }
    use_key(&judge, &credential).send().await.expect(401);
}

#[tokio::test]
async fn an_expiry_beyond_the_end_of_time_is_told_from_one_that_is_no_time() {
    let judge = Judge::of(Vendor::B3os).await;
    for (expires_at, complaint) in [
        ("9999-12-31T23:59:59Z", "is out of range"),
        ("9999-13-31T23:59:59Z", "must be an RFC 3339 time"),
    ] {
        let body = json!({ "name": "x", "expiresAt": expires_at });
        let ask = judge.post("/v1/api-keys").with(judge.admin()).json(&body);
        let refused = ask.send().await.expect(400).json();
        assert_eq!(refused["details"][0]["message"], complaint, "{expires_at}");
    }
}
