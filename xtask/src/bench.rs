//! Builds what is measured, and what measures it, and lets that one speak.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};

/// What has to be there before anything can be measured.
const BUILT: [&str; 7] = [
    "build",
    "--release",
    "--locked",
    "-p",
    "keyway-mock",
    "-p",
    "keyway-bench",
];

/// Builds the release binaries and runs `keyway-bench` with the arguments. A goal that is missed is no problem to report:
/// the table says so, and another machine may say otherwise.
///
/// # Errors
///
/// If the binaries cannot be built, or what is measured does not answer as it should.
pub fn run(root: &Path, arguments: &[OsString]) -> anyhow::Result<Vec<String>> {
    let built = cargo(root).args(BUILT).status().context("cannot run cargo")?;
    ensure!(built.success(), "the release binaries cannot be built");
    let measured = cargo(root)
        .args([
            "run",
            "--release",
            "--locked",
            "--quiet",
            "-p",
            "keyway-bench",
            "--",
        ])
        .args(arguments)
        .status()
        .context("cannot run cargo")?;
    ensure!(measured.success(), "the measuring program failed");
    Ok(vec![])
}

fn cargo(root: &Path) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root);
    cargo
}
