//! The store in memory: the default, gone with the process.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::Arc;

use foldhash::fast::RandomState;
use indexmap::IndexMap;
use jiff::Timestamp;
use parking_lot::{Mutex, RwLock};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use subtle::ConstantTimeEq as _;

use super::snapshot::HIGHEST_NUMBER;
use super::{
    Body, Change, Collection, Credential, Digest, Document, Exchange, Kind, LastUse, Life, Lookup,
    NewCredential, Order, Reach, Revocation, Slice, Standing, State, Store, Tally, Unavailable, Which,
    Window,
};
use crate::redact::Redactor;
use crate::seals::{OfDigest, Seals};

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
    by_digest: HashMap<Digest, Arc<Credential>, BuildHasherDefault<OfDigest>>,
    by_id: HashMap<(Kind, String), Arc<Credential>, RandomState>,
    /// In order of creation, by tenant.
    by_tenant: HashMap<(Kind, Arc<str>), Vec<Arc<Credential>>, RandomState>,
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

    /// Gives a new credential its number and keeps it.
    fn take_in(&mut self, new: NewCredential) -> Arc<Credential> {
        let number = self.last_number.entry(new.kind).or_default();
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
        self.keep(Arc::clone(&credential));
        if credential.kind != Kind::ApiKey {
            self.forget_oldest(&credential);
        }
        credential
    }

    fn of_id(&self, kind: Kind, id: &str) -> Option<&Arc<Credential>> {
        self.by_id.get(&(kind, id.to_owned()))
    }

    /// The credentials within reach, oldest first.
    fn within<'c>(
        &'c self,
        kind: Kind,
        reach: Reach<'c>,
    ) -> impl DoubleEndedIterator<Item = &'c Arc<Credential>> {
        let all = self.by_tenant.get(&(kind, Arc::from(reach.tenant)));
        all.into_iter()
            .flatten()
            .filter(move |credential| reach.covers(credential))
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
            document.body = redactor.words(&document.body).into();
        }
    }

    /// An empty one that has given so many numbers.
    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub(super) fn ending_at(last_sequence: u64) -> Self {
        Self {
            last_sequence,
            documents: IndexMap::new(),
        }
    }

    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub(super) fn put(&mut self, document: Document) {
        self.documents.insert(document.id.clone(), document);
    }

    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub(super) fn last_sequence(&self) -> u64 {
        self.last_sequence
    }

    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub(super) fn documents(&self) -> impl Iterator<Item = &Document> {
        self.documents.values()
    }

    fn append(&mut self, id: Option<String>, body: Body, keep: usize) -> Document {
        self.last_sequence += 1;
        let sequence = self.last_sequence;
        let id = id.unwrap_or_else(|| sequence.to_string());
        let document = Document {
            sequence,
            id: id.clone(),
            body,
        };
        self.documents.insert(id, document.clone());
        // All move up when the oldest go, so they do not go one by one.
        if self.surplus(keep) > keep / 8 {
            self.documents.drain(..self.surplus(keep));
        }
        document
    }

    /// The documents, oldest first, but for those that are on their way out.
    fn kept(&self, keep: usize) -> impl DoubleEndedIterator<Item = &Document> + ExactSizeIterator {
        self.documents.values().skip(self.surplus(keep))
    }

    fn of_id(&self, id: &str, keep: usize) -> Option<&Document> {
        let (at, _, document) = self.documents.get_full(id)?;
        (at >= self.surplus(keep)).then_some(document)
    }

    fn surplus(&self, keep: usize) -> usize {
        self.documents.len().saturating_sub(keep)
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
}

impl Store for Memory {
    async fn issue(&self, new: NewCredential) -> Result<Arc<Credential>, Unavailable> {
        self.seals.learn(&new.seal);
        let mut kept = self.credentials.write();
        Ok(kept.take_in(new))
    }

    async fn exchange(
        &self,
        old: &Credential,
        at: Timestamp,
        new: Vec<NewCredential>,
    ) -> Result<Exchange, Unavailable> {
        let mut kept = self.credentials.write();
        let Some(old) = kept.of_id(old.kind, &old.id) else {
            return Ok(Exchange::Spent);
        };
        match end(old, at) {
            Revocation::Revoked => {}
            _ => return Ok(Exchange::Spent),
        }
        for new in new {
            self.seals.learn(&new.seal);
            kept.take_in(new);
        }
        Ok(Exchange::Given)
    }

    async fn authenticate(&self, digest: &Digest) -> Result<Option<Arc<Credential>>, Unavailable> {
        let kept = self.credentials.read();
        let found = kept.by_digest.get_key_value(digest);
        // The map compares digests byte by byte; the deciding comparison takes the same time for all of them.
        let is_same = |known: &Digest| bool::from(known.bytes().ct_eq(digest.bytes()));
        Ok(found.and_then(|(known, credential)| is_same(known).then(|| Arc::clone(credential))))
    }

