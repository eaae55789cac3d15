//! The life of a key through the generated client of each vendor.

use std::time::Duration;

use keyway::{Delivery, Error, ErrorKind, Options, PlainHttp, RetryPolicy, b3os, dolfin, reten, sinjapp};
use keyway_openapi::Vendor;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::credential::{Credential, Scheme};
use crate::session::is_without_effect;
use crate::stop::Stop;
use crate::subject::{Caller, NewKey};
use crate::wire::{self, BACK_OFF};

/// The longest wait that a rate limit is granted.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// Dolfin authentication guide.
const ORGANISATION: &str = "x-dolfin-organisation-id";

/// What the client told of a key's life.
pub(crate) struct Tale {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) life: Result<Life, String>,
}

/// What became of a key that the client made.
pub(crate) struct Life {
    pub(crate) used: Answer,
    pub(crate) revoked: Answer,
    pub(crate) after: Answer,
}

/// Why the client has no key to tell of.
pub(crate) struct Failure {
    pub(crate) reason: String,
    pub(crate) effect: Effect,
}

/// Whether a key was made all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    None,
    Unknown,
    /// One was made, and the client cannot read the answer that says so.
    Unreadable,
}

/// A result of a call, without its content.
pub(crate) struct Answer {
    pub(crate) status: Option<u16>,
    /// None: a success.
    pub(crate) kind: Option<ErrorKind>,
}

impl Answer {
    fn of<T, E>(result: &Result<T, Error<E>>) -> Self {
        match result {
            Ok(_) => Self {
                status: None,
                kind: None,
            },
            Err(error) => Self {
                status: error.status().map(|status| status.as_u16()),
                kind: Some(error.kind()),
            },
        }
    }

    /// A success whose body the client cannot read is one all the same: the key was accepted.
    pub(crate) fn is_success(&self) -> bool {
        self.kind.is_none() || self.status.is_some_and(|status| (200..300).contains(&status))
    }

    /// There was no answer that anything could be concluded from.
    pub(crate) fn is_missing(&self) -> bool {
        matches!(
            self.kind,
            Some(ErrorKind::RateLimited | ErrorKind::Timeout | ErrorKind::Transport)
        )
    }

    pub(crate) fn describe(&self) -> String {
        match (self.kind, self.status) {
            (None, _) => "the call succeeded".to_owned(),
            (Some(kind), Some(status)) => format!("the call failed with {kind:?} ({status})"),
            (Some(kind), None) => format!("the call failed with {kind:?}"),
        }
    }
}

