//! Sinjapp over TCP: its documented behaviour, its refusals, and what it is assumed to do.

mod assumptions;
mod hostile;
mod keys;
mod messages;
mod tenancy;

use keyway_mock::Vendor;
use serde_json::{Value, json};

use crate::judge::{Answer, Judge};

/// The operations that a key may call, with the scope that the document asks for.
const OPERATIONS: [(&str, &str, &str); 10] = [
    ("GET", "/api/v1/me", ""),
    ("GET", "/api/v1/subscription", ""),
    ("POST", "/api/v1/api-keys", ""),
    ("DELETE", "/api/v1/api-keys/999", ""),
    ("GET", "/api/v1/sender-numbers", ""),
    ("POST", "/api/v1/sender-numbers", "messages.send"),
    ("GET", "/api/v1/contacts/lookup", "contacts.lookup"),
    ("GET", "/api/v1/messages", "messages.read"),
    ("POST", "/api/v1/messages", "messages.send"),
    ("GET", "/api/v1/usage", "usage.read"),
];

const KEYS: &str = "/api/v1/api-keys";
const ME: &str = "/api/v1/me";

async fn judge() -> Judge {
    Judge::of(Vendor::Sinjapp).await
}

async fn assuming(setting: &str) -> Judge {
    Judge::assuming(Vendor::Sinjapp, &[setting]).await
}

/// Asks for a key and gives the answer, whatever it is.
async fn ask_for_key(judge: &Judge, by: &str, body: &Value) -> Answer {
    judge.post(KEYS).with(by).json(body).send().await
}

/// A key of the admin's with these scopes, as a credential and with its id.
async fn key_with(judge: &Judge, scopes: &[&str]) -> (String, u64) {
    let body = json!({ "name": "A key", "scopes": scopes });
    let answer = ask_for_key(judge, judge.admin(), &body).await.expect(201);
    (credential(&answer), answer.json()["data"]["id"].as_u64().unwrap())
}

fn credential(answer: &Answer) -> String {
    format!("key:{}", answer.json()["plain_text_key"].as_str().unwrap())
}
