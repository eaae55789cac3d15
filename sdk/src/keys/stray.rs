//! A key that may have been made although nobody got its secret, and how it is found and revoked.
//!
//! No vendor's create is idempotent, so a create whose answer was lost is not repeated. What can be done is to look for the
//! key that it may have made, and to end it.

use std::{fmt, time::Duration};

use futures_util::TryStreamExt as _;
use jiff::Timestamp as Instant;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};

use super::{
    ApiKeys,
    error::{Error, Operation},
    record::{KeyId, KeyRecord, KeyState},
};
use crate::Vendor;

/// How far this machine's clock and the vendor's may be apart.
const CLOCK_SKEW: Duration = Duration::from_secs(5 * 60);

/// A key that a create may have made without anybody learning its secret.
///
/// It comes with the error of the create ([`Error::stray`]) and is handed to [`ApiKeys::revoke_strays`].
#[derive(Clone, Debug, PartialEq)]
pub struct Stray {
    vendor: Vendor,
    name: Option<String>,
    mark: Option<String>,
    id: Option<KeyId>,
    sent_at: Instant,
    noticed_at: Option<Instant>,
    known: Vec<KeyId>,
}

impl Stray {
    /// The vendor at which it may be.
    pub fn vendor(&self) -> Vendor {
        self.vendor
    }

    /// The name that it was asked for with, its mark included where the name has it.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// What is in its name or description and in no other key's, if [`NewKey::marked`](super::NewKey::marked) was asked for.
    pub fn mark(&self) -> Option<&str> {
        self.mark.as_deref()
    }

    /// Its id, if what is left of the answer shows it.
    pub fn id(&self) -> Option<&KeyId> {
        self.id.as_ref()
    }

    /// The time within which it was made, five minutes more on either side than this machine's clock says. The end is
    /// that of the failure, or now if that was never noticed.
    pub fn window(&self) -> (Instant, Instant) {
        let end = self.noticed_at.unwrap_or_else(Instant::now);
        let first = self.sent_at.checked_sub(CLOCK_SKEW).unwrap_or(Instant::MIN);
        let last = end.checked_add(CLOCK_SKEW).unwrap_or(Instant::MAX);
        (first, last)
    }

    /// The same, but not the key with this id: it is known to be another one.
    #[must_use]
    pub fn excluding(mut self, id: &KeyId) -> Self {
        self.known.push(id.clone());
        self
    }

    pub(super) fn now(vendor: Vendor) -> Self {
        Self {
            vendor,
            name: None,
            mark: None,
            id: None,
            sent_at: Instant::now(),
            noticed_at: None,
            known: Vec::new(),
        }
    }

    /// It was asked for at this time.
    pub(super) fn sent_at(self, sent_at: Instant) -> Self {
        Self { sent_at, ..self }
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

    /// The create has failed; `body` is what there is of its answer, with the id at these members.
    pub(super) fn noticed(self, body: Option<&[u8]>, id_at: &[&str]) -> Self {
        Self {
            noticed_at: Some(Instant::now()),
            id: body.and_then(|body| id_in(body, id_at)),
            ..self
        }
    }

    /// What a listed key is to this search.
    fn judge(&self, record: &KeyRecord) -> Likeness {
        if record.state == KeyState::Revoked || record.id.as_ref().is_some_and(|id| self.known.contains(id)) {
            return Likeness::None;
        }
        if let Some(mark) = &self.mark {
            let texts = [&record.name, &record.description];
            let is_marked = texts.into_iter().flatten().any(|text| text.ends_with(mark));
            return if is_marked {
                Likeness::Marked
            } else {
                Likeness::None
            };
        }
        let (first, last) = self.window();
        match instant_of(&record.created_at) {
            _ if record.name != self.name => Likeness::None,
            Some(made) if made < first || made > last => Likeness::None,
            // A key of that name whose time cannot be read may be it.
            _ => Likeness::Alike,
        }
    }
}

fn instant_of(time: &Option<crate::Timestamp>) -> Option<Instant> {
    time.as_ref()?.instant()
}

#[derive(PartialEq)]
enum Likeness {
    None,
    Alike,
    Marked,
}

/// What came of looking for a stray key.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StrayReport {
    /// The keys that were revoked.
    pub revoked: Vec<KeyId>,
    /// Keys that may be the stray one or somebody else's. They are as they were; a person has to decide.
    pub left: Vec<KeyRecord>,
}

impl StrayReport {
    /// Whether nothing is left for a person to decide.
    pub fn is_settled(&self) -> bool {
        self.left.is_empty()
    }
}

impl fmt::Display for StrayReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} revoked, {} left", self.revoked.len(), self.left.len())
    }
}

pub(super) async fn revoke_strays<K: ApiKeys + ?Sized>(
    keys: &K,
    stray: &Stray,
) -> Result<StrayReport, Error> {
    if stray.vendor != keys.vendor() {
        let rule = "the stray key is another vendor's";
        return Err(Error::invalid(keys.vendor(), Operation::RevokeStrays, "", rule));
    }
    let during = |error: Error| error.during(Operation::RevokeStrays);
    let mut report = StrayReport::default();
    if let Some(id) = &stray.id {
        keys.revoke(id).await.map_err(during)?;
        report.revoked.push(id.clone());
        return Ok(report);
    }
    let list = &keys.capabilities().list;
    if !list.is_documented() {
        return Err(Error::absent(keys.vendor(), Operation::RevokeStrays, list));
    }
    let records: Vec<_> = keys.list().try_collect().await.map_err(during)?;
    let mut found = Vec::new();
    for record in records {
        match stray.judge(&record) {
            Likeness::None => {}
            likeness => found.push((likeness, record)),
        }
    }
    let is_only_one = found.len() == 1;
    for (likeness, record) in found {
        // Nobody holds the stray key's secret, so one that was used is somebody's.
        let is_it = likeness == Likeness::Marked
            || is_only_one && record.last_used_at.is_none() && instant_of(&record.created_at).is_some();
        match &record.id {
            Some(id) if is_it => {
                keys.revoke(id).await.map_err(during)?;
                report.revoked.push(id.clone());
            }
            _ => report.left.push(record),
        }
    }
    Ok(report)
}

/// The id in the answer to a create, however little of it there is.
///
/// A wrong id would end somebody else's key, so a number that the text breaks off behind is none: more digits may follow.
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
