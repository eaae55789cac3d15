//! Floods of HTTP/2 frames that cost their sender nothing.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{address, others_are_served, serve};
use crate::wire::{GET_2, HTTP_2};

/// How much is sent of a flood at most.
const FLOOD: usize = 8 * 1024 * 1024;

/// A frame (RFC 9113, 4.1).
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("a short payload");
    let mut frame = length.to_be_bytes()[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// What is wrong, as the server has it in its GOAWAY frame.
fn goaway(heard: &[u8]) -> Option<u32> {
    let mut rest = heard;
    let mut code = None;
    while let Some((head, after)) = rest.split_at_checked(9) {
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize;
        let payload = after.get(..length)?;
        if head[3] == 7 {
            code = payload
                .get(4..8)
                .map(|code| u32::from_be_bytes(code.try_into().expect("four bytes")));
        }
        rest = &after[length..];
    }
    code
}

/// Sends a flood, hearing what comes back, until the server has enough; what it said, and by how many KiB it grew at most.
async fn flood(opening: &[u8], waves: impl Iterator<Item = Vec<u8>>) -> (Vec<u8>, u64) {
    let serving = serve();
    let address = address(&serving.said);
    others_are_served(address).await;
    let before = serving.resident();
    let stream = TcpStream::connect(address).await.expect("a connection");
    let (mut reading, mut writing) = stream.into_split();
    let hearing = tokio::spawn(async move {
        let mut heard = Vec::new();
        while let Ok(1..) = reading.read_buf(&mut heard).await {}
        heard
    });
    writing.write_all(opening).await.expect("sent");
    let mut sent = 0;
    let mut grown = 0;
    for wave in waves {
        sent += wave.len();
        let written = timeout(Duration::from_secs(2), writing.write_all(&wave)).await;
        grown = grown.max(serving.resident().saturating_sub(before));
        if !matches!(written, Ok(Ok(()))) || sent > FLOOD {
            break;
        }
    }
    others_are_served(address).await;
    drop(writing);
    let heard = timeout(super::AT_LAST, hearing)
        .await
        .expect("it ends")
        .expect("no panic");
    (heard, grown)
}

#[tokio::test]
async fn requests_that_are_taken_back_at_once_end_the_connection() {
    // CVE-2023-44487: each is begun and reset in one breath.
    let waves = (0..100u32).map(|wave| {
        let streams = (0..100).map(|number| 2 * (100 * wave + number) + 1);
        streams
            .flat_map(|stream| {
                [
                    frame(1, 5, stream, &GET_2[9..]),
                    frame(3, 0, stream, &8u32.to_be_bytes()),
                ]
                .concat()
            })
            .collect()
    });
    let (heard, grown) = flood(HTTP_2, waves).await;
    // ENHANCE_YOUR_CALM
    assert_eq!(goaway(&heard), Some(11));
    assert!(grown < 8 * 1024, "it grew by {grown} KiB");
}

#[tokio::test]
async fn a_head_without_end_ends_the_connection() {
    // CVE-2024-24549 and its kin: CONTINUATION after CONTINUATION. A literal header, not indexed: `x: …`.
    let header = [b"\0\x01x\x7f\xa1\x0f".as_slice(), &[b'v'; 2080]].concat();
    let opening = [HTTP_2.to_vec(), frame(1, 0, 1, b"\x82\x84\x86\x41\x09localhost")].concat();
    let wave = frame(9, 0, 1, &header).repeat(100);
    let (heard, grown) = flood(&opening, std::iter::repeat(wave)).await;
    assert!(goaway(&heard).is_some() || heard.len() < 200, "it hears on");
    assert!(grown < 8 * 1024, "it grew by {grown} KiB");
}

#[tokio::test]
async fn settings_and_pings_without_end_cost_nothing() {
    for wave in [
        frame(4, 0, 0, b"").repeat(10_000),
        frame(6, 0, 0, b"ping-me!").repeat(10_000),
    ] {
        let (_, grown) = flood(HTTP_2, std::iter::repeat(wave)).await;
        assert!(grown < 8 * 1024, "it grew by {grown} KiB");
    }
}

#[tokio::test]
async fn more_requests_at_a_time_than_are_allowed_are_refused_one_by_one() {
    // Each announces a body that never comes, so that it stays under way.
    let body_to_come = b"\x83\x84\x86\x41\x09localhost";
    let waves = (0..20u32).map(|wave| {
        let streams = (0..100).map(|number| 2 * (100 * wave + number) + 1);
        streams
            .flat_map(|stream| frame(1, 4, stream, body_to_come))
            .collect()
    });
    let (heard, grown) = flood(HTTP_2, waves).await;
    let refused = heard.windows(4).filter(|bytes| bytes == b"\0\0\0\x07").count();
    assert!(refused > 0 || goaway(&heard).is_some(), "nothing is refused");
    assert!(grown < 16 * 1024, "it grew by {grown} KiB");
}
