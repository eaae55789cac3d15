//! The life of a key, and who may have a hand in it.

use std::collections::BTreeSet;
use std::time::Duration;

use keyway_mock::Vendor;
use serde_json::json;

use super::{ADA, EVE, FJORD, MIA, NOBODY, SANDBAR, new_key, revoke, sign_in, text, use_key};
use crate::judge::Judge;

#[tokio::test]
async fn a_key_is_created_used_and_revoked_and_then_refused_everywhere() {
    let judge = Judge::of(Vendor::Dolfin).await;
    let expires_at = "2999-01-01T01:00:00.5+01:00";
    let made = judge
        .post("/api-keys")
        .with(judge.admin())
        .json(&json!({ "name": "Till", "expiresAt": expires_at, "clientId": SANDBAR, "id": NOBODY }))
        .send()
        .await
        .expect(201);
    assert_eq!(made.header("cache-control"), "no-store");
    let made = made.json();
    assert_eq!(made["clientId"], FJORD);
    assert_eq!(made["name"], "Till");
    assert_eq!(made["expiresAt"], "2999-01-01T00:00:00.5Z");
    assert_ne!(made["id"], NOBODY);
    let raw_key = text(&made["rawKey"]);
    assert!(raw_key.starts_with("dol_live_mock"), "{raw_key}");
    assert!(raw_key.starts_with(&text(&made["keyPrefix"])));
    // 128 bits in base62 take 22 characters.
    assert!(raw_key.len() - text(&made["keyPrefix"]).len() >= 22);

    let (id, key) = (text(&made["id"]), format!("key:{raw_key}"));
    let (_, sibling) = new_key(&judge, judge.admin()).await;
    use_key(&judge, &key).send().await.expect(200);
    let revoked = revoke(&judge, judge.admin(), &id).await.expect(204);
    assert_eq!(revoked.text(), "");
    let invoices = super::of(judge.get("/invoices"), super::BAKERY).with(&key);
    let credit = judge
        .get(&format!("/suppliers/{}/credit", super::CREDITED))
        .with(&key);
    let asks = [
        use_key(&judge, &key),
        invoices,
        super::of(credit, super::BAKERY),
        judge.post("/api-keys").with(&key).json(&json!({})),
        judge.post(&format!("/api-keys/{id}/revoke")).with(&key),
        judge
            .post("/auth/codes")
            .with(&key)
            .json(&json!({ "userId": MIA })),
    ];
    for ask in asks {
        let refused = ask.send().await.expect(401);
        assert!(!refused.text().contains(&raw_key));
    }
    use_key(&judge, &sibling).send().await.expect(200);
    use_key(&judge, judge.admin()).send().await.expect(200);
    revoke(&judge, judge.admin(), &id.to_uppercase())
        .await
        .expect(204);
}

#[tokio::test]
async fn two_keys_share_nothing_but_their_mark() {
    let judge = Judge::of(Vendor::Dolfin).await;
    let mut seen = BTreeSet::new();
    for _ in 0..20 {
        let (id, key) = new_key(&judge, judge.admin()).await;
        assert!(!key.contains(&id));
        assert!(seen.insert(id) && seen.insert(key));
    }
}

#[tokio::test]
async fn a_key_dies_at_the_instant_of_its_expiry() {
    let judge = Judge::of(Vendor::Dolfin).await;
    let clock = judge.server.clock();
    let expires_at = clock.now() + jiff::SignedDuration::from_secs(60);
    let body = json!({ "name": null, "expiresAt": expires_at.to_string() });
    let made = judge
        .post("/api-keys")
        .with(judge.admin())
        .json(&body)
        .send()
        .await
        .expect(201)
        .json();
    let key = format!("key:{}", text(&made["rawKey"]));
    use_key(&judge, &key).send().await.expect(200);
    clock.set(expires_at - jiff::SignedDuration::from_secs(2));
    use_key(&judge, &key).send().await.expect(200);
    clock.set(expires_at);
    use_key(&judge, &key).send().await.expect(401);
    // An expired key may still be revoked.
    revoke(&judge, judge.admin(), &text(&made["id"]))
        .await
        .expect(204);
}

