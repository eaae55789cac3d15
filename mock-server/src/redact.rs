//! Takes secrets out of whatever the mock shows: by value, wherever they stand.
//!
//! The mock keeps no secret, so it cannot search for one. It knows how long each was and how it began, though, and
//! its digest: a piece of text that begins alike is cut to that length, digested, and recognised. What only looks
//! like a key or a token goes as well: it may be somebody's real one. Every text is searched once, and only as much
//! of it as is shown, so that nobody can keep the mock busy with what it is to write down.

use std::borrow::Cow;
use std::ops::Range;

use http::HeaderName;
use http::header::{AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION, SET_COOKIE};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::store::Memory;

/// What stands in a secret's place.
const REDACTED: &str = "[redacted]";
/// How keys of the vendors, and signed tokens, begin.
const PUBLIC_MARKS: [&str; 5] = ["tgo_", "rtn_sk_", "dol_live_", "b3sk_", "eyJ"];
/// A mark and fewer characters than this is a printable hint, which is no secret.
const HINT: usize = 16;
/// The vendors' own headers for keys.
const KEY_HEADERS: [&str; 2] = ["x-api-key", "x-dolfin-api-key"];
/// Members and parameters that are secrets although nobody issued them.
const SECRET_NAMES: [&str; 3] = ["password", "currentPassword", "newPassword"];
/// A longer body is not parsed for being shown: what is shown of it is searched as text.
const PARSED: usize = 64 * 1024;
/// How far beyond what is shown is searched: a secret that is cut in two would not be recognised.
const MARGIN: usize = 4 * 1024;
/// How often a text is decoded: who encodes a key twice may as well do so thrice.
const DECODINGS: usize = 4;

/// Redacts for one world.
#[derive(Debug)]
pub(crate) struct Redactor<'a> {
    /// The vendors that have been called: a key of one may be sent to another.
    pub(crate) stores: Vec<&'a Memory>,
}

impl Redactor<'_> {
    /// A header's value: a credential goes whole, the rest is searched.
    pub(crate) fn header(&self, name: &HeaderName, value: &str) -> String {
        let standard = [AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE, SET_COOKIE];
        if standard.contains(name) || KEY_HEADERS.contains(&name.as_str()) {
            return REDACTED.to_owned();
        }
        self.plain(value)
    }

    /// At most `kept` bytes of a body.
    pub(crate) fn body(&self, body: &[u8], kept: usize) -> String {
        let parsed = Some(body)
            .filter(|body| body.len() <= PARSED)
            .and_then(|body| serde_json::from_slice(body).ok());
        let mut shown = match parsed {
            Some(value) => self.json(value).to_string(),
            None if body.len() <= kept + MARGIN => self.plain(&String::from_utf8_lossy(body)),
            None => {
                let mut shown = self.plain(&String::from_utf8_lossy(&body[..kept + MARGIN]));
                // What stands at the cut may be the beginning of a secret.
                shown.truncate(shown.trim_end_matches(|last: char| !last.is_whitespace()).len());
                shown
            }
        };
        if shown.len() > kept {
            shown.truncate(shown.floor_char_boundary(kept));
        }
        shown
    }

    /// A target, a header's value, a body that is not JSON. An encoding could hide a secret, so a text that holds one
    /// is shown decoded.
    pub(crate) fn plain(&self, text: &str) -> String {
        if text.contains("\\u") {
            // JSON's escapes outside of JSON: nothing that was meant to be read.
            return REDACTED.to_owned();
        }
        let mut decoded = Cow::Borrowed(text);
        for _ in 0..DECODINGS {
            let redacted = self.text(&decoded);
            if let Cow::Owned(redacted) = redacted {
                return redacted;
            }
            let again = percent_decode_str(&decoded).decode_utf8_lossy().into_owned();
            if again == *decoded {
                break;
            }
            decoded = Cow::Owned(again);
        }
        text.to_owned()
    }

    /// Text with the secrets taken out; borrowed if there was none.
    pub(crate) fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut secrets: Vec<Range<usize>> = self
            .stores
            .iter()
            .flat_map(|store| store.secrets_in(text))
            .collect();
        secrets.extend(marked(text));
        secrets.extend(named(text));
        if secrets.is_empty() {
            return Cow::Borrowed(text);
        }
        secrets.sort_unstable_by_key(|secret| secret.start);
        let mut shown = String::new();
        let mut reached = 0;
        for secret in secrets {
            if secret.start >= reached {
                shown.push_str(&text[reached..secret.start]);
                shown.push_str(REDACTED);
            }
            reached = reached.max(secret.end);
        }
        shown.push_str(&text[reached..]);
        Cow::Owned(shown)
    }

    fn json(&self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.plain(&text)),
            Value::Array(items) => items.into_iter().map(|item| self.json(item)).collect(),
            Value::Object(members) => members
                .into_iter()
                .map(|(name, member)| {
                    let is_secret = SECRET_NAMES.contains(&name.as_str());
                    let member = if is_secret {
                        Value::from(REDACTED)
                    } else {
                        self.json(member)
                    };
                    (self.plain(&name), member)
                })
                .collect(),
            other => other,
        }
    }
}

