//! Who is who: Clients, their organisations, users with their memberships, and the caller among them.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::call::Call;
use crate::refusal::{Refusal, Unauthenticated};
use crate::store::{AnyStore, Collection, Credential, Kind, Store, Unavailable, Window, Worth};

use super::{assumptions, problem};

pub(super) const CLIENTS: Collection<'static> = global("clients");
pub(super) const ORGANISATIONS: Collection<'static> = global("organisations");
pub(super) const USERS: Collection<'static> = global("users");

/// The header that picks an organisation (authentication guide).
const ORGANISATION_HEADER: &str = "x-dolfin-organisation-id";

/// Who calls.
#[derive(Debug)]
pub(crate) enum Caller {
    /// Nobody was asked.
    Anybody,
    /// A platform's backend, for its Client.
    Key(Arc<Credential>),
    /// A signed-in user.
    User {
        user: Arc<User>,
        /// The Client on whose behalf the user acts.
        active_client: String,
    },
}

impl Caller {
    /// The Client that the caller acts for; none of them has the empty id.
    pub(super) fn client(&self) -> &str {
        match self {
            Self::Anybody => "",
            Self::Key(key) => &key.tenant,
            Self::User { active_client, .. } => active_client,
        }
    }
}

#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Client {
    pub(super) id: String,
    pub(super) name: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Organisation {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) client_id: String,
}

#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct User {
    pub(super) id: String,
    pub(super) email: String,
    pub(super) name: Option<String>,
    pub(super) clients: Vec<Membership>,
    pub(super) organisations: Vec<Membership>,
}

/// A place in a Client or an organisation.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Membership {
    pub(super) id: String,
    pub(super) role: String,
}

impl User {
    pub(super) fn role_in_client(&self, client: &str) -> Option<&str> {
        let membership = self.clients.iter().find(|one| one.id == client)?;
        Some(&membership.role)
    }

    pub(super) fn is_in_organisation(&self, organisation: &str) -> bool {
        self.organisations.iter().any(|one| one.id == organisation)
    }
}

/// Who a credential speaks for.
pub(super) async fn caller(call: &Call<'_>, credential: Option<Arc<Credential>>) -> Result<Caller, Refusal> {
    let Some(credential) = credential else {
        return Ok(Caller::Anybody);
    };
    if credential.kind == Kind::ApiKey {
        return Ok(Caller::Key(credential));
    }
    let Some(user) = user(call.store, &credential.owner).await? else {
        return Err(Refusal::Unauthenticated(Unauthenticated::Unknown));
    };
    let active_client = active_client(call, &credential).await?;
    Ok(Caller::User { user, active_client })
}

async fn active_client(call: &Call<'_>, session: &Credential) -> Result<String, Unavailable> {
    if call.assumed(&assumptions::ACTIVE_CLIENT) == "organisation-header"
        && let Some(id) = call.header(ORGANISATION_HEADER)
        && let Some(named) = organisation(call.store, &id.to_ascii_lowercase()).await?
    {
        return Ok(named.client_id.clone());
    }
    Ok(session.tenant.to_string())
}

/// The organisation that the request is about, if it is one of the caller's.
pub(super) async fn selected_organisation(call: &Call<'_>, caller: &Caller) -> Result<String, Refusal> {
    let headers = call.request.headers();
    if !headers.contains_key(ORGANISATION_HEADER) {
        return Err(problem::missing_organisation(call));
    }
    let Some(id) = call.header(ORGANISATION_HEADER) else {
        return Err(problem::malformed_organisation(call));
    };
    let id = id.to_ascii_lowercase();
    let is_own = match (caller, organisation(call.store, &id).await?) {
        (Caller::Key(key), Some(found)) => found.client_id == *key.tenant,
        (Caller::User { user, .. }, Some(_)) => user.is_in_organisation(&id),
        _ => false,
    };
    if is_own {
        Ok(id)
    } else {
        Err(problem::foreign_organisation(call))
    }
}

/// Whether a Client has to do with a user: as a member, or through one of its organisations.
pub(super) async fn is_user_of(store: &AnyStore, user: &User, client: &str) -> Result<bool, Unavailable> {
    if user.role_in_client(client).is_some() {
        return Ok(true);
    }
    for membership in &user.organisations {
        let found = organisation(store, &membership.id).await?;
        if found.is_some_and(|found| found.client_id == client) {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(super) async fn user(store: &AnyStore, id: &str) -> Result<Option<Arc<User>>, Unavailable> {
    read(store, USERS, id).await
}

pub(super) async fn users(store: &AnyStore) -> Result<Vec<Arc<User>>, Unavailable> {
    let all = store.documents(USERS, Window::ALL).await?.items;
    Ok(all.iter().filter_map(|document| document.body.read()).collect())
}

pub(super) async fn organisation(
    store: &AnyStore,
    id: &str,
) -> Result<Option<Arc<Organisation>>, Unavailable> {
    read(store, ORGANISATIONS, id).await
}

/// The organisations of a Client.
pub(super) async fn organisations_of(
    store: &AnyStore,
    client: &str,
) -> Result<Vec<Arc<Organisation>>, Unavailable> {
    let all = store
        .documents(ORGANISATIONS, Window::ALL)
        .await?
        .items
        .into_iter();
    Ok(all
        .filter_map(|document| document.body.read())
        .filter(|organisation: &Arc<Organisation>| organisation.client_id == client)
        .collect())
}

pub(super) async fn client(store: &AnyStore, id: &str) -> Result<Option<Arc<Client>>, Unavailable> {
    read(store, CLIENTS, id).await
}

async fn read<T: DeserializeOwned + Send + Sync + 'static>(
    store: &AnyStore,
    of: Collection<'_>,
    id: &str,
) -> Result<Option<Arc<T>>, Unavailable> {
    let document = store.document(of, id).await?;
    Ok(document.and_then(|document| document.body.read()))
}

/// A document's members as they are kept.
pub(super) fn kept(document: &impl Serialize) -> Value {
    serde_json::to_value(document).unwrap_or_default()
}

const fn global(name: &'static str) -> Collection<'static> {
    Collection {
        name,
        tenant: "",
        keep: 10_000,
        worth: Worth::Record,
    }
}
