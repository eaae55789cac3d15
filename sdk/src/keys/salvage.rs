//! The key in an answer that is not what the vendor documents.
//!
//! The generated types refuse an answer in which a member is missing or of another type. For a create that would cost the
//! caller a key that works and is never shown again, so such an answer is looked at member by member.

use std::collections::HashMap;

use serde::de::DeserializeOwned;
use serde_json::{Value, value::RawValue};
use zeroize::Zeroizing;

use super::{
    evidence::speaks_of_failure,
    record::{IssuedKey, KeyId, KeyRecord, KeyState, VendorRecord, told},
};
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

/// The key, if the body is JSON as far as its end, holds a secret and speaks of no failure. Of the record there is what could
/// be read.
pub(super) fn issued(vendor: Vendor, members: &Members, body: &[u8], flaw: Unreadable) -> Option<IssuedKey> {
    let text = lenient(body);
    let answer = whole(text.trim_start_matches('\u{feff}'))?;
    if speaks_of_failure(&|member| value_of::<Value>(member_of(answer, member)?)) {
        return None;
    }
    let secret = members
        .secret
        .iter()
        .find_map(|path| secret_in(below(answer, path)?))?;
    let record = members.id.split_last().and_then(|(id, above)| {
        let about = below(answer, above)?;
        Some(record_of(vendor, members, about, id))
    });
    let record = record.unwrap_or_else(|| KeyRecord::of(VendorRecord::Unreadable(vendor)));
    Some(IssuedKey::flawed(record, secret, flaw))
}

fn record_of(vendor: Vendor, members: &Members, about: &RawValue, id: &str) -> KeyRecord {
    let text = |member: &str| value_of::<String>(member_of(about, member)?);
    let time = |member: &str| {
        let time = value_of::<Option<Timestamp>>(member_of(about, member)?)?;
        told(&time)
    };
    KeyRecord {
        id: member_of(about, id).and_then(value_of).and_then(id_of),
        name: text("name"),
        description: text("description"),
        prefix: text(members.prefix),
        scopes: members
            .scopes
            .and_then(|member| scopes_of(value_of(member_of(about, member)?)?)),
        tenant: members.tenant.and_then(text),
        created_at: members.created_at.and_then(time),
        expires_at: time(members.expires_at),
        ..KeyRecord::of(VendorRecord::Unreadable(vendor))
    }
    .with_state(KeyState::Unknown)
}

fn id_of(value: Value) -> Option<KeyId> {
    match value {
        Value::String(id) if !id.is_empty() => Some(KeyId::from(id)),
        Value::Number(id) => id.as_i64().map(KeyId::from),
        _ => None,
    }
}

/// A list of texts, or one text where keys have one scope.
fn scopes_of(value: Value) -> Option<Vec<String>> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    match value {
        Value::Array(items) => Some(items.iter().filter_map(text).collect()),
        one => text(&one).map(|scope| vec![scope]),
    }
}

/// The secret, if it can be one: what no header can carry is none.
fn secret_in(value: &RawValue) -> Option<Secret> {
    let secret = Secret::from(value_of::<String>(value)?);
    secret.can_be_sent().then_some(secret)
}

/// JSON is read one level at a time, and of each only the member that is looked for: what stands in the others, a number
/// that is out of range or half of a character, is no matter.
fn member_of<'a>(object: &'a RawValue, member: &str) -> Option<&'a RawValue> {
    let mut members: HashMap<String, &RawValue> = serde_json::from_str(object.get()).ok()?;
    members.remove(member)
}

fn below<'a>(answer: &'a RawValue, path: &[&str]) -> Option<&'a RawValue> {
    path.iter()
        .try_fold(answer, |value, member| member_of(value, member))
}

fn value_of<T: DeserializeOwned>(value: &RawValue) -> Option<T> {
    serde_json::from_str(value.get()).ok()
}

/// The first JSON value of a text; something that a gateway appended is passed over.
fn whole(text: &str) -> Option<&RawValue> {
    serde_json::Deserializer::from_str(text).into_iter().next()?.ok()
}

/// The text in Unicode, and without the control characters that JSON does not allow.
fn lenient(body: &[u8]) -> Zeroizing<String> {
    let text = Zeroizing::new(String::from_utf8_lossy(body).into_owned());
    Zeroizing::new(text.replace(|letter: char| letter.is_ascii_control(), " "))
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
            b"{\"name\": \"\x01\n\", \"key\": \"s_1\"}",
            br#"{"expiresAt": 1e999, "data": {"expiresAt": -1e999, "id": 7}, "key": "s_1"}"#,
            format!(r#"{{"x": {}{}, "key": "s_1"}}"#, "[".repeat(500), "]".repeat(500)).as_bytes(),
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
            r#"{"key": "\ud800abc"}"#,
            r#"{"key": "two words"}"#,
            r#"{"code": 400, "message": "wrong", "key": "permissions"}"#,
            r#"{"error": "wrong", "key": "permissions"}"#,
        ] {
            assert!(read(body.as_bytes()).is_none(), "{body}");
        }
    }
}
