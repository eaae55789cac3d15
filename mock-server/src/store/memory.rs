//! The store in memory: the default, gone with the process.

use std::collections::HashMap;
use std::sync::Arc;

use indexmap::IndexMap;
use jiff::Timestamp;
use parking_lot::{Mutex, RwLock};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use subtle::ConstantTimeEq as _;

use super::snapshot::HIGHEST_NUMBER;
use super::{
    Collection, Credential, Digest, Document, Kind, LastUse, Life, Lookup, NewCredential, Order, Reach,
    Revocation, Slice, Standing, State, Window,
};
use crate::redact::Redactor;
use crate::seals::Seals;

/// Everything that is kept, behind two locks: credentials are read on every request, documents are not.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    credentials: RwLock<Credentials>,
    /// By the name of the collection, then by tenant.
    documents: RwLock<HashMap<String, HashMap<String, Shelf>>>,
    /// Where every secret that is kept here is made known, for others to recognise it.
    seals: Arc<Seals>,
}

#[derive(Debug, Default)]
struct Credentials {
    by_digest: HashMap<Digest, Arc<Credential>>,
    by_id: HashMap<(Kind, String), Arc<Credential>>,
    /// In order of creation, by tenant.
    by_tenant: HashMap<(Kind, Arc<str>), Vec<Arc<Credential>>>,
    last_number: HashMap<Kind, u64>,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct Shelf {
    last_sequence: u64,
    documents: IndexMap<String, Document>,
}

impl Credentials {
    fn keep(&mut self, credential: Arc<Credential>) {
        self.by_digest
            .insert(credential.seal.digest, Arc::clone(&credential));
        let id = (credential.kind, credential.id.clone());
        self.by_id.insert(id, Arc::clone(&credential));
        let tenant = (credential.kind, Arc::clone(&credential.tenant));
        self.by_tenant.entry(tenant).or_default().push(credential);
    }
}

/// How many sessions, refresh tokens or codes of a tenant are kept at once; keys are never forgotten.
const SESSIONS: usize = 10_000;

impl Credentials {
    /// Keeps the sessions of a tenant within bounds: the dead go first, then the oldest. What does not expire stays.
    fn forget_oldest(&mut self, newest: &Credential) {
        let tenant = (newest.kind, Arc::clone(&newest.tenant));
        let Some(all) = self.by_tenant.get_mut(&tenant) else {
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
        for credential in forgotten {
            self.by_digest.remove(&credential.seal.digest);
            self.by_id.remove(&(credential.kind, credential.id.clone()));
        }
    }
}

/// Which credentials are forgotten.
#[derive(Clone, Copy)]
enum Only {
    Dead,
    Any,
}

impl Shelf {
    /// Whether its numbers and documents are what the mock itself would have put there.
    pub(super) fn is_sound(&self) -> bool {
        let sound = |document: &Document| document.body.is_object() && document.sequence <= HIGHEST_NUMBER;
        self.last_sequence <= HIGHEST_NUMBER && self.documents.values().all(sound)
    }

    /// Takes the secrets out of what callers wrote.
    pub(super) fn redact(&mut self, redactor: &Redactor<'_>) {
        for document in self.documents.values_mut() {
            document.body = redactor.words(&document.body);
        }
    }

    fn append(&mut self, id: Option<String>, body: Value, keep: usize) -> Document {
        self.last_sequence += 1;
        let sequence = self.last_sequence;
        let id = id.unwrap_or_else(|| sequence.to_string());
        let document = Document {
            sequence,
            id: id.clone(),
            body,
        };
        self.documents.insert(id, document.clone());
        while self.documents.len() > keep {
            self.documents.shift_remove_index(0);
        }
        document
    }
}

impl Memory {
    /// An empty store.
    pub(crate) fn new(seals: Arc<Seals>) -> Self {
        Self {
            seals,
            ..Self::default()
        }
    }

    /// Keeps a new credential; it authenticates from the moment this returns.
    pub(crate) async fn issue(&self, new: NewCredential) -> Arc<Credential> {
        self.seals.learn(&new.seal);
        let mut kept = self.credentials.write();
        let number = kept.last_number.entry(new.kind).or_default();
        *number += 1;
        let id = new.id.unwrap_or_else(|| number.to_string());
        let credential = Arc::new(Credential {
            id,
            kind: new.kind,
            seal: new.seal,
            tenant: new.tenant,
            owner: new.owner,
            name: new.name,
            prefix: new.prefix,
            grants: new.grants,
            created_at: new.created_at,
            expires_at: new.expires_at,
            details: new.details,
            life: Mutex::new(Life::default()),
        });
        kept.keep(Arc::clone(&credential));
        if credential.kind != Kind::ApiKey {
            kept.forget_oldest(&credential);
        }
        credential
    }

