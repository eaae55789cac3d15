//! <title>, played by the examples of its document: no key is made, and nothing is remembered.
//!
//! What comes next is a `Dialect` of its own in place of `ByExample`. Its `perform` plays an operation from the store, by its
//! id, and leaves those that are not written yet to `example::answer`. The other dialects show how; so does `MAKING`, by which
//! tests make keys.

use keyway_openapi::Vendor;

use crate::assumptions::Assumption;
use crate::example::ByExample;

/// <title>, by examples.
#[derive(Debug)]
pub(crate) struct <Name>;

impl ByExample for <Name> {
    const VENDOR: Vendor = Vendor::<Name>;
    const ORDER_OF_CHECKS: &'static Assumption = &ORDER_OF_CHECKS;
    const ASSUMPTIONS: &'static [Assumption] = &[ORDER_OF_CHECKS];
}

const ORDER_OF_CHECKS: Assumption = Assumption {
    name: "<name>.order-of-checks",
    default: "input-last",
    choices: &["input-last", "input-before-permission", "input-first"],
    reason: "nobody has read yet which of 400, 401 and 403 goes first; who may not ask learns nothing of what he asked",
};
