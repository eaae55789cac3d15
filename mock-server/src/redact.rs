//! Takes secrets out of whatever the mock shows: by value, wherever they stand.
//!
//! The mock keeps no secret, so it cannot search for one. It knows how long each was and how it began, though, and
//! its digest: a piece of text that begins alike is cut to that length, digested, and recognised.

use std::borrow::Cow;

use http::HeaderName;
use http::header::{AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION, SET_COOKIE};
use percent_encoding::percent_decode;
use serde_json::Value;

use crate::store::Memory;

/// How the keys of the vendors begin. What looks like one and was not issued here may be somebody's real key.
const PUBLIC_MARKS: [&str; 4] = ["tgo_", "rtn_sk_", "dol_live_", "b3sk_"];
/// A mark and fewer characters than this is a printable hint, which is no secret.
const HINT: usize = 16;

/// The vendors' own headers for keys.
const KEY_HEADERS: [&str; 2] = ["x-api-key", "x-dolfin-api-key"];

/// Members of a JSON body that are secrets although nobody issued them.
const SECRET_MEMBERS: [&str; 3] = ["password", "currentPassword", "newPassword"];

/// Redacts for one vendor of one world.
#[derive(Debug)]
pub(crate) struct Redactor<'a> {
    pub(crate) store: &'a Memory,
}

impl Redactor<'_> {
    /// A header's value: a credential goes whole, the rest is searched.
    pub(crate) fn header(&self, name: &HeaderName, value: &str) -> String {
        let standard = [AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE, SET_COOKIE];
        if standard.contains(name) || KEY_HEADERS.contains(&name.as_str()) {
            return "[redacted]".to_owned();
        }
        self.text(value).into_owned()
    }

    /// Path and query. Percent-encoding could hide a secret, so a target that holds one is shown decoded.
    pub(crate) fn target(&self, target: &str) -> String {
        let decoded = percent_decode(target.as_bytes()).decode_utf8_lossy();
        match self.text(&decoded) {
            Cow::Borrowed(_) => target.to_owned(),
            Cow::Owned(redacted) => redacted,
        }
    }

    /// At most `kept` bytes of a body.
    pub(crate) fn body(&self, body: &[u8], kept: usize) -> String {
        let text = String::from_utf8_lossy(body);
        let text = self.members(&text);
        // Redact before cutting: half a secret is not recognised, but tells half of it.
        let mut redacted = self.text(&text).into_owned();
        if redacted.len() > kept {
            redacted.truncate(redacted.floor_char_boundary(kept));
        }
        redacted
    }

    /// Text with the secrets taken out.
    pub(crate) fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut shown = String::new();
        let mut rest = text;
        while let Some((start, length)) = self.first_secret(rest) {
            shown.push_str(&rest[..start]);
            shown.push_str("[redacted]");
            rest = &rest[start + length..];
        }
        if shown.is_empty() && rest.len() == text.len() {
            return Cow::Borrowed(text);
        }
        shown.push_str(rest);
        Cow::Owned(shown)
    }

    /// Where the first secret of the text stands, and how long it is.
    fn first_secret(&self, text: &str) -> Option<(usize, usize)> {
        let issued = self.store.first_secret(text);
        let marked = PUBLIC_MARKS
            .iter()
            .filter_map(|mark| first_marked(text, mark))
            .min();
        [issued, marked].into_iter().flatten().min()
    }

    /// A JSON body without the members that are secrets by name.
    fn members<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if !SECRET_MEMBERS.iter().any(|name| text.contains(name)) {
            return Cow::Borrowed(text);
        }
        match serde_json::from_str::<Value>(text) {
            Ok(mut value) => {
                blank(&mut value);
                Cow::Owned(value.to_string())
            }
            // It names a password and cannot be read: none of it is shown.
            Err(_) => Cow::Borrowed("[redacted]"),
        }
    }
}

/// Where something that looks like a vendor's key stands, and how long it is.
fn first_marked(text: &str, mark: &str) -> Option<(usize, usize)> {
    text.match_indices(mark).find_map(|(at, _)| {
        let of_a_key = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-".contains(byte);
        let length = text[at..].bytes().take_while(|byte| of_a_key(byte)).count();
        (length >= mark.len() + HINT).then_some((at, length))
    })
}

fn blank(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if SECRET_MEMBERS.contains(&name.as_str()) {
                    *member = Value::from("[redacted]");
                } else {
                    blank(member);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(blank),
        _ => {}
    }
}
