//! One suite for the life of an API key at every vendor: create, use, revoke, and the refusals in between.
//!
//! In a test it is one line, [`assert_conforms`].
//!
//! A [`Target`] is a vendor's server, or the mock inside this process. [`run`] asks every [`Case`] of the
//! [`catalogue`] of it and returns a [`Report`]. What a vendor documents is held against it; where a vendor is silent,
//! what was seen is written down and nothing is held against anybody.
//!
//! ```
//! use keyway_conformance::{Outcome, Selection, Target, run};
//! use keyway_openapi::Vendor;
//!
//! # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let target = Target::embedded(Vendor::Dolfin).await?;
//! let report = run(&[target], &Selection::matching("revoke/second-*")).await;
//!
//! assert_eq!(report.count(Outcome::Fail), 0);
//! # Ok(()) }
//! ```

mod baseline;
mod case;
mod cases;
mod clients;
mod conforms;
mod coverage;
mod credential;
mod evidence;
mod exchange;
mod expect;
mod judge;
mod kills;
mod ledger;
mod needles;
mod plan;
mod profile;
mod properties;
mod rehearsal;
mod report;
mod reproduce;
mod resolver;
mod run;
mod scene;
mod session;
mod stale;
mod stop;
mod subject;
mod subjects;
mod target;
mod vault;
mod wire;

pub use baseline::{Baseline, BaselineError, Change, ChangeKind};
pub use case::{Basis, Case, Outcome, Standing};
pub use cases::catalogue;
pub use conforms::{Conforms, assert_conforms};
pub use coverage::coverage;
pub use credential::Credential;
pub use expect::{ExpectError, Expectations, Listing, ListingState};
pub use kills::{KeptMatrix, KillMatrix, MatrixProgress, Row, kill_matrix};
pub use plan::{Allowance, NoPace, Pace, Plan, Selection, Stale, Strictness};
pub use profile::profile_schema;
pub use properties::{Level, Live, Property, properties};
pub use rehearsal::{Part, Planned, Rehearsal, Step, rehearse};
pub use report::{Colour, Exit, Format, Look, Rendered, Report, Screen, Verdict, schema as report_schema};
pub use run::{Progress, run, run_with};
pub use target::{ConfigError, PlainHttp, Target};
pub use wire::Interrupt;

/// Whose server is judged.
pub use keyway_openapi::Vendor;
