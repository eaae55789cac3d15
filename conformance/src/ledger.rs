//! Every key that the run asked for, so that each is revoked in the end and nothing else ever is.

use std::time::Instant;

use crate::credential::Credential;
use crate::subject::Caller;

/// A key of the run.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) name: String,
    /// None: no answer named an id, and the list could not help yet.
    pub(crate) id: Option<String>,
    /// What it can be tried with, where it was handed out.
    pub(crate) secret: Option<String>,
    /// The tenant that the answer named.
    pub(crate) tenant: Option<String>,
    /// Who made it, and therefore revokes it.
    pub(crate) maker: Caller,
    pub(crate) state: EntryState,
    /// When an answer said for the first time that it is revoked.
    pub(crate) revoked: Option<Instant>,
}

impl Entry {
    /// Whether it is the key that has this id at this server. Each tenant may count its keys for itself.
    fn is(&self, at: &str, id: &str) -> bool {
        self.id.as_deref() == Some(id) && self.maker.base_url == at
    }

    /// Whether there is, or was, or may be such a key.
    fn is_there(&self) -> bool {
        !matches!(self.state, EntryState::NotMade | EntryState::PutOff)
    }
}

/// What the run knows of a key of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EntryState {
    /// It was asked for, and no answer says whether it was made.
    Asked,
    /// It was asked for and surely not made.
    NotMade,
    /// It was put off, by an answer that finds nothing wrong with it; most likely it was not made.
    PutOff,
    Open,
    /// In force, and kept for the end of the run.
    Kept,
    /// It ended by its own date; an answer that it cannot be revoked any more is in order.
    Expired,
    /// It could not be revoked yet.
    Stuck,
    /// It worked after an answer that said it was revoked: such answers are not believed any more.
    Undead,
    Revoked,
}

/// The place of an entry in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place(usize);

/// The keys in the order they were asked for.
#[derive(Default)]
pub(crate) struct Ledger(Vec<Entry>);

impl Ledger {
    /// Writes a key down before it is asked for.
    pub(crate) fn ask(&mut self, name: &str, maker: &Caller) -> Place {
        self.0.push(Entry {
            name: name.to_owned(),
            id: None,
            secret: None,
            tenant: None,
            maker: maker.clone(),
            state: EntryState::Asked,
            revoked: None,
        });
        Place(self.0.len() - 1)
    }

    /// Takes over the entries of another ledger.
    pub(crate) fn append(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    pub(crate) fn not_made(&mut self, place: Place) {
        self.0[place.0].state = EntryState::NotMade;
    }

    pub(crate) fn put_off(&mut self, place: Place) {
        self.0[place.0].state = EntryState::PutOff;
    }

    pub(crate) fn made(&mut self, place: Place, id: Option<String>, secret: Option<String>) {
        let at = self.0[place.0].maker.base_url.clone();
        let is_another =
            |other: usize, one: &Entry| other != place.0 && id.as_deref().is_some_and(|id| one.is(&at, id));
        let known = self
            .0
            .iter()
            .enumerate()
            .any(|(other, one)| is_another(other, one));
        let entry = &mut self.0[place.0];
        entry.secret = secret;
        if known {
            // The same key once more: whatever was known of it, it may be in force now.
            entry.state = EntryState::NotMade;
            if let Some(id) = id {
                self.mark(&at, &id, EntryState::Open);
            }
        } else {
            entry.id = id;
            entry.state = EntryState::Open;
        }
    }

    /// The tenant in which a key was made.
    pub(crate) fn made_in(&mut self, place: Place, tenant: Option<String>) {
        self.0[place.0].tenant = tenant;
    }

    pub(crate) fn mark(&mut self, at: &str, id: &str, state: EntryState) {
        for entry in &mut self.0 {
            if entry.is(at, id) {
                entry.state = state;
                if state == EntryState::Revoked {
                    entry.revoked.get_or_insert_with(Instant::now);
                }
            }
        }
    }

    /// The key was seen at work.
    pub(crate) fn worked(&mut self, at: &str, id: &str) {
        for entry in &mut self.0 {
            if !entry.is(at, id) {
                continue;
            }
            entry.state = match entry.state {
                EntryState::Revoked => EntryState::Undead,
                EntryState::Expired => EntryState::Open,
                state => state,
            };
        }
    }

    /// The keys that are still to be revoked, the last one first.
    pub(crate) fn open(&self) -> Vec<Entry> {
        self.0
            .iter()
            .rev()
            .filter(|entry| entry.is_there() && entry.state != EntryState::Revoked)
            .cloned()
            .collect()
    }

    /// The open keys in rounds whose members may be revoked side by side: what a key of the run made goes before it, since a
    /// revoked key can end nothing.
    pub(crate) fn rounds(&self, at_once: usize) -> Vec<Vec<Entry>> {
        let is_key = |maker: &Caller| {
            let credential = maker.credential.as_ref().map(Credential::expose);
            credential.is_some() && self.0.iter().any(|entry| entry.secret.as_deref() == credential)
        };
        let (of_keys, of_others): (Vec<Entry>, Vec<Entry>) =
            self.open().into_iter().partition(|entry| is_key(&entry.maker));
        [of_keys, of_others]
            .iter()
            .flat_map(|entries| entries.chunks(at_once))
            .map(<[Entry]>::to_vec)
            .collect()
    }

    /// The keys that were revoked and can be tried.
    pub(crate) fn revoked(&self) -> Vec<Entry> {
        self.0
            .iter()
            .filter(|entry| entry.state == EntryState::Revoked && entry.secret.is_some())
            .cloned()
            .collect()
    }

    /// Where a key was asked for.
    pub(crate) fn at(&self, place: Place) -> &str {
        &self.0[place.0].maker.base_url
    }

    /// The ids that the target handed out.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|entry| entry.id.as_deref())
    }

