//! Callers that do what they may not: scopes that nobody looks at, tenants that run into each other.

use http::Method;
use keyway_openapi::Vendor;

use super::{EVERY, Sabotage, Trick};

/// The vendors at which some callers may not manage keys. At Sinjapp no page says who may not.
const BARRING: &[Vendor] = &[Vendor::Reten, Vendor::Dolfin, Vendor::B3os];

pub(super) const ALL: &[Sabotage] = &[
    Sabotage {
        name: "grants-ignored",
        effect: "a key opens what its scopes or permissions do not",
        vendors: &[Vendor::Sinjapp, Vendor::Reten],
        trick: Trick::Openly(|exchange| exchange.status == 403 && !exchange.creates() && !exchange.revokes()),
    },
    Sabotage {
        name: "grants-ignored-on-writes",
        effect: "whatever changes something is open to every key",
        vendors: &[Vendor::B3os],
        trick: Trick::Openly(|exchange| exchange.status == 403 && exchange.request.method() != Method::GET),
    },
    Sabotage {
        name: "forbidden-create-allowed",
        effect: "a caller that may not make keys makes them",
        vendors: BARRING,
        trick: Trick::Openly(|exchange| exchange.status == 403 && exchange.creates()),
    },
    Sabotage {
        name: "forbidden-revoke-allowed",
        effect: "a caller that may not revoke keys revokes them",
        vendors: BARRING,
        trick: Trick::Openly(|exchange| exchange.status == 403 && exchange.revokes()),
    },
    Sabotage {
        name: "forbidden-revoke-refused-and-done",
        effect: "a revoke by somebody who may not is refused, and the key is dead all the same",
        vendors: BARRING,
        trick: Trick::Secretly(|exchange| exchange.status == 403 && exchange.revokes()),
    },
    Sabotage {
        name: "foreign-revoke-allowed",
        effect: "a tenant revokes the keys of another one",
        vendors: EVERY,
        trick: Trick::Openly(|exchange| matches!(exchange.status, 403 | 404) && exchange.revokes()),
    },
    Sabotage {
        name: "foreign-revoke-refused-and-done",
        effect: "a revoke from another tenant is refused, and the key is dead all the same",
        vendors: EVERY,
        trick: Trick::Secretly(|exchange| matches!(exchange.status, 403 | 404) && exchange.revokes()),
    },
    Sabotage {
        name: "stranger-reads-keys",
        effect: "whoever knows the id of a key reads it, with any credential or none",
        vendors: &[Vendor::B3os],
        trick: Trick::Openly(|exchange| exchange.status == 401 && exchange.gets()),
    },
    Sabotage {
        name: "foreign-get-allowed",
        effect: "a tenant reads the keys of another one",
        vendors: &[Vendor::B3os],
        trick: Trick::Openly(|exchange| exchange.status == 404 && exchange.gets()),
    },
    Sabotage {
        name: "key-works-in-other-tenant",
        effect: "a key opens the data of another tenant to whoever names it",
        vendors: &[Vendor::Sinjapp, Vendor::Reten, Vendor::Dolfin],
        trick: Trick::Openly(|exchange| {
            let headers = exchange.request.headers();
            let is_elsewhere = match exchange.vendor {
                Vendor::Sinjapp => headers
                    .get("host")
                    .is_some_and(|host| host.as_bytes().starts_with(b"other.")),
                Vendor::Dolfin => exchange.operation == Some("listClientMembers"),
                _ => headers.contains_key("x-tenant-id") && headers.contains_key("x-api-key"),
            };
            matches!(exchange.status, 401 | 403 | 404)
                && is_elsewhere
                && exchange.is_read()
                && !exchange.is_anonymous()
        }),
    },
];
