//! `cargo xtask generate`: from the vendors' documents to everything that is written from them.
//!
//! `openapi/<vendor>/contract.json` is the document with its overlay, `lowered.json` the same in OpenAPI 3.0.3, and
//! `sdk/src/generated/<vendor>.rs` the client. Nothing depends on time, place or order of arrival: twice is the same.

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};

use crate::lower::{Note, Refusal};
use crate::model::Api;
use crate::output::{Drift, Output};
use crate::signatures::Signatures;
use crate::{document, facade, lower, overlay, prepare, progenitor};

/// Line 1 of every client that is written.
pub const HEADER: &str = "// Written by `cargo xtask generate`; do not edit.";

/// Everything that is written from one vendor's document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// The document with its overlay, as JSON text.
    pub contract: String,
    /// The same, lowered to 3.0.3.
    pub lowered: String,
    /// The client.
    pub client: String,
    /// What happened on the way, for `--explain`.
    pub notes: Vec<Note>,
}

/// A vendor was named that there is not: a mistake on the command line.
#[derive(Debug)]
pub struct UnknownVendor {
    name: String,
    known: Vec<String>,
}

impl fmt::Display for UnknownVendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is no vendor; there are {}",
            self.name,
            self.known.join(", ")
        )
    }
}

impl std::error::Error for UnknownVendor {}

/// Generates for the named vendors, or for all, and returns what is not as it should be.
pub fn run(root: &Path, vendors: &[String], output: Output) -> Result<Vec<Drift>> {
    let mut drift = vec![];
    let mut failures = vec![];
    for vendor in selected(root, vendors)? {
        match of_vendor(root, &vendor) {
            Ok(generated) => {
                let folder = Path::new("openapi").join(&vendor);
                let client = Path::new("sdk/src/generated").join(format!("{vendor}.rs"));
                drift.extend(output.file(root, &folder.join("contract.json"), &generated.contract)?);
                drift.extend(output.file(root, &folder.join("lowered.json"), &generated.lowered)?);
                let stale = output.file(root, &client, &generated.client)?;
                let breaking = match &stale {
                    Some(_) => breaking(root, &client, &generated.client)?,
                    None => vec![],
                };
                drift.extend(stale.into_iter().chain(breaking));
            }
            Err(error) => failures.push(format!("{vendor}: {error:#}")),
        }
    }
    // One vendor's trouble does not hide another's, nor its drift.
    if !failures.is_empty() {
        failures.extend(report(&drift));
        bail!("{}", failures.join("\n"));
    }
    Ok(drift)
}

/// What of the client that is committed callers would miss in the one that would be written.
fn breaking(root: &Path, path: &Path, client: &str) -> Result<Vec<Drift>> {
    let committed = match std::fs::read_to_string(root.join(path)) {
        Ok(text) => text,
        Err(_) => return Ok(vec![]),
    };
    // A file that was edited by hand until it is no Rust is told as drift already.
    let Ok(before) = Signatures::of(&committed) else {
        return Ok(vec![]);
    };
    let changes = Signatures::of(client)?.breaking_since(&before);
    Ok(changes
        .into_iter()
        .map(|change| Drift::new(path, format!("breaks callers: {change}")))
        .collect())
}

/// The vendors to work on: those named, in the order of the names, or all.
pub fn selected(root: &Path, named: &[String]) -> Result<Vec<String>> {
    let all = vendors(root)?;
    if let Some(name) = named.iter().find(|vendor| !all.contains(vendor)) {
        return Err(UnknownVendor {
            name: name.clone(),
            known: all,
        }
        .into());
    }
    Ok(all
        .into_iter()
        .filter(|vendor| named.is_empty() || named.contains(vendor))
        .collect())
}

