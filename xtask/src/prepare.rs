//! From a lowered document to the model of a client: everything that progenitor and typify cannot do by themselves.
//!
//! References are resolved, inline schemas get names, every answer gets a variant, string enums become open, and whatever
//! has no place in a client is refused by name. typify has no part in it: its types are closed where answers must be open
//! (enums, `additionalProperties: false`, timestamps), print everything they hold, and send defaults that nobody asked for.

mod answers;
mod bodies;
mod compose;
mod discriminator;
mod inheritance;
mod mentions;
pub mod names;
mod operations;
mod parameters;
mod reach;
mod references;
mod rules;
mod security;
mod servers;
mod split;
mod types;

use indexmap::{IndexMap, IndexSet};
use serde_json::Value;

use crate::lower::{Fix, Loss, Note, Refusal};
use crate::model::{Api, Credential};

/// What preparation leaves behind.
#[derive(Debug)]
pub struct Prepared {
    /// The model.
    pub api: Api,
    /// Every decision that a reader of the document would not expect.
    pub notes: Vec<Note>,
}

/// Understands the document, or lists everything in it that a client cannot have.
pub fn prepare(document: &Value) -> Result<Prepared, Vec<Refusal>> {
    let (document, notes) = inheritance::spelled_out(document);
    let document = &*document;
    let mut pass = Pass {
        document,
        notes: IndexSet::from_iter(notes),
        refusals: vec![],
        types: types::Types::default(),
        credentials: IndexMap::new(),
    };
    pass.refuse_open_server();
    pass.note_other_paths();
    pass.name_components();
    pass.define_components();
    let operations = pass.operations();
    let mut api = Api {
        title: text(document.pointer("/info/title")).trim().to_owned(),
        docs: document.get("info").map(prose).unwrap_or_default(),
        server: servers::root(document),
        server_path: servers::path(document),
        types: std::mem::take(&mut pass.types.definitions),
        operations,
        credentials: std::mem::take(&mut pass.credentials)
            .into_values()
            .flatten()
            .collect(),
    };
    reach::mark(&mut api, &mut pass);
    mentions::note(&mut api);
    match pass.refusals.is_empty() {
        true => Ok(Prepared {
            api,
            notes: pass.notes.into_iter().collect(),
        }),
        false => Err(pass.refusals),
    }
}

/// The state of one reading of a document.
#[derive(Debug)]
pub(crate) struct Pass<'a> {
    document: &'a Value,
    notes: IndexSet<Note>,
    refusals: Vec<Refusal>,
    types: types::Types,
    /// The security schemes that operations ask for, by their keys; `None` for one that no client can hold.
    credentials: IndexMap<String, Option<Credential>>,
}

impl Pass<'_> {
    fn lose(&mut self, at: &str, rule: &'static str, lost: &str) {
        let note = Note {
            pointer: at.to_owned(),
            rule,
            loss: Loss::of_words(lost),
        };
        // A component is read once for every place that refers to it; it is told once.
        self.notes.insert(note);
    }

    /// Refuses what only somebody who knows the vendor can mend.
    fn refuse(&mut self, at: &str, reason: impl Into<String>, cure: &str) {
        self.refuse_with(at, reason.into(), cure, &Fix::Unknown);
    }

    /// Refuses what can do without the place `out`.
    fn refuse_without(&mut self, at: &str, out: &str, reason: impl Into<String>, cure: &str) {
        self.refuse_with(at, reason.into(), cure, &Fix::Remove(out.to_owned()));
    }

    fn refuse_with(&mut self, at: &str, reason: String, cure: &str, fix: &Fix) {
        let refusal = Refusal {
            pointer: at.to_owned(),
            action: fix.action(self.document, &reason),
            reason,
            cure: cure.to_owned(),
        };
        if !self.refusals.contains(&refusal) {
            self.refusals.push(refusal);
        }
    }
}

fn text(value: Option<&Value>) -> &str {
    value.and_then(Value::as_str).unwrap_or_default()
}

/// The page that an operation is told at: this project's own `x-source`, or what OpenAPI has for it.
fn source(operation: &Value) -> Option<String> {
    let named = operation
        .get("x-source")
        .or_else(|| operation.pointer("/externalDocs/url"))?;
    named.as_str().map(str::to_owned)
}

/// Summary and description, in this order.
fn prose(object: &Value) -> String {
    let parts = ["summary", "description"].map(|key| text(object.get(key)).trim());
    let [summary, description] = parts;
    match (
        summary.is_empty(),
        description.is_empty() || description == summary,
    ) {
        (true, _) => description.to_owned(),
        (false, true) => summary.to_owned(),
        (false, false) => format!("{summary}\n\n{description}"),
    }
}
