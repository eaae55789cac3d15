//! Who is calling, in which tenant, and whether that may call the operation.

use std::sync::Arc;

use http::HeaderValue;
use http::header::{AUTHORIZATION, COOKIE, HeaderName};

use crate::call::{Call, bearer_token};
use crate::dialect::Presented;
use crate::mock::is_public;
use crate::refusal::{Refusal, Unauthenticated};
use crate::store::{Credential, Kind, LastUse, Store, Unavailable};

use super::refusals::error;
use super::users::{self, User};
use super::{answer_of, assumed, is_uuid, permissions};

/// The header that carries a key, and the one that names a tenant (Reten getting-started page).
const KEY_HEADER: HeaderName = HeaderName::from_static("x-api-key");
pub(super) const TENANT_HEADER: HeaderName = HeaderName::from_static("x-tenant-id");

/// What a request authenticated as.
#[derive(Debug)]
pub(crate) enum Principal {
    /// A public operation asks nobody.
    Nobody,
    /// The bearer of a refresh token.
    Refresher(Arc<Credential>),
    /// A user, by token or by key.
    Caller(Caller),
}

/// A user, by token or by key.
#[derive(Debug)]
pub(crate) struct Caller {
    pub(super) user: Arc<User>,
    /// The active tenant; empty on operations that belong to none.
    pub(super) tenant: Arc<str>,
    /// The key, if the caller is one.
    key: Option<Arc<Credential>>,
}

impl Caller {
    /// Whether the caller may do what a permission allows.
    pub(super) fn holds(&self, permission: &str) -> bool {
        match &self.key {
            Some(key) => key.holds(permission),
            None => self.user.holds(permission),
        }
    }

    /// Whether the caller may hand a permission on to a new key.
    pub(super) fn may_grant(&self, call: &Call<'_>, permission: &str) -> bool {
        match call.assumed(&assumed::KEY_GRANT_CEILING) {
            "user" => self.user.holds(permission),
            _ => self.holds(permission),
        }
    }
}

pub(super) fn presented<'c>(call: &'c Call<'_>) -> Result<Option<Presented<'c>>, Refusal> {
    if is_public(call) {
        return Ok(None);
    }
    if call.operation.id() == "refresh" {
        let token = refresh_cookie(call)?;
        return Ok(token.map(|secret| Presented {
            secret,
            kinds: &[Kind::Refresh],
        }));
    }
    match (bearer(call), key(call), call.assumed(&assumed::BOTH_CREDENTIALS)) {
        (Some(_), Some(_), "401") => refused(Unauthenticated::Ambiguous),
        (Some(bearer), None, _) | (Some(bearer), Some(_), "bearer-wins") => bearer.map(Some),
        (_, Some(key), _) => key.map(Some),
        (None, None, _) => Ok(None),
    }
}

/// The cookie `refreshToken`; of two of them none is meant.
pub(super) fn refresh_cookie<'c>(call: &'c Call<'_>) -> Result<Option<&'c str>, Refusal> {
    let lines = call
        .request
        .headers()
        .get_all(COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok());
    let pairs = lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    let mut values = pairs
        .filter(|(name, _)| *name == "refreshToken")
        .map(|(_, value)| value);
    match (values.next(), values.next()) {
        (_, Some(_)) => refused(Unauthenticated::Ambiguous),
        (value, None) => Ok(value),
    }
}

pub(super) async fn admit(
    call: &Call<'_>,
    credential: Option<Arc<Credential>>,
) -> Result<Principal, Refusal> {
    let Some(credential) = credential else {
        return Ok(Principal::Nobody);
    };
    if credential.kind == Kind::Refresh {
        return Ok(Principal::Refresher(credential));
    }
    let Some(user) = users::of_id(call.store, &credential.owner).await? else {
        return refused(Unauthenticated::Unknown);
    };
    let is_key = credential.kind == Kind::ApiKey;
    if is_key && call.assumed(&assumed::LAST_USED_ON_FORBIDDEN) == "yes" {
        note_use(call, &credential).await?;
    }
    let tenant = match credential.kind {
        Kind::ApiKey => tenant_of_key(call, &credential)?,
        _ => tenant_of_token(call, &user)?,
    };
    let caller = Caller {
        user,
        tenant,
        key: is_key.then(|| Arc::clone(&credential)),
    };
    check_permission(call, &caller)?;
    check_id(call)?;
    if is_key && call.assumed(&assumed::LAST_USED_ON_FORBIDDEN) == "no" {
        note_use(call, &credential).await?;
    }
    Ok(Principal::Caller(caller))
}

