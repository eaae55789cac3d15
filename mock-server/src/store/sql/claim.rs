//! A file for one server at a time, and for its owner's eyes.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

/// How long a server that is ending is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// The right to a file, which ends with this, or with the process, however that ends.
#[derive(Debug)]
pub(super) struct Claim(#[expect(dead_code, reason = "it is kept, not read")] File);

impl Claim {
    /// Makes the file, if it is not there, and keeps other servers from it.
    pub(super) async fn to(file: &Path) -> Result<Self, String> {
        // Opening a pipe would wait for somebody at its other end.
        if fs::metadata(file).is_ok_and(|found| !found.is_file()) {
            return Err("there is something that is no file; give the path of a file".to_owned());
        }
        create(file)?;
        // Beside the file itself, whatever links lead to it.
        let found = fs::canonicalize(file).map_err(|error| format!("the file cannot be found: {error}"))?;
        let mut beside = found.into_os_string();
        beside.push("-lock");
        let beside = Path::new(&beside);
        if fs::metadata(beside).is_ok_and(|found| !found.is_file()) {
            return Err("what is beside it, named with `-lock`, is no file; take that away".to_owned());
        }
        let lock = create(beside)?;
        let begun = Instant::now();
        loop {
            match lock.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if begun.elapsed() < PATIENCE => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(
                        "another server has it open; what several servers share is in postgres://".to_owned(),
                    );
                }
                Err(TryLockError::Error(error)) => return Err(format!("the file cannot be locked: {error}")),
            }
        }
        Ok(Self(lock))
    }
}

/// Makes the file, if it is not there, for its owner alone: who reads it learns who has which keys.
fn create(file: &Path) -> Result<File, String> {
    let mut options = fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => "there is no such folder; make it first".to_owned(),
        io::ErrorKind::PermissionDenied => {
            "the file may not be written; look at its owner and mode".to_owned()
        }
        _ => format!("the file cannot be written: {error}"),
    })
}
