//! Who and what is there at the start: two organizations, three users, and a key of each.
//!
//! | organization | user | key | scope |
//! |---|---|---|---|
//! | `org_mockharbor` | `user_mockada` | `ak_mockadmin` | `read-write` |
//! | `org_mockharbor` | `user_mockmia` | `ak_mocklimited` | `read` |
//! | `org_mocklagoon` | `user_mockolle` | `ak_mockother` | `read-write` |
//!
//! The ready-made keys do not expire. There is no service account at the start.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::dialect::Seeded;
use crate::entropy::bootstrap_hex;
use crate::store::{AnyStore, Collection, Kind, NewCredential, Seal, Store, Unavailable, Worth};

use super::caller::{READ, READ_WRITE};
use super::keys;

pub(super) const ORGANIZATIONS: Collection<'static> = Collection {
    name: "organizations",
    tenant: "",
    keep: 10_000,
    worth: Worth::Record,
};

pub(super) const HARBOR: &str = "org_mockharbor";
pub(super) const LAGOON: &str = "org_mocklagoon";
pub(super) const ADA: &str = "user_mockada";
const MIA: &str = "user_mockmia";
pub(super) const OLLE: &str = "user_mockolle";

/// The users of an organization that a key can be for.
pub(super) fn users_of(organization: &str) -> &'static [&'static str] {
    match organization {
        HARBOR => &[ADA, MIA],
        _ => &[OLLE],
    }
}

pub(super) async fn seed(store: &AnyStore, now: Timestamp) -> Result<Seeded, Unavailable> {
    seed_organization(store, now, HARBOR, "Harbor", ADA).await?;
    seed_organization(store, now, LAGOON, "Lagoon", OLLE).await?;
    let admin = Ready {
        principal: "admin",
        organization: HARBOR,
        user: ADA,
        scope: READ_WRITE,
    };
    let limited = Ready {
        principal: "limited",
        organization: HARBOR,
        user: MIA,
        scope: READ,
    };
    let other = Ready {
        principal: "other",
        organization: LAGOON,
        user: OLLE,
        scope: READ_WRITE,
    };
    Ok(Seeded {
        tenant: HARBOR,
        other_tenant: LAGOON,
        other_host: None,
        admin: seed_key(store, now, &admin).await?,
        limited: seed_key(store, now, &limited).await?,
        other: seed_key(store, now, &other).await?,
    })
}

/// A ready-made key, before it has a secret.
struct Ready {
    principal: &'static str,
    organization: &'static str,
    user: &'static str,
    scope: &'static str,
}

async fn seed_organization(
    store: &AnyStore,
    now: Timestamp,
    id: &str,
    name: &str,
    owner: &str,
) -> Result<(), Unavailable> {
    let body = json!({
        "id": id,
        "name": name,
        "slug": name.to_ascii_lowercase(),
        "description": "An organization of the mock",
        "tier": "free",
        "cuMinThreshold": 0,
        "createdAt": now.to_string(),
        "createdBy": owner,
        "updatedAt": now.to_string(),
    });
    store
        .append(ORGANIZATIONS, Some(id.to_owned()), body.into())
        .await?;
    Ok(())
}

async fn seed_key(store: &AnyStore, now: Timestamp, ready: &Ready) -> Result<String, Unavailable> {
    let secret = format!("{}{}", keys::KEY_MARK, bootstrap_hex("b3os", ready.principal, 32));
    let mut details = Map::new();
    details.insert("createdBy".to_owned(), Value::from(ready.user));
    store
        .issue(NewCredential {
            id: Some(format!("ak_mock{}", ready.principal)),
            kind: Kind::ApiKey,
            seal: Seal::of(&secret),
            tenant: ready.organization.into(),
            owner: ready.user.into(),
            name: format!("Ready made: {}", ready.principal),
            prefix: keys::prefix(&secret).to_owned(),
            grants: vec![ready.scope.to_owned()],
            created_at: now,
            expires_at: None,
            details,
        })
        .await?;
    Ok(format!("bearer:{secret}"))
}
