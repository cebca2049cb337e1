//! From a request to an answer: which part of the sandbox is meant, and the faults on the way.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, HOST};
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use ihook_listen::Cut;
use percent_encoding::percent_decode_str;
use serde_json::json;
use tokio::time::sleep;
use url::form_urlencoded;

use crate::fault::{Fault, FaultKind, Moment, On};
use crate::query::Query;
use crate::tokens::role;
use crate::{Sandbox, State as Inner, answer, api, clock, control, insert};

/// Longer bodies are refused.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// A request to the API, taken apart.
pub(crate) struct Call {
    pub(crate) method: Method,
    /// Below `/api/`, decoded.
    pub(crate) segments: Vec<String>,
    pub(crate) query: Query,
    pub(crate) token: Option<String>,
    pub(crate) body: Bytes,
}

/// An answer, and the key of the record that was written.
pub(crate) struct Done {
    pub(crate) response: Response,
    pub(crate) committed: Option<String>,
}

impl From<Response> for Done {
    fn from(response: Response) -> Self {
        Self { response, committed: None }
    }
}

enum Part {
    Token,
    Api(Vec<String>),
    Control(Vec<String>),
}

/// Everything goes through one function, for iMIS does not care about the case of paths.
pub(crate) fn router(sandbox: Sandbox) -> Router {
    Router::new().fallback(handle).with_state(sandbox)
}

async fn handle(State(sandbox): State<Sandbox>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if !is_called_by_loopback_name(&parts.headers) {
        return answer::error(
            403,
            "The sandbox answers only to the names of this computer, as 127.0.0.1 or localhost.",
        );
    }
    let Ok(body) = to_bytes(body, MAX_BYTES).await else {
        return answer::error(413, "The request is too long or was cut off.");
    };
    let cut = parts.extensions.get::<Cut>().cloned();
    let query = parts.uri.query().unwrap_or_default();
    match part(parts.uri.path()) {
        Some(Part::Control(path)) => {
            let (state, query, method) = (sandbox.state, query.to_owned(), parts.method);
            let foreign = parts.headers.contains_key("origin");
            blocking(move || control::respond(&state, &method, &path, &query, &body, foreign).into())
                .await
                .response
        }
        Some(Part::Token) => {
            let state = sandbox.state.clone();
            let job = move || token(&state, &parts.method, &body).into();
            under_faults(sandbox.state, On::Token, None, None, cut, job).await
        }
        Some(Part::Api(segments)) => {
            let call = Arc::new(Call {
                method: parts.method,
                segments,
                query: Query::parse(query),
                token: bearer(&parts.headers),
                body,
            });
            let (kind, token) = (kind(&call), call.token.clone());
            let attempt = (kind == On::Insert).then(|| call.clone());
            let state = sandbox.state.clone();
            let job = move || api::respond(&state, &call);
            under_faults(sandbox.state, kind, token, attempt, cut, job).await
        }
        None => answer::not_found("The resource"),
    }
}

/// Whether the request names this computer as its own programs do: a web page that had its own name point here
/// (DNS rebinding) does not.
fn is_called_by_loopback_name(headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
    let site = host.to_str().ok().and_then(|host| ihook_imis::Site::parse(&format!("http://{host}")).ok());
    site.is_some_and(|site| site.is_loopback())
}

/// Does the job unless a fault comes before it, and answers with it unless a fault comes after it.
async fn under_faults(
    state: Arc<Inner>,
    kind: On,
    token: Option<String>,
    attempt: Option<Arc<Call>>,
    cut: Option<Cut>,
    job: impl FnOnce() -> Done + Send + 'static,
) -> Response {
    let blow = state.faults.strike(kind, Moment::Arrived);
    wait(blow.delay).await;
    if let Some(fault) = blow.end {
        if let Some(token) = token.filter(|_| fault.kind == FaultKind::ExpireToken) {
            state.tokens.expire(&token);
        }
        if let Some(call) = attempt {
            let struck = fault.clone();
            blocking(move || insert::prevented(&state, &call, &struck).into()).await;
        }
        return end(&fault, cut).await;
    }
    let done = blocking(job).await;
    if kind == On::Insert && done.committed.is_none() {
        return done.response;
    }
    let blow = state.faults.strike(kind, Moment::Done);
    wait(blow.delay).await;
    let Some(fault) = blow.end else { return done.response };
    if let Some(key) = done.committed {
        let struck = fault.clone();
        blocking(move || insert::told_otherwise(&state, &key, &struck).into()).await;
    }
    end(&fault, cut).await
}

async fn wait(delay: Duration) {
    if !delay.is_zero() {
        sleep(delay).await;
    }
}

async fn end(fault: &Fault, cut: Option<Cut>) -> Response {
    match (fault.kind, cut) {
        (FaultKind::DropBeforeCommit | FaultKind::DropAfterCommit, Some(cut)) => cut.now().await,
        _ => answer::of_fault(fault),
    }
}

/// The store blocks: it has threads of its own to wait on.
async fn blocking(job: impl FnOnce() -> Done + Send + 'static) -> Done {
    match tokio::task::spawn_blocking(job).await {
        Ok(done) => done,
        Err(fault) => {
            tracing::error!(%fault, "sandbox.panic");
            answer::error(500, "The sandbox failed.").into()
        }
    }
}

fn part(path: &str) -> Option<Part> {
    let mut segments = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
        .collect::<Vec<_>>();
    if segments.first().is_some_and(|first| first.to_ascii_lowercase().starts_with("asi.scheduler_")) {
        segments.remove(0);
    }
    let first = segments.first()?.to_ascii_lowercase();
    let rest = segments.split_off(1);
    match first.as_str() {
        "token" if rest.is_empty() => Some(Part::Token),
        "api" => Some(Part::Api(rest)),
        "_sandbox" => Some(Part::Control(rest)),
        _ => None,
    }
}

fn kind(call: &Call) -> On {
    match call.method {
        Method::POST if call.segments.len() == 1 => On::Insert,
        Method::PUT | Method::DELETE => On::Change,
        _ => On::Read,
    }
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

fn token(state: &Inner, method: &Method, body: &[u8]) -> Response {
    if *method != Method::POST {
        return answer::not_allowed("POST");
    }
    state.tokens.count_sign_in();
    let field = |name: &str| {
        let mut pairs = form_urlencoded::parse(body);
        pairs.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.into_owned())
    };
    let refused =
        |code: &str, words: &str| answer::json(400, &json!({ "error": code, "error_description": words }));
    if field("grant_type").as_deref() != Some("password") {
        return refused("unsupported_grant_type", "Only the password grant is supported.");
    }
    let username = field("username").unwrap_or_default();
    let Some(role) = role(&username, &field("password").unwrap_or_default()) else {
        return refused("invalid_grant", "The user name or password is incorrect.");
    };
    let Some(token) = state.tokens.issue(role) else {
        return answer::error(500, "The sandbox has no random numbers.");
    };
    let seconds = state.tokens.seconds();
    answer::json(
        200,
        &json!({
            "access_token": token, "token_type": "bearer", "expires_in": seconds, "userName": username,
            ".issued": clock::http_date(0), ".expires": clock::http_date(seconds),
        }),
    )
}
