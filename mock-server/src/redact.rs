//! Takes secrets out of whatever the mock shows: by value, wherever they stand, and whatever encodes them.
//!
//! Every text is searched once, and only as much of it as is shown, so that nobody can keep the mock busy with what it
//! is to write down.

use std::borrow::Cow;
use std::sync::LazyLock;

use http::HeaderName;
use http::header::{AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION, SET_COOKIE};
use keyway_openapi::{Location, SecurityScheme, Vendor};
use serde_json::Value;

use crate::seals::{Known, Seals};
use crate::secrets::{SHORTEST, Sought, is_secret_name, names_a_password, secrets_in};

/// What stands in a secret's place.
const REDACTED: &str = "[redacted]";
/// The headers in which a credential is sent, by HTTP's own rules and by the vendors' contracts.
static KEY_HEADERS: LazyLock<Vec<HeaderName>> = LazyLock::new(|| {
    let standard = [AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE, SET_COOKIE];
    let schemes = Vendor::ALL
        .into_iter()
        .flat_map(|vendor| vendor.contract().security_schemes());
    let header = |scheme: &SecurityScheme| match scheme {
        SecurityScheme::ApiKey {
            location: Location::Header,
            name,
        } => HeaderName::from_bytes(name.as_bytes()).ok(),
        _ => None,
    };
    let own = schemes.filter_map(|(_, scheme)| header(scheme));
    let mut names: Vec<_> = standard.into_iter().chain(own).collect();
    names.sort_unstable_by(|one, other| one.as_str().cmp(other.as_str()));
    names.dedup();
    names
});
/// A longer body is not parsed for being shown: what is shown of it is searched as text.
const PARSED: usize = 64 * 1024;
/// No header that is in use has a longer name.
const LONGEST_NAME: usize = 40;
/// How far beyond what is shown is searched: a secret that is cut in two would not be recognised.
const MARGIN: usize = 4 * 1024;
/// Redacts for the worlds of one server.
#[derive(Debug)]
pub(crate) struct Redactor<'a> {
    known: Known<'a>,
}

impl<'a> Redactor<'a> {
    pub(crate) fn of(seals: &'a Seals) -> Self {
        Self { known: seals.known() }
    }

    /// How many secrets had been learned when this was made.
    pub(crate) fn learned(&self) -> u64 {
        self.known.learned()
    }

    /// Appends at most `kept` bytes of a header's value: a credential goes whole, the rest is searched.
    pub(crate) fn header(&self, name: &HeaderName, value: &[u8], kept: usize, shown: &mut String) {
        if is_key_header(name) {
            shown.push_str(REDACTED);
        } else {
            self.beginning(value, kept, shown);
        }
    }

    /// Appends a header's value as it is, or what stands for a credential; whether that could be done. What has been
    /// appended by this is to be searched then, by [`Self::is_clean`].
    pub(crate) fn header_to_be_searched(&self, name: &HeaderName, value: &[u8], shown: &mut String) -> bool {
        let value = match is_key_header(name) {
            true => Ok(REDACTED),
            false => str::from_utf8(value),
        };
        value.map(|value| shown.push_str(value)).is_ok()
    }

    /// Appends a header's name. HTTP does not tell capitals from small letters in it, so a secret cannot be recognised
    /// there, and what is longer than any name that means something is not shown.
    pub(crate) fn name(&self, name: &HeaderName, shown: &mut String) {
        let name = name.as_str();
        match is_meant(name) {
            true => self.show(name, shown),
            false => shown.push_str(REDACTED),
        }
    }

    /// Appends a header's name that is to be searched then.
    pub(crate) fn name_to_be_searched(&self, name: &HeaderName, shown: &mut String) {
        let name = name.as_str();
        shown.push_str(if is_meant(name) { name } else { REDACTED });
    }

    /// Whether there is no secret in a text.
    pub(crate) fn is_clean(&self, text: &str) -> bool {
        secrets_in(text.as_bytes(), Sought::Everything, &self.known).is_empty()
    }

    /// Appends at most `kept` bytes of a body.
    pub(crate) fn body(&self, body: &[u8], kept: usize, shown: &mut String) {
        // A password has no form by which it could be known: only JSON tells where one ends.
        let parsed = Some(body)
            .filter(|body| body.len() <= PARSED && names_a_password(body))
            .and_then(|body| serde_json::from_slice(body).ok());
        match parsed {
            Some(value) => shown.push_str(beginning_of(&self.json(value).to_string(), kept)),
            None => self.beginning(body, kept, shown),
        }
    }

