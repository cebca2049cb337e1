//! The accept loop of both listeners. `axum::serve` has no time limits and no caps, so a silent client would
//! hold its connection for ever, and enough of them would hold the program.

mod crowd;
mod framing;
mod stream;

pub(crate) use framing::Fault;

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use futures_util::FutureExt;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tower::{Service, ServiceExt};

use crowd::Crowd;
use stream::{Stream, Watch};

const MAX_HEAD_BYTES: usize = 16 * 1024;
/// Connections that wait to be accepted, as far as the system allows so many. What comes beyond is dropped, and its
/// sender tries again only a second later.
const BACKLOG: u32 = 4096;

/// The sender's address, as the socket tells it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// Takes an address, for [`serve`].
///
/// # Errors
/// When the address is not this computer's, or another program has it.
pub(crate) fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // Connections of the program before must not keep this one out. On Windows it would let two programs in.
    if cfg!(unix) {
        socket.set_reuseaddr(true)?;
    }
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// What answers the requests: an axum router, or a handler that takes them all.
pub(crate) trait Answers:
    Service<Request, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static
{
}

impl<S> Answers for S where
    S: Service<Request, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static
{
}

/// Serves over HTTP/1 until `shutdown`, then lets what is in flight finish. An address for which `is_proxy` holds
/// may have any number of connections. A request with a [`Fault`] carries it as an extension.
pub(crate) async fn serve(
    listener: TcpListener,
    answers: impl Answers,
    is_proxy: impl Fn(IpAddr) -> bool,
    shutdown: CancellationToken,
) {
    let (mut connections, crowd) = (JoinSet::new(), Arc::new(Crowd::default()));
    loop {
        let accepted = tokio::select! {
            () = shutdown.cancelled() => break,
            Some(_ended) = connections.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                // Caught, because this loop is what receives.
                let admitted = async { crowd.admit(peer.ip(), is_proxy(peer.ip())).await };
                let place = tokio::select! {
                    () = shutdown.cancelled() => break,
                    place = AssertUnwindSafe(admitted).catch_unwind() => place,
                };
                if place.is_err() {
                    tracing::error!("listen.admission_panicked");
                }
                if let Ok(Some(place)) = place {
                    let watch = Arc::new(Watch::new(place));
                    connections.spawn(connection(stream, peer, watch, answers.clone(), shutdown.clone()));
                }
            }
            Err(error) => {
                // Out of file descriptors, most likely: without a pause this loop would spin.
                tracing::warn!(%error, "listen.accept_failed");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    watch: Arc<Watch>,
    answers: impl Answers,
    shutdown: CancellationToken,
) {
    // Answers are small and one write each: waiting to fill a packet only delays them.
    let _ = stream.set_nodelay(true);
    let answering = Arc::clone(&watch);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let (answers, watch) = (answers.clone(), Arc::clone(&answering));
        async move {
            let mut request: Request = request.map(Body::new);
            request.extensions_mut().insert(Peer(peer));
            if let Some(fault) = watch.next_fault() {
                request.extensions_mut().insert(fault);
            }
            let response = answers.oneshot(request).await;
            watch.place.waits();
            response
        }
    });
    let connection = http1::Builder::new()
        // The stream has its own limits.
        .header_read_timeout(None)
        // A client that has sent everything may close its half and still gets its answer.
        .half_close(true)
        .max_headers(framing::MOST_HEADERS)
        .max_buf_size(MAX_HEAD_BYTES)
        .serve_connection(TokioIo::new(Stream::new(stream, Arc::clone(&watch))), service);
    let mut connection = std::pin::pin!(connection);
    let at_once = tokio::select! {
        // The connection first: a request that came whole before its place was taken is answered all the same.
        biased;
        result = connection.as_mut() => return ended(result),
        () = watch.place.taken() => !watch.place.is_answering(),
        () = shutdown.cancelled() => false,
    };
    if at_once {
        return tracing::debug!(%peer, "listen.connection_made_room");
    }
    connection.as_mut().graceful_shutdown();
    ended(connection.await);
}

fn ended(result: hyper::Result<()>) {
    if let Err(error) = result {
        tracing::debug!(%error, "listen.connection_ended");
    }
}
