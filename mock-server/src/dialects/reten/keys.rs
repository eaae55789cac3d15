//! API keys of a user within a tenant (Reten api-keys pages): made, listed, revoked.

use std::borrow::Cow;

use http::StatusCode;
use http::header::{CACHE_CONTROL, HeaderValue};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::call::{Call, Response, json, with};
use crate::clock;
use crate::entropy::Entropy;
use crate::instant::Instant;
use crate::refusal::Refusal;
use crate::store::{
    Credential, Kind, Lookup, NewCredential, Order, Reach, Revocation, Seal, Standing, Store, Which, Window,
};

use super::access::Caller;
use super::refusals::error;
use super::{answer_of, assumed, permissions, time};

/// What every key begins with (api-keys/create page).
const KEY_MARK: &str = "rtn_sk_";
/// The member of a key's details that holds the permissions as they are shown, if that is not how they are held.
const SHOWN_PERMISSIONS: &str = "permissions";

pub(super) async fn create(call: &Call<'_>, caller: &Caller) -> Result<Response, Refusal> {
    let name = call.member("name").as_str().unwrap_or_default();
    let asked = asked_permissions(call)?;
    let expires_at = expiry(call)?;
    check_name(call, caller, name).await?;
    let grants: Vec<String> = asked
        .iter()
        .map(|permission| permission.to_ascii_uppercase())
        .collect();
    if !grants.iter().all(|permission| caller.may_grant(call, permission)) {
        let message = "Requested permissions exceed those of the creator";
        return Err(error(StatusCode::FORBIDDEN, message).into());
    }
    let secret = secret(call.entropy);
    let new = NewCredential {
        id: Some(call.entropy.uuid()),
        kind: Kind::ApiKey,
        seal: Seal::of(&secret),
        tenant: caller.tenant.clone(),
        owner: caller.user.id.as_str().into(),
        name: name.to_owned(),
        prefix: prefix(&secret),
        details: match asked == grants {
            true => Map::new(),
            false => Map::from_iter([(SHOWN_PERMISSIONS.to_owned(), asked.into())]),
        },
        grants,
        created_at: call.now,
        expires_at,
    };
    let key = match call.assumed(&assumed::DUPLICATE_NAME) {
        // Since it was found to be free, somebody else may have taken the name.
        "400" => {
            call.store
                .issue_named(new, Reach::owner(&caller.tenant, &caller.user.id))
                .await?
        }
        _ => Some(call.store.issue(new).await?),
    };
    let key = key.ok_or_else(|| Refusal::from(error(answer_of("400"), "Validation failed")))?;
    let member = call.assumed(&assumed::PLAINTEXT_MEMBER);
    let body = Made {
        shown: shown(call, &key),
        plaintext_key: (member != "key").then_some(&*secret),
        key: matches!(member, "both" | "key").then_some(&*secret),
    };
    Ok(with(
        json(StatusCode::CREATED, &body),
        CACHE_CONTROL,
        HeaderValue::from_static("no-store"),
    ))
}

pub(super) async fn list(call: &Call<'_>, caller: &Caller) -> Result<Response, Refusal> {
    let mine = Reach::owner(&caller.tenant, &caller.user.id);
    let all = Window {
        order: Order::NewestFirst,
        ..Window::ALL
    };
    let keys = call.store.list(Kind::ApiKey, mine, Which::All, all).await?;
    let keys: Vec<_> = keys.iter().map(|key| shown(call, key)).collect();
    Ok(json(StatusCode::OK, &keys))
}

pub(super) async fn revoke(call: &Call<'_>, caller: &Caller) -> Result<Response, Refusal> {
    let id = call.path_param("id").to_ascii_lowercase();
    let mine = Reach::owner(&caller.tenant, &caller.user.id);
    if call.assumed(&assumed::REVOKE_EXPIRED) == "400"
        && let Lookup::Found(key) = call.store.lookup(Kind::ApiKey, &id, mine).await?
        && let Standing::Expired(_) = key.standing(call.now)
    {
        return Err(error(answer_of("400"), "API key is expired").into());
    }
    // The four answers of the api-keys/revoke page.
    match call.store.revoke(Kind::ApiKey, &id, mine, call.now).await? {
        Revocation::Revoked => Ok(json(
            StatusCode::OK,
            &json!({ "message": "API key revoked successfully" }),
        )),
        Revocation::Already => Err(error(answer_of("400"), "API key is already revoked").into()),
        Revocation::Foreign => Err(error(answer_of("403"), "API key belongs to somebody else").into()),
        Revocation::Missing => Err(error(answer_of("404"), "API key not found").into()),
    }
}

