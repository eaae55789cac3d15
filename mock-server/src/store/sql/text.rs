//! Texts of callers as a database takes them: PostgreSQL knows no NUL, which JSON can write and a path can hold.

/// Stands before a digit for a character that cannot be kept, or for itself. No text has a use for it.
const MARK: char = '\u{10FFFF}';

/// A text without NUL; no two texts become the same.
pub(super) fn kept(text: &str) -> String {
    if !text.contains(['\0', MARK]) {
        return text.to_owned();
    }
    let marked = text.replace(MARK, "\u{10FFFF}1");
    marked.replace('\0', "\u{10FFFF}0")
}

/// The text that was kept.
pub(super) fn unkept(text: String) -> String {
    if !text.contains(MARK) {
        return text;
    }
    text.replace("\u{10FFFF}0", "\0")
        .replace("\u{10FFFF}1", "\u{10FFFF}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_comes_back_and_none_is_kept_with_a_nul() {
        for text in [
            "",
            "plain",
            "a\0b",
            "\0",
            "\u{10FFFF}",
            "\u{10FFFF}0\0",
            "\u{10FFFF}\u{10FFFF}11\0\0",
        ] {
            let kept = kept(text);
            assert!(!kept.contains('\0'), "{text:?}");
            assert_eq!(unkept(kept), text);
        }
    }
}
