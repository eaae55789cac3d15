//! What the clients of all vendors have in common; each vendor's module makes its own with [`client`].

/// Writes `Client` into a vendor's module. The module has the vendor's `VENDOR`, `Credentials` with a method `sign`, and from
/// its generated part `SERVER_PATH` and `Requests`.
macro_rules! client {
    ($(#[$about:meta])* $new:literal) => {
        $(#[$about])*
        ///
        /// Cheap to clone: clones share their connections and their budget for repeats.
        #[derive(Clone)]
        pub struct Client {
            pub(crate) requests: Requests,
            pub(crate) session: Session,
        }

        impl Client {
            #[doc = $new]
            ///
            /// # Errors
            ///
            /// If the URL is not absolute, is neither `http` nor `https`, is `http` to another machine, or has more than host
            /// and path, or if the credential cannot be a header value.
            pub fn new(base_url: &str, credentials: Credentials) -> Result<Self, ConfigError> {
                Self::with_options(base_url, credentials, &Options::new())
            }

            /// [`new`](Self::new) with timeouts, retries, a proxy, an HTTP client and so on to one's own liking.
            ///
            /// # Errors
            ///
            /// As for [`new`](Self::new), and if the options contradict each other.
            pub fn with_options(
                base_url: &str,
                credentials: Credentials,
                options: &Options,
            ) -> Result<Self, ConfigError> {
                let base = options.base_url(base_url)?;
                let session = credentials.sign(Session::new(&VENDOR, &base, options)?)?;
                let requests = Requests {
                    baseurl: base.with_server_path(SERVER_PATH),
                    client: session.http().clone(),
                    root: base,
                };
                Ok(Self { requests, session })
            }

            /// The same vendor over the same connections, in another caller's name. A session that the vendor keeps in a
            /// cookie is shared.
            ///
            /// # Errors
            ///
            /// If the credential cannot be a header value.
            pub fn with_credentials(&self, credentials: Credentials) -> Result<Self, ConfigError> {
                Ok(Self {
                    session: credentials.sign(self.session.anonymous())?,
                    requests: self.requests.clone(),
                })
            }

            /// Where the calls go: the base URL, with the path that the vendor's document puts before every operation.
            pub fn base_url(&self) -> String {
                self.requests.root.at(&self.requests.baseurl).into()
            }

            /// The same client with another policy for making calls again, for one call or more.
            #[must_use]
            pub fn with_retry(&self, policy: RetryPolicy) -> Self {
                Self {
                    session: self.session.with_retry(policy),
                    requests: self.requests.clone(),
                }
            }

            /// The same client with another bound for a call with all its attempts and waits, for one call or more.
            #[must_use]
            pub fn with_timeout(&self, total: Duration) -> Self {
                Self {
                    session: self.session.with_timeout(total),
                    requests: self.requests.clone(),
                }
            }
        }

        /// Shows where the client calls and by what header, never the credential.
        impl fmt::Debug for Client {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct("Client")
                    .field("base_url", &self.base_url())
                    .field("session", &self.session)
                    .finish_non_exhaustive()
            }
        }
    };
}
pub(crate) use client;
