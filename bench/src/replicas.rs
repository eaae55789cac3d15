//! Servers that share one database: what one does beside a server with its state in memory, and two and three beside one.

use std::path::Path;

use anyhow::Context as _;

use crate::load::{self, Asked};
use crate::measure::{Goal, Line, Plan, Spread, Unit, mock_of, tell};
use crate::server::Server;
use crate::traffic::{Operation, Traffic};

/// How many servers there are at most.
const MOST: usize = 3;
/// How many requests tell how many are to be sent.
const TRIAL: usize = 500;

/// Servers of one vendor with the same state.
struct Replicas {
    servers: Vec<Server>,
    /// To each of them.
    traffic: Vec<Traffic>,
}

/// One round.
struct Round {
    in_memory: Pace,
    /// Of one server, two, and three.
    shared: Vec<Pace>,
}

/// What servers do, and what the machine does meanwhile.
#[derive(Clone, Copy)]
struct Pace {
    requests_per_second: f64,
    /// The share of all processors that is busy, with whatever it is; unknown but on Linux.
    busy: f64,
}

const UNKNOWN: Pace = Pace {
    requests_per_second: f64::NAN,
    busy: f64::NAN,
};

impl Round {
    fn of(&self, servers: usize) -> Pace {
        self.shared.get(servers - 1).copied().unwrap_or(UNKNOWN)
    }
}

/// The lines of one vendor, whose state is in the database at this address.
pub(crate) fn lines(
    plan: &Plan,
    mock: &Path,
    vendor: &'static str,
    database: &str,
) -> anyhow::Result<Vec<Line>> {
    let alone = Replicas::of(vec![mock_of(mock, vendor)?], vendor)?;
    let mut shared = Vec::new();
    for count in 1..=MOST {
        let servers = (0..count).map(|_| with_store(mock, vendor, database));
        shared.push(Replicas::of(servers.collect::<anyhow::Result<_>>()?, vendor)?);
    }
    let mut lines = Vec::new();
    for operation in Operation::ALL {
        let mut rounds = Vec::new();
        for round in 0..plan.rounds {
            tell(&format!(
                "{vendor} {} by replicas: round {}",
                operation.name(),
                round + 1
            ));
            let in_memory = alone.speed(plan, operation)?;
            let shared = shared.iter().map(|replicas| replicas.speed(plan, operation));
            rounds.push(Round {
                in_memory,
                shared: shared.collect::<anyhow::Result<_>>()?,
            });
        }
        let spread = |of: &dyn Fn(&Round) -> f64| Spread::of(rounds.iter().map(of).collect());
        let line = |of: &str, found: Spread, unit: Unit, absolute: String| Line {
            what: format!("{vendor} {} {of}: requests per second", operation.name()),
            found,
            unit,
            goal: Goal::Open,
            absolute,
        };
        let speed = |servers: usize| spread(&|round| round.of(servers).requests_per_second).median;
        let busy = |servers: usize| match spread(&|round| round.of(servers).busy).median {
            share if share.is_nan() => String::new(),
            share => format!(", processors {:.0} % busy", share * 100.0),
        };
        let in_memory = spread(&|round| round.in_memory.requests_per_second).median;
        lines.push(line(
            "of one server with a database",
            spread(&|round| round.of(1).requests_per_second / round.in_memory.requests_per_second),
            Unit::OfMemory,
            format!("{:.0} beside {in_memory:.0}{}", speed(1), busy(1)),
        ));
        for count in 2..=MOST {
            lines.push(line(
                &format!("of {count} servers with one database"),
                spread(&|round| round.of(count).requests_per_second / round.of(1).requests_per_second),
                Unit::OfOneServer,
                format!("{:.0}{}", speed(count), busy(count)),
            ));
        }
    }
    tell("");
    Ok(lines)
}

fn with_store(mock: &Path, vendor: &str, database: &str) -> anyhow::Result<Server> {
    let listen = ["--listen", "127.0.0.1:0", "--print", "json"];
    let served = [
        ["serve", "--vendor", vendor, "--store", database].as_slice(),
        &listen,
    ]
    .concat();
    Server::start(mock, &served)
}

impl Replicas {
    fn of(servers: Vec<Server>, vendor: &'static str) -> anyhow::Result<Self> {
        let traffic = servers.iter().map(|server| Traffic::with(vendor, &server.said));
        Ok(Self {
            traffic: traffic.collect::<anyhow::Result<_>>()?,
            servers,
        })
    }

    /// How many requests all of them answer in a second, asked at the same time by as many connections as one would be.
    fn speed(&self, plan: &Plan, operation: Operation) -> anyhow::Result<Pace> {
        let first = self.traffic.first().context("there is no server")?;
        let status = first.canned(operation)?.status;
        let each = (plan.connections / self.servers.len()).max(1);
        let trial = load::send(
            self.servers[0].address(),
            &first.asked(operation, TRIAL)?,
            TRIAL,
            each,
            status,
        )?;
        let total = (trial.requests_per_second * plan.seconds).ceil() as usize;
        let asked: Vec<Asked> = self
            .traffic
            .iter()
            .map(|traffic| traffic.asked(operation, total))
            .collect::<anyhow::Result<_>>()?;
        let before = processors();
        let speeds = std::thread::scope(|scope| {
            let loads: Vec<_> = self
                .servers
                .iter()
                .zip(&asked)
                .map(|(server, asked)| {
                    scope.spawn(move || load::send(server.address(), asked, total, each, status))
                })
                .collect();
            let samples = loads
                .into_iter()
                .map(|load| load.join().ok().context("a loader panicked")?);
            samples.collect::<anyhow::Result<Vec<_>>>()
        })?;
        Ok(Pace {
            requests_per_second: speeds.iter().map(|sample| sample.requests_per_second).sum(),
            busy: match (before, processors()) {
                (Some((idle, all)), Some((idle_then, all_then))) => {
                    1.0 - (idle_then - idle) / (all_then - all)
                }
                _ => f64::NAN,
            },
        })
    }
}

/// The time for which all processors have been idle, and all their time, in whatever unit.
fn processors() -> Option<(f64, f64)> {
    let stat = std::fs::read_to_string("/proc/stat").ok()?;
    let times = stat.lines().next()?.strip_prefix("cpu ")?;
    let times: Vec<f64> = times
        .split_whitespace()
        .filter_map(|time| time.parse().ok())
        .collect();
    // Idle, and waiting for a disk (proc(5)).
    Some((times.get(3)? + times.get(4)?, times.iter().take(8).sum()))
}
