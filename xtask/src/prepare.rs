//! From a lowered document to the model of a client: everything that progenitor and typify cannot do by themselves.
//!
//! References are resolved, inline schemas get names, every answer gets a variant, string enums become open, and whatever
//! has no place in a client is refused by name. typify has no part in it: its types are closed where answers must be open
//! (enums, `additionalProperties: false`, timestamps), print everything they hold, and send defaults that nobody asked for.

mod answers;
mod compose;
pub mod names;
mod operations;
mod parameters;
mod reach;
mod references;
mod rules;
mod types;

use indexmap::IndexSet;
use serde_json::Value;

use crate::lower::{Loss, Note, Refusal};
use crate::model::Api;

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
    let mut pass = Pass {
        document,
        notes: IndexSet::new(),
        refusals: vec![],
        types: types::Types::default(),
    };
    pass.name_components();
    pass.define_components();
    let operations = pass.operations();
    let mut api = Api {
        title: text(document.pointer("/info/title")).to_owned(),
        server_path: server_path(document),
        types: std::mem::take(&mut pass.types.definitions),
        operations,
    };
    reach::mark(&mut api, &mut pass);
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

    fn refuse(&mut self, at: &str, reason: impl Into<String>, cure: &str) {
        let refusal = Refusal {
            pointer: at.to_owned(),
            reason: reason.into(),
            cure: cure.to_owned(),
            action: None,
        };
        if !self.refusals.contains(&refusal) {
            self.refusals.push(refusal);
        }
    }
}

/// The path of the first server without its host, which the user of a client gives: `{tenantBaseUrl}/api/v1` → `/api/v1`.
fn server_path(document: &Value) -> String {
    let url = text(document.pointer("/servers/0/url"));
    let rest = match url.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
        None => url.split_once('/').map_or("", |(_, path)| path),
    };
    match rest.trim_matches('/') {
        "" => String::new(),
        path => format!("/{path}"),
    }
}

fn text(value: Option<&Value>) -> &str {
    value.and_then(Value::as_str).unwrap_or_default()
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_host_is_left_to_the_user_and_the_path_is_ours() {
        let path = |url: &str| server_path(&json!({ "servers": [{ "url": url }] }));
        assert_eq!(path("{tenantBaseUrl}/api/v1"), "/api/v1");
        assert_eq!(path("https://api.reten.ai"), "");
        assert_eq!(path("https://api.b3os.org/v1/"), "/v1");
        assert_eq!(path("/v1"), "/v1");
        assert_eq!(server_path(&json!({})), "");
    }
}
