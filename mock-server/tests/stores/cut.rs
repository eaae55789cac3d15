//! The database restarted, and cut off: a clear answer meanwhile, nothing acknowledged lost, and no restart needed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::place::{Place, server_url};
use crate::replica::{Key, Outcome, Replica};

/// How long a server may take to find its database again.
const RECOVERY: Duration = Duration::from_secs(20);

/// A way to the database that can be cut.
struct Wire {
    port: u16,
    is_up: watch::Sender<bool>,
}

impl Wire {
    async fn to(host: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (is_up, watched) = watch::channel(true);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(carry(near, host.clone(), watched.clone()));
            }
        });
        Self { port, is_up }
    }
}

async fn carry(mut near: TcpStream, host: String, mut is_up: watch::Receiver<bool>) {
    if !*is_up.borrow() {
        return;
    }
    let Ok(mut far) = TcpStream::connect(host).await else {
        return;
    };
    tokio::select! {
        _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
        _ = is_up.wait_for(|is_up| !*is_up) => {}
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: KEYWAY_TEST_POSTGRES"]
async fn a_database_that_is_cut_off_is_told_of_and_found_again() {
    let place = Place::database().await;
    let mut url = url::Url::parse(&place.store).expect("a URL");
    let host = format!(
        "{}:{}",
        url.host_str().expect("a host"),
        url.port().unwrap_or(5432)
    );
    let wire = Wire::to(host).await;
    url.set_host(Some("127.0.0.1")).expect("a host");
    url.set_port(Some(wire.port)).expect("a port");
    let server = Arc::new(Replica::start(url.as_str()));
    let before = server.create("before").await.expect("a key");
    let (goes_on, watched) = watch::channel(true);
    let load = tokio::spawn(load(Arc::clone(&server), watched));
    for _ in 0..3 {
        tokio::time::sleep(Duration::from_millis(200)).await;
        wire.is_up.send_replace(false);
        refused_clearly(&server, &before).await;
        wire.is_up.send_replace(true);
        recovered(&server, &before).await;
    }
    goes_on.send_replace(false);
    whole(&server, load.await.expect("no panic")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: KEYWAY_TEST_POSTGRES"]
async fn a_database_that_restarts_is_found_again() {
    let Ok(restart) = std::env::var("KEYWAY_TEST_POSTGRES_RESTART") else {
        panic!(
            "KEYWAY_TEST_POSTGRES_RESTART is the command that restarts {}",
            server_url()
        );
    };
    let place = Place::database_alone().await;
    let server = Arc::new(Replica::start(&place.store));
    let before = server.create("before").await.expect("a key");
    let (goes_on, watched) = watch::channel(true);
    let load = tokio::spawn(load(Arc::clone(&server), watched));
    for _ in 0..2 {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let restart = restart.clone();
        let restarting = move || std::process::Command::new("sh").args(["-c", &restart]).status();
        let done = tokio::task::spawn_blocking(restarting).await.expect("no panic");
        assert!(done.expect("it runs").success());
        recovered(&server, &before).await;
    }
    goes_on.send_replace(false);
    whole(&server, load.await.expect("no panic")).await;
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
