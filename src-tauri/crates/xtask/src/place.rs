//! Where things are: the project, the build directory, the built programs, and the little of the environment that counts.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The project's root directory.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(3).unwrap_or(here).to_path_buf()
}

/// Cargo's build directory: the one this very program was built into, wherever it was moved to.
pub(crate) fn target() -> Result<PathBuf> {
    let program = env::current_exe().context("cannot tell where this program is")?;
    let target = program.ancestors().nth(2).context("this program is not in a build directory")?;
    Ok(target.to_path_buf())
}

/// A file under the build directory that remembers something between two commands.
pub(crate) fn stamp(name: &str) -> Result<PathBuf> {
    let directory = target()?.join("xtask");
    std::fs::create_dir_all(&directory).with_context(|| format!("cannot create {}", directory.display()))?;
    Ok(directory.join(name))
}

/// A built program.
pub(crate) fn program(name: &str, release: bool) -> Result<PathBuf> {
    let profile = if release { "release" } else { "debug" };
    Ok(target()?.join(profile).join(format!("{name}{}", env::consts::EXE_SUFFIX)))
}

/// The cargo that started this command, so that both are of the same toolchain.
pub(crate) fn cargo() -> OsString {
    variable("CARGO").unwrap_or_else(|| "cargo".into())
}

/// A variable of the environment that is set and not empty.
#[expect(
    clippy::disallowed_methods,
    reason = "the developer's commands look at the developer's environment, here only"
)]
pub(crate) fn variable(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

/// Whether a program can be started by its name alone.
pub(crate) fn on_path(name: &str) -> bool {
    let Some(path) = variable("PATH") else { return false };
    env::split_paths(&path)
        .any(|directory| directory.join(format!("{name}{}", env::consts::EXE_SUFFIX)).is_file())
}

/// Whether a window can be shown to somebody.
pub(crate) fn has_display() -> bool {
    !cfg!(target_os = "linux") || variable("DISPLAY").is_some() || variable("WAYLAND_DISPLAY").is_some()
}
