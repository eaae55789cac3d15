//! Credentials in a database.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, Connection as _, Row as _};

use super::lease::{ask, first, lend, only, some, unavailable};
use super::text::{kept, unkept};
use super::{Database, Engine, Sql};
use crate::store::credential::Life;
use crate::store::{
    Credential, Digest, Exchange, Kind, LastUse, NewCredential, Order, Reach, Revocation, Seal, Tally,
    Unavailable, Which, Window, Worth, aside,
};

/// The columns of a credential, in the order in which [`read`] takes them.
pub(super) const COLUMNS: &str = "kind, id, sha256, outline, tenant, owner, name, prefix, grants, created_at, \
                                  expires_at, revoked_at, last_use, details";
/// Where the id is among them, and where an age comes after them.
const ID: usize = 1;
const AGE: usize = 14;

/// How many sessions, refresh tokens or codes of a tenant are kept at once; keys are never forgotten.
const SESSIONS: i64 = 10_000;
/// From how many rows on they are read aside.
const MANY: usize = 500;
/// One of how many credentials is followed by a look at whether some are to be forgotten.
const LOOK: u16 = 128;

impl Sql {
    pub(super) async fn issue_credential(&self, new: NewCredential) -> Result<Arc<Credential>, Unavailable> {
        let issued = self.insert_alone(self.drawn_up(new), None).await?;
        issued.ok_or_else(|| unavailable(&sqlx::Error::RowNotFound))
    }

    pub(super) async fn issue_named_credential(
        &self,
        new: NewCredential,
        within: Reach<'_>,
    ) -> Result<Option<Arc<Credential>>, Unavailable> {
        let credential = self.drawn_up(new);
        let claim = Claim::to(credential.name(), within);
        self.insert_alone(credential, Some(&claim)).await
    }

    /// Adds a credential; `None` if its name is taken.
    async fn insert_alone(
        &self,
        credential: Credential,
        claim: Option<&Claim>,
    ) -> Result<Option<Arc<Credential>>, Unavailable> {
        let (age, worth) = (self.age().await?, worth(credential.kind));
        let issued = lend!(self.database.writing(worth), connection => {
            match self.database.0.engine {
                #[cfg(feature = "postgres")]
                Engine::Postgres => self.database.insert(connection, age, &credential, claim).await,
                #[cfg(feature = "sqlite")]
                Engine::Sqlite => {
                    let mut transaction = connection.begin().await?;
                    let issued = self.database.insert(&mut transaction, age, &credential, claim).await?;
                    transaction.commit().await?;
                    Ok(issued)
                }
            }
        });
        let Some(issued) = issued else {
            return Ok(None);
        };
        self.forget_oldest_after(&credential).await?;
        Ok(Some(Arc::new(credential.with_id(&issued))))
    }

    pub(super) async fn exchange_credential(
        &self,
        old: &Credential,
        at: Timestamp,
        new: Vec<NewCredential>,
    ) -> Result<Exchange, Unavailable> {
        let age = self.age().await?;
        let new: Vec<_> = new.into_iter().map(|new| self.drawn_up(new)).collect();
        let statement = "UPDATE credentials SET revoked_at = $1, claim = NULL \
                         WHERE age = $2 AND kind = $3 AND id = $4 AND revoked_at IS NULL";
        let exchange = lend!(self.database.writing(Worth::Record), connection => {
            let mut transaction = connection.begin().await?;
            self.database.hold(&mut transaction, age).await?;
            let spent = sqlx::query(statement)
                .bind(text_of(at))
                .bind(age)
                .bind(kind_name(old.kind))
                .bind(kept(old.id()))
                .execute(&mut *transaction)
                .await?;
            if spent.rows_affected() == 0 {
                transaction.rollback().await?;
                return Ok(Exchange::Spent);
            }
            for credential in &new {
                self.database.insert(&mut transaction, age, credential, None).await?;
            }
            transaction.commit().await?;
            Ok(Exchange::Given)
        });
        if let Exchange::Given = exchange {
            for credential in &new {
                self.forget_oldest_after(credential).await?;
            }
        }
        Ok(exchange)
    }

