//! Marks: what tells a key that a create may have left from every other key of its name.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};

const MARK: &str = "keyway-";

/// `text`, a blank and the mark.
pub(super) fn with_mark(text: Option<&str>, mark: &str) -> String {
    match text {
        Some(text) if !text.is_empty() => format!("{text} {mark}"),
        _ => mark.to_owned(),
    }
}

/// `text` without a mark at its end, so that the successor of a marked key does not collect marks.
pub(super) fn without_mark(text: &str) -> &str {
    let Some(at) = text.rfind(MARK) else { return text };
    let digits = &text[at + MARK.len()..];
    let is_mark = digits.len() == 16 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_mark { text[..at].trim_end() } else { text }
}

/// The standard library keys its hash maps from the system's randomness, anew in each thread and for each map; a mark has to
/// be unique, not secret.
pub(super) fn draw() -> String {
    format!("{MARK}{:016x}", RandomState::new().build_hasher().finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_differ_and_come_off_again() {
        let (one, two) = (draw(), draw());
        assert_ne!(one, two);
        assert_eq!(without_mark(&with_mark(Some("backup"), &one)), "backup");
        assert_eq!(without_mark(&with_mark(None, &two)), "");
        for kept in ["backup", "keyway-", "keyway-backup", "my keyway-00112233445566zz"] {
            assert_eq!(without_mark(kept), kept);
        }
    }
}
