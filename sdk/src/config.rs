//! Where a client is pointed at, and what can be wrong with that.

use url::{Host, Url};

/// A client that cannot be made from what it was given.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The base URL is not one.
    #[error("the base URL {0}")]
    BaseUrl(BaseUrlError),
    /// The credential is empty or holds a blank, a line break or another character that no header value may have.
    #[error("the credential is empty or holds characters other than visible ASCII")]
    Credential,
    /// The tenant or organization is empty or holds a blank or something else than visible ASCII.
    #[error("the value for the header {header} is empty or holds characters other than visible ASCII")]
    Context {
        /// The header that it was meant for.
        header: &'static str,
    },
    /// An environment variable that a credential is read from is not set or cannot be one.
    #[error("the environment variable {name} {problem}")]
    Variable {
        /// Its name.
        name: &'static str,
        /// What is wrong with it. Its value is not repeated.
        problem: VariableProblem,
    },
    /// The name of the application is empty, begins or ends with a blank, or holds something else than visible ASCII.
    #[error("the name of the application is empty or holds characters other than visible ASCII")]
    UserAgent,
    /// The application's own HTTP client decides about connections, so it has to be told there.
    #[error("the {0} has to be set on the HTTP client that was brought along")]
    OwnClient(ConnectionSetting),
    /// The system gives no thread to the blocking clients.
    #[error("the thread of the blocking clients cannot be started")]
    Runtime(#[source] std::io::Error),
    /// The HTTP client cannot be built, for instance because there are no root certificates.
    #[error("the HTTP client cannot be built")]
    Http(#[source] reqwest::Error),
}

/// What is wrong with an environment variable.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VariableProblem {
    /// It is not set, or empty.
    #[error("is not set")]
    Missing,
    /// It holds a blank, a line break or something else than visible ASCII.
    #[error("holds characters other than visible ASCII")]
    Malformed,
}

/// A setting about connections.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConnectionSetting {
    /// [`Options::connect_timeout`](crate::Options::connect_timeout).
    #[error("connect timeout")]
    ConnectTimeout,
    /// [`Options::proxy`](crate::Options::proxy).
    #[error("proxy")]
    Proxy,
}

/// What is wrong with a base URL. The URL itself is not repeated, since it may hold a password.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BaseUrlError {
    /// It cannot be parsed, or is relative.
    #[error("is not an absolute URL")]
    NotAbsolute,
    /// It is neither `http` nor `https`.
    #[error("is neither http nor https")]
    Scheme,
    /// It has a user name or password.
    #[error("holds a user name or password")]
    UserInfo,
    /// It has a query.
    #[error("has a query")]
    Query,
    /// It has a fragment.
    #[error("has a fragment")]
    Fragment,
    /// It is `http` to another machine, where keys would travel in the clear; see
    /// [`Options::plain_http`](crate::Options::plain_http).
    #[error("would send keys in the clear to another machine; use https, or allow it by Options::plain_http")]
    PlainHttp,
    /// It is `http`, and a proxy is set, which may be another machine and would read the keys; see
    /// [`Options::proxy`](crate::Options::proxy).
    #[error(
        "would send keys in the clear to a proxy; use https or no proxy, or allow it by Options::plain_http"
    )]
    PlainHttpByProxy,
    /// It is `https`, and this crate was built without its features `rustls` and `native-tls`.
    #[error("is https, and this build has no TLS")]
    NoTls,
}

/// The root under which a vendor's paths lie: the host as the vendor's documentation gives it, or a prefix on a stand-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BaseUrl(Url);

impl BaseUrl {
    pub(crate) fn parse(text: &str) -> Result<Self, ConfigError> {
        let url = Url::parse(text).map_err(|_| ConfigError::BaseUrl(BaseUrlError::NotAbsolute))?;
        let problem = if !matches!(url.scheme(), "http" | "https") {
            Some(BaseUrlError::Scheme)
        } else if !url.username().is_empty() || url.password().is_some() {
            Some(BaseUrlError::UserInfo)
        } else if url.query().is_some() {
            Some(BaseUrlError::Query)
        } else if url.fragment().is_some() {
            Some(BaseUrlError::Fragment)
        } else {
            None
        };
        match problem {
            Some(problem) => Err(ConfigError::BaseUrl(problem)),
            None => Ok(Self(url)),
        }
    }

