//! API keys: list, create, get, revoke.

use http::StatusCode;
use http::header::{CACHE_CONTROL, HeaderValue};
use jiff::Timestamp;
use jiff::fmt::temporal::Pieces;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::call::{Call, Response, with};
use crate::clock;
use crate::entropy::Entropy;
use crate::instant;
use crate::refusal::Refusal;
use crate::store::{Credential, Kind, Lookup, NewCredential, Reach, Revocation, Seal, Store, Which};

use super::accounts::{self, Account};
use super::assumptions::{
    DEFAULT_SCOPE, DUPLICATE_KEY_NAME, EMPTY_NAME, EXPIRES_IN_PAST, FAR_EXPIRY, KEY_FOR_DISABLED_ACCOUNT,
    LIST_SHOWS_REVOKED, SECOND_REVOKE, SELF_REVOKE,
};
use super::caller::{self, Caller, READ, READ_WRITE, SERVICE_ACCOUNT};
use super::envelope::{Members, Unset};
use super::{envelope, paging};

/// What every key begins with (authentication page), and the mark of a mock's key.
pub(super) const KEY_MARK: &str = "b3sk_mock";
/// How much of a key its `keyPrefix` shows: the mark and four characters. The vendor gives no length.
const PREFIX_LENGTH: usize = KEY_MARK.len() + 4;

/// What is said of a name that another key has.
const NAME_TAKEN: &str = "is taken by another key";

pub(super) async fn list(call: &Call<'_>, caller: &Caller) -> Result<Response, Refusal> {
    let page = paging::requested(call)?;
    let reach = Reach::tenant(caller.organization());
    let which = match call.assumed(&LIST_SHOWS_REVOKED) {
        "no" => Which::Unrevoked,
        _ => Which::All,
    };
    let keys = call
        .store
        .list(Kind::ApiKey, reach, which, page.window(call))
        .await?;
    let items = keys.iter().map(|key| shown(call, key)).collect();
    Ok(envelope::success(call, StatusCode::OK, &page.of(items)))
}

pub(super) async fn create(call: &Call<'_>, caller: &Caller) -> Result<Response, Refusal> {
    let name = name(call)?;
    if call.assumed(&DUPLICATE_KEY_NAME) == "400" && is_taken(call, caller, name).await? {
        return Err(envelope::bad_field(call, "name", NAME_TAKEN));
    }
    let expires_at = expiry(call)?;
    let account = target_account(call, caller).await?;
    let scope = call
        .member("scope")
        .as_str()
        // The contract lets no other through, unless an assumption overlooks it.
        .filter(|scope| [READ, READ_WRITE].contains(scope))
        .unwrap_or_else(|| call.assumed(&DEFAULT_SCOPE));
    let secret = secret(call.entropy);
    let mut details = Map::new();
    details.insert("createdBy".to_owned(), Value::from(caller.id()));
    if let Some(account) = &account {
        details.insert(SERVICE_ACCOUNT.to_owned(), Value::from(account.as_str()));
    }
    if let Some(description) = call.member("description").as_str() {
        details.insert("description".to_owned(), Value::from(description));
    }
    let new = NewCredential {
        id: Some(id(call.entropy)),
        kind: Kind::ApiKey,
        seal: Seal::of(&secret),
        tenant: caller.key.tenant.clone(),
        owner: account.as_deref().unwrap_or(caller.id()).into(),
        name: name.to_owned(),
        prefix: prefix(&secret).to_owned(),
        grants: vec![scope.to_owned()],
        created_at: call.now,
        expires_at,
        details,
    };
    let key = match call.assumed(&DUPLICATE_KEY_NAME) {
        // Since it was found to be free, somebody else may have taken the name.
        "400" => {
            call.store
                .issue_named(new, Reach::tenant(caller.organization()))
                .await?
        }
        _ => Some(call.store.issue(new).await?),
    };
    let key = key.ok_or_else(|| envelope::bad_field(call, "name", NAME_TAKEN))?;
    let made = Shown {
        secret: Some(&secret),
        ..shown(call, &key)
    };
    let response = envelope::success(call, StatusCode::OK, &made);
    Ok(with(
        response,
        CACHE_CONTROL,
        HeaderValue::from_static("no-store"),
    ))
}

