//! The mock from outside: over TCP, with a client that knows nothing of it.

#![allow(
    unreachable_patterns,
    reason = "a vendor whose keys are not played yet has no arm of its own"
)]

mod adapters;
mod b3os;
mod binary;
#[cfg(target_os = "linux")]
mod connections;
mod control;
mod document;
mod dolfin;
#[cfg(unix)]
mod ending;
mod examples;
mod faults;
mod hostile;
mod http;
mod journal;
mod judge;
mod keys;
mod readme;
mod redaction;
mod reten;
mod sabotage;
mod seed;
mod settings;
mod sinjapp;
mod snapshots;
#[cfg(target_os = "linux")]
mod soak;
mod wire;
mod worlds;

/// Of a vendor that is not one of `Vendor::PLAYED`, and so is never asked for here.
fn unwritten(vendor: keyway_openapi::Vendor) -> ! {
    panic!("nothing is written here of {vendor}")
}
