//! Users and keys of a test's own.

use keyway_openapi::Vendor;
use serde_json::json;

use crate::seed::{Desk, Enrolment, NewKey, NewPrincipal, NewUser, Order, SeedError};
use crate::store::{Kind, NewCredential, Store};

use super::directory::{self, Membership, USERS, User};
use super::fixtures::{FJORD, SANDBAR};
use super::{keys, sign_in};

/// The roles that the pages on members and users name.
const ROLES: [&str; 3] = ["Owner", "Admin", "Member"];

pub(super) async fn draw_up(desk: &Desk<'_>, order: Order<'_>) -> Result<Enrolment, SeedError> {
    match order {
        Order::Principal(wanted) => draw_up_user(desk, order, wanted).await,
        Order::Key(wanted) => draw_up_key(desk, order, wanted),
    }
}

async fn draw_up_user(
    desk: &Desk<'_>,
    order: Order<'_>,
    wanted: &NewPrincipal,
) -> Result<Enrolment, SeedError> {
    let user = user(desk, wanted).await?;
    let created_at = desk.begin(order);
    let mut lifetime = json!({ "iat": created_at.as_second() });
    if let Some(at) = order.expires_at() {
        lifetime["exp"] = at.as_second().into();
    }
    let mut signature = [0; 32];
    desk.entropy.fill(&mut signature);
    let secret = sign_in::token(&user, lifetime, &signature);
    let client = if user.role_in_client(FJORD).is_some() {
        FJORD
    } else {
        SANDBAR
    };
    Ok(Enrolment {
        credential: desk.credential(order, Kind::Session, &secret, client, &user.id)?,
        scheme: "bearer",
        secret,
        tenant: client,
        user: Some(NewUser {
            into: USERS,
            body: directory::kept(&user),
            id: user.id,
            username: None,
            email: user.email,
        }),
    })
}

/// A user with the same role in a Client and in all of its organisations.
async fn user(desk: &Desk<'_>, wanted: &NewPrincipal) -> Result<User, SeedError> {
    wanted.check_members(&["email", "role"])?;
    let vendor = Vendor::Dolfin;
    let role = wanted.role.as_deref().unwrap_or("Member");
    if !ROLES.contains(&role) {
        return Err(SeedError::Value {
            vendor,
            member: "role",
            valid: ROLES.join(", "),
        });
    }
    let email = wanted.email_or(&format!("user-{}", desk.entropy.hex(12)))?;
    if desk
        .store
        .find(USERS, |user| user.body["email"] == *email)
        .await?
        .is_some()
    {
        let member = "email";
        return Err(SeedError::Taken { vendor, member });
    }
    let member = |id: &str| Membership {
        id: id.to_owned(),
        role: role.to_owned(),
    };
    let clients = wanted.tenant.each_of(FJORD, SANDBAR);
    let mut organisations = Vec::new();
    for client in &clients {
        let found = directory::organisations_of(desk.store, client).await?;
        organisations.extend(found.iter().map(|found| member(&found.id)));
    }
    Ok(User {
        id: desk.entropy.uuid(),
        email,
        name: Some("Seeded".to_owned()),
        clients: clients.into_iter().map(member).collect(),
        organisations,
    })
}

fn draw_up_key(desk: &Desk<'_>, order: Order<'_>, wanted: &NewKey) -> Result<Enrolment, SeedError> {
    wanted.check_unowned("name, tenant, expires_at")?;
    if !order.grants().is_empty() {
        return Err(SeedError::Unknown {
            vendor: Vendor::Dolfin,
            member: "grants",
            valid: "name, tenant, expires_at".to_owned(),
        });
    }
    let client = order.tenant().one_of(Vendor::Dolfin, FJORD, SANDBAR)?;
    let secret = keys::secret(desk.entropy);
    let credential = NewCredential {
        id: Some(desk.entropy.uuid()),
        prefix: keys::prefix(&secret).to_owned(),
        ..desk.credential(order, Kind::ApiKey, &secret, client, client)?
    };
    Ok(Enrolment {
        credential,
        scheme: "key",
        secret,
        user: None,
        tenant: client,
    })
}
