//! Values that fit a schema of OpenAPI 3.0 or 3.1, as far as they can be made without looking further than the schema.
//!
//! A value is a proposal: the contract has the last word. What a maker gets wrong (`not`, `if`, branches of a `oneOf` that
//! overlap) another of [`Maker::all`] may get right.

mod merged;
mod numbers;

use std::cell::Cell;

use keyway_openapi::Operation;
use serde_json::{Map, Value};

use super::texts;
pub(super) use merged::Merged;

/// Optional members and items are made only down to this depth.
const RICH_DEPTH: usize = 5;
/// Nothing is made any deeper: a schema that demands itself has no example.
const DEEPEST: usize = 32;
/// So many values are made before optional ones are left out.
const PLENTY: usize = 400;
/// An array or an object that must be larger has no example.
const MOST: u64 = 1000;

/// Makes values of one taste.
pub(super) struct Maker<'d> {
    document: &'d Value,
    examples: Examples,
    members: Members,
    /// Which branch of a choice is taken.
    branch: usize,
    made: Cell<usize>,
}

/// Whether the examples of schemas are used.
#[derive(Clone, Copy, PartialEq)]
enum Examples {
    Used,
    Ignored,
}

/// Which members an object gets.
#[derive(Clone, Copy, PartialEq)]
enum Members {
    All,
    Required,
}

impl<'d> Maker<'d> {
    /// Makers of every taste, the most telling first.
    pub(super) fn all(document: &'d Value) -> impl Iterator<Item = Self> {
        (0..4).flat_map(move |branch| {
            [
                (Examples::Used, Members::All),
                (Examples::Ignored, Members::All),
                (Examples::Used, Members::Required),
                (Examples::Ignored, Members::Required),
            ]
            .map(|(examples, members)| Self {
                document,
                examples,
                members,
                branch,
                made: Cell::default(),
            })
        })
    }

    /// A value that may fit the schema.
    pub(super) fn value(&self, schema: &Value) -> Option<Value> {
        self.nth(schema, 0, 0)
    }

    /// The same, `turn` values further on, where they must not be equal.
    fn nth(&self, schema: &Value, turn: usize, depth: usize) -> Option<Value> {
        self.made.set(self.made.get() + 1);
        if depth > DEEPEST {
            return None;
        }
        if self.examples == Examples::Used
            && turn == 0
            && let Some(example) = shown(self.document, schema)
        {
            return Some(example.clone());
        }
        let merged = Merged::of(self.document, schema, self.branch)?;
        self.made_of(&merged, turn, depth)
    }

    fn made_of(&self, merged: &Merged, turn: usize, depth: usize) -> Option<Value> {
        if let Some(value) = merged.get("const") {
            return Some(value.clone());
        }
        if let Some(values) = merged.get("enum").and_then(Value::as_array) {
            let values: Vec<&Value> = values.iter().filter(|value| !value.is_null()).collect();
            return match values.len() {
                0 => Some(Value::Null),
                count => Some(values[turn % count].clone()),
            };
        }
        match merged.kind() {
            "null" => Some(Value::Null),
            "boolean" => Some(Value::Bool(turn.is_multiple_of(2))),
            "integer" => numbers::integer(merged, turn),
            "number" => numbers::number(merged, turn),
            "string" => texts::text(merged, turn).map(Value::String),
            "array" => self.array(merged, depth),
            _ => self.object(merged, depth),
        }
    }