    /// The credential of a digest. If this is the first that is asked for, the age is learned by it.
    pub(super) async fn credential_of_digest(
        &self,
        digest: &Digest,
    ) -> Result<Option<Arc<Credential>>, Unavailable> {
        let statement = format!(
            "SELECT {COLUMNS}, vendors.age FROM vendors LEFT JOIN credentials \
             ON credentials.age = vendors.age AND credentials.sha256 = $2 WHERE vendors.vendor = $1"
        );
        if let Some(age) = self.age.get() {
            return self.credential_of_digest_in(*age, digest).await;
        }
        let row = ask!(self.database.reading(), connection => {
            let query = sqlx::query(&statement).bind(self.vendor.name()).bind(digest.to_hex());
            only(query, connection).await
        });
        let age = row.try_get(AGE).map_err(|error| unavailable(&error))?;
        let age = *self.age.get_or_init(|| age);
        self.database.found(age, &row)
    }

    async fn credential_of_digest_in(
        &self,
        age: i64,
        digest: &Digest,
    ) -> Result<Option<Arc<Credential>>, Unavailable> {
        let statement = in_age("credentials.sha256 = $2");
        let row = ask!(self.database.reading(), connection => {
            only(sqlx::query(&statement).bind(age).bind(digest.to_hex()), connection).await
        });
        self.database.found(age, &row)
    }

    pub(super) async fn credential_of_id(
        &self,
        kind: Kind,
        id: &str,
    ) -> Result<Option<Arc<Credential>>, Unavailable> {
        let age = self.age().await?;
        let statement = in_age("credentials.kind = $2 AND credentials.id = $3");
        let row = ask!(self.database.reading(), connection => {
            let query = sqlx::query(&statement).bind(age).bind(kind_name(kind)).bind(kept(id));
            only(query, connection).await
        });
        self.database.found(age, &row)
    }

    pub(super) async fn touch_credential(
        &self,
        credential: &Credential,
        last_use: LastUse,
    ) -> Result<(), Unavailable> {
        let last_use = LastUse {
            user_agent: self.database.redactor().plain(&last_use.user_agent),
            ..last_use
        };
        let age = self.age().await?;
        self.database.0.uses.note(age, credential, last_use);
        Ok(())
    }

    pub(super) async fn revoke_credential(
        &self,
        kind: Kind,
        id: &str,
        reach: Reach<'_>,
        at: Timestamp,
    ) -> Result<Revocation, Unavailable> {
        let age = self.age().await?;
        // The one of the id by itself: beside a tenant, and as long as there are few keys, an index of tenants looks as good
        // to PostgreSQL as one of ids, and the plan stays when there are many.
        let statement = "UPDATE credentials SET revoked_at = $1, claim = NULL WHERE ordinal = \
                         (SELECT ordinal FROM credentials WHERE age = $2 AND kind = $3 AND id = $4) \
                         AND tenant = $5 AND ($6 IS NULL OR owner = $6) AND revoked_at IS NULL";
        let revoked = lend!(self.database.writing(Worth::Record), connection => {
            sqlx::query(statement)
                .bind(text_of(at))
                .bind(age)
                .bind(kind_name(kind))
                .bind(kept(id))
                .bind(kept(reach.tenant))
                .bind(reach.owner.map(kept))
                .execute(connection)
                .await
        });
        if revoked.rows_affected() > 0 {
            return Ok(Revocation::Revoked);
        }
        Ok(match self.credential_of_id(kind, id).await? {
            None => Revocation::Missing,
            Some(credential) if reach.covers(&credential) => Revocation::Already,
            Some(_) => Revocation::Foreign,
        })
    }

