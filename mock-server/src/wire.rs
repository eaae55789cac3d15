//! A connection that can be reset instead of closed.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::Notify;

/// Blown once, it makes the end of its connection a reset, and calls for that end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fuse(Arc<Blowing>);

#[derive(Debug, Default)]
struct Blowing {
    is_blown: AtomicBool,
    notice: Notify,
}

impl Fuse {
    pub(crate) fn blow(&self) {
        self.0.is_blown.store(true, Ordering::Release);
        self.0.notice.notify_one();
    }

    /// Returns when it has been blown; one waits for it, whoever drives the connection.
    pub(crate) async fn blown(&self) {
        self.0.notice.notified().await;
    }

    fn is_blown(&self) -> bool {
        self.0.is_blown.load(Ordering::Acquire)
    }
}

/// A TCP connection with a [`Fuse`].
#[derive(Debug)]
pub(crate) struct Wire {
    stream: TcpStream,
    fuse: Fuse,
}

impl Wire {
    pub(crate) fn new(stream: TcpStream) -> (Self, Fuse) {
        let fuse = Fuse::default();
        (
            Self {
                stream,
                fuse: fuse.clone(),
            },
            fuse,
        )
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        if self.fuse.is_blown() {
            // Closing with nothing to linger for sends RST instead of FIN.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.fuse.is_blown() {
            // An orderly end would arrive before the reset and hide it.
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