    async fn touch(&self, credential: &Credential, last_use: LastUse) -> Result<(), Unavailable> {
        credential.life.lock().last_use = Some(Arc::new(last_use));
        Ok(())
    }

    async fn revoke(
        &self,
        kind: Kind,
        id: &str,
        reach: Reach<'_>,
        at: Timestamp,
    ) -> Result<Revocation, Unavailable> {
        let kept = self.credentials.read();
        Ok(match kept.of_id(kind, id) {
            None => Revocation::Missing,
            Some(credential) if reach.covers(credential) => end(credential, at),
            Some(_) => Revocation::Foreign,
        })
    }

    async fn lookup(&self, kind: Kind, id: &str, reach: Reach<'_>) -> Result<Lookup, Unavailable> {
        let kept = self.credentials.read();
        Ok(match kept.of_id(kind, id) {
            None => Lookup::Missing,
            Some(credential) if reach.covers(credential) => Lookup::Found(Arc::clone(credential)),
            Some(_) => Lookup::Foreign,
        })
    }

    async fn list(
        &self,
        kind: Kind,
        reach: Reach<'_>,
        which: Which,
        window: Window,
    ) -> Result<Vec<Arc<Credential>>, Unavailable> {
        let kept = self.credentials.read();
        let is_wanted = |credential: &&Arc<Credential>| match which {
            Which::All => true,
            Which::Unrevoked => credential.revoked_at().is_none(),
        };
        let within = kept.within(kind, reach).filter(is_wanted);
        Ok(match window.order {
            Order::OldestFirst => part(within, window),
            Order::NewestFirst => part(within.rev(), window),
        })
    }

    async fn tally(&self, kind: Kind, reach: Reach<'_>, now: Timestamp) -> Result<Tally, Unavailable> {
        let kept = self.credentials.read();
        let mut tally = Tally::default();
        for credential in kept.within(kind, reach) {
            match credential.standing(now) {
                Standing::Active => tally.active += 1,
                Standing::Expired(_) => tally.expired += 1,
                Standing::Revoked(_) => {}
            }
        }
        Ok(tally)
    }

    async fn is_named(&self, kind: Kind, reach: Reach<'_>, name: &str) -> Result<bool, Unavailable> {
        let kept = self.credentials.read();
        let mut within = kept.within(kind, reach);
        Ok(within.any(|credential| credential.name == name && credential.revoked_at().is_none()))
    }

    async fn append(
        &self,
        into: Collection<'_>,
        id: Option<String>,
        body: Body,
    ) -> Result<Document, Unavailable> {
        let mut shelves = self.documents.write();
        let shelf = shelf_of(&mut shelves, into);
        Ok(shelf.append(id, body, into.keep))
    }

    async fn append_unless(
        &self,
        into: Collection<'_>,
        id: String,
        body: Value,
        against: impl Fn(&Document) -> bool + Send + Sync,
    ) -> Result<Option<Document>, Unavailable> {
        let mut shelves = self.documents.write();
        let shelf = shelf_of(&mut shelves, into);
        if shelf.kept(into.keep).any(against) {
            return Ok(None);
        }
        Ok(Some(shelf.append(Some(id), body.into(), into.keep)))
    }

    async fn document(&self, of: Collection<'_>, id: &str) -> Result<Option<Document>, Unavailable> {
        let shelves = self.documents.read();
        Ok(shelf(&shelves, of).and_then(|shelf| shelf.of_id(id, of.keep).cloned()))
    }

    async fn count(&self, of: Collection<'_>) -> Result<usize, Unavailable> {
        let shelves = self.documents.read();
        Ok(shelf(&shelves, of).map_or(0, |shelf| shelf.kept(of.keep).len()))
    }

    async fn find(
        &self,
        of: Collection<'_>,
        is_wanted: impl Fn(&Document) -> bool + Send + Sync,
    ) -> Result<Option<Document>, Unavailable> {
        let shelves = self.documents.read();
        let mut documents = shelf(&shelves, of)
            .into_iter()
            .flat_map(|shelf| shelf.kept(of.keep));
        Ok(documents.find(|document| is_wanted(document)).cloned())
    }

    async fn documents(&self, of: Collection<'_>, window: Window) -> Result<Slice<Document>, Unavailable> {
        let shelves = self.documents.read();
        let Some(shelf) = shelf(&shelves, of) else {
            return Ok(Slice::default());
        };
        let all = shelf.kept(of.keep);
        Ok(Slice {
            total: all.len(),
            items: match window.order {
                Order::OldestFirst => part(all, window),
                Order::NewestFirst => part(all.rev(), window),
            },
        })
    }

