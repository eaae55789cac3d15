//! The life of a key: made, used, listed, expired, revoked.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    COMMERCES, GUARDED, KEYS, RESULT_TYPES, access_token, ask_for_key, credential, judge, key_with,
    revocation, sign_in,
};

#[tokio::test]
async fn a_key_lives_from_its_creation_to_its_revocation() {
    let judge = judge().await;
    let asked = json!({ "name": "CI/CD Pipeline Key", "permissions": ["manage_commerces", "view_activities"],
        "expiresAt": "2100-12-31T23:59:59Z" });
    let created = ask_for_key(&judge, &asked).await.expect(201);
    assert_eq!(created.header("cache-control"), "no-store");
    let body = created.json();
    assert_eq!(body["name"], asked["name"]);
    assert_eq!(body["permissions"], asked["permissions"]);
    assert_eq!(body["expiresAt"], "2100-12-31T23:59:59.000Z");
    assert_eq!(body["tenantId"], json!(judge.access().tenant));
    assert_eq!(
        (&body["isActive"], &body["lastUsedAt"], &body["revokedAt"]),
        (&json!(true), &json!(null), &json!(null))
    );
    let secret = body["plaintextKey"].as_str().unwrap();
    assert_eq!(secret.len(), "rtn_sk_".len() + 56);
    assert_eq!(body["keyPrefix"], json!(secret[..15]));

    let key = credential(&created);
    judge.get(COMMERCES).with(&key).send().await.expect(200);
    judge.get(RESULT_TYPES).with(&key).send().await.expect(200);
    let listed = judge.get(KEYS).by_admin(&judge).send().await.expect(200);
    assert!(!listed.text().contains(secret) && !listed.text().contains("plaintextKey"));
    assert!(listed.json()[0]["lastUsedAt"].is_string());

    let path = revocation(body["id"].as_str().unwrap());
    let revoked = judge.post(&path).by_admin(&judge).send().await.expect(200);
    assert_eq!(
        revoked.json(),
        json!({ "message": "API key revoked successfully" })
    );
    for (method, path, _) in GUARDED {
        judge
            .ask(method.parse().unwrap(), path)
            .with(&key)
            .send()
            .await
            .expect(401);
    }
    let refused = judge.get(RESULT_TYPES).with(&key).send().await.expect(401).json();
    let documented =
        json!({ "statusCode": 401, "error": "Unauthorized", "message": "API key missing or invalid" });
    assert_eq!(refused, documented);
    let listed = judge.get(KEYS).by_admin(&judge).send().await.expect(200).json();
    assert_eq!(listed[0]["isActive"], json!(false));
    assert!(listed[0]["revokedAt"].is_string());
    judge.post(&path).by_admin(&judge).send().await.expect(400);
}

#[tokio::test]
async fn revoking_tells_apart_whose_key_it_is() {
    let judge = judge().await;
    let (key, id) = key_with(&judge, &["VIEW_ACTIVITIES"]).await;
    let path = revocation(&id);
    judge.post(&path).by_limited(&judge).send().await.expect(403);
    judge.post(&path).by_other(&judge).send().await.expect(403);
    let unknown = revocation("00000000-0000-4000-8000-000000000000");
    judge.post(&unknown).by_admin(&judge).send().await.expect(404);
    judge.get(RESULT_TYPES).with(&key).send().await.expect(200);
    judge
        .post(&revocation(&id.to_uppercase()))
        .by_admin(&judge)
        .send()
        .await
        .expect(200);
    judge.get(RESULT_TYPES).with(&key).send().await.expect(401);
}

#[tokio::test]
async fn a_list_holds_the_users_own_keys_newest_first() {
    let judge = judge().await;
    let (_, first) = key_with(&judge, &["VIEW_ACTIVITIES"]).await;
    let (_, second) = key_with(&judge, &["VIEW_ACTIVITIES"]).await;
    let body = json!({ "name": "Theirs", "permissions": ["view_activities"] });
    judge
        .post(KEYS)
        .by_limited(&judge)
        .json(&body)
        .send()
        .await
        .expect(201);
    judge
        .post(KEYS)
        .by_other(&judge)
        .json(&body)
        .send()
        .await
        .expect(201);
    let listed = judge.get(KEYS).by_admin(&judge).send().await.expect(200).json();
    let ids: Vec<&Value> = listed.as_array().unwrap().iter().map(|key| &key["id"]).collect();
    assert_eq!(ids, [&json!(second), &json!(first)]);
}

