//! The proof that the suite can fail: every broken promise that the mock knows, held against every case.
//!
//! Each sabotage is played by a mock of its own, and the whole suite is run against it. A sabotage is *killed* by the
//! cases that fail because of it; one that no case minds has *survived*, and a case that kills nothing has shown nothing.

mod page;

use std::collections::{BTreeMap, BTreeSet};

use futures::StreamExt as _;
use keyway_mock::{MockServer, Sabotage, StartError};
use keyway_openapi::Vendor;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::case::{Basis, Outcome, Standing};
use crate::cases::catalogue;
use crate::plan::Selection;
use crate::report::Report;
use crate::run::run;
use crate::target::Target;

/// How many mocks are judged at once.
const AT_ONCE: usize = 8;

/// What every sabotage met with.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct KillMatrix {
    /// One row per sabotage and vendor, in the order of the sabotages.
    pub rows: Vec<Row>,
    /// Cases that failed although nothing was broken: `vendor::case`.
    pub failed_intact: Vec<String>,
    /// Cases that can fail somewhere, and have failed nowhere.
    pub idle: Vec<&'static str>,
}

/// What one sabotage met with at one vendor.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct Row {
    /// The promise that was broken.
    pub sabotage: &'static str,
    /// Where.
    pub vendor: Vendor,
    /// The cases that failed for it.
    pub killed_by: BTreeSet<&'static str>,
    /// The cases that warned of it, which with `--strict` is failing.
    pub warned_by: BTreeSet<&'static str>,
    /// The cases that could not be carried out for it.
    pub hindered: BTreeSet<&'static str>,
}

impl Row {
    fn kept(&self) -> serde_json::Value {
        json!({
            "sabotage": self.sabotage,
            "vendor": self.vendor,
            "killed_by": self.killed_by,
            "warned_by": self.warned_by,
        })
    }

    /// Whether any case minds.
    #[must_use]
    pub fn is_killed(&self) -> bool {
        !self.killed_by.is_empty() || !self.warned_by.is_empty()
    }
}

impl KillMatrix {
    /// The sabotages that no case minds.
    pub fn survivors(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| !row.is_killed())
    }

    /// Whether every sabotage is killed, every case kills, and the intact mock passes.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.survivors().next().is_none() && self.failed_intact.is_empty() && self.idle.is_empty()
    }
}

/// The matrix as it was committed: who killed what.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct KeptMatrix {
    rows: Vec<KeptRow>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct KeptRow {
    sabotage: String,
    vendor: Vendor,
    killed_by: BTreeSet<String>,
    warned_by: BTreeSet<String>,
}

impl KillMatrix {
    /// The matrix in the form that is committed for programs.
    #[must_use]
    pub fn json(&self) -> String {
        let kept = json!({ "rows": self.rows.iter().map(Row::kept).collect::<Vec<_>>() });
        format!("{kept:#}\n")
    }

    /// Where this matrix falls short of a committed one: rows that are new or gone, and kills that did not happen
    /// again. A case that kills more than it did is no drift: some kills depend on what happens at the same time.
    #[must_use]
    pub fn drift(&self, kept: &KeptMatrix) -> Vec<String> {
        let mut drift = Vec::new();
        let mut kept_rows: BTreeMap<(&str, Vendor), &KeptRow> = kept
            .rows
            .iter()
            .map(|row| ((row.sabotage.as_str(), row.vendor), row))
            .collect();
        for row in &self.rows {
            let place = format!("{} {}", row.vendor, row.sabotage);
            let Some(kept) = kept_rows.remove(&(row.sabotage, row.vendor)) else {
                drift.push(format!("{place} is new"));
                continue;
            };
            let now: BTreeSet<&str> = row.killed_by.union(&row.warned_by).copied().collect();
            let gone = kept
                .killed_by
                .union(&kept.warned_by)
                .filter(|case| !now.contains(case.as_str()));
            drift.extend(gone.map(|case| format!("{place} is not killed by {case} any more")));
        }
        drift.extend(
            kept_rows
                .keys()
                .map(|(sabotage, vendor)| format!("{vendor} {sabotage} is gone")),
        );
        drift
    }
}

/// Told of every row that is done: how many are, and how many there will be.
pub type MatrixProgress<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// Runs the suite against the intact mock of every vendor, and against every sabotage of each.
///
/// # Errors
/// If a mock cannot be started.
pub async fn kill_matrix(
    vendors: &[Vendor],
    sabotages: &[&'static Sabotage],
    progress: MatrixProgress<'_>,
) -> Result<KillMatrix, StartError> {
    let mut intact = BTreeMap::new();
    for vendor in vendors {
        let target = Target::embedded(*vendor).await?;
        intact.insert(*vendor, run(&[target], &Selection::all()).await);
    }
    let pairs: Vec<(&'static Sabotage, Vendor)> = sabotages
        .iter()
        .flat_map(|sabotage| sabotage.vendors.iter().map(move |vendor| (*sabotage, *vendor)))
        .filter(|(_, vendor)| vendors.contains(vendor))
        .collect();
    let of = pairs.len();
    let mut rows = futures::stream::iter(pairs)
        .map(|(sabotage, vendor)| row(sabotage, vendor, intact.get(&vendor)))
        .buffered(AT_ONCE);
    let mut done = Vec::new();
    while let Some(row) = rows.next().await {
        done.push(row?);
        progress(done.len(), of);
    }
    Ok(KillMatrix {
        failed_intact: failures(&intact),
        idle: idle(&done, vendors),
        rows: done,
    })
}

async fn row(
    sabotage: &'static Sabotage,
    vendor: Vendor,
    intact: Option<&Report>,
) -> Result<Row, StartError> {
    let builder = MockServer::builder().vendor(vendor).sabotaged(sabotage);
    let target = Target::of_mock(vendor, builder.start().await?);
    let report = run(&[target], &Selection::all()).await;
    let worse = |outcome: Outcome| -> BTreeSet<&'static str> {
        let cases = report
            .verdicts()
            .iter()
            .filter(|verdict| verdict.outcome == outcome);
        let was = |id| {
            intact
                .and_then(|intact| intact.verdict(vendor, id))
                .map(|was| was.outcome)
        };
        cases
            .filter(|verdict| was(verdict.id) != Some(outcome))
            .map(|verdict| verdict.id)
            .collect()
    };
    Ok(Row {
        sabotage: sabotage.name,
        vendor,
        killed_by: worse(Outcome::Fail),
        warned_by: worse(Outcome::Warn),
        hindered: worse(Outcome::Error),
    })
}

fn failures(intact: &BTreeMap<Vendor, Report>) -> Vec<String> {
    let verdicts = intact.values().flat_map(Report::verdicts);
    verdicts
        .filter(|verdict| matches!(verdict.outcome, Outcome::Fail | Outcome::Error))
        .map(|verdict| format!("{}::{}", verdict.vendor, verdict.id))
        .collect()
}

/// The cases that are asked of some vendor on a ground on which they can fail, and did not.
fn idle(rows: &[Row], vendors: &[Vendor]) -> Vec<&'static str> {
    let can_fail =
        |standing: Standing| matches!(standing, Standing::Asked { basis, .. } if basis != Basis::Silent);
    let killing: BTreeSet<&str> = rows
        .iter()
        .flat_map(|row| row.killed_by.iter().chain(&row.warned_by).copied())
        .collect();
    catalogue()
        .iter()
        .filter(|case| vendors.iter().any(|vendor| can_fail(case.standing(*vendor))))
        .map(|case| case.id())
        .filter(|id| !killing.contains(id))
        .collect()
}
