//! Follows how things stand, for the tray, and does what the settings say of this computer.

use std::time::Duration;

use ihook_app::{App, Standing};
use serde_json::json;
use tauri::{AppHandle, Manager};
use tauri_plugin_autostart::ManagerExt;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

use crate::host::Host;
use crate::tray;

/// The icon changes no more often than this, however much comes in.
const PAUSE: Duration = Duration::from_secs(2);

/// Shows how things stand until the end.
pub(crate) async fn follow((window, app): (AppHandle, App), end: CancellationToken) {
    let mut events = app.subscribe();
    loop {
        match now(&app).await {
            Some(standing) => tray::show_standing(&window, standing),
            None => tracing::warn!("desktop.standing_unknown"),
        }
        apply(&window, &app).await;
        tokio::select! {
            () = end.cancelled() => return,
            event = events.recv() => if matches!(event, Err(RecvError::Closed)) { return },
        }
        tokio::select! {
            () = end.cancelled() => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
        // Whatever came meanwhile is in the next look.
        events = events.resubscribe();
    }
}

async fn now(app: &App) -> Option<Standing> {
    let answer = app.call("standing", json!({})).await.ok()?;
    serde_json::from_value(answer["standing"].clone()).ok()
}

async fn apply(window: &AppHandle, app: &App) {
    let Ok(answer) = app.call("settings_get", json!({})).await else { return };
    let wanted = |name: &str| answer["settings"][name].as_bool().unwrap_or(false);
    window.state::<Host>().set_closes_to_tray(wanted("closeToTray"));
    let login = window.autolaunch();
    let result = match (wanted("startAtLogin"), login.is_enabled().unwrap_or(false)) {
        (true, false) => login.enable(),
        (false, true) => login.disable(),
        _ => Ok(()),
    };
    if let Err(error) = result {
        tracing::warn!(%error, "desktop.login_not_set");
    }
}
