//! What came of a run, in one tree; the renderings are made from it and from nothing else.

mod form;
mod html;
mod json;
mod junit;
mod markdown;
mod tap;
mod text;
mod verdict;
mod words;

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use keyway_openapi::Vendor;
use schemars::JsonSchema;
use serde::Serialize;

use crate::baseline::{Baseline, Change, ChangeKind};
use crate::case::Outcome;
use crate::expect::{Expectations, Listing, ListingState};
use crate::profile::Profile;
use crate::run::Side;
use crate::stale::Found;
use crate::vault::Vault;

pub use form::{Colour, Format, Screen};
pub use json::schema;
pub(crate) use json::vendor_schema;
pub use verdict::{Look, Verdict};

/// How a run ends, from the outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Nothing failed.
    Clean,
    /// A case failed, or a vendor behaves otherwise than in the baseline.
    Failed,
    /// Something could not be set up or carried out, or nothing ran.
    NotCarriedOut,
    /// Keys of the run could not be revoked.
    NotCleanedUp,
    /// The list of expected failures is out of date.
    Outdated,
}

impl Exit {
    /// The exit code of the process.
    pub const fn code(self) -> u8 {
        match self {
            Exit::Clean => 0,
            Exit::Failed => 1,
            Exit::NotCarriedOut => 3,
            Exit::NotCleanedUp => 4,
            Exit::Outdated => 5,
        }
    }
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

/// What was judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Judged {
    #[schemars(schema_with = "vendor_schema")]
    pub(crate) vendor: Vendor,
    /// The root of the server.
    pub(crate) base_url: String,
    /// Whether it was the mock inside the suite's own process, whose clock is turned.
    pub(crate) embedded: bool,
}

/// What came of a run.
#[derive(Clone)]
pub struct Report {
    /// In the order of the catalogue, vendor by vendor.
    pub(crate) verdicts: Vec<Verdict>,
    pub(crate) judged: Vec<Judged>,
    pub(crate) not_set_up: Vec<(Vendor, String)>,
    pub(crate) made: usize,
    pub(crate) left: Vec<String>,
    pub(crate) stale: Found,
    pub(crate) started: Timestamp,
    pub(crate) took: Duration,
    interrupted: bool,
    changes: Option<Vec<Change>>,
    vault: Vault,
}

impl Report {
    pub(crate) fn of(sides: Vec<Side>, vault: Vault, interrupted: bool, started: Timestamp) -> Self {
        let took = Timestamp::now().duration_since(started);
        let mut report = Self {
            verdicts: Vec::new(),
            judged: Vec::new(),
            not_set_up: Vec::new(),
            made: 0,
            left: Vec::new(),
            stale: Found::default(),
            started,
            took: Duration::try_from(took).unwrap_or_default(),
            interrupted,
            changes: None,
            vault,
        };
        for side in sides {
            report.made += side.made;
            report.left.extend(side.left);
            report.stale.there.extend(side.stale.there);
            report.stale.revoked.extend(side.stale.revoked);
            report
                .not_set_up
                .extend(side.not_set_up.map(|reason| (side.judged.vendor, reason)));
            report.judged.push(side.judged);
            report.verdicts.extend(side.verdicts);
        }
        report.clean();
        report
    }

    /// The target's words are in the details, and a target may put anything there: a secret, or what a terminal obeys.
    fn clean(&mut self) {
        let vault = self.vault.clone();
        let clean = |text: &mut String| *text = words::visible(&vault.redact(text));
        let of_target = self
            .not_set_up
            .iter_mut()
            .map(|(_, reason)| reason)
            .chain(&mut self.stale.there)
            .chain(&mut self.stale.revoked);
        of_target.for_each(clean);
        for verdict in &mut self.verdicts {
            let of_looks = verdict
                .looks
                .iter_mut()
                .flat_map(|look| [&mut look.expected, &mut look.seen, &mut look.observed]);
            let texts = [
                &mut verdict.detail,
                &mut verdict.expected,
                &mut verdict.seen,
                &mut verdict.observed,
            ]
            .into_iter()
            .chain(of_looks)
            .chain(&mut verdict.curl);
            texts.for_each(clean);
        }
    }

    /// The report in the light of a list of expected failures, on a day.
    #[must_use]
    pub fn expecting(mut self, list: &Expectations, today: Date) -> Self {
        for one in &list.expected {
            let is_meant = |verdict: &&mut Verdict| verdict.id == one.case && verdict.vendor == one.vendor;
            let Some(verdict) = self.verdicts.iter_mut().find(is_meant) else {
                // Not asked in this run.
                continue;
            };
            let state = match verdict.outcome {
                _ if one.until < today => ListingState::Overdue,
                Outcome::Fail | Outcome::Expected => ListingState::Kept,
                Outcome::Skip | Outcome::Error => ListingState::Unseen,
                Outcome::Pass | Outcome::Observed | Outcome::Warn => ListingState::Unfounded,
            };
            if state == ListingState::Kept {
                verdict.outcome = Outcome::Expected;
            }
            verdict.listing = Some(Listing {
                reason: self.vault.redact(&one.reason),
                until: one.until,
                state,
            });
        }
        self
    }

