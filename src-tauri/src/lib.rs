//! The desktop shell: opens the window at once, hosts the application behind it, and ends both in order.

mod ending;
mod failure;
mod host;
mod renderer;
mod standing;
mod tray;

use std::time::Duration;

use anyhow::Context;
use ihook_app::WireError;
use ihook_app::commands::read_request;
use serde::Serialize;
use tauri::{App, AppHandle, Manager, RunEvent, State, WebviewWindowBuilder, WindowEvent};
use tauri_plugin_autostart::MacosLauncher;
use tauri_plugin_window_state::StateFlags;

use crate::host::Host;

/// The one window's label, as in `tauri.conf.json` and `capabilities/main.json`.
const WINDOW: &str = "main";

/// The application stops within ten seconds; what takes longer is cut off.
const STOP_LIMIT: Duration = Duration::from_secs(11);

/// Runs until the window is closed or the system asks to end.
///
/// # Errors
/// When no window can be opened at all. Everything else is shown in the window.
pub fn run() -> anyhow::Result<()> {
    // Before the first thread: it may start the program once more in its own place.
    renderer::begin();
    let log = ihook_app::log::start();
    let host = Host::new(log.redactor().clone());
    let app = tauri::Builder::default()
        // First of all: a second start only shows the window of the first.
        .plugin(tauri_plugin_single_instance::init(|app, _arguments, _directory| tray::bring_back(app)))
        .plugin(tauri_plugin_autostart::init(MacosLauncher::LaunchAgent, None))
        // A window that was hidden in the tray is to be seen at the next start.
        .plugin(
            tauri_plugin_window_state::Builder::default()
                .with_state_flags(StateFlags::all() - StateFlags::VISIBLE)
                .build(),
        )
        .register_uri_scheme_protocol(failure::SCHEME, failure::page)
        .invoke_handler(tauri::generate_handler![rpc, renderer::painted])
        .manage(host)
        .manage(tray::Icon::default())
        .manage(renderer::Painted::default())
        .setup(|app| Ok(set_up(app)?))
        .build(context())
        .context("the window cannot be opened")?;
    app.run(move |app, event| match event {
        RunEvent::WindowEvent { event: WindowEvent::CloseRequested { api, .. }, .. }
            if tray::is_shown(app) && app.state::<Host>().closes_to_tray() =>
        {
            api.prevent_close();
            if !tray::says_so_first(app) {
                tray::hide(app);
            }
        }
        RunEvent::WindowEvent { event: WindowEvent::Focused(true), .. } => tray::window_is_used(app),
        RunEvent::Exit => {
            stop(app);
            log.end();
            renderer::start_next();
        }
        _ => {}
    });
    Ok(())
}

/// The settings, icons and built UI, all inside the program.
#[expect(clippy::exit, reason = "Tauri's macro ends the program if its thread for this cannot be started")]
fn context() -> tauri::Context {
    tauri::generate_context!()
}

fn set_up(app: &mut App) -> tauri::Result<()> {
    let window = app.config().app.windows.iter().find(|window| window.label == WINDOW).cloned();
    if let Some(window) = window {
        WebviewWindowBuilder::from_config(app, &window)?.build()?;
    }
    host::start(app.handle());
    renderer::follow(app.handle());
    tray::show(app);
    ending::listen(app.handle().clone());
    Ok(())
}

fn stop(app: &AppHandle) {
    let host = app.state::<Host>();
    // The clock of a timeout runs only inside the runtime.
    let stopped =
        tauri::async_runtime::block_on(async { tokio::time::timeout(STOP_LIMIT, host.stop()).await });
    if stopped.is_err() {
        tracing::warn!("desktop.stop_cut_short");
    }
}

/// Why a command was not carried out: the application's own words, or that there is no application.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Refusal {
    Command(WireError),
    NotStarted { code: &'static str, message: String },
}

/// Every command of the program; `ihook_app::commands` has the table. JSON goes in and out as text: the page's
/// own JSON would cut long numbers off.
#[tauri::command]
async fn rpc(host: State<'_, Host>, command: String, request: String) -> Result<String, Refusal> {
    let app = host
        .app()
        .await
        .map_err(|failure| Refusal::NotStarted { code: "startFailed", message: failure.to_string() })?;
    let request = read_request(request.as_bytes()).map_err(Refusal::Command)?;
    app.call(&command, request).await.map(|answer| answer.to_string()).map_err(Refusal::Command)
}
