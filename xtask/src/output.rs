//! The only place that touches files: writing and checking are one path that ends differently.

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// What happens to the contents that were generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// Write them; a file that already has them is left untouched.
    Write,
    /// Compare them with what is there.
    Check,
}

/// A file that is not what generation would write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    path: PathBuf,
    hint: String,
}

impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.path.display(), self.hint)
    }
}

impl Drift {
    /// A difference that is more than one of text.
    pub fn new(path: &Path, hint: String) -> Self {
        Self {
            path: path.to_owned(),
            hint,
        }
    }
}

impl Output {
    /// Writes the file, or says how it differs. `root` is left out of what is reported.
    pub fn file(self, root: &Path, path: &Path, contents: &str) -> Result<Option<Drift>> {
        let there = match std::fs::read_to_string(root.join(path)) {
            Ok(text) => Some(text.replace("\r\n", "\n")),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(error).with_context(|| format!("read {}", path.display())),
        };
        if there.as_deref() == Some(contents) {
            return Ok(None);
        }
        match self {
            Self::Write => {
                write(&root.join(path), contents)?;
                Ok(None)
            }
            Self::Check => {
                let hint = match there {
                    Some(there) => first_difference(&there, contents),
                    None => "is missing".to_owned(),
                };
                Ok(Some(Drift::new(path, hint)))
            }
        }
    }
}

/// Through a neighbouring file and a rename, so that nobody ever reads half of it.
fn write(path: &Path, contents: &str) -> Result<()> {
    let folder = path.parent().context("a file has a folder")?;
    std::fs::create_dir_all(folder).with_context(|| format!("create {}", folder.display()))?;
    let draft = path.with_extension("draft");
    std::fs::write(&draft, contents).with_context(|| format!("write {}", draft.display()))?;
    std::fs::rename(&draft, path).with_context(|| format!("write {}", path.display()))
}

fn first_difference(there: &str, wanted: &str) -> String {
    let line = there
        .lines()
        .zip(wanted.lines())
        .take_while(|(left, right)| left == right)
        .count();
    let show = |text: &str| match text.lines().nth(line) {
        Some(line) => format!("`{}`", line.trim().chars().take(80).collect::<String>()),
        None => "the end of the file".to_owned(),
    };
    format!(
        "differs from line {}: has {}, should have {}",
        line + 1,
        show(there),
        show(wanted)
    )
}
