//! No room for the file: calls are refused for the time being, and the server stays.

use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::place::Place;
use crate::replica::first_line;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_may_not_grow_is_told_of_and_ends_nothing() {
    let place = Place::file();
    let mut child = Command::new("sh")
        .args(["-c", "ulimit -f 4096; exec \"$0\" \"$@\""])
        .arg(env!("CARGO_BIN_EXE_keyway-mock"))
        .args([
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--print",
            "json",
            "--store",
            &place.store,
        ])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let said: Value = serde_json::from_str(&first_line(&mut child)).expect("JSON");
    let sinjapp = &said["vendors"]["sinjapp"];
    let admin = sinjapp["credentials"]["admin"].as_str().expect("a credential");
    let keys = format!("{}/api/v1/api-keys", sinjapp["base_url"].as_str().expect("a URL"));
    let client = reqwest::Client::new();
    let create = async || {
        let create = client
            .post(&keys)
            .header("x-api-key", admin.trim_start_matches("key:"));
        let answer = create.json(&json!({ "name": "n".repeat(500_000) })).send().await;
        answer.expect("an answer").status().as_u16()
    };
    let mut seen = vec![];
    while seen.len() < 40 && seen.last() != Some(&503) {
        seen.push(create().await);
    }
    assert_eq!((seen.first(), seen.last()), (Some(&201), Some(&503)), "{seen:?}");
    assert_eq!(create().await, 503);
    assert!(child.try_wait().expect("a state").is_none());
    child.kill().expect("it runs");
    child.wait().expect("it ends");
}
