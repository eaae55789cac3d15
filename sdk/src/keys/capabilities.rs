//! What a vendor can do about keys, as its documentation has it.

use std::ops::RangeInclusive;

use crate::Vendor;

/// What a vendor documents about keys. It needs no client: [`Vendor::capabilities`] is enough.
///
/// ```
/// use keyway::{Vendor, keys::Support};
///
/// let sinjapp = Vendor::Sinjapp.capabilities();
/// let Support::Absent { instead, .. } = &sinjapp.list else { panic!() };
/// println!("{instead}"); // what a person can do
/// ```
#[non_exhaustive]
#[derive(Debug)]
pub struct Capabilities {
    /// Whose they are.
    pub vendor: Vendor,
    /// Making a key.
    pub create: Support,
    /// Ending a key.
    pub revoke: Support,
    /// Listing the caller's keys.
    pub list: Support,
    /// Reading one key by its id.
    pub get: Support,
    /// The read by which a key is tried out.
    pub verify: Support,
    /// What a key may be allowed to do.
    pub scopes: ScopeRules,
    /// When a key may end.
    pub expiry: ExpiryRules,
    /// The most characters that a name may have, where that is documented.
    pub longest_name: Option<usize>,
    /// Whether a key has a description beside its name.
    pub description: Description,
    /// The status that a second revocation of a key is documented to get.
    pub second_revoke: Option<u16>,
    /// What a tenant is, and how a call says which one it is about.
    pub tenancy: &'static str,
    /// The page to begin with.
    pub documentation: &'static str,
}

impl Vendor {
    /// What the vendor can do about keys.
    pub const fn capabilities(self) -> &'static Capabilities {
        match self {
            Self::Sinjapp => &super::facts::SINJAPP,
            Self::Reten => &super::facts::RETEN,
            Self::Dolfin => &super::facts::DOLFIN,
            Self::B3os => &super::facts::B3OS,
        }
    }
}

/// Whether a vendor documents an operation.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Support {
    /// It does.
    Documented(Endpoint),
    /// It does not.
    Absent {
        /// What a person or a program can do instead.
        instead: &'static str,
        /// Where the vendor documents what there is.
        documentation: &'static str,
    },
}

impl Support {
    /// Whether the vendor documents the operation.
    pub const fn is_documented(&self) -> bool {
        matches!(self, Self::Documented(_))
    }

    /// The operation, where there is one.
    pub const fn endpoint(&self) -> Option<&Endpoint> {
        match self {
            Self::Documented(endpoint) => Some(endpoint),
            Self::Absent { .. } => None,
        }
    }
}

/// An operation of a vendor.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The operation's id in the vendor's document, or ours where the vendor has none.
    pub operation: &'static str,
    /// The HTTP method.
    pub method: &'static str,
    /// The path below the host's root.
    pub path: &'static str,
    /// The page that documents it.
    pub documentation: &'static str,
}

/// What a key may be allowed to do. Vendors call it scopes or permissions.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeRules {
    /// The documented values; none if the vendor's keys have no scopes.
    pub values: &'static [&'static str],
    /// How many a new key must name, and how many it may.
    pub count: RangeInclusive<usize>,
    /// Whether the document closes the list.
    pub vocabulary: Vocabulary,
    /// What the documentation says of a key that names none.
    pub omitted: Silence,
}

/// Whether a list of values is all that a vendor takes.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vocabulary {
    /// The document enumerates the values.
    Closed,
    /// The pages name these; the document takes any text.
    Open,
}

/// What a vendor says about something that is left out of a request.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// Nothing.
    Undocumented,
    /// This.
    Means(&'static str),
    /// It must not be left out.
    Refused,
}

/// When a key may end.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpiryRules {
    /// How the end is given.
    pub form: ExpiryForm,
    /// What the documentation says of a key for which no end is given.
    pub omitted: Silence,
    /// Whether a key without an end can be asked for.
    pub never: Never,
}

/// How the end of a key is given.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExpiryForm {
    /// As a number of days from now.
    Days(RangeInclusive<u32>),
    /// As a time.
    Instant,
}

/// Whether a key without an end can be asked for.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Never {
    /// Documented: leaving the end out does it.
    ByOmission,
    /// No page says how.
    Undocumented,
}

/// Whether a key has a description beside its name.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Description {
    /// It has.
    Free,
    /// It has not.
    None,
}
