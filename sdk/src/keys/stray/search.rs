//! The search for a stray key among those that the vendor lists: what it is told by, and what is revoked.

use std::{fmt, time::Duration};

use futures_util::TryStreamExt as _;

use super::{
    super::{
        ApiKeys,
        error::{Error, Operation},
        mark::{mark_in, without_mark},
        record::{KeyId, KeyRecord, KeyState},
    },
    ByLikeness, Stray,
};
use crate::ErrorKind;

use crate::Vendor;

/// How far a key of that name may have been made from the time of the call and still be shown to a person: a wrong
/// clock or time zone is no reason to pass over it.
const WRONG_CLOCK: Duration = Duration::from_secs(24 * 60 * 60);

/// What came of looking for a stray key.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StrayReport {
    /// The stray key, which is revoked now. There are more if something on the way sent the create twice.
    pub revoked: Vec<KeyId>,
    /// Keys that may be the stray one or somebody else's. They are as they were; a person has to decide.
    pub left: Vec<KeyRecord>,
}

impl StrayReport {
    /// Whether the stray key was found and is revoked.
    pub fn is_settled(&self) -> bool {
        !self.revoked.is_empty()
    }

    /// Whether there is no key that may be the stray one. It may be gone, and it may be yet to come: a vendor that
    /// still is at the create makes the key later, so look again.
    pub fn found_nothing(&self) -> bool {
        self.revoked.is_empty() && self.left.is_empty()
    }
}

/// One line, with ids and no secret.
impl fmt::Display for StrayReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.found_nothing() {
            return f.write_str("nothing found, but the vendor may still make it");
        }
        write!(f, "{} revoked, {} left", self.revoked.len(), self.left.len())?;
        for (index, record) in self.left.iter().enumerate() {
            f.write_str(if index == 0 { " that may be it: " } else { ", " })?;
            match &record.id {
                Some(id) => write!(f, "{}", id.as_str().escape_debug())?,
                None => f.write_str("one without an id")?,
            }
        }
        Ok(())
    }
}

pub(in super::super) async fn revoke_strays<K: ApiKeys + ?Sized>(
    keys: &K,
    stray: &Stray,
) -> Result<StrayReport, Error> {
    if stray.vendor != keys.vendor() {
        let rule = "the stray key is another vendor's";
        return Err(Error::invalid(keys.vendor(), Operation::RevokeStrays, "", rule));
    }
    // Sinjapp's tenants are hosts and its ids are numbers, so that the same id is another key at another host.
    let host = |base_url: &str| Some(reqwest::Url::parse(base_url).ok()?.host()?.to_owned());
    if stray.vendor == Vendor::Sinjapp && host(&stray.base_url) != host(&keys.base_url()) {
        let rule = "the stray key was asked for at another host, and the host is the tenant";
        return Err(Error::invalid(keys.vendor(), Operation::RevokeStrays, "", rule));
    }
    let during = |error: Error| error.during(Operation::RevokeStrays);
    let mut report = StrayReport::default();
    if let Some(id) = &stray.id {
        match keys.revoke(id).await {
            Ok(_) => report.revoked.push(id.clone()),
            // It is gone, or not known yet.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(during(error)),
        }
        return Ok(report);
    }
    let list = &keys.capabilities().list;
    if !list.is_documented() {
        return Err(Error::absent(keys.vendor(), Operation::RevokeStrays, list));
    }
    let records: Vec<_> = keys.list().try_collect().await.map_err(during)?;
    let judged = records.into_iter().map(|record| (stray.judge(&record), record));
    let alike: Vec<_> = judged
        .filter(|(likeness, _)| *likeness != Likeness::None)
        .collect();
    let certain = stray.certain(&alike);
    for (likeness, record) in alike {
        match &record.id {
            Some(id) if certain == Some(likeness) => {
                if record.state != KeyState::Revoked {
                    keys.revoke(id).await.map_err(during)?;
                }
                report.revoked.push(id.clone());
            }
            _ => report.left.push(record),
        }
    }
    if report.is_settled() {
        // Whatever else is like it is another.
        report.left.clear();
    }
    Ok(report)
}

/// What a listed key is to a search.
#[derive(Clone, Copy, PartialEq)]
enum Likeness {
    None,
    /// It has the mark.
    Marked,
    /// It has the name, was made in the time of the call, and was never used.
    InTime,
    /// It has the name and may be it if clocks are wrong.
    Alike,
    /// It has the name and the time, but it was used, and nobody holds the stray key's secret.
    Used,
}

impl Stray {
    /// Which of the keys that are like it are it, if any are for certain.
    fn certain(&self, alike: &[(Likeness, KeyRecord)]) -> Option<Likeness> {
        let count = |wanted| alike.iter().filter(|(likeness, _)| *likeness == wanted).count();
        if count(Likeness::Marked) > 0 {
            return Some(Likeness::Marked);
        }
        // A key that was to be marked is told by its mark or not at all.
        let may_be_told = self.mark.is_none() && self.by_likeness == ByLikeness::Revoked;
        let is_only_one = (count(Likeness::InTime), count(Likeness::Alike)) == (1, 0);
        (may_be_told && is_only_one).then_some(Likeness::InTime)
    }

    fn judge(&self, record: &KeyRecord) -> Likeness {
        if record.id.as_ref().is_some_and(|id| self.known.contains(id)) {
            return Likeness::None;
        }
        let texts = [&record.name, &record.description].into_iter().flatten();
        let marks: Vec<_> = texts.filter_map(|text| mark_in(text)).collect();
        if self.mark.as_deref().is_some_and(|mark| marks.contains(&mark)) {
            return Likeness::Marked;
        }
        // A vendor may cut a mark off, but it makes none up.
        let own = self.name.as_deref().and_then(mark_in);
        let is_anothers = marks.iter().any(|mark| Some(*mark) != own);
        if record.state == KeyState::Revoked || is_anothers || !self.has_name_of(record) {
            return Likeness::None;
        }
        let made = record.created_at.as_ref().and_then(crate::Timestamp::instant);
        let is_within = |(first, last): (jiff::Timestamp, jiff::Timestamp)| {
            made.is_some_and(|made| first <= made && made <= last)
        };
        match record.last_used_at.is_some() {
            true if is_within(self.window()) => Likeness::Used,
            true => Likeness::None,
            false if is_within(self.window()) => Likeness::InTime,
            // A key whose time cannot be read may be it.
            false if made.is_none() || is_within(self.window_with(WRONG_CLOCK)) => Likeness::Alike,
            false => Likeness::None,
        }
    }

    /// Vendors may cut off the blanks around a name, and a mark at its end.
    fn has_name_of(&self, record: &KeyRecord) -> bool {
        let bare = |name: &Option<String>| name.as_deref().map(|name| without_mark(name).trim().to_owned());
        bare(&self.name) == bare(&record.name)
    }
}