/// A new key in the shape of the example: 56 hexadecimal digits, of which the hint shows the first 8.
pub(super) fn secret(entropy: &Entropy) -> String {
    [KEY_MARK, &entropy.hex(56)].concat()
}

/// The printable hint of a key.
pub(super) fn prefix(secret: &str) -> String {
    secret.get(..KEY_MARK.len() + 8).unwrap_or_default().to_owned()
}

/// A key as the API shows it; the secret is not there to be shown.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'k> {
    id: &'k str,
    name: &'k str,
    key_prefix: &'k str,
    user_id: &'k str,
    tenant_id: &'k str,
    is_active: bool,
    permissions: Cow<'k, [String]>,
    expires_at: Option<Instant>,
    last_used_at: Option<Instant>,
    created_at: Instant,
    revoked_at: Option<Instant>,
}

/// The answer to a create, the only one that holds the key.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Made<'k> {
    #[serde(flatten)]
    shown: Shown<'k>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plaintext_key: Option<&'k str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'k str>,
}

fn shown<'k>(call: &Call<'_>, key: &'k Credential) -> Shown<'k> {
    let is_active = match key.standing(call.now) {
        Standing::Active => true,
        Standing::Revoked(_) => false,
        Standing::Expired(_) => call.assumed(&assumed::EXPIRED_IS_ACTIVE) == "yes",
    };
    Shown {
        id: key.id(),
        name: key.name(),
        key_prefix: key.prefix(),
        user_id: &key.owner,
        tenant_id: &key.tenant,
        is_active,
        permissions: key
            .detail(SHOWN_PERMISSIONS)
            .map_or(Cow::Borrowed(&key.grants), Cow::Owned),
        expires_at: key.expires_at.map(time),
        last_used_at: key.last_use().map(|last_use| time(last_use.at)),
        created_at: time(key.created_at),
        revoked_at: key.revoked_at().map(time),
    }
}

/// The permissions as they will be shown; each is known, by the spelling that is taken.
fn asked_permissions(call: &Call<'_>) -> Result<Vec<String>, Refusal> {
    let refused = || Refusal::from(error(answer_of("400"), "Validation failed"));
    let asked = call.member("permissions").as_array().ok_or_else(refused)?;
    let mut taken: Vec<String> = Vec::new();
    for permission in asked.iter().filter_map(Value::as_str) {
        if !is_known(call, permission) {
            return Err(refused());
        }
        let is_repeated = taken.iter().any(|taken| taken.eq_ignore_ascii_case(permission));
        match (is_repeated, call.assumed(&assumed::DUPLICATE_PERMISSIONS)) {
            (true, "400") => return Err(refused()),
            (true, "collapse") => {}
            _ => taken.push(permission.to_owned()),
        }
    }
    Ok(taken)
}

fn is_known(call: &Call<'_>, permission: &str) -> bool {
    let is_upper = permissions::ALL.contains(&permission);
    let is_lower = !permission.bytes().any(|byte| byte.is_ascii_uppercase())
        && permissions::ALL
            .iter()
            .any(|known| known.eq_ignore_ascii_case(permission));
    match call.assumed(&assumed::PERMISSION_CASE) {
        "upper" => is_upper,
        "lower" => is_lower,
        _ => is_upper || is_lower,
    }
}

fn expiry(call: &Call<'_>) -> Result<Option<Timestamp>, Refusal> {
    let Some(text) = call.member("expiresAt").as_str() else {
        return Ok(None);
    };
    let refused = || Refusal::from(error(answer_of("400"), "Validation failed"));
    // The contract has seen that it is RFC 3339; what is left are instants beyond the calendar.
    let at = match clock::read(text) {
        Some(at) => at,
        None if clock::is_beyond(text) && call.assumed(&assumed::FAR_EXPIRY) == "latest" => clock::latest(),
        None => return Err(refused()),
    };
    // Whole milliseconds: what is shown is what is enforced.
    let at = Timestamp::from_millisecond(at.as_millisecond()).map_err(|_| refused())?;
    if at <= call.now && call.assumed(&assumed::EXPIRES_IN_PAST) == "400" {
        return Err(refused());
    }
    Ok(Some(at))
}

async fn check_name(call: &Call<'_>, caller: &Caller, name: &str) -> Result<(), Refusal> {
    let refused = || Refusal::from(error(answer_of("400"), "Validation failed"));
    if name.trim().is_empty() && call.assumed(&assumed::EMPTY_NAME) == "400" {
        return Err(refused());
    }
    if call.assumed(&assumed::DUPLICATE_NAME) == "400" {
        let mine = Reach::owner(&caller.tenant, &caller.user.id);
        if call.store.is_named(Kind::ApiKey, mine, name).await? {
            return Err(refused());
        }
    }
    Ok(())
}
