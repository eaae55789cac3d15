//! The binary `keyway-conformance`: reads the command line and the environment, runs the suite, writes the report.

mod commands;

use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand, ValueEnum};
use keyway_conformance::{
    Allowance, Baseline, Basis, Colour, Exit, Expectations, Format, Interrupt, Pace, PlainHttp, Plan,
    Rendered, Report, Screen, Selection, Stale, Standing, Strictness, Target, catalogue, rehearse,
    report_schema, run_with,
};
use keyway_openapi::Vendor;

use commands::sabotage::{SabotageArgs, Shown};

/// Exit code for usage and configuration.
const USAGE: u8 = 2;

/// Checks the life of API keys at a vendor: create, use, revoke, and the refusals in between.
#[derive(Parser)]
#[command(version, about, after_long_help = ENVIRONMENT, args_conflicts_with_subcommands = true)]
struct Command {
    #[command(subcommand)]
    action: Option<Action>,
    #[command(flatten)]
    run: RunArgs,
}

const ENVIRONMENT: &str = "\
Environment, for a server of your own (--base-url); with the vendor's name in it, as in KEYWAY_RETEN_CREDENTIAL, a variable wins:
  KEYWAY_CREDENTIAL          may create and revoke keys; key:VALUE, bearer:VALUE, or a bare value in the vendor's usual scheme
  KEYWAY_LIMITED_CREDENTIAL  may not do everything; cases that need it are skipped without it
  KEYWAY_OTHER_CREDENTIAL    may do everything in another tenant; likewise
  KEYWAY_TENANT              the tenant of the first two, where the vendor wants it named
  KEYWAY_OTHER_TENANT        the tenant of the third
  KEYWAY_OTHER_BASE_URL      the host of the third, where a tenant is a host
  NO_COLOR                   no colours

Expected failures (--expect FILE), each with all four fields:
  [[expected]]
  case = 'revoke/second-answer'
  vendor = 'reten'
  reason = 'ticket 1234'
  until = 2026-12-31

Exit codes; where several apply: 1 before 5 before 4 before 3:
  0  nothing failed
  1  a case failed, or a vendor behaves otherwise than in the baseline
  2  wrong usage or configuration
  3  something could not be set up or carried out, or nothing ran
  4  keys of the run could not be revoked
  5  the list of expected failures is out of date: a listed case does not fail, or its day is over";

