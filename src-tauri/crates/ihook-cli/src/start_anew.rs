//! `ihook start-anew`: makes an empty database where the one that was there is lost.

use ihook_app::clock::SystemClock;

use crate::options::{self, StartAnew};

/// Makes it and says what stays.
#[expect(clippy::unused_async, reason = "every subcommand has this form")]
#[expect(clippy::print_stdout, reason = "what was done is the program's output")]
pub(crate) async fn start_anew(options: StartAnew) -> anyhow::Result<()> {
    let data_dir = options::data_dir(options.data_dir)?;
    ihook_app::start_anew(&data_dir, &SystemClock)?;
    println!("{} now holds an empty database.", data_dir.display());
    println!("Secrets, backups and the sandbox's data that lie there were left as they are.");
    Ok(())
}
