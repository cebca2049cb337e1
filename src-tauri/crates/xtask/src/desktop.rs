//! `cargo xtask run`: builds what is needed and starts iHook.

use anyhow::Result;

use crate::children::Step;
use crate::machine::{self, Need};
use crate::options::Run;
use crate::{headless, place, say, ui};

/// Opens the window, or serves a browser where there is no display.
pub(crate) fn run(options: &Run) -> Result<()> {
    let window = !options.headless && place::has_display();
    machine::prepare(if window { Need::Desktop } else { Need::Server })?;
    say::heading("User interface");
    ui::install("ui")?;
    ui::build()?;
    let program = if window { "ihook-desktop" } else { "ihook" };
    say::heading("Programs");
    build(program, options.release)?;
    if window { open(options) } else { headless::serve(options) }
}

/// The whole workspace is named so that features, and with them compiled crates, are those of the test command.
fn build(program: &str, release: bool) -> Result<()> {
    let mut step = Step::cargo(&["build", "--workspace", "--bin", program]);
    if program == "ihook-desktop" {
        step = step.args(&["--features", "ihook-desktop/custom-protocol"]);
    }
    if release {
        step = step.args(&["--release"]);
    }
    step.in_foreground()
}

fn open(options: &Run) -> Result<()> {
    say::heading("iHook");
    say::line("The window opens now. Close it, or press Ctrl+C here, to stop.");
    let mut step = Step::new(place::program("ihook-desktop", options.release)?);
    if let Some(directory) = &options.data_dir {
        step = step.env("IHOOK_DATA_DIR", directory);
    }
    step.in_foreground()
}
