//! The judge's own hand: plain HTTP, no redirects, and a memory of everything that came back.
//!
//! Nothing here knows a vendor. The generated clients are not used for judging, because a mistake that client and
//! server share would cancel out.

use std::error::Error as _;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use hyper_util::client::legacy::connect::HttpInfo;
use serde_json::Value;

use crate::exchange::{Exchange, Read};
use crate::resolver::{Loopback, is_loopback};
use crate::stop::Stop;

/// No answer in this time is no answer at all.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest `Retry-After` that is waited out.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// How long a connection that nothing comes by is kept. Usual servers end one after five seconds, and who asks at that very
/// moment gets a reset instead of an answer.
const IDLE: Duration = Duration::from_secs(3);
/// How long is waited after each 429 that does not say how long.
pub(crate) const BACK_OFF: [Duration; 3] = [
    Duration::from_millis(200),
    Duration::from_millis(500),
    Duration::from_secs(1),
];
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
    /// What is sent instead of a JSON body, where that is the point.
    pub(crate) raw: Option<Raw>,
}

/// Bytes as they are, under a media type or none.
#[derive(Clone)]
pub(crate) struct Raw {
    pub(crate) media_type: Option<&'static str>,
    pub(crate) bytes: Vec<u8>,
}

impl Request {
    pub(crate) fn new(method: &'static str, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            headers: Vec::new(),
            body: None,
            raw: None,
        }
    }

    /// With these bytes for a body.
    pub(crate) fn raw(self, media_type: Option<&'static str>, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            raw: Some(Raw {
                media_type,
                bytes: bytes.into(),
            }),
            body: None,
            ..self
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

    /// With more in its query.
    pub(crate) fn queried(mut self, pair: &str) -> Self {
        let joint = if self.path.contains('?') { '&' } else { '?' };
        self.path = format!("{}{joint}{pair}", self.path);
        self
    }

    /// The same for another name, where its body has one.
    pub(crate) fn named(mut self, name: &str) -> Self {
        let member = self.body.as_mut().and_then(|body| body.get_mut("name"));
        if let Some(member) = member.filter(|member| member.is_string()) {
            *member = name.into();
        }
        self
    }

    /// Method and path, for people.
    pub(crate) fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// A request as it went out, so that it can be told how to send it once more.
pub(crate) struct Sent {
    pub(crate) base_url: String,
    pub(crate) request: Request,
    /// The place in the transcript and the status of the answer; none as long as there is none.
    pub(crate) answer: OnceLock<(usize, u16)>,
}

/// Whether a request is sent although the run was asked to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// It belongs to a case: not after an interrupt.
    Judging,
    /// It cleans up: always.
    CleaningUp,
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

/// What a run may spend on a server.
#[derive(Default)]
pub(crate) struct Thrift {
    /// The least time between two requests.
    pub(crate) spacing: Duration,
    pub(crate) keys: Option<Keys>,
}

/// How many keys may be made, and by which request one is.
pub(crate) struct Keys {
    pub(crate) create: Request,
    pub(crate) at_most: usize,
    /// How many were made, or are being asked for.
    pub(crate) spent: AtomicUsize,
}

impl Keys {
    /// Whether a request would make a key, however its path is spelt.
    fn is_create(&self, request: &Request) -> bool {
        let bare = |path: &str| {
            let path = path.split('?').next().unwrap_or_default();
            path.trim_end_matches('/').to_ascii_lowercase()
        };
        request.method == self.create.method && bare(&request.path) == bare(&self.create.path)
    }

    fn spend(&self) -> Result<(), Stop> {
        let more = |spent| (spent < self.at_most).then_some(spent + 1);
        match self.spent.fetch_update(Ordering::SeqCst, Ordering::SeqCst, more) {
            Ok(_) => Ok(()),
            Err(_) => Err(Stop::skip(self.used_up())),
        }
    }

    pub(crate) fn is_used_up(&self) -> bool {
        self.spent.load(Ordering::SeqCst) >= self.at_most
    }

    pub(crate) fn used_up(&self) -> String {
        format!(
            "the {} keys that --budget leaves this vendor are made",
            self.at_most
        )
    }
}

/// Sends, and remembers every answer until the run is over.
pub(crate) struct Wire {
    clients: Clients,
    transcript: Mutex<Vec<Arc<Exchange>>>,
    sent: Mutex<Vec<Arc<Sent>>>,
    interrupt: Interrupt,
    pub(crate) thrift: Thrift,
    /// When the next request may go out.
    next: Mutex<Option<Instant>>,
    /// The longest that an answer took, in milliseconds.
    slowest: AtomicU64,
    /// The shortest, likewise.
    quickest: AtomicU64,
    /// How many requests were not answered since the last one that was.
    unanswered: AtomicUsize,
}

