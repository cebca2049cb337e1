//! The built-in sender: posts to a workflow's own address, as the event app would.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use ts_rs::TS;

use super::workflows;
use crate::App;
use crate::error::{Code, WireError};
use crate::receive::sender_headers;

/// The answer of a webhook is small; whatever is longer did not come from one.
const MOST_ANSWER: usize = 64 * 1024;
/// Requests of one batch, so that a screen can show how far it is and stop.
const MOST_IN_BATCH: usize = 100;
const MOST_AT_ONCE: u32 = 32;

/// What to send.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(optional_fields)]
pub(crate) struct SenderSend {
    /// To whose endpoint.
    pub workflow_id: String,
    /// As it is, right or wrong; none for a request without a body.
    pub body: Option<String>,
    /// `application/json` when not given and there is a body.
    pub content_type: Option<String>,
    /// Further headers.
    #[ts(type = "Record<string, string>", optional)]
    pub headers: Option<BTreeMap<String, String>>,
    /// `POST` when not given.
    pub method: Option<String>,
    /// Straight to this computer when not given.
    pub via: Option<Via>,
    /// Authenticates or signs as the published trigger asks, unless this is false.
    pub authenticate: Option<bool>,
}

/// Which way a test takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Via {
    /// Straight to the listener on this computer.
    Local,
    /// Through the public address, as senders come.
    Public,
}

/// Sends several bodies to one endpoint.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(optional_fields)]
pub(crate) struct SenderBatch {
    /// To whose endpoint.
    pub workflow_id: String,
    /// JSON, 1 to 100 of them.
    pub bodies: Vec<String>,
    /// Requests under way at once, 1 to 32; 1 when not given.
    pub concurrency: Option<u32>,
    /// Straight to this computer when not given.
    pub via: Option<Via>,
}

/// What came back.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub(crate) struct SenderAnswer {
    /// The status code.
    pub status: u16,
    /// Names in lower case.
    #[ts(type = "Record<string, string>")]
    pub headers: BTreeMap<String, String>,
    /// As it came.
    pub body: String,
    /// From sending to the last byte.
    pub ms: u64,
    /// Where it went, the token hidden.
    pub url: String,
    /// The run it made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_id: Option<String>,
}

/// What came back to each body.
#[derive(Debug, Serialize, TS)]
pub(crate) struct SenderAnswers {
    /// In the order of the bodies.
    pub answers: Vec<BatchAnswer>,
}

/// What came back to one body of a batch.
#[derive(Debug, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub(crate) struct BatchAnswer {
    /// The status code; 0 when there was no answer.
    pub status: u16,
    /// From sending to the last byte.
    pub ms: u64,
    /// The run it made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_id: Option<String>,
    /// Why there was no answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
}

pub(super) async fn send(app: &App, request: SenderSend) -> Result<SenderAnswer, WireError> {
    let target = Target::find(app, &request.workflow_id, request.via).await?;
    let method = request.method.as_deref().unwrap_or("POST");
    let method = reqwest::Method::from_bytes(method.as_bytes())
        .map_err(|_not_a_method| WireError::bad_request(format!("\"{method}\" is no HTTP method.")))?;
    let mut headers = HeaderMap::new();
    if request.authenticate.unwrap_or(true) {
        headers = target.authentication(app, request.body.as_deref().unwrap_or_default()).await?;
    }
    for (name, value) in request.headers.unwrap_or_default() {
        add(&mut headers, &name, &value)?;
    }
    if request.body.is_some() {
        let kind = request.content_type.unwrap_or_else(|| "application/json".to_owned());
        add(&mut headers, CONTENT_TYPE.as_str(), &kind)?;
    }
    target.deliver(app, method, headers, request.body).await
}

