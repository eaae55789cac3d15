//! Lowers any OpenAPI 3.0 or 3.1 document to 3.0.3, the only version that progenitor reads.
//!
//! The world is closed: every keyword is kept, rewritten by a named rule, or refused with its JSON pointer, the reason and
//! the overlay action that cures it. A rewriting is noted, and one that loses meaning says what is lost;
//! `cargo xtask generate --explain` prints both. A loss lets more values fit than before, never fewer, but for those that
//! are marked as narrower.

mod arrays;
mod bounds;
mod choices;
mod content;
mod definitions;
mod identities;
mod literals;
mod misfits;
mod objects;
mod order;
mod reach;
mod references;
mod report;
mod schema;
mod shapes;
mod tables;
mod types;
mod unmatched;
mod walk;

use std::collections::BTreeSet;

use serde_json::{Value, json};

pub(crate) use report::Fix;
pub use report::{Loss, Note, Refusal};
use tables::Kind;
use walk::Pass;

/// What a lowering leaves behind.
#[derive(Debug, Clone)]
pub struct Lowered {
    /// The 3.0.3 document.
    pub document: Value,
    /// Every rewriting, in the order of the document.
    pub notes: Vec<Note>,
}

/// Lowers the document, or lists everything in it that cannot be lowered.
pub fn lower(source: &Value) -> Result<Lowered, Vec<Refusal>> {
    if let Some(refusal) = other_version(source) {
        return Err(vec![refusal]);
    }
    let identities = identities::Identities::of(source);
    // What a restriction that got lost does to `oneOf` and `not` is known once every component has been looked at.
    let mut widened = BTreeSet::new();
    let (mut document, mut pass) = once(source, &identities, &widened);
    let reached = pass.reach.widened();
    if !reached.is_empty() {
        widened = reached;
        (document, pass) = once(source, &identities, &widened);
    }
    if pass.refusals.is_empty() {
        misfits::refuse(&mut pass, &document);
    }
    let (notes, refusals) = pass.into_reports();
    match refusals.is_empty() {
        true => Ok(Lowered { document, notes }),
        false => Err(refusals),
    }
}

fn once<'a>(
    source: &'a Value,
    identities: &'a identities::Identities,
    widened: &'a BTreeSet<String>,
) -> (Value, Pass<'a>) {
    let mut pass = Pass::new(source, identities, widened);
    let mut document = pass.value(Kind::Document, source, "");
    definitions::settle(&mut pass, &mut document);
    (document, pass)
}

fn other_version(source: &Value) -> Option<Refusal> {
    if walk::version(source).is_some() {
        return None;
    }
    let found = source.get("openapi").or_else(|| source.get("swagger"));
    let reason = match found {
        Some(version) => format!("{version} is neither 3.0 nor 3.1"),
        None => "the document does not say which version of OpenAPI it is".to_owned(),
    };
    let fix = match source.get("openapi") {
        Some(_) => Fix::Update(String::new(), json!({ "openapi": "3.1.1" })),
        None => Fix::Unknown,
    };
    let cure = match fix {
        Fix::Unknown => "convert the document first",
        _ => "convert the document, or have it read as 3.1",
    };
    Some(Refusal {
        pointer: "/openapi".to_owned(),
        action: fix.action(source, &reason),
        reason,
        cure: cure.to_owned(),
    })
}
