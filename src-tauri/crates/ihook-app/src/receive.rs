//! `POST /hooks/{key}/{token}`: find, parse, check, store a queued run, answer.
//!
//! The order of the checks is that of docs/behavior.md#order-of-checks. Nothing is answered 200 before it is on disk.

mod answer;
mod body;
mod client;
mod cors;
mod deliver;
mod form;
mod guard;
mod handshake;
mod log;
mod media;
mod metadata;
mod path;
mod payload;
mod rate;
mod refusal;
mod rush;
mod sender;
mod store;

pub(crate) use guard::is_loopback;
pub(crate) use log::{RefusalLog, keep_log};
pub(crate) use payload::parse;
pub(crate) use rate::RateLimits;
pub(crate) use rush::Rush;
pub(crate) use sender::{
    SenderSecrets, Want, headers as sender_headers, note_secret, secret_names as sender_secret_names,
};

use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::handler::Handler;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum::response::Response;
use ihook_engine::workflow::Trigger;
use ihook_listen::{Fault, Peer};
use ihook_store::DeliveryId;
use ihook_store::delivery::{Delivery, Kept};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::App;
use crate::behind::Behind;
use crate::endpoints::Endpoint;
use answer::Answer;
use client::Client;
use refusal::{Log, Refusal};

/// Serves the public listener until `shutdown`: hooks, and a bare 404 for everything else.
pub(crate) async fn serve(listener: TcpListener, behind: Behind, shutdown: CancellationToken) {
    // Every path is a hook's or nothing: there is nothing for a router to find.
    let hooks = enter.with_state(behind.clone());
    // While nothing is behind, nobody knows who is trusted, and answers cost little.
    let is_proxy = move |address| behind.enter().map_or(true, |inside| is_proxy(&inside.app, address));
    ihook_listen::serve(listener, hooks, is_proxy, shutdown).await;
}

/// The hook's path for a workflow key and token.
#[must_use]
pub(crate) fn hook_path(key: &str, token: &str) -> String {
    format!("/hooks/{key}/{token}")
}

/// Whether many clients may come from this address.
fn is_proxy(app: &App, address: IpAddr) -> bool {
    address.is_loopback() || app.settings().proxies().trusted.iter().any(|block| block.contains(address))
}

async fn enter(State(behind): State<Behind>, request: Request) -> Response {
    match (behind.enter(), request.extensions().get::<Fault>()) {
        (Ok(inside), _) => hook(&inside.app, request).await,
        (Err(_closed), Some(fault)) => Answer::of_fault(*fault).into_response(false),
        (Err(_closed), None) => {
            let reason = "iHook does not receive at the moment. Nothing was kept; send it again later.";
            Answer::refused(StatusCode::SERVICE_UNAVAILABLE, reason).retry_after(5).into_response(false)
        }
    }
}

async fn hook(app: &App, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let public = app.settings().public();
    let prefix = public.as_ref().map(|public| public.prefix.as_str()).unwrap_or_default();
    let plain = path::plain(parts.uri.path());
    let target = path::target(&plain, prefix);
    let endpoint = target.and_then(|(key, _)| app.endpoints().get(key));
    let trigger = endpoint.as_deref().and_then(trigger);
    let answer = answer::guarded(async {
        if let Some(fault) = parts.extensions.get::<Fault>() {
            return Answer::of_fault(*fault);
        }
        if !guard::is_served(&parts.headers, public.as_ref().map(|public| public.host.as_str())) {
            let reason = "This host name is not served here.";
            return Answer::refused(StatusCode::BAD_REQUEST, reason).closing();
        }
        let Some((key, token)) = target else { return Answer::bare(StatusCode::NOT_FOUND) };
        let received = Received::new(app, &parts, key);
        match parts.method {
            Method::POST => received.answer(endpoint.as_deref(), token, body).await,
            _ => received.permission(endpoint.as_deref(), token).unwrap_or_else(|| match parts.method {
                Method::OPTIONS => Answer::bare(StatusCode::NO_CONTENT),
                _ => Answer::method_not_allowed(),
            }),
        }
    });
    let omit = trigger.is_some_and(|trigger| trigger.omit_response_body);
    let mut response = answer.await.into_response(omit);
    cors::add(&mut response, &parts, trigger.map(|trigger| trigger.cors.as_slice()).unwrap_or_default());
    response
}

