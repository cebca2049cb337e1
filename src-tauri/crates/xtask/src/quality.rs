//! Formatting and lints.

use anyhow::Result;

use crate::children::Step;
use crate::{machine, say, ui};

type Part = (&'static str, fn() -> Result<()>);

/// `cargo xtask check`: what takes seconds. Every part runs, whatever the parts before it found.
pub(crate) fn check() -> Result<bool> {
    let parts: [Part; 3] =
        [("Rust format", rust_format), ("Rust lints", rust_lint), ("User interface", installed_ui)];
    let mut good = true;
    for (name, part) in parts {
        say::heading(name);
        if let Err(error) = part() {
            say::failure(&format!("{error:#}"));
            good = false;
        }
    }
    Ok(good)
}

pub(crate) fn rust_format() -> Result<()> {
    Step::cargo(&["fmt", "--all", "--check"]).run()
}

/// Without the desktop shell where WebKit's headers are missing.
fn rust_lint() -> Result<()> {
    let members: &[&str] = if machine::has_webkit() { &["--workspace"] } else { &[] };
    Step::cargo(&["clippy", "--all-targets"]).args(members).args(&["--", "--deny", "warnings"]).run()
}

fn installed_ui() -> Result<()> {
    ui::install("ui")?;
    ui()
}

pub(crate) fn ui() -> Result<()> {
    for script in ["lint", "format:check", "check", "knip"] {
        Step::npm("ui", &["run", "--silent", script]).run()?;
    }
    Ok(())
}
