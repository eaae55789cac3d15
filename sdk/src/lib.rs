//! Typed clients for the API-key life cycle of Sinjapp, Reten, Dolfin and B3OS.
//!
//! Each vendor has a module and a cargo feature of the same name, all on by default. A client is made from the root of the
//! vendor's host and a credential; each operation of the vendor's document is a method that returns the typed answer or a
//! typed [`Error`].
//!
//! ```no_run
//! # #[cfg(feature = "sinjapp")]
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use keyway::sinjapp::{Client, Credentials, types};
//!
//! let client = Client::new("https://your-tenant.sinjapp.org", Credentials::api_key("tgo_…"))?;
//! let created = client
//!     .create_api_key(&types::CreateApiKeyRequest {
//!         name: "Production integration".to_owned(),
//!         scopes: Some(vec![types::Scope::MessagesSend]),
//!         expires_in_days: None,
//!     })
//!     .await?;
//! println!("{created:?}"); // …, plain_text_key: Secret([redacted]) }
//! let key = created.plain_text_key.expose_secret(); // the only way to it, and the only time it is told
//! # let _ = key;
//! client.revoke_api_key(created.data.id).await?;
//! # Ok(())
//! # }
//! ```
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
//! - **One call is one request.** Nothing is retried and no redirect is followed.
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
