//! What callers see of a generated client, one line for each thing they can name, and which changes of it break them.

use std::collections::BTreeMap;
use std::fmt;

use anyhow::{Context as _, Result};
use quote::ToTokens;

/// The public things of one client by their names, with what is said of each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signatures(BTreeMap<String, Thing>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Thing {
    kind: Kind,
    /// The type or the signature.
    says: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Operation,
    Function,
    Type {
        /// Whether others can write down a value of it, or match it without `_`, so that it must not grow.
        is_closed: bool,
    },
    Field {
        is_optional: bool,
    },
    Variant,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Operation => "operation",
            Self::Function => "function",
            Self::Type { .. } => "type",
            Self::Field { .. } => "field",
            Self::Variant => "variant",
        }
    }
}

impl Signatures {
    /// Those of a generated file.
    pub fn of(text: &str) -> Result<Self> {
        let file = syn::parse_file(text).context("the client is no Rust")?;
        let mut things = BTreeMap::new();
        for item in &file.items {
            match item {
                syn::Item::Impl(block) if block.trait_.is_none() && !is_blocking(block) => {
                    methods(&mut things, "Client", Kind::Operation, block);
                }
                syn::Item::Mod(module) if module.ident == "types" => {
                    let items = module.content.iter().flat_map(|(_, items)| items);
                    items.for_each(|item| of_type(&mut things, item));
                }
                _ => {}
            }
        }
        Ok(Self(things))
    }

    /// The changes from `before` to these that break somebody's code, one line each.
    pub fn breaking_since(&self, before: &Self) -> Vec<String> {
        let mut breaking = vec![];
        for (name, thing) in &before.0 {
            let kind = thing.kind.name();
            match self.0.get(name) {
                // What goes with its type is not told apart.
                None if self.owner_is_gone(before, name) => {}
                None => breaking.push(format!("removes the {kind} `{name}`")),
                Some(now) if now.says != thing.says => {
                    breaking.push(format!(
                        "changes the {kind} `{name}` from `{}` to `{}`",
                        thing.says, now.says
                    ));
                }
                Some(_) => {}
            }
        }
        for (name, thing) in &self.0 {
            let Some((owner, _)) = name.rsplit_once("::").filter(|_| !before.0.contains_key(name)) else {
                continue;
            };
            let Some(Kind::Type { is_closed: true }) = before.0.get(owner).map(|owner| owner.kind) else {
                continue;
            };
            match thing.kind {
                Kind::Field { is_optional: false } => {
                    breaking.push(format!("adds the required field `{name}`"))
                }
                Kind::Field { is_optional: true } => {
                    breaking.push(format!(
                        "adds the field `{name}` to a type that callers write out"
                    ));
                }
                Kind::Variant => breaking.push(format!(
                    "adds the variant `{name}` to an enum that may be matched in full"
                )),
                Kind::Operation | Kind::Function | Kind::Type { .. } => {}
            }
        }
        breaking
    }

    fn owner_is_gone(&self, before: &Self, name: &str) -> bool {
        name.rsplit_once("::")
            .is_some_and(|(owner, _)| before.0.contains_key(owner) && !self.0.contains_key(owner))
    }
}

/// One line for each thing, for a reviewer.
impl fmt::Display for Signatures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(name, thing)| match thing.kind {
            Kind::Variant if thing.says.is_empty() => writeln!(f, "{} {name}", thing.kind.name()),
            _ => writeln!(f, "{} {name}: {}", thing.kind.name(), thing.says),
        })
    }
}

fn is_blocking(block: &syn::ItemImpl) -> bool {
    words(&block.self_ty).contains("blocking")
}

fn methods(things: &mut BTreeMap<String, Thing>, owner: &str, kind: Kind, block: &syn::ItemImpl) {
    for item in &block.items {
        let syn::ImplItem::Fn(method) = item else { continue };
        if !is_public(&method.vis) {
            continue;
        }
        let arguments: Vec<String> = method.sig.inputs.iter().map(words).collect();
        let answer = match &method.sig.output {
            syn::ReturnType::Default => "()".to_owned(),
            syn::ReturnType::Type(_, ty) => words(ty),
        };
        let says = format!("({}) -> {answer}", arguments.join(", "));
        things.insert(format!("{owner}::{}", method.sig.ident), Thing { kind, says });
    }
}

fn of_type(things: &mut BTreeMap<String, Thing>, item: &syn::Item) {
    match item {
        syn::Item::Struct(object) => {
            let owner = format!("types::{}", object.ident);
            let fields = object.fields.iter().filter(|field| is_public(&field.vis));
            for field in fields {
                let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
                let says = words(&field.ty);
                let kind = Kind::Field {
                    is_optional: says.starts_with("Option<"),
                };
                things.insert(format!("{owner}::{name}"), Thing { kind, says });
            }
            things.insert(owner, a_type("struct", &object.attrs));
        }
        syn::Item::Enum(choice) => {
            let owner = format!("types::{}", choice.ident);
            for variant in &choice.variants {
                let held: Vec<String> = variant.fields.iter().map(|field| words(&field.ty)).collect();
                let thing = Thing {
                    kind: Kind::Variant,
                    says: held.join(", "),
                };
                things.insert(format!("{owner}::{}", variant.ident), thing);
            }
            things.insert(owner, a_type("enum", &choice.attrs));
        }
        syn::Item::Impl(block) if block.trait_.is_none() => {
            methods(
                things,
                &format!("types::{}", words(&block.self_ty)),
                Kind::Function,
                block,
            );
        }
        _ => {}
    }
}

fn a_type(what: &str, attributes: &[syn::Attribute]) -> Thing {
    let grows = attributes
        .iter()
        .any(|attribute| attribute.path().is_ident("non_exhaustive"));
    let says = match grows {
        true => format!("{what}, may grow"),
        false => what.to_owned(),
    };
    let kind = Kind::Type { is_closed: !grows };
    Thing { kind, says }
}

pub(crate) fn is_public(visibility: &syn::Visibility) -> bool {
    matches!(visibility, syn::Visibility::Public(_))
}

/// Tokens as one writes them.
pub(crate) fn words(tokens: &impl ToTokens) -> String {
    let mut text = tokens.to_token_stream().to_string();
    for (spaced, tight) in [
        (" :: ", "::"),
        (":: ", "::"),
        (" < ", "<"),
        (" <", "<"),
        ("< ", "<"),
        (" >", ">"),
        ("& ", "&"),
        (" ,", ","),
        (" : ", ": "),
        ("( ", "("),
        (" )", ")"),
        ("[ ", "["),
        (" ]", "]"),
        (",>", ">"),
        (", >", ">"),
    ] {
        text = text.replace(spaced, tight);
    }
    text.replace("::std::string::String", "String")
        .replace("::std::vec::Vec", "Vec")
        .replace("::std::option::Option", "Option")
        .replace("crate::", "")
}
