//! HTTP requests of a workflow to other systems. What a payload says may end up in the URL, so the target is
//! checked when its name has become an address, and redirects are not followed.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use ihook_engine::run::{HeaderPiece, HttpCall, Outcome, Task};
use ihook_engine::step_error::{ErrorCode, StepError};
use ihook_engine::workflow::{FailOn, is_public};
use ihook_imis::{Client, Exchange, Failed, FailureKind, Limits, Request, Response};
use ihook_store::StoreError;
use ihook_store::step;
use reqwest::Method;
use serde_json::{Value, json};
use url::Url;

use super::doubt::left_to_person;
use super::drive::{Aside, Contact, Drive, Flow};
use super::rows::add_exchange;
use crate::redact::HIDDEN;
use crate::secrets::secret_name;

/// When the action names no limit of its own.
const TIMEOUT: Duration = Duration::from_secs(30);
/// A longer answer is cut here and the step fails: half an answer is none.
const MOST_ANSWER: usize = 1024 * 1024;

/// A request whose target is known to be allowed.
struct Ready {
    method: Method,
    url: Url,
    headers: Vec<(String, String)>,
    body: Option<String>,
    client: reqwest::Client,
    timeout: Duration,
}

impl Drive<'_> {
    pub(super) async fn http(&mut self, task: &Task, call: &HttpCall) -> Result<Flow, StoreError> {
        let ready = match self.ready_call(call).await {
            Ok(ready) => ready,
            Err(error) => return Ok(Flow::Go(Outcome::Failed(error))),
        };
        let writes = !matches!(ready.method, Method::GET | Method::HEAD);
        let mut exchange = Exchange { request: Some(shown(&ready, call)), response: None };
        if writes {
            let mut row = self.open_row(task, step::Status::Running);
            row.attempts = 1;
            // Nothing is looked up by it: a person reads it.
            let url = self.app.redactor().text(ready.url.as_str());
            row.intent = Some(json!({ "method": ready.method.as_str(), "url": url }).to_string());
            add_exchange(&mut row, &exchange, self.app.redactor());
            self.record_intent(row).await?;
        }
        let answer = send(ready).await;
        match answer {
            Ok(answer) => {
                // Later steps and the history read the same.
                exchange.response = Some(self.app.redactor().answer(answer));
                self.note_exchange(task, &exchange);
                Ok(Flow::Go(judged(call, &exchange)))
            }
            Err((reason, sent)) => {
                self.note_exchange(task, &exchange);
                if writes && sent {
                    return Ok(Flow::Doubt(Box::new(self.held_call(task, &reason, &exchange))));
                }
                let kind = FailureKind::NotApplied { retry_after: None };
                let row = self.open_row(task, step::Status::Waiting);
                let failed = Failed {
                    kind,
                    message: reason,
                    fields: Vec::new(),
                    refusal: None,
                    exchange: Box::new(exchange),
                };
                let aside = self.put_off(&failed, Some(row), self.run.attempts + 1);
                // Another system being away says nothing about iMIS.
                Ok(Flow::Leave(Box::new(Aside { contact: Contact::Aside, ..aside })))
            }
        }
    }

    /// A request that may have done something elsewhere, where nothing can be looked up: a person decides.
    fn held_call(&self, task: &Task, reason: &str, exchange: &Exchange) -> Aside {
        let mut row = self.open_row(task, step::Status::InDoubt);
        add_exchange(&mut row, exchange, self.app.redactor());
        let reason =
            format!("{reason} The other system may have taken the request: look there, then decide.");
        left_to_person(row, reason)
    }

    async fn ready_call(&self, call: &HttpCall) -> Result<Ready, StepError> {
        let fault = |message: String| StepError::new(ErrorCode::Http, message);
        let method = Method::from_bytes(call.method.as_bytes())
            .map_err(|_not_a_method| fault(format!("\"{}\" is no HTTP method.", call.method)))?;
        let url = Url::parse(call.url.trim())
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.host_str().is_some())
            .ok_or_else(|| fault(format!("\"{}\" is no address to send a request to.", call.url)))?;
        let client = self.client_for(&url).await.map_err(fault)?;
        let mut headers = Vec::with_capacity(call.headers.len());
        for (name, pieces) in &call.headers {
            headers.push((name.clone(), self.header(pieces).await?));
        }
        let timeout = call.timeout_seconds.map_or(TIMEOUT, |seconds| Duration::from_secs(u64::from(seconds)));
        Ok(Ready { method, url, headers, body: call.body.clone(), client, timeout })
    }

    /// A client for this URL alone, when requests may go there.
    async fn client_for(&self, url: &Url) -> Result<reqwest::Client, String> {
        let proxy = self.app.outgoing().proxy(url);
        let found = match self.allowed_addresses(url).await? {
            // A name that only the proxy knows is the proxy's to judge.
            Err(_not_found) if proxy.is_some() => Vec::new(),
            found => found?,
        };
        let builder = Client::http_builder(&Limits::default()).redirect(reqwest::redirect::Policy::none());
        let builder = match proxy {
            Some(proxy) => builder.proxy(reqwest::Proxy::all(proxy).map_err(|error| error.to_string())?),
            // Pinned: a name that is looked up again could have become another address.
            None => builder.resolve_to_addrs(url.host_str().unwrap_or_default(), &found),
        };
        builder.build().map_err(|error| error.to_string())
    }

    /// The addresses behind the URL's host, or why there are none; an error where requests may not go there.
    async fn allowed_addresses(&self, url: &Url) -> Result<Result<Vec<SocketAddr>, String>, String> {
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let port = url.port_or_known_default().unwrap_or(443);
        let found: Vec<SocketAddr> = match tokio::net::lookup_host((host.as_str(), port)).await {
            Ok(found) => found.collect(),
            Err(error) => return Ok(Err(format!("The host {host} was not found: {error}."))),
        };
        let allowed = self.app.settings().allowed_networks();
        let fine =
            |address: IpAddr| is_public(address) || allowed.iter().any(|network| network.contains(address));
        if found.is_empty() {
            return Ok(Err(format!("The host {host} was not found.")));
        }
        if found.iter().all(|address| fine(address.ip())) {
            return Ok(Ok(found));
        }
        Err(format!(
            "{host} is an address of this computer or a private network. Requests there are refused unless the \
             block is allowed in the settings."
        ))
    }

    async fn header(&self, pieces: &[HeaderPiece]) -> Result<String, StepError> {
        let mut value = String::new();
        for piece in pieces {
            match piece {
                HeaderPiece::Text(text) => value.push_str(text),
                HeaderPiece::Secret(name) => {
                    let kept = self.app.vault().get(&secret_name(name)).await;
                    let secret = kept
                        .map_err(|error| StepError::new(ErrorCode::Http, error.to_string()))?
                        .ok_or_else(|| {
                            StepError::new(ErrorCode::Http, format!("There is no secret named \"{name}\"."))
                        })?;
                    value.push_str(&secret);
                }
            }
        }
        Ok(value)
    }
}

