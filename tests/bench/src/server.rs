//! The real program on a data directory: started, asked, weighed, stopped.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::line::{self, Line};
use crate::load::Target;

/// A running `ihook serve` with its sandbox. Killed when dropped.
pub(crate) struct Server {
    child: Child,
    /// From the start of the process to its ready line.
    pub(crate) ready_after: Duration,
    admin: SocketAddr,
    token: String,
    sandbox: SocketAddr,
}

impl Server {
    /// Starts the program on `dir` with the tutorial's check-in workflow.
    pub(crate) fn start(program: &Path, dir: &Path) -> Result<Self> {
        let started = Instant::now();
        let mut child = Command::new(program)
            .args(["serve", "--seed", "--secrets", "file"])
            .args(["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--sandbox", "127.0.0.1:0"])
            .arg("--data-dir")
            .arg(dir)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let first = line::first_of(&mut child)?;
        let ready_after = started.elapsed();
        let ready: Value = serde_json::from_str(&first).with_context(|| format!("ihook said {first}"))?;
        let token = ready["adminToken"].as_str().unwrap_or_default().to_owned();
        let (admin, sandbox) = (address(&ready["admin"])?, address(&ready["sandbox"])?);
        Ok(Self { child, ready_after, admin, token, sandbox })
    }

    /// The answer to a command.
    pub(crate) async fn call(&self, command: &str, request: &Value) -> Result<Value> {
        self.caller().await?.call(command, request).await
    }

    /// A connection to give several commands over.
    pub(crate) async fn caller(&self) -> Result<Caller> {
        let headers = format!("Authorization: Bearer {}\r\n", self.token);
        Ok(Caller { at: self.admin, headers, line: Line::open(self.admin).await? })
    }

    /// The tutorial's workflow.
    pub(crate) async fn workflow_id(&self) -> Result<String> {
        let list = self.call("workflow_list", &json!({})).await?;
        let id = list["workflows"][0]["id"].as_str();
        Ok(id.context("the program did not make its first workflow")?.to_owned())
    }

    /// Where that workflow's check-ins go.
    pub(crate) async fn target(&self) -> Result<Target> {
        let answer = self.call("workflow_url", &json!({ "id": self.workflow_id().await? })).await?;
        target(&answer)
    }

    /// What the sandbox says at a path below `/_sandbox`.
    pub(crate) async fn sandbox(&self, path: &str) -> Result<Value> {
        let mut line = Line::open(self.sandbox).await?;
        let (status, body) = line.ask(&line::get(self.sandbox, &format!("/_sandbox{path}"))).await?;
        if status != 200 {
            bail!("the sandbox answered {status} at {path}");
        }
        Ok(serde_json::from_slice(body)?)
    }

    /// Activities that the sandbox has.
    pub(crate) async fn activities(&self) -> Result<u64> {
        let about = self.sandbox("/").await?;
        about["activities"].as_u64().context("the sandbox does not count its activities")
    }

    /// Memory in use now and at most so far, in MB; nothing where the system does not tell.
    pub(crate) fn memory(&self) -> Option<Memory> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let kilobytes = |name: &str| -> Option<f64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.split_whitespace().next()?.parse().ok()
        };
        Some(Memory { now: kilobytes("VmRSS:")? / 1024.0, most: kilobytes("VmHWM:")? / 1024.0 })
    }

    /// Ends it in good order.
    pub(crate) fn stop(mut self) -> Result<()> {
        kill_process(Pid::from_child(&self.child), Signal::TERM)?;
        let status = self.child.wait()?;
        if !status.success() {
            bail!("ihook ended with {status}");
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Ended already, after a stop.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Resident memory in MB.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Memory {
    pub(crate) now: f64,
    pub(crate) most: f64,
}

/// A kept connection to the admin listener.
pub(crate) struct Caller {
    at: SocketAddr,
    headers: String,
    line: Line,
}

impl Caller {
    /// The answer to a command.
    pub(crate) async fn call(&mut self, command: &str, request: &Value) -> Result<Value> {
        let bytes = line::post(self.at, &format!("/rpc/{command}"), &self.headers, &request.to_string());
        let (status, body) = self.line.ask(&bytes).await?;
        if status != 200 {
            bail!("{command} was answered {status}: {}", String::from_utf8_lossy(body));
        }
        Ok(serde_json::from_slice(body)?)
    }

    /// How long a command takes to its last byte, in microseconds.
    pub(crate) async fn time(&mut self, command: &str, request: &Value) -> Result<f64> {
        let started = Instant::now();
        self.call(command, request).await?;
        Ok(started.elapsed().as_secs_f64() * 1e6)
    }
}

/// Where a workflow's check-ins go, by the answer of a command that tells its `url`.
pub(crate) fn target(answer: &Value) -> Result<Target> {
    let url = answer["url"].as_str().context("the workflow has no URL")?;
    let rest = url.strip_prefix("http://").with_context(|| format!("not a local URL: {url}"))?;
    let (at, path) = rest.split_once('/').with_context(|| format!("not a hook's URL: {url}"))?;
    Ok(Target { at: at.parse()?, path: format!("/{path}") })
}

fn address(url: &Value) -> Result<SocketAddr> {
    let text = url.as_str().unwrap_or_default();
    let address = text.strip_prefix("http://").unwrap_or(text);
    address.parse().with_context(|| format!("not an address: {url}"))
}
