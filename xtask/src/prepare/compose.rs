//! Composition: `allOf` is merged into one object, `oneOf` and `anyOf` become one type where a client can tell the branches
//! apart.

use serde_json::{Map, Value, json};

use super::Pass;
use super::types::{Slot, chosen_name, known_strings};
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
        if depth > 32 {
            self.refuse(at, "`allOf` leads in a circle", "inline a branch in the overlay");
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
                self.merge_keyword(&mut merged, &key, value, &here)?;
            }
        }
        Some(merged)
    }

    fn merge_keyword(
        &mut self,
        merged: &mut Map<String, Value>,
        key: &str,
        value: Value,
        at: &str,
    ) -> Option<()> {
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
            (Some(_), _)
                if matches!(
                    key,
                    "title" | "description" | "example" | "nullable" | "x-schema-name"
                ) => {}
            (Some(there), value) if key == "additionalProperties" => {
                if *there == json!(true) || *there == json!({}) {
                    *there = value;
                }
            }
            (Some(_), _) => {
                self.refuse(
                    &pointer(at, key),
                    format!("`{key}` contradicts another branch of `allOf`"),
                    "settle it in the overlay",
                );
                return None;
            }
        }
        Some(())
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
            if !variants.iter().any(|(_, ty)| *ty == slot.ty) {
                variants.push((variant_name(&slot.ty), slot.ty));
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
        if self.reserve(name, schema, at.rsplit_once('/').map_or(at, |(parent, _)| parent)) {
            self.fill(name, Shape::Union(variants));
        }
        slot(Ty::Named(name.to_owned()))
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
            Ty::Array(inner) | Ty::Map(inner) | Ty::Nullable(inner) => self.holds_secret(inner, seen),
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
        Ty::Nullable(inner) => variant_name(inner),
        Ty::Named(name) => name.clone(),
    }
}
