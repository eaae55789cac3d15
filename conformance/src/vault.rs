//! Every secret the run knows of, so that none is ever shown: not plain, and not in the spellings in which answers and
//! URLs carry it.

use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// What a secret is replaced by.
pub(crate) const CONCEALED: &str = "[redacted]";
/// Shorter values would be found everywhere. No credential worth the name is this short.
const SHORTEST: usize = 6;

/// The known secrets, shared by the vendors of one run.
#[derive(Clone, Default)]
pub(crate) struct Vault(Arc<Mutex<Vec<Kept>>>);

/// A secret and the texts that give it away.
struct Kept {
    secret: String,
    /// The secret itself, and its base64 at every place it can have in what is encoded.
    forms: Vec<String>,
}

impl Vault {
    pub(crate) fn keep(&self, secret: &str) {
        if secret.len() < SHORTEST {
            return;
        }
        let mut secrets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !secrets.iter().any(|known| known.secret == secret) {
            secrets.push(Kept {
                secret: secret.to_owned(),
                forms: forms(secret),
            });
            // The longest first: a key must not be half concealed by another one that it contains.
            secrets.sort_by_key(|known| std::cmp::Reverse(known.secret.len()));
        }
    }

    /// The text without secrets, and how many of them had stood in it.
    pub(crate) fn conceal(&self, text: &str) -> (String, usize) {
        let secrets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut clean = text.to_owned();
        let mut found = 0;
        for kept in secrets.iter() {
            let mut shown = false;
            for form in &kept.forms {
                if let Some(without) = replaced(&clean, form) {
                    clean = without;
                    shown = true;
                }
            }
            found += usize::from(shown);
        }
        (clean, found)
    }

    /// The text without secrets.
    pub(crate) fn redact(&self, text: &str) -> String {
        self.conceal(text).0
    }
}

/// The secret, and what its base64 looks like wherever it stands in what is encoded. At either end a character that also
/// depends on the neighbours is left out.
fn forms(secret: &str) -> Vec<String> {
    let mut forms = vec![secret.to_owned()];
    for ahead in 0..3_usize {
        let mut bytes = vec![0_u8; ahead];
        bytes.extend_from_slice(secret.as_bytes());
        let start = [0, 2, 3][ahead];
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let encoded = engine.encode(&bytes);
            let end = bytes.len() * 8 / 6;
            if let Some(core) = encoded.get(start..end)
                && core.len() >= SHORTEST
                && !forms.iter().any(|known| known == core)
            {
                forms.push(core.to_owned());
            }
        }
    }
    forms
}

/// The text with every spelling of a form taken out; none if there is none.
fn replaced(text: &str, form: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let first = form.chars().next()?;
    let mut clean = String::new();
    let (mut copied, mut at) = (0, 0);
    while at < bytes.len() {
        // Only what can begin the form is looked at more closely.
        let may_begin = matches!(bytes[at], b'%' | b'\\') || bytes[at] == first_byte(first);
        if may_begin && let Some(end) = spelt(bytes, at, form) {
            clean.push_str(&text[copied..at]);
            clean.push_str(CONCEALED);
            (copied, at) = (end, end);
        } else {
            at += 1;
        }
    }
    if copied == 0 {
        return None;
    }
    clean.push_str(&text[copied..]);
    Some(clean)
}

fn first_byte(one: char) -> u8 {
    let mut buffer = [0; 4];
    one.encode_utf8(&mut buffer).as_bytes()[0]
}

/// Where the form ends, if it stands here in any spelling.
fn spelt(text: &[u8], from: usize, form: &str) -> Option<usize> {
    // A percent sign or a backslash can be itself or begin an escape, so there may be several places to go on from.
    let mut places = vec![from];
    for one in form.chars() {
        let mut buffer = [0; 4];
        let plain = one.encode_utf8(&mut buffer).as_bytes();
        let mut next: Vec<usize> = places
            .iter()
            .flat_map(|at| {
                [
                    text[*at..].starts_with(plain).then(|| at + plain.len()),
                    percent(text, *at, plain),
                    escaped(text, *at, one, plain),
                ]
            })
            .flatten()
            .collect();
        next.dedup();
        if next.is_empty() {
            return None;
        }
        places = next;
    }
    places.into_iter().max()
}

