//! Builds what is measured, and what measures it, and lets that one speak.

use std::env::consts::EXE_EXTENSION;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};

/// What has to be there before anything can be measured, by what is built at once. The suite is among them so that what is
/// below has been built already if the suite has.
const BUILT: [&[&str]; 2] = [
    &[
        "-p",
        "keyway-conformance",
        "-p",
        "keyway-mock",
        "-p",
        "keyway-bench",
    ],
    &["-p", "keyway-floor"],
];

/// Builds the release binaries and runs `keyway-bench` with the arguments. A goal that is missed is no problem to report:
/// the table says so, and another machine may say otherwise.
///
/// # Errors
///
/// If the binaries cannot be built, or what is measured does not answer as it should.
pub fn run(root: &Path, arguments: &[OsString]) -> anyhow::Result<Vec<String>> {
    for packages in BUILT {
        let built = cargo(root)
            .args(["build", "--release", "--locked"])
            .args(packages)
            .status()
            .context("cannot run cargo")?;
        ensure!(built.success(), "the release binaries cannot be built");
    }
    let measured = Command::new(
        target(root)?
            .join("release/keyway-bench")
            .with_extension(EXE_EXTENSION),
    )
    .current_dir(root)
    .args(arguments)
    .status()
    .context("cannot run keyway-bench")?;
    ensure!(measured.success(), "the measuring program failed");
    Ok(vec![])
}

/// Where cargo builds, wherever that was decided.
fn target(root: &Path) -> anyhow::Result<PathBuf> {
    let told = cargo(root)
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .output()
        .context("cannot run cargo")?;
    let told: serde_json::Value =
        serde_json::from_slice(&told.stdout).context("cargo does not say where it builds")?;
    let folder = told["target_directory"].as_str();
    Ok(folder.context("cargo does not say where it builds")?.into())
}

fn cargo(root: &Path) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root);
    cargo
}
