//! `cargo xtask tidy`: the rules of the house that no compiler checks. A test runs the same.

mod unused;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::generate::{self, HEADER};
use crate::output::Output;

/// Rooms that a room must not depend on, each with the reason.
const WALLS: &[(&str, &str, &str)] = &[
    ("sdk", "keyway-openapi", "the SDK stands alone"),
    ("sdk", "keyway-mock", "the SDK stands alone"),
    ("sdk", "keyway-conformance", "the SDK stands alone"),
    (
        "mock-server",
        "keyway",
        "a wrong field name must not agree with itself",
    ),
    ("mock-server", "keyway-conformance", "the mock knows no judge"),
    ("openapi", "keyway", "the documents know nobody"),
    ("openapi", "keyway-mock", "the documents know nobody"),
    ("bench", "keyway-mock", "the scales meet the mock on the wire"),
    ("bench", "keyway-openapi", "the scales meet the mock on the wire"),
    ("xtask", "keyway", "the workshop builds when the rest does not"),
    (
        "xtask",
        "keyway-mock",
        "the workshop builds when the rest does not",
    ),
];

/// The members of the workspace.
const ROOMS: [&str; 7] = [
    "openapi",
    "sdk",
    "mock-server",
    "conformance",
    "bench",
    "bench/floor",
    "xtask",
];

/// Every breach, one line each.
pub fn run(root: &Path) -> Result<Vec<String>> {
    let mut breaches = vec![];
    for path in sources(root)? {
        let text =
            std::fs::read_to_string(root.join(&path)).with_context(|| format!("read {}", path.display()))?;
        breaches.extend(of_source(&path, &text));
    }
    for (room, forbidden, reason) in WALLS {
        let manifest = std::fs::read_to_string(root.join(room).join("Cargo.toml"))?;
        if depends_on(&manifest, forbidden) {
            breaches.push(format!("{room}/Cargo.toml: depends on {forbidden}; {reason}"));
        }
    }
    for room in ROOMS {
        breaches.extend(unused_in(root, room)?);
    }
    let members = ROOMS.map(|room| manifest(&root.join(room)));
    let members: Vec<_> = members.into_iter().collect::<Result<_>>()?;
    let line = |package| format!("Cargo.toml: {package} is not used");
    breaches.extend(
        unused::of_workspace(&manifest(root)?, &members)
            .into_iter()
            .map(line),
    );
    breaches.extend(generate::report(&generate::run(root, &[], Output::Check)?));
    Ok(breaches)
}

/// A line for every dependency of a room that nothing in it uses.
fn unused_in(root: &Path, room: &str) -> Result<Vec<String>> {
    let folder = root.join(room);
    let mut texts = vec![];
    for path in sources(&folder)? {
        texts.push(std::fs::read_to_string(folder.join(path))?);
    }
    // The examples of a README are compiled.
    texts.extend(std::fs::read_to_string(folder.join("README.md")));
    let unused = unused::of_room(&manifest(&folder)?, &texts);
    let line = |package| format!("{room}/Cargo.toml: {package} is not used");
    Ok(unused.into_iter().map(line).collect())
}

fn manifest(folder: &Path) -> Result<toml::Table> {
    Ok(std::fs::read_to_string(folder.join("Cargo.toml"))?.parse()?)
}

/// The breaches of one source file.
pub fn of_source(path: &Path, text: &str) -> Vec<String> {
    let mut breaches = vec![];
    let mut say = |line: usize, what: &str| breaches.push(format!("{}:{line}: {what}", path.display()));
    let first = text.lines().next().unwrap_or_default();
    let is_generated =
        path.parent().is_some_and(|folder| folder.ends_with("generated")) && !path.ends_with("mod.rs");
    match is_generated {
        true if first != HEADER => say(1, "the first line must be the command that wrote the file"),
        false if !first.starts_with("//!") => say(1, "a file opens with `//!` and what it is for"),
        _ => {}
    }
    for (index, line) in text.lines().enumerate() {
        if line.ends_with([' ', '\t']) {
            say(index + 1, "white space at the end of the line");
        }
        // Written in two pieces, so that this file keeps its own rule.
        if line.contains(concat!("todo", "!(")) || line.contains(concat!("dbg", "!(")) {
            say(index + 1, "unfinished code");
        }
    }
    if !text.is_empty() && !text.ends_with('\n') {
        say(text.lines().count(), "no line feed at the end of the file");
    }
    breaches
}

/// Whether a manifest names the crate among its ordinary dependencies.
fn depends_on(manifest: &str, name: &str) -> bool {
    let mut section = "";
    manifest.lines().map(str::trim).any(|line| {
        if line.starts_with('[') {
            section = line;
        }
        let key = line.split(['=', '.', ' ']).next().unwrap_or_default();
        matches!(section, "[dependencies]" | "[build-dependencies]") && key == name
    })
}

/// Every `.rs` file of the repository, relative to its root.
pub(crate) fn sources(root: &Path) -> Result<Vec<PathBuf>> {
    let mut found = vec![];
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(root.join(&folder))? {
            let entry = entry?;
            let path = folder.join(entry.file_name());
            let name = entry.file_name();
            let is_hidden = name.to_string_lossy().starts_with('.');
            if entry.file_type()?.is_dir() {
                if !is_hidden && name != "target" {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
