//! `ihook doctor`: looks at a data directory without changing it.

use std::path::Path;

use anyhow::bail;

use crate::options::{self, Doctor};
use crate::output::say;

/// Says what it finds; fails when something is wrong.
#[expect(clippy::unused_async, reason = "every subcommand has this form")]
pub(crate) async fn doctor(options: Doctor) -> anyhow::Result<()> {
    let data_dir = options::data_dir(options.data_dir)?;
    let checks = ihook_app::doctor::examine(&data_dir, &ihook_app::clock::SystemClock::new());
    show(&data_dir, &checks)?;
    if checks.iter().any(|check| !check.ok) {
        bail!("something is wrong with {}", data_dir.display());
    }
    Ok(())
}

fn show(data_dir: &Path, checks: &[ihook_app::doctor::Check]) -> std::io::Result<()> {
    say(&data_dir.display().to_string())?;
    for check in checks {
        say(&format!("  {} {}: {}", if check.ok { "ok   " } else { "WRONG" }, check.name, check.message))?;
    }
    Ok(())
}
