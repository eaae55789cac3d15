//! References: in 3.1 a reference may have siblings and name any place, in 3.0 it stands alone.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use super::definitions::SCHEMAS;
use super::report::{Fix, Loss};
use super::tables::Kind;
use super::walk::Pass;
use super::{choices, tables};
use crate::document::pointer;

/// A Reference Object in place of an object. In 3.1 it may override summary and description; in 3.0 it may not.
pub(super) fn of_object(
    pass: &mut Pass<'_>,
    kind: Kind,
    object: &Map<String, Value>,
    at: &str,
) -> Option<Value> {
    let reference = object
        .get("$ref")
        .filter(|_| tables::may_be_reference(kind))?
        .as_str()?;
    for key in object.keys().filter(|key| *key != "$ref") {
        let lost = format!("the `{key}` beside the reference");
        pass.lose(&pointer(at, key), "reference-siblings", Loss::Words(lost));
    }
    // Names are written as they are; 3.0 would also have them escaped as in an address.
    let reference = percent_decode_str(reference)
        .decode_utf8()
        .unwrap_or(Cow::Borrowed(reference));
    Some(json!({ "$ref": reference }))
}

/// Path items cannot be shared in 3.0, and progenitor refuses a reference to one: its contents take its place, behind what
/// stands beside the reference.
pub(super) fn path_item(
    pass: &mut Pass<'_>,
    raw: &Map<String, Value>,
    item: &mut Map<String, Value>,
    at: &str,
) {
    let mut raw = raw;
    let mut here = at.to_owned();
    // A chain of references longer than this is a circle.
    for _ in 0..16 {
        let Some(reference) = raw.get("$ref") else { return };
        let place = reference
            .as_str()
            .and_then(|reference| reference.strip_prefix('#'));
        let found = place.and_then(|place| Some((place, pass.source.pointer(place)?.as_object()?)));
        let Some((place, target)) = found else {
            pass.refuse_for(
                &pointer(&here, "$ref"),
                &format!("{reference} names no path item of this document"),
                "remove it in the overlay, or put there what it names",
                Fix::Remove(pointer(&here, "$ref")),
            );
            return;
        };
        for (key, value) in target {
            if item.contains_key(key) {
                let lost = format!("the `{key}` of the path item, for another stands beside the reference");
                pass.lose(&pointer(place, key), "path-item-reference", Loss::Words(lost));
            } else if let Some(value) = pass.entry(Kind::PathItem, key, value, place) {
                item.insert(key.clone(), value);
            }
        }
        pass.note(&pointer(&here, "$ref"), "path-item-reference");
        pass.inlined.insert(place.to_owned());
        (raw, here) = (target, place.to_owned());
    }
    pass.refuse(&pointer(at, "$ref"), "the reference leads in a circle");
}

/// `$ref` with siblings becomes `allOf` of the reference beside them, so that description, default and the like survive. The
/// siblings are those that the other rules have left.
pub(super) fn of_schema(
    pass: &mut Pass<'_>,
    raw: &Map<String, Value>,
    schema: &mut Map<String, Value>,
    at: &str,
) {
    let references: Vec<Value> = choices::REFERENCES
        .into_iter()
        .filter_map(|keyword| Some((keyword, raw.get(keyword)?)))
        .filter_map(|(keyword, reference)| target(pass, keyword, reference, at))
        .map(|name| json!({ "$ref": format!("#{SCHEMAS}{}", name.replace('~', "~0").replace('/', "~1")) }))
        .collect();
    match references.as_slice() {
        [] => return,
        [only] if schema.is_empty() => {
            *schema = only.as_object().cloned().unwrap_or_default();
            return;
        }
        _ => {}
    }
    let first = choices::REFERENCES
        .into_iter()
        .find(|keyword| raw.contains_key(*keyword));
    let here = pointer(at, first.unwrap_or("$ref"));
    let is_heeded = schema.keys().all(|key| choices::is_annotation(key));
    match pass.is_3_1 || is_heeded {
        true => pass.note(&here, "reference-siblings"),
        false => pass.lose(
            &here,
            "reference-siblings",
            Loss::Narrower("the word of 3.0 that what stands beside a reference is ignored".to_owned()),
        ),
    }
    if raw.contains_key("allOf") {
        pass.note(&pointer(at, "allOf"), "reference-siblings");
    }
    let further = match schema.get_mut("allOf") {
        Some(Value::Array(all)) => std::mem::take(all),
        _ => vec![],
    };
    let all = references.into_iter().chain(further).collect();
    schema.insert("allOf".to_owned(), Value::Array(all));
}

