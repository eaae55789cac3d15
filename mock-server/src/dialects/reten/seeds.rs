//! What stands ready when the mock starts: access tokens by digest, and something to read in each tenant.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::dialect::Seeded;
use crate::entropy::bootstrap_hex;
use crate::store::{AnyStore, Store, Unavailable};

use super::users::{self, ACME, BETA, USERS, User};
use super::{reads, sessions};

/// Fills an empty store.
pub(super) async fn plant(store: &AnyStore, now: Timestamp) -> Result<Seeded, Unavailable> {
    let mut tokens = HashMap::new();
    for user in users::ready_made() {
        let token = token(&user);
        sessions::keep(store, &user, &token, now).await?;
        store
            .append(USERS, Some(user.id.clone()), user.kept().into())
            .await?;
        tokens.insert(user.username, format!("bearer:{token}"));
    }
    reads::plant(store, &ACME, 30).await?;
    reads::plant(store, &BETA, 2).await?;
    let mut token_of = |username| tokens.remove(username).unwrap_or_default();
    Ok(Seeded {
        tenant: ACME.id,
        other_tenant: BETA.id,
        other_host: None,
        admin: token_of("admin"),
        limited: token_of("limited"),
        other: token_of("other"),
    })
}

/// The same at every start, so it is dated with the month of the document and not with today.
fn token(user: &User) -> String {
    sessions::token(
        user,
        DATED,
        None,
        &format!("mock{}", bootstrap_hex("reten", &user.username, 40)),
    )
}

/// 2026-02-26T14:30:00Z, when the example key of the api-keys/create page was made.
const DATED: Timestamp = Timestamp::constant(1_772_116_200, 0);
