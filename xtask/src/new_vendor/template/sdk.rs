//! <title>: what its callers prove themselves with, and its client.
//!
//! Written by `cargo xtask new-vendor` from the document's security schemes; from here on by hand.

use std::{fmt, time::Duration};

use http::HeaderName;
use http::header;
use serde_json::Value;

use crate::credentials::CredentialProvider;
use crate::{
    Options, RetryPolicy, Secret,
    client::client,
    config::ConfigError,
    credentials::Source,
    generated::<name>::{SERVER_PATH, requests::Requests},
    transport::{Form, Session},
    vendor::{Told, Vendor, text},
};

pub use crate::generated::<name>::types;

static VENDOR: Vendor = Vendor {
    name: "<name>",
    cookie: None,
    // Which of the operations that are a `POST` may be done twice, no document says.
    repeatable_posts: &[],
    read_refusal,
};

/// Assumed, as long as nobody has read how the vendor's refusals speak: problem details (RFC 9457), OAuth errors (RFC 6749,
/// 5.2), and bodies that keep everything in `error`.
<read_refusal>
/// What a caller proves itself with. It goes along with every operation that asks for one, and with no other.
#[derive(Clone, Debug)]
pub struct Credentials {
    main: Option<(Form, Source)>,
    further: Vec<(Form, Secret)>,
}

impl Credentials {
    /// None, for what is open to everybody.
    pub fn anonymous() -> Self {
        Self {
            main: None,
            further: vec![],
        }
    }

    fn sign(self, mut session: Session) -> Result<Session, ConfigError> {
        if let Some((form, source)) = self.main {
            session = session.with_credential(form, source)?;
        }
        for (form, secret) in self.further {
            session = session.with_further(form, &secret)?;
        }
        Ok(session)
    }
}

client! {
    /// Calls to the API of <title> in one caller's name.
    "A client for the API of <title> at `base_url`, the root of its host as in `<server>`."
}
