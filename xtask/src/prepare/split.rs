//! A type that holds a secret and travels both ways would have to be sent in plain and be redacted: it becomes two types, one
//! for each way, and so does every type around it that travels both ways.

use std::collections::HashMap;

use super::reach::parts;
use super::{Pass, names};
use crate::model::{Api, Definition, Shape, Ty};

/// Splits what has to be split.
pub(super) fn by_way(api: &mut Api, pass: &mut Pass<'_>) {
    let twins = twins(api);
    for (name, twin) in &twins {
        let Some(definition) = api.types.get_mut(name) else {
            continue;
        };
        pass.lose(&definition.pointer, "split-by-way", "");
        let sent = Definition {
            received: false,
            ..definition.clone()
        };
        definition.sent = false;
        api.types.insert(twin.clone(), sent);
    }
    let rename = |ty: &mut Ty| rename(ty, &twins);
    for definition in api.types.values_mut().filter(|definition| definition.sent) {
        match &mut definition.shape {
            Shape::Struct(object) => {
                object.fields.iter_mut().for_each(|field| rename(&mut field.ty));
                object.further.iter_mut().for_each(rename);
            }
            Shape::Union(variants) => variants.iter_mut().for_each(|(_, ty)| rename(ty)),
            Shape::OpenEnum(_) => {}
        }
    }
    for operation in &mut api.operations {
        operation.body.iter_mut().for_each(|body| rename(&mut body.ty));
        operation
            .parameters
            .iter_mut()
            .for_each(|parameter| rename(&mut parameter.field.ty));
        if let Some(form) = &mut operation.form
            && let Some(twin) = twins.get(form)
        {
            form.clone_from(twin);
        }
    }
}

/// The types to split, each with the name of what requests hold instead.
fn twins(api: &Api) -> HashMap<String, String> {
    let mut twins: HashMap<String, String> = HashMap::new();
    loop {
        let found = api.types.iter().find(|(name, definition)| {
            definition.sent
                && definition.received
                && !twins.contains_key(*name)
                && parts(definition).iter().any(|ty| holds(ty, &twins))
        });
        let Some((name, _)) = found else { return twins };
        let is_taken = |name: &str| api.types.contains_key(name) || twins.values().any(|twin| twin == name);
        let twin = names::free(&format!("{name}Sent"), "", is_taken);
        twins.insert(name.clone(), twin);
    }
}

fn holds(ty: &Ty, twins: &HashMap<String, String>) -> bool {
    match ty {
        Ty::Secret => true,
        Ty::Array(inner) | Ty::Map(inner) | Ty::Nullable(inner) | Ty::Boxed(inner) => holds(inner, twins),
        Ty::Named(name) => twins.contains_key(name),
        _ => false,
    }
}

fn rename(ty: &mut Ty, twins: &HashMap<String, String>) {
    match ty {
        Ty::Array(inner) | Ty::Map(inner) | Ty::Nullable(inner) | Ty::Boxed(inner) => rename(inner, twins),
        Ty::Named(name) => {
            if let Some(twin) = twins.get(name) {
                name.clone_from(twin);
            }
        }
        _ => {}
    }
}
