//! B3OS in the common vocabulary. It lists keys page by page and reads one by its id.

use std::{
    collections::{HashSet, VecDeque},
    time::Duration,
};

use futures_util::{FutureExt as _, StreamExt as _, future, stream};
use http::StatusCode;

use super::{
    ApiKeys, BoxFuture, BoxStream, Error, IssuedKey, KeyId, KeyRecord, KeyState, NewKey, Operation,
    PlaintextKey, Revocation, Verification, evidence,
    issue::{Created, Issue},
    mark::with_mark,
    new_key::{Common, Refusal, Request, VendorRequest},
    record::{VendorRecord, told},
    salvage::Members,
};
use crate::{
    ErrorKind, InvalidRequest, RetryPolicy, Secret, Vendor,
    b3os::{Client, Credentials, types},
};

const VENDOR: Vendor = Vendor::B3os;

/// B3OS list page: "default 20, max 100".
const PAGE: i64 = 100;

/// A page of known keys comes when keys are made meanwhile. A list that ignores where a page is to begin shows nothing else.
const MOST_STALE: u32 = 1;

/// No organization has a hundred thousand keys.
const MOST_PAGES: u32 = 1000;

impl ApiKeys for Client {
    fn vendor(&self) -> Vendor {
        VENDOR
    }

    fn base_url(&self) -> String {
        self.base_url()
    }

