//! A world's state as a value: to be kept outside, and put back.

use keyway_openapi::Vendor;
use serde::{Deserialize, Serialize};

use crate::store::{State, Unavailable};

/// The state of a world's vendors as plain data. It holds digests of secrets, never a secret.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    pub(super) version: u32,
    pub(super) vendors: Vec<(Vendor, State)>,
}

impl Snapshot {
    pub(super) const VERSION: u32 = 2;

    pub(super) fn of_vendors(vendors: Vec<(Vendor, State)>) -> Self {
        Self {
            version: Self::VERSION,
            vendors,
        }
    }

    /// The state of one vendor.
    pub(super) fn of(&self, vendor: Vendor) -> Option<&State> {
        let (_, state) = self.vendors.iter().find(|(known, _)| *known == vendor)?;
        Some(state)
    }
}

/// Why a snapshot cannot be put back.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// It was made by another version of the mock.
    #[error(
        "the snapshot has version {found}, this mock reads version {}",
        Snapshot::VERSION
    )]
    Version {
        /// The version it has.
        found: u32,
    },
    /// A part of it is not sound.
    #[error("the snapshot of {vendor} is not sound: {problem}")]
    State {
        /// Whose part.
        vendor: Vendor,
        /// What is the matter.
        problem: &'static str,
    },
    /// The store does not answer; nothing is changed.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}
