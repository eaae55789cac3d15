//! The mock from outside: over TCP, with a client that knows nothing of it.

mod binary;
mod judge;
mod reten;
mod sinjapp;
