//! The ages of the vendors in a database: begun with a state, ended by the next, and read out whole.

use std::collections::HashMap;

use keyway_openapi::Vendor;
use sqlx::{AnyConnection, Connection as _, Row as _};

use super::lease::{LONG_PATIENCE, ask, lend, only, unavailable};
use super::planting::plant_shelves;
use super::{Database, Engine};
#[cfg(feature = "postgres")]
use crate::store::Worth;
use crate::store::memory::Shelf;
use crate::store::{State, Unavailable};

impl Database {
    /// The age that a vendor is in.
    pub(crate) async fn age(&self, vendor: Vendor) -> Result<i64, Unavailable> {
        let row = ask!(self.reading(), connection => {
            only(sqlx::query("SELECT age FROM vendors WHERE vendor = $1").bind(vendor.name()), connection).await
        });
        row.try_get(0).map_err(|error| unavailable(&error))
    }

    /// Begins the first age of every vendor that has none yet, and says whether there was one. Of many servers that
    /// start at once one does it, and the others wait for it. What a vendor is to begin with after a reset, too, is
    /// kept beside it.
    pub(crate) async fn settle(
        &self,
        states: Vec<(Vendor, State)>,
        beginnings: &[(Vendor, State)],
    ) -> Result<bool, Unavailable> {
        let claim = "INSERT INTO vendors (vendor, age) VALUES ($1, 0) ON CONFLICT (vendor) DO NOTHING";
        let keep = "INSERT INTO beginnings (vendor, state) VALUES ($1, $2)";
        let is_new = lend!(LONG_PATIENCE, self.writing_long(), connection => {
            let mut transaction = connection.begin().await?;
            self.take_long(&mut transaction).await?;
            let mut is_new = false;
            for (vendor, state) in states {
                let claimed = sqlx::query(claim).bind(vendor.name()).execute(&mut *transaction).await?;
                if claimed.rows_affected() > 0 {
                    self.begin_within(&mut transaction, vendor, state).await?;
                    for (_, beginning) in beginnings.iter().filter(|(of, _)| *of == vendor) {
                        let text = serde_json::to_string(beginning).map_err(sqlx::Error::decode)?;
                        let query = sqlx::query(keep).bind(vendor.name()).bind(text);
                        query.execute(&mut *transaction).await?;
                    }
                    is_new = true;
                }
            }
            transaction.commit().await?;
            Ok(is_new)
        });
        self.survey().await;
        Ok(is_new)
    }

    /// What the vendors begin with; nothing where that is the ready-made state alone.
    pub(crate) async fn beginnings(&self) -> Result<Vec<(Vendor, State)>, Unavailable> {
        let rows = ask!(self.reading(), connection => {
            sqlx::query("SELECT vendor, state FROM beginnings").fetch_all(connection).await
        });
        let mut beginnings = Vec::new();
        for row in rows {
            let text = |column: usize| {
                row.try_get::<String, _>(column)
                    .map_err(|error| unavailable(&error))
            };
            // Of a vendor that this server has not heard of the others know.
            if let Ok(vendor) = text(0)?.parse() {
                let state = serde_json::from_str(&text(1)?);
                beginnings.push((
                    vendor,
                    state.map_err(|error| unavailable(&sqlx::Error::decode(error)))?,
                ));
            }
        }
        Ok(beginnings)
    }

    /// Begins another age of these vendors, all at once; what belonged to the ages before is gone.
    pub(crate) async fn begin(&self, states: Vec<(Vendor, State)>) -> Result<(), Unavailable> {
        lend!(LONG_PATIENCE, self.writing_long(), connection => {
            let mut transaction = connection.begin().await?;
            self.take_long(&mut transaction).await?;
            for (vendor, state) in states {
                self.begin_within(&mut transaction, vendor, state).await?;
            }
            transaction.commit().await
        });
        self.survey().await;
        Ok(())
    }

