//! Service accounts: they own API keys and bound them by their permissions.

use std::sync::Arc;

use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::call::{Call, Response};
use crate::refusal::Refusal;
use crate::store::{AnyStore, Change, Collection, Document, Kind, Store, Unavailable, Worth};

use super::assumptions::{
    REPEATED_SWITCH, TAKEN_NAME_ON_UPDATE, UNKNOWN_SERVICE_ACCOUNT, UPDATE_WITHOUT_DESCRIPTION,
};
use super::caller::Caller;
use super::{envelope, keys, paging};

const ACTIVE: &str = "active";
const DISABLED: &str = "disabled";

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Account {
    pub(super) id: String,
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    organization_id: String,
    pub(super) permissions: Vec<String>,
    status: String,
    created_at: String,
    created_by: String,
    updated_at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    disabled_at: Option<String>,
}

impl Account {
    pub(super) fn is_active(&self) -> bool {
        self.status == ACTIVE
    }
}

pub(super) async fn find(
    store: &AnyStore,
    organization: &str,
    id: &str,
) -> Result<Option<Arc<Account>>, Unavailable> {
    let document = store.document(of(organization), id).await?;
    Ok(document.and_then(|document| document.body.read()))
}

/// The id of the account of this name or id.
pub(super) async fn called(
    store: &AnyStore,
    organization: &str,
    name: &str,
) -> Result<Option<String>, Unavailable> {
    let is_meant = |account: &Document| account.id == name || account.body["name"] == name;
    let found = store.find(of(organization), is_meant).await?;
    Ok(found.map(|found| found.id))
}

pub(super) async fn list(call: &Call<'_>, caller: &Caller) -> Result<Response, Refusal> {
    let page = paging::requested(call)?;
    let accounts = call
        .store
        .documents(of(caller.organization()), page.window(call))
        .await?;
    let items = accounts
        .items
        .into_iter()
        .map(|document| shown(call, &document.body))
        .collect();
    Ok(envelope::success(call, StatusCode::OK, &page.of(items)))
}

pub(super) async fn create(call: &Call<'_>, caller: &Caller) -> Result<Response, Refusal> {
    let body = call.json();
    let name = keys::name(call)?;
    let permissions = permissions(body);
    caller.check_grant(call, &permissions)?;
    let now = call.now.to_string();
    let account = Account {
        id: format!("sa_{}", call.entropy.hex(20)),
        name: name.to_owned(),
        description: body["description"].as_str().map(str::to_owned),
        organization_id: caller.organization().to_owned(),
        permissions,
        status: ACTIVE.to_owned(),
        created_at: now.clone(),
        created_by: caller.id().to_owned(),
        updated_at: now,
        disabled_at: None,
    };
    let kept = json!(account);
    let is_taken = |other: &Document| other.body["name"] == name;
    match call
        .store
        .append_unless(of(caller.organization()), account.id, kept, is_taken)
        .await?
    {
        Some(made) => Ok(envelope::success(call, StatusCode::OK, &shown(call, &made.body))),
        // The vendor's own client expects this.
        None => Err(envelope::refusal(
            call,
            StatusCode::CONFLICT,
            "the name is taken by another service account",
        )),
    }
}

pub(super) async fn get(call: &Call<'_>, caller: &Caller) -> Result<Response, Refusal> {
    let found = call
        .store
        .document(of(caller.organization()), call.path_param("id"))
        .await?;
    let found = found.ok_or_else(|| unknown(call))?;
    Ok(envelope::success(call, StatusCode::OK, &shown(call, &found.body)))
}

