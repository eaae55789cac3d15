//! The end of the server: it comes when asked for, whatever clients keep open, and no answer that was begun is lost.
//!
//! Each wait has an end of its own, so that a server that stays is a failed test and not a hanging one.

use std::process::{Command, ExitStatus};
use std::time::{Duration, Instant};

use reqwest::Client;
use serde_json::json;
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::binary::Serving;
use super::wire::{A_BODY, GET_1, GET_2, HTTP_2, SOON, Security, connect, hear, say};

fn serve(security: Security) -> Serving {
    let mut arguments = vec![
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--print",
        "json",
        "--vendor",
        "dolfin",
    ];
    if security == Security::Tls {
        arguments.push("--tls");
    }
    Serving::start(&arguments)
}

impl Serving {
    async fn dial(&self) -> TcpStream {
        let listen = self.said["listen"].as_str().expect("an address");
        TcpStream::connect(listen).await.expect("a connection")
    }

    /// Asks it to end, as a supervisor does.
    fn terminate(&self) {
        let pid = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(asked.expect("kill runs").success());
    }

    /// Its end, if that comes soon.
    async fn end(&mut self) -> Option<ExitStatus> {
        let begun = Instant::now();
        while begun.elapsed() < SOON {
            if let Some(status) = self.child.try_wait().expect("it can be asked") {
                return Some(status);
            }
            sleep(Duration::from_millis(20)).await;
        }
        None
    }

    async fn ends_when_asked(mut self, what: &str) {
        self.terminate();
        let end = self.end().await;
        assert!(end.is_some_and(|status| status.success()), "{what}: {end:?}");
    }
}

#[tokio::test]
async fn an_http_2_client_that_keeps_silent_does_not_keep_the_server() {
    for security in Security::BOTH {
        let serving = serve(security);
        let mut stream = connect(&serving.said, "h2").await;
        say(&mut stream, HTTP_2).await;
        // The server's own SETTINGS frame: its type, no flags, stream 0.
        hear(&mut stream, b"\x04\0\0\0\0\0").await;
        serving.ends_when_asked(&format!("{security:?}")).await;
    }
}

#[tokio::test]
async fn an_http_2_client_that_has_its_answer_does_not_keep_the_server() {
    for security in Security::BOTH {
        let serving = serve(security);
        let mut stream = connect(&serving.said, "h2").await;
        say(&mut stream, HTTP_2).await;
        say(&mut stream, GET_2).await;
        hear(&mut stream, A_BODY).await;
        serving.ends_when_asked(&format!("{security:?}")).await;
    }
}

#[tokio::test]
async fn an_idle_http_1_connection_does_not_keep_the_server() {
    for security in Security::BOTH {
        let serving = serve(security);
        let mut stream = connect(&serving.said, "http/1.1").await;
        say(&mut stream, GET_1).await;
        hear(&mut stream, A_BODY).await;
        serving.ends_when_asked(&format!("{security:?}")).await;
    }
}

#[tokio::test]
async fn a_client_that_has_not_said_anything_does_not_keep_the_server() {
    for security in Security::BOTH {
        let serving = serve(security);
        let _silent = serving.dial().await;
        // Until it is accepted: connections are accepted in order.
        let mut second = connect(&serving.said, "http/1.1").await;
        say(&mut second, GET_1).await;
        hear(&mut second, A_BODY).await;
        serving.ends_when_asked(&format!("{security:?}")).await;
    }
}

/// A client of one protocol, which trusts the server.
fn client(serving: &Serving, protocol: &str) -> Client {
    let mut builder = Client::builder();
    builder = match (serving.said["certificate_pem"].as_str(), protocol) {
        (_, "http/1.1") => builder.http1_only(),
        (None, _) => builder.http2_prior_knowledge(),
        (Some(_), _) => builder,
    };
    if let Some(pem) = serving.said["certificate_pem"].as_str() {
        builder = builder.tls_certs_only([reqwest::Certificate::from_pem(pem.as_bytes()).expect("PEM")]);
    }
    builder.build().expect("a client")
}

#[tokio::test]
async fn an_answer_that_was_begun_arrives_whole_before_the_end() {
    for (security, protocol) in [
        (Security::Plain, "http/1.1"),
        (Security::Plain, "HTTP/2"),
        (Security::Tls, "http/1.1"),
        (Security::Tls, "HTTP/2"),
    ] {
        let mut serving = serve(security);
        let client = client(&serving, protocol);
        let control = serving.said["control"].as_str().expect("a URL").to_owned();
        let base_url = serving.said["vendors"]["dolfin"]["base_url"]
            .as_str()
            .expect("a URL");
        // First it is held back, then its body takes a second.
        for effect in [
            json!({"latency": {"ms": 500}}),
            json!({"slow-body": {"bytes_per_s": 150}}),
        ] {
            let fault = client
                .post(format!("{control}/faults"))
                .json(&json!({"effect": effect}));
            assert_eq!(fault.send().await.expect("an answer").status(), 201);
        }
        let asking = tokio::spawn(client.get(format!("{base_url}/me")).send());
        let journal = async || {
            let journal = client
                .get(format!("{control}/journal"))
                .send()
                .await
                .expect("an answer");
            journal.text().await.expect("text")
        };
        while journal().await == "[]" {
            sleep(Duration::from_millis(20)).await;
        }
        let begun = Instant::now();
        serving.terminate();
        let answer = timeout(SOON, asking)
            .await
            .expect("it comes")
            .expect("no panic")
            .expect("an answer");
        let version = format!("{:?}", answer.version());
        assert!(
            version.eq_ignore_ascii_case(protocol) || version == "HTTP/2.0",
            "{version}"
        );
        assert_eq!(answer.status(), 401);
        let length = answer.content_length().expect("a length");
        let body = answer.bytes().await.expect("the whole body");
        assert_eq!(body.len() as u64, length);
        assert!(
            begun.elapsed() > Duration::from_millis(500),
            "it was not held back"
        );
        let end = serving.end().await;
        assert!(
            end.is_some_and(|status| status.success()),
            "{security:?} {protocol}: {end:?}"
        );
    }
}
