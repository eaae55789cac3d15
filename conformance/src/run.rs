//! A run: the vendors side by side, the cases of each one after another, and the clean-up at the end.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures::future::join_all;
use jiff::Timestamp;
use keyway_openapi::{Route, Vendor};

use crate::case::{Case, Need, Outcome, Standing};
use crate::cases::{catalogue, is_about_the_run};
use crate::evidence::{Lines, decisive};
use crate::judge::Finding;
use crate::plan::{Allowance, Plan, Selection, Strictness};
use crate::report::{Judged, Report, Verdict};
use crate::reproduce::{MADE_KEY, Variables, curl};
use crate::scene::Scene;
use crate::session::{NotSetUp, Session};
use crate::stale::{self, Found, run_id};
use crate::stop::Stop;
use crate::subject::NewKey;
use crate::subjects;
use crate::target::Target;
use crate::vault::Vault;
use crate::wire::{Interrupt, Keys, Pooling, Request, Sent, Thrift, Wire};

/// Told of every case that is over: the vendor, how many of its cases are over, and how many there are.
pub type Progress<'a> = &'a (dyn Fn(Vendor, usize, usize) + Sync);

/// A server whose answers all take this long is a slow one.
const SLOW: Duration = Duration::from_millis(300);
/// So many cases are asked side by side then.
const LANES: usize = 6;

/// Asks the selected cases of every target, and revokes every key that was made for it.
pub async fn run(targets: &[Target], selection: &Selection) -> Report {
    let plan = Plan::from(selection.clone());
    run_with(targets, &plan, &Interrupt::default(), &|_, _, _| {}).await
}

/// As [`run`], by a plan, with a way to end it early and somebody to tell how far it is.
pub async fn run_with(
    targets: &[Target],
    plan: &Plan,
    interrupt: &Interrupt,
    progress: Progress<'_>,
) -> Report {
    let started = Timestamp::now();
    let vault = Vault::default();
    let run_id = run_id();
    let sides = targets.iter().enumerate().map(|(place, target)| {
        let share = plan.budget.map(|keys| share(keys, place, targets.len()));
        side(target, plan, share, &run_id, interrupt, &vault, progress)
    });
    let sides = join_all(sides).await;
    let report = Report::of(sides, vault, interrupt.is_raised(), started);
    match plan.strictness {
        Strictness::Lenient => report,
        Strictness::Strict => report.strictly(),
    }
}

/// A vendor's part of the keys that all of them may make together.
pub(crate) fn share(keys: usize, place: usize, vendors: usize) -> usize {
    keys / vendors + usize::from(place < keys % vendors)
}

/// What came of one vendor.
pub(crate) struct Side {
    pub(crate) judged: Judged,
    pub(crate) verdicts: Vec<Verdict>,
    pub(crate) not_set_up: Option<String>,
    pub(crate) made: usize,
    /// Names of keys that could not be revoked.
    pub(crate) left: Vec<String>,
    pub(crate) stale: Found,
    /// What was sent, in order.
    pub(crate) phases: Vec<Phase>,
    pub(crate) variables: Variables,
}

/// What belongs together of what was sent: a case with its clean-up, or what comes before and after all cases.
pub(crate) struct Phase {
    pub(crate) name: &'static str,
    pub(crate) sent: Vec<Arc<Sent>>,
}

pub(crate) async fn side(
    target: &Target,
    plan: &Plan,
    share: Option<usize>,
    run_id: &str,
    interrupt: &Interrupt,
    vault: &Vault,
    progress: Progress<'_>,
) -> Side {
    let vendor = target.vendor;
    let cases: Vec<&'static Case> = catalogue()
        .iter()
        .copied()
        .filter(|case| plan.selection.includes(case, vendor))
        .collect();
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
        stale: Found::default(),
        phases: Vec::new(),
        variables: Variables::new([]),
    };
    let asked = cases
        .iter()
        .any(|case| matches!(case.standing(vendor), Standing::Asked { .. }));
    let thrift = Thrift {
        spacing: plan.pace.map(|pace| pace.0).unwrap_or_default(),
        keys: share.map(|at_most| Keys {
            create: create_request(vendor),
            at_most,
            spent: AtomicUsize::new(0),
        }),
    };
    // The mock inside closes no connection of its own accord, and a new one for each request would be half of the cost.
    let pooling = if target.clock().is_some() {
        Pooling::Kept
    } else {
        Pooling::None
    };
    let wire = Wire::new(interrupt.clone(), thrift, pooling);
    let mut session = Session::new(target.clone(), run_id, wire, vault.clone());
    if asked && let Err(NotSetUp(reason)) = session.set_up().await {
        let left = session.sweep().await;
        return Side {
            made: session.made(),
            left,
            ..nothing(reason)
        };
    }
    // The mock inside has no past.
    let stale = if asked && session.target.is_at_stake() {
        stale::look(&mut session, plan.stale).await
    } else {
        Found::default()
    };
    let mut phases = vec![Phase::since(&session, "set-up", 0)];
    let asked = Asked {
        plan,
        cases: &cases,
        done: AtomicUsize::new(0),
        progress,
    };
    let answered = match lanes(&session, plan, share) {
        1 => asked.one_after_another(&mut session, 0..cases.len()).await,
        lanes => asked.side_by_side(&mut session, lanes).await,
    };
    let (verdicts, of_cases): (Vec<Verdict>, Vec<Phase>) = answered.into_iter().unzip();
    phases.extend(of_cases);
    let first = session.wire.requests();
    let left = session.sweep().await;
    phases.push(Phase::since(&session, "clean-up", first));
    Side {
        judged,
        phases,
        variables: variables(&session),
        verdicts,
        not_set_up: None,
        made: session.made(),
        left,
        stale,
    }
}

