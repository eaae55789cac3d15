//! Keys of a test's own. Nobody signs in at B3OS, so a principal is a key too: of a user of its own.

use keyway_openapi::Vendor;
use serde_json::{Map, Value};

use crate::seed::{Desk, Enrolment, Order, SeedError};
use crate::store::{Kind, NewCredential};

use super::caller::{READ, READ_WRITE};
use super::fixtures::{ADA, HARBOR, LAGOON, OLLE};
use super::keys;

pub(super) fn draw_up(desk: &Desk<'_>, order: Order<'_>) -> Result<Enrolment, SeedError> {
    let (organization, admin) = order
        .tenant()
        .one_of(Vendor::B3os, (HARBOR, ADA), (LAGOON, OLLE))?;
    let owner = match order {
        Order::Principal(wanted) => {
            wanted.check_members(&["grants"])?;
            format!("user_mock{}", desk.entropy.hex(16))
        }
        Order::Key(_) => admin.to_owned(),
    };
    let secret = keys::secret(desk.entropy);
    let credential = NewCredential {
        id: Some(keys::id(desk.entropy)),
        prefix: keys::prefix(&secret).to_owned(),
        grants: vec![scope(order.grants())?],
        details: Map::from_iter([("createdBy".to_owned(), Value::from(owner.as_str()))]),
        ..desk.credential(order, Kind::ApiKey, &secret, organization, &owner)?
    };
    Ok(Enrolment {
        credential,
        scheme: "bearer",
        secret,
        user: None,
        tenant: organization,
    })
}

/// A key has one scope (authentication page).
fn scope(grants: &[String]) -> Result<String, SeedError> {
    match grants {
        [scope] if [READ, READ_WRITE].contains(&scope.as_str()) => Ok(scope.clone()),
        _ => Err(SeedError::Value {
            vendor: Vendor::B3os,
            member: "grants",
            valid: format!("{READ} or {READ_WRITE}, and just one of them"),
        }),
    }
}
