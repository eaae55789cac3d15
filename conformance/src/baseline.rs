//! An earlier report, and what has changed since: the file of `--baseline`.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use keyway_openapi::Vendor;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::case::Outcome;
use crate::evidence::masked;
use crate::report::Verdict;

/// An earlier report, read from its JSON.
#[derive(Clone, Debug, Default)]
pub struct Baseline(BTreeMap<(Vendor, String), Past>);

/// Why a text is no earlier report.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BaselineError {
    /// It is not what `--format json` writes.
    #[error("not a JSON report of this suite: {0}")]
    Form(String),
}

#[derive(Deserialize)]
struct Document {
    results: Vec<Past>,
}

/// An earlier verdict.
#[derive(Clone, Debug, Deserialize)]
struct Past {
    id: String,
    vendor: Vendor,
    outcome: Outcome,
    detail: String,
    observed: String,
    looks: Vec<PastLook>,
}

#[derive(Clone, Debug, Deserialize)]
struct PastLook {
    expected: String,
    observed: String,
}

/// Something that is not as it was in the earlier run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Change {
    /// The vendor.
    #[schemars(schema_with = "crate::report::vendor_schema")]
    pub vendor: Vendor,
    /// The case.
    pub id: &'static str,
    /// Whether the vendor behaves otherwise, or only the run was another one.
    pub kind: ChangeKind,
    /// What changed, in a sentence.
    pub told: String,
}

/// What a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// The vendor behaves otherwise: the run fails.
    Drift,
    /// The case was asked in one of the two runs only, or is judged by another measure.
    Note,
}

impl FromStr for Baseline {
    type Err = BaselineError;

    fn from_str(text: &str) -> Result<Self, BaselineError> {
        let document: Document = serde_json::from_str(text)
            .map_err(|error| BaselineError::Form(error.to_string().replace('\n', " ")))?;
        let results = document.results.into_iter();
        Ok(Self(
            results
                .map(|past| ((past.vendor, past.id.clone()), past))
                .collect(),
        ))
    }
}

impl Baseline {
    /// What is not as it was, what matters first.
    pub(crate) fn changes(&self, verdicts: &[Verdict]) -> Vec<Change> {
        let mut changes: Vec<Change> = verdicts
            .iter()
            .filter_map(|now| Some((self.0.get(&(now.vendor, now.id.to_owned()))?, now)))
            .flat_map(|(past, now)| {
                changes(past, now).into_iter().map(|(kind, told)| Change {
                    vendor: now.vendor,
                    id: now.id,
                    kind,
                    told,
                })
            })
            .collect();
        changes.sort_by_key(|change| change.kind);
        changes
    }
}

fn changes(past: &Past, now: &Verdict) -> Vec<(ChangeKind, String)> {
    let vendor = now.vendor.title();
    match (standing(past.outcome), standing(now.outcome)) {
        (Standing::Judged, Standing::Judged) => {}
        (Standing::Judged, Standing::Skipped) => {
            let told = format!("{vendor} is no longer asked for {}: {}", now.id, now.detail);
            return vec![(of_skip(&now.detail), told)];
        }
        (Standing::Skipped, Standing::Judged) => {
            let told = format!(
                "{vendor} is now asked for {} ({}), which was skipped: {}",
                now.id,
                now.outcome.name(),
                past.detail
            );
            return vec![(of_skip(&past.detail), told)];
        }
        (Standing::Failed, Standing::Failed) | (Standing::Skipped, Standing::Skipped) => return Vec::new(),
        (_, Standing::Failed) => {
            let told = format!("{vendor} could not be asked for {}: {}", now.id, now.detail);
            return vec![(ChangeKind::Note, told)];
        }
        (Standing::Failed, _) => {
            let told = format!("{vendor} could not be asked for {} in the earlier run", now.id);
            return vec![(ChangeKind::Note, told)];
        }
    }
    let (before, after) = (
        by_look(past.looks.iter().map(|look| (&*look.expected, &*look.observed))),
        by_look(now.looks.iter().map(|look| (&*look.expected, &*look.observed))),
    );
    let mut told: Vec<(ChangeKind, String)> = Vec::new();
    for (look, seen) in &after {
        let Some(earlier) = before.get(look) else {
            continue;
        };
        for new in seen.difference(earlier) {
            told.push((ChangeKind::Drift, sentence(vendor, look, new, earlier)));
        }
    }
    let differs = same_measure(past.outcome) != same_measure(now.outcome);
    if told.is_empty() && differs {
        // What is seen for the first time has nothing to be compared with but the verdict itself. Where nothing is wrong
        // with it, and all else is as it was, it may be chance: a connection that was kept this time, say.
        let is_wrong = [past.outcome, now.outcome]
            .map(same_measure)
            .contains(&Outcome::Fail);
        let is_comparable = after.keys().any(|look| before.contains_key(look));
        let kind = if past.observed != now.observed && (is_wrong || !is_comparable) {
            ChangeKind::Drift
        } else {
            ChangeKind::Note
        };
        told.push((
            kind,
            format!(
                "{vendor} comes to {} in {}, where it was {}: {}",
                now.outcome.name(),
                now.id,
                past.outcome.name(),
                now.observed
            ),
        ));
    }
    told
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Judged,
    Skipped,
    Failed,
}

