//! Starts and stops the application: the lock, the listeners, the store, the secrets, the workers.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::commands::FileSummaries;
use crate::config::Config;
use crate::endpoints::Endpoints;
use crate::error::StartError;
use crate::events::Events;
use crate::instance::{self, AdminAddress, Lock};
use crate::outgoing::Outgoing;
use crate::plans::Plans;
use crate::receive::{RateLimits, RefusalLog, Rush, SenderSecrets};
use crate::restore::DATABASE;
use crate::secrets::Vault;
use crate::settings::Settings;
use crate::sites::Sites;
use crate::supervise::supervise;
use crate::upkeep::{About, Upkeep};
use crate::worker::Workers;
use crate::{
    App, Facts, Inner, commands, disk, files, handles, memory, receive, restore, retention, rpc, search, seed,
    set_up, upkeep,
};

/// How long what is in flight may take to finish.
const STOP_LIMIT: Duration = Duration::from_secs(10);

/// In the data directory, readable by its owner alone.
const BROWSER_PAGE: &str = "open-in-browser.html";

/// A started application. Dropping it without [`Running::stop`] ends it without waiting for anything.
#[derive(Debug)]
pub struct Running {
    /// To call and to listen to.
    pub app: App,
    /// Where hooks are received.
    pub hooks: SocketAddr,
    /// Where commands and the UI are served.
    pub admin: Option<SocketAddr>,
    /// For the `Authorization: Bearer` header there.
    pub admin_token: String,
    config: Config,
    shutdown: CancellationToken,
    tasks: JoinSet<()>,
    _lock: Lock,
}

/// Starts everything that `config` asks for.
///
/// # Errors
/// A sentence that says what to do. Nothing was changed when the directory or an address is in use.
pub async fn start(config: Config) -> Result<Running, StartError> {
    handles::raise_limit();
    // A directory that is in use says more than its ports being taken.
    let early = if config.data_dir.exists() { Some(instance::lock(&config.data_dir)?) } else { None };
    let hooks = bind(config.listen, "webhooks", "--listen")?;
    let admin = match config.admin {
        Some(address) => Some(bind(loopback(address)?, "commands and the UI", "--admin")?),
        None => None,
    };
    let lock = match early {
        Some(lock) => lock,
        None => instance::lock(&config.data_dir)?,
    };
    let (hooks_at, admin_at) = (local(&hooks)?, admin.as_ref().map(local).transpose()?);
    let admin_token = config.admin_token.clone().unwrap_or_else(random_token);
    let app = open(&config, hooks_at).await?;
    if let Some(kind) = disk::network_drive(&config.data_dir) {
        app.upkeep().set(&app, About::Start, Some(disk::notice(kind, &config.data_dir)));
    }
    app.sites().seed_sandbox(&app).await?;
    if config.seed {
        seed::first_start(&app).await;
    }

    let shutdown = CancellationToken::new();
    let mut tasks = JoinSet::new();
    app.workers().start(&app, &shutdown).await?;
    spawn_background_tasks(&mut tasks, &app, &shutdown);
    tasks.spawn(receive::serve(hooks, app.clone(), shutdown.clone()));
    if let Some((listener, at)) = admin.zip(admin_at) {
        let router = rpc::router(app.clone(), admin_token.clone(), shutdown.clone());
        tasks.spawn(ihook_listen::serve(listener, router, |_| true, shutdown.clone()));
        let address = AdminAddress { admin: format!("http://{at}"), admin_token: admin_token.clone() };
        instance::publish(&config.data_dir, &address)
            .map_err(|error| StartError::System(format!("cannot write admin.json: {error}")))?;
    }
    Ok(Running { app, hooks: hooks_at, admin: admin_at, admin_token, config, shutdown, tasks, _lock: lock })
}

/// Starts what goes on in the background, each restarted when it panics.
fn spawn_background_tasks(tasks: &mut JoinSet<()>, app: &App, shutdown: &CancellationToken) {
    tasks.spawn(supervise("watch_damage", app.clone(), shutdown.clone(), upkeep::watch_damage));
    tasks.spawn(supervise("watch_storing", app.clone(), shutdown.clone(), upkeep::watch_storing));
    tasks.spawn(supervise("search", app.clone(), shutdown.clone(), search::keep_indexing));
    tasks.spawn(supervise("retention", app.clone(), shutdown.clone(), retention::keep_tidy));
    tasks.spawn(supervise("memory", app.clone(), shutdown.clone(), memory::keep_giving_back));
    tasks.spawn(supervise("delivery_log", app.clone(), shutdown.clone(), receive::keep_log));
    tasks.spawn(supervise("secrets", app.clone(), shutdown.clone(), commands::learn_secrets));
}

