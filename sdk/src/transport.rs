//! How a call is made: what goes with every request (the credential, the tenant, the user agent), and the sending.
//!
//! A client holds a [`Session`]; every generated method ends in [`Session::call`].

mod attempt;
mod call;
mod clock;
mod credential;
mod repeat;

use std::{fmt, sync::Arc, time::Duration};

use http::{HeaderName, HeaderValue, header};

use self::credential::Credential;
pub(crate) use self::credential::Form;
use crate::{
    Options, RetryPolicy, Secret,
    config::{BaseUrl, ConfigError},
    connection::{ATTEMPT_TIMEOUT, connect},
    cookie::SessionCookie,
    credentials::Source,
    error::{Error, InvalidRequest},
    retry::Budget,
    vendor::Vendor,
};

/// A kind of credential that an operation takes, as the vendor's document declares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// A key in a place of the vendor's own: a header or the query.
    ApiKey,
    /// The header `Authorization`.
    Authorization,
    /// A cookie: the one that an earlier answer set, where the vendor keeps a session in one, and the caller's otherwise.
    Cookie,
}

/// What a call has to know of the operation.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) name: &'static str,
    /// The media types that are understood in its answers.
    pub(crate) accept: &'static str,
    /// The kinds of credentials that it takes; none if it is public.
    pub(crate) schemes: &'static [Scheme],
}

/// A request that cannot be built from its arguments. What they are is not kept: one of them may be a secret.
#[derive(Debug)]
pub(crate) struct Unbuildable(InvalidRequest);

impl Unbuildable {
    fn unsendable() -> Self {
        Self(InvalidRequest::new(
            "",
            "a parameter holds characters that cannot be sent",
        ))
    }
}

impl From<InvalidRequest> for Unbuildable {
    fn from(inner: InvalidRequest) -> Self {
        Self(inner)
    }
}

impl From<reqwest::Error> for Unbuildable {
    fn from(_: reqwest::Error) -> Self {
        Self::unsendable()
    }
}

impl From<header::InvalidHeaderValue> for Unbuildable {
    fn from(_: header::InvalidHeaderValue) -> Self {
        Self::unsendable()
    }
}

impl From<progenitor_client::Error> for Unbuildable {
    fn from(_: progenitor_client::Error) -> Self {
        Self::unsendable()
    }
}

impl<E> From<Unbuildable> for Error<E> {
    fn from(Unbuildable(inner): Unbuildable) -> Self {
        inner.into()
    }
}

/// Who is calling which vendor, and how.
#[derive(Clone)]
pub(crate) struct Session {
    vendor: &'static Vendor,
    http: reqwest::Client,
    user_agent: HeaderValue,
    credential: Option<Credential>,
    /// What goes with the credential: in whose name the caller acts, and further proofs.
    beside: Vec<(Form, HeaderValue)>,
    cookie: Option<SessionCookie>,
    retry: RetryPolicy,
    budget: Arc<Budget>,
    timeouts: Timeouts,
}

/// How long things may take.
#[derive(Clone, Copy, Debug)]
struct Timeouts {
    /// One attempt, until its answer is complete.
    attempt: Option<Duration>,
    held_by: HeldBy,
    /// The call, with all its attempts and waits.
    total: Option<Duration>,
}

/// Who keeps the time of an attempt. To tell it with every request costs more than to tell the HTTP client once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum HeldBy {
    Client,
    Request,
}

impl Session {
    /// A session without a credential, with a host.
    pub(crate) fn new(
        vendor: &'static Vendor,
        base: &BaseUrl,
        options: &Options,
    ) -> Result<Self, ConfigError> {
        if let Some(setting) = options.idle_setting() {
            return Err(ConfigError::OwnClient(setting));
        }
        let (http, attempt, held_by) = match &options.http {
            // The application's own client has a timeout of its own, or none on purpose.
            Some(http) => (http.clone(), options.attempt_timeout, HeldBy::Request),
            None => {
                let attempt = options.attempt_timeout.unwrap_or(ATTEMPT_TIMEOUT);
                (connect(base, options, attempt)?, Some(attempt), HeldBy::Client)
            }
        };
        Ok(Self {
            vendor,
            http,
            user_agent: options.user_agent_header()?,
            credential: None,
            beside: Vec::new(),
            cookie: vendor.cookie.map(SessionCookie::new),
            retry: options.retry.clone(),
            budget: Arc::new(Budget::full()),
            timeouts: Timeouts {
                attempt,
                held_by,
                total: options.total_timeout,
            },
        })
    }

