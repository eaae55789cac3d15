//! The ready-made credentials, and those of a test's own.
//!
//! | who | what |
//! |---|---|
//! | `admin` | may call everything |
//! | `limited` | may call what the document asks no scope for |
//! | `other` | as `admin`, in another tenant |

use jiff::Timestamp;
use keyway_openapi::Vendor;
use serde_json::Map;

use crate::dialect::Seeded;
use crate::entropy::bootstrap_hex;
use crate::seed::{Desk, Enrolment, Order, SeedError};
use crate::store::{AnyStore, Kind, NewCredential, Seal, Store, Unavailable};

use super::credentials::{EVERYTHING, Form, basic};

const TENANT: &str = "example";
const OTHER_TENANT: &str = "other-example";

pub(super) async fn plant(vendor: Vendor, store: &AnyStore, now: Timestamp) -> Result<Seeded, Unavailable> {
    Ok(Seeded {
        tenant: TENANT,
        other_tenant: OTHER_TENANT,
        other_host: None,
        admin: issue(vendor, store, now, "admin", TENANT, &[EVERYTHING]).await?,
        limited: issue(vendor, store, now, "limited", TENANT, &[]).await?,
        other: issue(vendor, store, now, "other", OTHER_TENANT, &[EVERYTHING]).await?,
    })
}

/// The credential goes wherever the document takes one: by itself, and as the password of a user of that name.
async fn issue(
    vendor: Vendor,
    store: &AnyStore,
    now: Timestamp,
    principal: &str,
    tenant: &str,
    grants: &[&str],
) -> Result<String, Unavailable> {
    let secret = format!(
        "{}_mock{}",
        vendor.name(),
        bootstrap_hex(vendor.name(), principal, 40)
    );
    let pair = basic(principal, &secret);
    for (id, secret) in [
        (principal.to_owned(), &secret),
        (format!("{principal}-by-password"), &pair),
    ] {
        let new = NewCredential {
            id: Some(id),
            kind: Kind::ApiKey,
            seal: Seal::of(secret),
            tenant: tenant.into(),
            owner: principal.into(),
            name: format!("Ready-made {principal} credential"),
            prefix: String::new(),
            grants: grants.iter().map(|grant| (*grant).to_owned()).collect(),
            created_at: now,
            expires_at: None,
            details: Map::new(),
        };
        store.issue(new).await?;
    }
    Ok(match Form::of(vendor) {
        Form::Basic => format!("basic:{principal}:{secret}"),
        form => format!("{}:{secret}", form.scheme()),
    })
}

/// A credential of a test's own; it holds the grants that are given, whatever they are called.
pub(super) fn draw_up(vendor: Vendor, desk: &Desk<'_>, order: Order<'_>) -> Result<Enrolment, SeedError> {
    let tenant = order.tenant().one_of(vendor, TENANT, OTHER_TENANT)?;
    if let Order::Principal(wanted) = order {
        wanted.check_members(&["grants"])?;
    }
    if let Order::Key(wanted) = order {
        wanted.check_unowned("name, tenant, grants, expires_at")?;
    }
    let drawn = format!("{}_{}", vendor.name(), desk.entropy.base62(40));
    let form = Form::of(vendor);
    let secret = match form {
        Form::Basic => basic("seeded", &drawn),
        _ => drawn,
    };
    let credential = NewCredential {
        grants: order.grants().to_vec(),
        ..desk.credential(order, Kind::ApiKey, &secret, tenant, "seeded")?
    };
    Ok(Enrolment {
        credential,
        scheme: form.scheme(),
        secret,
        user: None,
        tenant,
    })
}
