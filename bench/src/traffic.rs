//! What is asked of each vendor: to create a key, to read with one, and to revoke one.

use anyhow::Context as _;
use serde::Serialize;
use serde_json::{Value, json};

use crate::load::{self, Answer, Asked};

/// The vendors, as the mock names them.
pub(crate) const VENDORS: [&str; 4] = ["sinjapp", "reten", "dolfin", "b3os"];

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Create,
    Read,
    Revoke,
}

impl Operation {
    pub(crate) const ALL: [Self; 3] = [Self::Create, Self::Read, Self::Revoke];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Read => "read",
            Self::Revoke => "revoke",
        }
    }
}

/// What the floor is to answer to a method and a path; a segment in braces stands for any.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Canned {
    method: String,
    path: String,
    pub(crate) status: u16,
    media_type: String,
    body: String,
}

/// How a mock of one vendor is spoken to.
#[derive(Clone, Debug)]
pub(crate) struct Traffic {
    vendor: &'static str,
    address: String,
    /// The headers that the keeper of keys sends, each with its line end.
    keeper: String,
    tenant: String,
    /// A path that any key may read.
    read: String,
}

impl Traffic {
    /// From what the mock says when it is ready.
    pub(crate) fn with(vendor: &'static str, said: &Value) -> anyhow::Result<Self> {
        let address = said["listen"]
            .as_str()
            .context("the mock does not say where it listens")?;
        let access = &said["vendors"][vendor];
        let credential = access["credentials"]["admin"]
            .as_str()
            .context("the mock gives out no credential")?;
        let (_, secret) = credential.split_once(':').unwrap_or(("", credential));
        let tenant = access["tenant"].as_str().unwrap_or_default();
        let (keeper, read) = match vendor {
            "sinjapp" => (key_header(vendor, secret), "/api/v1/me".to_owned()),
            "reten" => (
                format!("authorization: Bearer {secret}\r\nx-tenant-id: {tenant}\r\n"),
                "/api/commerces".to_owned(),
            ),
            "dolfin" => (key_header(vendor, secret), format!("/clients/{tenant}/members")),
            _ => (key_header(vendor, secret), "/v1/organizations".to_owned()),
        };
        Ok(Self {
            vendor,
            address: address.to_owned(),
            keeper,
            tenant: tenant.to_owned(),
            read,
        })
    }

    pub(crate) fn tenant(&self) -> &str {
        &self.tenant
    }

    /// The request of an operation, for as many times as it is to be sent.
    pub(crate) fn asked(&self, operation: Operation, times: usize) -> anyhow::Result<Asked> {
        match operation {
            Operation::Create => Ok(Asked::Again(self.create())),
            Operation::Read => Ok(Asked::Again(self.request(
                "GET",
                &self.read,
                &self.holder()?,
                None,
            ))),
            Operation::Revoke => {
                let ids = load::collect(
                    &self.address,
                    &Asked::Again(self.create()),
                    times,
                    16,
                    self.created(),
                    id_in,
                )?;
                Ok(Asked::Once(ids.iter().map(|id| self.revoke(id)).collect()))
            }
        }
    }

    /// What an operation is answered, for the floor to answer the same.
    pub(crate) fn canned(&self, operation: Operation) -> anyhow::Result<Canned> {
        let asked = self.asked(operation, 1)?;
        let request = match &asked {
            Asked::Again(request) => request,
            Asked::Once(requests) => requests.first().context("there is no key to revoke")?,
        };
        let Answer {
            status,
            media_type,
            body,
        } = load::ask(&self.address, request)?;
        // The floor is told its answers in a file, and no file ever holds a key. As many other letters do as well.
        let body = match secret_in(body.as_bytes()) {
            Some(secret) => body.replace(&secret, &"x".repeat(secret.len())),
            None => body,
        };
        let (method, path) = match operation {
            Operation::Create => ("POST", self.keys()),
            Operation::Read => ("GET", self.read.clone()),
            Operation::Revoke => self.revoke_of("{id}"),
        };
        Ok(Canned {
            method: method.to_owned(),
            path,
            status,
            media_type,
            body,
        })
    }

