//! `cargo xtask generate --explain`: what happened to each document on the way to its client.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;

use crate::generate;
use crate::lower::Loss;

/// One block per vendor, one line per rewriting; a line with `LOST` names what is gone.
pub fn run(root: &Path, vendors: &[String]) -> Result<String> {
    let mut text = String::new();
    for vendor in generate::selected(root, vendors)? {
        let generated = generate::of_vendor(root, &vendor)?;
        let lost = generated
            .notes
            .iter()
            .filter(|note| note.loss != Loss::None)
            .count();
        writeln!(
            text,
            "{vendor}: {} rewritings, {lost} with a loss",
            generated.notes.len()
        )?;
        for note in &generated.notes {
            writeln!(text, "  {note}")?;
        }
    }
    Ok(text)
}