#[tokio::test]
async fn ready_made_credentials_outlive_a_clock_turned_far_ahead() {
    let judge = Judge::of(Vendor::Dolfin).await;
    judge
        .server
        .clock()
        .advance(Duration::from_secs(50 * 365 * 24 * 3600));
    for credential in [judge.admin(), judge.limited()] {
        use_key(&judge, credential).send().await.expect(200);
    }
}

#[tokio::test]
async fn an_expiry_in_the_past_or_out_of_range_makes_no_key() {
    let judge = Judge::of(Vendor::Dolfin).await;
    let create = |expires_at: &str| {
        judge
            .post("/api-keys")
            .with(judge.admin())
            .json(&json!({ "expiresAt": expires_at }))
            .send()
    };
    for past in [
        "2001-01-01T00:00:00Z",
        "1900-06-01t00:00:00.123z",
        "0001-01-01T00:00:00+23:00",
    ] {
        let refused = create(past).await.expect(400).json();
        if !past.starts_with('0') {
            assert_eq!(refused["title"], "ApiKey.ExpiresAtInPast", "{past}");
        }
        assert_eq!(refused["status"], 400);
    }
    for bad in [
        "tomorrow",
        "",
        "2030-01-01",
        "2030-02-30T00:00:00Z",
        "2030-01-01T00:00:00",
        "9999-12-31T23:59:59Z",
    ] {
        let refused = create(bad).await.expect(400);
        assert!(!refused.text().contains("rawKey"), "{bad}");
    }
}

#[tokio::test]
async fn name_and_expiry_may_be_left_out_or_null() {
    let judge = Judge::of(Vendor::Dolfin).await;
    for body in [
        json!({}),
        json!({ "name": null, "expiresAt": null }),
        json!({ "name": "" }),
    ] {
        let made = judge
            .post("/api-keys")
            .with(judge.admin())
            .json(&body)
            .send()
            .await
            .expect(201)
            .json();
        assert!(made["expiresAt"].is_null());
        assert_eq!(made["name"], body["name"]);
    }
}

#[tokio::test]
async fn a_member_may_not_manage_keys_and_an_admin_may() {
    let judge = Judge::of(Vendor::Dolfin).await;
    let (id, key) = new_key(&judge, judge.admin()).await;
    let eve = sign_in(&judge, judge.admin(), EVE).await;
    for credential in [judge.limited(), &eve] {
        let refused = judge
            .post("/api-keys")
            .with(credential)
            .json(&json!({}))
            .send()
            .await
            .expect(403);
        assert_eq!(refused.json()["title"], "Member.Forbidden");
        // The role is asked before anything else, so a forbidden caller learns nothing about ids.
        for id in [id.as_str(), NOBODY, "nonsense"] {
            revoke(&judge, credential, id).await.expect(403);
        }
    }
    use_key(&judge, &key).send().await.expect(200);
    let ada = sign_in(&judge, judge.admin(), ADA).await;
    let (_, made_by_ada) = new_key(&judge, &ada).await;
    use_key(&judge, &made_by_ada).send().await.expect(200);
    revoke(&judge, &ada, &id).await.expect(204);
    use_key(&judge, &key).send().await.expect(401);
}

#[tokio::test]
async fn a_key_of_another_client_stays_out_of_reach() {
    let judge = Judge::of(Vendor::Dolfin).await;
    let (id, key) = new_key(&judge, judge.admin()).await;
    let foreign = revoke(&judge, judge.other(), &id).await.expect(404);
    let unknown = revoke(&judge, judge.other(), NOBODY).await.expect(404);
    assert_eq!(foreign.json(), unknown.json());
    assert_eq!(foreign.json()["title"], "ApiKey.NotFound");
    use_key(&judge, &key).send().await.expect(200);
    use_key(&judge, judge.other()).send().await.expect(403);
}

