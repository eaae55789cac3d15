//! Where a store is: in memory, in a file, or in a database that servers share.

use std::fmt;
#[cfg(feature = "sqlite")]
use std::path::PathBuf;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, de};
#[cfg(feature = "postgres")]
use url::Url;

/// Where the state of a server's first world is kept.
///
/// ```
/// use keyway_mock::StoreLocation;
///
/// let file: StoreLocation = "sqlite:keys.db".parse().unwrap();
/// let shared: StoreLocation = "postgres://keyway:hunter2@localhost/keyway".parse().unwrap();
/// assert_eq!(file.to_string(), "sqlite:keys.db");
/// assert_eq!(shared.to_string(), "postgres://keyway:***@localhost/keyway"); // a password is never shown
/// assert!("mysql://localhost".parse::<StoreLocation>().is_err());
/// ```
#[derive(Clone, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum StoreLocation {
    /// In memory: gone with the server.
    #[default]
    Memory,
    /// In a file, which survives restarts. One server at a time uses it.
    #[cfg(feature = "sqlite")]
    Sqlite(PathBuf),
    /// In PostgreSQL, or whatever speaks its protocol; any number of servers share it.
    #[cfg(feature = "postgres")]
    Postgres(Url),
}

/// Why a text says of no store where it is. It repeats nothing of the text, which may hold a password.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct StoreLocationError(&'static str);

impl FromStr for StoreLocation {
    type Err = StoreLocationError;

    fn from_str(text: &str) -> Result<Self, StoreLocationError> {
        let problem = |cure| Err(StoreLocationError(cure));
        match text.split_once(':') {
            None if text == "memory" => Ok(Self::Memory),
            Some(("sqlite", file)) => sqlite(file),
            Some(("postgres" | "postgresql", _)) => postgres(text),
            _ => problem("a store is memory, sqlite:FILE or postgres://USER@HOST/DATABASE"),
        }
    }
}

#[cfg(feature = "sqlite")]
fn sqlite(file: &str) -> Result<StoreLocation, StoreLocationError> {
    let file = file.strip_prefix("//").unwrap_or(file);
    if file.is_empty() || file == ":memory:" {
        return Err(StoreLocationError("sqlite: wants a file, as in sqlite:keys.db"));
    }
    Ok(StoreLocation::Sqlite(PathBuf::from(file)))
}

#[cfg(not(feature = "sqlite"))]
fn sqlite(_file: &str) -> Result<StoreLocation, StoreLocationError> {
    Err(StoreLocationError(
        "this build knows no SQLite; its feature is `sqlite`",
    ))
}

#[cfg(feature = "postgres")]
fn postgres(text: &str) -> Result<StoreLocation, StoreLocationError> {
    let cure = "a PostgreSQL store is postgres://USER@HOST/DATABASE, with what is no letter or digit percent-encoded; \
                the password may be in the variable PGPASSWORD";
    let unknown = "a parameter of the URL is none that is known, and would change nothing; known are sslmode, \
                   sslrootcert, sslcert, sslkey, host, hostaddr, port, dbname, user, password, application_name, options \
                   and statement-cache-capacity";
    match Url::parse(text) {
        Ok(url) if !url.query_pairs().all(|(name, _)| is_known(&name)) => Err(StoreLocationError(unknown)),
        Ok(url) if url.path().len() > 1 => Ok(StoreLocation::Postgres(url)),
        _ => Err(StoreLocationError(cure)),
    }
}

/// Whether a parameter is one that the driver heeds. It passes over all others without a word, and who has misspelt
/// `sslmode` would speak in the open.
#[cfg(feature = "postgres")]
fn is_known(parameter: &str) -> bool {
    const KNOWN: [&str; 18] = [
        "sslmode",
        "ssl-mode",
        "sslrootcert",
        "ssl-root-cert",
        "ssl-ca",
        "sslcert",
        "ssl-cert",
        "sslkey",
        "ssl-key",
        "statement-cache-capacity",
        "host",
        "hostaddr",
        "port",
        "dbname",
        "user",
        "password",
        "application_name",
        "options",
    ];
    KNOWN.contains(&parameter)
        || parameter
            .strip_prefix("options[")
            .is_some_and(|rest| rest.ends_with(']'))
}

#[cfg(all(test, feature = "postgres"))]
mod tests {
    use super::StoreLocation;

    #[test]
    fn a_parameter_that_would_change_nothing_is_refused() {
        let read = |query: &str| format!("postgres://localhost/keyway?{query}").parse::<StoreLocation>();
        for query in [
            "",
            "sslmode=verify-full&sslrootcert=ca.pem",
            "options[search_path]=mock",
        ] {
            assert!(read(query).is_ok(), "{query}");
        }
        for query in [
            "ssl_mode=verify-full",
            "SSLMODE=require",
            "sslmode=require&foo=hunter2",
        ] {
            let problem = read(query).expect_err(query).to_string();
            assert!(
                problem.contains("sslmode") && !problem.contains("hunter2"),
                "{problem}"
            );
        }
    }
}

#[cfg(not(feature = "postgres"))]
fn postgres(_text: &str) -> Result<StoreLocation, StoreLocationError> {
    Err(StoreLocationError(
        "this build knows no PostgreSQL; its feature is `postgres`",
    ))
}

impl fmt::Display for StoreLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => f.write_str("memory"),
            #[cfg(feature = "sqlite")]
            Self::Sqlite(file) => write!(f, "sqlite:{}", file.display()),
            #[cfg(feature = "postgres")]
            Self::Postgres(url) => {
                let mut shown = url.clone();
                // A password may stand among the parameters, too.
                shown.set_query(None);
                if url.password().is_some() && shown.set_password(Some("***")).is_err() {
                    return f.write_str("postgres");
                }
                write!(f, "{shown}")
            }
        }
    }
}

// A password stays out of it.
impl fmt::Debug for StoreLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoreLocation({self})")
    }
}

impl<'de> Deserialize<'de> for StoreLocation {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        String::deserialize(reader)?.parse().map_err(de::Error::custom)
    }
}