impl Running {
    /// Stops accepting, lets what is in flight finish for up to 10 s, and closes the database.
    pub async fn stop(mut self) {
        self.shutdown.cancel();
        let finish = async {
            self.app.workers().stopped().await;
            while self.tasks.join_next().await.is_some() {}
        };
        if tokio::time::timeout(STOP_LIMIT, finish).await.is_err() {
            tracing::warn!("stop.cut_short");
            // Before the database closes, so that nothing meets a closed one.
            self.app.workers().stop_now().await;
            self.tasks.shutdown().await;
        }
        let store = self.app.store().clone();
        // Whoever still holds the application gets an answer that says so.
        let closed = tokio::task::spawn_blocking(move || store.close_blocking()).await;
        if let Err(error) = closed {
            tracing::error!(%error, "stop.not_closed");
        }
        instance::unpublish(&self.app.facts().data_dir);
    }

    /// Writes a file that leads a browser to the UI, with the admin token in it and not in any command line; `None`
    /// where no admin listener was asked for.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn browser_page(&self) -> Option<std::io::Result<PathBuf>> {
        let admin = self.admin?;
        let page = self.app.facts().data_dir.join(BROWSER_PAGE);
        let address = format!("http://{admin}/#token={}", self.admin_token);
        let html = format!("<!doctype html><meta http-equiv=\"refresh\" content=\"0;url={address}\">");
        Some(files::replace_private(&page, html.as_bytes()).map(|()| page))
    }

    /// Ends when the program has to start again: [`Running::restart`] does it.
    pub async fn restart_asked(&self) {
        self.app.upkeep().restart_asked().await;
    }

    /// Stops, puts the restored database in place, and starts again at the same addresses and with the same
    /// admin token. When that database does not start, the one before is put back.
    ///
    /// # Errors
    /// As [`start`].
    pub async fn restart(self) -> Result<Self, StartError> {
        let mut config = self.config.clone();
        config.listen = self.hooks;
        config.admin = self.admin;
        config.admin_token = Some(self.admin_token.clone());
        let (database, now) = (config.data_dir.join(DATABASE), config.clock.now());
        self.stop().await;
        let place = database.clone();
        let swapped = blocking(move || Ok(restore::swap(&place, now)?)).await;
        let (kept, error) = match swapped {
            Ok(kept) => match start(config.clone()).await {
                Ok(running) => return Ok(running),
                Err(error) => (kept, error),
            },
            Err(error) => (None, error),
        };
        tracing::error!(%error, "restore.failed");
        if let Some(kept) = kept {
            blocking(move || Ok(ihook_store::restore::swap_back(&database, &kept)?)).await?;
        }
        let running = start(config).await?;
        let notice = format!("The backup could not be restored; the database is the one before. {error}");
        running.app.upkeep().set(&running.app, About::Start, Some(notice));
        Ok(running)
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StartError> + Send + 'static,
) -> Result<T, StartError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| StartError::System(error.to_string()))?
}

async fn open(config: &Config, hooks: SocketAddr) -> Result<App, StartError> {
    let (dir, kind, redactor) = (config.data_dir.clone(), config.secrets.clone(), config.redactor.clone());
    let opened = blocking(move || {
        // Before the database is made, which is the first sign of another start.
        let is_new = !set_up::is_known(&dir);
        let store = set_up::open(&dir)?;
        let vault = Vault::open(&kind, &dir, is_new)?.known_to(redactor);
        let (plans, endpoints) = (Plans::default(), Endpoints::default());
        endpoints.reload_blocking(&store, &plans)?;
        vault.redactor().learn_tokens(endpoints.tokens());
        let settings = Settings::load_blocking(&store)?;
        Ok((store, vault, plans, endpoints, settings))
    });
    let (store, vault, plans, endpoints, settings) = opened.await?;
    let outgoing = Outgoing::of(settings.stored().values.outgoing_proxy.as_deref(), &config.proxies);
    outgoing.learn(vault.redactor());
    Ok(App(Arc::new(Inner {
        store,
        clock: Arc::clone(&config.clock),
        vault,
        plans,
        file_summaries: FileSummaries::default(),
        endpoints,
        settings,
        sites: Sites::new(&outgoing).map_err(|error| StartError::System(error.to_string()))?,
        rate_limits: RateLimits::default(),
        rush: Rush::default(),
        refusals: RefusalLog::default(),
        sender_secrets: SenderSecrets::default(),
        workers: Workers::default(),
        events: Events::default(),
        upkeep: Upkeep::default(),
        facts: Facts {
            data_dir: config.data_dir.clone(),
            hooks_url: format!("http://{hooks}"),
            sandbox_url: config.sandbox_url.clone(),
            proxies: config.proxies.clone(),
        },
    })))
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

/// 256 random bits from the operating system, as 43 base64url characters.
#[must_use]
pub(crate) fn random_token() -> String {
    let mut bytes = [0; 32];
    #[expect(
        clippy::expect_used,
        reason = "without random numbers no secret can be made, and there is no way on"
    )]
    getrandom::fill(&mut bytes).expect("the operating system gives random numbers");
    URL_SAFE_NO_PAD.encode(bytes)
}
