//! Connections that stand, on a clock that waits for nobody: an hour of patience takes a moment here.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use keyway_openapi::Vendor;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use super::super::door::{Door, Leads};
use super::{FAREWELL, HEAD_TIMEOUT, STANDSTILL, exchange};
use crate::clock::Clock;
use crate::faults::{Effect, Fault};
use crate::mock::Mock;
use crate::wire::Fuse;
use crate::world::{Beginning, World};
use crate::worlds::{Premises, Worlds};

/// An end of two turns of a standstill at the latest, and the farewell.
const LATEST: Duration =
    Duration::from_secs(2 * STANDSTILL.as_secs() + HEAD_TIMEOUT.as_secs() + FAREWELL.as_secs());

const HOUR: Duration = Duration::from_secs(3600);

/// `GET /me` of Dolfin, whose answer is a 401 of some hundred bytes.
const GET_1: &[u8] = b"GET /me HTTP/1.1\r\nhost: localhost\r\n\r\n";

/// The preface of HTTP/2 with an empty SETTINGS frame (RFC 9113, 3.4).
const HTTP_2: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

/// The same, with SETTINGS that let no byte of an answer's body through: INITIAL_WINDOW_SIZE is 0.
const HTTP_2_SHUT: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\x06\x04\0\0\0\0\0\0\x04\0\0\0\0";

/// `GET /` in a HEADERS frame that ends stream 1.
const GET_2: &[u8] = b"\0\0\x0e\x01\x05\0\0\0\x01\x82\x84\x86\x41\x09localhost";

/// One connection to Dolfin, held by its client.
struct Line {
    client: DuplexStream,
    serving: JoinHandle<()>,
    worlds: Arc<Worlds>,
    begun: Instant,
    _stop: watch::Sender<bool>,
}

impl Line {
    /// With so many bytes of room between the two in either direction.
    async fn with_room_for(bytes: usize) -> Self {
        let (beginning, clock) = (Beginning::default(), Clock::default());
        let seeded = Mock::new(Vendor::Dolfin, &clock, None, &beginning.seals, None)
            .await
            .1;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 4010));
        let premises = Premises {
            only: Some(Vendor::Dolfin),
            address,
            control: address,
            scheme: "http",
            certificate_pem: None,
            seeded: vec![(Vendor::Dolfin, seeded)],
        };
        let worlds = Arc::new(Worlds::new(
            World::new(beginning.clone(), clock),
            beginning,
            premises,
            HOUR,
        ));
        let door = Arc::new(Door {
            worlds: Arc::clone(&worlds),
            leads: Leads::Everywhere,
            token: None,
            #[cfg(feature = "tls")]
            tls: None,
        });
        let (stop, stopped) = watch::channel(false);
        let (client, server) = tokio::io::duplex(bytes);
        Self {
            client,
            serving: tokio::spawn(exchange(server, Fuse::default(), address, door, stopped)),
            worlds,
            begun: Instant::now(),
            _stop: stop,
        }
    }

    async fn new() -> Self {
        Self::with_room_for(64 * 1024).await
    }

    async fn say(&mut self, bytes: &[u8]) {
        self.client.write_all(bytes).await.expect("sent");
    }

    /// What comes before the server says nothing for a second.
    async fn hear(&mut self) -> Vec<u8> {
        let mut heard = Vec::new();
        while let Ok(Ok(1..)) = timeout(Duration::from_secs(1), self.client.read_buf(&mut heard)).await {}
        heard
    }

    /// How long the connection lasted, which the server ends within the hour.
    async fn end(self) -> Duration {
        timeout(HOUR, self.serving)
            .await
            .expect("it ends")
            .expect("no panic");
        self.begun.elapsed()
    }
}

fn has(heard: &[u8], awaited: &[u8]) -> bool {
    heard.windows(awaited.len()).any(|bytes| bytes == awaited)
}

