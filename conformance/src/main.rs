//! The binary `keyway-conformance`: reads the command line and the environment, runs the suite, writes the report.

mod commands;

use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use keyway_conformance::{
    Exit, Selection, Standing, Target, catalogue, coverage, profile_schema, report_schema, run,
};
use keyway_openapi::Vendor;

use commands::arguments::RunArgs;
use commands::judge;
use commands::output::print;
use commands::sabotage::{SabotageArgs, Shown};

/// Suite and mock talk JSON in one process for most of their time, which is a great many small allocations: with the
/// system's allocator the matrix takes a fifth longer.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
    /// Print what is asked of whom, and which operations it meets; runs the suite on the mock for that
    Coverage,
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
    /// What a vendor documents, as in `profiles/reten.toml`
    Profile,
}

#[tokio::main]
async fn main() -> ExitCode {
    let command = Command::parse();
    let args = match command.action {
        Some(Action::List) => return list(),
        Some(Action::Coverage) => return page_of_coverage().await,
        Some(Action::Sabotage(args)) => return tokio::task::block_in_place(|| sabotage(&args)),
        Some(Action::Schema { of }) => {
            return print(&match of {
                Described::Report => report_schema(),
                Described::Profile => profile_schema(),
            });
        }
        Some(Action::Run(args)) => *args,
        None => command.run,
    };
    judge::run(&args).await
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
        let standards = case.standards();
        if !standards.is_empty() {
            text.push_str(&format!("  spoken of in: {}\n", standards.join("; ")));
        }
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

async fn page_of_coverage() -> ExitCode {
    let mut targets = Vec::new();
    for vendor in Vendor::ALL {
        match Target::embedded(vendor).await {
            Ok(target) => targets.push(target),
            Err(error) => {
                eprintln!("keyway-conformance: {error}");
                return ExitCode::from(Exit::NotCarriedOut.code());
            }
        }
    }
    print(&coverage(&run(&targets, &Selection::all()).await))
}

fn sabotage(args: &SabotageArgs) -> ExitCode {
    match commands::sabotage::run(args) {
        Ok(Shown::Everything) => ExitCode::SUCCESS,
        Ok(Shown::NotEverything) => ExitCode::from(Exit::Failed.code()),
        Err(error) => {
            eprintln!("keyway-conformance: {error:#}");
            ExitCode::from(Exit::NotCarriedOut.code())
        }
    }
}
