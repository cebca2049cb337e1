//! From the token to the parsed payload: every check before the store.

use axum::body::Body;
use axum::http::StatusCode;
use ihook_engine::json;
use ihook_engine::workflow::{Network, Trigger};
use serde_json::{Map, Value};

use super::answer::Answer;
use super::{Received, Refusal, body, sender};
use crate::endpoints::Endpoint;

/// A delivery that may become a run.
pub(super) struct Payload {
    pub(super) object: Map<String, Value>,
    /// The object as JSON: the very text that came, where it came as one.
    pub(super) text: String,
    /// Of the body as it came.
    pub(super) bytes: usize,
}

impl Received<'_> {
    pub(super) async fn deliver(
        &self,
        endpoint: Option<&Endpoint>,
        token: &str,
        body: Body,
    ) -> Result<Answer, Refusal> {
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
        let trigger = &plan.workflow().trigger;
        self.check_address(trigger)?;
        self.check_rate(endpoint, trigger)?;
        let bytes = self.read(trigger, body).await?;
        self.check_sender(endpoint, trigger, &bytes).await?;
        let payload = self.parse(trigger, bytes)?;
        self.store(endpoint.workflow_id, *version, plan, payload).await
    }

    fn check_address(&self, trigger: &Trigger) -> Result<(), Refusal> {
        if trigger.allow_addresses.is_empty() {
            return Ok(());
        }
        let allowed = self.remote_ip.is_some_and(|address| {
            trigger
                .allow_addresses
                .iter()
                .filter_map(|text| Network::parse(text))
                .any(|n| n.contains(address))
        });
        if allowed {
            return Ok(());
        }
        let reason = format!("The address {} is not on this webhook's list.", self.remote_ip());
        Err(Refusal::new(StatusCode::FORBIDDEN, reason))
    }

    fn check_rate(&self, endpoint: &Endpoint, trigger: &Trigger) -> Result<(), Refusal> {
        let Some(limit) = trigger.rate_limit else { return Ok(()) };
        self.app.rate_limits().take(endpoint.workflow_id, limit, self.at).map_err(|seconds| {
            Refusal::new(StatusCode::TOO_MANY_REQUESTS, "This webhook takes no more deliveries at this rate.")
                .retry_after(seconds)
        })
    }

    /// Declared size, encoding, content type, then the bytes themselves.
    async fn read(&self, trigger: &Trigger, body: Body) -> Result<Vec<u8>, Refusal> {
        let limit = trigger.max_body_bytes.unwrap_or_else(|| self.app.settings().current().max_body_bytes);
        let headers = &self.parts.headers;
        if body::declared(headers).is_some_and(|size| size > limit) {
            body::discard(body).await;
            return Err(too_large(limit));
        }
        if !body::is_identity(headers) {
            return Err(Refusal::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "The body must not be compressed: send it without Content-Encoding.",
            ));
        }
        let bytes = body::collect(body, limit).await.map_err(|fault| match fault {
            body::Fault::TooLarge => too_large(limit),
            body::Fault::Slow => {
                Refusal::new(StatusCode::REQUEST_TIMEOUT, "The body did not arrive in time.").closing()
            }
            body::Fault::Broken => {
                Refusal::new(StatusCode::BAD_REQUEST, "The body ended before it was complete.").closing()
            }
        })?;
        // A body-less POST may carry any content type, or none.
        let form = trigger.accept_form && body::is_form(headers);
        if !bytes.is_empty() && !form && !body::is_json(headers) {
            let sent = self.content_type().unwrap_or("none");
            let reason =
                format!("Send the body as application/json in UTF-8; this one's Content-Type is {sent}.");
            return Err(Refusal::new(StatusCode::BAD_REQUEST, reason).with_body(bytes));
        }
        Ok(bytes)
    }

    async fn check_sender(
        &self,
        endpoint: &Endpoint,
        trigger: &Trigger,
        bytes: &[u8],
    ) -> Result<(), Refusal> {
        let Some(wanted) = &trigger.authentication else { return Ok(()) };
        let id = endpoint.workflow_id;
        match sender::check(self.app, id, wanted, &self.parts.headers, bytes, self.at).await {
            Ok(()) => Ok(()),
            Err(sender::Fault::Refused(reason)) => {
                Err(Refusal::new(StatusCode::UNAUTHORIZED, reason).with_body(bytes.to_vec()))
            }
            Err(sender::Fault::NoSecret) => {
                tracing::error!(workflow = %id, "receive.sender_secret_unreadable");
                let reason = "The sender cannot be authenticated now. Nothing was kept; send it again later.";
                Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, reason).retry_after(30).not_logged())
            }
        }
    }

    fn parse(&self, trigger: &Trigger, bytes: Vec<u8>) -> Result<Payload, Refusal> {
        let size = bytes.len();
        if bytes.is_empty() {
            return Ok(Payload { object: Map::new(), text: "{}".to_owned(), bytes: 0 });
        }
        if trigger.accept_form && body::is_form(&self.parts.headers) {
            let object = body::form(&bytes);
            let text = Value::Object(object.clone()).to_string();
            return Ok(Payload { object, text, bytes: size });
        }
        let parsed =
            if trigger.wrap_array { json::parse_array_or_object(&bytes) } else { json::parse_object(&bytes) };
        let object = match parsed {
            Ok(object) => object,
            Err(fault) => {
                return Err(Refusal::new(StatusCode::BAD_REQUEST, fault.to_string()).with_body(bytes));
            }
        };
        let text = match String::from_utf8(bytes) {
            Ok(text) if !text.trim_start().starts_with('[') => text,
            _ => Value::Object(object.clone()).to_string(),
        };
        Ok(Payload { object, text, bytes: size })
    }
}

fn too_large(limit: u64) -> Refusal {
    let reason = format!("The body is larger than the {limit} bytes this webhook takes.");
    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, reason).closing()
}
