//! The journal: the latest requests and answers, why each was refused, and no secret.
//!
//! A bounded ring of records. What goes in has been through the redactor, so there is nothing in it to leak.

mod clean;
mod record;

use std::collections::VecDeque;

use jiff::Timestamp;
use keyway_openapi::Vendor;
use parking_lot::Mutex;
use schemars::JsonSchema;
use serde::Serialize;

use crate::redact::Redactor;
use clean::Clean;
pub(crate) use record::{Record, Sent};

/// How many exchanges are kept unless told otherwise.
pub(crate) const DEFAULT_CAPACITY: usize = 1000;

/// One request and what became of it.
#[derive(Clone, Debug, JsonSchema, Serialize)]
#[non_exhaustive]
pub struct Entry {
    /// Counted from 1 in order of answering; never given twice in a world.
    pub number: u64,
    /// The mock's time at which the request came.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub at: Timestamp,
    /// Whom it was for.
    #[schemars(with = "String", extend("enum" = Vendor::ALL.map(Vendor::name)))]
    pub vendor: Vendor,
    /// The method.
    pub method: String,
    /// Path and query below the vendor's root, redacted.
    pub target: String,
    /// The operation it was found to be.
    pub operation: Option<String>,
    /// Whom it authenticated as.
    pub principal: Option<Principal>,
    /// The status of the answer; `None` if its connection was reset instead.
    pub status: Option<u16>,
    /// Why it was refused, in words.
    pub reason: Option<String>,
    /// Where the request breaks the vendor's contract.
    pub violations: Vec<String>,
    /// The injected fault that it met.
    pub fault: Option<String>,
    /// How long the answer took, in microseconds, injected latency left out.
    pub took_us: u64,
    /// The request as it came, redacted.
    pub request: Message,
    /// The answer as it left, redacted.
    pub response: Message,
}

/// The headers and the beginning of the body of a request or an answer.
#[derive(Clone, Debug, Default, JsonSchema, Serialize)]
#[non_exhaustive]
pub struct Message {
    /// In the order in which they were sent; credentials redacted whole.
    pub headers: Vec<(String, String)>,
    /// The first 16 KiB, redacted; bytes that are not text are shown as replacement characters.
    pub body: String,
    /// How long the body was, in bytes.
    pub body_length: usize,
}

/// Whom a request authenticated as.
#[derive(Clone, Debug, Eq, JsonSchema, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Principal {
    /// The credential's id.
    pub credential: String,
    /// The user or service account it speaks for.
    pub owner: String,
    /// The tenant it belongs to.
    pub tenant: String,
}

/// How many records without an exchange are kept: as many as are often written at once.
const SPARE: usize = 32;

/// The ring itself.
#[derive(Debug)]
pub(crate) struct Journal {
    ring: Mutex<Ring>,
    clean: Clean,
}

#[derive(Debug)]
struct Ring {
    capacity: usize,
    last_number: u64,
    records: VecDeque<Record>,
    /// Those that went last: their room is taken for the next, so that it need not be found anew by whichever thread
    /// comes.
    spare: Vec<Record>,
}

impl Journal {
    pub(crate) fn new(capacity: usize) -> Self {
        Self::after(0, capacity)
    }

    /// An empty one that counts on from here.
    pub(crate) fn successor(&self) -> Self {
        let ring = self.ring.lock();
        Self::after(ring.last_number, ring.capacity)
    }

    fn after(last_number: u64, capacity: usize) -> Self {
        Self {
            ring: Mutex::new(Ring {
                capacity,
                last_number,
                records: VecDeque::new(),
                spare: Vec::new(),
            }),
            clean: Clean::default(),
        }
    }

    /// Whether anything is kept at all; if not, nothing need be prepared.
    pub(crate) fn is_kept(&self) -> bool {
        self.ring.lock().capacity > 0
    }

    /// A record to be filled.
    pub(crate) fn blank(&self) -> Record {
        let spare = self.ring.lock().spare.pop();
        spare.map(Record::blank).unwrap_or_default()
    }

    /// Writes a message down in a record.
    pub(crate) fn note(&self, record: &mut Record, message: Sent<'_>, redactor: &Redactor<'_>) {
        record.message(message, &self.clean, redactor);
    }

    /// Takes a record in, gives it its number, and lets the oldest go.
    pub(crate) fn push(&self, mut record: Record) {
        record.fit();
        let mut ring = self.ring.lock();
        ring.last_number += 1;
        record.number = ring.last_number;
        if ring.records.len() == ring.capacity {
            let oldest = ring.records.pop_front();
            ring.spare.extend(oldest);
            ring.spare.truncate(SPARE);
        }
        if ring.capacity > 0 {
            ring.records.push_back(record);
        }
    }

    /// The entries that are still kept, oldest first.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        self.ring.lock().records.iter().map(Record::entry).collect()
    }

    pub(crate) fn clear(&self) {
        let mut ring = self.ring.lock();
        ring.records.clear();
        ring.spare.clear();
    }
}

/// What a test asks of the exchanges so far.
#[derive(Clone, Debug)]
pub struct Calls {
    entries: Vec<Entry>,
}

impl Calls {
    pub(crate) fn new(entries: Vec<Entry>) -> Self {
        Self { entries }
    }

    /// All of them, oldest first.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// How many there were.
    #[must_use]
    pub fn count(&self) -> usize {
        self.entries.len()
    }

    /// Only the calls to a vendor.
    #[must_use]
    pub fn to(self, vendor: Vendor) -> Self {
        self.only(|entry| entry.vendor == vendor)
    }

    /// Only the calls of an operation, `revokeApiKey` for example.
    #[must_use]
    pub fn calls(self, operation: &str) -> Self {
        self.only(|entry| entry.operation.as_deref() == Some(operation))
    }

    /// Only those answered with a status.
    #[must_use]
    pub fn answered(self, status: u16) -> Self {
        self.only(|entry| entry.status == Some(status))
    }

    /// Only the latest so many.
    #[must_use]
    pub fn latest(mut self, count: usize) -> Self {
        self.entries.drain(..self.entries.len().saturating_sub(count));
        self
    }

    fn only(mut self, wanted: impl Fn(&Entry) -> bool) -> Self {
        self.entries.retain(wanted);
        self
    }

    /// Insists on a number of calls.
    ///
    /// # Panics
    /// If there were more or fewer; the message lists what there was.
    #[track_caller]
    pub fn expect(&self, count: usize) {
        let seen = self.entries.len();
        assert!(
            seen == count,
            "expected {count} such calls, there were {}{}",
            if seen == 0 {
                "none".to_owned()
            } else {
                format!("{seen}:")
            },
            self.listing()
        );
    }

    fn listing(&self) -> String {
        let line = |entry: &Entry| {
            let status = entry
                .status
                .map_or("no answer".to_owned(), |status| status.to_string());
            let reason = entry
                .reason
                .as_deref()
                .map(|reason| format!(" ({reason})"))
                .unwrap_or_default();
            format!(
                "\n  {} {} {} → {status}{reason}",
                entry.vendor, entry.method, entry.target
            )
        };
        self.entries.iter().map(line).collect()
    }
}
