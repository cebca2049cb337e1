//! `ihook sandbox`: only the built-in iMIS-compatible server.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::Context;
use ihook_sandbox::Sandbox;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{options, output, signals};

/// Serves the sandbox until asked to stop.
pub(crate) async fn sandbox(options: options::Sandbox) -> anyhow::Result<()> {
    let asked_to_stop = signals::listen()?;
    let listener = bind(options.listen, "--listen").await?;
    let sandbox = match &options.data_dir {
        Some(dir) => {
            std::fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))?;
            open(dir)?
        }
        None => Sandbox::in_memory().context("the sandbox cannot be set up")?,
    };
    output::mention(&format!("{{\"ready\":true,\"sandbox\":\"http://{}\"}}", listener.local_addr()?));
    let shutdown = CancellationToken::new();
    let served = tokio::spawn(ihook_sandbox::serve(listener, sandbox, shutdown.clone()));
    asked_to_stop.await;
    shutdown.cancel();
    served.await??;
    Ok(())
}

/// The sandbox of a data directory.
pub(crate) fn open(data_dir: &Path) -> anyhow::Result<Sandbox> {
    let path = data_dir.join("sandbox.db");
    Sandbox::open(&path).with_context(|| format!("the sandbox's data {} cannot be used", path.display()))
}

/// Listens for the sandbox.
pub(crate) async fn bind(address: SocketAddr, flag: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!(
            "cannot listen on {address} for the sandbox: close the program that uses it, or choose another \
             address with {flag}"
        )
    })
}
