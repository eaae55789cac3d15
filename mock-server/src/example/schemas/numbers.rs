//! Numbers within bounds.

use serde_json::{Number, Value};

use super::Merged;

pub(super) fn integer(merged: &Merged, turn: usize) -> Option<Value> {
    let value = within(merged, turn, Kind::Whole)?;
    // Larger ones than these are no integers any more.
    (value.abs() < 9e15).then(|| Value::from(value as i64))
}

pub(super) fn number(merged: &Merged, turn: usize) -> Option<Value> {
    let value = within(merged, turn, Kind::Any)?;
    match value.fract() == 0.0 && value.abs() < 9e15 {
        true => Some(Value::from(value as i64)),
        false => Number::from_f64(value).map(Value::Number),
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Whole,
    Any,
}

/// The number that comes `turn` steps after the least, or before the greatest where there is no least.
fn within(merged: &Merged, turn: usize, kind: Kind) -> Option<f64> {
    let given = merged
        .get("multipleOf")
        .and_then(Value::as_f64)
        .filter(|step| *step > 0.0);
    let (least, greatest) = (
        bound(merged, "minimum", "exclusiveMinimum"),
        bound(merged, "maximum", "exclusiveMaximum"),
    );
    let step = match (given, kind) {
        (Some(step), _) => step,
        (None, Kind::Whole) => 1.0,
        (None, Kind::Any) => match (&least, &greatest) {
            (Some(least), Some(greatest)) => ((greatest.at - least.at) / 4.0).clamp(f64::MIN_POSITIVE, 1.0),
            _ => 1.0,
        },
    };
    let stepped = given.is_some() || kind == Kind::Whole;
    let further = turn as f64 * step;
    Some(match (least, greatest) {
        (Some(least), _) => {
            let first = if stepped {
                (least.at / step).ceil() * step
            } else {
                least.at
            };
            let is_beyond = least.is_exclusive && first <= least.at;
            first + if is_beyond { step } else { 0.0 } + further
        }
        (None, Some(greatest)) => {
            // One is the example of a number wherever it may be one.
            let wanted = greatest.at.min(step.max(1.0));
            let first = if stepped {
                (wanted / step).floor() * step
            } else {
                wanted
            };
            let is_beyond = greatest.is_exclusive && first >= greatest.at;
            first - if is_beyond { step } else { 0.0 } - further
        }
        (None, None) => step.max(1.0) + further,
    })
}

struct Bound {
    at: f64,
    is_exclusive: bool,
}

/// A bound as OpenAPI 3.0 writes it, with a flag, or 3.1, with a number of its own.
fn bound(merged: &Merged, inclusive: &str, exclusive: &str) -> Option<Bound> {
    let at = merged.get(inclusive).and_then(Value::as_f64);
    match merged.get(exclusive) {
        Some(Value::Number(own)) => Some(Bound {
            at: own.as_f64()?,
            is_exclusive: true,
        }),
        flag => at.map(|at| Bound {
            at,
            is_exclusive: flag == Some(&Value::Bool(true)),
        }),
    }
}
