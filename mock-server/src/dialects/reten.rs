//! Reten's manners. To be written.

use std::sync::Arc;

use http::StatusCode;
use keyway_openapi::Operation;

use crate::assumptions::Assumption;
use crate::call::{Call, Response, empty};
use crate::clock::Clock;
use crate::dialect::{Dialect, Presented, Seeded};
use crate::refusal::Refusal;
use crate::store::{Credential, Memory};

/// Reten, played.
#[derive(Debug)]
pub(crate) struct Reten;

impl Dialect for Reten {
    type Principal = ();

    const ASSUMPTIONS: &'static [Assumption] = &[];

    async fn seed(_store: &Memory, _clock: &Clock) -> Seeded {
        Seeded {
            tenant: "",
            other_tenant: "",
            other_host: None,
            admin: String::new(),
            limited: String::new(),
            other: String::new(),
        }
    }

    fn presented<'c>(_call: &'c Call<'_>) -> Result<Option<Presented<'c>>, Refusal> {
        Ok(None)
    }

    async fn admit(_call: &Call<'_>, _credential: Option<Arc<Credential>>) -> Result<(), Refusal> {
        Ok(())
    }

    async fn perform(_call: &Call<'_>, (): &()) -> Result<Response, Refusal> {
        Ok(empty(StatusCode::OK))
    }

    fn refuse(_refusal: Refusal, _operation: Option<&Operation>) -> Response {
        empty(StatusCode::NOT_FOUND)
    }
}
