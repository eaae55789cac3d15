//! The proof that the suite can fail: every broken promise that the mock knows, held against every case.
//!
//! Each sabotage is played by a mock of its own, and the whole suite is run against it. A sabotage is *killed* by the
//! cases that fail because of it; one that no case minds has *survived*, and a case that kills nothing has shown nothing.

mod page;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::future::try_join_all;
use keyway_mock::{MockServer, Sabotage};
use keyway_openapi::Vendor;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::case::{Basis, Outcome, Standing};
use crate::cases::catalogue;
use crate::plan::Selection;
use crate::report::Report;
use crate::run::run;
use crate::target::Target;

/// How many mocks a thread judges at once: some cases wait.
const LANES: usize = 12;

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
    /// Whether one of the cases that killed a committed row kills this one, by failing if it was by failing.
    fn is_killed_as(&self, kept: &KeptRow) -> bool {
        let any =
            |was: &BTreeSet<String>, now: &BTreeSet<&str>| was.iter().any(|case| now.contains(case.as_str()));
        let warned = any(&kept.warned_by, &self.warned_by) || any(&kept.warned_by, &self.killed_by);
        any(&kept.killed_by, &self.killed_by) || (kept.killed_by.is_empty() && warned)
    }

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

    /// Where this matrix falls short of a committed one: rows that are new or gone, and broken promises for which none of
    /// the cases fails any more that did. Which others fail beside them may depend on what happens at the same time.
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
            if !row.is_killed_as(kept) {
                drift.push(format!("{place} is not killed any more by a case that did"));
            }
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

/// Runs the suite against the intact mock of every vendor, and against every sabotage of each. Blocks until it is done.
///
/// # Errors
/// If a mock cannot be started.
pub fn kill_matrix(
    vendors: &[Vendor],
    sabotages: &[&'static Sabotage],
    progress: MatrixProgress<'_>,
) -> io::Result<KillMatrix> {
    let pairs: Vec<(&'static Sabotage, Vendor)> = sabotages
        .iter()
        .flat_map(|sabotage| sabotage.vendors.iter().map(move |vendor| (*sabotage, *vendor)))
        .filter(|(_, vendor)| vendors.contains(vendor))
        .collect();
    let intact = side_by_side(vendors.len(), |place| judged(vendors[place], None), &|_, _| {})?;
    let intact: BTreeMap<Vendor, Report> = vendors.iter().copied().zip(intact).collect();
    let judge = |place: usize| {
        let (sabotage, vendor) = pairs[place];
        judged(vendor, Some(sabotage))
    };
    let reports = side_by_side(pairs.len(), judge, progress)?;
    let rows: Vec<Row> = pairs
        .iter()
        .zip(&reports)
        .map(|((sabotage, vendor), report)| Row::of(sabotage, *vendor, report, intact.get(vendor)))
        .collect();
    Ok(KillMatrix {
        failed_intact: failures(&intact),
        idle: idle(&rows, vendors),
        rows,
    })
}

/// Does so many pieces of work, in order of their places. Suite and mock of one piece share a thread: nothing wakes a
/// thread of another core for every request, which would be half of the cost.
fn side_by_side<T, F>(
    count: usize,
    work: impl Fn(usize) -> F + Sync,
    progress: MatrixProgress<'_>,
) -> io::Result<Vec<T>>
where
    T: Send,
    F: Future<Output = io::Result<T>>,
{
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let lane = || async {
        let mut own = Vec::new();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            if place >= count {
                return io::Result::Ok(own);
            }
            own.push((place, work(place).await?));
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, count);
        }
    };
    let thread = || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(try_join_all((0..LANES).map(|_| lane())))
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let finished: Vec<io::Result<_>> = std::thread::scope(|scope| {
        let started: Vec<_> = (0..threads).map(|_| scope.spawn(thread)).collect();
        let ended = started.into_iter().map(|thread| thread.join());
        ended
            .map(|ended| ended.unwrap_or_else(|_| Err(io::Error::other("a judge panicked"))))
            .collect()
    });
    let mut all = Vec::new();
    for lanes in finished {
        all.extend(lanes?.into_iter().flatten());
    }
    all.sort_by_key(|(place, _)| *place);
    Ok(all.into_iter().map(|(_, result)| result).collect())
}

/// The suite's report on a mock of its own.
async fn judged(vendor: Vendor, sabotage: Option<&'static Sabotage>) -> io::Result<Report> {
    // Nobody reads the journal of these.
    let builder = MockServer::builder().vendor(vendor).journal(0);
    let builder = match sabotage {
        Some(sabotage) => builder.sabotaged(sabotage),
        None => builder,
    };
    let server = builder.start().await.map_err(io::Error::other)?;
    Ok(run(&[Target::of_mock(vendor, server)], &Selection::all()).await)
}

impl Row {
    fn of(sabotage: &'static Sabotage, vendor: Vendor, report: &Report, intact: Option<&Report>) -> Self {
        let worse = |outcome: Outcome| -> BTreeSet<&'static str> {
            let was = |id| intact.and_then(|intact| Some(intact.verdict(vendor, id)?.outcome));
            report
                .verdicts()
                .iter()
                .filter(|verdict| verdict.outcome == outcome && was(verdict.id) != Some(outcome))
                .map(|verdict| verdict.id)
                .collect()
        };
        Self {
            sabotage: sabotage.name,
            vendor,
            killed_by: worse(Outcome::Fail),
            warned_by: worse(Outcome::Warn),
            hindered: worse(Outcome::Error),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn row(killed_by: &[&'static str], warned_by: &[&'static str]) -> Row {
        Row {
            sabotage: "siblings-die-too",
            vendor: Vendor::Reten,
            killed_by: killed_by.iter().copied().collect(),
            warned_by: warned_by.iter().copied().collect(),
            hindered: BTreeSet::new(),
        }
    }

    fn matrix(rows: Vec<Row>) -> KillMatrix {
        KillMatrix {
            rows,
            failed_intact: Vec::new(),
            idle: Vec::new(),
        }
    }

    fn drift(was: Row, now: Vec<Row>) -> usize {
        let kept: KeptMatrix = serde_json::from_str(&matrix(vec![was]).json()).unwrap();
        matrix(now).drift(&kept).len()
    }

    #[test]
    fn a_kill_that_is_gone_is_drift_and_one_beside_others_is_not() {
        assert_eq!(drift(row(&["a", "b"], &[]), vec![row(&["b", "c"], &[])]), 0);
        assert_eq!(drift(row(&["a"], &[]), vec![row(&["c"], &[])]), 1);
        assert_eq!(
            drift(row(&["a"], &[]), vec![row(&[], &["a"])]),
            1,
            "it only warns"
        );
        assert_eq!(drift(row(&[], &["a"]), vec![row(&["a"], &[])]), 0);
        assert_eq!(drift(row(&["a"], &[]), Vec::new()), 1);
    }

    #[test]
    fn what_nobody_minds_survives() {
        let matrix = matrix(vec![row(&[], &[]), row(&[], &["a"])]);
        assert_eq!(matrix.survivors().count(), 1);
    }
}
