//! The time as a world sees it: the system's, shifted or stopped by hand.
//!
//! Expiry is tested by turning the clock, not by waiting.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;

/// The end of the calendar, in whole seconds. RFC 3339 can write a day and some hours more.
const LATEST: i64 = 253_402_207_200;

/// The end of the calendar.
pub(crate) fn latest() -> Timestamp {
    Timestamp::from_second(LATEST).unwrap_or(Timestamp::MAX)
}

/// A time as RFC 3339 writes it; none of years that it cannot write, into which an offset may lead from one that it can.
pub(crate) fn read(text: &str) -> Option<Timestamp> {
    let at: Timestamp = text.parse().ok()?;
    (at.as_second() >= YEAR_NOUGHT).then_some(at)
}

/// The first second of the year 0000, from the Unix epoch.
const YEAR_NOUGHT: i64 = -62_167_219_200;

/// Whether a time that is well written, and yet could not be read, lies beyond the end of the calendar.
pub(crate) fn is_beyond(text: &str) -> bool {
    text.starts_with("9999-12-3")
}

/// A handle on a clock; clones turn the same clock.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    hands: Arc<Mutex<Hands>>,
}

/// Milliseconds, as everywhere in the mock.
#[derive(Clone, Copy, Debug)]
enum Hands {
    /// The system's time and so much more, or less.
    Running { offset: i64 },
    /// This instant, until somebody moves on.
    Frozen { at: i64 },
}

impl Default for Hands {
    fn default() -> Self {
        Self::Running { offset: 0 }
    }
}

/// 0001-01-01T00:00:00Z. What is earlier cannot be written as vendors write instants (RFC 3339, 5.6), and not every
/// reader knows a year 0; the last instant that there is, is still within the year 9999.
const FIRST: i64 = -62_135_596_800_000;

impl Hands {
    fn now(self) -> i64 {
        match self {
            Self::Running { offset } => system().saturating_add(offset),
            Self::Frozen { at } => at,
        }
    }
}

fn system() -> i64 {
    Timestamp::now().as_millisecond()
}

impl Clock {
    /// The present, in whole milliseconds; no earlier than the year 1.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let now = self.hands.lock().now().max(FIRST);
        Timestamp::from_millisecond(now).unwrap_or(Timestamp::MAX)
    }

    /// Turns the clock forward, running or frozen; what was to expire in that time has expired.
    pub fn advance(&self, by: Duration) {
        // An absurd step saturates; it must not wrap into the past.
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        let mut hands = self.hands.lock();
        match &mut *hands {
            Hands::Running { offset: at } | Hands::Frozen { at } => *at = at.saturating_add(by),
        }
    }

    /// Sets the clock to an instant, from which it goes on running, or at which it stays frozen.
    pub fn set(&self, instant: Timestamp) {
        let instant = instant.as_millisecond();
        let mut hands = self.hands.lock();
        *hands = match *hands {
            Hands::Running { .. } => Hands::Running {
                offset: instant.saturating_sub(system()),
            },
            Hands::Frozen { .. } => Hands::Frozen { at: instant },
        };
    }

    /// Stops the clock where it stands.
    pub fn freeze(&self) {
        let mut hands = self.hands.lock();
        *hands = Hands::Frozen { at: hands.now() };
    }

    /// Lets a stopped clock run on from where it stands.
    pub fn thaw(&self) {
        let mut hands = self.hands.lock();
        *hands = Hands::Running {
            offset: hands.now().saturating_sub(system()),
        };
    }

    /// Whether the clock is stopped.
    #[must_use]
    pub fn is_frozen(&self) -> bool {
        matches!(*self.hands.lock(), Hands::Frozen { .. })
    }

    /// How far the clock stands from the system's.
    #[must_use]
    pub fn offset(&self) -> SignedDuration {
        SignedDuration::from_millis(self.hands.lock().now().saturating_sub(system()))
    }

    /// Puts the clock back to the system's time, and lets it run.
    pub fn reset(&self) {
        *self.hands.lock() = Hands::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_instant_that_it_shows_can_be_written_as_rfc_3339_has_it() {
        let clock = Clock::default();
        clock.freeze();
        for (set, shown) in [
            (Timestamp::MIN, "0001-01-01T00:00:00Z"),
            (Timestamp::MAX, "9999-12-30T22:00:00.999999999Z"),
        ] {
            clock.set(set);
            assert_eq!(clock.now().to_string(), shown);
        }
    }

    #[test]
    fn advancing_moves_now_and_every_clone_sees_it() {
        let clock = Clock::default();
        let before = clock.now();
        clock.clone().advance(Duration::from_secs(3600));
        let moved = clock.now().duration_since(before);
        assert!(moved >= SignedDuration::from_secs(3600), "{moved:?}");
        clock.reset();
        assert!(clock.now().duration_since(before) < SignedDuration::from_secs(60));
    }

    #[test]
    fn the_calendar_ends_where_it_can_be_read_no_further() {
        assert_eq!(latest().to_string(), "9999-12-30T22:00:00Z");
        assert!("9999-12-30T22:00:01Z".parse::<Timestamp>().is_err());
        assert!(is_beyond("9999-12-30T22:00:01Z") && is_beyond("9999-12-31T23:59:59Z"));
    }

    #[test]
    fn no_time_is_read_that_cannot_be_written() {
        assert_eq!(
            read("0000-01-01T00:00:00Z").map(|at| at.to_string()).as_deref(),
            Some("0000-01-01T00:00:00Z")
        );
        assert_eq!(read("0000-01-01T00:00:00+00:01"), None);
        assert_eq!(read("soon"), None);
    }

    #[test]
    fn an_absurd_step_does_not_wrap_into_the_past() {
        let clock = Clock::default();
        clock.advance(Duration::MAX);
        clock.advance(Duration::MAX);
        assert!(clock.now() > Timestamp::now());
    }

    #[test]
    fn a_frozen_clock_stands_still_until_it_is_moved_or_thawed() {
        let clock = Clock::default();
        clock.freeze();
        let stopped = clock.now();
        std::thread::sleep(Duration::from_millis(5));
        assert_eq!(clock.now(), stopped);
        clock.advance(Duration::from_secs(1));
        assert_eq!(clock.now().duration_since(stopped), SignedDuration::from_secs(1));
        clock.thaw();
        std::thread::sleep(Duration::from_millis(5));
        assert!(clock.now().duration_since(stopped) > SignedDuration::from_secs(1));
    }
}
