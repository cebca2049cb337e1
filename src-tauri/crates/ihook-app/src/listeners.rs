//! The program's open listeners. They answer from the first moment to the last, whatever becomes of the application
//! behind them: over a restore, and while it cannot start, senders are told to come again.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::behind::Behind;
use crate::config::Config;
use crate::error::StartError;
use crate::instance::{self, Lock};
use crate::start::{Running, random_token, start_behind};
use crate::{handles, receive, rpc};

const STARTING: &str = "iHook is starting.";

/// Addresses that are taken and answered. Clones are the same ones; the addresses are free when the last is gone.
#[derive(Clone, Debug)]
pub struct Listeners(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    hooks: SocketAddr,
    admin: Option<SocketAddr>,
    admin_token: String,
    behind: Behind,
    shutdown: CancellationToken,
    tasks: Mutex<JoinSet<()>>,
    /// Until the first start takes it.
    lock: Mutex<Option<Lock>>,
}

/// Takes the addresses of `config` and answers there; [`Listeners::start`] puts the application behind them. Needs a
/// runtime around it.
///
/// # Errors
/// A sentence that says what to do. Nothing was changed when the directory or an address is in use.
pub fn listen(config: &Config) -> Result<Listeners, StartError> {
    handles::raise_limit();
    // A directory that is in use says more than its ports being taken.
    let lock = if config.data_dir.exists() { Some(instance::lock(&config.data_dir)?) } else { None };
    let hooks = bind(config.listen, "webhooks", "--listen")?;
    let admin = match config.admin {
        Some(address) => Some(bind(loopback(address)?, "commands and the UI", "--admin")?),
        None => None,
    };
    let (behind, shutdown) = (Behind::closed(STARTING), CancellationToken::new());
    let admin_token = config.admin_token.clone().unwrap_or_else(random_token);
    let (hooks_at, admin_at) = (local(&hooks)?, admin.as_ref().map(local).transpose()?);
    let mut tasks = JoinSet::new();
    tasks.spawn(receive::serve(hooks, behind.clone(), shutdown.clone()));
    if let Some(listener) = admin {
        let router = rpc::router(behind.clone(), admin_token.clone());
        tasks.spawn(ihook_listen::serve(listener, router, |_| true, shutdown.clone()));
    }
    Ok(Listeners(Arc::new(Inner {
        hooks: hooks_at,
        admin: admin_at,
        admin_token,
        behind,
        shutdown,
        tasks: Mutex::new(tasks),
        lock: Mutex::new(lock),
    })))
}

impl Listeners {
    /// Starts the application behind the listeners. Where that fails they stay, and answer 503.
    ///
    /// # Errors
    /// A sentence that says what to do.
    pub async fn start(&self, config: Config) -> Result<Running, StartError> {
        let lock = self.0.lock.lock().unwrap_or_else(PoisonError::into_inner).take();
        let started = async {
            let lock = match lock {
                Some(lock) => lock,
                None => instance::lock(&config.data_dir)?,
            };
            start_behind(self.clone(), config, lock).await
        };
        started.await.inspect_err(|error| drop(self.0.behind.close(&error.to_string())))
    }

    /// Where hooks are received.
    #[must_use]
    pub fn hooks(&self) -> SocketAddr {
        self.0.hooks
    }

    /// Where commands and the UI are served.
    #[must_use]
    pub fn admin(&self) -> Option<SocketAddr> {
        self.0.admin
    }

    /// For the `Authorization: Bearer` header there.
    #[must_use]
    pub fn admin_token(&self) -> &str {
        &self.0.admin_token
    }

    pub(crate) fn behind(&self) -> &Behind {
        &self.0.behind
    }

    /// Accepts nothing more, and ends once what is in flight has its answers.
    pub(crate) async fn end(&self) {
        self.0.shutdown.cancel();
        let mut tasks = std::mem::take(&mut *self.tasks());
        while tasks.join_next().await.is_some() {}
    }

    fn tasks(&self) -> std::sync::MutexGuard<'_, JoinSet<()>> {
        self.0.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn bind(address: SocketAddr, purpose: &'static str, flag: &'static str) -> Result<TcpListener, StartError> {
    ihook_listen::bind(address).map_err(|error| StartError::Address {
        address: address.to_string(),
        purpose,
        flag,
        reason: error.to_string(),
    })
}

/// Commands can do everything, so they are never served to a network.
fn loopback(address: SocketAddr) -> Result<SocketAddr, StartError> {
    if address.ip().is_loopback() {
        return Ok(address);
    }
    Err(StartError::Address {
        address: address.to_string(),
        purpose: "commands and the UI",
        flag: "--admin",
        reason: "it is not a loopback address such as 127.0.0.1".to_owned(),
    })
}

fn local(listener: &TcpListener) -> Result<SocketAddr, StartError> {
    listener.local_addr().map_err(|error| StartError::System(error.to_string()))
}