#[tokio::test]
async fn a_key_may_end_itself_and_the_answer_comes_first() {
    let judge = Judge::of(Vendor::Dolfin).await;
    let (id, key) = new_key(&judge, judge.admin()).await;
    revoke(&judge, &key, &id).await.expect(204);
    revoke(&judge, &key, &id).await.expect(401);
}

#[tokio::test]
async fn a_credential_counts_only_in_its_own_place_and_whole() {
    let judge = Judge::of(Vendor::Dolfin).await;
    let path = format!("/clients/{FJORD}/members");
    let key = judge.admin().trim_start_matches("key:").to_owned();
    let token = judge.limited().trim_start_matches("bearer:").to_owned();
    let accepted = [
        ("X-DOLFIN-API-KEY", key.clone()),
        ("authorization", format!("bEARER {token}")),
    ];
    for (name, value) in accepted {
        judge.get(&path).header(name, value).send().await.expect(200);
    }
    let cut = |text: &str| text[..text.len() - 1].to_owned();
    let refused = [
        ("x-dolfin-api-key", String::new()),
        ("x-dolfin-api-key", cut(&key)),
        ("x-dolfin-api-key", format!("{key}x")),
        ("x-dolfin-api-key", format!("\"{key}\"")),
        ("x-dolfin-api-key", key.to_uppercase()),
        ("x-dolfin-api-key", key[..17].to_owned()),
        ("x-dolfin-api-key", token.clone()),
        ("x-dolfin-api-key", format!("Bearer {key}")),
        ("x-api-key", key.clone()),
        ("authorization", key.clone()),
        ("authorization", format!("Bearer {key}")),
        ("authorization", token.clone()),
        ("authorization", format!("Bearer  {token}")),
        ("authorization", format!("Bearer Bearer {token}")),
        ("authorization", format!("Bearer \"{token}\"")),
        ("authorization", format!("Basic {token}")),
        ("authorization", "Bearer".to_owned()),
        ("cookie", format!("x-dolfin-api-key={key}")),
    ];
    for (name, value) in refused {
        judge.get(&path).header(name, &value).send().await.expect(401);
    }
    judge
        .get(&format!("{path}?x-dolfin-api-key={key}&api_key={key}"))
        .send()
        .await
        .expect(401);
    let twice = judge
        .get(&path)
        .header("x-dolfin-api-key", &key)
        .header("x-dolfin-api-key", &key);
    twice.send().await.expect(401);
    let both = judge.get(&path).with(judge.admin()).with(judge.limited());
    both.send().await.expect(401);
}

#[tokio::test]
async fn a_401_says_what_the_operation_takes_and_no_error_to_who_sent_nothing() {
    let judge = Judge::of(Vendor::Dolfin).await;
    let silent = judge.get("/me").send().await.expect(401);
    assert_eq!(silent.header("www-authenticate"), "Bearer realm=\"Dolfin\"");
    let wrong = judge.get("/me").with("bearer:nobody").send().await.expect(401);
    assert!(wrong.header("www-authenticate").contains("invalid_token"));
    let codes = judge.post("/auth/codes").send().await.expect(401);
    assert_eq!(codes.header("www-authenticate"), "ApiKey realm=\"Dolfin\"");
    assert_eq!(codes.header("content-type"), "application/problem+json");
}

#[tokio::test]
async fn of_many_revocations_at_once_every_one_is_answered_and_the_key_is_dead() {
    let judge = Judge::of(Vendor::Dolfin).await;
    let (id, key) = new_key(&judge, judge.admin()).await;
    let tries = (0..16).map(|_| revoke(&judge, judge.admin(), &id));
    for answer in futures::future::join_all(tries).await {
        answer.expect(204);
    }
    use_key(&judge, &key).send().await.expect(401);
}
