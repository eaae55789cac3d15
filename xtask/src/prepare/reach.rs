//! Which types travel which way, and what follows from it: checks are for requests, leniency is for answers, and a type with
//! a secret that travels both ways becomes two.

use std::collections::HashSet;

use indexmap::IndexMap;
use petgraph::algo::kosaraju_scc;
use petgraph::graphmap::DiGraphMap;

use super::{Pass, split};
use crate::document::pointer;
use crate::model::{Api, BodyMedia, Definition, Shape, Ty};

/// Marks every type with the ways it travels, puts boxes where a type contains itself, and refuses secrets where no field can
/// guard them.
pub(super) fn mark(api: &mut Api, pass: &mut Pass<'_>) {
    settle_circles(api, pass);
    let mut sent = vec![];
    let mut received = vec![];
    for operation in &api.operations {
        sent.extend(operation.body.iter().map(|body| body.ty.clone()));
        sent.extend(operation.form.iter().cloned().map(Ty::Named));
        sent.extend(
            operation
                .parameters
                .iter()
                .map(|parameter| parameter.field.ty.clone()),
        );
        received.extend(
            operation
                .success
                .iter()
                .chain(&operation.errors)
                .filter_map(|answer| answer.ty.clone()),
        );
    }
    spread(&mut api.types, sent, |definition| &mut definition.sent);
    spread(&mut api.types, received, |definition| &mut definition.received);
    split::by_way(api, pass);
    // What no operation mentions is shown as an answer would be.
    for definition in api.types.values_mut() {
        definition.received |= !definition.sent;
    }
    guard_secrets(api, pass);
    tell_null_from_nothing(api);
    note_what_requests_cannot_say(api, pass);
    put_boxes(&mut api.types);
}

/// A list of itself, or a choice that holds itself, was taken for a named type and is none: it is any JSON.
fn settle_circles(api: &mut Api, pass: &mut Pass<'_>) {
    let known: HashSet<String> = api.types.keys().cloned().collect();
    let mut unknown = vec![];
    let mut settle = |ty: &mut Ty| settle_circle(ty, &known, &mut unknown);
    for definition in api.types.values_mut() {
        match &mut definition.shape {
            Shape::Struct(object) => {
                object.fields.iter_mut().for_each(|field| settle(&mut field.ty));
                object.further.iter_mut().for_each(&mut settle);
            }
            Shape::Union(variants) => variants.iter_mut().for_each(|(_, ty)| settle(ty)),
            Shape::OpenEnum(_) => {}
        }
    }
    for operation in &mut api.operations {
        operation.body.iter_mut().for_each(|body| settle(&mut body.ty));
        operation
            .parameters
            .iter_mut()
            .for_each(|parameter| settle(&mut parameter.field.ty));
        operation
            .success
            .iter_mut()
            .chain(&mut operation.errors)
            .filter_map(|answer| answer.ty.as_mut())
            .for_each(&mut settle);
    }
    for name in unknown {
        pass.lose(
            &format!("/components/schemas/{name}"),
            "circle-as-json",
            "the shape of what holds itself without being an object",
        );
    }
}

fn settle_circle(ty: &mut Ty, known: &HashSet<String>, unknown: &mut Vec<String>) {
    match ty {
        Ty::Array(inner) | Ty::Map(inner) | Ty::Nullable(inner) | Ty::Boxed(inner) => {
            settle_circle(inner, known, unknown)
        }
        Ty::Named(name) if !known.contains(name) => {
            unknown.push(name.clone());
            *ty = Ty::Json;
        }
        _ => {}
    }
}

fn spread(
    types: &mut IndexMap<String, Definition>,
    mut from: Vec<Ty>,
    flag: fn(&mut Definition) -> &mut bool,
) {
    while let Some(ty) = from.pop() {
        match ty {
            Ty::Array(inner) | Ty::Map(inner) | Ty::Nullable(inner) | Ty::Boxed(inner) => from.push(*inner),
            Ty::Named(name) => {
                let Some(definition) = types.get_mut(&name) else {
                    continue;
                };
                if !std::mem::replace(flag(definition), true) {
                    from.extend(parts(definition));
                }
            }
            _ => {}
        }
    }
}

pub(super) fn parts(definition: &Definition) -> Vec<Ty> {
    match &definition.shape {
        Shape::Struct(object) => object
            .fields
            .iter()
            .map(|field| field.ty.clone())
            .chain(object.further.clone())
            .collect(),
        Shape::Union(variants) => variants.iter().map(|(_, ty)| ty.clone()).collect(),
        Shape::OpenEnum(_) => vec![],
    }
}

