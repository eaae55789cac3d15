//! Sinjapp Business: keys that belong to one tenant, and the tenant is the host.
//!
//! A key is created with [`Client::create_api_key`] and revoked by its number with [`Client::revoke_api_key`]. There is no
//! operation that lists keys, so keep the id of every key you create.

use std::{fmt, time::Duration};

use serde_json::Value;

use crate::{
    Options, RetryPolicy, Secret,
    client::client,
    config::ConfigError,
    credentials::{CredentialProvider, Environment, PROCESS, Source},
    generated::sinjapp::{SERVER_PATH, requests::Requests},
    transport::Session,
    vendor::{self, Told, Vendor},
};

pub use crate::generated::sinjapp::types;

static VENDOR: Vendor = Vendor {
    name: "sinjapp",
    cookie: None,
    // A key is revoked with DELETE.
    repeatable_posts: &[],
    read_refusal,
};

/// Sinjapp errors page: `message`, and for a 422 `errors`, lists of messages by member.
fn read_refusal(body: &Value) -> Told {
    Told {
        message: vendor::message(body, "message"),
        fields: vendor::by_member(body.get("errors")),
        ..Told::default()
    }
}

/// Sinjapp authentication guide.
const API_KEY_HEADER: &str = "x-api-key";

/// What a caller proves itself with: an API key of the tenant.
#[derive(Clone, Debug)]
pub struct Credentials {
    api_key: Source,
}

impl Credentials {
    /// An API key, `tgo_…`. The first one is made in the tenant's dashboard.
    pub fn api_key(key: impl Into<Secret>) -> Self {
        Self {
            api_key: Source::from(key),
        }
    }

    /// An API key that `provider` is asked for.
    pub fn api_key_from(provider: impl CredentialProvider) -> Self {
        Self {
            api_key: Source::provider(provider),
        }
    }

    /// The API key in the environment variable `SINJAPP_API_KEY`. The name is this crate's, not Sinjapp's.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Variable`] if it is not set or cannot be a key.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_environment(&PROCESS)
    }

    fn from_environment(environment: &Environment<'_>) -> Result<Self, ConfigError> {
        environment.one_of(&[("SINJAPP_API_KEY", |key| Self::api_key(key))])
    }

    fn sign(self, session: Session) -> Result<Session, ConfigError> {
        session.with_api_key(API_KEY_HEADER, self.api_key)
    }
}

client! {
    /// Calls to the Sinjapp Business API in one caller's name.
    "A client for the Sinjapp Business API at `base_url`, the root of the tenant's host as in `https://your-tenant.sinjapp.org`."
}
