//! One request and its answer, within limits, each ending classed.

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::Value;
use tokio::time::Instant;

use crate::client::Inner;
use crate::exchange::Exchange;
use crate::failure::{Failed, FailureClass, proxy_refused, retry_after, transport};
use crate::site::Site;
use crate::wire::{Origin, bare, error_text, read_faults, refusal};

/// A request to an entity, before its token is known.
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) body: Option<Value>,
}

impl Call {
    pub(crate) fn get(url: String) -> Self {
        Self { method: Method::GET, url, body: None }
    }
}

/// An answer of whatever status. The status stands even where the body could not be read to its end.
pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Result<Vec<u8>, Unread>,
    pub(crate) exchange: Exchange,
}

/// Why a body was not read to its end.
pub(crate) enum Unread {
    TimedOut,
    Cut,
    TooLong(usize),
}

/// Sends a call with a bearer token.
pub(crate) async fn send(inner: &Inner, call: &Call, token: &str) -> Result<Answered, Failed> {
    let exchange = Exchange::sent(call.method.as_str(), &call.url, call.body.as_ref());
    let Ok(mut bearer) = HeaderValue::from_str(&format!("Bearer {token}")) else {
        let sentence = format!("{} handed out a token that no header can carry.", inner.site.host());
        return Err(Failed::new(FailureClass::NoToken, sentence, exchange));
    };
    bearer.set_sensitive(true);
    let mut request = inner
        .http
        .request(call.method.clone(), &call.url)
        .header(ACCEPT, "application/json")
        .header(AUTHORIZATION, bearer);
    if let Some(body) = &call.body {
        request = request.header(CONTENT_TYPE, "application/json").body(body.to_string());
    }
    answer(inner, request, exchange, true).await
}

/// Sends a request and reads its answer. `shown` keeps the answer's body in the exchange (a token's is not).
pub(crate) async fn answer(
    inner: &Inner,
    request: RequestBuilder,
    mut exchange: Exchange,
    shown: bool,
) -> Result<Answered, Failed> {
    let started = Instant::now();
    let mut response = match request.timeout(inner.limits.whole).send().await {
        Ok(response) => response,
        Err(fault) => {
            let (class, sentence) = transport(&fault, &inner.site.host(), inner.proxy.as_deref());
            return Err(Failed::new(class, sentence, exchange));
        }
    };
    let (status, headers) = (response.status(), response.headers().clone());
    let body = read(&mut response, inner.limits.body_bytes).await;
    let kept = body.as_deref().ok().filter(|_| shown);
    exchange.answered(status.as_u16(), &headers, kept, started.elapsed());
    Ok(Answered { status, headers, body, exchange })
}

async fn read(response: &mut reqwest::Response, most: usize) -> Result<Vec<u8>, Unread> {
    if response
        .content_length()
        .is_some_and(|length| usize::try_from(length).is_ok_and(|length| length > most))
    {
        return Err(Unread::TooLong(most));
    }
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > most => return Err(Unread::TooLong(most)),
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(body),
            Err(fault) if fault.is_timeout() => return Err(Unread::TimedOut),
            Err(_) => return Err(Unread::Cut),
        }
    }
}

/// Words that end as a sentence does.
pub(crate) fn ended(words: &str) -> String {
    let stop = if words.ends_with(['.', '!', '?', '…', ')', '”']) { "" } else { "." };
    format!("{words}{stop}")
}

impl Answered {
    /// Passes a success on and classes everything else, with iMIS's own words.
    pub(crate) fn success(self, site: &Site, method: &Method) -> Result<Self, Failed> {
        let status = self.status.as_u16();
        let class = match status {
            200..=299 => return Ok(self),
            300..=399 => return Err(self.redirected(site)),
            // Not even a fresh token was taken: nothing was done, and asking later may help.
            401 => FailureClass::NoToken,
            407 => FailureClass::ProxyRefused,
            408 | 504 => FailureClass::TimedOut,
            429 | 503 => FailureClass::AskedToWait,
            400..=499 if self.is_foreign(method) => return Err(self.something_else(site)),
            400..=499 => FailureClass::Refused,
            _ => FailureClass::ServerError,
        };
        let retry_after = if class == FailureClass::AskedToWait { retry_after(&self.headers) } else { None };
        let bytes = self.body.as_deref().unwrap_or_default();
        let fields = serde_json::from_slice(bytes).map(|body| read_faults(&body)).unwrap_or_default();
        let sentence = self.refusal(site, &error_text(bytes));
        Err(Failed { retry_after, fields, ..Failed::new(class, sentence, self.exchange) })
    }

    /// Whether an error is not iMIS's own. A read may wait, so what anybody may have said does not count for it.
    fn is_foreign(&self, method: &Method) -> bool {
        match Origin::of_error(self.body.as_deref().unwrap_or_default()) {
            Origin::Imis => false,
            Origin::Unclear => *method == Method::GET,
            Origin::Foreign => true,
        }
    }

