//! How a call is made: what goes with every request (the credential, the tenant, the user agent), and the sending.
//!
//! A client holds a [`Session`]; every generated method ends in [`Session::call`].

mod call;

use std::fmt;

use http::{HeaderName, HeaderValue, header};
use zeroize::Zeroizing;

use crate::{
    Secret,
    config::ConfigError,
    cookie::SessionCookie,
    error::{Error, InvalidRequest},
    vendor::Vendor,
};

const USER_AGENT: &str = concat!("keyway/", env!("CARGO_PKG_VERSION"));

/// A kind of credential that an operation takes, as the vendor's document declares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// A key in a header of the vendor's own.
    ApiKey,
    /// `Authorization: Bearer`.
    Bearer,
    /// A cookie that an earlier answer set.
    Cookie,
}

/// What a call has to know of the operation.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) name: &'static str,
    /// The kinds of credentials that it takes; none if it is public.
    pub(crate) schemes: &'static [Scheme],
}

/// A request that cannot be built from its arguments. What they are is not kept: one of them may be a secret.
#[derive(Debug)]
pub(crate) struct Unbuildable;

impl From<reqwest::Error> for Unbuildable {
    fn from(_: reqwest::Error) -> Self {
        Self
    }
}

impl From<header::InvalidHeaderValue> for Unbuildable {
    fn from(_: header::InvalidHeaderValue) -> Self {
        Self
    }
}

impl From<progenitor_client::Error> for Unbuildable {
    fn from(_: progenitor_client::Error) -> Self {
        Self
    }
}

impl<E> From<Unbuildable> for Error<E> {
    fn from(_: Unbuildable) -> Self {
        InvalidRequest::new("", "a parameter holds characters that cannot be sent").into()
    }
}

/// Who is calling which vendor, and how.
#[derive(Clone)]
pub(crate) struct Session {
    vendor: &'static Vendor,
    http: reqwest::Client,
    credential: Option<(HeaderName, HeaderValue)>,
    context: Vec<(HeaderName, HeaderValue)>,
    cookie: Option<SessionCookie>,
}

impl Session {
    /// A session without a credential.
    pub(crate) fn new(vendor: &'static Vendor, http: reqwest::Client) -> Self {
        Self {
            vendor,
            http,
            credential: None,
            context: Vec::new(),
            cookie: None,
        }
    }

    /// Sends `secret` in a header of the vendor's own.
    pub(crate) fn with_api_key(self, header: &'static str, secret: &Secret) -> Result<Self, ConfigError> {
        let value = sensitive("", secret)?;
        Ok(Self {
            credential: Some((HeaderName::from_static(header), value)),
            ..self
        })
    }

    /// Sends `secret` as `Authorization: Bearer`.
    pub(crate) fn with_bearer(self, secret: &Secret) -> Result<Self, ConfigError> {
        let value = sensitive("Bearer ", secret)?;
        Ok(Self {
            credential: Some((header::AUTHORIZATION, value)),
            ..self
        })
    }

    /// Says in a header in whose name the caller acts, with every request that carries the credential.
    pub(crate) fn with_context(
        mut self,
        header: &'static str,
        id: Option<&str>,
    ) -> Result<Self, ConfigError> {
        if let Some(id) = id {
            let value = HeaderValue::from_str(id).map_err(|_| ConfigError::Context { header })?;
            self.context.push((HeaderName::from_static(header), value));
        }
        Ok(self)
    }

    /// Keeps the session that the vendor holds in a cookie.
    pub(crate) fn with_cookie(self, cookie: SessionCookie) -> Self {
        Self {
            cookie: Some(cookie),
            ..self
        }
    }

    /// Makes a request one of this session.
    ///
    /// A public operation gets no credential, and neither does one that only reads
    /// a cookie; these two get the cookie. Any other gets the one there is, even of another kind than declared: the vendor's refusal says more than ours.
    fn prepare(&self, request: &mut reqwest::Request, operation: &Operation) {
        let headers = request.headers_mut();
        let accept = HeaderValue::from_static("application/json");
        headers.entry(header::ACCEPT).or_insert(accept);
        headers.insert(header::USER_AGENT, HeaderValue::from_static(USER_AGENT));
        if operation.schemes.iter().all(|scheme| *scheme == Scheme::Cookie) {
            // As in a browser the cookie goes along with signing in and out, too.
            if let Some(cookie) = self.cookie.as_ref().and_then(SessionCookie::header) {
                headers.insert(header::COOKIE, cookie);
            }
            return;
        }
        if let Some((name, value)) = &self.credential {
            headers.insert(name, value.clone());
        }
        for (name, value) in &self.context {
            // What the call itself says takes precedence.
            headers.entry(name).or_insert_with(|| value.clone());
        }
    }
}

