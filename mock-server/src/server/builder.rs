//! What a server can be told before it starts, and its start.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use keyway_openapi::Vendor;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::MockServer;
use super::connection::serve;
use super::door::{Door, Leads};
use crate::assumptions::AssumptionError;
use crate::clock::Clock;
use crate::control::Token;
use crate::handle::WorldHandle;
use crate::mock::Mock;
use crate::sabotage::{Sabotage, SabotageError};
use crate::seed::{IssuedSeeds, Misplaced, Seeds};
use crate::store::{Database, OpenError, Seal, StoreLocation, Unavailable};
#[cfg(feature = "tls")]
use crate::tls::Tls;
use crate::world::{Beginning, CheckAnswers, Explain, Novelty, World};
use crate::worlds::{Premises, Worlds};

/// How long a world lives without being called, unless told otherwise.
const IDLE: Duration = Duration::from_secs(600);

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
    store: StoreLocation,
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
            store: StoreLocation::default(),
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

    /// Breaks one of the vendors' promises, to see whether a suite notices: a name out of [`Sabotage::all`].
    ///
    /// # Errors
    /// If no sabotage has this name; the message names the nearest one.
    pub fn sabotage(self, name: &str) -> Result<Self, SabotageError> {
        Ok(self.sabotaged(Sabotage::named(name)?))
    }

    /// As [`sabotage`](Self::sabotage), with one that was picked out of the list.
    pub fn sabotaged(mut self, sabotage: &'static Sabotage) -> Self {
        self.beginning.sabotage = Some(sabotage);
        self
    }

    /// Ends a world that has not been called for so long. The default is ten minutes.
    pub fn idle(mut self, idle: Duration) -> Self {
        self.idle = idle;
        self
    }

    /// Keeps the state of the first world there. The default is in memory; the other worlds are always kept there.
    pub fn store(mut self, location: StoreLocation) -> Self {
        self.store = location;
        self
    }

    /// Lets callers from other machines use the control plane with this token. Without one only this machine may.
    pub fn control_token(mut self, token: &str) -> Self {
        // Whoever mistakes a vendor for the control plane shows it the token.
        self.beginning.seals.learn(&Seal::of(token));
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

    /// Lets every world begin with these users and keys beside the ready-made ones, after a reset too. Their
    /// credentials are the same in all of them; only the answer shows them.
    ///
    /// # Errors
    /// The first thing that is wrong with them, and where; nothing is changed then.
    pub async fn seed(&mut self, seeds: &Seeds) -> Result<IssuedSeeds, Misplaced> {
        seeds.not_played(|vendor| self.only.is_none_or(|only| only == vendor))?;
        let draft = World::new(self.beginning.clone(), self.clock.clone());
        let issued = draft.seed(seeds).await?;
        self.beginning.state = Some(Arc::new(draft.snapshot().await.map_err(|unavailable| {
            Misplaced {
                place: "seeds".to_owned(),
                problem: unavailable.into(),
            }
        })?));
        Ok(issued)
    }

    /// Starts the server.
    ///
    /// # Errors
    /// If an address cannot be listened on, or the store cannot be opened.
    pub async fn start(self) -> Result<MockServer, StartError> {
        let first = World::new(self.beginning.clone(), self.clock.clone());
        let (first, novelty) = match Database::open(&self.store, &self.beginning.seals).await? {
            Some(database) => first.kept_in(database).await?,
            None => (first, Novelty::New),
        };
        let listener = listen(self.listen).await?;
        let address = listener.1;
        let control = match self.control {
            Some(control) => Some(listen(control).await?),
            None => None,
        };
        let mut seeded = Vec::new();
        for vendor in self.only.map_or(Vendor::ALL.to_vec(), |vendor| vec![vendor]) {
            seeded.push((
                vendor,
                Mock::new(
                    vendor,
                    &self.clock,
                    self.beginning.sabotage,
                    &self.beginning.seals,
                    None,
                )
                .await
                .1,
            ));
        }
        let premises = Premises {
            only: self.only,
            address,
            control: control.as_ref().map_or(address, |(_, address)| *address),
            scheme: self.scheme(),
            certificate_pem: self.certificate_pem(),
            seeded,
        };
        let beginning = first.beginning().clone();
        let worlds = Arc::new(Worlds::new(first, beginning, premises, self.idle));
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
            novelty,
            stop,
            serving,
        })
    }
}

async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let unavailable = |source| StartError::Listen {
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
#[non_exhaustive]
pub enum StartError {
    /// An address cannot be had.
    #[error("cannot listen on {listen}")]
    Listen {
        /// Which.
        listen: SocketAddr,
        /// What the operating system said.
        source: io::Error,
    },
    /// The store cannot be opened.
    #[error(transparent)]
    Store(#[from] OpenError),
    /// The store was opened, and then did not answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl StartError {
    /// What the operating system said, if it is about an address.
    #[must_use]
    pub fn kind(&self) -> io::ErrorKind {
        match self {
            Self::Listen { source, .. } => source.kind(),
            Self::Store(_) | Self::Unavailable(_) => io::ErrorKind::Other,
        }
    }
}
