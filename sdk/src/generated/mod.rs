//! The fence around generated code: the only lint exceptions of this crate, and nothing else written by hand in this folder.
//!
//! `cargo xtask generate` writes the other files from `openapi/<vendor>/{document,overlay}.yaml`; no change made in them
//! survives.

#![allow(
    clippy::all,
    dead_code,
    missing_debug_implementations,
    missing_docs,
    unreachable_pub,
    unused_imports,
    unused_variables,
    clippy::allow_attributes_without_reason,
    clippy::needless_pass_by_value,
    reason = "generated code offers everything that some vendor may need"
)]

#[cfg(feature = "b3os")]
#[rustfmt::skip]
pub(crate) mod b3os;
#[cfg(feature = "dolfin")]
#[rustfmt::skip]
pub(crate) mod dolfin;
#[cfg(feature = "reten")]
#[rustfmt::skip]
pub(crate) mod reten;
#[cfg(feature = "sinjapp")]
#[rustfmt::skip]
pub(crate) mod sinjapp;
