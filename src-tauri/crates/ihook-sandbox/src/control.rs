//! `/_sandbox/`: faults, reset, the ledger and settings, for tests and for the page in the app.

use axum::http::Method;
use axum::response::Response;
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::knobs::Settings;
use crate::{State, answer, fault};

/// Answers a request below `/_sandbox/`. A browser's page of another origin is refused (`foreign`): the sandbox
/// asks for no password here, and nothing that runs in a browser needs it.
pub(crate) fn respond(
    state: &State,
    method: &Method,
    path: &[String],
    query: &str,
    body: &[u8],
    foreign: bool,
) -> Response {
    if foreign {
        return answer::error(403, "The sandbox is not controlled from web pages.");
    }
    let name = path.iter().map(|part| part.to_ascii_lowercase()).collect::<Vec<_>>().join("/");
    match (method, name.as_str()) {
        (&Method::GET, "") => about(state),
        (&Method::GET, "faults") => answer::json(200, &json!(state.faults.list())),
        (&Method::POST | &Method::PUT, "faults") => set_faults(state, body),
        (&Method::DELETE, "faults") => set_faults(state, b"[]"),
        (&Method::GET, "ledger") => ledger(state, query),
        (&Method::POST, "reset") => reset(state),
        (&Method::GET, "settings") => settings(state),
        (&Method::POST, "settings") => set_settings(state, body),
        (_, "" | "faults" | "ledger" | "reset" | "settings") => answer::not_allowed("GET, POST"),
        _ => answer::not_found("The resource"),
    }
}

fn about(state: &State) -> Response {
    match state.store.counts() {
        Ok((activities, rows, ledger)) => answer::json(
            200,
            &json!({ "sandbox": "iHook", "activities": activities, "panelRows": rows, "ledger": ledger,
                     "faults": state.faults.list(), "signIns": state.tokens.sign_ins() }),
        ),
        Err(fault) => answer::broken(&fault),
    }
}

fn set_faults(state: &State, body: &[u8]) -> Response {
    let json: Value = match serde_json::from_slice(body) {
        Ok(json) => json,
        Err(fault) => return answer::error(400, format!("Invalid JSON: {fault}")),
    };
    match fault::read(json) {
        Ok(faults) => {
            state.faults.set(faults);
            answer::json(200, &json!(state.faults.list()))
        }
        Err(message) => answer::error(400, message),
    }
}

/// Everything as on the first start, members included; tokens stay good.
fn reset(state: &State) -> Response {
    state.faults.set(Vec::new());
    state.tokens.set_seconds(None);
    state.tokens.count_anew();
    state.knobs.reset();
    match state.store.reset() {
        Ok(()) => about(state),
        Err(fault) => answer::broken(&fault),
    }
}

fn ledger(state: &State, query: &str) -> Response {
    let number = |name: &str| {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        pairs.find(|(key, _)| key == name).and_then(|(_, value)| value.parse::<i64>().ok())
    };
    match state.store.ledger(number("after").unwrap_or(0), number("limit").unwrap_or(i64::MAX)) {
        Ok(entries) => answer::json(200, &json!({ "entries": entries })),
        Err(fault) => answer::broken(&fault),
    }
}

fn settings(state: &State) -> Response {
    answer::json(200, &json!(state.knobs.shown(state.tokens.seconds())))
}

fn set_settings(state: &State, body: &[u8]) -> Response {
    let wanted: Settings = match serde_json::from_slice(body) {
        Ok(wanted) => wanted,
        Err(fault) => return answer::error(400, format!("Invalid settings: {fault}")),
    };
    if let Some(seconds) = wanted.token_seconds {
        state.tokens.set_seconds(Some(seconds));
    }
    state.knobs.set(wanted);
    settings(state)
}