pub(super) async fn update(call: &Call<'_>, caller: &Caller) -> Result<Response, Refusal> {
    let body = call.json();
    let id = call.path_param("id");
    if find(call.store, caller.organization(), id).await?.is_none() {
        return Err(unknown(call));
    }
    let name = keys::name(call)?;
    let permissions = permissions(body);
    caller.check_grant(call, &permissions)?;
    let mut members = Map::new();
    members.insert("name".to_owned(), Value::from(name));
    members.insert("permissions".to_owned(), Value::from(permissions));
    match body["description"].as_str() {
        Some(description) => {
            members.insert("description".to_owned(), Value::from(description));
        }
        None if call.assumed(&UPDATE_WITHOUT_DESCRIPTION) == "cleared" => {
            members.insert("description".to_owned(), Value::Null);
        }
        None => {}
    }
    let names_are_unique = call.assumed(&TAKEN_NAME_ON_UPDATE) == "400";
    change(call, caller, members, |other| {
        names_are_unique && other.body["name"] == name
    })
    .await
}

pub(super) async fn disable(call: &Call<'_>, caller: &Caller) -> Result<Response, Refusal> {
    let since = Value::from(call.now.to_string());
    switch(call, caller, DISABLED, since).await
}

pub(super) async fn enable(call: &Call<'_>, caller: &Caller) -> Result<Response, Refusal> {
    switch(call, caller, ACTIVE, Value::Null).await
}

/// Deletes for good; the keys that are still active are revoked first, as the operation's description has it.
pub(super) async fn delete(call: &Call<'_>, caller: &Caller) -> Result<Response, Refusal> {
    let organization = caller.organization();
    let id = call.path_param("id");
    if !call
        .store
        .retire(of(organization), id, Kind::ApiKey, call.now)
        .await?
    {
        return Err(unknown(call));
    }
    Ok(envelope::success(call, StatusCode::OK, &Value::Null))
}

async fn switch(
    call: &Call<'_>,
    caller: &Caller,
    status: &str,
    disabled_at: Value,
) -> Result<Response, Refusal> {
    let Some(account) = find(call.store, caller.organization(), call.path_param("id")).await? else {
        return Err(unknown(call));
    };
    if account.status == status {
        return match call.assumed(&REPEATED_SWITCH) {
            "400" => Err(envelope::assumed(
                call,
                &REPEATED_SWITCH,
                "the service account has that status already",
            )),
            _ => Ok(envelope::success(
                call,
                StatusCode::OK,
                &shown(call, &json!(*account)),
            )),
        };
    }
    let mut members = Map::new();
    members.insert("status".to_owned(), Value::from(status));
    members.insert("disabledAt".to_owned(), disabled_at);
    change(call, caller, members, |_| false).await
}

async fn change(
    call: &Call<'_>,
    caller: &Caller,
    mut members: Map<String, Value>,
    against: impl Fn(&Document) -> bool + Send + Sync,
) -> Result<Response, Refusal> {
    members.insert("updatedAt".to_owned(), Value::from(call.now.to_string()));
    let changed = call
        .store
        .change(of(caller.organization()), call.path_param("id"), members, against)
        .await?;
    match changed {
        Change::Changed(account) => Ok(envelope::success(
            call,
            StatusCode::OK,
            &shown(call, &account.body),
        )),
        Change::Opposed => Err(envelope::bad_field(
            call,
            "name",
            "is taken by another service account",
        )),
        Change::Missing => Err(unknown(call)),
    }
}

fn permissions(body: &Value) -> Vec<String> {
    let asked = body["permissions"].as_array().into_iter().flatten();
    asked.filter_map(|one| one.as_str().map(str::to_owned)).collect()
}

/// A kept account as the wire shows it.
fn shown(call: &Call<'_>, body: &Value) -> Value {
    let set = body.as_object().into_iter().flatten();
    let set = set.filter(|(_, value)| !value.is_null());
    let set = set.map(|(name, value)| (name.clone(), value.clone())).collect();
    envelope::with_unset(call, set, &["description", "disabledAt"])
}

fn unknown(call: &Call<'_>) -> Refusal {
    envelope::assumed(call, &UNKNOWN_SERVICE_ACCOUNT, "service account not found")
}

fn of(organization: &str) -> Collection<'_> {
    Collection {
        name: "service accounts",
        tenant: organization,
        keep: 10_000,
        worth: Worth::Record,
    }
}
