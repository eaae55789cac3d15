//! Whether a server that runs in the test's own process has panicked.

use std::panic;
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::runtime::{Builder, Runtime};

/// The name of the threads that serve; on those of a test a panic is how it fails.
const SERVING: &str = "hostile-server";

static SEEN: AtomicUsize = AtomicUsize::new(0);

/// A runtime whose panics are counted: a task that panics takes its connection with it and nothing else.
pub(super) fn watched() -> Runtime {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |told| {
            if std::thread::current().name() == Some(SERVING) {
                SEEN.fetch_add(1, Ordering::SeqCst);
            }
            before(told);
        }));
    });
    Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name(SERVING)
        .enable_all()
        .build()
        .expect("a runtime")
}

/// How often a server has panicked.
pub(super) fn seen() -> usize {
    SEEN.load(Ordering::SeqCst)
}
