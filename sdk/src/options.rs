//! How a client goes about its calls: one value for the clients of all vendors.

use std::{fmt, time::Duration};

use http::HeaderValue;

use crate::{
    RetryPolicy,
    config::{BaseUrl, BaseUrlError, ConfigError, ConnectionSetting},
};

const USER_AGENT: &str = concat!("keyway/", env!("CARGO_PKG_VERSION"));

/// How a client goes about its calls.
///
/// ```
/// use std::time::Duration;
/// use keyway::{Options, RetryPolicy, reten};
///
/// let options = Options::new()
///     .user_agent("billing/2.1")
///     .attempt_timeout(Duration::from_secs(5))
///     .total_timeout(Duration::from_secs(20))
///     .retry(RetryPolicy::new().max_attempts(5));
/// let credentials = reten::Credentials::api_key("rtn_sk_…".replace('…', "a1"));
/// let client = reten::Client::with_options("https://api.reten.ai", credentials, &options)?;
/// # let _ = client;
/// # Ok::<(), keyway::ConfigError>(())
/// ```
#[derive(Clone, Default)]
#[must_use]
pub struct Options {
    pub(crate) http: Option<reqwest::Client>,
    pub(crate) connect_timeout: Option<Duration>,
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) total_timeout: Option<Duration>,
    pub(crate) proxy: Option<reqwest::Proxy>,
    pub(crate) retry: RetryPolicy,
    application: Option<String>,
    plain_http: PlainHttp,
}

/// Whether keys may be sent in the clear to another machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PlainHttp {
    /// `http` only to this machine: `localhost`, a name below it, or a loopback address.
    #[default]
    OnLoopback,
    /// `http` to every machine, for a network that encrypts by itself.
    Everywhere,
}

impl Options {
    /// What a client does that is told nothing: connections within 10 seconds, answers within 30, three attempts, no end
    /// of its own to the call as a whole, the proxy of the environment for other machines.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends everything through an HTTP client of the application's.
    ///
    /// That one decides about connections: timeouts, proxies, TLS. Switch its redirects off, since they can carry a key to
    /// another host, and its retries. An [`attempt_timeout`](Self::attempt_timeout) that is set here still holds.
    pub fn http(self, client: reqwest::Client) -> Self {
        Self {
            http: Some(client),
            ..self
        }
    }

    /// How long making a connection may take: name, TCP and TLS. Ten seconds, if it is not said.
    pub fn connect_timeout(self, timeout: Duration) -> Self {
        Self {
            connect_timeout: Some(timeout),
            ..self
        }
    }

    /// How long one attempt may take until its answer is complete. Thirty seconds, if it is not said.
    pub fn attempt_timeout(self, timeout: Duration) -> Self {
        Self {
            attempt_timeout: Some(timeout),
            ..self
        }
    }

    /// How long a call may take with all its attempts and waits. Without end, if it is not said. A wait that would pass it
    /// is not begun: the call ends with what it has.
    pub fn total_timeout(self, timeout: Duration) -> Self {
        Self {
            total_timeout: Some(timeout),
            ..self
        }
    }

    /// Goes through this proxy instead of the environment's.
    pub fn proxy(self, proxy: reqwest::Proxy) -> Self {
        Self {
            proxy: Some(proxy),
            ..self
        }
    }

    /// Names the application in `User-Agent`, before this crate: `billing/2.1 keyway/0.1.0`.
    pub fn user_agent(self, application: impl Into<String>) -> Self {
        Self {
            application: Some(application.into()),
            ..self
        }
    }

    /// When a call is made once more.
    pub fn retry(self, policy: RetryPolicy) -> Self {
        Self {
            retry: policy,
            ..self
        }
    }

    /// Whether keys may be sent in the clear to another machine; if it is not said, they may not.
    pub fn plain_http(self, permission: PlainHttp) -> Self {
        Self {
            plain_http: permission,
            ..self
        }
    }

    /// The base URL, if these options let it be used.
    pub(crate) fn base_url(&self, text: &str) -> Result<BaseUrl, ConfigError> {
        let base = BaseUrl::parse(text)?;
        let in_the_clear = base.is_plain() && !base.is_loopback();
        if in_the_clear && self.plain_http == PlainHttp::OnLoopback {
            return Err(ConfigError::BaseUrl(BaseUrlError::PlainHttp));
        }
        // The application's own client may bring a TLS of its own.
        let has_tls = cfg!(any(feature = "rustls", feature = "native-tls")) || self.http.is_some();
        if !base.is_plain() && !has_tls {
            return Err(ConfigError::BaseUrl(BaseUrlError::NoTls));
        }
        Ok(base)
    }

    /// What about connections was set although the application's HTTP client decides about them.
    pub(crate) fn idle_setting(&self) -> Option<ConnectionSetting> {
        self.http.as_ref()?;
        if self.connect_timeout.is_some() {
            Some(ConnectionSetting::ConnectTimeout)
        } else if self.proxy.is_some() {
            Some(ConnectionSetting::Proxy)
        } else {
            None
        }
    }

    pub(crate) fn user_agent_header(&self) -> Result<HeaderValue, ConfigError> {
        match &self.application {
            None => Ok(HeaderValue::from_static(USER_AGENT)),
            Some(application) => HeaderValue::from_str(&format!("{application} {USER_AGENT}"))
                .map_err(|_| ConfigError::UserAgent),
        }
    }
}

/// Says that there is a proxy, not which: its URL may hold a password.
impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            http,
            connect_timeout,
            attempt_timeout,
            total_timeout,
            proxy,
            retry,
            application,
            plain_http,
        } = self;
        f.debug_struct("Options")
            .field("http", &http.is_some())
            .field("connect_timeout", connect_timeout)
            .field("attempt_timeout", attempt_timeout)
            .field("total_timeout", total_timeout)
            .field("proxy", &proxy.is_some())
            .field("retry", retry)
            .field("application", application)
            .field("plain_http", plain_http)
            .finish()
    }
}

#[cfg(all(test, not(any(feature = "rustls", feature = "native-tls"))))]
mod tests {
    use super::*;

    #[test]
    fn without_tls_https_is_refused_unless_the_application_brings_it() {
        let refused = Options::new().base_url("https://api.reten.ai").unwrap_err();
        assert!(
            matches!(refused, ConfigError::BaseUrl(BaseUrlError::NoTls)),
            "{refused:?}"
        );
        let brought = Options::new().http(reqwest::Client::new());
        assert!(brought.base_url("https://api.reten.ai").is_ok());
        assert!(Options::new().base_url("http://127.0.0.1:4010").is_ok());
    }
}