    /// How many keys were made, or may have been.
    pub(crate) fn len(&self) -> usize {
        self.0.iter().filter(|entry| entry.is_there()).count()
    }

    /// Whether nobody asked for a key that is there: its id was in no answer, and whatever was asked for by its name is known
    /// by another id, or was refused.
    pub(crate) fn is_stray(&self, at: &str, id: &str, name: &str) -> bool {
        let accounts_for = |entry: &Entry| {
            let may_be_it = entry.id.is_none() && entry.state != EntryState::NotMade;
            entry.is(at, id) || (entry.name == name && may_be_it)
        };
        !self.0.iter().any(accounts_for)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nobody() -> Caller {
        Caller {
            base_url: String::new(),
            tenant: None,
            credential: None,
        }
    }

    fn ledger(ids: &[&str]) -> Ledger {
        let mut ledger = Ledger::default();
        for id in ids {
            let place = ledger.ask(&format!("keyway-{id}"), &nobody());
            ledger.made(place, Some((*id).to_owned()), Some("secret".to_owned()));
        }
        ledger
    }

    #[test]
    fn what_is_open_comes_last_made_first_and_each_key_once() {
        let mut ledger = ledger(&["1", "2", "2", "3"]);
        ledger.mark("", "2", EntryState::Revoked);
        let open: Vec<String> = ledger.open().into_iter().filter_map(|entry| entry.id).collect();
        assert_eq!(open, ["3", "1"]);
        assert_eq!(ledger.len(), 3);
    }

    #[test]
    fn what_a_key_made_is_ended_in_a_round_before_it() {
        let mut ledger = ledger(&["1", "2"]);
        let maker = Caller {
            base_url: String::new(),
            tenant: None,
            credential: Some(Credential::key("secret")),
        };
        let place = ledger.ask("keyway-3", &maker);
        ledger.made(place, Some("3".to_owned()), Some("another".to_owned()));
        let place = ledger.ask("keyway-4", &nobody());
        ledger.made(place, Some("4".to_owned()), None);
        let rounds = ledger.rounds(2);
        let ids: Vec<Vec<&str>> = rounds
            .iter()
            .map(|round| round.iter().filter_map(|entry| entry.id.as_deref()).collect())
            .collect();
        assert_eq!(ids, [vec!["3"], vec!["4", "2"], vec!["1"]]);
    }

    #[test]
    fn what_was_asked_for_is_open_until_it_is_known_not_to_be_made() {
        let mut ledger = ledger(&[]);
        let place = ledger.ask("keyway-1", &nobody());
        assert_eq!(ledger.open().len(), 1);
        ledger.not_made(place);
        assert_eq!(ledger.open().len(), 0);
        assert_eq!(ledger.len(), 0);
    }

    #[test]
    fn only_what_nobody_asked_for_is_a_stray() {
        let mut ledger = ledger(&["1"]);
        let lost = ledger.ask("keyway-2", &nobody());
        let refused = ledger.ask("keyway-3", &nobody());
        ledger.not_made(refused);
        assert!(!ledger.is_stray("", "1", "keyway-1"), "known by its id");
        assert!(!ledger.is_stray("", "2", "keyway-2"), "its answer was lost");
        assert!(ledger.is_stray("", "4", "keyway-1"), "a second key of one create");
        assert!(
            ledger.is_stray("", "3", "keyway-3"),
            "of a create that was refused"
        );
        ledger.put_off(lost);
        assert!(
            !ledger.is_stray("", "2", "keyway-2"),
            "put off, and perhaps made all the same"
        );
        assert_eq!(ledger.len(), 1);
    }

    #[test]
    fn two_tenants_may_count_their_keys_each_for_itself() {
        let mut ledger = ledger(&["7"]);
        let elsewhere = Caller {
            base_url: "http://other.localhost".to_owned(),
            ..nobody()
        };
        let place = ledger.ask("keyway-8", &elsewhere);
        ledger.made(place, Some("7".to_owned()), Some("another".to_owned()));
        assert_eq!(ledger.open().len(), 2, "they are two keys");
        ledger.mark("", "7", EntryState::Revoked);
        let open: Vec<String> = ledger.open().into_iter().map(|entry| entry.name).collect();
        assert_eq!(open, ["keyway-8"]);
    }

    #[test]
    fn a_revoked_key_that_worked_is_open_again() {
        let mut ledger = ledger(&["1", "2"]);
        ledger.mark("", "1", EntryState::Revoked);
        assert_eq!(ledger.revoked().len(), 1);
        ledger.worked("", "1");
        ledger.worked("", "2");
        let states: Vec<EntryState> = ledger.open().iter().map(|entry| entry.state).collect();
        assert_eq!(states, [EntryState::Open, EntryState::Undead]);
    }
}
