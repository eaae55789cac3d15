//! What a Rust test holds of a world: the way in, and everything the control plane can do.

use std::sync::Arc;

use keyway_openapi::Vendor;

use crate::access::Access;
use crate::assumptions::AssumptionError;
use crate::clock::Clock;
use crate::faults::{Fault, FaultError};
use crate::journal::Calls;
use crate::world::{Snapshot, SnapshotError, World};
use crate::worlds::Worlds;

/// A world of a [`MockServer`](crate::MockServer). Unless it is the server's first, it ends with this handle.
///
/// ```
/// use keyway_mock::{MockServer, Vendor};
///
/// # #[tokio::main] async fn main() {
/// let server = MockServer::start().await;
/// let (mine, yours) = (server.world(), server.world());
/// assert_ne!(mine.access(Vendor::Reten).base_url, yours.access(Vendor::Reten).base_url);
/// mine.clock().advance(std::time::Duration::from_secs(3600)); // yours goes on as before
/// mine.journal().calls("createApiKey").expect(0);
/// # }
/// ```
#[derive(Debug)]
pub struct WorldHandle {
    worlds: Arc<Worlds>,
    world: Arc<World>,
    /// `None` is the first world, which ends with its server.
    id: Option<String>,
}

impl WorldHandle {
    pub(crate) fn first(worlds: &Arc<Worlds>) -> Self {
        Self {
            worlds: Arc::clone(worlds),
            world: Arc::clone(&worlds.first),
            id: None,
        }
    }

    pub(crate) fn fresh(worlds: &Arc<Worlds>) -> Option<Self> {
        let id = worlds.make()?;
        let world = worlds.get(&id)?;
        Some(Self {
            worlds: Arc::clone(worlds),
            world,
            id: Some(id),
        })
    }

    /// The vendors played, in their usual order.
    #[must_use]
    pub fn vendors(&self) -> Vec<Vendor> {
        self.worlds.vendors().collect()
    }

    /// The way into a vendor.
    ///
    /// # Panics
    /// If the server was built for another vendor only.
    #[must_use]
    pub fn access(&self, vendor: Vendor) -> Access {
        match self.worlds.way_in(self.id.as_deref(), vendor) {
            Some(access) => access,
            None => panic!("this server does not play {vendor}"),
        }
    }

    /// The clock: turn it to let keys expire.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.world.clock
    }

    /// Adds a fault to those in force.
    ///
    /// # Errors
    /// If the fault cannot be: there is no such operation, or a number is out of range.
    pub fn inject(&self, fault: Fault) -> Result<(), FaultError> {
        self.world.faults.add(fault)
    }

    /// The faults in force.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        self.world.faults.list()
    }

    /// Takes all faults away.
    pub fn clear_faults(&self) {
        self.world.faults.clear();
    }

    /// The exchanges so far: `server.journal().calls("revokeApiKey").expect(1)`.
    #[must_use]
    pub fn journal(&self) -> Calls {
        Calls::new(self.world.journal.entries())
    }

    /// Forgets the exchanges so far.
    pub fn clear_journal(&self) {
        self.world.journal.clear();
    }

    /// Switches an assumption, given as `NAME=VALUE`.
    ///
    /// # Errors
    /// If the setting is not valid; the message names the nearest valid one.
    pub fn assume(&self, setting: &str) -> Result<(), AssumptionError> {
        self.world.assume(setting)
    }

    /// Puts everything back to the beginning: state, clock, faults, journal and assumptions.
    pub fn reset(&self) {
        self.world.reset();
    }

    /// The state of every vendor: digests of secrets, never a secret.
    pub async fn snapshot(&self) -> Snapshot {
        self.world.snapshot().await
    }

    /// Puts a snapshot back; keys that were alive in it authenticate again, those revoked in it do not.
    ///
    /// # Errors
    /// If it was made by another version or is not sound; nothing is changed then.
    pub async fn restore(&self, snapshot: Snapshot) -> Result<(), SnapshotError> {
        self.world.restore(snapshot).await
    }

    /// The counters, in the text format that Prometheus reads.
    #[must_use]
    pub fn metrics(&self) -> String {
        self.world.metrics.text(self.worlds.count())
    }
}

impl Drop for WorldHandle {
    fn drop(&mut self) {
        if let Some(id) = &self.id {
            self.worlds.end(id);
        }
    }
}
