//! Heads that are too large, mean two things, or ask for what is not there; and several on one connection.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{AT_LAST, address, others_are_served, serve};

/// Everything that comes to these bytes, after which the client says no more.
async fn told(address: std::net::SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let mut heard = Vec::new();
    let exchange = async {
        let _ = stream.write_all(bytes).await;
        let _ = stream.shutdown().await;
        while let Ok(1..) = stream.read_buf(&mut heard).await {}
    };
    timeout(AT_LAST, exchange).await.expect("an end");
    String::from_utf8_lossy(&heard).into_owned()
}

/// The statuses of all answers, in their order.
fn statuses(heard: &str) -> Vec<&str> {
    let answers = heard.split("HTTP/1.1 ").skip(1);
    answers.map(|answer| &answer[..3]).collect()
}

const HOST: &str = "host: localhost\r\n";

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let serving = serve();
    let address = address(&serving.said);
    for head in [
        format!(
            "GET /me HTTP/1.1\r\n{HOST}x-large: {}\r\n\r\n",
            "a".repeat(80_000)
        ),
        format!("GET /me HTTP/1.1\r\n{HOST}{}\r\n", "x-many: a\r\n".repeat(101)),
        format!("GET /{} HTTP/1.1\r\n{HOST}\r\n", "a".repeat(80_000)),
    ] {
        let heard = told(address, head.as_bytes()).await;
        let refused = statuses(&heard);
        assert!(
            refused == ["431"] || refused == ["414"],
            "{refused:?} to {}",
            &head[..60]
        );
    }
    let enough = format!(
        "GET /me HTTP/1.1\r\n{HOST}x-large: {}\r\n\r\n",
        "a".repeat(30_000)
    );
    assert_eq!(statuses(&told(address, enough.as_bytes()).await), ["401"]);
    others_are_served(address).await;
}

#[tokio::test]
async fn requests_one_after_the_other_are_answered_in_their_order() {
    let serving = serve();
    let address = address(&serving.said);
    let request = |target: &str| format!("GET {target} HTTP/1.1\r\n{HOST}\r\n");
    let body = "x".repeat(2000);
    let asked = [
        request("/me"),
        format!(
            "POST /auth/exchange HTTP/1.1\r\n{HOST}content-length: {}\r\n\r\n{body}",
            body.len()
        ),
        request("/nowhere"),
        format!("DELETE /me HTTP/1.1\r\n{HOST}\r\n"),
        request("/_keyway/health"),
    ]
    .concat();
    let answered = statuses(&told(address, asked.as_bytes()).await).join(" ");
    assert_eq!(answered, "401 415 404 405 200");
}

#[tokio::test]
async fn what_may_be_read_in_two_ways_smuggles_no_request_in() {
    let serving = serve();
    let address = address(&serving.said);
    let hidden = format!("GET /_keyway/health HTTP/1.1\r\n{HOST}\r\n");
    let post = format!("POST /auth/exchange HTTP/1.1\r\n{HOST}content-type: text/plain\r\n");
    let both_ends = format!("0\r\n\r\n{hidden}");
    for (head, body, answered) in [
        // Chunks go before a length, and nothing more is read of that connection (RFC 9112, 6.3).
        (
            format!(
                "content-length: {}\r\ntransfer-encoding: chunked\r\n",
                both_ends.len()
            ),
            &both_ends,
            "400",
        ),
        (
            format!(
                "transfer-encoding: chunked\r\ncontent-length: {}\r\n",
                both_ends.len()
            ),
            &both_ends,
            "400",
        ),
        (
            format!("content-length: 0\r\ncontent-length: {}\r\n", hidden.len()),
            &hidden,
            "400",
        ),
        (format!("content-length: 0, {}\r\n", hidden.len()), &hidden, "400"),
        (format!("content-length: +{}\r\n", hidden.len()), &hidden, "400"),
        ("transfer-encoding: identity\r\n".to_owned(), &hidden, "400"),
        (
            "transfer-encoding: chunked, identity\r\n".to_owned(),
            &both_ends,
            "400",
        ),
        ("transfer-encoding : chunked\r\n".to_owned(), &both_ends, "400"),
        (
            "x: 1\r\n transfer-encoding: chunked\r\n".to_owned(),
            &both_ends,
            "400",
        ),
        (" x: 1\r\n".to_owned(), &hidden, "400"),
    ] {
        let heard = told(address, format!("{post}{head}\r\n{body}").as_bytes()).await;
        assert_eq!(statuses(&heard).join(" "), answered, "{head:?}: {heard}");
    }
    let chunks = "transfer-encoding: chunked\r\n\r\n";
    for (chunk, answered) in [
        ("fffffffffffffffff\r\n", "400"),
        ("-1\r\n", "400"),
        ("5\nhello\r\n0\r\n\r\n", "400"),
    ] {
        let heard = told(address, format!("{post}{chunks}{chunk}").as_bytes()).await;
        assert_eq!(statuses(&heard).join(" "), answered, "{chunk:?}: {heard}");
    }
}

#[tokio::test]
async fn nobody_talks_it_into_another_protocol() {
    let serving = serve();
    let address = address(&serving.said);
    for (asked, answered) in [
        (
            "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-key: AA==\r\nsec-websocket-version: 13\r\n",
            "401",
        ),
        (
            "connection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__\r\n",
            "401",
        ),
        ("expect: 200-ok\r\n", "401"),
        ("expect: 100-continue\r\n", "401"),
        ("te: trailers\r\n", "401"),
    ] {
        let heard = told(
            address,
            format!("GET /me HTTP/1.1\r\n{HOST}{asked}\r\n").as_bytes(),
        )
        .await;
        assert_eq!(statuses(&heard).join(" "), answered, "{asked:?}");
    }
    let tunnel = told(
        address,
        b"CONNECT elsewhere:443 HTTP/1.1\r\nhost: elsewhere:443\r\n\r\n",
    )
    .await;
    assert!(statuses(&tunnel)[0].starts_with('4'), "{tunnel}");
    for version in ["HTTP/0.9", "HTTP/2.0", "HTTP/3", "http/1.1", ""] {
        let heard = told(address, format!("GET /me {version}\r\n{HOST}\r\n").as_bytes()).await;
        assert!(
            statuses(&heard).iter().all(|status| *status == "400"),
            "{version}: {heard}"
        );
    }
}
