//! What HTTP itself demands, whoever is played.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::{StreamExt as _, stream};
use keyway_mock::{MockServer, Vendor};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::judge::Judge;

#[tokio::test]
async fn a_request_names_one_host() {
    let judge = Judge::of(Vendor::B3os).await;
    for (hosts, answered) in [
        ("", "HTTP/1.1 400"),
        ("host: localhost\r\nhost: localhost\r\n", "HTTP/1.1 400"),
        ("host: localhost\r\n", "HTTP/1.1 401"),
    ] {
        let request = format!("GET /v1/organizations HTTP/1.1\r\n{hosts}\r\n");
        let answer = judge.raw(request.as_bytes()).await;
        assert!(answer.starts_with(answered), "{hosts:?}: {answer}");
    }
}

#[tokio::test]
async fn a_body_that_cannot_be_read_as_it_comes_is_of_the_wrong_kind() {
    let judge = Judge::of(Vendor::B3os).await;
    let create = || judge.post("/v1/api-keys").with(judge.admin());
    let body = json!({ "name": "n" });
    for (coding, status) in [("gzip", 415), ("br", 415), ("identity", 200)] {
        let ask = create().json(&body).header("content-encoding", coding);
        ask.send().await.expect(status);
    }
    for (charset, status) in [
        ("utf-16", 415),
        ("latin1", 415),
        ("UTF-8", 200),
        ("\"utf-8\"", 200),
    ] {
        let media_type = format!("application/json; charset={charset}");
        create()
            .body(&media_type, body.to_string())
            .send()
            .await
            .expect(status);
    }
}

#[tokio::test]
async fn a_body_on_its_way_is_in_pieces_and_nothing_else() {
    let judge = Judge::of(Vendor::B3os).await;
    let (_, admin) = judge.admin().split_once(':').expect("a kind and a secret");
    for (codings, answered) in [
        ("transfer-encoding: chunked\r\n", "HTTP/1.1 200"),
        ("transfer-encoding: gzip, chunked\r\n", "HTTP/1.1 415"),
        (
            "transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n",
            "HTTP/1.1 415",
        ),
    ] {
        let request = format!(
            "POST /v1/api-keys HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {admin}\r\n\
             content-type: application/json\r\n{codings}\r\nc\r\n{{\"name\":\"x\"}}\r\n0\r\n\r\n"
        );
        let answer = judge.raw(request.as_bytes()).await;
        assert!(answer.starts_with(answered), "{codings:?}: {answer}");
    }
}

/// Over HTTP/2 many clients take a stream that ends while they are sending for one that has failed.
#[tokio::test]
async fn a_body_that_is_far_too_large_is_taken_to_its_end_over_http_2() {
    const PIECES: usize = 40;
    let server = MockServer::start().await;
    let client = reqwest::Client::builder()
        .http2_prior_knowledge()
        .build()
        .expect("a client");
    for (path, status) in [("/sinjapp/api/v1/api-keys", 413), ("/nowhere", 404)] {
        let taken = Arc::new(AtomicUsize::new(0));
        let pieces = stream::iter(0..PIECES).map({
            let taken = Arc::clone(&taken);
            move |_| {
                taken.fetch_add(1, Ordering::Relaxed);
                Ok::<_, std::io::Error>(vec![b'x'; 1024 * 1024])
            }
        });
        let url = format!("{}{path}", server.root());
        let sent = client.post(&url).body(reqwest::Body::wrap_stream(pieces));
        assert_eq!(sent.send().await.expect("an answer").status(), status, "{path}");
        // The body goes on beside the answer; whoever has it lets go of the counter at its end.
        while Arc::strong_count(&taken) > 1 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(taken.load(Ordering::Relaxed), PIECES, "{path}");
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_not_asked_for() {
    let judge = Judge::of(Vendor::B3os).await;
    for (length, answered) in [(2 * 1024 * 1024, "HTTP/1.1 413"), (10, "HTTP/1.1 100")] {
        let request = format!(
            "POST /v1/api-keys HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\ncontent-length: {length}\r\n\r\n"
        );
        let answer = judge.raw(request.as_bytes()).await;
        assert!(answer.starts_with(answered), "{answer}");
    }
}

#[tokio::test]
async fn a_body_that_is_refused_unread_does_not_spoil_the_next_request() {
    let server = MockServer::start().await;
    for refused in ["/~none/_keyway/reset", "/nowhere", "/_keyway/reset"] {
        let mut stream = TcpStream::connect(server.address()).await.expect("a connection");
        let head = format!(
            "POST {refused} HTTP/1.1\r\nhost: localhost\r\norigin: https://evil.example\r\ncontent-length: 4\r\n\r\n"
        );
        for (bytes, status) in [
            (&*head, ""),
            ("body", "HTTP/1.1 40"),
            (
                "GET /_keyway/health HTTP/1.1\r\nhost: localhost\r\n\r\n",
                "HTTP/1.1 200",
            ),
        ] {
            stream.write_all(bytes.as_bytes()).await.expect("sent");
            if status.is_empty() {
                continue;
            }
            let mut answer = vec![0; 4096];
            let read = stream.read(&mut answer).await.expect("an answer");
            let answer = String::from_utf8_lossy(&answer[..read]);
            assert!(answer.starts_with(status), "{refused}: {answer:?}");
        }
    }
}
