//! A world: the vendors with a state, a clock, faults and a journal of their own.
//!
//! Tests that share one server each take a world and do not see each other. A vendor is put on stage when it is
//! first called, so that making a world costs next to nothing.

mod age;
mod durable;
mod snapshot;
mod visit;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use keyway_openapi::Vendor;
use parking_lot::RwLock;
use tokio::sync::{Mutex, MutexGuard};
use tokio::time::timeout;

use crate::assumptions::{AssumptionError, Assumptions};
use crate::call::{Origin, Request};
use crate::clock::Clock;
use crate::faults::{Fault, FaultError, Faults};
use crate::journal::{self, Calls};
use crate::mock::{Circumstances, Mock};
use crate::sabotage::Sabotage;
use crate::seals::Seals;
use crate::seed::{self, IssuedSeeds, Misplaced, Order, Register, SeedError, Seeds};
use crate::store::{AnyStore, Database, Intake, State, Store, Unavailable};

use age::{Age, Stage};
use durable::Durable;

pub use snapshot::{Snapshot, SnapshotError};
pub(crate) use visit::Visit;

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

/// How long is waited for those who do something to all vendors of a database at once.
const TURN: Duration = Duration::from_secs(5);

/// What all worlds of a server have in common at their beginning.
#[derive(Clone, Debug)]
pub(crate) struct Beginning {
    pub(crate) assumptions: Assumptions,
    pub(crate) journal_capacity: usize,
    pub(crate) explain: Explain,
    pub(crate) check_answers: CheckAnswers,
    pub(crate) sabotage: Option<&'static Sabotage>,
    /// Of all their secrets.
    pub(crate) seals: Arc<Seals>,
    /// The state to begin with, where that is not the ready-made one alone.
    pub(crate) state: Option<Arc<Snapshot>>,
}

impl Default for Beginning {
    fn default() -> Self {
        Self {
            assumptions: Assumptions::default(),
            journal_capacity: journal::DEFAULT_CAPACITY,
            explain: Explain::default(),
            check_answers: CheckAnswers::default(),
            sabotage: None,
            seals: Arc::default(),
            state: None,
        }
    }
}

/// Whether a store has just been given its first state.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Novelty {
    New,
    Known,
}

/// The vendors with a state, a clock, faults and a journal of their own.
#[derive(Debug)]
pub struct World {
    clock: Clock,
    faults: Faults,
    beginning: Beginning,
    age: RwLock<Age>,
    /// Where the state is, if it is not in memory.
    durable: Option<Durable>,
    /// Held while principals are made, so that no two of them get the same name.
    seeding: Mutex<()>,
    born: Instant,
    /// Milliseconds after `born`.
    last_used: AtomicU64,
}

impl World {
    pub(crate) fn new(beginning: Beginning, clock: Clock) -> Self {
        Self {
            clock,
            faults: Faults::default(),
            age: RwLock::new(Age::first(&beginning)),
            seeding: Mutex::default(),
            beginning,
            durable: None,
            born: Instant::now(),
            last_used: AtomicU64::new(0),
        }
    }

    /// The same world with its state in a database, which gets one if it has none yet. If it has, then the world begins
    /// with what the server that made it was asked for.
    pub(crate) async fn kept_in(mut self, database: Database) -> Result<(Self, Novelty), Unavailable> {
        let mut states = Vec::new();
        for vendor in Vendor::ALL {
            states.push((vendor, self.beginning_of(vendor).await?));
        }
        let told = self
            .beginning
            .state
            .as_ref()
            .map(|state| state.vendors.as_slice());
        let novelty = match database.settle(states, told.unwrap_or_default()).await? {
            true => Novelty::New,
            false => Novelty::Known,
        };
        let kept = database.beginnings().await?;
        self.beginning.state = (!kept.is_empty()).then(|| Arc::new(Snapshot::of_vendors(kept)));
        self.durable = Some(Durable::new(database));
        Ok((self, novelty))
    }

    /// What it begins with.
    pub(crate) fn beginning(&self) -> &Beginning {
        &self.beginning
    }

    /// Whether the store answers.
    pub(crate) async fn ping(&self) -> Result<(), Unavailable> {
        match &self.durable {
            Some(durable) => durable.database().ping().await,
            None => Ok(()),
        }
    }

    /// Whether nobody has called for that many milliseconds.
    pub(crate) fn has_been_idle(&self, ms: u64) -> bool {
        self.age_ms(Instant::now())
            .saturating_sub(self.last_used.load(Ordering::Relaxed))
            > ms
    }

    pub(crate) fn touch(&self) {
        self.is_used_until(Instant::now());
    }

    /// Notes a use that lasts so long.
    fn is_used_until(&self, end: Instant) {
        self.last_used.fetch_max(self.age_ms(end), Ordering::Relaxed);
    }

