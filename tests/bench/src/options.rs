//! What the command line asks for.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand, ValueEnum};
use tempfile::TempDir;

#[derive(Debug, Parser)]
#[command(about = "Measures ihook; use it through cargo xtask bench")]
pub(crate) struct Options {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Measure.
    Run(Run),
    /// The limit to compare with: an axum handler that parses JSON and stores nothing.
    Bare,
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    /// The ihook program.
    #[arg(long, value_name = "FILE")]
    pub(crate) program: PathBuf,
    /// Everything once and small: shows that it works, measures nothing.
    #[arg(long)]
    pub(crate) short: bool,
    /// Only this part; may be given again.
    #[arg(long, value_enum, value_name = "PART")]
    only: Vec<Part>,
    /// Write the figures to this file as well.
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// Work below this directory, on the disk that is to be measured; the system's temporary one when not given.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Keep the filled databases of the history part here, and use those that are there.
    #[arg(long, value_name = "DIR")]
    pub(crate) keep: Option<PathBuf>,
}

/// A part of the measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Deliveries acknowledged per second.
    Receive,
    /// From the POST to the insert that arrives at the sandbox.
    EndToEnd,
    /// Two and three steps with 200 runs in flight, as workflow engines publish themselves.
    Steps,
    /// Validation and rendering.
    Engine,
    /// Lists, search and statistics over many stored runs.
    History,
}

impl Run {
    pub(crate) fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }

    /// How often a measurement is repeated; the median counts.
    pub(crate) fn repeats(&self) -> usize {
        if self.short { 1 } else { 3 }
    }

    /// A fresh directory on the disk that is measured.
    pub(crate) fn fresh_dir(&self) -> Result<TempDir> {
        match &self.dir {
            Some(dir) => make_in(dir),
            None => tempfile::tempdir().context("cannot make a temporary directory"),
        }
    }
}

fn make_in(dir: &Path) -> Result<TempDir> {
    tempfile::tempdir_in(dir).with_context(|| format!("cannot work below {}", dir.display()))
}
