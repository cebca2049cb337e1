//! Starts and stops the application: the lock, the store, the secrets, the workers, behind open listeners.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::clock::Now;
use crate::commands::FileSummaries;
use crate::config::Config;
use crate::endpoints::Endpoints;
use crate::error::StartError;
use crate::events::Events;
use crate::heavy::Heavy;
use crate::instance::{self, AdminAddress, Lock};
use crate::known_time::KnownTime;
use crate::listeners::{Listeners, listen};
use crate::outgoing::Outgoing;
use crate::plans::Plans;
use crate::receive::{RateLimits, RefusalLog, Rush, SenderSecrets};
use crate::restore::DATABASE;
use crate::secrets::Vault;
use crate::settings::Settings;
use crate::sites::Sites;
use crate::supervise::supervise;
use crate::upkeep::{About, DISK_RETRY_INTERVAL, Upkeep};
use crate::worker::{self, Workers};
use crate::{
    App, Facts, Inner, commands, disk, files, memory, receive, restore, retention, search, seed, set_up,
    upkeep,
};

/// How long what is in flight may take to finish.
const STOP_LIMIT: Duration = Duration::from_secs(10);
/// What callers of commands read during a restore.
const RESTORING: &str = "iHook is restoring a backup.";
/// The same while the program ends.
const ENDED: &str = "iHook has ended.";

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
    listeners: Listeners,
    config: Config,
    shutdown: CancellationToken,
    tasks: JoinSet<()>,
    lock: Lock,
}

/// Takes the addresses of `config` and starts the application behind them.
///
/// # Errors
/// As [`listen`] and [`Listeners::start`].
pub async fn start(config: Config) -> Result<Running, StartError> {
    listen(&config)?.start(config).await
}

/// Starts everything that `config` asks for behind these listeners.
pub(crate) async fn start_behind(
    listeners: Listeners,
    config: Config,
    lock: Lock,
) -> Result<Running, StartError> {
    let app = open(&config, listeners.hooks()).await?;
    if let Some(kind) = disk::network_drive(&config.data_dir) {
        app.upkeep().set(&app, About::Start, Some(disk::notice(kind, &config.data_dir)));
    }
    let is_seeded = seed_sandbox(&app).await;
    if config.seed {
        seed::first_start(&app).await;
    }
    let shutdown = CancellationToken::new();
    let mut tasks = JoinSet::new();
    app.workers().start(&app, &shutdown).await?;
    spawn_background_tasks(&mut tasks, &app, &shutdown);
    listeners.behind().open(app.clone());
    let address = listeners.admin().map(|at| AdminAddress {
        admin: format!("http://{at}"),
        admin_token: listeners.admin_token().to_owned(),
    });
    if !publish(&app, address.as_ref()) || !is_seeded {
        tasks.spawn(supervise("write_start", (app.clone(), address), shutdown.clone(), keep_writing_start));
    }
    Ok(Running {
        app,
        hooks: listeners.hooks(),
        admin: listeners.admin(),
        admin_token: listeners.admin_token().to_owned(),
        listeners,
        config,
        shutdown,
        tasks,
        lock,
    })
}

/// Stores the sandbox's present address; whether the disk took it. A full one keeps nobody from starting:
/// deliveries are then answered 503, and screens say why.
async fn seed_sandbox(app: &App) -> bool {
    let seeded = app.sites().seed_sandbox(app).await;
    if let Err(error) = &seeded {
        tracing::error!(%error, "start.sandbox_not_seeded");
        app.upkeep().not_stored(app, error);
    }
    seeded.is_ok()
}

/// Lets other programs find this one; whether the disk took it.
fn publish(app: &App, address: Option<&AdminAddress>) -> bool {
    let published = address.map_or(Ok(()), |address| instance::publish(&app.facts().data_dir, address));
    if let Err(error) = &published {
        tracing::error!(%error, "start.not_published");
    }
    published.is_ok()
}

/// Writes both once the disk takes them.
async fn keep_writing_start((app, address): (App, Option<AdminAddress>), shutdown: CancellationToken) {
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = app.clock().sleep_until(app.clock().moment() + DISK_RETRY_INTERVAL) => {}
        }
        // Nothing more is written to a damaged database.
        let is_damaged = app.store().watch_damage().borrow().is_some();
        if is_damaged || (seed_sandbox(&app).await && publish(&app, address.as_ref())) {
            return;
        }
    }
}

