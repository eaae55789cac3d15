//! The key in an answer that is not what the vendor documents.
//!
//! The generated types refuse an answer in which a member is missing or of another type. For a create that would cost the
//! caller a key that works and is never shown again, so such an answer is looked at member by member.

use serde::Deserialize as _;
use serde_json::Value;
use zeroize::Zeroizing;

use super::record::{IssuedKey, KeyId, KeyRecord, KeyState, VendorRecord};
use crate::{Secret, Timestamp, Unreadable, Vendor};

/// Where a vendor's answer to a create holds what.
pub(super) struct Members {
    /// The members that lead to the secret; more than one way where two pages disagree.
    pub(super) secret: &'static [&'static [&'static str]],
    /// The members that lead to the id. What is said of the key stands beside it.
    pub(super) id: &'static [&'static str],
    pub(super) prefix: &'static str,
    pub(super) scopes: Option<&'static str>,
    pub(super) tenant: Option<&'static str>,
    pub(super) created_at: Option<&'static str>,
    pub(super) expires_at: &'static str,
}

/// The key, if the body is JSON as far as its end and holds a secret. Of the record there is what could be read.
pub(super) fn issued(vendor: Vendor, members: &Members, body: &[u8], flaw: Unreadable) -> Option<IssuedKey> {
    let mut answer = lenient(body)?;
    let secret = members
        .secret
        .iter()
        .find_map(|path| take_secret(&mut answer, path))?;
    let record = members.id.split_last().and_then(|(id, above)| {
        let about = above
            .iter()
            .try_fold(&answer, |value, member| value.get(member))?;
        Some(record_of(vendor, members, about, id))
    });
    let record = record.unwrap_or_else(|| KeyRecord::of(VendorRecord::Unreadable(vendor)));
    Some(IssuedKey::flawed(record, secret, flaw))
}

fn record_of(vendor: Vendor, members: &Members, about: &Value, id: &str) -> KeyRecord {
    let text = |member: &str| about.get(member)?.as_str().map(str::to_owned);
    let time = |member: &str| {
        let value = about.get(member).filter(|value| !value.is_null())?;
        Timestamp::deserialize(value).ok()
    };
    KeyRecord {
        id: about.get(id).and_then(id_of),
        name: text("name"),
        description: text("description"),
        prefix: text(members.prefix),
        scopes: members.scopes.and_then(|member| scopes_of(about.get(member)?)),
        tenant: members.tenant.and_then(text),
        created_at: members.created_at.and_then(time),
        expires_at: time(members.expires_at),
        ..KeyRecord::of(VendorRecord::Unreadable(vendor))
    }
    .with_state(KeyState::Unknown)
}

fn id_of(value: &Value) -> Option<KeyId> {
    match value {
        Value::String(id) if !id.is_empty() => Some(KeyId::from(id.as_str())),
        Value::Number(id) => id.as_i64().map(KeyId::from),
        _ => None,
    }
}

/// A list of texts, or one text where keys have one scope.
fn scopes_of(value: &Value) -> Option<Vec<String>> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    match value {
        Value::Array(items) => Some(items.iter().filter_map(text).collect()),
        one => text(one).map(|scope| vec![scope]),
    }
}

/// Takes the secret out, so that there is one place less that holds it.
fn take_secret(answer: &mut Value, path: &[&str]) -> Option<Secret> {
    let found = path
        .iter()
        .try_fold(answer, |value, member| value.get_mut(member))?;
    match found.take() {
        Value::String(secret) if !secret.is_empty() => Some(Secret::from(secret)),
        _ => None,
    }
}

/// JSON, whatever is before or behind it: a byte order mark, a text that is not quite UTF-8 or Unicode, something that a
/// gateway appended.
fn lenient(body: &[u8]) -> Option<Value> {
    let first = |text: &str| serde_json::Deserializer::from_str(text).into_iter().next()?.ok();
    let text = Zeroizing::new(String::from_utf8_lossy(body).into_owned());
    let text = text.trim_start_matches('\u{feff}');
    first(text).or_else(|| first(&without_surrogates(text)))
}

/// The text with U+FFFD for what JSON's escapes can say and Unicode has not: half of a pair.
fn without_surrogates(text: &str) -> Zeroizing<String> {
    let mut whole = Zeroizing::new(String::with_capacity(text.len()));
    let mut rest = text;
    while let Some(at) = rest.find("\\u") {
        let (before, escape) = rest.split_at(at);
        whole.push_str(before);
        let digits = escape.get(2..6).unwrap_or_default();
        let is_half = matches!(u16::from_str_radix(digits, 16), Ok(0xd800..=0xdfff));
        whole.push_str(if is_half {
            "\\ufffd"
        } else {
            &escape[..2 + digits.len()]
        });
        rest = &escape[2 + digits.len()..];
    }
    whole.push_str(rest);
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEMBERS: Members = Members {
        secret: &[&["secret"], &["key"]],
        id: &["data", "id"],
        prefix: "prefix",
        scopes: Some("scopes"),
        tenant: Some("tenant"),
        created_at: Some("createdAt"),
        expires_at: "expiresAt",
    };

    fn read(body: &[u8]) -> Option<IssuedKey> {
        let flaw = Unreadable::Truncated;
        issued(Vendor::B3os, &MEMBERS, body, flaw)
    }

    #[test]
    fn what_can_be_made_out_is_told() {
        let body = r#"{"data": {"id": 7, "name": "n", "prefix": 1, "scopes": ["a", null], "tenant": "t",
            "createdAt": 1772116200, "expiresAt": null}, "secret": "s_1"} and more"#;
        let issued = read(body.as_bytes()).unwrap();
        assert_eq!(issued.secret().expose_secret(), "s_1");
        assert_eq!(issued.flaw(), Some(&Unreadable::Truncated));
        let record = issued.record();
        assert_eq!(record.id, Some(KeyId::from(7)));
        assert_eq!(record.name.as_deref(), Some("n"));
        assert_eq!(record.prefix, None);
        assert_eq!(record.scopes, Some(vec!["a".to_owned()]));
        assert_eq!(record.tenant.as_deref(), Some("t"));
        assert_eq!(record.created_at, Some(Timestamp::from("1772116200")));
        assert_eq!(record.expires_at, None);
        assert_eq!(record.vendor(), &VendorRecord::Unreadable(Vendor::B3os));
    }

    #[test]
    fn a_secret_is_found_in_every_sort_of_text() {
        for body in [
            &b"\xef\xbb\xbf{\"key\": \"s_1\"}"[..],
            b"{\"name\": \"\xff\", \"key\": \"s_1\"}",
            br#"{"name": "\ud800\u00e9", "key": "s_1"}"#,
            br#"{"name": 1, "name": 2, "secret": "", "key": "s_1"}"#,
            b"{\"key\": \"s_1\"}\0\0",
        ] {
            let issued = read(body);
            assert_eq!(
                issued.unwrap().secret().expose_secret(),
                "s_1",
                "{}",
                body.escape_ascii()
            );
        }
    }

    #[test]
    fn without_a_secret_there_is_no_key() {
        for body in [
            "",
            "<html>s_1</html>",
            r#"{"data": {"id": 7}, "secret": ""}"#,
            r#"{"data": {"id": 7}, "secret": 5}"#,
            r#"{"data": {"id": 7}, "key": null}"#,
            r#"{"key": "s_1""#,
            r#"["s_1"]"#,
        ] {
            assert!(read(body.as_bytes()).is_none(), "{body}");
        }
    }
}
