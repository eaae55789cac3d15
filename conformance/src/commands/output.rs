//! Where reports go: standard output, and files that are never half written.

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use keyway_conformance::{Colour, Rendered, Report, Screen};

use super::arguments::RunArgs;

/// Writes the report in every form that is wanted; returns how many secrets had to be taken out.
pub(crate) fn write(args: &RunArgs, report: &Report) -> anyhow::Result<usize> {
    let screen = if args.output.is_none() {
        screen()
    } else {
        Screen::default()
    };
    let first = report.render(args.format.on(screen));
    let copies: Vec<(&Path, Rendered)> = args
        .report
        .iter()
        .map(|copy| {
            (
                copy.path.as_path(),
                report.render(copy.format.on(Screen::default())),
            )
        })
        .collect();
    // Files first: standard output may be closed.
    let files = args.output.as_deref().map(|path| (path, &first));
    for (path, rendered) in files
        .into_iter()
        .chain(copies.iter().map(|(path, rendered)| (*path, rendered)))
    {
        replace(path, rendered.text.as_bytes())?;
    }
    if args.output.is_none() {
        std::io::stdout().write_all(first.text.as_bytes())?;
    }
    let leaks = copies.iter().map(|(_, rendered)| rendered.leaks);
    Ok(leaks.chain([first.leaks]).max().unwrap_or_default())
}

/// What standard output is. COLUMNS says how wide it is where nothing else does, and where it is no terminal.
fn screen() -> Screen {
    let is_terminal = std::io::stdout().is_terminal();
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let said = std::env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok());
    let measured = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    Screen {
        colour: if is_terminal && !refused {
            Colour::Always
        } else {
            Colour::Never
        },
        width: said
            .filter(|columns| *columns > 0)
            .or_else(|| if is_terminal { measured() } else { None }),
    }
}

/// Writes beside the file and renames, so that nobody ever reads half a report.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    // A pipe or a terminal is written to, and not replaced by a file.
    if path.metadata().is_ok_and(|known| !known.is_file()) {
        return std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()));
    }
    let name = path.file_name().context("the output is not a file")?;
    let beside = path.with_file_name(format!(".{}.{}", name.to_string_lossy(), std::process::id()));
    std::fs::write(&beside, bytes).with_context(|| format!("cannot write beside {}", path.display()))?;
    std::fs::rename(&beside, path)
        .with_context(|| format!("cannot write {}", path.display()))
        .inspect_err(|_| {
            // The half-made file is of no use to anybody.
            let _ = std::fs::remove_file(&beside);
        })
}

pub(crate) fn print(text: &str) -> ExitCode {
    // A reader that has seen enough closes the pipe; that is no failure.
    let _ = std::io::stdout().write_all(text.as_bytes());
    ExitCode::SUCCESS
}
