//! Users and the tenants they belong to. The ready-made users are put into the store as those of a test's own are;
//! tenants are as they are, because no operation of the document changes them.

use std::sync::Arc;

use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::call::{Response, json};
use crate::store::{AnyStore, Collection, Digest, Document, Store, Unavailable, Worth};

use super::permissions;

/// All users; a user may have many tenants.
pub(super) const USERS: Collection<'static> = Collection {
    name: "reten.users",
    tenant: "",
    keep: 10_000,
    worth: Worth::Record,
};

/// Somebody who can sign in.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct User {
    pub(super) id: String,
    pub(super) username: String,
    pub(super) email: String,
    /// SHA-256 of the password; who has none cannot sign in.
    pub(super) password_sha256: Option<String>,
    pub(super) first_name: String,
    pub(super) last_name: String,
    /// Ids of tenants.
    pub(super) tenants: Vec<String>,
    pub(super) role: String,
    pub(super) permissions: Vec<String>,
}

/// The id of the ready-made administrator of [`ACME`].
pub(super) const ADMIN: &str = "550e8400-e29b-41d4-a716-446655440000";
/// The id of the ready-made administrator of [`BETA`].
pub(super) const OTHER: &str = "550e8400-e29b-41d4-a716-446655440004";

/// A user who is there from the start. The password is a fixture and nobody's secret.
struct Ready {
    id: &'static str,
    username: &'static str,
    email: &'static str,
    password: &'static str,
    first_name: &'static str,
    last_name: &'static str,
    tenants: &'static [&'static Tenant],
    role: &'static str,
    permissions: &'static [&'static str],
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

static READY: [Ready; 5] = [
    Ready {
        id: ADMIN,
        username: "admin",
        email: "admin@acme-corp.example",
        password: "admin-password",
        first_name: "Admin",
        last_name: "User",
        tenants: &[&ACME],
        role: "SUPER_ADMIN",
        permissions: &permissions::ALL,
    },
    Ready {
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
    Ready {
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
    Ready {
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
    Ready {
        id: OTHER,
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

/// The ready-made users, in the order of their ids.
pub(super) fn ready_made() -> impl Iterator<Item = User> {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    READY.iter().map(move |ready| User {
        id: ready.id.to_owned(),
        username: ready.username.to_owned(),
        email: ready.email.to_owned(),
        password_sha256: Some(Digest::of(ready.password).to_hex()),
        first_name: ready.first_name.to_owned(),
        last_name: ready.last_name.to_owned(),
        tenants: ready.tenants.iter().map(|tenant| tenant.id.to_owned()).collect(),
        role: ready.role.to_owned(),
        permissions: owned(ready.permissions),
    })
}

impl User {
    pub(super) fn is_member_of(&self, tenant: &str) -> bool {
        self.tenants.iter().any(|known| known == tenant)
    }

    pub(super) fn holds(&self, permission: &str) -> bool {
        self.permissions.iter().any(|held| held == permission)
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

    /// The user as the store keeps it.
    pub(super) fn kept(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}

pub(super) async fn of_id(store: &AnyStore, id: &str) -> Result<Option<Arc<User>>, Unavailable> {
    let document = store.document(USERS, id).await?;
    Ok(document.and_then(|document| document.body.read()))
}

/// How an email address is compared.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum EmailCase {
    Exact,
    Any,
}

/// The user whom name (or email) and password belong to.
pub(super) async fn signing_in(
    store: &AnyStore,
    identifier: &str,
    password: &str,
    case: EmailCase,
) -> Result<Option<Arc<User>>, Unavailable> {
    let has_email = |user: &Value| {
        let email = user["email"].as_str();
        case == EmailCase::Any && email.is_some_and(|email| email.eq_ignore_ascii_case(identifier))
    };
    let is_meant = |user: &Document| is_called(&user.body, identifier) || has_email(&user.body);
    let document = store.find(USERS, is_meant).await?;
    let user = document.and_then(|document| document.body.read::<User>());
    let password = Digest::of(password).to_hex();
    Ok(user.filter(|user| user.password_sha256.as_deref() == Some(&password)))
}

/// Whether a kept user signs in under this name.
pub(super) fn is_called(user: &Value, identifier: &str) -> bool {
    [&user["username"], &user["email"]]
        .iter()
        .any(|name| name.as_str() == Some(identifier))
}

pub(super) fn current(user: &User) -> Response {
    let mut body = user.shown();
    if let Value::Object(body) = &mut body {
        body.insert("tenantIds".to_owned(), user.tenants.clone().into());
        body.insert("roles".to_owned(), vec![user.role.as_str()].into());
    }
    json(StatusCode::OK, &body)
}

pub(super) fn tenants(user: &User) -> Response {
    let of_user = [&ACME, &BETA]
        .into_iter()
        .filter(|tenant| user.is_member_of(tenant.id));
    let shown = |tenant: &Tenant| json!({ "id": tenant.id, "name": tenant.name, "slug": tenant.slug });
    let tenants: Vec<Value> = of_user.map(shown).collect();
    json(StatusCode::OK, &tenants)
}
