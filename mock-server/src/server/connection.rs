//! Connections: from their acceptance to their end, which is the client's, a fault's or the server's.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
#[cfg(feature = "tls")]
use tokio_rustls::server::TlsStream;

use super::door::Door;
use super::watched::Watched;
use crate::delivery::{self, Body, Manner, Traffic};
#[cfg(feature = "tls")]
use crate::tls::Tls;
use crate::wire::{Fuse, Wire};

/// How long a client may take over its request head before it is cut off.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a server that was told to stop waits for requests that have begun.
const DRAIN: Duration = Duration::from_secs(30);
/// How long a connection may stand: nothing is asked, nothing is being answered, and of what was answered nothing is
/// taken. It is looked at in turns of this length, so that it ends after one turn or two.
const STANDSTILL: Duration = Duration::from_secs(60);
/// How long a client that is told of the end of its connection has to end it itself.
const FAREWELL: Duration = Duration::from_secs(1);
/// The largest head of a request, whichever protocol it comes by. HTTP/1.1 takes 100 headers besides, hyper's own limit:
/// one that is set costs an allocation a request.
const HEAD_LIMIT: u32 = 64 * 1024;
/// How many requests a client may have under way on one HTTP/2 connection.
const STREAMS: u32 = 200;
/// How many streams that were reset a client may leave behind before its connection ends (CVE-2023-44487): those that
/// it reset itself before they were looked at, and those that were reset for its errors.
const RESET_STREAMS: usize = 20;
const FAULTY_STREAMS: usize = 100;
/// How much of the bodies of an HTTP/2 connection may be on its way unread.
const WINDOW: u32 = 1024 * 1024;
/// How often idle worlds are looked for.
const SWEEP: Duration = Duration::from_secs(5);

pub(super) async fn serve(listener: TcpListener, door: Arc<Door>, mut stopped: watch::Receiver<bool>) {
    let mut connections = tokio::task::JoinSet::new();
    let mut sweep = tokio::time::interval(SWEEP);
    loop {
        tokio::select! {
            () = told(&mut stopped) => break,
            _ = sweep.tick() => door.worlds.sweep(),
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    connections.spawn(converse(stream, peer, Arc::clone(&door), stopped.clone()));
                }
                // Out of file descriptors, most likely: let connections end before accepting the next.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            },
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

async fn converse(stream: TcpStream, peer: SocketAddr, door: Arc<Door>, stopped: watch::Receiver<bool>) {
    let _ = stream.set_nodelay(true);
    let (wire, fuse) = Wire::new(stream);
    #[cfg(feature = "tls")]
    if let Some(tls) = &door.tls {
        if let Some(wire) = greet(tls, wire, stopped.clone()).await {
            exchange(wire, fuse, peer, Arc::clone(&door), stopped).await;
        }
        return;
    }
    exchange(wire, fuse, peer, door, stopped).await;
}

/// The TLS handshake. Nothing has begun before its end, so a server that is told to stop does not wait for it.
#[cfg(feature = "tls")]
async fn greet(tls: &Tls, wire: Wire, mut stopped: watch::Receiver<bool>) -> Option<TlsStream<Wire>> {
    tokio::select! {
        greeted = tokio::time::timeout(HEAD_TIMEOUT, tls.acceptor().accept(wire)) => greeted.ok()?.ok(),
        () = told(&mut stopped) => None,
    }
}

async fn exchange<I>(io: I, fuse: Fuse, peer: SocketAddr, door: Arc<Door>, mut stopped: watch::Receiver<bool>)
where
    I: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let traffic = Arc::new(Traffic::default());
    let service = service_fn(|request| {
        let door = Arc::clone(&door);
        let fuse = fuse.clone();
        let under_way = traffic.begin();
        async move {
            let (response, how) = door.respond(request, peer).await;
            if !how.delay.is_zero() {
                tokio::time::sleep(how.delay).await;
            }
            if how.manner == Manner::Reset {
                fuse.blow();
                // Nothing is answered, not even that nothing is: the connection ends below.
                std::future::pending::<()>().await;
            }
            Ok::<http::Response<Body>, Infallible>(delivery::send(response, how.manner, under_way))
        }
    });
    let protocols = protocols();
    let io = Watched::new(io, Arc::clone(&traffic));
    let connection = protocols.serve_connection(TokioIo::new(io), service);
    let conversation = async {
        let mut connection = std::pin::pin!(connection);
        tokio::select! {
            // A broken connection is the client's affair; there is nobody left to tell.
            _ = connection.as_mut() => return,
            () = standstill(&traffic) => {
                connection.as_mut().graceful_shutdown();
                let _ = tokio::time::timeout(FAREWELL, connection).await;
                return;
            }
            () = told(&mut stopped) => connection.as_mut().graceful_shutdown(),
        }
        tokio::select! {
            _ = connection => {}
            () = finished(&traffic) => {}
        }
    };
    tokio::select! {
        () = conversation => {}
        // The conversation is dropped in the middle, and the wire with it, which makes its end a reset.
        () = fuse.blown() => {}
    }
}

/// HTTP/1.1 and HTTP/2, whichever the client begins with.
fn protocols() -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        // Who has said all and closes that direction still listens.
        .half_close(true)
        .max_buf_size(HEAD_LIMIT as usize);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(HEAD_LIMIT)
        .max_pending_accept_reset_streams(RESET_STREAMS)
        .max_local_error_reset_streams(FAULTY_STREAMS)
        .initial_stream_window_size(WINDOW)
        .initial_connection_window_size(WINDOW);
    builder
}

/// Returns when a client has had time enough for its first request and has not sent one, and when later nothing moves
/// any more. HTTP/1.1 has no less patience between two requests; HTTP/2 has no other.
async fn standstill(traffic: &Traffic) {
    tokio::time::sleep(HEAD_TIMEOUT).await;
    if traffic.is_untouched() {
        return;
    }
    loop {
        let before = traffic.moves();
        tokio::time::sleep(STANDSTILL).await;
        if traffic.moves() == before && !traffic.is_being_answered() {
            return;
        }
    }
}

/// Returns when every request that has begun is answered, and its answer has had a moment to leave; or when the
/// patience is over. A client that keeps its connection open is not waited for.
async fn finished(traffic: &Traffic) {
    let all_answered = async {
        let mut quiet = 0;
        while quiet < 3 {
            tokio::time::sleep(Duration::from_millis(50)).await;
            quiet = if traffic.is_at_rest() { quiet + 1 } else { 0 };
        }
    };
    let _ = tokio::time::timeout(DRAIN, all_answered).await;
}

/// Returns when the server is told to stop, or is gone.
async fn told(stopped: &mut watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stop| *stop).await;
}

#[cfg(test)]
mod tests;
