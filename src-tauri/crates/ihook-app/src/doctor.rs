//! Looks at a data directory without changing it.

use std::path::Path;

use ihook_store::{Health, OpenError, Summary, copies};
use jiff::{SignedDuration, Timestamp};

use crate::clock::Clock;
use crate::restore::DATABASE;
use crate::settings::Stored;
use crate::{disk, instance, set_up};

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
pub fn examine(data_dir: &Path, clock: &dyn Clock) -> Vec<Check> {
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
    match disk::network_drive(data_dir) {
        Some(kind) => add("directory", false, disk::notice(kind, data_dir)),
        None => add("directory", true, "is there".to_owned()),
    }
    match instance::admin_address(data_dir) {
        Ok(address) => add("server", true, format!("takes commands at {}", address.admin)),
        Err(_none) => add("server", true, "none is running headless on it".to_owned()),
    }
    let database = data_dir.join(DATABASE);
    if ihook_store::is_missing(&database) && !set_up::is_known(data_dir) {
        add("database", true, "not created yet".to_owned());
        return checks;
    }
    match look(&database) {
        Ok(found) => {
            let Health { schema, runs, .. } = found.health;
            add(
                "database",
                true,
                format!("sound, schema {schema}, {} workflows, {runs} runs", found.workflows),
            );
            for (name, words) in about(&Stored::read(found.settings.as_deref())) {
                add(name, false, words);
            }
            add("space", true, sizes(&found.health));
            let (ok, words) = unfinished(&found.health, clock.now());
            add("unfinished", ok, words);
            if let Some(oldest) = found.health.oldest_finished {
                add("retention", true, format!("the run to go next ended {}", day(oldest)));
            }
        }
        Err(OpenError::InUse { .. }) => add(
            "database",
            true,
            "is open in a running iHook, which keeps others out: ask that one (ihook call database_health)"
                .to_owned(),
        ),
        Err(error) => add("database", false, error.to_string()),
    }
    let beside = copies::list(&database);
    let listed =
        beside.iter().map(|copy| format!("\n         {} ({})", copy.path.display(), size(copy.bytes)));
    let words = match beside.len() {
        0 => "no copy lies beside the database; backups made elsewhere are not known here".to_owned(),
        count => format!("{count} beside the database{}", listed.collect::<String>()),
    };
    add("backups", true, words);
    checks
}

fn look(database: &Path) -> Result<Summary, OpenError> {
    if ihook_store::is_missing(database) {
        return Err(OpenError::Lost { path: database.to_owned() });
    }
    Summary::of(database)
}

/// What is to be said of settings.
fn about(kept: &Stored) -> impl Iterator<Item = (&'static str, String)> {
    let faults = kept.faults.iter().map(|fault| ("settings", fault.message.clone()));
    let wide = kept.values.warnings().into_iter().map(|warning| ("proxies", warning));
    faults.chain(wide)
}

fn sizes(health: &Health) -> String {
    format!(
        "{} in use, {} free within the file, log {}",
        size(health.used_bytes),
        size(health.free_bytes),
        size(health.log_bytes)
    )
}

fn unfinished(health: &Health, now: Timestamp) -> (bool, String) {
    let Some(oldest) = health.oldest_unfinished else { return (true, "no run".to_owned()) };
    let age = now.as_millisecond() - oldest;
    let old = age > SignedDuration::from_hours(72).as_millis().try_into().unwrap_or(i64::MAX);
    let advice = if old { ": decide or cancel what is held" } else { "" };
    (!old, format!("{} runs, the oldest received {}{advice}", health.unfinished, day(oldest)))
}

fn day(millis: i64) -> String {
    Timestamp::from_millisecond(millis).map(|at| at.strftime("%Y-%m-%d").to_string()).unwrap_or_default()
}

fn size(bytes: u64) -> String {
    match bytes {
        0..100_000 => format!("{bytes} bytes"),
        100_000..1_000_000_000 => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
        _ => format!("{}.{} GB", bytes / 1_000_000_000, bytes / 100_000_000 % 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_said_in_words() {
        let check = |bytes, words| assert_eq!(size(bytes), words);
        check(12, "12 bytes");
        check(1_250_000, "1.2 MB");
        check(20_000_000_000, "20.0 GB");
    }
}