pub(super) async fn get(call: &Call<'_>, caller: &Caller) -> Result<Response, Refusal> {
    let reach = Reach::tenant(caller.organization());
    match call
        .store
        .lookup(Kind::ApiKey, call.path_param("id"), reach)
        .await?
    {
        Lookup::Found(key) => Ok(envelope::success(call, StatusCode::OK, &shown(call, &key))),
        Lookup::Foreign | Lookup::Missing => Err(not_found(call)),
    }
}

pub(super) async fn revoke(call: &Call<'_>, caller: &Caller) -> Result<Response, Refusal> {
    let id = call.path_param("id");
    if caller.key.id() == id && call.assumed(&SELF_REVOKE) == "403" {
        return Err(envelope::assumed(
            call,
            &SELF_REVOKE,
            "a key cannot revoke itself",
        ));
    }
    let reach = Reach::tenant(caller.organization());
    match call.store.revoke(Kind::ApiKey, id, reach, call.now).await? {
        Revocation::Already if call.assumed(&SECOND_REVOKE) == "404" => Err(not_found(call)),
        Revocation::Revoked | Revocation::Already => Ok(envelope::bare_success(call)),
        // Missing, or not accessible from this organization (earlier authentication page): alike.
        Revocation::Foreign | Revocation::Missing => Err(not_found(call)),
    }
}

/// A new key.
pub(super) fn secret(entropy: &Entropy) -> String {
    [KEY_MARK, &entropy.base62(32)].concat()
}

/// The id of a new key.
pub(super) fn id(entropy: &Entropy) -> String {
    ["ak_", &entropy.hex(20)].concat()
}

/// The printable hint of a key.
pub(super) fn prefix(secret: &str) -> &str {
    secret.get(..PREFIX_LENGTH).unwrap_or_default()
}

/// The name in the body, which the contract has seen to be there.
pub(super) fn name<'c>(call: &'c Call<'_>) -> Result<&'c str, Refusal> {
    let name = call.member("name").as_str().unwrap_or_default();
    if name.trim().is_empty() && call.assumed(&EMPTY_NAME) == "400" {
        return Err(envelope::bad_field(call, "name", "must not be empty"));
    }
    Ok(name)
}

/// A key as the wire shows it.
struct Shown<'k> {
    key: &'k Credential,
    /// Shown once, in the answer to the create.
    secret: Option<&'k str>,
    unset: Unset,
}

fn shown<'k>(call: &Call<'_>, key: &'k Credential) -> Shown<'k> {
    Shown {
        key,
        secret: None,
        unset: Unset::of(call),
    }
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { key, secret, unset } = self;
        let account = caller::account_id(key);
        let last_use = key.last_use();
        let last_use = last_use.as_deref();
        let user_agent = last_use.map(|used| used.user_agent.as_str());
        let mut members = Members::new(serializer.serialize_map(None)?, *unset);
        members.set("id", key.id())?;
        if let Some(secret) = secret {
            members.set("key", secret)?;
        }
        members.set("keyPrefix", key.prefix())?;
        members.set("name", key.name())?;
        members.may("description", key.detail::<String>("description"))?;
        if let Some(scope) = key.grants.first() {
            members.set("scope", scope)?;
        }
        members.set("organizationId", &*key.tenant)?;
        members.may("userId", account.is_none().then_some(&*key.owner))?;
        members.may("serviceAccountId", account)?;
        if let Some(creator) = key.detail::<&str>("createdBy") {
            members.set("createdBy", creator)?;
        }
        members.set("createdAt", instant::exact(key.created_at))?;
        members.may("expiresAt", key.expires_at.map(instant::exact))?;
        members.may("revokedAt", key.revoked_at().map(instant::exact))?;
        members.may("lastUsedAt", last_use.map(|used| instant::exact(used.at)))?;
        members.may("lastUsedIp", last_use.map(|used| &used.ip))?;
        members.may("lastUsedUserAgent", user_agent.filter(|agent| !agent.is_empty()))?;
        members.end()
    }
}

/// The service account that the new key is to speak for: the one asked for, else the caller's own.
async fn target_account(call: &Call<'_>, caller: &Caller) -> Result<Option<String>, Refusal> {
    let Some(id) = call.member(SERVICE_ACCOUNT).as_str() else {
        return Ok(caller.account.as_ref().map(|own| own.id.clone()));
    };
    let Some(account) = accounts::find(call.store, caller.organization(), id).await? else {
        return Err(envelope::bad_field(
            call,
            SERVICE_ACCOUNT,
            "names no service account",
        ));
    };
    check_target(call, caller, &account)?;
    Ok(Some(account.id.clone()))
}

