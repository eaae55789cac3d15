//! Dolfin, played: keys of a Client, sessions of its users, and a few reads that prove them.
//!
//! | who | what |
//! |---|---|
//! | `admin` | an API key of the Client Fjord |
//! | `limited` | a session of the user Mia, Member of Fjord |
//! | `other` | an API key of the Client Sandbar |
//!
//! More users are there to be signed in through `/auth/codes` and `/auth/exchange`, which is how an Admin's session
//! is had; `fixtures.rs` lists them with their ids, and the organisations, suppliers and invoices they may see.
//! The ready-made session does not expire; one from an exchange lasts the documented eight hours.
//!
//! Tokens have the form of a JWT with the user's organisations in its claims, as the authentication guide says, but
//! nobody could verify the signature: it is random. The page of the Client's members shows no fields; `userId`,
//! `email`, `name` and `role` are made up after the neighbouring operations on members.

mod assumptions;
mod directory;
mod enrolment;
mod fixtures;
mod keys;
mod paging;
mod problem;
mod records;
mod sign_in;

use std::sync::Arc;

use http::header::{AUTHORIZATION, HeaderName};
use keyway_openapi::Operation;

use crate::assumptions::{Assumption, Assumptions};
use crate::call::{Call, Response};
use crate::clock::Clock;
use crate::dialect::{Dialect, Making, Presented, Seeded};
use crate::mock::is_public;
use crate::refusal::{Refusal, Unauthenticated};
use crate::seed::{Desk, Enrolment, Order, SeedError};
use crate::store::{AnyStore, Credential, Kind, Unavailable};

use directory::Caller;

/// The header that carries an API key (authentication guide).
const KEY_HEADER_NAME: &str = "x-dolfin-api-key";
const KEY_HEADER: HeaderName = HeaderName::from_static(KEY_HEADER_NAME);

/// Dolfin, played.
#[derive(Debug)]
pub(crate) struct Dolfin;

impl Dialect for Dolfin {
    type Principal = Caller;

    const ASSUMPTIONS: &'static [Assumption] = assumptions::ALL;

    const ORDER_OF_CHECKS: &'static Assumption = &assumptions::ORDER_OF_CHECKS;

    const MAKING: Option<Making> = Some(Making {
        path: "/api-keys",
        id: "/id",
        secrets: &["/rawKey"],
        key_header: KEY_HEADER_NAME,
        demanded: &[],
        tenant_header: None,
    });

    async fn seed(store: &AnyStore, clock: &Clock) -> Result<Seeded, Unavailable> {
        fixtures::seed(store, clock.now()).await
    }

    async fn enrol(desk: &Desk<'_>, order: Order<'_>) -> Result<Enrolment, SeedError> {
        enrolment::draw_up(desk, order).await
    }

    fn presented<'c>(call: &'c Call<'_>) -> Result<Option<Presented<'c>>, Refusal> {
        if is_public(call) {
            return Ok(None);
        }
        match sent(call)? {
            Some(Sent::Key) => {
                let secret = call.secret_header(KEY_HEADER).map_err(Refusal::Unauthenticated)?;
                let kinds = kinds(call, "ApiKeyAuth", &[Kind::ApiKey]);
                Ok(secret.map(|secret| Presented { secret, kinds }))
            }
            Some(Sent::Token) => {
                let secret = call.bearer().map_err(Refusal::Unauthenticated)?;
                let kinds = kinds(call, "BearerAuth", &[Kind::Session]);
                Ok(secret.map(|secret| Presented { secret, kinds }))
            }
            None => Ok(None),
        }
    }

    async fn admit(call: &Call<'_>, credential: Option<Arc<Credential>>) -> Result<Caller, Refusal> {
        let caller = directory::caller(call, credential).await?;
        if matches!(call.operation.id(), "createApiKey" | "revokeApiKey") {
            keys::admit(call, &caller).await?;
        }
        Ok(caller)
    }

    async fn perform(call: &Call<'_>, caller: &Caller) -> Result<Response, Refusal> {
        match call.operation.id() {
            "createApiKey" => keys::create(call, caller).await,
            "revokeApiKey" => keys::revoke(call, caller).await,
            "createAuthCode" => sign_in::create_code(call, caller).await,
            "exchangeAuthCode" => sign_in::exchange(call).await,
            "getCurrentUser" => sign_in::current_user(call, caller).await,
            "listClientMembers" => records::members(call, caller).await,
            "listInvoices" => records::invoices(call, caller).await,
            "getSupplierCredit" => records::credit(call, caller).await,
            "listSupplierCreditLedger" => records::ledger(call, caller).await,
            _ => Err(Refusal::NoRoute),
        }
    }

    fn refuse(refusal: Refusal, operation: Option<&Operation>) -> Response {
        problem::refuse(refusal, operation, &Assumptions::default())
    }

    fn refuse_call(call: &Call<'_>, refusal: Refusal) -> Response {
        problem::refuse(refusal, Some(call.operation), call.assumptions)
    }
}

/// Where a credential was sent.
enum Sent {
    Key,
    Token,
}

fn sent(call: &Call<'_>) -> Result<Option<Sent>, Refusal> {
    let headers = call.request.headers();
    match (
        headers.contains_key(KEY_HEADER),
        headers.contains_key(AUTHORIZATION),
    ) {
        (false, false) => Ok(None),
        (true, false) => Ok(Some(Sent::Key)),
        (false, true) => Ok(Some(Sent::Token)),
        (true, true) => match call.assumed(&assumptions::BOTH_CREDENTIALS) {
            "key-wins" => Ok(Some(Sent::Key)),
            "bearer-wins" => Ok(Some(Sent::Token)),
            _ => Err(Refusal::Unauthenticated(Unauthenticated::Ambiguous)),
        },
    }
}

/// The kinds that a place can hold, if the operation takes credentials from that place at all.
fn kinds(call: &Call<'_>, scheme: &str, kinds: &'static [Kind]) -> &'static [Kind] {
    let mut schemes = call
        .operation
        .security()
        .iter()
        .flat_map(|alternative| alternative.schemes());
    if schemes.any(|(name, _)| name == scheme) {
        kinds
    } else {
        &[]
    }
}
