//! The workshop, tried on small documents and on the project's own.

mod house;
mod lower;
mod mends;
mod output;
mod overlay;
mod refusals;
