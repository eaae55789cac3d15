//! The workshop, tried on small documents and on the project's own.

#![expect(
    clippy::needless_pass_by_value,
    reason = "the small documents are written where they are used"
)]

mod account;
mod anything;
mod calls;
mod document;
mod explain;
mod house;
mod keywords;
mod lower;
mod meaning;
mod mends;
mod new_vendor;
mod output;
mod overlay;
mod pairs;
mod properties;
mod reading;
mod refusals;
mod signatures;
mod standalone;