fn bearer<'c>(call: &'c Call<'_>) -> Option<Result<Presented<'c>, Refusal>> {
    let value = match only(call, AUTHORIZATION)? {
        Ok(value) => value,
        Err(refusal) => return Some(Err(refusal)),
    };
    Some(match value.to_str().ok().and_then(bearer_token) {
        Some(secret) => {
            // Reten integration/authentication page: a token is not taken there, and a key is not a token.
            let kinds: &[Kind] = if takes(call, "BearerAuth") {
                &[Kind::Session]
            } else {
                &[]
            };
            Ok(Presented { secret, kinds })
        }
        None => refused(Unauthenticated::Malformed),
    })
}

fn key<'c>(call: &'c Call<'_>) -> Option<Result<Presented<'c>, Refusal>> {
    let value = match only(call, KEY_HEADER)? {
        Ok(value) => value,
        Err(refusal) => return Some(Err(refusal)),
    };
    Some(match value.to_str() {
        Ok(secret) if !secret.is_empty() => {
            let is_welcome = takes(call, "ApiKeyAuth") || call.assumed(&assumed::API_KEY_AS_USER) == "yes";
            Ok(Presented {
                secret,
                kinds: if is_welcome { &[Kind::ApiKey] } else { &[] },
            })
        }
        _ => refused(Unauthenticated::Malformed),
    })
}

/// The value of a header that carries a credential.
fn only<'c>(call: &'c Call<'_>, name: HeaderName) -> Option<Result<&'c HeaderValue, Refusal>> {
    let mut values = call.request.headers().get_all(name).iter();
    let first = values.next()?;
    let is_repeated = values.next().is_some();
    Some(
        if is_repeated && call.assumed(&assumed::REPEATED_CREDENTIAL) == "401" {
            refused(Unauthenticated::Ambiguous)
        } else {
            Ok(first)
        },
    )
}

/// Whether the contract lets the operation be called by way of a security scheme.
fn takes(call: &Call<'_>, scheme: &str) -> bool {
    call.operation
        .security()
        .iter()
        .any(|way| way.schemes().any(|(name, _)| name == scheme))
}

/// A key knows its tenant; the header is not needed and may at most agree.
fn tenant_of_key(call: &Call<'_>, key: &Credential) -> Result<Arc<str>, Refusal> {
    let mut named = call.request.headers().get_all(TENANT_HEADER).iter();
    let agrees = named.all(|named| named.as_bytes().eq_ignore_ascii_case(key.tenant.as_bytes()));
    if !agrees && call.assumed(&assumed::TENANT_HEADER_WITH_KEY) == "403" {
        return Err(error(answer_of("403"), "Wrong tenant").into());
    }
    Ok(Arc::clone(&key.tenant))
}

/// With a token the tenant is named in the header, and the user must belong to it.
fn tenant_of_token(call: &Call<'_>, user: &User) -> Result<Arc<str>, Refusal> {
    // What needs no permission belongs to no tenant (authentication/me, tenants/my-tenants).
    if permissions::of_operation(call.operation.id()).is_none() {
        return Ok(Arc::from(""));
    }
    if !call.request.headers().contains_key(TENANT_HEADER) {
        let status = match call.operation.id() {
            "revokeApiKey" => "400",
            _ => call.assumed(&assumed::NO_TENANT_CONTEXT),
        };
        return Err(error(answer_of(status), "No active tenant context").into());
    }
    let Some(named) = call.header(TENANT_HEADER).filter(|named| is_uuid(named)) else {
        let status = answer_of(call.assumed(&assumed::MALFORMED_TENANT));
        return Err(error(status, "Invalid tenant").into());
    };
    let named = named.to_ascii_lowercase();
    if !user.is_member_of(&named) {
        return Err(error(answer_of("403"), "Wrong tenant").into());
    }
    Ok(named.into())
}

fn check_permission(call: &Call<'_>, caller: &Caller) -> Result<(), Refusal> {
    let Some(permission) = permissions::of_operation(call.operation.id()) else {
        return Ok(());
    };
    let is_barred = permission == "MANAGE_API_KEYS"
        && caller.key.is_some()
        && call.assumed(&assumed::API_KEY_MAY_MANAGE_KEYS) == "no";
    if caller.holds(permission) && !is_barred {
        Ok(())
    } else {
        // The message of the integration/errors page.
        let refusal = Refusal::from(error(answer_of("403"), "Insufficient permissions"));
        let barred = if is_barred {
            "keys may not manage keys"
        } else {
            "the caller does not hold it"
        };
        Err(refusal.because(format!("permission {permission} missing: {barred}")))
    }
}

/// An id that is no UUID is looked at here, because the contract's own complaint could only be a 400.
fn check_id(call: &Call<'_>) -> Result<(), Refusal> {
    if call.operation.id() != "revokeApiKey" || is_uuid(call.path_param("id")) {
        return Ok(());
    }
    match call.assumed(&assumed::MALFORMED_ID) {
        "404" => Err(error(answer_of("404"), "API key not found").into()),
        _ => Err(error(answer_of("400"), "Validation failed").into()),
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

fn refused<T>(why: Unauthenticated) -> Result<T, Refusal> {
    Err(Refusal::Unauthenticated(why))
}
