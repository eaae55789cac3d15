//! What stands ready when the mock starts: keys by digest, and sender numbers in every state.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::dialect::Seeded;
use crate::entropy::bootstrap_hex;
use crate::store::{AnyStore, Kind, NewCredential, Seal, Store, Unavailable};

use super::senders;
use super::tenants::{ACME, OTHER, OTHER_HOST, Tenant};

/// Fills an empty store.
pub(super) async fn plant(store: &AnyStore, now: Timestamp) -> Result<Seeded, Unavailable> {
    let admin = key(store, &ACME, "admin", &["*"], now).await?;
    let limited = key(store, &ACME, "limited", &["usage.read"], now).await?;
    let other = key(store, &OTHER, "other", &["*"], now).await?;
    for (phone, name, verification, status) in SENDERS {
        sender(store, &ACME, phone, name, verification, status).await?;
    }
    sender(store, &OTHER, "+201200000001", "Reception", "active", "active").await?;
    Ok(Seeded {
        tenant: ACME.slug,
        other_tenant: OTHER.slug,
        other_host: Some(OTHER_HOST),
        admin,
        limited,
        other,
    })
}

/// One sender number in each state that the document names, in this order from id 1 on.
const SENDERS: [(&str, &str, &str, &str); 6] = [
    ("+201100000001", "Support", "active", "active"),
    (
        "+201100000002",
        "Waiting for its code",
        "pending_verification",
        "pending_verification",
    ),
    // Sinjapp account-verification guide: the code was right, the owner's account is not verified yet.
    (
        "+201100000003",
        "Waiting for its owner",
        "pending_account_verification",
        "pending_verification",
    ),
    ("+201100000004", "Rejected", "rejected", "rejected"),
    ("+201100000005", "Suspended", "active", "suspended"),
    ("+201100000006", "Removed", "active", "removed"),
];

async fn key(
    store: &AnyStore,
    tenant: &Tenant,
    principal: &str,
    scopes: &[&str],
    now: Timestamp,
) -> Result<String, Unavailable> {
    let secret = format!("tgo_mock{}", bootstrap_hex("sinjapp", principal, 40));
    let new = NewCredential {
        id: None,
        kind: Kind::ApiKey,
        seal: Seal::of(&secret),
        tenant: tenant.slug.into(),
        owner: tenant.user_id.into(),
        name: format!("Ready-made {principal} key"),
        prefix: "tgo_".to_owned(),
        grants: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        created_at: now,
        expires_at: None,
        details: Map::new(),
    };
    store.issue(new).await?;
    Ok(format!("key:{secret}"))
}

async fn sender(
    store: &AnyStore,
    tenant: &Tenant,
    phone: &str,
    name: &str,
    verification: &str,
    status: &str,
) -> Result<(), Unavailable> {
    let verified_at = match verification {
        "active" => Value::from(VERIFIED_AT.as_second()),
        _ => Value::Null,
    };
    let body = json!({
        "phone": phone,
        "display_name": name,
        "verification_status": verification,
        "status": status,
        "daily_limit_override": null,
        "verified_at": verified_at,
    });
    store
        .append(senders::shelf(tenant.slug), None, body.into())
        .await?;
    Ok(())
}

/// 2026-04-28T10:00:00Z, the time of the contacts guide's example.
pub(super) const VERIFIED_AT: Timestamp = Timestamp::constant(1_777_370_400, 0);
