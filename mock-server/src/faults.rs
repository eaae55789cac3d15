//! Faults on request: which calls they hit, and what they do. Deterministic to the last draw.
//!
//! A rule counts the calls that match it, in the order in which they arrive, and decides by that count and by
//! its own seed. The same calls in the same order meet the same faults.

use std::time::Duration;

use keyway_openapi::Vendor;
use parking_lot::Mutex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::nearest::nearest;

/// One fault, and the calls it hits.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// The vendor; all if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("enum" = vendors_or_none()))]
    pub vendor: Option<Vendor>,
    /// The operation's id, `revokeApiKey` for example; all if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// Which of the matching calls.
    #[serde(default)]
    pub when: When,
    /// What happens to them.
    pub effect: Effect,
}

fn vendors_or_none() -> Vec<Option<&'static str>> {
    let named = Vendor::ALL.map(|vendor| Some(vendor.name()));
    named.into_iter().chain([None]).collect()
}

/// Which of the calls that match a rule are hit.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum When {
    /// Every one.
    #[default]
    Always,
    /// The nth, counted from 1, and no other.
    Nth(u64),
    /// The first so many.
    First(u64),
    /// Every nth: the nth, the 2nth, …
    Every(u64),
    /// Each with this probability, drawn from the seed and the call's number.
    Chance {
        /// Between 0 and 1.
        probability: f64,
        /// Two rules with the same seed hit the same numbers.
        #[serde(default)]
        seed: u64,
    },
}

/// What happens to a call that is hit.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Effect {
    /// The answer is held back so many milliseconds.
    Latency {
        /// Milliseconds.
        ms: u64,
    },
    /// The answer is held back between so many milliseconds.
    LatencyRange {
        /// Milliseconds, at least.
        min_ms: u64,
        /// Milliseconds, at most.
        max_ms: u64,
        /// Where the draws come from.
        #[serde(default)]
        seed: u64,
    },
    /// The call is not performed; the answer has this status, in the vendor's own error form.
    Status(u16),
    /// The call is not performed; 429 in the vendor's own form with `Retry-After`.
    RateLimit {
        /// What `Retry-After` says.
        retry_after_s: u64,
    },
    /// The call is not performed; 503 with a page of HTML, as gateways answer.
    #[serde(rename = "html-503")]
    Html503,
    /// The call is performed; its answer's body trickles.
    SlowBody {
        /// How many bytes are sent each second.
        bytes_per_s: u64,
    },
    /// The call is performed; its answer's body breaks off and the connection with it.
    TruncateBody {
        /// How many bytes of the body are sent.
        keep: usize,
    },
    /// The connection is reset before the request is read; nothing is performed.
    ResetBefore,
    /// The call is performed, its effect is kept, and the connection is reset instead of answered.
    ResetAfterCommit,
    /// The call is performed; its answer's JSON is cut so that it does not parse.
    MalformedJson,
    /// The call is performed; every string of its answer's JSON that is one of an enum's values becomes an unknown one.
    UnknownEnum,
    /// The call is performed; every object in its answer's JSON gets a member that nobody has heard of.
    ExtraField,
}

/// Why a fault cannot be taken.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FaultError {
    /// No operation of that vendor, or of any, has this id.
    #[error("no operation is called so; {cure}")]
    Operation {
        /// The id asked for. It is not repeated: it may be something else in the wrong place.
        operation: String,
        /// The id that was meant, or else those that there are.
        cure: String,
    },
    /// A number out of range.
    #[error("{what} must be {range}")]
    Range {
        /// Which number.
        what: &'static str,
        /// What it may be.
        range: &'static str,
    },
}

impl Fault {
    /// A fault that hits every call.
    #[must_use]
    pub fn new(effect: Effect) -> Self {
        Self {
            vendor: None,
            operation: None,
            when: When::Always,
            effect,
        }
    }

    /// Hits calls to this vendor only.
    #[must_use]
    pub fn vendor(self, vendor: Vendor) -> Self {
        Self {
            vendor: Some(vendor),
            ..self
        }
    }

    /// Hits calls of this operation only.
    #[must_use]
    pub fn operation(self, id: impl Into<String>) -> Self {
        Self {
            operation: Some(id.into()),
            ..self
        }
    }

    /// Hits some of the matching calls only.
    #[must_use]
    pub fn when(self, when: When) -> Self {
        Self { when, ..self }
    }