    fn array(&self, merged: &Merged, depth: usize) -> Option<Value> {
        let least = merged.count("minItems").unwrap_or_default();
        let most = merged.count("maxItems").unwrap_or(u64::MAX);
        let first = merged.get("prefixItems").and_then(Value::as_array);
        let wanted = match self.is_plentiful(depth) {
            true => least
                .max(1)
                .max(first.map_or(0, |first| first.len() as u64))
                .min(most),
            false => least,
        };
        if wanted > MOST {
            return None;
        }
        let anything = Value::Object(Map::new());
        let further = merged
            .get("contains")
            .or_else(|| merged.get("items"))
            .unwrap_or(&anything);
        let mut items = Vec::new();
        for turn in 0..usize::try_from(wanted).ok()? {
            let schema = first.and_then(|first| first.get(turn)).unwrap_or(further);
            match self.nth(schema, turn, depth + 1) {
                Some(item) => items.push(item),
                None if items.len() as u64 >= least => break,
                None => return None,
            }
        }
        Some(Value::Array(items))
    }

    fn object(&self, merged: &Merged, depth: usize) -> Option<Value> {
        let nothing = Map::new();
        let properties = merged
            .get("properties")
            .and_then(Value::as_object)
            .unwrap_or(&nothing);
        let required = merged.required();
        let mut object = Map::new();
        for (name, schema) in properties {
            let is_required = required.contains(&name.as_str());
            // What only a request has is in no answer.
            if schema.get("writeOnly") == Some(&Value::Bool(true))
                || !is_required && !self.is_plentiful(depth)
            {
                continue;
            }
            match self.nth(schema, 0, depth + 1) {
                Some(value) => {
                    object.insert(name.clone(), value);
                }
                None if is_required => return None,
                None => {}
            }
        }
        let anything = Value::Object(Map::new());
        let further = merged.get("additionalProperties").unwrap_or(&anything);
        let unnamed = required.iter().filter(|name| !properties.contains_key(**name));
        let least = merged.count("minProperties").unwrap_or_default();
        let missing = least.saturating_sub(object.len() as u64).min(MOST);
        let made_up = (1..=missing).map(|number| format!("member{number}"));
        for name in unnamed.map(|name| (*name).to_owned()).chain(made_up) {
            object.insert(name, self.nth(further, 0, depth + 1)?);
        }
        Some(Value::Object(object))
    }

    fn is_plentiful(&self, depth: usize) -> bool {
        self.members == Members::All && depth < RICH_DEPTH && self.made.get() < PLENTY
    }
}

/// The example that a schema shows of itself.
fn shown<'d>(document: &'d Value, schema: &'d Value) -> Option<&'d Value> {
    let schema = resolved(document, schema)?;
    schema
        .get("example")
        .or_else(|| schema.get("examples")?.get(0))
        .or_else(|| schema.get("default"))
        .filter(|example| !example.is_null())
}

/// The examples that a media type shows.
pub(super) fn examples<'d>(document: &'d Value, media: &'d Value) -> Vec<&'d Value> {
    let several = media.get("examples").and_then(Value::as_object);
    let values = several
        .into_iter()
        .flat_map(Map::values)
        .filter_map(|example| resolved(document, example)?.get("value"));
    media.get("example").into_iter().chain(values).collect()
}

/// An answer of an operation, where the document writes it.
pub(super) fn response<'d>(document: &'d Value, operation: &Operation, status: &str) -> Option<&'d Value> {
    let item = resolved(document, document.get("paths")?.get(operation.path())?)?;
    let method = operation.method().to_ascii_lowercase();
    resolved(document, item.get(method)?.get("responses")?.get(status)?)
}

/// What a reference leads to, or the value itself.
pub(super) fn resolved<'d>(document: &'d Value, value: &'d Value) -> Option<&'d Value> {
    let mut value = value;
    for _ in 0..DEEPEST {
        match value.get("$ref").and_then(Value::as_str) {
            Some(reference) => value = target(document, reference)?,
            None => return Some(value),
        }
    }
    None
}

/// What a reference within the document points to.
fn target<'d>(document: &'d Value, reference: &str) -> Option<&'d Value> {
    let pointer = reference.strip_prefix('#')?;
    let pointer = percent_encoding::percent_decode_str(pointer).decode_utf8().ok()?;
    document.pointer(&pointer)
}
