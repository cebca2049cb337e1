//! Handshakes: a sender checks the address before it sends there. Answered where the trigger asks for it, to the
//! right token only, and never with a run.
//!
//! Some give back what the request says. It goes out as plain text or JSON that no browser takes for a page, and
//! only where it is short.

use axum::http::{HeaderValue, Method, StatusCode};
use ihook_engine::signature::{Algorithm, Encoding, KeyForm, hmac};
use ihook_engine::workflow::{AuthenticationKind, Handshake, Trigger};
use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::{Received, Refusal, sender, trigger};
use crate::endpoints::Endpoint;

/// Characters that are given back.
const MAX_ECHO: usize = 1024;
const ORIGIN: &str = "webhook-request-origin";
const RATE: &str = "webhook-request-rate";
const HOOK_SECRET: &str = "x-hook-secret";
/// Bytes of the secret that a sender may bring.
const HOOK_SECRET_BYTES: std::ops::RangeInclusive<usize> = 8..=256;

impl Received<'_> {
    /// The answer to a request without a payload: Cvent's GET, and the OPTIONS of `CloudEvents`.
    pub(super) fn permission(&self, endpoint: Option<&Endpoint>, token: &str) -> Option<Answer> {
        let endpoint = endpoint.filter(|endpoint| endpoint.opens(token, self.at))?;
        let trigger = trigger(endpoint)?;
        self.check_address(trigger).ok()?;
        match self.parts.method {
            Method::GET if is_cvent(trigger) => Some(Answer::bare(StatusCode::OK)),
            Method::OPTIONS if trigger.handshake == Some(Handshake::CloudEvents) => self.allowance(trigger),
            _ => None,
        }
    }

    /// Which sender may send, and how often a minute.
    fn allowance(&self, trigger: &Trigger) -> Option<Answer> {
        let origin = self.header(ORIGIN).filter(|origin| is_origin(origin))?;
        let most = trigger.rate_limit.map(|limit| (limit.per_second * 60.0).max(1.0).floor());
        let asked = self.header(RATE).and_then(|rate| rate.parse::<u32>().ok()).filter(|rate| *rate > 0);
        let rate = match (asked.map(f64::from), most) {
            (Some(asked), Some(most)) => asked.min(most).to_string(),
            (Some(rate), None) | (None, Some(rate)) => rate.to_string(),
            (None, None) => "*".to_owned(),
        };
        let answer = Answer::bare(StatusCode::NO_CONTENT)
            .with_header("webhook-allowed-origin", HeaderValue::from_str(origin).ok()?)
            .with_header("webhook-allowed-rate", HeaderValue::from_str(&rate).ok()?);
        Some(answer.with_header("allow", HeaderValue::from_static("POST")))
    }

    /// The answer to a handshake that stands in the query or a header; none where this is a delivery.
    pub(super) async fn greeting(
        &self,
        endpoint: &Endpoint,
        trigger: &Trigger,
    ) -> Result<Option<Answer>, Refusal> {
        match trigger.handshake {
            Some(Handshake::Graph) => {
                let query = self.parts.uri.query().unwrap_or_default().as_bytes();
                let mut pairs = url::form_urlencoded::parse(query);
                match pairs.find(|(name, _)| name == "validationToken") {
                    Some((_, token)) => Ok(Some(Answer::text(echo(&token)?))),
                    None => Ok(None),
                }
            }
            Some(Handshake::HookSecret) => match self.header(HOOK_SECRET) {
                Some(secret) => self.adopt(endpoint, trigger, secret).await.map(Some),
                None => Ok(None),
            },
            _ => Ok(None),
        }
    }

    /// The answer to a handshake that is the payload; none where this is a delivery.
    pub(super) async fn challenge(
        &self,
        endpoint: &Endpoint,
        trigger: &Trigger,
        payload: &Map<String, Value>,
    ) -> Result<Option<Answer>, Refusal> {
        let text = |name: &str| payload.get(name).and_then(Value::as_str);
        match trigger.handshake {
            Some(Handshake::Challenge) => {
                let alone =
                    payload.keys().all(|name| ["challenge", "token", "type"].contains(&name.as_str()));
                match text("challenge").filter(|_| alone) {
                    Some(challenge) => Ok(Some(Answer::json(&json!({ "challenge": echo(challenge)? })))),
                    None => Ok(None),
                }
            }
            Some(Handshake::Zoom) if text("event") == Some("endpoint.url_validation") => {
                let token = payload.get("payload").and_then(|inner| inner["plainToken"].as_str());
                let token = echo(token.unwrap_or_default())?;
                let secrets = sender::secrets_of(self.app, endpoint.workflow_id).await;
                let secrets = secrets.ok_or_else(|| Self::no_secret(endpoint))?;
                let key = secrets.present().as_bytes();
                let made = hmac(Algorithm::Sha256, key, std::iter::once(token.as_bytes()));
                let made = Encoding::Hex.encode(&made);
                Ok(Some(Answer::json(&json!({ "plainToken": token, "encryptedToken": made }))))
            }
            _ => Ok(None),
        }
    }

    /// Gives the secret back with which the sender will sign. It is kept where the trigger verifies signatures and
    /// has no secret yet: whoever comes later with another one does not take its place.
    async fn adopt(&self, endpoint: &Endpoint, trigger: &Trigger, secret: &str) -> Result<Answer, Refusal> {
        let fits =
            HOOK_SECRET_BYTES.contains(&secret.len()) && secret.bytes().all(|byte| byte.is_ascii_graphic());
        let value = HeaderValue::from_str(secret).ok().filter(|_| fits).ok_or_else(|| {
            let reason = "X-Hook-Secret must have 8 to 256 visible characters.";
            Refusal::new(StatusCode::BAD_REQUEST, reason)
        })?;
        let kind = trigger.authentication.as_ref().map(|wanted| wanted.kind);
        if matches!(kind, Some(AuthenticationKind::Hmac(signing)) if signing.scheme.key == KeyForm::Text) {
            let kept = sender::adopt(self.app, endpoint.workflow_id, secret, self.at).await;
            match kept {
                Ok(true) => {}
                Ok(false) => {
                    let reason = "The handshake brings another secret than the one that is set. If the sender was \
                                  set up anew, remove the secret, then let it try again.";
                    return Err(Refusal::new(StatusCode::UNAUTHORIZED, reason));
                }
                Err(error) => {
                    tracing::error!(%error, workflow = %endpoint.workflow_id, "receive.handshake_not_kept");
                    return Err(Self::no_secret(endpoint));
                }
            }
        }
        Ok(Answer::bare(StatusCode::OK).with_header(HOOK_SECRET, value))
    }

    /// The value of a header that is there once.
    fn header(&self, name: &str) -> Option<&str> {
        sender::only(&self.parts.headers, name)
    }
}

fn is_cvent(trigger: &Trigger) -> bool {
    let is_preset = |preset: &String| preset.eq_ignore_ascii_case("cvent");
    trigger.handshake == Some(Handshake::Cvent) || trigger.preset.as_ref().is_some_and(is_preset)
}

/// A name of a host, or a pattern of one.
fn is_origin(text: &str) -> bool {
    (1..=253).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_*:/".contains(&byte))
}

/// What may be given back: some characters, and no control characters among them.
fn echo(text: &str) -> Result<&str, Refusal> {
    let length = text.chars().count();
    if (1..=MAX_ECHO).contains(&length) && !text.chars().any(char::is_control) {
        return Ok(text);
    }
    let reason = format!("The handshake's token must have 1 to {MAX_ECHO} characters, on one line.");
    Err(Refusal::new(StatusCode::BAD_REQUEST, reason))
}
