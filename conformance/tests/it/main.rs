//! The judge itself on trial: broken servers must be failed by name of case, correct ones must not.

#![allow(
    unreachable_patterns,
    reason = "a vendor whose keys are not played yet has no arm of its own"
)]

mod alarms;
mod baselines;
mod binary;
mod broken;
mod client;
mod conforms;
mod demanded;
mod different;
mod kept;
mod kills;
mod plans;
mod proxy;
mod rehearsals;
mod reports;
mod stores;
mod unpromised;

/// Of a vendor that is not one of `Vendor::PLAYED`, and so is never asked for here.
fn unwritten(vendor: keyway_openapi::Vendor) -> ! {
    panic!("nothing is written here of {vendor}")
}
