//! Reten: keys that speak for one user in one tenant.
//!
//! Keys are managed by a signed-in user: [`Client::login`] without credentials gives an access token, and
//! [`Client::with_credentials`] makes a client that uses it in a tenant.

use std::fmt;

use serde_json::Value;

use crate::{
    Secret,
    config::{BaseUrl, ConfigError},
    connection::connect,
    cookie::SessionCookie,
    generated::reten::{SERVER_PATH, requests::Requests},
    transport::Session,
    vendor::{self, Told, Vendor},
};

pub use crate::generated::reten::types;

const VENDOR: Vendor = Vendor {
    name: "reten",
    read_refusal,
};

/// Reten page getting-started: `statusCode`, `message` and `error`. No code, no id, nothing about single members.
fn read_refusal(body: &Value) -> Told {
    Told {
        message: vendor::text(body, "message"),
        ..Told::default()
    }
}

/// Reten getting-started page, table of common headers.
const API_KEY_HEADER: &str = "x-api-key";

/// Reten getting-started page, table of common headers.
const TENANT_HEADER: &str = "x-tenant-id";

/// Reten authentication/login page.
const REFRESH_COOKIE: &str = "refreshToken";

/// What a caller proves itself with.
#[derive(Clone, Debug)]
pub struct Credentials {
    proof: Proof,
    tenant: Option<String>,
}

#[derive(Clone, Debug)]
enum Proof {
    Nothing,
    ApiKey(Secret),
    Bearer(Secret),
}

impl Credentials {
    /// None: for signing in.
    pub fn anonymous() -> Self {
        Self::of(Proof::Nothing)
    }

    /// An API key, `rtn_sk_…`. It belongs to one tenant, which therefore need not be named.
    pub fn api_key(key: impl Into<Secret>) -> Self {
        Self::of(Proof::ApiKey(key.into()))
    }

    /// The access token of a signed-in user.
    pub fn bearer(token: impl Into<Secret>) -> Self {
        Self::of(Proof::Bearer(token.into()))
    }

    /// The tenant in which the user acts, by its UUID. Calls that are about a tenant need it; a call that names a tenant of
    /// its own overrides it.
    #[must_use]
    pub fn tenant(self, id: impl Into<String>) -> Self {
        Self {
            tenant: Some(id.into()),
            ..self
        }
    }

    fn of(proof: Proof) -> Self {
        Self { proof, tenant: None }
    }

    fn session(self, http: reqwest::Client) -> Result<Session, ConfigError> {
        let session = Session::new(&VENDOR, http);
        let session = match &self.proof {
            Proof::Nothing => session,
            Proof::ApiKey(key) => session.with_api_key(API_KEY_HEADER, key)?,
            Proof::Bearer(token) => session.with_bearer(token)?,
        };
        session.with_context(TENANT_HEADER, self.tenant.as_deref())
    }
}

/// Calls to the Reten API in one caller's name. Cheap to clone: clones share their connections
/// and the refresh token that signing in brings.
#[derive(Clone)]
pub struct Client {
    pub(crate) requests: Requests,
    pub(crate) session: Session,
    cookie: SessionCookie,
}

impl Client {
    /// A client for the Reten API at `base_url`, the host's root as in `https://api.reten.ai`.
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
        let cookie = SessionCookie::new(REFRESH_COOKIE);
        let session = credentials.session(http.clone())?.with_cookie(cookie.clone());
        let requests = Requests {
            baseurl,
            client: http,
        };
        Ok(Self {
            requests,
            session,
            cookie,
        })
    }

    /// The same vendor over the same connections, in another caller's name. The refresh token, which Reten keeps in a cookie,
    /// is shared, so [`refresh`](Self::refresh) works from here on.
    ///
    /// # Errors
    ///
    /// If the credential cannot be a header value.
    pub fn with_credentials(&self, credentials: Credentials) -> Result<Self, ConfigError> {
        let cookie = self.cookie.clone();
        let session = credentials.session(self.requests.client.clone())?;
        Ok(Self {
            session: session.with_cookie(cookie.clone()),
            requests: self.requests.clone(),
            cookie,
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

impl types::CreatedApiKey {
    /// The plaintext key, under whichever of its two names it came: the api-keys/create page calls it `plaintextKey`, the page
    /// getting-started/authentication `key`.
    pub fn secret(&self) -> Option<&Secret> {
        self.plaintext_key.as_ref().or(self.key.as_ref())
    }
}
