//! Reten over TCP: its documented behaviour, its refusals, and what it is assumed to do.

mod assumptions;
mod credentials;
mod hostile;
mod keys;
mod reads;
mod sessions;

use keyway_mock::Vendor;
use serde_json::{Value, json};

use crate::judge::{Answer, Ask, Judge};

const KEYS: &str = "/api/api-keys";
const ME: &str = "/api/auth/me";
const MINE: &str = "/api/tenant/mine";
const COMMERCES: &str = "/api/commerces";
const ACTIVITIES: &str = "/api/activities";
const RESULT_TYPES: &str = "/api/integration/task-result-type-configs";
const LOGIN: &str = "/api/auth/login";
const REFRESH: &str = "/api/auth/refresh";

/// The operations that ask for a permission.
const GUARDED: [(&str, &str, &str); 6] = [
    ("POST", KEYS, "MANAGE_API_KEYS"),
    ("GET", KEYS, "MANAGE_API_KEYS"),
    (
        "POST",
        "/api/api-keys/00000000-0000-4000-8000-000000000000/revoke",
        "MANAGE_API_KEYS",
    ),
    ("GET", COMMERCES, "MANAGE_COMMERCES"),
    ("GET", ACTIVITIES, "VIEW_ACTIVITIES"),
    ("GET", RESULT_TYPES, "VIEW_ACTIVITIES"),
];

async fn judge() -> Judge {
    Judge::of(Vendor::Reten).await
}

async fn assuming(setting: &str) -> Judge {
    Judge::assuming(Vendor::Reten, &[setting]).await
}

impl<'j> Ask<'j> {
    /// Names the active tenant.
    fn tenant(self, tenant: &str) -> Self {
        self.header("x-tenant-id", tenant)
    }

    /// As the admin, in the admin's tenant.
    fn by_admin(self, judge: &'j Judge) -> Self {
        self.with(judge.admin()).tenant(&judge.access().tenant)
    }

    fn by_limited(self, judge: &'j Judge) -> Self {
        self.with(judge.limited()).tenant(&judge.access().tenant)
    }

    fn by_other(self, judge: &'j Judge) -> Self {
        self.with(judge.other()).tenant(&judge.access().other_tenant)
    }
}

/// Asks for a key in the admin's name and gives the answer, whatever it is.
async fn ask_for_key(judge: &Judge, body: &Value) -> Answer {
    judge.post(KEYS).by_admin(judge).json(body).send().await
}

/// A key of the admin's with these permissions, as a credential and with its id.
async fn key_with(judge: &Judge, permissions: &[&str]) -> (String, String) {
    let answer = ask_for_key(judge, &json!({ "name": "A key", "permissions": permissions }))
        .await
        .expect(201);
    (
        credential(&answer),
        answer.json()["id"].as_str().unwrap().to_owned(),
    )
}

fn credential(answer: &Answer) -> String {
    format!("key:{}", answer.json()["plaintextKey"].as_str().unwrap())
}

fn revocation(id: &str) -> String {
    format!("{KEYS}/{id}/revoke")
}

/// Signs a ready-made user in.
async fn sign_in(judge: &Judge, username: &str) -> Answer {
    let body = json!({ "identifier": username, "password": format!("{username}-password") });
    judge.post(LOGIN).json(&body).send().await.expect(200)
}

fn access_token(answer: &Answer) -> String {
    format!("bearer:{}", answer.json()["accessToken"].as_str().unwrap())
}

/// The refresh token of an answer, as a `Cookie` header.
fn cookie(answer: &Answer) -> String {
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}
