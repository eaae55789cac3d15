//! The rows of a whole state, added many with one statement: others wait for the age that it belongs to.

use sqlx::any::AnyArguments;
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, Row as _};

use super::credentials::{COLUMNS, columns_of, json_of};
use super::text::kept;
use super::{Database, Engine};
use crate::store::Credential;
use crate::store::memory::Shelf;

/// How many rows go with one statement; SQLite takes 32,766 values with one.
const ROWS: usize = 500;

/// A statement that is being given its values.
type Filling<'q> = Query<'q, Any, AnyArguments<'q>>;

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
        add_all(connection, &into, 17, &rows, |query, (ordinal, credential)| {
            let query = query.bind(*ordinal).bind(age);
            columns_of(query, credential, Some(credential.id()))
        })
        .await
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

/// Adds the collections of a state, each with its name and tenant.
pub(super) async fn plant_shelves(
    connection: &mut AnyConnection,
    age: i64,
    shelves: &[(&str, &str, &Shelf)],
) -> Result<(), sqlx::Error> {
    let into = "shelves (age, collection, tenant, last_sequence)";
    add_all(
        connection,
        into,
        4,
        shelves,
        |query, (collection, tenant, shelf)| {
            let query = query.bind(age).bind(kept(collection)).bind(kept(tenant));
            query.bind(number(shelf.last_sequence()))
        },
    )
    .await?;
    let mut documents = Vec::new();
    for &(collection, tenant, shelf) in shelves {
        documents.extend(shelf.documents().map(|document| (collection, tenant, document)));
    }
    let into = "documents (age, collection, tenant, id, sequence, body)";
    add_all(
        connection,
        into,
        6,
        &documents,
        |query, (collection, tenant, document)| {
            let query = query.bind(age).bind(kept(collection)).bind(kept(tenant));
            query
                .bind(kept(&document.id))
                .bind(number(document.sequence))
                .bind(json_of(&document.body))
        },
    )
    .await
}

/// Adds rows to a table, of which the columns and their number are given.
async fn add_all<T>(
    connection: &mut AnyConnection,
    into: &str,
    columns: usize,
    rows: &[T],
    fill: impl for<'q> Fn(Filling<'q>, &T) -> Filling<'q>,
) -> Result<(), sqlx::Error> {
    for some in rows.chunks(ROWS) {
        let values: Vec<String> = (0..some.len())
            .map(|row| places(row * columns, columns))
            .collect();
        let statement = format!("INSERT INTO {into} VALUES {}", values.join(", "));
        let filled = some.iter().fold(sqlx::query(&statement).persistent(false), &fill);
        filled.execute(&mut *connection).await?;
    }
    Ok(())
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
