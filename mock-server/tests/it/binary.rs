//! The binary `keyway-mock`, run as a stranger runs it.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

fn keyway_mock(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keyway-mock"));
    command
        .args(arguments)
        .env_remove("KEYWAY_MOCK_LISTEN")
        .env_remove("KEYWAY_MOCK_VENDOR");
    command
}

fn finished(arguments: &[&str]) -> Output {
    keyway_mock(arguments).output().expect("the binary runs")
}

/// A serving binary, stopped when dropped.
struct Serving {
    child: Child,
    said: Value,
}

impl Serving {
    fn start(arguments: &[&str]) -> Self {
        let mut child = keyway_mock(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let mut line = String::new();
        let output = child.stdout.as_mut().expect("its output is piped");
        BufReader::new(output)
            .read_line(&mut line)
            .expect("it says a line");
        let said = serde_json::from_str(&line).expect("the line is JSON");
        Self { child, said }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn it_says_in_one_json_line_how_to_get_in_and_the_admin_gets_in() {
    let serving = Serving::start(&["serve", "--listen", "127.0.0.1:0", "--print", "json"]);
    let listen = serving.said["listen"].as_str().expect("an address");
    let vendors = serving.said["vendors"].as_object().expect("the vendors");
    assert_eq!(
        vendors.keys().collect::<Vec<_>>(),
        ["sinjapp", "reten", "dolfin", "b3os"]
    );
    for (name, access) in vendors {
        assert_eq!(access["base_url"], format!("http://{listen}/{name}"), "{name}");
        for member in ["tenant", "other_tenant", "other_base_url"] {
            assert!(
                access[member].as_str().is_some_and(|text| !text.is_empty()),
                "{name}: {member}"
            );
        }
        for principal in ["admin", "limited", "other"] {
            let credential = access["credentials"][principal].as_str().expect("a credential");
            assert!(
                credential.starts_with("key:") || credential.starts_with("bearer:"),
                "{name}: {principal}"
            );
        }
    }
    let sinjapp = &vendors["sinjapp"];
    let key = sinjapp["credentials"]["admin"]
        .as_str()
        .expect("a credential")
        .trim_start_matches("key:");
    let url = format!("{}/api/v1/me", sinjapp["base_url"].as_str().expect("a URL"));
    let me = reqwest::Client::new()
        .get(url)
        .header("X-Api-Key", key)
        .send()
        .await
        .expect("an answer");
    assert_eq!(me.status(), 200);
}

#[tokio::test]
async fn one_vendor_is_served_at_the_root() {
    let serving = Serving::start(&[
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--print",
        "json",
        "--vendor",
        "reten",
    ]);
    let vendors = serving.said["vendors"].as_object().expect("the vendors");
    assert_eq!(vendors.keys().collect::<Vec<_>>(), ["reten"]);
    let base_url = vendors["reten"]["base_url"].as_str().expect("a URL");
    let listed = reqwest::get(format!("{base_url}/api/api-keys"))
        .await
        .expect("an answer");
    assert_eq!(listed.status(), 401);
}

#[test]
fn a_busy_port_is_one_clear_line_and_exit_2() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("its address").to_string();
    let output = finished(&["serve", "--listen", &address]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).expect("text");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains(&address) && said.contains("in use"), "{said}");
}

#[test]
fn wrong_names_are_refused_with_the_valid_ones_and_exit_2() {
    for (arguments, cure) in [
        (&["serve", "--vendor", "retn"][..], "reten"),
        (
            &["serve", "--assume", "reten.malformed-idd=404"],
            "reten.malformed-id?",
        ),
        (&["serve", "--assume", "reten.malformed-id=405"], "400, 404"),
        (&["serve", "--listen", "nowhere"], "nowhere"),
        (&["sevre"], "serve"),
    ] {
        let output = finished(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let said = String::from_utf8(output.stderr).expect("text");
        assert!(said.contains(cure), "{arguments:?}: {said}");
    }
}

#[test]
fn the_assumptions_are_listed_for_people_and_for_programs() {
    let text = String::from_utf8(finished(&["assumptions"]).stdout).expect("text");
    assert!(text.contains("sinjapp.second-revoke = 204  (or: 404)"), "{text}");
    let json: Value =
        serde_json::from_slice(&finished(&["assumptions", "--format", "json"]).stdout).expect("JSON");
    let all = json.as_array().expect("a list");
    assert!(all.len() >= 26);
    assert!(
        all.iter()
            .all(|one| one["reason"].as_str().is_some_and(|reason| !reason.is_empty()))
    );
}

#[cfg(unix)]
#[test]
fn it_ends_at_once_and_well_when_asked_to_terminate() {
    let mut serving = Serving::start(&["serve", "--listen", "127.0.0.1:0", "--print", "json"]);
    let pid = serving.child.id().to_string();
    let asked = Command::new("kill")
        .args(["-TERM", &pid])
        .status()
        .expect("kill runs");
    assert!(asked.success());
    let mut rest = String::new();
    if let Some(output) = serving.child.stdout.as_mut() {
        output.read_to_string(&mut rest).expect("its output ends");
    }
    assert!(serving.child.wait().expect("it ends").success());
    assert_eq!(rest, "");
}
