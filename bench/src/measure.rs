//! The measurements: what is done to whom, in turns, so that whatever else the machine does meets both alike.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::budgets;
use crate::builds;
use crate::cost;
use crate::load::{self, Asked, Sample};
use crate::replicas;
use crate::server::Server;
use crate::table;
use crate::traffic::{Canned, Operation, Traffic, VENDORS};
use crate::volume;

/// What is measured, and how long.
#[derive(Clone, Debug, Args)]
pub(crate) struct Plan {
    /// What is measured; may be given several times.
    #[arg(long, value_enum, default_values = ["mock", "sdk"])]
    of: Vec<Subject>,
    /// How often each measurement is made; the table has the least, the median and the most.
    #[arg(long, default_value_t = 7)]
    pub(crate) rounds: usize,
    /// About how long each measurement takes, in seconds.
    #[arg(long, default_value_t = 0.4)]
    pub(crate) seconds: f64,
    /// How many connections ask at the same time.
    #[arg(long, default_value_t = 32)]
    pub(crate) connections: usize,
    /// Measure this vendor only; may be given several times.
    #[arg(long, value_parser = VENDORS)]
    vendor: Vec<String>,
    /// How many live keys the mock holds where its volume is measured.
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) keys: u32,
    /// How many requests it answers then, to see whether its memory grows.
    #[arg(long, default_value_t = 10_000_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) requests: u32,
    /// The database that servers share where replicas are measured, as `postgres://…`; what is in it is left there.
    #[arg(
        long,
        env = "DATABASE_URL",
        hide_env_values = true,
        required_if_eq("of", "replicas")
    )]
    database: Option<String>,
    /// Print JSON instead of a table.
    #[arg(long)]
    json: bool,
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Subject {
    /// The mock beside a bare server: requests per second, latency, start, memory, new worlds.
    Mock,
    /// A call of the SDK beside one written by hand: instructions.
    Sdk,
    /// A million keys in the mock, and its memory over ten million requests; takes minutes, and is measured if it is named
    /// only.
    Volume,
    /// One, two and three servers that share the PostgreSQL database given by `--database`.
    Replicas,
    /// The time of a whole run of the suite, of its kill matrix, and of the generation of a large client; takes minutes, and
    /// is measured if it is named only.
    Budgets,
    /// The build of the SDK beside that of reqwest and serde alone; takes minutes, and is measured if it is named only.
    Builds,
}

/// One line of the table: ratios to the floor, or a figure of its own.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Line {
    /// What was measured.
    pub(crate) what: String,
    /// What was found, in every round.
    pub(crate) found: Spread,
    /// In what it is counted.
    pub(crate) unit: Unit,
    /// What it should be.
    pub(crate) goal: Goal,
    /// For people: the absolute figures behind it, which mean something on this machine only.
    pub(crate) absolute: String,
}

/// The least, the middle and the most of several rounds.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Spread {
    pub(crate) min: f64,
    pub(crate) median: f64,
    pub(crate) max: f64,
}

/// In what a line is counted.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Unit {
    /// Of what the floor does or needs.
    OfFloor,
    /// Of what a call needs that is written by hand.
    OfHandWritten,
    /// Of what reqwest and serde take alone.
    OfReqwestAndSerde,
    /// Of what the mock does with few keys.
    OfFewKeys,
    /// Of what the mock does with its state in memory.
    OfMemory,
    /// Of what one server does.
    OfOneServer,
    Seconds,
    Milliseconds,
    Microseconds,
    Megabytes,
    BytesPerKey,
}

/// What a median should be.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Goal {
    AtLeast(f64),
    AtMost(f64),
    /// Nothing in particular.
    Open,
}

impl Plan {
    /// The vendors that are asked for.
    pub(crate) fn vendors(&self) -> impl Iterator<Item = &'static str> {
        VENDORS
            .into_iter()
            .filter(|vendor| self.vendor.is_empty() || self.vendor.iter().any(|wanted| wanted == vendor))
    }
}

impl Line {
    /// Whether the goal is reached, by the median.
    pub(crate) fn is_met(&self) -> bool {
        match self.goal {
            Goal::AtLeast(goal) => self.found.median >= goal,
            Goal::AtMost(goal) => self.found.median <= goal,
            Goal::Open => true,
        }
    }
}

