//! `cargo xtask api`: what callers of a room can name, one line each, kept in its `API.txt` for a reviewer to see change.
//!
//! Whatever is `pub` counts: the compiler's `unreachable_pub` sees to it that nothing else is. What a macro writes is not
//! seen, nor are the generated clients, whose signatures are kept by the tests of the workshop.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::output::{Drift, Output};
use crate::signatures::{is_public, words};
use crate::tidy;

/// The rooms that others may depend on.
const ROOMS: [&str; 4] = ["openapi", "sdk", "mock-server", "conformance"];

const HEADER: &str =
    "# Written by `cargo xtask api`: every public item of this crate, by the module that defines it.\n";

/// Writes the listings, or says which are out of step.
pub fn run(root: &Path, output: Output) -> Result<Vec<Drift>> {
    let mut drift = vec![];
    for room in ROOMS {
        let listing = of_room(&root.join(room).join("src"))?;
        let page = format!("{room}/API.txt");
        drift.extend(output.file(root, Path::new(&page), &listing)?);
    }
    Ok(drift)
}

/// The listing of the crate whose sources are in a folder.
pub fn of_room(sources: &Path) -> Result<String> {
    let mut files = vec![];
    for path in tidy::sources(sources)? {
        let is_skipped =
            path.starts_with("generated") || path.ends_with("main.rs") || path.ends_with("tests.rs");
        if is_skipped {
            continue;
        }
        let text = std::fs::read_to_string(sources.join(&path))?;
        let parsed = syn::parse_file(&text).with_context(|| format!("{} is no Rust", path.display()))?;
        files.push((module(&path), parsed));
    }
    let mut listing = Listing::default();
    for (module, file) in &files {
        listing.items(module, &file.items);
    }
    // What a type can do is listed only if the type is.
    for (module, file) in &files {
        listing.impls(module, &file.items);
    }
    let lines: Vec<_> = listing.lines.into_iter().collect();
    Ok(format!("{HEADER}{}\n", lines.join("\n")))
}

/// `server/builder.rs` is `server::builder`, the root nothing.
fn module(path: &Path) -> String {
    let path = path.with_extension("");
    let names: Vec<_> = path.iter().map(|name| name.to_string_lossy()).collect();
    let names = names.iter().filter(|name| *name != "lib" && *name != "mod");
    names
        .map(|name| name.replace('-', "_"))
        .collect::<Vec<_>>()
        .join("::")
}

#[derive(Debug, Default)]
struct Listing {
    lines: BTreeSet<String>,
    types: BTreeSet<String>,
}

impl Listing {
    fn items(&mut self, module: &str, items: &[syn::Item]) {
        for item in items {
            self.item(module, item);
        }
    }

    fn item(&mut self, module: &str, item: &syn::Item) {
        match item {
            syn::Item::Fn(function) if is_public(&function.vis) => {
                self.say(module, &function.sig.ident, &signature(&function.sig));
            }
            syn::Item::Const(constant) if is_public(&constant.vis) => {
                self.say(module, &constant.ident, &format!("const {}", words(&constant.ty)));
            }
            syn::Item::Static(it) if is_public(&it.vis) => {
                self.say(module, &it.ident, &format!("static {}", words(&it.ty)));
            }
            syn::Item::Type(alias) if is_public(&alias.vis) => {
                self.say(
                    module,
                    &alias.ident,
                    &format!("type{} = {}", words(&alias.generics), words(&alias.ty)),
                );
            }
            syn::Item::Struct(object) if is_public(&object.vis) => self.structure(module, object),
            syn::Item::Enum(choice) if is_public(&choice.vis) => self.choice(module, choice),
            syn::Item::Trait(contract) if is_public(&contract.vis) => self.contract(module, contract),
            syn::Item::Use(used) if is_public(&used.vis) => {
                self.lines
                    .insert(format!("{} use {}", place(module), words(&used.tree)));
            }
            syn::Item::Macro(made) if has(&made.attrs, "macro_export") => {
                self.lines.insert(format!(
                    "macro {}",
                    made.ident.as_ref().map(ToString::to_string).unwrap_or_default()
                ));
            }
            syn::Item::Mod(inner) if is_public(&inner.vis) => {
                self.say(module, &inner.ident, "mod");
                if let Some((_, items)) = &inner.content {
                    self.items(&within(module, &inner.ident), items);
                }
            }
            _ => {}
        }
    }

