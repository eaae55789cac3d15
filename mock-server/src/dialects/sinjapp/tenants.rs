//! The ready-made tenants, and which of them the host of a request means.

use std::net::IpAddr;

use http::header::HOST;
use http::uri::Authority;

use crate::call::{Request, text};

/// An organization with a workspace of its own.
#[derive(Debug)]
pub(super) struct Tenant {
    /// The first label of its host.
    pub(super) slug: &'static str,
    /// Its host, where the vendor is.
    pub(super) host: &'static str,
    pub(super) id: u64,
    pub(super) name: &'static str,
    pub(super) email: &'static str,
    /// The user in whose name its keys act.
    pub(super) user_id: &'static str,
    pub(super) user_name: &'static str,
}

/// The tenant of a plain loopback host.
pub(super) const ACME: Tenant = Tenant {
    slug: "acme",
    host: "acme.sinjapp.org",
    id: 1,
    name: "Acme Trading",
    email: "office@acme.example",
    user_id: "11",
    user_name: "Amal Acme",
};

/// The tenant beside it.
pub(super) const OTHER: Tenant = Tenant {
    slug: "other",
    host: "other.sinjapp.org",
    id: 2,
    name: "Other Clinic",
    email: "office@other.example",
    user_id: "21",
    user_name: "Omar Other",
};

/// The host of [`OTHER`] on this machine.
pub(super) const OTHER_HOST: &str = "other.localhost";

const ALL: [&Tenant; 2] = [&ACME, &OTHER];

/// The tenant of a slug; slugs in the store are those of this page.
pub(super) fn of_slug(slug: &str) -> &'static Tenant {
    ALL.into_iter()
        .find(|tenant| tenant.slug == slug)
        .unwrap_or(&ACME)
}

/// The tenant that a request is addressed to.
pub(super) fn of_address(request: &Request) -> Option<&'static Tenant> {
    // RFC 9112 3.2.2: an absolute request target overrules the Host header.
    match request.uri().authority() {
        Some(authority) => of_host(authority.host()),
        None => of_host(host_header(text(request.headers(), HOST)?)?.host()),
    }
}

fn host_header(value: &str) -> Option<Authority> {
    // An authority may name a user, a Host header may not (RFC 9110 7.2).
    if value.contains('@') {
        None
    } else {
        value.parse().ok()
    }
}

fn of_host(host: &str) -> Option<&'static Tenant> {
    let host = host.strip_suffix('.').unwrap_or(host);
    let address = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>();
    // The unspecified address is what a server that listens everywhere gives as its own.
    let is_here = |address: IpAddr| {
        let address = address.to_canonical();
        address.is_loopback() || address.is_unspecified()
    };
    if address.is_ok_and(is_here) || host.eq_ignore_ascii_case("localhost") {
        return Some(&ACME);
    }
    let host = host.to_ascii_lowercase();
    let slug = host
        .strip_suffix(".sinjapp.org")
        .or_else(|| host.strip_suffix(".localhost"))?;
    ALL.into_iter().find(|tenant| tenant.slug == slug)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slug(host: &str) -> Option<&'static str> {
        of_host(host_header(host)?.host()).map(|tenant| tenant.slug)
    }

    #[test]
    fn a_host_means_the_tenant_of_its_first_label() {
        assert_eq!(slug("acme.sinjapp.org"), Some("acme"));
        assert_eq!(slug("OTHER.Sinjapp.ORG:443"), Some("other"));
        assert_eq!(slug("other.localhost:4010"), Some("other"));
        assert_eq!(slug("other.sinjapp.org."), Some("other"));
    }

    #[test]
    fn a_loopback_host_means_the_default_tenant() {
        for host in [
            "127.0.0.1:4010",
            "localhost",
            "[::1]:4010",
            "127.8.8.8",
            "[::ffff:127.0.0.1]:4010",
        ] {
            assert_eq!(slug(host), Some("acme"), "{host}");
        }
    }

    #[test]
    fn the_address_of_a_server_that_listens_everywhere_means_the_default_tenant() {
        for host in ["0.0.0.0:4010", "[::]:4010"] {
            assert_eq!(slug(host), Some("acme"), "{host}");
        }
    }

    #[test]
    fn any_other_host_means_nobody() {
        for host in [
            "nobody.sinjapp.org",
            "sinjapp.org",
            "acme.sinjapp.org.evil.example",
            "a.acme.sinjapp.org",
            "192.0.2.1",
            "me@acme.sinjapp.org",
            "",
            ":80",
        ] {
            assert_eq!(slug(host), None, "{host}");
        }
    }
}