    /// Gives a transaction as long as it may take, also to wait for another.
    pub(super) async fn take_long(&self, transaction: &mut AnyConnection) -> Result<(), sqlx::Error> {
        match self.0.engine {
            #[cfg(feature = "postgres")]
            Engine::Postgres => {
                let settings = "SET LOCAL statement_timeout = '60s'; SET LOCAL lock_timeout = '60s'";
                sqlx::Executor::execute(transaction, settings).await.map(drop)
            }
            #[cfg(feature = "sqlite")]
            Engine::Sqlite => {
                let _ = transaction;
                Ok(())
            }
        }
    }

    /// Has PostgreSQL count what there is. As long as it has not, all indices look alike to it, and a plan that goes by
    /// the wrong one is kept for as long as its connection.
    async fn survey(&self) {
        #[cfg(feature = "postgres")]
        if self.0.engine == Engine::Postgres {
            // It will do so by itself, only later.
            let _ = self.analyze().await;
        }
    }

    #[cfg(feature = "postgres")]
    async fn analyze(&self) -> Result<(), Unavailable> {
        let statement = "ANALYZE vendors, ages, credentials, shelves, documents";
        lend!(self.writing(Worth::Record), connection => sqlx::Executor::execute(connection, statement).await);
        Ok(())
    }

    async fn begin_within(
        &self,
        connection: &mut AnyConnection,
        vendor: Vendor,
        state: State,
    ) -> Result<(), sqlx::Error> {
        let turn = "INSERT INTO vendors (vendor, age) VALUES ($1, 0) \
                    ON CONFLICT (vendor) DO UPDATE SET age = vendors.age";
        sqlx::query(turn)
            .bind(vendor.name())
            .execute(&mut *connection)
            .await?;
        sqlx::query("DELETE FROM ages WHERE vendor = $1")
            .bind(vendor.name())
            .execute(&mut *connection)
            .await?;
        let age = self.draw(connection).await?;
        let (kept, last_numbers, shelves) = state.into_parts();
        let last_number = last_numbers.values().max().copied().unwrap_or_default();
        let last_number = i64::try_from(last_number).unwrap_or_default();
        // The credentials of the state take ordinals, too, and are not to use up numbers.
        let taken = i64::try_from(kept.len()).unwrap_or_default();
        sqlx::query("INSERT INTO ages (age, vendor, base) VALUES ($1, $2, $3)")
            .bind(age)
            .bind(vendor.name())
            .bind(age + taken - last_number)
            .execute(&mut *connection)
            .await?;
        for credential in &kept {
            self.0.seals.learn(&credential.seal);
        }
        self.plant_credentials(connection, age, kept).await?;
        plant_shelves(connection, age, &listed(shelves)).await?;
        sqlx::query("UPDATE vendors SET age = $1 WHERE vendor = $2")
            .bind(age)
            .bind(vendor.name())
            .execute(connection)
            .await?;
        Ok(())
    }

    /// Keeps an age from ending before this transaction does, and fails if it is over. A transaction asks for this first:
    /// if it had locked something else of the age before, it and a reset would wait for each other.
    pub(super) async fn hold(&self, transaction: &mut AnyConnection, age: i64) -> Result<(), sqlx::Error> {
        let statement = match self.0.engine {
            #[cfg(feature = "postgres")]
            Engine::Postgres => "SELECT age FROM ages WHERE age = $1 FOR KEY SHARE",
            // Who has read already when he begins to write does not wait for his turn, but is refused.
            #[cfg(feature = "sqlite")]
            Engine::Sqlite => "UPDATE ages SET base = base WHERE age = $1 RETURNING age",
        };
        only(sqlx::query(statement).bind(age), transaction)
            .await
            .map(drop)
    }

    /// A number that nobody else has.
    async fn draw(&self, connection: &mut AnyConnection) -> Result<i64, sqlx::Error> {
        let statement = match self.0.engine {
            #[cfg(feature = "postgres")]
            Engine::Postgres => "SELECT nextval('ordinals')",
            #[cfg(feature = "sqlite")]
            Engine::Sqlite => "UPDATE ordinals SET last = last + 1 RETURNING last",
        };
        only(sqlx::query(statement), connection).await?.try_get(0)
    }
}

/// Collections with their names and tenants.
fn listed(shelves: HashMap<String, HashMap<String, Shelf>>) -> Vec<(String, String, Shelf)> {
    let of_collection = |(collection, tenants): (String, HashMap<String, Shelf>)| {
        let named = tenants.into_iter();
        named.map(move |(tenant, shelf)| (collection.clone(), tenant, shelf))
    };
    shelves.into_iter().flat_map(of_collection).collect()
}