    fn structure(&mut self, module: &str, object: &syn::ItemStruct) {
        let what = format!("struct{}{}", words(&object.generics), traits(&object.attrs));
        self.say(module, &object.ident, &what);
        self.types.insert(object.ident.to_string());
        let owner = within(module, &object.ident);
        for (position, field) in object
            .fields
            .iter()
            .enumerate()
            .filter(|(_, field)| is_public(&field.vis))
        {
            let name = field
                .ident
                .as_ref()
                .map_or(position.to_string(), ToString::to_string);
            self.say(&owner, &name, &words(&field.ty));
        }
    }

    fn choice(&mut self, module: &str, choice: &syn::ItemEnum) {
        let what = format!("enum{}{}", words(&choice.generics), traits(&choice.attrs));
        self.say(module, &choice.ident, &what);
        self.types.insert(choice.ident.to_string());
        let owner = within(module, &choice.ident);
        for variant in &choice.variants {
            let held: Vec<_> = variant
                .fields
                .iter()
                .map(|field| match &field.ident {
                    Some(name) => format!("{name}: {}", words(&field.ty)),
                    None => words(&field.ty),
                })
                .collect();
            self.say(&owner, &variant.ident, &format!("variant ({})", held.join(", ")));
        }
    }

    fn contract(&mut self, module: &str, contract: &syn::ItemTrait) {
        let bounds = words(&contract.supertraits);
        self.say(
            module,
            &contract.ident,
            &format!("trait{}: {bounds}", words(&contract.generics)),
        );
        self.types.insert(contract.ident.to_string());
        let owner = within(module, &contract.ident);
        for item in &contract.items {
            match item {
                syn::TraitItem::Fn(method) => {
                    let kind = if method.default.is_some() {
                        "provided"
                    } else {
                        "required"
                    };
                    self.say(
                        &owner,
                        &method.sig.ident,
                        &format!("{kind} {}", signature(&method.sig)),
                    );
                }
                syn::TraitItem::Type(it) => {
                    self.say(&owner, &it.ident, &format!("type: {}", words(&it.bounds)))
                }
                syn::TraitItem::Const(it) => self.say(&owner, &it.ident, &format!("const {}", words(&it.ty))),
                _ => {}
            }
        }
    }

    fn impls(&mut self, module: &str, items: &[syn::Item]) {
        for item in items {
            let syn::Item::Impl(block) = item else { continue };
            let name = words(&block.self_ty);
            let last = name
                .split('<')
                .next()
                .unwrap_or_default()
                .rsplit("::")
                .next()
                .unwrap_or_default();
            if !self.types.contains(last) {
                continue;
            }
            let conditions = words(&block.generics.where_clause);
            if let Some((contract, _)) = &block.trait_ {
                let line = format!(
                    "impl{} {} for {name} {conditions}",
                    words(&block.generics),
                    words(contract)
                );
                self.lines
                    .insert(format!("{} {}", place(module), line.trim_end()));
                continue;
            }
            let owner = within(module, &name);
            for item in &block.items {
                match item {
                    syn::ImplItem::Fn(method) if is_public(&method.vis) => {
                        self.say(&owner, &method.sig.ident, &signature(&method.sig));
                    }
                    syn::ImplItem::Const(constant) if is_public(&constant.vis) => {
                        self.say(&owner, &constant.ident, &format!("const {}", words(&constant.ty)));
                    }
                    _ => {}
                }
            }
        }
    }

    fn say(&mut self, owner: &str, name: &impl ToString, what: &str) {
        self.lines.insert(format!("{}: {what}", within(owner, name)));
    }
}

fn within(owner: &str, name: &impl ToString) -> String {
    match owner {
        "" => name.to_string(),
        _ => format!("{owner}::{}", name.to_string()),
    }
}

/// As one writes it; whether an argument may be changed inside is nobody's affair.
fn signature(signature: &syn::Signature) -> String {
    words(signature)
        .replacen(" (", "(", 1)
        .replace("(mut self", "(self")
}

/// The module at the head of a line that has no name of its own.
fn place(module: &str) -> String {
    format!("{}:", if module.is_empty() { "crate" } else { module })
}

fn has(attributes: &[syn::Attribute], name: &str) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident(name))
}

/// What is derived, and whether it may grow.
fn traits(attributes: &[syn::Attribute]) -> String {
    let mut traits = String::new();
    if has(attributes, "non_exhaustive") {
        traits.push_str(", may grow");
    }
    for attribute in attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("derive"))
    {
        if let syn::Meta::List(list) = &attribute.meta {
            let mut derived: Vec<_> = list
                .tokens
                .to_string()
                .split(',')
                .map(|name| name.replace(' ', ""))
                .collect();
            derived.retain(|name| !name.is_empty());
            derived.sort();
            traits.push_str(&format!(", {}", derived.join(" ")));
        }
    }
    traits
}
