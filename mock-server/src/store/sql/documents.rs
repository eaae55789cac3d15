//! Documents in a database.

use jiff::Timestamp;
use serde_json::{Map, Value};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Connection as _, Row as _};

use super::credentials::{count_of, direction, json_of, kind_name, number, text_of, value};
use super::lease::{ask, lend, only, some, unavailable};
use super::text::{kept, unkept};
use super::{Engine, Sql};
use crate::store::{Body, Change, Collection, Document, Kind, Slice, Unavailable, Window, Worth};

/// After which part of what a collection keeps there is a look at whether there are more.
const LOOKS: usize = 16;

impl Sql {
    pub(super) async fn append_document(
        &self,
        into: Collection<'_>,
        id: Option<String>,
        body: Body,
    ) -> Result<Document, Unavailable> {
        let age = self.age().await?;
        let body = self.database.redactor().words(&body);
        Ok(lend!(self.database.writing_into(into), connection => {
            match self.database.0.engine {
                #[cfg(feature = "postgres")]
                Engine::Postgres => append_at_once(connection, age, into, id, body).await,
                #[cfg(feature = "sqlite")]
                Engine::Sqlite => {
                    let mut transaction = connection.begin().await?;
                    let appended = append(&mut transaction, age, into, id, body).await?;
                    transaction.commit().await?;
                    Ok(appended)
                }
            }
        }))
    }

    pub(super) async fn append_document_unless(
        &self,
        into: Collection<'_>,
        id: String,
        body: Value,
        against: impl Fn(&Document) -> bool + Send + Sync,
    ) -> Result<Option<Document>, Unavailable> {
        let age = self.age().await?;
        let body = self.database.redactor().words(&body);
        Ok(lend!(self.database.writing_into(into), connection => {
            let mut transaction = connection.begin().await?;
            self.database.hold(&mut transaction, age).await?;
            // Whoever has this number has the collection until the end of the transaction.
            let sequence = next_sequence(&mut transaction, age, into).await?;
            let all = read_all(&mut transaction, age, into).await?;
            if all.iter().any(against) {
                transaction.rollback().await?;
                return Ok(None);
            }
            let document = document(sequence, Some(id), body);
            add(&mut transaction, age, into.name, into.tenant, &document).await?;
            forget_oldest(&mut transaction, age, into, document.sequence).await?;
            transaction.commit().await?;
            Ok(Some(document))
        }))
    }

    pub(super) async fn document_of_id(
        &self,
        of: Collection<'_>,
        id: &str,
    ) -> Result<Option<Document>, Unavailable> {
        let age = self.age().await?;
        // A row without a document if there is none, and no row if the age is over.
        let statement = "SELECT sequence, id, body FROM ages LEFT JOIN documents ON documents.age = ages.age \
                         AND collection = $2 AND tenant = $3 AND id = $4 WHERE ages.age = $1";
        let row = ask!(self.database.reading(), connection => {
            let query = sqlx::query(statement).bind(age).bind(of.name).bind(kept(of.tenant));
            only(query.bind(kept(id)), connection).await
        });
        let found: Option<String> = row.try_get(1).map_err(|error| unavailable(&error))?;
        found
            .map(|_| read(&row).map_err(|error| unavailable(&error)))
            .transpose()
    }

    pub(super) async fn count_documents(&self, of: Collection<'_>) -> Result<usize, Unavailable> {
        let age = self.age().await?;
        let statement = "SELECT (SELECT COUNT(*) FROM documents WHERE age = $1 AND collection = $2 AND tenant = $3) \
                         FROM ages WHERE age = $1";
        let row = ask!(self.database.reading(), connection => {
            only(sqlx::query(statement).bind(age).bind(of.name).bind(kept(of.tenant)), connection).await
        });
        count_of(&row, 0)
    }

    /// All of them, oldest first.
    pub(super) async fn all_documents(&self, of: Collection<'_>) -> Result<Vec<Document>, Unavailable> {
        let age = self.age().await?;
        Ok(ask!(self.database.reading(), connection => read_all(connection, age, of).await))
    }

    pub(super) async fn part_of_documents(
        &self,
        of: Collection<'_>,
        window: Window,
    ) -> Result<Slice<Document>, Unavailable> {
        let age = self.age().await?;
        let direction = direction(window.order);
        let statement = format!(
            "SELECT part.sequence, part.id, part.body, \
             (SELECT COUNT(*) FROM documents WHERE age = $1 AND collection = $2 AND tenant = $3) \
             FROM ages LEFT JOIN (SELECT sequence, id, body FROM documents \
             WHERE age = $1 AND collection = $2 AND tenant = $3 \
             ORDER BY sequence {direction} LIMIT $4 OFFSET $5) AS part ON TRUE \
             WHERE ages.age = $1 ORDER BY part.sequence {direction}"
        );
        let rows = ask!(self.database.reading(), connection => {
            let query = sqlx::query(&statement)
                .bind(age)
                .bind(of.name)
                .bind(kept(of.tenant))
                .bind(number(window.take))
                .bind(number(window.skip));
            some(query, connection).await
        });
        Ok(Slice {
            items: present(&rows).map_err(|error| unavailable(&error))?,
            total: rows.first().map_or(Ok(0), |row| count_of(row, 3))?,
        })
    }

