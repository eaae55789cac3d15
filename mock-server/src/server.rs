//! The mock behind a socket: embeddable in a test, and what the binary serves.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderValue, StatusCode, header};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use keyway_openapi::Vendor;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::assumptions::AssumptionError;
use crate::body::{self, CONTROL_LIMIT, Unread, VENDOR_LIMIT};
use crate::call::{Peer, Request, Response, empty, json};
use crate::clock::Clock;
use crate::control::{self, Gate, Token};
use crate::delivery::{self, Body, Delivery, Manner, Traffic};
use crate::faults::Effect;
use crate::handle::WorldHandle;
use crate::mock::Mock;
use crate::refusal::Refusal;
#[cfg(feature = "tls")]
use crate::tls::Tls;
use crate::wire::{Fuse, Wire};
use crate::world::{Beginning, CheckAnswers, Explain, World};
use crate::worlds::{Premises, Worlds};

/// How long a client may take over its request head before it is cut off.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a server that was told to stop waits for requests that have begun.
const DRAIN: Duration = Duration::from_secs(30);
/// How many requests a client may have under way on one HTTP/2 connection.
const STREAMS: u32 = 200;
/// How often idle worlds are looked for.
const SWEEP: Duration = Duration::from_secs(5);
/// How long a world lives without being called, unless told otherwise.
const IDLE: Duration = Duration::from_secs(600);

/// A running mock of one or all vendors. Dropping it stops it.
///
/// It plays one world from the start, whose methods it has by dereference: clock, faults, journal, snapshots.
/// [`world`](Self::world) makes more of them.
///
/// ```
/// use keyway_mock::{MockServer, Vendor};
///
/// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // All vendors under their names …
/// let server = MockServer::start().await;
/// assert!(server.access(Vendor::Dolfin).base_url.ends_with("/dolfin"));
///
/// // … or one of them at the root.
/// let reten = MockServer::builder().vendor(Vendor::Reten).start().await?;
/// assert!(!reten.access(Vendor::Reten).base_url.ends_with("/reten"));
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct MockServer {
    address: SocketAddr,
    first: WorldHandle,
    worlds: Arc<Worlds>,
    stop: watch::Sender<bool>,
    serving: JoinHandle<()>,
}

impl MockServer {
    /// Starts all vendors on a free loopback port.
    ///
    /// # Panics
    /// If no loopback port can be had. A test has no better answer to that; [`Builder::start`] returns an error instead.
    pub async fn start() -> Self {
        match Self::builder().start().await {
            Ok(server) => server,
            Err(error) => panic!("could not start the mock server: {error}"),
        }
    }

    /// Settings for a server other than [`start`](Self::start)'s.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The address that is listened on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Scheme and address, `http://127.0.0.1:4010` for example.
    #[must_use]
    pub fn root(&self) -> String {
        self.worlds.root()
    }

    /// Where the control plane is.
    #[must_use]
    pub fn control_url(&self) -> String {
        self.worlds.control_url(None)
    }

    /// Address, control plane and the way into every vendor, as `keyway-mock serve --print json` prints it.
    #[must_use]
    pub fn all_access(&self) -> serde_json::Value {
        self.worlds.access(None)
    }

    /// Makes a world of one's own: the same vendors with a state, clock, faults and journal that nobody else sees.
    /// It ends when the handle is dropped.
    ///
    /// # Panics
    /// If there are 10,000 worlds already.
    #[must_use]
    pub fn world(&self) -> WorldHandle {
        match WorldHandle::fresh(&self.worlds) {
            Some(world) => world,
            None => panic!("there are as many worlds as a server holds; drop some handles"),
        }
    }

    /// Stops listening and waits until every request that has begun is answered.
    pub async fn shutdown(mut self) {
        let _ = self.stop.send(true);
        let _ = (&mut self.serving).await;
    }
}

impl std::ops::Deref for MockServer {
    type Target = WorldHandle;

    fn deref(&self) -> &WorldHandle {
        &self.first
    }
}

impl Drop for MockServer {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
    }
}

/// Settings of a [`MockServer`].
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `start`"]
pub struct Builder {
    only: Option<Vendor>,
    listen: SocketAddr,
    control: Option<SocketAddr>,
    clock: Clock,
    beginning: Beginning,
    idle: Duration,
    token: Option<Token>,
    #[cfg(feature = "tls")]
    tls: Option<Tls>,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            only: None,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            control: None,
            clock: Clock::default(),
            beginning: Beginning::default(),
            idle: IDLE,
            token: None,
            #[cfg(feature = "tls")]
            tls: None,
        }
    }
}

