//! Dolfin in the common vocabulary. It lists no keys, its keys have no scopes, and the only record of one is the answer that
//! made it.

use std::time::Duration;

use futures_util::{FutureExt as _, future};
use http::StatusCode;

use super::{
    ApiKeys, BoxFuture, BoxStream, Error, IssuedKey, KeyId, KeyRecord, KeyState, NewKey, Operation,
    PlaintextKey, Revocation, Verification, absent, evidence,
    issue::{Created, Issue},
    mark::with_mark,
    new_key::{Common, Refusal, Request, VendorRequest, documentation_of_create},
    record::{VendorRecord, told},
    salvage::Members,
};
use crate::{
    ErrorKind, RetryPolicy, Secret, Vendor,
    dolfin::{Client, Credentials, types},
};

const VENDOR: Vendor = Vendor::Dolfin;

impl ApiKeys for Client {
    fn vendor(&self) -> Vendor {
        VENDOR
    }

    fn base_url(&self) -> String {
        self.base_url()
    }

    fn create(&self, key: NewKey) -> BoxFuture<'_, Result<IssuedKey, Error>> {
        let (request, mark) = match key.prepare::<types::CreateApiKeyRequest>() {
            Ok(prepared) => prepared,
            Err(error) => return future::ready(Err(error)).boxed(),
        };
        async move {
            let issue = Issue::now(mark);
            issue.settled(self, &request, self.create_api_key(&request).await)
        }
        .boxed()
    }

    fn revoke<'a>(&'a self, id: &'a KeyId) -> BoxFuture<'a, Result<Revocation, Error>> {
        async move {
            match self.revoke_api_key(id.as_str()).await {
                Ok(()) => Ok(Revocation::Revoked),
                Err(error) if evidence::is_revoked(&error) => Ok(Revocation::Revoked),
                Err(error) => Err(Error::of(VENDOR, Operation::Revoke, error)),
            }
        }
        .boxed()
    }

    fn list(&self) -> BoxStream<'_, Result<KeyRecord, Error>> {
        absent::list(VENDOR)
    }

    fn get<'a>(&'a self, _id: &'a KeyId) -> BoxFuture<'a, Result<KeyRecord, Error>> {
        absent::get(VENDOR)
    }

    fn verify<'a>(&'a self, key: &'a dyn PlaintextKey) -> BoxFuture<'a, Result<Verification, Error>> {
        async move {
            let Some(client_id) = key.tenant() else {
                let rule = "must come with its Client's id, as a TenantKey or an IssuedKey";
                return Err(Error::invalid(VENDOR, Operation::Verify, "key", rule));
            };
            let holder = holder(self, key.secret(), Operation::Verify)?;
            match holder.list_client_members(client_id).await {
                // No page declares what a bad key gets, so that a 403 may be that as well as a foreign Client.
                Err(error) if error.kind() == ErrorKind::Forbidden => {
                    Err(Error::of(VENDOR, Operation::Verify, error))
                }
                // Its lists are arrays on some pages and objects with `items` on others.
                read => Verification::of(VENDOR, read, |body| {
                    body.is_array() || body.get("items").is_some()
                }),
            }
        }
        .boxed()
    }

    fn with_key(&self, key: &Secret) -> Result<Box<dyn ApiKeys>, Error> {
        Ok(Box::new(holder(self, key, Operation::WithKey)?))
    }

    fn with_retry(&self, policy: RetryPolicy) -> Box<dyn ApiKeys> {
        Box::new(Self::with_retry(self, policy))
    }

    fn with_timeout(&self, total: Duration) -> Box<dyn ApiKeys> {
        Box::new(Self::with_timeout(self, total))
    }
}

fn holder(client: &Client, key: &Secret, operation: Operation) -> Result<Client, Error> {
    client
        .with_credentials(Credentials::api_key(key.clone()))
        .map_err(|error| Error::here(VENDOR, operation, ErrorKind::InvalidRequest, error))
}

impl Created for types::CreateApiKeyResponse {
    const MEMBERS: Members = Members {
        secret: &[&["rawKey"]],
        id: &["id"],
        prefix: "keyPrefix",
        scopes: None,
        tenant: Some("clientId"),
        created_at: Some("createdAt"),
        expires_at: "expiresAt",
    };

    const STATUS: StatusCode = StatusCode::CREATED;

    fn issued(mut self) -> Result<IssuedKey, Option<KeyId>> {
        let secret = std::mem::replace(&mut self.raw_key, Secret::from(""));
        match secret.can_be_sent() {
            true => Ok(IssuedKey::new(record_of(self), secret)),
            false => Err(self.id.map(KeyId::from)),
        }
    }
}

/// No member says whether the key is revoked, so its state is open until its end has passed.
fn record_of(key: types::CreateApiKeyResponse) -> KeyRecord {
    KeyRecord {
        id: key.id.as_deref().map(KeyId::from),
        name: key.name.clone(),
        prefix: Some(key.key_prefix.clone()),
        tenant: Some(key.client_id.clone()),
        created_at: told(&key.created_at),
        expires_at: told(&key.expires_at),
        ..KeyRecord::of(VendorRecord::Dolfin(Box::new(key)))
    }
    .with_state(KeyState::Unknown)
}

impl Request for types::CreateApiKeyRequest {
    const VENDOR: Vendor = VENDOR;

    fn of(common: Common) -> Result<Self, Refusal> {
        common.without_description(VENDOR)?;
        if common.scopes.is_some() {
            return Err(Refusal::Unsupported {
                what: "keys have no scopes",
                instead: "leave them out",
                documentation: documentation_of_create(VENDOR),
            });
        }
        let expires_at = common.end(VENDOR)?;
        Ok(Self {
            name: common.name,
            expires_at,
        })
    }

    fn own(request: VendorRequest) -> Result<Self, VendorRequest> {
        match request {
            VendorRequest::Dolfin(request) => Ok(request),
            #[allow(unreachable_patterns, reason = "it may be the only vendor compiled in")]
            other => Err(other),
        }
    }

    fn mark(&mut self, mark: &str) {
        self.name = Some(with_mark(self.name.as_deref(), mark));
    }

    fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }
}
