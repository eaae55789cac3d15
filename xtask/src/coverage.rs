//! `cargo xtask coverage`: what the suite asks of whom, as a page that is committed.
//!
//! The workshop depends on no other room, so the suite's own binary makes the page, and is asked for it here.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::output::Output;

/// Where the page is kept.
const PAGE: &str = "conformance/COVERAGE.md";

/// Writes the page, or says whether it is out of step.
pub fn run(root: &Path, output: Output) -> Result<Vec<String>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let made = Command::new(cargo)
        .args([
            "run",
            "--quiet",
            "--package",
            "keyway-conformance",
            "--",
            "coverage",
        ])
        .current_dir(root)
        .output()
        .context("run keyway-conformance")?;
    if !made.status.success() {
        bail!(
            "keyway-conformance coverage: {}",
            String::from_utf8_lossy(&made.stderr).trim()
        );
    }
    let page = String::from_utf8(made.stdout).context("the page is not text")?;
    compare_or_write(root, &page, output)
}

/// What is out of step after a page was made.
pub fn compare_or_write(root: &Path, page: &str, output: Output) -> Result<Vec<String>> {
    let path = root.join(PAGE);
    match output {
        Output::Write => {
            std::fs::write(&path, page).with_context(|| format!("write {PAGE}"))?;
            Ok(vec![])
        }
        Output::Check => {
            let kept = std::fs::read_to_string(&path).unwrap_or_default();
            Ok(match kept == page {
                true => vec![],
                false => vec![format!("{PAGE} differs; run `cargo xtask coverage`")],
            })
        }
    }
}
