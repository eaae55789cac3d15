//! The suite as one line of a test.

use std::future::{Future, IntoFuture};
use std::panic::Location;
use std::pin::Pin;

use keyway_openapi::Vendor;

use crate::case::Outcome;
use crate::expect::Expectations;
use crate::plan::{Allowance, Plan, Selection, Strictness};
use crate::report::{Exit, Report};
use crate::run::run_with;
use crate::target::Target;
use crate::wire::Interrupt;

/// Asks every case of a target, and panics with a list of what is wrong. No secret is in it.
///
/// ```
/// use keyway_conformance::{Target, Vendor, assert_conforms};
///
/// # #[tokio::main(flavor = "multi_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // In a test: #[tokio::test] async fn my_server_revokes_as_reten_does() { … }
/// let target = Target::embedded(Vendor::Reten).await?;
/// assert_conforms(Vendor::Reten, target).cases("revoke/*").await;
/// # Ok(()) }
/// ```
///
/// A server of one's own is a [`Target::from_environment`]. Awaited, it gives the [`Report`].
///
/// # Panics
///
/// When awaited: if a case fails or cannot be carried out, if nothing was judged, if keys are left behind, or if the target
/// is another vendor's.
#[track_caller]
pub fn assert_conforms(vendor: Vendor, target: Target) -> Conforms {
    Conforms {
        vendor,
        target,
        plan: Plan::default(),
        expected: Expectations::default(),
        caller: Location::caller(),
    }
}

/// What [`assert_conforms`] is about to do. Nothing happens before it is awaited.
#[derive(Debug)]
#[must_use = "nothing is asked before it is awaited"]
pub struct Conforms {
    vendor: Vendor,
    target: Target,
    plan: Plan,
    expected: Expectations,
    caller: &'static Location<'static>,
}

impl Conforms {
    /// Only the cases whose id fits this pattern, or one that was named before.
    pub fn cases(mut self, pattern: impl Into<String>) -> Self {
        self.plan.selection = self.plan.selection.or_matching(pattern);
        self
    }

    /// Only the cases of this selection.
    pub fn selecting(mut self, selection: Selection) -> Self {
        self.plan.selection = selection;
        self
    }

    /// A practice that was not kept is wrong too.
    pub fn strictly(mut self) -> Self {
        self.plan.strictness = Strictness::Strict;
        self
    }

    /// Cases may cost this on a live server.
    pub fn allowing(mut self, allowance: Allowance) -> Self {
        self.plan.allowed.insert(allowance);
        self
    }

    /// No more keys are made than this.
    pub fn with_budget(mut self, keys: usize) -> Self {
        self.plan.budget = Some(keys);
        self
    }

    /// These failures are known; one that is not there any more is wrong.
    pub fn expecting(mut self, expected: Expectations) -> Self {
        self.expected = expected;
        self
    }
}

impl IntoFuture for Conforms {
    type Output = Report;
    type IntoFuture = Pin<Box<dyn Future<Output = Report> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let caller = self.caller;
            assert!(
                self.target.vendor() == self.vendor,
                "{caller}: the target is one of {}, not of {}",
                self.target.vendor().title(),
                self.vendor.title()
            );
            let report = run_with(&[self.target], &self.plan, &Interrupt::default(), &|_, _, _| {}).await;
            let report = report.expecting(&self.expected, jiff::Zoned::now().date());
            if report.exit() != Exit::Clean {
                panic!("{caller}: {}", complaints(&report));
            }
            report
        })
    }
}

/// What is wrong, one thing a paragraph.
fn complaints(report: &Report) -> String {
    let judged = report
        .verdicts()
        .iter()
        .filter(|verdict| !matches!(verdict.outcome, Outcome::Skip | Outcome::Error))
        .count();
    let mut text = report.failures_in_words();
    if judged == 0 {
        text.push_str("\nnothing was judged\n");
    }
    text
}
