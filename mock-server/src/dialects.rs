//! The vendors' manners, one page each.

mod b3os;
mod dolfin;
mod reten;
mod sinjapp;

pub(crate) use b3os::B3os;
pub(crate) use dolfin::Dolfin;
pub(crate) use reten::Reten;
pub(crate) use sinjapp::Sinjapp;

use crate::assumptions::Assumption;
use crate::dialect::Dialect as _;

/// Every assumption, vendor by vendor.
pub(crate) fn assumptions() -> impl Iterator<Item = &'static Assumption> {
    [
        Sinjapp::ASSUMPTIONS,
        Reten::ASSUMPTIONS,
        Dolfin::ASSUMPTIONS,
        B3os::ASSUMPTIONS,
    ]
    .into_iter()
    .flatten()
}
