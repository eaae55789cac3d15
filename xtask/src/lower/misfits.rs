//! The last word: what has been lowered must be OpenAPI 3.0, and what is not is named where it stands.

use openapiv3::ReferenceOr;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::report::Fix;
use super::tables::{Action, Kind, action};
use super::walk::Pass;
use crate::document::pointer;

/// Refuses the innermost objects that cannot be read as what they are.
pub(super) fn refuse(pass: &mut Pass<'_>, document: &Value) {
    descend(pass, Kind::Document, document, "");
}

fn descend(pass: &mut Pass<'_>, kind: Kind, value: &Value, at: &str) {
    let Err(error) = read(kind, value) else { return };
    let before = pass.refusals.len();
    for (key, value) in value.as_object().into_iter().flatten() {
        let here = pointer(at, key);
        match (action(kind, key), value) {
            (Action::One(kind) | Action::OneOrFlag(kind), value) => descend(pass, kind, value, &here),
            (Action::Each(kind) | Action::EachOrExtension(kind), Value::Object(map)) => {
                map.iter()
                    .for_each(|(name, value)| descend(pass, kind, value, &pointer(&here, name)));
            }
            (Action::Lists(kind), Value::Array(items)) => {
                let items = items.iter().enumerate();
                items.for_each(|(index, value)| descend(pass, kind, value, &pointer(&here, index)));
            }
            _ => {}
        }
    }
    if pass.refusals.len() > before {
        return;
    }
    let reason = format!("it is no {kind:?} of OpenAPI 3.0: {error}");
    let missing = missing(kind, value);
    match (culprit(kind, value), kind) {
        (Some(key), _) => pass.refuse(&pointer(at, key), &format!("with it, {reason}")),
        (None, _) if !missing.is_empty() => {
            let fix = Fix::Update(at.to_owned(), Value::Object(missing));
            pass.refuse_for(at, &reason, "say it in the overlay", fix);
        }
        (None, Kind::Document | Kind::Info | Kind::Components) => {
            pass.refuse_for(at, &reason, "correct it in the overlay", Fix::Unknown);
        }
        (None, _) => {
            let cure = "correct it in the overlay, or remove it there";
            pass.refuse_for(at, &reason, cure, Fix::Remove(at.to_owned()));
        }
    }
}

/// What every document must say and this one does not, with words to be replaced.
fn missing(kind: Kind, value: &Value) -> Map<String, Value> {
    let wanted = match kind {
        Kind::Document => json!({ "info": { "title": "Untitled", "version": "0" } }),
        Kind::Info => json!({ "title": "Untitled", "version": "0" }),
        _ => Value::Null,
    };
    let wanted = wanted.as_object().cloned().unwrap_or_default();
    wanted
        .into_iter()
        .filter(|(key, _)| value.get(key).is_none())
        .collect()
}

/// The member without which the object can be read.
fn culprit(kind: Kind, value: &Value) -> Option<&String> {
    value.as_object()?.keys().find(|key| {
        let mut rest = value.clone();
        rest.as_object_mut().map(|rest| rest.shift_remove(*key));
        read(kind, &rest).is_ok()
    })
}

fn read(kind: Kind, value: &Value) -> Result<(), serde_json::Error> {
    fn of<'de, T: Deserialize<'de>>(value: &'de Value) -> Result<(), serde_json::Error> {
        T::deserialize(value).map(drop)
    }
    match kind {
        Kind::Document => of::<openapiv3::OpenAPI>(value),
        Kind::Info => of::<openapiv3::Info>(value),
        Kind::License => of::<openapiv3::License>(value),
        Kind::Components => of::<openapiv3::Components>(value),
        Kind::PathItem => of::<ReferenceOr<openapiv3::PathItem>>(value),
        Kind::Operation => of::<openapiv3::Operation>(value),
        Kind::Parameter => of::<ReferenceOr<openapiv3::Parameter>>(value),
        Kind::RequestBody => of::<ReferenceOr<openapiv3::RequestBody>>(value),
        Kind::MediaType => of::<openapiv3::MediaType>(value),
        Kind::Encoding => of::<openapiv3::Encoding>(value),
        Kind::Response => of::<ReferenceOr<openapiv3::Response>>(value),
        Kind::Header => of::<ReferenceOr<openapiv3::Header>>(value),
        Kind::Link => of::<ReferenceOr<openapiv3::Link>>(value),
        Kind::Callback => of::<ReferenceOr<openapiv3::Callback>>(value),
        Kind::Example => of::<ReferenceOr<openapiv3::Example>>(value),
        Kind::SecurityScheme => of::<ReferenceOr<openapiv3::SecurityScheme>>(value),
        Kind::Schema => of::<ReferenceOr<openapiv3::Schema>>(value),
    }
}
