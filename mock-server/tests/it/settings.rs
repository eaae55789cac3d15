//! The outside of the binary: where its settings come from, what it says of wrong ones, and what ties it to the process
//! that started it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// How long anything may take before it has failed.
const PATIENCE: Duration = Duration::from_secs(20);

/// The binary, in an environment that says nothing about it.
fn keyway_mock(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keyway-mock"));
    command.args(arguments);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("KEYWAY_MOCK_")) {
        command.env_remove(name);
    }
    command
}

/// The one line that a wrong start says, with exit code 2. What serves all the same is killed.
fn complaint(mut command: Command) -> String {
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let output = finished(child.spawn().expect("the binary runs"));
    let said = String::from_utf8(output.stderr).expect("text");
    assert_eq!(output.status.code(), Some(2), "{command:?}: {said}");
    assert_eq!(said.lines().count(), 1, "{command:?}: {said}");
    assert!(said.starts_with("keyway-mock: "), "{command:?}: {said}");
    said
}

fn finished(mut child: Child) -> Output {
    let begun = Instant::now();
    while child.try_wait().expect("it can be asked").is_none() {
        if begun.elapsed() > PATIENCE {
            let _ = child.kill();
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    child.wait_with_output().expect("its output")
}

/// A serving binary, stopped when dropped.
struct Serving {
    child: Child,
    said: Value,
}

impl Serving {
    fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the binary runs");
        let mut line = String::new();
        let output = child.stdout.as_mut().expect("its output is piped");
        BufReader::new(output)
            .read_line(&mut line)
            .expect("it says a line");
        let said = serde_json::from_str(&line).expect("the line is JSON");
        Self { child, said }
    }

    fn base_url(&self, vendor: &str) -> &str {
        self.said["vendors"][vendor]["base_url"].as_str().expect("a URL")
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A folder with a settings file in it.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let file = self.0.path().join(name);
        std::fs::write(&file, text).expect("written");
        file
    }
}

fn plain(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

fn serve(arguments: &[&str]) -> Command {
    let mut command = keyway_mock(&["serve", "--listen", "127.0.0.1:0", "--print", "json"]);
    command.args(arguments);
    command
}

#[test]
fn a_wrong_command_line_is_one_line_with_the_cure_and_does_not_repeat_a_value() {
    for (arguments, cure) in [
        (&["serve", "--vendr", "reten"][..], "did you mean --vendor?"),
        (
            &["serve", "--control-token=planted"],
            "did you mean --control-token-file?",
        ),
        (&["serve", "--port", "1"], "--help lists them"),
        (&["serve", "--vendor", "retn"], "did you mean reten?"),
        (&["serve", "--vendor"], "--vendor needs a value"),
        (
            &["serve", "--vendor", "reten", "--vendor", "reten"],
            "--vendor is given twice",
        ),
        (&["serve", "--print", "jsn"], "did you mean json?"),
        (&["serve", "--print", "planted"], "there are text, json"),
        (
            &["serve", "--tls", "planted"],
            "--tls: this is either true or false",
        ),
        (
            &["serve", "--journal", "-1"],
            "--journal: this is a whole number, 0 or more",
        ),
        (&["serve", "--listen", "planted"], "HOST:PORT"),
        (
            &["serve", "--assume", "reten.plaintxt=key"],
            "did you mean reten.plaintext-member?",
        ),
        (
            &["serve", "--assume", "colour=key"],
            "`keyway-mock assumptions` lists them",
        ),
        (
            &["serve", "--assume", "reten.plaintext-member=kay"],
            "plaintextKey, key, both",
        ),
        (
            &["serve", "--assume", "reten.permission-case=lowr"],
            "it takes either, lower, upper; did you mean lower?",
        ),
        (
            &["serve", "--idle-worlds", "0"],
            "--idle-worlds: this is a whole number, 1 or more",
        ),
        (&["serve", "planted"], "every setting is a flag"),
        (&["assumptions", "--format", "tex"], "did you mean text?"),
        (&["serv"], "did you mean serve?"),
        (&["planted"], "there are serve, assumptions"),
    ] {
        let said = complaint(keyway_mock(arguments));
        assert!(said.contains(cure), "{arguments:?}: {said}");
        assert!(!said.contains("planted"), "{arguments:?}: {said}");
    }
}

#[test]
fn a_wrong_variable_is_told_by_its_name_and_an_empty_one_is_none() {
    for (name, value, cure) in [
        ("KEYWAY_MOCK_VENDOR", "retn", "did you mean reten?"),
        ("KEYWAY_MOCK_PRINT", "jsn", "did you mean json?"),
        ("KEYWAY_MOCK_EXPLAIN", "planted", "true or false"),
        ("KEYWAY_MOCK_IDLE_WORLDS", "-3", "a whole number"),
    ] {
        let mut command = keyway_mock(&["serve"]);
        command.env(name, value);
        let said = complaint(command);
        assert!(
            said.contains(name) && said.contains(cure) && !said.contains("planted"),
            "{said}"
        );
    }
    let mut command = serve(&[]);
    for name in [
        "LISTEN",
        "VENDOR",
        "ASSUME",
        "TLS",
        "TLS_KEY",
        "CONFIG",
        "READY_FD",
        "WITH_PARENT",
        "CONTROL_TOKEN",
        "SEED",
    ] {
        command.env(format!("KEYWAY_MOCK_{name}"), "");
    }
    let serving = Serving::start(command);
    assert_eq!(
        serving.said["vendors"].as_object().map(serde_json::Map::len),
        Some(4)
    );
}

#[test]
fn a_wrong_settings_file_is_told_by_line_and_column_and_shows_no_value() {
    let folder = Folder::new();
    for (text, told) in [
        (
            "explain = true\nlisen = \"x\"",
            "line 2 column 1: lisen: this name is not known; did you mean listen?",
        ),
        ("colour = 1", "`keyway-mock config-schema` lists"),
        (
            "print = \"jsn\"",
            "line 1 column 9: this value is not known; did you mean json?",
        ),
        ("vendor = \"retn\"", "did you mean reten?"),
        ("seeds = []", "line 1 column 9: expected a table"),
        ("idle-worlds = 0", "a whole number, 1 or more"),
        ("listen = \"planted\"", "HOST:PORT"),
        ("tls = \"planted\"", "line 1 column 7: expected a boolean"),
        ("journal = -1", "a whole number"),
        ("with-parent = \"planted\"", "true, false or the id of a process"),
        (
            "[[seeds.keys]]\nvendor = \"reten\"\ngrant = []",
            "line 3 column 1: grant: this name is not known; did you mean grants?",
        ),
        (
            "[[seeds.principals]]\nvendor = \"reten\"\npassword = 12345678",
            "line 3 column 12: expected a string",
        ),
        (
            "[[seeds.keys]]\nvendor = \"sinjapp\"\ngrants = [\"planted\"]",
            "seeds: keys[0]: sinjapp takes another grants",
        ),
        ("a = 1\na = 2", "line 2 column 1"),
        ("\n\n  [", "line 3 column"),
    ] {
        let file = folder.file("mock.toml", text);
        let said = complaint(serve(&["--config", plain(&file)]));
        assert!(
            said.contains("mock.toml") || said.contains("seeds: "),
            "{text}: {said}"
        );
        assert!(said.contains(told), "{text}: {said}");
        assert!(
            !said.contains("planted") && !said.contains("12345678"),
            "{text}: {said}"
        );
    }
}

#[test]
fn help_and_version_are_as_long_as_they_need_to_be() {
    let help = keyway_mock(&["serve", "--help"])
        .output()
        .expect("the binary runs");
    let said = String::from_utf8(help.stdout).expect("text");
    assert!(
        help.status.success() && said.contains("[env: KEYWAY_MOCK_LISTEN="),
        "{said}"
    );
    let version = keyway_mock(&["--version"]).output().expect("the binary runs");
    assert!(version.status.success() && version.stdout.starts_with(b"keyway-mock "));
    let nothing = keyway_mock(&[]).output().expect("the binary runs");
    let said = String::from_utf8(nothing.stderr).expect("text");
    assert!(
        nothing.status.code() == Some(2) && said.contains("config-schema"),
        "{said}"
    );
}

#[test]
fn a_nearer_source_switches_off_what_a_farther_one_switched_on() {
    let folder = Folder::new();
    let file = folder.file(
        "mock.toml",
        "explain = true\ntls = true\nwith-parent = true\ncheck-answers = true\n",
    );
    let https = |flags: &[&str], variables: &[(&str, &str)]| {
        let mut command = serve(&["--config", plain(&file)]);
        command.args(flags).envs(variables.iter().copied());
        Serving::start(command).base_url("reten").starts_with("https://")
    };
    assert!(https(&[], &[]));
    assert!(!https(&["--tls", "false"], &[]));
    assert!(!https(&["--tls=no"], &[("KEYWAY_MOCK_TLS", "true")]));
    assert!(!https(&[], &[("KEYWAY_MOCK_TLS", "false")]));
    assert!(!https(&[], &[("KEYWAY_MOCK_TLS", "0")]));
    assert!(https(&["--tls"], &[("KEYWAY_MOCK_TLS", "false")]));
}

#[tokio::test]
async fn reasons_can_be_switched_off_nearby_and_assumptions_add_up() {
    let folder = Folder::new();
    let file = folder.file(
        "mock.toml",
        "explain = true\nassume = [\"reten.both-credentials=key-wins\", \"dolfin.bad-key-status=403\"]\n",
    );
    let mut command = serve(&[
        "--config",
        plain(&file),
        "--explain",
        "false",
        "--assume",
        "reten.malformed-id=404",
    ]);
    command.env(
        "KEYWAY_MOCK_ASSUME",
        "sinjapp.second-revoke=404, dolfin.bad-key-status = 401",
    );
    let serving = Serving::start(command);
    let refused = reqwest::get(format!("{}/api/api-keys", serving.base_url("reten")))
        .await
        .expect("an answer");
    assert!(!refused.headers().contains_key("x-keyway-reason"));
    let url = format!("{}/assumptions", serving.said["control"].as_str().expect("a URL"));
    let all: Vec<Value> = reqwest::get(url)
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    for (name, value) in [
        ("reten.both-credentials", "key-wins"),
        ("reten.malformed-id", "404"),
        ("sinjapp.second-revoke", "404"),
        ("dolfin.bad-key-status", "401"),
    ] {
        let one = all.iter().find(|one| one["name"] == name).expect("it is listed");
        assert_eq!(one["value"], value, "{name}");
    }
}

#[test]
fn certificate_and_key_may_come_from_different_sources() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let folder = Folder::new();
    let certificate = folder.file("cert.pem", &made.cert.pem());
    let key = folder.file("key.pem", &made.signing_key.serialize_pem());
    let (certificate, key) = (plain(&certificate), plain(&key));
    let names_certificate = folder.file(
        "certificate.toml",
        &format!("tls-certificate = {certificate:?}\n"),
    );
    let names_key = folder.file("key.toml", &format!("tls-key = {key:?}\n"));
    let has_none = folder.file("off.toml", "tls = false\n");
    let pem = |flags: &[&str], variables: &[(&str, &str)]| {
        let mut command = serve(flags);
        command.envs(variables.iter().copied());
        Serving::start(command).said["certificate_pem"]
            .as_str()
            .map(str::to_owned)
    };
    let own = Some(made.cert.pem());
    let (by_certificate, by_key) = (plain(&names_certificate), plain(&names_key));
    assert_eq!(pem(&["--config", by_certificate, "--tls-key", key], &[]), own);
    assert_eq!(
        pem(&["--config", by_key, "--tls-certificate", certificate], &[]),
        own
    );
    assert_eq!(
        pem(
            &["--config", by_key],
            &[("KEYWAY_MOCK_TLS_CERTIFICATE", certificate)]
        ),
        own
    );
    assert_eq!(
        pem(
            &["--tls-key", key],
            &[("KEYWAY_MOCK_TLS_CERTIFICATE", certificate)]
        ),
        own
    );
    let both = ["--tls-certificate", certificate, "--tls-key", key];
    assert_eq!(
        pem(&[&both[..], &["--config", plain(&has_none)]].concat(), &[]),
        own
    );
    assert_eq!(
        pem(
            &["--config", by_certificate, "--tls-key", key, "--tls=false"],
            &[]
        ),
        None
    );
    assert_eq!(pem(&both, &[("KEYWAY_MOCK_TLS", "false")]), own);
    let said = complaint(serve(&["--tls-key", key]));
    assert!(said.contains("tls-certificate"), "{said}");
}

#[cfg(unix)]
mod ties {
    use super::*;
    use std::os::unix::net::UnixStream;

    fn script(text: &str) -> Command {
        let mut command = Command::new("sh");
        command
            .args(["-c", text])
            .env("MOCK", env!("CARGO_BIN_EXE_keyway-mock"));
        command
    }

    /// Stopped when dropped, also by a test that fails.
    struct Tied(Child);

    impl Tied {
        fn is_serving(&mut self) -> bool {
            self.0.try_wait().expect("it can be asked").is_none()
        }
    }

    impl Drop for Tied {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    const SERVE: &str = "\"$MOCK\" serve --listen 127.0.0.1:0 --print json";

    /// All that comes until the end, which has to come.
    fn to_its_end(mut reader: impl std::io::Read + Send + 'static) -> String {
        let (send, receive) = mpsc::channel();
        std::thread::spawn(move || {
            let mut text = String::new();
            let _ = reader.read_to_string(&mut text);
            let _ = send.send(text);
        });
        receive.recv_timeout(PATIENCE).expect("it is closed")
    }

    #[test]
    fn a_pipe_gets_the_word_and_its_end_while_the_server_goes_on() {
        let mut child = Tied(
            script(&format!("exec {SERVE} --ready-fd 3 3>&1 1>/dev/null"))
                .stdout(Stdio::piped())
                .spawn()
                .expect("sh runs"),
        );
        let told = to_its_end(child.0.stdout.take().expect("piped"));
        assert_eq!((told.as_str(), child.is_serving()), ("ready\n", true));
    }

    #[test]
    fn a_socket_gets_the_word_and_its_end_while_the_server_goes_on() {
        let (ours, theirs) = UnixStream::pair().expect("a pair of sockets");
        let theirs = std::os::fd::OwnedFd::from(theirs);
        // Duplicated by the shell, which also closes what it was handed.
        let mut child = Tied(
            script(&format!("exec {SERVE} --ready-fd 3 3<&0 </dev/null 1>/dev/null"))
                .stdin(Stdio::from(theirs))
                .spawn()
                .expect("sh runs"),
        );
        let told = to_its_end(ours);
        assert_eq!((told.as_str(), child.is_serving()), ("ready\n", true));
    }

    #[test]
    fn a_file_gets_the_word_after_what_is_in_it() {
        let folder = Folder::new();
        let file = folder.file("ready", "begun\n");
        let child = Tied(
            script(&format!("exec {SERVE} --ready-fd 3 3>>\"$FILE\" 1>/dev/null"))
                .env("FILE", &file)
                .spawn()
                .expect("sh runs"),
        );
        let begun = Instant::now();
        let mut read = String::new();
        while read.lines().count() < 2 && begun.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(20));
            read = std::fs::read_to_string(&file).expect("it is there");
        }
        drop(child);
        assert_eq!(read, "begun\nready\n");
    }

    /// 64 KiB is what a pipe of Linux holds.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_pipe_that_is_full_does_not_keep_it_from_ending() {
        let (_reader, mut writer) = std::io::pipe().expect("a pipe");
        writer.write_all(&[b'.'; 65_536]).expect("it holds that much");
        let mut child = script(&format!("exec {SERVE} --ready-fd 3 3<&0 </dev/null"))
            .stdin(Stdio::from(std::os::fd::OwnedFd::from(writer)))
            .stdout(Stdio::piped())
            .spawn()
            .expect("sh runs");
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().expect("piped"));
        output.read_line(&mut line).expect("a line");
        std::thread::sleep(Duration::from_millis(200));
        let pid = child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(asked.expect("kill runs").success());
        let begun = Instant::now();
        let output = finished(child);
        assert!(output.status.success() && begun.elapsed() < PATIENCE / 2);
    }

    #[test]
    fn a_descriptor_that_cannot_be_written_to_is_told_of() {
        let mut child = script(&format!("exec {SERVE} --ready-fd 3 3</dev/null 1>/dev/null"))
            .stderr(Stdio::piped())
            .spawn()
            .expect("sh runs");
        let mut line = String::new();
        let mut said = BufReader::new(child.stderr.take().expect("piped"));
        said.read_line(&mut line).expect("a line");
        assert!(Tied(child).is_serving());
        assert!(
            line.starts_with("keyway-mock: ready-fd: nobody could be told"),
            "{line}"
        );
    }

    #[test]
    fn a_descriptor_that_was_not_handed_down_is_refused() {
        let said = complaint(serve(&["--ready-fd", "77"]));
        assert!(said.contains("no file descriptor 77"), "{said}");
        let said = complaint(serve(&["--ready-fd", "1"]));
        assert!(said.contains("3 or more"), "{said}");
    }

    #[test]
    fn a_parent_that_is_named_and_gone_before_the_start_keeps_it_from_starting() {
        // The shell ends at once; its child starts the server some time after.
        let text = format!("p=$$; (sleep 0.5; exec {SERVE} --with-parent=$p) & exit 0");
        let mut shell = script(&text)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("sh runs");
        let said = to_its_end(shell.stderr.take().expect("piped"));
        let served = to_its_end(shell.stdout.take().expect("piped"));
        let _ = shell.wait();
        assert!(said.contains("did not start this one, or is gone"), "{said}");
        assert_eq!(served, "");
    }

    #[test]
    fn a_parent_that_is_named_and_there_is_ended_with() {
        let mut shell = script(&format!("{SERVE} --with-parent=$$ & read wait"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("sh runs");
        let mut output = BufReader::new(shell.stdout.take().expect("piped"));
        let mut line = String::new();
        output.read_line(&mut line).expect("a line");
        assert!(line.starts_with('{'), "{line}");
        shell.kill().expect("killed");
        let _ = shell.wait();
        // Its end closes the output that both shared.
        assert_eq!(to_its_end(output), "");
    }

    #[test]
    fn a_process_that_is_no_parent_is_refused() {
        let said = complaint(serve(&["--with-parent=4194305"]));
        assert!(said.contains("4194305"), "{said}");
    }
}

#[tokio::test]
async fn users_and_keys_of_the_settings_are_printed_and_are_in_every_world_and_after_a_reset() {
    let folder = Folder::new();
    let toml = "[[seeds.principals]]\nvendor = \"reten\"\nusername = \"ada\"\ngrants = [\"VIEW_ACTIVITIES\", \"MANAGE_API_KEYS\"]\n";
    let file = folder.file("mock.toml", toml);
    let document = json!({"keys": [{"vendor": "reten", "owner": "ada", "grants": ["VIEW_ACTIVITIES"], "name": "Ada's"}]});
    let seeds = folder.file("seed.json", &document.to_string());
    let serving = Serving::start(serve(&["--config", plain(&file), "--seed", plain(&seeds)]));
    let seeded = &serving.said["seeded"];
    assert_eq!(seeded["principals"][0]["username"], "ada");
    let key = seeded["keys"][0]["credential"]
        .as_str()
        .expect("a credential")
        .trim_start_matches("key:");
    let token = seeded["principals"][0]["credential"]
        .as_str()
        .expect("a credential")
        .trim_start_matches("bearer:");
    let control = serving.said["control"].as_str().expect("a URL");
    let client = reqwest::Client::new();
    let reads = async |base_url: &str| {
        let url = format!("{base_url}/api/activities");
        client
            .get(url)
            .header("x-api-key", key)
            .send()
            .await
            .expect("an answer")
            .status()
            .as_u16()
    };
    assert_eq!(reads(serving.base_url("reten")).await, 200);
    let reset = client
        .post(format!("{control}/reset"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(reset.status(), 204);
    assert_eq!(reads(serving.base_url("reten")).await, 200);
    let world: Value = client
        .post(format!("{control}/worlds"))
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    assert_eq!(
        reads(world["vendors"]["reten"]["base_url"].as_str().expect("a URL")).await,
        200
    );

    // The key is Ada's: she finds it among hers.
    let tenant = serving.said["vendors"]["reten"]["tenant"]
        .as_str()
        .expect("a tenant");
    let hers = client
        .get(format!("{}/api/api-keys", serving.base_url("reten")))
        .bearer_auth(token)
        .header("x-tenant-id", tenant);
    let hers: Value = hers.send().await.expect("an answer").json().await.expect("JSON");
    assert_eq!(hers.as_array().map(Vec::len), Some(1));
    assert_eq!(hers[0]["name"], "Ada's");

    // Nothing but the first line shows what was issued.
    for path in ["access", "journal", "snapshot", "worlds", "metrics"] {
        let text = client
            .get(format!("{control}/{path}"))
            .send()
            .await
            .expect("an answer")
            .text()
            .await
            .expect("text");
        assert!(
            !text.contains(key) && !text.contains(token),
            "{path} shows a secret"
        );
    }
}

#[test]
fn a_wrong_seed_file_is_told_in_one_line_that_shows_nothing_of_it() {
    let folder = Folder::new();
    for (text, told) in [
        (r#"{"keyz": []}"#, "did you mean keys?"),
        (
            r#"{"keys": [{"vendor": "retn"}]}"#,
            "at keys[0].vendor: this value is not known; did you mean reten?",
        ),
        (
            r#"{"keys": [{"vendor": "reten", "grants": ["planted"]}]}"#,
            "keys[0]: reten takes another grants",
        ),
        (
            r#"{"keys": [{"vendor": "reten", "owner": "planted"}]}"#,
            "keys[0]: reten takes another owner",
        ),
        (
            r#"{"keys": [{"vendor": "dolfin", "owner": "planted"}]}"#,
            "keys[0]: dolfin knows no owner here",
        ),
        (
            r#"{"principals": [{"vendor": "reten", "password": 12345678}]}"#,
            "at principals[0].password: expected a string",
        ),
        ("{", "line 1 column 1: EOF"),
    ] {
        let file = folder.file("seed.json", text);
        let said = complaint(serve(&["--seed", plain(&file)]));
        assert!(said.contains(told), "{text}: {said}");
        assert!(
            !said.contains("planted") && !said.contains("12345678"),
            "{text}: {said}"
        );
    }
    let said = complaint(serve(&["--seed", "/nowhere/seed.json"]));
    assert!(said.contains("/nowhere/seed.json"), "{said}");
    let right = folder.file("seed.json", r#"{"keys": [{"vendor": "reten"}]}"#);
    let said = complaint(serve(&["--vendor", "dolfin", "--seed", plain(&right)]));
    assert!(
        said.contains("keys[0]: this server does not play reten"),
        "{said}"
    );
}

#[tokio::test]
async fn people_see_seeded_credentials_where_they_see_the_ready_made_ones() {
    let folder = Folder::new();
    let seeds = folder.file("seed.json", r#"{"principals": [{"vendor": "dolfin", "email": "eva@example.com"}], "keys": [{"vendor": "b3os", "grants": ["read"]}]}"#);
    let mut child = keyway_mock(&["serve", "--listen", "127.0.0.1:0", "--seed", plain(&seeds)])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let lines = BufReader::new(child.stdout.take().expect("piped"))
        .lines()
        .map(|line| line.expect("text"));
    let shown: Vec<_> = lines
        .take_while(|line| !line.contains("Ctrl-C"))
        .filter(|line| line.contains("seeded"))
        .collect();
    let _ = child.kill();
    let _ = child.wait();
    assert_eq!(shown.len(), 2, "{}", shown.len());
    assert!(shown[0].contains("bearer:ey") && shown[0].contains("eva@example.com"));
    assert!(shown[1].contains("bearer:b3sk_") && shown[1].contains("org_mockharbor"));
}

#[tokio::test]
async fn a_control_token_comes_from_the_environment_or_a_file_and_not_from_both() {
    let token = "a token of many letters";
    let folder = Folder::new();
    let file = folder.file("token", token);
    let mut command = serve(&[]);
    command.env("KEYWAY_MOCK_CONTROL_TOKEN", token);
    command.env("KEYWAY_MOCK_CONTROL_TOKEN_FILE", plain(&file));
    let said = complaint(command);
    assert!(
        said.contains("give one of them") && !said.contains(token),
        "{said}"
    );
    let mut short = serve(&[]);
    short.env("KEYWAY_MOCK_CONTROL_TOKEN", "planted");
    let said = complaint(short);
    assert!(
        said.contains("fewer than 16") && !said.contains("planted"),
        "{said}"
    );
    let settings = folder.file("mock.toml", "control-token-file = \"/nowhere\"\n");
    let mut of_variable = serve(&["--config", plain(&settings)]);
    of_variable.env("KEYWAY_MOCK_CONTROL_TOKEN", token);
    let mut of_flag = serve(&["--control-token-file", plain(&file)]);
    of_flag.env("KEYWAY_MOCK_CONTROL_TOKEN", "another token of many letters");
    of_flag.env("KEYWAY_MOCK_CONTROL_TOKEN_FILE", "/nowhere");
    let servers = [of_variable, of_flag].map(Serving::start);
    // The token opens where a page of another origin is kept out otherwise.
    for (serving, (scheme, status)) in servers.iter().flat_map(|serving| {
        [("bearer", 200), ("Bearer", 200), ("Basic", 403)].map(|expected| (serving, expected))
    }) {
        let url = format!("{}/access", serving.said["control"].as_str().expect("a URL"));
        let asked = reqwest::Client::new()
            .get(url)
            .header("origin", "https://x.example")
            .header("authorization", format!("{scheme} {token}"));
        assert_eq!(
            asked.send().await.expect("an answer").status(),
            status,
            "{scheme}"
        );
    }
}

#[test]
fn a_healthcheck_asks_where_the_settings_say_and_answers_by_its_exit_code() {
    let serving = Serving::start(serve(&[]));
    let listen = serving.said["listen"].as_str().expect("an address").to_owned();
    let code = |command: &mut Command| command.output().expect("the binary runs").status.code();
    assert_eq!(code(&mut keyway_mock(&["healthcheck", &listen])), Some(0));
    let by_variable = &mut keyway_mock(&["healthcheck"]);
    assert_eq!(code(by_variable.env("KEYWAY_MOCK_LISTEN", &listen)), Some(0));
    let everywhere = listen.replace("127.0.0.1", "0.0.0.0");
    let by_variable = &mut keyway_mock(&["healthcheck"]);
    assert_eq!(code(by_variable.env("KEYWAY_MOCK_LISTEN", everywhere)), Some(0));
    let secure = Serving::start(serve(&["--tls"]));
    let by_variable = &mut keyway_mock(&["healthcheck"]);
    let by_variable = by_variable.env(
        "KEYWAY_MOCK_LISTEN",
        secure.said["listen"].as_str().expect("an address"),
    );
    assert_eq!(code(by_variable.env("KEYWAY_MOCK_TLS", "true")), Some(0));
    // One that was told to serve HTTPS by a flag, of which the environment knows nothing.
    let secure = secure.said["listen"].as_str().expect("an address");
    let by_url = |scheme: &str, listen: &str| keyway_mock(&["healthcheck", &format!("{scheme}://{listen}")]);
    assert_eq!(code(&mut by_url("https", secure)), Some(0));
    assert_eq!(
        code(by_url("http", &listen).env("KEYWAY_MOCK_TLS", "true")),
        Some(0)
    );
    let plainly = keyway_mock(&["healthcheck", secure])
        .output()
        .expect("the binary runs");
    let said = String::from_utf8(plainly.stderr).expect("text");
    assert_eq!(plainly.status.code(), Some(1));
    assert!(said.contains(&format!("ask https://{secure}")), "{said}");
    drop(serving);
    let gone = keyway_mock(&["healthcheck", &listen])
        .output()
        .expect("the binary runs");
    assert_eq!(gone.status.code(), Some(1));
    assert_eq!(String::from_utf8(gone.stderr).expect("text").lines().count(), 1);
    assert_eq!(code(&mut keyway_mock(&["healthcheck", "planted"])), Some(2));

    // Something that is silent is told apart from nothing.
    let mute = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = mute.local_addr().expect("its address").to_string();
    let silent = keyway_mock(&["healthcheck", &address])
        .output()
        .expect("the binary runs");
    let said = String::from_utf8(silent.stderr).expect("text");
    assert_eq!(silent.status.code(), Some(1));
    assert!(
        said.contains("within 5 s") && !said.contains("os error"),
        "{said}"
    );

    // Something else that answers is not well either.
    let other = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = other.local_addr().expect("its address").to_string();
    let answering = std::thread::spawn(move || {
        let (mut connection, _) = other.accept().expect("a connection");
        let _ = connection.read(&mut [0; 1024]);
        let _ = connection.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
    });
    assert_eq!(code(&mut keyway_mock(&["healthcheck", &address])), Some(1));
    answering.join().expect("it answered");
}

#[test]
fn a_variable_is_not_looked_at_where_its_flag_is_given() {
    let mut command = serve(&["--vendor", "reten", "--journal", "5"]);
    command.env("KEYWAY_MOCK_VENDOR", "planted");
    command.env("KEYWAY_MOCK_JOURNAL", "-1");
    let serving = Serving::start(command);
    assert!(serving.said["vendors"]["reten"].is_object());
    // Assumptions add up, so that variable counts all the same.
    let mut command = serve(&["--assume", "reten.malformed-id=404"]);
    command.env("KEYWAY_MOCK_ASSUME", "reten.malformed-id=planted");
    assert!(complaint(command).contains("400, 404"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_first_line_that_cannot_be_written_keeps_it_from_serving() {
    for print in ["json", "text"] {
        let full = std::fs::File::options()
            .write(true)
            .open("/dev/full")
            .expect("it is there");
        let mut command = keyway_mock(&["serve", "--listen", "127.0.0.1:0", "--print", print]);
        let child = command
            .stdout(full)
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let output = finished(child);
        let said = String::from_utf8(output.stderr).expect("text");
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(
            said.starts_with("keyway-mock: cannot write to standard output: "),
            "{said}"
        );
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[test]
fn a_sabotage_that_cannot_be_is_told_with_its_cure() {
    let unknown = complaint(keyway_mock(&["serve", "--sabotage", "revoked-key-work"]));
    assert!(
        unknown.contains("did you mean revoked-key-still-works?"),
        "{unknown}"
    );
    let elsewhere = complaint(keyway_mock(&[
        "serve",
        "--vendor",
        "dolfin",
        "--sabotage",
        "list-empty",
    ]));
    assert!(
        elsewhere.contains("Dolfin does not make the promise"),
        "{elsewhere}"
    );
}

#[test]
fn the_sabotages_are_listed_for_people_and_for_programs() {
    let listed = finished(
        keyway_mock(&["sabotages", "--format", "json"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary runs"),
    );
    let listed: Value = serde_json::from_slice(&listed.stdout).expect("JSON");
    let names: Vec<_> = listed
        .as_array()
        .into_iter()
        .flatten()
        .map(|one| &one["name"])
        .collect();
    assert!(
        names.len() > 60 && names.contains(&&json!("siblings-die-too")),
        "{names:?}"
    );
}
