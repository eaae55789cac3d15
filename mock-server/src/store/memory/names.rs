//! Which credentials have a name, without a copy of it.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, BuildHasherDefault};
use std::sync::Arc;

use foldhash::fast::RandomState;

use crate::seals::OfDigest;
use crate::store::{Credential, Reach};

/// The credentials of one kind, by what tenant and name hash to. Those that are revoked go when they are met.
#[derive(Debug, Default)]
pub(super) struct Names {
    hashes: RandomState,
    credentials: HashMap<u64, Vec<Arc<Credential>>, BuildHasherDefault<OfDigest>>,
}

impl Names {
    pub(super) fn of<'c>(credentials: impl Iterator<Item = &'c Arc<Credential>>) -> Self {
        let mut names = Self::default();
        for credential in credentials {
            names.add(credential);
        }
        names
    }

    pub(super) fn add(&mut self, credential: &Arc<Credential>) {
        let hash = self.hashes.hash_one((&*credential.tenant, credential.name()));
        self.credentials
            .entry(hash)
            .or_default()
            .push(Arc::clone(credential));
    }

    /// Whether a credential within reach that is not revoked has this name.
    pub(super) fn has(&mut self, reach: Reach<'_>, name: &str) -> bool {
        let hash = self.hashes.hash_one((reach.tenant, name));
        let Some(alike) = self.credentials.get_mut(&hash) else {
            return false;
        };
        let mut at = 0;
        while let Some(credential) = alike.get(at) {
            if credential.revoked_at().is_some() {
                alike.swap_remove(at);
            } else if reach.covers(credential) && credential.name() == name {
                return true;
            } else {
                at += 1;
            }
        }
        if alike.is_empty() {
            self.credentials.remove(&hash);
        }
        false
    }
}
