//! What is written beside progenitor's client: the types, the errors, and the methods that a user calls.

mod blocking;
mod checks;
pub(crate) mod docs;
mod errors;
mod operations;
mod requests;
pub(crate) mod types;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::model::Api;
use crate::progenitor::Raw;

/// Where the written code will live.
#[derive(Debug, Clone)]
pub struct Place {
    /// The module that holds it, such as `crate::generated::acme`.
    pub module: TokenStream,
    /// The client that gets the methods, such as `crate::acme::Client`.
    pub client: TokenStream,
    /// The client that gets the methods which return when the call is over, such as `crate::blocking::acme::Client`; where
    /// there is one.
    pub blocking: Option<TokenStream>,
}

impl Place {
    /// The place of a vendor in this project's SDK.
    pub fn of_vendor(vendor: &str) -> Self {
        let vendor = format_ident!("{vendor}");
        Self {
            module: quote! { crate::generated::#vendor },
            client: quote! { crate::#vendor::Client },
            blocking: Some(quote! { crate::blocking::#vendor::Client }),
        }
    }

    /// The place in a crate that has one client and nothing else.
    pub fn of_crate() -> Self {
        Self {
            module: quote! { crate::generated },
            client: quote! { crate::Client },
            blocking: None,
        }
    }

    /// The module of the types.
    pub fn types(&self) -> TokenStream {
        let module = &self.module;
        quote! { #module::types }
    }
}

/// The whole file.
pub fn file(api: &Api, raw: &Raw, place: &Place) -> TokenStream {
    let types = types::module(api);
    let methods = operations::methods(api, raw, place);
    let twins = place
        .blocking
        .as_ref()
        .map(|client| blocking::methods(api, client));
    let requests = &raw.methods;
    let operations = self::operations::described(api);
    let server_path = &api.server_path;
    quote! {
        /// What stands between a client's base URL and the paths of the document.
        pub(crate) const SERVER_PATH: &str = #server_path;

        #methods

        #twins

        #operations

        #types

        /// The requests of the operations, as progenitor builds them.
        pub(crate) mod requests {
            use progenitor_client::{RequestBuilderExt, encode_path};

            /// What requests are built from.
            #[derive(Clone, Debug)]
            pub struct Requests {
                pub(crate) root: crate::config::BaseUrl,
                /// What stands before every path, under the name that progenitor gives it.
                pub(crate) baseurl: String,
                pub(crate) client: reqwest::Client,
            }

            impl Requests {
                #(#requests)*
            }
        }
    }
}
