//! The sandbox as a server: the program's own accept loop, ended within a second.

use std::convert::Infallible;
use std::future::ready;
use std::io;
use std::pin::pin;
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use futures_util::future::Either;
use hyper::body::Incoming;
use hyper::{Request, StatusCode};
use ihook_listen::Fault;
use tokio::net::TcpListener;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tower::Service as _;

use crate::{Sandbox, routes};

/// How long requests in flight may still take when the sandbox is asked to stop.
const GRACE: Duration = Duration::from_millis(500);

/// Serves the sandbox until `shutdown`, and ends within a second after it.
///
/// # Errors
/// None at present: what goes wrong with one connection ends that one.
pub async fn serve(listener: TcpListener, sandbox: Sandbox, shutdown: CancellationToken) -> io::Result<()> {
    let router = routes::router(sandbox);
    let answers =
        tower::service_fn(move |request: Request<Incoming>| match request.extensions().get::<Fault>() {
            Some(_fault) => {
                Either::Left(ready(Ok::<Response, Infallible>(StatusCode::BAD_REQUEST.into_response())))
            }
            None => Either::Right(router.clone().call(request)),
        });
    // Whoever is on this computer may open any number of connections: among them are our own.
    let mut served = pin!(ihook_listen::serve(listener, answers, |_| true, shutdown.clone()));
    tokio::select! {
        () = &mut served => return Ok(()),
        () = shutdown.cancelled() => {}
    }
    // What takes longer is cut off.
    let _ = timeout(GRACE, served).await;
    Ok(())
}
