//! The runtime of the blocking clients, and how a thread waits for a call on it.

use std::{
    pin::pin,
    sync::{Arc, Mutex, PoisonError, Weak},
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
};

use tokio::{
    runtime::{Builder, Handle, Runtime},
    task::coop,
};

use crate::{ConfigError, Error, error::InsideRuntime};

/// More than any runtime lets a task do before it has to give way.
const MORE_THAN_ANY_BUDGET: usize = 1_000;

/// The runtime of all blocking clients there are.
///
/// It has a thread of its own, so that a connection that a server closes between two calls is seen to be closed. And it is
/// one for all, so that clients over one [`reqwest::Client`] may take up each other's connections: who reads from a
/// connection belongs to the runtime that it was made in.
#[derive(Clone, Debug)]
pub(super) struct Host(Arc<Quiet>);

/// A runtime that may be dropped anywhere: a plain one waits for its threads, and may not do so inside of another.
#[derive(Debug)]
struct Quiet(Option<Runtime>);

impl Drop for Quiet {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// The host that there is, and the process that has made it; none before the first client and after the last. A process that
/// forks does not hand its threads down, so that the child needs a host of its own.
static PRESENT: Mutex<(u32, Weak<Quiet>)> = Mutex::new((0, Weak::new()));

impl Host {
    /// The present host, or a new one.
    pub(super) fn present() -> Result<Self, ConfigError> {
        let mut present = PRESENT.lock().unwrap_or_else(PoisonError::into_inner);
        let process = std::process::id();
        if let (maker, quiet) = &*present
            && *maker == process
            && let Some(quiet) = quiet.upgrade()
        {
            return Ok(Self(quiet));
        }
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(1).thread_name("keyway").enable_all();
        let runtime = builder.build().map_err(ConfigError::Runtime)?;
        let quiet = Arc::new(Quiet(Some(runtime)));
        *present = (process, Arc::downgrade(&quiet));
        Ok(Self(quiet))
    }

    /// Waits for a call, unless that would hold up a runtime.
    pub(super) fn wait<T, E>(&self, call: impl Future<Output = Result<T, Error<E>>>) -> Result<T, Error<E>> {
        self.block_on(call)
            .unwrap_or(Err(Error::InsideRuntime(InsideRuntime)))
    }

    /// Waits for a future, unless that would hold up a runtime.
    ///
    /// The future is not polled as a task: that would need it to own all it refers to. Nor by the runtime's own `block_on`,
    /// which panics wherever it finds itself inside of another runtime.
    pub(super) fn block_on<T>(&self, future: impl Future<Output = T>) -> Result<T, InsideRuntime> {
        match &self.0.0 {
            Some(runtime) if !is_task() => {
                let _entered = runtime.enter();
                Ok(park_until(future))
            }
            _ => Err(InsideRuntime),
        }
    }
}

/// Whether this runs inside of a runtime's task, so that to wait here is to hold up the others.
///
/// A task is told apart by its budget: whatever waits in one has to give way after so many steps. `spawn_blocking` and
/// `block_in_place` are inside of a runtime too, and there is no such bound, since they are for waiting.
fn is_task() -> bool {
    if Handle::try_current().is_err() {
        return false;
    }
    let mut nobody = Context::from_waker(Waker::noop());
    // To drop the first step gives back what all of them took.
    let Poll::Ready(_first) = coop::poll_proceed(&mut nobody) else {
        return true;
    };
    (0..MORE_THAN_ANY_BUDGET).any(|_| match coop::poll_proceed(&mut nobody) {
        Poll::Ready(step) => {
            step.made_progress();
            false
        }
        Poll::Pending => true,
    })
}

/// Polls a future on this thread, which sleeps in between.
fn park_until<T>(future: impl Future<Output = T>) -> T {
    let waker = Waker::from(Arc::new(Parked(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
        thread::park();
    }
}

struct Parked(Thread);

impl Wake for Parked {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.unpark();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many steps a task has left, as long as they are fewer than any budget.
    fn steps_left() -> usize {
        let mut nobody = Context::from_waker(Waker::noop());
        let Poll::Ready(_first) = coop::poll_proceed(&mut nobody) else {
            return 0;
        };
        let taken = (1..MORE_THAN_ANY_BUDGET).take_while(|_| match coop::poll_proceed(&mut nobody) {
            Poll::Ready(step) => {
                step.made_progress();
                true
            }
            Poll::Pending => false,
        });
        1 + taken.count()
    }

    #[tokio::test]
    async fn to_look_costs_a_task_nothing() {
        let before = steps_left();
        assert!(before < MORE_THAN_ANY_BUDGET);
        assert!(is_task());
        assert_eq!(steps_left(), before);
    }

    #[tokio::test]
    async fn a_task_without_a_single_step_left_is_one() {
        let mut nobody = Context::from_waker(Waker::noop());
        while let Poll::Ready(step) = coop::poll_proceed(&mut nobody) {
            step.made_progress();
        }
        assert!(is_task());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn places_for_waiting_are_no_tasks() {
        assert!(is_task());
        assert!(!tokio::task::block_in_place(is_task));
        assert!(!tokio::task::spawn_blocking(is_task).await.unwrap());
        assert!(tokio::spawn(async { is_task() }).await.unwrap());
        assert!(!thread::spawn(is_task).join().unwrap());
    }

    #[test]
    fn all_there_are_share_one_runtime() {
        let one = Host::present().unwrap();
        let other = Host::present().unwrap();
        assert!(Arc::ptr_eq(&one.0, &other.0));
    }
}
