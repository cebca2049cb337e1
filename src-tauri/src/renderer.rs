//! Sees to it that people see a page: one that is not drawn in time is drawn in another way, and offered in a browser
//! where that does not help either.
//!
//! `WebKitGTK` draws nothing on some graphics drivers, without an error that anybody could catch. So the page reports
//! once it was drawn, and the program starts again where it does not.

#[cfg(target_os = "linux")]
mod linux;

use tokio::sync::Notify;

/// Reported by the page once it was drawn.
#[derive(Debug, Default)]
pub(crate) struct Painted(Notify);

/// The page was drawn.
#[expect(clippy::needless_pass_by_value, reason = "the signature is Tauri's")]
#[tauri::command]
pub(crate) fn painted(state: tauri::State<'_, Painted>) {
    state.0.notify_one();
}

#[cfg(target_os = "linux")]
pub(crate) use linux::{begin, follow, is_in_browser, open_in_browser, start_next};

#[cfg(not(target_os = "linux"))]
pub(crate) use other::{begin, follow, is_in_browser, open_in_browser, start_next};

/// Other systems' web views draw, or say why they do not.
#[cfg(not(target_os = "linux"))]
mod other {
    use ihook_app::Running;
    use tauri::AppHandle;

    /// Nothing has to be set before the first window.
    pub(crate) fn begin() {}

    /// Nobody waits for the page.
    pub(crate) fn follow(_app: &AppHandle) {}

    /// The program does not start again by itself.
    pub(crate) fn start_next() {}

    /// The page is in the window.
    pub(crate) fn is_in_browser() -> bool {
        false
    }

    /// Never asked for.
    pub(crate) fn open_in_browser(_app: &AppHandle, _running: &Running) {}
}
