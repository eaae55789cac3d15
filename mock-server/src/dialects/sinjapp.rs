//! Sinjapp Business, played: tenants by host, keys with scopes, errors as Laravel writes them.
//!
//! The tenant is the host of the request and is picked before the key is looked at (Sinjapp authentication
//! guide). Two are ready made: `acme` (also on any loopback address) and `other`. Of the first, `admin` is a
//! key with `*` and `limited` one with `usage.read` only; `other` is a key with `*` of the second.
//!
//! The limits of the subscription are shown and not enforced: no page says what happens beyond them.

mod account;
mod assumed;
mod contacts;
mod enrolment;
mod form;
mod keys;
mod messages;
mod refusals;
mod seeds;
mod senders;
mod tenants;

use std::sync::Arc;

use http::StatusCode;
use http::header::HeaderName;
use jiff::Timestamp;
use keyway_openapi::Operation;

use crate::assumptions::Assumption;
use crate::call::{Call, Request, Response};
use crate::clock::Clock;
use crate::dialect::{Dialect, Making, Presented, Seeded};
use crate::instant::{self, Instant};
use crate::refusal::{Refusal, Unauthenticated};
use crate::seed::{Desk, Enrolment, Order, SeedError};
use crate::store::{AnyStore, Credential, Kind, LastUse, Store, Unavailable};

/// The header that carries a key (authentication guide).
const KEY_HEADER: HeaderName = HeaderName::from_static("x-api-key");

/// Sinjapp, played.
#[derive(Debug)]
pub(crate) struct Sinjapp;

impl Dialect for Sinjapp {
    /// The calling key: it is all that a request speaks for.
    type Principal = Arc<Credential>;

    const ASSUMPTIONS: &'static [Assumption] = assumed::ALL;

    const ORDER_OF_CHECKS: &'static Assumption = &assumed::ORDER_OF_CHECKS;

    const MAKING: Option<Making> = Some(Making {
        path: "/api/v1/api-keys",
        id: "/data/id",
        secrets: &["/plain_text_key"],
        key_header: "x-api-key",
        demanded: &[],
        tenant_header: None,
    });

    async fn seed(store: &AnyStore, clock: &Clock) -> Result<Seeded, Unavailable> {
        seeds::plant(store, clock.now()).await
    }

    async fn enrol(desk: &Desk<'_>, order: Order<'_>) -> Result<Enrolment, SeedError> {
        enrolment::draw_up(desk, order)
    }

    fn site(request: &Request) -> Result<Option<&'static str>, Refusal> {
        match tenants::of_address(request) {
            Some(tenant) => Ok(Some(tenant.slug)),
            None => Err(refusals::message(StatusCode::NOT_FOUND, refusals::NO_TENANT).into()),
        }
    }

    fn presented<'c>(call: &'c Call<'_>) -> Result<Option<Presented<'c>>, Refusal> {
        let mut values = call.request.headers().get_all(KEY_HEADER).iter();
        let Some(value) = values.next() else {
            return Ok(None);
        };
        if values.next().is_some() && call.assumed(&assumed::REPEATED_KEY_HEADER) == "401" {
            return Err(Refusal::Unauthenticated(Unauthenticated::Ambiguous));
        }
        match value.to_str() {
            Ok(secret) if !secret.is_empty() => Ok(Some(Presented {
                secret,
                kinds: &[Kind::ApiKey],
            })),
            _ => Err(Refusal::Unauthenticated(Unauthenticated::Malformed)),
        }
    }

    async fn admit(call: &Call<'_>, credential: Option<Arc<Credential>>) -> Result<Arc<Credential>, Refusal> {
        // No operation of the document is public.
        let key = credential.ok_or(Refusal::Unauthenticated(Unauthenticated::Missing))?;
        if call.site != Some(&*key.tenant) {
            return Err(match call.assumed(&assumed::KEY_ON_OTHER_HOST) {
                "404" => refusals::message(StatusCode::NOT_FOUND, refusals::NO_TENANT).into(),
                _ => Refusal::Unauthenticated(Unauthenticated::ElsewhereOnly),
            });
        }
        if call.assumed(&assumed::LAST_USED_AT) == "every-call" {
            note_use(call, &key).await?;
        }
        if may_call(call, &key) {
            Ok(key)
        } else {
            Err(missing_scope(call, &key))
        }
    }

    async fn perform(call: &Call<'_>, key: &Arc<Credential>) -> Result<Response, Refusal> {
        let answer = match call.operation.id() {
            "getTenantContext" => account::context(call, key).await,
            "getTenantSubscription" => account::subscription(call, key).await,
            "getUsage" => account::usage(call, key).await,
            "createApiKey" => keys::create(call, key).await,
            "revokeApiKey" => keys::revoke(call, key).await,
            "listSenderNumbers" => senders::list(call, key).await,
            "registerSenderNumber" => senders::register(call, key).await,
            "lookupContact" => contacts::lookup(call, key).await,
            "listMessages" => messages::list(call, key).await,
            "sendMessage" => messages::send(call, key).await,
            _ => Err(Refusal::NoRoute),
        };
        if answer.is_ok() && call.assumed(&assumed::LAST_USED_AT) == "answered-calls" {
            note_use(call, key).await?;
        }
        answer
    }

    fn refuse(refusal: Refusal, operation: Option<&Operation>) -> Response {
        refusals::refuse(refusal, operation)
    }

    fn refuse_call(call: &Call<'_>, refusal: Refusal) -> Response {
        refusals::refuse_call(call, refusal)
    }
}

