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
pub(super) struct Serving {
    pub(super) child: Child,
    pub(super) said: Value,
}

impl Serving {
    pub(super) fn start(arguments: &[&str]) -> Self {
        Self::read(&mut keyway_mock(arguments))
    }

    /// Starts a command that serves, and reads its first line.
    pub(super) fn read(command: &mut Command) -> Self {
        let command = command.stdout(Stdio::piped());
        let mut child = command.spawn().expect("the binary runs");
        let mut line = String::new();
        let output = child.stdout.as_mut().expect("its output is piped");
        BufReader::new(output)
            .read_line(&mut line)
            .expect("it says a line");
        let said = serde_json::from_str(&line).expect("the line is JSON");
        Self { child, said }
    }
}

#[cfg(target_os = "linux")]
impl Serving {
    /// What it has in memory, in KiB (proc(5)).
    pub(super) fn resident(&self) -> u64 {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("its status");
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .expect("its memory");
        line.trim().trim_end_matches(" kB").parse().expect("a number")
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
        keyway_openapi::Vendor::ALL.map(keyway_openapi::Vendor::name)
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
                ["key:", "bearer:", "basic:"]
                    .iter()
                    .any(|form| credential.starts_with(form)),
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
        (&["serve", "--listen", "nowhere"], "HOST:PORT"),
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

#[tokio::test]
async fn settings_come_from_the_file_then_the_environment_then_flags() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("mock.toml");
    let text = "listen = \"127.0.0.1:0\"\nprint = \"json\"\nvendor = \"dolfin\"\nexplain = true\nassume = [\"reten.malformed-id=404\"]\n";
    std::fs::write(&file, text).expect("written");
    let file = file.to_str().expect("a plain path");

    let of_file = Serving::start(&["serve", "--config", file]);
    assert!(of_file.said["vendors"]["dolfin"].is_object());
    let by_flag = Serving::start(&["serve", "--config", file, "--vendor", "reten"]);
    let access = &by_flag.said["vendors"]["reten"];
    let url = format!(
        "{}/api/api-keys/none/revoke",
        access["base_url"].as_str().expect("a URL")
    );
    let token = access["credentials"]["admin"]
        .as_str()
        .expect("a credential")
        .trim_start_matches("bearer:");
    let request = reqwest::Client::new().post(url).bearer_auth(token);
    let answer = request
        .header("x-tenant-id", access["tenant"].as_str().expect("a tenant"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 404);
    assert!(answer.headers().contains_key("x-keyway-reason"));
}

#[test]
fn a_wrong_settings_file_is_one_line_with_its_name_and_exit_2() {
    let folder = tempfile::tempdir().expect("a folder");
    for (text, told) in [
        ("lisen = \"127.0.0.1:0\"", "lisen"),
        ("listen = 4010", "line 1 column 10: expected a string"),
        ("[", "mock.toml"),
    ] {
        let file = folder.path().join("mock.toml");
        std::fs::write(&file, text).expect("written");
        let output = finished(&["serve", "--config", file.to_str().expect("a plain path")]);
        let said = String::from_utf8(output.stderr).expect("text");
        assert_eq!(
            (output.status.code(), said.lines().count()),
            (Some(2), 1),
            "{said}"
        );
        assert!(said.contains("mock.toml") && said.contains(told), "{said}");
    }
    let missing = finished(&["serve", "--config", "/nowhere/mock.toml"]);
    assert_eq!(missing.status.code(), Some(2));
}

#[test]
fn the_schema_of_the_settings_file_names_every_setting() {
    let schema: Value = serde_json::from_slice(&finished(&["config-schema"]).stdout).expect("JSON");
    let properties = schema["properties"].as_object().expect("properties");
    for name in [
        "listen",
        "vendor",
        "assume",
        "control",
        "check-answers",
        "tls-certificate",
        "with-parent",
    ] {
        assert!(properties.contains_key(name), "{name}");
    }
}

#[tokio::test]
async fn the_control_plane_can_have_an_address_of_its_own() {
    let serving = Serving::start(&[
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--control",
        "127.0.0.1:0",
        "--print",
        "json",
    ]);
    let control = serving.said["control"].as_str().expect("a URL").to_owned();
    let listen = serving.said["listen"].as_str().expect("an address");
    assert!(!control.contains(listen));
    let status = async |url: String| reqwest::get(url).await.expect("an answer").status();
    assert_eq!(status(format!("{control}/health")).await, 200);
    assert_eq!(status(format!("http://{listen}/_keyway/health")).await, 404);
    assert_eq!(
        status(format!(
            "{}/reten/api/api-keys",
            control.trim_end_matches("/_keyway")
        ))
        .await,
        404
    );
    assert_eq!(status(format!("http://{listen}/reten/api/api-keys")).await, 401);
}

#[tokio::test]
async fn names_can_be_listened_on_and_every_address_is_given_as_one_that_can_be_dialled() {
    for listen in ["localhost:0", "0.0.0.0:0", "[::]:0"] {
        let serving = Serving::start(&["serve", "--listen", listen, "--print", "json"]);
        let base_url = serving.said["vendors"]["sinjapp"]["base_url"]
            .as_str()
            .expect("a URL");
        let answer = reqwest::get(format!("{base_url}/api/v1/me"))
            .await
            .expect("an answer");
        assert_eq!(answer.status(), 401, "{listen}: {base_url}");
    }
}

#[test]
fn a_short_control_token_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("token");
    std::fs::write(&file, "short\n").expect("written");
    let output = finished(&[
        "serve",
        "--control-token-file",
        file.to_str().expect("a plain path"),
    ]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8(output.stderr)
            .expect("text")
            .contains("fewer than 16")
    );
}

#[cfg(unix)]
#[test]
fn it_says_when_it_is_ready_on_a_file_descriptor() {
    // The shell opens descriptor 3 onto its own output, where the line is awaited.
    let script = format!(
        "exec {} serve --listen 127.0.0.1:0 --print json --ready-fd 3 3>&1 1>/dev/null",
        env!("CARGO_BIN_EXE_keyway-mock")
    );
    let mut child = Command::new("sh")
        .args(["-c", &script])
        .stdout(Stdio::piped())
        .spawn()
        .expect("sh runs");
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().expect("piped"))
        .read_line(&mut line)
        .expect("a line");
    let _ = child.kill();
    let _ = child.wait();
    assert_eq!(line, "ready\n");
}

