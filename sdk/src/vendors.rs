//! The vendors by name, for code that is about any of them.

use std::{fmt, str::FromStr};

/// A vendor that this crate knows, whether or not its client is compiled in.
///
/// ```
/// use keyway::Vendor;
///
/// assert_eq!("reten".parse(), Ok(Vendor::Reten));
/// assert_eq!(Vendor::B3os.name(), "b3os");
/// assert_eq!(Vendor::B3os.to_string(), "B3OS");
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Vendor {
    /// Sinjapp Business: a tenant is a host.
    Sinjapp,
    /// Reten: a key speaks for one user in one tenant.
    Reten,
    /// Dolfin: a key belongs to a Client, the platform that is Dolfin's customer.
    Dolfin,
    /// B3OS: a key belongs to an organization.
    B3os,
}

impl Vendor {
    /// All of them, in their usual order.
    pub const ALL: &'static [Self] = &[Self::Sinjapp, Self::Reten, Self::Dolfin, Self::B3os];

    /// The name in lower case, which is also that of its module and cargo feature.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sinjapp => "sinjapp",
            Self::Reten => "reten",
            Self::Dolfin => "dolfin",
            Self::B3os => "b3os",
        }
    }

    /// The name as the vendor writes it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Sinjapp => "Sinjapp",
            Self::Reten => "Reten",
            Self::Dolfin => "Dolfin",
            Self::B3os => "B3OS",
        }
    }
}

/// Writes the [`title`](Vendor::title).
impl fmt::Display for Vendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.title())
    }
}

/// Reads the [`name`](Vendor::name).
impl FromStr for Vendor {
    type Err = UnknownVendor;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|vendor| vendor.name() == name)
            .ok_or(UnknownVendor)
    }
}

/// A name that no vendor has. It is not repeated: it may be something else in the wrong place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such vendor; there are sinjapp, reten, dolfin and b3os")]
pub struct UnknownVendor;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_vendor_is_read_by_its_name_and_the_error_names_all() {
        for vendor in Vendor::ALL {
            assert_eq!(vendor.name().parse(), Ok(*vendor));
            assert!(UnknownVendor.to_string().contains(vendor.name()));
        }
        assert_eq!("Reten".parse::<Vendor>(), Err(UnknownVendor));
    }
}
