//! A task that panics ends without a word. So every place that starts one is listed here with what catches its panics.

use std::collections::BTreeSet;

use super::{files, root};

/// Files below `src-tauri` that start tasks or threads, and what becomes of one that panics.
const PLACES: [(&str, &str); 16] = [
    ("crates/ihook-app/src/commands/sender.rs", "joined by the command, which then fails"),
    ("crates/ihook-app/src/listeners.rs", "ihook_listen::serve restarts its own loop"),
    ("crates/ihook-app/src/log.rs", "only writes to standard error, and lines are lost without it"),
    ("crates/ihook-app/src/rpc.rs", "joined by the request, which is then answered 500"),
    ("crates/ihook-app/src/secrets/place.rs", "one try of the keyring, which then counts as unusable"),
    ("crates/ihook-app/src/start.rs", "supervise"),
    ("crates/ihook-app/src/worker.rs", "supervise"),
    ("crates/ihook-app/src/worker/dispatch.rs", "caught with the run, which is then held"),
    ("crates/ihook-cli/src/sandbox.rs", "ihook_listen::serve restarts its own loop"),
    ("crates/ihook-cli/src/serve.rs", "ihook_listen::serve restarts its own loop"),
    ("crates/ihook-listen/src/lib.rs", "one connection, which ends"),
    ("crates/ihook-store/src/writer.rs", "catches its own panics"),
    ("src/ending.rs", "one wait for a signal"),
    ("src/host.rs", "supervise; ihook_listen::serve restarts its own loop"),
    ("src/renderer/linux.rs", "one wait for the page, which is then drawn as it is"),
    ("src/tray.rs", "one click, which then does nothing"),
];

#[test]
fn nothing_is_spawned_whose_panic_nobody_catches() {
    let product = root().join("src-tauri");
    let spawning = files(std::slice::from_ref(&product)).into_iter().filter_map(|path| {
        let place = path.strip_prefix(&product).unwrap().to_str().unwrap().replace('\\', "/");
        let is_product = place.ends_with(".rs") && place.contains("src/") && !place.contains("xtask");
        let text = if is_product { std::fs::read_to_string(&path).unwrap() } else { String::new() };
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        (code.contains("spawn(") && !place.contains("/tests")).then_some(place)
    });
    let spawning: BTreeSet<_> = spawning.collect();
    let listed: BTreeSet<_> = PLACES.iter().map(|(place, _why)| (*place).to_owned()).collect();
    assert_eq!(spawning, listed, "supervise what is spawned, and list it here");
}