    pub(super) async fn change_document(
        &self,
        of: Collection<'_>,
        id: &str,
        members: Map<String, Value>,
        against: impl Fn(&Document) -> bool + Send + Sync,
    ) -> Result<Change, Unavailable> {
        let age = self.age().await?;
        let members = self.database.redactor().words(&Value::Object(members));
        let change = "UPDATE documents SET body = $5 \
                      WHERE age = $1 AND collection = $2 AND tenant = $3 AND id = $4";
        Ok(lend!(self.database.writing_into(of), connection => {
            let mut transaction = connection.begin().await?;
            self.database.hold(&mut transaction, age).await?;
            hold_shelf(&mut transaction, age, of.name, of.tenant).await?;
            let (meant, others): (Vec<_>, Vec<_>) = read_all(&mut transaction, age, of)
                .await?
                .into_iter()
                .partition(|document| document.id == id);
            let Some(mut document) = meant.into_iter().next() else {
                transaction.rollback().await?;
                return Ok(Change::Missing);
            };
            if others.iter().any(against) {
                transaction.rollback().await?;
                return Ok(Change::Opposed);
            }
            let mut body = Value::clone(&document.body);
            if let (Value::Object(body), Value::Object(members)) = (&mut body, members) {
                body.extend(members);
            }
            document.body = body.into();
            sqlx::query(change)
                .bind(age)
                .bind(of.name)
                .bind(kept(of.tenant))
                .bind(kept(id))
                .bind(json_of(&document.body))
                .execute(&mut *transaction)
                .await?;
            transaction.commit().await?;
            Ok(Change::Changed(document))
        }))
    }

    pub(super) async fn retire_owner(
        &self,
        from: Collection<'_>,
        id: &str,
        kind: Kind,
        at: Timestamp,
    ) -> Result<bool, Unavailable> {
        let age = self.age().await?;
        let remove = "DELETE FROM documents WHERE age = $1 AND collection = $2 AND tenant = $3 AND id = $4";
        let revoke = "UPDATE credentials SET revoked_at = $1, claim = NULL \
                      WHERE age = $2 AND kind = $3 AND tenant = $4 AND owner = $5 AND revoked_at IS NULL";
        Ok(lend!(self.database.writing(Worth::Record), connection => {
            let mut transaction = connection.begin().await?;
            self.database.hold(&mut transaction, age).await?;
            let removed = sqlx::query(remove).bind(age).bind(from.name).bind(kept(from.tenant)).bind(kept(id));
            if removed.execute(&mut *transaction).await?.rows_affected() == 0 {
                transaction.rollback().await?;
                return Ok(false);
            }
            sqlx::query(revoke)
                .bind(text_of(at))
                .bind(age)
                .bind(kind_name(kind))
                .bind(kept(from.tenant))
                .bind(kept(id))
                .execute(&mut *transaction)
                .await?;
            transaction.commit().await?;
            Ok(true)
        }))
    }
}

/// Adds a document with the next number of its collection, in a transaction.
pub(super) async fn append(
    connection: &mut AnyConnection,
    age: i64,
    into: Collection<'_>,
    id: Option<String>,
    body: Value,
) -> Result<Document, sqlx::Error> {
    let sequence = next_sequence(connection, age, into).await?;
    let document = document(sequence, id, body);
    add(connection, age, into.name, into.tenant, &document).await?;
    forget_oldest(connection, age, into, document.sequence).await?;
    Ok(document)
}

/// The same in one statement, so that others wait for the collection no longer than that takes.
#[cfg(feature = "postgres")]
async fn append_at_once(
    connection: &mut AnyConnection,
    age: i64,
    into: Collection<'_>,
    id: Option<String>,
    body: Value,
) -> Result<Document, sqlx::Error> {
    let statement = "WITH held AS (SELECT age FROM ages WHERE age = $1 FOR KEY SHARE), \
                     shelf AS (INSERT INTO shelves (age, collection, tenant, last_sequence) \
                     SELECT age, $2, $3, 1 FROM held ON CONFLICT (age, collection, tenant) \
                     DO UPDATE SET last_sequence = shelves.last_sequence + 1 RETURNING last_sequence) \
                     INSERT INTO documents (age, collection, tenant, id, sequence, body) \
                     SELECT $1, $2, $3, COALESCE($4, CAST(last_sequence AS TEXT)), last_sequence, $5 FROM shelf \
                     ON CONFLICT (age, collection, tenant, id) \
                     DO UPDATE SET sequence = excluded.sequence, body = excluded.body RETURNING sequence";
    let query = sqlx::query(statement)
        .bind(age)
        .bind(into.name)
        .bind(kept(into.tenant))
        .bind(id.as_deref().map(kept))
        .bind(json_of(&body));
    let sequence = only(query, &mut *connection).await?.try_get(0)?;
    let document = document(sequence, id, body);
    forget_oldest(connection, age, into, document.sequence).await?;
    Ok(document)
}

