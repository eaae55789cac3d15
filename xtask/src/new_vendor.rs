//! `cargo xtask new-vendor NAME --document FILE`: the skeleton of one more vendor in every room, in one go.
//!
//! What is written compiles, is tidy and is in step: the mock answers with examples, the suite asks nothing. Everything is made
//! before anything is written, and what cannot be written to the end is taken back, so that a refusal leaves no trace.

mod change;
mod insert;
mod name;
mod rooms;
mod skeleton;

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::facade::Place;
use crate::generate::{self, Made};
use crate::signatures::Signatures;
use crate::{document, overlay};

use change::Changes;
pub use name::Name;

/// What is asked for.
#[derive(Debug)]
pub struct Order {
    /// The vendor's name for folders, features and command lines.
    pub name: String,
    /// The vendor's name as it writes it itself; the other one with a capital if not given.
    pub title: Option<String>,
    /// Its OpenAPI document, JSON or YAML, 3.0 or 3.1.
    pub document: PathBuf,
    /// Our corrections to it.
    pub overlay: Option<PathBuf>,
    /// What becomes of changes that are not committed yet.
    pub uncommitted: Uncommitted,
}

/// What becomes of changes in the files that have to be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uncommitted {
    /// They are in the way: with them there, git could not take back what is written here.
    Refuse,
    /// They are kept, and mixed with what is written here.
    Mix,
}

/// Why a vendor cannot be made of what was said: a mistake on the command line.
#[derive(Debug)]
pub struct Unfit(String);

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unfit {}

/// Writes the skeleton, and says what was written and what is next.
pub fn run(root: &Path, order: &Order) -> Result<String> {
    let name = Name::new(root, &order.name, order.title.as_deref())?;
    let document = Source::read(&order.document)?;
    let corrections = order.overlay.as_deref().map(Source::read).transpose()?;
    let changes = plan(root, &name, &document, corrections.as_ref())?;
    if order.uncommitted == Uncommitted::Refuse {
        changes.refuse_uncommitted(root)?;
    }
    changes.write(root)?;
    Ok(report(&name, &changes))
}

/// A file as it is, and as it is understood.
struct Source {
    text: String,
    value: Value,
}

impl Source {
    fn read(path: &Path) -> Result<Self> {
        let value = document::read(path)?;
        let text = std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
        Ok(Self { text, value })
    }

    /// The text as a file of YAML. JSON is YAML, but for a few texts that YAML reads otherwise or not at all; these are
    /// written anew.
    fn yaml(&self) -> Result<String> {
        let text = self.text.strip_prefix('\u{feff}').unwrap_or(&self.text);
        let text = format!("{}\n", text.replace("\r\n", "\n").trim_end());
        match document::parse_yaml(&text) {
            Ok(value) if value == self.value => Ok(text),
            _ => Ok(yaml_serde::to_string(&self.value)?),
        }
    }
}

fn plan(root: &Path, name: &Name, source: &Source, corrections: Option<&Source>) -> Result<Changes> {
    let mut corrected = source.value.clone();
    if let Some(corrections) = corrections {
        overlay::apply(&mut corrected, &corrections.value).context("openapi overlay")?;
    }
    if let Some(path) = ambiguous(&corrected) {
        bail!(
            "/paths/{}: two parameters in one segment, which the mock cannot tell apart; remove the path in the overlay",
            document::pointer("", path).trim_start_matches('/')
        );
    }
    let made = generate::make(&corrected, &Place::of_vendor(&name.stem))?;
    let signatures = Signatures::of(&made.client)?.to_string();
    let mut changes = Changes::default();
    let folder = format!("openapi/{}", name.stem);
    let overlay = match corrections {
        Some(corrections) => corrections.yaml()?,
        None => skeleton::overlay(name),
    };
    changes.create(format!("{folder}/document.yaml"), source.yaml()?);
    changes.create(format!("{folder}/overlay.yaml"), overlay);
    changes.create(
        format!("{folder}/contract.json"),
        generate::json_text(&corrected)?,
    );
    changes.create(
        format!("{folder}/lowered.json"),
        generate::json_text(&made.lowered)?,
    );
    changes.create(format!("sdk/src/generated/{}.rs", name.stem), made.client.clone());
    changes.create(
        format!("sdk/src/{}.rs", name.stem),
        skeleton::sdk(name, &made.api)?,
    );
    changes.create(
        format!("mock-server/src/dialects/{}.rs", name.stem),
        skeleton::dialect(name),
    );
    changes.create(
        format!("conformance/src/subjects/{}.rs", name.stem),
        skeleton::subject(name, &made.api),
    );
    changes.create(
        format!("conformance/profiles/{}.toml", name.stem),
        skeleton::profile(name),
    );
    changes.create(
        format!("xtask/tests/it/snapshots/it__signatures__{}.snap", name.stem),
        skeleton::snapshot(&signatures),
    );
    let version = corrected
        .get("openapi")
        .and_then(Value::as_str)
        .unwrap_or_default();
    enter(root, name, version, &made, &mut changes)?;
    Ok(changes)
}

/// A path that a client can write and the mock cannot read: the contract knows one parameter in a segment.
fn ambiguous(document: &Value) -> Option<&String> {
    let paths = document.get("paths")?.as_object()?;
    let is_ambiguous = |path: &&String| path.split('/').any(|segment| segment.matches('{').count() > 1);
    paths.keys().find(is_ambiguous)
}

/// Enters the vendor into the list that each room has.
fn enter(root: &Path, name: &Name, version: &str, made: &Made, changes: &mut Changes) -> Result<()> {
    for (path, entry) in rooms::lists(root, name, version, &made.api)? {
        let text = match changes.text(path) {
            Some(text) => text.to_owned(),
            None => std::fs::read_to_string(root.join(path)).with_context(|| format!("read {path}"))?,
        };
        let entered = entry
            .enter(&text)
            .with_context(|| format!("{path}: {}", entry.complaint()))?;
        changes.change(path, &text, entered);
    }
    Ok(())
}

fn report(name: &Name, changes: &Changes) -> String {
    let stem = &name.stem;
    format!(
        "{changes}next:\n\
         \x20 1. read the diff, then `cargo test --workspace`: {} has a client, the mock plays its examples, the suite asks nothing\n\
         \x20 2. openapi/README.md: say where the document was read; openapi/{stem}/overlay.yaml: correct it, each action with its reason\n\
         \x20 3. mock-server/src/dialects/{stem}.rs: play the life of its keys\n\
         \x20 4. conformance/profiles/{stem}.toml and subjects/{stem}.rs: what is documented, and how it is asked\n\
         \x20 5. sdk/src/keys/{stem}.rs: its keys in the common vocabulary; then enter it in Vendor::PLAYED, and the tests say what is missing\n",
        name.title
    )
}
