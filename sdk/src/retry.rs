//! When a call is made once more, and how long it waits before.

mod budget;

use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBuilder};

pub(crate) use budget::{Budget, Cost};

/// How often a call is made once more, and after which waits.
///
/// What may be done twice is repeated after a failed or broken connection, a timeout and the statuses 408, 425, 429, 500, 502,
/// 503, 504 and 520 to 527 (Cloudflare's): reads, deletions, and the revokes that are a `POST`. Any other call, the making of a key above all, is
/// repeated only where nothing was done: if no connection could be made, or the vendor refused with a 429 and said how long
/// to wait.
///
/// The waits grow exponentially, each of them drawn between nothing and its full length. A `Retry-After` of the vendor, in
/// seconds or as a date, is waited out first, so that callers who were told the same do not all come back at once; one beyond
/// [`max_retry_after`](Self::max_retry_after) ends the call at once with the vendor's answer.
///
/// All clones of a client share a budget, which failures use up and successes fill again: while a vendor is down, calls are
/// made once each.
///
/// ```
/// use std::time::Duration;
/// use keyway::{Options, RetryPolicy};
///
/// let patient = RetryPolicy::new().max_attempts(5).max_retry_after(Duration::from_secs(120));
/// let options = Options::new().retry(patient);
/// # let _ = options;
/// ```
#[derive(Clone, Debug)]
pub struct RetryPolicy {
    backoff: ExponentialBuilder,
    max_retry_after: Duration,
    max_attempts: u32,
}

impl RetryPolicy {
    /// Three attempts, with waits up to half a second and up to one second between them, and a `Retry-After` of up to
    /// thirty seconds honoured.
    pub fn new() -> Self {
        Self {
            backoff: ExponentialBuilder::new()
                .with_min_delay(Duration::from_millis(500))
                .with_max_delay(Duration::from_secs(20)),
            max_retry_after: Duration::from_secs(30),
            max_attempts: 3,
        }
    }

    /// One attempt. A credential that a provider renews after a 401 is still tried.
    pub fn off() -> Self {
        Self::new().max_attempts(1)
    }

    /// How many requests a call may come to, the first one included; zero means one.
    #[must_use]
    pub fn max_attempts(self, attempts: u32) -> Self {
        Self {
            max_attempts: attempts.max(1),
            ..self
        }
    }

    /// The longest that the first wait may be. It doubles with every further one.
    #[must_use]
    pub fn base_delay(self, delay: Duration) -> Self {
        Self {
            backoff: self.backoff.with_min_delay(delay),
            ..self
        }
    }

    /// The longest that any wait may be that the vendor does not ask for.
    #[must_use]
    pub fn max_delay(self, delay: Duration) -> Self {
        Self {
            backoff: self.backoff.with_max_delay(delay),
            ..self
        }
    }

    /// The longest wait that the vendor may ask for.
    #[must_use]
    pub fn max_retry_after(self, wait: Duration) -> Self {
        Self {
            max_retry_after: wait,
            ..self
        }
    }

    /// The waits of one call; when there is none left, its attempts are used up.
    pub(crate) fn waits(&self) -> impl Iterator<Item = Duration> + use<> {
        let repeats = self.max_attempts.saturating_sub(1);
        let backoff = self.backoff.with_max_times(repeats as usize).build();
        backoff.map(|delay| delay.mul_f64(fastrand::f64()))
    }

    /// How long to wait where `wait` was drawn and the vendor asks for `asked`; `None` if that is too long. What was drawn is
    /// added, so that callers who were all told the same do not all come back at once.
    pub(crate) fn stretched(&self, wait: Duration, asked: Option<Duration>) -> Option<Duration> {
        match asked {
            Some(asked) if asked > self.max_retry_after => None,
            Some(asked) => Some(asked.saturating_add(wait)),
            None => Some(wait),
        }
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_waits_are_as_many_as_the_repeats_and_none_is_longer_than_its_bound() {
        let policy = RetryPolicy::new()
            .max_attempts(6)
            .max_delay(Duration::from_secs(3));
        let bounds = [500, 1000, 2000, 3000, 3000].map(Duration::from_millis);
        for _ in 0..100 {
            let waits: Vec<_> = policy.waits().collect();
            assert_eq!(waits.len(), bounds.len());
            for (wait, bound) in waits.iter().zip(bounds) {
                assert!(*wait <= bound, "{waits:?}");
            }
        }
        assert_eq!(RetryPolicy::off().waits().count(), 0);
        assert_eq!(RetryPolicy::new().max_attempts(0).waits().count(), 0);
    }

    #[test]
    fn the_waits_of_two_calls_differ_and_use_the_whole_width() {
        let policy = RetryPolicy::new().max_attempts(2);
        let mut waits: Vec<_> = (0..200).filter_map(|_| policy.waits().next()).collect();
        waits.sort();
        waits.dedup();
        assert!(waits.len() > 100, "{}", waits.len());
        assert!(waits[0] < Duration::from_millis(50), "{:?}", waits[0]);
        assert!(waits[waits.len() - 1] > Duration::from_millis(450));
    }

    #[test]
    fn a_vendor_that_asks_for_more_is_heard_up_to_a_limit() {
        let policy = RetryPolicy::new().max_retry_after(Duration::from_secs(10));
        let second = Duration::from_secs(1);
        assert_eq!(policy.stretched(second, None), Some(second));
        assert_eq!(policy.stretched(second, Some(Duration::ZERO)), Some(second));
        assert_eq!(policy.stretched(second, Some(5 * second)), Some(6 * second));
        assert_eq!(policy.stretched(second, Some(11 * second)), None);
    }
}
