//! The judgement itself: a status, a statement, a finding. Pure, so that every combination can be tested.

use crate::case::{Basis, Fallback, Outcome, ground};
use crate::profile::Statement;

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) outcome: Outcome,
    pub(crate) basis: Basis,
    pub(crate) source: String,
    pub(crate) expected: String,
    pub(crate) seen: String,
    /// The place in the transcript of the answer it was seen in, or of the last one before.
    pub(crate) exchange: Option<usize>,
    /// Numbers that differ from run to run.
    pub(crate) measured: Option<String>,
}

/// By what is judged: what the vendor says, and what holds if it says nothing.
#[derive(Clone, Copy)]
pub(crate) struct Measure<'a> {
    pub(crate) statement: &'a Statement,
    pub(crate) fallback: Fallback,
}

impl Measure<'_> {
    fn finding(&self, outcome: Outcome, expected: impl Into<String>, status: u16) -> Finding {
        let (basis, source) = ground(self.statement, self.fallback);
        Finding {
            outcome,
            basis,
            source,
            expected: expected.into(),
            seen: format!("answered {status}"),
            exchange: None,
            measured: None,
        }
    }
}

/// A 4xx refuses. 408 and 429 are about the moment, not about the request; a 5xx is no answer to it at all.
pub(crate) fn is_refusal(status: u16) -> bool {
    (400..500).contains(&status) && status != 408 && status != 429
}

/// Judges an answer that has to be a refusal.
pub(crate) fn refusal(measure: Measure<'_>, status: u16) -> Finding {
    if !is_refusal(status) {
        let outcome = match (measure.statement, measure.fallback) {
            // Silence permits any status, but nobody means an error of the server by it.
            (Statement::Silent { .. }, Fallback::Observe | Fallback::Practice(_)) if status >= 500 => {
                Outcome::Warn
            }
            _ if status >= 500 => Outcome::Fail,
            (Statement::Silent { .. }, Fallback::Observe) => Outcome::Observed,
            (Statement::Silent { .. }, Fallback::Practice(_)) => Outcome::Warn,
            _ => Outcome::Fail,
        };
        return measure.finding(outcome, demanded_refusal(measure.statement), status);
    }
    let outcome = match measure.statement {
        Statement::Status {
            status: documented, ..
        } if *documented != status => Outcome::Fail,
        Statement::Conflict { readings, .. } if !readings.iter().any(|(one, _)| *one == status) => {
            Outcome::Fail
        }
        Statement::Silent { usual, .. } if !usual.is_empty() && !usual.contains(&status) => Outcome::Observed,
        Statement::Silent { .. } if matches!(measure.fallback, Fallback::Observe) => Outcome::Observed,
        _ => Outcome::Pass,
    };
    measure.finding(outcome, demanded_refusal(measure.statement), status)
}

/// Judges an answer that may be anything which the vendor documents, a success or not.
pub(crate) fn reply(measure: Measure<'_>, status: u16) -> Finding {
    let (outcome, expected) = match measure.statement {
        Statement::Status {
            status: documented, ..
        } => (held(*documented == status), documented.to_string()),
        Statement::Conflict { readings, .. } => (
            held(readings.iter().any(|(one, _)| *one == status)),
            any_of(readings.iter().map(|(one, _)| *one)),
        ),
        Statement::Stated { .. } => (held((200..300).contains(&status)), "a success".to_owned()),
        Statement::Silent { .. } | Statement::Absent { .. } if status >= 500 => {
            (Outcome::Warn, "any answer but an error of the server".to_owned())
        }
        Statement::Silent { .. } | Statement::Absent { .. } => {
            (Outcome::Observed, "nothing in particular".to_owned())
        }
    };
    measure.finding(outcome, expected, status)
}

fn held(as_documented: bool) -> Outcome {
    if as_documented {
        Outcome::Pass
    } else {
        Outcome::Fail
    }
}

