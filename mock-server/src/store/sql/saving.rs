//! An age read out whole.

use std::collections::HashMap;

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Connection as _, Row as _};

use super::credentials::COLUMNS;
use super::lease::{LONG_PATIENCE, lend, only, unavailable};
use super::text::unkept;
use super::{Database, Engine, documents};
use crate::store::memory::Shelf;
use crate::store::{Kind, State, Unavailable, aside};

/// The rows of an age.
struct Rows {
    age: i64,
    last_number: u64,
    credentials: Vec<AnyRow>,
    shelves: Vec<AnyRow>,
    documents: Vec<AnyRow>,
}

impl Database {
    /// Everything that belongs to an age, as of one moment.
    pub(super) async fn save(&self, age: i64) -> Result<State, Unavailable> {
        let list = format!("SELECT {COLUMNS} FROM credentials WHERE age = $1 ORDER BY kind, tenant, ordinal");
        let shelves = "SELECT collection, tenant, last_sequence FROM shelves WHERE age = $1";
        let books =
            "SELECT sequence, id, body, collection, tenant FROM documents WHERE age = $1 ORDER BY sequence";
        let numbers = "SELECT base FROM ages WHERE age = $1";
        let rows = lend!(LONG_PATIENCE, self.listing(), connection => {
            let mut transaction = connection.begin().await?;
            #[cfg(feature = "postgres")]
            if self.0.engine == Engine::Postgres {
                sqlx::Executor::execute(&mut *transaction, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ").await?;
            }
            self.take_long(&mut transaction).await?;
            let base: i64 = only(sqlx::query(numbers).bind(age), &mut transaction).await?.try_get(0)?;
            // After the first statement, at whose moment everything else is shown: a sequence of PostgreSQL shows the present,
            // and so no key has a number that comes after this one.
            let last = self.last_drawn(&mut transaction).await?;
            let rows = Rows {
                age,
                last_number: (last - base).unsigned_abs(),
                credentials: sqlx::query(&list).bind(age).fetch_all(&mut *transaction).await?,
                shelves: sqlx::query(shelves).bind(age).fetch_all(&mut *transaction).await?,
                documents: sqlx::query(books).bind(age).fetch_all(&mut *transaction).await?,
            };
            transaction.commit().await?;
            Ok(rows)
        });
        let database = self.clone();
        aside(move || database.state_of(&rows)).await
    }

    fn state_of(&self, rows: &Rows) -> Result<State, Unavailable> {
        let credentials = rows.credentials.iter().map(|row| self.read(rows.age, row));
        let credentials: Vec<_> = credentials.collect::<Result<_, _>>()?;
        let mut kept: HashMap<String, HashMap<String, Shelf>> = HashMap::new();
        let text = |row: &AnyRow, column: usize| {
            let text = row.try_get(column).map(unkept);
            text.map_err(|error| unavailable(&error))
        };
        for row in &rows.shelves {
            let last: i64 = row.try_get(2).map_err(|error| unavailable(&error))?;
            let tenants = kept.entry(text(row, 0)?).or_default();
            tenants.insert(text(row, 1)?, Shelf::ending_at(last.unsigned_abs()));
        }
        for row in &rows.documents {
            let document = documents::read(row).map_err(|error| unavailable(&error))?;
            let tenants = kept.entry(text(row, 3)?).or_default();
            tenants.entry(text(row, 4)?).or_default().put(document);
        }
        let kinds = [Kind::ApiKey, Kind::Session, Kind::Refresh, Kind::Code];
        let last_numbers = kinds.map(|kind| (kind, rows.last_number)).into_iter().collect();
        Ok(State::new(
            credentials
                .iter()
                .map(|credential| (&**credential, credential.life())),
            &last_numbers,
            kept,
            &self.redactor(),
        ))
    }

    /// The last number that was given to anybody.
    async fn last_drawn(&self, connection: &mut AnyConnection) -> Result<i64, sqlx::Error> {
        let statement = match self.0.engine {
            #[cfg(feature = "postgres")]
            Engine::Postgres => "SELECT last_value FROM ordinals",
            #[cfg(feature = "sqlite")]
            Engine::Sqlite => "SELECT last FROM ordinals",
        };
        only(sqlx::query(statement), connection).await?.try_get(0)
    }
}
