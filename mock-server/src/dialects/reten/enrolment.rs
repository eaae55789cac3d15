//! Users and keys of a test's own.

use jiff::Timestamp;
use keyway_openapi::Vendor;
use serde_json::Value;

use crate::seed::{Desk, Enrolment, NewKey, NewPrincipal, NewUser, Order, SeedError, known_grants};
use crate::store::{Digest, Document, Kind, NewCredential, Store, Unavailable};

use super::users::{self, ACME, BETA, USERS, User};
use super::{keys, permissions, sessions};

/// The shortest password that the login operation takes (Reten authentication/login page).
const PASSWORD_LENGTH: usize = 8;

pub(super) async fn draw_up(desk: &Desk<'_>, order: Order<'_>) -> Result<Enrolment, SeedError> {
    let grants = known_grants(Vendor::Reten, order.grants(), &permissions::ALL)?;
    match order {
        Order::Principal(wanted) => draw_up_user(desk, order, wanted, grants).await,
        Order::Key(wanted) => draw_up_key(desk, order, wanted, grants).await,
    }
}

async fn draw_up_user(
    desk: &Desk<'_>,
    order: Order<'_>,
    wanted: &NewPrincipal,
    grants: Vec<String>,
) -> Result<Enrolment, SeedError> {
    let user = user(desk, wanted, grants).await?;
    let expires_at = order.expires_at().map(whole_milliseconds);
    let signature = desk.entropy.base62(43);
    let secret = sessions::token(&user, desk.begin(order), expires_at, &signature);
    let credential = NewCredential {
        expires_at,
        ..desk.credential(order, Kind::Session, &secret, sessions::NO_TENANT, &user.id)?
    };
    Ok(Enrolment {
        credential,
        scheme: "bearer",
        secret,
        tenant: if user.is_member_of(ACME.id) {
            ACME.id
        } else {
            BETA.id
        },
        user: Some(NewUser {
            into: USERS,
            body: user.kept(),
            id: user.id,
            username: Some(user.username),
            email: user.email,
        }),
    })
}

async fn user(desk: &Desk<'_>, wanted: &NewPrincipal, permissions: Vec<String>) -> Result<User, SeedError> {
    wanted.check_members(&["username", "email", "password", "grants"])?;
    let made_up = format!("user-{}", desk.entropy.hex(12));
    let username = match &wanted.username {
        Some(username) if is_plain(username) => username.clone(),
        Some(_) => return Err(value("username", "1 to 100 characters without spaces")),
        None => made_up.clone(),
    };
    let email = wanted.email_or(&made_up)?;
    let password_sha256 = match &wanted.password {
        Some(password) if password.chars().count() < PASSWORD_LENGTH => {
            return Err(value("password", "at least 8 characters"));
        }
        password => password.as_ref().map(|password| Digest::of(password).to_hex()),
    };
    for (member, name) in [("username", &username), ("email", &email)] {
        let other = desk
            .store
            .find(USERS, |user| users::is_called(&user.body, name))
            .await?;
        if other.is_some() {
            let vendor = Vendor::Reten;
            return Err(SeedError::Taken { vendor, member });
        }
    }
    let is_complete = permissions.len() == permissions::ALL.len();
    Ok(User {
        id: desk.entropy.uuid(),
        first_name: "Seeded".to_owned(),
        last_name: "User".to_owned(),
        tenants: wanted
            .tenant
            .each_of(ACME.id, BETA.id)
            .into_iter()
            .map(str::to_owned)
            .collect(),
        // Shown and nothing more: what the user may do is said by the permissions.
        role: if is_complete { "SUPER_ADMIN" } else { "VIEWER" }.to_owned(),
        username,
        email,
        password_sha256,
        permissions,
    })
}

async fn draw_up_key(
    desk: &Desk<'_>,
    order: Order<'_>,
    wanted: &NewKey,
    grants: Vec<String>,
) -> Result<Enrolment, SeedError> {
    let admins = ((ACME.id, users::ADMIN), (BETA.id, users::OTHER));
    let (tenant, admin) = wanted.tenant.one_of(Vendor::Reten, admins.0, admins.1)?;
    let owner = match &wanted.owner {
        Some(name) => owner(desk, tenant, name).await?,
        None => admin.to_owned(),
    };
    // Reten api-keys/create page: a key has a part of its owner's permissions, or all of them.
    if !held(desk, &owner, &grants).await? {
        return Err(value("grants", "permissions that the key's owner has"));
    }
    let secret = keys::secret(desk.entropy);
    let credential = NewCredential {
        id: Some(desk.entropy.uuid()),
        prefix: keys::prefix(&secret),
        expires_at: order.expires_at().map(whole_milliseconds),
        grants,
        ..desk.credential(order, Kind::ApiKey, &secret, tenant, &owner)?
    };
    Ok(Enrolment {
        credential,
        scheme: "key",
        secret,
        tenant,
        user: None,
    })
}

/// The id of a user of the tenant, by any name.
async fn owner(desk: &Desk<'_>, tenant: &str, name: &str) -> Result<String, SeedError> {
    let is_meant = |user: &Value| user["id"] == name || users::is_called(user, name);
    let user = match desk.drawn_up.iter().find(|user| is_meant(user)) {
        Some(user) => Some(user.clone()),
        None => {
            let found = desk
                .store
                .find(USERS, |user: &Document| is_meant(&user.body))
                .await?;
            found.map(|found| found.body.into_value())
        }
    };
    let is_member = |user: &Value| {
        let tenants = user["tenants"].as_array().into_iter().flatten();
        tenants.into_iter().any(|one| one == tenant)
    };
    user.filter(is_member)
        .and_then(|user| user["id"].as_str().map(str::to_owned))
        .ok_or_else(|| value("owner", "name, email address or id of a user of the key's tenant"))
}

/// Whether a user has all of these permissions.
async fn held(desk: &Desk<'_>, owner: &str, grants: &[String]) -> Result<bool, Unavailable> {
    let is_owner = |user: &Value| user["id"] == owner;
    let user = match desk.drawn_up.iter().find(|user| is_owner(user)) {
        Some(user) => Some(user.clone()),
        None => {
            let found = desk
                .store
                .find(USERS, |user: &Document| is_owner(&user.body))
                .await?;
            found.map(|found| found.body.into_value())
        }
    };
    let has = |grant: &String| {
        let held = user.as_ref().and_then(|user| user["permissions"].as_array());
        held.is_some_and(|held| held.iter().any(|one| one == grant))
    };
    Ok(grants.iter().all(has))
}

/// What is shown is what is enforced.
fn whole_milliseconds(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

fn is_plain(username: &str) -> bool {
    (1..=100).contains(&username.chars().count())
        && !username
            .chars()
            .any(|letter| letter.is_control() || letter.is_whitespace())
}

fn value(member: &'static str, valid: &str) -> SeedError {
    SeedError::Value {
        vendor: Vendor::Reten,
        member,
        valid: valid.to_owned(),
    }
}
