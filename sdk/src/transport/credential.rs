//! The credential of a session as a header: fixed, or had from a provider and kept until a vendor refuses it.

use std::{fmt, sync::Arc};

use http::{HeaderName, HeaderValue, header, header::Entry};
use tokio::sync::Mutex;
use zeroize::Zeroizing;

use crate::{
    Secret,
    config::ConfigError,
    credentials::{CredentialProvider, Occasion, Source},
};

/// How a credential is written into a request.
#[derive(Clone, Debug)]
pub(crate) enum Form {
    /// In a header, after a prefix such as `Bearer `.
    Header(HeaderName, &'static str),
    /// In the query, under a name.
    #[allow(
        dead_code,
        reason = "no vendor of this crate wants one there; documents of others do"
    )]
    Query(&'static str),
}

impl Form {
    /// What stands before the credential in its place.
    fn prefix(&self) -> &'static str {
        match self {
            Self::Header(_, prefix) => prefix,
            Self::Query(_) => "",
        }
    }

    /// The secret as it is written there.
    pub(super) fn value(&self, secret: &Secret) -> Result<HeaderValue, ConfigError> {
        sensitive(self.prefix(), secret)
    }

    /// Writes it, also over what is there.
    pub(super) fn write(&self, request: &mut reqwest::Request, value: &HeaderValue) {
        match self {
            Self::Header(name, _) => {
                request.headers_mut().insert(name, value.clone());
            }
            Self::Query(name) => write_query(request, name, value),
        }
    }

    /// Writes it where nothing is there: what the call itself says takes precedence. Cookies stand side by side.
    pub(super) fn write_beside(&self, request: &mut reqwest::Request, value: &HeaderValue) {
        match self {
            Self::Header(name, _) => match request.headers_mut().entry(name) {
                Entry::Vacant(entry) => {
                    entry.insert(value.clone());
                }
                Entry::Occupied(mut entry) if name == header::COOKIE => {
                    if let Some(both) = joined(entry.get(), value) {
                        entry.insert(both);
                    }
                }
                Entry::Occupied(_) => {}
            },
            Self::Query(name) => write_query(request, name, value),
        }
    }

    /// The name of the place.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Header(name, _) => name.as_str(),
            Self::Query(name) => name,
        }
    }
}

fn write_query(request: &mut reqwest::Request, name: &str, value: &HeaderValue) {
    if let Ok(value) = value.to_str() {
        request.url_mut().query_pairs_mut().append_pair(name, value);
    }
}

fn joined(there: &HeaderValue, more: &HeaderValue) -> Option<HeaderValue> {
    let text = Zeroizing::new([there.as_bytes(), b"; ", more.as_bytes()].concat());
    let mut both = HeaderValue::from_bytes(&text).ok()?;
    both.set_sensitive(true);
    Some(both)
}

/// What a session proves itself with. Clones share what a provider gave.
#[derive(Clone)]
pub(super) enum Credential {
    Fixed(Form, HeaderValue),
    Provided(Arc<Provided>),
}

pub(super) struct Provided {
    form: Form,
    provider: Arc<dyn CredentialProvider>,
    held: Mutex<Option<Held>>,
}

/// A credential that a provider gave.
#[derive(Clone)]
pub(super) struct Held {
    pub(super) value: HeaderValue,
    /// How many times the provider had been asked, this one included.
    asked: u64,
}

/// What a provider, or the vetting of what it gave, says.
pub(super) type Trouble = Box<dyn std::error::Error + Send + Sync>;

impl Credential {
    pub(super) fn new(form: Form, source: Source) -> Result<Self, ConfigError> {
        Ok(match source {
            Source::Secret(secret) => {
                let value = form.value(&secret)?;
                Self::Fixed(form, value)
            }
            Source::Provider(provider) => Self::Provided(Arc::new(Provided {
                form,
                provider,
                held: Mutex::default(),
            })),
        })
    }

    pub(super) fn form(&self) -> &Form {
        match self {
            Self::Fixed(form, _) => form,
            Self::Provided(provided) => &provided.form,
        }
    }
}

impl Provided {
    /// The credential to use. The provider is asked if it never was.
    pub(super) async fn current(&self) -> Result<Held, Trouble> {
        let mut held = self.held.lock().await;
        if let Some(held) = &*held {
            return Ok(held.clone());
        }
        let first = self.ask(Occasion::FirstUse, 1).await?;
        *held = Some(first.clone());
        Ok(first)
    }

    /// The credential to use instead of one that the vendor refused; `None` if there is no other.
    ///
    /// Whoever comes while another one asks waits, and takes what that one got.
    pub(super) async fn instead_of(&self, refused: &Held) -> Result<Option<Held>, Trouble> {
        let mut held = self.held.lock().await;
        let newest = match &*held {
            Some(newest) if newest.asked > refused.asked => newest.clone(),
            _ => {
                let newest = self.ask(Occasion::Refused, refused.asked + 1).await?;
                held.insert(newest).clone()
            }
        };
        Ok((newest.value != refused.value).then_some(newest))
    }

    async fn ask(&self, occasion: Occasion, asked: u64) -> Result<Held, Trouble> {
        let secret = self.provider.provide(occasion).await?;
        let value = self.form.value(&secret)?;
        Ok(Held { value, asked })
    }
}

/// Only visible ASCII: other bytes would be legal in a header, but no vendor issues such a key, and a line break that came
/// along from a file is the usual reason for one.
fn sensitive(prefix: &str, secret: &Secret) -> Result<HeaderValue, ConfigError> {
    let secret = secret.expose_secret();
    if secret.is_empty() || !secret.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(ConfigError::Credential);
    }
    let text = Zeroizing::new(format!("{prefix}{secret}"));
    let mut value = HeaderValue::from_str(&text).map_err(|_| ConfigError::Credential)?;
    value.set_sensitive(true);
    Ok(value)
}

/// Shows the name of the place that it goes into.
impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.form().name(), f)
    }
}
