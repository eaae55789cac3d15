//! The mock from outside: over TCP, with a client that knows nothing of it.

mod b3os;
mod binary;
mod dolfin;
mod judge;
mod reten;
mod sinjapp;