    pub(super) async fn list_credentials(
        &self,
        kind: Kind,
        reach: Reach<'_>,
        which: Which,
        window: Window,
    ) -> Result<Vec<Arc<Credential>>, Unavailable> {
        let age = self.age().await?;
        let standing = match which {
            Which::All => "",
            Which::Unrevoked => "AND revoked_at IS NULL",
        };
        let direction = direction(window.order);
        let statement = format!(
            "SELECT {COLUMNS} FROM ages LEFT JOIN (SELECT ordinal, {COLUMNS} FROM credentials \
             WHERE age = $1 AND kind = $2 AND tenant = $3 AND ($4 IS NULL OR owner = $4) {standing} \
             ORDER BY ordinal {direction} LIMIT $5 OFFSET $6) AS part ON TRUE \
             WHERE ages.age = $1 ORDER BY ordinal {direction}"
        );
        let rows = ask!(self.database.listing(), connection => {
            let query = sqlx::query(&statement)
                .bind(age)
                .bind(kind_name(kind))
                .bind(kept(reach.tenant))
                .bind(reach.owner.map(kept))
                .bind(number(window.take))
                .bind(number(window.skip));
            some(query, connection).await
        });
        let (database, are_few) = (self.database.clone(), rows.len() < MANY);
        let read = move || {
            let found = rows.iter().map(|row| database.found(age, row));
            found.filter_map(Result::transpose).collect()
        };
        if are_few { read() } else { aside(read).await }
    }

    pub(super) async fn tally_credentials(
        &self,
        kind: Kind,
        reach: Reach<'_>,
        now: Timestamp,
    ) -> Result<Tally, Unavailable> {
        let age = self.age().await?;
        // Times are written with the same number of digits, so their texts are in their order.
        let statement = "SELECT counts.live, counts.expired FROM ages CROSS JOIN \
                         (SELECT COUNT(*) AS live, COUNT(CASE WHEN expires_at <= $5 THEN 1 END) AS expired \
                         FROM credentials WHERE age = $1 AND kind = $2 AND tenant = $3 \
                         AND ($4 IS NULL OR owner = $4) AND revoked_at IS NULL) AS counts WHERE ages.age = $1";
        let row = ask!(self.database.reading(), connection => {
            let query = sqlx::query(statement)
                .bind(age)
                .bind(kind_name(kind))
                .bind(kept(reach.tenant))
                .bind(reach.owner.map(kept))
                .bind(text_of(now));
            only(query, connection).await
        });
        let (live, expired) = (count_of(&row, 0)?, count_of(&row, 1)?);
        Ok(Tally {
            active: live.saturating_sub(expired),
            expired,
        })
    }

    pub(super) async fn credential_is_named(
        &self,
        kind: Kind,
        reach: Reach<'_>,
        name: &str,
    ) -> Result<bool, Unavailable> {
        let age = self.age().await?;
        let statement = "SELECT (SELECT id FROM credentials WHERE age = $1 AND kind = $2 AND tenant = $3 \
                         AND substr(name, 1, 64) = substr($4, 1, 64) AND name = $4 \
                         AND ($5 IS NULL OR owner = $5) AND revoked_at IS NULL LIMIT 1) \
                         FROM ages WHERE age = $1";
        let name = self.database.redactor().plain(name);
        let row = ask!(self.database.reading(), connection => {
            let query = sqlx::query(statement)
                .bind(age)
                .bind(kind_name(kind))
                .bind(kept(reach.tenant))
                .bind(kept(&name))
                .bind(reach.owner.map(kept));
            only(query, connection).await
        });
        let named: Option<String> = row.try_get(0).map_err(|error| unavailable(&error))?;
        Ok(named.is_some())
    }

    /// Keeps the sessions of a tenant within bounds, now and then: the oldest go first. What does not expire stays.
    async fn forget_oldest_after(&self, newest: &Credential) -> Result<(), Unavailable> {
        // By chance, as a digest is one: of what is issued in turns, none is always left out.
        let [high, low, ..] = *newest.seal.digest.bytes();
        if newest.kind == Kind::ApiKey || u16::from_be_bytes([high, low]) % LOOK != 0 {
            return Ok(());
        }
        let statement = "DELETE FROM credentials WHERE age = $1 AND kind = $2 AND tenant = $3 \
                         AND expires_at IS NOT NULL AND ordinal <= (SELECT ordinal FROM credentials \
                         WHERE age = $1 AND kind = $2 AND tenant = $3 ORDER BY ordinal DESC LIMIT 1 OFFSET $4)";
        let age = self.age().await?;
        lend!(self.database.writing(Worth::Trace), connection => {
            sqlx::query(statement)
                .bind(age)
                .bind(kind_name(newest.kind))
                .bind(kept(&newest.tenant))
                .bind(SESSIONS)
                .execute(connection)
                .await
        });
        Ok(())
    }

