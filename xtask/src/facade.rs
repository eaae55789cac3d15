//! What is written beside progenitor's client: the types, the errors, and the methods that a user calls.

mod checks;
mod docs;
mod errors;
mod operations;
pub(crate) mod types;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::model::{Api, Scheme};
use crate::progenitor::Raw;

/// Where the written code will live.
#[derive(Debug, Clone)]
pub struct Place {
    /// The module that holds it, such as `crate::generated::acme`.
    pub module: TokenStream,
    /// The client that gets the methods, such as `crate::acme::Client`.
    pub client: TokenStream,
}

impl Place {
    /// The place of a vendor in this project's SDK.
    pub fn of_vendor(vendor: &str) -> Self {
        let vendor = format_ident!("{vendor}");
        Self {
            module: quote! { crate::generated::#vendor },
            client: quote! { crate::#vendor::Client },
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
    let raw_items = &raw.file.items;
    let hooks = hooks();
    let security = security(api);
    let server_path = &api.server_path;
    quote! {
        /// What stands between a client's base URL and the paths of the document.
        pub(crate) const SERVER_PATH: &str = #server_path;

        #methods

        #security

        #types

        /// The client as progenitor writes it. Every answer is raw here, and nothing of it is for a user.
        pub(crate) mod raw {
            #(#raw_items)*
            #hooks
        }
    }
}

/// The credential and the accepted media type go with every request, also with one that progenitor did not build.
fn hooks() -> TokenStream {
    quote! {
        impl ClientHooks<crate::transport::Session> for Client {
            async fn pre<E>(&self, request: &mut reqwest::Request, info: &OperationInfo) -> Result<(), Error<E>> {
                let accept = reqwest::header::HeaderValue::from_static("application/json");
                request.headers_mut().entry(reqwest::header::ACCEPT).or_insert(accept);
                self.inner().prepare(request, super::security(info.operation_id));
                Ok(())
            }

            async fn exec(&self, request: reqwest::Request, info: &OperationInfo) -> reqwest::Result<reqwest::Response> {
                self.inner().send(self.client(), request, info.operation_id).await
            }
        }

        impl Client {
            /// Sends a request that progenitor cannot build, on the way that its own take.
            pub(crate) async fn dispatch(
                &self,
                request: reqwest::RequestBuilder,
                operation_id: &'static str,
            ) -> Result<ResponseValue<ByteStream>, Error<ByteStream>> {
                let info = OperationInfo { operation_id };
                let mut request = request.build()?;
                self.pre(&mut request, &info).await?;
                Ok(ResponseValue::stream(self.exec(request, &info).await?))
            }
        }
    }
}

fn security(api: &Api) -> TokenStream {
    let arms = api.operations.iter().map(|operation| {
        let id = &operation.method_name;
        let schemes = operation.security.iter().map(|scheme| match scheme {
            Scheme::ApiKey => quote! { Scheme::ApiKey },
            Scheme::Bearer => quote! { Scheme::Bearer },
            Scheme::Cookie => quote! { Scheme::Cookie },
        });
        quote! { #id => &[#(#schemes),*] }
    });
    quote! {
        /// The kinds of credentials that an operation takes; none if it is public.
        pub(crate) fn security(operation_id: &str) -> &'static [crate::transport::Scheme] {
            use crate::transport::Scheme;
            match operation_id {
                #(#arms,)*
                _ => &[],
            }
        }
    }
}
