//! `cargo xtask`: reads the command line and dispatches. Exit 1 if something is not as it should be, 2 on usage.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::{api, bench, coverage, explain, generate, new_vendor, output::Output, standalone, tidy};

/// Code is made of many small pieces: with the system's allocator a large client takes half as long again.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The workshop of this repository.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write everything that is made from the vendors' documents, or a crate of its own from any document.
    Generate {
        /// Write nothing; list what differs and exit 1 if anything does.
        #[arg(long)]
        check: bool,
        /// Write nothing; tell what was rewritten on the way, and what of its meaning was lost.
        #[arg(long, conflicts_with = "check")]
        explain: bool,
        /// Only for these vendors.
        vendors: Vec<String>,
        /// From this OpenAPI document, JSON or YAML, 3.0 or 3.1.
        #[arg(long, value_name = "FILE", conflicts_with = "vendors")]
        document: Option<PathBuf>,
        /// Corrections of the document, as an OpenAPI Overlay; may be given more than once.
        #[arg(long, value_name = "FILE", requires = "document")]
        overlay: Vec<PathBuf>,
        /// Where the crate is written. What is there and was not written by this command is left alone.
        #[arg(long, value_name = "DIR", requires = "document", conflicts_with = "explain")]
        out: Option<PathBuf>,
    },
    /// Write the skeleton of one more vendor in every room: it compiles, the mock answers with examples, the suite asks nothing.
    NewVendor {
        /// What folders, features and command lines call it: lower-case letters and digits.
        name: String,
        /// Its OpenAPI document, JSON or YAML, 3.0 or 3.1.
        #[arg(long, value_name = "FILE")]
        document: PathBuf,
        /// Our corrections of the document, as an OpenAPI Overlay; an empty one is written if there is none.
        #[arg(long, value_name = "FILE")]
        overlay: Option<PathBuf>,
        /// The name as the vendor writes it.
        #[arg(long)]
        title: Option<String>,
        /// Change files even if they have changes that are not committed.
        #[arg(long)]
        force: bool,
    },
    /// Write what callers of each library can name into its API.txt.
    Api {
        /// Write nothing; exit 1 if a listing is out of step.
        #[arg(long)]
        check: bool,
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
            let is_usage = error.is::<generate::UnknownVendor>()
                || error.is::<standalone::Occupied>()
                || error.is::<new_vendor::Unfit>()
                || error.is::<Incomplete>();
            match is_usage {
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
            document: Some(document),
            overlay,
            out,
            check,
            explain,
            ..
        } => {
            let corrected = standalone::read(document, overlay)?;
            match out {
                Some(folder) => {
                    let (made, drift) = standalone::run(&corrected, folder, output(*check))?;
                    println!("{}", standalone::report(&made, folder));
                    Ok(drift.iter().map(ToString::to_string).collect())
                }
                None if *explain => {
                    let made = standalone::of_document(&corrected)?;
                    anstream::print!(
                        "{}",
                        explain::block(&document.display().to_string(), &made.notes)?
                    );
                    Ok(vec![])
                }
                None => Err(Incomplete.into()),
            }
        }
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
            Ok(generate::report(&generate::run(&root, vendors, output(*check))?))
        }
        Command::NewVendor {
            name,
            document,
            overlay,
            title,
            force,
        } => {
            let uncommitted = match force {
                true => new_vendor::Uncommitted::Mix,
                false => new_vendor::Uncommitted::Refuse,
            };
            let order = new_vendor::Order {
                name: name.clone(),
                title: title.clone(),
                document: document.clone(),
                overlay: overlay.clone(),
                uncommitted,
            };
            print!("{}", new_vendor::run(&root, &order)?);
            Ok(vec![])
        }
        Command::Api { check } => {
            let drift = api::run(&root, output(*check))?;
            let line = |drift| format!("{drift}; run `cargo xtask api`");
            Ok(drift.iter().map(line).collect())
        }
        Command::Coverage { check } => coverage::run(&root, output(*check)),
        Command::Bench { arguments } => bench::run(&root, arguments),
        Command::Tidy => tidy::run(&root),
    }
}

fn output(check: bool) -> Output {
    match check {
        true => Output::Check,
        false => Output::Write,
    }
}

/// A document was named, and not what is to be made of it.
#[derive(Debug)]
struct Incomplete;

impl std::fmt::Display for Incomplete {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("`--document FILE` needs `--out DIR`, where the crate is written, or `--explain`")
    }
}

impl std::error::Error for Incomplete {}

/// The repository, wherever in it the command was given.
fn root() -> PathBuf {
    xtask::root()
}
