//! What ties the server to the process that started it: a word when it is ready, and an end when that one is gone.

use anyhow::bail;

use crate::settings::Parent;

/// A descriptor that whoever started us waits at.
#[derive(Debug)]
#[cfg(unix)]
pub(crate) struct Waiting(filedescriptor::FileDescriptor);

#[cfg(unix)]
impl Waiting {
    /// Takes a descriptor over. To be called before anything else opens one, so that the number can only be one that
    /// was inherited.
    pub(crate) fn at(number: u32) -> anyhow::Result<Self> {
        use filedescriptor::FileDescriptor;

        let number = match i32::try_from(number) {
            Ok(number) if number > 2 => number,
            _ => bail!("ready-fd is 3 or more; 0 to 2 are standard input, output and error"),
        };
        if FileDescriptor::dup(&number).is_err() {
            bail!("ready-fd: no file descriptor {number} was handed down");
        }
        Ok(Self(FileDescriptor::new(number)))
    }

    /// Says that requests are answered, and closes the descriptor, so that a reader sees its end. A pipe may be full
    /// and its reader slow, so nobody waits for this.
    pub(crate) fn tell(mut self) {
        use std::io::Write as _;

        std::thread::spawn(move || {
            // A server whose line nobody reads is still wanted.
            if let Err(error) = self.0.write_all(b"ready\n") {
                eprintln!("keyway-mock: ready-fd: nobody could be told that the server is ready: {error}");
            }
        });
    }
}

/// There is nothing to hand down.
#[derive(Debug)]
#[cfg(not(unix))]
pub(crate) struct Waiting;

#[cfg(not(unix))]
impl Waiting {
    pub(crate) fn at(_: u32) -> anyhow::Result<Self> {
        bail!("ready-fd is for Unix; wait for a line of --print json instead")
    }

    pub(crate) fn tell(self) {}
}

/// The process to end with.
///
/// It is looked for instead of waited for: the signal that Linux sends on a parent's death is sent when the *thread*
/// that started us ends, which in a runtime with many threads may be at any time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lifeline(Option<u32>);

impl Lifeline {
    /// Ties us to the parent. To be called early: a parent that has gone by then can be told only by its id, as
    /// whoever takes in its orphans is our parent then; init is known to be no parent unless it is named.
    pub(crate) fn to(parent: Parent) -> anyhow::Result<Self> {
        let wanted = match parent {
            Parent::Any(false) => return Ok(Self(None)),
            Parent::Any(true) => None,
            Parent::Process(id) => Some(id),
        };
        let Some(present) = present_parent() else {
            bail!("with-parent is for Unix");
        };
        match wanted {
            Some(id) if id != present => {
                bail!("with-parent: process {id} did not start this one, or is gone")
            }
            None if present <= 1 => {
                bail!(
                    "with-parent: the process that started this one is gone; if it is init, name it: --with-parent=1"
                )
            }
            _ => Ok(Self(Some(present))),
        }
    }

    /// Returns when the parent is gone.
    pub(crate) async fn torn(self) {
        let Some(parent) = self.0 else {
            return std::future::pending().await;
        };
        while present_parent() == Some(parent) {
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
    }
}

#[cfg(unix)]
fn present_parent() -> Option<u32> {
    Some(std::os::unix::process::parent_id())
}

#[cfg(not(unix))]
fn present_parent() -> Option<u32> {
    None
}