/// The next number of a collection, which nobody else gets before this transaction has ended.
async fn next_sequence(
    connection: &mut AnyConnection,
    age: i64,
    of: Collection<'_>,
) -> Result<i64, sqlx::Error> {
    let statement = "INSERT INTO shelves (age, collection, tenant, last_sequence) VALUES ($1, $2, $3, 1) \
                     ON CONFLICT (age, collection, tenant) \
                     DO UPDATE SET last_sequence = shelves.last_sequence + 1 RETURNING last_sequence";
    let query = sqlx::query(statement)
        .bind(age)
        .bind(of.name)
        .bind(kept(of.tenant));
    only(query, connection).await?.try_get(0)
}

/// Keeps others from adding to a collection, or changing what is in it, before this transaction has ended.
pub(super) async fn hold_shelf(
    transaction: &mut AnyConnection,
    age: i64,
    collection: &str,
    tenant: &str,
) -> Result<(), sqlx::Error> {
    let statement = "UPDATE shelves SET last_sequence = last_sequence \
                     WHERE age = $1 AND collection = $2 AND tenant = $3";
    let query = sqlx::query(statement)
        .bind(age)
        .bind(collection)
        .bind(kept(tenant));
    query.execute(transaction).await.map(drop)
}

async fn read_all(
    connection: &mut AnyConnection,
    age: i64,
    of: Collection<'_>,
) -> Result<Vec<Document>, sqlx::Error> {
    let statement = "SELECT sequence, id, body FROM ages LEFT JOIN documents ON documents.age = ages.age \
                     AND collection = $2 AND tenant = $3 WHERE ages.age = $1 ORDER BY sequence";
    let query = sqlx::query(statement)
        .bind(age)
        .bind(of.name)
        .bind(kept(of.tenant));
    present(&some(query, connection).await?)
}

/// Keeps a collection within bounds: now and then the oldest documents go.
async fn forget_oldest(
    connection: &mut AnyConnection,
    age: i64,
    of: Collection<'_>,
    newest: u64,
) -> Result<(), sqlx::Error> {
    let look = u64::try_from(of.keep.div_ceil(LOOKS)).unwrap_or(u64::MAX).max(1);
    if !newest.is_multiple_of(look) {
        return Ok(());
    }
    let forget = "DELETE FROM documents WHERE age = $1 AND collection = $2 AND tenant = $3 \
                  AND sequence <= (SELECT sequence FROM documents \
                  WHERE age = $1 AND collection = $2 AND tenant = $3 \
                  ORDER BY sequence DESC LIMIT 1 OFFSET $4)";
    let query = sqlx::query(forget).bind(age).bind(of.name).bind(kept(of.tenant));
    query.bind(number(of.keep)).execute(connection).await?;
    Ok(())
}

/// Adds a document, or puts it in the place of one with its id.
pub(super) async fn add(
    connection: &mut AnyConnection,
    age: i64,
    collection: &str,
    tenant: &str,
    document: &Document,
) -> Result<(), sqlx::Error> {
    let statement = "INSERT INTO documents (age, collection, tenant, id, sequence, body) \
                     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (age, collection, tenant, id) \
                     DO UPDATE SET sequence = excluded.sequence, body = excluded.body";
    sqlx::query(statement)
        .bind(age)
        .bind(collection)
        .bind(tenant)
        .bind(kept(&document.id))
        .bind(i64::try_from(document.sequence).unwrap_or(i64::MAX))
        .bind(json_of(&document.body))
        .execute(connection)
        .await?;
    Ok(())
}

fn document(sequence: i64, id: Option<String>, body: Value) -> Document {
    Document {
        sequence: sequence.unsigned_abs(),
        id: id.unwrap_or_else(|| sequence.to_string()),
        body: body.into(),
    }
}

/// Those rows of sequence, id and body that hold a document; of a collection without any there is one that does not.
fn present(rows: &[AnyRow]) -> Result<Vec<Document>, sqlx::Error> {
    let mut documents = Vec::with_capacity(rows.len());
    for row in rows {
        if row.try_get::<Option<String>, _>(1)?.is_some() {
            documents.push(read(row)?);
        }
    }
    Ok(documents)
}

/// A row of sequence, id and body.
pub(super) fn read(row: &AnyRow) -> Result<Document, sqlx::Error> {
    let body: String = row.try_get(2)?;
    Ok(Document {
        sequence: row.try_get::<i64, _>(0)?.unsigned_abs(),
        id: unkept(row.try_get(1)?),
        body: value(&body).map_err(|unreadable| sqlx::Error::Decode(Box::new(unreadable)))?,
    })
}
