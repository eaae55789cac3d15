//! `keyway-bench`: the mock beside a bare server, and the SDK beside a call written by hand, on one machine and in one run.
//! `cargo xtask bench` builds what it needs.

mod budgets;
mod builds;
mod call;
mod cost;
mod load;
mod measure;
mod replicas;
mod server;
mod table;
mod traffic;
mod volume;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Measures the mock against the floor, a bare axum server that reads the body and answers from memory; and the SDK against
/// calls written by hand with reqwest and serde.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask bench", max_term_width = 100)]
struct Arguments {
    #[command(flatten)]
    run: measure::Plan,
    #[command(subcommand)]
    part: Option<Part>,
}

#[derive(Debug, Subcommand)]
enum Part {
    /// Make calls of one kind; what is counted to tell what a client costs.
    #[command(hide = true)]
    Call(call::Plan),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.part {
        Some(Part::Call(plan)) => call::run(&plan),
        None => measure::run(&arguments.run),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("keyway-bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}
