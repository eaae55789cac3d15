//! B3OS, played: the API keys and service accounts of an organization, and its log of requests.
//!
//! | who | what |
//! |---|---|
//! | `admin` | a `read-write` key of a user of the organization `org_mockharbor` |
//! | `limited` | a `read` key of another user of it |
//! | `other` | a `read-write` key of a user of `org_mocklagoon` |
//!
//! Only API keys are credentials here: no operation of the document signs a user in, so there are no user tokens.
//! A key belongs to a user or to a service account. One that a service account makes without naming an account
//! belongs to that service account, because the alternative would let an account out of its own permissions.
//!
//! The document gives no values for an audit entry's `principalType`; `user` and `service_account` are made up. The
//! log holds the last thousand requests of an organization that carried a credential of it. In its paths an id of
//! another form than the mock's own is replaced by the template's name, as somebody may put a key there by mistake.

mod accounts;
mod assumptions;
mod audit;
mod caller;
mod enrolment;
mod envelope;
mod fixtures;
mod keys;
mod paging;

use std::sync::Arc;

use http::StatusCode;
use keyway_openapi::{Operation, Violation};

use crate::assumptions::{Assumption, Assumptions};
use crate::call::{Call, Response};
use crate::clock::Clock;
use crate::dialect::{Answered, Dialect, Making, Presented, Seeded};
use crate::entropy::Entropy;
use crate::refusal::{Refusal, Unauthenticated};
use crate::seed::{Desk, Enrolment, Order, SeedError};
use crate::store::{AnyStore, Credential, Kind, Store, Unavailable};

use caller::Caller;

/// B3OS, played.
#[derive(Debug)]
pub(crate) struct B3os;

impl Dialect for B3os {
    type Principal = Caller;

    const ASSUMPTIONS: &'static [Assumption] = assumptions::ALL;

    const ORDER_OF_CHECKS: &'static Assumption = &assumptions::ORDER_OF_CHECKS;

    const MAKING: Option<Making> = Some(Making {
        path: "/v1/api-keys",
        id: "/data/id",
        secrets: &["/data/key"],
        key_header: "x-api-key",
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
        let token = call.bearer().map_err(Refusal::Unauthenticated)?;
        Ok(token.map(|secret| Presented {
            secret,
            kinds: &[Kind::ApiKey],
        }))
    }

    async fn admit(call: &Call<'_>, credential: Option<Arc<Credential>>) -> Result<Caller, Refusal> {
        match credential {
            Some(key) => caller::admit(call, key).await,
            None => Err(Refusal::Unauthenticated(Unauthenticated::Missing)),
        }
    }

    fn overlooks(call: &Call<'_>, violation: &Violation) -> bool {
        call.operation.id() == "createApiKey"
            && violation.pointer == "/scope"
            && call.assumed(&assumptions::UNKNOWN_SCOPE) == "default"
            && call.json()["scope"].is_string()
    }

    async fn perform(call: &Call<'_>, caller: &Caller) -> Result<Response, Refusal> {
        match call.operation.id() {
            "listApiKeys" => keys::list(call, caller).await,
            "createApiKey" => keys::create(call, caller).await,
            "getApiKey" => keys::get(call, caller).await,
            "revokeApiKey" => keys::revoke(call, caller).await,
            "listApiRequests" => audit::list(call, caller).await,
            "listOrganizations" => organizations(call, caller).await,
            "listServiceAccounts" => accounts::list(call, caller).await,
            "createServiceAccount" => accounts::create(call, caller).await,
            "getServiceAccount" => accounts::get(call, caller).await,
            "updateServiceAccount" => accounts::update(call, caller).await,
            "deleteServiceAccount" => accounts::delete(call, caller).await,
            "disableServiceAccount" => accounts::disable(call, caller).await,
            "enableServiceAccount" => accounts::enable(call, caller).await,
            _ => Err(Refusal::NoRoute),
        }
    }

    fn refuse(refusal: Refusal, _operation: Option<&Operation>) -> Response {
        envelope::refuse(refusal, &Assumptions::default(), &Entropy::System)
    }

    fn refuse_call(call: &Call<'_>, refusal: Refusal) -> Response {
        envelope::refuse(refusal, call.assumptions, call.entropy)
    }

    async fn note(
        call: &Call<'_>,
        caller: Option<&Arc<Credential>>,
        answered: &Answered<'_>,
    ) -> Result<(), Unavailable> {
        audit::note(call, caller, answered).await
    }
}

/// The organization of the key: the vendor's own way to check a credential.
async fn organizations(call: &Call<'_>, caller: &Caller) -> Result<Response, Refusal> {
    let page = paging::requested(call)?;
    let own = call
        .store
        .document(fixtures::ORGANIZATIONS, caller.organization())
        .await?;
    let items: Vec<_> = own
        .map(|organization| organization.body)
        .into_iter()
        .skip(page.skip())
        .collect();
    Ok(envelope::success(call, StatusCode::OK, &page.of(items)))
}