fn guard_secrets(api: &Api, pass: &mut Pass<'_>) {
    for definition in api.types.values() {
        let hidden = parts(definition).iter().any(|ty| match ty {
            Ty::Array(inner) | Ty::Map(inner) => {
                **inner == Ty::Secret || **inner == Ty::Nullable(Box::new(Ty::Secret))
            }
            _ => false,
        });
        let in_union = matches!(definition.shape, Shape::Union(_)) && parts(definition).contains(&Ty::Secret);
        if definition.sent && (hidden || in_union) {
            pass.refuse(
                &definition.pointer,
                "a secret inside a list, a map or a choice cannot be sent",
                "remove `format: password` there in the overlay",
            );
        }
    }
}

/// A `PATCH` leaves alone what it does not name and takes away what it names as `null` (RFC 7396), so that its types have a
/// place for either. Elsewhere an overlay may ask for it.
fn tell_null_from_nothing(api: &mut Api) {
    let mut changes = IndexMap::new();
    for name in api.types.keys() {
        changes.insert(name.clone(), false);
    }
    let bodies = api
        .operations
        .iter()
        .filter(|operation| operation.verb == "patch");
    let mut from: Vec<Ty> = bodies
        .filter_map(|operation| operation.body.as_ref())
        .filter(|body| body.media == BodyMedia::Json)
        .map(|body| body.ty.clone())
        .collect();
    while let Some(ty) = from.pop() {
        match ty {
            Ty::Array(inner) | Ty::Map(inner) | Ty::Nullable(inner) | Ty::Boxed(inner) => from.push(*inner),
            Ty::Named(name) => {
                if let (Some(seen), Some(definition)) = (changes.get_mut(&name), api.types.get(&name))
                    && !std::mem::replace(seen, true)
                {
                    from.extend(parts(definition));
                }
            }
            _ => {}
        }
    }
    let forms: HashSet<String> = api.operations.iter().filter_map(|it| it.form.clone()).collect();
    for (name, definition) in &mut api.types {
        let Shape::Struct(object) = &mut definition.shape else {
            continue;
        };
        for field in &mut object.fields {
            let may = definition.sent
                && !forms.contains(name)
                && field.nullable
                && !field.required
                && !matches!(field.ty, Ty::Json | Ty::Secret | Ty::Upload);
            field.null_apart = may && (changes[name] || field.null_apart);
        }
    }
}

/// Two things a document may say of a request that its client does not carry.
fn note_what_requests_cannot_say(api: &Api, pass: &mut Pass<'_>) {
    for definition in api.types.values().filter(|definition| definition.sent) {
        let Shape::Struct(object) = &definition.shape else {
            continue;
        };
        for field in &object.fields {
            let at = pointer(&pointer(&definition.pointer, "properties"), &field.key);
            if field.nullable && !field.required && !field.null_apart && field.ty != Ty::Json {
                pass.lose(
                    &at,
                    "null-is-absent",
                    "that null may be sent: what is not there is left out; `x-send-null: true` tells them apart",
                );
            }
            if field.rules.pattern.is_some() {
                pass.lose(&at, "pattern-unchecked", "that requests are held to the pattern");
            }
        }
    }
}

/// A box stands where a value would hold a value of its own type without a list or a map between them: in every field that
/// leads back to its type.
fn put_boxes(types: &mut IndexMap<String, Definition>) {
    let mut holds = DiGraphMap::<usize, ()>::new();
    let place = |types: &IndexMap<String, Definition>, ty: &Ty| match ty {
        Ty::Named(name) => types.get_index_of(name),
        _ => None,
    };
    for (index, definition) in types.values().enumerate() {
        let held = parts(definition).into_iter().filter_map(|ty| place(types, &ty));
        held.for_each(|held| {
            holds.add_edge(index, held, ());
        });
    }
    let mut circle_of = vec![None; types.len()];
    for (circle, members) in kosaraju_scc(&holds).into_iter().enumerate() {
        members
            .into_iter()
            .for_each(|member| circle_of[member] = Some(circle));
    }
    for index in 0..types.len() {
        let leads_back = |ty: &Ty| place(types, ty).is_some_and(|held| circle_of[held] == circle_of[index]);
        let boxed: Vec<bool> = match &types[index].shape {
            Shape::Struct(object) => object.fields.iter().map(|field| leads_back(&field.ty)).collect(),
            Shape::Union(variants) => variants.iter().map(|(_, ty)| leads_back(ty)).collect(),
            Shape::OpenEnum(_) => continue,
        };
        match &mut types[index].shape {
            Shape::Struct(object) => {
                let fields = object.fields.iter_mut().zip(boxed);
                fields.for_each(|(field, boxed)| field.boxed = boxed);
            }
            Shape::Union(variants) => {
                for ((_, ty), _) in variants.iter_mut().zip(boxed).filter(|(_, boxed)| *boxed) {
                    *ty = Ty::Boxed(Box::new(ty.clone()));
                }
            }
            Shape::OpenEnum(_) => {}
        }
    }
}
