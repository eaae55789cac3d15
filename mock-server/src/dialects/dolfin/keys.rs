//! API keys: create and revoke.

use http::StatusCode;
use http::header::{CACHE_CONTROL, HeaderValue};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Map;

use crate::call::{Call, Response, empty, json as json_answer, with};
use crate::clock;
use crate::entropy::Entropy;
use crate::instant::{self, Instant};
use crate::refusal::Refusal;
use crate::store::{Kind, NewCredential, Reach, Revocation, Seal, Store};

use super::assumptions::{
    API_KEY_MAY_MANAGE_KEYS, FAR_EXPIRY, FOREIGN_ID, ORGANISATION_HEADER_ON_KEYS, SECOND_REVOKE, SELF_REVOKE,
    UNKNOWN_ID,
};
use super::directory::{self, Caller};
use super::problem::{self, Problem};

/// What a key begins with in the guides' examples (`dol_live_abc123`), and the mark of a mock's key.
pub(super) const KEY_MARK: &str = "dol_live_mock";
/// How much of a key its `keyPrefix` shows: the mark and four characters. The vendor gives no length.
const PREFIX_LENGTH: usize = KEY_MARK.len() + 4;

/// Lets in whoever may manage keys: a user has to be Admin or Owner of the active Client (create and revoke pages).
pub(super) async fn admit(call: &Call<'_>, caller: &Caller) -> Result<(), Refusal> {
    let may = match caller {
        Caller::Anybody => false,
        Caller::Key(_) => call.assumed(&API_KEY_MAY_MANAGE_KEYS) == "yes",
        Caller::User { user, active_client } => {
            matches!(user.role_in_client(active_client), Some("Admin" | "Owner"))
        }
    };
    if !may {
        return Err(forbidden().refusing(call));
    }
    if call.assumed(&ORGANISATION_HEADER_ON_KEYS) == "required" {
        directory::selected_organisation(call, caller).await?;
    }
    Ok(())
}

/// The answer to a create, the only one that holds the key.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Made<'k> {
    id: &'k str,
    client_id: &'k str,
    raw_key: &'k str,
    key_prefix: &'k str,
    name: Option<&'k str>,
    created_at: Instant,
    expires_at: Option<Instant>,
}

pub(super) async fn create(call: &Call<'_>, caller: &Caller) -> Result<Response, Refusal> {
    let name = call.member("name").as_str();
    let expires_at = expiry(call)?;
    let raw_key = secret(call.entropy);
    let key = call
        .store
        .issue(NewCredential {
            id: Some(call.entropy.uuid()),
            kind: Kind::ApiKey,
            seal: Seal::of(&raw_key),
            tenant: caller.client().into(),
            owner: caller.client().into(),
            name: name.unwrap_or_default().to_owned(),
            prefix: prefix(&raw_key).to_owned(),
            grants: Vec::new(),
            created_at: call.now,
            expires_at,
            details: Map::new(),
        })
        .await?;
    let answer = Made {
        id: key.id(),
        client_id: &key.tenant,
        raw_key: &raw_key,
        key_prefix: key.prefix(),
        name,
        created_at: instant::exact(key.created_at),
        expires_at: key.expires_at.map(instant::exact),
    };
    let response = json_answer(StatusCode::CREATED, &answer);
    Ok(with(
        response,
        CACHE_CONTROL,
        HeaderValue::from_static("no-store"),
    ))
}

pub(super) async fn revoke(call: &Call<'_>, caller: &Caller) -> Result<Response, Refusal> {
    let id = call.path_param("id").to_ascii_lowercase();
    let reach = Reach::tenant(caller.client());
    if let Caller::Key(own) = caller
        && own.id() == id
        && call.assumed(&SELF_REVOKE) == "409"
    {
        let detail = "A key cannot revoke itself";
        return Err(problem::plain(StatusCode::CONFLICT, detail).refusing(call));
    }
    let choice = match call.store.revoke(Kind::ApiKey, &id, reach, call.now).await? {
        Revocation::Revoked => "204",
        Revocation::Already => call.assumed(&SECOND_REVOKE),
        Revocation::Foreign => call.assumed(&FOREIGN_ID),
        Revocation::Missing => call.assumed(&UNKNOWN_ID),
    };
    match choice {
        "204" => Ok(empty(StatusCode::NO_CONTENT)),
        "403" => Err(forbidden().refusing(call)),
        "409" => Err(problem::plain(StatusCode::CONFLICT, "The key is already revoked").refusing(call)),
        _ => Err(not_found().refusing(call)),
    }
}

/// A new key.
pub(super) fn secret(entropy: &Entropy) -> String {
    [KEY_MARK, &entropy.base62(32)].concat()
}

/// The printable hint of a key.
pub(super) fn prefix(raw_key: &str) -> &str {
    raw_key.get(..PREFIX_LENGTH).unwrap_or_default()
}

fn expiry(call: &Call<'_>) -> Result<Option<Timestamp>, Refusal> {
    let Some(text) = call.member("expiresAt").as_str() else {
        return Ok(None);
    };
    match text.parse::<Timestamp>() {
        Ok(at) if at > call.now => Ok(Some(at)),
        Ok(_) => Err(Problem {
            status: StatusCode::BAD_REQUEST,
            code: Some("ApiKey.ExpiresAtInPast"),
            detail: "ExpiresAt is not in the future",
        }
        .refusing(call)),
        Err(_) if clock::is_beyond(text) && call.assumed(&FAR_EXPIRY) == "latest" => {
            Ok(Some(clock::latest()))
        }
        // RFC 3339 writes years that lie beyond what a clock can be set to.
        Err(_) => Err(problem::plain(StatusCode::BAD_REQUEST, "ExpiresAt is out of range").refusing(call)),
    }
}

fn forbidden() -> Problem<'static> {
    Problem {
        status: StatusCode::FORBIDDEN,
        code: Some("Member.Forbidden"),
        detail: "The caller is not an Admin or Owner of this Client",
    }
}

/// The code was seen on no page; it follows the pattern of the others (assumption dolfin.unknown-id).
fn not_found() -> Problem<'static> {
    Problem {
        status: StatusCode::NOT_FOUND,
        code: Some("ApiKey.NotFound"),
        detail: "The Client has no such API key",
    }
}