    /// The same session without its credential. What the vendor keeps in a cookie stays.
    pub(crate) fn anonymous(&self) -> Self {
        Self {
            credential: None,
            beside: Vec::new(),
            ..self.clone()
        }
    }

    pub(crate) fn with_retry(&self, policy: RetryPolicy) -> Self {
        Self {
            retry: policy,
            ..self.clone()
        }
    }

    pub(crate) fn with_timeout(&self, total: Duration) -> Self {
        let timeouts = Timeouts {
            total: Some(total),
            ..self.timeouts
        };
        Self {
            timeouts,
            ..self.clone()
        }
    }

    /// Sends what `source` has in a header of the vendor's own.
    pub(crate) fn with_api_key(self, header: &'static str, source: Source) -> Result<Self, ConfigError> {
        self.with_credential(Form::Header(HeaderName::from_static(header), ""), source)
    }

    /// Sends what `source` has as `Authorization: Bearer`.
    pub(crate) fn with_bearer(self, source: Source) -> Result<Self, ConfigError> {
        self.with_credential(Form::Header(header::AUTHORIZATION, "Bearer "), source)
    }

    /// Sends what `source` has in this form.
    pub(crate) fn with_credential(self, form: Form, source: Source) -> Result<Self, ConfigError> {
        Ok(Self {
            credential: Some(Credential::new(form, source)?),
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
            if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_graphic()) {
                return Err(ConfigError::Context { header });
            }
            let value = HeaderValue::from_str(id).map_err(|_| ConfigError::Context { header })?;
            let form = Form::Header(HeaderName::from_static(header), "");
            self.beside.push((form, value));
        }
        Ok(self)
    }

    /// Sends one more secret wherever the credential goes.
    #[allow(
        dead_code,
        reason = "no vendor of this crate asks for two at once; documents of others do"
    )]
    pub(crate) fn with_further(mut self, form: Form, secret: &Secret) -> Result<Self, ConfigError> {
        let value = form.value(secret)?;
        self.beside.push((form, value));
        Ok(self)
    }

    /// Whether a credential goes with calls of an operation.
    fn is_asked_by(&self, operation: &Operation) -> bool {
        let learned = |scheme: &Scheme| *scheme == Scheme::Cookie && self.cookie.is_some();
        operation.schemes.iter().any(|scheme| !learned(scheme))
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// Makes a request one of this session.
    ///
    /// A public operation gets no credential, and neither does one that only reads
    /// a cookie; these two get the cookie. Any other gets the one there is, even of another kind than declared: the vendor's refusal says more than ours.
    ///
    /// `credential` is what a provider gave, where there is one.
    fn prepare(
        &self,
        request: &mut reqwest::Request,
        operation: &Operation,
        credential: Option<&HeaderValue>,
    ) {
        let headers = request.headers_mut();
        let accept = HeaderValue::from_static(operation.accept);
        headers.entry(header::ACCEPT).or_insert(accept);
        headers.insert(header::USER_AGENT, self.user_agent.clone());
        if !self.is_asked_by(operation) {
            // As in a browser the cookie goes along with signing in and out, too.
            if let Some(cookie) = self.cookie.as_ref().and_then(SessionCookie::header) {
                headers.insert(header::COOKIE, cookie);
            }
            return;
        }
        match (&self.credential, credential) {
            (Some(Credential::Fixed(form, value)), _) => form.write(request, value),
            (Some(provided), Some(value)) => provided.form().write(request, value),
            _ => {}
        }
        for (form, value) in &self.beside {
            form.write_beside(request, value);
        }
    }
}