/// A vendor is a folder of `openapi` that has a document.
fn vendors(root: &Path) -> Result<Vec<String>> {
    let folder = root.join("openapi");
    let mut vendors = vec![];
    for entry in std::fs::read_dir(&folder).with_context(|| format!("list {}", folder.display()))? {
        let entry = entry?;
        if entry.path().join("document.yaml").is_file() {
            vendors.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    vendors.sort();
    ensure!(
        !vendors.is_empty(),
        "no vendor has a document under {}",
        folder.display()
    );
    Ok(vendors)
}

/// Generates for one vendor.
pub fn of_vendor(root: &Path, vendor: &str) -> Result<Generated> {
    let folder = root.join("openapi").join(vendor);
    let mut document = document::read(&folder.join("document.yaml"))?;
    let corrections: PathBuf = folder.join("overlay.yaml");
    if corrections.exists() {
        overlay::apply(&mut document, &document::read(&corrections)?).context("openapi overlay")?;
    }
    of_document(&document, &facade::Place::of_vendor(vendor))
}

/// Generates from a document that has its overlay.
pub fn of_document(document: &Value, place: &facade::Place) -> Result<Generated> {
    let made = make(document, place)?;
    Ok(Generated {
        contract: json_text(document)?,
        lowered: json_text(&made.lowered)?,
        client: made.client,
        notes: made.notes,
    })
}

/// A client, and what it was made from.
#[derive(Debug)]
pub struct Made {
    /// The document in 3.0.3.
    pub lowered: Value,
    /// What was understood of it.
    pub api: Api,
    /// The client as Rust.
    pub client: String,
    /// What happened on the way.
    pub notes: Vec<Note>,
}

/// Makes the client of a document that has its overlay.
pub fn make(document: &Value, place: &facade::Place) -> Result<Made> {
    let lowered = lower::lower(document).map_err(|refusals| refused("it cannot be lowered", &refusals))?;
    let prepared = prepare::prepare(&lowered.document)
        .map_err(|refusals| refused("it cannot become a client", &applicable(refusals, document)))?;
    let raw = progenitor::generate(&prepared.api, &place.types())?;
    let tokens = facade::file(&prepared.api, &raw, place);
    let file: syn::File = syn::parse2(tokens).context("the client is no Rust")?;
    let client = progenitor_impl::space_out_items(prettyplease::unparse(&file))?;
    Ok(Made {
        lowered: lowered.document,
        api: prepared.api,
        client: format!("{HEADER}\n\n{client}"),
        notes: lowered.notes.into_iter().chain(prepared.notes).collect(),
    })
}

/// What is refused after lowering, with those actions that fit the document as it was read.
fn applicable(refusals: Vec<Refusal>, document: &Value) -> Vec<Refusal> {
    let fits = |action: &Value| {
        let overlay = json!({ "overlay": "1.0.0", "actions": [action] });
        overlay::apply(&mut document.clone(), &overlay).is_ok()
    };
    let keep = |refusal: Refusal| Refusal {
        action: refusal.action.filter(fits),
        ..refusal
    };
    refusals.into_iter().map(keep).collect()
}

fn refused(what: &str, refusals: &[Refusal]) -> anyhow::Error {
    let refusals = in_pasting_order(refusals);
    let lines: Vec<String> = refusals.iter().map(|refusal| format!("  {refusal}")).collect();
    anyhow::anyhow!("{what}:\n{}", lines.join("\n"))
}

/// The refusals from the back, each place removed once, so that their actions can be pasted into an overlay all together:
/// what one of them removes would move those behind it in a list, or take those within it away.
fn in_pasting_order(refusals: &[Refusal]) -> Vec<Refusal> {
    let removed = |refusal: &Refusal| {
        let action = refusal
            .action
            .as_ref()
            .filter(|action| action.get("remove").is_some())?;
        action.get("target")?.as_str().map(str::to_owned)
    };
    let all: Vec<String> = refusals.iter().filter_map(removed).collect();
    let is_within = |place: &str, outer: &str| {
        place
            .strip_prefix(outer)
            .is_some_and(|rest| rest.starts_with(['.', '[']))
    };
    let mut told = vec![];
    let mut ordered: Vec<Refusal> = vec![];
    for refusal in refusals.iter().rev() {
        let mut refusal = refusal.clone();
        if let Some(place) = removed(&refusal) {
            if told.contains(&place) || all.iter().any(|outer| is_within(&place, outer)) {
                refusal.action = None;
            }
            told.push(place);
        }
        ordered.push(refusal);
    }
    ordered
}

pub(crate) fn json_text(value: &Value) -> Result<String> {
    Ok(format!("{}\n", serde_json::to_string_pretty(value)?))
}

/// The lines to print about drift: what differs, and the cure.
pub fn report(drift: &[Drift]) -> Vec<String> {
    let mut lines: Vec<String> = drift.iter().map(Drift::to_string).collect();
    if !lines.is_empty() {
        lines.push("run `cargo xtask generate` and commit what it writes".to_owned());
    }
    lines
}
