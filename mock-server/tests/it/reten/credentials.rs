//! Which credential is taken where, and in which tenant.

use serde_json::json;

use super::{
    ACTIVITIES, COMMERCES, GUARDED, KEYS, ME, MINE, REFRESH, RESULT_TYPES, access_token, ask_for_key, cookie,
    judge, key_with, revocation, sign_in,
};

#[tokio::test]
async fn every_guarded_operation_wants_a_credential() {
    let judge = judge().await;
    for (method, path, _) in GUARDED {
        let refused = judge
            .ask(method.parse().unwrap(), path)
            .tenant(&judge.access().tenant)
            .send()
            .await;
        assert!(!refused.expect(401).header("www-authenticate").contains("error"));
    }
    for path in [ME, MINE] {
        judge.get(path).send().await.expect(401);
    }
    judge.post(REFRESH).send().await.expect(401);
}

#[tokio::test]
async fn a_token_needs_a_tenant_that_its_user_belongs_to() {
    let judge = judge().await;
    for (method, path, _) in GUARDED.into_iter().filter(|(_, path, _)| *path != RESULT_TYPES) {
        let ask = || judge.ask(method.parse().unwrap(), path).with(judge.admin());
        ask().send().await.expect(400);
        ask().tenant("").send().await.expect(400);
        ask().tenant("acme-corp").send().await.expect(400);
        ask()
            .tenant(&judge.access().tenant)
            .tenant(&judge.access().tenant)
            .send()
            .await
            .expect(400);
        ask()
            .tenant(&judge.access().other_tenant)
            .send()
            .await
            .expect(403);
        ask()
            .tenant("00000000-0000-4000-8000-000000000000")
            .send()
            .await
            .expect(403);
    }
    judge
        .get(COMMERCES)
        .with(judge.admin())
        .tenant(&judge.access().tenant.to_uppercase())
        .send()
        .await
        .expect(200);
    judge.get(MINE).with(judge.admin()).send().await.expect(200);
    judge.get(ME).with(judge.admin()).send().await.expect(200);
}

#[tokio::test]
async fn a_key_knows_its_tenant() {
    let judge = judge().await;
    let (key, _) = key_with(&judge, &["MANAGE_COMMERCES", "VIEW_ACTIVITIES"]).await;
    for path in [COMMERCES, ACTIVITIES, RESULT_TYPES] {
        judge.get(path).with(&key).send().await.expect(200);
        judge
            .get(path)
            .with(&key)
            .tenant(&judge.access().tenant)
            .send()
            .await
            .expect(200);
        judge
            .get(path)
            .with(&key)
            .tenant(&judge.access().other_tenant)
            .send()
            .await
            .expect(403);
        judge
            .get(path)
            .with(&key)
            .tenant("nonsense")
            .send()
            .await
            .expect(403);
    }
}

#[tokio::test]
async fn the_integration_takes_keys_only_and_the_users_pages_take_tokens_only() {
    let judge = judge().await;
    let (key, _) = key_with(&judge, &["VIEW_ACTIVITIES"]).await;
    judge.get(RESULT_TYPES).by_admin(&judge).send().await.expect(401);
    let value = key.strip_prefix("key:").unwrap();
    judge
        .get(RESULT_TYPES)
        .with(&format!("bearer:{value}"))
        .send()
        .await
        .expect(401);
    judge.get(ME).with(&key).send().await.expect(401);
    judge.get(MINE).with(&key).send().await.expect(401);
}

