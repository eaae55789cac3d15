//! A closed-loop loader: so many connections, each with one request under way, until so many are answered.
//!
//! It writes prepared bytes and reads no more of an answer than its status and its length, so that it costs less than any
//! server it measures.

use std::future::Future;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::LocalSet;

/// The longest answer that is waited for, and the most bytes of one.
const PATIENCE: Duration = Duration::from_secs(30);
const LONGEST_ANSWER: usize = 1 << 20;

/// What is asked, as bytes ready to be written: the same all the time, or each once.
#[derive(Clone, Debug)]
pub(crate) enum Asked {
    Again(Vec<u8>),
    Once(Vec<Vec<u8>>),
}

impl Asked {
    fn at(&self, number: usize) -> Option<&[u8]> {
        match self {
            Self::Again(request) => Some(request),
            Self::Once(requests) => requests.get(number).map(Vec::as_slice),
        }
    }
}

/// How a load went.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    pub(crate) requests_per_second: f64,
    pub(crate) p99: Duration,
}

/// Sends `total` requests over `connections` and demands that each is answered with `status`.
pub(crate) fn send(
    address: &str,
    asked: &Asked,
    total: usize,
    connections: usize,
    status: u16,
) -> anyhow::Result<Sample> {
    let next = AtomicUsize::new(0);
    let (times, elapsed) = alone(async {
        let mut lines = Vec::new();
        for _ in 0..connections {
            lines.push(Line::open(address).await?);
        }
        let begun = Instant::now();
        let hands = lines
            .iter_mut()
            .map(|line| line.work(asked, &next, total, status));
        let times = all(hands.collect()).await?;
        Ok((times, begun.elapsed()))
    })?;
    let mut times: Vec<Duration> = times.into_iter().flatten().collect();
    times.sort_unstable();
    let at = |share: f64| {
        let place = (times.len() as f64 * share) as usize;
        times
            .get(place.min(times.len().saturating_sub(1)))
            .copied()
            .unwrap_or_default()
    };
    Ok(Sample {
        requests_per_second: times.len() as f64 / elapsed.as_secs_f64(),
        p99: at(0.99),
    })
}

/// Sends requests and hands every answer's body to `see`.
pub(crate) fn collect<T: 'static>(
    address: &str,
    asked: &Asked,
    total: usize,
    connections: usize,
    status: u16,
    see: fn(&[u8]) -> Option<T>,
) -> anyhow::Result<Vec<T>> {
    let next = AtomicUsize::new(0);
    let found = alone(async {
        let mut lines = Vec::new();
        for _ in 0..connections {
            lines.push(Line::open(address).await?);
        }
        let hands = lines.iter_mut().map(|line| async {
            let mut found = Vec::new();
            while let Some(request) = claim(asked, &next, total) {
                let body = line.ask(request, status).await?;
                found.push(see(body).context("an answer does not hold what is looked for in it")?);
            }
            Ok(found)
        });
        all(hands.collect()).await
    })?;
    Ok(found.into_iter().flatten().collect())
}

/// One request, and the answer to it.
pub(crate) fn ask(address: &str, request: &[u8]) -> anyhow::Result<Answer> {
    alone(async {
        let mut line = Line::open(address).await?;
        line.write(request).await?;
        let head = line.read().await?;
        Ok(Answer {
            status: head.status,
            media_type: line.header("content-type").unwrap_or_default(),
            body: String::from_utf8_lossy(&line.buffer[head.length..]).into_owned(),
        })
    })
}

/// An answer that is looked at.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) media_type: String,
    pub(crate) body: String,
}

fn claim<'a>(asked: &'a Asked, next: &AtomicUsize, total: usize) -> Option<&'a [u8]> {
    let number = next.fetch_add(1, Ordering::Relaxed);
    (number < total).then(|| asked.at(number)).flatten()
}

/// Runs a future on this thread, with nothing beside it.
fn alone<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    LocalSet::new().block_on(&runtime, work)
}

async fn all<T>(hands: Vec<impl Future<Output = anyhow::Result<T>>>) -> anyhow::Result<Vec<T>> {
    futures::future::try_join_all(hands).await
}

/// A connection.
#[derive(Debug)]
struct Line {
    stream: TcpStream,
    buffer: Vec<u8>,
}

struct Head {
    status: u16,
    length: usize,
}

impl Line {
    async fn open(address: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address)
            .await
            .with_context(|| format!("nobody answers at {address}"))?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(16 * 1024),
        })
    }

    async fn work(
        &mut self,
        asked: &Asked,
        next: &AtomicUsize,
        total: usize,
        status: u16,
    ) -> anyhow::Result<Vec<Duration>> {
        let mut times = Vec::new();
        while let Some(request) = claim(asked, next, total) {
            let begun = Instant::now();
            self.ask(request, status).await?;
            times.push(begun.elapsed());
        }
        Ok(times)
    }

    async fn ask(&mut self, request: &[u8], status: u16) -> anyhow::Result<&[u8]> {
        self.write(request).await?;
        let head = tokio::time::timeout(PATIENCE, self.read())
            .await
            .context("an answer takes too long")??;
        if head.status != status {
            bail!("a request was answered {} instead of {status}", head.status);
        }
        Ok(&self.buffer[head.length..])
    }

    async fn write(&mut self, request: &[u8]) -> io::Result<()> {
        self.stream.write_all(request).await
    }

    /// Reads one whole answer into the buffer.
    async fn read(&mut self) -> anyhow::Result<Head> {
        self.buffer.clear();
        loop {
            if let Some(head) = head(&self.buffer)? {
                return Ok(head);
            }
            if self.buffer.len() > LONGEST_ANSWER || self.stream.read_buf(&mut self.buffer).await? == 0 {
                bail!("an answer is too long, or breaks off");
            }
        }
    }

    fn header(&self, wanted: &str) -> Option<String> {
        let text = String::from_utf8_lossy(&self.buffer);
        let mut lines = text.split("\r\n").take_while(|line| !line.is_empty());
        lines.find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case(wanted).then(|| value.trim().to_owned())
        })
    }
}

/// The head of an answer, once all of the answer is there.
fn head(bytes: &[u8]) -> anyhow::Result<Option<Head>> {
    const END: &[u8] = b"\r\n\r\n";
    let Some(end) = bytes.windows(END.len()).position(|some| some == END) else {
        return Ok(None);
    };
    let text = std::str::from_utf8(&bytes[..end]).context("the head of an answer is no text")?;
    let status: u16 = text
        .get(9..12)
        .and_then(|digits| digits.parse().ok())
        .context("no HTTP answer")?;
    let length: usize = text
        .split("\r\n")
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse().ok())
        .unwrap_or(0);
    let whole = end + END.len() + length;
    Ok((bytes.len() >= whole).then_some(Head {
        status,
        length: end + END.len(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_whole_when_all_of_its_body_is_there() {
        let bytes = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}";
        let head_of = |to: usize| head(&bytes[..to]).unwrap();
        assert!(head_of(bytes.len() - 1).is_none());
        let whole = head_of(bytes.len()).unwrap();
        assert_eq!((whole.status, whole.length), (201, bytes.len() - 2));
    }

    #[test]
    fn what_is_not_http_is_an_error() {
        assert!(head(b"hello\r\n\r\n").is_err());
    }
}
