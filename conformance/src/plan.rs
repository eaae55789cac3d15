//! What a run is to do: which cases it asks, what it may cost, and how hard it judges.

use std::collections::BTreeSet;
use std::str::FromStr;
use std::time::Duration;

use keyway_openapi::Vendor;

use crate::case::{Basis, Case, Standing};

/// Which cases are asked: those that fit one of the patterns, one of the tags and one of the bases. Where nothing is said
/// of one of the three, anything fits.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    patterns: Vec<String>,
    tags: Vec<String>,
    bases: Vec<Basis>,
}

impl Selection {
    /// Every case.
    pub fn all() -> Self {
        Self::default()
    }

    /// The cases whose id fits a pattern, in which `*` stands for any characters.
    pub fn matching(pattern: impl Into<String>) -> Self {
        Self::all().or_matching(pattern)
    }

    /// The cases whose id fits this pattern as well.
    #[must_use]
    pub fn or_matching(mut self, pattern: impl Into<String>) -> Self {
        self.patterns.push(pattern.into());
        self
    }

    /// Only cases with this tag, or with one that was named before; [`Case::tags`] says which there are.
    #[must_use]
    pub fn tagged(mut self, tag: impl Into<String>) -> Self {
        self.tags.push(tag.into());
        self
    }

    /// Only cases that are judged on this ground, or on one that was named before.
    #[must_use]
    pub fn judged_by(mut self, basis: Basis) -> Self {
        self.bases.push(basis);
        self
    }

    /// Whether a case is asked of a vendor.
    pub fn includes(&self, case: &Case, vendor: Vendor) -> bool {
        let fits_pattern =
            self.patterns.is_empty() || self.patterns.iter().any(|pattern| fits(pattern, case.id));
        let tags = case.tags();
        let fits_tag = self.tags.is_empty()
            || self
                .tags
                .iter()
                .any(|tag| tags.iter().any(|known| known.eq_ignore_ascii_case(tag)));
        let fits_basis = self.bases.is_empty()
            || matches!(case.standing(vendor), Standing::Asked { basis, .. } if self.bases.contains(&basis));
        fits_pattern && fits_tag && fits_basis
    }
}

/// What a case may cost on a live server, beyond some requests and keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Allowance {
    /// Time: it waits for the end of a key.
    Wait,
    /// What the account may use up only so often.
    Quota,
}

impl Allowance {
    /// All of them.
    pub const ALL: [Allowance; 2] = [Allowance::Wait, Allowance::Quota];

    /// The word on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Allowance::Wait => "wait",
            Allowance::Quota => "quota",
        }
    }
}

/// How a practice is judged that was not kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strictness {
    /// It is a warning.
    #[default]
    Lenient,
    /// It is a failure.
    Strict,
}

/// What becomes of keys that earlier runs of the suite left behind more than an hour ago.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stale {
    /// They are named.
    #[default]
    Tell,
    /// They are revoked.
    Revoke,
}

/// So many requests in a time, as in `5/s` or `30/m`: between two of them the time of one passes at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace(pub(crate) Duration);

/// Why a text is no pace.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a pace is a number of requests in a second or a minute, as in 5/s or 30/m")]
pub struct NoPace;

impl FromStr for Pace {
    type Err = NoPace;

    fn from_str(text: &str) -> Result<Self, NoPace> {
        let (count, unit) = text.split_once('/').unwrap_or((text, "s"));
        let seconds = match unit {
            "s" => 1.0,
            "m" => 60.0,
            _ => return Err(NoPace),
        };
        let count: f64 = count.parse().map_err(|_| NoPace)?;
        // Slower than one in an hour is a slip of the pen.
        if !count.is_finite() || count <= 0.0 || seconds / count > 3600.0 {
            return Err(NoPace);
        }
        Ok(Self(Duration::from_secs_f64(seconds / count)))
    }
}

/// What a run is to do. The default asks every case that costs no waiting and no quota.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Which cases are asked.
    pub selection: Selection,
    /// How a practice is judged that was not kept.
    pub strictness: Strictness,
    /// What cases may cost on a live server. The mock inside the process may be asked all of them: its clock is turned.
    pub allowed: BTreeSet<Allowance>,
    /// So many keys are made at most, by all vendors together.
    pub budget: Option<usize>,
    /// How quickly requests follow each other at most, at each vendor.
    pub pace: Option<Pace>,
    /// What becomes of keys that earlier runs left behind.
    pub stale: Stale,
}

impl From<Selection> for Plan {
    fn from(selection: Selection) -> Self {
        Self {
            selection,
            ..Self::default()
        }
    }
}

/// Whether a text fits a pattern with `*` in it.
fn fits(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(remaining) = text.strip_prefix(head) else {
        return false;
    };
    (0..=remaining.len())
        .filter(|place| remaining.is_char_boundary(*place))
        .any(|place| fits(rest, &remaining[place..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::catalogue;

    #[test]
    fn a_star_in_a_pattern_stands_for_anything() {
        for (pattern, text, expected) in [
            ("revoke/*", "revoke/second-answer", true),
            ("*second*", "revoke/second-answer", true),
            ("revoke/second-answer", "revoke/second-answer", true),
            ("*", "anything", true),
            ("revoke", "revoke/second-answer", false),
            ("create/*", "revoke/second-answer", false),
            ("*answer-", "revoke/second-answer", false),
        ] {
            assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
        }
    }

    fn asked(selection: &Selection, vendor: Vendor) -> Vec<&'static str> {
        catalogue()
            .iter()
            .filter(|case| selection.includes(case, vendor))
            .map(|case| case.id)
            .collect()
    }

    #[test]
    fn patterns_tags_and_bases_narrow_each_other_and_widen_themselves() {
        let two = Selection::matching("revoke/second-answer").or_matching("revoke/refused-at-once");
        assert_eq!(
            asked(&two, Vendor::Reten),
            ["revoke/refused-at-once", "revoke/second-answer"]
        );
        let silent = two.clone().judged_by(Basis::Silent);
        assert_eq!(asked(&silent, Vendor::Sinjapp), ["revoke/second-answer"]);
        assert!(asked(&two.tagged("idm-02"), Vendor::Reten) == ["revoke/second-answer"]);
        let areas = Selection::all().tagged("list").tagged("get");
        assert!(
            asked(&areas, Vendor::B3os)
                .iter()
                .all(|id| id.starts_with("list/") || id.starts_with("get/"))
        );
        assert!(!asked(&Selection::all().tagged("wait"), Vendor::Reten).is_empty());
        assert!(asked(&Selection::all().tagged("nothing"), Vendor::Reten).is_empty());
    }

    #[test]
    fn a_pace_is_a_number_in_a_time() {
        for (text, milliseconds) in [("5/s", 200), ("30/m", 2000), ("0.5/s", 2000), ("10", 100)] {
            let pace = text.parse::<Pace>().map(|pace| pace.0);
            assert_eq!(pace, Ok(Duration::from_millis(milliseconds)), "{text}");
        }
        for text in [
            "",
            "0/s",
            "-1/s",
            "5/h",
            "five/s",
            "NaN/s",
            "inf/s",
            "0.0000001/s",
        ] {
            assert_eq!(text.parse::<Pace>(), Err(NoPace), "{text}");
        }
    }
}
