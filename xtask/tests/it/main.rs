//! The workshop, tried on small documents and on the project's own.

#![expect(
    clippy::needless_pass_by_value,
    reason = "the small documents are written where they are used"
)]

mod house;
mod lower;
mod mends;
mod output;
mod overlay;
mod refusals;