#[tokio::test]
async fn the_keys_of_one_user_in_two_tenants_are_apart() {
    let judge = judge().await;
    let token = access_token(&sign_in(&judge, "consultant").await);
    let (here, there) = (&judge.access().tenant, &judge.access().other_tenant);
    let body = json!({ "name": "There", "permissions": ["MANAGE_COMMERCES"] });
    let created = judge
        .post(KEYS)
        .with(&token)
        .tenant(there)
        .json(&body)
        .send()
        .await
        .expect(201);
    assert_eq!(created.json()["tenantId"], json!(there));
    let listed = judge
        .get(KEYS)
        .with(&token)
        .tenant(here)
        .send()
        .await
        .expect(200)
        .json();
    assert_eq!(listed, json!([]));
    let path = revocation(created.json()["id"].as_str().unwrap());
    judge
        .post(&path)
        .with(&token)
        .tenant(here)
        .send()
        .await
        .expect(403);
    let read = judge
        .get(COMMERCES)
        .with(&credential(&created))
        .send()
        .await
        .expect(200)
        .json();
    assert_eq!(read["meta"]["total"], json!(2));
    judge
        .post(&path)
        .with(&token)
        .tenant(there)
        .send()
        .await
        .expect(200);
}

#[tokio::test]
async fn a_permission_opens_exactly_its_operations() {
    let judge = judge().await;
    for held in [
        "MANAGE_API_KEYS",
        "MANAGE_COMMERCES",
        "VIEW_ACTIVITIES",
        "CREATE_ACTIVITY",
    ] {
        let (key, _) = key_with(&judge, &[held]).await;
        for (method, path, wanted) in GUARDED {
            let answer = judge.ask(method.parse().unwrap(), path).with(&key).send().await;
            if held == wanted {
                assert!(
                    ![401, 403].contains(&answer.status()),
                    "{held} on {method} {path}"
                );
            } else {
                let documented =
                    json!({ "statusCode": 403, "error": "Forbidden", "message": "Insufficient permissions" });
                assert_eq!(answer.expect(403).json(), documented);
            }
        }
    }
    let viewer = access_token(&sign_in(&judge, "viewer").await);
    for (method, path, wanted) in GUARDED {
        let ask = judge
            .ask(method.parse().unwrap(), path)
            .with(&viewer)
            .tenant(&judge.access().tenant);
        let expected = match (path, wanted) {
            (RESULT_TYPES, _) => 401,
            (_, "VIEW_ACTIVITIES") => 200,
            _ => 403,
        };
        assert_eq!(ask.status().await, expected, "{method} {path}");
    }
}

#[tokio::test]
async fn nobody_grants_what_they_do_not_hold() {
    let judge = judge().await;
    let ask = async |permissions: &[&str]| {
        let body = json!({ "name": "More", "permissions": permissions });
        judge.post(KEYS).by_limited(&judge).json(&body).status().await
    };
    assert_eq!(ask(&["manage_commerces"]).await, 403);
    assert_eq!(ask(&["view_activities", "CREATE_USER"]).await, 403);
    assert_eq!(ask(&["view_activities", "MANAGE_API_KEYS"]).await, 201);
    let listed = judge.get(KEYS).by_limited(&judge).send().await.expect(200).json();
    assert_eq!(listed.as_array().unwrap().len(), 1);
    let (key, _) = key_with(&judge, &["MANAGE_API_KEYS"]).await;
    let body = json!({ "name": "More", "permissions": ["MANAGE_COMMERCES"] });
    judge.post(KEYS).with(&key).json(&body).send().await.expect(403);
}

