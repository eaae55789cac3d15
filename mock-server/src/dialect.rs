//! What a vendor's dialect has to say; everything else is shared.
//!
//! A dialect decides with what it is handed (the request, the principal, a reading of the clock, the
//! assumptions, a store to ask for facts). It does no I/O of its own, has no clock and no lock of its own, and
//! every request gets an answer.

use std::sync::Arc;
use std::time::Instant;

use http::StatusCode;
use keyway_openapi::{Operation, Violation};

use crate::assumptions::Assumption;
use crate::call::{Call, Request, Response};
use crate::clock::Clock;
use crate::refusal::Refusal;
use crate::seed::{Desk, Enrolment, Order, SeedError};
use crate::store::{AnyStore, Credential, Kind, Unavailable};

/// One vendor's manners: one page per vendor under `dialects/`.
pub(crate) trait Dialect {
    /// What a caller authenticated as.
    type Principal;

    /// The answers that this vendor does not document.
    const ASSUMPTIONS: &'static [Assumption];

    /// Which of them decides whether the caller or the input is looked at first.
    const ORDER_OF_CHECKS: &'static Assumption;

    /// Where the vendor makes keys; none as long as no create is played.
    const MAKING: Option<Making> = None;

    /// Puts the ready-made tenants, users and credentials into an empty store.
    async fn seed(store: &AnyStore, clock: &Clock) -> Result<Seeded, Unavailable>;

    /// Draws up a principal or a key of a test's own; nothing is kept yet.
    async fn enrol(desk: &Desk<'_>, order: Order<'_>) -> Result<Enrolment, SeedError>;

    /// The tenant that the request's address belongs to. Vendors that do not tell tenants apart by address
    /// keep the default.
    fn site(_request: &Request) -> Result<Option<&'static str>, Refusal> {
        Ok(None)
    }

    /// The credential that the request presents, if any; on a public operation there is none to look for.
    fn presented<'c>(call: &'c Call<'_>) -> Result<Option<Presented<'c>>, Refusal>;

    /// Who the caller is, and whether that may call the operation at all. `credential` is active; it is `None`
    /// only on a public operation. Unless an assumption says so, the body has not been checked yet.
    async fn admit(call: &Call<'_>, credential: Option<Arc<Credential>>) -> Result<Self::Principal, Refusal>;

    /// Whether a breach of the contract is passed over, where the contract is stricter than an assumption.
    fn overlooks(_call: &Call<'_>, _violation: &Violation) -> bool {
        false
    }

    /// Performs the operation; the request fits the contract.
    async fn perform(call: &Call<'_>, principal: &Self::Principal) -> Result<Response, Refusal>;

    /// Gives a refusal the vendor's form. `operation` is known once the route was found.
    fn refuse(refusal: Refusal, operation: Option<&Operation>) -> Response;

    /// The same for a call that got as far as its operation, for vendors whose form hangs on an assumption or on
    /// what was presented.
    fn refuse_call(call: &Call<'_>, refusal: Refusal) -> Response {
        Self::refuse(refusal, Some(call.operation))
    }

    /// The tenant in which the caller was, for the journal; not every credential has one of its own.
    fn tenant<'c>(_call: &'c Call<'_>, caller: &'c Credential, _answered: StatusCode) -> &'c str {
        &caller.tenant
    }

    /// Notes a call that has its answer, for vendors that keep a log of requests. `caller` is whom the call
    /// authenticated as, admitted or not.
    async fn note(
        _call: &Call<'_>,
        _caller: Option<&Arc<Credential>>,
        _answered: &Answered<'_>,
    ) -> Result<(), Unavailable> {
        Ok(())
    }
}

impl std::fmt::Debug for Seeded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The credentials stay out.
        f.debug_struct("Seeded")
            .field("tenant", &self.tenant)
            .finish_non_exhaustive()
    }
}

/// Where a vendor makes keys, and where in its answer a new one is (each vendor's create page).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Making {
    pub(crate) path: &'static str,
    /// The id, as a JSON pointer.
    pub(crate) id: &'static str,
    /// The key: the first of these that there is.
    pub(crate) secrets: &'static [&'static str],
    /// The header that takes an API key.
    pub(crate) key_header: &'static str,
    /// The members that a create must have besides the name.
    pub(crate) demanded: &'static [(&'static str, &'static [&'static str])],
    /// The header that names the caller's tenant, where a create must say it.
    pub(crate) tenant_header: Option<&'static str>,
}

/// What became of a call.
pub(crate) struct Answered<'r> {
    pub(crate) response: &'r Response,
    /// When the call began.
    pub(crate) begun: Instant,
}

/// A credential as presented, in plain text for as long as it takes to digest it.
pub(crate) struct Presented<'r> {
    pub(crate) secret: &'r str,
    /// The kinds that the place where it was presented can hold.
    pub(crate) kinds: &'static [Kind],
}

/// The ready-made principals of a vendor, as `access.rs` hands them out.
pub(crate) struct Seeded {
    pub(crate) tenant: &'static str,
    pub(crate) other_tenant: &'static str,
    /// The host of the other tenant, where a tenant is a host.
    pub(crate) other_host: Option<&'static str>,
    pub(crate) admin: String,
    pub(crate) limited: String,
    pub(crate) other: String,
}
