//! What is wrong with JSON that cannot be read, in one line that repeats nothing of it.

use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_path_to_error::{Path, Segment};

use crate::nearest::{self, unknown_name};

/// Where JSON cannot be read, and what is expected there.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("line {line} column {column}{}{path}: {problem}", if .path.is_empty() { "" } else { ", at " })]
pub struct Misread {
    line: usize,
    column: usize,
    path: String,
    problem: String,
}

/// Reads a JSON object. `listed` says where the known names are listed.
pub(crate) fn json<T: DeserializeOwned>(text: &[u8], listed: &str) -> Result<T, Misread> {
    // serde would take a list of members' values as well.
    if text.trim_ascii_start().starts_with(b"[") {
        return Err(Misread {
            line: 1,
            column: 1,
            path: String::new(),
            problem: "expected an object".to_owned(),
        });
    }
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let read = serde_path_to_error::deserialize(&mut deserializer);
    let read = read.map_err(|error| {
        let path = path(error.path(), error.inner());
        misread(path, &error.into_inner(), listed)
    })?;
    match deserializer.end() {
        Ok(()) => Ok(read),
        Err(error) => Err(misread(String::new(), &error, listed)),
    }
}

/// The way to the value that is wrong; without its last step where that is a name nobody knows.
fn path(path: &Path, error: &serde_json::Error) -> String {
    let said = error.to_string();
    let mut steps: Vec<_> = path
        .iter()
        .filter(|step| !matches!(step, Segment::Unknown))
        .collect();
    let is_nobodys = match steps.last() {
        Some(Segment::Map { .. }) => said.starts_with("unknown field"),
        Some(Segment::Enum { .. }) => said.starts_with("unknown variant"),
        _ => false,
    };
    if is_nobodys {
        steps.pop();
    }
    let mut text = String::new();
    for step in steps {
        match step {
            Segment::Seq { index } => text.push_str(&format!("[{index}]")),
            named => {
                let dot = if text.is_empty() { "" } else { "." };
                text.push_str(&format!("{dot}{named}"));
            }
        }
    }
    text
}

fn misread(path: String, error: &serde_json::Error, listed: &str) -> Misread {
    let said = error.to_string();
    let said = said.rsplit_once(" at line ").map_or(&*said, |(said, _)| said);
    let problem = match error.classify() {
        Category::Data => expected(said, listed),
        // Of syntax serde_json says nothing but fixed words.
        _ => said.to_owned(),
    };
    Misread {
        line: error.line(),
        column: error.column(),
        path,
        problem,
    }
}

/// serde's words quote what was sent before they say what was expected, so only the end of them is told.
fn expected(said: &str, listed: &str) -> String {
    if let Some(told) = unknown_name(said, listed) {
        return told;
    }
    if said.starts_with("missing field") {
        return said.to_owned();
    }
    nearest::expected(said).unwrap_or_else(|| format!("this value is not valid; {listed}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faults::Fault;

    #[test]
    fn a_mistake_is_told_with_its_place_and_its_cure_and_nothing_of_what_was_sent() {
        for (text, told) in [
            (r#"{"effekt": "html-503"}"#, "did you mean effect?"),
            (r#"{"effect": "html503"}"#, "did you mean html-503?"),
            (
                r#"{"effect": {"latncy": {"ms": 1}}}"#,
                "at effect: this value is not known; did you mean latency?",
            ),
            (
                r#"{"effect": {"latency": {"ms": "tgo_secret"}}}"#,
                "expected a whole number",
            ),
            (
                r#"{"vendor": "retn", "effect": "html-503"}"#,
                "at vendor: this value is not known; did you mean reten?",
            ),
            (
                r#"{"tgo_secret": 1}"#,
                "there are vendor, operation, when, effect",
            ),
            (
                r#"{"when": {"chance": {"probability": 1, "tgo_secret": 1}}, "effect": 1}"#,
                "at when.chance: this name",
            ),
            (r#"{}"#, "missing field `effect`"),
            ("{", "EOF"),
            (r#"[null, null, "always", "html-503"]"#, "expected an object"),
            (r#"{"effect": "html-503"} x"#, "trailing"),
        ] {
            let said = json::<Fault>(text.as_bytes(), "the document lists all")
                .unwrap_err()
                .to_string();
            assert!(
                said.contains(told) && said.starts_with("line 1 column"),
                "{text}: {said}"
            );
            assert!(!said.contains("tgo_secret"), "{text}: {said}");
        }
    }
}
