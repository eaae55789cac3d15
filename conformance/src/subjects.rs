//! The vendors, one file each.

mod b3os;
mod dolfin;
mod reten;
mod sinjapp;

use keyway_openapi::Vendor;

use crate::subject::Subject;

/// The subject of a vendor.
pub(crate) fn of(vendor: Vendor) -> Box<dyn Subject> {
    match vendor {
        Vendor::Sinjapp => Box::new(sinjapp::Sinjapp),
        Vendor::Reten => Box::new(reten::Reten),
        Vendor::Dolfin => Box::new(dolfin::Dolfin),
        Vendor::B3os => Box::new(b3os::B3os),
    }
}
