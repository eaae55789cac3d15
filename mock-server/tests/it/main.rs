//! The mock from outside: over TCP, with a client that knows nothing of it.

mod adapters;
mod b3os;
mod binary;
mod control;
mod document;
mod dolfin;
#[cfg(unix)]
mod ending;
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
mod wire;
mod worlds;
