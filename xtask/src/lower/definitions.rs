//! Schemas that move to the components: those under `$defs`, and whatever else a reference names. 3.0 knows no `$defs`, and
//! a place inside another schema may not be there any more once that has been lowered.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use heck::ToPascalCase as _;
use serde_json::{Map, Value, json};

use super::tables::Kind;
use super::walk::Pass;
use crate::document::pointer;

/// Where the components' schemas are.
pub(super) const SCHEMAS: &str = "/components/schemas/";

/// Which schemas move, and what they are called where they go.
#[derive(Debug)]
pub(crate) struct Hoisted {
    names: BTreeMap<String, String>,
    /// Names that are given, in the form that the client's types will have.
    taken: BTreeSet<String>,
    waiting: VecDeque<(String, String)>,
}

impl Hoisted {
    /// Nothing may take the name of a component of this document.
    pub(super) fn beside(source: &Value) -> Self {
        let components = source.pointer("/components/schemas").and_then(Value::as_object);
        let names = components.into_iter().flat_map(Map::keys);
        Self {
            names: BTreeMap::new(),
            taken: names.map(|name| name.to_pascal_case()).collect(),
            waiting: VecDeque::new(),
        }
    }

    /// The component that the schema at this pointer becomes: its own name, or its whole path, or that with a number.
    pub(super) fn name(&mut self, place: &str) -> String {
        if let Some(name) = self.names.get(place) {
            return name.clone();
        }
        let own = place.rsplit_once('/').map_or("", |(_, name)| name);
        let path = place
            .replace("/$defs/", "/")
            .replace("/definitions/", "/")
            .to_pascal_case();
        let numbered = (2..).map(|count| format!("{path}{count}"));
        let name = [own.to_pascal_case(), path.clone()]
            .into_iter()
            .chain(numbered)
            .find(|name| is_a_name(name) && !self.taken.contains(name))
            .unwrap_or(path);
        self.taken.insert(name.clone());
        self.names.insert(place.to_owned(), name.clone());
        self.waiting.push_back((place.to_owned(), name.clone()));
        name
    }
}

fn is_a_name(name: &str) -> bool {
    let starts_well = name.starts_with(|first: char| first.is_ascii_alphabetic());
    starts_well && name.chars().all(|letter| letter.is_ascii_alphanumeric())
}

/// Has the definitions of a schema moved, whether anything refers to them or not.
pub(super) fn collect(pass: &mut Pass<'_>, raw: &Map<String, Value>, at: &str) {
    for keyword in ["$defs", "definitions"] {
        let Some(definitions) = raw.get(keyword) else {
            continue;
        };
        let here = pointer(at, keyword);
        let Value::Object(definitions) = definitions else {
            pass.refuse(&here, "definitions must be an object");
            continue;
        };
        for name in definitions.keys() {
            pass.hoisted.name(&pointer(&here, name));
        }
        pass.note(&here, "definitions");
    }
}

/// Puts what moved under the components.
pub(super) fn settle(pass: &mut Pass<'_>, document: &mut Value) {
    while let Some((place, name)) = pass.hoisted.waiting.pop_front() {
        let Some(definition) = pass.source.pointer(&place) else {
            continue;
        };
        let outer = pass.reach.enter(name.clone());
        let lowered = pass.value(Kind::Schema, definition, &place);
        pass.reach.leave(outer);
        if let Some(schemas) = schemas(document) {
            schemas.insert(name, lowered);
        }
    }
}

fn schemas(document: &mut Value) -> Option<&mut Map<String, Value>> {
    let components = document
        .as_object_mut()?
        .entry("components")
        .or_insert_with(|| json!({}));
    components
        .as_object_mut()?
        .entry("schemas")
        .or_insert_with(|| json!({}))
        .as_object_mut()
}