/// Where something stands that looks like a vendor's key or a signed token.
fn marked(text: &str) -> Vec<Range<usize>> {
    let of_a_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.~+/=".contains(byte);
    let mut found = Vec::new();
    for mark in PUBLIC_MARKS {
        let mut from = 0;
        while let Some(at) = text[from..].find(mark).map(|at| from + at) {
            let length = text[at..].bytes().take_while(of_a_token).count();
            if length >= mark.len() + HINT {
                found.push(at..at + length);
            }
            // The whole run has been looked at; a second mark in it changes nothing.
            from = at + length.max(mark.len());
        }
    }
    found
}

/// Where the values of parameters stand that are secrets by their name, as in a query or a form.
fn named(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for name in SECRET_NAMES {
        for (at, _) in text.match_indices(name) {
            let start = at + name.len();
            let rest = &text[start..];
            if rest.starts_with(['=', ':', '"', '\'']) {
                let length = rest.find(['&', '\n', ';']).unwrap_or(rest.len());
                found.push(start..start + length);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    fn redactor() -> Redactor<'static> {
        Redactor { stores: Vec::new() }
    }

    #[test]
    fn a_body_made_of_marks_is_searched_in_no_time() {
        let body = format!("tgo_{} ", "a".repeat(16)).repeat(50_000);
        let begun = Instant::now();
        let shown = redactor().body(body.as_bytes(), 16 * 1024);
        assert!(!shown.contains("tgo_"));
        assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    }

    #[test]
    fn whatever_hides_a_key_is_seen_through() {
        let key = "tgo_mock0123456789abcdefghij";
        let escaped = r#"{"name": "\u0074go_mock0123456789abcdefghij"}"#;
        for hidden in [
            key.to_owned(),
            format!("a{key}b"),
            key.replace('t', "%74"),
            key.replace('t', "%2574"),
            escaped.to_owned(),
            escaped.replace('"', ""),
            format!("{{\"{key}\": 1}}"),
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.mock0123456789abcdef".to_owned(),
        ] {
            let shown = redactor().body(hidden.as_bytes(), 1024);
            assert!(shown.contains(REDACTED), "{hidden} is shown as {shown}");
            assert!(!shown.contains("0123456789"), "{hidden} is shown as {shown}");
        }
    }

    #[test]
    fn a_password_goes_by_its_name_in_json_and_in_a_query() {
        let query = redactor().plain("/login?password=hunter2&x=1");
        assert_eq!(query, "/login?password[redacted]&x=1");
        let json = redactor().body(br#"{"password": "hunter2", "x": 1}"#, 1024);
        assert_eq!(json, r#"{"password":"[redacted]","x":1}"#);
        let broken = redactor().body(br#"{"password": "hunter2", "#, 1024);
        assert!(!broken.contains("hunter2"), "{broken}");
    }

    #[test]
    fn what_is_no_secret_stays_as_it_is() {
        for text in ["/v1/api-keys?limit=20&x=%20y", "rtn_sk_a1b2c3d4", "eyJ", "tgo_"] {
            assert_eq!(redactor().plain(text), text);
        }
    }
}
