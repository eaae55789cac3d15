//! All worlds of a server: the first, and those that tests make for themselves.

use std::collections::HashMap;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use keyway_openapi::Vendor;
use parking_lot::RwLock;
use serde_json::{Map, Value, json};

use crate::access::{Access, Credentials};
use crate::clock::Clock;
use crate::dialect::Seeded;
use crate::entropy::Entropy;
use crate::world::{Beginning, World};

/// How many worlds a server holds at once, the first not counted.
const LIMIT: usize = 10_000;

/// What marks the first segment of a path as a world's.
const MARK: &str = "/~";

/// The worlds of a server, and what is needed to say how to get into one.
#[derive(Debug)]
pub(crate) struct Worlds {
    pub(crate) first: Arc<World>,
    others: RwLock<HashMap<String, Arc<World>>>,
    beginning: Beginning,
    premises: Premises,
    idle: Duration,
}

/// Where a server is, and whom it plays.
#[derive(Debug)]
pub(crate) struct Premises {
    /// The one vendor that is played at the root, if not all under their names.
    pub(crate) only: Option<Vendor>,
    pub(crate) address: SocketAddr,
    /// Where the control plane is listened for.
    pub(crate) control: SocketAddr,
    /// `http` or `https`.
    pub(crate) scheme: &'static str,
    /// What clients have to trust, if it is HTTPS.
    pub(crate) certificate_pem: Option<String>,
    /// The same in every world, because the ready-made principals are.
    pub(crate) seeded: Vec<(Vendor, Seeded)>,
}

impl Worlds {
    pub(crate) fn new(first: World, beginning: Beginning, premises: Premises, idle: Duration) -> Self {
        Self {
            first: Arc::new(first),
            others: RwLock::default(),
            beginning,
            premises,
            idle,
        }
    }

    /// Makes a world; `None` if there are too many.
    pub(crate) fn make(&self) -> Option<String> {
        let id = Entropy::System.hex(12);
        let mut others = self.others.write();
        if others.len() >= LIMIT {
            return None;
        }
        let world = World::new(self.beginning.clone(), Clock::default());
        others.insert(id.clone(), Arc::new(world));
        Some(id)
    }

    /// Ends a world; whether it was there.
    pub(crate) fn end(&self, id: &str) -> bool {
        self.others.write().remove(id).is_some()
    }

    pub(crate) fn get(&self, id: &str) -> Option<Arc<World>> {
        self.others.read().get(id).cloned()
    }

    pub(crate) fn ids(&self) -> Vec<String> {
        self.others.read().keys().cloned().collect()
    }

    /// Ends the worlds that nobody has called for the idle time. Whoever is in one, with a request or by a handle,
    /// keeps it.
    pub(crate) fn sweep(&self) {
        let idle = u64::try_from(self.idle.as_millis()).unwrap_or(u64::MAX);
        self.others
            .write()
            .retain(|_, world| Arc::strong_count(world) > 1 || !world.has_been_idle(idle));
    }

    /// The vendors that are played.
    pub(crate) fn vendors(&self) -> impl Iterator<Item = Vendor> {
        self.premises.seeded.iter().map(|(vendor, _)| *vendor)
    }

    /// The world that a path belongs to, its id unless it is the first, and the path below it.
    pub(crate) fn find<'p>(&self, path: &'p str) -> Option<(Arc<World>, Option<&'p str>, &'p str)> {
        let Some(rest) = path.strip_prefix(MARK) else {
            return Some((Arc::clone(&self.first), None, path));
        };
        let end = rest.find('/').unwrap_or(rest.len());
        let (id, below) = rest.split_at(end);
        Some((self.get(id)?, Some(id), below))
    }

    /// The vendor that a path below a world belongs to, and the path below that vendor's root.
    pub(crate) fn vendor<'p>(&self, path: &'p str) -> Option<(Vendor, &'p str)> {
        if let Some(vendor) = self.premises.only {
            return Some((vendor, path));
        }
        let below = path.strip_prefix('/')?;
        let name = below.split('/').next()?;
        let vendor = self.vendors().find(|vendor| vendor.name() == name)?;
        Some((vendor, &below[name.len()..]))
    }

    /// The ready-made principals of a vendor.
    pub(crate) fn seeded(&self, vendor: Vendor) -> Option<&Seeded> {
        self.premises
            .seeded
            .iter()
            .find_map(|(known, seeded)| (*known == vendor).then_some(seeded))
    }

    /// The way into a vendor of a world.
    pub(crate) fn way_in(&self, id: Option<&str>, vendor: Vendor) -> Option<Access> {
        let seeded = self.seeded(vendor)?;
        let below = match (id, self.premises.only) {
            (None, Some(_)) => String::new(),
            (None, None) => format!("/{vendor}"),
            (Some(id), Some(_)) => format!("{MARK}{id}"),
            (Some(id), None) => format!("{MARK}{id}/{vendor}"),
        };
        Some(way_in(seeded, &self.root(), &below))
    }

    /// Scheme and address.
    pub(crate) fn root(&self) -> String {
        let Premises { scheme, address, .. } = &self.premises;
        format!("{scheme}://{}", reachable(*address))
    }

    /// Where the control plane of a world is.
    pub(crate) fn control_url(&self, id: Option<&str>) -> String {
        let Premises { scheme, control, .. } = &self.premises;
        let world = id.map_or(String::new(), |id| format!("{MARK}{id}"));
        format!(
            "{scheme}://{}{world}{}",
            reachable(*control),
            crate::control::ROOT
        )
    }

    /// Everything that a client needs to get into a world.
    pub(crate) fn access(&self, id: Option<&str>) -> Value {
        let vendors: Map<String, Value> = self
            .vendors()
            .filter_map(|vendor| Some((vendor.name().to_owned(), json!(self.way_in(id, vendor)?))))
            .collect();
        let mut access = json!({
            "listen": self.premises.address.to_string(),
            "control": self.control_url(id),
            "vendors": vendors,
        });
        if let Some(id) = id {
            access["world"] = Value::from(id);
        }
        if let Some(certificate) = &self.premises.certificate_pem {
            access["certificate_pem"] = Value::from(certificate.as_str());
        }
        access
    }
}

/// Where a client of this machine reaches a listener: every address is listened on, none of them can be dialled.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    address
}

/// The way into a vendor, given its server's root and the path below it.
pub(crate) fn way_in(seeded: &Seeded, server: &str, below: &str) -> Access {
    let base_url = format!("{server}{below}");
    let other_base_url = match (
        seeded.other_host,
        server.split_once("://"),
        server.rsplit_once(':'),
    ) {
        (Some(host), Some((scheme, _)), Some((_, port))) => format!("{scheme}://{host}:{port}{below}"),
        _ => base_url.clone(),
    };
    Access {
        base_url,
        tenant: seeded.tenant.to_owned(),
        other_tenant: seeded.other_tenant.to_owned(),
        other_base_url,
        credentials: Credentials {
            admin: seeded.admin.clone(),
            limited: seeded.limited.clone(),
            other: seeded.other.clone(),
        },
    }
}
