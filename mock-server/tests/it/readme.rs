//! The crate's pages say what the code says: the table of assumptions is made from the code, the forms of faults are
//! read by it, and every operation and assumption stands in the page of what is played.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

use keyway_mock::{Assumptions, Fault, MockServer, Vendor};
use serde_json::Value;

const BEGIN: &str = "<!-- assumptions:begin -->\n";
const END: &str = "<!-- assumptions:end -->\n";

#[test]
fn the_readme_lists_every_assumption_as_the_code_has_it() {
    let path = page("README.md");
    let readme = read(&path);
    let (before, rest) = readme.split_once(BEGIN).expect("the table's beginning is marked");
    let (_, after) = rest.split_once(END).expect("the table's end is marked");
    let wanted = format!("{before}{BEGIN}{}{END}{after}", table());
    if wanted == readme {
        return;
    }
    if env::var_os("KEYWAY_WRITE").is_some() {
        fs::write(&path, wanted).expect("the README can be written");
    } else {
        panic!(
            "the table of assumptions in mock-server/README.md is out of date; \
             `KEYWAY_WRITE=1 cargo test -p keyway-mock readme` rewrites it"
        );
    }
}

#[test]
fn every_fault_in_the_readme_can_be_injected() {
    let readme = read(&page("README.md"));
    let forms: Vec<_> = readme
        .split('`')
        .filter(|span| span.starts_with(r#"{"effect""#))
        .collect();
    assert!(forms.len() >= 12, "only {} faults are shown", forms.len());
    for form in forms {
        let fault: Fault = serde_json::from_str(form).unwrap_or_else(|error| panic!("{form}: {error}"));
        fault.check().unwrap_or_else(|error| panic!("{form}: {error}"));
    }
}

#[tokio::test]
async fn the_readme_names_every_part_of_the_control_plane() {
    let server = MockServer::start().await;
    let document = reqwest::get(format!("{}/openapi.json", server.control_url())).await;
    let document: Value = document.expect("an answer").json().await.expect("JSON");
    let readme = read(&page("README.md"));
    for path in document["paths"].as_object().expect("paths").keys() {
        // One row of the table speaks of several paths that begin alike, so the last word is looked for.
        let word = path.rsplit('/').next().expect("a word");
        assert!(
            readme.contains(&format!("/{word}`")),
            "mock-server/README.md says nothing of {path}"
        );
    }
}

#[test]
fn the_readme_shows_the_workflow_that_is_among_the_examples() {
    let workflow = read(&page("examples/github-actions.yml"));
    let shown = format!("```yaml\n{workflow}```\n");
    assert!(
        read(&page("README.md")).contains(&shown),
        "mock-server/README.md shows another workflow than mock-server/examples/github-actions.yml; copy it there"
    );
}

#[test]
fn every_operation_is_played_exactly_once_with_its_source() {
    for vendor in Vendor::PLAYED {
        let section = section(vendor);
        let rows: Vec<_> = section
            .lines()
            .filter_map(|line| line.strip_prefix("| `"))
            .collect();
        let mut unlisted = sources(vendor);
        for row in rows {
            let (operation, row) = row.split_once('`').expect("the operation's id ends");
            let at = unlisted
                .iter()
                .position(|(known, _)| known == operation)
                .unwrap_or_else(|| panic!("{vendor}: {operation} is listed twice, or is no operation"));
            let (_, source) = unlisted.swap_remove(at);
            assert!(
                row.contains(&format!("]({source})")),
                "{vendor}: {operation} does not name {source}"
            );
        }
        assert!(
            unlisted.is_empty(),
            "{vendor}: not in mock-server/PLAYED.md: {unlisted:?}"
        );
    }
}

#[test]
fn every_assumption_is_named_where_its_vendor_is_played() {
    for vendor in Vendor::PLAYED {
        let mark = format!("{vendor}.");
        let section = section(vendor);
        let named: BTreeSet<_> = section
            .split('`')
            .filter(|span| span.starts_with(&mark))
            .collect();
        let known: BTreeSet<_> = Assumptions::all()
            .map(|assumption| assumption.name)
            .filter(|name| name.starts_with(&mark))
            .collect();
        let missing: Vec<_> = known.difference(&named).collect();
        let unknown: Vec<_> = named.difference(&known).collect();
        assert!(
            missing.is_empty() && unknown.is_empty(),
            "mock-server/PLAYED.md does not name {missing:?}, and names {unknown:?}, which there is not"
        );
    }
}

/// The assumptions as a table of Markdown.
fn table() -> String {
    let mut table = "| assumption | default | or | because |\n|---|---|---|---|\n".to_owned();
    for assumption in Assumptions::all() {
        let others: Vec<_> = assumption
            .choices
            .iter()
            .filter(|choice| **choice != assumption.default)
            .map(|choice| format!("`{choice}`"))
            .collect();
        table.push_str(&format!(
            "| `{}` | `{}` | {} | {} |\n",
            assumption.name,
            assumption.default,
            others.join(", "),
            assumption.reason.replace('|', "\\|"),
        ));
    }
    table
}

/// What PLAYED.md says of a vendor.
fn section(vendor: Vendor) -> String {
    let played = read(&page("PLAYED.md"));
    let heading = format!("\n## {}\n", vendor.title());
    let (_, rest) = played
        .split_once(&heading)
        .unwrap_or_else(|| panic!("PLAYED.md has no section on {vendor}"));
    rest.split("\n## ").next().unwrap_or_default().to_owned()
}

/// Each operation of a vendor's contract, and where it comes from.
fn sources(vendor: Vendor) -> Vec<(String, String)> {
    let contract: Value = serde_json::from_str(vendor.contract_json()).expect("the contract is JSON");
    let paths = contract["paths"].as_object().expect("the contract has paths");
    let operations = paths.values().filter_map(Value::as_object).flatten();
    let found: Vec<_> = operations
        .filter_map(|(_, operation)| {
            let id = operation["operationId"].as_str()?;
            let source = operation["x-source"].as_str().unwrap_or_default();
            Some((id.to_owned(), source.to_owned()))
        })
        .collect();
    assert_eq!(found.len(), vendor.contract().operations().len());
    found
}

fn page(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()))
}
