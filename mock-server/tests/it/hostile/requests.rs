//! Requests after the grammar of HTTP and the operations of a vendor, bent here and there.

use keyway_mock::{Access, Vendor};
use keyway_openapi::Operation;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

use super::json;

/// A request; what is written of it keeps to the grammar of HTTP/1.1.
#[derive(Clone)]
pub(super) struct Asked {
    pub(super) method: String,
    /// Below the root of the vendor or the control plane.
    pub(super) target: String,
    pub(super) headers: Vec<(String, Vec<u8>)>,
    pub(super) body: Vec<u8>,
    pub(super) framing: Framing,
}

/// How the end of a body is told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Framing {
    Length,
    Chunks,
}

impl std::fmt::Debug for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "b\"{}\"", self.bytes("").escape_ascii())
    }
}

impl Asked {
    /// The request on the wire.
    pub(super) fn bytes(&self, root: &str) -> Vec<u8> {
        let mut bytes = format!("{} {root}{} HTTP/1.1\r\n", self.method, self.target).into_bytes();
        for (name, value) in &self.headers {
            bytes.extend(name.as_bytes());
            bytes.extend(b": ");
            bytes.extend(value);
            bytes.extend(b"\r\n");
        }
        match self.framing {
            Framing::Length => {
                bytes.extend(format!("content-length: {}\r\n\r\n", self.body.len()).bytes());
                bytes.extend(&self.body);
            }
            Framing::Chunks => {
                bytes.extend(b"transfer-encoding: chunked\r\n\r\n");
                for chunk in self.body.chunks(1000) {
                    bytes.extend(format!("{:x}\r\n", chunk.len()).bytes());
                    bytes.extend(chunk);
                    bytes.extend(b"\r\n");
                }
                bytes.extend(b"0\r\n\r\n");
            }
        }
        bytes
    }
}

/// What stands in a path where an id is expected.
const SEGMENTS: [&str; 30] = [
    "1",
    "2",
    "3",
    "0",
    "-1",
    "01",
    "9223372036854775808",
    "1e3",
    "none",
    "key_mockadmin",
    "ak_mockadmin",
    "user_mockada",
    "00000000-0000-4000-8000-000000000000",
    "c11e0000-0000-4000-8000-000000000001",
    "09a00000-0000-4000-8000-000000000001",
    "05e40000-0000-4000-8000-000000000002",
    "C11E0000-0000-4000-8000-000000000001",
    "..",
    ".",
    "",
    "%2e%2e",
    "%2F",
    "%00",
    "%ff%fe",
    "%F0%9F%92%A9",
    "%",
    "%zz",
    "1;a=b",
    "~1",
    "*",
];

/// What is put somewhere into a path.
const PIECES: [&str; 12] = [
    "/./", "//", "/../", "/%2e%2e/", "%2f", "%00", "%", "/~/", "/_keyway", ";a=b", "\\", "|",
];

/// Values of query parameters.
const VALUES: [&str; 20] = [
    "",
    "0",
    "1",
    "-1",
    "50",
    "1e9",
    "100000",
    "9223372036854775807",
    "9223372036854775808",
    "%",
    "%00",
    "%ff",
    "%F0%9F%92%A9",
    "a&a=b",
    "[]",
    "2030-01-01T00:00:00Z",
    "true",
    "null",
    "%2B1",
    "c11e0000-0000-4000-8000-000000000001",
];

/// Names of query parameters, known to one vendor or another.
const PARAMETERS: [&str; 14] = [
    "limit",
    "offset",
    "page",
    "per_page",
    "cursor",
    "phone",
    "sender_number_id",
    "apiKeyId",
    "serviceAccountId",
    "status",
    "vendor",
    "operation",
    "filter[]",
    "",
];

