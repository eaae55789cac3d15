//! The binary `keyway-mock`: serves the mock, and says what it assumes.

mod complaint;
mod health;
mod interrupts;
mod lifeline;
mod nearest;
mod settings;

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::error::ErrorKind;
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use keyway_mock::{Assumptions, IssuedSeeds, MockServer, Sabotage, Vendor};
use serde_json::json;

use interrupts::Interrupts;
use lifeline::{Lifeline, Waiting};
use settings::{Format, Place, Serve, Settings};

/// How many descriptors are asked for, one a connection. Shells hand out about a thousand, and a server that has none left
/// accepts nobody; where fewer may be had, they have to do.
#[cfg(unix)]
const DESCRIPTORS: u64 = 65_536;

/// Exit code of a wrong command line or an address that cannot be had.
const USAGE: u8 = 2;

/// Plays the APIs of Sinjapp, Reten, Dolfin and B3OS: keys made through them work until they are revoked.
#[derive(Parser)]
#[command(version, max_term_width = 100)]
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
    Serve(Box<Serve>),
    /// List every answer that no vendor documents, with its default and its alternatives.
    Assumptions {
        /// How to print the list.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// List every promise that `serve --sabotage` can break.
    Sabotages {
        /// How to print the list.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Print the JSON Schema of the settings file, for editors.
    ConfigSchema,
    /// Ask a running server whether it is well: exit code 0 if it is, 1 if not.
    Healthcheck {
        /// Where its control plane is, 127.0.0.1:4010 or https://127.0.0.1:4010; if not given, where environment and
        /// settings file have it.
        #[arg(value_name = "ADDRESS", value_parser = settings::place)]
        address: Option<Place>,
    },
}

fn main() -> ExitCode {
    let cli = match read(std::env::args_os().collect()) {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    let mut failure = USAGE;
    let done = match cli.command {
        Command::Serve(asked) => asked.whole().and_then(|settings| serve(&settings)),
        Command::Assumptions { format } => print_assumptions(format),
        Command::Sabotages { format } => print_sabotages(format),
        Command::ConfigSchema => print_schema(),
        Command::Healthcheck { address } => {
            failure = 1;
            check_health(address)
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if nobody_listens(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("keyway-mock: {error:#}");
            ExitCode::from(failure)
        }
    }
}

/// Reads the command line; the environment is none of its business. What is wrong is told here, in one line.
fn read(arguments: Vec<OsString>) -> Result<Cli, ExitCode> {
    let command = Cli::command();
    let deaf = Cli::command().mut_subcommands(settings::deaf);
    let read = deaf.try_get_matches_from(&arguments);
    let read = read.and_then(|matches| {
        let mut cli = Cli::from_arg_matches(&matches)?;
        if let (Command::Serve(serve), Some((_, given))) = (&mut cli.command, matches.subcommand()) {
            serve.note(given);
        }
        Ok(cli)
    });
    read.map_err(|error| match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayVersion
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            // Once more with the variables, for the help names them.
            let error = command.try_get_matches_from(arguments).err().unwrap_or(error);
            let _ = error.print();
            ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(USAGE))
        }
        _ => {
            eprintln!("keyway-mock: {}", complaint::of_command(&error, &command));
            ExitCode::from(USAGE)
        }
    })
}

/// Whether the reader of our output has gone, as `head` does. That is no failure of ours.
fn nobody_listens(error: &anyhow::Error) -> bool {
    let io = error.downcast_ref::<io::Error>();
    io.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

fn check_health(address: Option<Place>) -> anyhow::Result<()> {
    let settings = Serve::default().whole()?;
    let settings = match address {
        Some(address) => settings.with_control_at(address),
        None => settings,
    };
    let (address, scheme) = settings.answers_at()?;
    health::ask(address, scheme)
}

fn serve(settings: &Settings) -> anyhow::Result<()> {
    #[cfg(unix)]
    let _ = rlimit::increase_nofile_limit(DESCRIPTORS);
    // Both before anything else is begun: the parent may end meanwhile, and descriptors be given out.
    let lifeline = Lifeline::to(settings.parent())?;
    let waiting = settings.ready_fd().map(Waiting::at).transpose()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        // What is read here may be a pipe that nobody writes to; a signal ends that as it ends any program.
        let (builder, mut issued) = settings.builder().await?;
        let mut interrupts = Interrupts::listen().context("cannot listen for signals")?;
        let server = tokio::select! {
            server = builder.start() => server?,
            () = interrupts.next() => return Ok(()),
        };
        if !server.has_new_state() && !is_nothing(&issued) {
            eprintln!("keyway-mock: the store has a state already, so the users and keys of the settings were not made");
            issued = IssuedSeeds::default();
        }
        if let Some(sabotage) = settings.sabotage()? {
            eprintln!("keyway-mock: sabotaged: {}", sabotage.effect);
        }
        let printed = match settings.print() {
            Format::Text => print_access(&server, &issued),
            Format::Json => print_line(&server, &issued),
        };
        // A server whose first line nobody reads is still wanted; one whose line is lost on the way is not found.
        match printed {
            Err(error) if !nobody_listens(&error) => {
                return Err(error).context("cannot write to standard output");
            }
            _ => {}
        }
        // Shown once, and kept no longer.
        drop(issued);
        if let Some(waiting) = waiting {
            waiting.tell();
        }
        tokio::select! {
            () = interrupts.next() => {}
            () = lifeline.torn() => {}
        }
        tokio::select! {
            () = server.shutdown() => {}
            // Whoever asks twice does not want to wait.
            () = interrupts.next() => {}
        }
        Ok(())
    })
}

/// Address, ways in and credentials as one line of JSON.
fn print_line(server: &MockServer, issued: &IssuedSeeds) -> anyhow::Result<()> {
    let mut line = server.all_access();
    if !is_nothing(issued) {
        line["seeded"] = json!(issued);
    }
    writeln!(io::stdout(), "{line}")?;
    Ok(())
}

fn is_nothing(issued: &IssuedSeeds) -> bool {
    issued.principals().is_empty() && issued.keys().is_empty()
}

fn print_access(server: &MockServer, issued: &IssuedSeeds) -> anyhow::Result<()> {
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
        print_seeded(&mut out, vendor, issued)?;
        writeln!(out)?;
    }
    writeln!(
        out,
        "`key:` goes into the vendor's key header, `bearer:` into Authorization. Press Ctrl-C to stop."
    )?;
    Ok(())
}

/// The users and keys that the settings asked for.
fn print_seeded(out: &mut impl io::Write, vendor: Vendor, issued: &IssuedSeeds) -> io::Result<()> {
    for made in issued.principals().iter().chain(issued.keys()) {
        if made.vendor() == vendor {
            let name = made.username().or(made.email()).unwrap_or(made.id());
            writeln!(
                out,
                "  seeded    {}  ({name}, tenant {})",
                made.credential(),
                made.tenant()
            )?;
        }
    }
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

fn print_sabotages(format: Format) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    match format {
        Format::Json => {
            let all: Vec<_> = Sabotage::all().collect();
            writeln!(out, "{:#}", json!(all))?;
        }
        Format::Text => {
            for sabotage in Sabotage::all() {
                let vendors: Vec<_> = sabotage.vendors.iter().map(|vendor| vendor.name()).collect();
                writeln!(out, "{}  ({})", sabotage.name, vendors.join(", "))?;
                writeln!(out, "    {}", sabotage.effect)?;
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