fn check_target(call: &Call<'_>, caller: &Caller, account: &Account) -> Result<(), Refusal> {
    if !account.is_active() && call.assumed(&KEY_FOR_DISABLED_ACCOUNT) == "400" {
        return Err(envelope::bad_field(
            call,
            SERVICE_ACCOUNT,
            "names a disabled service account",
        ));
    }
    caller.check_grant(call, &account.permissions)
}

/// Whether a key of the organization that is not revoked has this name.
async fn is_taken(call: &Call<'_>, caller: &Caller, name: &str) -> Result<bool, Refusal> {
    let reach = Reach::tenant(caller.organization());
    Ok(call.store.is_named(Kind::ApiKey, reach, name).await?)
}

fn expiry(call: &Call<'_>) -> Result<Option<Timestamp>, Refusal> {
    let Some(text) = call.member("expiresAt").as_str() else {
        return Ok(None);
    };
    if !is_rfc_3339(text) {
        return Err(envelope::bad_field(call, "expiresAt", "must be an RFC 3339 time"));
    }
    let at = match clock::read(text) {
        Some(at) => at,
        None if clock::is_beyond(text) && call.assumed(&FAR_EXPIRY) == "latest" => clock::latest(),
        // RFC 3339 writes times that lie beyond what a clock can be set to.
        None => return Err(envelope::bad_field(call, "expiresAt", "is out of range")),
    };
    if at <= call.now && call.assumed(&EXPIRES_IN_PAST) == "400" {
        return Err(envelope::bad_field(call, "expiresAt", "must be in the future"));
    }
    Ok(Some(at))
}

/// An RFC 3339 time and nothing else: the parser behind it also knows other spellings of ISO 8601.
fn is_rfc_3339(text: &str) -> bool {
    let pattern = b"dddd-dd-ddTdd:dd:dd";
    let fits = |(byte, wanted): (u8, u8)| match wanted {
        b'd' => byte.is_ascii_digit(),
        b'T' => byte.eq_ignore_ascii_case(&b'T'),
        _ => byte == wanted,
    };
    let Some(rest) = text.get(pattern.len()..) else {
        return false;
    };
    let zone = rest
        .trim_start_matches('.')
        .trim_start_matches(|digit: char| digit.is_ascii_digit());
    let is_written_so = text.bytes().zip(*pattern).all(fits)
        && (zone.eq_ignore_ascii_case("z") || (zone.len() == 6 && zone.as_bytes().get(3) == Some(&b':')));
    is_written_so && Pieces::parse(text).is_ok()
}

fn not_found(call: &Call<'_>) -> Refusal {
    envelope::refusal(call, StatusCode::NOT_FOUND, "API key not found")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_in_every_spelling_of_rfc_3339() {
        let same = [
            "2030-01-01T12:00:00Z",
            "2030-01-01t12:00:00z",
            "2030-01-01T12:00:00.000Z",
            "2030-01-01T14:00:00+02:00",
        ];
        for text in same {
            assert!(is_rfc_3339(text), "{text}");
            assert_eq!(
                text.parse().ok(),
                "2030-01-01T12:00:00Z".parse::<Timestamp>().ok(),
                "{text}"
            );
        }
    }

    #[test]
    fn a_time_in_another_spelling_is_not_read() {
        let others = [
            "",
            "tomorrow",
            "1893499200",
            "2030-01-01",
            "2030-01-01T12:00Z",
            "20300101T120000Z",
            "2030-01-01T12:00:00",
            "2030-01-01 12:00:00Z",
            "2030-02-30T12:00:00Z",
            "2030-01-01T25:00:00Z",
            "2030-01-01T12:00:00+02",
            "2030-01-01T12:00:00Z[UTC]",
            "2030-01-01T12:00:00+02:00[Europe/Oslo]",
            "+010000-01-01T00:00:00Z",
            "10000-01-01T00:00:00Z",
            "2030-01-01T12:00:0é",
        ];
        for text in others {
            assert!(!is_rfc_3339(text), "{text}");
        }
    }
}
