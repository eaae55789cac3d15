//! How a client goes about its calls: one value for the clients of all vendors.

use std::{fmt, time::Duration};

use http::HeaderValue;

use crate::{
    RetryPolicy,
    config::{BaseUrl, BaseUrlError, ConfigError, ConnectionSetting},
};

const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

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
    /// `http` only to this machine: `localhost`, a name below it, or a loopback address; and through no proxy.
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
    /// That one decides about connections: timeouts, proxies, TLS. An [`attempt_timeout`](Self::attempt_timeout) that is set
    /// here still holds. Of what it can do besides, switch off:
    ///
    /// - redirects, since they can carry a key to another host;
    /// - its retries, since they know nothing of which calls may be made twice;
    /// - its cookie store: it writes what it is given into the log at the level `DEBUG`, and Reten's refresh token is a
    ///   cookie. The clients that have one keep it themselves;
    /// - a proxy for `http` to this machine: it reads the keys.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let http = reqwest::Client::builder()
    ///     .redirect(reqwest::redirect::Policy::none())
    ///     .retry(reqwest::retry::never())
    ///     .timeout(std::time::Duration::from_secs(30))
    ///     .build()?;
    /// let options = keyway::Options::new().http(http);
    /// # let _ = options;
    /// # Ok(()) }
    /// ```
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
    ///
    /// A [`CredentialProvider`](crate::CredentialProvider) may take as long each time it is asked, before the attempt.
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

    /// Goes through this proxy instead of the environment's, also to this machine.
    ///
    /// Over `http` a proxy reads the keys, and which machine it is on cannot be told from here. So with an `http` base URL a
    /// client with a proxy is made only if [`PlainHttp::Everywhere`] is said, too. Over `https` it sees where a call goes and
    /// nothing else.
    pub fn proxy(self, proxy: reqwest::Proxy) -> Self {
        Self {
            proxy: Some(proxy),
            ..self
        }
    }

    /// Names the application in `User-Agent`, before this crate: `billing/2.1 keyway/0.1.0`. It has to be visible ASCII, with
    /// blanks only in between.
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
        // Where a proxy is, this machine or another, cannot be asked of it.
        let by_proxy = base.is_plain() && self.proxy.is_some() && self.http.is_none();
        if by_proxy && self.plain_http == PlainHttp::OnLoopback {
            return Err(ConfigError::BaseUrl(BaseUrlError::PlainHttpByProxy));
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
            Some(application) if is_header_text(application) => {
                HeaderValue::from_str(&format!("{application} {USER_AGENT}"))
                    .map_err(|_| ConfigError::UserAgent)
            }
            Some(_) => Err(ConfigError::UserAgent),
        }
    }
}

/// Whether a text is what a header is meant to hold: visible ASCII, with blanks in between.
fn is_header_text(text: &str) -> bool {
    !text.is_empty()
        && text.trim() == text
        && text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic())
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
