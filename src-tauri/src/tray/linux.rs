//! Whether a Linux desktop shows tray icons: a library must be there, and somebody must be watching for icons.

use std::sync::Arc;

use gio::glib::variant::ToVariant;
use gio::{BusType, Cancellable, DBusCallFlags, DBusConnection, DBusSignalFlags};

/// As the tray's own loader looks for it, which panics when it finds none.
const LIBRARIES: [&str; 4] = [
    "libayatana-appindicator3.so.1",
    "libappindicator3.so.1",
    "libayatana-appindicator3.so",
    "libappindicator3.so",
];

/// A desktop that shows tray icons has this name on the session bus (freedesktop.org, `StatusNotifierItem`).
const WATCHER: &str = "org.kde.StatusNotifierWatcher";

/// The session bus itself, which knows the owner of each name.
const BUS: &str = "org.freedesktop.DBus";
const BUS_PATH: &str = "/org/freedesktop/DBus";

fn library_is_there() -> bool {
    #[expect(
        unsafe_code,
        reason = "loading a library runs its initialisers; the tray loads this very one right after"
    )]
    LIBRARIES.iter().any(|name| unsafe { libloading::Library::new(name) }.is_ok())
}

/// Tells `shown` whether icons are shown, as soon as that is known and from then on. Started at login, the program may
/// be there before the desktop's panel is, and a panel may come back. Without a session bus there are none.
pub(super) fn follow(shown: impl Fn(bool) + Send + Sync + 'static) {
    gio::bus_get(BusType::Session, Cancellable::NONE, move |bus| match bus {
        Ok(bus) => watch(&bus, Arc::new(shown)),
        Err(error) => tracing::info!(%error, "desktop.no_session_bus"),
    });
}

/// The library's own watch of a name is of no use here: its binding ends the program where there is no bus, or no longer.
fn watch(bus: &DBusConnection, shown: Arc<dyn Fn(bool) + Send + Sync>) {
    // Else GLib ends the program together with the bus.
    bus.set_exit_on_close(false);
    let closed = Arc::clone(&shown);
    bus.connect_closed(move |_bus, _by_peer, _error| closed(false));
    let (changed, kept) = (Arc::clone(&shown), bus.clone());
    let _watch = bus.signal_subscribe(
        Some(BUS),
        Some(BUS),
        Some("NameOwnerChanged"),
        Some(BUS_PATH),
        Some(WATCHER),
        DBusSignalFlags::NONE,
        move |_bus, _sender, _path, _interface, _signal, change| {
            // The connection lives as long as somebody holds it, and signals come as long as it lives.
            let _kept = &kept;
            // Name, owner before, owner now.
            let owner: Option<String> = change.try_child_get(2).ok().flatten();
            changed(owner.is_some_and(|owner| !owner.is_empty()) && library_is_there());
        },
    );
    bus.call(
        Some(BUS),
        BUS_PATH,
        BUS,
        "NameHasOwner",
        Some(&(WATCHER,).to_variant()),
        None,
        DBusCallFlags::NONE,
        -1,
        Cancellable::NONE,
        move |answer| {
            let has_owner = answer.ok().and_then(|answer| answer.try_child_get(0).ok().flatten());
            shown(has_owner.unwrap_or(false) && library_is_there());
        },
    );
}
