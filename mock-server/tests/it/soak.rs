//! Many clients for a while, with faults, journals, snapshots and worlds that come and go: memory stays what the keys take,
//! the counters are right, and no key and no revocation is lost.
//!
//! `KEYWAY_SOAK_SECONDS` makes it longer, `KEYWAY_SOAK_BINARY` soaks another build of the mock.

mod vendors;

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use reqwest::{Client, Method};
use serde_json::{Value, json};

use super::binary::Serving;
use vendors::{Dialect, VENDORS};

const CLIENTS: u64 = 8;

/// What the system and the allocator may keep beside the keys, in KiB.
const SLACK: u64 = 6 * 1024;

/// What a key may leave behind, in bytes: the digest by which the journals recognise it as long as the server runs.
const EACH_KEY: u64 = 200;

/// What meets about every fifth call. All of it is over at once.
fn faults() -> Vec<Value> {
    vec![
        json!({"status": 503}),
        json!({"rate-limit": {"retry_after_s": 1}}),
        json!("html-503"),
        json!({"latency": {"ms": 3}}),
        json!({"truncate-body": {"keep": 20}}),
        json!("reset-before"),
        json!("reset-after-commit"),
        json!("malformed-json"),
        json!("extra-field"),
    ]
}

fn seconds() -> u64 {
    let asked_for = std::env::var("KEYWAY_SOAK_SECONDS").ok();
    asked_for.map_or(30, |seconds| {
        seconds.parse().expect("KEYWAY_SOAK_SECONDS is a number")
    })
}

fn serve() -> Serving {
    let usual = env!("CARGO_BIN_EXE_keyway-mock").to_owned();
    let binary = std::env::var("KEYWAY_SOAK_BINARY").unwrap_or(usual);
    let mut command = Command::new(binary);
    Serving::read(command.args([
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--print",
        "json",
        "--journal",
        "200",
    ]))
}

/// One client, and the world that it has to itself.
struct Soaker {
    client: Client,
    /// Everything there is to know about the way in.
    access: Value,
    sent: u64,
    issued: Arc<AtomicU64>,
}

impl Soaker {
    async fn enter(client: Client, server: &Value, issued: Arc<AtomicU64>) -> Self {
        let worlds = format!("{}/worlds", server["control"].as_str().expect("a URL"));
        let made = client.post(worlds).send().await.expect("a world");
        assert_eq!(made.status(), 201);
        Self {
            client,
            access: made.json().await.expect("JSON"),
            sent: 0,
            issued,
        }
    }

    async fn control(&self, method: Method, path: &str, body: Option<&Value>) -> String {
        let control = self.access["control"].as_str().expect("a URL");
        let request = self.client.request(method, format!("{control}{path}"));
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        let answer = request.send().await.expect("an answer");
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.text().await.expect("text")
    }

    /// Asks until a fault lets an answer through.
    async fn ask(&mut self, of: &Dialect, path: &str, credential: &str, body: Option<Value>) -> (u16, Value) {
        let (method, path) = path.split_once(' ').expect("METHOD PATH");
        for _ in 0..50 {
            self.sent += 1;
            let url = format!(
                "{}{path}",
                self.access["vendors"][of.name]["base_url"]
                    .as_str()
                    .expect("a URL")
            );
            let request = self.client.request(method.parse().expect("a method"), url);
            let request = of.present(request, credential, &self.access["vendors"][of.name]);
            let request = match &body {
                Some(body) => request.json(body),
                None => request,
            };
            let Ok(answer) = request.send().await else {
                continue;
            };
            let status = answer.status();
            let Ok(text) = answer.text().await else { continue };
            if status.is_server_error() || status == 429 {
                assert_ne!(status, 500, "{text}");
                continue;
            }
            match serde_json::from_str(&text) {
                Ok(said) => return (status.as_u16(), said),
                Err(_) if text.is_empty() => return (status.as_u16(), Value::Null),
                Err(_) => {}
            }
        }
        panic!("no answer came through in fifty calls");
    }

    /// A key of a vendor's: itself and its id.
    async fn issue(&mut self, of: &Dialect) -> (String, String) {
        let admin = self.access["vendors"][of.name]["credentials"]["admin"]
            .as_str()
            .expect("a credential");
        let admin = admin.to_owned();
        let (status, said) = self.ask(of, of.create, &admin, Some(of.wish())).await;
        assert!(status == 200 || status == 201, "{}: {status} {said}", of.name);
        self.issued.fetch_add(1, Ordering::Relaxed);
        of.read(&said)
    }

    async fn is_alive(&mut self, of: &Dialect, key: &str) -> bool {
        let (status, said) = self.ask(of, of.using, key, None).await;
        assert!(status == 200 || status == 401, "{}: {status} {said}", of.name);
        status == 200
    }