#[tokio::test(start_paused = true)]
async fn a_connection_on_which_nothing_is_asked_ends() {
    for preface in [&b""[..], b"GET /me HT", HTTP_2] {
        let mut line = Line::new().await;
        line.say(preface).await;
        assert!(line.end().await <= HEAD_TIMEOUT + FAREWELL, "{preface:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_on_which_nothing_more_is_asked_ends() {
    for asking in [GET_1.to_vec(), [HTTP_2, GET_2].concat()] {
        let mut line = Line::new().await;
        line.say(&asking).await;
        assert!(has(&line.hear().await, b"\"status\""));
        let lasted = line.end().await;
        assert!(lasted >= HEAD_TIMEOUT && lasted <= LATEST, "{lasted:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_is_used_now_and_then_stays() {
    let mut line = Line::new().await;
    line.say(HTTP_2).await;
    for stream in (1..40).step_by(2) {
        let mut asking = GET_2.to_vec();
        asking[8] = stream;
        line.say(&asking).await;
        assert!(has(&line.hear().await, b"\"status\""), "{stream}");
        sleep(STANDSTILL / 2).await;
    }
    assert!(line.begun.elapsed() > 2 * LATEST);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_takes_nothing_of_its_answer_is_left() {
    for asking in [
        GET_1.to_vec(),
        [HTTP_2, GET_2].concat(),
        [HTTP_2_SHUT, GET_2].concat(),
    ] {
        let mut line = Line::with_room_for(100).await;
        line.say(&asking).await;
        let lasted = line.end().await;
        assert!(lasted <= LATEST, "{lasted:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_whose_window_stays_shut_is_left() {
    let mut line = Line::new().await;
    line.say(&[HTTP_2_SHUT, GET_2].concat()).await;
    assert!(!has(&line.hear().await, b"\"status\""));
    assert!(line.end().await <= LATEST);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_takes_its_answer_slowly_gets_all_of_it() {
    let mut line = Line::with_room_for(40).await;
    line.say(GET_1).await;
    let mut heard = Vec::new();
    while !has(&heard, b"is required\"}") {
        sleep(STANDSTILL / 4).await;
        let mut piece = [0; 8];
        let read = line.client.read(&mut piece).await.expect("bytes");
        assert!(
            read > 0,
            "it broke off after {:?}",
            String::from_utf8_lossy(&heard)
        );
        heard.extend_from_slice(&piece[..read]);
    }
    assert!(line.begun.elapsed() > LATEST);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_held_back_is_waited_for() {
    for asking in [GET_1.to_vec(), [HTTP_2, GET_2].concat()] {
        let mut line = Line::new().await;
        let held_back = Fault::new(Effect::Latency { ms: 600_000 });
        line.worlds.first.inject(held_back).expect("a fault");
        line.say(&asking).await;
        assert!(!has(&line.hear().await, b"\"status\""));
        sleep(Duration::from_secs(600)).await;
        assert!(has(&line.hear().await, b"\"status\""));
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_that_says_no_more_still_gets_its_answer() {
    let mut line = Line::new().await;
    let held_back = Fault::new(Effect::Latency { ms: 500 });
    line.worlds.first.inject(held_back).expect("a fault");
    line.say(GET_1).await;
    line.client.shutdown().await.expect("shut");
    assert!(has(&line.hear().await, b"\"status\""));
    assert!(line.end().await <= HEAD_TIMEOUT);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_drips_is_not_waited_for_long() {
    let mut line = Line::new().await;
    line.say(b"POST /api-keys HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\n")
        .await;
    let mut heard = Vec::new();
    while !has(&heard, b"HTTP/1.1 408") {
        line.say(b" ").await;
        heard.extend(line.hear().await);
        assert!(line.begun.elapsed() < LATEST, "it waits and waits");
    }
    assert!(has(&heard, b"connection: close"));
    assert!(line.end().await <= LATEST);
}

#[tokio::test(start_paused = true)]
async fn a_head_that_drips_is_not_waited_for_long() {
    let mut line = Line::new().await;
    for byte in b"GET /me HTTP/1.1\r\nhost: localhost\r\nx-drip: aaaaaaaaaaaaaaaaa" {
        if line.client.write_all(&[*byte]).await.is_err() {
            break;
        }
        sleep(Duration::from_secs(1)).await;
    }
    assert!(line.end().await <= 2 * HEAD_TIMEOUT);
}