impl Spread {
    pub(crate) fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let at = |place: usize| values.get(place).copied().unwrap_or(f64::NAN);
        Self {
            min: at(0),
            median: at(values.len() / 2),
            max: at(values.len().saturating_sub(1)),
        }
    }
}

/// Measures everything, and prints it.
pub(crate) fn run(plan: &Plan) -> anyhow::Result<()> {
    let mock = beside("keyway-mock")?;
    let mut lines = Vec::new();
    if plan.of.contains(&Subject::Mock) {
        for vendor in plan.vendors() {
            lines.extend(throughput(plan, &mock, vendor)?);
        }
        lines.extend(start(plan, &mock)?);
        lines.push(new_worlds(plan, &mock)?);
    }
    if plan.of.contains(&Subject::Sdk) {
        lines.extend(cost::lines(plan, &mock)?);
    }
    if plan.of.contains(&Subject::Volume) {
        for vendor in plan.vendors() {
            lines.extend(volume::lines(plan, &mock, vendor)?);
        }
    }
    if plan.of.contains(&Subject::Replicas) {
        let database = plan
            .database
            .as_deref()
            .context("replicas share a database: give it by --database")?;
        for vendor in plan.vendors() {
            lines.extend(replicas::lines(plan, &mock, vendor, database)?);
        }
    }
    if plan.of.contains(&Subject::Budgets) {
        lines.extend(budgets::lines(plan)?);
    }
    if plan.of.contains(&Subject::Builds) {
        lines.extend(builds::lines()?);
    }
    match plan.json {
        true => println!("{}", serde_json::to_string_pretty(&lines)?),
        false => print!("{}", table::of(&lines)),
    }
    Ok(())
}

/// A program that was built beside this one.
pub(crate) fn beside(name: &str) -> anyhow::Result<PathBuf> {
    let path = std::env::current_exe()?.with_file_name(name);
    path.is_file()
        .then_some(path)
        .with_context(|| format!("{name} is not built; `cargo xtask bench` builds it"))
}

pub(crate) fn mock_of(mock: &Path, vendor: &str) -> anyhow::Result<Server> {
    Server::start(
        mock,
        &[
            "serve",
            "--vendor",
            vendor,
            "--listen",
            "127.0.0.1:0",
            "--print",
            "json",
        ],
    )
}

/// The floor, answering what the mock answers.
pub(crate) fn floor_of(canned: &[Canned]) -> anyhow::Result<Server> {
    let file = tempfile::NamedTempFile::new()?;
    serde_json::to_writer(&file, canned)?;
    let path = file.path().to_string_lossy().into_owned();
    Server::start(&beside("keyway-floor")?, &[&path])
}

fn throughput(plan: &Plan, mock: &Path, vendor: &'static str) -> anyhow::Result<Vec<Line>> {
    let mock = mock_of(mock, vendor)?;
    let traffic = Traffic::with(vendor, &mock.said)?;
    let canned: Vec<Canned> = Operation::ALL
        .into_iter()
        .map(|operation| traffic.canned(operation))
        .collect::<anyhow::Result<_>>()?;
    let floor = floor_of(&canned)?;
    let mut lines = Vec::new();
    for (operation, canned) in Operation::ALL.into_iter().zip(&canned) {
        let total = {
            // Also what warms both up.
            let some = traffic.asked(operation, 2_000)?;
            load::send(floor.address(), &some, 2_000, plan.connections, canned.status)?;
            let sample = load::send(mock.address(), &some, 2_000, plan.connections, canned.status)?;
            (sample.requests_per_second * plan.seconds).ceil() as usize
        };
        let mut rounds = Vec::new();
        for round in 0..plan.rounds {
            tell(&format!(
                "{vendor} {}: round {} of {}",
                operation.name(),
                round + 1,
                plan.rounds
            ));
            let asked = traffic.asked(operation, total)?;
            let of = |server: &Server, asked: &Asked| {
                load::send(server.address(), asked, total, plan.connections, canned.status)
            };
            // Who goes first has changed places by the next round.
            let (ours, bare) = if round % 2 == 0 {
                let ours = of(&mock, &asked)?;
                (ours, of(&floor, &asked)?)
            } else {
                let bare = of(&floor, &asked)?;
                (of(&mock, &asked)?, bare)
            };
            rounds.push((ours, bare));
        }
        lines.extend(compared(vendor, operation, &rounds));
    }
    tell("");
    Ok(lines)
}