impl Phase {
    fn since(session: &Session, name: &'static str, first: usize) -> Self {
        Self {
            name,
            sent: session.wire.sent_since(first),
        }
    }
}

/// The cases of a vendor, and who is told how far they are.
struct Asked<'a> {
    plan: &'a Plan,
    cases: &'a [&'static Case],
    done: AtomicUsize,
    progress: Progress<'a>,
}

impl Asked<'_> {
    async fn one_after_another(
        &self,
        session: &mut Session,
        places: impl Iterator<Item = usize>,
    ) -> Vec<(Verdict, Phase)> {
        let mut verdicts = Vec::new();
        for place in places {
            let (case, first) = (self.cases[place], session.wire.requests());
            let verdict = ask(session, self.plan, case).await;
            session.tidy().await;
            verdicts.push((verdict, Phase::since(session, case.id, first)));
            let done = self.done.fetch_add(1, Ordering::SeqCst) + 1;
            (self.progress)(session.target.vendor, done, self.cases.len());
        }
        verdicts
    }

    /// Each lane has keys and connections of its own. What is about the whole run comes last, when there is one lane again.
    async fn side_by_side(&self, session: &mut Session, lanes: usize) -> Vec<(Verdict, Phase)> {
        let (last, others): (Vec<usize>, Vec<usize>) =
            (0..self.cases.len()).partition(|place| is_about_the_run(self.cases[*place]));
        let mut beside: Vec<Session> = (0..lanes).map(|lane| session.beside(lane)).collect();
        let runs = beside.iter_mut().enumerate().map(|(lane, own)| {
            let places: Vec<usize> = others.iter().copied().skip(lane).step_by(lanes).collect();
            async move {
                let verdicts = self.one_after_another(own, places.iter().copied()).await;
                places.into_iter().zip(verdicts).collect::<Vec<_>>()
            }
        });
        let mut verdicts: Vec<(usize, (Verdict, Phase))> =
            join_all(runs).await.into_iter().flatten().collect();
        for own in beside {
            session.absorb(own);
        }
        let at_last = self.one_after_another(session, last.iter().copied()).await;
        verdicts.extend(last.into_iter().zip(at_last));
        verdicts.sort_by_key(|(place, _)| *place);
        verdicts.into_iter().map(|(_, verdict)| verdict).collect()
    }
}

/// A server that takes its time is asked several cases side by side. The mock's clock is turned by some, a pace is kept by one,
/// and a budget is spent by one.
fn lanes(session: &Session, plan: &Plan, share: Option<usize>) -> usize {
    let is_free = session.target.clock().is_none() && plan.pace.is_none() && share.is_none();
    if is_free && session.wire.is_slower_than(SLOW) {
        LANES
    } else {
        1
    }
}

async fn ask(session: &mut Session, plan: &Plan, case: &'static Case) -> Verdict {
    let vendor = session.target.vendor;
    if let Standing::NotAsked { reason } = case.standing(vendor) {
        return unasked(case, vendor, &Stop::Skip(reason));
    }
    let lacking = case.needs.iter().find_map(|need| match need {
        Need::Allowed(allowance) => forbidden(session, plan, *allowance),
        need => session.demand(*need).err(),
    });
    if let Some(stop) = lacking.or_else(|| used_up(session)) {
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
        operations: operations_of(vendor, &sent),
        curl: again(session, verdict.outcome, &findings, &sent),
        milliseconds: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        ..verdict
    }
}

/// The clock of the mock is turned, and its quotas are nobody's.
fn forbidden(session: &Session, plan: &Plan, allowance: Allowance) -> Option<Stop> {
    (session.target.is_at_stake() && !plan.allowed.contains(&allowance)).then(|| {
        let cost = match allowance {
            Allowance::Wait => "waits for the end of a key",
            Allowance::Quota => "uses up what the account may use only so often",
        };
        Stop::skip(format!(
            "the case {cost}; --allow {} permits it",
            allowance.name()
        ))
    })
}

/// Whether the keys that may be made are made. The generated clients make theirs past the wire, so the ledger counts too.
fn used_up(session: &Session) -> Option<Stop> {
    let keys = session.wire.thrift.keys.as_ref()?;
    keys.spent.fetch_max(session.made(), Ordering::SeqCst);
    keys.is_used_up().then(|| Stop::skip(keys.used_up()))
}

/// What a request that makes a key looks like.
pub(crate) fn create_request(vendor: Vendor) -> Request {
    subjects::of(vendor).create(&NewKey {
        name: String::new(),
        grants: Vec::new(),
        expiry: None,
    })
}

/// The operations of the vendor's document among some requests, with the statuses of their answers.
fn operations_of(vendor: Vendor, sent: &[Arc<Sent>]) -> BTreeMap<String, BTreeSet<u16>> {
    let mut operations: BTreeMap<String, BTreeSet<u16>> = BTreeMap::new();
    for one in sent {
        let path = one.request.path.split('?').next().unwrap_or_default();
        if let Route::Found { operation, .. } = vendor.contract().find(one.request.method, path) {
            let statuses = operations.entry(operation.id().to_owned()).or_default();
            statuses.extend(one.answer.get().map(|(_, status)| *status));
        }
    }
    operations
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
    Some(curl(request, &variables(session)))
}

/// The secrets of a run, and the variables that stand for them.
fn variables(session: &Session) -> Variables {
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
    Variables::new(given.chain(made))
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

impl fmt::Debug for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Side")
            .field("vendor", &self.judged.vendor)
            .field("made", &self.made)
            .finish_non_exhaustive()
    }
}
