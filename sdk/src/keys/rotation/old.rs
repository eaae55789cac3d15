//! The key that is to be replaced, and whether it still is one.

use futures_util::TryStreamExt as _;

use super::{
    super::{ApiKeys, Error, IssuedKey, KeyId, KeyRecord, KeyState, TenantKey, VendorRecord, Verification},
    Rotation, Whose, plan,
};
use crate::{Delivery, ErrorKind, Secret};

/// The key that is to be replaced: by its id, or by its record, which need not be read then.
#[derive(Clone, Debug)]
pub enum OldKey {
    /// By its id.
    Id(KeyId),
    /// By its record.
    Record(Box<KeyRecord>),
}

/// What can be learned of the old key.
#[derive(Debug)]
pub(super) enum Fate {
    /// It is good.
    Lives,
    /// It is revoked, or not there any more.
    Gone,
    /// The vendor tells nothing about a key, and its secret is not known.
    Untold,
    /// Nothing for certain, or that it has ended by itself.
    Unclear,
}

impl Rotation {
    /// What became of the old key, by its record or, where there is none, by its secret.
    pub(super) async fn fate_of_old<K: ApiKeys + ?Sized>(
        &self,
        keys: &K,
        successor: &IssuedKey,
    ) -> Result<Fate, Error> {
        let Some(id) = self.old.id() else {
            return Err(plan::no_id(keys.vendor()));
        };
        let capabilities = keys.capabilities();
        if capabilities.get.is_documented() || capabilities.list.is_documented() {
            return Ok(match plan::find(keys, id).await? {
                Some(record) => fate_in(&record),
                None => self.fate_of_absent(keys, id, successor).await?,
            });
        }
        match &self.old_secret {
            Some(secret) => tried_out(keys, secret, successor).await,
            None => Ok(Fate::Untold),
        }
    }

    /// What became of the old key, of which there is no record where one would be. A server that is behind, or something
    /// before it, may say so of a key that lives, so that the key itself and the list are asked as well.
    async fn fate_of_absent<K: ApiKeys + ?Sized>(
        &self,
        keys: &K,
        id: &KeyId,
        successor: &IssuedKey,
    ) -> Result<Fate, Error> {
        if let Some(secret) = &self.old_secret {
            return tried_out(keys, secret, successor).await;
        }
        let capabilities = keys.capabilities();
        if capabilities.get.is_documented() && capabilities.list.is_documented() {
            let mut listed = keys.list();
            while let Some(record) = listed.try_next().await? {
                if record.id.as_ref() == Some(id) {
                    return Ok(fate_in(&record));
                }
            }
        }
        Ok(match self.was_seen_beside(successor) {
            true => Fate::Gone,
            false => Fate::Unclear,
        })
    }

    /// Whether the old key was among those that this caller sees, so that its absence means something. An id that is
    /// mistyped, or another tenant's, is absent, too.
    fn was_seen_beside(&self, successor: &IssuedKey) -> bool {
        match &self.old {
            // An owner that is not told proves nothing.
            OldKey::Record(record) => record.tenant.is_some() && owner(record) == owner(successor.record()),
            // It was read, to learn what the successor shall be.
            OldKey::Id(_) => self.wanted.is_none(),
        }
    }
}

async fn tried_out<K: ApiKeys + ?Sized>(
    keys: &K,
    secret: &Secret,
    successor: &IssuedKey,
) -> Result<Fate, Error> {
    let tenant = successor.record().tenant.clone().unwrap_or_default();
    let old = TenantKey::new(secret.clone(), tenant);
    Ok(match keys.verify(&old).await? {
        Verification::Refused => Fate::Gone,
        verdict if verdict.is_genuine() => Fate::Lives,
        _ => Fate::Unclear,
    })
}

fn fate_in(record: &KeyRecord) -> Fate {
    match record.state {
        KeyState::Active => Fate::Lives,
        KeyState::Revoked => Fate::Gone,
        _ => Fate::Unclear,
    }
}

/// Whose keys are listed together: a tenant's, and at Reten those of one user in it.
fn owner(record: &KeyRecord) -> (Option<&str>, Option<&str>) {
    let user = match record.vendor() {
        #[cfg(feature = "reten")]
        VendorRecord::Reten(own) => Some(own.user_id.as_str()),
        #[allow(unreachable_patterns, reason = "it may be the only vendor compiled in")]
        _ => None,
    };
    (record.tenant.as_deref(), user)
}

/// Whether an error leaves open that the old key is gone already: no vendor but Reten says what it answers then.
pub(super) fn may_mean_gone(error: &Error) -> bool {
    let kind = error.kind();
    matches!(kind, ErrorKind::NotFound | ErrorKind::Conflict)
        || error.status().is_some_and(|status| status.as_u16() == 400)
}

/// Whether the vendor certainly did not act: it was not reached, or said no to the only request there was, for a reason
/// that does not lie in the old key. That the caller is refused is such a reason unless it calls with one of the two
/// keys.
pub(super) fn was_without_effect(error: &Error, whose: Whose) -> bool {
    let is_refusal = match error.kind() {
        ErrorKind::Forbidden | ErrorKind::RateLimited => true,
        ErrorKind::Unauthenticated => whose == Whose::Anothers,
        ErrorKind::Invalid => !may_mean_gone(error),
        _ => false,
    };
    match error.delivery() {
        Delivery::NotSent => true,
        Delivery::Answered => is_refusal && error.attempts() <= 1,
        _ => false,
    }
}

impl OldKey {
    /// The id, if there is one: a record may lack it.
    pub fn id(&self) -> Option<&KeyId> {
        match self {
            Self::Id(id) => Some(id),
            Self::Record(record) => record.id.as_ref(),
        }
    }
}

impl From<KeyId> for OldKey {
    fn from(id: KeyId) -> Self {
        Self::Id(id)
    }
}

impl From<&KeyId> for OldKey {
    fn from(id: &KeyId) -> Self {
        Self::Id(id.clone())
    }
}

impl From<KeyRecord> for OldKey {
    fn from(record: KeyRecord) -> Self {
        Self::Record(Box::new(record))
    }
}

impl From<&KeyRecord> for OldKey {
    fn from(record: &KeyRecord) -> Self {
        Self::from(record.clone())
    }
}
