//! Installs Node packages and builds the user interface, each only when its sources changed.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use anyhow::{Context, Result};

use crate::children::Step;
use crate::{place, say};

/// What a build of the user interface is made of, below `ui/`.
const SOURCES: [&str; 7] =
    ["src", "public", "index.html", "package.json", "package-lock.json", "vite.config.ts", "tsconfig.json"];

/// Installs what `package-lock.json` names, unless that was done already.
pub(crate) fn install(directory: &str) -> Result<()> {
    let home = place::root().join(directory);
    let lock = fs::read(home.join("package-lock.json"))
        .with_context(|| format!("{directory} has no package-lock.json"))?;
    let stamp = place::stamp(&format!("{}.lock", directory.replace('/', "-")))?;
    if home.join("node_modules").is_dir() && fs::read(&stamp).is_ok_and(|done| done == lock) {
        say::line(&format!("Node packages of {directory}: up to date."));
        return Ok(());
    }
    // Forgotten first: an installation that breaks off must not count as done.
    let _ = fs::remove_file(&stamp);
    Step::npm(directory, &["ci", "--no-audit", "--no-fund"]).run()?;
    fs::write(&stamp, lock).context("cannot note that the Node packages are installed")
}

/// Builds `ui/dist`, unless it is of these very sources: a rewritten one compiles the desktop shell again.
pub(crate) fn build() -> Result<()> {
    let home = place::root().join("ui");
    let stamp = place::stamp("ui.sources")?;
    let sources = fingerprint(&home)?;
    let built = home.join("dist").join("index.html").is_file();
    if built && fs::read_to_string(&stamp).is_ok_and(|done| done == sources) {
        say::line("User interface: up to date.");
        return Ok(());
    }
    let _ = fs::remove_file(&stamp);
    Step::npm("ui", &["run", "build"]).run()?;
    fs::write(&stamp, sources).context("cannot note that the user interface is built")
}

fn fingerprint(home: &Path) -> Result<String> {
    let mut files = BTreeMap::new();
    for name in SOURCES {
        collect(&home.join(name), &mut files)?;
    }
    let mut hasher = DefaultHasher::new();
    files.hash(&mut hasher);
    Ok(format!("{:016x}", hasher.finish()))
}

fn collect(path: &Path, files: &mut BTreeMap<String, Vec<u8>>) -> Result<()> {
    let name = path.to_string_lossy().into_owned();
    if path.is_dir() {
        for entry in fs::read_dir(path).with_context(|| format!("cannot list {name}"))? {
            collect(&entry?.path(), files)?;
        }
    } else if path.is_file() && !name.contains(".test.") {
        files.insert(name.clone(), fs::read(path).with_context(|| format!("cannot read {name}"))?);
    }
    Ok(())
}