#[derive(Subcommand)]
enum Action {
    /// Run the suite (also what happens without a command)
    Run(Box<RunArgs>),
    /// List every case, what it demands, and by what it is judged on each vendor
    List,
    /// Run the suite against every broken promise that the mock knows, and say which case minds which
    Sabotage(SabotageArgs),
    /// Print the JSON Schema of what the suite writes
    Schema {
        /// Of what
        #[arg(value_enum)]
        of: Described,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum Described {
    /// The report in JSON
    Report,
}

#[derive(Args, Default)]
struct RunArgs {
    /// Judge this vendor only; may be given several times [default: all, each on its mock inside this process]
    #[arg(long, value_name = "VENDOR")]
    vendor: Vec<Vendor>,
    /// Root of the server to judge instead of the mock, for exactly one --vendor
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Ask only the cases whose id fits, as in 'revoke/*'; may be given several times
    #[arg(long, value_name = "GLOB")]
    case: Vec<String>,
    /// Ask only cases with this tag: an area (revoke), a need (limited, other, wait, quota) or a code (REV-02)
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// Ask only cases that are judged on this ground
    #[arg(long, value_enum, value_name = "BASIS")]
    basis: Vec<Ground>,
    /// Judge a practice that was not kept as a failure
    #[arg(long)]
    strict: bool,
    /// Ask a live server also the cases that wait for the end of a key, or use up a quota
    #[arg(long, value_enum, value_delimiter = ',', value_name = "COST")]
    allow: Vec<Cost>,
    /// Make so many keys at most, shared out among the vendors; cases that need more are skipped
    #[arg(long, value_name = "N")]
    budget: Option<usize>,
    /// Revoke the keys that earlier runs of the suite left behind more than an hour ago [default: name them]
    #[arg(long)]
    sweep_stale: bool,
    /// Send nothing: list every request that would be sent, with whose credential, and how many keys would be made
    #[arg(long)]
    dry_run: bool,
    /// Failures that are known, and until when: a listed one does not fail the run
    #[arg(long, value_name = "FILE")]
    expect: Option<PathBuf>,
    /// An earlier report in JSON: says what has changed since, and fails if a vendor behaves otherwise
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Send requests to each vendor no faster than this, as in 5/s or 30/m
    #[arg(long, value_name = "N/s")]
    rate: Option<Pace>,
    /// How the report is written to standard output, or to the file of --output
    #[arg(long, value_enum, default_value = "text")]
    format: Written,
    /// Write the report to a file instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write it to a file in one more form, as in junit=report.xml; may be given several times
    #[arg(long, value_name = "FORMAT=FILE", value_parser = copy)]
    report: Vec<Copy>,
    /// Send keys over plain HTTP to another machine, where they can be read on the way
    #[arg(long)]
    allow_plain_http: bool,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum Written {
    /// A table for a terminal, and what is wrong
    #[default]
    Text,
    /// Everything, for programs (see `schema report`)
    Json,
    /// XML for CI servers
    Junit,
    /// For the summary page of a CI run
    Markdown,
    /// One page for a browser that needs nothing else
    Html,
    /// Test Anything Protocol, version 14
    Tap,
}

#[derive(Clone, Copy, ValueEnum)]
enum Ground {
    /// The vendor's documentation
    Documented,
    /// A standard's MUST
    Standard,
    /// Good practice, or a standard's SHOULD
    Practice,
    /// Nothing: the vendor is silent
    Silent,
}

#[derive(Clone, Copy, ValueEnum)]
enum Cost {
    /// Some seconds for each
    Wait,
    /// What the account may use only so often
    Quota,
}

/// One more form of the report, and where it goes.
#[derive(Clone)]
struct Copy {
    format: Written,
    path: PathBuf,
}

fn copy(text: &str) -> Result<Copy, String> {
    let (format, path) = text
        .split_once('=')
        .filter(|(_, path)| !path.is_empty())
        .ok_or("it takes FORMAT=FILE, as in junit=report.xml")?;
    let known = Written::value_variants()
        .iter()
        .filter_map(|format| Some(format.to_possible_value()?.get_name().to_owned()));
    let format = Written::from_str(format, false)
        .map_err(|_| format!("the formats are {}", known.collect::<Vec<_>>().join(", ")))?;
    Ok(Copy {
        format,
        path: PathBuf::from(path),
    })
}

#[tokio::main]
async fn main() -> ExitCode {
    let command = Command::parse();
    let args = match command.action {
        Some(Action::List) => return list(),
        Some(Action::Sabotage(args)) => return sabotage(&args).await,
        Some(Action::Schema {
            of: Described::Report,
        }) => return print(&report_schema()),
        Some(Action::Run(args)) => *args,
        None => command.run,
    };
    let ready = async { Ok((measures(&args)?, targets(&args).await?)) };
    match ready.await {
        Ok((_, targets)) if args.dry_run => dry_run(&args, &targets).await,
        Ok((measures, targets)) => judge(&args, &measures, &targets).await,
        Err(NoTarget { code, error }) => {
            eprintln!("keyway-conformance: {error:#}");
            ExitCode::from(code)
        }
    }
}

/// Why there is nothing to judge, and how the process ends for it.
struct NoTarget {
    code: u8,
    error: anyhow::Error,
}

/// What a report is held against.
#[derive(Default)]
struct Measures {
    expected: Expectations,
    baseline: Option<Baseline>,
}

fn measures(args: &RunArgs) -> Result<Measures, NoTarget> {
    let usage = |error| NoTarget { code: USAGE, error };
    Ok(Measures {
        expected: parsed(args.expect.as_deref()).map_err(usage)?.unwrap_or_default(),
        baseline: parsed(args.baseline.as_deref()).map_err(usage)?,
    })
}

fn parsed<T: FromStr<Err: std::error::Error + Send + Sync + 'static>>(
    path: Option<&Path>,
) -> anyhow::Result<Option<T>> {
    let Some(path) = path else {
        return Ok(None);
    };
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let parsed = text.parse::<T>().with_context(|| path.display().to_string())?;
    Ok(Some(parsed))
}

async fn targets(args: &RunArgs) -> Result<Vec<Target>, NoTarget> {
    let usage = |error| NoTarget { code: USAGE, error };
    let is_listed = matches!(args.format, Written::Text | Written::Json) && args.report.is_empty();
    if args.dry_run && !is_listed {
        return Err(usage(anyhow::anyhow!(
            "--dry-run writes text or json, and no report"
        )));
    }
    if let Some(empty) = without_case(args) {
        return Err(usage(anyhow::anyhow!(
            "no case {empty}; `keyway-conformance list` names them all"
        )));
    }
    let Some(base_url) = &args.base_url else {
        let mut targets = Vec::new();
        for vendor in Vendor::ALL
            .into_iter()
            .filter(|vendor| args.vendor.is_empty() || args.vendor.contains(vendor))
        {
            let target = Target::embedded(vendor)
                .await
                .context("the mock could not be started");
            targets.push(target.map_err(|error| NoTarget {
                code: Exit::NotCarriedOut.code(),
                error,
            })?);
        }
        return Ok(targets);
    };
    let [vendor] = args.vendor.as_slice() else {
        return Err(usage(anyhow::anyhow!("--base-url needs exactly one --vendor")));
    };
    let plain_http = if args.allow_plain_http {
        PlainHttp::Allowed
    } else {
        PlainHttp::LoopbackOnly
    };
    let lookup = |name: &str| {
        let given = std::env::var(name).ok();
        // What is not sent needs no credential.
        given.or_else(|| (args.dry_run && name == "KEYWAY_CREDENTIAL").then(|| "not-sent".to_owned()))
    };
    let target = Target::from_environment(*vendor, base_url, plain_http, &lookup);
    Ok(vec![target.map_err(|error| usage(error.into()))?])
}

async fn dry_run(args: &RunArgs, targets: &[Target]) -> ExitCode {
    let rehearsal = match rehearse(targets, &plan(args)).await {
        Ok(rehearsal) => rehearsal,
        Err(error) => {
            eprintln!("keyway-conformance: the mock could not be started: {error}");
            return ExitCode::from(Exit::NotCarriedOut.code());
        }
    };
    let text = match args.format {
        Written::Json => rehearsal.json(),
        _ => rehearsal.text(),
    };
    match &args.output {
        None => print(&text),
        Some(path) => match replace(path, text.as_bytes()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("keyway-conformance: the list could not be written: {error:#}");
                ExitCode::from(Exit::NotCarriedOut.code())
            }
        },
    }
}

async fn judge(args: &RunArgs, measures: &Measures, targets: &[Target]) -> ExitCode {
    let interrupt = Interrupt::default();
    let heard = interrupt.clone();
    tokio::spawn(async move {
        told_to_end().await;
        eprintln!("\ninterrupted: revoking the keys of this run …");
        heard.raise();
    });
    let progress = ProgressLine::new();
    let report = run_with(targets, &plan(args), &interrupt, &|vendor, done, of| {
        progress.tell(vendor, done, of)
    })
    .await;
    progress.clear();
    let report = report.expecting(&measures.expected, jiff::Zoned::now().date());
    let report = match &measures.baseline {
        Some(baseline) => report.against(baseline),
        None => report,
    };
    for (vendor, reason) in report.not_set_up() {
        eprintln!("keyway-conformance: {vendor} could not be set up: {reason}");
    }
    if report.was_interrupted() {
        eprintln!("keyway-conformance: the run was interrupted, the report is not complete");
    }
    match write(args, &report) {
        Ok(0) => ExitCode::from(report.exit().code()),
        Ok(leaks) => {
            eprintln!(
                "keyway-conformance: {leaks} secrets had to be taken out of the report, which is an error of the suite"
            );
            let exit = report.exit();
            ExitCode::from(
                if exit == Exit::Clean {
                    Exit::NotCarriedOut
                } else {
                    exit
                }
                .code(),
            )
        }
        Err(error) => {
            eprintln!("keyway-conformance: the report could not be written: {error:#}");
            let exit = report.exit();
            ExitCode::from(
                if exit == Exit::Clean {
                    Exit::NotCarriedOut
                } else {
                    exit
                }
                .code(),
            )
        }
    }
}

/// Waits for Ctrl-C, or for the signal by which a supervisor ends a process.
async fn told_to_end() {
    let typed = async {
        // Without a handler the signal ends the process at once, and there is nothing to wait for.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = typed => {}
        () = terminated() => {}
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut signals) => {
            signals.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}

fn plan(args: &RunArgs) -> Plan {
    Plan {
        selection: selection(args),
        strictness: if args.strict {
            Strictness::Strict
        } else {
            Strictness::Lenient
        },
        allowed: args
            .allow
            .iter()
            .map(|cost| match cost {
                Cost::Wait => Allowance::Wait,
                Cost::Quota => Allowance::Quota,
            })
            .collect(),
        budget: args.budget,
        pace: args.rate,
        stale: if args.sweep_stale {
            Stale::Revoke
        } else {
            Stale::Tell
        },
    }
}

fn selection(args: &RunArgs) -> Selection {
    let all = Selection::all();
    let matching = args.case.iter().fold(all, Selection::or_matching);
    let tagged = args.tag.iter().fold(matching, Selection::tagged);
    args.basis.iter().fold(tagged, |selection, ground| {
        selection.judged_by(match ground {
            Ground::Documented => Basis::Documented,
            Ground::Standard => Basis::Standard,
            Ground::Practice => Basis::Practice,
            Ground::Silent => Basis::Silent,
        })
    })
}

/// What was asked for that fits no case: one pattern or tag by itself, or all of them together.
fn without_case(args: &RunArgs) -> Option<String> {
    let is_empty = |selection: &Selection| {
        !Vendor::ALL
            .iter()
            .filter(|vendor| args.vendor.is_empty() || args.vendor.contains(vendor))
            .any(|vendor| catalogue().iter().any(|case| selection.includes(case, *vendor)))
    };
    let patterns = args
        .case
        .iter()
        .filter(|pattern| is_empty(&Selection::matching(*pattern)))
        .map(|pattern| format!("is called {pattern:?}"));
    let tags = args
        .tag
        .iter()
        .filter(|tag| is_empty(&Selection::all().tagged(*tag)))
        .map(|tag| format!("has the tag {tag:?}"));
    let together = is_empty(&selection(args)).then(|| "fits everything that was asked for".to_owned());
    patterns.chain(tags).chain(together).next()
}

/// Writes the report in every form that is wanted; returns how many secrets had to be taken out.
fn write(args: &RunArgs, report: &Report) -> anyhow::Result<usize> {
    let screen = if args.output.is_none() {
        screen()
    } else {
        Screen::default()
    };
    let first = report.render(args.format.on(screen));
    let copies: Vec<(&Path, Rendered)> = args
        .report
        .iter()
        .map(|copy| {
            (
                copy.path.as_path(),
                report.render(copy.format.on(Screen::default())),
            )
        })
        .collect();
    // Files first: standard output may be closed.
    let files = args.output.as_deref().map(|path| (path, &first));
    for (path, rendered) in files
        .into_iter()
        .chain(copies.iter().map(|(path, rendered)| (*path, rendered)))
    {
        replace(path, rendered.text.as_bytes())?;
    }
    if args.output.is_none() {
        std::io::stdout().write_all(first.text.as_bytes())?;
    }
    let leaks = copies.iter().map(|(_, rendered)| rendered.leaks);
    Ok(leaks.chain([first.leaks]).max().unwrap_or_default())
}

impl Written {
    fn on(self, screen: Screen) -> Format {
        match self {
            Written::Text => Format::Text(screen),
            Written::Json => Format::Json,
            Written::Junit => Format::Junit,
            Written::Markdown => Format::Markdown,
            Written::Html => Format::Html,
            Written::Tap => Format::Tap,
        }
    }
}

/// What standard output is. COLUMNS says how wide it is where nothing else does, and where it is no terminal.
fn screen() -> Screen {
    let is_terminal = std::io::stdout().is_terminal();
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let said = std::env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok());
    let measured = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    Screen {
        colour: if is_terminal && !refused {
            Colour::Always
        } else {
            Colour::Never
        },
        width: said
            .filter(|columns| *columns > 0)
            .or_else(|| if is_terminal { measured() } else { None }),
    }
}

/// Writes beside the file and renames, so that nobody ever reads half a report.
fn replace(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let name = path.file_name().context("the output is not a file")?;
    let beside = path.with_file_name(format!(".{}.{}", name.to_string_lossy(), std::process::id()));
    std::fs::write(&beside, bytes).with_context(|| format!("cannot write beside {}", path.display()))?;
    std::fs::rename(&beside, path)
        .with_context(|| format!("cannot write {}", path.display()))
        .inspect_err(|_| {
            // The half-made file is of no use to anybody.
            let _ = std::fs::remove_file(&beside);
        })
}

fn list() -> ExitCode {
    let mut text = String::new();
    for case in catalogue() {
        text.push_str(&format!(
            "{}\n  {} [{}]\n",
            case.id(),
            case.requirement(),
            case.tags().join(", ")
        ));
        for vendor in Vendor::ALL {
            let line = match case.standing(vendor) {
                Standing::Asked { basis, source } => format!("{}: {source}", basis.name()),
                Standing::NotAsked { reason } => format!("not asked: {reason}"),
            };
            text.push_str(&format!("  {:<8} {line}\n", vendor.name()));
        }
        text.push('\n');
    }
    print(&text)
}

fn print(text: &str) -> ExitCode {
    // A reader that has seen enough closes the pipe; that is no failure.
    let _ = std::io::stdout().write_all(text.as_bytes());
    ExitCode::SUCCESS
}

async fn sabotage(args: &SabotageArgs) -> ExitCode {
    match commands::sabotage::run(args).await {
        Ok(Shown::Everything) => ExitCode::SUCCESS,
        Ok(Shown::NotEverything) => ExitCode::from(Exit::Failed.code()),
        Err(error) => {
            eprintln!("keyway-conformance: {error:#}");
            ExitCode::from(Exit::NotCarriedOut.code())
        }
    }
}

/// One line on a terminal that says how far each vendor is.
struct ProgressLine {
    counts: std::sync::Mutex<std::collections::BTreeMap<Vendor, (usize, usize)>>,
    shown: bool,
}

impl ProgressLine {
    fn new() -> Self {
        Self {
            counts: std::sync::Mutex::default(),
            shown: std::io::stderr().is_terminal(),
        }
    }

    fn tell(&self, vendor: Vendor, done: usize, of: usize) {
        if !self.shown {
            return;
        }
        let mut counts = self
            .counts
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        counts.insert(vendor, (done, of));
        let parts: Vec<String> = counts
            .iter()
            .map(|(vendor, (done, of))| format!("{} {done}/{of}", vendor.title()))
            .collect();
        eprint!("\r\x1b[K{}", parts.join(" · "));
    }

    fn clear(&self) {
        if self.shown {
            eprint!("\r\x1b[K");
        }
    }
}
