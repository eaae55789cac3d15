//! Which world, vendor or control plane a request is for, and that its body is read before it gets there.

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use hyper::body::Incoming;
use keyway_openapi::Vendor;

use crate::body::{self, CONTROL_LIMIT, Linger, VENDOR_LIMIT};
use crate::call::{Origin, Request, Response, empty};
use crate::control::{self, Gate, Token};
use crate::delivery::Delivery;
#[cfg(feature = "tls")]
use crate::tls::Tls;
use crate::world::World;
use crate::worlds::Worlds;

/// Where requests come in.
#[derive(Clone, Debug)]
pub(super) struct Door {
    pub(super) worlds: Arc<Worlds>,
    pub(super) leads: Leads,
    pub(super) token: Option<Token>,
    #[cfg(feature = "tls")]
    pub(super) tls: Option<Tls>,
}

/// What a door leads to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Leads {
    Everywhere,
    ToVendors,
    ToControl,
}

impl Door {
    pub(super) async fn respond(
        &self,
        request: http::Request<Incoming>,
        peer: SocketAddr,
    ) -> (Response, Delivery) {
        if !names_one_host(&request) {
            return turned_away(request, empty(StatusCode::BAD_REQUEST)).await;
        }
        // A clone shares what it is made of; the request moves on.
        let target = request.uri().clone();
        let path = target.path();
        let Some((world, id, below)) = self.worlds.find(path) else {
            return turned_away(request, not_here("this world is not, or is no more")).await;
        };
        let control = below.strip_prefix(control::ROOT);
        let control = control.filter(|below| below.is_empty() || below.starts_with('/'));
        match (control, self.leads) {
            (Some(below), Leads::Everywhere | Leads::ToControl) => {
                return plainly(self.control(&world, id, request, peer, below).await);
            }
            (Some(_), Leads::ToVendors) => {
                return turned_away(request, not_here("the control plane is elsewhere")).await;
            }
            (None, Leads::ToControl) => {
                return turned_away(request, not_here("only the control plane is here")).await;
            }
            (None, _) => {}
        }
        match self.worlds.vendor(below) {
            None => turned_away(request, no_vendor(&self.worlds)).await,
            Some((vendor, below)) => {
                let root = path.strip_suffix(below).unwrap_or_default();
                let origin = Origin {
                    peer: Some(peer),
                    root: if below.is_empty() { "" } else { root },
                };
                let below = if below.is_empty() { "/" } else { below };
                self.play(&world, vendor, request, below, origin).await
            }
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
                let problem = "the control plane is not for pages of other origins or foreign host names";
                return refused(request, control::refused(StatusCode::FORBIDDEN, problem)).await;
            }
            Gate::NoToken => {
                let problem =
                    "the control plane is for this machine, or with the control token as a bearer token";
                return refused(request, control::refused(StatusCode::FORBIDDEN, problem)).await;
            }
        }
        let (mut request, body) = apart(request);
        let linger = Linger::for_client(request.version(), request.headers());
        match body::read(body, CONTROL_LIMIT, linger).await {
            Ok(body) => {
                *request.body_mut() = body;
                control::respond(&self.worlds, world, id, &request, below).await
            }
            Err(unread) => {
                let mut answer = control::unreadable(&unread);
                unread.end(&mut answer);
                answer
            }
        }
    }

    async fn play(
        &self,
        world: &World,
        vendor: Vendor,
        request: http::Request<Incoming>,
        path: &str,
        origin: Origin<'_>,
    ) -> (Response, Delivery) {
        let (head, body) = apart(request);
        let linger = Linger::for_client(head.version(), head.headers());
        let visit = world.receive(vendor, head, path, origin);
        let body = if visit.is_reset_unread() {
            Ok(Bytes::new())
        } else {
            body::read(body, VENDOR_LIMIT, linger).await
        };
        visit.answer(body).await
    }
}

/// Whether the host is named once, as it has to be in HTTP/1.1 (RFC 9112, 3.2). HTTP/2 names it in the target.
fn names_one_host(request: &http::Request<Incoming>) -> bool {
    match (
        request.version(),
        request.headers().get_all(header::HOST).iter().count(),
    ) {
        (_, 1) => true,
        (version, 0) => version != http::Version::HTTP_11,
        _ => false,
    }
}

/// A refusal of what nobody is there for. The body is read and thrown away, so that the connection can go on; where that
/// takes too much, the answer says that it is the last.
async fn refused(request: http::Request<Incoming>, mut answer: Response) -> Response {
    let linger = Linger::for_client(request.version(), request.headers());
    if let Err(unread) = body::read(request.into_body(), 0, linger).await {
        unread.end(&mut answer);
    }
    answer
}

async fn turned_away(request: http::Request<Incoming>, answer: Response) -> (Response, Delivery) {
    plainly(refused(request, answer).await)
}

fn plainly(response: Response) -> (Response, Delivery) {
    (response, Delivery::default())
}

/// A request without its body, and its body.
fn apart(request: http::Request<Incoming>) -> (Request, Incoming) {
    let (head, body) = request.into_parts();
    let mut head = Request::from_parts(head, Bytes::new());
    if let Some(host) = host(head.uri()) {
        head.headers_mut().insert(header::HOST, host);
    }
    (head, body)
}

/// The host that a target names: always in HTTP/2, and in HTTP/1.1 sometimes, where it goes before the header
/// (RFC 9112, 3.2.2).
fn host(target: &http::Uri) -> Option<HeaderValue> {
    HeaderValue::from_str(target.authority()?.as_str()).ok()
}

/// The answer to a path of no world, or that is served at another address.
fn not_here(message: &str) -> Response {
    control::refused(StatusCode::NOT_FOUND, message)
}

/// The answer to a path of no vendor: it says where the vendors are.
fn no_vendor(worlds: &Worlds) -> Response {
    let roots: Vec<_> = worlds.vendors().map(|vendor| format!("/{vendor}")).collect();
    not_here(&format!(
        "no vendor is served under this path; there are {}",
        roots.join(", ")
    ))
}
