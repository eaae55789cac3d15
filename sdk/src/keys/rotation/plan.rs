//! What the successor of a key shall be: what the key was, and as long-lived.

use futures_util::TryStreamExt as _;
use jiff::Timestamp as Instant;

use super::{
    super::{
        ApiKeys, Error, Expiry, KeyId, KeyRecord, KeyState, NewKey, VendorRecord,
        capabilities::{Never, Silence},
        error::Operation,
        mark::without_mark,
        new_key::{Common, Refusal},
    },
    OldKey, Rotation,
};
use crate::{ErrorKind, InvalidRequest, Vendor};

impl Rotation {
    /// What the successor shall be: what the caller says, or what the old key's record says, which is read if need be.
    pub(super) async fn plan<K: ApiKeys + ?Sized>(&self, keys: &K) -> Result<NewKey, Error> {
        let vendor = keys.vendor();
        if self.old.id().is_none() {
            return Err(no_id(vendor));
        }
        if let OldKey::Record(record) = &self.old
            && record.vendor().vendor() != vendor
        {
            let rule = "must be that of a key of the same vendor";
            return Err(Error::invalid(vendor, Operation::Rotate, "record", rule));
        }
        if let Some(wanted) = &self.wanted {
            return Ok(wanted.clone());
        }
        let record = match &self.old {
            // Of an answer that is not as documented there may be too little.
            OldKey::Record(record) if matches!(record.vendor(), VendorRecord::Unreadable(_)) => {
                let id = record.id.as_ref().ok_or_else(|| no_id(vendor))?;
                read(keys, id).await?
            }
            OldKey::Record(record) => (**record).clone(),
            OldKey::Id(id) => read(keys, id).await?,
        };
        let wanted = like(&record, Instant::now());
        wanted.map_err(|refusal| Error::refused(vendor, Operation::Rotate, refusal))
    }
}

/// The vendor promises no id, so a key without one cannot be revoked by a program.
pub(super) fn no_id(vendor: Vendor) -> Error {
    Error::invalid(
        vendor,
        Operation::Rotate,
        "id",
        "must be known: without it no key can be revoked",
    )
}

async fn read<K: ApiKeys + ?Sized>(keys: &K, id: &KeyId) -> Result<KeyRecord, Error> {
    let capabilities = keys.capabilities();
    let during = |error: Error| error.during(Operation::Rotate);
    if capabilities.get.is_documented() {
        return keys.get(id).await.map_err(during);
    }
    if !capabilities.list.is_documented() {
        return Err(Error::refused(
            keys.vendor(),
            Operation::Rotate,
            unknown(keys.vendor()),
        ));
    }
    find(keys, id).await.map_err(during)?.ok_or_else(|| {
        let rule = "must be that of a key in the caller's list";
        Error::invalid(keys.vendor(), Operation::Rotate, "id", rule)
    })
}

/// The record of a key, where the vendor tells it; `None` if it knows no such key.
pub(super) async fn find<K: ApiKeys + ?Sized>(keys: &K, id: &KeyId) -> Result<Option<KeyRecord>, Error> {
    if keys.capabilities().get.is_documented() {
        return match keys.get(id).await {
            Ok(record) => Ok(Some(record)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        };
    }
    let mut listed = keys.list();
    while let Some(record) = listed.try_next().await? {
        if record.id.as_ref() == Some(id) {
            return Ok(Some(record));
        }
    }
    Ok(None)
}

/// A key like this one, made at `now`.
fn like(record: &KeyRecord, now: Instant) -> Result<NewKey, Refusal> {
    if record.state == KeyState::Revoked {
        return Err(InvalidRequest::new("id", "must be that of a key that is not revoked").into());
    }
    let vendor = record.vendor().vendor();
    if record.scopes.is_none() && !vendor.capabilities().scopes.values.is_empty() {
        // To leave them out may mean all of them.
        return Err(unknown(vendor));
    }
    let unmarked = |text: &Option<String>| text.as_deref().map(|text| without_mark(text).to_owned());
    let expiry = expiry(record, now)?;
    match record.vendor() {
        // A key may be a service account's, which only B3OS's own request can say.
        #[cfg(feature = "b3os")]
        VendorRecord::B3os(own) => {
            let expires_at = match expiry {
                Expiry::At(end) => Some(end),
                _ => None,
            };
            Ok(NewKey::from(crate::b3os::types::CreateApiKeyParams {
                name: unmarked(&record.name).ok_or_else(|| InvalidRequest::new("name", "must be known"))?,
                description: unmarked(&record.description).filter(|text| !text.is_empty()),
                expires_at,
                scope: own.scope.clone(),
                service_account_id: own.service_account_id.clone(),
            }))
        }
        #[allow(unreachable_patterns, reason = "it may be the only vendor compiled in")]
        _ => Ok(NewKey::common(Common {
            name: unmarked(&record.name).filter(|name| !name.is_empty()),
            scopes: record.scopes.clone(),
            expiry,
            description: None,
        })),
    }
}

/// As long as the old key was meant to live.
fn expiry(record: &KeyRecord, now: Instant) -> Result<Expiry, Refusal> {
    let vendor = record.vendor().vendor();
    let Some(end) = &record.expires_at else {
        // The old key has no end, which no vendor lets one ask for but by leaving it out; at Sinjapp that means 90
        // days.
        let rules = &vendor.capabilities().expiry;
        let is_default = rules.never == Never::ByOmission || rules.omitted == Silence::Undocumented;
        return is_default
            .then_some(Expiry::VendorDefault)
            .ok_or_else(|| unknown(vendor));
    };
    let instant = |time: &crate::Timestamp| time.instant();
    let (Some(end), Some(made)) = (instant(end), record.created_at.as_ref().and_then(instant)) else {
        return Err(unknown(vendor));
    };
    if end == Instant::MAX {
        // Never, as some write it.
        return Ok(record
            .expires_at
            .clone()
            .map_or(Expiry::VendorDefault, Expiry::At));
    }
    let end = now.checked_add(end.duration_since(made));
    match end {
        Ok(end) if end > now => Ok(Expiry::At(end.into())),
        _ => Err(unknown(vendor)),
    }
}

fn unknown(vendor: Vendor) -> Refusal {
    Refusal::Unsupported {
        what: "no record tells what the old key may do and how long it was to live",
        instead: "say what the successor shall be with Rotation::successor",
        documentation: vendor.capabilities().documentation,
    }
}
