//! One request on its way through the mock, and the answers it can get.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::OnceLock;

use bytes::Bytes;
use http::header::{AUTHORIZATION, AsHeaderName, CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use keyway_openapi::Operation;
use serde::Serialize;
use serde_json::Value;

use crate::assumptions::{Assumption, Assumptions};
use crate::entropy::Entropy;
use crate::refusal::Unauthenticated;
use crate::secrets::is_token;
use crate::store::AnyStore;

/// A request with its whole body.
pub(crate) type Request = http::Request<Bytes>;
/// An answer with its whole body.
pub(crate) type Response = http::Response<Bytes>;

/// Where a request comes from, and where it came in.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Origin<'a> {
    /// The caller's end of the connection; none where there is no network.
    pub(crate) peer: Option<SocketAddr>,
    /// The path under which the vendor is found; empty where that is the root.
    pub(crate) root: &'a str,
}

/// The same of a caller, in a request's extensions where a saboteur is to see it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// Everything a dialect is handed to decide on one request.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) request: &'a Request,
    pub(crate) operation: &'static Operation,
    pub(crate) path_params: &'a [(&'a str, Cow<'a, str>)],
    pub(crate) origin: Origin<'a>,
    /// The tenant that the address belongs to, where the vendor tells tenants apart by address.
    pub(crate) site: Option<&'a str>,
    pub(crate) now: Timestamp,
    pub(crate) store: &'a AnyStore,
    pub(crate) assumptions: &'a Assumptions,
    pub(crate) entropy: &'a Entropy,
    /// The body as JSON, once somebody has read it.
    pub(crate) body: OnceLock<Value>,
}

impl Call<'_> {
    /// A path parameter, decoded; empty if the operation has none of that name.
    pub(crate) fn path_param(&self, name: &str) -> &str {
        self.path_params
            .iter()
            .find_map(|(key, value)| (*key == name).then_some(&**value))
            .unwrap_or_default()
    }

    /// A query parameter, decoded; the first of that name.
    pub(crate) fn query(&self, name: &str) -> Option<String> {
        let query = self.request.uri().query()?;
        url::form_urlencoded::parse(query.as_bytes())
            .find_map(|(key, value)| (key == name).then(|| value.into_owned()))
    }

    /// A header, if it is there once and is plain text.
    pub(crate) fn header(&self, name: impl AsHeaderName) -> Option<&str> {
        text(self.request.headers(), name)
    }

    /// A credential in a header of its own, if that header was sent. It must be there once and be visible ASCII.
    pub(crate) fn secret_header(&self, name: impl AsHeaderName) -> Result<Option<&str>, Unauthenticated> {
        let mut values = self.request.headers().get_all(name).iter();
        match (values.next(), values.next()) {
            (None, _) => Ok(None),
            (Some(_), Some(_)) => Err(Unauthenticated::Ambiguous),
            (Some(value), None) => match value.to_str() {
                Ok(secret) if secret.bytes().all(|byte| byte.is_ascii_graphic()) && !secret.is_empty() => {
                    Ok(Some(secret))
                }
                _ => Err(Unauthenticated::Malformed),
            },
        }
    }

    /// The token of `Authorization: Bearer`, if that header was sent. The scheme is compared without regard to
    /// case (RFC 9110, 11.1); anything but one token after one space is no credential.
    pub(crate) fn bearer(&self) -> Result<Option<&str>, Unauthenticated> {
        let mut values = self.request.headers().get_all(AUTHORIZATION).iter();
        match (values.next(), values.next()) {
            (None, _) => Ok(None),
            (Some(_), Some(_)) => Err(Unauthenticated::Ambiguous),
            (Some(value), None) => value
                .to_str()
                .ok()
                .and_then(bearer_token)
                .map(Some)
                .ok_or(Unauthenticated::Malformed),
        }
    }

    /// The body as JSON. The contract has been checked by then, so only an operation without a JSON body gets `Null`.
    pub(crate) fn json(&self) -> &Value {
        self.body
            .get_or_init(|| serde_json::from_slice(self.request.body()).unwrap_or(Value::Null))
    }

    /// A member of the body; `Null` if it is not there. Bodies are small, so looking along them is the fastest.
    pub(crate) fn member(&self, name: &str) -> &Value {
        let mut members = self.json().as_object().into_iter().flatten();
        members
            .find_map(|(known, value)| (known == name).then_some(value))
            .unwrap_or(&Value::Null)
    }

    /// The choice in force for an assumption.
    pub(crate) fn assumed(&self, assumption: &Assumption) -> &'static str {
        self.assumptions.of(assumption)
    }

    /// The path under which the vendor is found, for cookies: worlds share a host.
    pub(crate) fn root(&self) -> &str {
        match self.origin.root {
            "" => "/",
            root => root,
        }
    }

    /// The caller's network address; loopback where there is no network.
    pub(crate) fn peer(&self) -> IpAddr {
        self.origin
            .peer
            .map_or(Ipv4Addr::LOCALHOST.into(), |peer| peer.ip())
    }

    /// The same as text.
    pub(crate) fn peer_ip(&self) -> String {
        match self.peer() {
            // What nearly every call has is not worth the machinery of formatting.
            IpAddr::V4(address) => dotted(address),
            IpAddr::V6(address) => address.to_string(),
        }
    }
}

fn dotted(address: Ipv4Addr) -> String {
    let mut text = String::with_capacity(15);
    for octet in address.octets() {
        if !text.is_empty() {
            text.push('.');
        }
        for (place, least) in [(100, 100), (10, 10), (1, 0)] {
            if octet >= least {
                text.push(char::from(b'0' + octet / place % 10));
            }
        }
    }
    text
}

/// The token in the value of an `Authorization` header: the characters are those of `b64token` (RFC 6750, 2.1).
pub(crate) fn bearer_token(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    let well_formed =
        scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && is_token(token.as_bytes());
    well_formed.then_some(token)
}

/// A header, if it is there exactly once and is visible ASCII.
pub(crate) fn text(headers: &HeaderMap, name: impl AsHeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    }
}

/// As many bytes as most answers have at most, so that they need not grow.
const USUAL_LENGTH: usize = 512;

/// A JSON answer.
pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Response {
    json_as("application/json", status, body)
}

/// A JSON answer of another media type, `application/problem+json` for example.
pub(crate) fn json_as(media_type: &'static str, status: StatusCode, body: &impl Serialize) -> Response {
    let mut bytes = Vec::with_capacity(USUAL_LENGTH);
    serde_json::to_writer(&mut bytes, body).expect("the mock's own answers serialise");
    of_bytes(media_type, status, bytes)
}

/// A JSON answer that is written already.
pub(crate) fn json_text(status: StatusCode, body: String) -> Response {
    of_bytes("application/json", status, body.into_bytes())
}

fn of_bytes(media_type: &'static str, status: StatusCode, body: Vec<u8>) -> Response {
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}

/// An answer without a body.
pub(crate) fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = status;
    response
}

/// The answer with one header more.
pub(crate) fn with(mut response: Response, name: HeaderName, value: HeaderValue) -> Response {
    response.headers_mut().append(name, value);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_written_as_everybody_writes_it() {
        for octets in [
            [127, 0, 0, 1],
            [10, 20, 255, 199],
            [0, 9, 99, 100],
            [101, 110, 200, 209],
        ] {
            let address = Ipv4Addr::from(octets);
            assert_eq!(dotted(address), address.to_string());
        }
    }
}
