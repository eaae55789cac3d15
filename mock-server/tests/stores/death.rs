//! SIGKILL under load: what was acknowledged before holds afterwards, and nothing else does.

use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use crate::place::Place;
use crate::replica::{Key, Outcome, Replica};

/// How often a server dies.
const DEATHS: u32 = 50;
/// How many clients call it meanwhile.
const CLIENTS: u32 = 4;
/// How many of their calls it answers at least, however slow the machine is.
const ANSWERS: u32 = 12;
/// How long is waited for them; then the test fails by itself.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the clients remember.
#[derive(Default)]
struct Memory {
    alive: Vec<Key>,
    revoked: Vec<Key>,
    /// Their revocation was sent and not answered, so they may be either.
    unsure: Vec<Key>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_survives() {
    survive(&Place::file()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: KEYWAY_TEST_POSTGRES"]
async fn a_database_survives() {
    survive(&Place::database().await).await;
}

async fn survive(place: &Place) {
    let mut memory = Memory::default();
    for death in 0..DEATHS {
        let server = Arc::new(Replica::start(&place.store));
        // The latest in between, all of them in the end: the latest are what a death may have caught.
        check(&server, &memory.latest()).await;
        let answered = Arc::new(Semaphore::new(0));
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let name = format!("{death}-{client}");
                tokio::spawn(live(Arc::clone(&server), name, Arc::clone(&answered)))
            })
            .collect();
        let some = timeout(PATIENCE, answered.acquire_many(ANSWERS)).await;
        some.expect("it answers").expect("it is open").forget();
        // Not at a time that anything in the server goes by.
        sleep(Duration::from_millis(u64::from(death * 7 % 50))).await;
        server.kill();
        for client in join_all(clients).await {
            let lived = client.expect("no panic");
            memory.alive.extend(lived.alive);
            memory.revoked.extend(lived.revoked);
            memory.unsure.extend(lived.unsure);
        }
    }
    assert!(
        memory.alive.len() > DEATHS as usize && memory.revoked.len() > DEATHS as usize / 4,
        "too little was done to prove anything: {} keys and {} revocations",
        memory.alive.len(),
        memory.revoked.len()
    );
    check(&Replica::start(&place.store), &memory).await;
}

impl Memory {
    fn latest(&self) -> Self {
        let latest = |keys: &[Key]| keys[keys.len().saturating_sub(16)..].to_vec();
        Self {
            alive: latest(&self.alive),
            revoked: latest(&self.revoked),
            unsure: latest(&self.unsure),
        }
    }
}

/// Makes keys and revokes every other, until the server is gone.
async fn live(server: Arc<Replica>, name: String, answered: Arc<Semaphore>) -> Memory {
    let mut memory = Memory::default();
    for number in 0_u32.. {
        let Some(key) = server.create(&format!("{name}-{number}")).await else {
            break;
        };
        answered.add_permits(1);
        if number % 2 == 0 {
            memory.alive.push(key);
            continue;
        }
        match server.revoke(&key.id).await {
            Outcome::Done => {
                memory.revoked.push(key);
                answered.add_permits(1);
            }
            _ => {
                memory.unsure.push(key);
                break;
            }
        }
    }
    memory
}

/// Every acknowledged key authenticates, every acknowledged revocation refuses, and nobody else's secret does.
async fn check(server: &Replica, memory: &Memory) {
    for keys in memory.alive.chunks(16) {
        let used = join_all(keys.iter().map(|key| server.use_key(&key.secret))).await;
        assert!(
            used.iter().all(|used| *used == Outcome::Done),
            "an acknowledged key is lost"
        );
    }
    for keys in memory.revoked.chunks(16) {
        let used = join_all(keys.iter().map(|key| server.use_key(&key.secret))).await;
        assert!(
            used.iter().all(|used| *used == Outcome::Refused),
            "an acknowledged revocation is lost"
        );
    }
    for key in &memory.unsure {
        assert_ne!(server.use_key(&key.secret).await, Outcome::Unknown);
    }
    assert_eq!(
        server.use_key("tgo_mocknobodyeverissuedthiskeyatall").await,
        Outcome::Refused
    );
}
