//! Connections of clients that mean no good, or too many of them: what they cost is bounded, and others are served.
//!
//! How long a connection may stand is tested where time can be turned: in the server's own tests.

mod floods;
mod heads;

use std::net::SocketAddr;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::binary::Serving;
use super::wire::GET_1;

/// Much more than an answer takes on a busy machine.
const AT_LAST: Duration = Duration::from_secs(20);

fn serve() -> Serving {
    Serving::start(&[
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--print",
        "json",
        "--vendor",
        "dolfin",
    ])
}

fn address(said: &Value) -> SocketAddr {
    let listen = said["listen"].as_str().expect("an address");
    listen.parse().expect("an address")
}

/// A client that means well gets its answer.
async fn others_are_served(address: SocketAddr) {
    let asking = async {
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        stream.write_all(GET_1).await.expect("sent");
        let mut heard = [0; 12];
        stream.read_exact(&mut heard).await.expect("an answer");
        assert_eq!(&heard, b"HTTP/1.1 404");
    };
    timeout(AT_LAST, asking).await.expect("others are served");
}

/// As many idle connections as the limit of this process allows, 10,000 at most.
fn many() -> usize {
    let _ = rlimit::increase_nofile_limit(20_000);
    let (allowed, _) = rlimit::getrlimit(rlimit::Resource::NOFILE).expect("a limit");
    let many = usize::try_from(allowed.saturating_sub(500))
        .unwrap_or(usize::MAX)
        .min(10_000);
    if many < 10_000 {
        eprintln!("this process may have {allowed} descriptors: {many} connections instead of 10,000");
    }
    many
}

#[tokio::test]
async fn idle_connections_by_the_thousand_cost_little_and_keep_nobody_out() {
    let serving = serve();
    let address = address(&serving.said);
    others_are_served(address).await;
    let before = serving.resident();
    let mut idle = Vec::new();
    let many = many();
    for number in 0..many {
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        // Silent, in the middle of a head, and with an answer.
        match number % 3 {
            0 => {}
            1 => stream.write_all(b"GET / HTTP/1.1\r\nhost:").await.expect("sent"),
            _ => stream.write_all(GET_1).await.expect("sent"),
        }
        idle.push(stream);
        if number % 1000 == 0 {
            others_are_served(address).await;
        }
    }
    others_are_served(address).await;
    let each = (serving.resident().saturating_sub(before)) * 1024 / many as u64;
    assert!(each < 40_000, "an idle connection takes {each} bytes");
}

#[tokio::test]
async fn a_client_that_asks_on_and_takes_no_answer_is_not_heard_further() {
    let serving = serve();
    let address = address(&serving.said);
    others_are_served(address).await;
    let before = serving.resident();
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let many = GET_1.repeat(1000);
    let mut sent = 0;
    // As long as the server takes what it is told.
    while let Ok(Ok(written)) = timeout(Duration::from_secs(2), stream.write(&many)).await {
        sent += written;
        assert!(sent < 256 * 1024 * 1024, "it takes whatever comes");
    }
    let grown = serving.resident().saturating_sub(before);
    assert!(
        grown < 8 * 1024,
        "{sent} bytes of requests made it grow by {grown} KiB"
    );
    others_are_served(address).await;
}

#[tokio::test]
async fn it_takes_as_many_descriptors_as_it_may_have() {
    // A shell hands out few, as shells do.
    let binary = env!("CARGO_BIN_EXE_keyway-mock");
    let script = format!("ulimit -Sn 256 && exec {binary} serve --listen 127.0.0.1:0 --print json");
    let serving = Serving::read(Command::new("sh").args(["-c", &script]));
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", serving.child.id())).expect("its limits");
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"));
    let mut allowed = line
        .expect("a limit")
        .split_whitespace()
        .map(|limit| limit.parse::<u64>());
    let mut next = || allowed.next().and_then(Result::ok).unwrap_or(u64::MAX);
    let (soft, hard) = (next(), next());
    assert_eq!(soft, hard.min(65_536));
}
