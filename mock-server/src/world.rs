//! A world: the vendors with a state, a clock, faults and a journal of their own.
//!
//! Tests that share one server each take a world and do not see each other. A vendor is put on stage when it is
//! first called, so that making a world costs next to nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use http::{HeaderName, HeaderValue, StatusCode};
use keyway_openapi::Vendor;
use parking_lot::RwLock;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::{Mutex, OnceCell};

use crate::assumptions::{AssumptionError, Assumptions};
use crate::call::{Request, Response, json as json_answer};
use crate::clock::Clock;
use crate::delivery::{Delivery, Manner};
use crate::faults::{Fault, FaultError, Faults, Meeting};
use crate::injection;
use crate::journal::{self, Calls, Entry, Journal};
use crate::metrics::Metrics;
use crate::mock::{Answer, Circumstances, Mock};
use crate::redact::Redactor;
use crate::refusal::Refusal;
use crate::sabotage::Sabotage;
use crate::seed::{self, IssuedSeeds, Misplaced, Order, Register, SeedError, Seeds};
use crate::store::{Memory, State};

/// The header in which `Explain::InHeader` says why.
const REASON: HeaderName = HeaderName::from_static("x-keyway-reason");

/// Where the reason of a refusal is told.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Explain {
    /// In the journal only: answers are the vendor's and nothing else.
    #[default]
    InJournal,
    /// In the journal and in an `x-keyway-reason` header of the answer.
    InHeader,
}

/// Whether the mock's own answers are held against the contract.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum CheckAnswers {
    /// They are not, which is faster.
    #[default]
    No,
    /// They are; one that breaks the contract becomes a loud 500.
    Yes,
}

/// What all worlds of a server have in common at their beginning.
#[derive(Clone, Debug)]
pub(crate) struct Beginning {
    pub(crate) assumptions: Assumptions,
    pub(crate) journal_capacity: usize,
    pub(crate) explain: Explain,
    pub(crate) check_answers: CheckAnswers,
    pub(crate) sabotage: Option<&'static Sabotage>,
}

impl Default for Beginning {
    fn default() -> Self {
        Self {
            assumptions: Assumptions::default(),
            journal_capacity: journal::DEFAULT_CAPACITY,
            explain: Explain::default(),
            check_answers: CheckAnswers::default(),
            sabotage: None,
        }
    }
}

/// The vendors with a state, a clock, faults and a journal of their own.
#[derive(Debug)]
pub struct World {
    clock: Clock,
    faults: Faults,
    journal: Journal,
    counters: Metrics,
    beginning: Beginning,
    assumptions: RwLock<Arc<Assumptions>>,
    stage: RwLock<Arc<Stage>>,
    /// Held while principals are made, so that no two of them get the same name.
    seeding: Mutex<()>,
    born: Instant,
    /// Milliseconds after `born`.
    last_used: AtomicU64,
}

/// A vendor each, once it has been called.
#[derive(Debug, Default)]
struct Stage([OnceCell<Mock>; Vendor::ALL.len()]);

impl Stage {
    async fn mock(&self, vendor: Vendor, world: &World) -> &Mock {
        let new = || async { Mock::new(vendor, &world.clock, world.beginning.sabotage).await.0 };
        self.0[index(vendor)].get_or_init(new).await
    }
}

impl Stage {
    /// The stores of the vendors that have been called.
    fn stores(&self) -> Vec<&Memory> {
        self.0
            .iter()
            .filter_map(|mock| Some(&mock.get()?.store))
            .collect()
    }
}

fn index(vendor: Vendor) -> usize {
    Vendor::ALL
        .iter()
        .position(|known| *known == vendor)
        .unwrap_or_default()
}

impl World {
    pub(crate) fn new(beginning: Beginning, clock: Clock) -> Self {
        Self {
            clock,
            faults: Faults::default(),
            journal: Journal::new(beginning.journal_capacity),
            counters: Metrics::default(),
            assumptions: RwLock::new(Arc::new(beginning.assumptions.clone())),
            stage: RwLock::default(),
            seeding: Mutex::default(),
            beginning,
            born: Instant::now(),
            last_used: AtomicU64::new(0),
        }
    }

    /// Whether nobody has called for that many milliseconds.
    pub(crate) fn has_been_idle(&self, ms: u64) -> bool {
        self.age_ms()
            .saturating_sub(self.last_used.load(Ordering::Relaxed))
            > ms
    }

    pub(crate) fn touch(&self) {
        self.last_used.store(self.age_ms(), Ordering::Relaxed);
    }

