//! What can be said on the command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Turns webhooks into iMIS records.
#[derive(Debug, Parser)]
#[command(name = "ihook", version, about)]
pub(crate) struct Options {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Receive webhooks and run workflows, until SIGTERM.
    Serve(Serve),
    /// Give the running server of a data directory a command.
    Call(Call),
    /// Run only the built-in iMIS-compatible sandbox.
    Sandbox(Sandbox),
    /// Look at a data directory and say what is wrong with it.
    Doctor(Doctor),
    /// Put a backup in the place of a database that no program uses.
    Restore(Restore),
    /// Make an empty database in the place of one that is lost.
    StartAnew(StartAnew),
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Where the database and the sandbox's data lie; the desktop program's place when not given.
    #[arg(long, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Where webhooks are received; port 0 takes any free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8787")]
    pub(crate) listen: SocketAddr,
    /// Where commands and the UI are served; a loopback address.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8788")]
    pub(crate) admin: SocketAddr,
    /// Where the built-in iMIS-compatible sandbox listens.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8789", conflicts_with = "no_sandbox")]
    pub(crate) sandbox: SocketAddr,
    /// Run without the sandbox.
    #[arg(long)]
    pub(crate) no_sandbox: bool,
    /// Where passwords and hook URLs are kept; when not given, where they are, and at first in the keyring.
    #[arg(long, value_enum)]
    pub(crate) secrets: Option<Secrets>,
    /// A file whose first line is the admin token; a fresh token when not given.
    #[arg(long, value_name = "FILE")]
    pub(crate) admin_token_file: Option<PathBuf>,
    /// Create the tutorial's check-in workflow when the data directory is new.
    #[arg(long)]
    pub(crate) seed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Secrets {
    /// The keyring of the operating system.
    Keyring,
    /// An encrypted file in the data directory.
    File,
}

#[derive(Debug, Args)]
pub(crate) struct Call {
    /// The command, such as `workflow_list`.
    pub(crate) command: String,
    /// Its request as JSON; `-` reads it from standard input.
    #[arg(default_value = "{}")]
    pub(crate) request: String,
    /// The server's data directory; the desktop program's place when not given.
    #[arg(long, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Sandbox {
    /// Where its data lies; in memory when not given.
    #[arg(long, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Where it listens.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8789")]
    pub(crate) listen: SocketAddr,
}

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// The data directory; the desktop program's place when not given.
    #[arg(long, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// The backup. It is only read.
    pub(crate) file: PathBuf,
    /// The data directory; the desktop program's place when not given.
    #[arg(long, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct StartAnew {
    /// The data directory; the desktop program's place when not given.
    #[arg(long, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
}

/// The data directory meant.
pub(crate) fn data_dir(given: Option<PathBuf>) -> anyhow::Result<PathBuf> {
    given
        .or_else(ihook_app::config::default_data_dir)
        .ok_or_else(|| anyhow::anyhow!("this account has no home directory: name a place with --data-dir"))
}
