//! Dolfin: keys that belong to a Client, Dolfin's word for the platform that is its customer.
//!
//! A key is created with [`Client::create_api_key`] and revoked with [`Client::revoke_api_key`]. No operation that lists
//! keys is documented, so keep the id of every key you create.

use std::fmt;

use serde_json::Value;

use crate::{
    Secret,
    config::{BaseUrl, ConfigError},
    connection::connect,
    generated::dolfin::{SERVER_PATH, requests::Requests},
    transport::Session,
    vendor::{self, Told, Vendor},
};

pub use crate::generated::dolfin::types;

const VENDOR: Vendor = Vendor {
    name: "dolfin",
    read_refusal,
};

/// Dolfin introduction: problem details, whose `detail` is the text for people.
fn read_refusal(body: &Value) -> Told {
    Told {
        message: vendor::text(body, "detail").or_else(|| vendor::text(body, "title")),
        code: CODE_MEMBERS
            .iter()
            .filter_map(|member| vendor::text(body, member))
            .find(|text| is_code(text)),
        ..Told::default()
    }
}

/// Where a code may stand. Dolfin's pages name codes such as `ApiKey.ExpiresAtInPast` beside a status and not the member
/// that carries them (api-reference/apikeys/create-api-key); these are the members of problem details that could, and one
/// that RFC 9457 lets a vendor add.
const CODE_MEMBERS: [&str; 4] = ["code", "title", "type", "detail"];

/// Whether a text has the form of the documented codes, `Resource.Code`; nothing else is taken for one.
fn is_code(text: &str) -> bool {
    let is_name = |name: &str| {
        name.starts_with(|first: char| first.is_ascii_uppercase())
            && name.chars().all(|letter| letter.is_ascii_alphanumeric())
    };
    text.split_once('.')
        .is_some_and(|(resource, code)| is_name(resource) && is_name(code))
}

/// Dolfin authentication guide.
const API_KEY_HEADER: &str = "x-dolfin-api-key";

/// What a caller proves itself with.
#[derive(Clone, Debug)]
pub struct Credentials {
    proof: Proof,
}

#[derive(Clone, Debug)]
enum Proof {
    Nothing,
    ApiKey(Secret),
    Bearer(Secret),
}

impl Credentials {
    /// None: for exchanging an auth code.
    pub fn anonymous() -> Self {
        Self {
            proof: Proof::Nothing,
        }
    }

    /// An API key, for calls from server to server.
    pub fn api_key(key: impl Into<Secret>) -> Self {
        Self {
            proof: Proof::ApiKey(key.into()),
        }
    }

    /// The session token of a user, which an auth code is exchanged for.
    pub fn bearer(token: impl Into<Secret>) -> Self {
        Self {
            proof: Proof::Bearer(token.into()),
        }
    }

    fn session(self, http: reqwest::Client) -> Result<Session, ConfigError> {
        let session = Session::new(&VENDOR, http);
        match &self.proof {
            Proof::Nothing => Ok(session),
            Proof::ApiKey(key) => session.with_api_key(API_KEY_HEADER, key),
            Proof::Bearer(token) => session.with_bearer(token),
        }
    }
}

/// Calls to the Dolfin API in one caller's name. Cheap to clone: clones share their connections.
#[derive(Clone)]
pub struct Client {
    pub(crate) requests: Requests,
    pub(crate) session: Session,
}

impl Client {
    /// A client for the Dolfin API at `base_url`, the host's root as in `https://api.dolfinai.co`.
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