pub(super) async fn batch(app: &App, request: SenderBatch) -> Result<SenderAnswers, WireError> {
    let at_once = request.concurrency.unwrap_or(1);
    if !(1..=MOST_IN_BATCH).contains(&request.bodies.len()) || !(1..=MOST_AT_ONCE).contains(&at_once) {
        return Err(WireError::bad_request(format!(
            "bodies must be 1 to {MOST_IN_BATCH}, concurrency 1 to {MOST_AT_ONCE}."
        )));
    }
    let target = Arc::new(Target::find(app, &request.workflow_id, request.via).await?);
    let turns = Arc::new(Semaphore::new(usize::try_from(at_once).unwrap_or(1)));
    let mut tasks = JoinSet::new();
    let mut answers: Vec<_> = request.bodies.iter().map(|_| BatchAnswer::default()).collect();
    for (index, body) in request.bodies.into_iter().enumerate() {
        let (app, target, turns) = (app.clone(), Arc::clone(&target), Arc::clone(&turns));
        tasks.spawn(async move {
            let _turn = turns.acquire_owned().await;
            (index, target.one_of_many(&app, body).await)
        });
    }
    while let Some(done) = tasks.join_next().await {
        let (index, answer) = done.map_err(|error| WireError::new(Code::Internal, error.to_string()))?;
        answers[index] = answer;
    }
    Ok(SenderAnswers { answers })
}

/// An endpoint, and how a sender that it trusts would come.
struct Target {
    key: String,
    url: String,
}

impl Target {
    async fn find(app: &App, id: &str, via: Option<Via>) -> Result<Self, WireError> {
        let key = workflows::find(app, id).await?.key;
        let urls = workflows::url(app, workflows::ById { id: id.to_owned() }).await?;
        if via == Some(Via::Public) && app.settings().stored().values.public_base_url.is_none() {
            return Err(WireError::new(
                Code::Conflict,
                "There is no public address yet: set it in the settings, or send straight to this computer.",
            ));
        }
        let url = if via == Some(Via::Public) { urls.url } else { urls.local_url };
        Ok(Self { key, url })
    }

    /// The headers that the published trigger asks for.
    async fn authentication(&self, app: &App, body: &str) -> Result<HeaderMap, WireError> {
        let mut headers = HeaderMap::new();
        let Some(endpoint) = app.endpoints().get(&self.key) else { return Ok(headers) };
        let Some((_, plan)) = &endpoint.published else { return Ok(headers) };
        let Some(wanted) = &plan.workflow().trigger.authentication else { return Ok(headers) };
        let now = app.clock().millis();
        // Without its secret nothing can be sent that would be taken: the answer then says so.
        let made = sender_headers(app, endpoint.workflow_id, wanted, body.as_bytes(), now).await;
        for (name, value) in made.unwrap_or_default() {
            add(&mut headers, &name, &value)?;
        }
        Ok(headers)
    }

    async fn one_of_many(&self, app: &App, body: String) -> BatchAnswer {
        let sent = async {
            let mut headers = self.authentication(app, &body).await?;
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            self.deliver(app, reqwest::Method::POST, headers, Some(body)).await
        };
        match sent.await {
            Ok(SenderAnswer { status, ms, run_id, .. }) => BatchAnswer { status, ms, run_id, fault: None },
            Err(error) => BatchAnswer { fault: Some(error.message), ..BatchAnswer::default() },
        }
    }

    async fn deliver(
        &self,
        app: &App,
        method: reqwest::Method,
        headers: HeaderMap,
        body: Option<String>,
    ) -> Result<SenderAnswer, WireError> {
        let mut outgoing = app.sites().http().request(method, &self.url).headers(headers);
        if let Some(body) = body {
            outgoing = outgoing.body(body);
        }
        // The whole URL is a secret: it is left out of what goes wrong.
        let failed = |error: reqwest::Error| {
            WireError::new(Code::Conflict, format!("Sending failed: {}", error.without_url()))
        };
        let begun = Instant::now();
        let answer = outgoing.send().await.map_err(failed)?;
        let status = answer.status().as_u16();
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = answer.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        let bytes = answer.bytes().await.map_err(failed)?;
        let ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let body = String::from_utf8_lossy(&bytes[..bytes.len().min(MOST_ANSWER)]).into_owned();
        let told = serde_json::from_str::<Value>(&body).ok();
        let run_id = told.and_then(|body| Some(body.get("id")?.as_str()?.to_owned()));
        let url = self.url.rsplit_once('/').map_or_else(String::new, |(front, _token)| format!("{front}/…"));
        Ok(SenderAnswer { status, headers, body, ms, url, run_id })
    }
}

fn add(headers: &mut HeaderMap, name: &str, value: &str) -> Result<(), WireError> {
    let (Ok(known), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_str(value)) else {
        return Err(WireError::bad_request(format!("\"{name}\" cannot be sent as a header.")));
    };
    headers.append(known, value);
    Ok(())
}