/// Starts what goes on in the background, each restarted when it panics.
fn spawn_background_tasks(tasks: &mut JoinSet<()>, app: &App, shutdown: &CancellationToken) {
    tasks.spawn(supervise("watch_damage", app.clone(), shutdown.clone(), upkeep::watch_damage));
    tasks.spawn(supervise("watch_storing", app.clone(), shutdown.clone(), upkeep::watch_storing));
    tasks.spawn(supervise("search", app.clone(), shutdown.clone(), search::keep_indexing));
    tasks.spawn(supervise("watch_stalls", app.clone(), shutdown.clone(), worker::watch_stalls));
    tasks.spawn(supervise("retention", app.clone(), shutdown.clone(), retention::keep_tidy));
    tasks.spawn(supervise("memory", app.clone(), shutdown.clone(), memory::keep_giving_back));
    tasks.spawn(supervise("delivery_log", app.clone(), shutdown.clone(), receive::keep_log));
    tasks.spawn(supervise("secrets", app.clone(), shutdown.clone(), commands::learn_secrets));
}

impl Running {
    /// Stops accepting, lets what is in flight finish for up to 10 s, and closes the database.
    pub async fn stop(mut self) {
        let listeners = self.listeners.clone();
        let answered = async {
            listeners.end().await;
            // Commands go on although whoever asked has hung up.
            listeners.behind().close(ENDED).await;
        };
        self.end(answered).await;
        instance::unpublish(&self.app.facts().data_dir);
    }

    /// Ends the application once `requests` has ended, which it waits for up to 10 s, as for everything else.
    async fn end(&mut self, requests: impl Future<Output = ()>) {
        self.shutdown.cancel();
        let finish = async {
            requests.await;
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

    /// Stops, puts the restored database in place, and starts again. The listeners stay open and answer 503
    /// meanwhile. When the restored database does not start, the one before is put back.
    ///
    /// # Errors
    /// As [`Listeners::start`]. The listeners then stay as long as a clone of them.
    pub async fn restart(mut self) -> Result<Self, StartError> {
        let (listeners, config, lock) = (self.listeners.clone(), self.config.clone(), self.lock.clone());
        let (database, now) = (config.data_dir.join(DATABASE), config.clock.now());
        self.end(listeners.behind().close(RESTORING)).await;
        drop(self);
        let place = database.clone();
        let swapped = blocking(move || Ok(restore::swap(&place, now)?)).await;
        let (kept, error) = match swapped {
            Ok(kept) => match start_behind(listeners.clone(), config.clone(), lock.clone()).await {
                Ok(running) => return Ok(running),
                Err(error) => (kept, error),
            },
            Err(error) => (None, error),
        };
        tracing::error!(%error, "restore.failed");
        if let Some(kept) = kept {
            blocking(move || Ok(ihook_store::restore::swap_back(&database, &kept)?)).await?;
        }
        let running = start_behind(listeners, config, lock).await?;
        let notice = format!("The backup could not be restored; the database is the one before. {error}");
        running.app.upkeep().set(&running.app, About::Start, Some(notice));
        Ok(running)
    }
}

impl Drop for Running {
    /// No request finds what was ended without [`Self::stop`].
    fn drop(&mut self) {
        if !self.shutdown.is_cancelled() {
            drop(self.listeners.behind().close(ENDED));
            self.shutdown.cancel();
        }
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StartError> + Send + 'static,
) -> Result<T, StartError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| StartError::System(error.to_string()))?
}

async fn open(config: &Config, hooks: SocketAddr) -> Result<App, StartError> {
    let (dir, kind, redactor) = (config.data_dir.clone(), config.secrets.clone(), config.redactor.clone());
    let now = Now::of(&*config.clock);
    let opened = blocking(move || {
        // Before the database is made, which is the first sign of another start.
        let is_new = !set_up::is_known(&dir);
        let store = set_up::open(&dir)?;
        // A first start that was cut off has kept none either.
        let is_new = is_new || store.read_blocking(commands::secret_names)?.is_empty();
        let vault = Vault::open(&kind, &dir, is_new)?.known_to(redactor);
        let (plans, endpoints) = (Plans::default(), Endpoints::default());
        endpoints.reload_blocking(&store, &plans)?;
        vault.redactor().learn_tokens(endpoints.tokens());
        let settings = Settings::load_blocking(&store)?;
        let known_time = KnownTime::load_blocking(&store, now)?;
        Ok((store, vault, plans, endpoints, settings, known_time))
    });
    let (store, vault, plans, endpoints, settings, known_time) = opened.await?;
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
        known_time,
        sites: Sites::new(&outgoing).map_err(|error| StartError::System(error.to_string()))?,
        rate_limits: RateLimits::default(),
        rush: Rush::default(),
        heavy: Heavy::default(),
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
            started_at: config.clock.moment(),
        },
    })))
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
