//! The log of requests.

use std::time::Duration;

use keyway_mock::Vendor;
use serde_json::json;

use super::{account_key, items, new_account, new_key, revoke, switch, text, use_key};
use crate::judge::Judge;

const LOG: &str = "/v1/api-keys/requests";

#[tokio::test]
async fn a_request_is_logged_with_the_answer_it_got() {
    let judge = Judge::of(Vendor::B3os).await;
    let (id, key) = new_key(&judge, judge.admin()).await;
    let ask = judge
        .get("/v1/api-keys/ak_unknown")
        .with(&key)
        .header("user-agent", "till/1.0");
    let refused = ask.send().await.expect(404).json();
    let log = items(&judge, judge.admin(), &format!("{LOG}?apiKeyId={id}")).await;
    assert_eq!(log.len(), 1);
    let entry = &log[0];
    assert_eq!(entry["requestId"], refused["requestId"]);
    assert_eq!(entry["statusCode"], 404);
    assert_eq!(entry["path"], "/v1/api-keys/ak_unknown");
    assert_eq!(entry["routePattern"], "/v1/api-keys/{id}");
    assert_eq!(
        (&entry["method"], &entry["userAgent"]),
        (&json!("GET"), &json!("till/1.0"))
    );
    assert_eq!(
        (&entry["principalType"], &entry["userId"]),
        (&json!("user"), &json!("user_mockada"))
    );
    assert!(entry.get("serviceAccountId").is_none());
}

#[tokio::test]
async fn an_entry_tells_of_its_request_whatever_happens_before_somebody_reads() {
    let judge = Judge::of(Vendor::B3os).await;
    let clock = judge.server.clock();
    clock.freeze();
    let account = new_account(&judge, "robot", &["apikey:read"]).await;
    let (id, key) = account_key(&judge, &account).await;
    let at = clock.now();
    let answer = use_key(&judge, &key).send().await.expect(200).json();
    clock.advance(Duration::from_secs(3600));
    revoke(&judge, judge.admin(), &id).await.expect(200);
    switch(&judge, &account, "disable").await.expect(200);
    let log = items(&judge, judge.admin(), &format!("{LOG}?apiKeyId={id}")).await;
    let [entry] = log.as_slice() else {
        panic!("one request was made: {log:?}")
    };
    let told = json!({
        "id": entry["id"],
        "organizationId": "org_mockharbor",
        "apiKeyId": id,
        "principalId": account,
        "principalType": "service_account",
        "serviceAccountId": account,
        "method": "GET",
        "path": "/v1/organizations",
        "routePattern": "/v1/organizations",
        "statusCode": 200,
        "durationMs": entry["durationMs"],
        "requestId": answer["requestId"],
        "clientIp": "127.0.0.1",
        "userAgent": "",
        "createdAt": at,
    });
    // As text, so that the order of the members counts.
    assert_eq!(entry.to_string(), told.to_string());
    assert!(text(&entry["id"]).starts_with("req_log_"));
    let again = items(&judge, judge.admin(), &format!("{LOG}?apiKeyId={id}")).await;
    assert_eq!(again, log);
}

#[tokio::test]
async fn a_reset_empties_the_log() {
    let judge = Judge::of(Vendor::B3os).await;
    use_key(&judge, judge.admin()).send().await.expect(200);
    judge.server.reset().await.unwrap();
    assert!(items(&judge, judge.admin(), LOG).await.is_empty());
}

#[tokio::test]
async fn the_log_is_filtered_newest_first_and_the_organizations_own() {
    let judge = Judge::of(Vendor::B3os).await;
    let account = new_account(&judge, "robot", &["apikey:read"]).await;
    let (_, key) = account_key(&judge, &account).await;
    use_key(&judge, &key).send().await.expect(200);
    judge.get(LOG).with(&key).send().await.expect(200);
    judge
        .delete("/v1/api-keys/ak_unknown")
        .with(&key)
        .send()
        .await
        .expect(403);
    use_key(&judge, judge.other()).send().await.expect(200);
    let log = items(
        &judge,
        judge.admin(),
        &format!("{LOG}?serviceAccountId={account}"),
    )
    .await;
    let seen: Vec<_> = log.iter().map(|entry| entry["statusCode"].clone()).collect();
    assert_eq!(seen, [403, 200, 200]);
    assert_eq!(log[0]["principalType"], "service_account");
    let theirs = items(&judge, judge.other(), LOG).await;
    assert_eq!(theirs.len(), 1);
    let both = items(
        &judge,
        judge.admin(),
        &format!("{LOG}?serviceAccountId={account}&apiKeyId=ak_mockadmin"),
    )
    .await;
    assert!(both.is_empty());
}

#[tokio::test]
async fn a_key_that_strays_into_path_or_user_agent_is_not_logged() {
    let judge = Judge::of(Vendor::B3os).await;
    let (_, credential) = new_key(&judge, judge.admin()).await;
    let key = credential.trim_start_matches("bearer:");
    let ask = judge
        .delete(&format!("/v1/api-keys/{key}?x={key}"))
        .with(&credential)
        .header("user-agent", key);
    let refused = ask.send().await.expect(404);
    assert!(!refused.text().contains(key));
    for path in [LOG, "/v1/api-keys"] {
        let shown = judge
            .get(path)
            .with(judge.admin())
            .send()
            .await
            .expect(200)
            .text();
        assert!(!shown.contains(key), "{path}");
    }
    let log = items(&judge, judge.admin(), LOG).await;
    let entry = log.iter().find(|entry| entry["method"] == "DELETE").unwrap();
    assert_eq!(text(&entry["path"]), "/v1/api-keys/{id}");
}

#[tokio::test]
async fn the_log_is_bounded() {
    let judge = Judge::of(Vendor::B3os).await;
    for _ in 0..1010 {
        use_key(&judge, judge.limited()).send().await;
    }
    let last = judge
        .get(&format!("{LOG}?limit=100&offset=900"))
        .with(judge.admin())
        .send()
        .await
        .expect(200)
        .json();
    assert_eq!(last["data"]["items"].as_array().unwrap().len(), 100);
    assert_eq!(last["data"]["hasMore"], false);
}
