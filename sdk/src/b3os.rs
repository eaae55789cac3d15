//! B3OS: keys that belong to an organization, made for a user or a service account.
//!
//! Every answer is an envelope; what was asked for is its `data`. An answer of the status 200 can therefore still lack it.

use std::fmt;

use serde_json::Value;

use crate::{
    Secret,
    config::{BaseUrl, ConfigError},
    connection::connect,
    generated::b3os::{SERVER_PATH, requests::Requests},
    transport::Session,
    vendor::{self, Told, Vendor},
};

pub use crate::generated::b3os::types;

const VENDOR: Vendor = Vendor {
    name: "b3os",
    read_refusal,
};

/// B3OS schema `ErrorResponse`: `code`, `message`, `requestId`, and `details`, a list of anything.
fn read_refusal(body: &Value) -> Told {
    let details = body.get("details").and_then(Value::as_array);
    Told {
        message: vendor::text(body, "message"),
        code: body
            .get("code")
            .and_then(Value::as_i64)
            .map(|code| code.to_string()),
        request_id: vendor::text(body, "requestId"),
        fields: details.into_iter().flatten().filter_map(detail).collect(),
    }
}

/// The introduction speaks of field-level details and shows none. A text is one; an object is where it has a `message`,
/// and its `field` is the member; nothing is made of anything else.
fn detail(detail: &Value) -> Option<(String, String)> {
    match detail {
        Value::String(message) => Some((String::new(), message.clone())),
        other => Some((
            vendor::text(other, "field").unwrap_or_default(),
            vendor::text(other, "message")?,
        )),
    }
}

/// B3OS authentication page: which organization a user's session token acts in.
const ORGANIZATION_HEADER: &str = "x-org-id";

/// What a caller proves itself with: an API key or the session token of a user, both sent as a bearer token.
#[derive(Clone, Debug)]
pub struct Credentials {
    bearer: Secret,
    organization: Option<String>,
}

impl Credentials {
    /// An API key, `b3sk_…`, or a session token.
    pub fn bearer(secret: impl Into<Secret>) -> Self {
        Self {
            bearer: secret.into(),
            organization: None,
        }
    }

    /// The organization in which a user acts, `org_…`. An API key belongs to one and needs none.
    #[must_use]
    pub fn organization(self, id: impl Into<String>) -> Self {
        Self {
            organization: Some(id.into()),
            ..self
        }
    }

    fn session(self, http: reqwest::Client) -> Result<Session, ConfigError> {
        Session::new(&VENDOR, http)
            .with_bearer(&self.bearer)?
            .with_context(ORGANIZATION_HEADER, self.organization.as_deref())
    }
}

/// Calls to the B3OS Workflow API in one caller's name. Cheap to clone: clones share their connections.
#[derive(Clone)]
pub struct Client {
    pub(crate) requests: Requests,
    pub(crate) session: Session,
}

impl Client {
    /// A client for the B3OS Workflow API at `base_url`, the host's root as in `https://api.b3os.org`.
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