/// `%2B`, and `%252B` as well.
fn percent(text: &[u8], from: usize, plain: &[u8]) -> Option<usize> {
    let mut at = from;
    for byte in plain {
        if text.get(at) != Some(&b'%') {
            return None;
        }
        at += 1;
        while *byte != b'%' && text.get(at..at + 2) == Some(b"25") {
            at += 2;
        }
        if hex(text.get(at..at + 2)?)? != u32::from(*byte) {
            return None;
        }
        at += 2;
    }
    Some(at)
}

/// `\/`, `\u002B`, and the same once more escaped.
fn escaped(text: &[u8], from: usize, one: char, plain: &[u8]) -> Option<usize> {
    let slashes = text[from..].iter().take_while(|byte| **byte == b'\\').count();
    if slashes == 0 {
        return None;
    }
    let at = from + slashes;
    if one == '\\' {
        // Each level of escaping doubles it, so all of them together are one or several; the longest run is taken.
        return Some(at);
    }
    if text.get(at) == Some(&b'u')
        && let Some(code) = text.get(at + 1..at + 5).and_then(hex)
        && code == u32::from(one)
    {
        return Some(at + 5);
    }
    text[at..].starts_with(plain).then(|| at + plain.len())
}

fn hex(digits: &[u8]) -> Option<u32> {
    digits
        .iter()
        .try_fold(0, |sum, digit| Some(sum * 16 + char::from(*digit).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_secret_is_never_shown_not_even_inside_a_longer_one() {
        let vault = Vault::default();
        vault.keep("secret-one");
        vault.keep("secret-one-and-two");
        let (text, found) = vault.conceal("a secret-one-and-two, b secret-one");
        assert_eq!(text, "a [redacted], b [redacted]");
        assert_eq!(found, 2);
    }

    #[test]
    fn a_text_without_secrets_is_left_alone() {
        let vault = Vault::default();
        vault.keep("secret-one");
        vault.keep("abc");
        assert_eq!(vault.conceal("abc is fine"), ("abc is fine".to_owned(), 0));
        assert_eq!(
            vault.conceal(r"%73 \u0073 secret-on"),
            (r"%73 \u0073 secret-on".to_owned(), 0)
        );
    }

    #[test]
    fn a_secret_is_found_in_every_spelling_of_urls_and_json() {
        let vault = Vault::default();
        vault.keep("k/a+b\"=é%");
        for spelt in [
            "k/a+b\"=é%",
            "k%2Fa%2Bb%22%3D%C3%A9%25",
            "k%2fa%2bb%22%3d%c3%a9%25",
            "%6B%252Fa%252Bb%2522%253D%25C3%25A9%25",
            r#"k\/a+b\"=é%"#,
            r"k\u002fa\u002Bb\u0022=\u00e9%",
            r"k\\/a\\u002Bb\\\u0022=é%",
            r#"\u006b/a+b\\\"=é%"#,
        ] {
            let (clean, found) = vault.conceal(&format!("<{spelt}>"));
            assert_eq!(
                (clean.as_str(), found),
                ("<[redacted]>", 1),
                "{} characters",
                spelt.len()
            );
        }
    }

    #[test]
    fn a_secret_is_found_in_base64_wherever_it_stands_in_what_was_encoded() {
        let secret = "dol_live_0123?>~~456789";
        let vault = Vault::default();
        vault.keep(secret);
        for ahead in ["", "u", "us", "user:", "someone:"] {
            for behind in ["", ":", "::", "\n"] {
                let whole = format!("{ahead}{secret}{behind}");
                for encoded in [
                    STANDARD_NO_PAD.encode(&whole),
                    URL_SAFE_NO_PAD.encode(&whole),
                    STANDARD_NO_PAD.encode(&whole).replace('/', "\\/"),
                ] {
                    let (clean, found) = vault.conceal(&encoded);
                    assert_eq!(found, 1, "{ahead:?} {behind:?}");
                    assert!(clean.len() <= CONCEALED.len() + 24, "{clean}");
                    assert!(clean.contains(CONCEALED));
                }
            }
        }
    }

    #[test]
    fn backslashes_in_a_secret_are_found_however_often_they_are_doubled() {
        let vault = Vault::default();
        vault.keep(r"one\two\three");
        for spelt in [r"one\two\three", r"one\\two\\three", r"one\\\\two\\\\three"] {
            assert_eq!(vault.conceal(spelt), ("[redacted]".to_owned(), 1));
        }
    }
}