fn demanded_refusal(statement: &Statement) -> String {
    match statement {
        Statement::Status { status, .. } => format!("refused with {status}"),
        Statement::Conflict { readings, .. } => {
            format!("refused with {}", any_of(readings.iter().map(|(one, _)| *one)))
        }
        Statement::Silent { usual, .. } if !usual.is_empty() => {
            format!("refused, most likely with {}", any_of(usual.iter().copied()))
        }
        _ => "refused (any 4xx but 408 and 429)".to_owned(),
    }
}

fn any_of(statuses: impl Iterator<Item = u16>) -> String {
    statuses
        .map(|status| status.to_string())
        .collect::<Vec<_>>()
        .join(" or ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::{Cite, Form, Open};

    const MUST: Fallback = Fallback::Must("RFC 9110");
    const PRACTICE: Fallback = Fallback::Practice("catalogue");

    fn cite() -> Cite {
        Cite {
            source: "https://example".to_owned(),
            read: "2026-11-21".to_owned(),
        }
    }

    fn documented(status: u16) -> Statement {
        Statement::Status {
            status,
            form: Form::Free,
            cite: cite(),
        }
    }

    fn silent(usual: &[u16]) -> Statement {
        Statement::Silent {
            open: Open::Assumption("x.y".to_owned()),
            usual: usual.to_vec(),
        }
    }

    fn conflict() -> Statement {
        Statement::Conflict {
            readings: vec![(401, cite()), (403, cite())],
            form: Form::Free,
        }
    }

    #[test]
    fn refusals_are_judged_by_what_is_documented_and_no_stricter() {
        use Outcome::{Fail, Observed, Pass, Warn};
        let stated = Statement::Stated {
            cite: cite(),
            shows: Vec::new(),
        };
        let table = [
            (documented(401), MUST, 401, Pass),
            (documented(401), MUST, 403, Fail),
            (documented(401), MUST, 200, Fail),
            (documented(401), MUST, 500, Fail),
            (documented(422), Fallback::Observe, 201, Fail),
            (conflict(), Fallback::Observe, 401, Pass),
            (conflict(), Fallback::Observe, 403, Pass),
            (conflict(), Fallback::Observe, 404, Fail),
            (conflict(), Fallback::Observe, 200, Fail),
            (stated.clone(), Fallback::Observe, 418, Pass),
            (stated.clone(), Fallback::Observe, 200, Fail),
            (stated.clone(), Fallback::Observe, 302, Fail),
            (stated, Fallback::Observe, 429, Fail),
            (silent(&[]), MUST, 404, Pass),
            (silent(&[]), MUST, 200, Fail),
            (silent(&[]), MUST, 503, Fail),
            (silent(&[]), MUST, 408, Fail),
            (silent(&[401, 403]), MUST, 403, Pass),
            (silent(&[401, 403]), MUST, 404, Observed),
            (silent(&[401, 403]), MUST, 204, Fail),
            (silent(&[]), PRACTICE, 400, Pass),
            (silent(&[]), PRACTICE, 201, Warn),
            (silent(&[]), PRACTICE, 500, Warn),
            (silent(&[]), Fallback::Observe, 400, Observed),
            (silent(&[]), Fallback::Observe, 201, Observed),
            (silent(&[]), Fallback::Observe, 500, Warn),
        ];
        for (statement, fallback, status, expected) in table {
            let finding = refusal(
                Measure {
                    statement: &statement,
                    fallback,
                },
                status,
            );
            assert_eq!(finding.outcome, expected, "{statement:?} {fallback:?} {status}");
        }
    }

    #[test]
    fn replies_are_judged_where_documented_and_written_down_where_not() {
        use Outcome::{Fail, Observed, Pass, Warn};
        let table = [
            (documented(400), 400, Pass),
            (documented(400), 204, Fail),
            (documented(204), 200, Fail),
            (conflict(), 403, Pass),
            (conflict(), 200, Fail),
            (silent(&[]), 204, Observed),
            (silent(&[]), 404, Observed),
            (silent(&[200, 404]), 409, Observed),
            (silent(&[]), 500, Warn),
        ];
        for (statement, status, expected) in table {
            let finding = reply(
                Measure {
                    statement: &statement,
                    fallback: Fallback::Observe,
                },
                status,
            );
            assert_eq!(finding.outcome, expected, "{statement:?} {status}");
        }
    }
}
