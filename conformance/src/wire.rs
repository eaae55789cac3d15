//! The judge's own hand: plain HTTP, no redirects, and a memory of everything that came back.
//!
//! Nothing here knows a vendor. The generated clients are not used for judging, because a mistake that client and
//! server share would cancel out.

use std::error::Error as _;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper_util::client::legacy::connect::HttpInfo;
use jiff::Timestamp;
use serde_json::Value;

use crate::resolver::Loopback;
use crate::stop::Stop;

/// No answer in this time is no answer at all.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest `Retry-After` that is waited out.
const LONGEST_WAIT: u64 = 10;
/// How often a 429 is retried.
const RETRIES: usize = 3;
/// More than this of a body is not read: nothing that the suite asks for is this long.
const BODY_LIMIT: usize = 4 * 1024 * 1024;

/// A request before it has a host.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    /// Path below the base URL, percent-encoded, with its query.
    pub(crate) path: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Option<Value>,
}

impl Request {
    pub(crate) fn new(method: &'static str, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            headers: Vec::new(),
            body: None,
        }
    }

    pub(crate) fn json(self, body: Value) -> Self {
        Self {
            body: Some(body),
            ..self
        }
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Method and path, for people.
    pub(crate) fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// A request and what was answered to it.
pub(crate) struct Exchange {
    /// Its place in the order of the run.
    pub(crate) number: usize,
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
    /// Our end of the connection: the same twice is the same connection.
    pub(crate) local: Option<SocketAddr>,
}

impl Exchange {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let (_, value) = self
            .headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        std::str::from_utf8(value).ok()
    }

    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// Whether the media type is that of JSON, or one that ends in it.
    pub(crate) fn says_json(&self) -> bool {
        let essence = self
            .header("content-type")
            .and_then(|value| value.split(';').next())
            .map(|essence| essence.trim().to_ascii_lowercase())
            .unwrap_or_default();
        essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
    }

    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// What the server's clock said.
    pub(crate) fn date(&self) -> Option<Timestamp> {
        let text = self.header("date")?;
        jiff::fmt::rfc2822::parse(text)
            .ok()
            .map(|zoned| zoned.timestamp())
    }

    /// The request line without its query, for people.
    pub(crate) fn line(&self) -> String {
        let path = self.path.split('?').next().unwrap_or_default();
        format!("{} {path}", self.method)
    }
}

