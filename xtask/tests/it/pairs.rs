//! The pairs under `tests/lower`: `name.json` is what is lowered, `name.lowered.json` what becomes of it, and
//! `name.instances.json` holds values with the verdicts that both must give.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

/// One pair.
pub(crate) struct Pair {
    pub(crate) name: String,
    pub(crate) case: Value,
    folder: PathBuf,
}

/// All pairs, by name.
pub(crate) fn all() -> Vec<Pair> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lower");
    let files = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = files
        .filter_map(|file| file.to_string_lossy().strip_suffix(".json").map(str::to_owned))
        .filter(|name| !name.contains('.'))
        .collect();
    names.sort();
    let read = |name: String| {
        let text = std::fs::read_to_string(folder.join(format!("{name}.json"))).unwrap();
        Pair {
            case: serde_json::from_str(&text).unwrap(),
            name,
            folder: folder.clone(),
        }
    };
    names.into_iter().map(read).collect()
}

/// The form in which files of pairs are kept.
pub(crate) fn text(value: &Value) -> String {
    format!("{}\n", serde_json::to_string_pretty(value).unwrap())
}

impl Pair {
    /// A case is a whole document, or a schema that is put into one.
    pub(crate) fn document(&self) -> Value {
        if self.case.get("openapi").is_some() {
            return self.case.clone();
        }
        json!({
            "openapi": "3.1.0",
            "info": { "title": "Sample", "version": "1" },
            "paths": {},
            "components": { "schemas": { "Sample": self.case, "Other": { "type": "object" } } },
        })
    }

    /// A file beside the case.
    pub(crate) fn beside(&self, kind: &str) -> Option<String> {
        std::fs::read_to_string(self.path(kind)).ok()
    }

    /// Whether the file beside the case has this text. It is written first if that is asked for.
    pub(crate) fn accept(&self, kind: &str, text: &str) -> bool {
        if std::env::var_os("XTASK_ACCEPT").is_some() {
            std::fs::write(self.path(kind), text).unwrap();
        }
        self.beside(kind).as_deref() == Some(text)
    }

    fn path(&self, kind: &str) -> PathBuf {
        self.folder.join(format!("{}.{kind}.json", self.name))
    }
}
