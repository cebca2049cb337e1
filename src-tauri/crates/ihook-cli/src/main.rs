//! `ihook`: the program without a window. `serve` receives and runs, `call` gives a running server a command.

mod call;
mod doctor;
mod options;
mod output;
mod restore;
mod sandbox;
mod serve;
mod signals;
mod start_anew;

use std::process::ExitCode;

use clap::Parser;
use ihook_app::log::Log;

use options::{Command, Options};

fn main() -> ExitCode {
    let options = Options::parse();
    let log = ihook_app::log::start();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&log, &error.into()),
    };
    let result = runtime.block_on(async {
        match options.command {
            Command::Serve(options) => serve::serve(options, log.redactor().clone()).await,
            Command::Call(options) => call::call(options).await,
            Command::Sandbox(options) => sandbox::sandbox(options).await,
            Command::Doctor(options) => doctor::doctor(options).await,
            Command::Restore(options) => restore::restore(options).await,
            Command::StartAnew(options) => start_anew::start_anew(options).await,
        }
    });
    match result {
        Ok(()) => {
            log.end();
            ExitCode::SUCCESS
        }
        Err(error) => failed(&log, &error),
    }
}

fn failed(log: &Log, error: &anyhow::Error) -> ExitCode {
    log.say(&format!("ihook: {error:#}"));
    log.end();
    ExitCode::FAILURE
}