/// A target that has left so many requests unanswered, one after another, is not asked any more: each takes as long as our
/// patience. No case means to be left without so many answers.
const GIVEN_UP: usize = 12;

impl Wire {
    pub(crate) fn new(interrupt: Interrupt, thrift: Thrift, pooling: Pooling) -> Self {
        Self {
            clients: Clients::shaped(pooling, |builder| builder),
            transcript: Mutex::default(),
            sent: Mutex::default(),
            interrupt,
            thrift,
            next: Mutex::default(),
            slowest: AtomicU64::new(0),
            quickest: AtomicU64::new(u64::MAX),
            unanswered: AtomicUsize::new(0),
        }
    }

    /// Whether the target has stopped answering.
    pub(crate) fn is_given_up(&self) -> bool {
        self.unanswered.load(Ordering::Relaxed) >= GIVEN_UP
    }

    /// Sends, to a server elsewhere over a connection of its own: an idle one may have been closed by the server meanwhile,
    /// which nobody could tell from a request that broke it. A short rate limit is waited out.
    pub(crate) async fn send(&self, base_url: &str, request: &Request) -> Result<Arc<Exchange>, Stop> {
        self.send_for(Purpose::Judging, base_url, request).await
    }

    /// As [`send`](Self::send), for a purpose.
    pub(crate) async fn send_for(
        &self,
        purpose: Purpose,
        base_url: &str,
        request: &Request,
    ) -> Result<Arc<Exchange>, Stop> {
        self.send_with(&self.clients, purpose, base_url, request).await
    }

