//! Every key that the run made, so that each is revoked in the end and nothing else ever is.

use crate::subject::Caller;

/// A key of the run.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) name: String,
    /// None: the answer named no id, and the list could not help.
    pub(crate) id: Option<String>,
    /// Who made it, and therefore revokes it.
    pub(crate) maker: Caller,
    pub(crate) state: EntryState,
}

/// What the run knows of a key of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EntryState {
    Open,
    /// It ended by its own date; an answer that it cannot be revoked any more is in order.
    Expired,
    /// It could not be revoked yet.
    Stuck,
    Revoked,
}

/// The keys in the order they were made.
#[derive(Default)]
pub(crate) struct Ledger(Vec<Entry>);

impl Ledger {
    pub(crate) fn record(&mut self, entry: Entry) {
        let known = entry.id.is_some() && self.0.iter().any(|one| one.id == entry.id);
        if !known {
            self.0.push(entry);
        }
    }

    pub(crate) fn mark(&mut self, id: &str, state: EntryState) {
        for entry in &mut self.0 {
            if entry.id.as_deref() == Some(id) {
                entry.state = state;
            }
        }
    }

    /// The keys that are still to be revoked, the last one first.
    pub(crate) fn open(&self) -> Vec<Entry> {
        self.0
            .iter()
            .rev()
            .filter(|entry| entry.state != EntryState::Revoked)
            .cloned()
            .collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: &str) -> Entry {
        let maker = Caller {
            base_url: String::new(),
            tenant: None,
            credential: None,
        };
        Entry {
            name: format!("keyway-{id}"),
            id: Some(id.to_owned()),
            maker,
            state: EntryState::Open,
        }
    }

    #[test]
    fn what_is_open_comes_last_made_first_and_each_key_once() {
        let mut ledger = Ledger::default();
        for id in ["1", "2", "2", "3"] {
            ledger.record(entry(id));
        }
        ledger.mark("2", EntryState::Revoked);
        let open: Vec<String> = ledger.open().into_iter().filter_map(|entry| entry.id).collect();
        assert_eq!(open, ["3", "1"]);
        assert_eq!(ledger.len(), 3);
    }
}
