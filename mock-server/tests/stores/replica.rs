//! A server as a process, and what is asked of it: keys of Sinjapp, made, used and revoked.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};

/// A serving process, killed when dropped.
pub(crate) struct Replica {
    child: Mutex<Child>,
    pub(crate) access: Value,
    client: Client,
}

/// A key as it was made.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) secret: String,
}

/// What a call came to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Outcome {
    /// It did what was asked.
    Done,
    /// The credential was refused, or what was to be revoked is revoked.
    Refused,
    /// Nobody knows: no answer, or one that says to come again.
    Unknown,
}

/// What a server says first; nothing if it does not start. Its output is piped.
pub(crate) fn first_line(child: &mut Child) -> String {
    let mut line = String::new();
    let output = child.stdout.as_mut().expect("its output is piped");
    BufReader::new(output).read_line(&mut line).expect("text");
    line
}

impl Replica {
    pub(crate) fn start(store: &str) -> Self {
        Self::assuming(store, &[])
    }

    /// One for which some assumptions are switched, each given as `NAME=VALUE`.
    pub(crate) fn assuming(store: &str, assumptions: &[&str]) -> Self {
        let settings: Vec<_> = assumptions.iter().flat_map(|one| ["--assume", one]).collect();
        Self::with(store, &settings)
    }

    /// One with more settings on its command line.
    pub(crate) fn with(store: &str, settings: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_keyway-mock"))
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--print",
                "json",
                "--store",
                store,
            ])
            // So that a revocation that took effect can be told from one that did not.
            .args(["--assume", "sinjapp.second-revoke=404"])
            .args(settings)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let access = serde_json::from_str(&first_line(&mut child)).expect("the line is JSON");
        let client = Client::builder()
            .timeout(Duration::from_secs(20))
            .build()
            .expect("a client");
        Self {
            child: Mutex::new(child),
            access,
            client,
        }
    }

    /// SIGKILL, in the middle of whatever it does.
    pub(crate) fn kill(&self) {
        let mut child = self.child.lock().expect("no panic");
        child.kill().expect("it runs");
        child.wait().expect("it ends");
    }

    /// SIGTERM, and the wait for its end.
    pub(crate) fn stop(&self) {
        let mut child = self.child.lock().expect("no panic");
        let told = Command::new("kill").arg(child.id().to_string()).status();
        assert!(told.expect("it runs").success());
        assert!(child.wait().expect("it ends").success());
    }

    pub(crate) fn url(&self, path: &str) -> String {
        self.url_at("sinjapp", path)
    }

    pub(crate) fn url_at(&self, vendor: &str, path: &str) -> String {
        let base = self.access["vendors"][vendor]["base_url"]
            .as_str()
            .expect("a URL");
        format!("{base}{path}")
    }

    fn admin(&self) -> &str {
        self.admin_at("sinjapp")
    }

    /// The key of a vendor's ready-made administrator.
    pub(crate) fn admin_at(&self, vendor: &str) -> &str {
        let admin = self.access["vendors"][vendor]["credentials"]["admin"].as_str();
        let (_, key) = admin.and_then(|admin| admin.split_once(':')).expect("a key");
        key
    }

    /// A call of B3OS, whose API shows keys and their last use.
    pub(crate) async fn b3os(&self, method: Method, path: &str, key: &str, body: Option<&Value>) -> Response {
        let asked = self
            .client
            .request(method, self.url_at("b3os", path))
            .bearer_auth(key);
        let asked = match body {
            Some(body) => asked.json(body),
            None => asked,
        };
        asked.send().await.expect("an answer")
    }

    fn call(&self, method: Method, path: &str, key: &str) -> RequestBuilder {
        self.client
            .request(method, self.url(path))
            .header("x-api-key", key)
    }

    pub(crate) async fn try_create(&self, name: &str) -> Result<Response, reqwest::Error> {
        let asked = self.call(Method::POST, "/api/v1/api-keys", self.admin());
        asked.json(&json!({ "name": name, "scopes": ["*"] })).send().await
    }

    /// A new key, unless nobody knows whether one was made.
    pub(crate) async fn create(&self, name: &str) -> Option<Key> {
        let answer = self.try_create(name).await.ok()?;
        if answer.status() == 503 {
            return None;
        }
        assert_eq!(
            answer.status(),
            201,
            "a key is made or it is not known whether it is"
        );
        let body: Value = answer.json().await.ok()?;
        Some(Key {
            id: body["data"]["id"].to_string(),
            secret: body["plain_text_key"].as_str().expect("a key").to_owned(),
        })
    }

    /// A new key that lives for so many days.
    pub(crate) async fn create_for(&self, name: &str, days: u64) -> Key {
        let asked = self.call(Method::POST, "/api/v1/api-keys", self.admin());
        let body = json!({ "name": name, "scopes": ["*"], "expires_in_days": days });
        let answer = asked.json(&body).send().await.expect("an answer");
        assert_eq!(answer.status(), 201);
        let body: Value = answer.json().await.expect("JSON");
        Key {
            id: body["data"]["id"].to_string(),
            secret: body["plain_text_key"].as_str().expect("a key").to_owned(),
        }
    }

    pub(crate) async fn revoke(&self, id: &str) -> Outcome {
        let path = format!("/api/v1/api-keys/{id}");
        let answer = self.call(Method::DELETE, &path, self.admin()).send().await;
        outcome(answer, &[204, 404])
    }

    pub(crate) async fn revoke_status(&self, id: &str) -> u16 {
        let path = format!("/api/v1/api-keys/{id}");
        let answer = self.call(Method::DELETE, &path, self.admin()).send().await;
        answer.expect("an answer").status().as_u16()
    }

    pub(crate) async fn try_use(&self, secret: &str) -> Result<Response, reqwest::Error> {
        self.call(Method::GET, "/api/v1/usage", secret).send().await
    }

    pub(crate) async fn use_key(&self, secret: &str) -> Outcome {
        outcome(self.try_use(secret).await, &[200])
    }

    /// What the control plane answers.
    pub(crate) async fn control(&self, method: Method, path: &str, body: Option<&Value>) -> Response {
        let root = self.access["control"].as_str().expect("a URL");
        let asked = self.client.request(method, format!("{root}{path}"));
        let asked = match body {
            Some(body) => asked.json(body),
            None => asked,
        };
        asked.send().await.expect("an answer")
    }
}

fn outcome(answer: Result<Response, reqwest::Error>, done: &[u16]) -> Outcome {
    match answer.map(|answer| answer.status().as_u16()) {
        Ok(status) if done.contains(&status) => Outcome::Done,
        Ok(401) => Outcome::Refused,
        Ok(503) | Err(_) => Outcome::Unknown,
        Ok(status) => panic!("answered with {status}"),
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        if let Ok(child) = self.child.get_mut() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