impl Builder {
    /// Plays this vendor only, at the root instead of under its name.
    pub fn vendor(mut self, vendor: Vendor) -> Self {
        self.only = Some(vendor);
        self
    }

    /// Listens on this address; port 0 takes a free one. The default is a free port on 127.0.0.1.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// Uses this clock for the first world.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Switches an assumption, given as `NAME=VALUE`, in every world.
    ///
    /// # Errors
    /// If the setting is not valid; the message names the nearest valid one.
    pub fn assume(mut self, setting: &str) -> Result<Self, AssumptionError> {
        self.beginning.assumptions.switch(setting)?;
        Ok(self)
    }

    /// Keeps so many exchanges in each world's journal; 0 switches the journal off. The default is 1000.
    pub fn journal(mut self, capacity: usize) -> Self {
        self.beginning.journal_capacity = capacity;
        self
    }

    /// Tells the reasons of refusals in answers too.
    pub fn explain(mut self, explain: Explain) -> Self {
        self.beginning.explain = explain;
        self
    }

    /// Holds every answer against the vendor's contract.
    pub fn check_answers(mut self, check: CheckAnswers) -> Self {
        self.beginning.check_answers = check;
        self
    }

    /// Ends a world that has not been called for so long. The default is ten minutes.
    pub fn idle(mut self, idle: Duration) -> Self {
        self.idle = idle;
        self
    }

    /// Lets callers from other machines use the control plane with this token. Without one only this machine may.
    pub fn control_token(mut self, token: &str) -> Self {
        self.token = Some(Token::new(token));
        self
    }

    /// Serves HTTPS instead of HTTP, with HTTP/2 and HTTP/1.1.
    #[cfg(feature = "tls")]
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// Serves the control plane at an address of its own instead of beside the vendors.
    pub fn control(mut self, address: SocketAddr) -> Self {
        self.control = Some(address);
        self
    }

    /// Starts the server.
    ///
    /// # Errors
    /// If an address cannot be listened on.
    pub async fn start(self) -> Result<MockServer, StartError> {
        let listener = listen(self.listen).await?;
        let address = listener.1;
        let control = match self.control {
            Some(control) => Some(listen(control).await?),
            None => None,
        };
        let mut seeded = Vec::new();
        for vendor in self.only.map_or(Vendor::ALL.to_vec(), |vendor| vec![vendor]) {
            seeded.push((vendor, Mock::new(vendor, &self.clock).await.1));
        }
        let premises = Premises {
            only: self.only,
            address,
            control: control.as_ref().map_or(address, |(_, address)| *address),
            scheme: self.scheme(),
            certificate_pem: self.certificate_pem(),
            seeded,
        };
        let worlds = Arc::new(Worlds::new(self.beginning, self.clock, premises, self.idle));
        let (stop, stopped) = watch::channel(false);
        let door = Door {
            worlds: Arc::clone(&worlds),
            leads: Leads::Everywhere,
            token: self.token,
            #[cfg(feature = "tls")]
            tls: self.tls,
        };
        let serving = match control {
            None => tokio::spawn(serve(listener.0, Arc::new(door), stopped)),
            Some((control, _)) => {
                let side = Door {
                    leads: Leads::ToControl,
                    ..door.clone()
                };
                let main = Door {
                    leads: Leads::ToVendors,
                    ..door
                };
                let side = serve(control, Arc::new(side), stopped.clone());
                let main = serve(listener.0, Arc::new(main), stopped);
                tokio::spawn(async {
                    tokio::join!(side, main);
                })
            }
        };
        Ok(MockServer {
            address,
            first: WorldHandle::first(&worlds),
            worlds,
            stop,
            serving,
        })
    }
}

async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let unavailable = |source| StartError {
        listen: address,
        source,
    };
    let listener = TcpListener::bind(address).await.map_err(unavailable)?;
    let address = listener.local_addr().map_err(unavailable)?;
    Ok((listener, address))
}

impl Builder {
    #[cfg(feature = "tls")]
    fn scheme(&self) -> &'static str {
        if self.tls.is_some() { "https" } else { "http" }
    }

    #[cfg(feature = "tls")]
    fn certificate_pem(&self) -> Option<String> {
        self.tls.as_ref().map(|tls| tls.certificate_pem().to_owned())
    }

    #[cfg(not(feature = "tls"))]
    fn certificate_pem(&self) -> Option<String> {
        None
    }

    #[cfg(not(feature = "tls"))]
    #[expect(clippy::unused_self, reason = "with TLS it depends on the settings")]
    fn scheme(&self) -> &'static str {
        "http"
    }
}

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {listen}")]
pub struct StartError {
    listen: SocketAddr,
    source: io::Error,
}

