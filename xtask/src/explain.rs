//! `cargo xtask generate --explain`: what happened to each document on the way to its client.

use std::fmt::Write as _;
use std::path::Path;

use anstyle::{AnsiColor, Style};
use anyhow::Result;

use crate::generate;
use crate::lower::{Loss, Note};

/// What is printed, and what went wrong beside it.
#[derive(Debug)]
pub struct Explained {
    /// One block per document, with the codes of colours; whoever prints it leaves them out where nobody sees them.
    pub text: String,
    /// The documents that cannot become a client, each with the reasons.
    pub problems: Vec<String>,
}

/// Explains the documents of the named vendors, or of all.
pub fn run(root: &Path, vendors: &[String]) -> Result<Explained> {
    let mut text = String::new();
    let mut problems = vec![];
    for vendor in generate::selected(root, vendors)? {
        match generate::of_vendor(root, &vendor) {
            Ok(generated) => text.push_str(&block(&vendor, &generated.notes)?),
            Err(error) => problems.push(format!("{vendor}: {error:#}")),
        }
    }
    Ok(Explained { text, problems })
}

/// What is told of one document: a line per rewriting with its rule and its place, and below a loss what is gone.
pub fn block(name: &str, notes: &[Note]) -> Result<String> {
    let bold = Style::new().bold();
    let faint = Style::new().dimmed();
    let losses = notes.iter().filter(|note| note.loss != Loss::None).count();
    let rules = notes.iter().map(|note| note.rule.len()).max().unwrap_or_default();
    let labels = notes
        .iter()
        .map(|note| note.loss.label().len())
        .max()
        .unwrap_or_default();
    let mut text = String::new();
    writeln!(
        text,
        "{bold}{name}{bold:#}: {}, {losses} with a loss",
        counted(notes.len(), "rewriting")
    )?;
    for Note { pointer, rule, loss } in notes {
        let colour = colour(loss);
        let label = loss.label();
        let place = if pointer.is_empty() {
            "the document"
        } else {
            pointer
        };
        writeln!(
            text,
            "  {rule:rules$}  {colour}{label:labels$}{colour:#}  {faint}{place}{faint:#}"
        )?;
        if *loss != Loss::None {
            let indent = rules + labels + 6;
            writeln!(text, "{:indent$}{colour}{}{colour:#}", "", loss.text())?;
        }
    }
    Ok(text)
}

fn counted(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    }
}

fn colour(loss: &Loss) -> Style {
    match loss {
        Loss::None => Style::new(),
        Loss::Words(_) => AnsiColor::Cyan.on_default(),
        Loss::Wider(_) => AnsiColor::Yellow.on_default(),
        Loss::Narrower(_) => AnsiColor::Red.on_default(),
    }
}
