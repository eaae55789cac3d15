//! The mock behind a socket: embeddable in a test, and what the binary serves.

mod builder;
mod connection;
mod door;
mod watched;

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::handle::WorldHandle;
use crate::world::Novelty;
use crate::worlds::Worlds;

pub use builder::{Builder, StartError};

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
    novelty: Novelty,
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

    /// Whether the state began with this server. It did not if it was in the store before; then the users and keys of
    /// the settings have not been made.
    #[must_use]
    pub fn has_new_state(&self) -> bool {
        self.novelty == Novelty::New
    }

    /// The OpenAPI document of the control plane.
    #[must_use]
    pub fn control_document() -> &'static serde_json::Value {
        crate::control::document()
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

    /// The ids of the worlds besides the first, whoever made them.
    #[must_use]
    pub fn worlds(&self) -> Vec<String> {
        self.worlds.ids()
    }

    /// Ends a world by its id, made over HTTP for example; whether it was there.
    pub fn end_world(&self, id: &str) -> bool {
        self.worlds.end(id)
    }

    /// Stops listening and waits until every request that has begun is answered.
    pub async fn shutdown(mut self) {
        let _ = self.stop.send(true);
        let _ = (&mut self.serving).await;
        self.first.conclude().await;
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