    /// Appends at most `kept` bytes of what need not be text.
    fn beginning(&self, bytes: &[u8], kept: usize, shown: &mut String) {
        let before = shown.len();
        if bytes.len() <= kept + MARGIN {
            self.show(&lossy(bytes), shown);
            cut(shown, before + kept);
        } else {
            self.show(&lossy(&bytes[..kept + MARGIN]), shown);
            // What stands at the cut may be the beginning of a secret.
            let certain = (shown.len() - before).saturating_sub(MARGIN);
            cut(shown, before + certain.min(kept));
        }
    }

    /// What is kept in a state, with the keys and tokens taken out.
    pub(crate) fn plain(&self, text: &str) -> String {
        self.without(Sought::Tokens, text)
    }

    /// Appends a target, a header's value, a body that is not JSON: the text with the secrets taken out.
    pub(crate) fn show(&self, text: &str, shown: &mut String) {
        self.append(Sought::Everything, text, shown);
    }

    fn without(&self, sought: Sought, text: &str) -> String {
        let mut shown = String::new();
        self.append(sought, text, &mut shown);
        shown
    }

    fn append(&self, sought: Sought, text: &str, shown: &mut String) {
        let mut secrets = secrets_in(text.as_bytes(), sought, &self.known);
        secrets.sort_unstable_by_key(|secret| secret.start);
        let mut reached = 0;
        for secret in secrets {
            // An encoding need not end where a character does.
            let start = text.floor_char_boundary(secret.start);
            let end = text.ceil_char_boundary(secret.end);
            if start >= reached {
                shown.push_str(&text[reached..start]);
                shown.push_str(REDACTED);
            }
            reached = reached.max(end);
        }
        shown.push_str(&text[reached..]);
    }

    /// What is kept in a state: its members are the mock's own, so none is a secret by its name.
    pub(crate) fn words(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.plain(text)),
            Value::Array(items) => items.iter().map(|item| self.words(item)).collect(),
            Value::Object(members) => members
                .iter()
                .map(|(name, member)| (self.plain(name), self.words(member)))
                .collect(),
            other => other.clone(),
        }
    }

    fn json(&self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.without(Sought::Everything, &text)),
            Value::Array(items) => items.into_iter().map(|item| self.json(item)).collect(),
            Value::Object(members) => members
                .into_iter()
                .map(|(name, member)| {
                    let member = if is_secret_name(&name) {
                        Value::from(REDACTED)
                    } else {
                        self.json(member)
                    };
                    (self.without(Sought::Everything, &name), member)
                })
                .collect(),
            other => other,
        }
    }
}

/// Whether a header is one in which a credential is sent.
fn is_key_header(name: &HeaderName) -> bool {
    let name = name.as_str();
    // Most are known by their length not to be.
    KEY_HEADERS
        .iter()
        .any(|known| known.as_str().len() == name.len() && known.as_str() == name)
}

/// Whether a header's name looks like one.
fn is_meant(name: &str) -> bool {
    let is_word = |part: &str| part.len() < SHORTEST || part.bytes().all(|byte| byte.is_ascii_lowercase());
    name.len() < SHORTEST || name.len() <= LONGEST_NAME && name.split(['-', '_']).all(is_word)
}

/// Bytes as text; what is none is shown as replacement characters.
fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    match str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(bytes),
    }
}

/// At most `kept` bytes of a text.
fn beginning_of(text: &str, kept: usize) -> &str {
    &text[..text.floor_char_boundary(kept)]
}

