//! The store in memory: the default, gone with the process.

mod common;
mod credentials;
mod names;
mod shelf;

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use parking_lot::RwLock;
use serde_json::{Map, Value};

use super::{
    Body, Change, Collection, Credential, Digest, Document, Exchange, Kind, LastUse, Lookup, NewCredential,
    NewUser, Newcomer, Order, Reach, Revocation, Slice, Standing, State, Store, Tally, Unavailable, Which,
    Window, aside,
};
use crate::redact::Redactor;
use crate::seals::Seals;
use credentials::Credentials;
pub(super) use shelf::Shelf;

/// Everything that is kept, behind two locks: credentials are read on every request, documents are not.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    credentials: RwLock<Credentials>,
    /// By the name of the collection, then by tenant.
    documents: RwLock<HashMap<String, HashMap<String, Shelf>>>,
    /// Where every secret that is kept here is made known, for others to recognise it.
    seals: Arc<Seals>,
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
            fresh.keep(credential);
        }
        fresh.last_number = last_number;
        *self.credentials.write() = fresh;
        *self.documents.write() = documents;
    }
}

impl Memory {
    /// Keeps a credential, and the user whom it is for.
    pub(super) async fn take_in(&self, newcomer: Newcomer) -> Result<Arc<Credential>, Unavailable> {
        if let Some(NewUser { into, id, body, .. }) = newcomer.user {
            self.append(into, Some(id), body).await?;
        }
        self.issue(newcomer.credential).await
    }
}

impl Store for Memory {
    async fn issue(&self, new: NewCredential) -> Result<Arc<Credential>, Unavailable> {
        self.seals.learn(&new.seal);
        let mut kept = self.credentials.write();
        Ok(kept.take_in(new))
    }

    async fn issue_named(
        &self,
        new: NewCredential,
        within: Reach<'_>,
    ) -> Result<Option<Arc<Credential>>, Unavailable> {
        let mut kept = self.credentials.write();
        if kept.is_named(new.kind, within, &new.name) {
            return Ok(None);
        }
        self.seals.learn(&new.seal);
        Ok(Some(kept.take_in(new)))
    }

    async fn exchange(
        &self,
        old: &Credential,
        at: Timestamp,
        new: Vec<NewCredential>,
    ) -> Result<Exchange, Unavailable> {
        let mut kept = self.credentials.write();
        let Some(old) = kept.of_id(old.kind, old.id()) else {
            return Ok(Exchange::Spent);
        };
        if !old.end(at) {
            return Ok(Exchange::Spent);
        }
        for new in new {
            self.seals.learn(&new.seal);
            kept.take_in(new);
        }
        Ok(Exchange::Given)
    }

    async fn authenticate(&self, digest: &Digest) -> Result<Option<Arc<Credential>>, Unavailable> {
        let kept = self.credentials.read();
        Ok(kept.of_digest(digest).cloned())
    }

    async fn touch(&self, credential: &Credential, last_use: LastUse) -> Result<(), Unavailable> {
        credential.touch(last_use);
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
            Some(credential) if !reach.covers(credential) => Revocation::Foreign,
            Some(credential) if credential.end(at) => Revocation::Revoked,
            Some(_) => Revocation::Already,
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
        Ok(kept.is_named(kind, reach, name))
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
        is_wanted: impl Fn(&Body) -> bool + Send + Sync,
    ) -> Result<Slice<Body>, Unavailable> {
        let shelves = self.documents.read();
        let Some(shelf) = shelf(&shelves, of) else {
            return Ok(Slice::default());
        };
        let bodies = shelf.kept(of.keep).map(|document| &document.body);
        let wanted = bodies.filter(|body| is_wanted(body));
        Ok(match window.order {
            Order::OldestFirst => counted_part(wanted, window),
            Order::NewestFirst => counted_part(wanted.rev(), window),
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
            credential.end(at);
        }
        Ok(true)
    }

    async fn save(&self) -> Result<State, Unavailable> {
        let (credentials, last_number, documents) = {
            // For itself: who revokes only reads where the key is.
            let kept = self.credentials.write();
            let lives = kept
                .all()
                .map(|credential| (Arc::clone(credential), credential.life()));
            let credentials: Vec<_> = lives.collect();
            (
                credentials,
                kept.last_number.clone(),
                self.documents.read().clone(),
            )
        };
        let seals = Arc::clone(&self.seals);
        aside(move || {
            let credentials = credentials.iter();
            let credentials = credentials.map(|(credential, life)| (&**credential, life.clone()));
            Ok(State::new(
                credentials,
                &last_number,
                documents,
                &Redactor::of(&seals),
            ))
        })
        .await
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

fn part<'a, T: Clone + 'a>(all: impl Iterator<Item = &'a T>, window: Window) -> Vec<T> {
    all.skip(window.skip).take(window.take).cloned().collect()
}

/// The same, where nobody knows how many there are before all have been seen.
fn counted_part<'a, T: Clone + 'a>(all: impl Iterator<Item = &'a T>, window: Window) -> Slice<T> {
    let mut slice = Slice::default();
    for one in all {
        if slice.total >= window.skip && slice.items.len() < window.take {
            slice.items.push(one.clone());
        }
        slice.total += 1;
    }
    slice
}

#[cfg(test)]
mod tests {
    use super::credentials::SESSIONS;
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

    fn is_named(memory: &Memory, reach: Reach<'_>, name: &str) -> bool {
        block_on(memory.is_named(Kind::ApiKey, reach, name)).expect("memory answers")
    }

    #[test]
    fn a_name_is_taken_by_whoever_has_it_and_is_not_revoked() {
        let memory = Memory::default();
        let named = |number, name: &str, owner: &str| NewCredential {
            name: name.to_owned(),
            owner: Arc::from(owner),
            ..new(Kind::ApiKey, number, None)
        };
        let (acme, ada) = (Reach::tenant("acme"), Reach::owner("acme", "ada"));
        // Two before anybody has asked for a name, two after.
        issue(&memory, named(1, "first", "bob"));
        issue(&memory, named(2, "first", "ada"));
        assert!(is_named(&memory, acme, "first") && is_named(&memory, ada, "first"));
        issue(&memory, named(3, "second", "bob"));
        issue(&memory, named(4, "second", "bob"));
        assert!(is_named(&memory, acme, "second") && !is_named(&memory, ada, "second"));
        assert!(!is_named(&memory, Reach::tenant("beta"), "second") && !is_named(&memory, acme, "third"));
        let revoke = |id| {
            let revoked = memory.revoke(Kind::ApiKey, id, acme, Timestamp::UNIX_EPOCH);
            block_on(revoked).expect("memory answers")
        };
        revoke("3");
        assert!(is_named(&memory, acme, "second"));
        revoke("4");
        assert!(!is_named(&memory, acme, "second"));
        issue(&memory, named(5, "second", "ada"));
        assert!(is_named(&memory, ada, "second"));
    }

    #[test]
    fn what_credentials_have_in_common_is_kept_once() {
        let memory = Memory::default();
        let alike = |number, grant: &str| NewCredential {
            grants: vec![grant.to_owned()],
            ..new(Kind::ApiKey, number, None)
        };
        let issue = |new| block_on(memory.issue(new)).expect("memory answers");
        let (one, two, other) = (
            issue(alike(1, "read")),
            issue(alike(2, "read")),
            issue(alike(3, "write")),
        );
        assert!(Arc::ptr_eq(&one.tenant, &two.tenant) && Arc::ptr_eq(&one.owner, &two.owner));
        assert!(Arc::ptr_eq(&one.grants, &two.grants) && other.holds("write") && !other.holds("read"));
    }
}
