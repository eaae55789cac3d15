//! A world whose state is in a database, and the vendors who play with it.

use std::collections::HashMap;
use std::sync::Arc;

use keyway_openapi::Vendor;
use parking_lot::Mutex;

use crate::mock::Mock;
use crate::store::{Database, Unavailable};

/// A database, and the vendors with a saboteur as they were last called.
#[derive(Debug)]
pub(super) struct Durable {
    database: Database,
    cast: Mutex<HashMap<Vendor, (i64, Arc<Mock>)>>,
}

impl Durable {
    pub(super) fn new(database: Database) -> Self {
        Self {
            database,
            cast: Mutex::default(),
        }
    }

    pub(super) fn database(&self) -> &Database {
        &self.database
    }

    /// The vendor for one piece of work: the first thing that it asks of the database tells its age.
    pub(super) fn mock(&self, vendor: Vendor) -> Arc<Mock> {
        Arc::new(Mock::upon(vendor, self.database.store(vendor)))
    }

    /// The vendor whose saboteur remembers what he has seen of the age in which the vendor is now; another server may
    /// have begun another one a moment ago.
    pub(super) async fn sabotaged(
        &self,
        vendor: Vendor,
        fresh: impl Future<Output = Mock>,
    ) -> Result<Arc<Mock>, Unavailable> {
        let age = self.database.age(vendor).await?;
        if let Some((known, mock)) = self.cast.lock().get(&vendor)
            && *known == age
        {
            return Ok(Arc::clone(mock));
        }
        let mock = Arc::new(fresh.await.with(self.database.store_in(vendor, age)));
        self.cast.lock().insert(vendor, (age, Arc::clone(&mock)));
        Ok(mock)
    }
}
