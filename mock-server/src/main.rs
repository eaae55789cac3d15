//! The binary `keyway-mock`: serves the mock, and says what it assumes.

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
        Command::Assumptions { format } => {
            print_assumptions(format);
            Ok(())
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("keyway-mock: {error:#}");
            ExitCode::from(USAGE)
        }
    }
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
        match options.print {
            Format::Text => print_access(&server),
            Format::Json => println!("{}", access_json(&server)),
        }
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

fn access_json(server: &MockServer) -> Value {
    let vendors: Map<String, Value> = server
        .vendors()
        .into_iter()
        .map(|vendor| (vendor.name().to_owned(), json!(server.access(vendor))))
        .collect();
    json!({ "listen": server.address().to_string(), "vendors": vendors })
}

fn print_access(server: &MockServer) {
    println!("keyway-mock listens on http://{}\n", server.address());
    for vendor in server.vendors() {
        let access = server.access(vendor);
        println!("{}", vendor.title());
        println!("  base URL  {}", access.base_url);
        println!("  tenant    {}", access.tenant);
        println!("  admin     {}", access.credentials.admin);
        println!("  limited   {}", access.credentials.limited);
        println!(
            "  other     {}  (tenant {} at {})",
            access.credentials.other, access.other_tenant, access.other_base_url
        );
        println!();
    }
    println!("`key:` goes into the vendor's key header, `bearer:` into Authorization. Press Ctrl-C to stop.");
}

fn print_assumptions(format: Format) {
    match format {
        Format::Json => {
            let all: Vec<_> = Assumptions::all().collect();
            println!("{:#}", json!(all));
        }
        Format::Text => {
            for assumption in Assumptions::all() {
                let others = assumption
                    .choices
                    .iter()
                    .filter(|choice| **choice != assumption.default);
                let others: Vec<_> = others.copied().collect();
                println!(
                    "{} = {}  (or: {})",
                    assumption.name,
                    assumption.default,
                    others.join(", ")
                );
                println!("    {}", assumption.reason);
            }
        }
    }
}
