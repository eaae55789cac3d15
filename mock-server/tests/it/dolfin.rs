//! Dolfin over TCP, every answer held against its contract.

mod hostile;
mod keys;
mod readings;
mod reads;
mod sign_in;

use serde_json::{Value, json};

use crate::judge::{Answer, Ask, Judge};

// The ids of the ready-made records, as the dialect's fixtures document them.
const FJORD: &str = "c11e0000-0000-4000-8000-000000000001";
const SANDBAR: &str = "c11e0000-0000-4000-8000-000000000002";
const BAKERY: &str = "09a00000-0000-4000-8000-000000000001";
const CYCLES: &str = "09a00000-0000-4000-8000-000000000002";
const BOOKS: &str = "09a00000-0000-4000-8000-000000000003";
const MIA: &str = "05e40000-0000-4000-8000-000000000001";
const ADA: &str = "05e40000-0000-4000-8000-000000000002";
const OLLE: &str = "05e40000-0000-4000-8000-000000000003";
const EVE: &str = "05e40000-0000-4000-8000-000000000004";
const SAM: &str = "05e40000-0000-4000-8000-000000000005";
const CREDITED: &str = "50990000-0000-4000-8000-000000000001";
const UNCREDITED: &str = "50990000-0000-4000-8000-000000000002";
const NOBODY: &str = "ffffffff-ffff-4fff-8fff-ffffffffffff";

/// A new key of the credential's Client: its id and the credential.
async fn new_key(judge: &Judge, credential: &str) -> (String, String) {
    let made = judge
        .post("/api-keys")
        .with(credential)
        .json(&json!({ "name": "made" }))
        .send()
        .await;
    let made = made.expect(201).json();
    (text(&made["id"]), format!("key:{}", text(&made["rawKey"])))
}

/// A read that any key of Fjord may do.
fn use_key<'j>(judge: &'j Judge, credential: &str) -> Ask<'j> {
    judge.get(&format!("/clients/{FJORD}/members")).with(credential)
}

async fn revoke(judge: &Judge, credential: &str, id: &str) -> Answer {
    judge
        .post(&format!("/api-keys/{id}/revoke"))
        .with(credential)
        .send()
        .await
}

/// A session of a user, bought with a code that the credential's Client asked for.
async fn sign_in(judge: &Judge, credential: &str, user: &str) -> String {
    let code = new_code(judge, credential, user).await;
    let session = exchange(judge, &code).await.expect(200).json();
    format!("bearer:{}", text(&session["token"]))
}

async fn new_code(judge: &Judge, credential: &str, user: &str) -> String {
    let made = judge
        .post("/auth/codes")
        .with(credential)
        .json(&json!({ "userId": user }))
        .send()
        .await;
    text(&made.expect(201).json()["code"])
}

async fn exchange(judge: &Judge, code: &str) -> Answer {
    judge
        .post("/auth/exchange")
        .json(&json!({ "code": code }))
        .send()
        .await
}

fn of<'a>(ask: Ask<'a>, organisation: &str) -> Ask<'a> {
    ask.header("x-dolfin-organisation-id", organisation)
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("no text: {value}"))
        .to_owned()
}
