//! Starts other programs, shows what they say, and sees to it that none of them outlives this command.

#[cfg(not(unix))]
#[path = "children/other.rs"]
mod ending;
#[cfg(unix)]
#[path = "children/unix.rs"]
mod ending;

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, IsTerminal, Read, stdout};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::{place, say};

pub(crate) use ending::end_with_this_program;

/// What `cargo run` adds for this program. Passed on, some build scripts would take it for a change and run again.
const OF_THIS_PROGRAM: [&str; 5] =
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_NAME", "CARGO_PRIMARY_PACKAGE"];

/// How long the pipes of a program that has ended may stay open: something it left behind may hold them.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// A program to be started.
pub(crate) struct Step {
    command: Command,
}

impl Step {
    /// The program is looked for on the path and works in the project's root.
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        ending::wait_if_ending();
        let mut command = Command::new(program);
        command.current_dir(place::root()).stdin(Stdio::null());
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if OF_THIS_PROGRAM.iter().any(|start| text.starts_with(start)) {
                command.env_remove(&name);
            }
        }
        if stdout().is_terminal() {
            command.env("CARGO_TERM_COLOR", "always").env("FORCE_COLOR", "1");
        } else {
            command.env("NO_COLOR", "1");
        }
        Self { command }
    }

    /// cargo, with its arguments.
    pub(crate) fn cargo(arguments: &[&str]) -> Self {
        Self::new(place::cargo()).args(arguments)
    }

    /// npm in a directory below the root, with its arguments.
    pub(crate) fn npm(directory: &str, arguments: &[&str]) -> Self {
        // On Windows npm is a script, which only a shell starts.
        let step = if cfg!(windows) { Self::new("cmd").args(&["/C", "npm"]) } else { Self::new("npm") };
        step.args(arguments).within(&place::root().join(directory))
    }

    pub(crate) fn args(mut self, arguments: &[&str]) -> Self {
        self.command.args(arguments);
        self
    }

    pub(crate) fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn within(mut self, directory: &Path) -> Self {
        self.command.current_dir(directory);
        self
    }

    /// The command as one would type it.
    pub(crate) fn shown(&self) -> String {
        let program = Path::new(self.command.get_program());
        let words = self.command.get_args().map(|word| word.to_string_lossy().into_owned());
        let name = program.file_name().unwrap_or(program.as_os_str()).to_string_lossy().into_owned();
        std::iter::once(name).chain(words).collect::<Vec<_>>().join(" ")
    }

    /// Runs it to its end and shows what it says. Failing is an error that names the command.
    pub(crate) fn run(self) -> Result<()> {
        self.watched(|_| ())
    }

    /// As `run`, with a look at every line of either output.
    pub(crate) fn watched(mut self, mut look: impl FnMut(&str)) -> Result<()> {
        let shown = self.shown();
        say::line(&format!("$ {shown}"));
        self.command.stdout(Stdio::piped()).stderr(Stdio::piped());
        ending::in_own_group(&mut self.command);
        let mut child = self.command.spawn().with_context(|| format!("cannot start {shown}"))?;
        let group = ending::Group::of(&child);
        let lines = lines_of(&mut child);
        let status = loop {
            match lines.recv_timeout(Duration::from_millis(50)) {
                Ok(text) => show(&text, &mut look),
                Err(RecvTimeoutError::Timeout) => {
                    if let Some(status) = child.try_wait()? {
                        break status;
                    }
                }
                Err(RecvTimeoutError::Disconnected) => break child.wait()?,
            }
        };
        drop(group);
        let end = Instant::now() + LAST_WORDS;
        while let Ok(text) = lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
            show(&text, &mut look);
        }
        if !status.success() {
            bail!("{shown} failed ({status})");
        }
        Ok(())
    }

    /// Runs it on the terminal as if typed there: it may ask for a password, and Ctrl+C reaches it first.
    pub(crate) fn in_foreground(mut self) -> Result<()> {
        let shown = self.shown();
        say::line(&format!("$ {shown}"));
        self.command.stdin(Stdio::inherit());
        let mut child = self.command.spawn().with_context(|| format!("cannot start {shown}"))?;
        let alone = ending::Group::alone(&child);
        let status = child.wait()?;
        drop(alone);
        if !status.success() {
            bail!("{shown} failed ({status})");
        }
        Ok(())
    }

    /// Runs it silently and answers what it printed; `None` when it is missing or fails.
    pub(crate) fn answer(mut self) -> Option<String> {
        let output = self.command.stderr(Stdio::null()).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Starts it on the terminal with its standard output piped to us.
    pub(crate) fn piped(mut self) -> Result<(Child, ending::Group)> {
        let shown = self.shown();
        say::line(&format!("$ {shown}"));
        let child =
            self.command.stdout(Stdio::piped()).spawn().with_context(|| format!("cannot start {shown}"))?;
        let alone = ending::Group::alone(&child);
        Ok((child, alone))
    }
}

fn show(text: &str, look: &mut impl FnMut(&str)) {
    say::line(text);
    look(text);
}

fn lines_of(child: &mut Child) -> Receiver<String> {
    let (sender, receiver) = channel();
    if let Some(out) = child.stdout.take() {
        forward(out, sender.clone());
    }
    if let Some(err) = child.stderr.take() {
        forward(err, sender);
    }
    receiver
}

fn forward(pipe: impl Read + Send + 'static, sender: Sender<String>) {
    thread::spawn(move || {
        let mut pipe = BufReader::new(pipe);
        let mut bytes = Vec::new();
        while pipe.read_until(b'\n', &mut bytes).is_ok_and(|read| read > 0) {
            let text = String::from_utf8_lossy(&bytes).trim_end_matches(['\n', '\r']).to_owned();
            if sender.send(text).is_err() {
                return;
            }
            bytes.clear();
        }
    });
}
