//! Files to be created and changed: all of them, or none.

use std::fmt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use super::Unfit;

/// What is to be written, in order.
#[derive(Debug, Default)]
pub(super) struct Changes(Vec<Change>);

#[derive(Debug)]
struct Change {
    path: String,
    /// None: the file is new.
    before: Option<String>,
    after: String,
}

impl Changes {
    pub(super) fn create(&mut self, path: String, text: String) {
        self.0.push(Change {
            path,
            before: None,
            after: text,
        });
    }

    /// A file that is there; several changes of one file become one.
    pub(super) fn change(&mut self, path: &str, before: &str, after: String) {
        match self.0.iter_mut().find(|change| change.path == path) {
            Some(change) => change.after = after,
            None => self.0.push(Change {
                path: path.to_owned(),
                before: Some(before.to_owned()),
                after,
            }),
        }
    }

    /// A file as it will be, if it is among those that are to be changed.
    pub(super) fn text(&self, path: &str) -> Option<&str> {
        let change = self.0.iter().find(|change| change.path == path)?;
        Some(&change.after)
    }

    /// Refuses if git knows of changes in these files that are not committed. Where there is no git there is nothing to ask.
    pub(super) fn refuse_uncommitted(&self, root: &Path) -> Result<()> {
        let paths = self.0.iter().map(|change| &change.path);
        let told = Command::new("git")
            .args(["status", "--porcelain", "--untracked-files=all", "--"])
            .args(paths)
            .current_dir(root)
            .output();
        let Ok(told) = told else { return Ok(()) };
        let files: Vec<&str> = std::str::from_utf8(&told.stdout)?
            .lines()
            .filter_map(|line| line.get(3..))
            .collect();
        if !told.status.success() || files.is_empty() {
            return Ok(());
        }
        Err(Unfit(format!(
            "not committed yet: {}; commit it first, so that this can be taken back, or say --force",
            files.join(", ")
        ))
        .into())
    }

    /// Writes all of them. If one cannot be written, those before it are taken back.
    pub(super) fn write(&self, root: &Path) -> Result<()> {
        for change in self.0.iter().filter(|change| change.before.is_none()) {
            if root.join(&change.path).exists() {
                return Err(Unfit(format!("{} is there already", change.path)).into());
            }
        }
        for (place, change) in self.0.iter().enumerate() {
            if let Err(error) = write(&root.join(&change.path), &change.after) {
                self.take_back(root, place);
                bail!("write {}: {error}; nothing is changed", change.path);
            }
        }
        Ok(())
    }

    /// Undoes the first so many changes, and what there is of the next one.
    fn take_back(&self, root: &Path, place: usize) {
        for change in self.0.iter().take(place + 1) {
            let path = root.join(&change.path);
            match &change.before {
                Some(before) => drop(std::fs::write(&path, before)),
                None => drop(std::fs::remove_file(&path)),
            }
            // A folder that was made for it goes with it; one that holds something else stays.
            if let (None, Some(folder)) = (&change.before, path.parent()) {
                drop(std::fs::remove_dir(folder));
            }
        }
    }
}

fn write(path: &Path, text: &str) -> Result<()> {
    let folder = path.parent().context("a file has a folder")?;
    std::fs::create_dir_all(folder)?;
    Ok(std::fs::write(path, text)?)
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut told = |heading: &str, is_new: bool| {
            writeln!(f, "{heading}")?;
            let changes = self.0.iter().filter(|change| change.before.is_none() == is_new);
            changes
                .into_iter()
                .try_for_each(|change| writeln!(f, "  {}", change.path))
        };
        told("written:", true)?;
        told("changed:", false)
    }
}