    /// The report with what has changed since an earlier one.
    #[must_use]
    pub fn against(mut self, baseline: &Baseline) -> Self {
        let mut changes = baseline.changes(&self.verdicts);
        for change in &mut changes {
            // The earlier report is somebody's file.
            change.told = self.vault.redact(&change.told);
        }
        self.changes = Some(changes);
        self
    }

    /// What has changed since the baseline; nothing where none was given.
    pub fn changes(&self) -> Option<&[Change]> {
        self.changes.as_deref()
    }

    /// With every practice that was not kept as a failure.
    pub(crate) fn strictly(mut self) -> Self {
        for verdict in &mut self.verdicts {
            let of_looks = verdict.looks.iter_mut().map(|look| &mut look.outcome);
            for outcome in std::iter::once(&mut verdict.outcome).chain(of_looks) {
                if *outcome == Outcome::Warn {
                    *outcome = Outcome::Fail;
                }
            }
        }
        self
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

    /// The names of keys that earlier runs of the suite left behind and that are still in force.
    pub fn stale(&self) -> &[String] {
        &self.stale.there
    }

    /// Whether the run was ended before its time.
    pub fn was_interrupted(&self) -> bool {
        self.interrupted
    }

    /// How the run ends: a failed case before an outdated list, that before keys left behind, those before errors.
    pub fn exit(&self) -> Exit {
        let judged = self
            .verdicts
            .iter()
            .any(|verdict| !matches!(verdict.outcome, Outcome::Skip | Outcome::Error));
        // Of whom nothing is claimed, nothing can be asked: that is no shortcoming of the run.
        let is_blank = |verdict: &Verdict| Profile::of(verdict.vendor).is_blank();
        let ran = judged || !self.verdicts.is_empty() && self.verdicts.iter().all(is_blank);
        // A failure whose day is over is a matter of the list.
        let fails = |one: &Verdict| one.outcome == Outcome::Fail && one.listing.is_none();
        if self.verdicts.iter().any(fails) || self.drift().next().is_some() {
            Exit::Failed
        } else if self.outdated().next().is_some() {
            Exit::Outdated
        } else if !self.left.is_empty() {
            Exit::NotCleanedUp
        } else if !ran || self.interrupted || self.count(Outcome::Error) > 0 || !self.not_set_up.is_empty() {
            Exit::NotCarriedOut
        } else {
            Exit::Clean
        }
    }

    /// The report in its final form, searched for every secret that the run knows of.
    pub fn render(&self, format: Format) -> Rendered {
        let text = match format {
            Format::Text(screen) => text::render(self, screen),
            Format::Json => json::render(self),
            Format::Junit => junit::render(self),
            Format::Markdown => markdown::render(self),
            Format::Html => html::render(self),
            Format::Tap => tap::render(self),
        };
        let (text, leaks) = self.vault.conceal(&text);
        Rendered { text, leaks }
    }

    /// The verdicts that the list of expected failures is wrong about.
    fn outdated(&self) -> impl Iterator<Item = &Verdict> {
        self.verdicts
            .iter()
            .filter(|verdict| complaint(verdict).is_some())
    }

    /// In what the vendors behave otherwise than in the earlier run.
    fn drift(&self) -> impl Iterator<Item = &Change> {
        let changes = self.changes.iter().flatten();
        changes.filter(|change| change.kind == ChangeKind::Drift)
    }

    /// What is wrong, for people, without the table and without a secret.
    pub(crate) fn failures_in_words(&self) -> String {
        self.vault.redact(&text::failures(self))
    }

    fn vendors(&self) -> impl Iterator<Item = Vendor> {
        self.judged.iter().map(|one| one.vendor)
    }

    /// The cases that were asked of any vendor, in the order of the catalogue.
    fn ids(&self) -> Vec<&'static str> {
        let mut ids: Vec<&str> = Vec::new();
        for verdict in &self.verdicts {
            if !ids.contains(&verdict.id) {
                ids.push(verdict.id);
            }
        }
        ids
    }

    /// What somebody has to look at, the worst first. What could not be set up is said once for its vendor, and not again
    /// for every case.
    fn troubles(&self) -> Vec<&Verdict> {
        let rank = |verdict: &Verdict| match verdict.outcome {
            Outcome::Fail => 0,
            _ if complaint(verdict).is_some() => 1,
            Outcome::Error => 2,
            Outcome::Warn => 3,
            Outcome::Expected => 4,
            Outcome::Pass | Outcome::Observed | Outcome::Skip => 5,
        };
        let is_set_up = |vendor| !self.not_set_up.iter().any(|(other, _)| *other == vendor);
        let mut troubles: Vec<&Verdict> = self
            .verdicts
            .iter()
            .filter(|verdict| rank(verdict) < 5)
            .filter(|verdict| is_set_up(verdict.vendor))
            .collect();
        troubles.sort_by_key(|verdict| rank(verdict));
        troubles
    }
}

/// What the list of expected failures is wrong about here.
fn complaint(verdict: &Verdict) -> Option<String> {
    verdict.listing.as_ref().and_then(Listing::complaint)
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
mod tests;