    fn create(&self) -> Vec<u8> {
        let body = match self.vendor {
            "sinjapp" => json!({"name": "bench", "scopes": ["messages.read"], "expires_in_days": 30}),
            "reten" => json!({"name": "bench", "permissions": ["manage_commerces"]}),
            "dolfin" => json!({"name": "bench", "expiresAt": "2099-01-01T00:00:00Z"}),
            _ => json!({"name": "bench", "scope": "read"}),
        };
        self.request("POST", &self.keys(), &self.keeper, Some(&body))
    }

    fn created(&self) -> u16 {
        match self.vendor {
            "b3os" => 200,
            _ => 201,
        }
    }

    fn revoke(&self, id: &str) -> Vec<u8> {
        let (method, path) = self.revoke_of(id);
        self.request(method, &path, &self.keeper, None)
    }

    fn revoke_of(&self, id: &str) -> (&'static str, String) {
        let keys = self.keys();
        match self.vendor {
            "sinjapp" | "b3os" => ("DELETE", format!("{keys}/{id}")),
            _ => ("POST", format!("{keys}/{id}/revoke")),
        }
    }

    fn keys(&self) -> String {
        let path = match self.vendor {
            "sinjapp" => "/api/v1/api-keys",
            "reten" => "/api/api-keys",
            "dolfin" => "/api-keys",
            _ => "/v1/api-keys",
        };
        path.to_owned()
    }

    /// The headers of somebody who holds a key that was made for it.
    fn holder(&self) -> anyhow::Result<String> {
        let answer = load::ask(&self.address, &self.create())?;
        let secret = secret_in(answer.body.as_bytes())
            .with_context(|| format!("a create was answered {} without a key", answer.status))?;
        Ok(key_header(self.vendor, &secret))
    }

    fn request(&self, method: &str, path: &str, headers: &str, body: Option<&Value>) -> Vec<u8> {
        let mut request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\naccept: application/json\r\n{headers}",
            self.address
        );
        match body {
            Some(body) => {
                let body = body.to_string();
                request.push_str(&format!(
                    "content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
                    body.len()
                ));
            }
            None if method == "POST" => request.push_str("content-length: 0\r\n\r\n"),
            None => request.push_str("\r\n"),
        }
        request.into_bytes()
    }
}

fn key_header(vendor: &str, secret: &str) -> String {
    match vendor {
        "sinjapp" | "reten" => format!("x-api-key: {secret}\r\n"),
        "dolfin" => format!("x-dolfin-api-key: {secret}\r\n"),
        _ => format!("authorization: Bearer {secret}\r\n"),
    }
}

/// The id in the answer to a create.
fn id_in(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    match body.get("id").or_else(|| body.get("data")?.get("id"))? {
        Value::String(id) => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

/// The plaintext key in the answer to a create, under whatever name the vendor gives it.
fn secret_in(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    ["plain_text_key", "plaintextKey", "key", "rawKey"]
        .iter()
        .find_map(|name| body.get(name).or_else(|| body.get("data")?.get(name)))
        .and_then(Value::as_str)
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_and_the_key_are_found_under_every_vendors_names() {
        for (body, id, secret) in [
            (
                json!({"data": {"id": 7}, "plain_text_key": "tgo_a"}),
                "7",
                "tgo_a",
            ),
            (json!({"id": "u", "plaintextKey": "rtn_sk_a"}), "u", "rtn_sk_a"),
            (json!({"id": "u", "rawKey": "dol_a"}), "u", "dol_a"),
            (
                json!({"code": 200, "data": {"id": "ak_1", "key": "b3sk_a"}}),
                "ak_1",
                "b3sk_a",
            ),
        ] {
            let body = body.to_string();
            assert_eq!(id_in(body.as_bytes()).as_deref(), Some(id), "{body}");
            assert_eq!(secret_in(body.as_bytes()).as_deref(), Some(secret), "{body}");
        }
    }
}
