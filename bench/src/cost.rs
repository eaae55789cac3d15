//! What a call of the SDK costs beside the same call written by hand, in instructions where valgrind can count them.
//!
//! A process makes some calls, then another makes more of the same; what the second needs more is what the calls need, and
//! the start of a process and its first connection are in neither figure.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, ensure};

use crate::call::{Client, Operation};
use crate::measure::{Goal, Line, Plan, Spread, Unit, floor_of, mock_of, tell};
use crate::traffic::{self, Traffic};

/// How many rounds are counted at most: figures of two rounds differ in the third place.
const ROUNDS: usize = 3;

/// How a process is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scale {
    Instructions,
    /// Where there is no valgrind.
    Time,
}

impl Scale {
    fn of_this_machine() -> Self {
        let found = Command::new("valgrind")
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if found.is_ok_and(|status| status.success()) {
            return Self::Instructions;
        }
        eprintln!(
            "valgrind is not installed, so calls of the SDK are compared by time and not by instructions"
        );
        Self::Time
    }

    /// How many calls the shorter and the longer run make.
    fn runs(self) -> (usize, usize) {
        match self {
            Self::Instructions => (100, 600),
            Self::Time => (2_000, 12_000),
        }
    }

    /// What a process with these arguments needs: instructions, or nanoseconds.
    fn weigh(self, arguments: &[String]) -> anyhow::Result<f64> {
        let program = std::env::current_exe()?;
        match self {
            Self::Instructions => {
                let counts = tempfile::NamedTempFile::new()?;
                let mut valgrind = Command::new("valgrind");
                valgrind
                    .args(["--tool=callgrind", "--quiet"])
                    .arg(format!("--callgrind-out-file={}", counts.path().display()))
                    .arg(program)
                    .args(arguments);
                completes(&mut valgrind)?;
                counted_in(&std::fs::read_to_string(counts.path())?)
            }
            Self::Time => {
                let begun = Instant::now();
                completes(Command::new(program).args(arguments))?;
                Ok(begun.elapsed().as_secs_f64() * 1e9)
            }
        }
    }
}

fn completes(command: &mut Command) -> anyhow::Result<()> {
    let output = command.stdin(Stdio::null()).output()?;
    ensure!(
        output.status.success(),
        "the calls failed: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(())
}

/// The sum that callgrind writes into its file.
fn counted_in(file: &str) -> anyhow::Result<f64> {
    let sum = file.lines().find_map(|line| {
        line.strip_prefix("totals:")
            .or_else(|| line.strip_prefix("summary:"))
    });
    let sum = sum.context("callgrind wrote no sum")?;
    sum.trim().parse().context("callgrind's sum is no number")
}

/// The lines of the vendors that are asked for.
pub(crate) fn lines(plan: &Plan, mock: &Path) -> anyhow::Result<Vec<Line>> {
    let scale = Scale::of_this_machine();
    let mut lines = Vec::new();
    for vendor in plan.vendors() {
        let mock = mock_of(mock, vendor)?;
        let traffic = Traffic::with(vendor, &mock.said)?;
        let floor = floor_of(&[
            traffic.canned(traffic::Operation::Create)?,
            traffic.canned(traffic::Operation::Read)?,
        ])?;
        for (client, operation) in [
            (Client::Sdk, Operation::Create),
            (Client::Sdk, Operation::Read),
            (Client::Keys, Operation::Create),
        ] {
            let mut rounds = Vec::new();
            for round in 0..plan.rounds.min(ROUNDS) {
                tell(&format!(
                    "{vendor} {} by the SDK: round {}",
                    operation.name(),
                    round + 1
                ));
                let cost = |client| {
                    let calls = Calls {
                        client,
                        vendor,
                        operation,
                        base_url: format!("http://{}", floor.address()),
                        tenant: traffic.tenant(),
                    };
                    calls.cost_of_one(scale)
                };
                rounds.push((cost(client)?, cost(Client::Hand)?));
            }
            lines.push(compared(scale, &title(vendor, operation, client), &rounds));
        }
    }
    tell("");
    Ok(lines)
}

/// Calls of one kind.
struct Calls<'a> {
    client: Client,
    vendor: &'a str,
    operation: Operation,
    base_url: String,
    tenant: &'a str,
}

impl Calls<'_> {
    fn cost_of_one(&self, scale: Scale) -> anyhow::Result<f64> {
        let (few, many) = scale.runs();
        let more = scale.weigh(&self.arguments(many))? - scale.weigh(&self.arguments(few))?;
        Ok(more / (many - few) as f64)
    }

    fn arguments(&self, times: usize) -> Vec<String> {
        [
            "call",
            "--client",
            self.client.name(),
            "--vendor",
            self.vendor,
            "--operation",
            self.operation.name(),
            "--base-url",
            &self.base_url,
            "--tenant",
            self.tenant,
            "--times",
            &times.to_string(),
        ]
        .map(str::to_owned)
        .to_vec()
    }
}

fn title(vendor: &str, operation: Operation, client: Client) -> String {
    let by = match client {
        Client::Hand => "by hand",
        Client::Sdk => "by the SDK",
        Client::Keys => "by keyway::keys",
    };
    format!("{vendor} {} {by}", operation.name())
}

fn compared(scale: Scale, title: &str, rounds: &[(f64, f64)]) -> Line {
    let ratios = rounds.iter().map(|(ours, by_hand)| ours / by_hand).collect();
    let ours = Spread::of(rounds.iter().map(|(ours, _)| *ours).collect()).median;
    let by_hand = Spread::of(rounds.iter().map(|(_, by_hand)| *by_hand).collect()).median;
    let (what, absolute) = match scale {
        Scale::Instructions => (
            "instructions",
            format!("{:.1} k beside {:.1} k", ours / 1e3, by_hand / 1e3),
        ),
        Scale::Time => (
            "time",
            format!("{:.1} µs beside {:.1} µs", ours / 1e3, by_hand / 1e3),
        ),
    };
    Line {
        what: format!("{title}: {what}"),
        found: Spread::of(ratios),
        unit: Unit::OfHandWritten,
        goal: match scale {
            Scale::Instructions => Goal::AtMost(1.05),
            Scale::Time => Goal::Open,
        },
        absolute,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_found_in_the_file_of_callgrind() {
        let file = "version: 1\nevents: Ir\nfn=(1) main\n1 5\ntotals: 81234\n";
        assert_eq!(counted_in(file).unwrap(), 81234.0);
        assert!(counted_in("version: 1\n").is_err());
    }

    #[test]
    fn a_call_that_needs_more_than_a_twentieth_above_the_other_misses_the_goal() {
        let line = |ours| compared(Scale::Instructions, "b3os create", &[(ours, 100.0)]);
        assert!(line(105.0).is_met());
        assert!(!line(105.2).is_met());
        assert!(compared(Scale::Time, "b3os create", &[(200.0, 100.0)]).is_met());
    }
}