    /// A credential as it will be kept, without the secrets in what its maker wrote; its id may still be empty.
    pub(super) fn drawn_up(&self, new: NewCredential) -> Credential {
        self.database.0.seals.learn(&new.seal);
        let redactor = self.database.redactor();
        let details = new.details.iter();
        let id = new.id.unwrap_or_default();
        let redacted = NewCredential {
            id: None,
            name: redactor.plain(&new.name),
            grants: new.grants.iter().map(|grant| redactor.plain(grant)).collect(),
            details: details
                .map(|(name, detail)| (name.clone(), redactor.words(detail)))
                .collect(),
            ..new
        };
        Credential::new(redacted, &id)
    }
}

/// A name that a credential is to have for itself, within a reach and until it is revoked.
pub(super) struct Claim {
    owner: Option<String>,
    /// The same for two claims of which one stands against the other.
    digest: String,
}

impl Claim {
    fn to(name: &str, within: Reach<'_>) -> Self {
        Self {
            owner: within.owner.map(kept),
            digest: Digest::of(json_of(&(within.tenant, within.owner, name))).to_hex(),
        }
    }
}

impl Database {
    /// Adds a credential to an age and gives its id; one without an id gets its number for one. `None` if there is a claim,
    /// and another credential has the name. With SQLite in a transaction.
    pub(super) async fn insert(
        &self,
        connection: &mut AnyConnection,
        age: i64,
        credential: &Credential,
        claim: Option<&Claim>,
    ) -> Result<Option<String>, sqlx::Error> {
        let drawn = match self.0.engine {
            #[cfg(feature = "postgres")]
            Engine::Postgres => "SELECT nextval('ordinals') AS ordinal",
            #[cfg(feature = "sqlite")]
            Engine::Sqlite => {
                let draw = "UPDATE ordinals SET last = last + 1";
                sqlx::query(draw).execute(&mut *connection).await?;
                "SELECT last AS ordinal FROM ordinals"
            }
        };
        // Two claims at the same time meet in the index; what has the name without a claim is looked for.
        let condition = match claim {
            None => "",
            Some(_) => {
                "AND NOT EXISTS (SELECT 1 FROM credentials AS other WHERE other.age = $1 AND other.kind = $2 \
                 AND other.tenant = $6 AND substr(other.name, 1, 64) = substr($8, 1, 64) AND other.name = $8 \
                 AND ($18 IS NULL OR other.owner = $18) AND other.revoked_at IS NULL) \
                 ON CONFLICT (age, kind, claim) WHERE claim IS NOT NULL DO NOTHING"
            }
        };
        let statement = format!(
            "INSERT INTO credentials (ordinal, age, {COLUMNS}, last_use_us, claim) \
             SELECT drawn.ordinal, ages.age, $2, COALESCE($3, CAST(drawn.ordinal - ages.base AS TEXT)), \
             $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17 \
             FROM ({drawn}) AS drawn, ages WHERE ages.age = $1 {condition} RETURNING id"
        );
        let id = Some(credential.id()).filter(|id| !id.is_empty());
        let query = columns_of(sqlx::query(&statement).bind(age), credential, id)
            .bind(claim.map(|claim| claim.digest.as_str()));
        let query = match claim {
            None => query,
            Some(claim) => query.bind(claim.owner.as_deref()),
        };
        let Some(row) = first(query, &mut *connection).await? else {
            // Either the name is taken or the age is over.
            let alive = sqlx::query("SELECT age FROM ages WHERE age = $1").bind(age);
            return only(alive, connection).await.map(|_| None);
        };
        Ok(Some(unkept(row.try_get(0)?)))
    }

