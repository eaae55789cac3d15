//! Keys of a test's own. Nobody signs in at B3OS, so a principal is a key too: of a user of its own.

use keyway_openapi::Vendor;
use serde_json::{Map, Value};

use crate::seed::{Desk, Enrolment, NewKey, Order, SeedError};
use crate::store::{Kind, NewCredential};

use super::accounts;
use super::caller::{READ, READ_WRITE, SERVICE_ACCOUNT};
use super::fixtures::{ADA, HARBOR, LAGOON, OLLE, users_of};
use super::keys;

pub(super) async fn draw_up(desk: &Desk<'_>, order: Order<'_>) -> Result<Enrolment, SeedError> {
    let (organization, admin) = order
        .tenant()
        .one_of(Vendor::B3os, (HARBOR, ADA), (LAGOON, OLLE))?;
    let (owner, account) = match order {
        Order::Principal(wanted) => {
            wanted.check_members(&["grants"])?;
            (format!("user_mock{}", desk.entropy.hex(16)), None)
        }
        Order::Key(NewKey { owner: None, .. }) => (admin.to_owned(), None),
        Order::Key(NewKey {
            owner: Some(name), ..
        }) => owner(desk, organization, name).await?,
    };
    let mut details = Map::from_iter([(
        "createdBy".to_owned(),
        Value::from(account.as_deref().map_or(&*owner, |_| admin)),
    )]);
    if let Some(account) = account {
        details.insert(SERVICE_ACCOUNT.to_owned(), Value::from(account));
    }
    let secret = keys::secret(desk.entropy);
    let credential = NewCredential {
        id: Some(keys::id(desk.entropy)),
        prefix: keys::prefix(&secret).to_owned(),
        grants: vec![scope(order.grants())?],
        details,
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

/// A user or a service account of the organization; of the latter the id, too.
async fn owner(
    desk: &Desk<'_>,
    organization: &str,
    name: &str,
) -> Result<(String, Option<String>), SeedError> {
    if users_of(organization).contains(&name) {
        return Ok((name.to_owned(), None));
    }
    match accounts::called(desk.store, organization, name).await? {
        Some(id) => Ok((id.clone(), Some(id))),
        None => Err(SeedError::Value {
            vendor: Vendor::B3os,
            member: "owner",
            valid: format!(
                "{}, or name or id of a service account of the key's organization",
                users_of(organization).join(", ")
            ),
        }),
    }
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
