//! What progenitor is asked to write, and what is kept of it: one method per operation that builds a request.
//!
//! progenitor gets a document of its own, made from the model: parameters of simple types, bodies of our types, and one raw
//! answer. So it meets none of the constructs on which it panics (several answers, several media types, JSON without a
//! schema), and no type of its making reaches a user.

mod cut;
mod literals;

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use indexmap::IndexMap;
use proc_macro2::TokenStream;
use progenitor_impl::{GenerationSettings, Generator, InterfaceStyle};
use quote::format_ident;
use serde_json::{Map, Value, json};

use crate::model::{Api, Body, BodyMedia, Operation, Parameter, Place, Ty};

/// What is kept of what progenitor wrote.
#[derive(Debug)]
pub struct Raw {
    /// The methods that build requests, in the order of the document.
    pub methods: Vec<syn::ImplItemFn>,
    /// The names of the arguments of each method, in their order.
    pub arguments: BTreeMap<String, Vec<String>>,
}

/// Lets progenitor write a client and keeps what builds its requests. `types` is the path of the module that holds our types.
pub fn generate(api: &Api, types: &TokenStream) -> Result<Raw> {
    let document = document(api);
    let spec = serde_json::from_value(document).context("the document for progenitor")?;
    let mut settings = GenerationSettings::new();
    settings.with_interface(InterfaceStyle::Positional);
    for (index, operation) in api.operations.iter().enumerate() {
        if let Some(body) = typed_body(operation) {
            let name = body_name(index);
            let ty = crate::facade::types::tokens(&body.ty, types);
            settings.with_replacement(name, ty.to_string(), std::iter::empty());
        }
    }
    let tokens = Generator::new(&settings)
        .generate_tokens(&spec)
        .context("progenitor refuses the document")?;
    let file = syn::parse2(tokens).context("progenitor wrote what is no Rust")?;
    let mut methods = cut::requests_of(file)?;
    let mut sorted = Vec::with_capacity(methods.len());
    for wanted in wanted(api) {
        let operation = wanted.operation;
        let place = methods
            .iter()
            .position(|method| method.sig.ident == wanted.raw_name());
        let mut method = methods.swap_remove(
            place.with_context(|| format!("{}: progenitor wrote no method for it", operation.pointer))?,
        );
        method.sig.ident = wanted.name();
        literals::rename(&mut method, operation);
        sorted.push(method);
    }
    let arguments = sorted
        .iter()
        .map(|method| (method.sig.ident.to_string(), arguments(method)))
        .collect();
    Ok(Raw {
        methods: sorted,
        arguments,
    })
}

/// A method that progenitor is asked for.
struct Wanted<'a> {
    operation: &'a Operation,
    index: usize,
    /// What it puts into the request; nothing where a form follows.
    body: Option<&'a Body>,
    is_form: bool,
}

impl Wanted<'_> {
    /// What progenitor is told the operation is called: a name that it has no reason to change.
    fn raw_name(&self) -> String {
        let kind = if self.is_form { "form" } else { "operation" };
        format!("{kind}_{}", self.index)
    }

    fn name(&self) -> proc_macro2::Ident {
        match self.is_form {
            true => form_name(self.operation),
            false => format_ident!("{}", self.operation.method_name),
        }
    }
}

/// One method for each operation, and one more for a form.
fn wanted(api: &Api) -> impl Iterator<Item = Wanted<'_>> {
    api.operations.iter().enumerate().flat_map(|(index, operation)| {
        let plain = (operation.form.is_none() || operation.body.is_some()).then(|| Wanted {
            operation,
            index,
            body: raw_body(operation),
            is_form: false,
        });
        let form = operation.form.as_ref().map(|_| Wanted {
            operation,
            index,
            body: None,
            is_form: true,
        });
        plain.into_iter().chain(form)
    })
}

/// The name of the method that sends an operation's form.
pub fn form_name(operation: &Operation) -> proc_macro2::Ident {
    let id = &operation.method_name;
    match operation.body {
        Some(_) => format_ident!("{}_multipart", id.trim_end_matches('_')),
        None => format_ident!("{id}"),
    }
}

/// What progenitor is told a parameter is called. It writes its own names beside those of parameters and changes some of
/// them, so what it might not keep as it is gets a number.
pub fn raw_name(operation: &Operation, parameter: &Parameter) -> String {
    let name = &parameter.field.name;
    let snake = heck::AsSnakeCase(name).to_string();
    let is_keyword = syn::parse_str::<syn::Ident>(&snake).is_err();
    let is_kept = match is_keyword {
        true => format!("{snake}_") == *name,
        false => snake == *name && !PROGENITORS_OWN.contains(&name.as_str()),
    };
    match operation.parameters.iter().position(|other| other == parameter) {
        Some(index) if !is_kept => format!("parameter_{index}"),
        _ => name.clone(),
    }
}

/// What progenitor calls its own variables.
const PROGENITORS_OWN: [&str; 9] = [
    "url",
    "request",
    "response",
    "result",
    "client",
    "header_map",
    "info",
    "body",
    "query",
];

