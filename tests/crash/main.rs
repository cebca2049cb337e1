//! What is hard on a program, done to the real one: kills, outages, a full disk, slow clients, a rush.
//!
//! Each has a short form, which runs with all tests, and a full one for the environment to choose:
//! `IHOOK_CRASH_KILLS=200`, `IHOOK_BULK=10000`, `IHOOK_BURST=1000`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here, and the backtrace says where")]

#[cfg(unix)]
mod disk;
mod idle;
mod kills;
#[cfg(unix)]
mod long_work;
#[cfg(target_os = "linux")]
mod memory;
mod outage;
mod rush;
#[cfg(target_os = "linux")]
mod slow;
#[cfg(unix)]
mod start_full;

use std::path::Path;
use std::str::FromStr;

use ihook_tests::process::{self, Program};

/// A number from the environment, or the short form's.
#[expect(clippy::disallowed_methods, reason = "chooses the full form of a test")]
fn size<T: FromStr>(name: &str, short: T) -> T {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(short)
}

/// iHook without a sandbox of its own, so that the site survives it.
fn start(data_dir: &Path) -> Program {
    let mut command = process::serve(data_dir);
    command.arg("--no-sandbox");
    Program::start(command)
}

/// The site, in a process of its own.
fn site(data_dir: &Path, listen: &str) -> Program {
    Program::start(process::sandbox(data_dir, listen))
}

/// Figures for whoever asked for them (`--nocapture`).
#[expect(clippy::print_stderr, reason = "the figures of a full run are its result")]
fn tell(line: &str) {
    eprintln!("{line}");
}
