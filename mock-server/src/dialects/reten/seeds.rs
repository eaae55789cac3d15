//! What stands ready when the mock starts: access tokens by digest, and something to read in each tenant.

use jiff::Timestamp;

use crate::dialect::Seeded;
use crate::entropy::bootstrap_hex;
use crate::store::{Kind, Memory};

use super::users::{self, ACME, BETA, User};
use super::{reads, sessions};

/// Fills an empty store.
pub(super) async fn plant(store: &Memory, now: Timestamp) -> Seeded {
    for user in &users::USERS {
        let token = token(user);
        sessions::keep(store, Kind::Session, user, &token, now, None).await;
    }
    reads::plant(store, &ACME, 30).await;
    reads::plant(store, &BETA, 2).await;
    Seeded {
        tenant: ACME.id,
        other_tenant: BETA.id,
        other_host: None,
        admin: bearer("admin"),
        limited: bearer("limited"),
        other: bearer("other"),
    }
}

fn bearer(username: &str) -> String {
    let user = users::USERS.iter().find(|user| user.username == username);
    user.map(|user| format!("bearer:{}", token(user)))
        .unwrap_or_default()
}

/// The same at every start, so it is dated with the month of the document and not with today.
fn token(user: &User) -> String {
    sessions::token(
        user,
        DATED,
        None,
        &format!("mock{}", bootstrap_hex("reten", user.username, 40)),
    )
}

/// 2026-02-26T14:30:00Z, when the example key of the api-keys/create page was made.
const DATED: Timestamp = Timestamp::constant(1_772_116_200, 0);
