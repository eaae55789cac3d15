//! The log of an organization's requests.

use std::net::IpAddr;
use std::sync::Arc;

use http::StatusCode;
use http::header::USER_AGENT;
use jiff::Timestamp;
use keyway_openapi::Operation;
use serde::Serialize;
use serde_json::Value;

use crate::call::{Call, Response};
use crate::dialect::{Answered, Dialect as _};
use crate::refusal::Refusal;
use crate::store::{Body, Collection, Credential, Digest, Facts, Store, Unavailable, Worth};

use super::B3os;
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
    let is = |entry: &Body, member: &str, wanted: &Option<String>| {
        wanted
            .as_ref()
            .is_none_or(|wanted| entry[member] == wanted.as_str())
    };
    let is_wanted = |entry: &Body| is(entry, "serviceAccountId", &account) && is(entry, "apiKeyId", &key);
    let wanted = call
        .store
        .select(of(caller.organization()), page.window(call), is_wanted)
        .await?;
    let entries = wanted.items.into_iter().map(Body::into_value);
    let shown = entries
        .map(|entry| envelope::with_unset(call, entry, &["userId", "serviceAccountId"]))
        .collect();
    Ok(envelope::success(call, StatusCode::OK, &page.of(shown)))
}

/// Writes a request down, if its credential is one that the log has to do with.
pub(super) async fn note(
    call: &Call<'_>,
    caller: Option<&Arc<Credential>>,
    answered: &Answered<'_>,
) -> Result<(), Unavailable> {
    if let Some(key) = caller {
        let is_refused = !answered.response.status().is_success()
            && call.assumed(&DISABLED_ACCOUNT_KEY) != "accepted"
            && is_disabled(call, key).await?;
        if !is_refused || call.assumed(&AUDIT_DISABLED_KEY) == "logged" {
            append(call, Arc::clone(key), answered).await;
        }
        return Ok(());
    }
    if call.assumed(&AUDIT_REVOKED_KEY) == "logged"
        && let Ok(Some(presented)) = B3os::presented(call)
        && let Some(key) = call.store.authenticate(&Digest::of(presented.secret)).await?
    {
        append(call, key, answered).await;
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

async fn append(call: &Call<'_>, key: Arc<Credential>, answered: &Answered<'_>) {
    let mut id = [0; 10];
    call.entropy.fill(&mut id);
    let noted = Noted {
        id,
        key,
        operation: call.operation,
        in_path: Some(call.path_param("id")).filter(|id| is_id(id)).map(Box::from),
        status_code: answered.response.status().as_u16(),
        duration_ms: i64::try_from(answered.begun.elapsed().as_millis()).unwrap_or(i64::MAX),
        request_id: answered.response.extensions().get().copied(),
        client: call.peer(),
        user_agent: user_agent(call),
        at: call.now,
    };
    // What was asked is done; that the log of it may be forgotten is what it is kept as.
    let tenant = Arc::clone(&noted.key.tenant);
    let _ = call.store.append(of(&tenant), None, Body::of(noted)).await;
}

/// What is remembered of a request: facts that stay as they are, and that make an entry when somebody reads the log.
struct Noted {
    id: [u8; 10],
    key: Arc<Credential>,
    operation: &'static Operation,
    /// The id in the path, if that is one; somebody who puts a key there shall not find it in the log.
    in_path: Option<Box<str>>,
    status_code: u16,
    duration_ms: i64,
    request_id: Option<RequestId>,
    client: IpAddr,
    user_agent: String,
    at: Timestamp,
}

impl Facts for Noted {
    fn value(&self) -> Value {
        let account = caller::account_id(&self.key);
        let pattern = self.operation.full_path();
        let path = self.in_path.as_ref().map(|id| pattern.replace("{id}", id));
        let entry = Entry {
            id: format!("req_log_{}", hex::encode(self.id)),
            organization_id: &self.key.tenant,
            api_key_id: self.key.id(),
            principal_id: &self.key.owner,
            principal_type: match account {
                Some(_) => "service_account",
                None => "user",
            },
            user_id: account.is_none().then_some(&self.key.owner),
            service_account_id: account,
            method: self.operation.method(),
            path: path.as_deref().unwrap_or(&pattern),
            route_pattern: &pattern,
            status_code: self.status_code,
            duration_ms: self.duration_ms,
            request_id: self.request_id,
            client_ip: self.client,
            user_agent: &self.user_agent,
            created_at: self.at,
        };
        serde_json::to_value(entry).expect("the mock's own records serialise")
    }
}

/// An entry of the log.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'e> {
    id: String,
    organization_id: &'e str,
    api_key_id: &'e str,
    principal_id: &'e str,
    principal_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_account_id: Option<&'e str>,
    method: &'static str,
    path: &'e str,
    route_pattern: &'e str,
    status_code: u16,
    duration_ms: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<RequestId>,
    client_ip: IpAddr,
    user_agent: &'e str,
    created_at: Timestamp,
}

/// The `User-Agent`, without anything that may be a key: what is remembered here is shown to others.
pub(super) fn user_agent(call: &Call<'_>) -> String {
    let agent = call.header(USER_AGENT).unwrap_or_default();
    if agent.contains("b3sk_") {
        return "(withheld)".to_owned();
    }
    match agent.char_indices().nth(AGENT_LENGTH) {
        Some((end, _)) => agent[..end].to_owned(),
        None => agent.to_owned(),
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