    /// The credential whose secret has this digest, in whatever standing.
    pub(crate) async fn authenticate(&self, digest: &Digest) -> Option<Arc<Credential>> {
        let kept = self.credentials.read();
        let (known, credential) = kept.by_digest.get_key_value(digest)?;
        // The map compares digests byte by byte; the deciding comparison takes the same time for all of them.
        bool::from(known.bytes().ct_eq(digest.bytes())).then(|| Arc::clone(credential))
    }

    /// Everything there is but secrets in somebody's words, to be put back later.
    pub(crate) fn save(&self) -> State {
        let kept = self.credentials.read();
        let in_order = kept.by_tenant.values().flatten();
        let redactor = Redactor { seals: &self.seals };
        State::new(in_order, &kept.last_number, &self.documents.read(), &redactor)
    }

    /// Puts back what was saved; what is here now is gone.
    pub(crate) fn load(&self, state: State) {
        let mut fresh = Credentials::default();
        let (credentials, last_number, documents) = state.into_parts();
        for credential in credentials {
            self.seals.learn(&credential.seal);
            fresh.keep(Arc::new(credential));
        }
        fresh.last_number = last_number;
        *self.credentials.write() = fresh;
        *self.documents.write() = documents;
    }

    /// Notes a use.
    pub(crate) async fn touch(&self, credential: &Credential, last_use: LastUse) {
        credential.life.lock().last_use = Some(Arc::new(last_use));
    }

    /// Revokes a credential within reach. Of many at once exactly one gets [`Revocation::Revoked`].
    pub(crate) async fn revoke(&self, kind: Kind, id: &str, reach: Reach<'_>, at: Timestamp) -> Revocation {
        match self.lookup(kind, id, reach).await {
            Lookup::Missing => Revocation::Missing,
            Lookup::Foreign => Revocation::Foreign,
            Lookup::Found(credential) => end(&credential, at),
        }
    }

    /// Revokes every credential of an owner; returns how many were still alive.
    pub(crate) async fn revoke_all(&self, kind: Kind, reach: Reach<'_>, at: Timestamp) -> usize {
        let mine = self.list(kind, reach, Window::ALL).await.items;
        mine.iter()
            .filter(|credential| matches!(end(credential, at), Revocation::Revoked))
            .count()
    }

    /// The credential of an id.
    pub(crate) async fn lookup(&self, kind: Kind, id: &str, reach: Reach<'_>) -> Lookup {
        let kept = self.credentials.read();
        match kept.by_id.get(&(kind, id.to_owned())) {
            None => Lookup::Missing,
            Some(credential) if reach.covers(credential) => Lookup::Found(Arc::clone(credential)),
            Some(_) => Lookup::Foreign,
        }
    }

    /// The credentials within reach.
    pub(crate) async fn list(&self, kind: Kind, reach: Reach<'_>, window: Window) -> Slice<Arc<Credential>> {
        let kept = self.credentials.read();
        let all = kept.by_tenant.get(&(kind, Arc::from(reach.tenant)));
        let mine = all
            .into_iter()
            .flatten()
            .filter(|credential| reach.covers(credential));
        slice(mine.cloned().collect(), window)
    }

    /// Adds a document; `id` `None` takes its sequence number.
    pub(crate) async fn append(&self, into: Collection<'_>, id: Option<String>, body: Value) -> Document {
        let mut shelves = self.documents.write();
        let shelf = shelf_of(&mut shelves, into);
        shelf.append(id, body, into.keep)
    }

    /// Adds a document unless one that is there already stands against it; `None` if one does.
    pub(crate) async fn append_unless(
        &self,
        into: Collection<'_>,
        id: String,
        body: Value,
        against: impl Fn(&Value) -> bool,
    ) -> Option<Document> {
        let mut shelves = self.documents.write();
        let shelf = shelf_of(&mut shelves, into);
        if shelf.documents.values().any(|document| against(&document.body)) {
            return None;
        }
        Some(shelf.append(Some(id), body, into.keep))
    }

    /// The document of an id.
    pub(crate) async fn document(&self, of: Collection<'_>, id: &str) -> Option<Document> {
        let shelves = self.documents.read();
        let shelf = shelves.get(of.name).and_then(|tenants| tenants.get(of.tenant))?;
        shelf.documents.get(id).cloned()
    }

    /// How many documents a collection has.
    pub(crate) async fn count(&self, of: Collection<'_>) -> usize {
        let shelves = self.documents.read();
        let shelf = shelves.get(of.name).and_then(|tenants| tenants.get(of.tenant));
        shelf.map_or(0, |shelf| shelf.documents.len())
    }

    /// The oldest document of a collection that is the wanted one.
    pub(crate) async fn find(
        &self,
        of: Collection<'_>,
        is_wanted: impl Fn(&Value) -> bool,
    ) -> Option<Document> {
        let shelves = self.documents.read();
        let shelf = shelves.get(of.name).and_then(|tenants| tenants.get(of.tenant))?;
        let mut documents = shelf.documents.values();
        documents.find(|document| is_wanted(&document.body)).cloned()
    }

