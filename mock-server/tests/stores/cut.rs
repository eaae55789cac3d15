//! The database restarted, and cut off: a clear answer meanwhile, nothing acknowledged lost, and no restart needed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::place::{Place, server_url};
use crate::replica::{Key, Outcome, Replica};

/// How long a server may take to find its database again.
const RECOVERY: Duration = Duration::from_secs(20);

/// What becomes of what is sent to the database.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Way {
    /// It arrives, and so does the answer.
    Open,
    /// Connections end, and there are no new ones.
    Cut,
    /// Connections are taken and stay, and nothing arrives.
    Silent,
    /// New connections are good, and on those from before nothing arrives.
    Another,
}

/// A way to the database that can be cut.
struct Wire {
    port: u16,
    way: watch::Sender<Way>,
}

impl Wire {
    async fn to(host: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (way, watched) = watch::channel(Way::Open);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(carry(near, host.clone(), watched.clone()));
            }
        });
        Self { port, way }
    }

    /// A way to the database of a place, and the place at the near end of it.
    async fn to_place(place: &Place) -> (Self, String) {
        let mut url = url::Url::parse(&place.store).expect("a URL");
        let host = url.host_str().expect("a host");
        let wire = Self::to(format!("{host}:{}", url.port().unwrap_or(5432))).await;
        url.set_host(Some("127.0.0.1")).expect("a host");
        url.set_port(Some(wire.port)).expect("a port");
        (wire, url.to_string())
    }
}

