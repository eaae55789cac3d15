//! A run: the vendors side by side, the cases of each one after another, and the clean-up at the end.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use futures::future::join_all;
use jiff::Timestamp;
use keyway_openapi::Vendor;

use crate::case::{Case, Outcome, Standing};
use crate::cases::catalogue;
use crate::evidence::{Lines, decisive};
use crate::judge::Finding;
use crate::report::{Judged, Report, Verdict};
use crate::reproduce::{MADE_KEY, Variables, curl};
use crate::scene::Scene;
use crate::session::{NotSetUp, Session};
use crate::stop::Stop;
use crate::target::Target;
use crate::vault::Vault;
use crate::wire::{Interrupt, Sent, Wire};

/// Which cases are asked.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    pattern: Option<String>,
}

impl Selection {
    /// Every case.
    pub fn all() -> Self {
        Self::default()
    }

    /// The cases whose id fits a pattern, in which `*` stands for any characters.
    pub fn matching(pattern: impl Into<String>) -> Self {
        Self {
            pattern: Some(pattern.into()),
        }
    }

    /// Whether a case is asked.
    pub fn includes(&self, case: &Case) -> bool {
        self.pattern
            .as_deref()
            .is_none_or(|pattern| fits(pattern, case.id))
    }
}

/// Told of every case that is over: the vendor, how many of its cases are over, and how many there are.
pub type Progress<'a> = &'a (dyn Fn(Vendor, usize, usize) + Sync);

/// Asks the selected cases of every target, and revokes every key that was made for it.
pub async fn run(targets: &[Target], selection: &Selection) -> Report {
    run_with(targets, selection, &Interrupt::default(), &|_, _, _| {}).await
}

/// As [`run`], with a way to end it early and somebody to tell how far it is.
pub async fn run_with(
    targets: &[Target],
    selection: &Selection,
    interrupt: &Interrupt,
    progress: Progress<'_>,
) -> Report {
    let started = Timestamp::now();
    let vault = Vault::default();
    let run_id = run_id();
    let cases: Vec<&'static Case> = catalogue()
        .iter()
        .copied()
        .filter(|case| selection.includes(case))
        .collect();
    let sides = targets
        .iter()
        .map(|target| side(target, &cases, &run_id, interrupt, &vault, progress));
    let sides = join_all(sides).await;
    Report::of(sides, vault, interrupt.is_raised(), started)
}

/// What came of one vendor.
pub(crate) struct Side {
    pub(crate) judged: Judged,
    pub(crate) verdicts: Vec<Verdict>,
    pub(crate) not_set_up: Option<String>,
    pub(crate) made: usize,
    /// Names of keys that could not be revoked.
    pub(crate) left: Vec<String>,
}

