//! `Credentials` of a standalone crate: a way to make them for every security scheme that an operation asks for.

use anyhow::Result;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::facade::docs;
use crate::model::{Api, Credential, CredentialForm};

/// `impl Credentials` with what the document's schemes give it, as text.
pub(crate) fn constructors(api: &Api) -> Result<String> {
    if api.credentials.is_empty() {
        return Ok(String::new());
    }
    let constructors = api.credentials.iter().map(constructor);
    let further = api
        .credentials
        .iter()
        .filter(|credential| credential.beside)
        .map(further);
    let tokens = quote! {
        impl Credentials {
            #(#constructors)*
            #(#further)*
        }
    };
    let file: syn::File = syn::parse2(tokens)?;
    Ok(progenitor_impl::space_out_items(prettyplease::unparse(&file))?)
}

/// What a reader is told of a scheme.
pub(super) fn described(credential: &Credential) -> String {
    let place = match &credential.form {
        CredentialForm::Header(name) => format!("the header `{name}`"),
        CredentialForm::Authorization(scheme) => format!("`Authorization: {scheme} …`"),
        CredentialForm::Basic => "`Authorization: Basic …`".to_owned(),
        CredentialForm::Query(name) => format!("the query, as `{name}`"),
        CredentialForm::Cookie(name) => format!("the cookie `{name}`"),
    };
    format!("`{}`, sent in {place}.", credential.key.replace('`', "'"))
}

fn comment(credential: &Credential) -> TokenStream {
    docs::comment(&format!("{}\n\n{}", described(credential), credential.docs), "")
}

fn constructor(credential: &Credential) -> TokenStream {
    let (comment, name) = (comment(credential), format_ident!("{}", credential.name));
    let form = form(&credential.form);
    if credential.form == CredentialForm::Basic {
        return quote! {
            #comment
            ///
            /// The user must hold no colon, which ends it.
            pub fn #name(user: impl AsRef<str>, password: impl Into<Secret>) -> Self {
                Self::of(#form, basic(user.as_ref(), &password.into()).into())
            }
        };
    }
    let from = format_ident!("{}_from", credential.name.trim_end_matches('_'));
    let provided = docs::comment(
        &format!("As [`{name}`](Self::{name}), from a provider that is asked for it."),
        "",
    );
    quote! {
        #comment
        pub fn #name(secret: impl Into<Secret>) -> Self {
            Self::of(#form, Source::from(secret))
        }

        #provided
        pub fn #from(provider: impl CredentialProvider) -> Self {
            Self::of(#form, Source::provider(provider))
        }
    }
}

fn further(credential: &Credential) -> TokenStream {
    let (comment, name) = (comment(credential), format_ident!("and_{}", credential.name));
    let form = form(&credential.form);
    let (arguments, secret) = match credential.form {
        CredentialForm::Basic => (
            quote! { user: impl AsRef<str>, password: impl Into<Secret> },
            quote! { basic(user.as_ref(), &password.into()) },
        ),
        _ => (quote! { secret: impl Into<Secret> }, quote! { secret.into() }),
    };
    quote! {
        #comment
        ///
        /// Beside what these credentials are so far, for operations that ask for both.
        #[must_use]
        pub fn #name(mut self, #arguments) -> Self {
            self.further.push((#form, #secret));
            self
        }
    }
}

fn form(form: &CredentialForm) -> TokenStream {
    match form {
        CredentialForm::Header(name) => quote! { Form::Header(HeaderName::from_static(#name), "") },
        CredentialForm::Authorization(scheme) => {
            let prefix = format!("{scheme} ");
            quote! { Form::Header(header::AUTHORIZATION, #prefix) }
        }
        CredentialForm::Basic => quote! { Form::Header(header::AUTHORIZATION, "Basic ") },
        CredentialForm::Query(name) => quote! { Form::Query(#name) },
        CredentialForm::Cookie(name) => {
            let prefix = format!("{name}=");
            quote! { Form::Header(header::COOKIE, #prefix) }
        }
    }
}

/// What turns a user and a password into one secret, where some scheme needs it.
pub(crate) fn basic(api: &Api) -> &'static str {
    let is_basic = |credential: &Credential| credential.form == CredentialForm::Basic;
    match api.credentials.iter().any(is_basic) {
        true => BASIC,
        false => "",
    }
}

const BASIC: &str = r#"
/// A user and a password as RFC 7617 writes them.
fn basic(user: &str, password: &Secret) -> Secret {
    use base64::{Engine as _, prelude::BASE64_STANDARD};

    let pair = zeroize::Zeroizing::new(format!("{user}:{}", password.expose_secret()));
    Secret::from(BASE64_STANDARD.encode(pair.as_bytes()))
}
"#;
