//! `cargo xtask test`: every check and test in order, and one summary at the end.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::children::Step;
use crate::machine::{self, Need};
use crate::tally::Tally;
use crate::{bench as measurements, keyring, place, quality, say, ui};

/// What every cargo call builds alike, so that nothing is compiled twice for another set of features.
const ALL: [&str; 3] = ["--workspace", "--features", "ihook-desktop/custom-protocol"];

struct Stage {
    name: &'static str,
    what: &'static str,
    /// Stages without which this one cannot say anything.
    needs: &'static [&'static str],
    work: fn(&mut Tally) -> Result<()>,
}

const STAGES: [Stage; 11] = [
    Stage { name: "rust-format", what: "formatting of the Rust sources", needs: &[], work: rust_format },
    Stage { name: "ui-lint", what: "lints and types of the user interface", needs: &[], work: ui_lint },
    Stage { name: "ui-units", what: "unit tests of the user interface", needs: &[], work: ui_units },
    Stage { name: "ui-build", what: "the user interface is built", needs: &[], work: ui_build },
    Stage { name: "rust-lint", what: "clippy, no warning allowed", needs: &["ui-build"], work: rust_lint },
    Stage {
        name: "rust-build",
        what: "every program and test compiles",
        needs: &["ui-build"],
        work: rust_build,
    },
    Stage {
        name: "rust",
        what: "unit and whole-program tests",
        needs: &["ui-build", "rust-build"],
        work: rust,
    },
    Stage { name: "e2e-lint", what: "formatting of the end-to-end tests", needs: &[], work: e2e_lint },
    Stage {
        name: "browser",
        what: "end to end in a browser",
        needs: &["ui-build", "rust-build"],
        work: browser,
    },
    Stage {
        name: "bench",
        what: "the short form of the measurements",
        needs: &["ui-build", "rust-build"],
        work: bench,
    },
    Stage { name: "window", what: "the real window", needs: &["ui-build", "rust-build"], work: window },
];

enum End {
    Passed(Duration),
    Failed(Duration),
    NotRun(&'static str),
}

/// Runs all stages, or one with those it needs; answers whether every one of them passed.
pub(crate) fn test(only: Option<&str>) -> Result<bool> {
    let chosen = chosen(only)?;
    machine::prepare(Need::Tests)?;
    say::heading("Node packages");
    ui::install("ui")?;
    ui::install("tests/e2e")?;
    let mut tally = Tally::default();
    let mut ends: Vec<(&Stage, End)> = Vec::new();
    for stage in chosen {
        let broken = |need: &&&str| ends.iter().any(|(done, end)| done.name == **need && !end.good());
        let end = match stage.needs.iter().find(broken) {
            Some(need) => End::NotRun(need),
            None => carry_out(stage, &mut tally),
        };
        ends.push((stage, end));
    }
    Ok(summary(&ends, tally))
}

fn chosen(only: Option<&str>) -> Result<Vec<&'static Stage>> {
    let Some(name) = only else { return Ok(STAGES.iter().collect()) };
    let Some(wanted) = STAGES.iter().find(|stage| stage.name == name) else {
        let names: Vec<&str> = STAGES.iter().map(|stage| stage.name).collect();
        bail!("there is no stage \"{name}\"; the stages are {}", names.join(", "));
    };
    Ok(STAGES.iter().filter(|stage| stage.name == name || wanted.needs.contains(&stage.name)).collect())
}

fn carry_out(stage: &Stage, tally: &mut Tally) -> End {
    say::heading(&format!("{}: {}", stage.name, stage.what));
    let started = Instant::now();
    let counted = *tally;
    match (stage.work)(tally) {
        Ok(()) => End::Passed(started.elapsed()),
        Err(error) => {
            say::failure(&format!("{}: {error:#}", stage.name));
            // Whatever failed without a test to count must not end in "0 failed".
            if tally.failed == counted.failed {
                tally.failed += 1;
            }
            End::Failed(started.elapsed())
        }
    }
}

impl End {
    const fn good(&self) -> bool {
        matches!(self, Self::Passed(_))
    }
}

fn summary(ends: &[(&Stage, End)], tally: Tally) -> bool {
    say::heading("Summary");
    for (stage, end) in ends {
        let line = match end {
            End::Passed(time) => {
                format!("passed   {:>7.1} s  {}: {}", time.as_secs_f64(), stage.name, stage.what)
            }
            End::Failed(time) => {
                format!("FAILED   {:>7.1} s  {}: {}", time.as_secs_f64(), stage.name, stage.what)
            }
            End::NotRun(need) => format!("not run             {}: {need} did not pass", stage.name),
        };
        say::line(&line);
    }
    say::line(&format!("\n{} passed, {} failed", tally.passed, tally.failed));
    ends.iter().all(|(_, end)| end.good())
}

fn rust_format(_: &mut Tally) -> Result<()> {
    quality::rust_format()
}

fn ui_lint(_: &mut Tally) -> Result<()> {
    quality::ui()
}

fn ui_units(tally: &mut Tally) -> Result<()> {
    Step::npm("ui", &["test"]).watched(|line| tally.read(line))
}

fn ui_build(_: &mut Tally) -> Result<()> {
    ui::build()
}

fn rust_lint(_: &mut Tally) -> Result<()> {
    Step::cargo(&["clippy", "--all-targets"]).args(&ALL).args(&["--", "--deny", "warnings"]).run()
}

fn rust_build(_: &mut Tally) -> Result<()> {
    Step::cargo(&["build", "--all-targets"]).args(&ALL).run()
}

fn rust(tally: &mut Tally) -> Result<()> {
    keyring::private(place::cargo())
        .args(&["test", "--no-fail-fast"])
        .args(&ALL)
        .env("IHOOK_PROGRAM", place::program("ihook", false)?)
        // Here they have been installed: their tests must not pass without.
        .env("IHOOK_TEST_PROXIES", if cfg!(target_os = "linux") { "1" } else { "" })
        .watched(|line| tally.read(line))
}

fn e2e_lint(_: &mut Tally) -> Result<()> {
    Step::npm("tests/e2e", &["run", "check"]).run()
}

fn browser(tally: &mut Tally) -> Result<()> {
    Step::npm("tests/e2e", &["test"])
        .env("IHOOK_PROGRAM", place::program("ihook", false)?)
        .watched(|line| tally.read(line))
}

fn bench(_: &mut Tally) -> Result<()> {
    measurements::short()
}

fn window(tally: &mut Tally) -> Result<()> {
    if !cfg!(target_os = "linux") {
        say::line("Not on this system: the window is driven through WebKitGTK.");
        return Ok(());
    }
    keyring::private("xvfb-run")
        .args(&["--auto-servernum", "--server-args", "-screen 0 1280x800x24", "npm", "run", "window"])
        .within(&place::root().join("tests").join("e2e"))
        .env("IHOOK_DESKTOP", place::program("ihook-desktop", false)?)
        .watched(|line| tally.read(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_comes_after_those_it_needs() {
        for (at, stage) in STAGES.iter().enumerate() {
            for need in stage.needs {
                let before = STAGES[..at].iter().any(|earlier| earlier.name == *need);
                assert!(before, "{} needs {need} before it", stage.name);
            }
        }
    }

    #[test]
    fn one_stage_brings_what_it_needs() {
        let names: Vec<&str> = chosen(Some("rust")).unwrap().iter().map(|stage| stage.name).collect();
        assert_eq!(names, ["ui-build", "rust-build", "rust"]);
        assert!(chosen(Some("rusty")).is_err());
    }
}