#[tokio::test]
async fn what_is_almost_a_credential_is_none() {
    let judge = judge().await;
    let token = judge.admin().strip_prefix("bearer:").unwrap().to_owned();
    let signed_in = sign_in(&judge, "admin").await;
    let refresh_token = cookie(&signed_in).split_once('=').unwrap().1.to_owned();
    for value in [
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        token.clone(),
        format!("Basic {token}"),
        format!("Bearer  {token}"),
        format!("Bearer Bearer {token}"),
        format!("Bearer \"{token}\""),
        format!("Bearer {token}x"),
        format!("Bearer {}", &token[..token.len() - 1]),
        format!("Bearer {}", token.to_uppercase()),
        format!("Bearer {token}, Bearer {token}"),
        format!("Bearer {refresh_token}"),
        format!("Bearer {}", "a".repeat(10_000)),
    ] {
        let refused = judge
            .get(ME)
            .header("authorization", &value)
            .send()
            .await
            .expect(401);
        assert!(!refused.text().contains(&token));
    }
    let twice = judge
        .get(ME)
        .with(judge.admin())
        .with(judge.admin())
        .send()
        .await
        .expect(401);
    assert!(
        twice
            .header("www-authenticate")
            .contains("error=\"invalid_token\"")
    );
    judge
        .get(&format!("{ME}?access_token={token}"))
        .send()
        .await
        .expect(401);
    judge
        .get(ME)
        .header("Authorization", format!("bEARER {token}"))
        .send()
        .await
        .expect(200);

    let (key, id) = key_with(&judge, &["VIEW_ACTIVITIES"]).await;
    let key = key.strip_prefix("key:").unwrap();
    for value in [
        &key[..15],
        &key[..62],
        &key.to_uppercase(),
        &id,
        &format!("\"{key}\""),
        &format!("{key}0"),
        &token,
        "",
    ] {
        judge
            .get(RESULT_TYPES)
            .header("x-api-key", value)
            .send()
            .await
            .expect(401);
    }
    judge
        .get(&format!("{RESULT_TYPES}?x-api-key={key}"))
        .send()
        .await
        .expect(401);
    judge
        .get(RESULT_TYPES)
        .header("X-Api-Key", key)
        .send()
        .await
        .expect(200);
}

#[tokio::test]
async fn two_credentials_are_none() {
    let judge = judge().await;
    let (key, _) = key_with(&judge, &["MANAGE_COMMERCES"]).await;
    judge
        .get(COMMERCES)
        .by_admin(&judge)
        .with(&key)
        .send()
        .await
        .expect(401);
    judge
        .get(COMMERCES)
        .by_admin(&judge)
        .with("key:nonsense")
        .send()
        .await
        .expect(401);
    judge
        .get(COMMERCES)
        .with("bearer:nonsense")
        .with(&key)
        .send()
        .await
        .expect(401);
}

#[tokio::test]
async fn using_a_key_is_noted_and_a_failed_use_is_not() {
    let judge = judge().await;
    let clock = judge.server.clock();
    let (key, id) = key_with(&judge, &["VIEW_ACTIVITIES"]).await;
    let last_used = async || {
        let listed = judge.get(KEYS).by_admin(&judge).send().await.expect(200).json();
        listed[0]["lastUsedAt"].clone()
    };
    assert_eq!(last_used().await, json!(null));
    clock.set("2031-01-01T00:00:00Z".parse().unwrap());
    judge.get(RESULT_TYPES).with(&key).send().await.expect(200);
    assert!(last_used().await.as_str().unwrap().starts_with("2031-01-01"));
    clock.set("2032-01-01T00:00:00Z".parse().unwrap());
    judge
        .post(&revocation(&id))
        .by_admin(&judge)
        .send()
        .await
        .expect(200);
    judge.get(RESULT_TYPES).with(&key).send().await.expect(401);
    assert!(last_used().await.as_str().unwrap().starts_with("2031-01-01"));
}

#[tokio::test]
async fn a_signed_in_user_is_who_they_are() {
    let judge = judge().await;
    let me = judge.get(ME).with(judge.admin()).send().await.expect(200).json();
    assert_eq!(me["roles"], json!(["SUPER_ADMIN"]));
    assert_eq!(me["tenantIds"], json!([judge.access().tenant]));
    let created = ask_for_key(&judge, &json!({ "name": "n", "permissions": ["VIEW_USERS"] }))
        .await
        .json();
    assert_eq!(created["userId"], me["id"]);
    let token = access_token(&sign_in(&judge, "consultant").await);
    let mine = judge.get(MINE).with(&token).send().await.expect(200).json();
    let ids = json!([mine[0]["id"], mine[1]["id"]]);
    assert_eq!(ids, json!([judge.access().tenant, judge.access().other_tenant]));
    assert_eq!(mine[0]["slug"], "acme-corp");
}

#[tokio::test]
async fn the_journal_tells_in_which_tenant_a_user_was() {
    let judge = judge().await;
    judge.get(COMMERCES).by_admin(&judge).send().await.expect(200);
    judge.get(ME).with(judge.admin()).send().await.expect(200);
    let wrong = judge.get(COMMERCES).with(judge.admin());
    wrong
        .tenant(&judge.access().other_tenant)
        .send()
        .await
        .expect(403);
    let journal = judge.server.journal();
    let tenants = journal
        .entries()
        .iter()
        .map(|entry| &entry.principal.as_ref().unwrap().tenant);
    assert_eq!(tenants.collect::<Vec<_>>(), [&judge.access().tenant, "", ""]);
}
