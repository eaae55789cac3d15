//! Choices: a `null` branch of `anyOf` or `oneOf` becomes `nullable`, and `oneOf` gives way where branches lost restrictions.
//!
//! `nullable` beside a type adds `null` to that type, as 3.0.3 says. Without a type 3.0 says nothing of it; there it is
//! written, and widely read, as "or null". So it may stand only where no other keyword has a say about `null`.

use serde_json::{Map, Value, json};

use super::report::Loss;
use super::walk::Pass;
use crate::document::pointer;

/// Whether exactly one branch still means what it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OneOf {
    Exact,
    /// A branch lets more pass, so that two may fit where one did.
    Loosened,
}

/// Rewrites both choices of a schema.
pub(super) fn settle(
    pass: &mut Pass<'_>,
    raw: &Map<String, Value>,
    schema: &mut Map<String, Value>,
    one_of: OneOf,
    at: &str,
) {
    for keyword in ["anyOf", "oneOf"] {
        if let Some(Value::Array(branches)) = raw.get(keyword) {
            let branches = (keyword, branches.as_slice());
            settle_one(pass, branches, (raw, schema), one_of, at);
        }
    }
}

fn settle_one(
    pass: &mut Pass<'_>,
    (keyword, branches): (&str, &[Value]),
    (raw, schema): (&Map<String, Value>, &mut Map<String, Value>),
    one_of: OneOf,
    at: &str,
) {
    let here = pointer(at, keyword);
    let lowered = schema
        .get(keyword)
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let mut rest: Vec<Value> = branches
        .iter()
        .zip(lowered)
        .filter(|(branch, lowered)| !is_null(branch) && !is_null(lowered))
        .map(|(_, lowered)| lowered.clone())
        .collect();
    let nulls = branches.len() - rest.len();
    let is_loosened = keyword == "oneOf" && one_of == OneOf::Loosened && rest.len() > 1;
    if nulls == 0 && !is_loosened {
        return;
    }
    schema.shift_remove(keyword);
    let mut choice = Map::new();
    if nulls > 0 {
        choice.insert("nullable".to_owned(), json!(true));
        let fits_another = |branch: &Value| !is_null(branch) && may_be_null(pass, branch, at, 0);
        let loss = match keyword == "oneOf" && (nulls > 1 || branches.iter().any(fits_another)) {
            true => Loss::Wider("that null is refused for fitting two branches".to_owned()),
            false => Loss::None,
        };
        pass.lose(&here, "null-branch", loss);
    }
    if is_loosened {
        let lost = "that no second branch fits, for a part of one is lost".to_owned();
        pass.lose(&here, "choice-of-a-loss", Loss::Wider(lost));
    }
    match (rest.len(), rest.first()) {
        (0, _) => {
            choice.insert("enum".to_owned(), json!([null]));
        }
        (1, Some(Value::Object(only))) if can_merge(schema, only) => {
            choice.extend(only.clone());
            choice.insert("nullable".to_owned(), json!(true));
            allow_null(&mut choice);
        }
        (1, _) => {
            choice.insert("allOf".to_owned(), Value::Array(rest));
        }
        _ => {
            let keyword = if is_loosened { "anyOf" } else { keyword };
            choice.insert(keyword.to_owned(), Value::Array(std::mem::take(&mut rest)));
        }
    }
    attach(raw, schema, choice);
}

/// Puts a choice into a schema: beside its keywords, or behind an `allOf` where they would get into each other's way.
pub(super) fn attach(raw: &Map<String, Value>, schema: &mut Map<String, Value>, choice: Map<String, Value>) {
    let collides = choice
        .keys()
        .any(|key| schema.contains_key(key) && key != "nullable");
    let is_overruled =
        choice.contains_key("nullable") && (refers(raw) || schema.keys().any(|key| judges_null(key)));
    match collides || is_overruled {
        false => schema.extend(choice),
        true => and(schema, Value::Object(choice)),
    }
}

/// Demands one more thing of what the schema describes, beside what it demands already.
pub(super) fn and(schema: &mut Map<String, Value>, further: Value) {
    match schema.get_mut("allOf") {
        Some(Value::Array(all)) => all.push(further),
        _ => {
            schema.insert("allOf".to_owned(), json!([further]));
        }
    }
}

/// What refers to another schema. The last is a word of an earlier draft that some documents still use.
pub(super) const REFERENCES: [&str; 3] = ["$ref", "$dynamicRef", "$recursiveRef"];

