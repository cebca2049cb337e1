//! Serves iHook to a browser, where there is no display to open a window on.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;

use anyhow::{Context, Result, bail};

use crate::children::Step;
use crate::options::Run;
use crate::{place, say};

/// The ports a person finds in the manual: hooks, admin, sandbox.
const PORTS: [(&str, u16); 3] = [("--listen", 8787), ("--admin", 8788), ("--sandbox", 8789)];

/// A Linux machine without a display seldom has a keyring that answers; the others always have one.
const SECRETS: &str = if cfg!(target_os = "linux") { "file" } else { "keyring" };

/// Starts `ihook serve`, prints where it is, and waits until it ends.
pub(crate) fn serve(options: &Run) -> Result<()> {
    say::heading("iHook without a window");
    let mut step =
        Step::new(place::program("ihook", options.release)?).args(&["serve", "--seed", "--secrets", SECRETS]);
    if let Some(directory) = &options.data_dir {
        step = step.arg("--data-dir").arg(directory);
    }
    for (option, port) in PORTS {
        step = step.arg(option).arg(format!("127.0.0.1:{}", free(port)));
    }
    let (mut child, running) = step.piped()?;
    let output = child.stdout.take().context("ihook has no output")?;
    let mut lines = BufReader::new(output).lines();
    let Some(ready) = lines.next().transpose()? else {
        let status = child.wait()?;
        drop(running);
        bail!("ihook did not start ({status}); what it said above tells why");
    };
    announce(&ready)?;
    for line in lines {
        say::line(&line?);
    }
    let status = child.wait()?;
    drop(running);
    if !status.success() {
        bail!("ihook ended with {status}");
    }
    Ok(())
}

/// The port, or 0 for any free one where something has it already.
fn free(port: u16) -> u16 {
    if TcpListener::bind(("127.0.0.1", port)).is_ok() {
        return port;
    }
    say::line(&format!("Port {port} is in use by another program: taking any free one instead."));
    0
}

fn announce(ready: &str) -> Result<()> {
    let ready_line =
        |name| member(ready, name).with_context(|| format!("ihook's first line has no {name}: {ready}"));
    say::line("\niHook is running. Open this address in a browser on this computer:\n");
    say::line(&format!("  {}/#token={}\n", ready_line("admin")?, ready_line("adminToken")?));
    let (_, port) = ready_line("admin")?.rsplit_once(':').context("ihook's address has no port")?;
    say::line(&format!("From another computer, first: ssh -L {port}:127.0.0.1:{port} THIS-COMPUTER\n"));
    say::line(&format!("Webhooks arrive at {}.", ready_line("hooks")?));
    if let Some(sandbox) = member(ready, "sandbox") {
        say::line(&format!("The iMIS sandbox is at {sandbox}."));
    }
    say::line("Ctrl+C stops it.");
    Ok(())
}

/// The text of a member in the one line that says iHook is ready: flat, and without anything escaped.
fn member<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = line.split_once(&format!("\"{name}\":"))?;
    let (value, _) = rest.trim_start().strip_prefix('"')?.split_once('"')?;
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_of_the_ready_line_are_found() {
        let line = r#"{"ready":true,"hooks":"http://127.0.0.1:1","admin": "http://127.0.0.1:2","adminToken":"a-b_c","sandbox":null}"#;
        assert_eq!(member(line, "hooks"), Some("http://127.0.0.1:1"));
        assert_eq!(member(line, "admin"), Some("http://127.0.0.1:2"), "adminToken is another member");
        assert_eq!(member(line, "adminToken"), Some("a-b_c"));
        assert_eq!(member(line, "sandbox"), None);
        assert_eq!(member(line, "absent"), None);
    }
}
