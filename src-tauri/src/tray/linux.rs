//! Whether a Linux desktop shows tray icons: a library must be there, and somebody must be watching for icons.

use std::sync::Arc;

use gio::{BusNameWatcherFlags, BusType};

/// As the tray's own loader looks for it, which panics when it finds none.
const LIBRARIES: [&str; 4] = [
    "libayatana-appindicator3.so.1",
    "libappindicator3.so.1",
    "libayatana-appindicator3.so",
    "libappindicator3.so",
];

/// A desktop that shows tray icons has this name on the session bus (freedesktop.org, `StatusNotifierItem`).
const WATCHER: &str = "org.kde.StatusNotifierWatcher";

fn library_is_there() -> bool {
    #[expect(
        unsafe_code,
        reason = "loading a library runs its initialisers; the tray loads this very one right after"
    )]
    LIBRARIES.iter().any(|name| unsafe { libloading::Library::new(name) }.is_ok())
}

/// Tells `shown` now and from then on whether icons are shown. Started at login, the program may be there before
/// the desktop's panel is, and a panel may come back.
pub(super) fn follow(shown: impl Fn(bool) + Send + Sync + 'static) {
    let shown = Arc::new(shown);
    let gone = Arc::clone(&shown);
    // Nobody ends this watch but the program.
    let _watch = gio::bus_watch_name(
        BusType::Session,
        WATCHER,
        BusNameWatcherFlags::NONE,
        move |_bus, _name, _owner| shown(library_is_there()),
        move |_bus, _name| gone(false),
    );
}
