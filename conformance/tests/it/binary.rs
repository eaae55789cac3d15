//! The binary: its exit codes and its words.

use std::process::{Command, Output};

use keyway_mock::MockServer;
use keyway_openapi::Vendor;

pub(crate) fn conformance(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keyway-conformance"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("KEYWAY_")) {
        command.env_remove(name);
    }
    command
        .args(arguments)
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

pub(crate) fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_missing_credential_is_a_matter_of_configuration() {
    let output = conformance(
        &["run", "--vendor", "reten", "--base-url", "http://127.0.0.1:1"],
        &[],
    );
    assert_eq!(output.status.code(), Some(2));
    assert!(
        words(&output).contains("KEYWAY_RETEN_CREDENTIAL"),
        "{}",
        words(&output)
    );
    assert_eq!(words(&output).trim().lines().count(), 1);
}

#[test]
fn a_base_url_needs_one_vendor_and_plain_http_stays_at_home() {
    let credential = [("KEYWAY_CREDENTIAL", "key:planted-secret")];
    for arguments in [
        &["--base-url", "http://127.0.0.1:1"][..],
        &[
            "--vendor",
            "reten",
            "--vendor",
            "b3os",
            "--base-url",
            "http://127.0.0.1:1",
        ],
        &["--vendor", "reten", "--base-url", "http://api.reten.example"],
        &["--vendor", "stripe"],
        &["--case", "no/such-case"],
    ] {
        let output = conformance(arguments, &credential);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", words(&output));
        assert!(!words(&output).contains("planted"));
    }
}

#[test]
fn a_target_that_is_not_there_or_knows_us_not_could_not_be_set_up() {
    let credential = [("KEYWAY_CREDENTIAL", "bearer:planted-secret")];
    let output = conformance(
        &["--vendor", "reten", "--base-url", "http://127.0.0.1:9"],
        &credential,
    );
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(words(&output).trim().lines().count(), 1, "{}", words(&output));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_is_judged_with_credentials_from_the_environment_only() {
    let server = MockServer::start().await;
    let access = server.access(Vendor::B3os).clone();
    let file = std::env::temp_dir().join(format!("keyway-report-{}.json", std::process::id()));
    let output = tokio::task::spawn_blocking({
        let file = file.clone();
        move || {
            let arguments = [
                "run",
                "--vendor",
                "b3os",
                "--base-url",
                &access.base_url,
                "--format",
                "json",
                "--output",
            ];
            let arguments: Vec<&str> = arguments
                .into_iter()
                .chain([file.to_str().unwrap(), "--case", "revoke/*"])
                .collect();
            let variables = [
                ("KEYWAY_B3OS_CREDENTIAL", access.credentials.admin.as_str()),
                ("KEYWAY_TENANT", &access.tenant),
                ("KEYWAY_OTHER_CREDENTIAL", &access.credentials.other),
                ("KEYWAY_OTHER_TENANT", &access.other_tenant),
            ];
            conformance(&arguments, &variables)
        }
    })
    .await
    .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", words(&output));
    let report = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["summary"]["fail"], 0);
    assert_eq!(report["keys"]["left"], serde_json::json!([]));
    let results = report["results"].as_array().unwrap();
    let limited = results
        .iter()
        .find(|result| result["id"] == "revoke/limited-refused")
        .unwrap();
    assert_eq!(limited["outcome"], "skip");
    assert_eq!(limited["detail"], "KEYWAY_LIMITED_CREDENTIAL is not set");
}

#[test]
fn the_list_names_every_case_with_its_sources() {
    let output = conformance(&["list"], &[]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success());
    for words in [
        "revoke/refused-at-once",
        "not asked: no operation lists keys",
        "not documented: dolfin.second-revoke",
    ] {
        assert!(text.contains(words), "{words}");
    }
}

#[test]
fn an_option_before_a_command_is_not_silently_dropped() {
    for arguments in [
        &["--vendor", "dolfin", "run"][..],
        &["--case", "revoke/*", "run"],
        &["--base-url", "http://127.0.0.1:1", "list"],
    ] {
        let output = conformance(arguments, &[]);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", words(&output));
    }
}

#[test]
fn a_proxy_that_the_environment_names_is_not_asked_for_this_machine() {
    let dead = "http://127.0.0.1:9";
    let variables = [
        "HTTP_PROXY",
        "http_proxy",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "all_proxy",
    ]
    .map(|name| (name, dead));
    for case in ["create/answers-as-declared", "client/*"] {
        let output = conformance(&["--case", case], &variables);
        assert_eq!(output.status.code(), Some(0), "{case}: {}", words(&output));
    }
}

/// As a supervisor ends a process.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_told_to_end_cleans_up_first() {
    let server = MockServer::builder().vendor(Vendor::Reten).start().await.unwrap();
    let access = server.access(Vendor::Reten).clone();
    let child = Command::new(env!("CARGO_BIN_EXE_keyway-conformance"))
        .args([
            "--vendor",
            "reten",
            "--base-url",
            &access.base_url,
            "--format",
            "json",
            "--allow",
            "wait",
        ])
        .env("KEYWAY_CREDENTIAL", &access.credentials.admin)
        .env("KEYWAY_TENANT", &access.tenant)
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    // The waits for the end of a key make a run of at least six seconds.
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    let killed = Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status();
    assert!(killed.unwrap().success());
    let output = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap())
        .await
        .unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", words(&output));
    assert!(words(&output).contains("interrupted"), "{}", words(&output));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["keys"]["left"], serde_json::json!([]));
}

#[test]
fn a_credential_that_no_header_can_carry_and_a_budget_of_nothing_are_told_in_one_line() {
    let address = ["--vendor", "reten", "--base-url", "http://127.0.0.1:1"];
    let broken = conformance(&address, &[("KEYWAY_CREDENTIAL", "key:planted\nsecret")]);
    let nothing = conformance(
        &[&address[..], &["--budget", "0"]].concat(),
        &[("KEYWAY_CREDENTIAL", "key:planted-secret")],
    );
    for (output, word) in [(broken, "KEYWAY_CREDENTIAL"), (nothing, "at least 1")] {
        assert_eq!(output.status.code(), Some(2), "{}", words(&output));
        assert!(words(&output).contains(word), "{}", words(&output));
        assert!(!words(&output).contains("planted"));
    }
}

/// Answers every connection with these bytes, and closes it.
fn something_else(answer: &'static [u8]) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = std::io::Read::read(&mut stream, &mut [0; 4096]);
            let _ = std::io::Write::write_all(&mut stream, answer);
        }
    });
    format!("http://{address}")
}

#[test]
fn a_port_where_something_else_answers_ends_the_run_in_its_set_up() {
    for (answer, told) in [
        (&b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 4\r\nconnection: close\r\n\r\n<p/>"[..], "text/html"),
        (b"HTTP/1.1 302 Found\r\nlocation: /\r\ncontent-length: 0\r\nconnection: close\r\n\r\n", "302"),
        (b"", "127.0.0.1"),
    ] {
        let base_url = something_else(answer);
        let output = conformance(
            &["--vendor", "sinjapp", "--base-url", &base_url],
            &[("KEYWAY_CREDENTIAL", "key:planted-secret")],
        );
        let all = format!("{}{}", words(&output), String::from_utf8_lossy(&output.stdout));
        // A create without a whole answer may have made a key, which counts for more.
        assert!(matches!(output.status.code(), Some(3 | 4)), "{all}");
        assert!(all.contains("could not be set up"), "{all}");
        assert!(all.contains(told), "{all}");
        assert!(!all.contains("planted"));
    }
}
