//! What a vendor can be called: its name is a folder, a module, a cargo feature and a variant at once.

use std::path::Path;

use anyhow::{Context as _, Result};

use super::{Unfit, rooms, skeleton};

/// The names of a new vendor.
#[derive(Debug, Clone)]
pub struct Name {
    /// For folders, modules, features and command lines: `acme`.
    pub stem: String,
    /// For variants and types: `Acme`.
    pub variant: String,
    /// As the vendor writes it.
    pub title: String,
}

/// Longer names are no names; the mock's own messages give up on them, too.
const LONGEST: usize = 16;

impl Name {
    /// The names, if nothing in the repository is called so.
    pub fn new(root: &Path, stem: &str, title: Option<&str>) -> Result<Self> {
        let is_plain = stem.starts_with(|first: char| first.is_ascii_lowercase())
            && stem
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
            && (2..=LONGEST).contains(&stem.len());
        if !is_plain {
            return unfit(format!(
                "a vendor's name has 2 to {LONGEST} lower-case letters and digits and begins with a letter"
            ));
        }
        let variant = format!("{}{}", stem[..1].to_ascii_uppercase(), &stem[1..]);
        let title = title.unwrap_or(&variant).trim().to_owned();
        let is_told = |letter: char| letter.is_ascii_alphanumeric() || " .-&+".contains(letter);
        if title.is_empty() || title.len() > 40 || !title.chars().all(is_told) {
            return unfit("a title has up to 40 letters, digits and signs of ` .-&+`".to_owned());
        }
        if root.join("openapi").join(stem).join("document.yaml").exists() {
            return unfit(format!(
                "`{stem}` is a vendor already; `cargo xtask generate {stem}` makes it anew"
            ));
        }
        for word in [stem, &variant] {
            if syn::parse_str::<syn::Ident>(word).is_err() || skeleton::words().contains(word) {
                return unfit(format!(
                    "`{word}` is a word of Rust, or of the code that would be written"
                ));
            }
        }
        if let Some(place) = taken(root, stem)? {
            return unfit(format!("`{stem}` is the name of something else: {place}"));
        }
        Ok(Self {
            stem: stem.to_owned(),
            variant,
            title,
        })
    }
}

fn unfit<T>(why: String) -> Result<T> {
    Err(Unfit(why).into())
}

/// What has the name already, in the rooms where the vendor would have it.
fn taken(root: &Path, stem: &str) -> Result<Option<String>> {
    for folder in rooms::FOLDERS {
        let entries = std::fs::read_dir(root.join(folder)).with_context(|| format!("list {folder}"))?;
        for entry in entries {
            let file = entry?.file_name();
            let file = Path::new(&file);
            if file.file_stem().is_some_and(|known| known == stem) {
                return Ok(Some(format!("{folder}/{}", file.display())));
            }
        }
    }
    let path = "sdk/Cargo.toml";
    let text = std::fs::read_to_string(root.join(path)).with_context(|| format!("read {path}"))?;
    let manifest: toml::Table = toml::from_str(&text).with_context(|| format!("parse {path}"))?;
    // A module at the root of a crate hides a crate of its name.
    for table in ["features", "dependencies", "dev-dependencies"] {
        let is_named = |table: &toml::Value| table.as_table().is_some_and(|names| names.contains_key(stem));
        if manifest.get(table).is_some_and(is_named) {
            return Ok(Some(format!("{path}, [{table}]")));
        }
    }
    let of_rust = ["std", "core", "alloc", "test", "keyway"];
    Ok(of_rust.contains(&stem).then(|| "a crate".to_owned()))
}
