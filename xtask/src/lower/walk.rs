//! The walk over a document: every object by the table of its kind, what is below it first.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::definitions::Hoisted;
use super::identities::Identities;
use super::reach::Reach;
use super::report::{Fix, Loss, Note, Refusal};
use super::tables::{Action, Kind, action};
use super::{objects, order, references, schema};
use crate::document::pointer;

/// The state of one walk over a document.
#[derive(Debug)]
pub(crate) struct Pass<'a> {
    pub(super) source: &'a Value,
    pub(super) identities: &'a Identities,
    pub(super) is_3_1: bool,
    pub(super) refusals: Vec<(String, String, String, Fix)>,
    pub(super) hoisted: Hoisted,
    pub(super) reach: Reach<'a>,
    /// Where the path items were that have been put in the place of a reference.
    pub(super) inlined: BTreeSet<String>,
    notes: Vec<Note>,
}

impl<'a> Pass<'a> {
    pub(super) fn new(source: &'a Value, identities: &'a Identities, widened: &'a BTreeSet<String>) -> Self {
        Self {
            source,
            identities,
            is_3_1: version(source) == Some(Version::V3_1),
            refusals: vec![],
            hoisted: Hoisted::beside(source),
            reach: Reach::knowing(widened),
            inlined: BTreeSet::new(),
            notes: vec![],
        }
    }

    /// Records a rewriting that keeps the meaning.
    pub(super) fn note(&mut self, at: &str, rule: &'static str) {
        self.lose(at, rule, Loss::None);
    }

    /// Records a rewriting that loses some of the meaning.
    pub(super) fn lose(&mut self, at: &str, rule: &'static str, loss: Loss) {
        if matches!(loss, Loss::Wider(_)) {
            self.reach.widen();
        }
        if loss != Loss::None && self.source.pointer(at).is_some_and(holds_secret) {
            self.notes.push(Note {
                pointer: at.to_owned(),
                rule: "secret-unguarded",
                loss: Loss::Words("that there is a secret: it is shown as any other value".to_owned()),
            });
        }
        self.notes.push(Note {
            pointer: at.to_owned(),
            rule,
            loss,
        });
    }

    /// Records a construct that cannot be carried over, and that would be no trouble if it were not there.
    pub(super) fn refuse(&mut self, at: &str, reason: &str) {
        self.refuse_for(at, reason, "remove it in the overlay", Fix::Remove(at.to_owned()));
    }

    /// Records a construct that cannot be carried over, with a cure of its own.
    pub(super) fn refuse_for(&mut self, at: &str, reason: &str, cure: &str, fix: Fix) {
        let refusal = (at.to_owned(), reason.to_owned(), cure.to_owned(), fix);
        self.refusals.push(refusal);
    }

    /// Everything that was recorded, in the order of the document; what was met twice is told once.
    pub(super) fn into_reports(mut self) -> (Vec<Note>, Vec<Refusal>) {
        let source = self.source;
        order::sort(source, &mut self.notes, |note| &note.pointer);
        order::sort(source, &mut self.refusals, |refusal| &refusal.0);
        let refusals = self
            .refusals
            .into_iter()
            .map(|(pointer, reason, cure, fix)| Refusal {
                action: fix.action(source, &reason),
                pointer,
                reason,
                cure,
            });
        (self.notes, refusals.collect())
    }

    /// Lowers one value that stands where `kind` is expected.
    pub(super) fn value(&mut self, kind: Kind, value: &Value, at: &str) -> Value {
        if kind == Kind::Schema {
            return schema::lower(self, value, at);
        }
        let Value::Object(object) = value else {
            self.refuse(at, &format!("{kind:?} must be an object"));
            return Value::Null;
        };
        if let Some(reference) = references::of_object(self, kind, object, at) {
            return reference;
        }
        let mut lowered = Map::new();
        for (key, value) in object {
            if let Some(value) = self.entry(kind, key, value, at) {
                lowered.insert(key.clone(), value);
            }
        }
        objects::rewrite(self, kind, object, &mut lowered, at);
        Value::Object(lowered)
    }

    /// Lowers what stands behind one keyword; `None` if it does not stay.
    pub(super) fn entry(&mut self, kind: Kind, key: &str, value: &Value, at: &str) -> Option<Value> {
        let here = pointer(at, key);
        Some(match action(kind, key) {
            _ if is_extension(key) => value.clone(),
            Action::Keep => value.clone(),
            Action::One(kind) => self.value(kind, value, &here),
            Action::OneOrFlag(kind) if !value.is_boolean() => self.value(kind, value, &here),
            Action::OneOrFlag(_) => value.clone(),
            Action::Each(kind) => self.each(kind, value, &here, |_| false),
            Action::EachOrExtension(kind) => {
                let mut lowered = self.each(kind, value, &here, is_extension);
                if let Value::Object(map) = &mut lowered {
                    self.drop_extensions(map, &here);
                }
                lowered
            }
            Action::Lists(kind) => self.list(kind, value, &here),
            Action::Lost(rule, words) => {
                self.lose(&here, rule, Loss::Words(words.to_owned()));
                return None;
            }
            Action::ForRule => return None,
            Action::Unknown => {
                self.refuse(&here, &format!("no rule covers `{key}` in {kind:?}"));
                return None;
            }
        })
    }

    fn each(&mut self, kind: Kind, value: &Value, at: &str, stays: fn(&str) -> bool) -> Value {
        let Value::Object(map) = value else {
            self.refuse(at, "a map is expected");
            return Value::Null;
        };
        let lowered = map.iter().map(|(key, value)| {
            let value = match stays(key) {
                true => value.clone(),
                false => self.value(kind, value, &pointer(at, key)),
            };
            (key.clone(), value)
        });
        Value::Object(lowered.collect())
    }

    /// Among names of the author's choosing no reader of 3.0 expects an extension that is no object.
    fn drop_extensions(&mut self, map: &mut Map<String, Value>, at: &str) {
        let odd = map
            .iter()
            .filter(|(key, value)| is_extension(key) && !value.is_object());
        for key in odd.map(|(key, _)| key.clone()).collect::<Vec<_>>() {
            map.shift_remove(&key);
            self.lose(
                &pointer(at, &key),
                "extension",
                Loss::Words("the extension".to_owned()),
            );
        }
    }

    fn list(&mut self, kind: Kind, value: &Value, at: &str) -> Value {
        let Value::Array(items) = value else {
            self.refuse(at, "a list is expected");
            return Value::Null;
        };
        let lowered = items
            .iter()
            .enumerate()
            .map(|(index, item)| self.value(kind, item, &pointer(at, index)));
        Value::Array(lowered.collect())
    }
}

/// Whether something in a schema is a secret.
fn holds_secret(schema: &Value) -> bool {
    match schema {
        Value::Object(members) => {
            members.get("format").is_some_and(|format| format == "password")
                || members.values().any(holds_secret)
        }
        Value::Array(items) => items.iter().any(holds_secret),
        _ => false,
    }
}

/// A version of OpenAPI that is read here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    V3_0,
    V3_1,
}

/// The version of a document. Authors leave the last number out, and without quotes YAML takes the rest for a number.
pub(super) fn version(source: &Value) -> Option<Version> {
    let text = match source.get("openapi")? {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let mut numbers = text.split('.');
    match (numbers.next()?, numbers.next().unwrap_or("0")) {
        ("3", "0") => Some(Version::V3_0),
        ("3", "1") => Some(Version::V3_1),
        _ => None,
    }
}

/// Extensions may stand anywhere but among names of the author's choosing.
fn is_extension(key: &str) -> bool {
    key.starts_with("x-")
}
