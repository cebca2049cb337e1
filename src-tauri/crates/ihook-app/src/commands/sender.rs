//! The built-in sender: posts to a workflow's own address, as the event app would.

use std::collections::BTreeMap;
use std::time::Instant;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::workflows::{self, ById};
use crate::App;
use crate::error::{Code, WireError};

/// The answer of a webhook is small; whatever is longer did not come from one.
const MOST_ANSWER: usize = 64 * 1024;

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

pub(super) async fn send(app: &App, request: SenderSend) -> Result<SenderAnswer, WireError> {
    let urls = workflows::url(app, ById { id: request.workflow_id }).await?;
    let method = request.method.as_deref().unwrap_or("POST");
    let method = reqwest::Method::from_bytes(method.as_bytes())
        .map_err(|_not_a_method| WireError::bad_request(format!("\"{method}\" is no HTTP method.")))?;
    let mut outgoing = app.sites().http().request(method, &urls.local_url);
    if let Some(body) = request.body {
        let kind = request.content_type.unwrap_or_else(|| "application/json".to_owned());
        outgoing = outgoing.header(reqwest::header::CONTENT_TYPE, kind).body(body);
    }
    for (name, value) in request.headers.unwrap_or_default() {
        outgoing = outgoing.header(name, value);
    }
    let failed = |error: reqwest::Error| WireError::new(Code::Conflict, format!("Sending failed: {error}"));
    let begun = Instant::now();
    let answer = outgoing.send().await.map_err(failed)?;
    let status = answer.status().as_u16();
    let headers = answer
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let bytes = answer.bytes().await.map_err(failed)?;
    let ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    let body = String::from_utf8_lossy(&bytes[..bytes.len().min(MOST_ANSWER)]).into_owned();
    let run_id =
        serde_json::from_str::<Value>(&body).ok().and_then(|body| Some(body.get("id")?.as_str()?.to_owned()));
    let url =
        urls.local_url.rsplit_once('/').map_or_else(String::new, |(front, _token)| format!("{front}/…"));
    Ok(SenderAnswer { status, headers, body, ms, url, run_id })
}
