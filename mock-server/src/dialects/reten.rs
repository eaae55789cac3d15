//! Reten, played: users with roles, sessions by password, keys of a user within one tenant.
//!
//! Two tenants are ready made, Acme Corp and Beta Inc. Their users sign in with these passwords, which are
//! fixtures and nobody's secrets:
//!
//! | user | email | password | may |
//! |---|---|---|---|
//! | `admin` | `admin@acme-corp.example` | `admin-password` | everything, in Acme Corp |
//! | `limited` | `limited@acme-corp.example` | `limited-password` | `MANAGE_API_KEYS` and `VIEW_ACTIVITIES`, in Acme Corp |
//! | `viewer` | `viewer@acme-corp.example` | `viewer-password` | `VIEW_ACTIVITIES`, in Acme Corp |
//! | `consultant` | `consultant@example.com` | `consultant-password` | what an `ADMIN` may, in both |
//! | `other` | `other@beta-inc.example` | `other-password` | everything, in Beta Inc |
//!
//! The ready-made credentials are access tokens of `admin`, `limited` and `other` that do not expire.
//! An operation that belongs to a tenant wants `x-tenant-id` with a token and knows the tenant of a key
//! (Reten getting-started page).

mod access;
mod assumed;
mod enrolment;
mod keys;
mod permissions;
mod reads;
mod refusals;
mod seeds;
mod sessions;
mod users;

use std::sync::Arc;

use http::StatusCode;
use jiff::Timestamp;
use keyway_openapi::Operation;

use crate::assumptions::Assumption;
use crate::call::{Call, Response};
use crate::clock::Clock;
use crate::dialect::{Dialect, Making, Presented, Seeded};
use crate::instant::{self, Instant};
use crate::refusal::Refusal;
use crate::seed::{Desk, Enrolment, Order, SeedError};
use crate::store::{AnyStore, Credential, Unavailable};

use access::Principal;

/// Reten, played.
#[derive(Debug)]
pub(crate) struct Reten;

impl Dialect for Reten {
    type Principal = Principal;

    const ASSUMPTIONS: &'static [Assumption] = assumed::ALL;

    const ORDER_OF_CHECKS: &'static Assumption = &assumed::ORDER_OF_CHECKS;

    const MAKING: Option<Making> = Some(Making {
        path: "/api/api-keys",
        id: "/id",
        secrets: &["/plaintextKey", "/key"],
        key_header: "x-api-key",
        demanded: &[("permissions", &["VIEW_ACTIVITIES"])],
        tenant_header: Some("x-tenant-id"),
    });

    async fn seed(store: &AnyStore, clock: &Clock) -> Result<Seeded, Unavailable> {
        seeds::plant(store, clock.now()).await
    }

    async fn enrol(desk: &Desk<'_>, order: Order<'_>) -> Result<Enrolment, SeedError> {
        enrolment::draw_up(desk, order).await
    }

    fn presented<'c>(call: &'c Call<'_>) -> Result<Option<Presented<'c>>, Refusal> {
        access::presented(call)
    }

    async fn admit(call: &Call<'_>, credential: Option<Arc<Credential>>) -> Result<Principal, Refusal> {
        access::admit(call, credential).await
    }

    async fn perform(call: &Call<'_>, principal: &Principal) -> Result<Response, Refusal> {
        match (call.operation.id(), principal) {
            ("login", _) => sessions::login(call).await,
            ("logout", _) => sessions::logout(call).await,
            ("refresh", Principal::Refresher(token)) => sessions::refresh(call, token).await,
            (operation, Principal::Caller(caller)) => match operation {
                "getCurrentUser" => Ok(users::current(&caller.user)),
                "listMyTenants" => Ok(users::tenants(&caller.user)),
                "createApiKey" => keys::create(call, caller).await,
                "listApiKeys" => keys::list(call, caller).await,
                "revokeApiKey" => keys::revoke(call, caller).await,
                "listCommerces" => reads::commerces(call, caller).await,
                "listActivities" => reads::activities(call, caller).await,
                "listTaskResultTypeConfigs" => Ok(reads::result_types()),
                _ => Err(Refusal::NoRoute),
            },
            _ => Err(Refusal::NoRoute),
        }
    }

    fn refuse(refusal: Refusal, operation: Option<&Operation>) -> Response {
        refusals::refuse(refusal, operation)
    }

    fn tenant<'c>(call: &'c Call<'_>, caller: &'c Credential, answered: StatusCode) -> &'c str {
        // A token belongs to a user, who says which tenant is meant; whether that is right is said by the answer.
        let named = || {
            call.header(access::TENANT_HEADER)
                .filter(|_| answered.is_success())
        };
        match &*caller.tenant {
            sessions::NO_TENANT => named().unwrap_or_default(),
            tenant => tenant,
        }
    }

    fn refuse_call(call: &Call<'_>, refusal: Refusal) -> Response {
        refusals::refuse_call(call, refusal)
    }
}

/// A time as Reten writes it: with milliseconds, in UTC (Reten getting-started page).
fn time(at: Timestamp) -> Instant {
    instant::with_digits(at, 3)
}

/// Whether a text is a UUID in its usual form; the crate would also take braces and bare digits.
fn is_uuid(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}

fn answer_of(choice: &str) -> StatusCode {
    match choice {
        "400" => StatusCode::BAD_REQUEST,
        "404" => StatusCode::NOT_FOUND,
        _ => StatusCode::FORBIDDEN,
    }
}
