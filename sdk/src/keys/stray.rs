//! A key that may have been made although nobody got its secret, and how it is found and revoked.
//!
//! No vendor's create is idempotent, so a create whose answer was lost is not repeated. What can be done is to look for
//! the key that it may have made, and to end it.

mod search;

use std::{fmt, time::Duration};

use http::StatusCode;
use jiff::Timestamp as Instant;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};

pub use search::StrayReport;
pub(super) use search::revoke_strays;

use super::{
    ApiKeys,
    mark::mark_in,
    record::{KeyId, KeyRecord},
};
use crate::Vendor;

/// How far two clocks that are set by the network may be apart, and what is lost where a vendor writes whole seconds.
const SLACK: Duration = Duration::from_secs(2);

/// A key that a create may have made without anybody learning its secret.
///
/// It comes with the error of the create ([`Error::stray`](super::Error::stray)) and is handed to
/// [`ApiKeys::revoke_strays`](super::ApiKeys::revoke_strays).
#[derive(Clone, Debug, PartialEq)]
pub struct Stray {
    vendor: Vendor,
    base_url: String,
    name: Option<String>,
    mark: Option<String>,
    id: Option<KeyId>,
    sent_at: Instant,
    noticed_at: Option<Instant>,
    known: Vec<KeyId>,
    by_likeness: ByLikeness,
}

/// What becomes of a key that is like the lost one in all that can be seen, and has no mark that proves it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum ByLikeness {
    Left,
    Revoked,
}

impl Stray {
    /// The vendor at which it may be.
    pub fn vendor(&self) -> Vendor {
        self.vendor
    }

    /// Where it was asked for; see [`ApiKeys::base_url`].
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The name that it was asked for with, its mark included where the name has it.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// What is in its name or description and in no other key's, if [`NewKey::marked`](super::NewKey::marked) was asked
    /// for.
    pub fn mark(&self) -> Option<&str> {
        self.mark.as_deref()
    }

    /// Its id, if what is left of the answer shows it.
    pub fn id(&self) -> Option<&KeyId> {
        self.id.as_ref()
    }

    /// The time of the call, from its sending to its failure by this machine's clock, and two seconds more on either
    /// side. The end is now if the failure was never noticed. A vendor that went on after the call may have made the
    /// key later.
    pub fn window(&self) -> (Instant, Instant) {
        self.window_with(SLACK)
    }

    fn window_with(&self, slack: Duration) -> (Instant, Instant) {
        let end = self.noticed_at.unwrap_or_else(Instant::now);
        let first = self.sent_at.checked_sub(slack).unwrap_or(Instant::MIN);
        let last = end.checked_add(slack).unwrap_or(Instant::MAX);
        (first, last)
    }

    /// The same, but not the key with this id: it is known to be another one.
    #[must_use]
    pub fn excluding(mut self, id: &KeyId) -> Self {
        self.known.push(id.clone());
        self
    }

    pub(super) fn now(vendor: Vendor, base_url: String) -> Self {
        Self {
            vendor,
            base_url,
            name: None,
            mark: None,
            id: None,
            sent_at: Instant::now(),
            noticed_at: None,
            known: Vec::new(),
            by_likeness: ByLikeness::Left,
        }
    }

    /// It was asked for at this time.
    pub(super) fn sent_at(self, sent_at: Instant) -> Self {
        Self { sent_at, ..self }
    }

    /// A key that was made, and that the vendor then did not know.
    pub(super) fn of_record<K: ApiKeys + ?Sized>(keys: &K, record: &KeyRecord) -> Self {
        let id = record.id.clone();
        let stray = Self::now(keys.vendor(), keys.base_url()).called(record.name.as_deref());
        let texts = [&record.name, &record.description].into_iter().flatten();
        let mark = texts.filter_map(|text| mark_in(text)).next().map(str::to_owned);
        Self { id, mark, ..stray }
    }

    pub(super) fn called(self, name: Option<&str>) -> Self {
        let name = name.map(str::to_owned);
        Self { name, ..self }
    }

    pub(super) fn with_mark(self, mark: String) -> Self {
        Self {
            mark: Some(mark),
            ..self
        }
    }

