//! What a Rust test holds of a world of a server: the way in, and the world itself.

use std::sync::Arc;

use keyway_openapi::Vendor;

use crate::access::Access;
use crate::keys::KeyBuilder;
use crate::seed::{PrincipalBuilder, SeedKeyBuilder};
use crate::world::World;
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

    /// Where the control plane of this world is.
    #[must_use]
    pub fn control_url(&self) -> String {
        self.worlds.control_url(self.id.as_deref())
    }

    /// Address, control plane and the way into every vendor, as `GET /_keyway/access` answers it.
    #[must_use]
    pub fn all_access(&self) -> serde_json::Value {
        self.worlds.access(self.id.as_deref())
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
}

impl WorldHandle {
    /// A key to be made in this world.
    ///
    /// # Panics
    /// If the server was built for another vendor only.
    pub fn key(&self, vendor: Vendor) -> KeyBuilder<'_> {
        match self.worlds.seeded(vendor) {
            Some(seeded) => KeyBuilder::new(&self.world, seeded, vendor),
            None => panic!("this server does not play {vendor}"),
        }
    }

    /// A principal of one's own to be made in this world: a user, or a key where users do not sign in.
    ///
    /// # Panics
    /// If the server was built for another vendor only.
    pub fn principal(&self, vendor: Vendor) -> PrincipalBuilder<'_> {
        PrincipalBuilder::new(&self.world, self.played(vendor))
    }

    /// A key to be made directly: with any grants, and with any end, so that it can be expired at once.
    ///
    /// # Panics
    /// If the server was built for another vendor only.
    pub fn seed_key(&self, vendor: Vendor) -> SeedKeyBuilder<'_> {
        SeedKeyBuilder::new(&self.world, self.played(vendor))
    }

    fn played(&self, vendor: Vendor) -> Vendor {
        match self.worlds.seeded(vendor) {
            Some(_) => vendor,
            None => panic!("this server does not play {vendor}"),
        }
    }
}

impl std::ops::Deref for WorldHandle {
    type Target = World;

    fn deref(&self) -> &World {
        &self.world
    }
}

impl Drop for WorldHandle {
    fn drop(&mut self) {
        if let Some(id) = &self.id {
            self.worlds.end(id);
        }
    }
}
