//! The same clients for code that does not wait asynchronously (feature `blocking`).
//!
//! Their methods are those of the clients in the vendors' modules and differ in nothing but that they return when the call is
//! over. One thread of this crate's own, which all blocking clients share and the last one ends, looks after the connections:
//! one that the server closes between two calls is not called on. An asynchronous client in a runtime that runs only during
//! calls, by a `block_on` for each, has nobody who does.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # #[cfg(feature = "sinjapp")] {
//! # let elsewhere = tokio::runtime::Runtime::new()?;
//! # let server = elsewhere.block_on(keyway_mock::MockServer::start());
//! # let access = server.access(keyway_mock::Vendor::Sinjapp);
//! # let (base_url, key) = (access.base_url, access.credentials.admin.replace("key:", ""));
//! use keyway::blocking::sinjapp::{Client, Credentials, types};
//!
//! let client = Client::new(&base_url, Credentials::api_key(key))?;
//! let created = client.create_api_key(&types::CreateApiKeyRequest::new("Production integration"))?;
//! client.revoke_api_key(created.data.id)?;
//! # }
//! # Ok(())
//! # }
//! ```
//!
//! [`Keys`] is the vocabulary of all vendors, [`keyway::keys`](crate::keys), over such a client.
//!
//! # In an asynchronous program
//!
//! Inside of a task they would hold up everything else on its thread, so there every call fails with
//! [`ErrorKind::InsideRuntime`](crate::ErrorKind::InsideRuntime). Use the client in the vendor's own module there, or wait
//! where tokio wants code that waits: in `tokio::task::spawn_blocking` or `tokio::task::block_in_place`.
//!
//! An HTTP client of the application's, [`Options::http`](crate::Options::http), may serve several blocking clients. It
//! should not serve an asynchronous program as well: a connection is read by the runtime in which it was made, so whoever
//! takes it up depends on that one still running.

mod host;
mod keys;

use self::host::Host;
pub use self::keys::{KeyList, Keys};

/// Writes the module of a vendor.
macro_rules! vendor {
    ($vendor:ident, $feature:literal, $name:literal) => {
        #[doc = concat!("The blocking client of ", $name, ".")]
        #[cfg(feature = $feature)]
        pub mod $vendor {
            use std::{fmt, time::Duration};

            use super::Host;
            pub use crate::$vendor::{Credentials, types};
            use crate::{ConfigError, Error, Options, RetryPolicy};

            #[doc = concat!("Calls to ", $name, " in one caller's name, each of which returns when it is over.")]
            ///
            #[doc = concat!("Its operations are those of [`", stringify!($vendor), "::Client`](crate::", stringify!($vendor), "::Client).")]
            /// Cheap to clone: clones share their connections.
            #[derive(Clone)]
            pub struct Client {
                pub(crate) client: crate::$vendor::Client,
                pub(super) host: Host,
            }

            impl Client {
                #[doc = concat!("A client for ", $name, " at `base_url`, the root of the vendor's host.")]
                ///
                /// # Errors
                ///
                #[doc = concat!("As for [`", stringify!($vendor), "::Client::new`](crate::", stringify!($vendor), "::Client::new),")]
                /// and if the system gives no thread.
                pub fn new(base_url: &str, credentials: Credentials) -> Result<Self, ConfigError> {
                    Self::with_options(base_url, credentials, &Options::new())
                }

                /// [`new`](Self::new) with timeouts, retries and so on to one's own liking.
                ///
                /// # Errors
                ///
                /// As for [`new`](Self::new), and if the options contradict each other.
                pub fn with_options(
                    base_url: &str,
                    credentials: Credentials,
                    options: &Options,
                ) -> Result<Self, ConfigError> {
                    Ok(Self {
                        client: crate::$vendor::Client::with_options(base_url, credentials, options)?,
                        host: Host::present()?,
                    })
                }

                /// The same vendor over the same connections, in another caller's name.
                ///
                /// # Errors
                ///
                /// If the credential cannot be a header value.
                pub fn with_credentials(&self, credentials: Credentials) -> Result<Self, ConfigError> {
                    Ok(self.over(self.client.with_credentials(credentials)?))
                }

                /// The same client with another policy for making calls again, for one call or more.
                #[must_use]
                pub fn with_retry(&self, policy: RetryPolicy) -> Self {
                    self.over(self.client.with_retry(policy))
                }

                /// The same client with another bound for a call with all its attempts and waits.
                #[must_use]
                pub fn with_timeout(&self, total: Duration) -> Self {
                    self.over(self.client.with_timeout(total))
                }

                pub(crate) fn wait<T, E>(
                    &self,
                    call: impl Future<Output = Result<T, Error<E>>>,
                ) -> Result<T, Error<E>> {
                    self.host.wait(call)
                }

                fn over(&self, client: crate::$vendor::Client) -> Self {
                    let host = self.host.clone();
                    Self { client, host }
                }
            }

            /// Shows where the client calls and by what header, never the credential.
            impl fmt::Debug for Client {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    fmt::Debug::fmt(&self.client, f)
                }
            }
        }
    };
}

vendor!(b3os, "b3os", "B3OS");
vendor!(dolfin, "dolfin", "Dolfin");
vendor!(reten, "reten", "Reten");
vendor!(sinjapp, "sinjapp", "Sinjapp");

/// Gives a vendor's client its keys; the vendor's asynchronous client is an [`ApiKeys`](crate::keys::ApiKeys).
macro_rules! keys {
    ($vendor:ident, $feature:literal) => {
        #[cfg(feature = $feature)]
        impl $vendor::Client {
            /// Its keys in the vocabulary of all vendors, over the same connections.
            pub fn keys(&self) -> Keys {
                Keys::new(self.client.clone(), self.host.clone())
            }
        }
    };
}

keys!(b3os, "b3os");
keys!(dolfin, "dolfin");
keys!(reten, "reten");
keys!(sinjapp, "sinjapp");
