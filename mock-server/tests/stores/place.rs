//! Places for stores: a file or a database of a test's own.

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AnyConnection, Connection as _, Executor as _, PgConnection};
use tempfile::TempDir;
use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Held by whoever has a database, and for itself by whoever restarts the server.
static SERVER: RwLock<()> = RwLock::const_new(());

/// What is held of [`SERVER`].
enum Hold {
    Nothing,
    Shared { _guard: RwLockReadGuard<'static, ()> },
    Alone { _guard: RwLockWriteGuard<'static, ()> },
}

/// A place for a store that nobody else has.
pub(crate) struct Place {
    /// As `--store` takes it.
    pub(crate) store: String,
    /// Goes with the test.
    _folder: Option<TempDir>,
    _hold: Hold,
}

impl Place {
    pub(crate) fn memory() -> Self {
        Self {
            store: "memory".to_owned(),
            _folder: None,
            _hold: Hold::Nothing,
        }
    }

    pub(crate) fn file() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self {
            store: format!("sqlite:{}", folder.path().join("keys.db").display()),
            _folder: Some(folder),
            _hold: Hold::Nothing,
        }
    }

    /// A new database on the server that the environment names.
    pub(crate) async fn database() -> Self {
        let guard = SERVER.read().await;
        Self::held(Hold::Shared { _guard: guard }).await
    }

    /// The same, with the server for oneself.
    pub(crate) async fn database_alone() -> Self {
        let guard = SERVER.write().await;
        Self::held(Hold::Alone { _guard: guard }).await
    }

    async fn held(hold: Hold) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "keyway_{}_{}",
            std::process::id(),
            NUMBER.fetch_add(1, Ordering::Relaxed)
        );
        let mut server = PgConnection::connect(&server_url()).await.expect("PostgreSQL");
        let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        server.execute(drop.as_str()).await.expect("no such database");
        let create = format!("CREATE DATABASE {name}");
        server.execute(create.as_str()).await.expect("a database");
        let mut url = url::Url::parse(&server_url()).expect("a URL");
        url.set_path(&name);
        Self {
            store: url.to_string(),
            _folder: None,
            _hold: hold,
        }
    }
}

impl Place {
    /// Past all servers.
    pub(crate) async fn connect(&self) -> AnyConnection {
        sqlx::any::install_default_drivers();
        AnyConnection::connect(&self.store).await.expect("the database")
    }
}

pub(crate) fn server_url() -> String {
    std::env::var("KEYWAY_TEST_POSTGRES")
        .expect("KEYWAY_TEST_POSTGRES is the URL of a PostgreSQL; see main.rs")
}
