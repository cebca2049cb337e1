//! What the command line asks for.

use std::path::PathBuf;

use anyhow::{Result, bail};

pub(crate) const USAGE: &str = "\
cargo xtask run [--headless] [--release] [--data-dir DIR]
    Prepares this computer, builds iHook and starts it. Without a display (or with
    --headless) it is served to a browser instead of opening a window.
cargo xtask test [--only STAGE]
    Prepares this computer and runs every check and test. STAGE is a word of the summary.
cargo xtask check
    The quick part: formatting and lints of Rust and of the user interface.
cargo xtask icons
    Draws the icon files again from icons/*.svg.";

/// A parsed command line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) task: Task,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Task {
    Run(Run),
    Test { only: Option<String> },
    Check,
    Icons,
    Usage,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) headless: bool,
    pub(crate) release: bool,
    pub(crate) data_dir: Option<PathBuf>,
}

impl Options {
    /// Refuses what it does not know, so that a misspelt option is never silently dropped.
    pub(crate) fn parse(arguments: &[String]) -> Result<Self> {
        let mut words = arguments.iter().map(String::as_str);
        let task = match words.next() {
            Some("run") => Task::Run(run(words)?),
            Some("test") => Task::Test { only: only(words)? },
            Some("check") => finished(words, Task::Check)?,
            Some("icons") => finished(words, Task::Icons)?,
            None | Some("help" | "--help" | "-h") => Task::Usage,
            Some(other) => bail!("there is no command \"{other}\"\n\n{USAGE}"),
        };
        Ok(Self { task })
    }
}

fn run<'a>(mut words: impl Iterator<Item = &'a str>) -> Result<Run> {
    let mut run = Run::default();
    while let Some(word) = words.next() {
        match word {
            "--headless" => run.headless = true,
            "--release" => run.release = true,
            "--data-dir" => match words.next() {
                Some(directory) => run.data_dir = Some(std::path::absolute(directory)?),
                None => bail!("--data-dir needs a directory"),
            },
            other => bail!("\"{other}\" is not an option of run\n\n{USAGE}"),
        }
    }
    Ok(run)
}

fn only<'a>(mut words: impl Iterator<Item = &'a str>) -> Result<Option<String>> {
    match (words.next(), words.next(), words.next()) {
        (None, ..) => Ok(None),
        (Some("--only"), Some(stage), None) => Ok(Some(stage.to_owned())),
        _ => bail!("test takes nothing but --only STAGE\n\n{USAGE}"),
    }
}

fn finished<'a>(mut words: impl Iterator<Item = &'a str>, task: Task) -> Result<Task> {
    match words.next() {
        None => Ok(task),
        Some(extra) => bail!("\"{extra}\" is one word too many\n\n{USAGE}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Task> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Options::parse(&words).map(|options| options.task)
    }

    #[test]
    fn options_of_run_are_taken_in_any_order() {
        let run = Run { headless: true, release: true, data_dir: Some(PathBuf::from("/data")) };
        assert_eq!(parse("run --release --data-dir /data --headless").unwrap(), Task::Run(run));
    }

    #[test]
    fn a_stage_can_be_named() {
        assert_eq!(parse("test").unwrap(), Task::Test { only: None });
        assert_eq!(parse("test --only rust").unwrap(), Task::Test { only: Some("rust".to_owned()) });
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for line in ["rum", "run --headles", "run --data-dir", "test rust", "check now"] {
            assert!(parse(line).is_err(), "{line} must be refused");
        }
    }
}