    fn age_ms(&self) -> u64 {
        u64::try_from(self.born.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// What a call meets, before its body is read.
    pub(crate) async fn meet(&self, vendor: Vendor, method: &str, path: &str) -> Meeting {
        self.touch();
        if self.faults.is_empty() {
            return Meeting::default();
        }
        let stage = self.stage();
        let operation = stage.mock(vendor, self).await.operation(method, path);
        self.faults.meet(vendor, operation)
    }

    /// Answers a request to a vendor, and writes it down.
    pub(crate) async fn answer(
        &self,
        vendor: Vendor,
        request: &Request,
        path: &str,
        meeting: Meeting,
    ) -> (Response, Delivery) {
        let begun = Instant::now();
        let now = self.clock.now();
        let stage = self.stage();
        let mock = stage.mock(vendor, self).await;
        let assumptions = self.assumptions();
        let around = Circumstances {
            now,
            assumptions: &assumptions,
        };
        let replaced = meeting
            .effect
            .and_then(|effect| injection::instead(effect, |status| mock.refuse(Refusal::Injected(status))));
        let mut answer = match replaced {
            Some(response) => Answer {
                operation: mock.operation(request.method().as_str(), path),
                reason: Some("an injected fault answered instead".to_owned()),
                ..Answer::of(response)
            },
            None => self.check(vendor, mock.respond(&around, request, path).await),
        };
        let manner = match meeting.effect {
            Some(effect) => injection::onto(effect, vendor, &mut answer.response),
            None => Manner::Whole,
        };
        let took = begun.elapsed();
        if self.beginning.explain == Explain::InHeader
            && let Some(reason) = answer
                .reason
                .as_deref()
                .and_then(|reason| HeaderValue::from_str(reason).ok())
        {
            answer.response.headers_mut().insert(REASON, reason);
        }
        self.counters
            .count(vendor, answer.operation, answer.response.status());
        if self.journal.is_kept() {
            let redactor = Redactor {
                stores: stage.stores(),
            };
            let target = request
                .uri()
                .query()
                .map_or(path.to_owned(), |query| format!("{path}?{query}"));
            self.journal.push(Entry {
                number: 0,
                at: now,
                vendor,
                method: redactor.plain(request.method().as_str()),
                target: redactor.plain(&target),
                operation: answer.operation.map(str::to_owned),
                principal: answer.principal,
                status: (manner != Manner::Reset).then(|| answer.response.status().as_u16()),
                reason: answer.reason.map(|reason| redactor.plain(&reason)),
                violations: answer
                    .violations
                    .iter()
                    .map(|violation| redactor.plain(violation))
                    .collect(),
                fault: meeting.name(),
                took_us: u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
                request: journal::message(request.headers(), request.body(), &redactor),
                response: journal::message(answer.response.headers(), answer.response.body(), &redactor),
            });
        }
        (
            answer.response,
            Delivery {
                delay: meeting.delay,
                manner,
            },
        )
    }

    /// The vendor's answer to what could not be read as a request.
    pub(crate) async fn refuse(&self, vendor: Vendor, refusal: Refusal) -> Response {
        self.stage().mock(vendor, self).await.refuse(refusal)
    }

    /// Holds an answer against the contract, if that was asked for.
    fn check(&self, vendor: Vendor, answer: Answer) -> Answer {
        let (CheckAnswers::Yes, Some(operation)) = (self.beginning.check_answers, answer.operation) else {
            return answer;
        };
        let contract = vendor.contract();
        let Some(known) = contract.operation(operation) else {
            return answer;
        };
        let response = &answer.response;
        // What HTTP itself answers to a body of the wrong kind or size is in no vendor's document.
        if [StatusCode::PAYLOAD_TOO_LARGE, StatusCode::UNSUPPORTED_MEDIA_TYPE].contains(&response.status()) {
            return answer;
        }
        let content_type = response
            .headers()
            .get(http::header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        match contract.check_response(known, response.status().as_u16(), content_type, response.body()) {
            Ok(()) => answer,
            Err(violations) => {
                let violations: Vec<_> = violations.iter().map(ToString::to_string).collect();
                let body = json!({ "keyway": "the mock's own answer breaks the contract", "violations": violations });
                Answer {
                    response: json_answer(StatusCode::INTERNAL_SERVER_ERROR, &body),
                    reason: Some("the mock's own answer breaks the contract".to_owned()),
                    violations,
                    ..answer
                }
            }
        }
    }

    /// Puts everything back to the beginning: state, clock, faults, journal and assumptions.
    pub fn reset(&self) {
        *self.stage.write() = Arc::default();
        *self.assumptions.write() = Arc::new(self.beginning.assumptions.clone());
        self.clock.reset();
        self.faults.clear();
        self.journal.clear();
    }

    pub(crate) fn assumptions(&self) -> Arc<Assumptions> {
        Arc::clone(&self.assumptions.read())
    }

    /// Switches an assumption, given as `NAME=VALUE`.
    ///
    /// # Errors
    /// If the setting is not valid; the message names the nearest valid one.
    pub fn assume(&self, setting: &str) -> Result<(), AssumptionError> {
        let mut assumptions = self.assumptions.write();
        Arc::make_mut(&mut assumptions).switch(setting)
    }

    /// Switches several assumptions, or none of them.
    pub(crate) fn assume_all(&self, settings: impl Iterator<Item = String>) -> Result<(), AssumptionError> {
        let mut assumptions = self.assumptions.write();
        let mut switched = Assumptions::clone(&assumptions);
        for setting in settings {
            switched.switch(&setting)?;
        }
        *assumptions = Arc::new(switched);
        Ok(())
    }

    fn stage(&self) -> Arc<Stage> {
        Arc::clone(&self.stage.read())
    }

    /// The clock: turn it to let keys expire.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Adds a fault to those in force.
    ///
    /// # Errors
    /// If the fault cannot be: there is no such operation, or a number is out of range.
    pub fn inject(&self, fault: Fault) -> Result<(), FaultError> {
        self.faults.add(fault)
    }

    /// The faults in force.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        self.faults.list()
    }

    /// Takes all faults away.
    pub fn clear_faults(&self) {
        self.faults.clear();
    }

    /// The exchanges so far: `server.journal().calls("revokeApiKey").expect(1)`.
    #[must_use]
    pub fn journal(&self) -> Calls {
        Calls::new(self.journal.entries())
    }

    /// Forgets the exchanges so far.
    pub fn clear_journal(&self) {
        self.journal.clear();
    }

    /// The counters, in the text format that Prometheus reads.
    #[must_use]
    pub fn metrics(&self) -> String {
        self.counters.text()
    }

    /// Makes principals and keys: all of them, or none and the first thing that is wrong.
    pub(crate) async fn seed(&self, seeds: &Seeds) -> Result<IssuedSeeds, Misplaced> {
        let _alone = self.seeding.lock().await;
        let stage = self.stage();
        let assumptions = self.assumptions();
        let around = Circumstances {
            now: self.clock.now(),
            assumptions: &assumptions,
        };
        let mut register = Register::default();
        let mut drawn_up = Vec::new();
        for (number, (place, order)) in seeds.orders().enumerate() {
            let misplaced = |problem| Misplaced {
                place: place.clone(),
                problem,
            };
            if number >= seed::MOST {
                return Err(misplaced(SeedError::TooMany));
            }
            let mock = stage.mock(order.vendor(), self).await;
            let enrolment = mock.enrol(&around, order).await.map_err(misplaced)?;
            if let Some(user) = &enrolment.user {
                let taken = register.take_down(order.vendor(), user, &mock.store).await;
                taken.map_err(misplaced)?;
            }
            drawn_up.push((order, enrolment));
        }
        let mut issued = IssuedSeeds::default();
        for (order, enrolment) in drawn_up {
            let vendor = order.vendor();
            let made = enrolment
                .keep(vendor, &stage.mock(vendor, self).await.store)
                .await;
            match order {
                Order::Principal(_) => issued.principals.push(made),
                Order::Key(_) => issued.keys.push(made),
            }
        }
        Ok(issued)
    }

    /// The state of every vendor: digests of secrets, never a secret.
    pub async fn snapshot(&self) -> Snapshot {
        let stage = self.stage();
        let mut vendors = Vec::new();
        for vendor in Vendor::ALL {
            vendors.push((vendor, stage.mock(vendor, self).await.store.save()));
        }
        Snapshot {
            version: Snapshot::VERSION,
            vendors,
        }
    }

    /// Puts a snapshot back; keys that were alive in it authenticate again, those revoked in it do not.
    ///
    /// # Errors
    /// If it was made by another version or is not sound; nothing is changed then.
    pub async fn restore(&self, snapshot: Snapshot) -> Result<(), SnapshotError> {
        if snapshot.version != Snapshot::VERSION {
            return Err(SnapshotError::Version {
                found: snapshot.version,
            });
        }
        for (vendor, state) in &snapshot.vendors {
            state.check().map_err(|problem| SnapshotError::State {
                vendor: *vendor,
                problem,
            })?;
        }
        let _alone = self.seeding.lock().await;
        let stage = self.stage();
        for (vendor, state) in snapshot.vendors {
            stage.mock(vendor, self).await.store.load(state);
        }
        Ok(())
    }
}

/// The state of a world's vendors as plain data. It holds digests of secrets, never a secret.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    version: u32,
    vendors: Vec<(Vendor, State)>,
}

impl Snapshot {
    const VERSION: u32 = 2;
}

/// Why a snapshot cannot be put back.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// It was made by another version of the mock.
    #[error(
        "the snapshot has version {found}, this mock reads version {}",
        Snapshot::VERSION
    )]
    Version {
        /// The version it has.
        found: u32,
    },
    /// A part of it is not sound.
    #[error("the snapshot of {vendor} is not sound: {problem}")]
    State {
        /// Whose part.
        vendor: Vendor,
        /// What is the matter.
        problem: &'static str,
    },
}
