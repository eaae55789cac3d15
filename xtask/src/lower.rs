//! Lowers any OpenAPI 3.0 or 3.1 document to 3.0.3, the only version that progenitor reads.
//!
//! The world is closed: every keyword is kept, rewritten by a named rule, or refused with its JSON pointer, the reason and
//! a cure. A rewriting is noted, and one that loses meaning says what is lost; `cargo xtask generate --explain` prints both.

mod arrays;
mod bounds;
mod content;
mod definitions;
mod literals;
mod objects;
mod references;
mod schema;
mod shapes;
mod tables;
mod types;
mod unmatched;

use std::fmt;

use serde_json::{Map, Value};

use crate::document::pointer;
use tables::{Action, Kind};

/// What a lowering leaves behind.
#[derive(Debug, Clone)]
pub struct Lowered {
    /// The 3.0.3 document.
    pub document: Value,
    /// Every rewriting, in the order of the document.
    pub notes: Vec<Note>,
}

/// One rewriting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Where, in the document that was read.
    pub pointer: String,
    /// The rule that did it.
    pub rule: &'static str,
    /// What of the document's meaning is gone; nothing if empty.
    pub lost: String,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pointer, rule, lost } = self;
        match lost.is_empty() {
            true => write!(f, "{rule}  {pointer}"),
            false => write!(f, "{rule}  {pointer}  LOST: {lost}"),
        }
    }
}

/// A construct that no rule covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Where, in the document that was read.
    pub pointer: String,
    /// Why it cannot be carried over.
    pub reason: String,
    /// What to do about it.
    pub cure: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            pointer,
            reason,
            cure,
        } = self;
        write!(f, "{pointer}: {reason}; {cure}")
    }
}

/// Lowers the document, or lists everything in it that cannot be lowered.
pub fn lower(source: &Value) -> Result<Lowered, Vec<Refusal>> {
    let version = source.get("openapi").and_then(Value::as_str).unwrap_or_default();
    if !version.starts_with("3.0.") && !version.starts_with("3.1.") {
        return Err(vec![Refusal {
            pointer: "/openapi".to_owned(),
            reason: format!("`{version}` is neither 3.0 nor 3.1"),
            cure: "convert the document first".to_owned(),
        }]);
    }
    let mut pass = Pass {
        source,
        ..Pass::default()
    };
    let mut document = pass.value(Kind::Document, source, "");
    definitions::settle(&mut document, &mut pass);
    if pass.refusals.is_empty()
        && let Err(error) = serde_json::from_value::<openapiv3::OpenAPI>(document.clone())
    {
        pass.refuse(
            "",
            &format!("the lowered document is not OpenAPI 3.0: {error}"),
            "correct the construct in the overlay",
        );
    }
    match pass.refusals.is_empty() {
        true => Ok(Lowered {
            document,
            notes: pass.notes,
        }),
        false => Err(pass.refusals),
    }
}

/// The state of one walk over a document.
#[derive(Debug)]
pub(crate) struct Pass<'a> {
    source: &'a Value,
    notes: Vec<Note>,
    refusals: Vec<Refusal>,
    /// Schemas met under `$defs`, by the reference that names them.
    definitions: Vec<(String, String, Value)>,
}

impl Default for Pass<'_> {
    fn default() -> Self {
        Self {
            source: &Value::Null,
            notes: vec![],
            refusals: vec![],
            definitions: vec![],
        }
    }
}

impl Pass<'_> {
    /// Records a rewriting that keeps the meaning.
    pub(crate) fn note(&mut self, at: &str, rule: &'static str) {
        self.lose(at, rule, "");
    }

    /// Records a rewriting that loses some of the meaning.
    pub(crate) fn lose(&mut self, at: &str, rule: &'static str, lost: &str) {
        self.notes.push(Note {
            pointer: at.to_owned(),
            rule,
            lost: lost.to_owned(),
        });
    }

    /// Records a construct that cannot be carried over.
    pub(crate) fn refuse(&mut self, at: &str, reason: &str, cure: &str) {
        self.refusals.push(Refusal {
            pointer: at.to_owned(),
            reason: reason.to_owned(),
            cure: cure.to_owned(),
        });
    }

    /// Lowers one value that stands where `kind` is expected.
    pub(crate) fn value(&mut self, kind: Kind, value: &Value, at: &str) -> Value {
        if kind == Kind::Schema {
            return schema::lower(self, value, at);
        }
        let Value::Object(object) = value else {
            self.refuse(
                at,
                &format!("{kind:?} must be an object"),
                "correct it in the overlay",
            );
            return Value::Null;
        };
        let mut object = object.clone();
        if let Some(reference) = references::of_object(self, kind, &mut object, at) {
            return reference;
        }
        objects::rewrite(self, kind, &mut object, at);
        self.entries(kind, object, at)
    }

    /// Walks the keywords of an object by the table of its kind.
    pub(crate) fn entries(&mut self, kind: Kind, object: Map<String, Value>, at: &str) -> Value {
        let mut lowered = Map::new();
        for (key, value) in object {
            let here = pointer(at, &key);
            let action = match key.starts_with("x-") {
                true => Action::Keep,
                false => tables::action(kind, &key),
            };
            let value = match action {
                Action::Keep => value,
                Action::One(kind) => self.value(kind, &value, &here),
                Action::OneOrFlag(kind) if !value.is_boolean() => self.value(kind, &value, &here),
                Action::OneOrFlag(_) => value,
                Action::Each(kind) => self.each(kind, value, &here),
                Action::Lists(kind) => self.list(kind, value, &here),
                Action::Unknown => {
                    self.refuse(
                        &here,
                        &format!("no rule covers `{key}` in {kind:?}"),
                        "remove it in the overlay, or write a rule",
                    );
                    continue;
                }
            };
            lowered.insert(key, value);
        }
        Value::Object(lowered)
    }

    fn each(&mut self, kind: Kind, value: Value, at: &str) -> Value {
        let Value::Object(map) = value else {
            self.refuse(at, "a map is expected", "correct it in the overlay");
            return Value::Null;
        };
        let mut lowered = Map::new();
        for (key, value) in map {
            // Extensions may stand between paths and between status codes, where any other key is an entry.
            let is_extension = matches!(kind, Kind::PathItem | Kind::Response) && key.starts_with("x-");
            let value = match is_extension {
                true => value,
                false => self.value(kind, &value, &pointer(at, &key)),
            };
            lowered.insert(key, value);
        }
        Value::Object(lowered)
    }

    fn list(&mut self, kind: Kind, value: Value, at: &str) -> Value {
        let Value::Array(items) = value else {
            self.refuse(at, "a list is expected", "correct it in the overlay");
            return Value::Null;
        };
        let lowered = items
            .iter()
            .enumerate()
            .map(|(index, item)| self.value(kind, item, &pointer(at, index)));
        Value::Array(lowered.collect())
    }
}
