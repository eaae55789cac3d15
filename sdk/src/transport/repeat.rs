//! Whether a request may be made once more after what came of it.

use http::{Method, StatusCode};

use super::Operation;
use crate::{
    retry::Cost,
    vendor::Vendor,
    wire::{Answer, Cut},
};

/// What may be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repeatable {
    /// A second time changes nothing that the first has not (RFC 9110, 9.2.2), or the vendor's own words say so.
    Always,
    /// Only if the first time did nothing.
    IfNothingWasDone,
}

impl Repeatable {
    pub(super) fn of(vendor: &Vendor, method: &Method, operation: &Operation) -> Self {
        match *method {
            Method::GET | Method::HEAD | Method::DELETE => Self::Always,
            _ if vendor.repeatable_posts.contains(&operation.name) => Self::Always,
            _ => Self::IfNothingWasDone,
        }
    }
}

/// Why a request is made once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    NotConnected,
    Late,
    Broken,
    Refused(StatusCode),
}

impl Reason {
    /// The reason that what came of a request gives, if it gives one.
    pub(super) fn of(outcome: &Result<Answer, reqwest::Error>, repeatable: Repeatable) -> Option<Self> {
        let reason = match outcome {
            Ok(answer) => of_answer(answer)?,
            Err(error) => of_failure(error),
        };
        let nothing_was_done = match reason {
            Self::NotConnected => true,
            // A vendor that counts calls and says when to come again has refused this one (RFC 6585, 4).
            Self::Refused(StatusCode::TOO_MANY_REQUESTS) => outcome
                .as_ref()
                .is_ok_and(|answer| answer.retry_after().is_some()),
            Self::Late | Self::Broken | Self::Refused(_) => false,
        };
        (nothing_was_done || repeatable == Repeatable::Always).then_some(reason)
    }

    pub(super) fn cost(self) -> Cost {
        match self {
            Self::Late => Cost::after_timeout(),
            Self::NotConnected | Self::Broken | Self::Refused(_) => Cost::usual(),
        }
    }
}

fn of_failure(error: &reqwest::Error) -> Reason {
    if error.is_connect() {
        Reason::NotConnected
    } else if error.is_timeout() {
        Reason::Late
    } else {
        Reason::Broken
    }
}

fn of_answer(answer: &Answer) -> Option<Reason> {
    match answer.status.as_u16() {
        // 520 to 527 are Cloudflare's, for a server behind it that does not answer as it should.
        408 | 425 | 429 | 500 | 502 | 503 | 504 | 520..=527 => Some(Reason::Refused(answer.status)),
        200..=299 => match answer.cut.as_ref()? {
            Cut::Broken(error) => Some(of_failure(error)),
            Cut::TooLong => None,
        },
        _ => None,
    }
}
