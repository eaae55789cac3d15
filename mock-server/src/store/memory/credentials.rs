//! Credentials by whatever they are asked for. Each is there once; a way to it takes a word and a byte.

use std::collections::HashMap;
use std::hash::BuildHasher as _;
use std::sync::Arc;

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use parking_lot::Mutex;
use subtle::ConstantTimeEq as _;

use super::common::Common;
use super::names::Names;
use crate::seals::fingerprint;
use crate::store::{Credential, Digest, Kind, NewCredential, Reach, Standing};

/// How many sessions, refresh tokens or codes of a tenant are kept at once; keys are never forgotten.
pub(super) const SESSIONS: usize = 10_000;

#[derive(Debug, Default)]
pub(super) struct Credentials {
    by_digest: HashTable<Arc<Credential>>,
    by_id: HashTable<Arc<Credential>>,
    /// In order of creation.
    by_tenant: HashMap<Arc<str>, OfTenant, RandomState>,
    /// Of the kinds for whose names somebody has asked.
    by_name: Mutex<HashMap<Kind, Names>>,
    common: Common,
    hashes: RandomState,
    pub(super) last_number: HashMap<Kind, u64>,
}

/// The credentials of a tenant, by kind.
type OfTenant = HashMap<Kind, Vec<Arc<Credential>>, RandomState>;

impl Credentials {
    pub(super) fn keep(&mut self, mut credential: Credential) -> Arc<Credential> {
        self.common.share(&mut credential);
        let credential = Arc::new(credential);
        let digest = credential.seal.digest;
        let by_digest = self.by_digest.entry(
            fingerprint(&digest),
            |known| known.seal.digest == digest,
            |known| fingerprint(&known.seal.digest),
        );
        put(by_digest, &credential);
        let hashes = &self.hashes;
        let by_id = self.by_id.entry(
            hashes.hash_one((credential.kind, credential.id())),
            |known| known.kind == credential.kind && known.id() == credential.id(),
            |known| hashes.hash_one((known.kind, known.id())),
        );
        put(by_id, &credential);
        if let Some(names) = self.by_name.get_mut().get_mut(&credential.kind) {
            names.add(&credential);
        }
        let tenant = self.by_tenant.entry(Arc::clone(&credential.tenant)).or_default();
        let of_kind = tenant.entry(credential.kind).or_default();
        of_kind.push(Arc::clone(&credential));
        credential
    }

    /// Gives a new credential its number and keeps it.
    pub(super) fn take_in(&mut self, mut new: NewCredential) -> Arc<Credential> {
        let number = self.last_number.entry(new.kind).or_default();
        *number += 1;
        let id = new.id.take().unwrap_or_else(|| number.to_string());
        let credential = self.keep(Credential::new(new, &id));
        if credential.kind != Kind::ApiKey {
            self.forget_oldest(&credential);
        }
        credential
    }

    pub(super) fn of_digest(&self, digest: &Digest) -> Option<&Arc<Credential>> {
        // The deciding comparison takes the same time for all digests.
        let is_same = |known: &Arc<Credential>| known.seal.digest.bytes().ct_eq(digest.bytes()).into();
        self.by_digest.find(fingerprint(digest), is_same)
    }

    pub(super) fn of_id(&self, kind: Kind, id: &str) -> Option<&Arc<Credential>> {
        let is_same = |known: &Arc<Credential>| known.kind == kind && known.id() == id;
        self.by_id.find(self.hashes.hash_one((kind, id)), is_same)
    }

    /// The credentials within reach, oldest first.
    pub(super) fn within<'c>(
        &'c self,
        kind: Kind,
        reach: Reach<'c>,
    ) -> impl DoubleEndedIterator<Item = &'c Arc<Credential>> {
        let tenant = self.by_tenant.get(reach.tenant);
        let all = tenant.and_then(|tenant| tenant.get(&kind));
        all.into_iter()
            .flatten()
            .filter(move |credential| reach.covers(credential))
    }

    /// Every credential, those of a tenant and kind oldest first.
    pub(super) fn all(&self) -> impl Iterator<Item = &Arc<Credential>> {
        self.by_tenant.values().flat_map(HashMap::values).flatten()
    }

    /// Whether a credential within reach that is not revoked has this name.
    pub(super) fn is_named(&self, kind: Kind, reach: Reach<'_>, name: &str) -> bool {
        let mut by_name = self.by_name.lock();
        let names = by_name.entry(kind).or_insert_with(|| {
            let of_kind = self.all().filter(|credential| credential.kind == kind);
            Names::of(of_kind)
        });
        names.has(reach, name)
    }

    /// Keeps the sessions of a tenant within bounds: the dead go first, then the oldest. What does not expire stays.
    fn forget_oldest(&mut self, newest: &Credential) {
        let tenant = self.by_tenant.get_mut(&newest.tenant);
        let Some(all) = tenant.and_then(|tenant| tenant.get_mut(&newest.kind)) else {
            return;
        };
        if all.len() <= SESSIONS {
            return;
        }
        let now = newest.created_at;
        let mut surplus = SESSIONS / 10;
        let mut forgotten = Vec::new();
        for which in [Only::Dead, Only::Any] {
            all.retain(|credential| {
                let is_wanted = match which {
                    Only::Dead => credential.standing(now) == Standing::Active,
                    Only::Any => credential.expires_at.is_none(),
                };
                let stays = is_wanted || surplus == 0;
                if !stays {
                    surplus -= 1;
                    forgotten.push(Arc::clone(credential));
                }
                stays
            });
        }
        for credential in &forgotten {
            let id = self.hashes.hash_one((credential.kind, credential.id()));
            remove(&mut self.by_id, id, credential);
            remove(
                &mut self.by_digest,
                fingerprint(&credential.seal.digest),
                credential,
            );
        }
        // Whoever asks next finds the names of those that are left.
        self.by_name.get_mut().remove(&newest.kind);
    }
}

/// Which credentials are forgotten.
#[derive(Clone, Copy)]
enum Only {
    Dead,
    Any,
}

/// Puts a credential where another may be that was restored with the same id or digest.
fn put(entry: Entry<'_, Arc<Credential>>, credential: &Arc<Credential>) {
    match entry {
        Entry::Occupied(mut known) => *known.get_mut() = Arc::clone(credential),
        Entry::Vacant(free) => {
            free.insert(Arc::clone(credential));
        }
    }
}

fn remove(from: &mut HashTable<Arc<Credential>>, hash: u64, credential: &Arc<Credential>) {
    if let Ok(found) = from.find_entry(hash, |known| Arc::ptr_eq(known, credential)) {
        found.remove();
    }
}