async fn carry(mut near: TcpStream, host: String, mut way: watch::Receiver<Way>) {
    let first = *way.borrow_and_update();
    if matches!(first, Way::Open | Way::Another) {
        let Ok(mut far) = TcpStream::connect(host).await else {
            return;
        };
        tokio::select! {
            _ = tokio::io::copy_bidirectional(&mut near, &mut far) => return,
            _ = way.wait_for(|way| *way != first) => {}
        }
        // The far end is kept as well: it does not learn of it.
        let _ = way
            .wait_for(|way| !matches!(way, Way::Silent | Way::Another))
            .await;
    } else {
        let _ = way.wait_for(|way| *way != Way::Silent).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: KEYWAY_TEST_POSTGRES"]
async fn a_database_that_is_cut_off_is_told_of_and_found_again() {
    let place = Place::database().await;
    let (wire, store) = Wire::to_place(&place).await;
    let server = Arc::new(Replica::start(&store));
    let before = server.create("before").await.expect("a key");
    let (goes_on, watched) = watch::channel(true);
    let load = tokio::spawn(load(Arc::clone(&server), watched));
    for _ in 0..3 {
        tokio::time::sleep(Duration::from_millis(200)).await;
        wire.way.send_replace(Way::Cut);
        refused_clearly(&server, &before).await;
        wire.way.send_replace(Way::Open);
        recovered(&server, &before).await;
    }
    goes_on.send_replace(false);
    whole(&server, load.await.expect("no panic")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: KEYWAY_TEST_POSTGRES"]
async fn a_database_that_restarts_is_found_again() {
    let place = Place::database_alone().await;
    let server = Arc::new(Replica::start(&place.store));
    let before = server.create("before").await.expect("a key");
    let (goes_on, watched) = watch::channel(true);
    let load = tokio::spawn(load(Arc::clone(&server), watched));
    for _ in 0..2 {
        tokio::time::sleep(Duration::from_millis(200)).await;
        restart().await;
        recovered(&server, &before).await;
    }
    goes_on.send_replace(false);
    whole(&server, load.await.expect("no panic")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: KEYWAY_TEST_POSTGRES"]
async fn a_database_that_falls_silent_keeps_nobody_waiting_for_ever() {
    let place = Place::database().await;
    let (wire, store) = Wire::to_place(&place).await;
    let server = Arc::new(Replica::start(&store));
    let before = server.create("before").await.expect("a key");
    wire.way.send_replace(Way::Silent);
    // More than there are connections; whoever waits longer than the client does fails here.
    let callers = (0..48).map(|_| {
        let (server, secret) = (Arc::clone(&server), before.secret.clone());
        tokio::spawn(async move {
            server
                .try_use(&secret)
                .await
                .map(|answer| answer.status().as_u16())
        })
    });
    for asked in futures::future::join_all(callers).await {
        assert_eq!(asked.expect("no panic").expect("an answer"), 503);
    }
    refused_clearly(&server, &before).await;
    wire.way.send_replace(Way::Open);
    recovered(&server, &before).await;
    assert!(server.create("after").await.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: KEYWAY_TEST_POSTGRES"]
async fn connections_that_fall_silent_cost_no_answer_if_others_can_be_had() {
    let place = Place::database().await;
    let (wire, store) = Wire::to_place(&place).await;
    let server = Arc::new(Replica::start(&store));
    let before = server.create("before").await.expect("a key");
    // So that there are many, of each kind.
    let uses = (0..48).map(|_| server.use_key(&before.secret));
    let creates = (0..48).map(|_| server.create("beside"));
    tokio::join!(
        futures::future::join_all(uses),
        futures::future::join_all(creates)
    );
    wire.way.send_replace(Way::Another);
    // They are tried once they have lain idle.
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    assert_eq!(server.use_key(&before.secret).await, Outcome::Done);
    assert!(server.create("after").await.is_some());
    assert_eq!(server.revoke(&before.id).await, Outcome::Done);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: KEYWAY_TEST_POSTGRES"]
async fn a_database_that_has_restarted_costs_no_answer() {
    let place = Place::database_alone().await;
    let server = Arc::new(Replica::start(&place.store));
    let before = server.create("before").await.expect("a key");
    // So that several connections are made, which all end with the database.
    let callers = (0..24).map(|_| server.use_key(&before.secret));
    futures::future::join_all(callers).await;
    restart().await;
    assert_eq!(server.use_key(&before.secret).await, Outcome::Done);
    let after = server.create("after").await.expect("a key");
    assert_eq!(server.revoke(&before.id).await, Outcome::Done);
    assert_eq!(server.use_key(&before.secret).await, Outcome::Refused);
    assert_eq!(server.use_key(&after.secret).await, Outcome::Done);
}

async fn restart() {
    let Ok(restart) = std::env::var("KEYWAY_TEST_POSTGRES_RESTART") else {
        panic!(
            "KEYWAY_TEST_POSTGRES_RESTART is the command that restarts {}",
            server_url()
        );
    };
    let restarting = move || std::process::Command::new("sh").args(["-c", &restart]).status();
    let done = tokio::task::spawn_blocking(restarting).await.expect("no panic");
    assert!(done.expect("it runs").success());
}

/// A 503 in the vendor's own form that says when to come again.
async fn refused_clearly(server: &Replica, key: &Key) {
    for _ in 0..3 {
        let answer = server.try_use(&key.secret).await.expect("an answer");
        assert_eq!(answer.status(), 503);
        assert_eq!(answer.headers()["retry-after"], "1");
        let body: serde_json::Value = answer.json().await.expect("the vendor's form");
        assert_eq!(body["message"], "Service Unavailable");
    }
    assert_eq!(server.create("cut off").await.map(|key| key.id), None);
    let health = server.control(reqwest::Method::GET, "/health", None).await;
    assert_eq!(health.status(), 503);
}

async fn recovered(server: &Replica, key: &Key) {
    let begun = Instant::now();
    while server.use_key(&key.secret).await != Outcome::Done {
        assert!(begun.elapsed() < RECOVERY, "the database is not found again");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Makes keys, and revokes every other, until it is told to stop.
async fn load(server: Arc<Replica>, goes_on: watch::Receiver<bool>) -> (Vec<Key>, Vec<Key>) {
    let (mut alive, mut revoked) = (Vec::new(), Vec::new());
    let mut number = 0;
    while *goes_on.borrow() {
        number += 1;
        let Some(key) = server.create(&format!("load {number}")).await else {
            continue;
        };
        if number % 2 == 0 {
            alive.push(key);
        } else if server.revoke(&key.id).await == Outcome::Done {
            revoked.push(key);
        }
    }
    (alive, revoked)
}

/// Nothing that was acknowledged is lost.
async fn whole(server: &Replica, (alive, revoked): (Vec<Key>, Vec<Key>)) {
    assert!(
        !alive.is_empty() && !revoked.is_empty(),
        "nothing was done meanwhile"
    );
    for key in alive {
        assert_eq!(server.use_key(&key.secret).await, Outcome::Done);
    }
    for key in revoked {
        assert_eq!(server.use_key(&key.secret).await, Outcome::Refused);
    }
}
