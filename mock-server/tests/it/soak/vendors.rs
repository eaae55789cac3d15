//! How a key is made, used and revoked at each vendor.

use reqwest::RequestBuilder;
use serde_json::{Value, json};

/// What differs between the vendors; a call is written `METHOD PATH`.
pub(super) struct Dialect {
    pub(super) name: &'static str,
    pub(super) create: &'static str,
    pub(super) using: &'static str,
    pub(super) revoke: &'static str,
    key_header: &'static str,
    /// Where the answer to the create request has the key and its id.
    key: &'static str,
    id: &'static str,
}

pub(super) const VENDORS: [Dialect; 4] = [
    Dialect {
        name: "sinjapp",
        create: "POST /api/v1/api-keys",
        using: "GET /api/v1/usage",
        revoke: "DELETE /api/v1/api-keys/{id}",
        key_header: "x-api-key",
        key: "/plain_text_key",
        id: "/data/id",
    },
    Dialect {
        name: "reten",
        create: "POST /api/api-keys",
        using: "GET /api/activities",
        revoke: "POST /api/api-keys/{id}/revoke",
        key_header: "x-api-key",
        key: "/plaintextKey",
        id: "/id",
    },
    Dialect {
        name: "dolfin",
        create: "POST /api-keys",
        using: "GET /clients/c11e0000-0000-4000-8000-000000000001/members",
        revoke: "POST /api-keys/{id}/revoke",
        key_header: "x-dolfin-api-key",
        key: "/rawKey",
        id: "/id",
    },
    Dialect {
        name: "b3os",
        create: "POST /v1/api-keys",
        using: "GET /v1/organizations",
        revoke: "DELETE /v1/api-keys/{id}",
        key_header: "authorization",
        key: "/data/key",
        id: "/data/id",
    },
];

impl Dialect {
    /// What a key is asked for with.
    pub(super) fn wish(&self) -> Value {
        match self.name {
            "sinjapp" => json!({"name": "soak", "scopes": ["usage.read"]}),
            "reten" => json!({"name": "soak", "permissions": ["VIEW_ACTIVITIES"]}),
            "dolfin" => json!({"name": "soak"}),
            _ => json!({"name": "soak", "scope": "read-write"}),
        }
    }

    /// The key and its id.
    pub(super) fn read(&self, answer: &Value) -> (String, String) {
        let part = |pointer| match answer.pointer(pointer) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => panic!("{}: nothing at {pointer}", self.name),
        };
        (part(self.key), part(self.id))
    }

    /// Shows a credential, which is a bare key if it is not written KIND:VALUE.
    pub(super) fn present(
        &self,
        request: RequestBuilder,
        credential: &str,
        access: &Value,
    ) -> RequestBuilder {
        let (kind, secret) = match credential.split_once(':') {
            Some((kind @ ("bearer" | "key"), secret)) => (kind, secret),
            _ => ("key", credential),
        };
        let request = match (kind, self.key_header) {
            ("bearer", _) | (_, "authorization") => request.bearer_auth(secret),
            (_, header) => request.header(header, secret),
        };
        match self.name {
            "reten" => request.header("x-tenant-id", access["tenant"].as_str().expect("a tenant")),
            _ => request,
        }
    }
}
