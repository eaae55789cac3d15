//! Servers under measurement: processes of their own, which end with the value that stands for them.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::Context as _;
use serde_json::Value;

/// A server process. It is killed when this is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    /// What it said when it was ready.
    pub(crate) said: Value,
}

impl Server {
    /// Starts a program and waits for the line of JSON that says where it listens.
    pub(crate) fn start(program: &Path, arguments: &[&str]) -> anyhow::Result<Self> {
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let mut line = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        let said = serde_json::from_str(&line)
            .with_context(|| format!("{} did not say where it listens", program.display()))?;
        Ok(Self { child, said })
    }

    /// The address that it listens at.
    pub(crate) fn address(&self) -> &str {
        self.said["listen"].as_str().unwrap_or_default()
    }

    /// Resident memory in bytes; none where the system does not tell.
    pub(crate) fn resident(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kilobytes * 1024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
