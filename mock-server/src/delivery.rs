//! How an answer leaves: at once and whole, or as an injected fault has it.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures::{StreamExt as _, stream};
use http::HeaderValue;
use http::header::CONTENT_LENGTH;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Either, Full, StreamBody};
use hyper::body::{Frame, SizeHint};

use crate::call::Response;

/// The body of an answer on the wire. As long as it is there its request is under way.
pub(crate) struct Body {
    content: Either<Full<Bytes>, UnsyncBoxBody<Bytes, io::Error>>,
    _under_way: UnderWay,
}

impl hyper::body::Body for Body {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Pin::new(&mut self.content).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.content.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.content.size_hint()
    }
}

/// What there was on a connection: requests that came, are being answered and have their answer, and writes.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    begun: AtomicUsize,
    answering: AtomicUsize,
    ended: AtomicUsize,
    written: AtomicUsize,
}

impl Traffic {
    pub(crate) fn begin(self: &Arc<Self>) -> UnderWay {
        self.begun.fetch_add(1, Ordering::Relaxed);
        self.answering.fetch_add(1, Ordering::Relaxed);
        UnderWay {
            traffic: Arc::clone(self),
            stage: Stage::Answering,
        }
    }

    /// Notes that the client has taken something.
    pub(crate) fn write(&self) {
        self.written.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether no request has ever come.
    pub(crate) fn is_untouched(&self) -> bool {
        self.begun.load(Ordering::Relaxed) == 0
    }

    /// Whether every request that came has its answer.
    pub(crate) fn is_at_rest(&self) -> bool {
        self.begun.load(Ordering::Relaxed) == self.ended.load(Ordering::Relaxed)
    }

    /// Whether there is a request whose answer is not there yet, or held back.
    pub(crate) fn is_being_answered(&self) -> bool {
        self.answering.load(Ordering::Relaxed) > 0
    }

    /// How often something has happened.
    pub(crate) fn moves(&self) -> usize {
        let counts = [&self.begun, &self.ended, &self.written];
        counts.iter().fold(0, |sum: usize, count| {
            sum.wrapping_add(count.load(Ordering::Relaxed))
        })
    }
}

/// A request under way; it is counted as ended when this is dropped.
#[derive(Debug)]
pub(crate) struct UnderWay {
    traffic: Arc<Traffic>,
    stage: Stage,
}

#[derive(Debug, Eq, PartialEq)]
enum Stage {
    Answering,
    Leaving,
}

impl UnderWay {
    /// Its answer is there, and goes as fast as the client takes it.
    fn leave(&mut self) {
        if self.stage == Stage::Answering {
            self.stage = Stage::Leaving;
            self.traffic.answering.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.leave();
        self.traffic.ended.fetch_add(1, Ordering::Relaxed);
    }
}

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
pub(crate) fn send(response: Response, manner: Manner, mut under_way: UnderWay) -> http::Response<Body> {
    under_way.leave();
    let (mut head, whole) = response.into_parts();
    let length = whole.len();
    let pieces = match manner {
        // There is nothing to hold back of a body that is not there.
        _ if whole.is_empty() => None,
        Manner::Whole | Manner::Reset => None,
        Manner::Trickle { bytes_per_s } => Some(trickle(whole.clone(), bytes_per_s).boxed()),
        Manner::Cut { keep } => Some(cut(whole.slice(..keep.min(length))).boxed()),
    };
    let content = match pieces {
        None => Either::Left(Full::new(whole)),
        Some(pieces) => {
            head.headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
            let body = StreamBody::new(pieces.map(|piece| piece.map(Frame::data)));
            Either::Right(BodyExt::boxed_unsync(body))
        }
    };
    http::Response::from_parts(
        head,
        Body {
            content,
            _under_way: under_way,
        },
    )
}

/// Ten pieces a second, or a byte at a time where that is more than asked for.
fn trickle(whole: Bytes, bytes_per_s: u64) -> impl futures::Stream<Item = io::Result<Bytes>> + Send {
    let bytes_per_s = bytes_per_s.max(1);
    let piece = usize::try_from(bytes_per_s / 10).unwrap_or(usize::MAX).max(1);
    let pause = Duration::from_secs_f64(piece as f64 / bytes_per_s as f64);
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
