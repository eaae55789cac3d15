//! Reading a request's body: bounded in size and in time.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{CONNECTION, EXPECT, HeaderMap, HeaderValue};
use http::{StatusCode, Version};
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming};

use crate::call::{Response, empty};

/// The largest body that a vendor reads: 1 MiB.
pub(crate) const VENDOR_LIMIT: usize = 1024 * 1024;
/// The largest body that the control plane reads, a snapshot most likely: 256 MiB.
pub(crate) const CONTROL_LIMIT: usize = 256 * 1024 * 1024;
/// How much of a body that is too large is read and thrown away, so that the client gets to see its answer.
/// A server that answers and closes with bytes unread resets the connection, and the answer is lost.
const LINGER: usize = 15 * 1024 * 1024;

/// How much is read aside of a body that is too large.
const ASIDE: usize = 256 * 1024 * 1024;

/// What becomes of the rest of a body that is too large.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Linger {
    /// So much of it is read and thrown away before the answer.
    Before(usize),
    /// It is read and thrown away beside the answer: over HTTP/2 the client sees that at once, while it sends, and many
    /// clients take a stream that is reset with some of it unsent for one that has failed.
    Beside,
}

impl Linger {
    /// A client that waits for its body to be asked for (RFC 9110, 10.1.1) is not asked for one that is too large.
    pub(crate) fn for_client(version: Version, headers: &HeaderMap) -> Self {
        let waits = headers
            .get(EXPECT)
            .is_some_and(|expected| expected.as_bytes().eq_ignore_ascii_case(b"100-continue"));
        match version {
            _ if waits => Self::Before(0),
            Version::HTTP_2 => Self::Beside,
            _ => Self::Before(LINGER),
        }
    }
}

/// How long a client may take over its body.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why there is no body to go on with.
#[derive(Debug)]
pub(crate) enum Unread {
    /// It is larger than the limit; `drained` if its end was reached all the same, or will be beside the answer.
    TooLarge { drained: bool },
    /// The client broke off, or broke the protocol.
    Broken,
    /// The client was too slow.
    Late,
}

impl Unread {
    /// The answer; `too_large` is the one to a body that is.
    pub(crate) fn answer(&self, too_large: Response) -> Response {
        match self {
            Self::TooLarge { .. } => too_large,
            Self::Broken => empty(StatusCode::BAD_REQUEST),
            Self::Late => empty(StatusCode::REQUEST_TIMEOUT),
        }
    }

    /// Makes the answer the last on its connection, unless nothing of the body is in the way of the next.
    pub(crate) fn end(&self, response: &mut Response) {
        if !matches!(self, Self::TooLarge { drained: true }) {
            response
                .headers_mut()
                .insert(CONNECTION, HeaderValue::from_static("close"));
        }
    }

    /// Why there is no body, for the journal of a vendor.
    pub(crate) fn reason(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "the body is over 1 MiB",
            Self::Broken => "the body broke off, or is not what HTTP allows",
            Self::Late => "the body did not come in 30 seconds",
        }
    }
}

/// Reads the whole body, if it is within the limit.
pub(crate) async fn read(mut body: Incoming, limit: usize, linger: Linger) -> Result<Bytes, Unread> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let before = match linger {
        Linger::Before(bytes) => bytes,
        Linger::Beside => 0,
    };
    let read = match tokio::time::timeout(PATIENCE, collect(&mut body, limit, before)).await {
        Ok(read) => read,
        Err(_) => Err(Unread::Late),
    };
    match (read, linger) {
        (Err(Unread::TooLarge { drained: false }), Linger::Beside) => {
            tokio::spawn(async move {
                // However it ends, there is nobody to tell.
                let _ = tokio::time::timeout(PATIENCE, collect(&mut body, 0, ASIDE)).await;
            });
            Err(Unread::TooLarge { drained: true })
        }
        (read, _) => read,
    }
}

async fn collect(body: &mut Incoming, limit: usize, linger: usize) -> Result<Bytes, Unread> {
    let announced = body.size_hint().lower();
    if announced > (limit + linger) as u64 {
        return Err(Unread::TooLarge { drained: false });
    }
    let mut kept = BytesMut::new();
    let mut seen = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Unread::Broken)?;
        let Ok(data) = frame.into_data() else { continue };
        if seen == 0 && data.len() <= limit && body.is_end_stream() {
            // Most bodies come in one piece, which need not be put together.
            return Ok(data);
        }
        seen += data.len();
        if seen > limit + linger {
            return Err(Unread::TooLarge { drained: false });
        }
        if seen <= limit {
            kept.extend_from_slice(&data);
        }
    }
    if seen > limit {
        Err(Unread::TooLarge { drained: true })
    } else {
        Ok(kept.freeze())
    }
}
