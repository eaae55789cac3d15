//! Puts the names of the wire back into progenitor's methods, which were told names of ours.

use syn::visit_mut::{self, VisitMut};

use super::{is_written_by_progenitor, raw_name};
use crate::model::{Operation, Place};

/// What stands behind a path, so that no two operations have the same.
pub(super) fn tail(name: &str) -> String {
    format!("{TAIL}{name}")
}

const TAIL: &str = "/ends-here-";

/// Renames what progenitor writes into the query and the headers, cuts the tail off the path, and sends the methods that its
/// HTTP client has no function for.
pub(super) fn rename(method: &mut syn::ImplItemFn, operation: &Operation) {
    let written = operation
        .parameters
        .iter()
        .filter(|parameter| is_written_by_progenitor(parameter) && parameter.place != Place::Path)
        .map(|parameter| (raw_name(operation, parameter), parameter.field.key.as_str()))
        .collect();
    let mut renaming = Renaming { written };
    renaming.visit_block_mut(&mut method.block);
}

struct Renaming<'a> {
    written: Vec<(String, &'a str)>,
}

impl VisitMut for Renaming<'_> {
    fn visit_lit_str_mut(&mut self, literal: &mut syn::LitStr) {
        let text = literal.value();
        if let Some((_, key)) = self.written.iter().find(|(name, _)| *name == text) {
            *literal = syn::LitStr::new(key, literal.span());
        }
    }

    fn visit_macro_mut(&mut self, call: &mut syn::Macro) {
        // `format!("{}/a/{}/ends-here-operation_7", …)`
        let Ok(mut arguments) =
            call.parse_body_with(syn::punctuated::Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated)
        else {
            return;
        };
        if let Some(syn::Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(template),
            ..
        })) = arguments.first_mut()
        {
            let text = template.value();
            if let Some((path, _)) = text.rsplit_once(TAIL) {
                *template = syn::LitStr::new(path, template.span());
            }
        }
        call.tokens = quote::quote! { #arguments };
    }

    fn visit_expr_mut(&mut self, expression: &mut syn::Expr) {
        visit_mut::visit_expr_mut(self, expression);
        let syn::Expr::MethodCall(call) = expression else {
            return;
        };
        let verb = match call.method.to_string().as_str() {
            "options" => quote::quote! { reqwest::Method::OPTIONS },
            "trace" => quote::quote! { reqwest::Method::TRACE },
            _ => return,
        };
        let (client, arguments) = (&call.receiver, &call.args);
        *expression = syn::parse_quote! { #client.request(#verb, #arguments) };
    }
}
