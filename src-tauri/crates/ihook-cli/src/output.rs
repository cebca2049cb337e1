//! What the program says on standard output. Unlike the macros for it, a place that takes nothing is an error.

use std::io::{self, Write};

/// One line, at once: whoever started us may be waiting for it.
///
/// # Errors
/// When it cannot be written: a full disk, a reader that is gone.
pub(crate) fn say(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

/// One line about something that was done, whether or not anybody can read it.
pub(crate) fn mention(line: &str) {
    if let Err(error) = say(line) {
        tracing::warn!(%error, line, "output.not_written");
    }
}
