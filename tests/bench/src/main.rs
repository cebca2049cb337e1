//! `cargo xtask bench`: starts the real program on a fresh directory, puts load on it and prints what it does,
//! with the limits of this very machine beside it, so that the figures that matter are ratios.

mod bare;
mod check_in;
mod disk;
mod end_to_end;
mod engine;
mod history;
mod line;
mod load;
mod numbers;
mod options;
mod receive;
mod report;
mod server;
mod steps;
mod stored;

use std::io::Write;
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use options::{Command, Options, Part, Run};
use report::Report;

fn main() -> ExitCode {
    match carry_out(Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out(options: Options) -> Result<()> {
    match options.command {
        Command::Bare => tokio::runtime::Runtime::new()?.block_on(bare::serve()),
        // One thread: the load is to leave as much of the machine to the program as it can.
        Command::Run(run) => {
            tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(measure(&run))
        }
    }
}

/// A missed bar is a finding, not a failure: only what could not be measured is an error.
async fn measure(run: &Run) -> Result<()> {
    let mut report = Report::new(run.short);
    if run.wants(Part::Receive) {
        receive::measure(run, &mut report).await?;
    }
    if run.wants(Part::EndToEnd) {
        end_to_end::measure(run, &mut report).await?;
    }
    if run.wants(Part::Steps) {
        steps::measure(run, &mut report).await?;
    }
    if run.wants(Part::Engine) {
        engine::measure(run, &mut report).await?;
    }
    if run.wants(Part::History) {
        history::measure(run, &mut report).await?;
    }
    report.conclude();
    if let Some(file) = &run.json {
        report.save(file)?;
    }
    Ok(())
}
