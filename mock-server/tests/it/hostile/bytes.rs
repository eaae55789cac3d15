//! Bytes that are hardly a request any more, and some that never were one.

use keyway_mock::Vendor;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::line::{tell, whole};
use super::requests::Asked;
use super::{panics, requests, serve, try_all};

/// What changes the meaning of a head, wherever it stands.
const SPLINTERS: [&[u8]; 22] = [
    b"\r\n",
    b"\n",
    b"\r",
    b"\r\n\r\n",
    b"\r\n ",
    b"\0",
    b" ",
    b":",
    b"\xff",
    b"content-length: 5\r\n",
    b"content-length: 5, 5\r\n",
    b"content-length: -1\r\n",
    b"content-length: 99999999999999999999\r\n",
    b"transfer-encoding: chunked\r\n",
    b"transfer-encoding: xchunked\r\n",
    b"transfer-encoding: chunked, identity\r\n",
    b"host: elsewhere\r\n",
    b"HTTP/1.0",
    b"HTTP/9.9",
    b"0\r\n\r\n",
    b"ffffffffffffffff\r\n",
    b"GET / HTTP/1.1\r\nhost: a\r\n\r\n",
];

/// What is done to the bytes of a request.
#[derive(Clone, Debug)]
enum Blow {
    Cut(Index),
    Without(Index, usize),
    Flip(Index, u8),
    Splinter(Index, &'static [u8]),
    Twice,
}

fn blow() -> impl Strategy<Value = Blow> {
    prop_oneof![
        1 => any::<Index>().prop_map(Blow::Cut),
        2 => (any::<Index>(), 1usize..20).prop_map(|(at, length)| Blow::Without(at, length)),
        3 => (any::<Index>(), 1u8..=255).prop_map(|(at, bits)| Blow::Flip(at, bits)),
        4 => (any::<Index>(), select(&SPLINTERS[..])).prop_map(|(at, splinter)| Blow::Splinter(at, splinter)),
        1 => Just(Blow::Twice),
    ]
}

fn struck(mut bytes: Vec<u8>, blows: Vec<Blow>) -> Vec<u8> {
    for blow in blows {
        let length = bytes.len();
        match blow {
            Blow::Cut(at) => bytes.truncate(at.index(length + 1)),
            Blow::Without(at, many) => {
                let at = at.index(length + 1);
                drop(bytes.drain(at..(at + many).min(length)));
            }
            Blow::Flip(at, bits) if length > 0 => bytes[at.index(length)] ^= bits,
            Blow::Flip(..) => {}
            Blow::Splinter(at, splinter) => {
                let at = at.index(length + 1);
                drop(bytes.splice(at..at, splinter.iter().copied()));
            }
            Blow::Twice => bytes.extend_from_within(..),
        }
    }
    bytes
}

/// A frame of HTTP/2 (RFC 9113, 4.1), whose length is not always that of its payload.
fn frame() -> impl Strategy<Value = Vec<u8>> {
    let payload = prop_oneof![
        3 => prop::collection::vec(any::<u8>(), 0..40),
        2 => Just(b"\x82\x84\x86\x41\x09localhost".to_vec()),
        1 => Just(b"\x83\x84\x86\x41\x09localhost".to_vec()),
        1 => Just(vec![0; 4]),
        1 => Just(Vec::new()),
    ];
    let off = prop_oneof![20 => Just(0u32), 1 => 1u32..70_000];
    (payload, 0u8..12, any::<u8>(), 0u32..9, off).prop_map(|(payload, kind, flags, stream, off)| {
        let length = u32::try_from(payload.len()).expect("a short payload") + off;
        let mut frame = length.to_be_bytes()[1..].to_vec();
        frame.extend([kind, flags]);
        frame.extend(stream.to_be_bytes());
        frame.extend(payload);
        frame
    })
}

/// Everything that may come to a socket.
fn anything(request: BoxedStrategy<Vec<Asked>>, root: String) -> BoxedStrategy<Vec<u8>> {
    let request = request.prop_map(move |asked| asked.iter().flat_map(|asked| asked.bytes(&root)).collect());
    let broken =
        (request, prop::collection::vec(blow(), 0..5)).prop_map(|(bytes, blows)| struck(bytes, blows));
    let frames = prop::collection::vec(frame(), 0..20).prop_map(|frames| {
        let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
        [preface.to_vec(), frames.concat()].concat()
    });
    prop_oneof![
        6 => broken,
        3 => frames,
        1 => prop::collection::vec(any::<u8>(), 0..300),
    ]
    .boxed()
}

/// Why what was heard is not bearable, if it is not.
fn complaint(mut heard: &[u8]) -> Option<String> {
    if let Some(frames) = heard.strip_prefix(b"\0\0").filter(|_| heard.get(3) == Some(&4)) {
        return internal_error(&[b"\0\0", frames].concat());
    }
    while !heard.is_empty() {
        // Whether a method was HEAD cannot be told any more, so that a body may not come: then the next answer begins.
        let Some((answer, length)) = whole(heard, "GET").or_else(|| whole(heard, "HEAD")) else {
            return (!b"HTTP/1.1 ".starts_with(heard) && !heard.starts_with(b"HTTP/1.1 "))
                .then(|| lossy(heard));
        };
        if answer.status >= 500 {
            return Some(lossy(heard));
        }
        heard = &heard[length..];
        // The body that HEAD has announced, and that is the next answer's beginning.
        if !heard.is_empty() && !heard.starts_with(b"HTTP/1.1 ") {
            return None;
        }
    }
    None
}

/// A stream or a connection that ends with INTERNAL_ERROR (RFC 9113, 7).
fn internal_error(mut frames: &[u8]) -> Option<String> {
    while let Some((head, rest)) = frames.split_at_checked(9) {
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize;
        let payload = rest.get(..length)?;
        let code = match head[3] {
            3 => payload.get(..4),
            7 => payload.get(4..8),
            _ => None,
        };
        if code == Some(&[0, 0, 0, 2]) {
            return Some(format!("INTERNAL_ERROR in {payload:?}"));
        }
        frames = &rest[length..];
    }
    None
}

fn lossy(heard: &[u8]) -> String {
    String::from_utf8_lossy(heard).into_owned()
}

#[test]
fn any_bytes_are_borne() {
    let runtime = panics::watched();
    let server = serve(&runtime);
    let address = server.address();
    let to_each = Vendor::ALL.map(|vendor| {
        let requests = requests::to(vendor, &server.access(vendor));
        anything(requests, format!("/{vendor}"))
    });
    try_all(600, &proptest::strategy::Union::new(to_each), |bytes| {
        let heard = runtime.block_on(tell(address, &bytes))?;
        match complaint(&heard) {
            None => Ok(()),
            Some(complaint) => Err(complaint),
        }
    });
    // Whatever the others said, this one is served as ever.
    let health = b"GET /_keyway/health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    let heard = runtime.block_on(tell(address, health)).expect("an answer");
    assert!(heard.starts_with(b"HTTP/1.1 200"), "{}", lossy(&heard));
}
