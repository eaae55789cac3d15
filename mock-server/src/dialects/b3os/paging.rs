//! Pages by `limit` and `offset`.

use serde::Serialize;

use crate::call::Call;
use crate::refusal::Refusal;
use crate::store::{Order, Window};

use super::assumptions::{LIMIT_ABOVE_MAX, LIST_ORDER, PAGING_BELOW_RANGE};
use super::envelope;

/// "default 20, max 100" (the document's parameter descriptions).
const DEFAULT_LIMIT: i64 = 20;
const MAX_LIMIT: i64 = 100;
/// What a number that is too long to be read counts as.
const BEYOND: i64 = i64::MAX;

/// The part of a list that is asked for.
pub(super) struct Page {
    limit: i64,
    offset: i64,
}

/// The vendor's list envelope.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Listing<T> {
    items: Vec<T>,
    limit: i64,
    offset: i64,
    has_more: bool,
}

impl Page {
    /// Which items to ask for: one more than are shown, so that it is known whether there are more.
    pub(super) fn window(&self, call: &Call<'_>) -> Window {
        Window {
            skip: self.skip(),
            take: self.take().saturating_add(1),
            order: order(call),
        }
    }

    /// How many items stand before the page.
    pub(super) fn skip(&self) -> usize {
        usize::try_from(self.offset).unwrap_or(usize::MAX)
    }

    fn take(&self) -> usize {
        usize::try_from(self.limit).unwrap_or_default()
    }

    /// The items of [`window`](Self::window), in the vendor's list envelope.
    pub(super) fn of<T>(&self, mut items: Vec<T>) -> Listing<T> {
        let has_more = items.len() > self.take();
        items.truncate(self.take());
        Listing {
            items,
            limit: self.limit,
            offset: self.offset,
            has_more,
        }
    }
}

pub(super) fn requested(call: &Call<'_>) -> Result<Page, Refusal> {
    let limit = match number(call, "limit", DEFAULT_LIMIT, 1)? {
        above if above > MAX_LIMIT => match call.assumed(&LIMIT_ABOVE_MAX) {
            "400" => return Err(envelope::bad_field(call, "limit", "must be 100 at most")),
            _ => MAX_LIMIT,
        },
        limit => limit,
    };
    let offset = number(call, "offset", 0, 0)?;
    if offset == BEYOND {
        // It could not be told back as it was asked for.
        return Err(envelope::bad_field(call, "offset", "is out of range"));
    }
    Ok(Page { limit, offset })
}

fn order(call: &Call<'_>) -> Order {
    match call.assumed(&LIST_ORDER) {
        "oldest-first" => Order::OldestFirst,
        _ => Order::NewestFirst,
    }
}

fn number(call: &Call<'_>, name: &str, default: i64, least: i64) -> Result<i64, Refusal> {
    let Some(text) = call.query(name) else {
        return Ok(default);
    };
    // The contract has seen to it that this is an integer, though perhaps one that is too long to be read.
    let beyond = if text.starts_with('-') { i64::MIN } else { BEYOND };
    let asked = text.parse().unwrap_or(beyond);
    if asked >= least {
        return Ok(asked);
    }
    match call.assumed(&PAGING_BELOW_RANGE) {
        "default" => Ok(default),
        _ => Err(envelope::bad_field(call, name, "is too small")),
    }
}
