//! Sinjapp Business: keys that belong to one tenant, and the tenant is the host.
//!
//! A key is created with [`Client::create_api_key`] and revoked by its number with [`Client::revoke_api_key`]. There is no
//! operation that lists keys, so keep the id of every key you create.

use std::fmt;

use serde_json::Value;

use crate::{
    Secret,
    config::{BaseUrl, ConfigError},
    connection::connect,
    generated::sinjapp::{SERVER_PATH, requests::Requests},
    transport::Session,
    vendor::{self, Told, Vendor},
};

pub use crate::generated::sinjapp::types;

const VENDOR: Vendor = Vendor {
    name: "sinjapp",
    read_refusal,
};

/// Sinjapp errors page: `message`, and for a 422 `errors`, lists of messages by member.
fn read_refusal(body: &Value) -> Told {
    let members = body.get("errors").and_then(Value::as_object);
    let fields = members.into_iter().flatten().flat_map(|(member, messages)| {
        let messages = messages
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        messages.map(|message| (member.clone(), message.to_owned()))
    });
    Told {
        message: vendor::text(body, "message"),
        fields: fields.collect(),
        ..Told::default()
    }
}

/// Sinjapp authentication guide.
const API_KEY_HEADER: &str = "x-api-key";

/// What a caller proves itself with: an API key of the tenant.
#[derive(Clone, Debug)]
pub struct Credentials {
    api_key: Secret,
}

impl Credentials {
    /// An API key, `tgo_…`. The first one is made in the tenant's dashboard.
    pub fn api_key(key: impl Into<Secret>) -> Self {
        Self { api_key: key.into() }
    }

    fn session(self, http: reqwest::Client) -> Result<Session, ConfigError> {
        Session::new(&VENDOR, http).with_api_key(API_KEY_HEADER, &self.api_key)
    }
}

/// Calls to the Sinjapp Business API in one caller's name. Cheap to clone: clones share their connections.
#[derive(Clone)]
pub struct Client {
    pub(crate) requests: Requests,
    pub(crate) session: Session,
}

impl Client {
    /// A client for the Sinjapp Business API at `base_url`, the root of the tenant's host as in
    /// `https://your-tenant.sinjapp.org`.
    ///
    /// # Errors
    ///
    /// If the URL is not absolute, is neither `http` nor `https`, or has more than host and path, or if the credential
    /// cannot be a header value.
    pub fn new(base_url: &str, credentials: Credentials) -> Result<Self, ConfigError> {
        let http = connect(&BaseUrl::parse(base_url)?)?;
        Self::with_http(base_url, credentials, http)
    }

    /// [`new`](Self::new) with an HTTP client of the caller's making.
    ///
    /// It decides about timeouts, proxies and TLS. Switch its redirects off: they can carry a key to another host.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new).
    pub fn with_http(
        base_url: &str,
        credentials: Credentials,
        http: reqwest::Client,
    ) -> Result<Self, ConfigError> {
        let baseurl = BaseUrl::parse(base_url)?.with_server_path(SERVER_PATH);
        let session = credentials.session(http.clone())?;
        let requests = Requests {
            baseurl,
            client: http,
        };
        Ok(Self { requests, session })
    }

    /// The same vendor over the same connections, in another caller's name.
    ///
    /// # Errors
    ///
    /// If the credential cannot be a header value.
    pub fn with_credentials(&self, credentials: Credentials) -> Result<Self, ConfigError> {
        Ok(Self {
            session: credentials.session(self.requests.client.clone())?,
            requests: self.requests.clone(),
        })
    }
}

/// Shows where the client calls and by what header, never the credential.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.requests.baseurl)
            .field("session", &self.session)
            .finish_non_exhaustive()
    }
}