    /// Connections of its own: the first request opens one, the next ones reuse it if the server lets them.
    pub(crate) fn connection(&self) -> Connection<'_> {
        self.shaped(|builder| builder)
    }

    /// As [`connection`](Self::connection), with a client of another shape.
    pub(crate) fn shaped(&self, shape: Shape) -> Connection<'_> {
        Connection {
            wire: self,
            clients: Clients::shaped(Pooling::Kept, shape),
        }
    }

    /// Another wire that heeds the same interrupt. It keeps no pace and no budget.
    pub(crate) fn beside(&self) -> Self {
        Self::new(self.interrupt.clone(), Thrift::default(), self.clients.pooling)
    }

    /// Takes over another's transcript; returns by how much its places have moved.
    pub(crate) fn absorb(&self, other: &Self) -> usize {
        let mut transcript = self.transcript.lock().unwrap_or_else(PoisonError::into_inner);
        let behind = transcript.len();
        for exchange in other.transcript() {
            transcript.push(Arc::new(Exchange {
                number: exchange.number + behind,
                ..Exchange::clone(&exchange)
            }));
        }
        let slowest = other.slowest.load(Ordering::Relaxed);
        self.slowest.fetch_max(slowest, Ordering::Relaxed);
        behind
    }

    /// Every exchange so far.
    pub(crate) fn transcript(&self) -> Vec<Arc<Exchange>> {
        self.transcript
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The place of the last answer in the transcript.
    pub(crate) fn last(&self) -> Option<usize> {
        let transcript = self.transcript.lock().unwrap_or_else(PoisonError::into_inner);
        transcript.len().checked_sub(1)
    }

    /// How many requests went out so far.
    pub(crate) fn requests(&self) -> usize {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// The requests that went out from one on.
    pub(crate) fn sent_since(&self, from: usize) -> Vec<Arc<Sent>> {
        let sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        sent.get(from..).unwrap_or_default().to_vec()
    }

    /// Whether every answer so far took this long at least. One alone may be slow because it was the first.
    pub(crate) fn is_slower_than(&self, time: Duration) -> bool {
        let quickest = self.quickest.load(Ordering::Relaxed);
        quickest != u64::MAX && Duration::from_millis(quickest) >= time
    }

    /// The longest that an answer took.
    pub(crate) fn slowest(&self) -> Duration {
        Duration::from_millis(self.slowest.load(Ordering::Relaxed))
    }

    async fn keep_pace(&self) {
        if self.thrift.spacing.is_zero() {
            return;
        }
        let turn = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            let turn = next.unwrap_or_else(Instant::now).max(Instant::now());
            *next = Some(turn + self.thrift.spacing);
            turn
        };
        tokio::time::sleep_until(turn.into()).await;
    }

    fn heed_interrupt(&self, purpose: Purpose) -> Result<(), Stop> {
        if purpose == Purpose::Judging && self.interrupt.is_raised() {
            Err(Stop::Interrupted)
        } else {
            Ok(())
        }
    }

    async fn send_with(
        &self,
        clients: &Clients,
        purpose: Purpose,
        base_url: &str,
        request: &Request,
    ) -> Result<Arc<Exchange>, Stop> {
        let keys = self.thrift.keys.as_ref().filter(|keys| keys.is_create(request));
        if let Some(keys) = keys {
            keys.spend()?;
        }
        let ended = self.send_patiently(clients, purpose, base_url, request).await;
        let is_surely_not_made = match &ended {
            Ok(exchange) => (400..500).contains(&exchange.status),
            Err(stop) => !matches!(stop, Stop::Error(_)),
        };
        if let Some(keys) = keys
            && is_surely_not_made
        {
            keys.spent.fetch_sub(1, Ordering::SeqCst);
        }
        ended
    }

    async fn send_patiently(
        &self,
        clients: &Clients,
        purpose: Purpose,
        base_url: &str,
        request: &Request,
    ) -> Result<Arc<Exchange>, Stop> {
        let client = clients.to(base_url)?;
        for wait in BACK_OFF.into_iter().map(Some).chain([None]) {
            self.keep_pace().await;
            self.heed_interrupt(purpose)?;
            if self.is_given_up() {
                return Err(Stop::not_done(format!(
                    "{} was not sent: the target has stopped answering",
                    request.line()
                )));
            }
            let exchange = match self.exchange(client, base_url, request).await {
                // What was broken off before it answered may be asked once more if asking changes nothing.
                Err(Stop::Error(_)) if request.method == "GET" && clients.pooling == Pooling::Kept => {
                    self.exchange(client, base_url, request).await?
                }
                ended => ended?,
            };
            if exchange.status != 429 {
                return Ok(exchange);
            }
            let Some(wait) = wait.map(|usual| exchange.retry_after().unwrap_or(usual)) else {
                break;
            };
            if wait > LONGEST_WAIT {
                break;
            }
            tokio::time::sleep(wait).await;
        }
        Err(Stop::not_done(format!(
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
        let ended = self.try_exchange(client, base_url, request).await;
        match &ended {
            Ok(_) => self.unanswered.store(0, Ordering::Relaxed),
            Err(Stop::Error(_) | Stop::Unreachable(_)) => {
                self.unanswered.fetch_add(1, Ordering::Relaxed);
            }
            Err(_) => {}
        }
        ended
    }

    async fn try_exchange(
        &self,
        client: &reqwest::Client,
        base_url: &str,
        request: &Request,
    ) -> Result<Arc<Exchange>, Stop> {
        let failed = |error: reqwest::Error| unanswered(&request.line(), &error);
        let url = format!("{}{}", base_url.trim_end_matches('/'), request.path);
        let method = reqwest::Method::from_bytes(request.method.as_bytes())
            .map_err(|_| Stop::not_done("a method that HTTP does not know"))?;
        let mut builder = client.request(method, url);
        for (name, value) in &request.headers {
            let mut value = reqwest::header::HeaderValue::from_bytes(value.as_bytes())
                .map_err(|_| Stop::not_done(format!("the value of {name} cannot be sent in a header")))?;
            value.set_sensitive(true);
            builder = builder.header(*name, value);
        }
        if let Some(body) = &request.body {
            builder = builder
                .header("content-type", "application/json")
                .body(body.to_string());
        }
        if let Some(raw) = &request.raw {
            if let Some(media_type) = raw.media_type {
                builder = builder.header("content-type", media_type);
            }
            builder = builder.body(raw.bytes.clone());
        }
        let out = Arc::new(Sent {
            base_url: base_url.trim_end_matches('/').to_owned(),
            request: request.clone(),
            answer: OnceLock::new(),
        });
        self.sent
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(Arc::clone(&out));
        let sent = Instant::now();
        let mut response = builder.send().await.map_err(failed)?;
        let local = response.extensions().get::<HttpInfo>().map(HttpInfo::local_addr);
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()))
            .collect();
        let (status, version) = (response.status().as_u16(), response.version());
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
        let took = u64::try_from(sent.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.slowest.fetch_max(took, Ordering::Relaxed);
        self.quickest.fetch_min(took, Ordering::Relaxed);
        let mut transcript = self.transcript.lock().unwrap_or_else(PoisonError::into_inner);
        let exchange = Arc::new(Exchange {
            number: transcript.len(),
            method: request.method,
            path: request.path.clone(),
            status,
            headers,
            body,
            local,
            version,
            is_odd: request.raw.is_some(),
            read: Read::default(),
        });
        transcript.push(Arc::clone(&exchange));
        // Each request is sent and answered once, so there is nothing there yet.
        let _ = out.answer.set((exchange.number, status));
        Ok(exchange)
    }
}

/// Connections that nobody else sends over.
pub(crate) struct Connection<'a> {
    wire: &'a Wire,
    clients: Clients,
}

impl Connection<'_> {
    pub(crate) async fn send(&self, base_url: &str, request: &Request) -> Result<Arc<Exchange>, Stop> {
        self.wire
            .send_with(&self.clients, Purpose::Judging, base_url, request)
            .await
    }
}

