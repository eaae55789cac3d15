//! `run`: from the command line to the exit code.

use std::io::IsTerminal as _;
use std::path::Path;
use std::process::ExitCode;
use std::str::FromStr;

use anyhow::Context as _;
use keyway_conformance::{Baseline, Exit, Expectations, Interrupt, PlainHttp, Target, rehearse, run_with};
use keyway_openapi::Vendor;

use super::arguments::{RunArgs, Written, plan, without_case};
use super::output::{print, replace, write};

/// Exit code for usage and configuration.
const USAGE: u8 = 2;

/// Runs the suite, or says what it would do.
pub(crate) async fn run(args: &RunArgs) -> ExitCode {
    let ready = async { Ok((measures(args)?, targets(args).await?)) };
    match ready.await {
        Ok((_, targets)) if args.dry_run => dry_run(args, &targets).await,
        Ok((measures, targets)) => judge(args, &measures, &targets).await,
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
    if let Some(path) = written_twice(args) {
        return Err(usage(anyhow::anyhow!(
            "two forms of the report would go to {}",
            path.display()
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

fn written_twice(args: &RunArgs) -> Option<&Path> {
    let files = || {
        let copies = args.report.iter().map(|copy| copy.path.as_path());
        args.output.as_deref().into_iter().chain(copies)
    };
    files()
        .enumerate()
        .find(|(place, path)| files().take(*place).any(|earlier| earlier == *path))
        .map(|(_, path)| path)
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
