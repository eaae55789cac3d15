//! The whole suite against every store, and against two servers with one store that take turns: what comes of each case
//! is what comes of it in memory, cases of expiry and of restarts among them.
//!
//! What is in PostgreSQL needs one that `KEYWAY_TEST_POSTGRES` names; `.ci/with-postgres` starts one.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use keyway_conformance::{Outcome, Selection, Target, Verdict, run};
use keyway_mock::{Clock, MockServer, StoreLocation};
use keyway_openapi::Vendor;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

/// What is asked of one connection, of which every other request here goes to the other server, and of an answer that one
/// server is made to lose.
const OF_ONE_SERVER: [&str; 4] = [
    "revoke/lost-answer-settles",
    "revoke/refused-on-http2-stream",
    "revoke/refused-on-same-connection",
    "use/connection-is-nobodys",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_as_good_as_memory() {
    let folder = tempfile::tempdir().expect("a folder");
    for vendor in Vendor::PLAYED {
        let file = folder.path().join(vendor.name());
        let server = start(vendor, StoreLocation::Sqlite(file), &Clock::default()).await;
        let target = Target::of_mock(vendor, server);
        is_same(&judged(target).await, &in_memory(vendor).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: KEYWAY_TEST_POSTGRES"]
async fn a_database_is_as_good_as_memory_and_two_servers_as_good_as_one() {
    let database = std::env::var("KEYWAY_TEST_POSTGRES").expect("KEYWAY_TEST_POSTGRES is set");
    let database: StoreLocation = database.parse().expect("a URL");
    for vendor in Vendor::PLAYED {
        let mut expected = in_memory(vendor).await;
        // What the suite does to time, it does to both.
        let clock = Clock::default();
        let first = start(vendor, database.clone(), &clock).await;
        let second = start(vendor, database.clone(), &clock).await;
        let addresses = [first.address(), second.address()].map(|address| address.to_string());
        first.reset().await.expect("the database answers");
        let target = Target::of_mock(vendor, first);
        is_same(&judged(target.clone()).await, &expected);

        for case in OF_ONE_SERVER {
            assert!(expected.remove(case).is_some(), "{case}");
        }
        let base_url = target
            .base_url()
            .replace(&addresses[0], &in_turn(addresses.clone()).await);
        let mut found = judged(target.behind(&base_url)).await;
        found.retain(|case, _| !OF_ONE_SERVER.contains(case));
        is_same(&found, &expected);
    }
}

async fn start(vendor: Vendor, store: StoreLocation, clock: &Clock) -> MockServer {
    let builder = MockServer::builder().vendor(vendor).journal(0);
    let builder = builder.store(store).clock(clock.clone());
    builder.start().await.expect("a server")
}

async fn in_memory(vendor: Vendor) -> BTreeMap<&'static str, String> {
    let came = judged(Target::embedded(vendor).await.expect("a server")).await;
    assert!(came.values().all(|came| !came.contains(':')), "{came:?}");
    came
}

/// What came of every case, and why, if that is not good.
async fn judged(target: Target) -> BTreeMap<&'static str, String> {
    let report = run(&[target], &Selection::all()).await;
    let came = |verdict: &Verdict| match verdict.outcome {
        Outcome::Pass | Outcome::Observed | Outcome::Skip => verdict.outcome.name().to_owned(),
        bad => format!("{}: {}", bad.name(), verdict.detail),
    };
    let verdicts = report.verdicts().iter();
    verdicts.map(|verdict| (verdict.id, came(verdict))).collect()
}

/// Fails with the cases of which something else came.
fn is_same(found: &BTreeMap<&str, String>, expected: &BTreeMap<&str, String>) {
    let differ = |(case, came): &(&&str, &String)| expected.get(**case) != Some(*came);
    let different: Vec<_> = found.iter().filter(differ).collect();
    assert_eq!(different, []);
    assert_eq!(found.len(), expected.len());
}

/// A front that hands one connection after the other to the servers in turn, one request to each: what is made through
/// one of them is revoked through the next, and used through the one after.
async fn in_turn(servers: [String; 2]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let turn = Arc::new(AtomicUsize::new(0));
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            let server = servers[turn.fetch_add(1, Ordering::Relaxed) % 2].clone();
            tokio::spawn(async move {
                // Where one side has gone the other is gone, too.
                let _ = hand_over(near, &server).await;
            });
        }
    });
    address
}

/// One request to a server, and the answer to it.
async fn hand_over(mut near: TcpStream, server: &str) -> std::io::Result<()> {
    let mut far = TcpStream::connect(server).await?;
    let mut begun = Vec::new();
    let line = loop {
        if near.read_buf(&mut begun).await? == 0 {
            return Ok(());
        }
        if let Some(end) = begun.windows(2).position(|two| two == b"\r\n") {
            break end + 2;
        }
    };
    // So that the client comes back with the next one by another connection.
    far.write_all(&begun[..line]).await?;
    far.write_all(b"connection: close\r\n").await?;
    far.write_all(&begun[line..]).await?;
    copy_bidirectional(&mut near, &mut far).await?;
    Ok(())
}
