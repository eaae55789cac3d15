//! The error enum of each operation, one variant per declared status, and the success enum where a success has several
//! shapes.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{docs, types};
use crate::model::{Answer, Api, Operation, Status, Ty};

/// The error enums, for the module `types`.
pub(super) fn of(api: &Api) -> TokenStream {
    let enums = api.operations.iter().map(error_enum);
    quote! { #(#enums)* }
}

/// The name of an operation's error enum.
pub(super) fn name(operation: &Operation) -> proc_macro2::Ident {
    format_ident!("{}", operation.names.error)
}

/// The section `# Errors` of an operation's method.
pub(super) fn section(operation: &Operation) -> TokenStream {
    let name = name(operation);
    let told = |answer: &Answer| {
        let status = match answer.status {
            Status::Exact(status) => status.to_string(),
            Status::Range(digit) => format!("another {digit}xx"),
            Status::Default => "any other status".to_owned(),
        };
        let variant = &answer.variant;
        format!("{status} is [`{variant}`](types::{name}::{variant})")
    };
    let told: Vec<String> = operation.errors.iter().map(told).collect();
    let told = match told.is_empty() {
        true => " No refusal is declared.".to_owned(),
        false => format!(
            " The declared refusals are in [`Error::body`](crate::Error::body): {}.",
            told.join(", ")
        ),
    };
    let rest = " For all others, and for calls without an answer, see [`Error`](crate::Error).";
    let lines = ["", " # Errors", "", &told, rest];
    quote! { #(#[doc = #lines])* }
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
                // As in a member, `null` is a list in which nothing is.
                (Some(Ty::Array(_)), false) => {
                    quote! { crate::wire::json::<Option<_>>(body).map(Option::unwrap_or_default) }
                }
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

fn error_enum(operation: &Operation) -> TokenStream {
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
    quote! {
        #comment
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum #ident { #(#variants)* }

        impl crate::wire::ErrorAnswer for #ident {
            fn decode(#status: u16, #body: &[u8]) -> Option<Self> {
                match #status { #(#arms)* #rest }
            }
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

/// A status as a literal of no particular type.
fn number(status: u16) -> TokenStream {
    let literal = proc_macro2::Literal::u16_unsuffixed(status);
    quote! { #literal }
}
