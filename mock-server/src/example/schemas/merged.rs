//! A schema with what it refers to, and what it is all of, in one place.

use serde_json::{Map, Value, json};

use super::target;

/// References and `allOf` are followed so far.
const DEEPEST: usize = 32;

/// The keywords of a schema and of everything that holds beside them.
pub(in crate::example) struct Merged(Map<String, Value>);

impl Merged {
    /// Merges; of a choice the branch of this number is taken, which goes round. None if nothing can fit.
    pub(super) fn of(document: &Value, schema: &Value, branch: usize) -> Option<Self> {
        let mut merged = Self(Map::new());
        merged.add(document, schema, branch, 0)?;
        Some(merged)
    }

    pub(in crate::example) fn get(&self, keyword: &str) -> Option<&Value> {
        self.0.get(keyword)
    }

    /// A keyword that counts: lengths and numbers of items.
    pub(in crate::example) fn count(&self, keyword: &str) -> Option<u64> {
        let value = self.get(keyword)?;
        value
            .as_u64()
            .or_else(|| value.as_f64().map(|count| count as u64))
    }

    pub(super) fn required(&self) -> Vec<&str> {
        let names = self.get("required").and_then(Value::as_array);
        names.into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// The type to make; where none is said, the one that the other keywords speak of.
    pub(super) fn kind(&self) -> &str {
        match self.get("type") {
            Some(Value::String(kind)) => return kind,
            Some(Value::Array(kinds)) => {
                let mut kinds = kinds.iter().filter_map(Value::as_str);
                let mut last = None;
                return kinds
                    .find(|kind| {
                        last = Some(*kind);
                        *kind != "null"
                    })
                    .or(last)
                    .unwrap_or("null");
            }
            _ => {}
        }
        let speaks = |keywords: &[&str]| keywords.iter().any(|keyword| self.0.contains_key(*keyword));
        if speaks(&["properties", "required", "additionalProperties", "minProperties"]) {
            "object"
        } else if speaks(&["items", "prefixItems", "minItems", "contains"]) {
            "array"
        } else if speaks(&["format", "pattern", "minLength", "maxLength"]) {
            "string"
        } else if speaks(&[
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
        ]) {
            "number"
        } else {
            "object"
        }
    }

    fn add(&mut self, document: &Value, schema: &Value, branch: usize, depth: usize) -> Option<()> {
        if depth > DEEPEST || *schema == Value::Bool(false) {
            return None;
        }
        let Value::Object(keywords) = schema else {
            return Some(());
        };
        if let Some(reference) = keywords.get("$ref").and_then(Value::as_str) {
            self.add(document, target(document, reference)?, branch, depth + 1)?;
        }
        for (keyword, value) in keywords {
            self.heed(keyword, value);
        }
        for part in keywords
            .get("allOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            self.add(document, part, branch, depth + 1)?;
        }
        for choice in ["oneOf", "anyOf"] {
            let branches = keywords
                .get(choice)
                .and_then(Value::as_array)
                .into_iter()
                .flatten();
            let branches: Vec<&Value> = branches
                .filter(|one| one.get("type").is_none_or(|kind| kind != "null"))
                .collect();
            if !branches.is_empty() {
                self.add(document, branches[branch % branches.len()], branch, depth + 1)?;
            }
        }
        Some(())
    }

    /// Takes a keyword in; where there is one of that name already, both are to hold.
    fn heed(&mut self, keyword: &str, value: &Value) {
        let both = match (self.0.get(keyword), keyword) {
            (_, "$ref" | "allOf" | "oneOf" | "anyOf") => return,
            (None, _) => value.clone(),
            (Some(known), "properties") => joined(known, value),
            (Some(known), "required") => {
                let mut names = known.as_array().cloned().unwrap_or_default();
                names.extend(value.as_array().cloned().unwrap_or_default());
                Value::Array(names)
            }
            (Some(known), "enum") => common(known, value),
            (Some(known), "type") => narrower(known, value),
            (Some(known), "items" | "additionalProperties") => json!({ "allOf": [known, value] }),
            (Some(known), name) if name.starts_with("min") => if known.as_f64() >= value.as_f64() {
                known
            } else {
                value
            }
            .clone(),
            (Some(known), name) if name.starts_with("max") => if known.as_f64() <= value.as_f64() {
                known
            } else {
                value
            }
            .clone(),
            (Some(_), _) => value.clone(),
        };
        self.0.insert(keyword.to_owned(), both);
    }
}

fn joined(known: &Value, further: &Value) -> Value {
    let mut all = known.as_object().cloned().unwrap_or_default();
    for (name, schema) in further.as_object().into_iter().flatten() {
        let both = match all.get(name) {
            Some(known) if known != schema => json!({ "allOf": [known, schema] }),
            _ => schema.clone(),
        };
        all.insert(name.clone(), both);
    }
    Value::Object(all)
}

fn common(known: &Value, further: &Value) -> Value {
    let further = further.as_array().cloned().unwrap_or_default();
    let known = known.as_array().cloned().unwrap_or_default();
    known
        .into_iter()
        .filter(|value| further.contains(value))
        .collect()
}

fn narrower(known: &Value, further: &Value) -> Value {
    let kinds = |value: &Value| match value {
        Value::Array(kinds) => kinds.clone(),
        kind => vec![kind.clone()],
    };
    let (known, further) = (kinds(known), kinds(further));
    let is_integer = |kinds: &[Value]| kinds.iter().any(|kind| kind == "integer");
    let mut both: Vec<Value> = known
        .iter()
        .filter(|kind| further.contains(kind))
        .cloned()
        .collect();
    if is_integer(&known) != is_integer(&further) && !is_integer(&both) {
        // An integer is a number.
        both.push(Value::from("integer"));
    }
    Value::Array(both)
}
