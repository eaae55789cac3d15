//! A point in time as a vendor wrote it.
//!
//! A strict date type refuses the whole answer when one timestamp is odd (no offset, a number, an empty text), and with the
//! answer a key that is shown once. So reading never fails: the text is kept, and whoever needs the instant asks for it.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// A timestamp: the vendor's own text, and the instant it means where that is beyond doubt.
///
/// ```
/// let told = keyway::Timestamp::from("2026-12-31T23:59:59.000Z");
/// assert_eq!(told.as_str(), "2026-12-31T23:59:59.000Z");
/// assert!(told.instant().is_some());
///
/// // Without an offset nobody but the vendor knows the instant; the text is still there.
/// assert_eq!(keyway::Timestamp::from("2026-12-31T23:59:59").instant(), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Timestamp(String);

impl Timestamp {
    /// The text as it was received, or as it will be sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The instant, if the text is a date and time with an offset (RFC 3339). The last day of the year 9999, by which some
    /// say "never", is the last instant that there is.
    pub fn instant(&self) -> Option<jiff::Timestamp> {
        let is_last_day = || self.0.starts_with("9999-12-31T") && self.0.ends_with('Z');
        let last = || is_last_day().then_some(jiff::Timestamp::MAX);
        self.0.parse().ok().or_else(last)
    }
}

impl From<jiff::Timestamp> for Timestamp {
    fn from(instant: jiff::Timestamp) -> Self {
        Self(instant.to_string())
    }
}

impl From<String> for Timestamp {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Timestamp {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Accepts every JSON value: a text as it is, `null` as an empty text, anything else as its JSON.
impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Value::deserialize(deserializer)? {
            Value::String(text) => text,
            Value::Null => String::new(),
            other => other.to_string(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(json: &str, text: &str, has_instant: bool) {
        let timestamp: Timestamp = serde_json::from_str(json).unwrap();
        assert_eq!(timestamp.as_str(), text);
        assert_eq!(timestamp.instant().is_some(), has_instant, "{json}");
    }

    #[test]
    fn no_json_value_fails() {
        reads(r#""2026-02-26T14:30:00Z""#, "2026-02-26T14:30:00Z", true);
        reads(
            r#""2026-02-26T14:30:00.0000000+02:00""#,
            "2026-02-26T14:30:00.0000000+02:00",
            true,
        );
        reads(r#""9999-12-31T23:59:59Z""#, "9999-12-31T23:59:59Z", true);
        reads(r#""2026-02-26T14:30:00""#, "2026-02-26T14:30:00", false);
        reads(r#""2026-02-26""#, "2026-02-26", false);
        reads(r#""""#, "", false);
        reads("null", "", false);
        reads("1772116200", "1772116200", false);
        reads(r#"{"date":"2026-02-26"}"#, r#"{"date":"2026-02-26"}"#, false);
    }

    #[test]
    fn an_instant_is_sent_in_utc_and_read_back_as_itself() {
        let instant: jiff::Timestamp = "2026-12-31T23:59:59+01:00".parse().unwrap();
        let timestamp = Timestamp::from(instant);
        assert_eq!(
            serde_json::to_string(&timestamp).unwrap(),
            r#""2026-12-31T22:59:59Z""#
        );
        assert_eq!(timestamp.instant(), Some(instant));
    }
}
