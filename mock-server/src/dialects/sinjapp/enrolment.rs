//! Keys of a test's own. Nobody signs in at Sinjapp, so a principal is a key too.

use jiff::Timestamp;
use keyway_openapi::Vendor;

use crate::seed::{Desk, Enrolment, Order, SeedError, known_grants};
use crate::store::{Kind, NewCredential};

use super::keys;
use super::tenants::{ACME, OTHER};

/// The scopes of the document.
const SCOPES: [&str; 5] = [
    "*",
    "contacts.lookup",
    "messages.read",
    "messages.send",
    "usage.read",
];

pub(super) fn draw_up(desk: &Desk<'_>, order: Order<'_>) -> Result<Enrolment, SeedError> {
    match order {
        Order::Principal(wanted) => wanted.check_members(&["grants"])?,
        Order::Key(wanted) => wanted.check_unowned("name, grants, tenant, expires_at")?,
    }
    let grants = known_grants(Vendor::Sinjapp, order.grants(), &SCOPES)?;
    let tenant = order.tenant().one_of(Vendor::Sinjapp, &ACME, &OTHER)?;
    let secret = keys::secret(desk.entropy);
    let credential = NewCredential {
        prefix: keys::prefix(desk.assumptions, &secret),
        grants,
        // Whole seconds: what is shown is what is enforced.
        expires_at: order
            .expires_at()
            .map(|at| Timestamp::from_second(at.as_second()).unwrap_or(at)),
        ..desk.credential(order, Kind::ApiKey, &secret, tenant.slug, tenant.user_id)?
    };
    Ok(Enrolment {
        credential,
        scheme: "key",
        secret,
        user: None,
        tenant: tenant.slug,
    })
}