    /// Something that is not iMIS stands at its address. Whether it let an insert through is not known.
    pub(crate) fn something_else(&self, site: &Site) -> Failed {
        let bytes = bare(self.body.as_deref().unwrap_or_default());
        let (host, status) = (site.host(), self.status.as_u16());
        let what = if bytes.is_empty() {
            "an empty answer".to_owned()
        } else if bytes.starts_with(b"<") {
            "a web page instead of data".to_owned()
        } else if serde_json::from_slice::<Value>(bytes).is_ok() {
            "JSON that is not iMIS's".to_owned()
        } else {
            format!("“{}”", error_text(bytes).chars().take(80).collect::<String>())
        };
        let sentence = format!(
            "iMIS did not answer: something else answered at {host}, with {what} ({status}). Is the base URL that of \
             the iMIS API, and is nothing in front of it?"
        );
        Failed::new(FailureClass::SomethingElse, sentence, self.exchange.clone())
    }

    /// A success that does not carry the key of the record it was asked for: it may be there or not. One that was
    /// only taken for later (202) may still be written.
    pub(crate) fn unproven(&self, site: &Site, json: &Value) -> Failed {
        let (host, status) = (site.host(), self.status.as_u16());
        let refusal = refusal(json);
        let what = match &refusal {
            Some(words) => format!("and said in it: {}", ended(words)),
            None => "without the key of a record.".to_owned(),
        };
        let sentence = format!("{host} answered the insert as done ({status}) {what}");
        let class = if status == 202 { FailureClass::TakenForLater } else { FailureClass::Unproven };
        Failed { refusal, ..Failed::new(class, sentence, self.exchange.clone()) }
    }

    /// The JSON of a success; null where it has no body.
    pub(crate) fn json(&self, site: &Site) -> Result<Value, Failed> {
        let host = site.host();
        let unreadable = |class, sentence: String| Failed::new(class, sentence, self.exchange.clone());
        let bytes = match &self.body {
            Ok(bytes) => bytes.as_slice(),
            Err(Unread::TimedOut) => {
                return Err(unreadable(
                    FailureClass::TimedOut,
                    format!("{host} began to answer but did not finish in time."),
                ));
            }
            Err(Unread::Cut) => {
                return Err(unreadable(
                    FailureClass::Cut,
                    format!("{host} began to answer and then cut the connection."),
                ));
            }
            Err(Unread::TooLong(most)) => {
                let most = most / (1024 * 1024);
                return Err(unreadable(
                    FailureClass::TooLong,
                    format!("The answer of {host} is longer than {most} MB and was not read."),
                ));
            }
        };
        let bytes = bare(bytes);
        if bytes.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(bytes).map_err(|fault| {
            if bytes.starts_with(b"<") {
                self.something_else(site)
            } else if fault.is_eof() {
                unreadable(FailureClass::Cut, format!("The answer of {host} breaks off in the middle."))
            } else {
                let said = format!("something else answered at {host}, with what is not JSON: {fault}.");
                unreadable(FailureClass::SomethingElse, format!("iMIS did not answer: {said}"))
            }
        })
    }

    fn refusal(&self, site: &Site, words: &str) -> String {
        let host = site.host();
        let status = self.status.as_u16();
        let said = if words.is_empty() { ".".to_owned() } else { format!(": {}", ended(words)) };
        match status {
            401 => format!("{host} gave a token but does not accept it (401){said}"),
            403 => format!("The iMIS account has no right to do this (403){said}"),
            404 if words.is_empty() => format!("{host} knows nothing at this address (404)."),
            409 => format!("iMIS refused a second record with the same key (409){said}"),
            407 => proxy_refused(&format!("in front of {host}")),
            408 | 504 => format!("iMIS ran out of time ({status}){said}"),
            429 => format!("{host} asks to slow down (429){said}"),
            503 => format!("{host} is not available just now (503){said}"),
            400..=499 => format!("iMIS refused ({status}){said}"),
            _ if words.is_empty() => {
                format!("iMIS answered with an error ({status}) and did not say why: its own log may tell.")
            }
            _ => format!("iMIS answered with an error ({status}){said}"),
        }
    }

    /// Redirects are never followed: the token must not travel, and an insert must not turn into a GET.
    fn redirected(&self, site: &Site) -> Failed {
        let host = site.host();
        let target = self.headers.get(LOCATION).and_then(|target| target.to_str().ok());
        let there = target
            .and_then(|target| url::Url::parse(target).ok())
            .and_then(|url| url.host_str().map(|name| format!("{}://{name}", url.scheme())));
        let rest = match there {
            Some(there) => format!(
                "which redirects to {there}. It was not followed, to keep the sign-in safe: if that is the iMIS site, \
                 enter its address as the base URL."
            ),
            None => "which redirects to another page. Is the base URL that of the iMIS API?".to_owned(),
        };
        let sentence = format!("iMIS did not answer: something else answered at {host}, {rest}");
        Failed::new(FailureClass::SomethingElse, sentence, self.exchange.clone())
    }
}
