//! The mock behind a socket: embeddable in a test, and what the binary serves.

use std::collections::HashMap;
use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use keyway_openapi::Vendor;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::access::{Access, Credentials};
use crate::assumptions::{AssumptionError, Assumptions};
use crate::body::{self, Unread};
use crate::call::{Peer, Request, Response, empty};
use crate::clock::Clock;
use crate::dialect::Seeded;
use crate::mock::Mock;

/// How long a client may take over its request head before it is cut off.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// A running mock of one or all vendors. Dropping it stops it.
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
    clock: Clock,
    access: HashMap<Vendor, Access>,
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
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The address that is listened on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The vendors served, in their usual order.
    #[must_use]
    pub fn vendors(&self) -> Vec<Vendor> {
        Vendor::ALL
            .into_iter()
            .filter(|vendor| self.access.contains_key(vendor))
            .collect()
    }

    /// The way into a vendor.
    ///
    /// # Panics
    /// If this server was built for another vendor only.
    #[must_use]
    pub fn access(&self, vendor: Vendor) -> &Access {
        match self.access.get(&vendor) {
            Some(access) => access,
            None => panic!("this server does not play {vendor}"),
        }
    }

    /// The clock of this server: turn it to let keys expire.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Stops listening and waits until every request that has begun is answered.
    pub async fn shutdown(mut self) {
        let _ = self.stop.send(true);
        let _ = (&mut self.serving).await;
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
    clock: Clock,
    assumptions: Assumptions,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            only: None,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            clock: Clock::default(),
            assumptions: Assumptions::default(),
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

    /// Uses this clock.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Switches an assumption, given as `NAME=VALUE`.
    ///
    /// # Errors
    /// If the setting is not valid; the message names the nearest valid one.
    pub fn assume(mut self, setting: &str) -> Result<Self, AssumptionError> {
        self.assumptions.switch(setting)?;
        Ok(self)
    }

    /// Starts the server.
    ///
    /// # Errors
    /// If the address cannot be listened on.
    pub async fn start(self) -> Result<MockServer, StartError> {
        let unavailable = |source| StartError {
            listen: self.listen,
            source,
        };
        let listener = TcpListener::bind(self.listen).await.map_err(unavailable)?;
        let address = listener.local_addr().map_err(unavailable)?;
        let (mocks, access) = self.play(address).await;
        let (stop, stopped) = watch::channel(false);
        let serving = tokio::spawn(serve(listener, Arc::new(mocks), stopped));
        Ok(MockServer {
            address,
            clock: self.clock,
            access,
            stop,
            serving,
        })
    }

    async fn play(&self, address: SocketAddr) -> (Mocks, HashMap<Vendor, Access>) {
        let vendors = self.only.map_or(Vendor::ALL.to_vec(), |vendor| vec![vendor]);
        let mut access = HashMap::new();
        let mut playing = HashMap::new();
        for vendor in vendors {
            let (mock, seeded) = Mock::new(vendor, self.clock.clone(), self.assumptions.clone()).await;
            let below = if self.only.is_some() {
                String::new()
            } else {
                format!("/{vendor}")
            };
            access.insert(vendor, way_in(address, &below, seeded));
            playing.insert(vendor, mock);
        }
        (
            Mocks {
                only: self.only,
                playing,
            },
            access,
        )
    }
}

fn way_in(address: SocketAddr, below: &str, seeded: Seeded) -> Access {
    let base_url = format!("http://{address}{below}");
    let other_base_url = match seeded.other_host {
        Some(host) => format!("http://{host}:{}{below}", address.port()),
        None => base_url.clone(),
    };
    let Seeded {
        tenant,
        other_tenant,
        admin,
        limited,
        other,
        ..
    } = seeded;
    Access {
        base_url,
        tenant: tenant.to_owned(),
        other_tenant: other_tenant.to_owned(),
        other_base_url,
        credentials: Credentials {
            admin,
            limited,
            other,
        },
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

/// The vendors of one server.
#[derive(Debug)]
struct Mocks {
    only: Option<Vendor>,
    playing: HashMap<Vendor, Mock>,
}

impl Mocks {
    /// The vendor that a path belongs to, and the path below that vendor's root.
    fn route<'p>(&self, path: &'p str) -> Option<(&Mock, &'p str)> {
        if let Some(vendor) = self.only {
            return Some((self.playing.get(&vendor)?, path));
        }
        let below = path.strip_prefix('/')?;
        let name = below.split('/').next()?;
        let vendor = Vendor::ALL.into_iter().find(|vendor| vendor.name() == name)?;
        Some((self.playing.get(&vendor)?, &below[name.len()..]))
    }

    async fn respond(&self, request: http::Request<Incoming>, peer: SocketAddr) -> Response {
        let (head, body) = request.into_parts();
        let Some((mock, path)) = self.route(head.uri.path()) else {
            return no_vendor();
        };
        let path = if path.is_empty() { "/" } else { path };
        let body = match body::read(body).await {
            Ok(body) => body,
            Err(Unread::TooLarge { drained: true }) => return mock.too_large(),
            Err(Unread::TooLarge { drained: false }) => return closing(mock.too_large()),
            Err(Unread::Broken) => return closing(empty(StatusCode::BAD_REQUEST)),
            Err(Unread::Late) => return closing(empty(StatusCode::REQUEST_TIMEOUT)),
        };
        let path = path.to_owned();
        let mut request = Request::from_parts(head, body);
        request.extensions_mut().insert(Peer(peer.ip()));
        mock.respond(&request, &path).await
    }
}

async fn serve(listener: TcpListener, mocks: Arc<Mocks>, mut stopped: watch::Receiver<bool>) {
    let mut connections = tokio::task::JoinSet::new();
    loop {
        tokio::select! {
            () = told(&mut stopped) => break,
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    connections.spawn(converse(stream, peer, Arc::clone(&mocks), stopped.clone()));
                }
                // Out of file descriptors, most likely: let connections end before accepting the next.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            },
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

async fn converse(
    stream: TcpStream,
    peer: SocketAddr,
    mocks: Arc<Mocks>,
    mut stopped: watch::Receiver<bool>,
) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| {
        let mocks = Arc::clone(&mocks);
        async move {
            let response = mocks.respond(request, peer).await;
            Ok::<_, Infallible>(response.map(Full::<Bytes>::new))
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        // A broken connection is the client's affair; there is nobody left to tell.
        _ = connection.as_mut() => {}
        () = told(&mut stopped) => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}

/// Returns when the server is told to stop, or is gone.
async fn told(stopped: &mut watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stop| *stop).await;
}

/// The answer to a path of no vendor: it says where the vendors are.
fn no_vendor() -> Response {
    let roots = Vendor::ALL.map(|vendor| format!("/{vendor}"));
    let body = serde_json::json!({
        "message": "no vendor is served under this path",
        "vendors": roots,
    });
    crate::call::json(StatusCode::NOT_FOUND, &body)
}

/// The rest of the request has not been read, so the connection cannot be used again.
fn closing(mut response: Response) -> Response {
    response
        .headers_mut()
        .insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}
