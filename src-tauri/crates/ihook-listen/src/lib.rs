//! The accept loop of every listener of the program. It knows nothing of what is served: a silent, slow or hostile
//! client, or a bug in what answers, costs its own connection and no other one.

mod answer;
mod framing;
mod limiter;
mod stream;

pub use framing::Fault;

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpSocket};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tower::Service;

use limiter::ConnectionLimiter;
use stream::{LIMITS, Limits, Stream, Watch};

const MAX_HEAD_BYTES: usize = 16 * 1024;
/// Connections that wait to be accepted, as far as the system allows so many. What comes beyond is dropped, and its
/// sender tries again only a second later.
const BACKLOG: u32 = 4096;
/// After a panic in the accept loop: whatever it was may strike at once.
const PANIC_PAUSE: Duration = Duration::from_millis(200);

/// In a request: the sender's address, as the socket has it.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// In a request: the way to end its connection without an answer.
#[derive(Clone, Debug)]
pub struct Cut(CancellationToken);

impl Cut {
    /// Ends the connection; an answer that is being made is never sent.
    pub async fn now<T>(self) -> T {
        self.0.cancel();
        std::future::pending().await
    }
}

/// In an answer: it goes on until its body ends, such as a stream of events. Its connection is not given up before.
#[derive(Clone, Copy, Debug)]
pub struct Lasting;

/// Takes an address, for [`serve`].
///
/// # Errors
/// When the address is not this computer's, or another program has it.
pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // Connections of the program before must not keep this one out. On Windows it would let two programs in.
    if cfg!(unix) {
        socket.set_reuseaddr(true)?;
    }
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// The body of an answer.
pub trait AnswerBody:
    Body<Data = Bytes, Error: std::error::Error + Send + Sync> + Send + Unpin + 'static
{
}

impl<B> AnswerBody for B where
    B: Body<Data = Bytes, Error: std::error::Error + Send + Sync> + Send + Unpin + 'static
{
}

/// What answers the requests. Each has its [`Peer`] and [`Cut`] as extensions, and a [`Fault`] where it is not to be
/// followed.
pub trait Answers<B>:
    Service<Request<Incoming>, Response = Response<B>, Error = Infallible, Future: Send> + Clone + Send + 'static
{
}

impl<S, B> Answers<B> for S where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible, Future: Send>
        + Clone
        + Send
        + 'static
{
}

/// Serves over HTTP/1 until `shutdown`, then lets what is in flight finish; dropping it cuts that off. An address for
/// which `is_proxy` holds may have any number of connections.
pub async fn serve<B: AnswerBody>(
    listener: TcpListener,
    answers: impl Answers<B>,
    is_proxy: impl Fn(IpAddr) -> bool,
    shutdown: CancellationToken,
) {
    serve_within(LIMITS, listener, answers, is_proxy, shutdown).await;
}

async fn serve_within<B: AnswerBody>(
    limits: Limits,
    listener: TcpListener,
    answers: impl Answers<B>,
    is_proxy: impl Fn(IpAddr) -> bool,
    shutdown: CancellationToken,
) {
    let mut listening = Listening {
        limits,
        listener,
        answers,
        is_proxy,
        shutdown,
        connections: JoinSet::new(),
        limiter: Arc::default(),
    };
    // A bug costs the connection that met it, never the listener: its queue stays, and so do the connections.
    while AssertUnwindSafe(listening.accept()).catch_unwind().await.is_err() {
        tracing::error!("listen.accept_panicked");
        let _ended = tokio::time::timeout(PANIC_PAUSE, listening.shutdown.cancelled()).await;
    }
    let Listening { listener, mut connections, .. } = listening;
    drop(listener);
    while connections.join_next().await.is_some() {}
}

struct Listening<A, P> {
    limits: Limits,
    listener: TcpListener,
    answers: A,
    is_proxy: P,
    shutdown: CancellationToken,
    connections: JoinSet<()>,
    limiter: Arc<ConnectionLimiter>,
}

impl<A, P: Fn(IpAddr) -> bool> Listening<A, P> {
    /// Accepts connections until the end.
    async fn accept<B: AnswerBody>(&mut self)
    where
        A: Answers<B>,
    {
        loop {
            let accepted = tokio::select! {
                () = self.shutdown.cancelled() => return,
                Some(_ended) = self.connections.join_next() => continue,
                accepted = self.listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, peer)) => {
                    let place = tokio::select! {
                        () = self.shutdown.cancelled() => return,
                        place = self.limiter.admit(peer.ip(), (self.is_proxy)(peer.ip())) => place,
                    };
                    if let Some(place) = place {
                        // Answers are small and one write each: waiting to fill a packet only delays them.
                        let _ = stream.set_nodelay(true);
                        let watch = Arc::new(Watch::new(place));
                        let stream = Stream::new(stream, Arc::clone(&watch), self.limits);
                        let (answers, shutdown) = (self.answers.clone(), self.shutdown.clone());
                        self.connections.spawn(connection(stream, peer, watch, answers, shutdown));
                    }
                }
                Err(error) => {
                    // Out of file descriptors, most likely: without a pause this loop would spin.
                    tracing::warn!(%error, "listen.accept_failed");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    }
}

async fn connection<B: AnswerBody>(
    stream: Stream,
    peer: SocketAddr,
    watch: Arc<Watch>,
    answers: impl Answers<B>,
    shutdown: CancellationToken,
) {
    let cut = Cut(CancellationToken::new());
    let (watched, cutting) = (Arc::clone(&watch), cut.clone());
    let service = service_fn(move |mut request: Request<Incoming>| {
        let (answers, watch) = (answers.clone(), Arc::clone(&watched));
        let extensions = request.extensions_mut();
        extensions.insert(Peer(peer));
        extensions.insert(cutting.clone());
        if let Some(fault) = watch.next_fault() {
            extensions.insert(fault);
        }
        answer::answer(answers, request, watch)
    });
    let connection = http1::Builder::new()
        // The stream has its own limits.
        .header_read_timeout(None)
        // A client that has sent everything may close its half and still gets its answer.
        .half_close(true)
        .max_headers(framing::MAX_HEADERS)
        .max_buf_size(MAX_HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let at_once = tokio::select! {
        // The connection first: a request that came whole before its place was taken is answered all the same.
        biased;
        result = connection.as_mut() => return ended(result),
        // Falling out of scope closes the connection in the middle of things.
        () = cut.0.cancelled() => true,
        () = watch.place.taken() => !watch.is_answering(),
        () = shutdown.cancelled() => false,
    };
    if at_once {
        return tracing::debug!(%peer, "listen.connection_closed");
    }
    connection.as_mut().graceful_shutdown();
    tokio::select! {
        result = connection => ended(result),
        () = cut.0.cancelled() => {}
    }
}

fn ended(result: hyper::Result<()>) {
    if let Err(error) = result {
        tracing::debug!(%error, "listen.connection_ended");
    }
}

#[cfg(test)]
mod tests;
