//! What references name: places in the document, schemas with an identity of their own (`$id`), and anchors.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use serde_json::Value;
use url::Url;

use crate::document::pointer;

/// Where the document is taken to be, so that relative identities have something to be relative to.
const HERE: &str = "https://document.invalid/openapi";

/// Members that hold literals, in which nothing is a keyword.
const LITERALS: &[&str] = &["example", "examples", "default", "enum", "const", "value"];

/// Members whose keys are names of the author's choosing, so that none of them is a keyword.
const NAMED: &[&str] = &[
    "properties",
    "patternProperties",
    "dependentSchemas",
    "$defs",
    "definitions",
    "schemas",
];

/// Every identity in a document.
#[derive(Debug, Default)]
pub(crate) struct Identities {
    /// Schemas with a `$id`: their pointers, by their address.
    resources: BTreeMap<String, String>,
    /// The address of each of them, by its pointer.
    addresses: BTreeMap<String, Url>,
    /// Pointers of anchors, by the pointer of the resource around them and the name.
    anchors: BTreeMap<(String, String), String>,
    /// Pointers of dynamic anchors, by their names.
    dynamic: BTreeMap<String, Vec<String>>,
}

impl Identities {
    /// Collects them.
    pub(crate) fn of(document: &Value) -> Self {
        let mut identities = Self::default();
        if let Ok(base) = Url::parse(HERE) {
            identities.collect(document, "", "", &base);
        }
        identities
    }

    fn collect(&mut self, value: &Value, at: &str, resource: &str, base: &Url) {
        let object = match value {
            Value::Object(object) => object,
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.collect(item, &pointer(at, index), resource, base);
                }
                return;
            }
            _ => return,
        };
        let text = |key: &str| object.get(key).and_then(Value::as_str);
        let own = text("$id").and_then(|id| base.join(id).ok());
        let (resource, base) = match &own {
            Some(address) => (at, address),
            None => (resource, base),
        };
        if let Some(address) = &own {
            self.resources.insert(without_fragment(address), at.to_owned());
            self.addresses.insert(at.to_owned(), address.clone());
        }
        for keyword in ["$anchor", "$dynamicAnchor"] {
            let Some(name) = text(keyword) else { continue };
            self.anchors
                .insert((resource.to_owned(), name.to_owned()), at.to_owned());
            if keyword == "$dynamicAnchor" {
                self.dynamic
                    .entry(name.to_owned())
                    .or_default()
                    .push(at.to_owned());
            }
        }
        for (key, value) in object {
            let here = pointer(at, key);
            match value {
                Value::Object(named) if NAMED.contains(&key.as_str()) => {
                    for (name, value) in named {
                        self.collect(value, &pointer(&here, name), resource, base);
                    }
                }
                _ if LITERALS.contains(&key.as_str()) => {}
                value => self.collect(value, &here, resource, base),
            }
        }
    }

    /// The pointer of what a schema's reference names, if that is in this document.
    pub(crate) fn resolve(&self, document: &Value, reference: &str, at: &str) -> Option<String> {
        let (address, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let around = self.resource_around(at);
        let resource = match address {
            "" => around.to_owned(),
            address => {
                let base = self
                    .addresses
                    .get(around)
                    .cloned()
                    .or_else(|| Url::parse(HERE).ok())?;
                let address = without_fragment(&base.join(address).ok()?);
                match address == HERE {
                    true => String::new(),
                    false => self.resources.get(&address)?.clone(),
                }
            }
        };
        let fragment = percent_decode_str(fragment).decode_utf8().ok()?;
        let found = match fragment.is_empty() || fragment.starts_with('/') {
            true => format!("{resource}{fragment}"),
            false => self.anchors.get(&(resource, fragment.into_owned()))?.clone(),
        };
        document.pointer(&found).is_some().then_some(found)
    }

    /// The pointer of the schema that a dynamic reference means wherever it is followed from: there is one anchor of its
    /// name, or the reference is no more than a reference.
    pub(crate) fn resolve_dynamic(&self, document: &Value, reference: &str, at: &str) -> Option<String> {
        let name = reference.rsplit_once('#').map_or("", |(_, name)| name);
        match self.dynamic.get(name).map(Vec::as_slice) {
            None => self.resolve(document, reference, at),
            Some([only]) if self.resolve(document, reference, at).as_ref() == Some(only) => {
                Some(only.clone())
            }
            Some(_) => None,
        }
    }

    /// The schema with an identity of its own around a place, or the document.
    fn resource_around<'s>(&self, at: &'s str) -> &'s str {
        if self.addresses.is_empty() {
            return "";
        }
        let mut around = at;
        while !around.is_empty() && !self.addresses.contains_key(around) {
            around = around.rsplit_once('/').map_or("", |(parent, _)| parent);
        }
        around
    }
}

fn without_fragment(address: &Url) -> String {
    let mut address = address.clone();
    address.set_fragment(None);
    address.into()
}
