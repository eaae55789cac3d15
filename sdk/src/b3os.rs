//! B3OS: keys that belong to an organization, made for a user or a service account.
//!
//! Every answer is an envelope; what was asked for is its `data`. An answer of the status 200 can therefore still lack it.

use std::{fmt, time::Duration};

use serde_json::Value;

use crate::{
    Options, RetryPolicy, Secret,
    client::client,
    config::ConfigError,
    credentials::{CredentialProvider, Environment, PROCESS, Source},
    generated::b3os::{SERVER_PATH, requests::Requests},
    transport::Session,
    vendor::{self, Told, Vendor},
};

pub use crate::generated::b3os::types;

static VENDOR: Vendor = Vendor {
    name: "b3os",
    cookie: None,
    // A key is revoked with DELETE.
    repeatable_posts: &[],
    read_refusal,
};

/// B3OS schema `ErrorResponse`: `code`, `message`, `requestId`, and `details`, a list of anything.
fn read_refusal(body: &Value) -> Told {
    let code = body.get("code");
    let fields = match body.get("details") {
        Some(Value::Array(details)) => details.iter().filter_map(detail).collect(),
        details => vendor::by_member(details),
    };
    Told {
        message: vendor::message(body, "message"),
        code: code.and_then(|code| match code {
            Value::String(code) => Some(code.clone()),
            code => code.as_i64().map(|code| code.to_string()),
        }),
        request_id: vendor::text(body, "requestId")
            .or_else(|| Some(body.get("requestId")?.as_i64()?.to_string())),
        fields,
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
    bearer: Source,
    organization: Option<String>,
}

impl Credentials {
    /// An API key, `b3sk_…`, or a session token.
    pub fn bearer(secret: impl Into<Secret>) -> Self {
        Self::of(Source::from(secret))
    }

    /// An API key or a session token that `provider` is asked for.
    pub fn bearer_from(provider: impl CredentialProvider) -> Self {
        Self::of(Source::provider(provider))
    }

    /// The API key in the environment variable `B3OS_API_KEY`, or else the session token in `B3OS_SESSION_TOKEN`; with the
    /// organization in `B3OS_ORGANIZATION_ID`, where that is set. The names are this crate's, not B3OS's.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Variable`] if neither is set, or one cannot be what it is to be.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_environment(&PROCESS)
    }

    fn from_environment(environment: &Environment<'_>) -> Result<Self, ConfigError> {
        let credentials = environment.one_of(&[
            ("B3OS_API_KEY", |key| Self::bearer(key)),
            ("B3OS_SESSION_TOKEN", |token| Self::bearer(token)),
        ])?;
        Ok(Self {
            organization: environment.text("B3OS_ORGANIZATION_ID")?,
            ..credentials
        })
    }

    fn of(bearer: Source) -> Self {
        Self {
            bearer,
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

    fn sign(self, session: Session) -> Result<Session, ConfigError> {
        session
            .with_bearer(self.bearer)?
            .with_context(ORGANIZATION_HEADER, self.organization.as_deref())
    }
}

client! {
    /// Calls to the B3OS Workflow API in one caller's name.
    "A client for the B3OS Workflow API at `base_url`, the host's root as in `https://api.b3os.org`."
}
