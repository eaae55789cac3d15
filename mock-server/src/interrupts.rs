//! Signals: requests to end, an interrupt from the keyboard or a supervisor's SIGTERM; and one that is to end nothing.

use std::io;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// What the system says to a program whose file has reached the limit that `ulimit -f` sets (SIGXFSZ). It has this number
/// wherever Rust's own library runs but on MIPS.
#[cfg(unix)]
const FILE_SIZE: i32 = 25;

/// The requests that have come since this was made. It is made before anybody is told that the server is there: who
/// is told may ask at once, and a signal that nobody listens for kills in the middle of things.
#[derive(Debug)]
pub(crate) struct Interrupts {
    #[cfg(unix)]
    interrupt: Signal,
    #[cfg(unix)]
    terminate: Signal,
    /// Heard and passed over: it would end the server, whose write fails in any case, as on a full disk.
    #[cfg(unix)]
    _file_size: Signal,
}

impl Interrupts {
    /// Listens from now on.
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self {
            #[cfg(unix)]
            interrupt: signal(SignalKind::interrupt())?,
            #[cfg(unix)]
            terminate: signal(SignalKind::terminate())?,
            #[cfg(unix)]
            _file_size: signal(SignalKind::from_raw(FILE_SIZE))?,
        })
    }

    /// Returns at the next request.
    #[cfg(unix)]
    pub(crate) async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }

    /// Returns at the next request.
    #[cfg(not(unix))]
    pub(crate) async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