    /// Whether the fault says what can be done.
    ///
    /// # Errors
    /// If there is no such operation or a number is out of range; the message names the cure.
    pub fn check(&self) -> Result<(), FaultError> {
        self.check_operation()?;
        let range = |what, range| Err(FaultError::Range { what, range });
        match self.when {
            When::Nth(0) | When::First(0) | When::Every(0) => {
                return range("the call's number", "at least 1");
            }
            When::Chance { probability, .. } if !(0.0..=1.0).contains(&probability) => {
                return range("probability", "between 0 and 1");
            }
            _ => {}
        }
        match self.effect {
            Effect::Status(status) if !(400..=599).contains(&status) => {
                range("status", "an error, between 400 and 599")
            }
            Effect::LatencyRange { min_ms, max_ms, .. } if min_ms > max_ms => {
                range("min_ms", "at most max_ms")
            }
            Effect::SlowBody { bytes_per_s } if !(1..=1_000_000_000).contains(&bytes_per_s) => {
                range("bytes_per_s", "between 1 and 1000000000")
            }
            Effect::Latency { ms } | Effect::LatencyRange { max_ms: ms, .. } if ms > 600_000 => {
                range("latency", "at most 600000 ms")
            }
            _ => Ok(()),
        }
    }

    fn check_operation(&self) -> Result<(), FaultError> {
        match &self.operation {
            Some(operation) => check_operation(self.vendor, operation),
            None => Ok(()),
        }
    }

    fn matches(&self, vendor: Vendor, operation: Option<&str>) -> bool {
        self.vendor.is_none_or(|asked| asked == vendor)
            && self
                .operation
                .as_deref()
                .is_none_or(|asked| Some(asked) == operation)
    }
}

/// Whether an operation of a vendor, or of any, has this id.
pub(crate) fn check_operation(vendor: Option<Vendor>, operation: &str) -> Result<(), FaultError> {
    let vendors = vendor.map_or(Vendor::ALL.to_vec(), |vendor| vec![vendor]);
    let mut known: Vec<_> = vendors
        .into_iter()
        .flat_map(|vendor| vendor.contract().operations().iter().map(|known| known.id()))
        .collect();
    if known.contains(&operation) {
        return Ok(());
    }
    known.sort_unstable();
    known.dedup();
    Err(FaultError::Operation {
        operation: operation.to_owned(),
        cure: match nearest(operation, known.iter().copied()) {
            Some(meant) => format!("did you mean {meant}?"),
            None => format!("there are {}", known.join(", ")),
        },
    })
}

impl Meeting {
    /// What was met, for the journal.
    pub(crate) fn name(self) -> Option<String> {
        let effect = self.effect.map(|effect| effect.name());
        effect
            .or_else(|| (!self.delay.is_zero()).then(|| format!("latency of {} ms", self.delay.as_millis())))
    }
}

impl Effect {
    /// As it is written in JSON.
    pub(crate) fn name(&self) -> String {
        serde_json::to_string(self)
            .unwrap_or_default()
            .trim_matches('"')
            .to_owned()
    }
}

impl When {
    /// Whether the call of this number, counted from 1, is hit.
    fn hits(self, number: u64) -> bool {
        match self {
            Self::Always => true,
            Self::Nth(nth) => number == nth,
            Self::First(count) => number <= count,
            Self::Every(nth) => nth != 0 && number.is_multiple_of(nth),
            Self::Chance { probability, seed } => draw(seed, number) < probability,
        }
    }
}

/// A number in 0..1 that depends on nothing but seed and number.
fn draw(seed: u64, number: u64) -> f64 {
    let mut hash = Sha256::new();
    hash.update(seed.to_be_bytes());
    hash.update(number.to_be_bytes());
    let digest = hash.finalize();
    let bits = u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]);
    f64::from(bits) / (f64::from(u32::MAX) + 1.0)
}

/// The faults in force.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    rules: Mutex<Vec<(Fault, u64)>>,
}

/// What a call meets.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Meeting {
    /// How long the answer is held back.
    pub(crate) delay: Duration,
    /// What else happens: the first rule that says so decides.
    pub(crate) effect: Option<Effect>,
}

impl Faults {
    pub(crate) fn add(&self, fault: Fault) -> Result<(), FaultError> {
        fault.check()?;
        self.rules.lock().push((fault, 0));
        Ok(())
    }

    pub(crate) fn list(&self) -> Vec<Fault> {
        self.rules.lock().iter().map(|(fault, _)| fault.clone()).collect()
    }

    pub(crate) fn clear(&self) {
        self.rules.lock().clear();
    }

