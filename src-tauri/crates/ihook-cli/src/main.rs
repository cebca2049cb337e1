//! `ihook`: the program without a window. `serve` receives and runs, `call` gives a running server a command.

mod call;
mod doctor;
mod options;
mod restore;
mod sandbox;
mod serve;
mod signals;
mod start_anew;

use std::process::ExitCode;

use clap::Parser;

use options::{Command, Options};

fn main() -> ExitCode {
    let options = Options::parse();
    tracing_subscriber::fmt()
        .with_env_filter(ihook_app::config::log_filter())
        .with_writer(std::io::stderr)
        .init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.into()),
    };
    let result = runtime.block_on(async {
        match options.command {
            Command::Serve(options) => serve::serve(options).await,
            Command::Call(options) => call::call(options).await,
            Command::Sandbox(options) => sandbox::sandbox(options).await,
            Command::Doctor(options) => doctor::doctor(options).await,
            Command::Restore(options) => restore::restore(options).await,
            Command::StartAnew(options) => start_anew::start_anew(options).await,
        }
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error),
    }
}

#[expect(clippy::print_stderr, reason = "the program's own words to whoever started it")]
fn failed(error: &anyhow::Error) -> ExitCode {
    eprintln!("ihook: {error:#}");
    ExitCode::FAILURE
}
