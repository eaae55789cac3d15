//! Every secret the run knows of, so that none is ever shown: not plain, and not in the spellings in which answers and
//! URLs carry it.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// What a secret is replaced by.
pub(crate) const CONCEALED: &str = "[redacted]";
/// Shorter values would be found everywhere. No credential worth the name is this short.
const SHORTEST: usize = 6;

/// No reference to a character that is looked for is longer than this, its semicolon included.
const LONGEST_REFERENCE: usize = 10;

/// The known secrets, shared by the vendors of one run.
#[derive(Clone, Default)]
pub(crate) struct Vault(Arc<Mutex<Known>>);

/// The secrets and the texts that give them away, in an order that lets a long text be searched for hundreds of them.
#[derive(Default)]
struct Known {
    secrets: Vec<String>,
    /// The secret itself, and its base64 at every place it can have in what is encoded; with the place of the secret.
    forms: Vec<(String, usize)>,
    /// The forms by their first bytes, for where nothing is escaped.
    by_start: HashMap<[u8; START], Vec<usize>>,
    /// The forms by their first character, for where something is.
    by_first: HashMap<char, Vec<usize>>,
}

/// So many bytes have to be plain for a form to be looked up by them.
const START: usize = 3;

impl Vault {
    pub(crate) fn keep(&self, secret: &str) {
        if secret.len() < SHORTEST {
            return;
        }
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.secrets.iter().any(|other| other == secret) {
            return;
        }
        let place = known.secrets.len();
        known.secrets.push(secret.to_owned());
        for form in forms(secret) {
            known.add(form, place);
        }
    }

    /// The text without secrets, and how many of them had stood in it.
    pub(crate) fn conceal(&self, text: &str) -> (String, usize) {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut clean = String::new();
        let mut shown = BTreeSet::new();
        // Up to where the text is dealt with: copied, or concealed.
        let mut done = 0;
        for (start, end, secret) in known.found_in(text.as_bytes()) {
            shown.insert(secret);
            if start >= done {
                clean.push_str(&text[done..start]);
                clean.push_str(CONCEALED);
            }
            // What overlaps is concealed as one: a key must not be half shown by another one that it contains.
            done = done.max(end);
        }
        clean.push_str(&text[done..]);
        (clean, shown.len())
    }

    /// The text without secrets.
    pub(crate) fn redact(&self, text: &str) -> String {
        self.conceal(text).0
    }
}

impl Known {
    fn add(&mut self, form: String, secret: usize) {
        let place = self.forms.len();
        if let Some(start) = form.as_bytes().first_chunk::<START>() {
            self.by_start.entry(*start).or_default().push(place);
        }
        if let Some(first) = form.chars().next() {
            self.by_first.entry(first).or_default().push(place);
        }
        self.forms.push((form, secret));
    }

    /// Every place where a form stands in any spelling: its start, its end, and the place of its secret. In the order of
    /// the text.
    fn found_in(&self, text: &[u8]) -> Vec<(usize, usize, usize)> {
        let mut found = Vec::new();
        for at in 0..text.len() {
            let near = text.get(at..text.len().min(at + START)).unwrap_or_default();
            let mut try_form = |place: &usize| {
                let (form, secret) = &self.forms[*place];
                found.extend(spelt(text, at, form).map(|end| (at, end, *secret)));
            };
            if near.iter().any(|byte| matches!(byte, b'%' | b'\\' | b'&')) {
                // A spelling may begin here, or within the first bytes of a form.
                self.by_first
                    .iter()
                    .filter(|(first, _)| ends_of(text, at, **first).next().is_some())
                    .for_each(|(_, forms)| forms.iter().for_each(&mut try_form));
            } else if let Ok(start) = <[u8; START]>::try_from(near)
                && let Some(forms) = self.by_start.get(&start)
            {
                forms.iter().for_each(try_form);
            }
        }
        found
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

/// Where the form ends, if it stands here in any spelling.
fn spelt(text: &[u8], from: usize, form: &str) -> Option<usize> {
    // A percent sign or a backslash can be itself or begin an escape, so there may be several places to go on from.
    let mut places = vec![from];
    for one in form.chars() {
        let mut next: Vec<usize> = places.iter().flat_map(|at| ends_of(text, *at, one)).collect();
        next.dedup();
        if next.is_empty() {
            return None;
        }
        places = next;
    }
    places.into_iter().max()
}

/// Where a character ends that may stand here in some spelling.
fn ends_of(text: &[u8], at: usize, one: char) -> impl Iterator<Item = usize> {
    let mut buffer = [0; 4];
    let plain = one.encode_utf8(&mut buffer).as_bytes();
    [
        text.get(at..)
            .is_some_and(|rest| rest.starts_with(plain))
            .then(|| at + plain.len()),
        percent(text, at, plain),
        escaped(text, at, one, plain),
        referred(text, at, one),
    ]
    .into_iter()
    .flatten()
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

/// `&amp;`, `&#38;`, `&#x26;`, as XML and HTML write a character.
fn referred(text: &[u8], from: usize, one: char) -> Option<usize> {
    let rest = text.get(from..)?.strip_prefix(b"&")?;
    let length = rest
        .iter()
        .take(LONGEST_REFERENCE)
        .position(|byte| *byte == b';')?;
    let name = std::str::from_utf8(&rest[..length]).ok()?;
    let numeric = name
        .strip_prefix('#')
        .and_then(|number| match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok(),
            None => number.parse().ok(),
        });
    let meant = numeric.or(match name {
        "amp" => Some(u32::from('&')),
        "lt" => Some(u32::from('<')),
        "gt" => Some(u32::from('>')),
        "quot" => Some(u32::from('"')),
        "apos" => Some(u32::from('\'')),
        _ => None,
    })?;
    (meant == u32::from(one)).then_some(from + 1 + length + 1)
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
    fn a_secret_is_found_in_every_spelling_of_xml_and_html() {
        let vault = Vault::default();
        vault.keep("k<a>&b\"c'd");
        for spelt in [
            "k&lt;a&gt;&amp;b&quot;c&apos;d",
            "k&#60;a&#x3e;&#38;b&#34;c&#39;d",
            "&#107;&#x3C;a>&amp;b\"c&#x27;d",
        ] {
            assert_eq!(
                vault.conceal(&format!("&amp;{spelt}&amp;")),
                ("&amp;[redacted]&amp;".to_owned(), 1),
                "{spelt}"
            );
        }
        assert_eq!(vault.conceal("k&lt;a & b &unknown; &#x110000;").1, 0);
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
