//! API keys: made and revoked, and nothing else (Sinjapp createApiKey and revokeApiKey pages).

use std::sync::Arc;

use http::StatusCode;
use http::header::{CACHE_CONTROL, HeaderValue};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::assumptions::Assumptions;
use crate::call::{Call, Response, empty, json, with};
use crate::entropy::Entropy;
use crate::instant::Instant;
use crate::refusal::Refusal;
use crate::store::{Credential, Kind, NewCredential, Reach, Revocation, Seal, Standing, Store, Unavailable};

use super::refusals::{Errors, invalid_field, message};
use super::{assumed, covers, no_scope, time};

/// The life of a key whose maker says nothing (Sinjapp createApiKey page).
const DEFAULT_DAYS: i64 = 90;
const DAY: i64 = 86_400;
/// What Laravel says of a name that somebody else has.
const NAME_TAKEN: &str = "The name has already been taken.";

pub(super) async fn create(call: &Call<'_>, creator: &Arc<Credential>) -> Result<Response, Refusal> {
    let name = call.member("name").as_str().unwrap_or_default();
    let scopes = scopes(call);
    check(call, creator, name).await?;
    let escalates = scopes.iter().any(|scope| !covers(creator, scope));
    if escalates && call.assumed(&assumed::GRANT_BEYOND_OWN_SCOPES) == "403" {
        return Err(no_scope(call).because("a key cannot give scopes that it does not have"));
    }
    let secret = secret(call.entropy);
    let days = whole(call.member("expires_in_days")).unwrap_or(DEFAULT_DAYS);
    let new = NewCredential {
        id: None,
        kind: Kind::ApiKey,
        seal: Seal::of(&secret),
        tenant: Arc::clone(&creator.tenant),
        owner: Arc::clone(&creator.owner),
        name: name.to_owned(),
        prefix: prefix(call.assumptions, &secret),
        grants: scopes,
        created_at: call.now,
        expires_at: Some(expiry(call, days)),
        details: Map::new(),
    };
    let key = match call.assumed(&assumed::DUPLICATE_NAME) {
        // Since it was found to be free, somebody else may have taken the name.
        "422" => {
            call.store
                .issue_named(new, Reach::tenant(&creator.tenant))
                .await?
        }
        _ => Some(call.store.issue(new).await?),
    };
    let key = key.ok_or_else(|| invalid_field("name", NAME_TAKEN))?;
    let body = Made {
        data: shown(call, &key),
        plain_text_key: &secret,
    };
    Ok(with(
        json(StatusCode::CREATED, &body),
        CACHE_CONTROL,
        HeaderValue::from_static("no-store"),
    ))
}

pub(super) async fn revoke(call: &Call<'_>, caller: &Arc<Credential>) -> Result<Response, Refusal> {
    let id = call.path_param("apiKey");
    if id == caller.id() && call.assumed(&assumed::SELF_REVOKE) == "403" {
        return Err(message(StatusCode::FORBIDDEN, "An API key cannot revoke itself.").into());
    }
    let assumption = match call
        .store
        .revoke(Kind::ApiKey, id, Reach::tenant(&caller.tenant), call.now)
        .await?
    {
        Revocation::Revoked => return Ok(empty(StatusCode::NO_CONTENT)),
        Revocation::Already => &assumed::SECOND_REVOKE,
        Revocation::Missing => &assumed::UNKNOWN_ID,
        Revocation::Foreign => &assumed::FOREIGN_ID,
    };
    match call.assumed(assumption) {
        "204" => Ok(empty(StatusCode::NO_CONTENT)),
        "403" => Err(message(StatusCode::FORBIDDEN, "This API key belongs to another tenant.").into()),
        _ => Err(message(StatusCode::NOT_FOUND, "API key not found.").into()),
    }
}

/// A new key: 40 characters of base62 are 238 bits; the word in front says whose key it is.
pub(super) fn secret(entropy: &Entropy) -> String {
    ["tgo_mock", &entropy.base62(40)].concat()
}

/// What a key's `prefix` shows of it.
pub(super) fn prefix(assumptions: &Assumptions, secret: &str) -> String {
    let length = match assumptions.of(&assumed::KEY_PREFIX) {
        "hint" => "tgo_mock".len() + 4,
        _ => "tgo_".len(),
    };
    secret.chars().take(length).collect()
}

