//! Dolfin: keys that belong to a Client, Dolfin's word for the platform that is its customer.
//!
//! A key is created with [`Client::create_api_key`] and revoked with [`Client::revoke_api_key`]. No operation that lists
//! keys is documented, so keep the id of every key you create.

use std::{fmt, time::Duration};

use serde_json::Value;

use crate::{
    Options, RetryPolicy, Secret,
    client::client,
    config::ConfigError,
    credentials::{CredentialProvider, Environment, PROCESS, Source},
    generated::dolfin::{SERVER_PATH, requests::Requests},
    transport::Session,
    vendor::{self, Told, Vendor},
};

pub use crate::generated::dolfin::types;

static VENDOR: Vendor = Vendor {
    name: "dolfin",
    cookie: None,
    // Revoking ends a key for good (api-reference/apikeys/revoke-api-key). What a second time is answered with is not
    // documented; there is nothing that it could do.
    repeatable_posts: &["revoke_api_key"],
    read_refusal,
};

/// Dolfin introduction: problem details, whose `detail` is the text for people. In those of .NET there are also `errors`, by
/// member, and a `traceId`.
fn read_refusal(body: &Value) -> Told {
    Told {
        message: vendor::text(body, "detail").or_else(|| vendor::text(body, "title")),
        code: CODE_MEMBERS
            .iter()
            .filter_map(|member| vendor::text(body, member))
            .find(|text| is_code(text)),
        request_id: vendor::text(body, "traceId"),
        fields: vendor::by_member(body.get("errors")),
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
    ApiKey(Source),
    Bearer(Source),
}

impl Credentials {
    /// None: for exchanging an auth code.
    pub fn anonymous() -> Self {
        Self::of(Proof::Nothing)
    }

    /// An API key, for calls from server to server.
    pub fn api_key(key: impl Into<Secret>) -> Self {
        Self::of(Proof::ApiKey(Source::from(key)))
    }

    /// The session token of a user, which an auth code is exchanged for.
    pub fn bearer(token: impl Into<Secret>) -> Self {
        Self::of(Proof::Bearer(Source::from(token)))
    }

    /// An API key that `provider` is asked for.
    pub fn api_key_from(provider: impl CredentialProvider) -> Self {
        Self::of(Proof::ApiKey(Source::provider(provider)))
    }

    /// A session token that `provider` is asked for.
    pub fn bearer_from(provider: impl CredentialProvider) -> Self {
        Self::of(Proof::Bearer(Source::provider(provider)))
    }

    /// The API key in the environment variable `DOLFIN_API_KEY`, or else the session token in `DOLFIN_SESSION_TOKEN`. The
    /// names are this crate's, not Dolfin's.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Variable`] if neither is set, or one cannot be what it is to be.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_environment(&PROCESS)
    }

    fn from_environment(environment: &Environment<'_>) -> Result<Self, ConfigError> {
        environment.one_of(&[
            ("DOLFIN_API_KEY", |key| Self::api_key(key)),
            ("DOLFIN_SESSION_TOKEN", |token| Self::bearer(token)),
        ])
    }

    fn of(proof: Proof) -> Self {
        Self { proof }
    }

    fn sign(self, session: Session) -> Result<Session, ConfigError> {
        match self.proof {
            Proof::Nothing => Ok(session),
            Proof::ApiKey(key) => session.with_api_key(API_KEY_HEADER, key),
            Proof::Bearer(token) => session.with_bearer(token),
        }
    }
}

client! {
    /// Calls to the Dolfin API in one caller's name.
    "A client for the Dolfin API at `base_url`, the host's root as in `https://api.dolfinai.co`."
}