#[cfg(unix)]
#[test]
fn it_ends_with_the_process_that_started_it() {
    let script = format!(
        "{} serve --listen 127.0.0.1:0 --print json --with-parent & read wait",
        env!("CARGO_BIN_EXE_keyway-mock")
    );
    let mut shell = Command::new("sh")
        .args(["-c", &script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("sh runs");
    let mut output = BufReader::new(shell.stdout.take().expect("piped"));
    let mut line = String::new();
    output.read_line(&mut line).expect("a line");
    let said: Value = serde_json::from_str(&line).expect("JSON");
    shell.kill().expect("killed");
    let _ = shell.wait();
    // Its end closes the output that both shared; a mock that stayed would keep this from ending.
    let mut rest = String::new();
    output.read_to_string(&mut rest).expect("its output ends");
    let listen = said["listen"].as_str().expect("an address");
    assert!(std::net::TcpStream::connect(listen).is_err(), "it still listens");
}

#[tokio::test]
async fn https_prints_the_certificate_to_trust() {
    let serving = Serving::start(&["serve", "--listen", "127.0.0.1:0", "--print", "json", "--tls"]);
    let certificate = serving.said["certificate_pem"].as_str().expect("PEM").as_bytes();
    let certificate = reqwest::Certificate::from_pem(certificate).expect("PEM");
    let client = reqwest::Client::builder()
        .tls_certs_only([certificate])
        .build()
        .expect("a client");
    let base_url = serving.said["vendors"]["b3os"]["base_url"]
        .as_str()
        .expect("a URL");
    assert!(base_url.starts_with("https://"));
    let answer = client
        .get(format!("{base_url}/v1/organizations"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 401);
}

#[cfg(unix)]
#[tokio::test]
async fn it_leaves_no_file_behind_that_others_could_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let binary = env!("CARGO_BIN_EXE_keyway-mock");
    // With files for everybody, as some containers have them.
    let script =
        format!("umask 000 && exec {binary} serve --listen 127.0.0.1:0 --print json --tls --journal 100");
    let mut command = Command::new("sh");
    let here = folder.path();
    let serving = Serving::read(
        command
            .args(["-c", &script])
            .current_dir(here)
            .env("HOME", here)
            .env("TMPDIR", here)
            .env("XDG_CACHE_HOME", here),
    );
    let certificate = serving.said["certificate_pem"].as_str().expect("PEM").as_bytes();
    let certificate = reqwest::Certificate::from_pem(certificate).expect("PEM");
    let client = reqwest::Client::builder()
        .tls_certs_only([certificate])
        .build()
        .expect("a client");
    let control = serving.said["control"].as_str().expect("a URL");
    let seeds = serde_json::json!({"keys": [{"vendor": "b3os", "grants": ["read"]}]});
    let seeded = client
        .post(format!("{control}/seed"))
        .json(&seeds)
        .send()
        .await
        .expect("an answer");
    assert_eq!(seeded.status(), 201);
    for path in ["snapshot", "journal", "access", "metrics"] {
        let answer = client
            .get(format!("{control}/{path}"))
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), 200, "{path}");
    }
    let left: Vec<_> = std::fs::read_dir(here).expect("the folder").collect();
    assert!(left.is_empty(), "{left:?}");
}
