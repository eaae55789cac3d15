//! Dependencies that a room names and does not use.

use toml::{Table, Value};

/// Crates whose library is called otherwise.
const LIBRARIES: &[(&str, &str)] = &[("md-5", "md5")];

/// The dependencies of a manifest that none of the room's sources, which may speak of several, names.
pub(super) fn of_room(manifest: &Table, sources: &[String]) -> Vec<String> {
    let mut unused: Vec<_> = dependencies(manifest)
        .filter(|package| !sources.iter().any(|source| names(source, &library(package))))
        .cloned()
        .collect();
    unused.dedup();
    unused
}

/// The dependencies whose versions the workspace decides, and that no member takes.
pub(super) fn of_workspace(workspace: &Table, members: &[Table]) -> Vec<String> {
    let decided = workspace
        .get("workspace")
        .and_then(|workspace| workspace.get("dependencies"))
        .and_then(Value::as_table);
    let is_taken = |package: &&String| {
        members
            .iter()
            .flat_map(dependencies)
            .any(|taken| taken == *package)
    };
    let decided = decided.into_iter().flat_map(Table::keys);
    decided.filter(|package| !is_taken(package)).cloned().collect()
}

/// Those of every kind, and for whichever target.
fn dependencies(manifest: &Table) -> impl Iterator<Item = &String> {
    let targets = manifest.get("target").and_then(Value::as_table);
    let of_targets = targets.into_iter().flat_map(|targets| targets.values());
    std::iter::once(manifest)
        .chain(of_targets.filter_map(Value::as_table))
        .flat_map(|table| {
            ["dependencies", "dev-dependencies", "build-dependencies"]
                .into_iter()
                .filter_map(|kind| table.get(kind)?.as_table())
        })
        .flat_map(Table::keys)
}

fn library(package: &str) -> String {
    let known = LIBRARIES.iter().find(|(name, _)| *name == package);
    known.map_or(package, |(_, library)| library).replace('-', "_")
}

/// Whether a source has the name as a word, in code and not in a comment: an example is code of a doc comment.
fn names(source: &str, library: &str) -> bool {
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    source.lines().any(|line| {
        let comment = line.trim_start();
        let is_code = !comment.starts_with("//") || comment.contains("::");
        is_code
            && line
                .split(|character: char| !is_part(character))
                .any(|word| word == library)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_member_takes_is_unused() {
        let workspace = "[workspace.dependencies]\nserde = '1'\nurl = '2'\nhex = '0.4'".parse();
        let members = [
            "[dependencies]\nserde = { workspace = true }".parse(),
            "[target.'cfg(unix)'.dev-dependencies]\nhex = { workspace = true }".parse(),
        ];
        let unused = of_workspace(&workspace.unwrap(), &members.map(Result::unwrap));
        assert_eq!(unused, ["url"]);
    }

    #[test]
    fn what_no_source_names_is_unused() {
        let manifest = r#"
            [dependencies]
            md-5 = "1"
            serde_json = { workspace = true }
            url = "2"
            tracing = "0.1"
            [target.'cfg(unix)'.dependencies]
            file-descriptor = "1"
        "#;
        let manifest: Table = manifest.parse().unwrap();
        let sources = [
            "use md5::Digest;\n// no tracing here\nlet curl = 1;\n".to_owned(),
            "/// let value = serde_json::json!({});\n".to_owned(),
        ];
        assert_eq!(
            of_room(&manifest, &sources),
            ["tracing", "url", "file-descriptor"]
        );
    }
}
