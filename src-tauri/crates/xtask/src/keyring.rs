//! Runs a step with a keyring of its own, which nothing of the developer's is in.

use std::ffi::OsStr;

use crate::children::Step;
use crate::place;

/// Whether the system's secret service can be had here without touching the developer's.
pub(crate) const fn available() -> bool {
    cfg!(target_os = "linux")
}

/// The step's program runs in a private D-Bus session with an unlocked, empty keyring and a throw-away home.
pub(crate) fn private(program: impl AsRef<OsStr>) -> Step {
    if !available() {
        return Step::new(program);
    }
    let script = place::root().join("tests").join("private-keyring");
    Step::new("bash").arg(script).arg(program).env("IHOOK_TEST_KEYRING", "1")
}