    /// The credential of a row that is there also where no credential is.
    fn found(&self, age: i64, row: &AnyRow) -> Result<Option<Arc<Credential>>, Unavailable> {
        let id: Option<String> = row.try_get(ID).map_err(|error| unavailable(&error))?;
        id.map(|_| self.read(age, row)).transpose()
    }

    /// A row of [`COLUMNS`], with the last use that is known here.
    pub(super) fn read(&self, age: i64, row: &AnyRow) -> Result<Arc<Credential>, Unavailable> {
        let credential = read(row)?;
        let Life { revoked_at, last_use } = credential.life();
        let last_use = self.0.uses.later(age, credential.kind, credential.id(), last_use);
        Ok(Arc::new(credential.living(Life { revoked_at, last_use })))
    }
}

/// Gives a statement the values of [`COLUMNS`], and after them that of `last_use_us`.
pub(super) fn columns_of<'q>(
    query: Query<'q, Any, AnyArguments<'q>>,
    credential: &Credential,
    id: Option<&str>,
) -> Query<'q, Any, AnyArguments<'q>> {
    let Life { revoked_at, last_use } = credential.life();
    let last_use = last_use.as_deref();
    query
        .bind(kind_name(credential.kind))
        .bind(id.map(kept))
        .bind(credential.seal.digest.to_hex())
        .bind(json_of(&credential.seal.outline))
        .bind(kept(&credential.tenant))
        .bind(kept(&credential.owner))
        .bind(kept(credential.name()))
        .bind(kept(credential.prefix()))
        .bind(json_of(&*credential.grants))
        .bind(text_of(credential.created_at))
        .bind(credential.expires_at.map(text_of))
        .bind(revoked_at.map(text_of))
        .bind(last_use.map(json_of))
        .bind(json_of(&credential.details()))
        .bind(last_use.map(|last_use| last_use.at.as_microsecond()))
}

/// The credential of an age of which something holds: a row without one if there is none, and no row if the age is over.
fn in_age(condition: &str) -> String {
    format!(
        "SELECT {COLUMNS} FROM ages LEFT JOIN credentials \
             ON credentials.age = ages.age AND {condition} WHERE ages.age = $1"
    )
}

/// A row of [`COLUMNS`].
fn read(row: &AnyRow) -> Result<Credential, Unavailable> {
    let text = |column: usize| {
        row.try_get::<String, _>(column)
            .map_err(|error| unavailable(&error))
    };
    let optional = |column: usize| {
        row.try_get::<Option<String>, _>(column)
            .map_err(|error| unavailable(&error))
    };
    let life = Life {
        revoked_at: optional(11)?.map(|text| time(&text)).transpose()?,
        last_use: optional(12)?.map(|text| value(&text)).transpose()?.map(Arc::new),
    };
    let new = NewCredential {
        id: None,
        kind: value(&format!("\"{}\"", text(0)?))?,
        seal: Seal {
            digest: Digest::from_hex(&text(2)?).ok_or_else(unreadable)?,
            outline: value(&text(3)?)?,
        },
        tenant: unkept(text(4)?).into(),
        owner: unkept(text(5)?).into(),
        name: unkept(text(6)?),
        prefix: unkept(text(7)?),
        grants: value(&text(8)?)?,
        created_at: time(&text(9)?)?,
        expires_at: optional(10)?.map(|text| time(&text)).transpose()?,
        details: value(&text(13)?)?,
    };
    Ok(Credential::new(new, &unkept(text(1)?)).living(life))
}

/// Keys are promises; a session is one until it is lost, and then its user signs in again.
fn worth(kind: Kind) -> Worth {
    match kind {
        Kind::ApiKey => Worth::Record,
        Kind::Session | Kind::Refresh | Kind::Code => Worth::Trace,
    }
}

pub(super) fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::ApiKey => "ApiKey",
        Kind::Session => "Session",
        Kind::Refresh => "Refresh",
        Kind::Code => "Code",
    }
}

pub(super) fn direction(order: Order) -> &'static str {
    match order {
        Order::OldestFirst => "ASC",
        Order::NewestFirst => "DESC",
    }
}

