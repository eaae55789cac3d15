//! Histories of calls by many clients, and whether each key in them behaved as one key.
//!
//! A key is a register that is made once and revoked once, so linearizability comes down to a few sentences about
//! when calls began and ended. Each is tested with a history that breaks it.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Instant;

use crate::replica::Outcome;

/// What was done with a key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Act {
    Create,
    Use,
    Revoke,
}

/// A call, from when it was sent until its answer came, in nanoseconds of one clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Event {
    pub(crate) act: Act,
    pub(crate) began: u128,
    pub(crate) ended: u128,
    pub(crate) outcome: Outcome,
}

/// What all clients did, by the id of the key.
pub(crate) struct History {
    clock: Instant,
    events: Mutex<BTreeMap<String, Vec<Event>>>,
}

impl History {
    pub(crate) fn new() -> Self {
        Self {
            clock: Instant::now(),
            events: Mutex::default(),
        }
    }

    pub(crate) fn now(&self) -> u128 {
        self.clock.elapsed().as_nanos()
    }

    pub(crate) fn note(&self, key: &str, act: Act, began: u128, outcome: Outcome) {
        let event = Event {
            act,
            began,
            ended: self.now(),
            outcome,
        };
        let mut events = self.events.lock().expect("no panic");
        events.entry(key.to_owned()).or_default().push(event);
    }

    /// Every key whose history no single key can have had.
    pub(crate) fn violations(&self) -> Vec<(String, &'static str)> {
        let events = self.events.lock().expect("no panic");
        let broken =
            |(key, events): (&String, &Vec<Event>)| check(events).err().map(|why| (key.clone(), why));
        events.iter().filter_map(broken).collect()
    }

    /// How many keys have a history.
    pub(crate) fn keys(&self) -> usize {
        self.events.lock().expect("no panic").len()
    }

    pub(crate) fn count(&self, act: Act, outcome: Outcome) -> usize {
        let events = self.events.lock().expect("no panic");
        let meant = |event: &&Event| event.act == act && event.outcome == outcome;
        events.values().flatten().filter(meant).count()
    }
}

/// Whether one key can have had this history.
fn check(events: &[Event]) -> Result<(), &'static str> {
    let of = |act, outcome| {
        let meant = move |event: &&Event| event.act == act && event.outcome == outcome;
        events.iter().filter(meant)
    };
    // The key can have been dead from the first moment at which somebody wanted it dead.
    let revocations = || events.iter().filter(|event| event.act == Act::Revoke);
    let may_be_dead = revocations().map(|event| event.began).min().unwrap_or(u128::MAX);
    // It was for certain when the first revocation had been answered.
    let is_dead = of(Act::Revoke, Outcome::Done)
        .map(|event| event.ended)
        .min()
        .unwrap_or(u128::MAX);
    let made = of(Act::Create, Outcome::Done)
        .map(|event| event.ended)
        .min()
        .unwrap_or(u128::MAX);
    if of(Act::Use, Outcome::Done).any(|event| event.began > is_dead) {
        return Err("it worked after its revocation was answered");
    }
    if of(Act::Use, Outcome::Refused).any(|event| event.began > made && event.ended < may_be_dead) {
        return Err("it was refused before anybody revoked it");
    }
    let first_refused = of(Act::Use, Outcome::Refused)
        .filter(|event| event.began > made)
        .map(|event| event.ended)
        .min()
        .unwrap_or(u128::MAX);
    if of(Act::Use, Outcome::Done).any(|event| event.began > first_refused) {
        return Err("it worked after it was refused");
    }
    Ok(())
}

fn event(act: Act, began: u128, ended: u128, outcome: Outcome) -> Event {
    Event {
        act,
        began,
        ended,
        outcome,
    }
}

#[test]
fn histories_of_one_key_pass() {
    use Outcome::{Done, Refused, Unknown};
    let life = [
        event(Act::Create, 0, 10, Done),
        event(Act::Use, 11, 12, Done),
        event(Act::Revoke, 13, 20, Done),
        // At the same time as the revocation, either may be.
        event(Act::Use, 12, 15, Done),
        event(Act::Use, 16, 19, Refused),
        event(Act::Use, 21, 22, Refused),
    ];
    assert_eq!(check(&life), Ok(()));
    let lost_revocation = [
        event(Act::Create, 0, 10, Done),
        event(Act::Revoke, 11, 12, Unknown),
        event(Act::Use, 13, 14, Done),
        event(Act::Use, 15, 16, Refused),
    ];
    assert_eq!(check(&lost_revocation), Ok(()));
}

#[test]
fn histories_that_no_key_can_have_are_found() {
    use Outcome::{Done, Refused, Unknown};
    let made = event(Act::Create, 0, 10, Done);
    for (why, rest) in [
        (
            "it worked after its revocation was answered",
            vec![event(Act::Revoke, 11, 12, Done), event(Act::Use, 13, 14, Done)],
        ),
        (
            "it was refused before anybody revoked it",
            vec![event(Act::Use, 11, 12, Refused), event(Act::Revoke, 13, 14, Done)],
        ),
        (
            "it was refused before anybody revoked it",
            vec![event(Act::Use, 11, 12, Refused)],
        ),
        (
            "it worked after it was refused",
            vec![
                event(Act::Revoke, 11, 12, Unknown),
                event(Act::Use, 13, 14, Refused),
                event(Act::Use, 15, 16, Done),
            ],
        ),
    ] {
        let events: Vec<_> = std::iter::once(made).chain(rest).collect();
        assert_eq!(check(&events), Err(why));
    }
}
