//! A credential as it is handed to the suite: `key:VALUE`, `bearer:VALUE`, or a bare value.

use std::fmt;

use keyway_openapi::Vendor;
use secrecy::{ExposeSecret as _, SecretString};

use crate::subjects;

/// In which header a credential travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// In the vendor's header for API keys.
    Key,
    /// As a bearer token.
    Bearer,
}

/// What a caller proves itself with. `Debug` says only how it travels.
#[derive(Clone)]
pub struct Credential {
    pub(crate) scheme: Scheme,
    value: SecretString,
}

impl Credential {
    /// Reads a credential; a bare value takes the vendor's usual scheme. An empty one is none.
    pub fn parse(vendor: Vendor, text: &str) -> Option<Self> {
        let text = text.trim();
        let (scheme, value) = match text.split_once(':') {
            Some((scheme, value)) if scheme.eq_ignore_ascii_case("key") => (Scheme::Key, value),
            Some((scheme, value)) if scheme.eq_ignore_ascii_case("bearer") => (Scheme::Bearer, value),
            _ => (subjects::of(vendor).usual_scheme(), text),
        };
        let value = value.trim();
        (!value.is_empty()).then(|| Self {
            scheme,
            value: SecretString::from(value),
        })
    }

    /// A key that the run made.
    pub(crate) fn key(value: &str) -> Self {
        Self::of(Scheme::Key, value)
    }

    /// A credential that travels in this way.
    pub(crate) fn of(scheme: Scheme, value: &str) -> Self {
        Self {
            scheme,
            value: SecretString::from(value),
        }
    }

    /// Whether a user's session is behind it. A key of B3OS travels as a bearer token too, and is told by its mark (B3OS
    /// authentication page).
    pub(crate) fn is_user_token(&self) -> bool {
        self.scheme == Scheme::Bearer && !self.expose().starts_with("b3sk_")
    }

    pub(crate) fn expose(&self) -> &str {
        self.value.expose_secret()
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential")
            .field("scheme", &self.scheme)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scheme_may_be_named_and_is_otherwise_the_vendors_usual_one() {
        for (vendor, text, scheme, value) in [
            (Vendor::Sinjapp, "tgo_abcdef", Scheme::Key, "tgo_abcdef"),
            (Vendor::Reten, "abc.def", Scheme::Bearer, "abc.def"),
            (Vendor::Reten, "key:rtn_sk_1", Scheme::Key, "rtn_sk_1"),
            (Vendor::Dolfin, "bearer:ey:J", Scheme::Bearer, "ey:J"),
            (Vendor::B3os, " b3sk_1\n", Scheme::Bearer, "b3sk_1"),
        ] {
            let credential = Credential::parse(vendor, text).unwrap();
            assert_eq!(
                (credential.scheme, credential.expose()),
                (scheme, value),
                "{vendor} {text}"
            );
        }
        assert!(Credential::parse(Vendor::Reten, "bearer:").is_none());
        assert!(Credential::parse(Vendor::Reten, "").is_none());
    }

    #[test]
    fn debug_shows_no_value() {
        let credential = Credential::parse(Vendor::Dolfin, "key:planted").unwrap();
        assert_eq!(format!("{credential:?}"), "Credential { scheme: Key, .. }");
    }
}