/// Makes a key, uses it, revokes it, and uses it again.
///
/// `beside` are the headers that the read needs besides the credential.
pub(crate) async fn round_trip(
    vendor: Vendor,
    admin: &Caller,
    key: &NewKey,
    beside: &[(&'static str, String)],
) -> Result<Tale, Failure> {
    let credential = admin
        .credential
        .as_ref()
        .ok_or_else(|| unsent("nobody makes no key"))?;
    match vendor {
        Vendor::Sinjapp => with_sinjapp(admin, credential, key).await,
        Vendor::Reten => with_reten(admin, credential, key).await,
        Vendor::Dolfin => with_dolfin(admin, credential, key, beside).await,
        Vendor::B3os => with_b3os(admin, credential, key).await,
    }
}

async fn with_sinjapp(admin: &Caller, credential: &Credential, key: &NewKey) -> Result<Tale, Failure> {
    let credentials = sinjapp::Credentials::api_key(credential.expose());
    let client =
        sinjapp::Client::with_options(&admin.base_url, credentials, &plain(admin)?).map_err(unsent)?;
    let request = sinjapp::types::CreateApiKeyRequest {
        scopes: Some(vec![sinjapp::types::Scope::UsageRead]),
        expires_in_days: Some(1),
        ..sinjapp::types::CreateApiKeyRequest::new(key.name.clone())
    };
    let created = patiently(|| client.create_api_key(&request))
        .await
        .map_err(not_created)?;
    let secret = created.plain_text_key.expose_secret().to_owned();
    let id = created.data.id;
    let life = async {
        let holder = client
            .with_credentials(sinjapp::Credentials::api_key(created.plain_text_key))
            .map_err(text)?;
        Ok(Life {
            used: Answer::of(&patiently(|| holder.get_tenant_context()).await),
            revoked: Answer::of(&patiently(|| client.revoke_api_key(id)).await),
            after: Answer::of(&patiently(|| holder.get_tenant_context()).await),
        })
    };
    Ok(Tale {
        id: id.to_string(),
        secret,
        life: life.await,
    })
}

async fn with_reten(admin: &Caller, credential: &Credential, key: &NewKey) -> Result<Tale, Failure> {
    let credentials = match credential.scheme {
        Scheme::Key => reten::Credentials::api_key(credential.expose()),
        Scheme::Bearer => reten::Credentials::bearer(credential.expose()),
    };
    let credentials = match &admin.tenant {
        Some(tenant) => credentials.tenant(tenant),
        None => credentials,
    };
    let client = reten::Client::with_options(&admin.base_url, credentials, &plain(admin)?).map_err(unsent)?;
    let request = reten::types::CreateApiKeyRequest {
        name: key.name.clone(),
        permissions: key.grants.clone(),
        expires_at: None,
    };
    let (options, revoke_options) = Default::default();
    let created = patiently(|| client.create_api_key(&request, &options))
        .await
        .map_err(not_created)?;
    let secret = created.secret().cloned().ok_or_else(|| Failure {
        reason: "the answer holds no plaintext".to_owned(),
        effect: Effect::Unknown,
    })?;
    let id = created.id;
    let plaintext = secret.expose_secret().to_owned();
    let life = async {
        let holder = client
            .with_credentials(reten::Credentials::api_key(secret))
            .map_err(text)?;
        let read = || holder.list_task_result_type_configs();
        Ok(Life {
            used: Answer::of(&patiently(read).await),
            revoked: Answer::of(&patiently(|| client.revoke_api_key(&id, &revoke_options)).await),
            after: Answer::of(&patiently(read).await),
        })
    };
    Ok(Tale {
        secret: plaintext,
        life: life.await,
        id: id.to_string(),
    })
}

async fn with_dolfin(
    admin: &Caller,
    credential: &Credential,
    key: &NewKey,
    beside: &[(&'static str, String)],
) -> Result<Tale, Failure> {
    let credentials = match credential.scheme {
        Scheme::Key => dolfin::Credentials::api_key(credential.expose()),
        Scheme::Bearer => dolfin::Credentials::bearer(credential.expose()),
    };
    // The document has no such header on keys. A target that wants it gets it from the HTTP client beneath.
    let mut headers = HeaderMap::new();
    if let Some(organisation) = &admin.tenant {
        let value = HeaderValue::from_str(organisation)
            .map_err(|_| unsent("the organisation cannot be sent in a header"))?;
        headers.insert(HeaderName::from_static(ORGANISATION), value);
    }
    let http = wire::client_for(&admin.base_url, headers).map_err(|stop| unmade(&stop))?;
    let client = dolfin::Client::with_options(&admin.base_url, credentials, &over(http)).map_err(unsent)?;
    let request = dolfin::types::CreateApiKeyRequest {
        name: Some(key.name.clone()),
        expires_at: None,
    };
    let created = patiently(|| client.create_api_key(&request))
        .await
        .map_err(not_created)?;
    let id = created.id.ok_or_else(|| Failure {
        reason: "the answer holds no id".to_owned(),
        effect: Effect::Unreadable,
    })?;
    let secret = created.raw_key.expose_secret().to_owned();
    let home = created.client_id;
    let life = async {
        let http =
            wire::client_for(&admin.base_url, headers_of(beside)).map_err(|stop| stop.reason().to_owned())?;
        let credentials = dolfin::Credentials::api_key(created.raw_key);
        let holder = dolfin::Client::with_options(&admin.base_url, credentials, &over(http)).map_err(text)?;
        let read = || holder.list_client_members(&home);
        Ok(Life {
            used: Answer::of(&patiently(read).await),
            revoked: Answer::of(&patiently(|| client.revoke_api_key(&id)).await),
            after: Answer::of(&patiently(read).await),
        })
    };
    Ok(Tale {
        secret,
        life: life.await,
        id: id.to_string(),
    })
}

async fn with_b3os(admin: &Caller, credential: &Credential, key: &NewKey) -> Result<Tale, Failure> {
    let credentials = b3os::Credentials::bearer(credential.expose());
    let credentials = match &admin.tenant {
        Some(tenant) if credential.is_user_token() => credentials.organization(tenant),
        _ => credentials,
    };
    let client = b3os::Client::with_options(&admin.base_url, credentials, &plain(admin)?).map_err(unsent)?;
    let request = b3os::types::CreateApiKeyParams {
        scope: Some(b3os::types::ApiKeyScope::Read),
        ..b3os::types::CreateApiKeyParams::new(key.name.clone())
    };
    let (options, revoke_options) = Default::default();
    let created = patiently(|| client.create_api_key(&request, &options))
        .await
        .map_err(not_created)?;
    let (id, secret) = (created.data.id, created.data.key);
    let plaintext = secret.expose_secret().to_owned();
    let life = async {
        let holder = client
            .with_credentials(b3os::Credentials::bearer(secret))
            .map_err(text)?;
        let all = Default::default();
        let read = || holder.list_organizations(&all);
        Ok(Life {
            used: Answer::of(&patiently(read).await),
            revoked: Answer::of(&patiently(|| client.revoke_api_key(&id, &revoke_options)).await),
            after: Answer::of(&patiently(read).await),
        })
    };
    Ok(Tale {
        secret: plaintext,
        life: life.await,
        id: id.to_string(),
    })
}

fn headers_of(pairs: &[(&'static str, String)]) -> HeaderMap {
    pairs
        .iter()
        .filter_map(|(name, value)| Some((HeaderName::from_static(name), HeaderValue::from_str(value).ok()?)))
        .collect()
}

/// Calls again after a 429, which says that nothing was done, as long as the wait is short.
async fn patiently<T, E, F>(call: impl Fn() -> F) -> Result<T, Error<E>>
where
    F: Future<Output = Result<T, Error<E>>>,
{
    for usual in BACK_OFF {
        match call().await {
            Err(error) if error.kind() == ErrorKind::RateLimited => {
                let wait = error.retry_after().unwrap_or(usual);
                if wait > LONGEST_WAIT {
                    return Err(error);
                }
                tokio::time::sleep(wait).await;
            }
            ended => return ended,
        }
    }
    call().await
}

/// The HTTP client beneath: that of the suite, without proxies where none may be, and with a connection for each request.
fn plain(admin: &Caller) -> Result<Options, Failure> {
    let http = wire::client_for(&admin.base_url, HeaderMap::new()).map_err(|stop| unmade(&stop))?;
    Ok(over(http))
}

/// One request for each call, so that every answer is seen. Where keys may go in the clear is decided before a run begins.
fn over(http: reqwest::Client) -> Options {
    Options::new()
        .http(http)
        .retry(RetryPolicy::off())
        .plain_http(PlainHttp::Everywhere)
}

fn not_created<E>(error: Error<E>) -> Failure {
    let effect = match &error {
        unsent if unsent.delivery() == Delivery::NotSent => Effect::None,
        other
            if other
                .status()
                .is_some_and(|status| is_without_effect(status.as_u16())) =>
        {
            Effect::None
        }
        other if other.status().is_some_and(|status| status.is_success()) => Effect::Unreadable,
        _ => Effect::Unknown,
    };
    Failure {
        reason: text(error),
        effect,
    }
}

fn unsent(error: impl std::fmt::Display) -> Failure {
    Failure {
        reason: text(error),
        effect: Effect::None,
    }
}

fn unmade(stop: &Stop) -> Failure {
    unsent(stop.reason())
}

/// Errors of the client hold no body and no credential, so their words may be shown.
fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
