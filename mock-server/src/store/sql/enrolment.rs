//! Users and credentials that come together: all of them, or none.

use std::sync::Arc;

use serde_json::Value;
use sqlx::Connection as _;

use super::lease::lend;
use super::{Sql, documents};
use crate::store::{Collection, Credential, Newcomer, Unavailable, Worth};

/// A newcomer as it will be kept.
struct Entry {
    age: i64,
    user: Option<(Collection<'static>, String, Value)>,
    credential: Credential,
}

impl Sql {
    /// Keeps newcomers of vendors whose state is in the same database, in one transaction.
    pub(crate) async fn take_in(all: Vec<(&Self, Newcomer)>) -> Result<Vec<Arc<Credential>>, Unavailable> {
        let Some(database) = all.first().map(|(store, _)| &store.database) else {
            return Ok(Vec::new());
        };
        let mut entries = Vec::new();
        for (store, Newcomer { user, credential }) in all {
            let redacted = |body: &Value| database.redactor().words(body);
            entries.push(Entry {
                age: store.age().await?,
                user: user.map(|(into, id, body)| (into, id, redacted(&body))),
                credential: store.drawn_up(credential),
            });
        }
        Ok(lend!(database.writing(Worth::Record), connection => {
            let mut transaction = connection.begin().await?;
            let mut kept = Vec::new();
            for Entry { age, user, credential } in entries {
                if let Some((into, id, body)) = user {
                    documents::append(&mut transaction, age, into, Some(id), body).await?;
                }
                let issued = database.insert(&mut transaction, age, &credential, None).await?;
                let issued = issued.ok_or(sqlx::Error::RowNotFound)?;
                kept.push(Arc::new(credential.with_id(&issued.id)));
            }
            transaction.commit().await?;
            Ok(kept)
        }))
    }
}
