//! Connections: accepted, served, cut where a fault says so, ended within a second.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tower::Service as _;

use crate::{Sandbox, routes};

/// What is in flight when the sandbox is told to end gets this long.
const GRACE: Duration = Duration::from_millis(500);

/// Lets an answer cut the connection that it would have gone out on.
#[derive(Debug, Clone)]
pub(crate) struct Cut(CancellationToken);

impl Cut {
    /// Cuts the connection; the answer that is being made is never sent.
    pub(crate) async fn now(self) -> Response {
        self.0.cancel();
        std::future::pending().await
    }
}

/// Serves the sandbox until `shutdown`, and ends within a second after it.
///
/// # Errors
/// None at present: what goes wrong with one connection ends that one.
pub async fn serve(listener: TcpListener, sandbox: Sandbox, shutdown: CancellationToken) -> io::Result<()> {
    let router = routes::router(sandbox);
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = shutdown.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => drop(connections.spawn(connection(stream, router.clone(), shutdown.clone()))),
                Err(fault) => {
                    tracing::warn!(%fault, "sandbox.accept");
                    // Out of file handles, as a rule: going on at once would only spin.
                    sleep(Duration::from_millis(20)).await;
                }
            },
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
        }
    }
    drop(listener);
    let ended = async { while connections.join_next().await.is_some() {} };
    if timeout(GRACE, ended).await.is_err() {
        connections.shutdown().await;
    }
    Ok(())
}

async fn connection(stream: TcpStream, router: Router, shutdown: CancellationToken) {
    // Answers are small and written at once: waiting for more to send only costs time.
    let _ = stream.set_nodelay(true);
    let cut = CancellationToken::new();
    let seen = cut.clone();
    let service = service_fn(move |request| answer(router.clone(), request, Cut(seen.clone())));
    let mut served = pin!(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        _ = served.as_mut() => {}
        // Falling out of scope drops the stream, which closes the connection in the middle of things.
        () = cut.cancelled() => {}
        () = shutdown.cancelled() => {
            served.as_mut().graceful_shutdown();
            tokio::select! {
                _ = served.as_mut() => {}
                () = cut.cancelled() => {}
            }
        }
    }
}

fn answer(
    mut router: Router,
    mut request: hyper::Request<Incoming>,
    cut: Cut,
) -> impl Future<Output = Result<Response, Infallible>> {
    request.extensions_mut().insert(cut);
    router.call(request)
}
