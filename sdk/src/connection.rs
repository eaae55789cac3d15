//! The HTTP client that a vendor's client uses unless it is given one.

use std::{net::Ipv4Addr, net::Ipv6Addr, net::SocketAddr, sync::Arc, time::Duration};

use reqwest::{
    dns::{Addrs, Name, Resolve, Resolving},
    redirect,
};

use crate::{
    Options,
    config::{BaseUrl, ConfigError, is_localhost},
};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long an attempt may take over a client of ours.
pub(crate) const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);

pub(crate) fn connect(
    base: &BaseUrl,
    options: &Options,
    attempt: Duration,
) -> Result<reqwest::Client, ConfigError> {
    let mut builder = reqwest::Client::builder()
        .connect_timeout(options.connect_timeout.unwrap_or(CONNECT_TIMEOUT))
        .timeout(attempt)
        // A redirect would carry the key to a place that the caller has not named.
        .redirect(redirect::Policy::none())
        .dns_resolver(Arc::new(LocalhostResolver));
    if let Some(proxy) = &options.proxy {
        builder = builder.no_proxy().proxy(proxy.clone());
    } else if base.is_loopback() {
        // A proxy's loopback is another machine.
        builder = without_certificates(base, builder.no_proxy());
    }
    builder.build().map_err(ConfigError::Http)
}

/// In the clear no certificate is looked at, and reading those of a machine takes most of the time that making a client does.
#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn without_certificates(base: &BaseUrl, builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    match base.is_plain() {
        true => builder.tls_certs_only([]),
        false => builder,
    }
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
fn without_certificates(_: &BaseUrl, builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    builder
}

/// Resolves names below `localhost` to this machine, as RFC 6761 asks and not every system does. Where a tenant is a
/// host name, `acme.localhost` is how a stand-in server on this machine is reached as a tenant.
#[derive(Debug)]
struct LocalhostResolver;

impl Resolve for LocalhostResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            // The port is the URL's; zero leaves it to reqwest.
            if is_localhost(name.as_str()) {
                let here: [SocketAddr; 2] =
                    [(Ipv4Addr::LOCALHOST, 0).into(), (Ipv6Addr::LOCALHOST, 0).into()];
                return Ok(Box::new(here.into_iter()) as Addrs);
            }
            let found: Vec<_> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
