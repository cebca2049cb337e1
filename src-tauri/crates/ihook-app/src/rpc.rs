//! The admin listener: `POST /rpc/{command}`, `GET /events`, and the built UI, for a browser on this computer.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::sse::{self, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures_util::{StreamExt, stream};
use ihook_engine::plan::MAX_LIGHT;
use ihook_listen::{Fault, Lasting};
use subtle::ConstantTimeEq;

use crate::behind::Behind;
use crate::commands::read_request;
use crate::error::{Code, WireError};
use crate::events::next_event;
use crate::heavy::beside;
use crate::receive::is_loopback;
use crate::ui_files;

/// Requests larger than this are refused: no file or payload that staff handle comes near it.
const MAX_BYTES: usize = 256 * 1024 * 1024;

/// What a caller waits before it asks again for an application that is not there, in seconds.
const RETRY_AFTER: u32 = 2;

/// Between two signs of life on a line of events where nothing changes.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

#[derive(Clone)]
struct Admin {
    behind: Behind,
    token: String,
}

/// Everything but the UI's own files needs the token; everything needs a loopback Host and no foreign Origin.
pub(crate) fn router(behind: Behind, token: String) -> Router {
    let admin = Admin { behind, token };
    Router::new()
        .route("/rpc/{command}", post(rpc))
        .route("/events", get(events))
        .route_layer(middleware::from_fn_with_state(admin.clone(), with_token))
        .fallback(ui_files::serve)
        .layer(axum::extract::DefaultBodyLimit::max(MAX_BYTES))
        .layer(middleware::from_fn(from_here))
        .with_state(admin)
}

/// A page elsewhere can make this computer's browser ask us; its Host or Origin gives it away.
async fn from_here(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let mut hosts = headers.get_all(header::HOST).iter();
    let host = hosts.next().and_then(|host| host.to_str().ok()).unwrap_or_default();
    let fine = request.extensions().get::<Fault>().is_none()
        && hosts.next().is_none()
        && host_name(host).is_some_and(is_loopback)
        && headers.get_all(header::ORIGIN).iter().all(|origin| {
            origin
                .to_str()
                .is_ok_and(|text| text.strip_prefix("http://").is_some_and(|origin| origin == host))
        });
    if fine { next.run(request).await } else { refuse("Commands are taken from this computer only.") }
}

/// The host without its port.
fn host_name(host: &str) -> Option<&str> {
    match host.strip_prefix('[') {
        Some(rest) => rest.split_once(']').map(|(name, _)| name),
        None => Some(host.split_once(':').map_or(host, |(name, _)| name)).filter(|name| !name.is_empty()),
    }
}

async fn with_token(State(admin): State<Admin>, request: Request, next: Next) -> Response {
    if bearer(request.headers()).is_some_and(|token| token.as_bytes().ct_eq(admin.token.as_bytes()).into()) {
        next.run(request).await
    } else {
        refuse("This needs the admin token: Authorization: Bearer …")
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = text.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

fn refuse(message: &str) -> Response {
    WireError::new(Code::Forbidden, message).into_response()
}

async fn rpc(State(admin): State<Admin>, Path(command): Path<String>, body: Bytes) -> Response {
    let read =
        if body.len() > MAX_LIGHT { beside(move || read_request(&body)).await } else { read_request(&body) };
    let request = match read {
        Ok(request) => request,
        Err(error) => return error.into_response(),
    };
    let inside = match admin.behind.enter() {
        Ok(inside) => inside,
        Err(reason) => return closed(reason),
    };
    // Done to its end, also when the one who asked hangs up in the middle of it: no secret without its row, no record
    // deleted without a note.
    let called = tokio::spawn(async move { inside.call(&command, request).await });
    match called.await {
        // Some answers are long.
        Ok(Ok(answer)) => beside(move || Json(answer).into_response()).await,
        Ok(Err(error)) => error.into_response(),
        Err(_panicked) => WireError::new(Code::Internal, "The command broke off.").into_response(),
    }
}

/// Server-sent events, one for each change; a comment now and then shows that the line is alive.
async fn events(State(admin): State<Admin>) -> Response {
    let app = match admin.behind.enter() {
        Ok(inside) => inside.app,
        Err(reason) => return closed(reason),
    };
    let changes = stream::unfold((app.subscribe(), app), |(mut changes, app)| async {
        let event = tokio::select! {
            () = app.workers().stopping() => return None,
            event = next_event(&mut changes) => event?,
        };
        Some((sse::Event::default().json_data(&event), (changes, app)))
    });
    // Something at once, so that the page knows the line stands before anything changes.
    let ready = stream::once(async { Ok(sse::Event::default().comment("ready")) });
    let alive = KeepAlive::new().interval(KEEP_ALIVE).text("still here");
    let mut response = Sse::new(ready.chain(changes)).keep_alive(alive).into_response();
    response.extensions_mut().insert(Lasting);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// There is no application at the moment.
fn closed(reason: String) -> Response {
    let mut response = WireError::new(Code::Starting, reason).into_response();
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER));
    response
}

impl IntoResponse for WireError {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.code.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, Json(self)).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_read_without_their_port() {
        let check = |host: &str, loopback: bool| {
            assert_eq!(host_name(host).is_some_and(is_loopback), loopback, "{host}");
        };
        check("127.0.0.1:8788", true);
        check("localhost", true);
        check("[::1]:8788", true);
        check("evil.example:8788", false);
        check("127.0.0.1.evil.example", false);
        check("", false);
    }
}