async fn side(
    target: &Target,
    cases: &[&'static Case],
    run_id: &str,
    interrupt: &Interrupt,
    vault: &Vault,
    progress: Progress<'_>,
) -> Side {
    let vendor = target.vendor;
    let judged = Judged {
        vendor,
        base_url: target.base_url.clone(),
        embedded: target.clock().is_some(),
    };
    let nothing = |reason: String| Side {
        judged: judged.clone(),
        verdicts: cases
            .iter()
            .map(|case| case_unasked(case, vendor, &reason))
            .collect(),
        // The target's words, and its address, may be in the reason.
        not_set_up: Some(vault.redact(&reason)),
        made: 0,
        left: Vec::new(),
    };
    let asked = cases
        .iter()
        .any(|case| matches!(case.standing(vendor), Standing::Asked { .. }));
    let wire = match Wire::new(interrupt.clone()) {
        Ok(wire) => wire,
        Err(stop) => return nothing(stop.reason().to_owned()),
    };
    let mut session = Session::new(target.clone(), run_id, wire, vault.clone());
    if asked && let Err(NotSetUp(reason)) = session.set_up().await {
        let left = session.sweep().await;
        return Side {
            made: session.made(),
            left,
            ..nothing(reason)
        };
    }
    let mut verdicts = Vec::new();
    for case in cases {
        verdicts.push(ask(&mut session, case).await);
        session.tidy().await;
        progress(vendor, verdicts.len(), cases.len());
    }
    let left = session.sweep().await;
    Side {
        judged,
        verdicts,
        not_set_up: None,
        made: session.made(),
        left,
    }
}

async fn ask(session: &mut Session, case: &'static Case) -> Verdict {
    let vendor = session.target.vendor;
    if let Standing::NotAsked { reason } = case.standing(vendor) {
        return unasked(case, vendor, &Stop::Skip(reason));
    }
    if let Some(stop) = case.needs.iter().find_map(|need| session.demand(*need).err()) {
        return unasked(case, vendor, &stop);
    }
    let (begun, first) = (Instant::now(), session.wire.requests());
    let mut scene = Scene::new(session, case);
    let ended = (case.run)(&mut scene).await;
    let findings = std::mem::take(&mut scene.findings);
    let sent = session.wire.sent_since(first);
    // What was broken before the case came to a halt is broken.
    let stop = ended
        .err()
        .filter(|_| !findings.iter().any(|finding| finding.outcome == Outcome::Fail));
    let verdict = match stop {
        Some(stop) => unasked(case, vendor, &stop),
        None if findings.is_empty() => {
            unasked(case, vendor, &Stop::Error("nothing was looked at".to_owned()))
        }
        None => Verdict::of(case, vendor, &findings, &Lines::of(vendor, &sent)),
    };
    Verdict {
        curl: again(session, verdict.outcome, &findings, &sent),
        milliseconds: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        ..verdict
    }
}

/// The request to send once more by hand, where something is wrong.
fn again(session: &Session, outcome: Outcome, findings: &[Finding], sent: &[Arc<Sent>]) -> Option<String> {
    let request = match outcome {
        Outcome::Skip | Outcome::Pass => None,
        // What could not be carried out came to a halt at the last request.
        Outcome::Error => sent.last().map(Arc::as_ref),
        _ => findings
            .iter()
            .find(|finding| finding.outcome == outcome)
            .and_then(|finding| decisive(finding, sent)),
    }?;
    let target = &session.target;
    let credentials = [
        (Some(&target.admin), "KEYWAY_CREDENTIAL"),
        (target.limited.as_ref(), "KEYWAY_LIMITED_CREDENTIAL"),
        (target.other.as_ref(), "KEYWAY_OTHER_CREDENTIAL"),
    ];
    let given = credentials
        .into_iter()
        .filter_map(|(credential, name)| Some((credential?.expose().to_owned(), name)));
    let made = session
        .minted
        .iter()
        .map(|(secret, _)| (secret.clone(), MADE_KEY));
    Some(curl(request, &Variables::new(given.chain(made))))
}

/// The verdict on a case of a vendor that could not be judged.
fn case_unasked(case: &'static Case, vendor: Vendor, reason: &str) -> Verdict {
    match case.standing(vendor) {
        Standing::NotAsked { reason } => unasked(case, vendor, &Stop::Skip(reason)),
        Standing::Asked { .. } => unasked(case, vendor, &Stop::error(reason)),
    }
}

fn unasked(case: &'static Case, vendor: Vendor, stop: &Stop) -> Verdict {
    let outcome = match stop {
        Stop::Skip(_) => Outcome::Skip,
        Stop::Error(_) | Stop::NotDone(_) | Stop::Unreachable(_) | Stop::Interrupted => Outcome::Error,
    };
    Verdict::without_findings(case, vendor, outcome, stop.reason())
}

/// Tells the keys of one run from those of all others.
fn run_id() -> String {
    let mut random = [0_u8; 8];
    // Without randomness the time still tells runs apart.
    if getrandom::fill(&mut random).is_err() {
        let nanoseconds = jiff::Timestamp::now().as_nanosecond().to_le_bytes();
        random.copy_from_slice(&nanoseconds[..8]);
    }
    random.iter().map(|byte| format!("{byte:02x}")).collect()
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

impl fmt::Debug for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Side")
            .field("vendor", &self.judged.vendor)
            .field("made", &self.made)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
