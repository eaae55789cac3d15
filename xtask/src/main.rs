//! `cargo xtask`: reads the command line and dispatches. Exit 1 if something is not as it should be, 2 on usage.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::{bench, coverage, explain, generate, output::Output, tidy};

/// The workshop of this repository.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write everything that is made from the vendors' documents.
    Generate {
        /// Write nothing; list what differs and exit 1 if anything does.
        #[arg(long)]
        check: bool,
        /// Write nothing; tell what was rewritten on the way, and what of its meaning was lost.
        #[arg(long, conflicts_with = "check")]
        explain: bool,
        /// Only for these vendors.
        vendors: Vec<String>,
    },
    /// Write the page that says what the suite asks of whom.
    Coverage {
        /// Write nothing; exit 1 if the page is out of step.
        #[arg(long)]
        check: bool,
    },
    /// Measure the mock against a bare server and the SDK against calls written by hand; `cargo xtask bench --help` tells
    /// what can be asked.
    #[command(disable_help_flag = true)]
    Bench {
        /// What the measuring program is told.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Check the rules of the house.
    Tidy,
}

fn main() -> ExitCode {
    match run(&Arguments::parse().command) {
        Ok(problems) if problems.is_empty() => ExitCode::SUCCESS,
        Ok(problems) => {
            problems.iter().for_each(|problem| eprintln!("{problem}"));
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error:#}");
            match error.is::<generate::UnknownVendor>() {
                true => ExitCode::from(2),
                false => ExitCode::FAILURE,
            }
        }
    }
}

fn run(command: &Command) -> anyhow::Result<Vec<String>> {
    let root = root();
    match command {
        Command::Generate {
            explain: true,
            vendors,
            ..
        } => {
            let explained = explain::run(&root, vendors)?;
            anstream::print!("{}", explained.text);
            Ok(explained.problems)
        }
        Command::Generate { check, vendors, .. } => {
            let output = if *check { Output::Check } else { Output::Write };
            Ok(generate::report(&generate::run(&root, vendors, output)?))
        }
        Command::Coverage { check } => {
            let output = if *check { Output::Check } else { Output::Write };
            coverage::run(&root, output)
        }
        Command::Bench { arguments } => bench::run(&root, arguments),
        Command::Tidy => tidy::run(&root),
    }
}

/// The repository, wherever in it the command was given.
fn root() -> PathBuf {
    xtask::root()
}
