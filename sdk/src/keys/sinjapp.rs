//! Sinjapp in the common vocabulary. It lists no keys and tells no time of making.

use std::time::Duration;

use futures_util::{FutureExt as _, future};
use http::StatusCode;
use serde_json::Value;

use super::{
    ApiKeys, BoxFuture, BoxStream, Error, Expiry, IssuedKey, KeyId, KeyRecord, KeyState, NewKey, Operation,
    PlaintextKey, Revocation, Verification, absent, evidence,
    issue::{Created, Issue},
    mark::with_mark,
    new_key::{Common, Refusal, Request, VendorRequest, documentation_of_create},
    record::{VendorRecord, told},
    salvage::Members,
};
use crate::{
    ErrorKind, RetryPolicy, Secret, Vendor,
    sinjapp::{Client, Credentials, types},
};

const VENDOR: Vendor = Vendor::Sinjapp;

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
            let number = id
                .as_str()
                .parse()
                .map_err(|_| Error::invalid(VENDOR, Operation::Revoke, "apiKey", "must be a whole number"))?;
            match self.revoke_api_key(number).await {
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
            let holder = holder(self, key.secret(), Operation::Verify)?;
            let read = holder.get_tenant_context().await;
            if read
                .as_ref()
                .is_ok_and(|context| context.organization.is_none() && context.api_key.is_none())
            {
                return Err(Error::incomplete(
                    VENDOR,
                    Operation::Verify,
                    "the answer does not say whose the key is",
                ));
            }
            let shows_data = |body: &Value| body.get("organization").or(body.get("api_key")).is_some();
            Verification::of(VENDOR, read, shows_data)
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

impl Created for types::CreatedApiKey {
    const MEMBERS: Members = Members {
        secret: &[&["plain_text_key"]],
        id: &["data", "id"],
        prefix: "prefix",
        scopes: Some("scopes"),
        tenant: None,
        created_at: None,
        expires_at: "expires_at",
    };

    const STATUS: StatusCode = StatusCode::CREATED;

    fn issued(self) -> Result<IssuedKey, Option<KeyId>> {
        let Self { data, plain_text_key } = self;
        match plain_text_key.can_be_sent() {
            true => Ok(IssuedKey::new(data.into(), plain_text_key)),
            false => Err(Some(KeyId::from(data.id))),
        }
    }
}

impl Request for types::CreateApiKeyRequest {
    const VENDOR: Vendor = VENDOR;

    fn of(mut common: Common) -> Result<Self, Refusal> {
        common.without_description(VENDOR)?;
        let expires_in_days = match common.expiry {
            Expiry::VendorDefault => None,
            Expiry::In(days) => Some(i64::from(days)),
            Expiry::Never => {
                return Err(Refusal::Unsupported {
                    what: "every key ends",
                    instead: "give 1 to 365 days with Expiry::In",
                    documentation: documentation_of_create(VENDOR),
                });
            }
            Expiry::At(_) => {
                return Err(Refusal::Unsupported {
                    what: "a key's end is given in whole days from now",
                    instead: "give 1 to 365 days with Expiry::In",
                    documentation: documentation_of_create(VENDOR),
                });
            }
        };
        let scopes = common.scopes.take();
        let scopes = scopes.map(|scopes| scopes.iter().map(|scope| scope.as_str().into()).collect());
        Ok(Self {
            name: common.required_name()?,
            scopes,
            expires_in_days,
        })
    }

    fn own(request: VendorRequest) -> Result<Self, VendorRequest> {
        match request {
            VendorRequest::Sinjapp(request) => Ok(request),
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
        let state = match &key.status {
            Some(types::ApiKeyStatus::Active) => KeyState::Active,
            Some(types::ApiKeyStatus::Revoked) => KeyState::Revoked,
            Some(types::ApiKeyStatus::Unknown(_)) | None => KeyState::Unknown,
        };
        Self {
            id: Some(KeyId::from(key.id)),
            name: key.name.clone(),
            prefix: key.prefix.clone(),
            scopes: key.scopes.clone(),
            expires_at: told(&key.expires_at),
            last_used_at: told(&key.last_used_at),
            ..Self::of(VendorRecord::Sinjapp(Box::new(key)))
        }
        .with_state(state)
    }
}
