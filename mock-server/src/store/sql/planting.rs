//! The rows of a whole state, added many with one statement: others wait for the age that it belongs to.

use sqlx::{AnyConnection, Row as _};

use super::credentials::{COLUMNS, columns_of, json_of};
use super::text::kept;
use super::{Database, Engine};
use crate::store::Credential;
use crate::store::memory::Shelf;

/// How many rows go with one statement; SQLite takes 32,766 values with one.
const ROWS: usize = 500;

impl Database {
    /// Adds the credentials of a state, whose numbers are given.
    pub(super) async fn plant_credentials(
        &self,
        connection: &mut AnyConnection,
        age: i64,
        credentials: Vec<Credential>,
    ) -> Result<(), sqlx::Error> {
        let ordinals = self.draw_many(connection, credentials.len()).await?;
        let rows: Vec<_> = ordinals.into_iter().zip(credentials).collect();
        let into = format!("credentials (ordinal, age, {COLUMNS}, last_use_us)");
        let at_once = match self.0.engine {
            #[cfg(feature = "postgres")]
            Engine::Postgres => ROWS,
            // It looks for each of a statement's parameters among all of them.
            #[cfg(feature = "sqlite")]
            Engine::Sqlite => ROWS / 10,
        };
        for some in rows.chunks(at_once) {
            let statement = insert(&into, 17, some.len());
            let mut query = sqlx::query(&statement).persistent(false);
            for (ordinal, credential) in some {
                query = columns_of(query.bind(*ordinal).bind(age), credential, Some(credential.id()));
            }
            query.execute(&mut *connection).await?;
        }
        Ok(())
    }

    /// So many numbers that nobody else has, in their order.
    async fn draw_many(&self, connection: &mut AnyConnection, many: usize) -> Result<Vec<i64>, sqlx::Error> {
        let many = i64::try_from(many).unwrap_or(i64::MAX);
        match self.0.engine {
            #[cfg(feature = "postgres")]
            Engine::Postgres => {
                let statement = "SELECT nextval('ordinals') FROM generate_series(1, $1)";
                let drawn = sqlx::query(statement).bind(many).fetch_all(connection).await?;
                drawn.iter().map(|row| row.try_get(0)).collect()
            }
            #[cfg(feature = "sqlite")]
            Engine::Sqlite => {
                let statement = "UPDATE ordinals SET last = last + $1 RETURNING last";
                let query = sqlx::query(statement).bind(many);
                let last: i64 = super::lease::only(query, connection).await?.try_get(0)?;
                Ok((last - many + 1..=last).collect())
            }
        }
    }
}

/// Adds the collections of a state, by name and tenant.
pub(super) async fn plant_shelves(
    connection: &mut AnyConnection,
    age: i64,
    shelves: &[(String, String, Shelf)],
) -> Result<(), sqlx::Error> {
    for some in shelves.chunks(ROWS) {
        let statement = insert("shelves (age, collection, tenant, last_sequence)", 4, some.len());
        let mut query = sqlx::query(&statement).persistent(false);
        for (collection, tenant, shelf) in some {
            query = query.bind(age).bind(kept(collection)).bind(kept(tenant));
            query = query.bind(number(shelf.last_sequence()));
        }
        query.execute(&mut *connection).await?;
    }
    for (collection, tenant, shelf) in shelves {
        let documents: Vec<_> = shelf.documents().collect();
        for some in documents.chunks(ROWS) {
            let into = "documents (age, collection, tenant, id, sequence, body)";
            let statement = insert(into, 6, some.len());
            let mut query = sqlx::query(&statement).persistent(false);
            for document in some {
                query = query.bind(age).bind(kept(collection)).bind(kept(tenant));
                query = query.bind(kept(&document.id)).bind(number(document.sequence));
                query = query.bind(json_of(&document.body));
            }
            query.execute(&mut *connection).await?;
        }
    }
    Ok(())
}

/// Adds so many rows to a table, of which the columns and their number are given.
fn insert(into: &str, columns: usize, rows: usize) -> String {
    format!("INSERT INTO {into} VALUES {}", rows_of(columns, rows))
}

/// The places of so many rows.
pub(super) fn rows_of(columns: usize, rows: usize) -> String {
    let values: Vec<String> = (0..rows).map(|row| places(row * columns, columns)).collect();
    values.join(", ")
}

/// The places of the values of one row, after so many that others have.
fn places(after: usize, columns: usize) -> String {
    let places: Vec<String> = (after + 1..=after + columns)
        .map(|place| format!("${place}"))
        .collect();
    format!("({})", places.join(", "))
}

/// A number as a database takes it.
fn number(of: u64) -> i64 {
    i64::try_from(of).unwrap_or(i64::MAX)
}
