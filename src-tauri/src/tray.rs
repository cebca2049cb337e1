//! The tray icon, where the desktop really shows one. Without it, closing the window ends the program: nothing runs hidden.

#[cfg(target_os = "linux")]
mod linux;

use tauri::menu::{Menu, MenuItem};
use tauri::tray::TrayIconBuilder;
use tauri::{App, AppHandle, Manager};

use crate::WINDOW;

const TRAY: &str = "ihook";
const OPEN: &str = "open";
const QUIT: &str = "quit";

/// Shows the icon where it can be seen. Not having one is no fault.
pub(crate) fn show(app: &App) {
    if !visible() {
        tracing::info!("desktop.no_tray");
        return;
    }
    if let Err(error) = build(app) {
        tracing::warn!(%error, "desktop.no_tray");
    }
}

/// Whether the program can be reached again once its window is hidden.
pub(crate) fn is_shown(app: &AppHandle) -> bool {
    app.tray_by_id(TRAY).is_some()
}

/// Takes the window off the screen; webhooks go on being received.
pub(crate) fn hide(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(WINDOW)
        && let Err(error) = window.hide()
    {
        tracing::warn!(%error, "desktop.not_hidden");
    }
}

fn build(app: &App) -> tauri::Result<()> {
    let open = MenuItem::with_id(app, OPEN, "Open iHook", true, None::<&str>)?;
    let quit = MenuItem::with_id(app, QUIT, "Quit", true, None::<&str>)?;
    let mut tray = TrayIconBuilder::with_id(TRAY)
        .tooltip("iHook")
        .menu(&Menu::with_items(app, &[&open, &quit])?)
        .on_menu_event(|app, event| match event.id().as_ref() {
            OPEN => bring_back(app),
            QUIT => app.exit(0),
            _ => {}
        });
    if let Some(icon) = app.default_window_icon() {
        tray = tray.icon(icon.clone());
    }
    tray.build(app)?;
    Ok(())
}

fn bring_back(app: &AppHandle) {
    let Some(window) = app.get_webview_window(WINDOW) else { return };
    let shown = window.show().and_then(|()| window.unminimize()).and_then(|()| window.set_focus());
    if let Err(error) = shown {
        tracing::warn!(%error, "desktop.not_shown");
    }
}

#[cfg(target_os = "linux")]
fn visible() -> bool {
    linux::is_watched() && linux::library_is_there()
}

#[cfg(not(target_os = "linux"))]
const fn visible() -> bool {
    true
}
