//! What came of a run, in one tree; the renderings are made from it and from nothing else.

mod json;
mod text;

use keyway_openapi::Vendor;
use serde::Serialize;

use crate::case::{Basis, Case, Outcome, Standing};
use crate::judge::Finding;
use crate::run::Side;
use crate::vault::Vault;

/// What came of one case on one vendor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Verdict {
    /// The case.
    pub id: &'static str,
    /// The vendor.
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
}

impl Verdict {
    /// The worst finding decides; the ones as bad as it are told with it.
    pub(crate) fn of(case: &Case, vendor: Vendor, findings: &[Finding]) -> Self {
        let worst = findings
            .iter()
            .map(|finding| finding.outcome)
            .max()
            .unwrap_or(Outcome::Error);
        let decisive: Vec<&Finding> = findings
            .iter()
            .filter(|finding| finding.outcome == worst)
            .collect();
        let (expected, seen) = (
            told(&decisive, |one| &one.expected),
            told(&decisive, |one| &one.seen),
        );
        let detail = match worst {
            Outcome::Pass | Outcome::Observed => seen.clone(),
            _ => format!("expected {expected}; seen: {seen}"),
        };
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
        }
    }
}

fn told(findings: &[&Finding], text: impl Fn(&Finding) -> &String) -> String {
    let mut told: Vec<&str> = Vec::new();
    for finding in findings {
        if !told.contains(&text(finding).as_str()) {
            told.push(text(finding));
        }
    }
    told.join("; ")
}

/// How a run ends, from the outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Nothing failed.
    Clean,
    /// A case failed.
    Failed,
    /// Something could not be set up or carried out, or nothing ran.
    NotCarriedOut,
    /// Keys of the run could not be revoked.
    NotCleanedUp,
}

impl Exit {
    /// The exit code of the process.
    pub const fn code(self) -> u8 {
        match self {
            Exit::Clean => 0,
            Exit::Failed => 1,
            Exit::NotCarriedOut => 3,
            Exit::NotCleanedUp => 4,
        }
    }
}

/// In what form a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text(Colour),
    /// For programs.
    Json,
}

/// Whether text is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// Plain.
    Never,
    /// With terminal colours.
    Always,
}

/// A report in its final form.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rendered {
    /// What may be written. No secret that the run knows of is in it.
    pub text: String,
    /// How many secrets had to be taken out: an error of the suite, never of the target.
    pub leaks: usize,
}

/// What came of a run.
#[derive(Clone)]
pub struct Report {
    /// In the order of the catalogue, vendor by vendor.
    pub(crate) verdicts: Vec<Verdict>,
    pub(crate) vendors: Vec<Vendor>,
    pub(crate) not_set_up: Vec<(Vendor, String)>,
    pub(crate) made: usize,
    pub(crate) left: Vec<String>,
    interrupted: bool,
    vault: Vault,
}

impl Report {
    pub(crate) fn of(sides: Vec<Side>, vault: Vault, interrupted: bool) -> Self {
        let mut report = Self {
            verdicts: Vec::new(),
            vendors: sides.iter().map(|side| side.vendor).collect(),
            not_set_up: Vec::new(),
            made: 0,
            left: Vec::new(),
            interrupted,
            vault,
        };
        for side in sides {
            report.made += side.made;
            report.left.extend(side.left);
            report
                .not_set_up
                .extend(side.not_set_up.map(|reason| (side.vendor, reason)));
            report.verdicts.extend(side.verdicts);
        }
        // The target's words are in the details, and a target may put anything there.
        for verdict in &mut report.verdicts {
            for text in [&mut verdict.detail, &mut verdict.expected, &mut verdict.seen] {
                *text = report.vault.redact(text);
            }
        }
        report
    }

    /// Every verdict.
    pub fn verdicts(&self) -> &[Verdict] {
        &self.verdicts
    }

    /// The verdict on a case.
    pub fn verdict(&self, vendor: Vendor, id: &str) -> Option<&Verdict> {
        self.verdicts
            .iter()
            .find(|verdict| verdict.vendor == vendor && verdict.id == id)
    }

