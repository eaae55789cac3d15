//! Who calls, and what that one may do.

use std::sync::Arc;

use http::HeaderName;

use crate::call::Call;
use crate::refusal::{Refusal, Unauthenticated};
use crate::store::{Credential, LastUse, Store, Unavailable};

use super::accounts::{self, Account};
use super::assumptions::{
    DISABLED_ACCOUNT_KEY, FOREIGN_ORGANIZATION_HEADER, GRANT_BEYOND_OWN_PERMISSIONS, LAST_USED_COUNTS,
    READ_SCOPE_SEES_SERVICE_ACCOUNTS, SERVICE_ACCOUNT_PERMISSIONS,
};
use super::{audit, envelope};

/// The scopes of a key (authentication page).
pub(super) const READ: &str = "read";
pub(super) const READ_WRITE: &str = "read-write";

/// The header that names an organization.
const ORGANIZATION_HEADER: HeaderName = HeaderName::from_static("x-org-id");

/// The member of a key's details that names its service account.
pub(super) const SERVICE_ACCOUNT: &str = "serviceAccountId";

/// The key that calls, with its service account if it has one.
#[derive(Debug)]
pub(crate) struct Caller {
    pub(super) key: Arc<Credential>,
    pub(super) account: Option<Arc<Account>>,
}

impl Caller {
    pub(super) fn organization(&self) -> &str {
        &self.key.tenant
    }

    /// The user or service account that the key speaks for.
    pub(super) fn id(&self) -> &str {
        &self.key.owner
    }

    /// Refuses to hand out permissions that the caller does not have. A user's key has them all.
    pub(super) fn check_grant(&self, call: &Call<'_>, permissions: &[String]) -> Result<(), Refusal> {
        let is_bounded = call.assumed(&SERVICE_ACCOUNT_PERMISSIONS) == "both"
            && call.assumed(&GRANT_BEYOND_OWN_PERMISSIONS) == "403";
        match &self.account {
            Some(own) if is_bounded && !permissions.iter().all(|one| own.permissions.contains(one)) => Err(
                envelope::insufficient(call, "cannot grant permissions that the caller does not have"),
            ),
            _ => Ok(()),
        }
    }
}

/// Lets a key in whose scope, and whose account's permissions, cover the operation.
pub(super) async fn admit(call: &Call<'_>, key: Arc<Credential>) -> Result<Caller, Refusal> {
    let account = match account_id(&key) {
        Some(id) => Some(living_account(call, &key.tenant, id).await?),
        None => None,
    };
    let counts_at_once = call.assumed(&LAST_USED_COUNTS) == "authenticated";
    if counts_at_once {
        touch(call, &key).await?;
    }
    check_organization(call, &key)?;
    check_reach(call, &key, account.as_deref())?;
    if !counts_at_once {
        touch(call, &key).await?;
    }
    Ok(Caller { key, account })
}

/// The service account of a key, if it is not a user's.
pub(super) fn account_id(key: &Credential) -> Option<&str> {
    key.detail(SERVICE_ACCOUNT)
}

/// The account, unless it is switched off. One that was deleted leaves no key alive, not even one made meanwhile.
async fn living_account(call: &Call<'_>, organization: &str, id: &str) -> Result<Arc<Account>, Refusal> {
    let Some(account) = accounts::find(call.store, organization, id).await? else {
        return Err(Refusal::Unauthenticated(Unauthenticated::Revoked {
            seconds_ago: 0,
        }));
    };
    if account.is_active() {
        return Ok(account);
    }
    match call.assumed(&DISABLED_ACCOUNT_KEY) {
        "accepted" => Ok(account),
        "403" => Err(envelope::assumed(
            call,
            &DISABLED_ACCOUNT_KEY,
            "the service account is disabled",
        )),
        _ => Err(Refusal::Unauthenticated(Unauthenticated::Unknown)),
    }
}

async fn touch(call: &Call<'_>, key: &Credential) -> Result<(), Unavailable> {
    let last_use = LastUse {
        at: call.now,
        ip: call.peer_ip(),
        user_agent: audit::user_agent(call),
    };
    call.store.touch(key, last_use).await
}

/// An API key needs no `X-Org-ID` (the vendor's own client sends none); one that names another organization is
/// never followed.
fn check_organization(call: &Call<'_>, key: &Credential) -> Result<(), Refusal> {
    let is_named = call.request.headers().contains_key(ORGANIZATION_HEADER);
    let is_own = call.header(ORGANIZATION_HEADER) == Some(&*key.tenant);
    if is_named && !is_own && call.assumed(&FOREIGN_ORGANIZATION_HEADER) == "403" {
        return Err(envelope::assumed(
            call,
            &FOREIGN_ORGANIZATION_HEADER,
            "the key is of another organization",
        ));
    }
    Ok(())
}

fn check_reach(call: &Call<'_>, key: &Credential, account: Option<&Account>) -> Result<(), Refusal> {
    let Need { permission, writes } = need(call.operation.id());
    let hidden =
        permission == Some("service_account:read") && call.assumed(&READ_SCOPE_SEES_SERVICE_ACCOUNTS) == "no";
    if (writes == Writes::Yes || hidden) && !key.holds(READ_WRITE) {
        return Err(envelope::insufficient(
            call,
            "the scope of the key does not cover this operation",
        ));
    }
    match (account, permission) {
        (Some(account), Some(permission))
            if call.assumed(&SERVICE_ACCOUNT_PERMISSIONS) == "both"
                && !account.permissions.iter().any(|held| held == permission) =>
        {
            Err(envelope::insufficient(
                call,
                "the service account does not have the permission for this operation",
            ))
        }
        _ => Ok(()),
    }
}

/// What an operation asks of a key.
struct Need {
    /// The permission of that name; that names match operations is inferred from the names.
    permission: Option<&'static str>,
    writes: Writes,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Writes {
    Yes,
    No,
}

fn need(operation: &str) -> Need {
    let (permission, writes) = match operation {
        // The vendor's own check of a credential, so a key of any permissions passes it.
        "listOrganizations" => (None, Writes::No),
        "listApiKeys" | "getApiKey" | "listApiRequests" => (Some("apikey:read"), Writes::No),
        "createApiKey" => (Some("apikey:create"), Writes::Yes),
        "revokeApiKey" => (Some("apikey:revoke"), Writes::Yes),
        "listServiceAccounts" | "getServiceAccount" => (Some("service_account:read"), Writes::No),
        _ => (Some("service_account:write"), Writes::Yes),
    };
    Need { permission, writes }
}