    /// What the paths of operations, which begin with a slash, are appended to: a path of the host.
    pub(crate) fn with_server_path(&self, server_path: &str) -> String {
        let prefix = self.0.path().trim_end_matches('/');
        match server_path.trim_matches('/') {
            "" => prefix.to_owned(),
            path => format!("{prefix}/{path}"),
        }
    }

    /// The URL of a path of the host. To parse the host anew for each request would be the dearest part of building it.
    pub(crate) fn at(&self, path: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path(path);
        url
    }

    /// Whether what is sent there travels in the clear.
    pub(crate) fn is_plain(&self) -> bool {
        self.0.scheme() == "http"
    }

    pub(crate) fn is_loopback(&self) -> bool {
        match self.0.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => is_localhost(name),
            None => false,
        }
    }
}

/// `localhost` and every name below it mean this machine (RFC 6761, 6.3).
pub(crate) fn is_localhost(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn joins(base: &str, server_path: &str, joined: &str) {
        let base = BaseUrl::parse(base).unwrap();
        let path = base.with_server_path(server_path) + "/me";
        assert_eq!(base.at(&path).as_str(), joined);
    }

    #[test]
    fn the_server_path_follows_the_host_root_or_a_prefix() {
        joins(
            "https://acme.sinjapp.org",
            "/api/v1",
            "https://acme.sinjapp.org/api/v1/me",
        );
        joins(
            "https://acme.sinjapp.org/",
            "/api/v1",
            "https://acme.sinjapp.org/api/v1/me",
        );
        joins(
            "http://127.0.0.1:4010/sinjapp/",
            "/api/v1",
            "http://127.0.0.1:4010/sinjapp/api/v1/me",
        );
        joins("https://api.reten.ai", "", "https://api.reten.ai/me");
        joins("https://api.reten.ai", "/", "https://api.reten.ai/me");
    }

    #[test]
    fn what_is_encoded_in_a_path_stays_as_it_is() {
        let base = BaseUrl::parse("https://api.reten.ai").unwrap();
        let url = base.at("/keys/a%2Fb%3Fc%23d/revoke");
        assert_eq!(url.as_str(), "https://api.reten.ai/keys/a%2Fb%3Fc%23d/revoke");
    }

    #[track_caller]
    fn is_refused(base: &str, problem: BaseUrlError) {
        let error = BaseUrl::parse(base).unwrap_err();
        assert!(
            matches!(&error, ConfigError::BaseUrl(found) if *found == problem),
            "{error:?}"
        );
        assert!(!error.to_string().contains(base), "{error}");
    }

    #[test]
    fn a_base_url_with_anything_but_host_and_path_is_refused() {
        is_refused("api.reten.ai", BaseUrlError::NotAbsolute);
        is_refused("/api", BaseUrlError::NotAbsolute);
        is_refused("ftp://api.reten.ai", BaseUrlError::Scheme);
        is_refused("https://me:pw@api.reten.ai", BaseUrlError::UserInfo);
        is_refused("https://api.reten.ai?x=1", BaseUrlError::Query);
        is_refused("https://api.reten.ai#x", BaseUrlError::Fragment);
    }

    #[test]
    fn names_below_localhost_are_loopback() {
        for base in [
            "http://127.0.0.1:1",
            "http://[::1]",
            "http://acme.localhost:80",
            "http://LOCALHOST",
        ] {
            assert!(BaseUrl::parse(base).unwrap().is_loopback(), "{base}");
        }
        for base in [
            "https://api.reten.ai",
            "http://localhost.example.com",
            "http://notlocalhost",
        ] {
            assert!(!BaseUrl::parse(base).unwrap().is_loopback(), "{base}");
        }
    }
}
