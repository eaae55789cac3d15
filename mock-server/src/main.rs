//! The binary `keyway-mock`: serves the mock, and says what it assumes.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, Subcommand, ValueEnum};
use keyway_mock::{Assumptions, MockServer, Vendor};
use serde_json::{Map, Value, json};

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
    Serve(Serve),
    /// List every answer that no vendor documents, with its default and its alternatives.
    Assumptions {
        /// How to print the list.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

#[derive(clap::Args)]
struct Serve {
    /// Where to listen; port 0 takes a free one.
    #[arg(
        long,
        value_name = "ADDRESS",
        default_value = "127.0.0.1:4010",
        env = "KEYWAY_MOCK_LISTEN"
    )]
    listen: SocketAddr,
    /// Serve this vendor only, at the root instead of under its name.
    #[arg(long, value_name = "NAME", env = "KEYWAY_MOCK_VENDOR")]
    vendor: Option<Vendor>,
    /// Switch an answer that the vendor does not document; may be repeated (see `keyway-mock assumptions`).
    #[arg(long, value_name = "NAME=VALUE")]
    assume: Vec<String>,
    /// How to print base URLs and ready-made credentials.
    #[arg(long, value_enum, default_value_t)]
    print: Format,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs; `serve` prints it in one line.
    Json,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Command::Serve(options) => serve(&options),
        Command::Assumptions { format } => print_assumptions(format),
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

fn serve(options: &Serve) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut builder = MockServer::builder().listen(options.listen);
        for setting in &options.assume {
            builder = builder.assume(setting)?;
        }
        if let Some(vendor) = options.vendor {
            builder = builder.vendor(vendor);
        }
        let server = builder.start().await?;
        // A server whose first line nobody reads is still wanted.
        let _ = match options.print {
            Format::Text => print_access(&server),
            Format::Json => print_access_line(&server),
        };
        interrupted().await.context("cannot listen for signals")?;
        server.shutdown().await;
        Ok(())
    })
}

/// Returns at the first interrupt or request to terminate.
async fn interrupted() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            interrupt = tokio::signal::ctrl_c() => interrupt,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

fn print_access_line(server: &MockServer) -> anyhow::Result<()> {
    let vendors: Map<String, Value> = server
        .vendors()
        .into_iter()
        .map(|vendor| (vendor.name().to_owned(), json!(server.access(vendor))))
        .collect();
    let access = json!({ "listen": server.address().to_string(), "vendors": vendors });
    writeln!(io::stdout(), "{access}")?;
    Ok(())
}

fn print_access(server: &MockServer) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "keyway-mock listens on http://{}\n", server.address())?;
    for vendor in server.vendors() {
        let access = server.access(vendor);
        writeln!(out, "{}", vendor.title())?;
        writeln!(out, "  base URL  {}", access.base_url)?;
        writeln!(out, "  tenant    {}", access.tenant)?;
        writeln!(out, "  admin     {}", access.credentials.admin)?;
        writeln!(out, "  limited   {}", access.credentials.limited)?;
        writeln!(
            out,
            "  other     {}  (tenant {} at {})",
            access.credentials.other, access.other_tenant, access.other_base_url
        )?;
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
                let others: Vec<_> = others.copied().collect();
                writeln!(
                    out,
                    "{} = {}  (or: {})",
                    assumption.name,
                    assumption.default,
                    others.join(", ")
                )?;
                writeln!(out, "    {}", assumption.reason)?;
            }
        }
    }
    Ok(())
}