    pub(super) fn with_id(self, id: KeyId) -> Self {
        Self { id: Some(id), ..self }
    }

    /// The create has failed with this status. Where none came, or that of a success, the vendor has probably made the
    /// key; an error says at most that it may have, and then a key of that name may well be another.
    pub(super) fn after(self, status: Option<StatusCode>) -> Self {
        let by_likeness = match status.is_none_or(|status| status.is_success()) {
            true => ByLikeness::Revoked,
            false => ByLikeness::Left,
        };
        Self { by_likeness, ..self }
    }

    /// The same, but no key is taken for it merely because it is like it.
    pub(super) fn told_for_certain(self) -> Self {
        Self {
            by_likeness: ByLikeness::Left,
            ..self
        }
    }

    /// The create has failed; `body` is what there is of its answer, with the id at these members.
    pub(super) fn noticed(self, body: Option<&[u8]>, id_at: &[&str]) -> Self {
        Self {
            noticed_at: Some(Instant::now()),
            id: body.and_then(|body| id_in(body, id_at)),
            ..self
        }
    }
}

/// The id in the answer to a create, however little of it there is.
///
/// A wrong id would end somebody else's key, so a number that the text breaks off behind is none: more digits may
/// follow.
fn id_in(body: &[u8], path: &[&str]) -> Option<KeyId> {
    let mut found = None;
    let mut json = serde_json::Deserializer::from_slice(body);
    // That the text breaks off further on is no matter.
    let _ = FindId {
        path,
        found: &mut found,
    }
    .deserialize(&mut json);
    found
}

/// Goes down the members of `path` and keeps the id at its end.
struct FindId<'a> {
    path: &'a [&'a str],
    found: &'a mut Option<KeyId>,
}

impl<'de> DeserializeSeed<'de> for FindId<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for FindId<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Some((wanted, below)) = self.path.split_first() else {
            return Err(A::Error::custom("no path"));
        };
        let mut number = None;
        loop {
            let key = map.next_key::<String>();
            if let (Some(id), Ok(_)) = (number.take(), &key) {
                // Something followed the number, so it is whole.
                *self.found = Some(KeyId::from(id));
            }
            match key? {
                None => return Ok(()),
                Some(key) if key != *wanted => {
                    map.next_value::<IgnoredAny>()?;
                }
                Some(_) if below.is_empty() => match map.next_value::<serde_json::Value>()? {
                    serde_json::Value::String(id) if !id.is_empty() => *self.found = Some(KeyId::from(id)),
                    serde_json::Value::Number(id) => number = id.as_i64(),
                    _ => {}
                },
                Some(_) => map.next_value_seed(FindId {
                    path: below,
                    found: &mut *self.found,
                })?,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn finds(body: &str, path: &[&str], id: Option<&str>) {
        assert_eq!(
            id_in(body.as_bytes(), path).as_ref().map(KeyId::as_str),
            id,
            "{body}"
        );
    }

    #[test]
    fn an_id_is_found_in_what_is_left_of_an_answer() {
        let data = &["data", "id"][..];
        finds(
            r#"{"data": {"id": 7, "name": "x"}, "plain_text_key": ["#,
            data,
            Some("7"),
        );
        finds(r#"{"data": {"id": 7, "na"#, data, None);
        finds(r#"{"data": {"id": 7, "name": "#, data, Some("7"));
        finds(r#"{"data": {"name": "x", "id": 7}"#, data, Some("7"));
        finds(r#"{"code": 200, "data": {"id": "ak_1", "ke"#, data, Some("ak_1"));
        finds(r#"{"id": "f47ac10b", "#, &["id"], Some("f47ac10b"));
    }

    #[test]
    fn an_id_that_may_go_on_or_is_something_elses_is_none() {
        let data = &["data", "id"][..];
        finds(r#"{"data": {"id": 12"#, data, None);
        finds(r#"{"data": {"id": "ak_"#, data, None);
        finds(r#"{"data": {"owner": {"id": 1}, "#, data, None);
        finds(r#"{"id": 1, "data": "#, data, None);
        finds(r#"{"data": [7]}"#, data, None);
        finds("<html>7</html>", data, None);
        finds("", &["id"], None);
    }
}
