//! The error enum of each operation, one variant per declared status, and the success enum where a success has several
//! shapes.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{docs, types};
use crate::model::{Answer, Api, Operation, Shape, Status, Ty};

/// Members under which vendors put a message for people, the most telling first.
const MESSAGE: [&str; 4] = ["message", "detail", "title", "error"];

/// The error enums, for the module `types`.
pub(super) fn of(api: &Api) -> TokenStream {
    let enums = api.operations.iter().map(|operation| error_enum(api, operation));
    quote! { #(#enums)* }
}

/// The name of an operation's error enum.
pub(super) fn name(operation: &Operation) -> proc_macro2::Ident {
    format_ident!("{}", operation.names.error)
}

/// The type of an operation's success, as seen from outside of `types`.
pub(super) fn success_type(operation: &Operation) -> TokenStream {
    match shapes(operation).as_slice() {
        [] | [None] => quote! { () },
        [Some(ty)] => types::tokens(ty, &quote! { types }),
        _ => {
            let name = success_name(operation);
            quote! { types::#name }
        }
    }
}

/// The function that reads a success by its status.
pub(super) fn success_decoder(operation: &Operation) -> TokenStream {
    let several = shapes(operation).len() > 1;
    let mut reads = false;
    let arms: Vec<TokenStream> = operation
        .success
        .iter()
        .map(|answer| {
            let pattern = match answer.status {
                Status::Exact(status) => number(status),
                Status::Range(_) | Status::Default => quote! { 200..=299 },
            };
            reads |= answer.ty.is_some();
            let (name, variant) = (success_name(operation), format_ident!("{}", answer.variant));
            let value = match (&answer.ty, several) {
                (None, false) => quote! { Ok(()) },
                (None, true) => quote! { Ok(types::#name::#variant) },
                (Some(Ty::Bytes), false) => quote! { Ok(body.to_vec()) },
                (Some(Ty::Bytes), true) => quote! { Ok(types::#name::#variant(body.to_vec())) },
                (Some(_), false) => quote! { crate::wire::json(body) },
                (Some(_), true) => quote! { crate::wire::json(body).map(types::#name::#variant) },
            };
            quote! { #pattern => Some(#value), }
        })
        .collect();
    let body = if reads {
        format_ident!("body")
    } else {
        format_ident!("_body")
    };
    quote! { |status, #body| match status { #(#arms)* _ => None } }
}

/// The enum of an operation whose success has several shapes.
pub(super) fn success_enum(operation: &Operation) -> Option<TokenStream> {
    if shapes(operation).len() < 2 {
        return None;
    }
    let ident = success_name(operation);
    let comment = docs::comment(&format!("How `{}` can succeed.", operation.method_name), "");
    let variants = operation.success.iter().map(variant);
    Some(quote! {
        #comment
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum #ident { #(#variants)* }
    })
}

fn success_name(operation: &Operation) -> proc_macro2::Ident {
    format_ident!("{}", operation.names.success)
}

/// The different shapes of a success.
fn shapes(operation: &Operation) -> Vec<Option<&Ty>> {
    let mut shapes: Vec<Option<&Ty>> = vec![];
    for answer in &operation.success {
        if !shapes.contains(&answer.ty.as_ref()) {
            shapes.push(answer.ty.as_ref());
        }
    }
    shapes
}

fn variant(answer: &Answer) -> TokenStream {
    let name = format_ident!("{}", answer.variant);
    let fallback = match answer.status {
        Status::Exact(status) => format!("{status}."),
        Status::Range(digit) => format!("Any {digit}xx that is not declared by itself."),
        Status::Default => "Any other status.".to_owned(),
    };
    let comment = docs::comment(&answer.docs, &fallback);
    match &answer.ty {
        None => quote! { #comment #name, },
        Some(ty) => {
            let ty = types::tokens(ty, &TokenStream::new());
            quote! { #comment #name(#ty), }
        }
    }
}

fn error_enum(api: &Api, operation: &Operation) -> TokenStream {
    let ident = name(operation);
    let comment = docs::comment(&format!("How `{}` can be refused.", operation.method_name), "");
    let variants = operation.errors.iter().map(variant);
    let arms: Vec<TokenStream> = operation.errors.iter().map(decode_arm).collect();
    let typed = operation.errors.iter().any(|answer| answer.ty.is_some());
    let body = if typed {
        format_ident!("body")
    } else {
        format_ident!("_body")
    };
    let exhaustive = operation
        .errors
        .iter()
        .any(|answer| answer.status == Status::Default);
    let rest = (!exhaustive).then(|| quote! { _ => None, });
    let status = if arms.is_empty() {
        format_ident!("_status")
    } else {
        format_ident!("status")
    };
    let message = reader(api, operation, "message", &MESSAGE, &quote! { Option<&str> });
    let code = reader(api, operation, "code", &["code"], &quote! { Option<String> });
    let request_id = reader(
        api,
        operation,
        "request_id",
        &["requestId", "request_id"],
        &quote! { Option<&str> },
    );
    quote! {
        #comment
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum #ident { #(#variants)* }

        impl crate::wire::ErrorAnswer for #ident {
            fn decode(#status: u16, #body: &[u8]) -> Option<Self> {
                match #status { #(#arms)* #rest }
            }
            #message
            #code
            #request_id
        }
    }
}

fn decode_arm(answer: &Answer) -> TokenStream {
    let name = format_ident!("{}", answer.variant);
    let pattern = match answer.status {
        Status::Exact(status) => number(status),
        Status::Range(digit) => {
            let (first, last) = (number(digit * 100), number(digit * 100 + 99));
            quote! { #first..=#last }
        }
        Status::Default => quote! { _ },
    };
    match &answer.ty {
        None => quote! { #pattern => Some(Self::#name), },
        Some(Ty::Bytes) => quote! { #pattern => Some(Self::#name(body.to_vec())), },
        Some(_) => quote! { #pattern => crate::wire::json(body).ok().map(Self::#name), },
    }
}

/// A method that reads a member out of whichever body has it, if any has.
fn reader(
    api: &Api,
    operation: &Operation,
    method: &str,
    members: &[&str],
    returns: &TokenStream,
) -> Option<TokenStream> {
    let mut arms = vec![];
    for answer in &operation.errors {
        let Some(read) = answer
            .ty
            .as_ref()
            .and_then(|ty| read_member(api, ty, members, method))
        else {
            continue;
        };
        let name = format_ident!("{}", answer.variant);
        arms.push(quote! { Self::#name(body) => #read, });
    }
    if arms.is_empty() {
        return None;
    }
    let rest = (arms.len() < operation.errors.len()).then(|| quote! { _ => None, });
    let method = format_ident!("{method}");
    Some(quote! {
        fn #method(&self) -> #returns {
            match self { #(#arms)* #rest }
        }
    })
}

fn read_member(api: &Api, ty: &Ty, members: &[&str], method: &str) -> Option<TokenStream> {
    let Ty::Named(name) = ty else { return None };
    let Shape::Struct(object) = &api.types.get(name)?.shape else {
        return None;
    };
    let reads: Vec<TokenStream> = members
        .iter()
        .filter_map(|member| {
            let field = object.fields.iter().find(|field| field.key == *member)?;
            let name = format_ident!("{}", field.name);
            let plain = field.required && !field.nullable;
            match (&field.ty, method, plain) {
                (Ty::String, "code", true) => Some(quote! { Some(body.#name.clone()) }),
                (Ty::String, "code", false) => Some(quote! { body.#name.clone() }),
                (Ty::Integer, "code", true) => Some(quote! { Some(body.#name.to_string()) }),
                (Ty::Integer, "code", false) => Some(quote! { body.#name.map(|code| code.to_string()) }),
                (Ty::String, _, true) => Some(quote! { Some(body.#name.as_str()) }),
                (Ty::String, _, false) => Some(quote! { body.#name.as_deref() }),
                _ => None,
            }
        })
        .collect();
    let (first, others) = reads.split_first()?;
    Some(quote! { #first #(.or(#others))* })
}

/// A status as a literal of no particular type.
fn number(status: u16) -> TokenStream {
    let literal = proc_macro2::Literal::u16_unsuffixed(status);
    quote! { #literal }
}
