//! A case: one demand on the life of a key, and how a target is asked whether it meets it.

use std::fmt;
use std::pin::Pin;

use keyway_openapi::Vendor;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::plan::Allowance;
use crate::profile::{Profile, Situation, Statement};
use crate::scene::Scene;
use crate::stop::Stop;

/// What became of a case, from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Not asked of this target; the detail says why.
    Skip,
    /// Met.
    Pass,
    /// The vendor says nothing here: what was seen is written down and not judged.
    Observed,
    /// A practice was not kept. Nobody promised it.
    Warn,
    /// It would be a failure, and the list of expected failures names it.
    Expected,
    /// The case could not be carried out; that is no judgement of the target.
    Error,
    /// A promise of the vendor, or a duty of a standard, was broken.
    Fail,
}

impl Outcome {
    /// All of them, in the order of a summary.
    pub const ALL: [Outcome; 7] = [
        Outcome::Pass,
        Outcome::Fail,
        Outcome::Warn,
        Outcome::Observed,
        Outcome::Skip,
        Outcome::Error,
        Outcome::Expected,
    ];

    /// The word in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Outcome::Skip => "skip",
            Outcome::Pass => "pass",
            Outcome::Observed => "observed",
            Outcome::Warn => "warn",
            Outcome::Expected => "expected",
            Outcome::Error => "error",
            Outcome::Fail => "fail",
        }
    }
}

/// On what ground a case is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// The vendor's documentation.
    Documented,
    /// A standard's MUST.
    Standard,
    /// Good practice, or a standard's SHOULD.
    Practice,
    /// Nothing: the vendor is silent.
    Silent,
}

impl Basis {
    /// The word in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Basis::Documented => "documented",
            Basis::Standard => "standard",
            Basis::Practice => "practice",
            Basis::Silent => "silent",
        }
    }
}

/// What a case falls back on where the vendor is silent.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fallback {
    /// Nothing: what is seen is written down.
    Observe,
    /// A duty by this standard.
    Must(&'static str),
    /// A practice by this authority.
    Practice(&'static str),
}

/// What a case cannot do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// A principal that may not do everything.
    Limited,
    /// A principal of another tenant.
    Other,
    /// On a live server, somebody's word that it may cost this.
    Allowed(Allowance),
}

pub(crate) type Running<'a> = Pin<Box<dyn Future<Output = Result<(), Stop>> + Send + 'a>>;
pub(crate) type Run = for<'a, 'b> fn(&'a mut Scene<'b>) -> Running<'a>;

/// One demand, named in words.
pub struct Case {
    pub(crate) id: &'static str,
    pub(crate) requirement: &'static str,
    pub(crate) codes: &'static [&'static str],
    pub(crate) situation: Situation,
    pub(crate) fallback: Fallback,
    pub(crate) needs: &'static [Need],
    pub(crate) run: Run,
}

/// Where a case stands with a vendor: by what it is judged there, or why it is not asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The case is asked.
    Asked {
        /// On what ground.
        basis: Basis,
        /// A page of the vendor, a section of a standard, or what is left open.
        source: String,
    },
    /// The vendor has nothing to ask for.
    NotAsked {
        /// Why.
        reason: String,
    },
}

impl Case {
    /// The name, as `--case` takes it.
    pub fn id(&self) -> &'static str {
        self.id
    }

    /// What is demanded, in one sentence.
    pub fn requirement(&self) -> &'static str {
        self.requirement
    }

    /// The properties of the catalogue that this case bears on.
    pub fn codes(&self) -> &'static [&'static str] {
        self.codes
    }

    /// What the case can be chosen by beside its id: its area, what it needs, and the properties of the catalogue.
    pub fn tags(&self) -> Vec<&'static str> {
        let area = self.id.split('/').next();
        let needs = self.needs.iter().map(|need| match need {
            Need::Limited => "limited",
            Need::Other => "other",
            Need::Allowed(allowance) => allowance.name(),
        });
        area.into_iter()
            .chain(needs)
            .chain(self.codes.iter().copied())
            .collect()
    }

    /// By what the case is judged on a vendor.
    pub fn standing(&self, vendor: Vendor) -> Standing {
        match Profile::of(vendor).statement(self.situation) {
            Statement::Absent { reason } => Standing::NotAsked {
                reason: reason.clone(),
            },
            statement => {
                let (basis, source) = ground(statement, self.fallback);
                Standing::Asked { basis, source }
            }
        }
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Case")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Basis and source of a judgement by a statement.
pub(crate) fn ground(statement: &Statement, fallback: Fallback) -> (Basis, String) {
    match (statement, fallback) {
        (Statement::Status { cite, .. } | Statement::Stated { cite, .. }, _) => {
            (Basis::Documented, format!("{} (read {})", cite.source, cite.read))
        }
        (Statement::Conflict { readings, .. }, _) => {
            let sources: Vec<String> = readings
                .iter()
                .map(|(status, cite)| format!("{status}: {} (read {})", cite.source, cite.read))
                .collect();
            (Basis::Documented, sources.join("; "))
        }
        (_, Fallback::Must(standard)) => (Basis::Standard, standard.to_owned()),
        (_, Fallback::Practice(authority)) => (Basis::Practice, authority.to_owned()),
        (Statement::Silent { open, .. }, Fallback::Observe) => {
            (Basis::Silent, format!("not documented: {open}"))
        }
        (Statement::Absent { reason }, Fallback::Observe) => (Basis::Silent, reason.clone()),
    }
}
