//! `POST /hooks/{key}/{token}`: find, parse, check, store a queued run, answer.
//!
//! The checks stand in the order of product.md section 1. Nothing is answered 200 before it is on disk.

mod answer;
mod body;
mod guard;
pub(crate) use guard::is_loopback;
mod metadata;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum::response::Response;
use ihook_engine::json;
use ihook_engine::plan::{Plan, Rejection};
use ihook_store::run::{self, Lane, NewRun, RunError};
use ihook_store::{DeliveryId, RunId, delivery, payload, step};
use serde_json::{Map, Value};

use crate::App;
use crate::endpoints::Endpoint;
use crate::events::Topic;
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

async fn hook(State(app): State<App>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if let Err(reason) = guard::check(&parts, app.settings().public_host().as_deref()) {
        return Answer::refused(StatusCode::BAD_REQUEST, reason).closing().into_response(false);
    }
    let path = parts.uri.path().to_owned();
    let Some((key, token)) = path.strip_prefix("/hooks/").and_then(|rest| rest.split_once('/')) else {
        return answer::bare(StatusCode::NOT_FOUND);
    };
    match parts.method {
        Method::POST => {}
        Method::OPTIONS => return answer::bare(StatusCode::NO_CONTENT),
        _ => return answer::method_not_allowed(),
    }
    let endpoint = app.endpoints().get(key);
    let omit = endpoint.as_deref().and_then(trigger).is_some_and(|trigger| trigger.omit_response_body);
    let received = Received { app: &app, parts: &parts, at: app.clock().millis() };
    let answer = match received.deliver(endpoint.as_deref(), token, body).await {
        Ok(answer) => answer,
        Err(refusal) => received.refuse(endpoint.as_deref(), refusal).await,
    };
    answer.into_response(omit)
}

fn trigger(endpoint: &Endpoint) -> Option<&ihook_engine::workflow::Trigger> {
    endpoint.published.as_ref().map(|(_, plan)| &plan.workflow().trigger)
}

/// Why a request makes no run.
struct Refusal {
    answer: Answer,
    body: Vec<u8>,
    /// Whether the delivery log tells of it.
    logged: bool,
}

impl Refusal {
    fn new(status: StatusCode, reason: impl Into<String>) -> Self {
        Self { answer: Answer::refused(status, reason), body: Vec::new(), logged: true }
    }

    fn with_body(mut self, body: Vec<u8>) -> Self {
        self.body = body;
        self
    }
}

/// One request, past method and path.
struct Received<'a> {
    app: &'a App,
    parts: &'a Parts,
    /// Milliseconds since 1970.
    at: i64,
}