/// Shows which headers are sent, and the value of none.
impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let beside: Vec<_> = self.beside.iter().map(|(form, _)| form.name()).collect();
        f.debug_struct("Session")
            .field("vendor", &self.vendor.name)
            .field("credential", &self.credential)
            .field("beside", &beside)
            .field("cookie", &self.cookie)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACME: Vendor = Vendor {
        name: "acme",
        cookie: Some("session"),
        repeatable_posts: &[],
        read_refusal: |_| Default::default(),
    };

    const READ: Operation = Operation {
        name: "read",
        accept: "application/json",
        schemes: &[Scheme::ApiKey],
    };

    fn request() -> reqwest::Request {
        reqwest::Client::new()
            .get("http://127.0.0.1:1/me")
            .build()
            .unwrap()
    }

    fn anonymous() -> Session {
        let options = Options::new().user_agent("shop/2");
        let base = options.base_url("http://127.0.0.1:1").unwrap();
        Session::new(&ACME, &base, &options).unwrap()
    }

    fn session() -> Session {
        anonymous()
            .with_api_key("x-api-key", Secret::from("tgo_0123").into())
            .unwrap()
            .with_context("x-tenant-id", Some("t-1"))
            .unwrap()
    }

    #[test]
    fn the_credential_is_marked_sensitive() {
        let mut request = request();
        session().prepare(&mut request, &READ, None);
        assert_eq!(request.headers()["x-api-key"], "tgo_0123");
        assert!(request.headers()["x-api-key"].is_sensitive());
        assert!(!format!("{request:?}").contains("tgo_0123"));
    }

    #[test]
    fn a_bearer_token_is_marked_sensitive() {
        let session = anonymous().with_bearer(Secret::from("eyJ.a.b").into()).unwrap();
        let mut request = request();
        session.prepare(&mut request, &READ, None);
        assert_eq!(request.headers()["authorization"], "Bearer eyJ.a.b");
        assert!(request.headers()["authorization"].is_sensitive());
    }

    #[test]
    fn a_key_in_the_query_stands_after_what_the_call_asks_and_cookies_stand_side_by_side() {
        let cookie = |name| Form::Header(header::COOKIE, name);
        let session = anonymous()
            .with_credential(Form::Query("api_key"), Secret::from("k&1").into())
            .unwrap()
            .with_further(cookie("a="), &Secret::from("1"))
            .and_then(|session| session.with_further(cookie("b="), &Secret::from("2")))
            .unwrap();
        let mut request = reqwest::Client::new()
            .get("http://127.0.0.1:1/me?page=2")
            .build()
            .unwrap();
        session.prepare(&mut request, &READ, None);
        assert_eq!(request.url().query(), Some("page=2&api_key=k%261"));
        assert_eq!(request.headers()["cookie"], "a=1; b=2");
        assert!(request.headers()["cookie"].is_sensitive());
        assert!(!format!("{session:?}").contains("k&1"));
    }

    #[test]
    fn a_cookie_is_a_credential_like_others_where_the_vendor_keeps_no_session_in_one() {
        static STATELESS: Vendor = Vendor { cookie: None, ..ACME };
        let options = Options::new();
        let base = options.base_url("http://127.0.0.1:1").unwrap();
        let session = Session::new(&STATELESS, &base, &options)
            .and_then(|it| {
                it.with_credential(Form::Header(header::COOKIE, "sid="), Secret::from("s-1").into())
            })
            .unwrap();
        let mut request = request();
        let reads_cookie = Operation {
            schemes: &[Scheme::Cookie],
            ..READ
        };
        session.prepare(&mut request, &reads_cookie, None);
        assert_eq!(request.headers()["cookie"], "sid=s-1");
    }

    #[test]
    fn the_user_agent_is_sent() {
        let mut request = request();
        session().prepare(&mut request, &READ, None);
        assert_eq!(
            request.headers()["user-agent"],
            concat!("shop/2 keyway/", env!("CARGO_PKG_VERSION"))
        );
    }

    #[test]
    fn a_public_operation_gets_neither_credential_nor_tenant() {
        for schemes in [&[][..], &[Scheme::Cookie]] {
            let mut request = request();
            session().prepare(
                &mut request,
                &Operation {
                    name: "login",
                    accept: "application/json",
                    schemes,
                },
                None,
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
        session().prepare(&mut request, &READ, None);
        assert_eq!(request.headers()["x-tenant-id"], "t-2");
    }

    #[test]
    fn debug_shows_no_value() {
        assert_eq!(
            format!("{:?}", session()),
            r#"Session { vendor: "acme", credential: Some("x-api-key"), beside: ["x-tenant-id"], cookie: Some(SessionCookie("session")), .. }"#
        );
    }

    #[test]
    fn a_credential_that_no_header_can_hold_is_refused_without_being_shown() {
        for bad in ["", "tgo_0123\n", "two words", "clé", "tgo_\u{0}"] {
            let error = anonymous().with_bearer(Secret::from(bad).into()).unwrap_err();
            assert!(matches!(error, ConfigError::Credential), "{error:?}");
            let error = anonymous()
                .with_api_key("x-api-key", Secret::from(bad).into())
                .unwrap_err();
            assert!(bad.is_empty() || !format!("{error:?} {error}").contains(bad));
        }
    }
}
