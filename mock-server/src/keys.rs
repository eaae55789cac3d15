//! Keys for tests, made through the vendor's own create operation, without a socket.

use std::fmt;

use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderName, HeaderValue};
use http::{Method, StatusCode};
use keyway_openapi::Vendor;
use serde_json::{Map, Value};

use crate::call::Request;
use crate::dialect::{Dialect as _, Making, Seeded};
use crate::dialects::with_dialect;
use crate::world::World;

/// A key to be made by the ready-made `admin`, or by `other` in its tenant.
///
/// ```
/// use keyway_mock::{MockServer, Vendor};
///
/// # #[tokio::main] async fn main() {
/// let server = MockServer::start().await;
/// let key = server.key(Vendor::Sinjapp).with("scopes", vec!["usage.read"]).create().await.unwrap();
/// assert!(key.secret().starts_with("tgo_"));
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a key is made by `create`"]
pub struct KeyBuilder<'w> {
    world: &'w World,
    seeded: &'w Seeded,
    vendor: Vendor,
    making: Option<Making>,
    maker: Maker,
    body: Map<String, Value>,
}

#[derive(Clone, Copy, Debug)]
enum Maker {
    Admin,
    Other,
}

impl<'w> KeyBuilder<'w> {
    pub(crate) fn new(world: &'w World, seeded: &'w Seeded, vendor: Vendor) -> Self {
        let mut body = Map::new();
        body.insert("name".to_owned(), Value::from("made for a test"));
        let making = with_dialect!(vendor, D => D::MAKING);
        for (member, values) in making.iter().flat_map(|making| making.demanded) {
            body.insert((*member).to_owned(), Value::from(values.to_vec()));
        }
        Self {
            world,
            seeded,
            vendor,
            making,
            maker: Maker::Admin,
            body,
        }
    }

    /// Sets a member of the vendor's own create request: `scopes`, `expires_in_days`, `permissions`, `expiresAt`, `scope` …
    pub fn with(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.body.insert(member.to_owned(), value.into());
        self
    }

    /// Makes the key in the other tenant.
    pub fn in_other_tenant(self) -> Self {
        Self {
            maker: Maker::Other,
            ..self
        }
    }

    /// Makes the key.
    ///
    /// # Errors
    /// If the vendor refuses, with its status and body; with 501 if the mock does not play its keys yet.
    pub async fn create(self) -> Result<IssuedKey, KeyRefused> {
        let Some(making) = self.making else {
            return Err(KeyRefused {
                status: StatusCode::NOT_IMPLEMENTED.as_u16(),
                body: format!("the mock does not play the keys of {} yet", self.vendor.title()),
            });
        };
        let request = self.request(&making);
        let body = request.body().clone();
        let visit = self.world.receive_unharmed(self.vendor, request, making.path);
        let (response, _) = visit.answer(Ok(body)).await;
        let body: Value = serde_json::from_slice(response.body()).unwrap_or_default();
        let text = |place| match body.pointer(place)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        let secret = making.secrets.iter().find_map(|place| text(place));
        match (text(making.id), secret) {
            (Some(id), Some(secret)) => Ok(IssuedKey { id, secret }),
            _ => Err(KeyRefused {
                status: response.status().as_u16(),
                body: body.to_string(),
            }),
        }
    }

    fn request(&self, making: &Making) -> Request {
        let (credential, tenant, host) = match self.maker {
            Maker::Admin => (&self.seeded.admin, self.seeded.tenant, None),
            Maker::Other => (
                &self.seeded.other,
                self.seeded.other_tenant,
                self.seeded.other_host,
            ),
        };
        let mut request = Request::new(Value::Object(self.body.clone()).to_string().into());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = http::Uri::from_static(making.path);
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(HOST, HeaderValue::from_static(host.unwrap_or("localhost")));
        let (name, value) = match credential.split_once(':') {
            Some(("bearer", token)) => (AUTHORIZATION, format!("Bearer {token}")),
            Some((_, key)) => (HeaderName::from_static(making.key_header), key.to_owned()),
            None => (AUTHORIZATION, String::new()),
        };
        if let Ok(mut value) = HeaderValue::from_str(&value) {
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        if let Some(name) = making.tenant_header {
            headers.insert(name, HeaderValue::from_static(tenant));
        }
        request
    }
}

/// A key that was made. `Debug` leaves the key itself out.
#[derive(Clone)]
pub struct IssuedKey {
    id: String,
    secret: String,
}

impl IssuedKey {
    pub(crate) fn new(id: &str, secret: &str) -> Self {
        Self {
            id: id.to_owned(),
            secret: secret.to_owned(),
        }
    }

    /// The id, as the vendor's revoke operation takes it.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The key itself.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.secret
    }
}

impl fmt::Debug for IssuedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IssuedKey")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// The vendor's refusal to make a key.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the vendor answered {status}: {body}")]
pub struct KeyRefused {
    /// The status of the answer.
    pub status: u16,
    /// The answer's body; a refusal holds no key.
    pub body: String,
}
