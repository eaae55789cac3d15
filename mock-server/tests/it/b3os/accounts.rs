//! Service accounts: their own life, and what it means for their keys.

use keyway_mock::Vendor;
use reqwest::Method;
use serde_json::{Value, json};

use super::{account_key, create, items, made, new_account, revoke, switch, text, use_key};
use crate::judge::{Answer, Judge};

async fn update(judge: &Judge, id: &str, body: &Value) -> Answer {
    let path = format!("/v1/service-accounts/{id}");
    judge
        .ask(Method::PATCH, &path)
        .with(judge.admin())
        .json(body)
        .send()
        .await
}

#[tokio::test]
async fn an_account_is_created_read_changed_and_deleted() {
    let judge = Judge::of(Vendor::B3os).await;
    let body = json!({ "name": "robot", "permissions": ["apikey:read"], "description": "reads" });
    let ask = judge.post("/v1/service-accounts").with(judge.admin()).json(&body);
    let made = ask.send().await.expect(200).json()["data"].clone();
    assert_eq!(
        (&made["status"], &made["createdBy"]),
        (&json!("active"), &json!("user_mockada"))
    );
    let id = text(&made["id"]);
    assert!(id.starts_with("sa_"));
    let get = || {
        judge
            .get(&format!("/v1/service-accounts/{id}"))
            .with(judge.limited())
            .send()
    };
    assert_eq!(get().await.expect(200).json()["data"], made);
    judge.server.clock().advance(std::time::Duration::from_secs(5));
    let changed = update(&judge, &id, &json!({ "name": "android", "permissions": [] }))
        .await
        .expect(200)
        .json();
    assert_eq!(changed["data"]["name"], "android");
    assert_eq!(changed["data"]["description"], "reads");
    assert_ne!(changed["data"]["updatedAt"], made["updatedAt"]);
    assert_eq!(changed["data"]["createdAt"], made["createdAt"]);
    assert_eq!(
        items(&judge, judge.admin(), "/v1/service-accounts").await,
        [changed["data"].clone()]
    );
    let path = format!("/v1/service-accounts/{id}");
    judge.delete(&path).with(judge.admin()).send().await.expect(200);
    get().await.expect(404);
    judge.delete(&path).with(judge.admin()).send().await.expect(404);
    assert!(
        items(&judge, judge.admin(), "/v1/service-accounts")
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn a_taken_name_is_refused_until_its_account_is_gone() {
    let judge = Judge::of(Vendor::B3os).await;
    let first = new_account(&judge, "robot", &[]).await;
    let second = new_account(&judge, "android", &[]).await;
    let body = json!({ "name": "robot", "permissions": [] });
    let again = |credential: &str| {
        judge
            .post("/v1/service-accounts")
            .with(credential)
            .json(&body)
            .send()
    };
    again(judge.admin()).await.expect(409);
    again(judge.other()).await.expect(200);
    update(&judge, &second, &body).await.expect(400);
    update(&judge, &first, &body).await.expect(200);
    judge
        .delete(&format!("/v1/service-accounts/{first}"))
        .with(judge.admin())
        .send()
        .await
        .expect(200);
    again(judge.admin()).await.expect(200);
}

#[tokio::test]
async fn of_two_creations_of_one_name_at_once_one_is_made() {
    let judge = Judge::of(Vendor::B3os).await;
    let body = json!({ "name": "robot", "permissions": [] });
    let tries = (0..8).map(|_| {
        judge
            .post("/v1/service-accounts")
            .with(judge.admin())
            .json(&body)
            .status()
    });
    let answers = futures::future::join_all(tries).await;
    assert_eq!(
        answers.iter().filter(|status| **status == 200).count(),
        1,
        "{answers:?}"
    );
}

#[tokio::test]
async fn disabling_stops_the_keys_of_an_account_and_enabling_brings_them_back() {
    let judge = Judge::of(Vendor::B3os).await;
    let account = new_account(&judge, "robot", &["apikey:read"]).await;
    let (_, key) = account_key(&judge, &account).await;
    let (revoked, dead) = account_key(&judge, &account).await;
    revoke(&judge, judge.admin(), &revoked).await.expect(200);
    use_key(&judge, &key).send().await.expect(200);
    let disabled = switch(&judge, &account, "disable").await.expect(200).json();
    assert_eq!(disabled["data"]["status"], "disabled");
    assert!(disabled["data"]["disabledAt"].is_string());
    use_key(&judge, &key).send().await.expect(401);
    use_key(&judge, judge.admin()).send().await.expect(200);
    assert_eq!(
        switch(&judge, &account, "disable").await.expect(200).json()["data"],
        disabled["data"]
    );
    let body = json!({ "name": "late", "serviceAccountId": account });
    create(&judge, judge.admin(), &body).await.expect(400);
    let enabled = switch(&judge, &account, "enable").await.expect(200).json();
    assert!(enabled["data"].get("disabledAt").is_none());
    use_key(&judge, &key).send().await.expect(200);
    // What was revoked stays revoked.
    use_key(&judge, &dead).send().await.expect(401);
}

#[tokio::test]
async fn deleting_an_account_ends_its_keys_for_good() {
    let judge = Judge::of(Vendor::B3os).await;
    let account = new_account(&judge, "robot", &["apikey:read"]).await;
    let sibling = new_account(&judge, "android", &["apikey:read"]).await;
    let (id, key) = account_key(&judge, &account).await;
    let (_, spared) = account_key(&judge, &sibling).await;
    judge
        .delete(&format!("/v1/service-accounts/{account}"))
        .with(judge.admin())
        .send()
        .await
        .expect(200);
    use_key(&judge, &key).send().await.expect(401);
    use_key(&judge, &spared).send().await.expect(200);
    let shown = judge
        .get(&format!("/v1/api-keys/{id}"))
        .with(judge.admin())
        .send()
        .await
        .expect(200)
        .json();
    assert!(shown["data"]["revokedAt"].is_string());
    assert_eq!(shown["data"]["serviceAccountId"], account);
    new_account(&judge, "robot", &[]).await;
    use_key(&judge, &key).send().await.expect(401);
}

#[tokio::test]
async fn each_permission_of_an_account_opens_exactly_its_operations() {
    let judge = Judge::of(Vendor::B3os).await;
    let operations = [
        ("apikey:read", Method::GET, "/v1/api-keys"),
        ("apikey:read", Method::GET, "/v1/api-keys/ak_mockadmin"),
        ("apikey:read", Method::GET, "/v1/api-keys/requests"),
        ("apikey:create", Method::POST, "/v1/api-keys"),
        ("apikey:revoke", Method::DELETE, "/v1/api-keys/ak_unknown"),
        ("service_account:read", Method::GET, "/v1/service-accounts"),
        (
            "service_account:read",
            Method::GET,
            "/v1/service-accounts/sa_unknown",
        ),
        ("service_account:write", Method::POST, "/v1/service-accounts"),
        (
            "service_account:write",
            Method::PATCH,
            "/v1/service-accounts/sa_unknown",
        ),
        (
            "service_account:write",
            Method::DELETE,
            "/v1/service-accounts/sa_unknown",
        ),
        (
            "service_account:write",
            Method::POST,
            "/v1/service-accounts/sa_unknown/disable",
        ),
        (
            "service_account:write",
            Method::POST,
            "/v1/service-accounts/sa_unknown/enable",
        ),
    ];
    let permissions = [
        "apikey:read",
        "apikey:create",
        "apikey:revoke",
        "service_account:read",
        "service_account:write",
        "org:read",
    ];
    for held in permissions {
        let account = new_account(&judge, held, &[held]).await;
        let (_, key) = account_key(&judge, &account).await;
        use_key(&judge, &key).send().await.expect(200);
        for (needed, method, path) in &operations {
            let body = json!({ "name": format!("by {held}"), "permissions": [] });
            let status = judge
                .ask(method.clone(), path)
                .with(&key)
                .json(&body)
                .status()
                .await;
            assert_eq!(
                status != 403,
                held == *needed,
                "{held}: {method} {path} answered {status}"
            );
        }
    }
}

#[tokio::test]
async fn an_account_cannot_hand_out_more_than_it_has() {
    let judge = Judge::of(Vendor::B3os).await;
    let strong = new_account(&judge, "strong", &["apikey:create", "apikey:revoke"]).await;
    let weak = new_account(&judge, "weak", &["apikey:create", "service_account:write"]).await;
    let (_, key) = account_key(&judge, &weak).await;
    let refused = json!({ "name": "x", "serviceAccountId": strong });
    create(&judge, &key, &refused).await.expect(403);
    let account = json!({ "name": "x", "permissions": ["apikey:revoke"] });
    let ask = judge.post("/v1/service-accounts").with(&key).json(&account);
    ask.send().await.expect(403);
    let ask = judge
        .ask(Method::PATCH, &format!("/v1/service-accounts/{weak}"))
        .with(&key)
        .json(&account);
    ask.send().await.expect(403);
    // A key that it makes without naming an account is its own.
    let (id, child) = made(&judge, &key, &json!({ "name": "child", "scope": "read-write" })).await;
    let shown = judge
        .get(&format!("/v1/api-keys/{id}"))
        .with(judge.admin())
        .send()
        .await
        .expect(200)
        .json();
    assert_eq!(shown["data"]["serviceAccountId"], weak);
    assert!(shown["data"].get("userId").is_none());
    revoke(&judge, &child, &id).await.expect(403);
    // Permissions taken away are gone at once.
    update(&judge, &weak, &json!({ "name": "weak", "permissions": [] }))
        .await
        .expect(200);
    create(&judge, &child, &json!({ "name": "y" })).await.expect(403);
}

#[tokio::test]
async fn an_account_of_another_organization_is_not_there() {
    let judge = Judge::of(Vendor::B3os).await;
    let account = new_account(&judge, "robot", &["apikey:read"]).await;
    let (_, key) = account_key(&judge, &account).await;
    let path = format!("/v1/service-accounts/{account}");
    let body = json!({ "name": "stolen", "permissions": [] });
    for (method, path) in [
        (Method::GET, path.clone()),
        (Method::PATCH, path.clone()),
        (Method::DELETE, path.clone()),
        (Method::POST, format!("{path}/disable")),
        (Method::POST, format!("{path}/enable")),
    ] {
        judge
            .ask(method, &path)
            .with(judge.other())
            .json(&body)
            .send()
            .await
            .expect(404);
    }
    create(
        &judge,
        judge.other(),
        &json!({ "name": "x", "serviceAccountId": account }),
    )
    .await
    .expect(400);
    use_key(&judge, &key).send().await.expect(200);
}

#[tokio::test]
async fn a_body_that_says_nonsense_makes_no_account() {
    let judge = Judge::of(Vendor::B3os).await;
    for body in [
        json!({ "permissions": [] }),
        json!({ "name": "x" }),
        json!({ "name": "", "permissions": [] }),
        json!({ "name": "x", "permissions": ["everything"] }),
        json!({ "name": "x", "permissions": "apikey:read" }),
        json!({ "name": "x", "permissions": null }),
    ] {
        let ask = judge.post("/v1/service-accounts").with(judge.admin()).json(&body);
        ask.send().await.expect(400);
    }
    assert!(
        items(&judge, judge.admin(), "/v1/service-accounts")
            .await
            .is_empty()
    );
}