/// Whether the schema refers to another, which will be a branch of `allOf`.
pub(super) fn refers(raw: &Map<String, Value>) -> bool {
    REFERENCES.iter().any(|keyword| raw.contains_key(*keyword))
}

/// Whether the keyword has a say about `null`.
pub(super) fn judges_null(keyword: &str) -> bool {
    matches!(
        keyword,
        "type" | "enum" | "const" | "allOf" | "anyOf" | "oneOf" | "not"
    )
}

/// Whether the keyword applies a schema to the same value, so that one beside it may see more than its neighbours.
pub(super) fn applies_in_place(keyword: &str) -> bool {
    REFERENCES.contains(&keyword)
        || matches!(
            keyword,
            "allOf" | "anyOf" | "oneOf" | "not" | "if" | "dependentSchemas" | "dependencies"
        )
}

/// Whether the keyword judges no value.
pub(super) fn is_annotation(keyword: &str) -> bool {
    keyword.starts_with("x-")
        || matches!(
            keyword,
            "title"
                | "description"
                | "default"
                | "example"
                | "examples"
                | "deprecated"
                | "readOnly"
                | "writeOnly"
                | "externalDocs"
                | "xml"
                | "discriminator"
                | "format"
        )
}

fn can_merge(schema: &Map<String, Value>, branch: &Map<String, Value>) -> bool {
    let is_simple = |key: &String| !judges_null(key) || key == "type" || key == "enum";
    !branch.contains_key("$ref")
        && branch
            .keys()
            .all(|key| is_simple(key) && !schema.contains_key(key))
}

/// `nullable` adds `null` to the type; a list of values must have it by itself.
pub(super) fn allow_null(schema: &mut Map<String, Value>) {
    if let Some(Value::Array(values)) = schema.get_mut("enum")
        && !values.contains(&Value::Null)
    {
        values.push(Value::Null);
    }
}

/// Whether a branch allows `null` and nothing else, and says nothing but that.
fn is_null(branch: &Value) -> bool {
    let Some(branch) = branch.as_object() else {
        return false;
    };
    let says_nothing_else = branch.keys().all(|key| {
        matches!(
            key.as_str(),
            "type" | "const" | "enum" | "nullable" | "title" | "description" | "$comment"
        )
    });
    let literals = [
        branch.get("const"),
        branch.get("enum").and_then(|values| values.get(0)),
    ];
    let only_null = branch.get("enum").is_none_or(|values| *values == json!([null]))
        && branch.get("const").is_none_or(Value::is_null);
    let type_fits = branch
        .get("type")
        .is_none_or(|name| name == "null" || has_null(name) || branch.get("nullable") == Some(&json!(true)));
    let type_is_null = branch
        .get("type")
        .is_some_and(|name| name == "null" || *name == json!(["null"]));
    let names_null = type_is_null || literals.iter().flatten().any(|literal| literal.is_null());
    says_nothing_else && only_null && type_fits && names_null
}

fn has_null(types: &Value) -> bool {
    types
        .as_array()
        .is_some_and(|types| types.iter().any(|name| name == "null"))
}

/// Whether `null` may fit a schema as it was read. In doubt it may.
fn may_be_null(pass: &Pass<'_>, schema: &Value, at: &str, depth: usize) -> bool {
    let Some(keywords) = schema.as_object() else {
        return *schema != json!(false);
    };
    if depth > 16 {
        return true;
    }
    let type_allows =
        |name: &Value| name == "null" || has_null(name) || keywords.get("nullable") == Some(&json!(true));
    let inner = |branch: &Value| may_be_null(pass, branch, at, depth + 1);
    keywords.iter().all(|(key, value)| match (key.as_str(), value) {
        ("type", name) => type_allows(name),
        ("const", literal) => literal.is_null(),
        ("enum", Value::Array(values)) => values.contains(&Value::Null),
        ("allOf", Value::Array(branches)) => branches.iter().all(inner),
        ("anyOf" | "oneOf", Value::Array(branches)) => branches.iter().any(inner),
        ("$ref", Value::String(reference)) => {
            let place = pass.identities.resolve(pass.source, reference, at);
            let found = place
                .as_ref()
                .and_then(|place| Some((pass.source.pointer(place)?, place)));
            found.is_none_or(|(schema, place)| may_be_null(pass, schema, place, depth + 1))
        }
        _ => true,
    })
}
