//! B3OS over TCP, every answer held against its contract.

mod accounts;
mod audit;
mod hostile;
mod keys;
mod readings;

use serde_json::{Value, json};

use crate::judge::{Answer, Ask, Judge};

/// A new key for a body: its id and the credential.
async fn made(judge: &Judge, credential: &str, body: &Value) -> (String, String) {
    let data = create(judge, credential, body).await.expect(200).json()["data"].clone();
    (text(&data["id"]), format!("bearer:{}", text(&data["key"])))
}

async fn create(judge: &Judge, credential: &str, body: &Value) -> Answer {
    judge
        .post("/v1/api-keys")
        .with(credential)
        .json(body)
        .send()
        .await
}

async fn new_key(judge: &Judge, credential: &str) -> (String, String) {
    made(
        judge,
        credential,
        &json!({ "name": "made", "scope": "read-write" }),
    )
    .await
}

/// A read that any key may do.
fn use_key<'j>(judge: &'j Judge, credential: &str) -> Ask<'j> {
    judge.get("/v1/organizations").with(credential)
}

async fn revoke(judge: &Judge, credential: &str, id: &str) -> Answer {
    judge
        .delete(&format!("/v1/api-keys/{id}"))
        .with(credential)
        .send()
        .await
}

/// A new service account with these permissions.
async fn new_account(judge: &Judge, name: &str, permissions: &[&str]) -> String {
    let body = json!({ "name": name, "permissions": permissions });
    let ask = judge.post("/v1/service-accounts").with(judge.admin()).json(&body);
    text(&ask.send().await.expect(200).json()["data"]["id"])
}

/// A read-write key of a service account.
async fn account_key(judge: &Judge, account: &str) -> (String, String) {
    let body = json!({ "name": "robot", "scope": "read-write", "serviceAccountId": account });
    made(judge, judge.admin(), &body).await
}

async fn switch(judge: &Judge, account: &str, to: &str) -> Answer {
    judge
        .post(&format!("/v1/service-accounts/{account}/{to}"))
        .with(judge.admin())
        .send()
        .await
}

/// The items of a list.
async fn items(judge: &Judge, credential: &str, path: &str) -> Vec<Value> {
    let page = judge.get(path).with(credential).send().await.expect(200).json();
    page["data"]["items"]
        .as_array()
        .unwrap_or_else(|| panic!("no items: {page}"))
        .clone()
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("no text: {value}"))
        .to_owned()
}
