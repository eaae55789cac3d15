//! Composition: `allOf` is merged into one object, `oneOf` and `anyOf` become one type where a client can tell the branches
//! apart.

use serde_json::{Map, Value, json};

use super::types::{Slot, chosen_name, known_strings};
use super::{Pass, discriminator, names};
use crate::document::pointer;
use crate::model::{Rules, Shape, Ty};

impl Pass<'_> {
    pub(super) fn all_of(&mut self, schema: &Value, name: &str, at: &str) -> Slot {
        if let Some(only) = only_branch(schema) {
            return self.slot(only, name, &pointer(&pointer(at, "allOf"), 0));
        }
        match self.merged(schema, at, 0) {
            Some(merged) => self.slot(&Value::Object(merged), name, at),
            None => Slot::plain(Ty::Json),
        }
    }

    /// One schema that says what all branches say.
    fn merged(&mut self, schema: &Value, at: &str, depth: usize) -> Option<Map<String, Value>> {
        let Some(reference) = schema.get("$ref").and_then(Value::as_str) else {
            return self.merge(schema, at, depth);
        };
        if let Some(known) = self.types.merged.get(reference) {
            return Some(known.clone());
        }
        let merged = self.merge(schema, at, depth)?;
        self.types.merged.insert(reference.to_owned(), merged.clone());
        Some(merged)
    }

    fn merge(&mut self, schema: &Value, at: &str, depth: usize) -> Option<Map<String, Value>> {
        if depth > 32 {
            let from = at.split("/allOf").next().unwrap_or(at);
            self.refuse(
                from,
                "`allOf` leads in a circle, or more than 32 schemas deep",
                "inline a branch in the overlay",
            );
            return None;
        }
        let schema = self.resolve_schema(schema, at)?;
        let mut merged = schema.as_object()?.clone();
        let branches = merged.shift_remove("allOf");
        for (index, branch) in branches
            .iter()
            .flat_map(|branches| branches.as_array().into_iter().flatten())
            .enumerate()
        {
            let here = pointer(&pointer(at, "allOf"), index);
            for (key, value) in self.merged(branch, &here, depth + 1)? {
                self.merge_keyword(&mut merged, &key, value, &here);
            }
        }
        Some(merged)
    }

    fn merge_keyword(&mut self, merged: &mut Map<String, Value>, key: &str, value: Value, at: &str) {
        match (merged.get_mut(key), value) {
            (None, value) => {
                merged.insert(key.to_owned(), value);
            }
            (Some(there), value) if *there == value => {}
            (Some(Value::Object(there)), Value::Object(value)) if key == "properties" => {
                for (name, property) in value {
                    match there.get_mut(&name) {
                        None => {
                            there.insert(name, property);
                        }
                        Some(existing) if *existing != property => {
                            *existing = json!({ "allOf": [existing.clone(), property] });
                        }
                        Some(_) => {}
                    }
                }
            }
            (Some(Value::Array(there)), Value::Array(value)) if key == "required" => {
                there.extend(value);
            }
            // The outer schema speaks of the whole, a branch of a part.
            (Some(_), _) if speaks(key) => {}
            (Some(there), value) if key == "additionalProperties" => {
                if *there == json!(true) || *there == json!({}) {
                    *there = value;
                }
            }
            (Some(there), value) => match tighter(key, there, &value) {
                Some(both) => *there = both,
                None => {
                    let told =
                        format!("what a branch of `allOf` says of `{key}`, which another says otherwise");
                    self.lose(&pointer(at, key), "all-of-contradiction", &told);
                }
            },
        }
    }

    fn resolve_schema(&mut self, schema: &Value, at: &str) -> Option<Value> {
        let mut schema = schema.clone();
        for _ in 0..32 {
            let Some(reference) = schema.get("$ref").and_then(Value::as_str) else {
                return Some(schema);
            };
            let found = reference
                .strip_prefix('#')
                .and_then(|pointer| self.document.pointer(pointer));
            let Some(found) = found else {
                self.refuse(
                    at,
                    format!("`{reference}` leads nowhere"),
                    "correct it in the overlay",
                );
                return None;
            };
            schema = found.clone();
            // The part does not lend its name to the whole.
            if let Some(object) = schema.as_object_mut() {
                object.shift_remove("x-schema-name");
            }
        }
        self.refuse(at, "the reference leads in a circle", "correct it in the overlay");
        None
    }

    pub(super) fn choice(&mut self, schema: &Value, branches: &[Value], name: &str, at: &str) -> Slot {
        if let Some(values) = open_strings(branches) {
            return self.open_enum(schema, &values, name, at);
        }
        if let [only] = branches {
            return self.slot(only, name, &pointer(at, 0));
        }
        let mut nullable = false;
        let mut variants: Vec<(String, Ty)> = vec![];
        for (index, branch) in branches.iter().enumerate() {
            let hint = chosen_name(branch).unwrap_or_else(|| format!("{name}Option{}", index + 1));
            let slot = self.slot(branch, &hint, &pointer(at, index));
            nullable |= slot.nullable;
            if !slot.rules.is_empty() && branches.len() > 1 {
                self.lose(
                    &pointer(at, index),
                    "limit-unchecked",
                    "that requests are held to the limits of one branch",
                );
            }
            if !variants.iter().any(|(_, ty)| *ty == slot.ty) {
                let is_taken =
                    |name: &str| name == "Unknown" || variants.iter().any(|(other, _)| other == name);
                let name = names::free(&variant_name(&slot.ty), "", is_taken);
                variants.push((name, slot.ty));
            }
        }
        let slot = |ty| Slot {
            ty,
            nullable,
            rules: Rules::default(),
        };
        if let [(_, only)] = variants.as_slice() {
            return slot(only.clone());
        }
        let is_of_objects = variants.len() == branches.len()
            && variants
                .iter()
                .all(|(_, ty)| matches!(ty, Ty::Named(_)) && self.is_object(ty));
        if is_of_objects && let Some(tag) = discriminator::tag(self.document, schema, branches) {
            let claim = self.claim(name, schema, at.rsplit_once('/').map_or(at, |(parent, _)| parent));
            if claim.is_new {
                self.fill(&claim.name, Shape::Union(variants));
                self.tag(&claim.name, tag);
            }
            return slot(Ty::Named(claim.name));
        }
        if let Some(reason) = self.indistinct(&variants) {
            if variants.iter().any(|(_, ty)| self.holds_secret(ty, &mut vec![])) {
                self.refuse(
                    at,
                    format!("{reason}, and one of them holds a secret"),
                    "choose one branch in the overlay",
                );
            }
            self.lose(at, "choice-as-json", reason);
            return slot(Ty::Json);
        }
        // They are tried in order: every integer is a number too, and a timestamp is read from anything.
        variants.sort_by_key(|(_, ty)| match ty {
            Ty::Timestamp => 2,
            Ty::Number => 1,
            _ => 0,
        });
        let claim = self.claim(name, schema, at.rsplit_once('/').map_or(at, |(parent, _)| parent));
        if claim.is_new {
            self.fill(&claim.name, Shape::Union(variants));
        }
        slot(Ty::Named(claim.name))
    }

    /// Why the JSON alone does not tell which branch is meant, if it does not.
    fn indistinct(&self, variants: &[(String, Ty)]) -> Option<&'static str> {
        let count = |is: fn(&Self, &Ty) -> bool| variants.iter().filter(|(_, ty)| is(self, ty)).count();
        if count(|_, ty| matches!(ty, Ty::Json)) > 0 {
            return Some("one of the branches allows anything");
        }
        if count(Self::is_object) > 1 {
            return Some("several branches are objects");
        }
        if count(Self::is_text) > 1 || count(|_, ty| matches!(ty, Ty::Array(_))) > 1 {
            return Some("several branches are of one JSON type");
        }
        None
    }

    fn is_object(&self, ty: &Ty) -> bool {
        match ty {
            Ty::JsonObject | Ty::Map(_) => true,
            Ty::Named(name) => {
                !matches!(self.shape(name), Some(Shape::OpenEnum(values)) if !values.is_empty())
            }
            _ => false,
        }
    }

    fn is_text(&self, ty: &Ty) -> bool {
        match ty {
            Ty::String | Ty::Secret | Ty::Timestamp | Ty::Upload => true,
            Ty::Named(_) => !self.is_object(ty),
            _ => false,
        }
    }

    fn shape(&self, name: &str) -> Option<&Shape> {
        self.types
            .definitions
            .get(name)
            .map(|definition| &definition.shape)
    }

    fn holds_secret(&self, ty: &Ty, seen: &mut Vec<String>) -> bool {
        match ty {
            Ty::Secret => true,
            Ty::Array(inner) | Ty::Map(inner) | Ty::Nullable(inner) | Ty::Boxed(inner) => {
                self.holds_secret(inner, seen)
            }
            Ty::Named(name) if !seen.contains(name) => {
                seen.push(name.clone());
                match self.shape(name) {
                    Some(Shape::Struct(object)) => object
                        .fields
                        .iter()
                        .any(|field| self.holds_secret(&field.ty, seen)),
                    Some(Shape::Union(variants)) => {
                        variants.iter().any(|(_, ty)| self.holds_secret(ty, seen))
                    }
                    _ => false,
                }
            }
            _ => false,
        }
    }
}

