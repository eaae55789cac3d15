//! Where the rooms list the vendors: one line for a vendor in each list.

use std::path::Path;

use anyhow::{Context as _, Result};

use crate::model::{Api, CredentialForm};

use super::Name;
use super::insert::Entry;

/// The folders in which a vendor's name is the name of a file or of a folder.
pub(super) const FOLDERS: [&str; 6] = [
    "openapi",
    "sdk/src",
    "sdk/src/generated",
    "mock-server/src/dialects",
    "conformance/src/subjects",
    "conformance/profiles",
];

/// The one list that says who the vendors are.
const VENDORS: &str = "openapi/src/vendor.rs";

/// Every list, by its file.
pub(super) fn lists(
    root: &Path,
    name: &Name,
    version: &str,
    api: &Api,
) -> Result<Vec<(&'static str, Entry)>> {
    let Name { stem, variant, title } = name;
    let at_the_end = |begin, end, line| Entry::AtTheEnd { begin, end, line };
    let module = |declaration: String| Entry::Module {
        stem: stem.clone(),
        declaration,
    };
    let beside = |this: &str, put: String| Entry::Beside {
        this: this.to_owned(),
        put,
    };
    let last = last_vendor(root)?;
    let in_json = || Entry::InJson {
        last: last.clone(),
        name: stem.clone(),
    };
    let operations = api.operations.len();
    let features = match api.operations.iter().any(|operation| operation.form.is_some()) {
        true => "[\"forms\"]",
        false => "[]",
    };
    let mut lists = vec![
        (
            VENDORS,
            at_the_end(
                "vendors! {",
                "}",
                format!("    /// {title}: not played yet.\n    {variant} = \"{stem}\", \"{title}\";"),
            ),
        ),
        (
            "openapi/README.md",
            at_the_end(
                "|---|---|---|---|---|",
                "",
                format!(
                    "| {title} | [`{stem}/document.yaml`]({stem}/document.yaml), OpenAPI {version}, {operations} operations | \
                     as `cargo xtask new-vendor` was given it | still to be said | still to be said |"
                ),
            ),
        ),
        (
            "sdk/Cargo.toml",
            beside(
                "\"rustls\", \"http2\"]\n\n# One",
                format!("\"{stem}\", \"rustls\", \"http2\"]\n\n# One"),
            ),
        ),
        (
            "sdk/Cargo.toml",
            beside(
                "\n# Who encrypts.",
                format!("{stem} = {features}\n\n# Who encrypts."),
            ),
        ),
        (
            "sdk/src/lib.rs",
            module(format!("#[cfg(feature = \"{stem}\")]\npub mod {stem};")),
        ),
        (
            "sdk/src/lib.rs",
            beside("` | yes | a vendor |", format!("`, `{stem}` | yes | a vendor |")),
        ),
        (
            "sdk/src/generated/mod.rs",
            module(format!(
                "#[cfg(feature = \"{stem}\")]\n#[rustfmt::skip]\npub(crate) mod {stem};"
            )),
        ),
        (
            "sdk/src/blocking.rs",
            beside(
                "\n/// Gives a vendor's client its keys",
                format!("vendor!({stem}, \"{stem}\", \"{title}\");\n\n/// Gives a vendor's client its keys"),
            ),
        ),
        (
            "mock-server/src/dialects.rs",
            module(format!("pub(crate) mod {stem};")),
        ),
        (
            "mock-server/src/dialects.rs",
            at_the_end(
                "dialects! { $",
                "}",
                format!("    {variant}: crate::dialects::{stem}::{variant},"),
            ),
        ),
        ("conformance/src/subjects.rs", module(format!("mod {stem};"))),
        (
            "conformance/src/subjects.rs",
            at_the_end(
                "    match vendor {",
                "    }",
                format!("        Vendor::{variant} => Box::new({stem}::{variant}),"),
            ),
        ),
        (
            "conformance/src/clients.rs",
            at_the_end(
                "    match vendor {",
                "    }",
                format!(
                    "        Vendor::{variant} => Err(unsent(\"no life of a key with this client is written yet\")),"
                ),
            ),
        ),
        (
            "conformance/src/profile.rs",
            at_the_end(
                "const TEXTS: [&str; Vendor::ALL.len()] = [",
                "];",
                format!("    include_str!(\"../profiles/{stem}.toml\"),"),
            ),
        ),
        ("conformance/schemas/profile.json", in_json()),
        ("conformance/schemas/report.json", in_json()),
    ];
    if api
        .credentials
        .iter()
        .any(|credential| credential.form == CredentialForm::Basic)
    {
        lists.extend(basic(root)?);
    }
    Ok(lists)
}

/// A user and a password are encoded before they are sent.
fn basic(root: &Path) -> Result<Option<(&'static str, Entry)>> {
    let path = "sdk/Cargo.toml";
    let text = std::fs::read_to_string(root.join(path)).with_context(|| format!("read {path}"))?;
    let manifest: toml::Table = toml::from_str(&text).with_context(|| format!("parse {path}"))?;
    let is_there = manifest["dependencies"].get("base64").is_some();
    let line = "base64 = { workspace = true }";
    Ok((!is_there).then(|| {
        let this = "\n[dependencies]\n".to_owned();
        let put = format!("{this}backon = {{ workspace = true }}\n{line}\n");
        let this = format!("{this}backon = {{ workspace = true }}\n");
        (path, Entry::Beside { this, put })
    }))
}

/// The vendor that every list ends with.
fn last_vendor(root: &Path) -> Result<String> {
    let text = std::fs::read_to_string(root.join(VENDORS)).with_context(|| format!("read {VENDORS}"))?;
    let rows = text
        .split("\nvendors! {\n")
        .nth(1)
        .and_then(|rows| rows.split("\n}").next());
    let last = rows
        .into_iter()
        .flat_map(str::lines)
        .filter_map(|row| row.split(" = \"").nth(1)?.split('"').next())
        .next_back();
    Ok(last.context("openapi/src/vendor.rs lists no vendor")?.to_owned())
}
