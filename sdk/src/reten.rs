//! Reten: keys that speak for one user in one tenant.
//!
//! Keys are managed by a signed-in user: [`Client::login`] without credentials gives an access token, and
//! [`Client::with_credentials`] makes a client that uses it in a tenant.

use std::{fmt, time::Duration};

use serde_json::Value;

use crate::{
    Options, RetryPolicy, Secret,
    client::client,
    config::ConfigError,
    credentials::{CredentialProvider, Environment, PROCESS, Source},
    generated::reten::{SERVER_PATH, requests::Requests},
    transport::Session,
    vendor::{self, Told, Vendor},
};

pub use crate::generated::reten::types;

static VENDOR: Vendor = Vendor {
    name: "reten",
    cookie: Some(REFRESH_COOKIE),
    // Reten api-keys/revoke: revoking is permanent, and a second time is refused with a 400 and changes nothing.
    repeatable_posts: &["revoke_api_key"],
    read_refusal,
};

/// Reten page getting-started: `statusCode`, `message` and `error`. No code, no id, nothing about single members. That is how
/// NestJS answers, which makes a list of `message` where there are several.
fn read_refusal(body: &Value) -> Told {
    Told {
        message: vendor::message(body, "message"),
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
    ApiKey(Source),
    Bearer(Source),
}

impl Credentials {
    /// None: for signing in.
    pub fn anonymous() -> Self {
        Self::of(Proof::Nothing)
    }

    /// An API key, `rtn_sk_…`. It belongs to one tenant, which therefore need not be named.
    pub fn api_key(key: impl Into<Secret>) -> Self {
        Self::of(Proof::ApiKey(Source::from(key)))
    }

    /// The access token of a signed-in user.
    pub fn bearer(token: impl Into<Secret>) -> Self {
        Self::of(Proof::Bearer(Source::from(token)))
    }

    /// An API key that `provider` is asked for.
    pub fn api_key_from(provider: impl CredentialProvider) -> Self {
        Self::of(Proof::ApiKey(Source::provider(provider)))
    }

    /// An access token that `provider` is asked for.
    pub fn bearer_from(provider: impl CredentialProvider) -> Self {
        Self::of(Proof::Bearer(Source::provider(provider)))
    }

    /// The API key in the environment variable `RETEN_API_KEY`, or else the access token in `RETEN_ACCESS_TOKEN`; with the
    /// tenant in `RETEN_TENANT_ID`, where that is set. The names are this crate's, not Reten's.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Variable`] if neither is set, or one cannot be what it is to be.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_environment(&PROCESS)
    }

    pub(crate) fn from_environment(environment: &Environment<'_>) -> Result<Self, ConfigError> {
        let credentials = environment.one_of(&[
            ("RETEN_API_KEY", |key| Self::api_key(key)),
            ("RETEN_ACCESS_TOKEN", |token| Self::bearer(token)),
        ])?;
        Ok(Self {
            tenant: environment.text("RETEN_TENANT_ID")?,
            ..credentials
        })
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

    fn sign(self, session: Session) -> Result<Session, ConfigError> {
        let session = match self.proof {
            Proof::Nothing => session,
            Proof::ApiKey(key) => session.with_api_key(API_KEY_HEADER, key)?,
            Proof::Bearer(token) => session.with_bearer(token)?,
        };
        session.with_context(TENANT_HEADER, self.tenant.as_deref())
    }
}

client! {
    /// Calls to the Reten API in one caller's name.
    "A client for the Reten API at `base_url`, the host's root as in `https://api.reten.ai`."
}

impl types::CreatedApiKey {
    /// The plaintext key, under whichever of its two names it came: the api-keys/create page calls it `plaintextKey`, the page
    /// getting-started/authentication `key`.
    pub fn secret(&self) -> Option<&Secret> {
        self.plaintext_key.as_ref().or(self.key.as_ref())
    }
}
