//! The application behind the window: started beside it, so that nothing slow keeps the window from opening.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ihook_app::clock::SystemClock;
use ihook_app::events::{Event, next_event};
use ihook_app::redact::Redactor;
use ihook_app::{App, Config, Listeners, Running, SecretsKind, config, supervise};
use ihook_sandbox::Sandbox;
use tauri::async_runtime::{self, JoinHandle};
use tauri::{AppHandle, Emitter, Manager, Url};
use tokio::net::TcpListener;
use tokio::sync::{Mutex, Notify, watch};
use tokio_util::sync::CancellationToken;

use crate::failure::{self, StartFailure};
use crate::{WINDOW, renderer, standing};

/// The event that tells the UI what changed; its payload is an `AppEvent`.
pub(crate) const EVENT: &str = "ihook";

/// Where the sandbox is found in the manual; any free port does when this one is taken.
const SANDBOX_PORT: u16 = 8789;

/// How long a full disk is left before it is tried again.
const RETRY_INTERVAL: Duration = Duration::from_secs(5);

/// What a person at the window chose to do about a database that cannot be opened.
pub(crate) enum First {
    /// Put this backup in its place.
    Restore(PathBuf),
    /// Put an empty one in the place where it was.
    Anew,
}

/// What the window's commands go to.
pub(crate) struct Host {
    /// `None` while the application is starting.
    started: watch::Sender<Option<Result<App, StartFailure>>>,
    again: Notify,
    /// What to do before starting again.
    first: std::sync::Mutex<Option<First>>,
    end: CancellationToken,
    task: Mutex<Option<JoinHandle<()>>>,
    /// Keeps the log free of what the application learns.
    redactor: Redactor,
    /// As the settings say; until they are known the window closes as windows do.
    closes_to_tray: AtomicBool,
}

impl Host {
    /// Nothing is started yet.
    pub(crate) fn new(redactor: Redactor) -> Self {
        Self {
            started: watch::Sender::new(None),
            again: Notify::new(),
            first: std::sync::Mutex::default(),
            end: CancellationToken::new(),
            task: Mutex::default(),
            redactor,
            closes_to_tray: AtomicBool::new(false),
        }
    }
}

/// Begins to start the application; commands wait until it is there.
pub(crate) fn start(window: &AppHandle) {
    let host = window.state::<Host>();
    let task = supervise("host", window.clone(), host.end.clone(), |window, _end| async move {
        run(&window).await;
    });
    *host.task.blocking_lock() = Some(async_runtime::spawn(task));
}

impl Host {
    /// The application, once it has started; why there is none, when it could not.
    pub(crate) async fn app(&self) -> Result<App, StartFailure> {
        let mut started = self.started.subscribe();
        let answer = started.wait_for(Option::is_some).await.ok().and_then(|started| started.clone());
        answer.unwrap_or_else(|| Err(StartFailure::other(&"iHook is closing.")))
    }

    pub(crate) fn failure(&self) -> Option<StartFailure> {
        self.started.borrow().clone().and_then(Result::err)
    }

    pub(crate) fn closes_to_tray(&self) -> bool {
        self.closes_to_tray.load(Ordering::Relaxed)
    }

    pub(crate) fn set_closes_to_tray(&self, whether: bool) {
        self.closes_to_tray.store(whether, Ordering::Relaxed);
    }

    /// Starts again, and does this first when something is given.
    pub(crate) fn start_again(&self, first: Option<First>) {
        *self.first.lock().unwrap_or_else(PoisonError::into_inner) = first;
        self.again.notify_one();
    }

    /// Does what was chosen.
    async fn first(&self) -> Result<(), StartFailure> {
        let chosen = self.first.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(chosen) = chosen else { return Ok(()) };
        let data_dir = config::default_data_dir().ok_or_else(StartFailure::no_data_directory)?;
        let done = async_runtime::spawn_blocking(move || match chosen {
            First::Restore(backup) => {
                ihook_app::restore(&data_dir, &backup, &SystemClock::new()).map(|_kept| ())
            }
            First::Anew => ihook_app::start_anew(&data_dir, &SystemClock::new()),
        });
        Ok(done.await.map_err(|error| StartFailure::other(&error))??)
    }

    /// Ends the application in order. Whoever limits the wait cuts off what is still in flight.
    pub(crate) async fn stop(&self) {
        self.end.cancel();
        let task = self.task.lock().await.take();
        if let Some(task) = task
            && let Err(error) = task.await
        {
            tracing::error!(%error, "desktop.host_failed");
        }
    }
}

