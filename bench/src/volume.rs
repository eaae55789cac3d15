//! What many keys cost: memory for each, speed with all of them there, and whether answering makes the mock grow.

use std::path::Path;

use anyhow::Context as _;

use crate::load;
use crate::measure::{Goal, Line, Plan, Spread, Unit, mock_of, tell};
use crate::server::Server;
use crate::traffic::{Operation, Traffic};

/// How many keys are few.
const FEW: usize = 1_000;
/// How many requests fill what is filled once: the journal's ring, the pools of connections and of memory.
const WARM_UP: usize = 20_000;
/// How many requests are sent between two looks at the clock.
const TURN: usize = 100_000;

/// The lines of one vendor.
pub(crate) fn lines(plan: &Plan, mock: &Path, vendor: &'static str) -> anyhow::Result<Vec<Line>> {
    let (keys, requests) = (plan.keys as usize, plan.requests as usize);
    let full = Warm::start(plan, mock, vendor)?;
    let before = full.resident()?;
    full.send(plan, Operation::Create, keys, "keys made")?;
    let with_keys = full.resident()?;
    let mut lines = vec![Line {
        what: format!("{vendor}: memory of a key"),
        found: Spread::of(vec![(with_keys - before) / keys as f64]),
        unit: Unit::BytesPerKey,
        goal: Goal::AtMost(400.0),
        absolute: format!("{:.0} MB with {keys} keys", with_keys / 1e6),
    }];
    for operation in Operation::ALL {
        lines.push(beside_few(plan, mock, vendor, &full, operation)?);
    }
    // The journal's ring is full of revocations, which are shorter.
    full.send(plan, Operation::Read, WARM_UP, "requests answered")?;
    let before = full.resident()?;
    full.send(plan, Operation::Read, requests, "requests answered")?;
    lines.push(Line {
        what: format!("{vendor}: growth over {requests} requests"),
        found: Spread::of(vec![(full.resident()? - before) / 1e6]),
        unit: Unit::Megabytes,
        goal: Goal::AtMost(1.0),
        absolute: format!("{:.0} MB before", before / 1e6),
    });
    tell("");
    Ok(lines)
}

/// The speed with all keys there beside that of a mock with few, in turns.
fn beside_few(
    plan: &Plan,
    mock: &Path,
    vendor: &'static str,
    full: &Warm,
    operation: Operation,
) -> anyhow::Result<Line> {
    let mut ratios = Vec::new();
    let mut speeds = (0.0, 0.0);
    for round in 0..plan.rounds {
        // What is measured makes keys as well, so that the one with few is a new one every time.
        let few = Warm::start(plan, mock, vendor)?;
        let what = format!("{vendor} {}, round {}", operation.name(), round + 1);
        let total = {
            let trial = full.send(plan, operation, FEW, &what)?;
            (trial * plan.seconds).ceil() as usize
        };
        speeds = if round % 2 == 0 {
            let many = full.send(plan, operation, total, &what)?;
            (many, few.send(plan, operation, total, &what)?)
        } else {
            let few = few.send(plan, operation, total, &what)?;
            (full.send(plan, operation, total, &what)?, few)
        };
        ratios.push(speeds.0 / speeds.1);
    }
    Ok(Line {
        what: format!(
            "{vendor} {} with {} keys: requests per second",
            operation.name(),
            plan.keys
        ),
        found: Spread::of(ratios),
        unit: Unit::OfFewKeys,
        goal: Goal::AtLeast(0.95),
        absolute: format!("{:.0} beside {:.0}", speeds.0, speeds.1),
    })
}

/// A mock that has few keys and has answered for a while.
struct Warm {
    server: Server,
    traffic: Traffic,
    /// The status of each operation's answer.
    statuses: [u16; Operation::ALL.len()],
}

impl Warm {
    fn start(plan: &Plan, mock: &Path, vendor: &'static str) -> anyhow::Result<Self> {
        let server = mock_of(mock, vendor)?;
        let traffic = Traffic::with(vendor, &server.said)?;
        let mut statuses = [0; Operation::ALL.len()];
        for (status, operation) in statuses.iter_mut().zip(Operation::ALL) {
            *status = traffic.canned(operation)?.status;
        }
        let warm = Self {
            server,
            traffic,
            statuses,
        };
        warm.send(plan, Operation::Create, FEW, "few keys made")?;
        warm.send(plan, Operation::Read, WARM_UP, "requests answered")?;
        Ok(warm)
    }

    /// Sends so many, and returns how many were answered in a second.
    fn send(&self, plan: &Plan, operation: Operation, total: usize, what: &str) -> anyhow::Result<f64> {
        let place = Operation::ALL
            .into_iter()
            .position(|one| one == operation)
            .unwrap_or_default();
        let (mut sent, mut seconds) = (0, 0.0);
        while sent < total {
            let now = TURN.min(total - sent);
            let asked = self.traffic.asked(operation, now)?;
            let sample = load::send(
                self.server.address(),
                &asked,
                now,
                plan.connections,
                self.statuses[place],
            )?;
            seconds += now as f64 / sample.requests_per_second;
            sent += now;
            tell(&format!("{what}: {sent} of {total}"));
        }
        Ok(total as f64 / seconds)
    }

    fn resident(&self) -> anyhow::Result<f64> {
        let bytes = self
            .server
            .resident()
            .context("this system does not tell how much memory a process has")?;
        Ok(bytes as f64)
    }
}
