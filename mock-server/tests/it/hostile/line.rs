//! A connection that stays open from one request to the next, and reads answers by the rules of HTTP/1.1.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Much more than any answer takes on a busy machine; a server that hangs is a failed test and not a hanging one.
const AT_LAST: Duration = Duration::from_secs(20);

/// A connection of one client.
pub(super) struct Line {
    address: SocketAddr,
    stream: Option<TcpStream>,
}

/// An answer, as far as it is looked at.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

impl Line {
    pub(super) fn to(address: SocketAddr) -> Self {
        Self {
            address,
            stream: None,
        }
    }

    /// Sends a request and reads its answer.
    pub(super) async fn ask(&mut self, request: &[u8], method: &str) -> Result<Answer, String> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => connect(self.address).await?,
        };
        let mut heard = Vec::new();
        let exchange = async {
            // A server that has refused the head need not read on.
            let _ = stream.write_all(request).await;
            loop {
                let answer = whole(&heard, method);
                match answer {
                    Some((answer, length)) if (100..200).contains(&answer.status) => {
                        drop(heard.drain(..length))
                    }
                    Some((answer, _)) => return Ok(answer),
                    None => match stream.read_buf(&mut heard).await {
                        Ok(1..) => {}
                        end => {
                            return Err(format!(
                                "it broke off ({end:?}) after {:?}",
                                String::from_utf8_lossy(&heard)
                            ));
                        }
                    },
                }
            }
        };
        let answer = timeout(AT_LAST, exchange)
            .await
            .map_err(|_| "no answer".to_owned())??;
        if !answer.head.contains("\r\nconnection: close") {
            self.stream = Some(stream);
        }
        Ok(answer)
    }
}

async fn connect(address: SocketAddr) -> Result<TcpStream, String> {
    let stream = TcpStream::connect(address)
        .await
        .map_err(|error| error.to_string())?;
    stream.set_nodelay(true).map_err(|error| error.to_string())?;
    Ok(stream)
}

/// Sends bytes and no more; everything that comes until the server closes.
pub(super) async fn tell(address: SocketAddr, bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut stream = connect(address).await?;
    let mut heard = Vec::new();
    let exchange = async {
        let _ = stream.write_all(bytes).await;
        let _ = stream.shutdown().await;
        // A reset is an end as well.
        while let Ok(1..) = stream.read_buf(&mut heard).await {}
    };
    timeout(AT_LAST, exchange)
        .await
        .map_err(|_| "it stays open".to_owned())?;
    Ok(heard)
}

/// The answer at the beginning of some bytes if it is all there, and how many bytes it takes.
pub(super) fn whole(bytes: &[u8], method: &str) -> Option<(Answer, usize)> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
    let status = head.strip_prefix("http/1.1 ")?.get(..3)?.parse().ok()?;
    let is_empty = method == "HEAD" || status == 204 || status == 304 || status < 200;
    let length = match head.split("\r\ncontent-length: ").nth(1) {
        Some(rest) if !is_empty => rest.split("\r\n").next()?.parse().ok()?,
        _ => 0,
    };
    let body = bytes.get(end..end + length)?.to_vec();
    Some((Answer { status, head, body }, end + length))
}