    /// The documents of a collection.
    pub(crate) async fn documents(&self, of: Collection<'_>, window: Window) -> Slice<Document> {
        let shelves = self.documents.read();
        let shelf = shelves.get(of.name).and_then(|tenants| tenants.get(of.tenant));
        slice(
            shelf
                .into_iter()
                .flat_map(|shelf| shelf.documents.values().cloned())
                .collect(),
            window,
        )
    }

    /// Overwrites the named members of a document; `None` if there is no such document.
    pub(crate) async fn change(
        &self,
        of: Collection<'_>,
        id: &str,
        members: Map<String, Value>,
    ) -> Option<Document> {
        let mut shelves = self.documents.write();
        let shelf = shelves.get_mut(of.name)?.get_mut(of.tenant)?;
        let document = shelf.documents.get_mut(id)?;
        if let Value::Object(body) = &mut document.body {
            body.extend(members);
        }
        Some(document.clone())
    }

    /// Takes a document away; whether it was there.
    pub(crate) async fn remove(&self, from: Collection<'_>, id: &str) -> bool {
        let mut shelves = self.documents.write();
        shelves
            .get_mut(from.name)
            .and_then(|tenants| tenants.get_mut(from.tenant))
            .is_some_and(|shelf| shelf.documents.shift_remove(id).is_some())
    }
}

fn shelf_of<'s>(
    shelves: &'s mut HashMap<String, HashMap<String, Shelf>>,
    of: Collection<'_>,
) -> &'s mut Shelf {
    let tenants = shelves.entry(of.name.to_owned()).or_default();
    tenants.entry(of.tenant.to_owned()).or_default()
}

fn end(credential: &Credential, at: Timestamp) -> Revocation {
    let mut life = credential.life.lock();
    match life.revoked_at {
        Some(_) => Revocation::Already,
        None => {
            life.revoked_at = Some(at);
            Revocation::Revoked
        }
    }
}

fn slice<T>(mut all: Vec<T>, window: Window) -> Slice<T> {
    if window.order == Order::NewestFirst {
        all.reverse();
    }
    let total = all.len();
    let items = all.into_iter().skip(window.skip).take(window.take).collect();
    Slice { items, total }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Seal;
    use futures::executor::block_on;

    fn new(kind: Kind, number: usize, expires_at: Option<Timestamp>) -> NewCredential {
        NewCredential {
            id: None,
            kind,
            seal: Seal::of(&format!("secret of number {number}")),
            tenant: Arc::from("acme"),
            owner: Arc::from("ada"),
            name: String::new(),
            prefix: String::new(),
            grants: Vec::new(),
            created_at: Timestamp::UNIX_EPOCH,
            expires_at,
            details: Map::new(),
        }
    }

    fn is_known(memory: &Memory, number: usize) -> bool {
        let digest = Digest::of(format!("secret of number {number}"));
        block_on(memory.authenticate(&digest)).is_some()
    }

    #[test]
    fn sessions_are_kept_within_bounds_and_what_never_expires_stays() {
        let memory = Memory::default();
        block_on(memory.issue(new(Kind::Session, 0, None)));
        for number in 1..=3 * SESSIONS {
            block_on(memory.issue(new(Kind::Session, number, Some(Timestamp::MAX))));
        }
        let kept = block_on(memory.list(Kind::Session, Reach::tenant("acme"), Window::ALL)).total;
        assert!(kept <= SESSIONS, "{kept} are kept");
        assert!(is_known(&memory, 0) && is_known(&memory, 3 * SESSIONS));
        assert!(!is_known(&memory, 1));
    }

    #[test]
    fn keys_are_never_forgotten() {
        let memory = Memory::default();
        for number in 0..=SESSIONS + 1 {
            block_on(memory.issue(new(Kind::ApiKey, number, Some(Timestamp::MAX))));
        }
        assert!(is_known(&memory, 0));
    }

    #[test]
    fn of_many_revocations_at_once_exactly_one_takes_effect() {
        let memory = Memory::default();
        block_on(memory.issue(new(Kind::ApiKey, 0, None)));
        let barrier = std::sync::Barrier::new(8);
        let revoke = || {
            barrier.wait();
            block_on(memory.revoke(Kind::ApiKey, "1", Reach::tenant("acme"), Timestamp::UNIX_EPOCH))
        };
        let outcomes: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(revoke)).collect();
            threads
                .into_iter()
                .map(|thread| thread.join().expect("no panic"))
                .collect()
        });
        let effective = outcomes
            .iter()
            .filter(|outcome| matches!(outcome, Revocation::Revoked))
            .count();
        assert_eq!(effective, 1, "{outcomes:?}");
    }
}
