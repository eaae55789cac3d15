//! The client of this API and what it is made from.

use std::{fmt, time::Duration};

use http::{HeaderName, header};

use crate::{
    ConfigError, CredentialProvider, Options, RetryPolicy, Secret,
    client::client,
    credentials::Source,
    generated::{SERVER_PATH, requests::Requests},
    refusal,
    transport::{Form, Session},
    vendor::Vendor,
};

static VENDOR: Vendor = Vendor {
    name: "<name>",
    cookie: None,
    // Which of the operations that are a `POST` may be done twice, no document says.
    repeatable_posts: &[],
    read_refusal: refusal::read,
};

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

    fn of(form: Form, source: Source) -> Self {
        Self {
            main: Some((form, source)),
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
    /// Calls in one caller's name.
    "A client for the API at `base_url`, the root of its host as in `<server>`."
}