fn target(template: &str) -> BoxedStrategy<String> {
    let holes = template.matches('{').count();
    let template = template.to_owned();
    let segment = prop_oneof![
        8 => select(&SEGMENTS[..]).prop_map(str::to_owned),
        1 => "[!-\"$->@-~]{0,12}",
        1 => (1usize..5_000).prop_map(|length| "x".repeat(length)),
    ];
    let filled = prop::collection::vec(segment, holes).prop_map(move |segments| {
        let mut filled = String::new();
        let mut rest = template.as_str();
        for segment in segments {
            let (before, after) = rest.split_once('{').expect("as many holes as segments");
            filled.push_str(before);
            filled.push_str(&segment);
            rest = after.split_once('}').expect("a hole ends").1;
        }
        filled + rest
    });
    let piece = prop_oneof![
        10 => Just(None),
        1 => (any::<prop::sample::Index>(), select(&PIECES[..])).prop_map(Some),
    ];
    let query = prop::collection::vec((select(&PARAMETERS[..]), select(&VALUES[..])), 0..4);
    (filled, piece, query)
        .prop_map(|(mut target, piece, query)| {
            if let Some((at, piece)) = piece {
                // What is before the first slash belongs to the root.
                target.insert_str(at.index(target.len()) + 1, piece);
            }
            for (position, (name, value)) in query.into_iter().enumerate() {
                target.push(if position == 0 { '?' } else { '&' });
                target.push_str(&format!("{name}={value}"));
            }
            target
        })
        .boxed()
}

fn method(usual: &str) -> impl Strategy<Value = String> + use<> {
    let methods = [
        "GET",
        "HEAD",
        "POST",
        "PUT",
        "PATCH",
        "DELETE",
        "OPTIONS",
        "TRACE",
        "BREW",
        "get",
        "M-SEARCH",
        "!#$%&'*+-.^_`|~",
    ];
    prop_oneof![
        10 => Just(usual.to_owned()),
        2 => prop::sample::select(methods.map(str::to_owned).to_vec()),
    ]
}

/// A header that any client might send.
fn header() -> impl Strategy<Value = (String, Vec<u8>)> {
    let known = prop::sample::select(vec![
        "accept",
        "accept-encoding",
        "accept-language",
        "authorization",
        "content-encoding",
        "content-type",
        "cookie",
        "expect",
        "forwarded",
        "idempotency-key",
        "if-match",
        "origin",
        "range",
        "te",
        "traceparent",
        "upgrade",
        "user-agent",
        "x-api-key",
        "x-dolfin-api-key",
        "x-dolfin-organisation-id",
        "x-forwarded-for",
        "x-http-method-override",
        "x-org-id",
        "x-tenant-id",
    ]);
    let value = prop_oneof![
        3 => select(&SEGMENTS[..]).prop_map(|text| text.as_bytes().to_vec()),
        3 => prop::sample::select(
            [
                "application/json", "*/*", "gzip", "chunked", "trailers", "Bearer", "Bearer x", "Basic Og==", "bytes=0-",
                "websocket", "h2c", "identity", "refresh_token=x; refresh_token=y", "=;=;", "text/html; charset=utf-16",
                "multipart/form-data", "multipart/form-data; boundary=", "application/json, text/html", "q=1;;;",
            ]
            .map(|text| text.as_bytes().to_vec())
            .to_vec()
        ),
        2 => prop::collection::vec(prop_oneof![Just(b'\t'), 32u8..127, 128u8..=255], 0..60),
        1 => (1usize..9_000).prop_map(|length| vec![b'v'; length]),
    ];
    let name = prop_oneof![6 => known.prop_map(str::to_owned), 1 => "x-[a-z0-9!#$%&'*+.^_`|~-]{1,30}"];
    (name, value)
}

fn host() -> impl Strategy<Value = String> {
    let hosts = [
        "acme.localhost",
        "other.localhost",
        "OTHER.SINJAPP.ORG:443",
        "nobody.example",
        "[::1]",
        "a b",
        "",
        "%",
    ];
    prop_oneof![9 => Just("localhost".to_owned()), 1 => prop::sample::select(hosts.map(str::to_owned).to_vec())]
}

