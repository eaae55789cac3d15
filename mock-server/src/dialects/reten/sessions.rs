//! Signing in: access tokens, and the refresh token in its cookie (Reten authentication pages).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use http::header::{CACHE_CONTROL, HeaderValue, SET_COOKIE};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use crate::call::{Call, Response, json, with};
use crate::refusal::Refusal;
use crate::store::{
    AnyStore, Credential, Digest, Exchange, Kind, NewCredential, Reach, Seal, Store, Unavailable,
};

use super::refusals::{BEARER, challenged};
use super::users::{self, EmailCase, User};
use super::{access, assumed};

/// Reten authentication/login page: the refresh token is good for 7 days.
const REFRESH_SECONDS: i64 = 7 * 24 * 60 * 60;

pub(super) async fn login(call: &Call<'_>) -> Result<Response, Refusal> {
    let body = call.json();
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let case = match call.assumed(&assumed::EMAIL_CASE) {
        "any" => EmailCase::Any,
        _ => EmailCase::Exact,
    };
    let found = users::signing_in(call.store, text("identifier"), text("password"), case).await?;
    let Some(user) = found else {
        return Err(challenged("Invalid email or password", BEARER).into());
    };
    let tokens = Tokens::draw(call, &user);
    let response = json(
        StatusCode::OK,
        &json!({ "accessToken": tokens.access, "user": user.shown() }),
    );
    let response = with_cookie(call, &tokens, response);
    for token in tokens.kept {
        call.store.issue(token).await?;
    }
    Ok(response)
}

pub(super) async fn refresh(call: &Call<'_>, token: &Credential) -> Result<Response, Refusal> {
    let refused = || Refusal::from(challenged("Invalid or expired refresh token", BEARER));
    let user = users::of_id(call.store, &token.owner)
        .await?
        .ok_or_else(refused)?;
    let tokens = Tokens::draw(call, &user);
    let response = json(StatusCode::OK, &json!({ "accessToken": tokens.access }));
    let response = with_cookie(call, &tokens, response);
    if call.assumed(&assumed::REFRESH_ROTATION) == "old-dies" {
        // Of two refreshes at once with the same token only one is given new ones.
        match call.store.exchange(token, call.now, tokens.kept).await? {
            Exchange::Given => {}
            Exchange::Spent => return Err(refused()),
        }
    } else {
        for token in tokens.kept {
            call.store.issue(token).await?;
        }
    }
    Ok(response)
}

pub(super) async fn logout(call: &Call<'_>) -> Result<Response, Refusal> {
    // Public: whatever the cookie holds, the answer is the same.
    if call.assumed(&assumed::LOGOUT) == "ends-refresh-token"
        && let Ok(Some(secret)) = access::refresh_cookie(call)
        && let Some(token) = call.store.authenticate(&Digest::of(secret)).await?
        && token.kind == Kind::Refresh
    {
        call.store
            .revoke(Kind::Refresh, token.id(), Reach::tenant(NO_TENANT), call.now)
            .await?;
    }
    let response = json(StatusCode::OK, &json!({ "message": "Logged out successfully" }));
    let cleared = format!(
        "refreshToken=; Path={}; Max-Age=0; HttpOnly; SameSite=Strict",
        call.root()
    );
    Ok(match HeaderValue::try_from(cleared) {
        Ok(cleared) => with(response, SET_COOKIE, cleared),
        Err(_) => response,
    })
}

/// An access token in the form of a JWT. The mock itself knows it by its digest and reads nothing out of it.
pub(super) fn token(
    user: &User,
    issued_at: Timestamp,
    expires_at: Option<Timestamp>,
    signature: &str,
) -> String {
    let header = json!({ "alg": "HS256", "typ": "JWT" });
    let mut claims = json!({ "sub": user.id, "iat": issued_at.as_second() });
    if let (Value::Object(claims), Some(at)) = (&mut claims, expires_at) {
        claims.insert("exp".to_owned(), at.as_second().into());
    }
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{signature}", part(&header), part(&claims))
}

/// Keeps a session.
pub(super) async fn keep(
    store: &AnyStore,
    user: &User,
    secret: &str,
    created_at: Timestamp,
) -> Result<(), Unavailable> {
    store
        .issue(kept(Kind::Session, user, secret, created_at, None))
        .await?;
    Ok(())
}

/// What is kept of a session or refresh token.
fn kept(
    kind: Kind,
    user: &User,
    secret: &str,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
) -> NewCredential {
    NewCredential {
        id: None,
        kind,
        seal: Seal::of(secret),
        tenant: NO_TENANT.into(),
        owner: user.id.as_str().into(),
        name: String::new(),
        prefix: String::new(),
        grants: Vec::new(),
        created_at,
        expires_at,
        details: Map::new(),
    }
}

/// A session belongs to a user, who may have many tenants.
pub(super) const NO_TENANT: &str = "";

/// An access token and a refresh token, drawn and in no store yet.
struct Tokens {
    access: String,
    refresh: String,
    kept: Vec<NewCredential>,
}

impl Tokens {
    fn draw(call: &Call<'_>, user: &User) -> Self {
        let seconds = match call.assumed(&assumed::ACCESS_TOKEN_LIFETIME) {
            "15m" => 15 * 60,
            "24h" => 24 * 60 * 60,
            _ => 60 * 60,
        };
        let expires_at = after(call.now, seconds);
        let access = token(user, call.now, Some(expires_at), &call.entropy.base62(43));
        let refresh = format!("mock_{}", call.entropy.base62(43));
        let refreshable_until = after(call.now, REFRESH_SECONDS);
        let kept = vec![
            kept(Kind::Session, user, &access, call.now, Some(expires_at)),
            kept(Kind::Refresh, user, &refresh, call.now, Some(refreshable_until)),
        ];
        Self {
            access,
            refresh,
            kept,
        }
    }
}

/// The answer with a new refresh token in its cookie; neither it nor the access token may be cached.
fn with_cookie(call: &Call<'_>, tokens: &Tokens, response: Response) -> Response {
    let secret = &tokens.refresh;
    // No `Secure`: the mock is plain HTTP, and a client would not send the cookie back.
    let cookie = format!(
        "refreshToken={secret}; Path={}; Max-Age={REFRESH_SECONDS}; HttpOnly; SameSite=Strict",
        call.root()
    );
    let response = with(response, CACHE_CONTROL, HeaderValue::from_static("no-store"));
    match HeaderValue::try_from(cookie) {
        Ok(mut cookie) => {
            cookie.set_sensitive(true);
            with(response, SET_COOKIE, cookie)
        }
        Err(_) => response,
    }
}

fn after(now: Timestamp, seconds: i64) -> Timestamp {
    now.checked_add(SignedDuration::from_secs(seconds))
        .unwrap_or(Timestamp::MAX)
}
