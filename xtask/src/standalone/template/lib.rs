//! # What to expect
//!
//! - **Secrets are not printed.** What the document marks with `format: password` is a [`Secret`]; no `Debug`, error or log
//!   of this crate holds one, nor a credential, a body or a URL.
//! - **Answers may grow.** Unknown members, enum values and timestamps do not fail an answer, and a body is read up to
//!   8 MiB. A success that cannot be read all the same keeps its bytes: [`UnreadableAnswer::expose_body`].
//! - **Requests are held to the document.** A limit that is broken is an [`Error::InvalidRequest`] and nothing is sent. What
//!   the caller leaves out is left out, also where the document names a default.
//! - **Callers branch on [`Error::kind`]**, or on the operation's own error enum in [`Error::body`]. A status always
//!   survives, also when a gateway answers in HTML.
//! - **A call is made again only where that is safe**: [`RetryPolicy`]. No redirect is followed. Timeouts are [`Options`].
//! - **An error says how far the call came**: [`Error::delivery`], [`Error::attempts`].
//! - **Credentials travel encrypted**, or stay on this machine: [`PlainHttp`].

#![forbid(unsafe_code)]
// Types that hold one another in long chains are many to look through for the compiler.
#![recursion_limit = "2048"]
#![allow(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "the runtime is the same for every document, and none needs all of it"
)]

mod api;
mod client;
mod config;
mod connection;
mod cookie;
mod credentials;
mod error;
#[allow(clippy::all, reason = "nobody edits generated code")]
#[rustfmt::skip]
mod generated;
mod open;
mod options;
mod parameters;
mod refusal;
mod retry;
mod secret;
mod time;
mod transport;
mod upload;
mod vendor;
mod wire;

pub use api::{Client, Credentials};
pub use config::{BaseUrlError, ConfigError, ConnectionSetting, VariableProblem};
pub use credentials::{CredentialFuture, CredentialProvider, Occasion};
pub use error::{
    ApiError, CredentialFailure, Delivery, Error, ErrorKind, InsideRuntime, InvalidRequest, Unanswered,
    UnexpectedAnswer, Unreadable, UnreadableAnswer,
};
pub use generated::types;
pub use open::UnknownValue;
pub use options::{Options, PlainHttp};
pub use retry::RetryPolicy;
pub use secret::Secret;
pub use time::Timestamp;
pub use upload::Upload;
