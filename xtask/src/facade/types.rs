//! The types of requests and answers.
//!
//! Answers are read leniently (what is unknown is ignored, `null` for a list is an empty one), requests say exactly what the
//! caller said (no default is filled in), and secrets are guarded field by field.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{checks, docs};
use crate::model::{Api, Definition, Field, Operation, Place, Shape, Struct, Tag, Ty, Variant};
use crate::prepare::names;

/// The module `types` without the error enums, which [`super::errors`] writes.
pub(super) fn module(api: &Api) -> TokenStream {
    let definitions = api
        .types
        .iter()
        .map(|(name, definition)| definition_tokens(api, name, definition));
    let parameters = api.operations.iter().filter_map(parameters_struct);
    let parameter_checks = api
        .operations
        .iter()
        .filter_map(|operation| checks::of_parameters(api, operation));
    let errors = super::errors::of(api);
    let successes = api.operations.iter().filter_map(super::errors::success_enum);
    quote! {
        /// What the operations take and answer.
        pub mod types {
            pub use crate::open::UnknownValue;

            #(#definitions)*
            #(#parameters)*
            #(#parameter_checks)*
            #(#successes)*
            #errors
        }
    }
}

/// The type as Rust writes it, with `types` as the path of the module of named types.
pub(crate) fn tokens(ty: &Ty, types: &TokenStream) -> TokenStream {
    let inner = |ty: &Ty| tokens(ty, types);
    match ty {
        Ty::String => quote! { ::std::string::String },
        Ty::Secret => quote! { crate::Secret },
        Ty::Timestamp => quote! { crate::Timestamp },
        Ty::Upload => quote! { ::std::string::String },
        Ty::Bytes => quote! { ::std::vec::Vec<u8> },
        Ty::Integer => quote! { i64 },
        Ty::Unsigned => quote! { u64 },
        Ty::Number => quote! { f64 },
        Ty::Boolean => quote! { bool },
        Ty::Json => quote! { ::serde_json::Value },
        Ty::JsonObject => quote! { ::serde_json::Map<::std::string::String, ::serde_json::Value> },
        Ty::Array(item) => {
            let item = inner(item);
            quote! { ::std::vec::Vec<#item> }
        }
        Ty::Map(value) => {
            let value = inner(value);
            quote! { ::std::collections::BTreeMap<::std::string::String, #value> }
        }
        Ty::Nullable(inner_ty) => {
            let inner = inner(inner_ty);
            quote! { ::std::option::Option<#inner> }
        }
        Ty::Boxed(inner_ty) => {
            let inner = inner(inner_ty);
            quote! { ::std::boxed::Box<#inner> }
        }
        Ty::Named(name) => {
            let name = format_ident!("{name}");
            match types.is_empty() {
                true => quote! { #name },
                false => quote! { #types::#name },
            }
        }
    }
}

/// The type as it is written inside the module `types`.
fn local(ty: &Ty) -> TokenStream {
    // Short names, because this is what a reader of the documentation sees.
    match ty {
        Ty::String | Ty::Upload => quote! { String },
        Ty::Array(item) => {
            let item = local(item);
            quote! { Vec<#item> }
        }
        Ty::Nullable(inner) => {
            let inner = local(inner);
            quote! { Option<#inner> }
        }
        Ty::Boxed(inner) => {
            let inner = local(inner);
            quote! { Box<#inner> }
        }
        Ty::Map(value) => {
            let value = local(value);
            quote! { ::std::collections::BTreeMap<String, #value> }
        }
        Ty::JsonObject => quote! { ::serde_json::Map<String, ::serde_json::Value> },
        Ty::Bytes => quote! { Vec<u8> },
        _ => tokens(ty, &TokenStream::new()),
    }
}

fn definition_tokens(api: &Api, name: &str, definition: &Definition) -> TokenStream {
    match &definition.shape {
        Shape::Struct(object) if is_form(api, name) => form_struct(api, name, definition, object),
        Shape::Struct(object) => struct_tokens(api, name, definition, object),
        Shape::OpenEnum(variants) => open_enum(name, definition, variants),
        Shape::Union(variants) => match &definition.tag {
            Some(tag) => tagged(api, name, definition, variants, tag),
            None => union(api, name, definition, variants),
        },
    }
}

/// Whether the type is a multipart form and nothing else.
pub(super) fn is_form(api: &Api, name: &str) -> bool {
    let is_body = |operation: &Operation| {
        operation
            .body
            .as_ref()
            .is_some_and(|body| body.ty == Ty::Named(name.to_owned()))
    };
    api.operations
        .iter()
        .any(|operation| operation.form.as_deref() == Some(name))
        && !api.operations.iter().any(is_body)
}

fn struct_tokens(api: &Api, name: &str, definition: &Definition, object: &Struct) -> TokenStream {
    let ident = format_ident!("{name}");
    let comment = docs::of_type(definition);
    // A struct that callers build must be open to them; one that they only read may grow.
    let growing = (!definition.sent).then(|| quote! { #[non_exhaustive] });
    let default = has_default(object).then(|| quote! { Default, });
    let fields = object.fields.iter().map(|field| field_tokens(field, definition));
    let further = object.further.as_ref().map(|ty| {
        let hidden = ty.is_secret().then(|| quote! { , skip_serializing });
        let (ty, name) = (local(ty), further_name(object));
        quote! {
            /// Properties that the document describes without naming them.
            #[serde(flatten #hidden)]
            pub #name: ::std::collections::BTreeMap<String, #ty>,
        }
    });
    let constructor =
        (definition.sent && !has_default(object)).then(|| constructor(&ident, object, field_type));
    let check = checks::of_struct(api, name, object);
    let note = object.fields.iter().any(|field| field.ty.is_secret()).then(|| {
        let note = match definition.sent {
            true => " Serialised, it holds its secrets in plain, as the request does: do not log that.",
            false => " Serialised, it holds `[redacted]` for its secrets.",
        };
        quote! { #[doc = ""] #[doc = #note] }
    });
    quote! {
        #comment
        #note
        #[derive(Clone, Debug, #default PartialEq, ::serde::Deserialize, ::serde::Serialize)]
        #growing
        pub struct #ident {
            #(#fields)*
            #further
        }
        #constructor
        #check
    }
}

/// What the properties without names are called, beside those that have one.
fn further_name(object: &Struct) -> proc_macro2::Ident {
    let is_taken = |name: &str| object.fields.iter().any(|field| field.name == name);
    format_ident!("{}", names::free("further", "_", is_taken))
}

fn has_default(object: &Struct) -> bool {
    object.fields.iter().all(|field| !is_plain(field))
}

/// Whether the field is there in every value, so that its type is not wrapped.
pub(super) fn is_plain(field: &Field) -> bool {
    field.required && !(field.nullable && field.ty != Ty::Json)
}

fn field_tokens(field: &Field, definition: &Definition) -> TokenStream {
    let comment = docs::of_field(field);
    let name = format_ident!("{}", field.name);
    let ty = field_type(field);
    let rename = (field.name != field.key).then(|| {
        let key = &field.key;
        quote! { rename = #key }
    });
    let (lenient, skip) = match (is_plain(field), &field.ty, field.required) {
        // A list that must be there and is `null` is read as empty.
        (true, Ty::Array(_) | Ty::Map(_) | Ty::JsonObject, _) => (
            Some(quote! { deserialize_with = "crate::open::null_is_empty" }),
            None,
        ),
        (true, ..) => (None, None),
        (false, _, true) => (Some(quote! { default }), None),
        (false, _, false) => (
            Some(quote! { default }),
            Some(quote! { skip_serializing_if = "Option::is_none" }),
        ),
    };
    // An answer may write a number as text, or a whole one with a fraction of zero.
    let is_number = matches!(field.ty, Ty::Integer | Ty::Unsigned | Ty::Number);
    let reader = match (
        is_number && definition.received,
        is_plain(field),
        field.null_apart,
    ) {
        (true, true, _) => Some("crate::open::number"),
        (true, false, false) => Some("crate::open::number_option"),
        (true, false, true) => Some("crate::open::number_or_null"),
        (false, _, true) => Some("crate::open::value_or_null"),
        (false, _, false) => None,
    };
    let reader = reader.map(|reader| quote! { deserialize_with = #reader });
    let guarded = field
        .ty
        .is_secret()
        .then(|| match (definition.sent, is_plain(field)) {
            (true, true) => quote! { serialize_with = "crate::secret::expose" },
            (true, false) => quote! { serialize_with = "crate::secret::expose_option" },
            (false, _) => quote! { serialize_with = "crate::secret::redact" },
        });
    let attributes: Vec<TokenStream> = [rename, lenient, reader, skip, guarded]
        .into_iter()
        .flatten()
        .collect();
    let serde = (!attributes.is_empty()).then(|| quote! { #[serde(#(#attributes),*)] });
    quote! {
        #comment
        #serde
        pub #name: #ty,
    }
}

fn field_type(field: &Field) -> TokenStream {
    let ty = local(&field.ty);
    let ty = if field.boxed {
        quote! { Box<#ty> }
    } else {
        ty
    };
    match (is_plain(field), field.null_apart) {
        (true, _) => ty,
        (false, false) => quote! { Option<#ty> },
        (false, true) => quote! { Option<Option<#ty>> },
    }
}

fn constructor(
    ident: &proc_macro2::Ident,
    object: &Struct,
    type_of: fn(&Field) -> TokenStream,
) -> TokenStream {
    let required: Vec<&Field> = object.fields.iter().filter(|field| is_plain(field)).collect();
    let names = required
        .iter()
        .map(|field| format_ident!("{}", field.name))
        .collect::<Vec<_>>();
    let parameters = required.iter().zip(&names).map(|(field, name)| {
        let ty = type_of(field);
        match field.ty {
            Ty::String | Ty::Secret | Ty::Timestamp if !field.boxed => quote! { #name: impl Into<#ty> },
            _ => quote! { #name: #ty },
        }
    });
    let values = object.fields.iter().map(|field| {
        let name = format_ident!("{}", field.name);
        match (is_plain(field), &field.ty) {
            (true, Ty::String | Ty::Secret | Ty::Timestamp) if !field.boxed => quote! { #name: #name.into() },
            (true, _) => quote! { #name },
            (false, _) => quote! { #name: None },
        }
    });
    let further = object.further.as_ref().map(|_| {
        let name = further_name(object);
        quote! { #name: Default::default(), }
    });
    quote! {
        impl #ident {
            /// With what the vendor requires, and nothing else.
            pub fn new(#(#parameters),*) -> Self {
                Self { #(#values,)* #further }
            }
        }
    }
}

/// A form is sent part by part, so it needs no serialisation, and its files are uploads.
fn form_struct(api: &Api, name: &str, definition: &Definition, object: &Struct) -> TokenStream {
    let ident = format_ident!("{name}");
    let comment = docs::of_type(definition);
    let fields = object.fields.iter().map(|field| {
        let comment = docs::of_field(field);
        let name = format_ident!("{}", field.name);
        let ty = form_type(field);
        quote! { #comment pub #name: #ty, }
    });
    let default = has_default(object).then(|| quote! { Default, });
    let constructor = (!has_default(object)).then(|| constructor(&ident, object, form_type));
    let check = checks::of_struct(api, name, object);
    quote! {
        #comment
        #[derive(Clone, Debug, #default PartialEq)]
        pub struct #ident {
            #(#fields)*
        }
        #constructor
        #check
    }
}

fn form_type(field: &Field) -> TokenStream {
    let ty = match &field.ty {
        Ty::Upload => quote! { crate::Upload },
        Ty::Array(item) if **item == Ty::Upload => quote! { Vec<crate::Upload> },
        ty => local(ty),
    };
    match is_plain(field) {
        true => ty,
        false => quote! { Option<#ty> },
    }
}

fn open_enum(name: &str, definition: &Definition, variants: &[Variant]) -> TokenStream {
    let ident = format_ident!("{name}");
    let comment = docs::of_type(definition);
    let names = variants
        .iter()
        .map(|variant| format_ident!("{}", variant.name))
        .collect::<Vec<_>>();
    let values = variants
        .iter()
        .map(|variant| variant.value.as_str())
        .collect::<Vec<_>>();
    let comments = values
        .iter()
        .map(|value| docs::comment(&format!("`{value}`"), "The empty text."));
    quote! {
        #comment
        ///
        /// More values may come. Match those you know and let `_` take the rest; [`as_str`](Self::as_str) tells any of them.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #ident {
            #(#comments #names,)*
            /// A value that was not known when this was written.
            Unknown(UnknownValue),
        }

        impl #ident {
            /// The values that the vendor documents.
            pub const ALL: &'static [Self] = &[#(Self::#names),*];

            /// The value as the vendor writes it.
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#names => #values,)*
                    Self::Unknown(value) => value.as_str(),
                }
            }
        }

        impl From<&str> for #ident {
            fn from(value: &str) -> Self {
                match value {
                    #(#values => Self::#names,)*
                    other => Self::Unknown(UnknownValue::new(other)),
                }
            }
        }

        crate::open::text_enum!(#ident);
    }
}

fn union(api: &Api, name: &str, definition: &Definition, variants: &[(String, Ty)]) -> TokenStream {
    let ident = format_ident!("{name}");
    let comment = docs::of_type(definition);
    let names = variants.iter().map(|(name, _)| format_ident!("{name}"));
    let types = variants.iter().map(|(_, ty)| {
        let hidden = ty
            .is_secret()
            .then(|| quote! { #[serde(serialize_with = "crate::secret::redact")] });
        let ty = local(ty);
        quote! { #hidden #ty }
    });
    let comments = variants
        .iter()
        .map(|(name, _)| docs::comment(&format!("As `{name}`."), ""));
    let (shown, hiding) = guard(api, &ident, variants);
    let redacted = (hiding.is_some() && !definition.sent)
        .then(|| quote! { #[serde(serialize_with = "crate::secret::redact")] });
    quote! {
        #comment
        #[derive(Clone, #shown PartialEq, ::serde::Deserialize, ::serde::Serialize)]
        #[serde(untagged)]
        #[non_exhaustive]
        pub enum #ident {
            #(#comments #names(#types),)*
            /// A value of a kind that was not known when this was written.
            Unknown(#redacted ::serde_json::Value),
        }
        #hiding
    }
}

/// What is like none of the branches may be a branch with a secret that has changed: then it is not shown. Whether `Debug`
/// is derived, and what stands in its place.
fn guard(
    api: &Api,
    ident: &proc_macro2::Ident,
    variants: &[(String, Ty)],
) -> (Option<TokenStream>, Option<TokenStream>) {
    let has_secret = variants.iter().any(|(_, ty)| holds_secret(api, ty, &mut vec![]));
    if !has_secret {
        return (Some(quote! { Debug, }), None);
    }
    let names = variants.iter().map(|(name, _)| format_ident!("{name}"));
    let hiding = quote! {
        impl ::std::fmt::Debug for #ident {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match self {
                    #(Self::#names(value) => ::std::fmt::Debug::fmt(value, f),)*
                    Self::Unknown(_) => f.write_str("Unknown(..)"),
                }
            }
        }
    };
    (None, Some(hiding))
}

/// Whether a secret is somewhere in a value of the type.
fn holds_secret<'a>(api: &'a Api, ty: &'a Ty, seen: &mut Vec<&'a str>) -> bool {
    match ty {
        Ty::Secret => true,
        Ty::Array(inner) | Ty::Map(inner) | Ty::Nullable(inner) | Ty::Boxed(inner) => {
            holds_secret(api, inner, seen)
        }
        Ty::Named(name) if !seen.contains(&name.as_str()) => {
            seen.push(name);
            match api.types.get(name).map(|definition| &definition.shape) {
                Some(Shape::Struct(object)) => {
                    let fields = object.fields.iter().map(|field| &field.ty);
                    fields
                        .chain(&object.further)
                        .any(|ty| holds_secret(api, ty, seen))
                }
                Some(Shape::Union(variants)) => variants.iter().any(|(_, ty)| holds_secret(api, ty, seen)),
                _ => false,
            }
        }
        _ => false,
    }
}

/// A choice of objects, told apart by the value of a property.
fn tagged(
    api: &Api,
    name: &str,
    definition: &Definition,
    variants: &[(String, Ty)],
    tag: &Tag,
) -> TokenStream {
    let ident = format_ident!("{name}");
    let comment = docs::of_type(definition);
    let names: Vec<_> = variants.iter().map(|(name, _)| format_ident!("{name}")).collect();
    let types = variants.iter().map(|(_, ty)| local(ty));
    let comments = tag.values.iter().map(|values| {
        let values: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
        docs::comment(&format!("Where `{}` is {}.", tag.key, values.join(" or ")), "")
    });
    let (key, values) = (&tag.key, &tag.values);
    let (shown, hiding) = guard(api, &ident, variants);
    let unknown = match hiding.is_some() && !definition.sent {
        true => quote! { Self::Unknown(value) => crate::secret::redact(value, serializer), },
        false => quote! { Self::Unknown(value) => ::serde::Serialize::serialize(value, serializer), },
    };
    quote! {
        #comment
        #[derive(Clone, #shown PartialEq)]
        #[non_exhaustive]
        pub enum #ident {
            #(#comments #names(#types),)*
            /// A value of a kind that was not known when this was written.
            Unknown(::serde_json::Value),
        }

        impl ::serde::Serialize for #ident {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                match self {
                    #(Self::#names(value) => crate::open::tagged(value, #key, &[#(#values),*], serializer),)*
                    #unknown
                }
            }
        }

        #hiding

        impl<'de> ::serde::Deserialize<'de> for #ident {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                let value = <::serde_json::Value as ::serde::Deserialize>::deserialize(deserializer)?;
                // What is not as its kind says does not cost the answer around it.
                let known = match value.get(#key).and_then(::serde_json::Value::as_str) {
                    #(Some(#(#values)|*) => ::serde_json::from_value(value.clone()).ok().map(Self::#names),)*
                    _ => None,
                };
                Ok(known.unwrap_or(Self::Unknown(value)))
            }
        }
    }
}

/// The optional parameters of an operation.
fn parameters_struct(operation: &Operation) -> Option<TokenStream> {
    let optional: Vec<&Field> = optional(operation).collect();
    if optional.is_empty() {
        return None;
    }
    let ident = parameters_name(operation);
    let comment = docs::comment(
        &format!(
            "What may be asked of `{}` beside what must.",
            operation.method_name
        ),
        "",
    );
    let fields = optional.into_iter().map(|field| {
        let comment = docs::of_field(field);
        let name = format_ident!("{}", field.name);
        let ty = local(&field.ty);
        quote! { #comment pub #name: Option<#ty>, }
    });
    Some(quote! {
        #comment
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct #ident {
            #(#fields)*
        }
    })
}

pub(super) fn parameters_name(operation: &Operation) -> proc_macro2::Ident {
    format_ident!("{}", operation.names.parameters)
}

pub(super) fn optional(operation: &Operation) -> impl Iterator<Item = &Field> {
    operation
        .parameters
        .iter()
        .filter(|parameter| !parameter.field.required && parameter.place != Place::Path)
        .map(|parameter| &parameter.field)
}
