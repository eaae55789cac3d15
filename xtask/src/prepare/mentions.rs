//! Where a type is met: what is said of one that the vendor does not explain.

use std::collections::HashMap;

use crate::model::{Api, Shape, Ty};

#[derive(Debug, Default)]
struct Mentions {
    requests: Vec<String>,
    answers: Vec<String>,
    is_refusal: bool,
    holders: Vec<String>,
}

/// Says of every type where it is met.
pub(super) fn note(api: &mut Api) {
    let mut all: HashMap<&str, Mentions> = HashMap::new();
    for operation in &api.operations {
        let method = format!("`{}`", operation.method_name);
        let body = operation.body.as_ref().and_then(|body| named(&body.ty));
        for name in body.into_iter().chain(operation.form.as_deref()) {
            push(&mut all.entry(name).or_default().requests, &method);
        }
        for name in operation
            .success
            .iter()
            .filter_map(|answer| named(answer.ty.as_ref()?))
        {
            push(&mut all.entry(name).or_default().answers, &method);
        }
        for name in operation
            .errors
            .iter()
            .filter_map(|answer| named(answer.ty.as_ref()?))
        {
            all.entry(name).or_default().is_refusal = true;
        }
    }
    for (holder, definition) in &api.types {
        let Shape::Struct(object) = &definition.shape else {
            continue;
        };
        let link = format!("[`{holder}`]");
        for name in object.fields.iter().filter_map(|field| named(&field.ty)) {
            push(&mut all.entry(name).or_default().holders, &link);
        }
    }
    let words: HashMap<String, String> = all
        .into_iter()
        .map(|(name, mentions)| (name.to_owned(), in_words(&mentions)))
        .collect();
    for (name, definition) in &mut api.types {
        definition.met = words.get(name).cloned().unwrap_or_else(|| format!("`{name}`."));
    }
}

/// Adds what was not added last.
fn push(list: &mut Vec<String>, text: &str) {
    if list.last().is_none_or(|last| last != text) {
        list.push(text.to_owned());
    }
}

fn in_words(mentions: &Mentions) -> String {
    let mut parts = vec![];
    if !mentions.requests.is_empty() {
        parts.push(format!("The request of {}.", mentions.requests.join(", ")));
    }
    if !mentions.answers.is_empty() {
        parts.push(format!("In the answer of {}.", mentions.answers.join(", ")));
    }
    if mentions.is_refusal {
        parts.push("What a refusal says.".to_owned());
    }
    if parts.is_empty() {
        parts.push(format!("Part of {}.", mentions.holders.join(", ")));
    }
    parts.join(" ")
}

/// The type that a value holds, also in a list or a map.
fn named(ty: &Ty) -> Option<&str> {
    match ty {
        Ty::Named(name) => Some(name),
        Ty::Array(inner) | Ty::Map(inner) | Ty::Nullable(inner) => named(inner),
        _ => None,
    }
}
