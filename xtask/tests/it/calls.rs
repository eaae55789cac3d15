//! Clients that stand alone, built and run: what they send, byte by byte, and what they print.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

use xtask::output::Output;
use xtask::{document, standalone};

/// Every request as it came, head and body.
type Received = Arc<Mutex<Vec<String>>>;

/// A server that answers everything, and tells a password where users are made.
fn serve() -> (String, Received) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let received = Received::default();
    let seen = Arc::clone(&received);
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let seen = Arc::clone(&seen);
            std::thread::spawn(move || while answer(&stream, &seen).is_some() {});
        }
    });
    (base, received)
}

fn answer(mut stream: &TcpStream, seen: &Received) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut request = String::new();
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        if line == "\r\n" {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.trim().parse().ok()?;
        }
        request.push_str(&line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    request.push_str(&String::from_utf8_lossy(&body));
    let answer = match () {
        () if request.starts_with("POST /users") => {
            let body = r#"{"name":"n","login":{"password":"plain-11"}}"#;
            format!(
                "HTTP/1.1 201 Created\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            )
        }
        () if request.contains(" /v2/") || request.contains("/options ") => {
            "HTTP/1.1 204 No Content\r\n\r\n".to_owned()
        }
        () => "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nfine".to_owned(),
    };
    seen.lock().unwrap().push(request);
    stream.write_all(answer.as_bytes()).ok()
}

/// Builds and runs a program over some clients, and returns what it prints.
fn run(base: &str) -> String {
    let (folder, crates) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut dependencies = String::new();
    for (fixture, package, features) in [
        (
            "parameters.yaml",
            "parameters-client",
            r#", features = ["forms"]"#,
        ),
        ("credentials.yaml", "credentials-of-every-kind-client", ""),
        ("secrets.yaml", "secrets-client", ""),
        ("shapes.json", "shapes-client", r#", features = ["forms"]"#),
    ] {
        let document = document::read(&xtask::root().join("xtask/tests/standalone").join(fixture)).unwrap();
        let path = crates.path().join(package);
        standalone::run(&document, &path, Output::Write).unwrap();
        dependencies.push_str(&format!(
            "{package} = {{ path = {path:?}, default-features = false{features} }}\n"
        ));
    }
    let manifest = format!(
        "[package]\nname = \"calls\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
         serde_json = \"1\"\n\
         tokio = {{ version = \"1\", features = [\"macros\", \"rt\"] }}\n{dependencies}"
    );
    std::fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
    std::fs::copy(xtask::root().join("Cargo.lock"), folder.path().join("Cargo.lock")).unwrap();
    std::fs::create_dir(folder.path().join("src")).unwrap();
    std::fs::write(
        folder.path().join("src/main.rs"),
        include_str!("calls/program.rs"),
    )
    .unwrap();
    let ran = Command::new(env!("CARGO"))
        .args(["run", "--offline", "--quiet", "--", base])
        .current_dir(folder.path())
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("standalone"),
        )
        .output()
        .unwrap();
    let (told, printed) = (
        String::from_utf8_lossy(&ran.stderr),
        String::from_utf8_lossy(&ran.stdout),
    );
    assert!(ran.status.success(), "{told}{printed}");
    format!("{told}{printed}")
}

/// Heavy: it builds and links a client with what it depends on, without TLS. `cargo test -p xtask -- --ignored` runs it, and
/// `.ci/run` does.
#[test]
#[ignore = "builds a client with everything below it: about a minute"]
fn what_is_asked_of_a_client_is_what_it_sends_and_no_secret_is_printed() {
    let (base, received) = serve();
    let printed = run(&base);
    let received = received.lock().unwrap().join("\n");
    for part in [
        "GET /v1/a/i%2Fd/i%2Fd.json/1,2/2026-01-01T00:00:00Z/4/un%20d?",
        "&page%5Bsize%5D=5&page_size=6&",
        "\r\npagesize: 7\r\n",
        "\r\nx-ids: h1,h2\r\n",
        "&must%5Bgt%5D=3&gt=3&pipes=a%7Cb%20c&json=%7B%22gt%22%3A3%7D HTTP/1.1",
        "&pipes2=x&pipes2=y&",
        "&joined=j1%2Cj%2C2&",
        "&secretq=plain-2&",
        "\r\ncookie: session=s%3B1; flags=f1; secret=plain-1\r\n",
        "\r\naccept: text/plain, application/json;q=0.9\r\n",
        "OPTIONS /v1/options HTTP/1.1",
        "\r\ncontent-type: application/merge-patch+json\r\n",
        "card%5Bgt%5D=3&expand%5B%5D=a&expand%5B%5D=b",
        "PUT /v1/bodies2?f%5Bgt%5D=3 HTTP/1.1",
        "name=\"file\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\ncontent of a file",
        "\r\nauthorization: Basic dXNlcjpwbGFpbi0z\r\n",
        "GET /v2/both?app_id=plain-4&app_key=k%265 HTTP/1.1",
        "\r\ncookie: sid=plain-6\r\n",
        "\r\nauthorization: Token plain-7\r\n",
        "\r\nx-api-key: plain-8\r\n",
        r#"{"name":"n","login":{"password":"plain-10"}}"#,
    ] {
        assert!(received.contains(part), "no `{part}` in {received}");
    }
    // What is open to everybody gets no credential, and what breaks a limit is not sent.
    assert!(!received.contains("plain-9"), "{received}");
    assert_eq!(received.matches("POST /users").count(), 1, "{received}");
    assert!(printed.contains("refused here: true"), "{printed}");
    assert!(printed.contains("Secret([redacted])"), "{printed}");
    for secret in ["plain", "k&5", "k%265"] {
        assert!(!printed.contains(secret), "{printed}");
    }
}