    fn create(&self, key: NewKey) -> BoxFuture<'_, Result<IssuedKey, Error>> {
        let (request, mark) = match key.prepare::<types::CreateApiKeyParams>() {
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
                Ok(answer) if answer.code.is_some() => {
                    return vouched(answer.code, Operation::Revoke).map(|()| Revocation::Revoked);
                }
                // Not the documented envelope, though every member of that is optional.
                Ok(_) => {
                    return match self.get(id).await {
                        Ok(key) if key.state == KeyState::Revoked => Ok(Revocation::Revoked),
                        Err(error) if error.kind() == ErrorKind::NotFound => {
                            Err(error.during(Operation::Revoke))
                        }
                        // A refusal to show the record is none to revoke the key.
                        _ => Err(Error::incomplete(
                            VENDOR,
                            Operation::Revoke,
                            "the key's record does not say that it is revoked",
                        )),
                    };
                }
                Err(error) if evidence::is_revoked(&error) => return Ok(Revocation::Revoked),
                Err(error) => Error::of(VENDOR, Operation::Revoke, error),
            };
            // 404 is the only declared refusal, so a key that is revoked already may get it; its record tells.
            let is_revoked = error.kind() == ErrorKind::NotFound
                && self.get(id).await.is_ok_and(|key| key.state == KeyState::Revoked);
            match error.attempts() {
                _ if !is_revoked => Err(error),
                0 | 1 => Ok(Revocation::AlreadyRevoked),
                _ => Ok(Revocation::Revoked),
            }
        }
        .boxed()
    }

    fn list(&self) -> BoxStream<'_, Result<KeyRecord, Error>> {
        stream::try_unfold(Pages::new(self), |mut pages| async move {
            Ok(pages.next().await?.map(|key| (key, pages)))
        })
        .boxed()
    }

    fn get<'a>(&'a self, id: &'a KeyId) -> BoxFuture<'a, Result<KeyRecord, Error>> {
        async move {
            match self.get_api_key(id.as_str(), &Default::default()).await {
                Ok(answer) => match answer.data {
                    Some(key) => Ok(key.into()),
                    None => Err(without_data(Operation::Get)),
                },
                Err(error) => Err(Error::of(VENDOR, Operation::Get, error)),
            }
        }
        .boxed()
    }

    fn verify<'a>(&'a self, key: &'a dyn PlaintextKey) -> BoxFuture<'a, Result<Verification, Error>> {
        async move {
            let holder = holder(self, key.secret(), Operation::Verify)?;
            let params = types::ListOrganizationsParams {
                limit: Some(1),
                ..Default::default()
            };
            let read = holder.list_organizations(&params).await;
            if let Ok(answer) = &read {
                vouched(answer.code, Operation::Verify)?;
                if answer.data.is_none() {
                    return Err(without_data(Operation::Verify));
                }
            }
            Verification::of(VENDOR, read, |body| {
                body.get("data").is_some_and(|data| !data.is_null())
            })
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

/// The envelope has a `code` of its own, which is the status once more.
fn vouched(code: Option<i64>, operation: Operation) -> Result<(), Error> {
    match code {
        Some(code) if evidence::is_failure(code) => Err(Error::incomplete(
            VENDOR,
            operation,
            "the envelope's code speaks of a failure",
        )),
        _ => Ok(()),
    }
}

fn without_data(operation: Operation) -> Error {
    Error::incomplete(VENDOR, operation, "the envelope holds no data")
}

/// A key belongs to one organization, so none is named.
fn holder(client: &Client, key: &Secret, operation: Operation) -> Result<Client, Error> {
    client
        .with_credentials(Credentials::bearer(key.clone()))
        .map_err(|error| Error::here(VENDOR, operation, ErrorKind::InvalidRequest, error))
}

/// The list, a page at a time.
struct Pages<'a> {
    client: &'a Client,
    fetched: VecDeque<KeyRecord>,
    /// Keys that are made meanwhile shift the pages, so that a key can come twice.
    seen: HashSet<KeyId>,
    /// Where the next page begins; `None` after the last one.
    offset: Option<i64>,
    /// How many of the last pages brought nothing new.
    stale: u32,
    pages: u32,
}

impl<'a> Pages<'a> {
    fn new(client: &'a Client) -> Self {
        Self {
            client,
            fetched: VecDeque::new(),
            seen: HashSet::new(),
            offset: Some(0),
            stale: 0,
            pages: 0,
        }
    }

    async fn next(&mut self) -> Result<Option<KeyRecord>, Error> {
        loop {
            if let Some(key) = self.fetched.pop_front() {
                return Ok(Some(key));
            }
            let Some(offset) = self.offset else {
                return Ok(None);
            };
            self.fetch(offset).await?;
        }
    }

    async fn fetch(&mut self, offset: i64) -> Result<(), Error> {
        let params = types::ListApiKeysParams {
            limit: Some(PAGE),
            offset: Some(offset),
            ..Default::default()
        };
        let answer = self.client.list_api_keys(&params).await;
        let page = answer
            .map_err(|error| Error::of(VENDOR, Operation::List, error))?
            .data
            .ok_or_else(|| without_data(Operation::List))?;
        let items = page.items.unwrap_or_default();
        let length = items.len() as i64;
        for key in items.into_iter().map(KeyRecord::from) {
            if key.id.as_ref().is_none_or(|id| self.seen.insert(id.clone())) {
                self.fetched.push_back(key);
            }
        }
        self.stale = match self.fetched.is_empty() {
            true => self.stale + 1,
            false => 0,
        };
        self.pages += 1;
        // Where a page does not say whether it is the last one, a full one is not.
        if !page.has_more.unwrap_or(length >= PAGE) {
            self.offset = None;
            return Ok(());
        }
        if length == 0 || self.stale > MOST_STALE || self.pages > MOST_PAGES {
            // What was not seen must not pass for absent.
            let what = "the list goes on and shows no further keys";
            return Err(Error::incomplete(VENDOR, Operation::List, what));
        }
        self.offset = Some(offset + length);
        Ok(())
    }
}

impl Created for types::CreateApiKeySuccessResponse {
    const MEMBERS: Members = Members {
        secret: &[&["data", "key"]],
        id: &["data", "id"],
        prefix: "keyPrefix",
        scopes: Some("scope"),
        tenant: Some("organizationId"),
        created_at: Some("createdAt"),
        expires_at: "expiresAt",
    };

    const STATUS: StatusCode = StatusCode::OK;

    fn issued(self) -> Result<IssuedKey, Option<KeyId>> {
        issued(self.data)
    }
}

fn issued(created: types::CreateApiKeyData) -> Result<IssuedKey, Option<KeyId>> {
    let types::CreateApiKeyData {
        created_at,
        created_by,
        description,
        expires_at,
        id,
        key,
        key_prefix,
        last_used_at,
        last_used_ip,
        last_used_user_agent,
        name,
        organization_id,
        revoked_at,
        scope,
        service_account_id,
        user_id,
    } = created;
    if !key.can_be_sent() {
        return Err(Some(KeyId::from(id)));
    }
    let record = types::ApiKey {
        created_at,
        created_by,
        description,
        expires_at,
        id: Some(id),
        key_prefix,
        last_used_at,
        last_used_ip,
        last_used_user_agent,
        name,
        organization_id,
        revoked_at,
        scope,
        service_account_id,
        user_id,
    };
    Ok(IssuedKey::new(record.into(), key))
}

impl Request for types::CreateApiKeyParams {
    const VENDOR: Vendor = VENDOR;

    fn of(mut common: Common) -> Result<Self, Refusal> {
        let expires_at = common.end(VENDOR)?;
        let scope = match common.scopes.take().as_deref() {
            None => None,
            Some([scope]) => Some(scope.as_str().into()),
            Some(_) => return Err(InvalidRequest::new("/scope", "must be exactly one").into()),
        };
        Ok(Self {
            name: common.required_name()?,
            description: common.description,
            expires_at,
            scope,
            service_account_id: None,
        })
    }

    fn own(request: VendorRequest) -> Result<Self, VendorRequest> {
        match request {
            VendorRequest::B3os(request) => Ok(request),
            #[allow(unreachable_patterns, reason = "it may be the only vendor compiled in")]
            other => Err(other),
        }
    }

    fn mark(&mut self, mark: &str) {
        self.description = Some(with_mark(self.description.as_deref(), mark));
    }

    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }
}

impl From<types::ApiKey> for KeyRecord {
    fn from(key: types::ApiKey) -> Self {
        // A key has no status of its own: `revokedAt` and `expiresAt` are its state.
        let revoked_at = told(&key.revoked_at);
        let state = match revoked_at {
            Some(_) => KeyState::Revoked,
            None => KeyState::Active,
        };
        Self {
            id: key.id.as_deref().map(KeyId::from),
            name: key.name.clone(),
            description: key.description.clone(),
            prefix: key.key_prefix.clone(),
            scopes: key.scope.as_ref().map(|scope| vec![scope.as_str().to_owned()]),
            tenant: key.organization_id.clone(),
            created_at: told(&key.created_at),
            expires_at: told(&key.expires_at),
            last_used_at: told(&key.last_used_at),
            revoked_at,
            ..Self::of(VendorRecord::B3os(Box::new(key)))
        }
        .with_state(state)
    }
}