/// Starts the application, as often as it takes, and stays with it until the end.
async fn run(window: &AppHandle) {
    let host = window.state::<Host>();
    // After a bug: what was there is gone.
    host.started.send_replace(None);
    let ui = window.get_webview_window(WINDOW).and_then(|page| page.url().ok());
    // Once taken they stay: senders are asked to come again while the application cannot start.
    let mut listeners = None;
    loop {
        // What is in flight while the application stops may still be writing to the sandbox.
        let sandbox_end = CancellationToken::new();
        let opened = match host.first().await {
            Ok(()) => open(&mut listeners, &host.redactor, &sandbox_end).await,
            Err(failure) => Err(failure),
        };
        match opened {
            Ok((running, sandbox)) => {
                renderer::open_in_browser(window, &running);
                let failed_before = host.started.send_replace(Some(Ok(running.app.clone()))).is_some();
                if failed_before {
                    navigate(window, ui.as_ref());
                }
                let ended = stay(window, running).await;
                sandbox_end.cancel();
                // Its own errors are in the log already.
                let _ = sandbox.await;
                match ended {
                    Ok(()) => return,
                    Err(failure) => failed(window, failure),
                }
            }
            Err(failure) => failed(window, failure),
        }
        let is_temporary = host.failure().is_some_and(|failure| failure.is_temporary());
        tokio::select! {
            () = host.again.notified() => {}
            () = tokio::time::sleep(RETRY_INTERVAL), if is_temporary => {}
            () = host.end.cancelled() => return,
        }
    }
}

/// Stays with the application until the end, also when it starts again with a restored database.
async fn stay(window: &AppHandle, mut running: Running) -> Result<(), StartFailure> {
    let host = window.state::<Host>();
    loop {
        let context = (window.clone(), running.app.clone());
        let forwarding = supervise("forward_events", context.clone(), host.end.clone(), forward);
        let following = supervise("follow_health", context, host.end.clone(), standing::follow);
        let again = tokio::select! {
            _ = async { tokio::join!(forwarding, following) } => false,
            () = running.restart_asked() => true,
        };
        if !again {
            running.stop().await;
            return Ok(());
        }
        // Commands wait meanwhile.
        host.started.send_replace(None);
        running = running.restart().await?;
        host.started.send_replace(Some(Ok(running.app.clone())));
    }
}

fn failed(window: &AppHandle, failure: StartFailure) {
    tracing::error!(%failure, "desktop.start_failed");
    let words = failure.to_string();
    let before = window.state::<Host>().started.send_replace(Some(Err(failure)));
    // A page that says the same already stays as it is, with whatever has the focus there.
    if !matches!(before, Some(Err(before)) if before.to_string() == words) {
        navigate(window, failure::address().as_ref());
    }
}

fn navigate(window: &AppHandle, address: Option<&Url>) {
    let page = window.get_webview_window(WINDOW).zip(address.cloned());
    let shown = page.map(|(page, address)| page.navigate(address));
    if !matches!(shown, Some(Ok(()))) {
        tracing::error!("desktop.page_not_shown");
    }
}

/// The sandbox's address is taken first and its data opened last: by then the data directory is ours.
async fn open(
    listeners: &mut Option<Listeners>,
    redactor: &Redactor,
    sandbox_end: &CancellationToken,
) -> Result<(Running, JoinHandle<()>), StartFailure> {
    let data_dir = config::default_data_dir().ok_or_else(StartFailure::no_data_directory)?;
    let listener = listen().await.map_err(|error| StartFailure::other(&error))?;
    let address = listener.local_addr().map_err(|error| StartFailure::other(&error))?;
    let mut config = Config::desktop(data_dir.clone());
    config.sandbox_url = Some(format!("http://{address}"));
    config.redactor = redactor.clone();
    config.secrets = SecretsKind::KeyringOrFile { key: config::secrets_key() };
    if renderer::is_in_browser() {
        config.admin = Some(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
    }
    let open = match listeners {
        Some(open) => open,
        None => listeners.insert(ihook_app::listen(&config)?),
    };
    let running = open.start(config).await?;
    match open_sandbox(&data_dir).await {
        Ok(sandbox) => Ok((running, async_runtime::spawn(serve(listener, sandbox, sandbox_end.clone())))),
        Err(failure) => {
            running.stop().await;
            // They ended with it.
            *listeners = None;
            Err(failure)
        }
    }
}

async fn listen() -> std::io::Result<TcpListener> {
    match TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, SANDBOX_PORT))).await {
        Ok(listener) => Ok(listener),
        Err(_taken) => TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await,
    }
}

async fn open_sandbox(data_dir: &Path) -> Result<Sandbox, StartFailure> {
    let file = data_dir.join("sandbox.db");
    let opened = async_runtime::spawn_blocking(move || Sandbox::open(&file)).await;
    opened.map_err(|error| StartFailure::sandbox(&error))?.map_err(|error| StartFailure::sandbox(&error))
}

async fn serve(listener: TcpListener, sandbox: Sandbox, end: CancellationToken) {
    if let Err(error) = ihook_sandbox::serve(listener, sandbox, end).await {
        tracing::error!(%error, "desktop.sandbox_failed");
    }
}

/// Passes events on to the page, which may have missed some before.
async fn forward((window, app): (AppHandle, App), end: CancellationToken) {
    let mut events = app.subscribe();
    let mut event = Some(Event::everything());
    while let Some(next) = event {
        if let Err(error) = window.emit(EVENT, next) {
            tracing::warn!(%error, "desktop.event_not_told");
        }
        event = tokio::select! {
            () = end.cancelled() => return,
            event = next_event(&mut events) => event,
        };
    }
}
