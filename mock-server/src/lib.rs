//! Keyway's mock: the vendors, played.
//!
//! A stateful stand-in for the APIs of Sinjapp, Reten, Dolfin and B3OS. A key that is created through
//! the API authenticates at once, with exactly the scopes it was given; once revoked or expired it is
//! refused on every operation. Tenants are apart, requests are checked against the vendor's contract and
//! refused in the vendor's own error form, and only SHA-256 digests of secrets are kept.
//!
//! ```no_run
//! use keyway_mock::{MockServer, Vendor};
//!
//! # async fn doc() {
//! let server = MockServer::start().await;
//! let reten = server.access(Vendor::Reten);
//! println!("point your application at {}", reten.base_url);
//! # }
//! ```

#[cfg(feature = "wiremock")]
pub mod adapters;

mod access;
mod assumptions;
mod body;
mod call;
mod clock;
mod control;
mod delivery;
mod dialect;
mod dialects;
mod entropy;
#[allow(
    dead_code,
    reason = "a vendor that is not played yet is what uses it, and today there may be none"
)]
mod example;
mod faults;
mod handle;
mod injection;
mod instant;
mod journal;
mod keys;
mod metrics;
mod misread;
mod mock;
mod nearest;
mod redact;
mod refusal;
mod sabotage;
mod seals;
mod secrets;
mod seed;
mod server;
mod store;
#[cfg(feature = "tls")]
mod tls;
mod wire;
mod world;
mod worlds;

pub use access::{Access, Credentials};
pub use assumptions::{Assumption, AssumptionError, Assumptions};
pub use clock::Clock;
pub use faults::{Effect, Fault, FaultError, When};
pub use handle::WorldHandle;
pub use journal::{Calls, Entry, Message, Principal};
pub use keys::{IssuedKey, KeyBuilder, KeyRefused};
pub use keyway_openapi::Vendor;
pub use misread::Misread;
pub use sabotage::{Sabotage, SabotageError};
pub use seed::{IssuedPrincipal, IssuedSeeds, Misplaced, PrincipalBuilder, SeedError, SeedKeyBuilder, Seeds};
pub use server::{Builder, MockServer, StartError};
pub use store::{OpenError, StoreLocation, StoreLocationError, Unavailable};
#[cfg(feature = "tls")]
pub use tls::{Tls, TlsError};
pub use world::{CheckAnswers, Explain, Snapshot, SnapshotError, World};

/// The examples of the crate's page, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
