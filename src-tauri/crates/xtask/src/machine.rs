//! Prepares the computer: Debian packages and the Node version.

use anyhow::{Context, Result, bail};

use crate::children::Step;
use crate::{place, say};

/// A Debian package, and the program that shows it is not needed (another system, or another package, has it).
struct Package {
    name: &'static str,
    unless: Option<&'static str>,
}

const fn package(name: &'static str, unless: Option<&'static str>) -> Package {
    Package { name, unless }
}

/// To compile: a linker and C compiler, for SQLite too.
const COMPILER: [Package; 1] = [package("build-essential", Some("cc"))];

/// To build the window.
const WINDOW: [Package; 2] =
    [package("pkg-config", Some("pkg-config")), package("libwebkit2gtk-4.1-dev", None)];

/// To test without a screen: a browser, a display, a driver for the real window, a keyring of its own, and the
/// proxies that docs/operations.md has configurations for.
const TESTS: [Package; 9] = [
    package("chromium", Some("chromium")),
    package("xvfb", Some("Xvfb")),
    package("xauth", Some("xauth")),
    package("webkit2gtk-driver", Some("WebKitWebDriver")),
    package("dbus", Some("dbus-run-session")),
    package("gnome-keyring", Some("gnome-keyring-daemon")),
    package("fonts-dejavu-core", None),
    package("nginx", Some("nginx")),
    package("caddy", Some("caddy")),
];

/// The oldest Node that Vite runs on.
const OLDEST_NODE: (u32, u32) = (20, 19);

/// What the commands need of the computer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// `ihook serve` and the user interface.
    Server,
    /// The desktop program.
    Desktop,
    /// Every check and test.
    Tests,
}

/// Installs what is missing and says in words what it cannot fix.
pub(crate) fn prepare(need: Need) -> Result<()> {
    say::heading("This computer");
    let mut wanted: Vec<&Package> = COMPILER.iter().collect();
    if need != Need::Server {
        wanted.extend(&WINDOW);
    }
    if need == Need::Tests {
        wanted.extend(&TESTS);
    }
    if cfg!(target_os = "linux") {
        packages(&wanted)?;
        if need != Need::Server {
            webkit()?;
        }
    }
    node()
}

/// Another package, for a command that needs it only now.
pub(crate) fn also(name: &'static str, program: &'static str) -> Result<()> {
    if cfg!(target_os = "linux") { packages(&[&package(name, Some(program))]) } else { Ok(()) }
}

fn packages(wanted: &[&Package]) -> Result<()> {
    let missing: Vec<&str> =
        wanted.iter().filter(|package| !present(package)).map(|package| package.name).collect();
    if missing.is_empty() {
        say::line("System packages: all there.");
        return Ok(());
    }
    let names = missing.join(" ");
    if !place::on_path("apt-get") {
        say::line(&format!(
            "This system has no apt-get. Where a step below fails, install what Debian calls: {names}"
        ));
        return Ok(());
    }
    say::line(&format!("Missing system packages: {names}"));
    apt(&["update"])?;
    let mut install = vec!["install", "--yes", "--no-install-recommends"];
    install.extend(&missing);
    apt(&install).with_context(|| format!("these packages could not be installed: {names}"))
}

fn present(package: &Package) -> bool {
    if package.unless.is_some_and(place::on_path) {
        return true;
    }
    let status =
        Step::new("dpkg-query").args(&["--show", "--showformat", "${db:Status-Status}", package.name]);
    status.answer().is_some_and(|status| status == "installed")
}

fn apt(arguments: &[&str]) -> Result<()> {
    let root = Step::new("id").args(&["-u"]).answer().is_some_and(|id| id == "0");
    if root {
        return Step::new("apt-get").args(arguments).env("DEBIAN_FRONTEND", "noninteractive").in_foreground();
    }
    if !place::on_path("sudo") {
        bail!("run this as root, or with sudo installed: apt-get {}", arguments.join(" "));
    }
    Step::new("sudo").args(&["DEBIAN_FRONTEND=noninteractive", "apt-get"]).args(arguments).in_foreground()
}

/// Whether the window can be compiled here.
pub(crate) fn has_webkit() -> bool {
    !cfg!(target_os = "linux") || webkit_version().is_some()
}

fn webkit_version() -> Option<String> {
    Step::new("pkg-config").args(&["--modversion", "webkit2gtk-4.1"]).answer()
}

fn webkit() -> Result<()> {
    let version = webkit_version().context(
        "pkg-config cannot find webkit2gtk-4.1, which draws the window. Install WebKitGTK's development files \
         (Fedora: webkit2gtk4.1-devel, Arch: webkit2gtk-4.1), or use cargo xtask run --headless.",
    )?;
    say::line(&format!("WebKitGTK {version}"));
    Ok(())
}

fn node() -> Result<()> {
    let (major, minor) = OLDEST_NODE;
    let advice = format!(
        "Install Node.js {major}.{minor} or later, with npm, from https://nodejs.org, and try again."
    );
    let Some(version) = Step::new("node").args(&["--version"]).answer() else {
        bail!("Node.js was not found. {advice}");
    };
    let enough = numbers(&version).is_some_and(|found| found >= OLDEST_NODE);
    if !enough {
        bail!("Node.js {version} is too old to build the user interface. {advice}");
    }
    let Some(npm) = Step::npm("", &["--version"]).answer() else {
        bail!("Node.js {version} is there, but npm is not. {advice}");
    };
    say::line(&format!("Node {version}, npm {npm}"));
    Ok(())
}

/// Major and minor of `v20.20.2`.
fn numbers(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.trim_start_matches('v').split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        assert_eq!(numbers("v20.20.2"), Some((20, 20)));
        assert!(numbers("v9.99.0") < Some(OLDEST_NODE), "nine is less than twenty");
        assert!(numbers("v22.3.0-nightly") > Some(OLDEST_NODE));
        assert_eq!(numbers("node"), None);
    }
}
