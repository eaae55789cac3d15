//! How a method gets its request: what progenitor's method is handed, and what is added to what it builds.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::model::{Api, BodyMedia, Field, Operation, Parameter, Place, Shape, Style, Ty};
use crate::progenitor::{self, Raw};

/// Whether a value is one text, so that it can be asked for it.
pub(super) fn is_text(api: &Api, ty: &Ty) -> bool {
    match ty {
        Ty::String | Ty::Secret | Ty::Timestamp => true,
        Ty::Named(name) => {
            let definition = api.types.get(name);
            definition.is_some_and(|definition| matches!(definition.shape, Shape::OpenEnum(_)))
        }
        _ => false,
    }
}

pub(super) fn text_of(field: &Field) -> TokenStream {
    let name = format_ident!("{}", field.name);
    match field.ty {
        Ty::String => quote! { #name },
        Ty::Secret => quote! { #name.expose_secret() },
        _ => quote! { #name.as_str() },
    }
}

/// The closure that makes the request: what progenitor builds, and then what it cannot write.
pub(super) fn built(
    api: &Api,
    operation: &Operation,
    name: &proc_macro2::Ident,
    raw: &Raw,
    body: Option<&TokenStream>,
) -> TokenStream {
    let arguments = raw.arguments[&name.to_string()].iter().map(|argument| {
        let is_meant = |parameter: &&Parameter| progenitor::raw_name(operation, parameter) == *argument;
        let parameter = operation.parameters.iter().find(is_meant);
        parameter.map_or_else(|| raw_body(operation), |parameter| raw_argument(api, parameter))
    });
    let plain = quote! { self.requests.#name(#(#arguments),*) };
    let writes: Vec<TokenStream> = operation.parameters.iter().filter_map(write).collect();
    if writes.is_empty() && body.is_none() {
        return quote! { &|| #plain };
    }
    let mutable = (!writes.is_empty()).then(|| quote! { mut });
    quote! {
        &|| {
            let #mutable request = #plain?;
            #(#writes)*
            #body
            Ok(request)
        }
    }
}

/// What progenitor's method is handed for the body.
fn raw_body(operation: &Operation) -> TokenStream {
    match operation.body.as_ref().map(|body| &body.media) {
        Some(BodyMedia::Text) => quote! { body.to_owned() },
        Some(BodyMedia::Bytes) => quote! { body.clone() },
        _ => quote! { body },
    }
}

/// Puts a body into the request that progenitor does not.
pub(super) fn body_steps(operation: &Operation) -> Option<TokenStream> {
    let body = operation.body.as_ref()?;
    let content_type = body.content_type.as_ref()?;
    let put = match &body.media {
        BodyMedia::Json => quote! { .json(body) },
        BodyMedia::Text => quote! { .body(body.to_owned()) },
        BodyMedia::Bytes => quote! { .body(body.clone()) },
        BodyMedia::UrlEncoded => quote! { .body(crate::parameters::form(body, &[])) },
        BodyMedia::StyledForm(styles) => {
            let styles = styles.iter().map(|(key, style)| {
                let style = style_name(*style);
                quote! { (#key, #style) }
            });
            quote! { .body(crate::parameters::form(body, &[#(#styles),*])) }
        }
    };
    Some(quote! {
        let request = reqwest::RequestBuilder::from_parts(self.requests.client.clone(), request)
            .header(reqwest::header::CONTENT_TYPE, #content_type)
            #put
            .build()?;
    })
}

/// Writes a parameter that progenitor does not.
fn write(parameter: &Parameter) -> Option<TokenStream> {
    let (field, key) = (&parameter.field, &parameter.field.key);
    let name = format_ident!("{}", field.name);
    let value = match field.ty {
        Ty::Secret => quote! { value.expose_secret() },
        _ => quote! { value },
    };
    let write = match parameter.place {
        Place::Styled(style) => {
            let style = style_name(style);
            quote! { crate::parameters::query(&mut request, #key, #style, &#value); }
        }
        Place::Cookie => {
            let style = style_name(parameter.joint);
            quote! { crate::parameters::cookie(&mut request, #key, #style, &#value)?; }
        }
        Place::Path | Place::Query | Place::QueryJoined | Place::Header => return None,
    };
    Some(match field.required {
        true => quote! { let value = &#name; #write },
        false => quote! { if let Some(value) = &params.#name { #write } },
    })
}

fn style_name(style: Style) -> TokenStream {
    let name = match style {
        Style::Form => quote! { Form },
        Style::Joined => quote! { Joined },
        Style::Pairs => quote! { Pairs },
        Style::Spaces => quote! { Spaces },
        Style::Pipes => quote! { Pipes },
        Style::Deep => quote! { Deep },
        Style::Json => quote! { Json },
    };
    quote! { crate::parameters::Style::#name }
}

/// What is no simple value becomes text before progenitor's method takes it.
pub(super) fn preparations(api: &Api, operation: &Operation) -> Vec<TokenStream> {
    let taken = operation
        .parameters
        .iter()
        .filter(|it| progenitor::is_written_by_progenitor(it));
    taken.filter_map(|parameter| prepare(api, parameter)).collect()
}

fn prepare(api: &Api, parameter: &Parameter) -> Option<TokenStream> {
    let field = &parameter.field;
    let name = format_ident!("{}", field.name);
    let (required, optional) = match (&field.ty, parameter.place) {
        (Ty::Array(_), Place::Query | Place::QueryJoined) => {
            let texts = quote! { .iter().map(ToString::to_string).collect::<Vec<String>>() };
            let texts = match parameter.place {
                Place::QueryJoined => quote! { #texts.join(",") },
                _ => texts,
            };
            (quote! { #name #texts }, quote! { |value| value #texts })
        }
        _ if is_joined(api, &field.ty) => {
            let style = style_name(parameter.joint);
            (
                quote! { crate::parameters::joined(#style, &#name) },
                quote! { |value| crate::parameters::joined(#style, &value) },
            )
        }
        _ => return None,
    };
    let key = &field.key;
    let segment = (parameter.place == Place::Path).then(|| {
        quote! {
            if matches!(#name.as_str(), "" | "." | "..") {
                return Err(crate::InvalidRequest::new(#key, "must not be empty or a dot segment").into());
            }
        }
    });
    Some(match field.required {
        true => quote! { let #name = #required; #segment },
        false => quote! { let #name = params.#name.as_ref().map(#optional); },
    })
}

/// Whether a value in a path or a header may have parts, which are joined.
fn is_joined(api: &Api, ty: &Ty) -> bool {
    match ty {
        Ty::Array(_) | Ty::Map(_) | Ty::JsonObject | Ty::Json | Ty::Nullable(_) | Ty::Boxed(_) => true,
        Ty::Named(_) => !is_text(api, ty),
        _ => false,
    }
}

/// What progenitor's method is handed for a parameter.
fn raw_argument(api: &Api, parameter: &Parameter) -> TokenStream {
    let field = &parameter.field;
    let name = format_ident!("{}", field.name);
    match (&field.ty, field.required, parameter.place) {
        (Ty::Array(_), true, _) => quote! { &#name },
        (Ty::Array(_), false, Place::Query) => quote! { #name.as_ref() },
        (Ty::Array(_), false, _) => quote! { #name.as_deref() },
        (_, true, _) if is_joined(api, &field.ty) => quote! { &#name },
        (_, false, _) if is_joined(api, &field.ty) => quote! { #name.as_deref() },
        (Ty::Integer | Ty::Unsigned | Ty::Number | Ty::Boolean, true, _) => quote! { #name },
        (Ty::Integer | Ty::Unsigned | Ty::Number | Ty::Boolean, false, _) => quote! { params.#name },
        (Ty::String, true, _) => quote! { #name },
        (Ty::String, false, _) => quote! { params.#name.as_deref() },
        (Ty::Secret, true, _) => quote! { #name.expose_secret() },
        (Ty::Secret, false, _) => quote! { params.#name.as_ref().map(|value| value.expose_secret()) },
        (_, true, _) => quote! { #name.as_str() },
        (_, false, _) => quote! { params.#name.as_ref().map(|value| value.as_str()) },
    }
}
