//! Where a credential comes from: a value, the environment, or a provider of the application's.

use std::{env, error::Error as StdError, ffi::OsString, fmt, pin::Pin, sync::Arc};

use crate::{
    Secret,
    config::{ConfigError, VariableProblem},
};

/// What a [`CredentialProvider`] answers with, in time.
pub type CredentialFuture<'a> =
    Pin<Box<dyn Future<Output = Result<Secret, Box<dyn StdError + Send + Sync>>> + Send + 'a>>;

/// Why a provider is asked.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Occasion {
    /// No credential has been asked for yet.
    FirstUse,
    /// The vendor refused the last one with a 401. One that is kept somewhere should not be given once more.
    Refused,
}

/// A source of credentials that may change while the application runs, such as a vault.
///
/// It is asked before the first call and not again until the vendor refuses the credential with a 401, and then at most once
/// per call. If it has another one by then, the call is made again with it: a 401 means that nothing was done. Calls that
/// are refused at the same time ask once. If it fails, the call fails with
/// [`ErrorKind::Credential`](crate::ErrorKind::Credential) and the provider's error as its source.
///
/// It has as long as an attempt may take, each time it is asked, and no longer than the call: then the call fails with
/// [`ErrorKind::Timeout`](crate::ErrorKind::Timeout) and nothing was sent, or ends with the 401 that it had. See
/// [`Options::attempt_timeout`](crate::Options::attempt_timeout); over an HTTP client of the application's own there is no
/// bound that is not set there.
///
/// A closure that returns a future is one:
///
/// ```
/// use keyway::{Occasion, Secret, sinjapp};
///
/// # async fn read_from_vault() -> Result<String, std::io::Error> { Ok("tgo_…".to_owned()) }
/// let credentials = sinjapp::Credentials::api_key_from(|_: Occasion| async {
///     Ok::<_, std::io::Error>(Secret::from(read_from_vault().await?))
/// });
/// # let _ = credentials;
/// ```
pub trait CredentialProvider: Send + Sync + 'static {
    /// The credential to use from now on.
    ///
    /// # Errors
    ///
    /// Whatever keeps the application from having one. The error is handed on and not printed.
    fn provide(&self, occasion: Occasion) -> CredentialFuture<'_>;
}

impl<P, F, E> CredentialProvider for P
where
    P: Fn(Occasion) -> F + Send + Sync + 'static,
    F: Future<Output = Result<Secret, E>> + Send + 'static,
    E: Into<Box<dyn StdError + Send + Sync>>,
{
    fn provide(&self, occasion: Occasion) -> CredentialFuture<'_> {
        let provided = self(occasion);
        Box::pin(async { provided.await.map_err(Into::into) })
    }
}

/// A secret, or where to get it.
#[derive(Clone)]
pub(crate) enum Source {
    Secret(Secret),
    Provider(Arc<dyn CredentialProvider>),
}

impl<S: Into<Secret>> From<S> for Source {
    fn from(secret: S) -> Self {
        Self::Secret(secret.into())
    }
}

impl Source {
    pub(crate) fn provider(provider: impl CredentialProvider) -> Self {
        Self::Provider(Arc::new(provider))
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Secret(secret) => fmt::Debug::fmt(secret, f),
            Self::Provider(_) => f.write_str("Provider"),
        }
    }
}

/// A variable by its name, and what its secret is.
type Variable<T> = (&'static str, fn(Secret) -> T);

/// The environment of the process, or what a test takes for it.
pub(crate) struct Environment<'a>(&'a dyn Fn(&str) -> Option<OsString>);

/// The environment of the process.
pub(crate) const PROCESS: Environment<'static> = Environment(&|name| env::var_os(name));

impl Environment<'_> {
    /// The secret in a variable; none if it is not set or empty.
    pub(crate) fn secret(&self, name: &'static str) -> Result<Option<Secret>, ConfigError> {
        Ok(self.text(name)?.map(Secret::from))
    }

    /// The first of these secrets that is set, with what it is; [`ConfigError::Variable`] with the first name if none is.
    pub(crate) fn one_of<T>(&self, variables: &[Variable<T>]) -> Result<T, ConfigError> {
        for (name, credentials) in variables {
            if let Some(secret) = self.secret(name)? {
                return Ok(credentials(secret));
            }
        }
        Err(ConfigError::Variable {
            name: variables.first().map_or("", |(name, _)| name),
            problem: VariableProblem::Missing,
        })
    }

    /// The text in a variable; none if it is not set or empty.
    pub(crate) fn text(&self, name: &'static str) -> Result<Option<String>, ConfigError> {
        let malformed = ConfigError::Variable {
            name,
            problem: VariableProblem::Malformed,
        };
        match (self.0)(name).map(OsString::into_string) {
            None => Ok(None),
            Some(Ok(text)) if text.is_empty() => Ok(None),
            Some(Ok(text)) if text.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(Some(text)),
            Some(_) => Err(malformed),
        }
    }
}

#[cfg(all(test, feature = "reten"))]
mod tests {
    use super::*;
    use crate::reten::Credentials;

    #[track_caller]
    fn reads(variables: &[(&str, &str)], shown: Result<&str, &str>) {
        let lookup = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| OsString::from(value))
        };
        let read = Credentials::from_environment(&Environment(&lookup));
        let told = read
            .as_ref()
            .map(|credentials| format!("{credentials:?}"))
            .map_err(ToString::to_string);
        assert_eq!(told.as_deref().map_err(String::as_str), shown);
    }

    #[test]
    fn a_key_goes_before_a_token_and_the_tenant_is_optional() {
        let key = ("RETEN_API_KEY", "k-0123");
        let token = ("RETEN_ACCESS_TOKEN", "t-0123");
        let as_key = "Credentials { proof: ApiKey(Secret([redacted])), tenant: None }";
        reads(&[key], Ok(as_key));
        reads(&[key, token], Ok(as_key));
        reads(
            &[("RETEN_API_KEY", ""), key],
            Err("the environment variable RETEN_API_KEY is not set"),
        );
        reads(
            &[token, ("RETEN_TENANT_ID", "t-1")],
            Ok(r#"Credentials { proof: Bearer(Secret([redacted])), tenant: Some("t-1") }"#),
        );
    }

    #[test]
    fn a_variable_that_is_missing_or_malformed_is_named_and_not_shown() {
        reads(&[], Err("the environment variable RETEN_API_KEY is not set"));
        reads(
            &[("RETEN_ACCESS_TOKEN", "t-0123\n")],
            Err("the environment variable RETEN_ACCESS_TOKEN holds characters other than visible ASCII"),
        );
        reads(
            &[("RETEN_API_KEY", "k"), ("RETEN_TENANT_ID", "t 1")],
            Err("the environment variable RETEN_TENANT_ID holds characters other than visible ASCII"),
        );
    }
}
