//! Reten in the common vocabulary. It lists keys, and has no operation that reads one.

use std::time::Duration;

use futures_util::{FutureExt as _, StreamExt as _, TryStreamExt as _, future, stream};
use http::StatusCode;

use super::{
    ApiKeys, BoxFuture, BoxStream, Error, IssuedKey, KeyId, KeyRecord, KeyState, NewKey, Operation,
    PlaintextKey, Revocation, Verification, absent, evidence,
    issue::{Created, Issue},
    mark::with_mark,
    new_key::{Common, Refusal, Request, VendorRequest},
    record::{VendorRecord, told},
    salvage::Members,
};
use crate::{
    ErrorKind, InvalidRequest, RetryPolicy, Secret, Vendor,
    reten::{Client, Credentials, types},
};

const VENDOR: Vendor = Vendor::Reten;

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
            issue.settled(
                self,
                &request,
                self.create_api_key(&request, &Default::default()).await,
            )
        }
        .boxed()
    }

    fn revoke<'a>(&'a self, id: &'a KeyId) -> BoxFuture<'a, Result<Revocation, Error>> {
        async move {
            let error = match self.revoke_api_key(id.as_str(), &Default::default()).await {
                Ok(_) => return Ok(Revocation::Revoked),
                Err(error) if evidence::is_revoked(&error) => return Ok(Revocation::Revoked),
                Err(error) => Error::of(VENDOR, Operation::Revoke, error),
            };
            // Reten api-keys/revoke page: 400 is a key that is revoked already, or a missing tenant context. The list tells
            // which, and after an answer that was lost it is the list that says what became of the call.
            if error.kind() != ErrorKind::Invalid || !is_listed_as_revoked(self, id).await {
                return Err(error);
            }
            Ok(match error.attempts() {
                0 | 1 => Revocation::AlreadyRevoked,
                _ => Revocation::Revoked,
            })
        }
        .boxed()
    }

    fn list(&self) -> BoxStream<'_, Result<KeyRecord, Error>> {
        let fetched = async move {
            match self.list_api_keys(&Default::default()).await {
                Ok(keys) => Ok(stream::iter(keys.into_iter().map(|key| Ok(key.into())))),
                Err(error) => Err(Error::of(VENDOR, Operation::List, error)),
            }
        };
        stream::once(fetched).try_flatten().boxed()
    }

    fn get<'a>(&'a self, _id: &'a KeyId) -> BoxFuture<'a, Result<KeyRecord, Error>> {
        absent::get(VENDOR)
    }

    fn verify<'a>(&'a self, key: &'a dyn PlaintextKey) -> BoxFuture<'a, Result<Verification, Error>> {
        async move {
            let holder = holder(self, key.secret(), Operation::Verify)?;
            let read = holder.list_task_result_type_configs().await;
            Verification::of(VENDOR, read, serde_json::Value::is_array)
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

async fn is_listed_as_revoked(client: &Client, id: &KeyId) -> bool {
    let keys = client.list_api_keys(&Default::default()).await;
    keys.is_ok_and(|keys| {
        let mut keys = keys.into_iter().map(KeyRecord::from);
        // A UUID may be written in either case (RFC 9562, 4).
        let is_it = |key: &KeyRecord| {
            key.id
                .as_ref()
                .is_some_and(|known| known.as_str().eq_ignore_ascii_case(id.as_str()))
        };
        keys.any(|key| is_it(&key) && key.state == KeyState::Revoked)
    })
}

/// A key knows its tenant, so none is named.
fn holder(client: &Client, key: &Secret, operation: Operation) -> Result<Client, Error> {
    client
        .with_credentials(Credentials::api_key(key.clone()))
        .map_err(|error| Error::here(VENDOR, operation, ErrorKind::InvalidRequest, error))
}

impl Created for types::CreatedApiKey {
    const MEMBERS: Members = Members {
        // Two pages disagree on the member's name.
        secret: &[&["plaintextKey"], &["key"]],
        id: &["id"],
        prefix: "keyPrefix",
        scopes: Some("permissions"),
        tenant: Some("tenantId"),
        created_at: Some("createdAt"),
        expires_at: "expiresAt",
    };

    const STATUS: StatusCode = StatusCode::CREATED;

    fn issued(self) -> Result<IssuedKey, Option<KeyId>> {
        let Self {
            id,
            name,
            key_prefix,
            plaintext_key,
            user_id,
            tenant_id,
            is_active,
            permissions,
            expires_at,
            last_used_at,
            created_at,
            revoked_at,
            key,
        } = self;
        let secrets = [plaintext_key, key].into_iter().flatten();
        let Some(secret) = secrets.into_iter().find(Secret::can_be_sent) else {
            return Err(Some(KeyId::from(id)));
        };
        let record = types::ApiKey {
            id,
            name,
            key_prefix,
            user_id,
            tenant_id,
            is_active,
            permissions,
            expires_at,
            last_used_at,
            created_at,
            revoked_at,
        };
        Ok(IssuedKey::new(record.into(), secret))
    }
}

impl Request for types::CreateApiKeyRequest {
    const VENDOR: Vendor = VENDOR;

    fn of(mut common: Common) -> Result<Self, Refusal> {
        common.without_description(VENDOR)?;
        let expires_at = common.end(VENDOR)?;
        let permissions = common
            .scopes
            .take()
            .ok_or_else(|| InvalidRequest::new("/permissions", "must be given"))?;
        Ok(Self {
            name: common.required_name()?,
            permissions,
            expires_at,
        })
    }

    fn own(request: VendorRequest) -> Result<Self, VendorRequest> {
        match request {
            VendorRequest::Reten(request) => Ok(request),
            #[allow(unreachable_patterns, reason = "it may be the only vendor compiled in")]
            other => Err(other),
        }
    }

    fn mark(&mut self, mark: &str) {
        self.name = with_mark(Some(&self.name), mark);
    }

    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }
}

impl From<types::ApiKey> for KeyRecord {
    fn from(key: types::ApiKey) -> Self {
        // Reten api-keys/list page: `isActive` is about revocation alone.
        let revoked_at = told(&key.revoked_at);
        let state = match key.is_active && revoked_at.is_none() {
            true => KeyState::Active,
            false => KeyState::Revoked,
        };
        Self {
            id: Some(KeyId::from(key.id.as_str())),
            name: Some(key.name.clone()),
            prefix: Some(key.key_prefix.clone()),
            scopes: Some(key.permissions.clone()),
            tenant: Some(key.tenant_id.clone()),
            created_at: Some(key.created_at.clone()),
            expires_at: told(&key.expires_at),
            last_used_at: told(&key.last_used_at),
            revoked_at,
            ..Self::of(VendorRecord::Reten(Box::new(key)))
        }
        .with_state(state)
    }
}
