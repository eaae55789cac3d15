//! The binary `keyway-mock`: serves the mock, and says what it assumes.

mod interrupts;
mod settings;

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use keyway_mock::{Assumptions, MockServer};
use serde_json::json;

use interrupts::Interrupts;
use settings::{Format, Settings};

/// Exit code of a wrong command line or an address that cannot be had.
const USAGE: u8 = 2;

/// Plays the APIs of Sinjapp, Reten, Dolfin and B3OS: keys made through them work until they are revoked.
#[derive(Parser)]
#[command(version, about, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the vendors until interrupted.
    ///
    /// Every setting is a flag, an environment variable and a line of the TOML file given by --config; a flag goes before
    /// the environment, the environment before the file.
    Serve {
        /// Read settings from this TOML file.
        #[arg(long, value_name = "FILE", env = "KEYWAY_MOCK_CONFIG")]
        config: Option<PathBuf>,
        #[command(flatten)]
        settings: Box<Settings>,
    },
    /// List every answer that no vendor documents, with its default and its alternatives.
    Assumptions {
        /// How to print the list.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Print the JSON Schema of the settings file, for editors.
    ConfigSchema,
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Serve { config, settings } => {
            Settings::read(config.as_deref()).and_then(|file| serve(&settings.over(file)))
        }
        Command::Assumptions { format } => print_assumptions(format),
        Command::ConfigSchema => print_schema(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if nobody_listens(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("keyway-mock: {error:#}");
            ExitCode::from(USAGE)
        }
    }
}

/// Whether the reader of our output has gone, as `head` does. That is no failure of ours.
fn nobody_listens(error: &anyhow::Error) -> bool {
    let io = error.downcast_ref::<io::Error>();
    io.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

fn serve(settings: &Settings) -> anyhow::Result<()> {
    // Read before anything else, so that a parent that ends meanwhile is missed.
    #[cfg(unix)]
    let parent = std::os::unix::process::parent_id();
    #[cfg(not(unix))]
    let parent = 0;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut interrupts = Interrupts::listen().context("cannot listen for signals")?;
        let server = settings.builder()?.start().await?;
        // A server whose first line nobody reads is still wanted.
        let _ = match settings.print() {
            Format::Text => print_access(&server),
            Format::Json => writeln!(io::stdout(), "{}", server.all_access()).map_err(Into::into),
        };
        if let Some(descriptor) = settings.ready_fd() {
            say_ready(descriptor)?;
        }
        let orphaned = async {
            if settings.ends_with_parent() {
                orphaned(parent).await
            } else {
                std::future::pending().await
            }
        };
        tokio::select! {
            () = interrupts.next() => {}
            () = orphaned => {}
        }
        tokio::select! {
            () = server.shutdown() => {}
            // Whoever asks twice does not want to wait.
            () = interrupts.next() => {}
        }
        Ok(())
    })
}

/// Tells whoever waits at a file descriptor that requests are answered.
fn say_ready(descriptor: u32) -> anyhow::Result<()> {
    let path = format!("/dev/fd/{descriptor}");
    let mut file = OpenOptions::new()
        .write(true)
        .open(path)
        .with_context(|| format!("file descriptor {descriptor} cannot be written to"))?;
    writeln!(file, "ready")?;
    Ok(())
}

/// Returns when the process that started this one is gone.
async fn orphaned(parent: u32) {
    #[cfg(unix)]
    {
        while std::os::unix::process::parent_id() == parent {
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
    }
    #[cfg(not(unix))]
    {
        let _ = parent;
        std::future::pending::<()>().await;
    }
}

fn print_access(server: &MockServer) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "keyway-mock listens on {}, its control plane is {}\n",
        server.root(),
        server.control_url()
    )?;
    for vendor in server.vendors() {
        let access = server.access(vendor);
        writeln!(out, "{}", vendor.title())?;
        writeln!(out, "  base URL  {}", access.base_url)?;
        writeln!(out, "  tenant    {}", access.tenant)?;
        writeln!(out, "  admin     {}", access.credentials.admin)?;
        writeln!(out, "  limited   {}", access.credentials.limited)?;
        let elsewhere = format!("(tenant {} at {})", access.other_tenant, access.other_base_url);
        writeln!(out, "  other     {}  {elsewhere}", access.credentials.other)?;
        writeln!(out)?;
    }
    writeln!(
        out,
        "`key:` goes into the vendor's key header, `bearer:` into Authorization. Press Ctrl-C to stop."
    )?;
    Ok(())
}

fn print_assumptions(format: Format) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    match format {
        Format::Json => {
            let all: Vec<_> = Assumptions::all().collect();
            writeln!(out, "{:#}", json!(all))?;
        }
        Format::Text => {
            for assumption in Assumptions::all() {
                let others = assumption
                    .choices
                    .iter()
                    .filter(|choice| **choice != assumption.default);
                let others = others.copied().collect::<Vec<_>>().join(", ");
                writeln!(
                    out,
                    "{} = {}  (or: {others})",
                    assumption.name, assumption.default
                )?;
                writeln!(out, "    {}", assumption.reason)?;
            }
        }
    }
    Ok(())
}

fn print_schema() -> anyhow::Result<()> {
    let schema = schemars::schema_for!(Settings);
    writeln!(io::stdout(), "{:#}", schema.as_value())?;
    Ok(())
}
