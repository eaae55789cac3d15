//! Signing users in: a backend asks for a code, the browser turns it into a session, the session asks who it is.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use http::header::{CACHE_CONTROL, HeaderValue};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use crate::call::{Call, Response, json as json_answer, with};
use crate::refusal::{Refusal, Unauthenticated};
use crate::store::{Credential, Digest, Exchange, Kind, NewCredential, Seal, Standing, Store, Unavailable};

use super::assumptions::{AUTH_CODE_LIFETIME, CODE_WITHOUT_USER, UNKNOWN_USER};
use super::directory::{self, Caller, User};
use super::problem::{self, Problem};

/// How long a session lasts (authentication guide).
const SESSION_LIFETIME: SignedDuration = SignedDuration::from_hours(8);

pub(super) async fn create_code(call: &Call<'_>, caller: &Caller) -> Result<Response, Refusal> {
    let body = call.json();
    let user = match body["userId"].as_str() {
        Some(id) => id.to_ascii_lowercase(),
        None if call.assumed(&CODE_WITHOUT_USER) == "400" => {
            return Err(problem::plain(StatusCode::BAD_REQUEST, "userId is required").refusing(call));
        }
        None => String::new(),
    };
    if !user.is_empty() && !is_visible(call, caller, &user).await? {
        return Err(problem::assumed(call, &UNKNOWN_USER, "No such user").refusing(call));
    }
    let lifetime = match call.assumed(&AUTH_CODE_LIFETIME) {
        "1m" => SignedDuration::from_mins(1),
        _ => SignedDuration::from_mins(5),
    };
    let code = format!("mock_{}", call.entropy.base62(32));
    let expires_at = later(call.now, lifetime);
    let kept = kept(call, Kind::Code, &code, caller.client(), &user, expires_at);
    call.store.issue(kept).await?;
    let answer = json!({ "code": code, "expiresAt": expires_at.to_string() });
    Ok(unstored(json_answer(StatusCode::CREATED, &answer)))
}

pub(super) async fn exchange(call: &Call<'_>) -> Result<Response, Refusal> {
    let body = call.json();
    let code = call
        .store
        .authenticate(&Digest::of(body["code"].as_str().unwrap_or_default()))
        .await?;
    let usable = |code: &Credential| code.kind == Kind::Code && code.standing(call.now) == Standing::Active;
    let Some(code) = code.filter(|code| usable(code)) else {
        return Err(problem::bad_code(call));
    };
    let Some(user) = directory::user(call.store, &code.owner).await? else {
        return Err(Problem {
            status: StatusCode::BAD_REQUEST,
            code: Some("Auth.NotUserScopedToken"),
            detail: "The code was not made for a user",
        }
        .refusing(call));
    };
    let expires_at = later(call.now, SESSION_LIFETIME);
    let mut signature = [0; 32];
    call.entropy.fill(&mut signature);
    let lifetime = json!({ "iat": call.now.as_second(), "exp": expires_at.as_second() });
    let token = token(&user, lifetime, &signature);
    let session = kept(call, Kind::Session, &token, &code.tenant, &user.id, expires_at);
    // Of two exchanges at once only one gets a session.
    match call.store.exchange(&code, call.now, vec![session]).await? {
        Exchange::Given => {}
        Exchange::Spent => return Err(problem::bad_code(call)),
    }
    let answer = json!({
        "token": token,
        "userId": user.id,
        "email": user.email,
        "organisations": organisations(call, &user).await?,
        "clients": clients(call, &user).await?,
    });
    Ok(unstored(json_answer(StatusCode::OK, &answer)))
}

pub(super) async fn current_user(call: &Call<'_>, caller: &Caller) -> Result<Response, Refusal> {
    let Caller::User { user, .. } = caller else {
        return Err(Refusal::Unauthenticated(Unauthenticated::WrongKind));
    };
    let mut organisations = Vec::new();
    for membership in &user.organisations {
        if let Some(found) = directory::organisation(call.store, &membership.id).await? {
            let mut entry = directory::kept(&*found);
            entry["role"] = Value::from(membership.role.as_str());
            organisations.push(entry);
        }
    }
    let mut clients = Vec::new();
    for membership in &user.clients {
        if let Some(found) = directory::client(call.store, &membership.id).await? {
            let mut entry = directory::kept(&*found);
            entry["role"] = Value::from(membership.role.as_str());
            clients.push(entry);
        }
    }
    let answer = json!({
        "userId": user.id,
        "email": user.email,
        "name": user.name,
        "organisations": organisations,
        "clients": clients,
    });
    Ok(json_answer(StatusCode::OK, &answer))
}

/// A token in the form of a JWT. `lifetime` holds the claims about time; the signature is nobody's.
pub(super) fn token(user: &User, lifetime: Value, signature: &[u8]) -> String {
    let ids = |memberships: &[directory::Membership]| -> Vec<Value> {
        memberships.iter().map(directory::kept).collect()
    };
    let mut claims = json!({
        "iss": "keyway-mock",
        "sub": user.id,
        "organisations": ids(&user.organisations),
    });
    if let (Value::Object(claims), Value::Object(lifetime)) = (&mut claims, lifetime) {
        claims.extend(lifetime);
    }
    let head = json!({ "alg": "HS256", "typ": "JWT" });
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!(
        "{}.{}.{}",
        part(&head),
        part(&claims),
        URL_SAFE_NO_PAD.encode(signature)
    )
}

async fn organisations(call: &Call<'_>, user: &User) -> Result<Vec<Value>, Unavailable> {
    let mut named = Vec::new();
    for membership in &user.organisations {
        if let Some(found) = directory::organisation(call.store, &membership.id).await? {
            named.push(json!({ "organisationId": found.id, "organisationName": found.name }));
        }
    }
    Ok(named)
}

async fn clients(call: &Call<'_>, user: &User) -> Result<Vec<Value>, Unavailable> {
    let mut named = Vec::new();
    for membership in &user.clients {
        if let Some(found) = directory::client(call.store, &membership.id).await? {
            named.push(json!({ "clientId": found.id, "clientName": found.name }));
        }
    }
    Ok(named)
}

async fn is_visible(call: &Call<'_>, caller: &Caller, user: &str) -> Result<bool, Unavailable> {
    match directory::user(call.store, user).await? {
        Some(user) => directory::is_user_of(call.store, &user, caller.client()).await,
        None => Ok(false),
    }
}

/// What is kept of a code or a session.
fn kept(
    call: &Call<'_>,
    kind: Kind,
    secret: &str,
    client: &str,
    user: &str,
    expires_at: Timestamp,
) -> NewCredential {
    NewCredential {
        id: None,
        kind,
        seal: Seal::of(secret),
        tenant: client.into(),
        owner: user.into(),
        name: String::new(),
        prefix: String::new(),
        grants: Vec::new(),
        created_at: call.now,
        expires_at: Some(expires_at),
        details: Map::new(),
    }
}

/// The end of a lifetime; the end of time itself if the clock was turned that far.
fn later(now: Timestamp, lifetime: SignedDuration) -> Timestamp {
    now.checked_add(lifetime).unwrap_or(Timestamp::MAX)
}

fn unstored(response: Response) -> Response {
    with(response, CACHE_CONTROL, HeaderValue::from_static("no-store"))
}