fn compared(vendor: &str, operation: Operation, rounds: &[(Sample, Sample)]) -> [Line; 2] {
    let ratios =
        |of: fn(&Sample) -> f64| Spread::of(rounds.iter().map(|(ours, bare)| of(ours) / of(bare)).collect());
    let medians = |of: fn(&Sample) -> f64| {
        let ours = Spread::of(rounds.iter().map(|(ours, _)| of(ours)).collect());
        let bare = Spread::of(rounds.iter().map(|(_, bare)| of(bare)).collect());
        (ours.median, bare.median)
    };
    let speed = |sample: &Sample| sample.requests_per_second;
    let p99 = |sample: &Sample| sample.p99.as_secs_f64() * 1000.0;
    let (our_speed, bare_speed) = medians(speed);
    let (our_p99, bare_p99) = medians(p99);
    [
        Line {
            what: format!("{vendor} {}: requests per second", operation.name()),
            found: ratios(speed),
            unit: Unit::OfFloor,
            goal: Goal::AtLeast(match operation {
                Operation::Create | Operation::Revoke => 0.85,
                Operation::Read => 0.90,
            }),
            absolute: format!("{our_speed:.0} beside {bare_speed:.0}"),
        },
        Line {
            what: format!("{vendor} {}: p99 latency", operation.name()),
            found: ratios(p99),
            unit: Unit::OfFloor,
            goal: Goal::AtMost(1.5),
            absolute: format!("{our_p99:.2} ms beside {bare_p99:.2} ms"),
        },
    ]
}

/// From the start of the process to its first answer, and what it holds then.
fn start(plan: &Plan, mock: &Path) -> anyhow::Result<[Line; 2]> {
    let (mut times, mut sizes) = (Vec::new(), Vec::new());
    for round in 0..plan.rounds.max(10) {
        tell(&format!("start: round {}", round + 1));
        let begun = Instant::now();
        let server = mock_of(mock, "sinjapp")?;
        let traffic = Traffic::with("sinjapp", &server.said)?;
        traffic.canned(Operation::Create)?;
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
        std::thread::sleep(Duration::from_millis(50));
        sizes.extend(server.resident().map(|bytes| bytes as f64 / 1e6));
    }
    tell("");
    let (times, sizes) = (Spread::of(times), Spread::of(sizes));
    Ok([
        Line {
            what: "start of the process to its first answer".to_owned(),
            found: times,
            unit: Unit::Milliseconds,
            goal: Goal::AtMost(10.0),
            absolute: String::new(),
        },
        Line {
            what: "resident memory of the idle mock".to_owned(),
            found: sizes,
            unit: Unit::Megabytes,
            goal: Goal::AtMost(12.0),
            absolute: String::new(),
        },
    ])
}

/// What a new world takes: a request for one, less a request for next to nothing.
fn new_worlds(plan: &Plan, mock: &Path) -> anyhow::Result<Line> {
    /// How many are made by one server, which holds 10,000.
    const WORLDS: usize = 2_000;
    let mut times = Vec::new();
    for round in 0..plan.rounds {
        tell(&format!("new worlds: round {} of {}", round + 1, plan.rounds));
        let server = mock_of(mock, "sinjapp")?;
        let address = server.address();
        let microseconds = |method: &str, below: &str, status: u16| {
            let request =
                format!("{method} /_keyway/{below} HTTP/1.1\r\nhost: {address}\r\ncontent-length: 0\r\n\r\n");
            let asked = Asked::Again(request.into_bytes());
            let sample = load::send(address, &asked, WORLDS, 1, status)?;
            anyhow::Ok(1e6 / sample.requests_per_second)
        };
        // The first of the two warms the server up.
        microseconds("GET", "health", 200)?;
        let nothing = microseconds("GET", "health", 200)?;
        times.push((microseconds("POST", "worlds", 201)? - nothing).max(0.0));
    }
    tell("");
    Ok(Line {
        what: "a new world".to_owned(),
        found: Spread::of(times),
        unit: Unit::Microseconds,
        goal: Goal::AtMost(50.0),
        absolute: String::new(),
    })
}

/// Progress, on a terminal only.
pub(crate) fn tell(what: &str) {
    if std::io::stderr().is_terminal() {
        eprint!("\r\x1b[K{what}");
    }
}