/// Whether progenitor writes the parameter; the runtime writes the others.
pub fn is_written_by_progenitor(parameter: &Parameter) -> bool {
    !matches!(parameter.place, Place::Styled(_) | Place::Cookie)
}

/// The body of an operation, if it has a type of ours; text and bytes travel as they are.
fn typed_body(operation: &Operation) -> Option<&Body> {
    raw_body(operation).filter(|body| matches!(body.media, BodyMedia::Json | BodyMedia::UrlEncoded))
}

/// The body that progenitor puts into the request; one that has a media type of its own is put there afterwards.
pub fn raw_body(operation: &Operation) -> Option<&Body> {
    operation.body.as_ref().filter(|body| body.content_type.is_none())
}

/// The name of the component that stands for an operation's body. It is one that nobody has a reason to change.
fn body_name(index: usize) -> String {
    format!("BodyOfOperation{index}")
}

fn document(api: &Api) -> Value {
    let mut paths: IndexMap<String, Map<String, Value>> = IndexMap::new();
    let mut schemas = Map::new();
    for wanted in wanted(api) {
        let item = paths.entry(raw_path(&wanted)).or_default();
        item.insert(wanted.operation.verb.clone(), raw_operation(&wanted));
        if typed_body(wanted.operation).is_some() {
            schemas.insert(body_name(wanted.index), json!({ "type": "object" }));
        }
    }
    json!({
        "openapi": "3.0.3",
        // progenitor would send the version in a header; that header is cut off.
        "info": { "title": api.title, "version": "0" },
        "paths": paths,
        "components": { "schemas": schemas },
    })
}

/// The path with the names that progenitor is told. Operations of one path may call the same place differently.
fn raw_path(wanted: &Wanted<'_>) -> String {
    let operation = wanted.operation;
    let mut path = operation.path.clone();
    let in_path = operation.parameters.iter().filter(|it| it.place == Place::Path);
    for parameter in in_path {
        let name = raw_name(operation, parameter);
        path = path.replace(&format!("{{{}}}", parameter.field.key), &format!("{{{name}}}"));
    }
    // A path is a key: what makes it differ is cut off again.
    format!("{path}{}", literals::tail(&wanted.raw_name()))
}

fn raw_operation(wanted: &Wanted<'_>) -> Value {
    let operation = wanted.operation;
    let written = operation
        .parameters
        .iter()
        .filter(|it| is_written_by_progenitor(it));
    let parameters: Vec<Value> = written
        .map(|parameter| raw_parameter(operation, parameter))
        .collect();
    let mut raw = json!({
        "operationId": wanted.raw_name(),
        "summary": format!("`{} {}`", operation.verb.to_uppercase(), operation.path),
        "parameters": parameters,
        "responses": { "default": { "description": "Any.", "content": { "*/*": {} } } },
    });
    if let Some(body) = wanted.body {
        let reference = format!("#/components/schemas/{}", body_name(wanted.index));
        let (media_type, schema) = match &body.media {
            BodyMedia::Json => ("application/json", json!({ "$ref": reference })),
            BodyMedia::UrlEncoded | BodyMedia::StyledForm(_) => {
                ("application/x-www-form-urlencoded", json!({ "$ref": reference }))
            }
            BodyMedia::Text => ("text/plain", json!({ "type": "string" })),
            BodyMedia::Bytes => (
                "application/octet-stream",
                json!({ "type": "string", "format": "binary" }),
            ),
        };
        raw["requestBody"] = json!({ "required": true, "content": { media_type: { "schema": schema } } });
    }
    raw
}

fn raw_parameter(operation: &Operation, parameter: &Parameter) -> Value {
    let place = match parameter.place {
        Place::Path => "path",
        Place::Query | Place::QueryJoined | Place::Styled(_) => "query",
        Place::Header | Place::Cookie => "header",
    };
    let schema = match (&parameter.field.ty, parameter.place) {
        (Ty::Integer, _) => json!({ "type": "integer", "format": "int64" }),
        (Ty::Unsigned, _) => json!({ "type": "integer", "format": "uint64" }),
        (Ty::Number, _) => json!({ "type": "number", "format": "double" }),
        (Ty::Boolean, _) => json!({ "type": "boolean" }),
        (Ty::Array(_), Place::Query) => json!({ "type": "array", "items": { "type": "string" } }),
        _ => json!({ "type": "string" }),
    };
    let name = raw_name(operation, parameter);
    json!({ "name": name, "in": place, "required": parameter.field.required, "schema": schema })
}

fn arguments(method: &syn::ImplItemFn) -> Vec<String> {
    let names = method.sig.inputs.iter().filter_map(|input| match input {
        syn::FnArg::Typed(typed) => match &*typed.pat {
            syn::Pat::Ident(name) => Some(name.ident.to_string()),
            _ => None,
        },
        syn::FnArg::Receiver(_) => None,
    });
    names.collect()
}
