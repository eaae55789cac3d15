//! The vendors, one file each.

pub(crate) mod b3os;
pub(crate) mod dolfin;
pub(crate) mod reten;
pub(crate) mod sinjapp;
