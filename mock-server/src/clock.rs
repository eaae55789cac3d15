//! The time as the mock sees it: the system's, shifted by hand.
//!
//! Expiry is tested by turning the clock, not by waiting.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// A handle on the mock's clock; clones turn the same clock.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    offset_ms: Arc<AtomicI64>,
}

impl Clock {
    /// The mock's present, in whole milliseconds.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let system = Timestamp::now().as_millisecond();
        let shifted = system.saturating_add(self.offset_ms.load(Ordering::SeqCst));
        Timestamp::from_millisecond(shifted).unwrap_or(Timestamp::MAX)
    }

    /// Turns the clock forward; what was to expire in that time has expired.
    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        // `fetch_update` rather than `fetch_add`: an absurd step saturates instead of wrapping into the past.
        let _ = self
            .offset_ms
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |now| {
                Some(now.saturating_add(by))
            });
    }

    /// Sets the clock to an instant, from which it goes on running.
    pub fn set(&self, instant: Timestamp) {
        let offset = instant.as_millisecond() - Timestamp::now().as_millisecond();
        self.offset_ms.store(offset, Ordering::SeqCst);
    }

    /// How far the clock stands from the system's.
    #[must_use]
    pub fn offset(&self) -> SignedDuration {
        SignedDuration::from_millis(self.offset_ms.load(Ordering::SeqCst))
    }

    /// Puts the clock back to the system's time.
    pub fn reset(&self) {
        self.offset_ms.store(0, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn an_absurd_step_does_not_wrap_into_the_past() {
        let clock = Clock::default();
        clock.advance(Duration::MAX);
        clock.advance(Duration::MAX);
        assert!(clock.now() > Timestamp::now());
    }
}
