//! From the token to the parsed payload: every check before the store.

use std::sync::Arc;

use axum::body::Body;
use axum::http::StatusCode;
use ihook_engine::json;
use ihook_engine::workflow::{Network, Trigger};

use super::answer::Answer;
use super::{Received, Refusal, body, form, payload, sender};
use crate::endpoints::Endpoint;
use crate::heavy::{Room, Turn};

impl Received<'_> {
    pub(super) async fn deliver(
        &self,
        endpoint: Option<&Endpoint>,
        token: &str,
        body: &mut Body,
    ) -> Result<Answer, Refusal> {
        let Some(endpoint) = endpoint else {
            return Err(Refusal::unknown_url());
        };
        if !endpoint.opens(token, self.at) {
            return Err(Refusal::new(StatusCode::UNAUTHORIZED, "The webhook URL or its token is invalid."));
        }
        if endpoint.status.accepts() && endpoint.published.is_none() {
            let reason = "This webhook's workflow cannot be used now; send it again later.";
            let refusal = Refusal::new(StatusCode::SERVICE_UNAVAILABLE, reason).retry_after(300);
            return Err(refusal.with_unread_body());
        }
        let Some((version, plan)) = endpoint.published.as_ref().filter(|_| endpoint.status.accepts()) else {
            let state = endpoint.status.as_str();
            let reason = format!("This webhook takes no deliveries now: its workflow is {state}.");
            return Err(Refusal::new(StatusCode::BAD_REQUEST, reason).with_unread_body());
        };
        let trigger = &plan.workflow().trigger;
        self.check_address(trigger)?;
        self.check_rate(endpoint, trigger)?;
        if let Some(answer) = self.greeting(endpoint, trigger).await? {
            return Ok(answer);
        }
        let (bytes, _room) = self.read(trigger, body).await?;
        let is_heavy = plan.request_weight().is_heavy(bytes.len());
        let turn = self.app.heavy().turn_soon(is_heavy).await.ok_or_else(busy)?;
        turn.give_back_after(bytes.len());
        let bytes = self.check_sender(endpoint, trigger, bytes, &turn).await?;
        if let Some(name) = self.reserved_name() {
            let reason = format!("The name \"{name}\" in the query is reserved.");
            return Err(Refusal::new(StatusCode::BAD_REQUEST, reason).with_body(bytes));
        }
        let size = bytes.len();
        let (read_by, content_type) = (Arc::clone(plan), self.content_type().map(str::to_owned));
        let parse = move || payload::parse(&read_by.workflow().trigger, content_type.as_deref(), bytes);
        let payload = turn.work(parse).await.map_err(|(fault, bytes)| {
            Refusal::new(StatusCode::BAD_REQUEST, fault.to_string()).with_body(bytes)
        })?;
        if let Some(answer) = self.challenge(endpoint, trigger, &payload.object).await? {
            turn.work(move || drop(payload)).await;
            return Ok(answer);
        }
        self.store(endpoint, *version, plan, payload, (size, turn)).await
    }

    /// A name in the query that no object may have: the metadata is one.
    fn reserved_name(&self) -> Option<String> {
        let query = self.parts.uri.query().unwrap_or_default();
        let mut names = url::form_urlencoded::parse(query.as_bytes()).map(|(name, _)| name);
        names.find(|name| json::is_reserved(name)).map(std::borrow::Cow::into_owned)
    }

    pub(super) fn check_address(&self, trigger: &Trigger) -> Result<(), Refusal> {
        if trigger.allow_addresses.is_empty() {
            return Ok(());
        }
        let mut blocks = trigger.allow_addresses.iter().filter_map(|text| Network::parse(text));
        let allowed = blocks.any(|block| block.contains(self.client.address));
        if allowed {
            return Ok(());
        }
        let reason = format!("The address {} is not on this webhook's list.", self.client.address);
        Err(Refusal::new(StatusCode::FORBIDDEN, reason).with_unread_body())
    }

    fn check_rate(&self, endpoint: &Endpoint, trigger: &Trigger) -> Result<(), Refusal> {
        let Some(limit) = trigger.rate_limit else { return Ok(()) };
        self.app.rate_limits().take(endpoint.workflow_id, limit, self.at).map_err(|seconds| {
            Refusal::new(StatusCode::TOO_MANY_REQUESTS, "This webhook takes no more deliveries at this rate.")
                .retry_after(seconds)
        })
    }

    /// Declared size, encoding and content type, then the bytes themselves.
    async fn read(&self, trigger: &Trigger, body: &mut Body) -> Result<(Vec<u8>, Room), Refusal> {
        let limit =
            trigger.max_body_bytes.unwrap_or_else(|| self.app.settings().stored().values.max_body_bytes);
        let headers = &self.parts.headers;
        if body::declared(headers).is_some_and(|size| size > limit) {
            return Err(too_large(limit));
        }
        if !body::is_identity(headers) {
            let reason = "The body must not be compressed: send it without Content-Encoding.";
            return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, reason).with_unread_body());
        }
        // A body-less POST may carry any content type, or none.
        let typed = body::is_json(headers) || (trigger.accept_form && form::is_sent(headers));
        if !typed && body::declared(headers).is_some_and(|size| size > 0) {
            return Err(self.wrong_type(trigger).with_unread_body());
        }
        // A size that nobody has announced may be any that is taken.
        let room = self.app.heavy().room_for_body(body::most(body).unwrap_or(limit)).await;
        let room = room.ok_or_else(|| busy().closing())?;
        let bytes = self.collect(trigger, body, limit, typed).await?;
        Ok((bytes, room))
    }

    async fn collect(
        &self,
        trigger: &Trigger,
        body: &mut Body,
        limit: u64,
        typed: bool,
    ) -> Result<Vec<u8>, Refusal> {
        match body::collect(body, limit).await {
            Ok(bytes) if typed || bytes.is_empty() => Ok(bytes),
            Ok(bytes) => Err(self.wrong_type(trigger).with_body(bytes)),
            Err(body::Fault::TooLarge) if typed => Err(too_large(limit)),
            Err(body::Fault::TooLarge) => Err(self.wrong_type(trigger).closing()),
            Err(body::Fault::Slow) => {
                Err(Refusal::new(StatusCode::REQUEST_TIMEOUT, "The body did not arrive in time.").closing())
            }
            Err(body::Fault::Broken) => {
                let reason = "The body ended before it was complete.";
                Err(Refusal::new(StatusCode::BAD_REQUEST, reason).closing())
            }
        }
    }

    fn wrong_type(&self, trigger: &Trigger) -> Refusal {
        let sent = match self.content_type().map(str::trim) {
            None => "none",
            Some("") => "empty",
            Some(sent) => sent,
        };
        let form = if trigger.accept_form { " or as a form" } else { "" };
        let reason =
            format!("Send the body as application/json in UTF-8{form}; this one's Content-Type is {sent}.");
        Refusal::new(StatusCode::BAD_REQUEST, reason)
    }

    async fn check_sender(
        &self,
        endpoint: &Endpoint,
        trigger: &Trigger,
        bytes: Vec<u8>,
        turn: &Turn,
    ) -> Result<Vec<u8>, Refusal> {
        let Some(wanted) = &trigger.authentication else { return Ok(bytes) };
        let id = endpoint.workflow_id;
        let (bytes, checked) =
            sender::check(self.app, id, wanted, &self.parts.headers, bytes, self.at, turn).await;
        match checked {
            Ok(()) => Ok(bytes),
            Err(sender::Fault::Refused(reason)) => {
                Err(Refusal::new(StatusCode::UNAUTHORIZED, reason).with_body(bytes))
            }
            Err(sender::Fault::NoSecret) => Err(Self::no_secret(endpoint)),
        }
    }

    /// The secret that this takes cannot be read.
    pub(super) fn no_secret(endpoint: &Endpoint) -> Refusal {
        tracing::error!(workflow = %endpoint.workflow_id, "receive.sender_secret_unreadable");
        let reason = "The sender cannot be authenticated now. Nothing was kept; send it again later.";
        Refusal::new(StatusCode::SERVICE_UNAVAILABLE, reason).retry_after(30).not_logged()
    }
}

/// Others with much work came before.
fn busy() -> Refusal {
    let reason = "Too many large deliveries come at once. Nothing was kept; send it again later.";
    Refusal::new(StatusCode::SERVICE_UNAVAILABLE, reason).retry_after(5).not_logged()
}

fn too_large(limit: u64) -> Refusal {
    let reason = format!("The body is larger than the {limit} bytes this webhook takes.");
    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, reason).closing()
}
