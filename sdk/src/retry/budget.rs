//! The budget for repeats that all clones of a client share, so that an outage is not multiplied by them.
//!
//! A token bucket with the numbers of the AWS SDKs (their "standard" retry mode): a repeat costs five tokens, or ten after a
//! timeout; the success of a repeat gives back what it cost, any other success one token.

use std::sync::{Mutex, PoisonError};

const CAPACITY: u32 = 500;
const REPEAT: Cost = Cost(5);
const REPEAT_AFTER_TIMEOUT: Cost = Cost(10);
const REWARD: Cost = Cost(1);

/// What a repeat costs, in tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cost(u32);

impl Cost {
    pub(crate) fn after_timeout() -> Self {
        REPEAT_AFTER_TIMEOUT
    }

    pub(crate) fn usual() -> Self {
        REPEAT
    }
}

#[derive(Debug)]
pub(crate) struct Budget(Mutex<u32>);

impl Budget {
    pub(crate) fn full() -> Self {
        Self(Mutex::new(CAPACITY))
    }

    /// Takes what a repeat costs, if it is there.
    pub(crate) fn spend(&self, cost: Cost) -> bool {
        self.change(|tokens| tokens.checked_sub(cost.0)).is_some()
    }

    /// Pays for a success: what its last repeat cost, or the reward of one that needed none.
    pub(crate) fn pay(&self, last_repeat: Option<Cost>) {
        let Cost(tokens) = last_repeat.unwrap_or(REWARD);
        self.change(|held| Some(held.saturating_add(tokens).min(CAPACITY)));
    }

    fn change(&self, change: impl FnOnce(u32) -> Option<u32>) -> Option<()> {
        // The number is replaced as a whole, so a panic elsewhere cannot have left half of one.
        let mut tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *tokens = change(*tokens)?;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_repeats_use_it_up_and_successes_fill_it_again() {
        let budget = Budget::full();
        assert_eq!((0..200).filter(|_| budget.spend(Cost::usual())).count(), 100);
        for _ in 0..4 {
            budget.pay(None);
        }
        assert!(!budget.spend(Cost::usual()));
        budget.pay(None);
        assert!(budget.spend(Cost::usual()));
        budget.pay(Some(Cost::after_timeout()));
        assert!(budget.spend(Cost::after_timeout()));
        assert!(!budget.spend(Cost::usual()));
    }

    #[test]
    fn it_holds_no_more_than_it_was_given() {
        let budget = Budget::full();
        budget.pay(Some(Cost::after_timeout()));
        assert_eq!((0..200).filter(|_| budget.spend(Cost::usual())).count(), 100);
    }
}