fn trigger(endpoint: &Endpoint) -> Option<&Trigger> {
    endpoint.published.as_ref().map(|(_, plan)| &plan.workflow().trigger)
}

/// One request to a hook's path.
struct Received<'a> {
    app: &'a App,
    parts: &'a Parts,
    key: &'a str,
    /// Milliseconds since 1970.
    at: i64,
    client: Client,
}

impl<'a> Received<'a> {
    fn new(app: &'a App, parts: &'a Parts, key: &'a str) -> Self {
        let peer = parts.extensions.get::<Peer>().map(|peer| peer.0.ip());
        let proxies = app.settings().proxies();
        let client = Client::of(peer.unwrap_or(Ipv4Addr::UNSPECIFIED.into()), &parts.headers, &proxies);
        Self { app, parts, key, at: app.clock().millis(), client }
    }

    async fn answer(&self, endpoint: Option<&Endpoint>, token: &str, mut body: Body) -> Answer {
        match self.deliver(endpoint, token, &mut body).await {
            Ok(answer) => answer,
            Err(refusal) => self.refuse(endpoint, refusal, &mut body).await,
        }
    }

    /// Enters a refused request in the delivery log and answers it.
    async fn refuse(&self, endpoint: Option<&Endpoint>, refusal: Refusal, body: &mut Body) -> Answer {
        let Refusal { answer, log } = refusal;
        let kept = match log {
            Log::Nothing => return *answer,
            Log::Reason => None,
            Log::Unread => body::keep(body).await,
            Log::Body(bytes) => Some(bytes),
        };
        self.enter(endpoint, answer.status(), answer.message().to_owned(), kept).await;
        *answer
    }

    /// Tells of this request in the delivery log, with its body where it can be kept.
    async fn enter(
        &self,
        endpoint: Option<&Endpoint>,
        status: StatusCode,
        reason: String,
        body: Option<Vec<u8>>,
    ) {
        let (bytes, redactor) = (body.as_ref().map(Vec::len), self.app.redactor());
        let kept = body.filter(|body| !body.is_empty() && body.len() <= body::MOST_KEPT);
        let kept = kept.map(|body| {
            let metadata = self.metadata(endpoint, body.len());
            Kept { body, metadata: Some(metadata) }
        });
        let row = Delivery {
            id: DeliveryId::new(),
            at: self.at,
            workflow_id: endpoint.map(|endpoint| endpoint.workflow_id),
            status: status.as_u16(),
            reason: redactor.text(&reason).into_owned(),
            remote_ip: self.client.address.to_string(),
            content_type: self.content_type().map(|text| redactor.text(text).into_owned()),
            bytes: match bytes {
                None => body::declared(&self.parts.headers).unwrap_or_default(),
                Some(size) => size as u64,
            },
            times: 1,
            is_kept: kept.is_some(),
            released_run: None,
        };
        log::enter(self.app, row, kept).await;
    }

    fn metadata(&self, endpoint: Option<&Endpoint>, bytes: usize) -> String {
        let unasked = HashSet::new();
        let proof = endpoint.map_or(&unasked, |endpoint| &endpoint.proof_headers);
        let path = format!("{}/hooks/{}", self.prefix().unwrap_or_default(), self.key);
        let hide = (self.app.redactor(), proof);
        metadata::of(self.parts, &self.client, &path, hide, bytes, self.at)
    }

    /// The prefix of the public base URL, when the client called the public host: a proxy may have taken it off.
    fn prefix(&self) -> Option<String> {
        let public = self.app.settings().public()?;
        let called = self.client.host_name()?;
        called.eq_ignore_ascii_case(&public.host).then(|| public.prefix.clone())
    }

    fn content_type(&self) -> Option<&str> {
        self.parts.headers.get(header::CONTENT_TYPE)?.to_str().ok()
    }
}
