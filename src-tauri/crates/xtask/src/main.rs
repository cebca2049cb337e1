//! The developer's commands: `cargo xtask run | test | bench | check | icons`.

mod bench;
mod children;
mod desktop;
mod headless;
mod icons;
mod keyring;
mod machine;
mod options;
mod place;
mod quality;
mod say;
mod stages;
mod tally;
mod ui;

use std::process::ExitCode;

use anyhow::Result;

use crate::options::{Options, Task};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    children::end_with_this_program();
    match Options::parse(&arguments).and_then(|options| carry_out(&options)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            say::failure(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// Answers whether everything asked for went well; an error is a reason to stop at once.
fn carry_out(options: &Options) -> Result<bool> {
    match &options.task {
        Task::Run(run) => desktop::run(run).map(|()| true),
        Task::Test { only } => stages::test(only.as_deref()),
        Task::Bench(words) => bench::bench(words).map(|()| true),
        Task::Check => quality::check(),
        Task::Icons => icons::draw().map(|()| true),
        Task::Usage => {
            say::line(options::USAGE);
            Ok(true)
        }
    }
}