impl Received<'_> {
    async fn deliver(&self, endpoint: Option<&Endpoint>, token: &str, body: Body) -> Result<Answer, Refusal> {
        let Some(endpoint) = endpoint else {
            return Err(Refusal::new(StatusCode::BAD_REQUEST, "The webhook URL is invalid."));
        };
        if !endpoint.opens(token, self.at) {
            return Err(Refusal::new(StatusCode::UNAUTHORIZED, "The webhook URL or its token is invalid."));
        }
        let Some((version, plan)) = endpoint.published.as_ref().filter(|_| endpoint.status.accepts()) else {
            return Err(Refusal::new(
                StatusCode::BAD_REQUEST,
                format!(
                    "This webhook takes no deliveries now: its workflow is {}.",
                    endpoint.status.as_str()
                ),
            ));
        };
        let bytes = self.read(plan, body).await?;
        let payload = match bytes.is_empty() {
            true => Map::new(),
            false => match json::parse_object(&bytes) {
                Ok(payload) => payload,
                Err(fault) => {
                    return Err(Refusal::new(StatusCode::BAD_REQUEST, fault.to_string()).with_body(bytes));
                }
            },
        };
        let text =
            if bytes.is_empty() { "{}".to_owned() } else { String::from_utf8_lossy(&bytes).into_owned() };
        let run = NewRun {
            id: RunId::new(),
            workflow_id: endpoint.workflow_id,
            version: *version,
            connection: plan.workflow().connection.clone(),
            lane: Lane::Live,
            received_at: self.at,
            rerun_of: None,
        };
        let kept = payload::Payload { body: text, metadata: Some(self.metadata(bytes.len()).to_string()) };
        self.store(plan, run, &payload, kept).await
    }

    /// Declared size, encoding, content type, then the bytes themselves.
    async fn read(&self, plan: &Plan, body: Body) -> Result<Vec<u8>, Refusal> {
        let limit = plan
            .workflow()
            .trigger
            .max_body_bytes
            .unwrap_or_else(|| self.app.settings().current().max_body_bytes);
        if body::declared(&self.parts.headers).is_some_and(|size| size > limit) {
            body::discard(body).await;
            return Err(too_large(limit));
        }
        if !body::is_identity(&self.parts.headers) {
            return Err(Refusal::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "The body must not be compressed: send it without Content-Encoding.",
            ));
        }
        let bytes = match body::collect(body, limit).await {
            Ok(bytes) => bytes,
            Err(body::Fault::TooLarge) => return Err(too_large(limit)),
            Err(body::Fault::Slow) => {
                let mut refusal =
                    Refusal::new(StatusCode::REQUEST_TIMEOUT, "The body did not arrive in time.");
                refusal.answer = refusal.answer.closing();
                return Err(refusal);
            }
            Err(body::Fault::Broken) => {
                return Err(Refusal::new(StatusCode::BAD_REQUEST, "The body ended before it was complete."));
            }
        };
        // A body-less POST may carry any content type, or none.
        if !bytes.is_empty() && !body::is_json(&self.parts.headers) {
            let sent = self.content_type().unwrap_or("none");
            let reason =
                format!("Send the body as application/json in UTF-8; this one's Content-Type is {sent}.");
            return Err(Refusal::new(StatusCode::BAD_REQUEST, reason).with_body(bytes));
        }
        Ok(bytes)
    }

    /// Puts the run on disk and answers, or says that it could not.
    async fn store(
        &self,
        plan: &Plan,
        run: NewRun,
        object: &Map<String, Value>,
        kept: payload::Payload,
    ) -> Result<Answer, Refusal> {
        let id = run.id;
        let connection = run.connection.clone();
        let workflow_id = run.workflow_id;
        let accepted = plan.workflow().trigger.return_202_accepted;
        let (answer, written) = match plan.check_leading(object) {
            None => {
                let write = self.app.store().write(move |tx| {
                    let seq = run::enqueue(tx, &run)?;
                    payload::insert(tx, seq, &kept)
                });
                (Answer::queued(accepted, id, self.at), write.await)
            }
            Some(rejection) => {
                let answer = Answer::rejected(id, self.at, rejection.violations.clone());
                let at = self.at;
                let write = self.app.store().write(move |tx| reject(tx, &run, &kept, &rejection, at));
                (answer, write.await)
            }
        };
        if let Err(error) = written {
            tracing::error!(%error, workflow = %workflow_id, "receive.not_durable");
            let mut refusal = Refusal::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "The delivery could not be stored. Nothing was kept; send it again later.",
            );
            refusal.answer = refusal.answer.retry_after(5);
            refusal.logged = false;
            return Err(refusal);
        }
        self.app.wake(&connection);
        self.app.events().changed(Topic::Runs, id);
        Ok(answer)
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
        refusal.answer
    }

    fn metadata(&self, bytes: usize) -> Value {
        metadata::of(self.parts, &self.remote_ip(), bytes, self.at)
    }

    fn remote_ip(&self) -> String {
        self.parts.extensions.get::<Peer>().map_or_else(String::new, |peer| peer.0.ip().to_string())
    }

    fn content_type(&self) -> Option<&str> {
        self.parts.headers.get(header::CONTENT_TYPE)?.to_str().ok()
    }
}

fn too_large(limit: u64) -> Refusal {
    let mut refusal = Refusal::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        format!("The body is larger than the {limit} bytes this webhook takes."),
    );
    refusal.answer = refusal.answer.closing();
    refusal
}

/// Stores a rejected run with the steps of the leading check.
fn reject(
    tx: &ihook_store::Connection,
    run: &NewRun,
    kept: &payload::Payload,
    rejection: &Rejection,
    at: i64,
) -> Result<(), ihook_store::StoreError> {
    let last = rejection.steps.last();
    let error = RunError {
        action_id: last.map(|step| step.action_id.clone()).unwrap_or_default(),
        code: "schema".to_owned(),
        message: last.and_then(|step| step.error.as_ref()).map(|e| e.message.clone()).unwrap_or_default(),
    };
    let seq = run::reject(tx, run, &error)?;
    payload::insert(tx, seq, kept)?;
    for result in &rejection.steps {
        step::put(tx, seq, &crate::worker::step_row(result, at))?;
    }
    Ok(())
}

/// The hook's path for a workflow key and token.
#[must_use]
pub(crate) fn hook_path(key: &str, token: &str) -> String {
    format!("/hooks/{key}/{token}")
}