    async fn revoke(&mut self, of: &Dialect, id: &str) {
        let admin = self.access["vendors"][of.name]["credentials"]["admin"]
            .as_str()
            .expect("a credential");
        let admin = admin.to_owned();
        let (status, said) = self.ask(of, &of.revoke.replace("{id}", id), &admin, None).await;
        // Perhaps it was revoked by a call whose answer was lost.
        assert!(status < 500 && status != 401, "{}: {status} {said}", of.name);
    }

    /// Some lives of keys with and without faults, and what has to be true of them afterwards.
    async fn live(&mut self, round: u64) {
        let faults = faults();
        let effect = &faults[usize::try_from(round).expect("a small number") % faults.len()];
        let chance = json!({"chance": {"probability": 0.2, "seed": round}});
        self.control(
            Method::POST,
            "/faults",
            Some(&json!({"effect": effect, "when": chance})),
        )
        .await;
        let mut known = Vec::new();
        for of in &VENDORS {
            let (alive, _) = self.issue(of).await;
            let (dead, id) = self.issue(of).await;
            self.revoke(of, &id).await;
            known.push((of, alive, dead));
        }
        self.control(Method::DELETE, "/faults", None).await;
        if round.is_multiple_of(3) {
            let snapshot = self.control(Method::GET, "/snapshot", None).await;
            let snapshot = serde_json::from_str(&snapshot).expect("JSON");
            self.settle().await;
            self.control(Method::POST, "/reset", None).await;
            for (of, alive, _) in &known {
                assert!(!self.is_alive(of, alive).await, "{}: a reset left a key", of.name);
            }
            self.control(Method::PUT, "/snapshot", Some(&snapshot)).await;
        }
        for (of, alive, dead) in &known {
            assert!(self.is_alive(of, alive).await, "{}: a key was lost", of.name);
            assert!(
                !self.is_alive(of, dead).await,
                "{}: a revocation was lost",
                of.name
            );
        }
    }

    /// The counters are those of the calls that were made; they begin anew after a reset.
    async fn settle(&mut self) {
        let metrics = self.control(Method::GET, "/metrics", None).await;
        let counts = metrics.lines().filter(|line| !line.starts_with('#'));
        let counted: u64 = counts
            .map(|line| {
                line.rsplit(' ')
                    .next()
                    .and_then(|count| count.parse::<u64>().ok())
                    .expect("a count")
            })
            .sum();
        assert_eq!(counted, self.sent, "{metrics}");
        let journal = self.control(Method::GET, "/journal", None).await;
        let entries: Vec<Value> = serde_json::from_str(&journal).expect("JSON");
        assert_eq!(entries.len() as u64, self.sent.min(200));
        self.sent = 0;
    }

    async fn leave(mut self, server: &Value) {
        self.settle().await;
        let control = server["control"].as_str().expect("a URL");
        let id = self.access["world"].as_str().expect("an id");
        let gone = self
            .client
            .delete(format!("{control}/worlds/{id}"))
            .send()
            .await
            .expect("an answer");
        assert_eq!(gone.status(), 204);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes half a minute; .ci/run runs it"]
async fn it_stays_well_under_faults_and_many_clients() {
    let serving = serve();
    let (begun, length) = (Instant::now(), Duration::from_secs(seconds()));
    let issued = Arc::new(AtomicU64::new(0));
    let mut soaking = tokio::task::JoinSet::new();
    for number in 0..CLIENTS {
        let (server, issued) = (serving.said.clone(), Arc::clone(&issued));
        soaking.spawn(async move {
            let client = Client::builder()
                .timeout(Duration::from_secs(20))
                .no_proxy()
                .build()
                .expect("a client");
            let mut round = number * 1000;
            while begun.elapsed() < length {
                let mut soaker = Soaker::enter(client.clone(), &server, Arc::clone(&issued)).await;
                for _ in 0..10 {
                    soaker.live(round).await;
                    round += 1;
                }
                soaker.leave(&server).await;
            }
        });
    }
    tokio::time::sleep(length / 3).await;
    let (warm, before) = (serving.resident(), issued.load(Ordering::Relaxed));
    while let Some(done) = soaking.join_next().await {
        done.expect("a client that is content");
    }
    let (grown, made) = (
        serving.resident().saturating_sub(warm),
        issued.load(Ordering::Relaxed) - before,
    );
    let told = format!("{made} keys were made after the warming up, and {grown} KiB of memory taken");
    assert!(made > 0, "{told}");
    assert!(grown <= SLACK + made * EACH_KEY / 1024, "{told}");
    eprintln!("{told}, {warm} KiB before");
}
