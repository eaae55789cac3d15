//! A server that gives the answers it was told, one after the other and the last again and again, and keeps what it was sent,
//! byte for byte.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// The server. It lives until the test's runtime ends.
pub(crate) struct Canned {
    pub(crate) base_url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

/// One request as it came over the wire.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// Request line and headers.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Canned {
    /// Answers with a status and a JSON body.
    pub(crate) async fn json(status: u16, body: &str) -> Self {
        Self::answer(status, &[("content-type", "application/json")], body).await
    }

    /// Answers with a status, headers and a body.
    pub(crate) async fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Self {
        Self::raw(answer(status, headers, body)).await
    }

    /// Answers with these bytes and closes the connection.
    pub(crate) async fn raw(answer: String) -> Self {
        Self::sequence(vec![answer]).await
    }

    /// Answers with these bytes in turn, closes the connection after each, and stays with the last.
    pub(crate) async fn sequence(answers: Vec<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        tokio::spawn(async move {
            let (last, mut others) = (answers.last().unwrap(), answers.iter());
            while let Ok((stream, _)) = listener.accept().await {
                let _ = exchange(stream, others.next().unwrap_or(last), &log).await;
            }
        });
        Self { base_url, seen }
    }

    pub(crate) fn port(&self) -> &str {
        self.base_url.rsplit(':').next().unwrap()
    }

    pub(crate) fn count(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    /// The one request that there was.
    #[track_caller]
    pub(crate) fn only_request(&self) -> Seen {
        let seen = self.seen.lock().unwrap();
        assert_eq!(seen.len(), 1, "{seen:?}");
        seen[0].clone()
    }

    /// Every request, in the order in which they came.
    pub(crate) fn all_requests(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// The request that came last.
    pub(crate) fn last_request(&self) -> Seen {
        self.seen.lock().unwrap().last().unwrap().clone()
    }
}

/// The bytes of an answer.
pub(crate) fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> String {
    let headers: String = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    format!(
        "HTTP/1.1 {status} \r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

impl Seen {
    pub(crate) fn line(&self) -> &str {
        self.head.lines().next().unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }
}

/// Reads a request, writes it down and then answers it: whoever has the answer may ask for the request.
async fn exchange(mut stream: TcpStream, answer: &str, log: &Mutex<Vec<Seen>>) -> Option<()> {
    let mut bytes = Vec::new();
    let request = loop {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        if let Some(request) = whole_request(&bytes) {
            break request;
        }
    };
    log.lock().unwrap().push(request);
    stream.write_all(answer.as_bytes()).await.ok()?;
    stream.shutdown().await.ok()
}

fn whole_request(bytes: &[u8]) -> Option<Seen> {
    let text = String::from_utf8_lossy(bytes);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let seen = Seen {
        head: head.to_owned(),
        body: body.to_owned(),
    };
    let whole = match seen.header("content-length") {
        Some(length) => body.len() >= length.parse().unwrap(),
        None if seen.header("transfer-encoding").is_some() => body.ends_with("0\r\n\r\n"),
        None => true,
    };
    whole.then_some(seen)
}
