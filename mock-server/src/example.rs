//! A vendor whose keys nobody has written yet, played by the examples of its own document.
//!
//! Nothing is remembered and no key is made: an operation answers with what the document shows, or with what its
//! schemas allow. Two things are as they will be: a request without a credential that the document asks for is refused,
//! and a request that breaks the contract is. What no example can be made of is answered 501, with the reason.
//!
//! A dialect begins as [`ByExample`]. Once its own `Dialect` is written, [`answer`] still serves the operations that it
//! does not play.

mod answers;
mod credentials;
mod patterns;
mod refusals;
mod schemas;
mod seeds;
#[cfg(test)]
mod tests;
mod texts;

use std::sync::Arc;

use bytes::Bytes;
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderValue};
use keyway_openapi::{Operation, Vendor};
use serde_json::json;

use crate::assumptions::Assumption;
use crate::call::{Call, Response, empty, json_as};
use crate::clock::Clock;
use crate::dialect::{Dialect, Presented, Seeded};
use crate::mock::Reason;
use crate::refusal::Refusal;
use crate::seed::{Desk, Enrolment, Order, SeedError};
use crate::store::{AnyStore, Credential, Unavailable};

use answers::Example;

/// A vendor that is played by examples.
pub(crate) trait ByExample {
    /// Whose document it is.
    const VENDOR: Vendor;

    /// Which of them decides whether the caller or the input is looked at first.
    const ORDER_OF_CHECKS: &'static Assumption;

    /// The answers that the vendor does not document.
    const ASSUMPTIONS: &'static [Assumption];
}

impl<V: ByExample> Dialect for V {
    type Principal = ();

    const ASSUMPTIONS: &'static [Assumption] = V::ASSUMPTIONS;

    const ORDER_OF_CHECKS: &'static Assumption = V::ORDER_OF_CHECKS;

    async fn seed(store: &AnyStore, clock: &Clock) -> Result<Seeded, Unavailable> {
        seeds::plant(V::VENDOR, store, clock.now()).await
    }

    async fn enrol(desk: &Desk<'_>, order: Order<'_>) -> Result<Enrolment, SeedError> {
        seeds::draw_up(V::VENDOR, desk, order)
    }

    fn presented<'c>(call: &'c Call<'_>) -> Result<Option<Presented<'c>>, Refusal> {
        credentials::presented(V::VENDOR, call)
    }

    async fn admit(call: &Call<'_>, credential: Option<Arc<Credential>>) -> Result<(), Refusal> {
        match credential.is_none_or(|credential| credentials::may_call(call.operation, &credential)) {
            true => Ok(()),
            false => Err(refusals::forbidden(V::VENDOR, call.operation)),
        }
    }

    async fn perform(call: &Call<'_>, (): &()) -> Result<Response, Refusal> {
        Ok(answer(V::VENDOR, call.operation))
    }

    fn refuse(refusal: Refusal, operation: Option<&Operation>) -> Response {
        refusals::refuse(V::VENDOR, refusal, operation)
    }
}

/// Marks an answer that HTTP has and the vendor's document has not, so that nobody looks it up there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Undeclared;

/// The success that the document declares for the operation, as an example; 501 where there can be none.
pub(crate) fn answer(vendor: Vendor, operation: &Operation) -> Response {
    let found = answers::success(vendor, operation);
    match &*found {
        Ok(example) => {
            let mut response = response(example);
            response.extensions_mut().insert(Reason(
                "an example of the document: no state is played yet".to_owned(),
            ));
            response
        }
        Err(why) => unplayable(why),
    }
}

fn unplayable(why: &str) -> Response {
    let mut response = problem(StatusCode::NOT_IMPLEMENTED, why);
    response
        .extensions_mut()
        .insert(Reason(format!("no example can be made: {why}")));
    response
}

/// An answer of the mock's own, as problem details (RFC 9457).
fn problem(status: StatusCode, detail: &str) -> Response {
    let body = json!({
        "title": status.canonical_reason().unwrap_or("Error"),
        "status": status.as_u16(),
        "detail": detail,
    });
    let mut response = json_as("application/problem+json", status, &body);
    response.extensions_mut().insert(Undeclared);
    response
}

fn response(example: &Example) -> Response {
    let mut response = empty(example.status);
    if let Some(content_type) = &example.content_type
        && let Ok(value) = HeaderValue::from_str(content_type)
    {
        response.headers_mut().insert(CONTENT_TYPE, value);
        *response.body_mut() = Bytes::clone(&example.body);
    }
    response
}
