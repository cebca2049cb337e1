//! What the commands print: headings, plain lines and failures.

use std::io::{IsTerminal, Write, stderr, stdout};

/// One plain line. A closed pipe at the other end is no reason to stop.
pub(crate) fn line(text: &str) {
    let _ = writeln!(stdout(), "{text}");
}

/// The start of a step, set off from the output of the step before.
pub(crate) fn heading(text: &str) {
    let _ = stdout().flush();
    if stdout().is_terminal() {
        line(&format!("\n\u{1b}[1m== {text}\u{1b}[0m"));
    } else {
        line(&format!("\n== {text}"));
    }
}

/// Something that went wrong, on standard error.
pub(crate) fn failure(text: &str) {
    let _ = stdout().flush();
    let _ = writeln!(stderr(), "\nerror: {text}");
}