/// A time in as many digits as any other.
pub(super) fn text_of(at: Timestamp) -> String {
    format!("{at:.9}")
}

fn time(text: &str) -> Result<Timestamp, Unavailable> {
    text.parse().map_err(|_| unreadable())
}

pub(super) fn json_of(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

pub(super) fn value<T: DeserializeOwned>(text: &str) -> Result<T, Unavailable> {
    serde_json::from_str(text).map_err(|_| unreadable())
}

fn unreadable() -> Unavailable {
    Unavailable("what it holds was not written by this mock".to_owned())
}

/// A count as SQL gives it.
pub(super) fn count_of(row: &AnyRow, column: usize) -> Result<usize, Unavailable> {
    let count: i64 = row.try_get(column).map_err(|error| unavailable(&error))?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// A number as SQL takes it: what is larger than any list is as good as without bound.
pub(super) fn number(of: usize) -> i64 {
    i64::try_from(of).map_or(1 << 53, |of| of.min(1 << 53))
}

#[cfg(all(test, feature = "sqlite"))]
mod tests {
    use std::collections::HashMap;

    use keyway_openapi::Vendor;
    use serde_json::Map;

    use super::*;
    use crate::redact::Redactor;
    use crate::seals::Seals;
    use crate::store::{State, Store as _, StoreLocation};

    const TENANT: &str = "acme";

    fn new(kind: Kind, number: i64) -> NewCredential {
        NewCredential {
            id: Some(number.to_string()),
            kind,
            seal: Seal::of(&format!("{kind:?} {number}")),
            tenant: TENANT.into(),
            owner: "ada".into(),
            name: String::new(),
            prefix: String::new(),
            grants: vec![],
            created_at: Timestamp::UNIX_EPOCH,
            expires_at: Some(Timestamp::MAX),
            details: Map::new(),
        }
    }

    #[tokio::test]
    async fn sessions_of_whatever_kind_go_in_their_turn() {
        const MORE: i64 = 800;
        let folder = tempfile::tempdir().expect("a folder");
        let seals: Arc<Seals> = Arc::default();
        let location = StoreLocation::Sqlite(folder.path().join("keys.db"));
        let opened = Database::open(&location, &seals).await.expect("a file");
        let database = opened.expect("a database");
        let kinds = [Kind::Session, Kind::Refresh];
        let there = kinds.into_iter().flat_map(|kind| {
            let all = 0..SESSIONS;
            all.map(move |number| Arc::new(Credential::new(new(kind, number), &number.to_string())))
        });
        let there: Vec<_> = there.collect();
        let (numbers, nothing) = (HashMap::new(), HashMap::new());
        let state = State::new(
            there.iter().map(|credential| (&**credential, credential.life())),
            &numbers,
            nothing,
            &Redactor::of(&seals),
        );
        database
            .begin(vec![(Vendor::Reten, state)])
            .await
            .expect("an age");
        let age = database.age(Vendor::Reten).await.expect("an age");
        let store = database.store_in(Vendor::Reten, age);
        // As somebody does who signs in, and as somebody who refreshes.
        for number in (SESSIONS..SESSIONS + MORE).step_by(2) {
            for kind in kinds {
                store.issue(new(kind, number)).await.expect("a file");
            }
            let old = Credential::new(new(Kind::Refresh, number), &number.to_string());
            let next = kinds.map(|kind| new(kind, number + 1)).into();
            let exchanged = store.exchange(&old, Timestamp::UNIX_EPOCH, next).await;
            assert!(matches!(exchanged, Ok(Exchange::Given)));
        }
        for kind in kinds {
            let all = store
                .list(kind, Reach::tenant(TENANT), Which::All, Window::ALL)
                .await
                .expect("a file");
            let bound = usize::try_from(SESSIONS).expect("a number");
            assert!(
                (bound..bound + 500).contains(&all.len()),
                "{kind:?}: {}",
                all.len()
            );
            let last = (SESSIONS + MORE - 1).to_string();
            assert!(all.last().is_some_and(|newest| newest.id() == last));
        }
    }
}