/// A key as the API shows it; the secret is not there to be shown.
#[derive(Debug, Serialize)]
pub(super) struct Shown<'k> {
    id: u64,
    name: &'k str,
    prefix: &'k str,
    scopes: &'k [String],
    status: &'static str,
    expires_at: Option<Instant>,
    last_used_at: Option<Instant>,
}

/// The answer to a create, the only one that holds the key.
#[derive(Serialize)]
struct Made<'k> {
    data: Shown<'k>,
    plain_text_key: &'k str,
}

pub(super) fn shown<'k>(call: &Call<'_>, key: &'k Credential) -> Shown<'k> {
    Shown {
        id: key.id().parse().unwrap_or_default(),
        name: key.name(),
        prefix: key.prefix(),
        scopes: &key.grants,
        status: status(call, key),
        expires_at: key.expires_at.map(|at| time(call, at)),
        last_used_at: key.last_use().map(|last_use| time(call, last_use.at)),
    }
}

/// `active` or `revoked`; there is no third state (Sinjapp createApiKey page).
fn status(call: &Call<'_>, key: &Credential) -> &'static str {
    match key.standing(call.now) {
        Standing::Active => "active",
        Standing::Revoked(_) => "revoked",
        Standing::Expired(_) => call.assumed(&assumed::STATUS_AFTER_EXPIRY),
    }
}

/// Whether a key that has expired counts as active.
pub(super) fn expired_is_active(call: &Call<'_>) -> bool {
    call.assumed(&assumed::STATUS_AFTER_EXPIRY) == "active"
}

/// A JSON number that JSON Schema takes for an integer, `30.0` included.
pub(super) fn whole(number: &Value) -> Option<i64> {
    number.as_i64().or_else(|| {
        let float = number.as_f64()?;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a float beyond the range saturates, and none such exists as an id"
        )]
        (float.fract() == 0.0).then_some(float as i64)
    })
}

fn scopes(call: &Call<'_>) -> Vec<String> {
    let Some(asked) = call.member("scopes").as_array() else {
        return match call.assumed(&assumed::SCOPES_OMITTED) {
            "all" => vec!["*".to_owned()],
            _ => Vec::new(),
        };
    };
    let mut scopes = Vec::new();
    for scope in asked.iter().filter_map(Value::as_str).map(str::to_owned) {
        if call.assumed(&assumed::DUPLICATE_SCOPES) == "keep" || !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    scopes
}

/// The rules that the document does not state.
async fn check(call: &Call<'_>, creator: &Credential, name: &str) -> Result<(), Refusal> {
    let mut errors = Errors::default();
    if name.trim().is_empty() && call.assumed(&assumed::EMPTY_STRINGS) == "422" {
        errors.add_required("name");
    }
    if call.assumed(&assumed::NAME_LENGTH) == "255" && name.chars().count() > 255 {
        errors.add("name", "The name may not be greater than 255 characters.");
    }
    if call.assumed(&assumed::DUPLICATE_NAME) == "422" && is_taken(call, creator, name).await? {
        errors.add("name", NAME_TAKEN);
    }
    let names_no_scope = call.member("scopes").as_array().is_some_and(Vec::is_empty);
    if names_no_scope && call.assumed(&assumed::SCOPES_EMPTY) == "422" {
        errors.add_required("scopes");
    }
    errors.into_result()
}

async fn is_taken(call: &Call<'_>, creator: &Credential, name: &str) -> Result<bool, Unavailable> {
    let reach = Reach::tenant(&creator.tenant);
    call.store.is_named(Kind::ApiKey, reach, name).await
}

/// The instant after so many days, in whole seconds: what is shown is what is enforced.
fn expiry(call: &Call<'_>, days: i64) -> Timestamp {
    let days = SignedDuration::from_secs(days.saturating_mul(DAY));
    let Ok(exact) = call.now.checked_add(days) else {
        return Timestamp::MAX;
    };
    let seconds = match call.assumed(&assumed::EXPIRY_INSTANT) {
        "end-of-day" => exact.as_second() - exact.as_second().rem_euclid(DAY) + DAY - 1,
        _ => exact.as_second(),
    };
    Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
}
