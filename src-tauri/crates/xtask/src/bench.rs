//! `cargo xtask bench`: the real program under load, built for release.

use anyhow::Result;

use crate::children::Step;
use crate::place;

/// Builds for release and measures; `words` go on to the program that measures.
pub(crate) fn bench(words: &[String]) -> Result<()> {
    Step::cargo(&["build", "--release", "--package", "ihook-cli", "--package", "ihook-bench"]).run()?;
    words.iter().fold(measuring(true)?, Step::arg).run()
}

/// The short form, with the programs that the tests use: shows that measuring works.
pub(crate) fn short() -> Result<()> {
    measuring(false)?.arg("--short").run()
}

fn measuring(release: bool) -> Result<Step> {
    let program = place::program("ihook", release)?;
    Ok(Step::new(place::program("ihook-bench", release)?).arg("run").arg("--program").arg(program))
}
