//! Principals and keys of a Rust test's own, one at a time.

use jiff::Timestamp;
use keyway_openapi::Vendor;

use super::{IssuedPrincipal, NewKey, NewPrincipal, SeedError, Seeds, Tenancy};
use crate::keys::IssuedKey;
use crate::world::World;

/// A principal to be made: a user of Reten or Dolfin with a session, a key at Sinjapp or B3OS, which sign nobody in.
///
/// ```
/// use keyway_mock::{MockServer, Vendor};
///
/// # #[tokio::main] async fn main() {
/// let server = MockServer::start().await;
/// let reader = server
///     .principal(Vendor::Reten)
///     .permission("VIEW_ACTIVITIES")
///     .password("correct horse")
///     .create()
///     .await
///     .unwrap();
/// assert!(reader.credential().starts_with("bearer:"));
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a principal is made by `create`"]
pub struct PrincipalBuilder<'w> {
    world: &'w World,
    order: NewPrincipal,
}

impl<'w> PrincipalBuilder<'w> {
    pub(crate) fn new(world: &'w World, vendor: Vendor) -> Self {
        Self {
            world,
            order: NewPrincipal::new(vendor),
        }
    }

    /// Reten: what the user signs in as, besides the email address. Made up if not given.
    pub fn username(mut self, username: &str) -> Self {
        self.order.username = Some(username.to_owned());
        self
    }

    /// Reten and Dolfin: made up if not given.
    pub fn email(mut self, email: &str) -> Self {
        self.order.email = Some(email.to_owned());
        self
    }

    /// Reten: at least eight characters. Without one the user has a token and cannot sign in.
    pub fn password(mut self, password: &str) -> Self {
        self.order.password = Some(password.to_owned());
        self
    }

    /// Dolfin: `Owner`, `Admin` or, if not given, `Member`.
    pub fn role(mut self, role: &str) -> Self {
        self.order.role = Some(role.to_owned());
        self
    }

    /// Reten: a permission that the user holds, in upper case. None if not given.
    pub fn permission(mut self, permission: &str) -> Self {
        self.order.grants.push(permission.to_owned());
        self
    }

    /// Sinjapp: a scope that the key has. B3OS: the scope of the key.
    pub fn scope(self, scope: &str) -> Self {
        self.permission(scope)
    }

    /// Makes it in the other tenant.
    pub fn in_other_tenant(mut self) -> Self {
        self.order.tenant = Tenancy::Other;
        self
    }

    /// Reten and Dolfin: makes a user of both tenants.
    pub fn in_both_tenants(mut self) -> Self {
        self.order.tenant = Tenancy::Both;
        self
    }

    /// When the credential ends, the past included. It never does if not given.
    pub fn expires_at(mut self, at: Timestamp) -> Self {
        self.order.expires_at = Some(at);
        self
    }

    /// Makes the principal.
    ///
    /// # Errors
    /// If the vendor has no such principal; the message names the cure.
    pub async fn create(self) -> Result<IssuedPrincipal, SeedError> {
        let seeds = Seeds {
            principals: vec![self.order],
            keys: Vec::new(),
        };
        one(self.world, seeds).await
    }
}

/// A key to be made directly, past the limits of the vendor's create operation, for the ready-made administrator.
///
/// ```
/// use keyway_mock::{MockServer, Vendor};
///
/// # #[tokio::main] async fn main() {
/// let server = MockServer::start().await;
/// let yesterday = server.clock().now() - std::time::Duration::from_secs(86_400);
/// let expired = server.seed_key(Vendor::Dolfin).expires_at(yesterday).create().await.unwrap();
/// assert!(expired.secret().starts_with("dol_live_"));
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a key is made by `create`"]
pub struct SeedKeyBuilder<'w> {
    world: &'w World,
    order: NewKey,
}

impl<'w> SeedKeyBuilder<'w> {
    pub(crate) fn new(world: &'w World, vendor: Vendor) -> Self {
        Self {
            world,
            order: NewKey::new(vendor),
        }
    }

    /// What the key is called.
    pub fn name(mut self, name: &str) -> Self {
        self.order.name = Some(name.to_owned());
        self
    }

    /// Whose it is, if not the ready-made administrator's. Reten: a user's name, email address or id; B3OS: a user's
    /// id, or a service account's name or id.
    pub fn owner(mut self, owner: &str) -> Self {
        self.order.owner = Some(owner.to_owned());
        self
    }

    /// Reten: a permission that the key has, in upper case. None if not given.
    pub fn permission(mut self, permission: &str) -> Self {
        self.order.grants.push(permission.to_owned());
        self
    }

    /// Sinjapp: a scope that the key has. B3OS: the scope of the key.
    pub fn scope(self, scope: &str) -> Self {
        self.permission(scope)
    }

    /// Makes it in the other tenant.
    pub fn in_other_tenant(mut self) -> Self {
        self.order.tenant = Tenancy::Other;
        self
    }

    /// When the key ends, the past included. It never does if not given.
    pub fn expires_at(mut self, at: Timestamp) -> Self {
        self.order.expires_at = Some(at);
        self
    }

    /// Makes the key.
    ///
    /// # Errors
    /// If the vendor has no such key; the message names the cure.
    pub async fn create(self) -> Result<IssuedKey, SeedError> {
        let seeds = Seeds {
            principals: Vec::new(),
            keys: vec![self.order],
        };
        let made = one(self.world, seeds).await?;
        Ok(IssuedKey::new(made.id(), made.secret()))
    }
}

/// The one thing that was ordered.
async fn one(world: &World, seeds: Seeds) -> Result<IssuedPrincipal, SeedError> {
    let made = world.seed(&seeds).await.map_err(|refused| refused.problem)?;
    let mut all = made.principals.into_iter().chain(made.keys);
    Ok(all.next().expect("what was ordered was made"))
}
