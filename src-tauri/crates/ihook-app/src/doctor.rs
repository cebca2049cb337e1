//! Looks at a data directory without changing it.

use std::path::Path;

use ihook_store::Store;

use crate::instance;

/// One thing that was looked at.
#[derive(Debug)]
pub struct Check {
    /// What.
    pub name: &'static str,
    /// Whether it is as it should be.
    pub ok: bool,
    /// What was found, and what to do.
    pub message: String,
}

/// Everything that can be said of a data directory.
#[must_use]
pub fn examine(data_dir: &Path) -> Vec<Check> {
    let mut checks = Vec::new();
    let mut add = |name, ok, message: String| checks.push(Check { name, ok, message });
    if !data_dir.is_dir() {
        add(
            "directory",
            false,
            "it does not exist: start iHook once, or name another with --data-dir".to_owned(),
        );
        return checks;
    }
    add("directory", true, "is there".to_owned());
    match instance::admin_address(data_dir) {
        Ok(address) => add("server", true, format!("takes commands at {}", address.admin)),
        Err(_none) => add("server", true, "none is running headless on it".to_owned()),
    }
    let database = data_dir.join("ihook.db");
    if !database.exists() {
        add("database", true, "not created yet".to_owned());
        return checks;
    }
    match Store::examine(&database) {
        Ok(summary) => add("database", true, summary),
        Err(error) => add("database", false, error.to_string()),
    }
    checks
}
