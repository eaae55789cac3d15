//! The ready-made users and tenants. No operation of the document changes them, so they are not in the store.

use http::StatusCode;
use serde_json::{Value, json};

use crate::call::{Response, json};
use crate::store::Digest;

use super::permissions;

/// Somebody who can sign in.
#[derive(Debug)]
pub(super) struct User {
    pub(super) id: &'static str,
    pub(super) username: &'static str,
    email: &'static str,
    password: &'static str,
    first_name: &'static str,
    last_name: &'static str,
    pub(super) tenants: &'static [&'static Tenant],
    role: &'static str,
    pub(super) permissions: &'static [&'static str],
}

/// A company with data of its own.
#[derive(Debug)]
pub(super) struct Tenant {
    pub(super) id: &'static str,
    name: &'static str,
    slug: &'static str,
}

// The tenants of the example on the tenants/my-tenants page.
pub(super) static ACME: Tenant = Tenant {
    id: "660e8400-e29b-41d4-a716-446655440000",
    name: "Acme Corp",
    slug: "acme-corp",
};
pub(super) static BETA: Tenant = Tenant {
    id: "770e8400-e29b-41d4-a716-446655440000",
    name: "Beta Inc",
    slug: "beta-inc",
};

pub(super) static USERS: [User; 5] = [
    User {
        id: "550e8400-e29b-41d4-a716-446655440000",
        username: "admin",
        email: "admin@acme-corp.example",
        password: "admin-password",
        first_name: "Admin",
        last_name: "User",
        tenants: &[&ACME],
        role: "SUPER_ADMIN",
        permissions: &permissions::ALL,
    },
    User {
        id: "550e8400-e29b-41d4-a716-446655440001",
        username: "limited",
        email: "limited@acme-corp.example",
        password: "limited-password",
        first_name: "Limited",
        last_name: "User",
        tenants: &[&ACME],
        role: "VIEWER",
        permissions: &["MANAGE_API_KEYS", "VIEW_ACTIVITIES"],
    },
    User {
        id: "550e8400-e29b-41d4-a716-446655440002",
        username: "viewer",
        email: "viewer@acme-corp.example",
        password: "viewer-password",
        first_name: "Viewing",
        last_name: "User",
        tenants: &[&ACME],
        role: "VIEWER",
        permissions: &["VIEW_ACTIVITIES"],
    },
    User {
        id: "550e8400-e29b-41d4-a716-446655440003",
        username: "consultant",
        email: "consultant@example.com",
        password: "consultant-password",
        first_name: "Consulting",
        last_name: "User",
        tenants: &[&ACME, &BETA],
        role: "ADMIN",
        permissions: &permissions::ADMIN,
    },
    User {
        id: "550e8400-e29b-41d4-a716-446655440004",
        username: "other",
        email: "other@beta-inc.example",
        password: "other-password",
        first_name: "Other",
        last_name: "User",
        tenants: &[&BETA],
        role: "SUPER_ADMIN",
        permissions: &permissions::ALL,
    },
];

impl User {
    pub(super) fn is_member_of(&self, tenant: &str) -> bool {
        self.tenants.iter().any(|known| known.id == tenant)
    }

    pub(super) fn holds(&self, permission: &str) -> bool {
        self.permissions.contains(&permission)
    }

    /// The user as login shows it.
    pub(super) fn shown(&self) -> Value {
        json!({
            "id": self.id,
            "email": self.email,
            "firstName": self.first_name,
            "lastName": self.last_name,
        })
    }
}

pub(super) fn of_id(id: &str) -> Option<&'static User> {
    USERS.iter().find(|user| user.id == id)
}

/// The user whom name (or email) and password belong to.
pub(super) fn signing_in(identifier: &str, password: &str) -> Option<&'static User> {
    let user = USERS
        .iter()
        .find(|user| [user.username, user.email].contains(&identifier))?;
    (Digest::of(user.password) == Digest::of(password)).then_some(user)
}

pub(super) fn current(user: &User) -> Response {
    let mut body = user.shown();
    if let Value::Object(body) = &mut body {
        let tenants: Vec<_> = user.tenants.iter().map(|tenant| tenant.id).collect();
        body.insert("tenantIds".to_owned(), tenants.into());
        body.insert("roles".to_owned(), vec![user.role].into());
    }
    json(StatusCode::OK, &body)
}

pub(super) fn tenants(user: &User) -> Response {
    let shown = |tenant: &&Tenant| json!({ "id": tenant.id, "name": tenant.name, "slug": tenant.slug });
    let tenants: Vec<Value> = user.tenants.iter().map(shown).collect();
    json(StatusCode::OK, &tenants)
}
