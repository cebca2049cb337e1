//! Whether a Linux desktop shows tray icons: a library must be there, and somebody must be watching for icons.

use gio::prelude::*;
use gio::{BusType, Cancellable, DBusCallFlags, glib};

/// As the tray's own loader looks for it, which panics when it finds none.
const LIBRARIES: [&str; 4] = [
    "libayatana-appindicator3.so.1",
    "libappindicator3.so.1",
    "libayatana-appindicator3.so",
    "libappindicator3.so",
];

/// A desktop that shows tray icons has this name on the session bus (freedesktop.org, `StatusNotifierItem`).
const WATCHER: &str = "org.kde.StatusNotifierWatcher";

const PATIENCE_MS: i32 = 500;

pub(super) fn library_is_there() -> bool {
    #[expect(
        unsafe_code,
        reason = "loading a library runs its initialisers; the tray loads this very one right after"
    )]
    LIBRARIES.iter().any(|name| unsafe { libloading::Library::new(name) }.is_ok())
}

pub(super) fn is_watched() -> bool {
    let Ok(bus) = gio::bus_get_sync(BusType::Session, Cancellable::NONE) else { return false };
    let answer = bus.call_sync(
        Some("org.freedesktop.DBus"),
        "/org/freedesktop/DBus",
        "org.freedesktop.DBus",
        "NameHasOwner",
        Some(&(WATCHER,).to_variant()),
        Some(glib::VariantTy::TUPLE),
        DBusCallFlags::NONE,
        PATIENCE_MS,
        Cancellable::NONE,
    );
    answer.ok().and_then(|answer| answer.get::<(bool,)>()).is_some_and(|(owned,)| owned)
}