async fn note_use(call: &Call<'_>, key: &Credential) -> Result<(), Unavailable> {
    let last_use = LastUse {
        at: call.now,
        ip: call.peer_ip(),
        // No operation shows it, and a client may put anything there.
        user_agent: String::new(),
    };
    call.store.touch(key, last_use).await
}

/// Whether the key has the scopes that the document lists for the operation.
fn may_call(call: &Call<'_>, key: &Credential) -> bool {
    let manages_keys = matches!(call.operation.id(), "createApiKey" | "revokeApiKey");
    if manages_keys && call.assumed(&assumed::KEY_MANAGEMENT_SCOPE) == "full-access" && !key.holds("*") {
        return false;
    }
    call.operation.security().iter().any(|way| {
        way.schemes()
            .all(|(_, scopes)| scopes.iter().all(|scope| covers(key, scope)))
    })
}

/// Whether a key may do what a scope allows; `*` is full access (Sinjapp authentication guide).
fn covers(key: &Credential, scope: &str) -> bool {
    key.holds("*") || key.holds(scope)
}

/// The refusal of a key whose scopes do not reach.
fn no_scope(call: &Call<'_>) -> Refusal {
    match call.assumed(&assumed::MISSING_SCOPE_STATUS) {
        "401" => refusals::challenge(refusals::message(StatusCode::UNAUTHORIZED, refusals::NO_SCOPE)).into(),
        _ => refusals::message(StatusCode::FORBIDDEN, refusals::NO_SCOPE).into(),
    }
}

fn missing_scope(call: &Call<'_>, key: &Credential) -> Refusal {
    let listed = call.operation.security().iter().flat_map(|way| way.schemes());
    let wanted: Vec<_> = listed
        .flat_map(|(_, scopes)| scopes)
        .map(String::as_str)
        .collect();
    let wanted = if wanted.is_empty() {
        "*".to_owned()
    } else {
        wanted.join(", ")
    };
    no_scope(call).because(format!(
        "scope {wanted} missing, the key has {}",
        named(&key.grants)
    ))
}

fn named(scopes: &[String]) -> String {
    if scopes.is_empty() {
        "none".to_owned()
    } else {
        scopes.join(", ")
    }
}

/// A time as Sinjapp writes it.
fn time(call: &Call<'_>, at: Timestamp) -> Instant {
    match call.assumed(&assumed::TIMESTAMP_FORM) {
        "microseconds" => instant::with_digits(at, 6),
        _ => instant::with_digits(at, 0),
    }
}
