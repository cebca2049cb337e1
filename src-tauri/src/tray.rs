//! The tray icon, where the desktop really shows one. Without it, closing the window ends the program: nothing runs hidden.

#[cfg(target_os = "linux")]
mod linux;
mod mark;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use ihook_app::{Standing, config};
use serde_json::json;
use tauri::menu::{Menu, MenuItem};
use tauri::tray::TrayIconBuilder;
use tauri::{App, AppHandle, Emitter, Manager, Wry};

use crate::WINDOW;
use crate::host::{EVENT, Host};

const TRAY: &str = "ihook";
const OPEN: &str = "open";
const PAUSE: &str = "pause";
const QUIT: &str = "quit";

const PAUSE_ALL: &str = "Pause all";
const RESUME_ALL: &str = "Resume all";

/// Beside the data, once the notice was shown that the window closes to the tray.
const SHOWN_MARK: &str = "tray-notice-shown";

/// The entry whose words say what it would do.
struct PauseItem(MenuItem<Wry>);

/// Whether there is an icon, and what it says.
#[derive(Debug, Default)]
pub(crate) struct Icon {
    is_shown: AtomicBool,
    /// The window was hidden behind the icon, is there in its place, and nobody has used it since.
    stands_in: AtomicBool,
    standing: Mutex<Option<Standing>>,
}

/// Shows the icon as soon and as long as it can be seen. Not having one is no fault.
pub(crate) fn show(app: &App) {
    let app = app.handle().clone();
    follow(move |is_seen| if is_seen { appear(&app) } else { vanish(&app) });
}

/// Whether the program can be reached again once its window is hidden.
pub(crate) fn is_shown(app: &AppHandle) -> bool {
    app.state::<Icon>().is_shown.load(Ordering::Relaxed)
}

fn appear(app: &AppHandle) {
    if app.tray_by_id(TRAY).is_none()
        && let Err(error) = build(app)
    {
        tracing::warn!(%error, "desktop.no_tray");
        return;
    }
    let icon = app.state::<Icon>();
    icon.is_shown.store(true, Ordering::Relaxed);
    if icon.stands_in.swap(false, Ordering::Relaxed) {
        hide(app);
    }
    draw(app);
}

/// A window that is hidden behind an icon is there as long as the icon is not: some desktops take their icons away
/// while the screen is locked.
fn vanish(app: &AppHandle) {
    tracing::info!("desktop.no_tray");
    let icon = app.state::<Icon>();
    let was_shown = icon.is_shown.swap(false, Ordering::Relaxed);
    let Some(window) = app.get_webview_window(WINDOW).filter(|_| was_shown) else { return };
    if window.is_visible().is_ok_and(|visible| !visible) && window.show().is_ok() {
        icon.stands_in.store(true, Ordering::Relaxed);
    }
}

/// Somebody turned to the window: it stays.
pub(crate) fn window_is_used(app: &AppHandle) {
    app.state::<Icon>().stands_in.store(false, Ordering::Relaxed);
}

/// Takes the window off the screen; webhooks go on being received.
pub(crate) fn hide(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(WINDOW)
        && let Err(error) = window.hide()
    {
        tracing::warn!(%error, "desktop.not_hidden");
    }
}

/// The first time, the window stays and says where it will go; the next time it goes.
pub(crate) fn says_so_first(app: &AppHandle) -> bool {
    let Some(shown) = config::default_data_dir().map(|dir| dir.join(SHOWN_MARK)) else { return false };
    if shown.exists() || std::fs::write(&shown, "").is_err() {
        return false;
    }
    let notice = json!({
        "title": "iHook goes on in the tray",
        "message": "Close the window again and it hides there; check-ins are still received. Settings can change that.",
    });
    app.emit(EVENT, json!({ "topic": "notice", "notice": notice })).is_ok()
}

/// Colours the icon and says in words how things stand, when that is another than before.
pub(crate) fn show_standing(app: &AppHandle, standing: Standing) {
    let before =
        app.state::<Icon>().standing.lock().unwrap_or_else(PoisonError::into_inner).replace(standing);
    if before != Some(standing) {
        draw(app);
    }
}

fn draw(app: &AppHandle) {
    let standing = *app.state::<Icon>().standing.lock().unwrap_or_else(PoisonError::into_inner);
    let (Some(tray), Some(standing)) = (app.tray_by_id(TRAY), standing) else { return };
    let words = match standing {
        Standing::Refusing => "iHook: check-ins are refused",
        Standing::Trouble => "iHook: runs wait for a connection",
        Standing::Look => "iHook: some runs need a look",
        Standing::Paused => "iHook: paused",
        Standing::Receiving => "iHook: receiving",
    };
    let icon = app.default_window_icon().map(|icon| mark::marked(icon, standing));
    let pause = if standing == Standing::Paused { RESUME_ALL } else { PAUSE_ALL };
    let shown = tray
        .set_icon(icon)
        .and_then(|()| tray.set_tooltip(Some(words)))
        .and_then(|()| app.state::<PauseItem>().0.set_text(pause));
    if let Err(error) = shown {
        tracing::warn!(%error, "desktop.tray_not_changed");
    }
}

fn build(app: &AppHandle) -> tauri::Result<()> {
    let item = |id: &str, words: &str| MenuItem::with_id(app, id, words, true, None::<&str>);
    let (open, pause, quit) = (item(OPEN, "Open iHook")?, item(PAUSE, PAUSE_ALL)?, item(QUIT, "Quit")?);
    let mut tray = TrayIconBuilder::with_id(TRAY)
        .tooltip("iHook")
        .menu(&Menu::with_items(app, &[&open, &pause, &quit])?)
        .on_menu_event(|app, event| match event.id().as_ref() {
            OPEN => bring_back(app),
            PAUSE => turn(app),
            QUIT => app.exit(0),
            _ => {}
        });
    if let Some(icon) = app.default_window_icon() {
        tray = tray.icon(icon.clone());
    }
    app.manage(PauseItem(pause));
    tray.build(app)?;
    Ok(())
}

/// Pauses what is active, or goes on, as the entry says.
fn turn(app: &AppHandle) {
    let paused = app.state::<PauseItem>().0.text().is_ok_and(|words| words == PAUSE_ALL);
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let Ok(running) = app.state::<Host>().app().await else { return };
        if let Err(error) = running.call("pause_all", json!({ "paused": paused })).await {
            tracing::warn!(?error, "desktop.not_paused");
        }
    });
}

pub(crate) fn bring_back(app: &AppHandle) {
    let Some(window) = app.get_webview_window(WINDOW) else { return };
    let shown = window.show().and_then(|()| window.unminimize()).and_then(|()| window.set_focus());
    if let Err(error) = shown {
        tracing::warn!(%error, "desktop.not_shown");
    }
}

#[cfg(target_os = "linux")]
use linux::follow;

/// Icons are always shown here.
#[cfg(not(target_os = "linux"))]
fn follow(shown: impl Fn(bool)) {
    shown(true);
}
