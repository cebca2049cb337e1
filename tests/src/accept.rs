//! The one accept loop of the pretended servers: each connection is served on its own, until the server is dropped.

use std::future::Future;
use std::net::SocketAddr;

use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::{CancellationToken, DropGuard};

/// Serves connections to a free port of this computer: where that is, and what ends it when dropped.
///
/// # Panics
/// When there is no port.
pub(crate) async fn accept<F>(serve: impl Fn(TcpStream) -> F + Send + 'static) -> (SocketAddr, DropGuard)
where
    F: Future<Output: Send> + Send + 'static,
{
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap_or_else(|error| panic!("{error}"));
    let at = listener.local_addr().unwrap_or_else(|error| panic!("{error}"));
    let shutdown = CancellationToken::new();
    let ended = shutdown.clone();
    tokio::spawn(async move {
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = ended.cancelled() => return,
            };
            if let Ok((stream, _)) = accepted {
                let (served, ended) = (serve(stream), ended.clone());
                tokio::spawn(async move {
                    tokio::select! { _ = served => {}, () = ended.cancelled() => {} }
                });
            }
        }
    });
    (at, shutdown.drop_guard())
}

/// Reads a request's head: everything that came, and where the head ends in it. Nothing where it broke off.
pub(crate) async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> Option<(Vec<u8>, usize)> {
    let mut bytes = Vec::new();
    loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            return Some((bytes, at + 4));
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}
