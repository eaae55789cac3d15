//! `cargo xtask generate --document FILE --out DIR`: a client crate that stands alone, from any document.
//!
//! It has three parts: what is generated, as for a vendor (`generated.rs`); what a vendor's module has written by hand, here
//! made from the document's security schemes (`api.rs`); and the runtime, whose files are carried along ([`runtime`]).

pub(crate) mod credentials;
mod manifest;
mod readme;
pub mod runtime;

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::facade::{Place, docs};
use crate::generate::{self, Made};
use crate::lower::{Loss, Note};
use crate::model::Api;
use crate::output::{Drift, Output};
use crate::prepare::names;
use crate::{document, overlay};

/// The first line of every manifest that is written, by which a folder of ours is known.
pub const MANIFEST_HEADER: &str = "# Written by `cargo xtask generate --document`; do not edit.";

/// A crate before it is written.
#[derive(Debug)]
pub struct Crate {
    /// The name of the package.
    pub name: String,
    /// The files by their paths in the crate.
    pub files: Vec<(String, String)>,
    /// What happened to the document on the way.
    pub notes: Vec<Note>,
    /// How many operations it has.
    pub operations: usize,
}

/// A folder that holds something else than a crate that was written here.
#[derive(Debug)]
pub struct Occupied(PathBuf);

impl fmt::Display for Occupied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let folder = self.0.display();
        write!(
            f,
            "{folder} holds what was not written here and is left alone; name a new or an empty folder"
        )
    }
}

impl std::error::Error for Occupied {}

/// Reads a document and applies its overlays in their order.
pub fn read(path: &Path, overlays: &[PathBuf]) -> Result<Value> {
    let mut document = document::read(path)?;
    for correction in overlays {
        overlay::apply(&mut document, &document::read(correction)?)
            .with_context(|| format!("overlay {}", correction.display()))?;
    }
    Ok(document)
}

/// Writes the crate of a document into a folder, or lists what differs there.
pub fn run(document: &Value, folder: &Path, output: Output) -> Result<(Crate, Vec<Drift>)> {
    if output == Output::Write && is_occupied(folder)? {
        return Err(Occupied(folder.to_owned()).into());
    }
    let made = of_document(document)?;
    let mut drift = vec![];
    for (path, text) in &made.files {
        drift.extend(output.file(folder, Path::new(path), text)?);
    }
    Ok((made, drift))
}

fn is_occupied(folder: &Path) -> Result<bool> {
    let mut entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error).with_context(|| format!("list {}", folder.display())),
    };
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    Ok(entries.next().is_some() && manifest.lines().next() != Some(MANIFEST_HEADER))
}

/// The crate of a document.
pub fn of_document(document: &Value) -> Result<Crate> {
    let Made {
        api, client, notes, ..
    } = generate::make(document, &Place::of_crate())?;
    let name = package_name(&api.title);
    let crate_name = name.replace('-', "_");
    let mut files: Vec<(String, String)> = runtime::FILES
        .iter()
        .map(|(path, text)| (format!("src/{path}"), runtime::carried(text, &crate_name)))
        .collect();
    files.push((
        "src/refusal.rs".to_owned(),
        include_str!("standalone/template/refusal.rs").to_owned(),
    ));
    files.push(("src/lib.rs".to_owned(), library(&api, &name, &crate_name)));
    files.push(("src/api.rs".to_owned(), client_module(&api, &name)?));
    files.push(("src/generated.rs".to_owned(), client));
    let description = format!("A typed client for {}.", readme::heading(&api, &name));
    let has_forms = api.operations.iter().any(|operation| operation.form.is_some());
    let manifest = manifest::of(&name, &description, has_forms, files.iter().map(|(_, text)| text))?;
    files.push(("Cargo.toml".to_owned(), manifest));
    files.push((
        "README.md".to_owned(),
        readme::text(&api, &name, &crate_name, &notes),
    ));
    Ok(Crate {
        name,
        files,
        notes,
        operations: api.operations.len(),
    })
}

/// The name of a package for an API of this title. It ends in `client`, so that it is no keyword and no dependency of its own.
fn package_name(title: &str) -> String {
    let ascii: String = title
        .chars()
        .take(64)
        .map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter
            } else {
                ' '
            }
        })
        .collect();
    let snake = names::snake(ascii.trim());
    let words: Vec<&str> = snake
        .split('_')
        .filter(|word| !word.is_empty() && *word != "client")
        .collect();
    match words.as_slice() {
        [] | ["empty"] => "api-client".to_owned(),
        words => format!("{}-client", words.join("-")),
    }
}

fn library(api: &Api, name: &str, crate_name: &str) -> String {
    let title = docs::lines(&format!(
        "{}: a typed client.\n\n{}",
        readme::heading(api, name),
        api.docs
    ));
    let about: String = title
        .iter()
        .map(|line| match line.is_empty() {
            true => "//!\n".to_owned(),
            false => format!("//! {line}\n"),
        })
        .collect();
    let example = format!(
        "//!\n//! ```\n//! use {crate_name}::{{Client, Credentials}};\n//!\n//! let client = Client::new(\"{}\", {})?;\n\
         //! # let _ = client;\n//! # Ok::<(), {crate_name}::ConfigError>(())\n//! ```\n//!\n",
        readme::server(api),
        readme::example_credentials(api)
    );
    format!("{about}{example}{}", include_str!("standalone/template/lib.rs"))
}

fn client_module(api: &Api, name: &str) -> Result<String> {
    let template = include_str!("standalone/template/api.rs")
        .replace("<name>", name)
        .replace("<server>", readme::server(api));
    let constructors = credentials::constructors(api)?;
    let basic = credentials::basic(api);
    Ok(template.replace("client! {\n", &format!("{constructors}{basic}\nclient! {{\n")))
}

/// One line about what was written.
pub fn report(made: &Crate, folder: &Path) -> String {
    let losses = made.notes.iter().filter(|note| note.loss != Loss::None).count();
    format!(
        "{}: {} operations in {}; {} rewritings, {losses} with a loss (`--explain` tells them)",
        made.name,
        made.operations,
        folder.display(),
        made.notes.len()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_has_a_name_whatever_the_title() {
        for (title, name) in [
            ("Redocly Museum API", "redocly-museum-api-client"),
            ("The Client", "the-client"),
            ("", "api-client"),
            ("日本語", "api-client"),
            ("2 Fast & 2 Furious", "value-2-fast-2-furious-client"),
            ("serde", "serde-client"),
            ("\"; rm -rf", "rm-rf-client"),
        ] {
            assert_eq!(package_name(title), name, "{title}");
        }
    }
}