/// The answer, or why there is none and whether the request may have arrived.
async fn send(ready: Ready) -> Result<Response, (String, bool)> {
    let host = ready.url.host_str().unwrap_or_default().to_owned();
    let mut outgoing = ready.client.request(ready.method, ready.url).timeout(ready.timeout);
    for (name, value) in ready.headers {
        outgoing = outgoing.header(name, value);
    }
    if let Some(body) = ready.body {
        outgoing = outgoing.body(body);
    }
    let begun = std::time::Instant::now();
    let told = |error: &reqwest::Error| {
        let sent = !(error.is_connect() || error.is_builder());
        (format!("{host} did not answer: {}.", error.without_url_text()), sent)
    };
    let mut answer = outgoing.send().await.map_err(|error| told(&error))?;
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| told(&error))? {
        if bytes.len() + chunk.len() > MOST_ANSWER {
            return Err((format!("{host} answered with more than {MOST_ANSWER} bytes."), true));
        }
        bytes.extend_from_slice(&chunk);
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let body = Some(serde_json::from_str(&text).unwrap_or(Value::String(text))).filter(|_| !bytes.is_empty());
    let headers = headers
        .iter()
        .filter(|(name, _)| *name != reqwest::header::SET_COOKIE)
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(Response { status, headers, body, ms })
}

/// The fault in words, without the URL: it may carry secrets.
trait WithoutUrl {
    fn without_url_text(&self) -> String;
}

impl WithoutUrl for reqwest::Error {
    fn without_url_text(&self) -> String {
        let mut text =
            if self.is_timeout() { "the time limit ran out" } else { "the connection failed" }.to_owned();
        let mut source = std::error::Error::source(self);
        while let Some(error) = source {
            text = error.to_string();
            source = error.source();
        }
        text
    }
}

fn judged(call: &HttpCall, exchange: &Exchange) -> Outcome {
    let Some(answer) = &exchange.response else { return Outcome::InDoubt };
    let fails = call.fail_on.iter().any(|on| match on {
        FailOn::ClientError => (400..500).contains(&answer.status),
        FailOn::ServerError => (500..600).contains(&answer.status),
        FailOn::Empty => answer.body.is_none(),
    });
    if fails {
        let message = match &answer.body {
            None => format!("The answer {} has no body.", answer.status),
            Some(_) => format!("The other system answered {}.", answer.status),
        };
        return Outcome::Failed(StepError::new(ErrorCode::Http, message));
    }
    let output = json!({ "statusCode": answer.status, "headers": answer.headers, "body": answer.body });
    Outcome::Done { output, record_key: None }
}

/// The request as people may see it: a header that holds a secret is hidden.
fn shown(ready: &Ready, call: &HttpCall) -> Request {
    let hidden = |pieces: &[HeaderPiece]| pieces.iter().any(|piece| matches!(piece, HeaderPiece::Secret(_)));
    let headers = call
        .headers
        .iter()
        .zip(&ready.headers)
        .map(|((name, pieces), (_, value))| {
            (name.to_lowercase(), if hidden(pieces) { HIDDEN.to_owned() } else { value.clone() })
        })
        .collect();
    let body = ready
        .body
        .as_deref()
        .map(|text| serde_json::from_str(text).unwrap_or_else(|_not_json| Value::String(text.to_owned())));
    Request { method: ready.method.to_string(), url: ready.url.to_string(), headers, body }
}
