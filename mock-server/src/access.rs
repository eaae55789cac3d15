//! What a caller needs to talk to the mock as a vendor: base URLs, tenants and ready-made credentials.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

/// The way into one vendor of a running mock.
///
/// Credentials are written `key:VALUE` or `bearer:VALUE`: an API key in the vendor's own header, or a
/// token in `Authorization: Bearer`. Where a vendor's document has nothing but users and passwords, they are written
/// `basic:USER:PASSWORD`. `Debug` leaves them out; reading a field or serialising is asking for them.
#[derive(Clone, JsonSchema, Serialize)]
#[non_exhaustive]
pub struct Access {
    /// Root of the vendor's API, without a trailing slash and without the API's own path prefix.
    pub base_url: String,
    /// The tenant that `admin` and `limited` belong to, in the vendor's own notation.
    pub tenant: String,
    /// The tenant that `other` belongs to.
    pub other_tenant: String,
    /// Root of the API for the other tenant; the same as `base_url` where a tenant is not a host.
    pub other_base_url: String,
    /// The ready-made credentials.
    pub credentials: Credentials,
}

/// The three ready-made credentials of a vendor.
#[derive(Clone, JsonSchema, Serialize)]
#[non_exhaustive]
pub struct Credentials {
    /// May do everything in its tenant.
    pub admin: String,
    /// May not do everything: how, is the vendor's own (see the crate's README).
    pub limited: String,
    /// May do everything in another tenant.
    pub other: String,
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access")
            .field("base_url", &self.base_url)
            .field("tenant", &self.tenant)
            .field("other_tenant", &self.other_tenant)
            .field("other_base_url", &self.other_base_url)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").finish_non_exhaustive()
    }
}
