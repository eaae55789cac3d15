//! Failures that are known and agreed on, for a time: the file of `--expect`.

use std::str::FromStr;

use jiff::civil::Date;
use keyway_openapi::Vendor;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::cases::catalogue;

/// The list of expected failures. It is read from TOML:
///
/// ```
/// # use keyway_conformance::Expectations;
/// let list: Expectations = r#"
///     [[expected]]
///     case = "revoke/second-answer"
///     vendor = "reten"
///     reason = "the vendor mends it in December, ticket 1234"
///     until = 2026-12-31
/// "#
/// .parse()?;
/// # Ok::<(), keyway_conformance::ExpectError>(())
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectations {
    #[serde(default)]
    pub(crate) expected: Vec<Expectation>,
}

/// One failure that is expected.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expectation {
    pub(crate) case: String,
    pub(crate) vendor: Vendor,
    pub(crate) reason: String,
    #[serde(deserialize_with = "date")]
    pub(crate) until: Date,
}

/// What became of an expectation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ListingState {
    /// The case failed as expected.
    Kept,
    /// The case does not fail: the list is out of date.
    Unfounded,
    /// The last day is over: it has to be looked at anew.
    Overdue,
    /// The case was skipped, or could not be carried out.
    Unseen,
}

/// That a verdict is on the list of expected failures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Listing {
    /// Why the failure is expected.
    pub reason: String,
    /// The last day on which it is.
    #[schemars(with = "String")]
    pub until: Date,
    /// What became of it.
    pub state: ListingState,
}

impl Listing {
    /// What has to be said of it; nothing where all is as it was announced.
    pub fn complaint(&self) -> Option<String> {
        match self.state {
            ListingState::Kept | ListingState::Unseen => None,
            ListingState::Unfounded => Some(format!(
                "expected to fail until {} ({}), and it does not",
                self.until, self.reason
            )),
            ListingState::Overdue => Some(format!(
                "expected to fail until {} ({}), and that day is over",
                self.until, self.reason
            )),
        }
    }
}

/// Why a text is no list of expected failures.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExpectError {
    /// Not TOML, or not of the form.
    #[error("{place}{problem}")]
    Form {
        /// The line, where it is known.
        place: String,
        /// What is wrong, in one line.
        problem: String,
    },
    /// No case has this name.
    #[error("no case is called {0:?}")]
    UnknownCase(String),
    /// The same case of the same vendor stands there twice.
    #[error("{0} of {1} stands there twice")]
    Twice(String, Vendor),
    /// An expectation that nobody can account for.
    #[error("{0} of {1} has no reason")]
    NoReason(String, Vendor),
}

impl FromStr for Expectations {
    type Err = ExpectError;

    fn from_str(text: &str) -> Result<Self, ExpectError> {
        let list: Self = toml::from_str(text).map_err(|error| ExpectError::Form {
            place: error
                .span()
                .map(|span| text.get(..span.start).unwrap_or_default().matches('\n').count() + 1)
                .map_or_else(String::new, |line| format!("line {line}: ")),
            problem: error.message().replace('\n', " "),
        })?;
        for (place, one) in list.expected.iter().enumerate() {
            let (case, vendor) = (one.case.clone(), one.vendor);
            if !catalogue().iter().any(|known| known.id == case) {
                return Err(ExpectError::UnknownCase(case));
            }
            if one.reason.trim().is_empty() {
                return Err(ExpectError::NoReason(case, vendor));
            }
            let is_same = |other: &Expectation| other.case == case && other.vendor == vendor;
            if list.expected[..place].iter().any(is_same) {
                return Err(ExpectError::Twice(case, vendor));
            }
        }
        Ok(list)
    }
}

/// A date as TOML has it, or as a string.
fn date<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let text = match toml::Value::deserialize(deserializer)? {
        toml::Value::Datetime(date) => date.to_string(),
        toml::Value::String(text) => text,
        _ => String::new(),
    };
    text.parse()
        .map_err(|_| serde::de::Error::custom("until is a day, as in 2026-12-31"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(more: &str) -> Result<Expectations, String> {
        format!("[[expected]]\ncase = 'revoke/second-answer'\n{more}\n")
            .parse::<Expectations>()
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_day_is_a_date_or_a_string() {
        for until in ["2026-12-31", "'2026-12-31'"] {
            let list = listed(&format!("vendor = 'reten'\nreason = 'x'\nuntil = {until}")).unwrap();
            assert_eq!(list.expected[0].until, jiff::civil::date(2026, 12, 31));
        }
        assert!("".parse::<Expectations>().unwrap().expected.is_empty());
    }

    #[test]
    fn what_is_not_of_the_form_is_said_in_one_line() {
        for (more, told) in [
            ("vendor = 'reten'\nreason = 'x'", "until"),
            ("vendor = 'reten'\nreason = 'x'\nuntil = 'soon'", "2026-12-31"),
            ("vendor = 'reten'\nreason = 'x'\nuntil = 7", "2026-12-31"),
            ("vendor = 'stripe'\nreason = 'x'\nuntil = 2026-12-31", "stripe"),
            ("vendor = 'reten'\nreason = ' '\nuntil = 2026-12-31", "no reason"),
            (
                "vendor = 'reten'\nreason = 'x'\nuntil = 2026-12-31\nowner = 'y'",
                "owner",
            ),
            (
                "vendor = 'reten'\nreason = 'x'\nuntil = 2026-12-31\n[[expected]]\ncase = 'x/y'\nvendor = 'reten'\nreason = 'x'\nuntil = 2026-12-31",
                "\"x/y\"",
            ),
            (
                "vendor = 'reten'\nreason = 'x'\nuntil = 2026-12-31\n[[expected]]\ncase = 'revoke/second-answer'\nvendor = 'reten'\nreason = 'x'\nuntil = 2026-12-31",
                "twice",
            ),
            ("= =", "line 3"),
        ] {
            let error = listed(more).unwrap_err();
            assert!(error.contains(told), "{error}");
            assert_eq!(error.lines().count(), 1, "{error}");
        }
    }
}
