//! `ihook start-anew`: makes an empty database where the one that was there is lost.

use ihook_app::clock::SystemClock;

use crate::options::{self, StartAnew};
use crate::output::mention;

/// Makes it and says what stays.
#[expect(clippy::unused_async, reason = "every subcommand has this form")]
pub(crate) async fn start_anew(options: StartAnew) -> anyhow::Result<()> {
    let data_dir = options::data_dir(options.data_dir)?;
    ihook_app::start_anew(&data_dir, &SystemClock::new())?;
    mention(&format!("{} now holds an empty database.", data_dir.display()));
    mention("Secrets, backups and the sandbox's data that lie there were left as they are.");
    Ok(())
}