/// Whether a connection serves several requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pooling {
    None,
    Kept,
}

/// The same client in the variants that its servers need, each made when it is first needed.
struct Clients {
    pooling: Pooling,
    shape: Shape,
    plain: OnceLock<reqwest::Client>,
    direct: OnceLock<reqwest::Client>,
    by_environment: OnceLock<reqwest::Client>,
}

/// What is peculiar to a client.
pub(crate) type Shape = fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder;

impl Clients {
    fn shaped(pooling: Pooling, shape: Shape) -> Self {
        Self {
            pooling,
            shape,
            plain: OnceLock::new(),
            direct: OnceLock::new(),
            by_environment: OnceLock::new(),
        }
    }

    fn to(&self, base_url: &str) -> Result<&reqwest::Client, Stop> {
        let way = Way::to(base_url);
        let made = match way {
            Way::Plain => &self.plain,
            Way::Direct => &self.direct,
            Way::ByEnvironment => &self.by_environment,
        };
        if let Some(client) = made.get() {
            return Ok(client);
        }
        let client = (self.shape)(builder(self.pooling, way))
            .build()
            .map_err(no_client)?;
        Ok(made.get_or_init(|| client))
    }
}

/// A client for one server that sends `headers` with every request beside those of the caller's.
pub(crate) fn client_for(
    base_url: &str,
    headers: reqwest::header::HeaderMap,
) -> Result<reqwest::Client, Stop> {
    let builder = builder(Pooling::None, Way::to(base_url)).default_headers(headers);
    builder.build().map_err(no_client)
}

fn no_client(error: reqwest::Error) -> Stop {
    Stop::not_done(format!("no HTTP client could be made: {}", error.without_url()))
}

/// How a server is reached.
#[derive(Clone, Copy)]
enum Way {
    /// In the clear. A proxy would read what is carried, so there is none; nor are certificates read, of which a machine
    /// has hundreds.
    Plain,
    /// By TLS to this machine: a proxy's loopback is another one.
    Direct,
    /// By TLS and through the proxy of the environment, if it has one.
    ByEnvironment,
}

impl Way {
    fn to(base_url: &str) -> Self {
        match url::Url::parse(base_url) {
            Ok(url) if url.scheme() == "http" => Self::Plain,
            Ok(url) if is_loopback(&url) => Self::Direct,
            _ => Self::ByEnvironment,
        }
    }
}

fn builder(pooling: Pooling, way: Way) -> reqwest::ClientBuilder {
    let builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .timeout(PATIENCE)
        .connect_timeout(PATIENCE)
        .pool_idle_timeout(IDLE)
        .pool_max_idle_per_host(match pooling {
            Pooling::None => 0,
            Pooling::Kept => 4,
        })
        .dns_resolver(Loopback)
        .user_agent(concat!("keyway-conformance/", env!("CARGO_PKG_VERSION")));
    match way {
        Way::Plain => builder.no_proxy().tls_certs_only([]),
        Way::Direct => builder.no_proxy(),
        Way::ByEnvironment => builder,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_and_this_machine_are_reached_without_a_proxy() {
        for (url, direct) in [
            ("http://192.0.2.1:9", true),
            ("http://acme.localhost:1", true),
            ("https://127.0.0.1:1", true),
            ("https://[::1]:1", true),
            ("https://api.reten.ai", false),
            ("https://localhost.example", false),
        ] {
            let by_environment = matches!(Way::to(url), Way::ByEnvironment);
            assert_eq!(!by_environment, direct, "{url}");
        }
    }
}
