//! The vendors' manners, one page each.

pub(crate) mod b3os;
pub(crate) mod dolfin;
pub(crate) mod reten;
pub(crate) mod sinjapp;

use crate::assumptions::Assumption;
use crate::dialect::Dialect;

/// Says once whose dialect is which: `with_dialect!(vendor, D => …)` calls a function of the one that plays a vendor.
macro_rules! dialects {
    ($d:tt $($vendor:ident: $dialect:path,)*) => {
        macro_rules! with_dialect {
            ($d vendor:expr, $d name:ident => $d call:expr) => {
                match $d vendor {
                    $(keyway_openapi::Vendor::$vendor => {
                        type $d name = $dialect;
                        $d call
                    })*
                }
            };
        }
        pub(crate) use with_dialect;

        /// Every assumption, vendor by vendor.
        pub(crate) fn assumptions() -> impl Iterator<Item = &'static Assumption> {
            [$(<$dialect>::ASSUMPTIONS),*].into_iter().flatten()
        }
    };
}

dialects! { $
    Sinjapp: crate::dialects::sinjapp::Sinjapp,
    Reten: crate::dialects::reten::Reten,
    Dolfin: crate::dialects::dolfin::Dolfin,
    B3os: crate::dialects::b3os::B3os,
}