    async fn select(
        &self,
        of: Collection<'_>,
        window: Window,
        is_wanted: impl Fn(&Document) -> bool + Send + Sync,
    ) -> Result<Slice<Document>, Unavailable> {
        let shelves = self.documents.read();
        let Some(shelf) = shelf(&shelves, of) else {
            return Ok(Slice::default());
        };
        let mut wanted: Vec<&Document> = shelf
            .kept(of.keep)
            .filter(|document| is_wanted(document))
            .collect();
        if window.order == Order::NewestFirst {
            wanted.reverse();
        }
        Ok(Slice {
            total: wanted.len(),
            items: part(wanted.into_iter(), window),
        })
    }

    async fn change(
        &self,
        of: Collection<'_>,
        id: &str,
        members: Map<String, Value>,
        against: impl Fn(&Document) -> bool + Send + Sync,
    ) -> Result<Change, Unavailable> {
        let mut shelves = self.documents.write();
        let shelf = shelf_of(&mut shelves, of);
        let Some(document) = shelf.of_id(id, of.keep) else {
            return Ok(Change::Missing);
        };
        let mut body = document.body.clone().into_value();
        let is_opposed = |other: &Document| other.id != id && against(other);
        if shelf.kept(of.keep).any(is_opposed) {
            return Ok(Change::Opposed);
        }
        if let Value::Object(body) = &mut body {
            body.extend(members);
        }
        let Some(document) = shelf.documents.get_mut(id) else {
            return Ok(Change::Missing);
        };
        document.body = body.into();
        Ok(Change::Changed(document.clone()))
    }

    async fn retire(
        &self,
        from: Collection<'_>,
        id: &str,
        kind: Kind,
        at: Timestamp,
    ) -> Result<bool, Unavailable> {
        let kept = self.credentials.write();
        let mut shelves = self.documents.write();
        if shelf_of(&mut shelves, from).documents.shift_remove(id).is_none() {
            return Ok(false);
        }
        for credential in kept.within(kind, Reach::owner(from.tenant, id)) {
            end(credential, at);
        }
        Ok(true)
    }

    async fn save(&self) -> Result<State, Unavailable> {
        let kept = self.credentials.read();
        let in_order = kept.by_tenant.values().flatten();
        let redactor = Redactor::of(&self.seals);
        let documents = self.documents.read();
        Ok(State::new(in_order, &kept.last_number, &documents, &redactor))
    }
}

fn shelf<'s>(shelves: &'s HashMap<String, HashMap<String, Shelf>>, of: Collection<'_>) -> Option<&'s Shelf> {
    shelves.get(of.name)?.get(of.tenant)
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

fn part<'a, T: Clone + 'a>(all: impl Iterator<Item = &'a T>, window: Window) -> Vec<T> {
    all.skip(window.skip).take(window.take).cloned().collect()
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

    fn issue(memory: &Memory, new: NewCredential) {
        block_on(memory.issue(new)).expect("memory answers");
    }

    fn is_known(memory: &Memory, number: usize) -> bool {
        let digest = Digest::of(format!("secret of number {number}"));
        block_on(memory.authenticate(&digest)).is_ok_and(|found| found.is_some())
    }

    #[test]
    fn sessions_are_kept_within_bounds_and_what_never_expires_stays() {
        let memory = Memory::default();
        issue(&memory, new(Kind::Session, 0, None));
        for number in 1..=3 * SESSIONS {
            issue(&memory, new(Kind::Session, number, Some(Timestamp::MAX)));
        }
        let all = memory.list(Kind::Session, Reach::tenant("acme"), Which::All, Window::ALL);
        let kept = block_on(all).expect("memory answers").len();
        assert!(kept <= SESSIONS, "{kept} are kept");
        assert!(is_known(&memory, 0) && is_known(&memory, 3 * SESSIONS));
        assert!(!is_known(&memory, 1));
    }

    #[test]
    fn keys_are_never_forgotten() {
        let memory = Memory::default();
        for number in 0..=SESSIONS + 1 {
            issue(&memory, new(Kind::ApiKey, number, Some(Timestamp::MAX)));
        }
        assert!(is_known(&memory, 0));
    }

    #[test]
    fn of_many_revocations_at_once_exactly_one_takes_effect() {
        let memory = Memory::default();
        issue(&memory, new(Kind::ApiKey, 0, None));
        let barrier = std::sync::Barrier::new(8);
        let revoke = || {
            barrier.wait();
            let revoked = memory.revoke(Kind::ApiKey, "1", Reach::tenant("acme"), Timestamp::UNIX_EPOCH);
            block_on(revoked).expect("memory answers")
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
