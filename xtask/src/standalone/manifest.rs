//! The manifest of a standalone crate. Its dependencies are the SDK's, in the versions that this workspace decided on.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use toml::{Table, Value};

const WORKSPACE: &str = include_str!("../../../Cargo.toml");
const SDK: &str = include_str!("../../../sdk/Cargo.toml");

/// What a written crate needs beyond what the SDK does.
const FURTHER: &str = "base64";

/// The manifest of a crate with this name, whose sources are `sources`.
pub(super) fn of<'a>(
    name: &str,
    description: &str,
    has_forms: bool,
    sources: impl Iterator<Item = &'a String>,
) -> Result<String> {
    let workspace: Table = WORKSPACE.parse().context("the workspace's manifest")?;
    let sdk: Table = SDK.parse().context("the SDK's manifest")?;
    let package = table(&workspace, &["workspace", "package"])?;
    let mut features = table(&sdk, &["features"])?.clone();
    let mut default = vec!["rustls", "http2"];
    default.extend(has_forms.then_some("forms"));
    features.retain(|name, _| ["rustls", "native-tls", "http2", "forms"].contains(&name));
    let description = Value::from(description);
    let mut text = format!(
        "{}\n\n[package]\nname = \"{name}\"\ndescription = {description}\nversion = \"0.1.0\"\nedition = {}\nrust-version = {}\n",
        super::MANIFEST_HEADER,
        package["edition"],
        package["rust-version"],
    );
    text.push_str(
        "publish = false\n\n# A workspace of its own, wherever it lies. One around it names it in `exclude`.\n[workspace]\n\n[features]\n",
    );
    text.push_str(&format!("default = {}\n", Value::from(default)));
    for (feature, turns_on) in &features {
        text.push_str(&format!("{feature} = {turns_on}\n"));
    }
    text.push_str("\n[dependencies]\n");
    for (dependency, requirement) in dependencies(&workspace, &sdk, sources)? {
        text.push_str(&format!("{dependency} = {}\n", Value::Table(requirement)));
    }
    Ok(text)
}

/// The dependencies that the sources name, each with version and features.
fn dependencies<'a>(
    workspace: &Table,
    sdk: &Table,
    sources: impl Iterator<Item = &'a String>,
) -> Result<BTreeMap<String, Table>> {
    let versions = table(workspace, &["workspace", "dependencies"])?;
    let sources: Vec<&String> = sources.collect();
    let mut found = BTreeMap::new();
    let further = Value::Table(Table::new());
    let wanted = table(sdk, &["dependencies"])?
        .iter()
        .map(|(name, asked)| (name.as_str(), asked))
        .chain([(FURTHER, &further)]);
    for (name, asked) in wanted {
        let path = format!("{}::", name.replace('-', "_"));
        if !sources.iter().any(|source| names(source, &path)) {
            continue;
        }
        let mut requirement = match versions
            .get(name)
            .with_context(|| format!("no version of {name}"))?
        {
            Value::Table(requirement) => requirement.clone(),
            version => Table::from_iter([("version".to_owned(), version.clone())]),
        };
        let more = asked.get("features").and_then(Value::as_array);
        if let Some(more) = more {
            let features = requirement
                .entry("features")
                .or_insert_with(|| Value::Array(vec![]));
            if let Value::Array(features) = features {
                features.extend(more.iter().cloned());
            }
        }
        found.insert(name.to_owned(), requirement);
    }
    Ok(found)
}

/// Whether a path begins with the crate: `url::`, and not `crate_url::`.
fn names(source: &str, path: &str) -> bool {
    source.match_indices(path).any(|(at, _)| {
        let before = source[..at].chars().next_back();
        !before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
    })
}

fn table<'a>(from: &'a Table, keys: &[&str]) -> Result<&'a Table> {
    let mut here = from;
    for key in keys {
        here = here
            .get(*key)
            .and_then(Value::as_table)
            .with_context(|| format!("no table `{key}`"))?;
    }
    Ok(here)
}
