//! Typed clients for the API-key life cycle of several vendors.

#![cfg_attr(
    not(all(
        feature = "sinjapp",
        feature = "reten",
        feature = "dolfin",
        feature = "b3os"
    )),
    allow(
        dead_code,
        unused_imports,
        reason = "the vendors left out are what uses the rest"
    )
)]

mod config;
mod connection;
mod error;
mod generated;
mod secret;
mod time;
mod transport;
mod upload;
mod wire;

#[cfg(feature = "b3os")]
pub mod b3os;
#[cfg(feature = "dolfin")]
pub mod dolfin;
#[cfg(feature = "reten")]
pub mod reten;
#[cfg(feature = "sinjapp")]
pub mod sinjapp;

pub use config::{BaseUrlError, ConfigError};
pub use error::{
    ApiError, Error, ErrorKind, InvalidRequest, UnexpectedAnswer, Unreadable, UnreadableAnswer,
};
pub use secret::Secret;
pub use time::Timestamp;
pub use upload::Upload;
