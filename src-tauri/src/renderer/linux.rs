//! `WebKitGTK`: the variables that help it, and the ways to draw that are tried one after the other.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use ihook_app::{Running, config};
use tauri::{AppHandle, Manager};

use super::Painted;
use crate::WINDOW;
use crate::host::Host;

/// Says which way this start tries; set by the start before it.
const WAY: &str = "IHOOK_RENDERER";

/// From the window's creation to the page's report. A slow disk and a cold start are within it.
const PATIENCE: Duration = Duration::from_secs(20);

/// Known to help where NVIDIA's driver draws on Wayland, and harmless there: without them the window stays empty or
/// the program is ended by the compositor.
const NVIDIA: [(&str, &str); 2] =
    [("WEBKIT_DISABLE_DMABUF_RENDERER", "1"), ("__NV_DISABLE_EXPLICIT_SYNC", "1")];

/// Drawing without the graphics driver.
const SAFE: [(&str, &str); 3] = [
    ("WEBKIT_DISABLE_DMABUF_RENDERER", "1"),
    ("WEBKIT_DISABLE_COMPOSITING_MODE", "1"),
    ("LIBGL_ALWAYS_SOFTWARE", "1"),
];

/// A way to show the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// As WebKit chooses.
    Usual,
    /// Without the graphics driver.
    Safe,
    /// In a browser; the window only keeps the program running.
    Browser,
}

impl Way {
    fn now() -> Self {
        match config::variable(WAY).as_deref().and_then(|way| way.to_str()) {
            Some("safe") => Self::Safe,
            Some("browser") => Self::Browser,
            _ => Self::Usual,
        }
    }

    fn next(self) -> Option<Self> {
        match self {
            Self::Usual => Some(Self::Safe),
            Self::Safe => Some(Self::Browser),
            Self::Browser => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Usual => "usual",
            Self::Safe => "safe",
            Self::Browser => "browser",
        }
    }
}

/// The way to try after this program has ended in order.
static NEXT: OnceLock<Way> = OnceLock::new();

/// Before anything of GTK runs: starts once more with the variables that this computer's driver needs.
pub(crate) fn begin() {
    let is_nvidia = Path::new("/proc/driver/nvidia/version").exists();
    let missing = missing(is_nvidia, config::variable);
    if Way::now() == Way::Usual && !missing.is_empty() {
        exec(Way::Usual, &missing);
    }
}

/// What of [`NVIDIA`] has to be set; a variable that somebody set is left alone.
fn missing(
    is_nvidia: bool,
    variable: impl Fn(&str) -> Option<OsString>,
) -> Vec<(&'static str, &'static str)> {
    if !is_nvidia || variable("WAYLAND_DISPLAY").is_none() {
        return Vec::new();
    }
    NVIDIA.into_iter().filter(|(name, _)| variable(name).is_none()).collect()
}

/// Waits for the page, and ends the program for another way where it does not report. Drivers of the window draw for
/// themselves: a test that automates it is not disturbed.
pub(crate) fn follow(app: &AppHandle) {
    if config::variable("TAURI_WEBVIEW_AUTOMATION").is_some() || Way::now() == Way::Browser {
        return;
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let painted = app.state::<Painted>();
        if tokio::time::timeout(PATIENCE, painted.0.notified()).await.is_ok() {
            return;
        }
        // The page that tells of a failed start reports nothing.
        let Some(next) = Way::now().next().filter(|_| app.state::<Host>().failure().is_none()) else {
            return;
        };
        tracing::warn!(next = next.name(), "desktop.page_not_drawn");
        let _ = NEXT.set(next);
        app.exit(0);
    });
}

/// After everything has ended: starts the next way, where one was chosen.
pub(crate) fn start_next() {
    if let Some(way) = NEXT.get() {
        exec(*way, &SAFE);
    }
}

/// In the place of this process, so that whoever started it still sees the same one.
fn exec(way: Way, variables: &[(&str, &str)]) {
    let Ok(program) = std::env::current_exe() else { return };
    let error = Command::new(program)
        .args(std::env::args_os().skip(1))
        .envs(variables.iter().copied())
        .env(WAY, way.name())
        .exec();
    tracing::error!(%error, "desktop.not_started_again");
}

/// Whether the page is to be served to a browser.
pub(crate) fn is_in_browser() -> bool {
    Way::now() == Way::Browser
}

/// Opens the page in the browser, and says so where the page should have been.
pub(crate) fn open_in_browser(app: &AppHandle, running: &Running) {
    let Some(page) = running.browser_page() else { return };
    if let Some(window) = app.get_webview_window(WINDOW) {
        let _ = window.set_title("iHook is open in your browser. Closing this window ends it.");
    }
    match page.and_then(|page| Command::new("xdg-open").arg(page).stdin(Stdio::null()).spawn()) {
        Ok(mut child) => {
            // It ends at once, and somebody has to take note of that.
            tauri::async_runtime::spawn_blocking(move || child.wait());
        }
        Err(error) => tracing::error!(%error, "desktop.no_browser"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_set_only_for_nvidia_on_wayland_and_where_nobody_set_them() {
        let check = |is_nvidia: bool, set: &[&str], expected: &[&str]| {
            let variable = |name: &str| set.contains(&name).then(|| OsString::from("x"));
            let names: Vec<_> = missing(is_nvidia, variable).into_iter().map(|(name, _)| name).collect();
            assert_eq!(names, expected, "nvidia: {is_nvidia}, set: {set:?}");
        };
        let (dmabuf, sync) = ("WEBKIT_DISABLE_DMABUF_RENDERER", "__NV_DISABLE_EXPLICIT_SYNC");
        check(true, &["WAYLAND_DISPLAY"], &[dmabuf, sync]);
        check(true, &["WAYLAND_DISPLAY", dmabuf], &[sync]);
        check(true, &[], &[]);
        check(false, &["WAYLAND_DISPLAY"], &[]);
    }

    #[test]
    fn the_ways_come_one_after_the_other_and_end() {
        let ways: Vec<_> = std::iter::successors(Some(Way::Usual), |way| way.next()).map(Way::name).collect();
        assert_eq!(ways, ["usual", "safe", "browser"]);
    }
}
