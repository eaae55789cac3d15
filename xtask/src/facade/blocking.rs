//! The methods of the blocking client: each waits for the one of the same name.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::{errors, operations};
use crate::model::{Api, Operation};

/// `impl Client` with a method for every operation.
pub(super) fn methods(api: &Api, client: &TokenStream) -> TokenStream {
    let methods = api.operations.iter().map(|operation| {
        let plain = operations::is_plain(operation).then(|| {
            let name = format_ident!("{}", operation.method_name);
            let comment = operations::comment(operation);
            twin(operation, &comment, &name, &operations::arguments(operation))
        });
        let form = operation.form.as_ref().map(|form| {
            let name = crate::progenitor::form_name(operation);
            let comment = operations::form_comment(operation);
            let arguments = operations::form_arguments(operation, form);
            let twin = twin(operation, &comment, &name, &arguments);
            quote! { #[cfg(feature = "forms")] #twin }
        });
        quote! { #plain #form }
    });
    quote! {
        #[cfg(feature = "blocking")]
        impl #client { #(#methods)* }
    }
}

fn twin(operation: &Operation, comment: &TokenStream, name: &Ident, arguments: &TokenStream) -> TokenStream {
    let (success, error) = (errors::success_type(operation), errors::name(operation));
    let names = names(arguments);
    quote! {
        #comment
        pub fn #name(&self, #arguments) -> Result<#success, crate::Error<types::#error>> {
            self.wait(self.client.#name(#(#names),*))
        }
    }
}

/// The names in a list of arguments.
fn names(arguments: &TokenStream) -> Vec<Ident> {
    let signature: syn::Signature = syn::parse_quote! { fn call(#arguments) };
    let names = signature.inputs.iter().filter_map(|input| match input {
        syn::FnArg::Typed(typed) => match &*typed.pat {
            syn::Pat::Ident(name) => Some(name.ident.clone()),
            _ => None,
        },
        syn::FnArg::Receiver(_) => None,
    });
    names.collect()
}
