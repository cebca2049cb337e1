//! `ihook serve`: the whole program headless.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use ihook_app::clock::SystemClock;
use ihook_app::config::{secrets_key, system_proxies};
use ihook_app::redact::Redactor;
use ihook_app::{Config, Listeners, Running, SecretsKind, StartError};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::options::{self, Secrets, Serve};
use crate::{output, sandbox, signals};

/// How long a full disk is left before it is tried again.
const DISK_RETRY_INTERVAL: Duration = Duration::from_secs(5);

/// Serves until asked to stop.
pub(crate) async fn serve(options: Serve, redactor: Redactor) -> anyhow::Result<()> {
    let asked_to_stop = signals::listen()?;
    let data_dir = options::data_dir(options.data_dir)?;
    let admin_token = options.admin_token_file.as_deref().map(token_from).transpose()?;
    let sandbox =
        if options.no_sandbox { None } else { Some(sandbox::bind(options.sandbox, "--sandbox").await?) };
    let sandbox_at = sandbox.as_ref().map(tokio::net::TcpListener::local_addr).transpose()?;
    let config = Config {
        data_dir: data_dir.clone(),
        listen: options.listen,
        admin: Some(options.admin),
        admin_token,
        sandbox_url: sandbox_at.map(|at| url(Some(at))),
        secrets: match options.secrets {
            Some(Secrets::Keyring) => SecretsKind::Keyring,
            Some(Secrets::File) => SecretsKind::File { key: secrets_key() },
            None => SecretsKind::Kept { key: secrets_key() },
        },
        seed: options.seed,
        clock: Arc::new(SystemClock::new()),
        proxies: system_proxies(),
        redactor,
    };
    // One wait for the whole life: a signal that comes during a restart is not missed.
    let mut asked_to_stop = std::pin::pin!(asked_to_stop);
    let listeners = ihook_app::listen(&config)?;
    let mut running = tokio::select! {
        () = &mut asked_to_stop => return Ok(()),
        running = start(&listeners, &config) => running?,
    };
    let shutdown = CancellationToken::new();
    let sandbox = match sandbox {
        Some(listener) => {
            // Only now: the data directory is ours.
            let sandbox = sandbox::open(&data_dir)?;
            Some(tokio::spawn(ihook_sandbox::serve(listener, sandbox, shutdown.clone())))
        }
        None => None,
    };
    say_ready(&running, sandbox_at);
    loop {
        tokio::select! {
            () = &mut asked_to_stop => break,
            () = running.restart_asked() => {
                running = match running.restart().await {
                    Err(error) if error.is_disk_full() => tokio::select! {
                        () = &mut asked_to_stop => return Ok(()),
                        running = start(&listeners, &config) => running?,
                    },
                    restarted => restarted?,
                };
            }
        }
    }
    running.stop().await;
    shutdown.cancel();
    if let Some(sandbox) = sandbox {
        sandbox.await??;
    }
    Ok(())
}

/// The line that programs wait for (docs/behavior.md#ready-line).
fn say_ready(running: &Running, sandbox: Option<SocketAddr>) {
    let ready = json!({
        "ready": true,
        "hooks": url(Some(running.hooks)),
        "admin": url(running.admin),
        "adminToken": running.admin_token,
        "sandbox": sandbox.map(|at| url(Some(at))),
    });
    // Whoever cannot read it may know the addresses all the same.
    output::mention(&ready.to_string());
}

/// Starts, however long the disk is full: senders are answered 503 meanwhile, and this log says why.
async fn start(listeners: &Listeners, config: &Config) -> Result<Running, StartError> {
    loop {
        match listeners.start(config.clone()).await {
            Err(error) if error.is_disk_full() => {
                tracing::error!(%error, "serve.disk_full");
                tokio::time::sleep(DISK_RETRY_INTERVAL).await;
            }
            started => return started,
        }
    }
}

fn url(at: Option<SocketAddr>) -> String {
    at.map(|at| format!("http://{at}")).unwrap_or_default()
}

fn token_from(path: &Path) -> anyhow::Result<String> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read the admin token from {}", path.display()))?;
    let token = text.lines().next().unwrap_or_default().trim();
    if token.len() < 16 {
        bail!("the admin token in {} must have at least 16 characters on its first line", path.display());
    }
    Ok(token.to_owned())
}
