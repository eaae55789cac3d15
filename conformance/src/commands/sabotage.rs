//! `sabotage`: the suite against every broken promise that the mock knows.

use std::fs;
use std::io::IsTerminal as _;
use std::path::Path;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use keyway_conformance::{KeptMatrix, KillMatrix, kill_matrix};
use keyway_mock::Sabotage;
use keyway_openapi::Vendor;

use super::output;

/// Where the matrix is kept, from the root of the workspace.
const PAGE: &str = "conformance/reports/kill-matrix.md";
const DATA: &str = "conformance/reports/kill-matrix.json";

#[derive(Args)]
pub(crate) struct SabotageArgs {
    /// Break promises of this vendor only; may be given several times
    #[arg(long, value_name = "VENDOR")]
    vendor: Vec<Vendor>,
    /// Break only this promise; may be given several times
    #[arg(long, value_name = "NAME", value_parser = promise)]
    name: Vec<&'static Sabotage>,
    /// How the matrix is printed
    #[arg(long, value_enum, default_value = "markdown")]
    format: Printed,
    /// Write the matrix to its place in the repository instead
    #[arg(long, conflicts_with_all = ["check", "vendor", "name"])]
    write: bool,
    /// Hold the matrix against the one in the repository instead
    #[arg(long, conflicts_with_all = ["vendor", "name"])]
    check: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Printed {
    /// A page for people
    Markdown,
    /// For programs
    Json,
}

fn promise(name: &str) -> Result<&'static Sabotage, String> {
    Sabotage::named(name).map_err(|error| error.to_string())
}

/// Whether the suite has shown its teeth.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Shown {
    /// Every broken promise is killed, every case kills, and the page in the repository says so.
    Everything,
    /// Something is missing, and has been told.
    NotEverything,
}

pub(crate) fn run(args: &SabotageArgs) -> anyhow::Result<Shown> {
    let sabotages: Vec<&'static Sabotage> = if args.name.is_empty() {
        Sabotage::all().collect()
    } else {
        args.name.clone()
    };
    let vendors: Vec<Vendor> = Vendor::PLAYED
        .into_iter()
        .filter(|vendor| args.vendor.is_empty() || args.vendor.contains(vendor))
        .collect();
    let is_shown = std::io::stderr().is_terminal();
    let matrix = kill_matrix(&vendors, &sabotages, &|done, of| {
        if is_shown {
            eprint!("\r\x1b[K{done}/{of} broken servers judged");
        }
    });
    if is_shown {
        eprint!("\r\x1b[K");
    }
    let matrix = matrix.context("a mock could not be started")?;
    let mut missing = shortcomings(&matrix);
    // A part of the matrix cannot show that every case kills.
    if args.vendor.is_empty() && args.name.is_empty() {
        missing.extend(matrix.idle.iter().map(|case| format!("{case} kills nothing")));
    }
    if args.check {
        missing.extend(matrix.drift(&kept()?));
    } else if args.write {
        for (path, text) in [(PAGE, matrix.markdown()), (DATA, matrix.json())] {
            output::replace(Path::new(path), text.as_bytes())
                .context("run this at the root of the workspace")?;
        }
    } else {
        output::print(&match args.format {
            Printed::Markdown => matrix.markdown(),
            Printed::Json => matrix.json(),
        });
    }
    if missing.is_empty() && (args.check || args.write) {
        let servers = matrix.rows.len();
        eprintln!("{servers} broken servers, all killed, and no case that kills none");
    }
    for line in &missing {
        eprintln!("keyway-conformance: {line}");
    }
    Ok(if missing.is_empty() {
        Shown::Everything
    } else {
        Shown::NotEverything
    })
}

fn shortcomings(matrix: &KillMatrix) -> Vec<String> {
    let survivors = matrix
        .survivors()
        .map(|row| format!("{} {} survives: no case minds", row.vendor, row.sabotage));
    let failed = matrix
        .failed_intact
        .iter()
        .map(|case| format!("{case} fails although nothing is broken"));
    survivors.chain(failed).collect()
}

fn kept() -> anyhow::Result<KeptMatrix> {
    let text = fs::read_to_string(DATA)
        .with_context(|| format!("cannot read {DATA}; run this at the root of the workspace"))?;
    serde_json::from_str(&text).with_context(|| format!("{DATA} is not a kill matrix"))
}