/// How a credential is presented.
fn credential(access: &Access, vendor: Vendor) -> BoxedStrategy<Vec<(String, Vec<u8>)>> {
    let ready_made = [
        &access.credentials.admin,
        &access.credentials.limited,
        &access.credentials.other,
    ];
    let one = prop::sample::select(ready_made.map(Clone::clone).to_vec());
    let shown = move |credential: &str| {
        let (kind, secret) = credential.split_once(':').expect("written KIND:SECRET");
        match (kind, vendor) {
            ("bearer", _) | (_, Vendor::B3os) => (
                "authorization".to_owned(),
                format!("Bearer {secret}").into_bytes(),
            ),
            (_, Vendor::Dolfin) => ("x-dolfin-api-key".to_owned(), secret.as_bytes().to_vec()),
            _ => ("x-api-key".to_owned(), secret.as_bytes().to_vec()),
        }
    };
    let admin = access.credentials.admin.clone();
    let tenant = access.tenant.clone();
    let with_tenant = move |header| vec![header, ("x-tenant-id".to_owned(), tenant.clone().into_bytes())];
    prop_oneof![
        1 => Just(Vec::new()),
        6 => Just(with_tenant(shown(&admin))),
        3 => one.clone().prop_map(move |credential| vec![shown(&credential)]),
        1 => one.clone().prop_map(move |credential| vec![shown(&credential), shown(&credential)]),
        2 => (one, any::<prop::sample::Index>(), 33u8..127).prop_map(move |(credential, at, byte)| {
            let (name, mut value) = shown(&credential);
            let at = at.index(value.len());
            value[at] = byte;
            vec![(name, value)]
        }),
    ]
    .boxed()
}

fn body(example: Option<Value>) -> BoxedStrategy<Vec<u8>> {
    let parts = json::value().prop_map(|value| {
        let part = "--x\r\ncontent-disposition: form-data; name=\"type\"\r\n\r\ntext\r\n";
        let file = "--x\r\ncontent-disposition: form-data; name=\"media\"; filename=\"../a\"\r\n\r\n";
        format!("{part}{file}{value}\r\n--x--\r\n")
    });
    prop_oneof![
        3 => Just(Vec::new()),
        12 => json::spoilt(json::like(example)),
        2 => json::spoilt(parts),
        1 => prop::collection::vec(any::<u8>(), 0..200),
    ]
    .boxed()
}

fn media_type(usual: &[String]) -> impl Strategy<Value = Option<String>> + use<> {
    let usual = usual
        .first()
        .cloned()
        .unwrap_or_else(|| "application/json".to_owned());
    let odd = [
        "application/json; charset=utf-8",
        "APPLICATION/JSON",
        "multipart/form-data; boundary=x",
        "multipart/form-data; boundary=\"\"",
        "application/x-www-form-urlencoded",
        "application/vnd.api+json",
        "text/plain",
        ";;;",
        "",
    ];
    prop_oneof![
        8 => Just(Some(usual)),
        1 => Just(None),
        2 => prop::sample::select(odd.map(|odd| Some(odd.to_owned())).to_vec()),
    ]
}

/// An operation to be asked for.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) media_types: Vec<String>,
    pub(super) example: Option<Value>,
}

impl Shape {
    pub(super) fn of(operation: &Operation) -> Self {
        Self {
            method: operation.method().to_owned(),
            path: operation.full_path(),
            media_types: operation.request_media_types().map(str::to_owned).collect(),
            example: operation.example_request().cloned(),
        }
    }

    /// Requests like this, by whoever is shown.
    pub(super) fn asked(self, credential: BoxedStrategy<Vec<(String, Vec<u8>)>>) -> BoxedStrategy<Asked> {
        let framing = prop_oneof![4 => Just(Framing::Length), 1 => Just(Framing::Chunks)];
        let more = prop_oneof![20 => 0usize..4, 1 => Just(130)]
            .prop_flat_map(|count| prop::collection::vec(header(), count));
        let head = (method(&self.method), target(&self.path), host(), credential, more);
        let body = (media_type(&self.media_types), body(self.example), framing);
        (head, body)
            .prop_map(
                |((method, target, host, credential, more), (media_type, body, framing))| {
                    let mut headers = vec![("host".to_owned(), host.into_bytes())];
                    headers.extend(credential);
                    headers.extend(
                        media_type.map(|media_type| ("content-type".to_owned(), media_type.into_bytes())),
                    );
                    headers.extend(more);
                    Asked {
                        method,
                        target,
                        headers,
                        body,
                        framing,
                    }
                },
            )
            .boxed()
    }
}

/// A few requests to one vendor, in the order in which they are sent.
pub(super) fn to(vendor: Vendor, access: &Access) -> BoxedStrategy<Vec<Asked>> {
    let credential = credential(access, vendor);
    let operations = vendor.contract().operations().iter();
    let each: Vec<_> = operations
        .map(|operation| Shape::of(operation).asked(credential.clone()))
        .collect();
    prop::collection::vec(proptest::strategy::Union::new(each), 1..12).boxed()
}
