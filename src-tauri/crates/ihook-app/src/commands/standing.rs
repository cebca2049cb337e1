//! How things stand, in one word: what the tray's icon and the top bar show.

use ihook_store::workflow::{self, Status};
use ihook_store::{connection, run};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Nothing;
use super::status::Refusing;
use crate::App;
use crate::error::WireError;

/// The worst that is true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Standing {
    /// Deliveries are refused: none can be stored, or a workflow cannot take its own.
    Refusing,
    /// A connection cannot be used: its runs wait.
    Trouble,
    /// Runs need a person.
    Look,
    /// Nothing is received, or what is received waits.
    Paused,
    /// All is well.
    Receiving,
}

/// The answer.
#[derive(Debug, Serialize, TS)]
pub(crate) struct Stands {
    /// How things stand.
    pub standing: Standing,
    /// Active workflows that take their deliveries.
    pub taking: usize,
    /// Paused ones that do: what comes waits.
    pub paused: usize,
    /// Active and paused ones that answer 503.
    pub refusing: usize,
}

pub(super) async fn standing(app: &App, _request: Nothing) -> Result<Stands, WireError> {
    let (mut taking, mut paused, mut refusing) = (0, 0, 0);
    let stops = app.upkeep().not_receiving().is_some();
    for endpoint in app.endpoints().all().values().filter(|endpoint| endpoint.status.accepts()) {
        match endpoint.status {
            _ if stops || Refusing::of(app, endpoint).is_some() => refusing += 1,
            Status::Paused => paused += 1,
            _ => taking += 1,
        }
    }
    // What cannot be stored may not be read either.
    let standing = if stops || refusing > 0 { Standing::Refusing } else { of_the_rest(app).await? };
    Ok(Stands { standing, taking, paused, refusing })
}

/// How things stand where every workflow takes its deliveries.
async fn of_the_rest(app: &App) -> Result<Standing, WireError> {
    let (sites, statuses, look) = app
        .store()
        .read(|database| {
            let workflows = workflow::list(database)?;
            let mut look = 0;
            for row in &workflows {
                look += run::open_counts(database, row.id)?.1;
            }
            let statuses: Vec<_> = workflows.into_iter().map(|row| row.status).collect();
            Ok((connection::list(database)?, statuses, look))
        })
        .await?;
    let trouble = sites.iter().any(|site| app.workers().trouble(&site.name).is_some());
    Ok(worst(trouble, look, &statuses))
}

fn worst(trouble: bool, look: u64, workflows: &[Status]) -> Standing {
    if trouble {
        Standing::Trouble
    } else if look > 0 {
        Standing::Look
    } else if workflows.contains(&Status::Paused) || !workflows.contains(&Status::Active) {
        Standing::Paused
    } else {
        Standing::Receiving
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_counts() {
        let check = |trouble, look, workflows: &[Status], expected| {
            assert_eq!(worst(trouble, look, workflows), expected, "{trouble} {look} {workflows:?}");
        };
        check(false, 0, &[Status::Active, Status::Disabled], Standing::Receiving);
        check(false, 0, &[Status::Active, Status::Paused], Standing::Paused);
        check(false, 0, &[Status::Draft], Standing::Paused);
        check(false, 3, &[Status::Paused], Standing::Look);
        check(true, 1, &[Status::Active], Standing::Trouble);
    }
}