/// Says to a run that it should come to its end. Clones share the word.
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Asks the run to send nothing more but what cleans up after it.
    pub fn raise(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether the run was asked to end.
    pub fn is_raised(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// Sends, and remembers every answer until the run is over.
pub(crate) struct Wire {
    client: reqwest::Client,
    transcript: Mutex<Vec<Arc<Exchange>>>,
    interrupt: Interrupt,
}

impl Wire {
    pub(crate) fn new(interrupt: Interrupt) -> Result<Self, Stop> {
        Ok(Self {
            client: client()?,
            transcript: Mutex::default(),
            interrupt,
        })
    }

    /// Sends over any connection. A rate limit that names a short time is waited out.
    pub(crate) async fn send(&self, base_url: &str, request: &Request) -> Result<Arc<Exchange>, Stop> {
        self.heed_interrupt()?;
        self.send_with(&self.client, base_url, request).await
    }

    /// As [`send`](Self::send), also after the run was interrupted.
    pub(crate) async fn send_to_clean_up(
        &self,
        base_url: &str,
        request: &Request,
    ) -> Result<Arc<Exchange>, Stop> {
        self.send_with(&self.client, base_url, request).await
    }

    /// Connections of its own: the first request opens one, the next ones reuse it if the server lets them.
    pub(crate) fn connection(&self) -> Result<Connection<'_>, Stop> {
        Ok(Connection {
            wire: self,
            client: client()?,
        })
    }

    /// Every exchange so far.
    pub(crate) fn transcript(&self) -> Vec<Arc<Exchange>> {
        self.transcript
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn heed_interrupt(&self) -> Result<(), Stop> {
        if self.interrupt.is_raised() {
            Err(Stop::Interrupted)
        } else {
            Ok(())
        }
    }

    async fn send_with(
        &self,
        client: &reqwest::Client,
        base_url: &str,
        request: &Request,
    ) -> Result<Arc<Exchange>, Stop> {
        for _ in 0..RETRIES {
            let exchange = self.exchange(client, base_url, request).await?;
            if exchange.status != 429 {
                return Ok(exchange);
            }
            let Some(seconds) = exchange.header("retry-after").and_then(|text| text.parse().ok()) else {
                break;
            };
            if seconds > LONGEST_WAIT {
                break;
            }
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            self.heed_interrupt()?;
        }
        Err(Stop::error(format!(
            "{} was answered 429: the rate limit does not let the suite go on",
            request.line()
        )))
    }

    async fn exchange(
        &self,
        client: &reqwest::Client,
        base_url: &str,
        request: &Request,
    ) -> Result<Arc<Exchange>, Stop> {
        let failed = |error: reqwest::Error| unanswered(&request.line(), &error);
        let url = format!("{}{}", base_url.trim_end_matches('/'), request.path);
        let method = reqwest::Method::from_bytes(request.method.as_bytes())
            .map_err(|_| Stop::error("a method that HTTP does not know"))?;
        let mut builder = client.request(method, url);
        for (name, value) in &request.headers {
            let mut value = reqwest::header::HeaderValue::from_str(value)
                .map_err(|_| Stop::error(format!("the value of {name} cannot be sent in a header")))?;
            value.set_sensitive(true);
            builder = builder.header(*name, value);
        }
        if let Some(body) = &request.body {
            builder = builder
                .header("content-type", "application/json")
                .body(body.to_string());
        }
        let mut response = builder.send().await.map_err(failed)?;
        let local = response.extensions().get::<HttpInfo>().map(HttpInfo::local_addr);
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()))
            .collect();
        let status = response.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if body.len() + chunk.len() > BODY_LIMIT {
                return Err(Stop::error(format!(
                    "{} was answered with more than 4 MiB",
                    request.line()
                )));
            }
            body.extend_from_slice(&chunk);
        }
        let mut transcript = self.transcript.lock().unwrap_or_else(PoisonError::into_inner);
        let exchange = Arc::new(Exchange {
            number: transcript.len(),
            method: request.method,
            path: request.path.clone(),
            status,
            headers,
            body,
            local,
        });
        transcript.push(Arc::clone(&exchange));
        Ok(exchange)
    }
}

/// Connections that nobody else sends over.
pub(crate) struct Connection<'a> {
    wire: &'a Wire,
    client: reqwest::Client,
}

impl Connection<'_> {
    pub(crate) async fn send(&self, base_url: &str, request: &Request) -> Result<Arc<Exchange>, Stop> {
        self.wire.heed_interrupt()?;
        self.wire.send_with(&self.client, base_url, request).await
    }
}

fn client() -> Result<reqwest::Client, Stop> {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .timeout(PATIENCE)
        .connect_timeout(PATIENCE)
        .pool_max_idle_per_host(4)
        .dns_resolver(Loopback)
        .user_agent(concat!("keyway-conformance/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| Stop::error(format!("no HTTP client could be made: {}", error.without_url())))
}

/// What became of a request that has no answer. The URL is left out, the cause is kept.
fn unanswered(line: &str, error: &reqwest::Error) -> Stop {
    let mut cause = String::new();
    let mut source = error.source();
    while let Some(inner) = source {
        cause = inner.to_string();
        source = inner.source();
    }
    let kind = if error.is_timeout() {
        "no answer in 10 seconds"
    } else if error.is_connect() {
        "no connection"
    } else {
        "the connection broke"
    };
    let cause = if cause.is_empty() {
        String::new()
    } else {
        format!(" ({cause})")
    };
    if error.is_connect() {
        Stop::Unreachable(format!("{kind}{cause}"))
    } else {
        Stop::error(format!("{line}: {kind}{cause}"))
    }
}