impl StartError {
    /// What the operating system said.
    #[must_use]
    pub fn kind(&self) -> io::ErrorKind {
        self.source.kind()
    }
}

/// Where requests come in.
#[derive(Clone, Debug)]
struct Door {
    worlds: Arc<Worlds>,
    leads: Leads,
    token: Option<Token>,
    #[cfg(feature = "tls")]
    tls: Option<Tls>,
}

/// What a door leads to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Leads {
    Everywhere,
    ToVendors,
    ToControl,
}

impl Door {
    async fn respond(&self, request: http::Request<Incoming>, peer: SocketAddr) -> (Response, Delivery) {
        let path = request.uri().path().to_owned();
        let Some((world, id, below)) = self.worlds.find(&path) else {
            return plainly(not_here(&self.worlds, "this world is not, or is no more"));
        };
        let control = below.strip_prefix(control::ROOT);
        let control = control.filter(|below| below.is_empty() || below.starts_with('/'));
        match (control, self.leads) {
            (Some(below), Leads::Everywhere | Leads::ToControl) => {
                return plainly(self.control(&world, id, request, peer, below).await);
            }
            (Some(_), Leads::ToVendors) => {
                return plainly(not_here(&self.worlds, "the control plane is elsewhere"));
            }
            (None, Leads::ToControl) => {
                return plainly(not_here(&self.worlds, "only the control plane is here"));
            }
            (None, _) => {}
        }
        match self.worlds.vendor(below) {
            None => plainly(not_here(&self.worlds, "no vendor is served under this path")),
            Some((vendor, "")) => self.play(&world, vendor, request, peer, "/").await,
            Some((vendor, path)) => self.play(&world, vendor, request, peer, path).await,
        }
    }

    async fn control(
        &self,
        world: &Arc<World>,
        id: Option<&str>,
        request: http::Request<Incoming>,
        peer: SocketAddr,
        below: &str,
    ) -> Response {
        let refused = |problem: &str| json(StatusCode::FORBIDDEN, &serde_json::json!({ "error": problem }));
        let gate = Gate::for_caller(
            request.headers(),
            host(request.uri()).as_ref(),
            peer.ip(),
            self.token.as_ref(),
        );
        match gate {
            // Whoever keeps a container alive asks from elsewhere, and learns nothing else.
            _ if control::is_harmless(request.method(), below) => {}
            Gate::Open => {}
            Gate::ForeignOrigin => {
                return refused("the control plane is not for pages of other origins or foreign host names");
            }
            Gate::NoToken => {
                return refused(
                    "the control plane is for this machine, or with the token of --control-token-file",
                );
            }
        }
        match whole(request, peer, CONTROL_LIMIT).await {
            Ok(request) => control::respond(&self.worlds, world, id, &request, below).await,
            Err(unread) => unread_as(
                &unread,
                json(StatusCode::PAYLOAD_TOO_LARGE, &"the body is over 256 MiB"),
            ),
        }
    }

    async fn play(
        &self,
        world: &World,
        vendor: Vendor,
        request: http::Request<Incoming>,
        peer: SocketAddr,
        path: &str,
    ) -> (Response, Delivery) {
        let meeting = world.meet(vendor, request.method().as_str(), path).await;
        if meeting.effect == Some(Effect::ResetBefore) {
            let reset = Delivery {
                delay: meeting.delay,
                manner: Manner::Reset,
            };
            return (empty(StatusCode::OK), reset);
        }
        match whole(request, peer, VENDOR_LIMIT).await {
            Ok(request) => world.answer(vendor, &request, path, meeting).await,
            Err(unread) => {
                let too_large = world.refuse(vendor, Refusal::TooLarge).await;
                plainly(unread_as(&unread, too_large))
            }
        }
    }
}

fn plainly(response: Response) -> (Response, Delivery) {
    (response, Delivery::default())
}

async fn whole(request: http::Request<Incoming>, peer: SocketAddr, limit: usize) -> Result<Request, Unread> {
    let (head, body) = request.into_parts();
    let mut request = Request::from_parts(head, body::read(body, limit).await?);
    request.extensions_mut().insert(Peer(peer.ip()));
    if let Some(host) = host(request.uri()) {
        request.headers_mut().insert(header::HOST, host);
    }
    Ok(request)
}