    /// Counts a call and says what it meets. Latencies add up.
    pub(crate) fn meet(&self, vendor: Vendor, operation: Option<&str>) -> Meeting {
        let mut meeting = Meeting::default();
        for (fault, count) in self.rules.lock().iter_mut() {
            if !fault.matches(vendor, operation) {
                continue;
            }
            *count += 1;
            if !fault.when.hits(*count) {
                continue;
            }
            match fault.effect {
                Effect::Latency { ms } => meeting.delay += Duration::from_millis(ms),
                Effect::LatencyRange { min_ms, max_ms, seed } => {
                    meeting.delay += between(min_ms, max_ms, draw(seed, *count));
                }
                effect => meeting.effect = meeting.effect.or(Some(effect)),
            }
        }
        meeting
    }
}

fn between(min_ms: u64, max_ms: u64, share: f64) -> Duration {
    let min = Duration::from_millis(min_ms);
    min + Duration::from_millis(max_ms.saturating_sub(min_ms)).mul_f64(share)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(when: When, calls: u64) -> Vec<u64> {
        let faults = Faults::default();
        faults.add(Fault::new(Effect::Html503).when(when)).unwrap();
        (1..=calls)
            .filter(|_| faults.meet(Vendor::Reten, Some("login")).effect.is_some())
            .collect()
    }

    #[test]
    fn rules_hit_the_calls_they_name() {
        assert_eq!(hits(When::Always, 3), [1, 2, 3]);
        assert_eq!(hits(When::Nth(2), 5), [2]);
        assert_eq!(hits(When::First(2), 5), [1, 2]);
        assert_eq!(hits(When::Every(3), 7), [3, 6]);
    }

    #[test]
    fn chance_is_the_same_in_every_run_and_about_as_often_as_asked() {
        let quarter = When::Chance {
            probability: 0.25,
            seed: 7,
        };
        let first = hits(quarter, 1000);
        assert_eq!(first, hits(quarter, 1000));
        assert!((200..300).contains(&first.len()), "{}", first.len());
        assert_ne!(
            first,
            hits(
                When::Chance {
                    probability: 0.25,
                    seed: 8
                },
                1000
            )
        );
    }

    #[test]
    fn only_the_named_vendor_and_operation_are_hit_and_counted() {
        let faults = Faults::default();
        let rule = Fault::new(Effect::ResetBefore)
            .vendor(Vendor::Dolfin)
            .operation("revokeApiKey")
            .when(When::Nth(1));
        faults.add(rule).unwrap();
        assert_eq!(
            faults.meet(Vendor::Reten, Some("revokeApiKey")),
            Meeting::default()
        );
        assert_eq!(
            faults.meet(Vendor::Dolfin, Some("createApiKey")),
            Meeting::default()
        );
        assert_eq!(faults.meet(Vendor::Dolfin, None), Meeting::default());
        let met = faults.meet(Vendor::Dolfin, Some("revokeApiKey"));
        assert_eq!(met.effect, Some(Effect::ResetBefore));
    }

    #[test]
    fn latencies_add_up_and_ranges_stay_within() {
        let faults = Faults::default();
        faults.add(Fault::new(Effect::Latency { ms: 100 })).unwrap();
        faults
            .add(Fault::new(Effect::LatencyRange {
                min_ms: 10,
                max_ms: 20,
                seed: 1,
            }))
            .unwrap();
        for _ in 0..100 {
            let delay = faults.meet(Vendor::B3os, None).delay.as_millis();
            assert!((110..=120).contains(&delay), "{delay}");
        }
    }

    #[test]
    fn impossible_faults_are_refused_with_what_is_possible() {
        let refused = |fault: Fault| Faults::default().add(fault).unwrap_err().to_string();
        let unknown = Fault::new(Effect::Html503)
            .vendor(Vendor::Dolfin)
            .operation("revokeKey");
        assert!(refused(unknown).contains("revokeApiKey"));
        assert!(refused(Fault::new(Effect::Status(200))).contains("between 400 and 599"));
        for never in [When::Nth(0), When::First(0), When::Every(0)] {
            assert!(refused(Fault::new(Effect::Html503).when(never)).contains("at least 1"));
        }
        let often = When::Chance {
            probability: 1.5,
            seed: 0,
        };
        assert!(refused(Fault::new(Effect::Html503).when(often)).contains("between 0 and 1"));
    }

    #[test]
    fn a_fault_reads_as_it_is_written() {
        let text = r#"{"vendor":"reten","operation":"createApiKey","when":{"nth":2},"effect":{"rate-limit":{"retry_after_s":3}}}"#;
        let fault: Fault = serde_json::from_str(text).unwrap();
        assert_eq!(fault.when, When::Nth(2));
        assert_eq!(serde_json::to_string(&fault).unwrap(), text);
        assert!(serde_json::from_str::<Fault>(r#"{"effect":"reset-after-commit","often":true}"#).is_err());
    }
}