/// Whether a keyword speaks of a schema without judging values, so that the outer one's word stands.
fn speaks(key: &str) -> bool {
    key.starts_with("x-")
        || matches!(
            key,
            "title"
                | "description"
                | "example"
                | "nullable"
                | "externalDocs"
                | "xml"
                | "deprecated"
                | "default"
                | "readOnly"
                | "writeOnly"
                | "discriminator"
        )
}

/// What both values of a keyword demand together, where that can be written down.
fn tighter(key: &str, left: &Value, right: &Value) -> Option<Value> {
    let number = |value: &Value| value.as_f64();
    match key {
        "minimum" | "minLength" | "minItems" | "minProperties" => Some(
            if number(left)? >= number(right)? {
                left
            } else {
                right
            }
            .clone(),
        ),
        "maximum" | "maxLength" | "maxItems" | "maxProperties" => Some(
            if number(left)? <= number(right)? {
                left
            } else {
                right
            }
            .clone(),
        ),
        "uniqueItems" | "exclusiveMinimum" | "exclusiveMaximum" => Some(json!(true)),
        "items" => Some(json!({ "allOf": [left, right] })),
        "enum" => {
            let right = right.as_array()?;
            let both: Vec<&Value> = left
                .as_array()?
                .iter()
                .filter(|value| right.contains(value))
                .collect();
            (!both.is_empty()).then(|| json!(both))
        }
        "type" => match (left.as_str()?, right.as_str()?) {
            ("number", "integer") | ("integer", "number") => Some(json!("integer")),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a branch of a choice demands something of an object that is described beside the choice, and describes none.
pub(super) fn only_demands(branch: &Value) -> bool {
    let Some(branch) = branch.as_object() else {
        return false;
    };
    branch
        .keys()
        .all(|key| matches!(key.as_str(), "required" | "not" | "title" | "description"))
        || (branch.get("type") == Some(&json!("object"))
            && branch
                .keys()
                .all(|key| matches!(key.as_str(), "type" | "required")))
}

/// The one branch of an `allOf` that only carries annotations beside it, as a reference with a description does.
fn only_branch(schema: &Value) -> Option<&Value> {
    let [only] = schema.get("allOf")?.as_array()?.as_slice() else {
        return None;
    };
    let annotates = |key: &String| {
        matches!(
            key.as_str(),
            "allOf"
                | "title"
                | "description"
                | "example"
                | "default"
                | "deprecated"
                | "readOnly"
                | "writeOnly"
                | "nullable"
                | "externalDocs"
        ) || (key.starts_with("x-") && key != "x-schema-name")
    };
    schema.as_object()?.keys().all(annotates).then_some(only)
}

/// The usual way to write an open enum: known strings, or any string.
fn open_strings(branches: &[Value]) -> Option<Vec<String>> {
    let mut known = vec![];
    let mut any = false;
    for branch in branches {
        match known_strings(branch) {
            Some(values) => known.extend(values),
            None if *branch == json!({ "type": "string" }) => any = true,
            None => return None,
        }
    }
    known.dedup();
    (any && !known.is_empty()).then_some(known)
}

fn variant_name(ty: &Ty) -> String {
    match ty {
        Ty::String => "String".to_owned(),
        Ty::Secret => "Secret".to_owned(),
        Ty::Timestamp => "Timestamp".to_owned(),
        Ty::Upload | Ty::Bytes => "Bytes".to_owned(),
        Ty::Integer | Ty::Unsigned => "Integer".to_owned(),
        Ty::Number => "Number".to_owned(),
        Ty::Boolean => "Boolean".to_owned(),
        Ty::Json => "Json".to_owned(),
        Ty::JsonObject | Ty::Map(_) => "Object".to_owned(),
        Ty::Array(_) => "List".to_owned(),
        Ty::Nullable(inner) | Ty::Boxed(inner) => variant_name(inner),
        Ty::Named(name) => name.clone(),
    }
}
