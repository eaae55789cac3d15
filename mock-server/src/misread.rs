//! What is wrong with JSON that cannot be read, in one line that repeats nothing of it.

use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::nearest::{self, unknown_name};

/// Where JSON cannot be read, and what is expected there.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("line {line} column {column}{}: {problem}", at(.path))]
pub struct Misread {
    line: usize,
    column: usize,
    path: String,
    problem: String,
}

fn at(path: &str) -> String {
    if path == "." {
        String::new()
    } else {
        format!(", at {path:?}")
    }
}

/// Reads JSON. `listed` says where the known names are listed.
pub(crate) fn json<T: DeserializeOwned>(text: &[u8], listed: &str) -> Result<T, Misread> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let read = serde_path_to_error::deserialize(&mut deserializer);
    let read = read.map_err(|error| {
        let path = error.path().to_string();
        misread(path, &error.into_inner(), listed)
    })?;
    match deserializer.end() {
        Ok(()) => Ok(read),
        Err(error) => Err(misread(".".to_owned(), &error, listed)),
    }
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
            (r#"{"effect": {"latncy": {"ms": 1}}}"#, "did you mean latency?"),
            (
                r#"{"effect": {"latency": {"ms": "tgo_secret"}}}"#,
                "expected a whole number",
            ),
            (
                r#"{"vendor": "retn", "effect": "html-503"}"#,
                "did you mean reten?",
            ),
            (
                r#"{"tgo_secret": 1}"#,
                "there are vendor, operation, when, effect",
            ),
            (r#"{}"#, "missing field `effect`"),
            ("{", "EOF"),
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