fn standing(outcome: Outcome) -> Standing {
    match outcome {
        Outcome::Skip => Standing::Skipped,
        Outcome::Error => Standing::Failed,
        Outcome::Pass | Outcome::Observed | Outcome::Warn | Outcome::Expected | Outcome::Fail => {
            Standing::Judged
        }
    }
}

/// What `--strict` and `--expect` make of an outcome is no change of the vendor's.
fn same_measure(outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::Warn | Outcome::Expected => Outcome::Fail,
        other => other,
    }
}

/// A skip that the caller can lift says nothing of the vendor.
fn of_skip(reason: &str) -> ChangeKind {
    if reason.contains("KEYWAY_") || reason.contains("--") {
        ChangeKind::Note
    } else {
        ChangeKind::Drift
    }
}

/// What was seen, by what was looked at. What the look was to show is left out where it follows a colon: it is the
/// measure, and not what is measured.
fn by_look<'a>(looks: impl Iterator<Item = (&'a str, &'a str)>) -> BTreeMap<String, BTreeSet<&'a str>> {
    let mut by_look: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (expected, observed) in looks {
        let what = expected.split_once(": ").map_or(expected, |(what, _)| what);
        let what = if expected.contains(": ") {
            format!("{}:", masked(what))
        } else {
            masked(what)
        };
        by_look.entry(what).or_default().insert(observed);
    }
    by_look
}

fn sentence(vendor: &str, look: &str, new: &str, earlier: &BTreeSet<&str>) -> String {
    let answer = |text: &str| {
        let (line, status) = text.rsplit_once(" answered ")?;
        Some((line.to_owned(), status.to_owned()))
    };
    let before = earlier.iter().copied().collect::<Vec<_>>().join(", ");
    let (Some(what), Some((line, status))) = (look.strip_suffix(':'), answer(new)) else {
        let look = look.trim_end_matches(':');
        return format!("{vendor}, “{look}”: now {new}, before {before}");
    };
    let same_line = earlier
        .iter()
        .filter_map(|text| answer(text))
        .find(|(other, _)| *other == line);
    let before = same_line.map_or(before, |(_, status)| status);
    format!(
        "{vendor} now answers {status} to {}, before {before} ({line})",
        with_article(what)
    )
}

