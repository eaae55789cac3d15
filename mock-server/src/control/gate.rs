//! Who may use the control plane: this machine, or who has the token; never a page in a browser.

use std::net::IpAddr;

use http::header::{AUTHORIZATION, HOST, HeaderMap, HeaderValue, ORIGIN};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::call::text;

/// The token that lets a caller from another machine in; kept as its digest.
#[derive(Clone)]
pub(crate) struct Token([u8; 32]);

impl Token {
    pub(crate) fn new(token: &str) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }

    fn is(&self, presented: &str) -> bool {
        let presented: [u8; 32] = Sha256::digest(presented.as_bytes()).into();
        bool::from(self.0.ct_eq(&presented))
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(..)")
    }
}

/// What a request is at the gate.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Gate {
    Open,
    /// Sent by a page of another origin, or to a name that a page could have made up.
    ForeignOrigin,
    /// From another machine without the token.
    NoToken,
}

impl Gate {
    /// With the token a caller may come from anywhere. Without one it must be on this machine, call it by a name
    /// that no page can give to another machine (or a page could reach us by DNS rebinding), and be no page.
    pub(crate) fn for_caller(
        headers: &HeaderMap,
        host: Option<&HeaderValue>,
        peer: IpAddr,
        token: Option<&Token>,
    ) -> Self {
        let presented = text(headers, AUTHORIZATION.as_str()).and_then(|value| value.split_once(' '));
        // The scheme is compared without regard to case (RFC 9110, 11.1).
        if let (Some(token), Some((scheme, presented))) = (token, presented)
            && scheme.eq_ignore_ascii_case("bearer")
            && token.is(presented)
        {
            return Self::Open;
        }
        if !peer.to_canonical().is_loopback() {
            return Self::NoToken;
        }
        let named = host
            .and_then(|host| host.to_str().ok())
            .or_else(|| text(headers, HOST.as_str()));
        // Not every request of a page has an origin; what browsers tell of their requests is no page's to change.
        let of_a_page = ["cross-site", "same-site"];
        let is_a_page = headers.contains_key(ORIGIN)
            || headers.get_all("sec-fetch-site").iter().any(|site| {
                of_a_page
                    .iter()
                    .any(|of_a_page| site.as_bytes().eq_ignore_ascii_case(of_a_page.as_bytes()))
            });
        if is_a_page || !is_this_machine(named.unwrap_or_default()) {
            Self::ForeignOrigin
        } else {
            Self::Open
        }
    }
}

/// Whether a host, with or without a port, is a name of this machine and nothing besides.
fn is_this_machine(host: &str) -> bool {
    let (name, port) = match host.strip_prefix('[') {
        Some(rest) => rest.split_once(']').unwrap_or_default(),
        None => host.split_at(host.find(':').unwrap_or(host.len())),
    };
    let is_port = |port: &str| port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit());
    if !port.is_empty() && !port.strip_prefix(':').is_some_and(is_port) {
        return false;
    }
    let name = name.to_ascii_lowercase();
    name == "localhost"
        || name.ends_with(".localhost")
        || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(peer: &str, headers: &[(&'static str, &'static str)], token: Option<&Token>) -> Gate {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, HeaderValue::from_static(value));
        }
        Gate::for_caller(&map, None, peer.parse().expect("an address"), token)
    }

    #[test]
    fn this_machine_is_let_in_and_others_need_the_token() {
        let token = Token::new("let-me-in");
        for (peer, headers, expected) in [
            ("127.0.0.1", &[("host", "127.0.0.1:4010")][..], Gate::Open),
            ("::1", &[("host", "[::1]:4010")], Gate::Open),
            ("::ffff:127.0.0.1", &[("host", "localhost")], Gate::Open),
            ("127.0.0.1", &[("host", "evil.example")], Gate::ForeignOrigin),
            (
                "127.0.0.1",
                &[("host", "127.0.0.1.evil.example")],
                Gate::ForeignOrigin,
            ),
            (
                "127.0.0.1",
                &[("host", "localhost"), ("origin", "https://evil.example")],
                Gate::ForeignOrigin,
            ),
            (
                "127.0.0.1",
                &[("host", "localhost"), ("sec-fetch-site", "cross-site")],
                Gate::ForeignOrigin,
            ),
            (
                "127.0.0.1",
                &[("host", "localhost"), ("sec-fetch-site", "same-site")],
                Gate::ForeignOrigin,
            ),
            (
                "127.0.0.1",
                &[("host", "localhost"), ("sec-fetch-site", "Cross-Site")],
                Gate::ForeignOrigin,
            ),
            (
                "127.0.0.1",
                &[("host", "localhost:80@evil.example")],
                Gate::ForeignOrigin,
            ),
            ("127.0.0.1", &[("host", "[::1]evil.example")], Gate::ForeignOrigin),
            (
                "127.0.0.1",
                &[("host", "[::1]:80.evil.example")],
                Gate::ForeignOrigin,
            ),
            // Somebody has typed the address.
            (
                "127.0.0.1",
                &[("host", "localhost"), ("sec-fetch-site", "none")],
                Gate::Open,
            ),
            ("127.0.0.1", &[], Gate::ForeignOrigin),
            ("192.0.2.1", &[("host", "localhost")], Gate::NoToken),
            ("192.0.2.1", &[("authorization", "Bearer let-me-in")], Gate::Open),
            ("192.0.2.1", &[("authorization", "bearer let-me-in")], Gate::Open),
            ("192.0.2.1", &[("authorization", "BEARER let-me-in")], Gate::Open),
            (
                "192.0.2.1",
                &[("authorization", "Basic let-me-in")],
                Gate::NoToken,
            ),
            (
                "192.0.2.1",
                &[("authorization", "Bearer let-me-im")],
                Gate::NoToken,
            ),
            ("192.0.2.1", &[("authorization", "Bearer ")], Gate::NoToken),
        ] {
            let seen = gate(peer, headers, Some(&token));
            assert_eq!(seen, expected, "{peer} {headers:?}");
        }
        assert_eq!(
            gate("192.0.2.1", &[("authorization", "Bearer x")], None),
            Gate::NoToken
        );
        let named_in_the_target = HeaderValue::from_static("evil.example");
        let seen = Gate::for_caller(
            &HeaderMap::new(),
            Some(&named_in_the_target),
            IpAddr::from([127, 0, 0, 1]),
            None,
        );
        assert_eq!(seen, Gate::ForeignOrigin);
    }
}
