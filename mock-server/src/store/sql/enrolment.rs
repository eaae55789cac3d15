//! Users and credentials that come together: all of them, or none.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use sqlx::{AnyConnection, Connection as _};

use super::lease::{PATIENCE, lend};
use super::text::kept;
use super::{Sql, documents};
use crate::store::{Collection, Credential, Digest, Intake, NewUser, Newcomer, Unavailable, Worth};

/// How long each of the newcomers may take besides: a few ways to the database and back.
const EACH: Duration = Duration::from_millis(50);

/// A newcomer as it will be kept.
struct Entry {
    age: i64,
    user: Option<User>,
    credential: Credential,
}

struct User {
    into: Collection<'static>,
    id: String,
    /// Digests.
    names: Vec<String>,
    body: Value,
}

impl Sql {
    /// Keeps newcomers of vendors whose state is in the same database, in one transaction.
    pub(crate) async fn take_in(all: Vec<(&Self, Newcomer)>) -> Result<Intake, Unavailable> {
        let Some(database) = all.first().map(|(store, _)| &store.database) else {
            return Ok(Intake::Kept(Vec::new()));
        };
        let mut entries = Vec::new();
        for (store, Newcomer { user, credential }) in all {
            let as_kept = |user: NewUser| User {
                into: user.into,
                id: user.id,
                names: user.names.iter().map(|name| Digest::of(name).to_hex()).collect(),
                body: database.redactor().words(&user.body),
            };
            entries.push(Entry {
                age: store.age().await?,
                user: user.map(as_kept),
                credential: store.drawn_up(credential),
            });
        }
        // In an order that is the same for all, so that no two wait for each other.
        let ages: BTreeSet<i64> = entries.iter().map(|entry| entry.age).collect();
        let shelves = entries.iter().filter_map(|entry| {
            let into = entry.user.as_ref()?.into;
            Some((entry.age, into.name, into.tenant))
        });
        let shelves: BTreeSet<_> = shelves.collect();
        let many = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        let patience = PATIENCE + EACH.saturating_mul(many);
        Ok(lend!(patience, database.writing(Worth::Record), connection => {
            let mut transaction = connection.begin().await?;
            for age in ages {
                database.hold(&mut transaction, age).await?;
            }
            for (age, collection, tenant) in shelves {
                documents::hold_shelf(&mut transaction, age, collection, tenant).await?;
            }
            let mut kept = Vec::new();
            for (newcomer, Entry { age, user, credential }) in entries.into_iter().enumerate() {
                if let Some(user) = user {
                    for (name, digest) in user.names.iter().enumerate() {
                        if !is_claimed(&mut transaction, age, user.into, digest).await? {
                            transaction.rollback().await?;
                            return Ok(Intake::Taken { newcomer, name });
                        }
                    }
                    documents::append(&mut transaction, age, user.into, Some(user.id), user.body).await?;
                }
                let issued = database.insert(&mut transaction, age, &credential, None).await?;
                let issued = issued.ok_or(sqlx::Error::RowNotFound)?;
                kept.push(Arc::new(credential.with_id(&issued)));
            }
            transaction.commit().await?;
            Ok(Intake::Kept(kept))
        }))
    }
}

/// Claims a name, of which its digest is given; whether nobody has claimed it before.
async fn is_claimed(
    transaction: &mut AnyConnection,
    age: i64,
    within: Collection<'_>,
    digest: &str,
) -> Result<bool, sqlx::Error> {
    let statement = "INSERT INTO names (age, collection, tenant, sha256) VALUES ($1, $2, $3, $4) \
                     ON CONFLICT (age, collection, tenant, sha256) DO NOTHING";
    let query = sqlx::query(statement).bind(age).bind(within.name);
    let claimed = query
        .bind(kept(within.tenant))
        .bind(digest)
        .execute(transaction)
        .await?;
    Ok(claimed.rows_affected() > 0)
}
