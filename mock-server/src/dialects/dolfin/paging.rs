//! Pages of a list: opaque cursors, and both shapes that the vendor documents.

use http::StatusCode;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::call::Call;
use crate::refusal::Refusal;
use crate::store::{Order, Window};

use super::assumptions::{BAD_CURSOR, LIMIT_OUT_OF_RANGE, PAGE_SHAPE};
use super::problem;

/// The default of `Limit` (introduction).
const DEFAULT_LIMIT: usize = 20;
const MAX_LIMIT: usize = i32::MAX as usize;

/// The part of a list that is asked for.
pub(super) struct Page<'l> {
    listing: &'l str,
    start: usize,
    limit: usize,
}

/// The page that the call asks for. `listing` says what is listed; a cursor is good for that alone.
pub(super) fn requested<'l>(call: &Call<'_>, listing: &'l str) -> Result<Page<'l>, Refusal> {
    Ok(Page {
        limit: limit(call)?,
        start: start(call, listing)?,
        listing,
    })
}

impl Page<'_> {
    /// Which items to ask for: one more than are shown, so that it is known whether there are more.
    pub(super) fn window(&self, order: Order) -> Window {
        Window {
            skip: self.start,
            take: self.limit.saturating_add(1),
            order,
        }
    }

    /// The items of [`window`](Self::window) in the shape that is assumed.
    pub(super) fn of(&self, call: &Call<'_>, mut data: Vec<Value>) -> Value {
        let Self {
            listing,
            start,
            limit,
        } = *self;
        let has_more = data.len() > limit;
        data.truncate(limit);
        let next = has_more.then(|| cursor(listing, start.saturating_add(limit)));
        if call.assumed(&PAGE_SHAPE) == "next-cursor" {
            return json!({ "data": data, "nextCursor": next, "hasMore": has_more });
        }
        let previous = (start > 0).then(|| cursor(listing, start.saturating_sub(limit)));
        let cursors = json!({ "current": cursor(listing, start), "next": next, "previous": previous });
        json!({ "data": data, "meta": { "cursors": cursors } })
    }
}

fn limit(call: &Call<'_>) -> Result<usize, Refusal> {
    let Some(text) = call.query("Limit") else {
        return Ok(DEFAULT_LIMIT);
    };
    // The contract has seen to it that these are digits, though perhaps more of them than any number holds.
    let asked = if text.starts_with('-') {
        0
    } else {
        text.parse().unwrap_or(usize::MAX)
    };
    if (1..=MAX_LIMIT).contains(&asked) {
        return Ok(asked);
    }
    match call.assumed(&LIMIT_OUT_OF_RANGE) {
        "clamp" => Ok(asked.clamp(1, MAX_LIMIT)),
        _ => Err(problem::plain(StatusCode::BAD_REQUEST, "Limit is out of range").refusing(call)),
    }
}

fn start(call: &Call<'_>, listing: &str) -> Result<usize, Refusal> {
    let Some(text) = call.query("Cursor") else {
        return Ok(0);
    };
    match (position(listing, &text), call.assumed(&BAD_CURSOR)) {
        (Some(start), _) => Ok(start),
        (None, "first-page") => Ok(0),
        (None, _) => {
            let detail = "Cursor is not one of this list";
            Err(problem::plain(StatusCode::BAD_REQUEST, detail).refusing(call))
        }
    }
}

/// A position, bound to its listing so that it cannot be carried over to another one.
fn cursor(listing: &str, position: usize) -> String {
    let seal = Sha256::digest(format!("{listing}\n{position}"));
    let seal = seal.iter().take(8).map(|byte| format!("{byte:02x}"));
    format!("{position:x}-{}", seal.collect::<String>())
}

fn position(listing: &str, text: &str) -> Option<usize> {
    let (digits, _) = text.split_once('-')?;
    let position = usize::from_str_radix(digits, 16).ok()?;
    (cursor(listing, position) == text).then_some(position)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_back_to_its_position_in_its_own_listing_only() {
        let taken = cursor("invoices of a", 20);
        assert_eq!(position("invoices of a", &taken), Some(20));
        assert_eq!(position("invoices of b", &taken), None);
        for forged in [
            "",
            "-",
            "14-",
            "15-0000000000000000",
            "ffffffffffffffffffff-00",
            "+14-00",
            "é-é",
        ] {
            assert_eq!(position("invoices of a", forged), None, "{forged}");
        }
    }
}