#[cfg(all(test, feature = "sqlite"))]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;
    use serde_json::Map;

    use super::*;
    use crate::redact::Redactor;
    use crate::seals::Seals;
    use crate::store::{
        Change, Collection, Credential, Digest, Exchange, Kind, Lookup, NewCredential, Reach, Revocation,
        Seal, Store as _, StoreLocation, Tally, Which, Window, Worth,
    };

    #[tokio::test]
    async fn of_an_age_that_is_over_nothing_is_said_to_be_missing() {
        let folder = tempfile::tempdir().expect("a folder");
        let seals: Arc<Seals> = Arc::default();
        let location = StoreLocation::Sqlite(folder.path().join("keys.db"));
        let opened = Database::open(&location, &seals).await.expect("a file");
        let database = opened.expect("a database");
        let empty = || {
            let nothing = State::new(
                [].into_iter(),
                &HashMap::new(),
                HashMap::new(),
                &Redactor::of(&seals),
            );
            vec![(Vendor::Sinjapp, nothing)]
        };
        database.begin(empty()).await.expect("an age");
        let age = database.age(Vendor::Sinjapp).await.expect("an age");
        let store = database.store_in(Vendor::Sinjapp, age);
        let digest = Digest::of("nobody's");
        let reach = Reach {
            tenant: "",
            owner: None,
        };
        let things = Collection {
            name: "things",
            tenant: "",
            keep: 1,
            worth: Worth::Record,
        };
        let now = Timestamp::UNIX_EPOCH;
        let old = Credential::new(
            NewCredential {
                id: None,
                kind: Kind::Refresh,
                seal: Seal::of("nobody's"),
                tenant: "".into(),
                owner: "".into(),
                name: String::new(),
                prefix: String::new(),
                grants: vec![],
                created_at: now,
                expires_at: None,
                details: Map::new(),
            },
            "1",
        );
        // Of each: whether it answers, and that there is nothing.
        let answers = async || {
            [
                store.authenticate(&digest).await.map(|found| found.is_none()),
                store
                    .lookup(Kind::ApiKey, "1", reach)
                    .await
                    .map(|found| matches!(found, Lookup::Missing)),
                store
                    .list(Kind::ApiKey, reach, Which::All, Window::ALL)
                    .await
                    .map(|found| found.is_empty()),
                store
                    .tally(Kind::ApiKey, reach, now)
                    .await
                    .map(|tally| tally == Tally::default()),
                store
                    .is_named(Kind::ApiKey, reach, "name")
                    .await
                    .map(|is_named| !is_named),
                store
                    .revoke(Kind::ApiKey, "1", reach, now)
                    .await
                    .map(|came| matches!(came, Revocation::Missing)),
                store
                    .exchange(&old, now, vec![])
                    .await
                    .map(|came| matches!(came, Exchange::Spent)),
                store.document(things, "1").await.map(|found| found.is_none()),
                store.count(things).await.map(|count| count == 0),
                store.find(things, |_| true).await.map(|found| found.is_none()),
                store
                    .documents(things, Window::ALL)
                    .await
                    .map(|found| found.items.is_empty() && found.total == 0),
                store
                    .select(things, Window::ALL, |_| true)
                    .await
                    .map(|found| found.items.is_empty()),
                store
                    .change(things, "1", Map::new(), |_| false)
                    .await
                    .map(|came| matches!(came, Change::Missing)),
                store
                    .retire(things, "1", Kind::ApiKey, now)
                    .await
                    .map(|is_gone| !is_gone),
            ]
        };
        for (number, answer) in answers().await.into_iter().enumerate() {
            assert_eq!(answer, Ok(true), "the answer {number} of an age that is");
        }
        database.begin(empty()).await.expect("another age");
        let answered = answers().await.into_iter().enumerate();
        let answered: Vec<_> = answered.filter(|(_, answer)| answer.is_ok()).collect();
        assert_eq!(answered, [], "of an age that is over");
    }
}
