//! What progenitor is asked to write, and what is kept of it: one method per operation that builds a request.
//!
//! progenitor gets a document of its own, made from the model: parameters of simple types, bodies of our types, and one raw
//! answer. So it meets none of the constructs on which it panics (several answers, several media types, JSON without a
//! schema), and no type of its making reaches a user.

mod cut;

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use indexmap::IndexMap;
use proc_macro2::TokenStream;
use progenitor_impl::{GenerationSettings, Generator, InterfaceStyle};
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
    for operation in &api.operations {
        if let Some(body) = typed_body(operation) {
            let name = body_name(operation);
            let ty = crate::facade::types::tokens(&body.ty, types);
            settings.with_replacement(name, ty.to_string(), std::iter::empty());
        }
    }
    let tokens = Generator::new(&settings)
        .generate_tokens(&spec)
        .context("progenitor refuses the document")?;
    let file = syn::parse2(tokens).context("progenitor wrote what is no Rust")?;
    let methods = cut::requests_of(file)?;
    let arguments: BTreeMap<_, _> = methods
        .iter()
        .map(|method| (method.sig.ident.to_string(), arguments(method)))
        .collect();
    for operation in &api.operations {
        ensure!(
            arguments.contains_key(&operation.method_name),
            "{}: progenitor gave the operation another name than `{}`",
            operation.pointer,
            operation.method_name
        );
    }
    Ok(Raw { methods, arguments })
}

/// The body of an operation, if it has a type of ours; text and bytes travel as they are.
fn typed_body(operation: &Operation) -> Option<&Body> {
    operation
        .body
        .as_ref()
        .filter(|body| matches!(body.media, BodyMedia::Json | BodyMedia::UrlEncoded))
}

/// The name of the component that stands for an operation's body.
fn body_name(operation: &Operation) -> String {
    format!(
        "{}BodyOfRequest",
        crate::prepare::names::pascal(&operation.method_name)
    )
}

fn document(api: &Api) -> Value {
    let mut paths: IndexMap<String, Map<String, Value>> = IndexMap::new();
    let mut schemas = Map::new();
    for operation in &api.operations {
        let item = paths.entry(operation.path.clone()).or_default();
        item.insert(operation.verb.clone(), raw_operation(operation));
        if typed_body(operation).is_some() {
            schemas.insert(body_name(operation), json!({ "type": "object" }));
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

fn raw_operation(operation: &Operation) -> Value {
    let parameters: Vec<Value> = operation.parameters.iter().map(raw_parameter).collect();
    let mut raw = json!({
        "operationId": operation.method_name,
        "summary": format!("`{} {}`", operation.verb.to_uppercase(), operation.path),
        "parameters": parameters,
        "responses": { "default": { "description": "Any.", "content": { "*/*": {} } } },
    });
    if let Some(body) = &operation.body {
        let reference = format!("#/components/schemas/{}", body_name(operation));
        let (media_type, schema) = match body.media {
            BodyMedia::Json => ("application/json", json!({ "$ref": reference })),
            BodyMedia::UrlEncoded => ("application/x-www-form-urlencoded", json!({ "$ref": reference })),
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

fn raw_parameter(parameter: &Parameter) -> Value {
    let place = match parameter.place {
        Place::Path => "path",
        Place::Query | Place::QueryJoined => "query",
        Place::Header => "header",
    };
    let schema = match (&parameter.field.ty, parameter.place) {
        (Ty::Integer, _) => json!({ "type": "integer", "format": "int64" }),
        (Ty::Unsigned, _) => json!({ "type": "integer", "format": "uint64" }),
        (Ty::Number, _) => json!({ "type": "number", "format": "double" }),
        (Ty::Boolean, _) => json!({ "type": "boolean" }),
        (Ty::Array(_), Place::Query) => json!({ "type": "array", "items": { "type": "string" } }),
        _ => json!({ "type": "string" }),
    };
    json!({ "name": parameter.field.key, "in": place, "required": parameter.field.required, "schema": schema })
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
