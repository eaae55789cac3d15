//! The log of an organization's requests.

use std::borrow::Cow;

use http::StatusCode;
use http::header::USER_AGENT;
use jiff::Timestamp;
use serde::Serialize;

use crate::call::{Call, Response};
use crate::dialect::{Answered, Presented};
use crate::refusal::Refusal;
use crate::store::{Body, Collection, Credential, Digest, Document, Store, Unavailable, Worth};

use super::accounts;
use super::assumptions::{AUDIT_DISABLED_KEY, AUDIT_REVOKED_KEY, DISABLED_ACCOUNT_KEY};
use super::caller::{self, Caller};
use super::envelope::{self, RequestId};
use super::paging;

/// How many requests of an organization are remembered; no page gives a number.
const REMEMBERED: usize = 1000;
/// How much of a `User-Agent` is remembered.
const AGENT_LENGTH: usize = 200;

pub(super) async fn list(call: &Call<'_>, caller: &Caller) -> Result<Response, Refusal> {
    let page = paging::requested(call)?;
    let account = call.query("serviceAccountId");
    let key = call.query("apiKeyId");
    let is = |entry: &Document, member: &str, wanted: &Option<String>| {
        wanted
            .as_ref()
            .is_none_or(|wanted| entry.body[member] == wanted.as_str())
    };
    let is_wanted = |entry: &Document| is(entry, "serviceAccountId", &account) && is(entry, "apiKeyId", &key);
    let wanted = call
        .store
        .select(of(caller.organization()), page.window(call), is_wanted)
        .await?;
    let entries = wanted
        .items
        .into_iter()
        .map(|document| document.body.into_value());
    let shown = entries
        .map(|entry| envelope::with_unset(call, entry, &["userId", "serviceAccountId"]))
        .collect();
    Ok(envelope::success(call, StatusCode::OK, &page.of(shown)))
}

/// Writes a request down, if its credential is one that the log has to do with.
pub(super) async fn note(
    call: &Call<'_>,
    caller: Option<&Credential>,
    presented: Result<Option<Presented<'_>>, Refusal>,
    answered: &Answered<'_>,
) -> Result<(), Unavailable> {
    if let Some(key) = caller {
        let is_refused = !answered.response.status().is_success()
            && call.assumed(&DISABLED_ACCOUNT_KEY) != "accepted"
            && is_disabled(call, key).await?;
        if !is_refused || call.assumed(&AUDIT_DISABLED_KEY) == "logged" {
            append(call, key, answered).await?;
        }
        return Ok(());
    }
    if call.assumed(&AUDIT_REVOKED_KEY) == "logged"
        && let Ok(Some(presented)) = presented
        && let Some(key) = call.store.authenticate(&Digest::of(presented.secret)).await?
    {
        append(call, &key, answered).await?;
    }
    Ok(())
}

async fn is_disabled(call: &Call<'_>, key: &Credential) -> Result<bool, Unavailable> {
    let Some(id) = caller::account_id(key) else {
        return Ok(false);
    };
    let account = accounts::find(call.store, &key.tenant, id).await?;
    Ok(account.is_some_and(|account| !account.is_active()))
}

async fn append(call: &Call<'_>, key: &Credential, answered: &Answered<'_>) -> Result<(), Unavailable> {
    let account = caller::account_id(key);
    let pattern = call.operation.full_path();
    let id = format!("req_log_{}", call.entropy.hex(20));
    let request_id = answered.response.extensions().get::<RequestId>();
    let entry = Body::written(&Entry {
        id: &id,
        organization_id: &key.tenant,
        api_key_id: key.id(),
        principal_id: &key.owner,
        principal_type: if account.is_some() {
            "service_account"
        } else {
            "user"
        },
        user_id: account.is_none().then_some(&*key.owner),
        service_account_id: account,
        method: call.operation.method(),
        path: path(call, &pattern),
        route_pattern: &pattern,
        status_code: answered.response.status().as_u16(),
        duration_ms: i64::try_from(answered.begun.elapsed().as_millis()).unwrap_or(i64::MAX),
        request_id: request_id.map(|id| id.0.as_str()),
        client_ip: call.peer_ip(),
        user_agent: user_agent(call),
        created_at: call.now,
    });
    // What was asked is done; that the log of it may be forgotten is what it is kept as.
    let _ = call.store.append(of(&key.tenant), Some(id), entry).await;
    Ok(())
}

/// An entry of the log.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'e> {
    id: &'e str,
    organization_id: &'e str,
    api_key_id: &'e str,
    principal_id: &'e str,
    principal_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_account_id: Option<&'e str>,
    method: &'static str,
    path: Cow<'e, str>,
    route_pattern: &'e str,
    status_code: u16,
    duration_ms: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'e str>,
    client_ip: String,
    user_agent: String,
    created_at: Timestamp,
}

/// The `User-Agent`, without anything that may be a key: what is remembered here is shown to others.
pub(super) fn user_agent(call: &Call<'_>) -> String {
    let agent = call.header(USER_AGENT).unwrap_or_default();
    if agent.contains("b3sk_") {
        return "(withheld)".to_owned();
    }
    agent.chars().take(AGENT_LENGTH).collect()
}

/// The path with its id, if that is an id; somebody who puts a key there shall not find it in the log.
fn path<'p>(call: &Call<'_>, pattern: &'p str) -> Cow<'p, str> {
    let id = call.path_param("id");
    if is_id(id) {
        Cow::Owned(pattern.replace("{id}", id))
    } else {
        Cow::Borrowed(pattern)
    }
}

/// Whether a text has the form of the mock's own ids.
fn is_id(text: &str) -> bool {
    let random = text.strip_prefix("ak_").or_else(|| text.strip_prefix("sa_"));
    random.is_some_and(|random| random.len() <= 20 && random.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

fn of(organization: &str) -> Collection<'_> {
    Collection {
        name: "requests",
        tenant: organization,
        keep: REMEMBERED,
        worth: Worth::Trace,
    }
}
