//! Marks: what tells a key that a create may have left from every other key of its name.

use std::hash::{BuildHasher as _, RandomState};

const MARK: &str = "keyway-";
const DIGITS: usize = 16;

/// `text`, a blank and the mark.
pub(super) fn with_mark(text: Option<&str>, mark: &str) -> String {
    match text {
        Some(text) if !text.is_empty() => format!("{text} {mark}"),
        _ => mark.to_owned(),
    }
}

/// `text` without a mark at its end, so that the successor of a marked key does not collect marks.
pub(super) fn without_mark(text: &str) -> &str {
    match mark_in(text) {
        Some(mark) if text.ends_with(mark) => text[..text.len() - mark.len()].trim_end(),
        _ => text,
    }
}

/// The mark in `text`; the last one if there are more. A vendor may have added something behind it.
pub(super) fn mark_in(text: &str) -> Option<&str> {
    let at = text.rfind(MARK)?;
    let mark = text.get(at..at + MARK.len() + DIGITS)?;
    let digits = &mark[MARK.len()..];
    digits
        .bytes()
        .all(|byte| byte.is_ascii_hexdigit())
        .then_some(mark)
}

/// The standard library keys its hash maps from the system's randomness, anew in each thread and for each map; a mark
/// has to be unique, not secret. A process that was forked, or a machine that was copied, has the same keys, but
/// another number or another time.
pub(super) fn draw() -> String {
    let here_and_now = (std::process::id(), std::time::SystemTime::now());
    format!("{MARK}{:016x}", RandomState::new().hash_one(here_and_now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_found_wherever_it_stands() {
        let (one, two) = (draw(), draw());
        assert_eq!(mark_in(&format!("backup {one}.")), Some(&*one));
        assert_eq!(mark_in(&format!("{one} {two} ")), Some(&*two));
        for without in ["backup", "keyway-", "keyway-0011", "keyway-00112233445566zé"] {
            assert_eq!(mark_in(without), None);
        }
    }

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
