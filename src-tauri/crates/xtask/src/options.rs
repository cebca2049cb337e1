//! What the command line asks for.

use std::path::PathBuf;

use anyhow::{Result, bail};

pub(crate) const USAGE: &str = "\
cargo xtask run [--headless] [--release] [--data-dir DIR]
    Prepares this computer, builds iHook and starts it. Without a display (or with
    --headless) it is served to a browser instead of opening a window.
cargo xtask test [--only STAGE]
    Prepares this computer and runs every check and test. STAGE is a word of the summary.
cargo xtask bench [--short] [--only PART] [--json FILE] [--dir DIR] [--keep DIR]
    Builds for release, puts load on the real program and prints what it does beside what
    this machine can do. PART is receive, end-to-end, engine or history. --dir is where to
    work, --keep where the filled databases of the history stay for the next time.
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
    Test {
        only: Option<String>,
    },
    /// With the words that go on to the program that measures.
    Bench(Vec<String>),
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
            Some("bench") => Task::Bench(bench(words)?),
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

/// Looked at before minutes of building, not after.
fn bench<'a>(mut words: impl Iterator<Item = &'a str>) -> Result<Vec<String>> {
    let mut known = Vec::new();
    while let Some(word) = words.next() {
        known.push(word.to_owned());
        match word {
            "--short" => {}
            "--only" => match words.next() {
                Some(part @ ("receive" | "end-to-end" | "engine" | "history")) => known.push(part.to_owned()),
                _ => bail!("--only needs receive, end-to-end, engine or history"),
            },
            "--json" | "--dir" | "--keep" => match words.next() {
                Some(path) => known.push(std::path::absolute(path)?.to_string_lossy().into_owned()),
                None => bail!("{word} needs a path"),
            },
            other => bail!("\"{other}\" is not an option of bench\n\n{USAGE}"),
        }
    }
    Ok(known)
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
    fn options_of_bench_go_on_to_the_program_that_measures() {
        let words =
            ["--short", "--only", "engine", "--json", "/tmp/figures.json"].map(str::to_owned).to_vec();
        assert_eq!(parse(&format!("bench {}", words.join(" "))).unwrap(), Task::Bench(words));
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for line in ["rum", "run --headles", "run --data-dir", "test rust", "check now", "bench --only disk"]
        {
            assert!(parse(line).is_err(), "{line} must be refused");
        }
    }
}
