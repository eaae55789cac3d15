//! What has a budget of time: a whole run of the suite, its kill matrix, and the generation of a large client.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, ensure};
use serde_json::{Map, Value};

use crate::measure::{Goal, Line, Plan, Spread, Unit, beside, tell};

/// How many paths a large document has.
const PATHS: usize = 260;
/// Which of the repository's documents it is made of.
const PATTERN: &str = "openapi/b3os/contract.json";

/// The lines.
pub(crate) fn lines(plan: &Plan) -> anyhow::Result<Vec<Line>> {
    tell("building the suite and the generator");
    let built = cargo()
        .args([
            "build",
            "--release",
            "--locked",
            "--quiet",
            "-p",
            "keyway-conformance",
            "-p",
            "xtask",
        ])
        .status()
        .context("cannot run cargo")?;
    ensure!(built.success(), "the suite and the generator cannot be built");
    let suite = beside("keyway-conformance")?;
    let folder = tempfile::tempdir()?;
    let document = folder.path().join("large.json");
    fs::write(&document, serde_json::to_vec(&large()?)?)?;
    let runs = |what: &str, times: usize, program: &Path, arguments: &[&str]| {
        let mut seconds = Vec::new();
        for round in 0..times {
            tell(&format!("{what}: round {} of {times}", round + 1));
            seconds.push(time_of(program, arguments)?);
        }
        anyhow::Ok(Spread::of(seconds))
    };
    let client = folder.path().join("client");
    let (document, client) = (document.to_string_lossy(), client.to_string_lossy());
    let generate = ["generate", "--document", &document, "--out", &client];
    let line = |what: &str, found: Spread, goal: f64| Line {
        what: what.to_owned(),
        found,
        unit: Unit::Seconds,
        goal: Goal::AtMost(goal),
        absolute: String::new(),
    };
    let lines = vec![
        line(
            "a whole run of the suite against the mock",
            runs("the suite", plan.rounds, &suite, &[])?,
            2.0,
        ),
        // Once: it takes a minute.
        line(
            "the kill matrix of the suite",
            runs("the kill matrix", 1, &suite, &["sabotage", "--check"])?,
            60.0,
        ),
        line(
            &format!("the generation of a client with {PATHS} paths"),
            runs("the generator", plan.rounds, &beside("xtask")?, &generate)?,
            2.0,
        ),
    ];
    tell("");
    Ok(lines)
}

/// How long a program takes, in seconds.
fn time_of(program: &Path, arguments: &[&str]) -> anyhow::Result<f64> {
    let begun = Instant::now();
    let output = Command::new(program)
        .args(arguments)
        .current_dir(repository())
        .stdin(Stdio::null())
        .output()?;
    let seconds = begun.elapsed().as_secs_f64();
    ensure!(
        output.status.success(),
        "{} fails: {}",
        program.display(),
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(seconds)
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(repository()).stdin(Stdio::null());
    cargo
}

/// A vendor's document many times over, under other paths and names.
fn large() -> anyhow::Result<Value> {
    let mut document: Value = serde_json::from_slice(&fs::read(repository().join(PATTERN))?)?;
    let pattern = document["paths"].as_object().cloned().unwrap_or_default();
    let schemas = document["components"]["schemas"]
        .as_object()
        .cloned()
        .unwrap_or_default();
    ensure!(
        !pattern.is_empty() && !schemas.is_empty(),
        "{PATTERN} has no paths or no schemas"
    );
    let mut paths = Map::new();
    let mut all = schemas.clone();
    for copy in 0..PATHS.div_ceil(pattern.len()) {
        let renamed = |value: &Value| {
            let mut value = value.clone();
            rename(&mut value, copy);
            value
        };
        paths.extend(
            pattern
                .iter()
                .map(|(path, item)| (format!("/copy-{copy}{path}"), renamed(item))),
        );
        all.extend(
            schemas
                .iter()
                .map(|(name, schema)| (format!("{name}Copy{copy}"), renamed(schema))),
        );
    }
    document["paths"] = Value::Object(paths.into_iter().take(PATHS).collect());
    document["components"]["schemas"] = Value::Object(all);
    Ok(document)
}

/// Gives operations another name, and lets references lead to the schemas of the same copy.
fn rename(value: &mut Value, copy: usize) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match (name.as_str(), member) {
                    ("operationId" | "x-schema-name", Value::String(id)) => {
                        id.push_str(&format!("Copy{copy}"))
                    }
                    ("$ref", Value::String(target)) if target.starts_with("#/components/schemas/") => {
                        target.push_str(&format!("Copy{copy}"));
                    }
                    (_, member) => rename(member, copy),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, copy)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_large_document_has_so_many_paths_and_every_operation_a_name_of_its_own() {
        let document = large().unwrap();
        let paths = document["paths"].as_object().unwrap();
        let ids: Vec<_> = paths
            .values()
            .flat_map(|item| item.as_object().unwrap().values())
            .filter_map(|operation| operation["operationId"].as_str())
            .collect();
        assert_eq!(paths.len(), PATHS);
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
        assert!(ids.len() >= PATHS);
    }
}