/// Shows which headers are sent, and the value of none.
impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            vendor,
            http: _,
            credential,
            context,
            cookie,
        } = self;
        let context: Vec<_> = context.iter().map(|(name, _)| name).collect();
        f.debug_struct("Session")
            .field("vendor", &vendor.name)
            .field("credential", &credential.as_ref().map(|(name, _)| name))
            .field("context", &context)
            .field("cookie", cookie)
            .finish()
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

#[cfg(test)]
mod tests {
    use super::*;

    const ACME: Vendor = Vendor {
        name: "acme",
        read_refusal: |_| Default::default(),
    };

    const READ: Operation = Operation {
        name: "read",
        schemes: &[Scheme::ApiKey],
    };

    fn request() -> reqwest::Request {
        reqwest::Client::new()
            .get("http://127.0.0.1:1/me")
            .build()
            .unwrap()
    }

    fn anonymous() -> Session {
        Session::new(&ACME, reqwest::Client::new())
    }

    fn session() -> Session {
        anonymous()
            .with_api_key("x-api-key", &Secret::from("tgo_0123"))
            .unwrap()
            .with_context("x-tenant-id", Some("t-1"))
            .unwrap()
    }

    #[test]
    fn the_credential_is_marked_sensitive() {
        let mut request = request();
        session().prepare(&mut request, &READ);
        assert_eq!(request.headers()["x-api-key"], "tgo_0123");
        assert!(request.headers()["x-api-key"].is_sensitive());
        assert!(!format!("{request:?}").contains("tgo_0123"));
    }

    #[test]
    fn a_bearer_token_is_marked_sensitive() {
        let session = anonymous().with_bearer(&Secret::from("eyJ.a.b")).unwrap();
        let mut request = request();
        session.prepare(&mut request, &READ);
        assert_eq!(request.headers()["authorization"], "Bearer eyJ.a.b");
        assert!(request.headers()["authorization"].is_sensitive());
    }

    #[test]
    fn the_user_agent_is_sent() {
        let mut request = request();
        session().prepare(&mut request, &READ);
        assert_eq!(request.headers()["user-agent"], USER_AGENT);
    }

    #[test]
    fn a_public_operation_gets_neither_credential_nor_tenant() {
        for schemes in [&[][..], &[Scheme::Cookie]] {
            let mut request = request();
            session().prepare(
                &mut request,
                &Operation {
                    name: "login",
                    schemes,
                },
            );
            assert!(!request.headers().contains_key("x-api-key"), "{schemes:?}");
            assert!(!request.headers().contains_key("x-tenant-id"), "{schemes:?}");
        }
    }

    #[test]
    fn a_tenant_named_by_the_call_wins() {
        let mut request = request();
        request
            .headers_mut()
            .insert("x-tenant-id", HeaderValue::from_static("t-2"));
        session().prepare(&mut request, &READ);
        assert_eq!(request.headers()["x-tenant-id"], "t-2");
    }

    #[test]
    fn debug_shows_no_value() {
        assert_eq!(
            format!("{:?}", session()),
            r#"Session { vendor: "acme", credential: Some("x-api-key"), context: ["x-tenant-id"], cookie: None }"#
        );
    }

    #[test]
    fn a_credential_that_no_header_can_hold_is_refused_without_being_shown() {
        for bad in ["", "tgo_0123\n", "two words", "clé", "tgo_\u{0}"] {
            let error = anonymous().with_bearer(&Secret::from(bad)).unwrap_err();
            assert!(matches!(error, ConfigError::Credential), "{error:?}");
            let error = anonymous()
                .with_api_key("x-api-key", &Secret::from(bad))
                .unwrap_err();
            assert!(bad.is_empty() || !format!("{error:?} {error}").contains(bad));
        }
    }
}
