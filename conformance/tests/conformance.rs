//! Every case on every vendor's mock, under the ordinary test UI: `dolfin::revoke/second-answer`.

use std::sync::Arc;

use keyway_conformance::{Outcome, Report, Selection, Standing, Target, catalogue, coverage, run};
use keyway_openapi::Vendor;
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let arguments = Arguments::from_args();
    // A listing must not start servers.
    let report = if arguments.list {
        None
    } else {
        Some(Arc::new(judged()))
    };
    let mut trials = Vec::new();
    for vendor in Vendor::ALL {
        for case in catalogue() {
            let ignored = matches!(case.standing(vendor), Standing::NotAsked { .. });
            let report = report.clone();
            let trial = Trial::test(format!("{vendor}::{}", case.id()), move || {
                verdict(report.as_deref(), vendor, case.id())
            });
            trials.push(trial.with_ignored_flag(ignored));
        }
    }
    let report = report.clone();
    trials.push(Trial::test(
        "coverage::the_committed_page_is_current",
        move || page_is_current(report.as_deref()),
    ));
    libtest_mimic::run(&arguments, trials).exit();
}

/// One run serves all trials: each vendor's cases share a server and are asked one after another.
fn judged() -> Report {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime can be had");
    runtime.block_on(async {
        let mut targets = Vec::new();
        for vendor in Vendor::ALL {
            targets.push(
                Target::embedded(vendor)
                    .await
                    .expect("a loopback port can be had"),
            );
        }
        run(&targets, &Selection::all()).await
    })
}

/// `KEYWAY_WRITE=1` writes it.
fn page_is_current(report: Option<&Report>) -> Result<(), Failed> {
    let place = concat!(env!("CARGO_MANIFEST_DIR"), "/COVERAGE.md");
    let page = coverage(report.ok_or("nothing was asked")?);
    if std::env::var_os("KEYWAY_WRITE").is_some() {
        std::fs::write(place, page)?;
        return Ok(());
    }
    match std::fs::read_to_string(place)? == page {
        true => Ok(()),
        false => Err("conformance/COVERAGE.md is out of step: run `cargo xtask coverage`".into()),
    }
}

fn verdict(report: Option<&Report>, vendor: Vendor, id: &str) -> Result<(), Failed> {
    let verdict = report
        .and_then(|report| report.verdict(vendor, id))
        .ok_or("the case was not asked")?;
    match verdict.outcome {
        Outcome::Fail | Outcome::Error | Outcome::Warn | Outcome::Expected => {
            Err(format!("{}: {}", verdict.outcome.name(), verdict.detail).into())
        }
        Outcome::Pass | Outcome::Observed => Ok(()),
        // Every credential is at hand here, so what applies to the vendor must have been asked.
        Outcome::Skip => Err(format!("skipped: {}", verdict.detail).into()),
    }
}