/// The host that a target names: always in HTTP/2, and in HTTP/1.1 sometimes, where it goes before the header
/// (RFC 9112, 3.2.2).
fn host(target: &http::Uri) -> Option<HeaderValue> {
    HeaderValue::from_str(target.authority()?.as_str()).ok()
}

/// The answer to a body that could not be read. Unless its end was reached the connection cannot be used again.
fn unread_as(unread: &Unread, too_large: Response) -> Response {
    match unread {
        Unread::TooLarge { drained: true } => too_large,
        Unread::TooLarge { drained: false } => closing(too_large),
        Unread::Broken => closing(empty(StatusCode::BAD_REQUEST)),
        Unread::Late => closing(empty(StatusCode::REQUEST_TIMEOUT)),
    }
}

fn closing(mut response: Response) -> Response {
    response
        .headers_mut()
        .insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// The answer to a path of no world or vendor: it says where the vendors are.
fn not_here(worlds: &Worlds, message: &str) -> Response {
    let roots: Vec<_> = worlds.vendors().map(|vendor| format!("/{vendor}")).collect();
    json(
        StatusCode::NOT_FOUND,
        &serde_json::json!({ "message": message, "vendors": roots }),
    )
}

async fn serve(listener: TcpListener, door: Arc<Door>, mut stopped: watch::Receiver<bool>) {
    let mut connections = tokio::task::JoinSet::new();
    let mut sweep = tokio::time::interval(SWEEP);
    loop {
        tokio::select! {
            () = told(&mut stopped) => break,
            _ = sweep.tick() => door.worlds.sweep(),
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    connections.spawn(converse(stream, peer, Arc::clone(&door), stopped.clone()));
                }
                // Out of file descriptors, most likely: let connections end before accepting the next.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            },
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

/// Stands for the answer that is not sent: hyper closes the connection, and [`Wire`] makes that a reset.
#[derive(Debug, thiserror::Error)]
#[error("reset by an injected fault")]
struct Reset;

async fn converse(stream: TcpStream, peer: SocketAddr, door: Arc<Door>, stopped: watch::Receiver<bool>) {
    let _ = stream.set_nodelay(true);
    let (wire, fuse) = Wire::new(stream);
    #[cfg(feature = "tls")]
    if let Some(tls) = &door.tls {
        let greeted = tokio::time::timeout(HEAD_TIMEOUT, tls.acceptor().accept(wire)).await;
        if let Ok(Ok(wire)) = greeted {
            exchange(wire, fuse, peer, Arc::clone(&door), stopped).await;
        }
        return;
    }
    exchange(wire, fuse, peer, door, stopped).await;
}

async fn exchange<I>(io: I, fuse: Fuse, peer: SocketAddr, door: Arc<Door>, mut stopped: watch::Receiver<bool>)
where
    I: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let traffic = Arc::new(Traffic::default());
    let service = service_fn(|request| {
        let door = Arc::clone(&door);
        let fuse = fuse.clone();
        let under_way = traffic.begin();
        async move {
            let (response, how) = door.respond(request, peer).await;
            if !how.delay.is_zero() {
                tokio::time::sleep(how.delay).await;
            }
            if how.manner == Manner::Reset {
                fuse.blow();
                return Err(Reset);
            }
            Ok::<http::Response<Body>, Reset>(delivery::send(response, how.manner, under_way))
        }
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS);
    let connection = builder.serve_connection(TokioIo::new(io), service);
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        // A broken connection is the client's affair; there is nobody left to tell.
        _ = connection.as_mut() => return,
        () = unused(&traffic) => return,
        () = told(&mut stopped) => connection.as_mut().graceful_shutdown(),
    }
    tokio::select! {
        _ = connection => {}
        () = finished(&traffic) => {}
    }
}

/// Returns when a client has had time enough for its first request and has not sent one.
async fn unused(traffic: &Traffic) {
    tokio::time::sleep(HEAD_TIMEOUT).await;
    if !traffic.is_untouched() {
        std::future::pending::<()>().await;
    }
}

/// Returns when every request that has begun is answered, and its answer has had a moment to leave; or when the
/// patience is over. A client that keeps its connection open is not waited for.
async fn finished(traffic: &Traffic) {
    let all_answered = async {
        let mut quiet = 0;
        while quiet < 3 {
            tokio::time::sleep(Duration::from_millis(50)).await;
            quiet = if traffic.is_at_rest() { quiet + 1 } else { 0 };
        }
    };
    let _ = tokio::time::timeout(DRAIN, all_answered).await;
}

/// Returns when the server is told to stop, or is gone.
async fn told(stopped: &mut watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stop| *stop).await;
}
