//! The limit: what a handler reaches here that parses the JSON and does nothing with it.

use std::io::Write;
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};
use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use bytes::Bytes;
use serde_json::{Map, Value};
use tokio::net::TcpListener;

use crate::line;

/// As long as what `ihook` answers.
const ANSWER: &str =
    r#"{"error":false,"id":"01990000-0000-7000-8000-000000000000","queueTime":"2026-05-27T09:15:00"}"#;

/// Serves until killed; prints its address.
pub(crate) async fn serve() -> Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    writeln!(std::io::stdout(), "{}", listener.local_addr()?)?;
    axum::serve(listener, Router::new().route(Bare::PATH, post(parse))).await?;
    Ok(())
}

async fn parse(body: Bytes) -> Response {
    match serde_json::from_slice::<Map<String, Value>>(&body) {
        Ok(_object) => ([(header::CONTENT_TYPE, "application/json")], ANSWER).into_response(),
        Err(error) => (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
    }
}

/// The bare handler as a process of its own, as the program is one.
pub(crate) struct Bare {
    child: Child,
    pub(crate) at: SocketAddr,
}

impl Bare {
    pub(crate) const PATH: &str = "/hook";

    pub(crate) fn start() -> Result<Self> {
        let itself = std::env::current_exe()?;
        let mut child = Command::new(&itself).arg("bare").stdout(Stdio::piped()).spawn()?;
        let first = line::first_of(&mut child)?;
        let at = first.parse().with_context(|| format!("the bare handler said {first}"))?;
        Ok(Self { child, at })
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
