//! `POST /hooks/{key}/{token}`: find, parse, check, store a queued run, answer.
//!
//! The checks stand in the order of product.md section 1. Nothing is answered 200 before it is on disk.

mod answer;
mod body;
mod client;
mod cors;
mod deliver;
mod guard;
mod metadata;
mod rate;
mod sender;
mod store;

pub(crate) use guard::is_loopback;
pub(crate) use rate::RateLimits;
pub(crate) use sender::{SenderSecrets, headers as sender_headers, secret_name};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum::response::Response;
use ihook_engine::workflow::Trigger;
use ihook_store::{DeliveryId, delivery};

use crate::App;
use crate::endpoints::Endpoint;
use crate::listen::Peer;
use answer::Answer;

/// Refused requests that are kept.
const DELIVERIES_KEPT: i64 = 1000;
/// Larger bodies of refused requests are not kept.
const DELIVERY_BODY_KEPT: usize = 64 * 1024;

/// The public listener's routes: hooks, and a bare 404 for everything else.
pub(crate) fn router(app: App) -> Router {
    Router::new().fallback(hook).with_state(app)
}

/// The hook's path for a workflow key and token.
#[must_use]
pub(crate) fn hook_path(key: &str, token: &str) -> String {
    format!("/hooks/{key}/{token}")
}

async fn hook(State(app): State<App>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if let Err(reason) = guard::check(&parts, app.settings().public_host().as_deref()) {
        return Answer::refused(StatusCode::BAD_REQUEST, reason).closing().into_response(false);
    }
    let Some((key, token)) = parts.uri.path().strip_prefix("/hooks/").and_then(|rest| rest.split_once('/'))
    else {
        return answer::bare(StatusCode::NOT_FOUND);
    };
    let endpoint = app.endpoints().get(key);
    let trigger = endpoint.as_deref().and_then(trigger);
    let received = Received::new(&app, &parts);
    let mut response = match parts.method {
        Method::POST => {
            let omit = trigger.is_some_and(|trigger| trigger.omit_response_body);
            received.answer(endpoint.as_deref(), token, body).await.into_response(omit)
        }
        Method::OPTIONS => answer::bare(StatusCode::NO_CONTENT),
        Method::GET if received.is_handshake(endpoint.as_deref(), token) => answer::bare(StatusCode::OK),
        _ => answer::method_not_allowed(),
    };
    cors::add(&mut response, &parts, trigger.map(|trigger| trigger.cors.as_slice()).unwrap_or_default());
    response
}

fn trigger(endpoint: &Endpoint) -> Option<&Trigger> {
    endpoint.published.as_ref().map(|(_, plan)| &plan.workflow().trigger)
}

/// Why a request makes no run.
struct Refusal {
    answer: Box<Answer>,
    body: Vec<u8>,
    /// Whether the delivery log tells of it.
    logged: bool,
}

impl Refusal {
    fn new(status: StatusCode, reason: impl Into<String>) -> Self {
        Self { answer: Box::new(Answer::refused(status, reason)), body: Vec::new(), logged: true }
    }

    /// Keeps what was sent, so that it can be mended.
    fn with_body(mut self, body: Vec<u8>) -> Self {
        self.body = body;
        self
    }

    /// Ends the connection after the answer.
    fn closing(mut self) -> Self {
        *self.answer = self.answer.closing();
        self
    }

    /// Tells the sender when to come again, in seconds.
    fn retry_after(mut self, seconds: u32) -> Self {
        *self.answer = self.answer.retry_after(seconds);
        self
    }

    /// Our own trouble, which the program's log tells of.
    fn not_logged(mut self) -> Self {
        self.logged = false;
        self
    }
}

/// One request to a hook's path.
struct Received<'a> {
    app: &'a App,
    parts: &'a Parts,
    /// Milliseconds since 1970.
    at: i64,
    remote_ip: Option<std::net::IpAddr>,
}

impl<'a> Received<'a> {
    fn new(app: &'a App, parts: &'a Parts) -> Self {
        let peer = parts.extensions.get::<Peer>();
        let trusted = app.settings().trusted_proxies();
        let remote_ip = peer.map(|peer| client::address(peer.0, &parts.headers, &trusted));
        Self { app, parts, at: app.clock().millis(), remote_ip }
    }

    async fn answer(&self, endpoint: Option<&Endpoint>, token: &str, body: Body) -> Answer {
        match self.deliver(endpoint, token, body).await {
            Ok(answer) => answer,
            Err(refusal) => self.refuse(endpoint, refusal).await,
        }
    }

    /// Cvent checks an address with a GET that wants 200.
    fn is_handshake(&self, endpoint: Option<&Endpoint>, token: &str) -> bool {
        endpoint.is_some_and(|endpoint| {
            let preset = trigger(endpoint).and_then(|trigger| trigger.preset.as_deref());
            preset.is_some_and(|preset| preset.eq_ignore_ascii_case("cvent"))
                && endpoint.opens(token, self.at)
        })
    }

    /// Enters a refused request in the delivery log and answers it. A log that cannot be written changes
    /// nothing for the sender.
    async fn refuse(&self, endpoint: Option<&Endpoint>, refusal: Refusal) -> Answer {
        if refusal.logged {
            let row = delivery::Delivery {
                id: DeliveryId::new(),
                at: self.at,
                workflow_id: endpoint.map(|endpoint| endpoint.workflow_id),
                status: refusal.answer.status().as_u16(),
                reason: refusal.answer.message().to_owned(),
                remote_ip: self.remote_ip(),
                content_type: self.content_type().map(str::to_owned),
                bytes: match refusal.body.len() {
                    0 => body::declared(&self.parts.headers).unwrap_or_default(),
                    size => size as u64,
                },
            };
            let body = Some(refusal.body).filter(|body| !body.is_empty() && body.len() <= DELIVERY_BODY_KEPT);
            let write =
                self.app.store().write(move |tx| delivery::add(tx, &row, body.as_deref(), DELIVERIES_KEPT));
            if let Err(error) = write.await {
                tracing::error!(%error, "receive.refusal_not_logged");
            }
        }
        *refusal.answer
    }

    fn remote_ip(&self) -> String {
        self.remote_ip.map(|address| address.to_string()).unwrap_or_default()
    }

    fn content_type(&self) -> Option<&str> {
        self.parts.headers.get(header::CONTENT_TYPE)?.to_str().ok()
    }
}
