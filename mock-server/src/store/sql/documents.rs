//! Documents in a database.

use jiff::Timestamp;
use serde_json::{Map, Value};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Connection as _, Row as _};

use super::Sql;
use super::credentials::{direction, json_of, kind_name, number, text_of, value};
use super::lease::{lend, unavailable};
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
        let body = self.database.redactor().words(&body);
        Ok(lend!(self.database.writing_into(into), connection => {
            let mut transaction = connection.begin().await?;
            let sequence = self.next_sequence(&mut transaction, into).await?;
            let document = document(sequence, id, body);
            self.insert(&mut transaction, into, &document).await?;
            transaction.commit().await?;
            Ok(document)
        }))
    }

    pub(super) async fn append_document_unless(
        &self,
        into: Collection<'_>,
        id: String,
        body: Value,
        against: impl Fn(&Document) -> bool + Send + Sync,
    ) -> Result<Option<Document>, Unavailable> {
        let body = self.database.redactor().words(&body);
        Ok(lend!(self.database.writing_into(into), connection => {
            let mut transaction = connection.begin().await?;
            // Whoever has this number has the collection until the end of the transaction.
            let sequence = self.next_sequence(&mut transaction, into).await?;
            let all = self.read_all(&mut transaction, into).await?;
            if all.iter().any(against) {
                transaction.rollback().await?;
                return Ok(None);
            }
            let document = document(sequence, Some(id), body);
            self.insert(&mut transaction, into, &document).await?;
            transaction.commit().await?;
            Ok(Some(document))
        }))
    }

    pub(super) async fn document_of_id(
        &self,
        of: Collection<'_>,
        id: &str,
    ) -> Result<Option<Document>, Unavailable> {
        let statement = "SELECT sequence, id, body FROM documents \
                         WHERE age = $1 AND collection = $2 AND tenant = $3 AND id = $4";
        let row = lend!(self.database.reading(), connection => {
            let query = sqlx::query(statement).bind(self.age).bind(of.name).bind(of.tenant);
            query.bind(id).fetch_optional(connection).await
        });
        row.map(|row| read(&row).map_err(|error| unavailable(&error)))
            .transpose()
    }

    pub(super) async fn count_documents(&self, of: Collection<'_>) -> Result<usize, Unavailable> {
        let statement = "SELECT COUNT(*) FROM documents WHERE age = $1 AND collection = $2 AND tenant = $3";
        let row = lend!(self.database.reading(), connection => {
            let query = sqlx::query(statement).bind(self.age).bind(of.name).bind(of.tenant);
            query.fetch_one(connection).await
        });
        let count: i64 = row.try_get(0).map_err(|error| unavailable(&error))?;
        Ok(usize::try_from(count).unwrap_or_default())
    }

    /// All of them, oldest first.
    pub(super) async fn all_documents(&self, of: Collection<'_>) -> Result<Vec<Document>, Unavailable> {
        Ok(lend!(self.database.reading(), connection => self.read_all(connection, of).await))
    }

    pub(super) async fn part_of_documents(
        &self,
        of: Collection<'_>,
        window: Window,
    ) -> Result<Slice<Document>, Unavailable> {
        let direction = direction(window.order);
        let statement = format!(
            "SELECT sequence, id, body FROM documents WHERE age = $1 AND collection = $2 AND tenant = $3 \
             ORDER BY sequence {direction} LIMIT $4 OFFSET $5"
        );
        let rows = lend!(self.database.reading(), connection => {
            sqlx::query(&statement)
                .bind(self.age)
                .bind(of.name)
                .bind(of.tenant)
                .bind(number(window.take))
                .bind(number(window.skip))
                .fetch_all(connection)
                .await
        });
        let items: Result<_, _> = rows.iter().map(read).collect();
        Ok(Slice {
            items: items.map_err(|error| unavailable(&error))?,
            total: self.count_documents(of).await?,
        })
    }

    pub(super) async fn change_document(
        &self,
        of: Collection<'_>,
        id: &str,
        members: Map<String, Value>,
        against: impl Fn(&Document) -> bool + Send + Sync,
    ) -> Result<Change, Unavailable> {
        let members = self.database.redactor().words(&Value::Object(members));
        let lock = "UPDATE shelves SET last_sequence = last_sequence \
                    WHERE age = $1 AND collection = $2 AND tenant = $3";
        let change = "UPDATE documents SET body = $5 \
                      WHERE age = $1 AND collection = $2 AND tenant = $3 AND id = $4";
        Ok(lend!(self.database.writing_into(of), connection => {
            let mut transaction = connection.begin().await?;
            let locked = sqlx::query(lock).bind(self.age).bind(of.name).bind(of.tenant);
            locked.execute(&mut *transaction).await?;
            let (meant, others): (Vec<_>, Vec<_>) = self
                .read_all(&mut transaction, of)
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
                .bind(self.age)
                .bind(of.name)
                .bind(of.tenant)
                .bind(id)
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
        let remove = "DELETE FROM documents WHERE age = $1 AND collection = $2 AND tenant = $3 AND id = $4";
        let revoke = "UPDATE credentials SET revoked_at = $1 \
                      WHERE age = $2 AND kind = $3 AND tenant = $4 AND owner = $5 AND revoked_at IS NULL";
        Ok(lend!(self.database.writing(Worth::Record), connection => {
            let mut transaction = connection.begin().await?;
            let removed = sqlx::query(remove).bind(self.age).bind(from.name).bind(from.tenant).bind(id);
            if removed.execute(&mut *transaction).await?.rows_affected() == 0 {
                transaction.rollback().await?;
                return Ok(false);
            }
            sqlx::query(revoke)
                .bind(text_of(at))
                .bind(self.age)
                .bind(kind_name(kind))
                .bind(from.tenant)
                .bind(id)
                .execute(&mut *transaction)
                .await?;
            transaction.commit().await?;
            Ok(true)
        }))
    }

    /// The next number of a collection, which nobody else gets before this transaction has ended.
    async fn next_sequence(
        &self,
        connection: &mut AnyConnection,
        of: Collection<'_>,
    ) -> Result<i64, sqlx::Error> {
        let statement = "INSERT INTO shelves (age, collection, tenant, last_sequence) VALUES ($1, $2, $3, 1) \
                         ON CONFLICT (age, collection, tenant) \
                         DO UPDATE SET last_sequence = shelves.last_sequence + 1 RETURNING last_sequence";
        let query = sqlx::query(statement)
            .bind(self.age)
            .bind(of.name)
            .bind(of.tenant);
        query.fetch_one(connection).await?.try_get(0)
    }

    async fn read_all(
        &self,
        connection: &mut AnyConnection,
        of: Collection<'_>,
    ) -> Result<Vec<Document>, sqlx::Error> {
        let statement = "SELECT sequence, id, body FROM documents \
                         WHERE age = $1 AND collection = $2 AND tenant = $3 ORDER BY sequence";
        let query = sqlx::query(statement)
            .bind(self.age)
            .bind(of.name)
            .bind(of.tenant);
        query.fetch_all(connection).await?.iter().map(read).collect()
    }

    async fn insert(
        &self,
        connection: &mut AnyConnection,
        into: Collection<'_>,
        document: &Document,
    ) -> Result<(), sqlx::Error> {
        add(connection, self.age, into.name, into.tenant, document).await?;
        let look = u64::try_from(into.keep.div_ceil(LOOKS))
            .unwrap_or(u64::MAX)
            .max(1);
        if !document.sequence.is_multiple_of(look) {
            return Ok(());
        }
        let forget = "DELETE FROM documents WHERE age = $1 AND collection = $2 AND tenant = $3 \
                      AND sequence <= (SELECT sequence FROM documents \
                      WHERE age = $1 AND collection = $2 AND tenant = $3 \
                      ORDER BY sequence DESC LIMIT 1 OFFSET $4)";
        let query = sqlx::query(forget)
            .bind(self.age)
            .bind(into.name)
            .bind(into.tenant);
        query.bind(number(into.keep)).execute(connection).await?;
        Ok(())
    }
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
        .bind(&document.id)
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

/// A row of sequence, id and body.
pub(super) fn read(row: &AnyRow) -> Result<Document, sqlx::Error> {
    let body: String = row.try_get(2)?;
    Ok(Document {
        sequence: row.try_get::<i64, _>(0)?.unsigned_abs(),
        id: row.try_get(1)?,
        body: value(&body).map_err(|unreadable| sqlx::Error::Decode(Box::new(unreadable)))?,
    })
}
