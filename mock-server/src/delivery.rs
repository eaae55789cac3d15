//! How an answer leaves: at once and whole, or as an injected fault has it.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use futures::{StreamExt as _, stream};
use http::HeaderValue;
use http::header::CONTENT_LENGTH;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Either, Full, StreamBody};
use hyper::body::Frame;

use crate::call::Response;

/// The body of an answer on the wire.
pub(crate) type Body = Either<Full<Bytes>, UnsyncBoxBody<Bytes, io::Error>>;

/// How an answer is to be sent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Delivery {
    /// How long it is held back.
    pub(crate) delay: Duration,
    pub(crate) manner: Manner,
}

/// What the wire sees of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Manner {
    /// All of it.
    #[default]
    Whole,
    /// So many bytes of the body each second.
    Trickle { bytes_per_s: u64 },
    /// The head and so many bytes of the body, then the connection breaks.
    Cut { keep: usize },
    /// Nothing: the connection is reset.
    Reset,
}

/// The answer as the wire is to see it. `Content-Length` is the whole body's in any case, so that a client can tell
/// that something is missing.
pub(crate) fn send(response: Response, manner: Manner) -> http::Response<Body> {
    let (mut head, whole) = response.into_parts();
    let pieces = match manner {
        Manner::Whole | Manner::Reset => {
            return http::Response::from_parts(head, Either::Left(Full::new(whole)));
        }
        Manner::Trickle { bytes_per_s } => trickle(whole.clone(), bytes_per_s).boxed(),
        Manner::Cut { keep } => cut(whole.slice(..keep.min(whole.len()))).boxed(),
    };
    head.headers
        .insert(CONTENT_LENGTH, HeaderValue::from(whole.len()));
    let body = StreamBody::new(pieces.map(|piece| piece.map(Frame::data)));
    http::Response::from_parts(head, Either::Right(BodyExt::boxed_unsync(body)))
}

/// Ten pieces a second, or a byte at a time where that is more than asked for.
fn trickle(whole: Bytes, bytes_per_s: u64) -> impl futures::Stream<Item = io::Result<Bytes>> + Send {
    let bytes_per_s = bytes_per_s.max(1);
    let piece = usize::try_from(bytes_per_s / 10).unwrap_or(usize::MAX).max(1);
    let pause = Duration::from_millis(1000 * piece as u64 / bytes_per_s);
    stream::unfold(whole, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(pause).await;
        let sent = rest.split_to(piece.min(rest.len()));
        Some((Ok(sent), rest))
    })
}

/// Breaks off a moment after the last piece: hyper throws away what it has not yet written when a body fails.
fn cut(kept: Bytes) -> impl futures::Stream<Item = io::Result<Bytes>> + Send {
    let end = stream::once(async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        Err(io::Error::other("cut off by an injected fault"))
    });
    stream::iter([Ok(kept)]).chain(end)
}
