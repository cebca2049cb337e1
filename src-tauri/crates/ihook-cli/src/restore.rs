//! `ihook restore`: puts a backup in the place of a database that no program uses, such as one that cannot start.

use anyhow::{Context, bail};
use ihook_app::clock::SystemClock;

use crate::options::{self, Restore};
use crate::output::mention;

/// Restores and says where everything is.
#[expect(clippy::unused_async, reason = "every subcommand has this form")]
pub(crate) async fn restore(options: Restore) -> anyhow::Result<()> {
    let data_dir = options::data_dir(options.data_dir)?;
    let backup = std::path::absolute(&options.file).context("the backup's path cannot be read")?;
    if !backup.is_file() {
        bail!("{} is not a file: name the backup to restore", backup.display());
    }
    let kept = ihook_app::restore(&data_dir, &backup, &SystemClock::new())?;
    mention(&format!("{} now holds the backup {}.", data_dir.display(), backup.display()));
    if let Some(kept) = kept {
        mention(&format!("The database that was there is kept as {}.", kept.display()));
    }
    mention("Runs that had not ended when the backup was made are held: they may have been written since.");
    Ok(())
}