/// The name of the component that a reference names, if need be of one that moves there.
fn target(pass: &mut Pass<'_>, keyword: &str, reference: &Value, at: &str) -> Option<String> {
    let here = pointer(at, keyword);
    let Some(reference) = reference.as_str() else {
        pass.refuse(&here, &format!("`{keyword}` must be a text"));
        return None;
    };
    let resolved = match keyword {
        "$dynamicRef" => pass.identities.resolve_dynamic(pass.source, reference, at),
        "$recursiveRef" => None,
        _ => pass.identities.resolve(pass.source, reference, at),
    };
    let local = || local(pass.source, reference, at);
    let Some(place) = resolved.filter(|place| !place.is_empty()).or_else(local) else {
        let reason = match (keyword, reference.starts_with('#')) {
            ("$dynamicRef", _) => format!("`{reference}` names several schemas, or none"),
            (_, true) => format!("`{reference}` leads nowhere"),
            (_, false) => format!("`{reference}` is in another document"),
        };
        let cure = "bundle the document, or allow any value there by removing the reference in the overlay";
        pass.refuse_for(&here, &reason, cure, Fix::Remove(here.clone()));
        return None;
    };
    let component = place.strip_prefix(SCHEMAS).filter(|name| !name.contains('/'));
    let name = match component {
        Some(name) => name.replace("~1", "/").replace("~0", "~"),
        None => pass.hoisted.name(&place),
    };
    if keyword == "$recursiveRef" {
        let lost = "the word of 3.1, in which `$recursiveRef` says nothing".to_owned();
        pass.lose(&here, "recursive-reference", Loss::Narrower(lost));
    } else if component.is_none_or(|name| reference != format!("#{SCHEMAS}{name}")) {
        pass.note(&here, "reference-moved");
    }
    pass.reach.refer(&name);
    Some(name)
}

/// Generators that make schemas one by one refer to `#/$defs/X`, or to `#`, as if the schema were a document of its own.
fn local(source: &Value, reference: &str, at: &str) -> Option<String> {
    let inside = reference.strip_prefix('#')?;
    let is_local = inside.is_empty() || inside.starts_with("/$defs/") || inside.starts_with("/definitions/");
    if !is_local {
        return None;
    }
    if inside.is_empty() {
        let name = at.strip_prefix(SCHEMAS)?.split('/').next()?;
        return Some(format!("{SCHEMAS}{name}"));
    }
    let mut around = at;
    loop {
        let place = format!("{around}{inside}");
        if source.pointer(&place).is_some() {
            return Some(place);
        }
        around = around.rsplit_once('/')?.0;
    }
}

/// The targets of a discriminator are references as well, where they are no plain names.
pub(super) fn of_discriminator(
    pass: &mut Pass<'_>,
    _: &Map<String, Value>,
    schema: &mut Map<String, Value>,
    at: &str,
) {
    let mapping = schema
        .get_mut("discriminator")
        .and_then(|it| it.get_mut("mapping"));
    for (key, target) in mapping.and_then(Value::as_object_mut).into_iter().flatten() {
        let Some(reference) = target.as_str().filter(|text| text.contains('#')) else {
            continue;
        };
        let here = pointer(&pointer(&pointer(at, "discriminator"), "mapping"), key);
        let resolved = pass.identities.resolve(pass.source, reference, at);
        let place = resolved.or_else(|| local(pass.source, reference, at));
        match place.as_deref() {
            None => pass.refuse(&here, &format!("`{reference}` leads nowhere")),
            Some(place)
                if place
                    .strip_prefix(SCHEMAS)
                    .is_some_and(|name| !name.contains('/')) =>
            {
                *target = json!(format!("#{place}"));
            }
            Some(place) => {
                *target = json!(format!("#{SCHEMAS}{}", pass.hoisted.name(place)));
                pass.note(&here, "reference-moved");
            }
        }
    }
}
