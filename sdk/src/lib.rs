//! Typed clients for the API-key life cycle of Sinjapp, Reten, Dolfin and B3OS.
//!
//! Each vendor has a module and a cargo feature of the same name, all on by default. A client is made from the root of the
//! vendor's host and a credential; each operation of the vendor's document is a method that returns the typed answer or a
//! typed [`Error`].
//!
//! ```
//! # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # #[cfg(feature = "sinjapp")] {
//! # let server = keyway_mock::MockServer::start().await;
//! # let access = server.access(keyway_mock::Vendor::Sinjapp);
//! # let (base_url, key) = (access.base_url, access.credentials.admin.replace("key:", ""));
//! use keyway::sinjapp::{Client, Credentials, types};
//!
//! // In production, `https://your-tenant.sinjapp.org`.
//! let client = Client::new(&base_url, Credentials::api_key(key))?;
//! let created = client
//!     .create_api_key(&types::CreateApiKeyRequest {
//!         name: "Production integration".to_owned(),
//!         scopes: Some(vec![types::Scope::MessagesSend]),
//!         expires_in_days: None,
//!     })
//!     .await?;
//! println!("{created:?}"); // …, plain_text_key: Secret([redacted]) }
//! let key = created.plain_text_key.expose_secret(); // the only way to it, and the only time it is told
//! # assert!(key.starts_with("tgo_"));
//! client.revoke_api_key(created.data.id).await?;
//! # }
//! # Ok(())
//! # }
//! ```
//!
//! Over all of them there is one vocabulary, [`keys`]: issue, list, try out, revoke and rotate a key without knowing whose
//! it is.
//!
//! # What to expect of every client
//!
//! - **Keys are not printed.** A plaintext key, token or password is a [`Secret`]; no `Debug`, error or log of this crate
//!   holds one, nor a body, nor a URL.
//! - **Answers may grow.** Unknown members, enum values and timestamps do not fail an answer. Enums and the structs of
//!   answers are `#[non_exhaustive]`. A success that cannot be read all the same keeps its bytes, and with them a key that
//!   is told once: [`UnreadableAnswer::expose_body`].
//! - **Requests are held to the vendor's document.** A limit that is broken is an [`Error::InvalidRequest`] and nothing is
//!   sent. What the caller leaves out is left out, also where the document names a default.
//! - **Callers branch on [`Error::kind`]**, or on the operation's own error enum in [`Error::body`]. A status always
//!   survives, also when a gateway answers in HTML.
//! - **A call is made again only where that is safe**, and a key is never made twice: [`RetryPolicy`]. No redirect is
//!   followed. If the answer to a create is lost, the error says so: [`ErrorKind::AmbiguousCreate`].
//! - **An error says how far the call came**: [`Error::delivery`], [`Error::attempts`].
//! - **Keys travel encrypted**, or stay on this machine: [`PlainHttp`].
//!
//! # How a client is set up
//!
//! ```
//! # #[cfg(feature = "reten")]
//! # fn main() -> Result<(), keyway::ConfigError> {
//! use std::time::Duration;
//! use keyway::{Options, RetryPolicy, reten};
//!
//! let options = Options::new()
//!     .user_agent("billing/2.1")
//!     .total_timeout(Duration::from_secs(20))
//!     .retry(RetryPolicy::new().max_attempts(5));
//! // Or from the environment, `from_env`, or from a provider that is asked again after a 401: `api_key_from`.
//! let credentials = reten::Credentials::api_key("rtn_sk_0123");
//! let client = reten::Client::with_options("https://api.reten.ai", credentials, &options)?;
//! let hasty = client.with_timeout(Duration::from_secs(2)); // for some calls only
//! # let _ = hasty;
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "reten"))] fn main() {}
//! ```
//!
//! Each call is a `tracing` span with vendor, operation, status, number of attempts and duration, each attempt one within it.
//!
//! # Features
//!
//! | feature | default | |
//! |---|---|---|
//! | `sinjapp`, `reten`, `dolfin`, `b3os` | yes | a vendor |
//! | `rustls` | yes | TLS written in Rust |
//! | `native-tls` | | TLS of the system |
//! | `http2` | yes | HTTP/2 where the vendor speaks it |
//! | `blocking` | | clients, and their keys in the common vocabulary, that return when a call is over: `keyway::blocking` |
//!
//! Without a TLS only this machine can be talked to, unless the application brings an HTTP client of its own.
//!
//! # How it is made
//!
//! `src/generated` is written from the vendors' OpenAPI documents by `cargo xtask generate`; everything else is written by
//! hand. This crate depends on no other crate of its workspace.

#![cfg_attr(
    not(all(feature = "sinjapp", feature = "reten", feature = "dolfin", feature = "b3os")),
    allow(
        dead_code,
        unused_imports,
        unused_macros,
        reason = "the vendors left out are what uses the rest"
    )
)]

mod client;
mod config;
mod connection;
mod cookie;
mod credentials;
mod error;
mod generated;
pub mod keys;
mod open;
mod options;
mod parameters;
mod retry;
mod secret;
mod time;
mod transport;
mod upload;
mod vendor;
mod vendors;
mod wire;

#[cfg(feature = "blocking")]
pub mod blocking;

#[cfg(feature = "b3os")]
pub mod b3os;
#[cfg(feature = "dolfin")]
pub mod dolfin;
#[cfg(feature = "reten")]
pub mod reten;
#[cfg(feature = "sinjapp")]
pub mod sinjapp;

// What the interface of this crate is made of besides: lists are streams, times are jiff's, statuses http's, and an HTTP
// client is reqwest's.
pub use {futures_util, http, jiff, reqwest};

pub use config::{BaseUrlError, ConfigError, ConnectionSetting, VariableProblem};
pub use credentials::{CredentialFuture, CredentialProvider, Occasion};
pub use error::{
    ApiError, CredentialFailure, Delivery, Error, ErrorKind, InsideRuntime, InvalidRequest, Unanswered,
    UnexpectedAnswer, Unreadable, UnreadableAnswer,
};
pub use open::UnknownValue;
pub use options::{Options, PlainHttp};
pub use retry::RetryPolicy;
pub use secret::Secret;
pub use time::Timestamp;
pub use upload::Upload;
pub use vendors::{UnknownVendor, Vendor};