/// `a second revoke`, `a request with a revoked key`.
fn with_article(what: &str) -> String {
    let first = what.split(' ').next().unwrap_or_default();
    match first {
        "a" | "an" | "the" => what.to_owned(),
        "with" | "without" | "by" | "after" | "in" | "from" | "of" | "on" => format!("a request {what}"),
        _ if first.starts_with(['a', 'e', 'i', 'o', 'u']) => format!("an {what}"),
        _ => format!("a {what}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::catalogue;
    use crate::report::Look;

    fn verdict(outcome: Outcome, detail: &str, looks: &[(&str, &str)]) -> Verdict {
        let observed = looks.iter().map(|(_, observed)| *observed).collect::<Vec<_>>();
        Verdict {
            observed: observed.join("; "),
            looks: looks
                .iter()
                .map(|(expected, observed)| Look {
                    outcome,
                    expected: (*expected).to_owned(),
                    seen: (*observed).to_owned(),
                    observed: (*observed).to_owned(),
                })
                .collect(),
            ..Verdict::without_findings(catalogue()[0], Vendor::Reten, outcome, detail)
        }
    }

    fn told(past: &Verdict, now: Verdict) -> Vec<(ChangeKind, String)> {
        let text = serde_json::json!({ "results": [past] }).to_string();
        let baseline: Baseline = text.parse().unwrap();
        let changes = baseline.changes(&[now]);
        changes
            .into_iter()
            .map(|change| (change.kind, change.told))
            .collect()
    }

    const REVOKE: &str = "POST /api/api-keys/{id}/revoke";

    #[test]
    fn another_answer_is_told_in_a_sentence() {
        use ChangeKind::Drift;
        let (was, is) = (format!("{REVOKE} answered 400"), format!("{REVOKE} answered 404"));
        let past = verdict(Outcome::Pass, "", &[("second revoke: 400", &was)]);
        let now = verdict(Outcome::Fail, "", &[("second revoke: 400", &is)]);
        let sentence = format!("Reten now answers 404 to a second revoke, before 400 ({REVOKE})");
        assert_eq!(told(&past, now), [(Drift, sentence)]);
        let past = verdict(
            Outcome::Observed,
            "",
            &[("with a revoked key: refused", "GET /x answered 401")],
        );
        let now = verdict(
            Outcome::Observed,
            "",
            &[("with a revoked key: refused", "GET /x answered 403")],
        );
        assert_eq!(
            told(&past, now),
            [(
                Drift,
                "Reten now answers 403 to a request with a revoked key, before 401 (GET /x)".to_owned()
            )]
        );
        let past = verdict(
            Outcome::Pass,
            "",
            &[("the key stands there once", "in the member key")],
        );
        let now = verdict(
            Outcome::Pass,
            "",
            &[("the key stands there once", "in the member secret")],
        );
        assert_eq!(
            told(&past, now),
            [(
                Drift,
                "Reten, “the key stands there once”: now in the member secret, before in the member key"
                    .to_owned()
            )]
        );
    }

    #[test]
    fn what_is_as_it_was_is_not_told() {
        let looks = [
            ("the key keyway-0a1b-3 works", "GET /x answered 200"),
            ("second revoke: 400", "POST /y answered 400"),
        ];
        let past = verdict(Outcome::Pass, "first", &looks);
        let again = [
            ("the key keyway-77ff-9 works", "GET /x answered 200"),
            ("second revoke: 404", "POST /y answered 400"),
        ];
        assert_eq!(told(&past, verdict(Outcome::Pass, "second", &again)), []);
        let skipped = verdict(Outcome::Skip, "not there", &[]);
        assert_eq!(told(&skipped, verdict(Outcome::Skip, "there not", &[])), []);
    }

    #[test]
    fn what_the_caller_left_out_is_a_note_and_what_the_vendor_left_out_is_drift() {
        let judged = verdict(Outcome::Pass, "", &[("x", "y")]);
        for (reason, kind) in [
            ("KEYWAY_OTHER_CREDENTIAL is not set", ChangeKind::Note),
            ("the case waits; --allow wait permits it", ChangeKind::Note),
            ("the target makes no key that may manage keys", ChangeKind::Drift),
        ] {
            let skipped = verdict(Outcome::Skip, reason, &[]);
            assert_eq!(told(&judged, skipped.clone())[0].0, kind, "{reason}");
            assert_eq!(told(&skipped, judged.clone())[0].0, kind, "{reason}");
        }
        let failed = verdict(Outcome::Error, "no connection", &[]);
        assert_eq!(told(&judged, failed.clone())[0].0, ChangeKind::Note);
        assert_eq!(told(&failed, judged)[0].0, ChangeKind::Note);
    }

    #[test]
    fn another_measure_is_no_drift_and_a_new_finding_is() {
        let past = verdict(Outcome::Warn, "", &[("x", "y")]);
        assert_eq!(told(&past, verdict(Outcome::Fail, "", &[("x", "y")])), []);
        let past = verdict(Outcome::Pass, "", &[("x", "y")]);
        let now = verdict(Outcome::Fail, "", &[("x", "y")]);
        assert_eq!(told(&past, now)[0].0, ChangeKind::Note);
        for now in [
            verdict(Outcome::Fail, "", &[("another", "z")]),
            verdict(Outcome::Warn, "", &[("x", "y"), ("another", "z")]),
            verdict(Outcome::Observed, "", &[("another", "z")]),
        ] {
            assert_eq!(told(&past, now)[0].0, ChangeKind::Drift);
        }
        let by_chance = verdict(Outcome::Observed, "", &[("x", "y"), ("another", "z")]);
        assert_eq!(told(&past, by_chance)[0].0, ChangeKind::Note);
    }

    #[test]
    fn what_is_no_report_is_refused_in_one_line() {
        for text in ["", "{}", "[]", r#"{"results": [{}]}"#, "not\njson"] {
            let error = text.parse::<Baseline>().unwrap_err().to_string();
            assert_eq!(error.lines().count(), 1, "{error}");
        }
    }
}