    fn age_ms(&self, at: Instant) -> u64 {
        u64::try_from((at - self.born).as_millis()).unwrap_or(u64::MAX)
    }

    /// Lets a request in, of which the head has been read. It meets the faults that are in force.
    pub(crate) fn receive<'w>(
        &'w self,
        vendor: Vendor,
        head: Request,
        path: &'w str,
        origin: Origin<'w>,
    ) -> Visit<'w> {
        // As long as this is held nothing is reset.
        let age = self.age.read();
        let mut visit = Visit::new(self, &age, vendor, head, path, origin);
        visit.meet(&self.faults);
        visit
    }

    /// Lets a request in that no fault can meet, nor count.
    pub(crate) fn receive_unharmed<'w>(&'w self, vendor: Vendor, head: Request, path: &'w str) -> Visit<'w> {
        Visit::new(self, &self.age.read(), vendor, head, path, Origin::default())
    }

    /// Puts everything back to the beginning: state, clock, faults, journal, counters and assumptions. A request that
    /// is under way ends as it would have ended, and leaves nothing behind.
    ///
    /// # Errors
    /// If the store does not answer; nothing is changed then. In memory it always does.
    pub async fn reset(&self) -> Result<(), Unavailable> {
        if let Some(durable) = &self.durable {
            let _alone = self.alone().await?;
            let mut states = Vec::new();
            for vendor in Vendor::ALL {
                states.push((vendor, self.beginning_of(vendor).await?));
            }
            durable.database().begin(states).await?;
        }
        let mut age = self.age.write();
        *age = age.next(&self.beginning);
        self.clock.reset();
        self.faults.clear();
        Ok(())
    }

    /// The choices in force: `world.assumptions().of(assumption)`.
    #[must_use]
    pub fn assumptions(&self) -> Arc<Assumptions> {
        Arc::clone(&self.age.read().assumptions)
    }

    /// Switches an assumption, given as `NAME=VALUE`.
    ///
    /// # Errors
    /// If the setting is not valid; the message names the nearest valid one.
    pub fn assume(&self, setting: &str) -> Result<(), AssumptionError> {
        let mut age = self.age.write();
        Arc::make_mut(&mut age.assumptions).switch(setting)
    }

    /// Switches several assumptions, each given as `NAME=VALUE`, or none of them.
    ///
    /// # Errors
    /// The first setting that is not valid; the message names the nearest valid one.
    pub fn assume_all(
        &self,
        settings: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Result<(), AssumptionError> {
        let mut age = self.age.write();
        let mut switched = Assumptions::clone(&age.assumptions);
        for setting in settings {
            switched.switch(setting.as_ref())?;
        }
        age.assumptions = Arc::new(switched);
        Ok(())
    }

    fn age(&self) -> Age {
        self.age.read().clone()
    }

    /// The promise that is broken here, if one is.
    #[must_use]
    pub fn sabotage(&self) -> Option<&'static Sabotage> {
        self.beginning.sabotage
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
        Calls::new(self.age().journal.entries())
    }

    /// Forgets the exchanges so far.
    pub fn clear_journal(&self) {
        self.age().journal.clear();
    }

    /// The counters, in the text format that Prometheus reads.
    #[must_use]
    pub fn metrics(&self) -> String {
        self.age().counters.text()
    }

    /// Makes principals and keys: all of them, or none.
    ///
    /// # Errors
    /// The first thing that is wrong, and where.
    pub async fn seed(&self, seeds: &Seeds) -> Result<IssuedSeeds, Misplaced> {
        let _alone = self.alone().await.map_err(|unavailable| Misplaced {
            place: "seeds".to_owned(),
            problem: unavailable.into(),
        })?;
        let Age {
            stage, assumptions, ..
        } = self.age();
        let around = Circumstances {
            now: self.clock.now(),
            assumptions: &assumptions,
            origin: Origin::default(),
            begun: Instant::now(),
        };
        let mut register = Register::default();
        let mut mocks = BTreeMap::new();
        let mut users = BTreeMap::new();
        let mut drawn_up = Vec::new();
        for (number, (place, order)) in seeds.orders().enumerate() {
            let vendor = order.vendor();
            let misplaced = |problem| Misplaced {
                place: place.clone(),
                problem,
            };
            if number >= seed::MOST {
                return Err(misplaced(SeedError::TooMany));
            }
            let mock = match mocks.entry(vendor) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(fresh) => {
                    let mock = self.mock(&stage, vendor).await;
                    fresh.insert(mock.map_err(|unavailable| misplaced(unavailable.into()))?)
                }
            };
            let users = users.entry(vendor).or_insert_with(Vec::new);
            let enrolment = mock.enrol(&around, order, users).await.map_err(misplaced)?;
            if let Some(user) = &enrolment.user {
                users.push(user.body.clone());
                let taken = register.take_down(vendor, user, &mock.store).await;
                taken.map_err(misplaced)?;
            }
            drawn_up.push((place, order, enrolment));
        }
        let mut issued = IssuedSeeds::default();
        let Some(first) = drawn_up.first().map(|(place, ..)| place.clone()) else {
            return Ok(issued);
        };
        let mut newcomers = Vec::new();
        let mut announced = Vec::new();
        for (place, order, enrolment) in drawn_up {
            let vendor = order.vendor();
            let (newcomer, announcement) = enrolment.parted(vendor);
            newcomers.extend(mocks.get(&vendor).map(|mock| (&mock.store, newcomer)));
            announced.push((place, order, announcement));
        }
        let kept = match AnyStore::take_in(newcomers).await {
            Ok(Intake::Kept(kept)) => kept,
            // Another server has been quicker.
            Ok(Intake::Taken { newcomer, name }) => {
                let (place, _, announcement) = announced.swap_remove(newcomer);
                let problem = announcement.taken(name);
                return Err(Misplaced { place, problem });
            }
            Err(unavailable) => {
                return Err(Misplaced {
                    place: first,
                    problem: unavailable.into(),
                });
            }
        };
        for ((_, order, announcement), credential) in announced.into_iter().zip(kept) {
            let made = announcement.of(&credential);
            match order {
                Order::Principal(_) => issued.principals.push(made),
                Order::Key(_) => issued.keys.push(made),
            }
        }
        Ok(issued)
    }

    /// Leaves the store in order, before the server goes.
    pub(crate) async fn conclude(&self) {
        if let Some(durable) = &self.durable {
            // What cannot be written now is lost, as it may be.
            let _ = durable.database().conclude().await;
        }
    }

    /// The state of every vendor: digests of secrets, never a secret.
    ///
    /// # Errors
    /// If the store does not answer; in memory it always does.
    pub async fn snapshot(&self) -> Result<Snapshot, Unavailable> {
        // Nothing that is made at several vendors at once is in it by half, unless another server makes it.
        let _alone = self.alone().await?;
        let stage = self.age().stage;
        let mut vendors = Vec::new();
        for vendor in Vendor::ALL {
            vendors.push((vendor, self.mock(&stage, vendor).await?.store.save().await?));
        }
        Ok(Snapshot::of_vendors(vendors))
    }

    /// Puts a snapshot back; keys that were alive in it authenticate again, those revoked in it do not. A request that
    /// is under way ends with the state with which it began, which is gone.
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
        let _alone = self.alone().await?;
        if let Some(durable) = &self.durable {
            return Ok(durable.database().begin(snapshot.vendors).await?);
        }
        let mut restored = Vec::new();
        for (vendor, state) in snapshot.vendors {
            restored.push((vendor, self.cast(vendor, Some(state)).await));
        }
        let mut age = self.age.write();
        age.stage = Arc::new(age.stage.with(restored));
        Ok(())
    }

    /// The turn to do what is done to all vendors at once. Whoever waits for it waits for a database, too, and no longer
    /// than for that.
    async fn alone(&self) -> Result<MutexGuard<'_, ()>, Unavailable> {
        if self.durable.is_none() {
            return Ok(self.seeding.lock().await);
        }
        let turn = timeout(TURN, self.seeding.lock()).await;
        turn.map_err(|_| Unavailable(format!("others are at it for longer than {} s", TURN.as_secs())))
    }

    async fn mock(&self, stage: &Stage, vendor: Vendor) -> Result<Arc<Mock>, Unavailable> {
        if let Some(durable) = &self.durable {
            return match self.beginning.sabotage {
                None => Ok(durable.mock(vendor)),
                Some(_) => Box::pin(durable.sabotaged(vendor, self.cast(vendor, None))).await,
            };
        }
        if let Some(mock) = stage.known(vendor) {
            return Ok(mock);
        }
        // In a box, for it is large and hardly ever waited for.
        Ok(stage.mock(vendor, Box::pin(self.fresh(vendor))).await)
    }

    /// A vendor as at the beginning.
    async fn fresh(&self, vendor: Vendor) -> Mock {
        let state = self.beginning.state.as_ref().and_then(|all| all.of(vendor));
        self.cast(vendor, state.cloned()).await
    }

    /// What a vendor begins with.
    async fn beginning_of(&self, vendor: Vendor) -> Result<State, Unavailable> {
        self.fresh(vendor).await.store.save().await
    }

    /// A vendor with this state, or as every vendor begins, in memory.
    async fn cast(&self, vendor: Vendor, state: Option<State>) -> Mock {
        let Beginning { sabotage, seals, .. } = &self.beginning;
        let (mock, _) = Mock::new(vendor, &self.clock, *sabotage, seals, state).await;
        mock
    }
}
