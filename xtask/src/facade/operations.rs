//! The methods that a user calls: check the arguments, build the request with progenitor's method, make the call.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{Place as Module, checks, docs, errors, requests, types};
use crate::model::{Api, BodyMedia, Field, Operation, Parameter, Place, Scheme, Shape, Ty};
use crate::progenitor::{self, Raw};

/// `impl Client` with a method for every operation.
pub(super) fn methods(api: &Api, raw: &Raw, module: &Module) -> TokenStream {
    let client = &module.client;
    let methods = api.operations.iter().map(|operation| {
        let plain = is_plain(operation).then(|| method(api, raw, operation));
        let form = operation
            .form
            .as_ref()
            .map(|form| form_method(api, raw, operation, form))
            .map(|method| quote! { #[cfg(feature = "forms")] #method });
        quote! { #plain #form }
    });
    quote! { impl #client { #(#methods)* } }
}

/// What a call has to know of each operation, as a constant of its name.
pub(super) fn described(api: &Api) -> TokenStream {
    let constants = api.operations.iter().map(|operation| {
        let (constant, name) = (constant(operation), &operation.method_name);
        let accept = &operation.accept;
        let schemes = operation.security.iter().map(|scheme| match scheme {
            Scheme::ApiKey => quote! { Scheme::ApiKey },
            Scheme::Authorization => quote! { Scheme::Authorization },
            Scheme::Cookie => quote! { Scheme::Cookie },
        });
        quote! {
            pub(super) const #constant: Operation =
                Operation { name: #name, accept: #accept, schemes: &[#(#schemes),*] };
        }
    });
    quote! {
        /// The operations by name, with the kinds of credentials that each takes; none if it is public.
        mod operations {
            use crate::transport::{Operation, Scheme};

            #(#constants)*
        }
    }
}

fn constant(operation: &Operation) -> proc_macro2::Ident {
    format_ident!("{}", operation.method_name.to_uppercase())
}

/// The arguments of the method of an operation, body included.
pub(super) fn arguments(operation: &Operation) -> TokenStream {
    let (head, tail) = signature(operation);
    let body = operation.body.as_ref().map(|body| match &body.media {
        BodyMedia::Text => quote! { body: &str, },
        BodyMedia::Bytes => quote! { body: Vec<u8>, },
        BodyMedia::Json | BodyMedia::UrlEncoded | BodyMedia::StyledForm(_) => {
            let ty = types::tokens(&body.ty, &quote! { types });
            quote! { body: &#ty, }
        }
    });
    quote! { #head #body #tail }
}

/// The arguments of the method that sends an operation's form.
pub(super) fn form_arguments(operation: &Operation, form: &str) -> TokenStream {
    let (head, tail) = signature(operation);
    let form = format_ident!("{form}");
    quote! { #head form: types::#form, #tail }
}

/// Whether an operation has a method beside that for its form.
pub(super) fn is_plain(operation: &Operation) -> bool {
    operation.body.is_some() || operation.form.is_none()
}

fn method(api: &Api, raw: &Raw, operation: &Operation) -> TokenStream {
    let name = format_ident!("{}", operation.method_name);
    let signature = arguments(operation);
    let check_body = operation.body.as_ref().and_then(|body| {
        if let Ty::Named(name) = &body.ty {
            return checks::needs_check(api, name).then(|| quote! { body.check("")?; });
        }
        let check = checks::of_value(api, &body.ty, &body.rules)?;
        Some(quote! { { let value = body; let at = ""; #check } })
    });
    let checks = parameter_checks(api, operation);
    let preparations = requests::preparations(api, operation);
    let build = requests::built(
        api,
        operation,
        &name,
        raw,
        requests::body_steps(operation).as_ref(),
    );
    let (success, error) = (errors::success_type(operation), errors::name(operation));
    let decoder = errors::success_decoder(operation);
    let (comment, constant) = (comment(operation), constant(operation));
    quote! {
        #comment
        pub async fn #name(&self, #signature) -> Result<#success, crate::Error<types::#error>> {
            #checks
            #check_body
            #(#preparations)*
            self.session.call(#build, &operations::#constant, #decoder).await
        }
    }
}

/// What a reader should know of an operation: the vendor's prose, where it is told, and how it can fail.
pub(super) fn comment(operation: &Operation) -> TokenStream {
    comment_with(operation, "")
}

/// [`comment`] of the method that sends a form.
pub(super) fn form_comment(operation: &Operation) -> TokenStream {
    comment_with(operation, "As a form, which can carry files.\n\n")
}

fn comment_with(operation: &Operation, note: &str) -> TokenStream {
    let prose = if operation.docs.is_empty() {
        &operation.id
    } else {
        &operation.docs
    };
    let line = format!("`{} {}`", operation.verb.to_uppercase(), operation.path);
    let line = match &operation.source {
        Some(source) => format!("{line}: {source}"),
        None => line,
    };
    let about = docs::comment(&format!("{prose}\n\n{note}{line}"), "");
    let errors = errors::section(operation);
    quote! { #about #errors }
}

/// The parameters before and after the body: what is required stands alone, what is optional in one struct.
fn signature(operation: &Operation) -> (TokenStream, TokenStream) {
    let argument = |parameter: &Parameter| {
        let name = format_ident!("{}", parameter.field.name);
        let ty = argument_type(&parameter.field.ty);
        quote! { #name: #ty, }
    };
    let path = in_path_order(operation).into_iter().map(argument);
    let required = operation
        .parameters
        .iter()
        .filter(|it| it.field.required && it.place != Place::Path)
        .map(argument);
    let params = has_params(operation).then(|| {
        let name = types::parameters_name(operation);
        quote! { params: &types::#name, }
    });
    (quote! { #(#path)* #(#required)* }, quote! { #params })
}

fn has_params(operation: &Operation) -> bool {
    types::optional(operation).next().is_some()
}

fn in_path_order(operation: &Operation) -> Vec<&Parameter> {
    let mut path: Vec<&Parameter> = operation
        .parameters
        .iter()
        .filter(|it| it.place == Place::Path)
        .collect();
    path.sort_by_key(|parameter| operation.path.find(&format!("{{{}}}", parameter.field.key)));
    path
}

fn argument_type(ty: &Ty) -> TokenStream {
    match ty {
        Ty::String => quote! { &str },
        Ty::Array(item) => {
            let item = types::tokens(item, &quote! { types });
            quote! { &[#item] }
        }
        Ty::Integer | Ty::Unsigned | Ty::Number | Ty::Boolean => types::tokens(ty, &TokenStream::new()),
        other => {
            let ty = types::tokens(other, &quote! { types });
            quote! { &#ty }
        }
    }
}

fn parameter_checks(api: &Api, operation: &Operation) -> TokenStream {
    let required = operation
        .parameters
        .iter()
        .filter(|parameter| parameter.field.required)
        .filter_map(|parameter| {
            let field = &parameter.field;
            let (name, key) = (format_ident!("{}", field.name), &field.key);
            let limits = checks::of_value(api, &field.ty, &field.rules);
            // A dot segment would be resolved away, and the request would go to another operation.
            let text = requests::text_of(field);
            let segment = (parameter.place == Place::Path && requests::is_text(api, &field.ty)).then(|| {
                quote! {
                    if matches!(#text, "" | "." | "..") {
                        return Err(crate::InvalidRequest::new(at, "must not be empty or a dot segment").into());
                    }
                }
            });
            if limits.is_none() && segment.is_none() {
                return None;
            }
            let value = limits.is_some().then(|| match field.ty {
                Ty::Integer | Ty::Unsigned | Ty::Number | Ty::Boolean => quote! { let value = &#name; },
                _ => quote! { let value = #name; },
            });
            Some(quote! { { #value let at = #key; #segment #limits } })
        });
    let optional = checks::has_parameter_checks(api, operation).then(|| quote! { params.check()?; });
    quote! { #(#required)* #optional }
}

/// The method that sends a multipart form, which progenitor has no writer for.
fn form_method(api: &Api, raw: &Raw, operation: &Operation, form: &str) -> TokenStream {
    let name = progenitor::form_name(operation);
    let signature = form_arguments(operation, form);
    let checks = parameter_checks(api, operation);
    let check_form = checks::needs_check(api, form).then(|| quote! { form.check("")?; });
    let fields = match api.types.get(form).map(|definition| &definition.shape) {
        Some(Shape::Struct(object)) => object.fields.as_slice(),
        _ => &[],
    };
    let parts = fields.iter().map(|field| part(field, types::is_form(api, form)));
    let preparations = requests::preparations(api, operation);
    let put = quote! {
        let form = form.clone();
        let mut parts = reqwest::multipart::Form::new();
        #(#parts)*
        let request = reqwest::RequestBuilder::from_parts(self.requests.client.clone(), request)
            .multipart(parts)
            .build()?;
    };
    let build = requests::built(api, operation, &name, raw, Some(&put));
    let (success, error) = (errors::success_type(operation), errors::name(operation));
    let decoder = errors::success_decoder(operation);
    let (comment, constant) = (form_comment(operation), constant(operation));
    quote! {
        #comment
        pub async fn #name(&self, #signature) -> Result<#success, crate::Error<types::#error>> {
            #checks
            #check_form
            #(#preparations)*
            self.session.call(#build, &operations::#constant, #decoder).await
        }
    }
}

fn part(field: &Field, is_form: bool) -> TokenStream {
    let (name, key) = (format_ident!("{}", field.name), &field.key);
    let add = part_value(&field.ty, key, is_form);
    match types::is_plain(field) {
        true => quote! { { let value = form.#name; #add } },
        false => quote! { if let Some(value) = form.#name { #add } },
    }
}

fn part_value(ty: &Ty, key: &str, is_form: bool) -> TokenStream {
    match ty {
        Ty::Upload if is_form => quote! {
            let Some(part) = crate::open::file_part(value) else {
                let rule = "must have a media type as its content type";
                return Err(crate::InvalidRequest::new(#key, rule).into());
            };
            parts = parts.part(#key, part);
        },
        Ty::Array(item) => {
            let add = part_value(item, key, is_form);
            quote! { for value in value { #add } }
        }
        Ty::String | Ty::Upload => quote! { parts = parts.text(#key, value); },
        Ty::Secret => quote! { parts = parts.text(#key, value.expose_secret().to_owned()); },
        Ty::Integer | Ty::Unsigned | Ty::Number | Ty::Boolean | Ty::Timestamp => {
            quote! { parts = parts.text(#key, value.to_string()); }
        }
        // OpenAPI: a part that is no simple value travels as JSON; an enum of strings prints as its text.
        _ => quote! { parts = parts.part(#key, crate::open::value_part(&value)); },
    }
}
