//! What came of one case on one vendor, and everything that was looked at for it.

use std::collections::{BTreeMap, BTreeSet};

use keyway_openapi::Vendor;
use schemars::JsonSchema;
use serde::Serialize;

use crate::case::{Basis, Case, Outcome, Standing};
use crate::evidence::Lines;
use crate::expect::Listing;
use crate::judge::Finding;

/// What came of one case on one vendor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Verdict {
    /// The case.
    pub id: &'static str,
    /// The vendor.
    #[schemars(schema_with = "crate::report::vendor_schema")]
    pub vendor: Vendor,
    /// What came of it.
    pub outcome: Outcome,
    /// On what ground.
    pub basis: Basis,
    /// Where the ground can be read.
    pub source: String,
    /// What was seen, or why nothing was.
    pub detail: String,
    /// What was demanded.
    pub requirement: &'static str,
    /// The properties of the catalogue that the case bears on.
    pub codes: &'static [&'static str],
    /// What the decisive look was to show; empty if there was none.
    pub expected: String,
    /// What it showed; empty if there was none.
    pub seen: String,
    /// As `seen`, without ids, times and measurements: the same in every run that sees the same.
    pub observed: String,
    /// Everything that was looked at, in order.
    pub looks: Vec<Look>,
    /// The request that was decisive, as a line for a shell in which variables stand for secrets; null where nothing is wrong.
    pub curl: Option<String>,
    /// How long the case took.
    pub milliseconds: u64,
    /// Whether the list of expected failures names it; null where it does not.
    pub listing: Option<Listing>,
    /// The operations of the document that the case asked for, with the statuses of the answers.
    #[serde(skip)]
    pub(crate) operations: BTreeMap<String, BTreeSet<u16>>,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Look {
    /// What came of it.
    pub outcome: Outcome,
    /// What it was to show.
    pub expected: String,
    /// What it showed.
    pub seen: String,
    /// As `seen`, without what differs from run to run.
    pub observed: String,
}

impl Verdict {
    /// The worst finding decides; the ones as bad as it are told with it.
    pub(crate) fn of(case: &Case, vendor: Vendor, findings: &[Finding], lines: &Lines) -> Self {
        let worst = findings
            .iter()
            .map(|finding| finding.outcome)
            .max()
            .unwrap_or(Outcome::Error);
        let decisive: Vec<&Finding> = findings
            .iter()
            .filter(|finding| finding.outcome == worst)
            .collect();
        let expected = told(decisive.iter().map(|one| one.expected.as_str()));
        let seen = told(decisive.iter().map(|one| one.seen.as_str()));
        let mut detail = match worst {
            Outcome::Pass | Outcome::Observed => seen.clone(),
            _ => format!("expected {expected}; seen: {seen}"),
        };
        for measured in findings.iter().filter_map(|finding| finding.measured.as_ref()) {
            detail.push_str("; ");
            detail.push_str(measured);
        }
        let looks = looks(findings, lines);
        let observed = looks.iter().filter(|look| look.outcome == worst);
        let observed = told(observed.map(|look| look.observed.as_str()));
        let (basis, source) = decisive
            .first()
            .map_or((Basis::Silent, String::new()), |finding| {
                (finding.basis, finding.source.clone())
            });
        Self {
            id: case.id,
            vendor,
            outcome: worst,
            basis,
            source,
            detail,
            requirement: case.requirement,
            codes: case.codes,
            expected,
            seen,
            observed,
            looks,
            curl: None,
            milliseconds: 0,
            listing: None,
            operations: BTreeMap::new(),
        }
    }

    pub(crate) fn without_findings(case: &Case, vendor: Vendor, outcome: Outcome, reason: &str) -> Self {
        let (basis, source) = match case.standing(vendor) {
            Standing::Asked { basis, source } => (basis, source),
            Standing::NotAsked { .. } => (Basis::Silent, "not applicable".to_owned()),
        };
        Self {
            id: case.id,
            vendor,
            outcome,
            basis,
            source,
            detail: reason.to_owned(),
            requirement: case.requirement,
            codes: case.codes,
            expected: String::new(),
            seen: String::new(),
            observed: String::new(),
            looks: Vec::new(),
            curl: None,
            milliseconds: 0,
            listing: None,
            operations: BTreeMap::new(),
        }
    }
}

fn looks(findings: &[Finding], lines: &Lines) -> Vec<Look> {
    let mut looks: Vec<Look> = Vec::new();
    for finding in findings {
        let look = Look {
            outcome: finding.outcome,
            expected: finding.expected.clone(),
            seen: finding.seen.clone(),
            observed: lines.stable(&finding.seen),
        };
        if !looks.contains(&look) {
            looks.push(look);
        }
    }
    looks
}

fn told<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let mut told: Vec<&str> = Vec::new();
    for text in texts {
        if !told.contains(&text) {
            told.push(text);
        }
    }
    told.join("; ")
}