/// Cuts a text to a length, or a little shorter where that is within a character.
fn cut(text: &mut String, length: usize) {
    text.truncate(text.floor_char_boundary(length));
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::OnceLock;
    use std::time::{Duration, Instant};

    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    fn redactor() -> Redactor<'static> {
        static SEALS: OnceLock<Seals> = OnceLock::new();
        Redactor::of(SEALS.get_or_init(Seals::default))
    }

    fn body(body: &[u8], kept: usize) -> String {
        let mut shown = String::new();
        redactor().body(body, kept, &mut shown);
        shown
    }

    fn header(name: &HeaderName, value: &[u8], kept: usize) -> String {
        let mut shown = String::new();
        redactor().header(name, value, kept, &mut shown);
        shown
    }

    fn name(name: &HeaderName) -> String {
        let mut shown = String::new();
        redactor().name(name, &mut shown);
        shown
    }

    #[test]
    fn a_body_made_of_marks_is_searched_in_no_time() {
        let long = format!("tgo_{} ", "a".repeat(16)).repeat(50_000);
        let begun = Instant::now();
        let shown = body(long.as_bytes(), 16 * 1024);
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
            key.replace('t', "%25252574"),
            key.replace('t', "%25252525252574"),
            format!("{key} {}", key.replace('t', "%74")),
            STANDARD.encode(key),
            format!("Basic {}", URL_SAFE_NO_PAD.encode(format!("user:{key}"))),
            format!("k={}", STANDARD.encode(format!("{key}:")).replace('=', "%3D")),
            format!(
                r#"{{"auth": {{"basic": ["{}"]}}}}"#,
                STANDARD.encode(format!("u:{key}"))
            ),
            hex::encode(key),
        ] {
            let shown = body(hidden.as_bytes(), 1024);
            assert!(shown.contains(REDACTED), "{hidden} is shown as {shown}");
            for part in [
                "0123456789",
                "%74",
                "MDEyMzQ1Njc4O",
                "AxMjM0NTY3OD",
                "wMTIzNDU2Nzg5",
                "303132333435",
            ] {
                assert!(!shown.contains(part), "{hidden} is shown as {shown}");
            }
        }
    }

    #[test]
    fn a_secret_at_the_edge_of_what_is_shown_is_not_shown_in_part() {
        let key = format!("tgo_mock{}", "0123456789".repeat(4));
        let note = HeaderName::from_static("x-note");
        for before in 4050..4100 {
            for key in [key.clone(), STANDARD.encode(format!("user:{key}"))] {
                let text = format!("{}{key}{}", " a".repeat(before), " b".repeat(before));
                for shown in [
                    header(&note, text.as_bytes(), 2 * before),
                    header(&note, text.as_bytes(), 2 * before + 20),
                    header(&note, text.as_bytes(), 2 * before - MARGIN + 30),
                    body(text.as_bytes(), 2 * before - MARGIN + 30),
                ] {
                    assert!(!shown.contains(&key[..10]), "{before}");
                }
            }
        }
    }

    #[test]
    fn a_long_text_without_spaces_is_shown_nearly_as_far_as_asked_for() {
        let shown = body("x".repeat(100_000).as_bytes(), 16 * 1024);
        assert_eq!(shown.len(), 16 * 1024);
    }

    #[test]
    fn a_password_goes_by_its_name_in_json_and_in_a_query() {
        let query = redactor().without(Sought::Everything, "/login?password=hunter2&x=1");
        assert_eq!(query, "/login?password[redacted]&x=1");
        let json = body(br#"{"password": "hunter2", "x": 1}"#, 1024);
        assert_eq!(json, r#"{"password":"[redacted]","x":1}"#);
        let broken = body(br#"{"password": "hunter2", "#, 1024);
        assert!(!broken.contains("hunter2"), "{broken}");
    }

    #[test]
    fn a_header_name_that_may_be_a_credential_is_not_shown() {
        for sent in [
            "mock_zt5vqy8rbn2kflw9xcgh3jps6dame1ut7orivknxmzq",
            "zt5vqy8rbn2kflw9",
            "tgo_mock0123456789abcdefghij",
        ] {
            assert_eq!(name(&sent.parse().unwrap()), REDACTED, "{sent}");
        }
        for sent in [
            "x-dolfin-organisation-id",
            "access-control-request-private-network",
            "x-b3-traceid",
        ] {
            assert_eq!(name(&sent.parse().unwrap()), sent);
        }
    }

    #[test]
    fn what_is_no_secret_stays_as_it_is() {
        for text in ["/v1/api-keys?limit=20&x=%20y", "rtn_sk_a1b2c3d4", "eyJ", "tgo_"] {
            assert_eq!(redactor().without(Sought::Everything, text), text);
        }
    }

    #[test]
    fn a_name_that_speaks_of_a_password_is_kept_and_one_with_a_key_is_kept_without_it() {
        for name in ["Password: rotate", "password = 7", "old_password=x"] {
            assert_eq!(redactor().plain(name), name);
        }
        let name = redactor().plain("of tgo_mock0123456789abcdefghij");
        assert_eq!(name, "of [redacted]");
    }
}