    /// How many cases came to an outcome.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.verdicts
            .iter()
            .filter(|verdict| verdict.outcome == outcome)
            .count()
    }

    /// The targets that could not be judged at all, and why.
    pub fn not_set_up(&self) -> impl Iterator<Item = (Vendor, &str)> {
        self.not_set_up
            .iter()
            .map(|(vendor, reason)| (*vendor, reason.as_str()))
    }

    /// The names of the keys that the run made and could not revoke.
    pub fn left(&self) -> &[String] {
        &self.left
    }

    /// Whether the run was ended before its time.
    pub fn was_interrupted(&self) -> bool {
        self.interrupted
    }

    /// How the run ends: a failed case before keys left behind, those before errors.
    pub fn exit(&self) -> Exit {
        let judged = self
            .verdicts
            .iter()
            .any(|verdict| !matches!(verdict.outcome, Outcome::Skip | Outcome::Error));
        if self.count(Outcome::Fail) > 0 {
            Exit::Failed
        } else if !self.left.is_empty() {
            Exit::NotCleanedUp
        } else if !judged || self.interrupted || self.count(Outcome::Error) > 0 || !self.not_set_up.is_empty()
        {
            Exit::NotCarriedOut
        } else {
            Exit::Clean
        }
    }

    /// The report in its final form, searched for every secret that the run knows of.
    pub fn render(&self, format: Format) -> Rendered {
        let text = match format {
            Format::Text(colour) => text::render(self, colour),
            Format::Json => json::render(self),
        };
        let (text, leaks) = self.vault.conceal(&text);
        Rendered { text, leaks }
    }
}

impl std::fmt::Debug for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Report")
            .field("verdicts", &self.verdicts)
            .field("left", &self.left)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::catalogue;

    fn report(outcomes: &[Outcome], left: &[&str]) -> Report {
        let verdicts = outcomes
            .iter()
            .zip(catalogue())
            .map(|(outcome, case)| {
                Verdict::without_findings(case, Vendor::Reten, *outcome, "a planted-secret")
            })
            .collect();
        let left = left.iter().map(|name| (*name).to_owned()).collect();
        let side = Side {
            vendor: Vendor::Reten,
            verdicts,
            not_set_up: None,
            made: 1,
            left,
        };
        let vault = Vault::default();
        vault.keep("planted-secret");
        Report::of(vec![side], vault, false)
    }

    #[test]
    fn a_failure_outweighs_keys_left_and_those_outweigh_errors() {
        use Outcome::{Error, Fail, Observed, Pass, Skip, Warn};
        for (outcomes, left, exit) in [
            (&[Pass, Observed, Warn, Skip][..], &[][..], Exit::Clean),
            (&[Pass, Error], &[], Exit::NotCarriedOut),
            (&[Pass, Error], &["keyway-1"], Exit::NotCleanedUp),
            (&[Fail, Error], &["keyway-1"], Exit::Failed),
            (&[Skip, Skip], &[], Exit::NotCarriedOut),
            (&[], &[], Exit::NotCarriedOut),
        ] {
            assert_eq!(report(outcomes, left).exit(), exit, "{outcomes:?} {left:?}");
        }
    }

    #[test]
    fn no_rendering_holds_a_secret() {
        let report = report(&[Outcome::Fail], &["keyway-planted-secret"]);
        for format in [
            Format::Json,
            Format::Text(Colour::Never),
            Format::Text(Colour::Always),
        ] {
            let rendered = report.render(format);
            assert!(!rendered.text.contains("planted"), "{}", rendered.text);
            assert_eq!(rendered.leaks, 1, "the name of the key left behind holds it");
        }
    }

    #[test]
    fn json_has_the_summary_and_the_results_that_programs_rely_on() {
        let rendered = report(&[Outcome::Pass, Outcome::Skip], &[]).render(Format::Json);
        let value: serde_json::Value = serde_json::from_str(&rendered.text).unwrap();
        assert_eq!(
            value["summary"],
            serde_json::json!({"pass": 1, "fail": 0, "warn": 0, "observed": 0, "skip": 1, "error": 0})
        );
        for member in ["id", "vendor", "outcome", "basis", "source", "detail"] {
            assert!(value["results"][0][member].is_string(), "{member}");
        }
        assert_eq!(value["results"][0]["vendor"], "reten");
    }
}