#[tokio::test]
async fn invalid_inputs_are_refused_and_make_no_key() {
    let judge = judge().await;
    for body in [
        json!({}),
        json!([]),
        json!(null),
        json!({ "name": "n" }),
        json!({ "permissions": ["VIEW_USERS"] }),
        json!({ "name": "", "permissions": ["VIEW_USERS"] }),
        json!({ "name": "n".repeat(256), "permissions": ["VIEW_USERS"] }),
        json!({ "name": 1, "permissions": ["VIEW_USERS"] }),
        json!({ "name": "n", "permissions": [] }),
        json!({ "name": "n", "permissions": "VIEW_USERS" }),
        json!({ "name": "n", "permissions": ["VIEW_USERS", "BE_ROOT"] }),
        json!({ "name": "n", "permissions": ["View_Users"] }),
        json!({ "name": "n", "permissions": [""] }),
        json!({ "name": "n", "permissions": ["VIEW_USERS"], "expiresAt": "tomorrow" }),
        json!({ "name": "n", "permissions": ["VIEW_USERS"], "expiresAt": "2030-01-01" }),
        json!({ "name": "n", "permissions": ["VIEW_USERS"], "expiresAt": 1_900_000_000 }),
        json!({ "name": "n", "permissions": ["VIEW_USERS"], "expiresAt": "9999-12-31T23:59:59-23:59" }),
    ] {
        let refused = ask_for_key(&judge, &body).await.expect(400).json();
        assert_eq!(refused["message"], "Validation failed");
        assert_eq!(refused["error"], "Bad Request");
    }
    judge
        .post(KEYS)
        .by_admin(&judge)
        .body("application/json", "{")
        .send()
        .await
        .expect(400);
    judge
        .post(KEYS)
        .by_admin(&judge)
        .body("text/plain", "x")
        .send()
        .await
        .expect(415);
    judge.post(KEYS).by_admin(&judge).send().await.expect(400);
    let longest = json!({ "name": "é".repeat(255), "permissions": ["VIEW_USERS"] });
    ask_for_key(&judge, &longest).await.expect(201);
    let listed = judge.get(KEYS).by_admin(&judge).send().await.expect(200).json();
    assert_eq!(listed.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_expiry_is_an_instant_however_it_is_written() {
    let judge = judge().await;
    judge.server.clock().set("2030-01-01T00:00:00Z".parse().unwrap());
    for (written, echoed) in [
        ("2030-01-01T01:00:00Z", "2030-01-01T01:00:00.000Z"),
        ("2030-01-01T03:00:00.5+02:00", "2030-01-01T01:00:00.500Z"),
        ("2029-12-31T20:00:00.123456789-05:00", "2030-01-01T01:00:00.123Z"),
    ] {
        let asked = json!({ "name": "n", "permissions": ["VIEW_ACTIVITIES"], "expiresAt": written });
        let created = ask_for_key(&judge, &asked).await.expect(201);
        assert_eq!(created.json()["expiresAt"], echoed);
        let key = credential(&created);
        judge.get(RESULT_TYPES).with(&key).send().await.expect(200);
        judge.server.clock().advance(Duration::from_secs(2 * 3600));
        judge.get(RESULT_TYPES).with(&key).send().await.expect(401);
        judge.server.clock().set("2030-01-01T00:00:00Z".parse().unwrap());
    }
    let (eternal, _) = key_with(&judge, &["VIEW_ACTIVITIES"]).await;
    judge
        .server
        .clock()
        .advance(Duration::from_secs(100 * 365 * 86_400));
    judge.get(RESULT_TYPES).with(&eternal).send().await.expect(200);
    judge.get(KEYS).by_admin(&judge).send().await.expect(200);
}

#[tokio::test]
async fn a_key_may_manage_keys_of_its_user_if_it_holds_the_permission() {
    let judge = judge().await;
    let (key, id) = key_with(&judge, &["MANAGE_API_KEYS", "VIEW_ACTIVITIES"]).await;
    let body = json!({ "name": "Child", "permissions": ["VIEW_ACTIVITIES"] });
    let child = judge.post(KEYS).with(&key).json(&body).send().await.expect(201);
    judge
        .get(RESULT_TYPES)
        .with(&credential(&child))
        .send()
        .await
        .expect(200);
    let listed = judge.get(KEYS).with(&key).send().await.expect(200).json();
    assert_eq!(listed.as_array().unwrap().len(), 2);
    judge.post(&revocation(&id)).with(&key).send().await.expect(200);
    judge.get(KEYS).with(&key).send().await.expect(401);
    judge
        .get(RESULT_TYPES)
        .with(&credential(&child))
        .send()
        .await
        .expect(200);
}

#[tokio::test]
async fn what_the_client_has_no_say_in_is_ignored() {
    let judge = judge().await;
    let asked = json!({ "name": "n", "permissions": ["VIEW_USERS"], "id": "x", "userId": "x", "isActive": false,
        "tenantId": judge.access().other_tenant, "plaintextKey": "rtn_sk_mine" });
    let created = ask_for_key(&judge, &asked).await.expect(201);
    assert_eq!(created.json()["tenantId"], json!(judge.access().tenant));
    assert_eq!(created.json()["isActive"], json!(true));
    assert!(!created.text().contains("rtn_sk_mine"));
}
