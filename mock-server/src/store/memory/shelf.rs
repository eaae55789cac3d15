//! The documents of a collection and a tenant, oldest first.

use foldhash::fast::RandomState;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::redact::Redactor;
use crate::store::snapshot::{HIGHEST_NUMBER, LONGEST_KEY};
use crate::store::{Body, Document};

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct Shelf {
    last_sequence: u64,
    pub(super) documents: IndexMap<String, Document, RandomState>,
}

impl Shelf {
    /// Whether its numbers and documents are what the mock itself would have put there.
    pub(in crate::store) fn is_sound(&self) -> bool {
        let sound = |(id, document): (&String, &Document)| {
            document.body.is_object()
                && document.sequence <= self.last_sequence
                && document.id == *id
                && id.len() <= LONGEST_KEY
        };
        self.last_sequence <= HIGHEST_NUMBER && self.documents.iter().all(sound)
    }

    /// Takes the secrets out of what callers wrote.
    pub(in crate::store) fn redact(&mut self, redactor: &Redactor<'_>) {
        for document in self.documents.values_mut() {
            document.body = redactor.words(&document.body).into();
        }
    }

    /// An empty one that has given so many numbers.
    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub(in crate::store) fn ending_at(last_sequence: u64) -> Self {
        Self {
            last_sequence,
            documents: IndexMap::default(),
        }
    }

    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub(in crate::store) fn put(&mut self, document: Document) {
        self.documents.insert(document.id.clone(), document);
    }

    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub(in crate::store) fn last_sequence(&self) -> u64 {
        self.last_sequence
    }

    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub(in crate::store) fn documents(&self) -> impl Iterator<Item = &Document> {
        self.documents.values()
    }

    pub(super) fn append(&mut self, id: Option<String>, body: Body, keep: usize) -> Document {
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
    pub(super) fn kept(&self, keep: usize) -> impl DoubleEndedIterator<Item = &Document> + ExactSizeIterator {
        self.documents.values().skip(self.surplus(keep))
    }

    pub(super) fn of_id(&self, id: &str, keep: usize) -> Option<&Document> {
        let (at, _, document) = self.documents.get_full(id)?;
        (at >= self.surplus(keep)).then_some(document)
    }

    fn surplus(&self, keep: usize) -> usize {
        self.documents.len().saturating_sub(keep)
    }
}
