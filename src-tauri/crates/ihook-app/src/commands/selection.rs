//! Which runs a command is about: those named, or all that a filter finds.

use std::collections::BTreeMap;

use ihook_store::run::{self, Filter, Run};
use ihook_store::{RunId, StoreError};

use super::id;
use super::runs::{RunListRequest, Wanted, wanted};
use crate::App;
use crate::error::WireError;

/// Runs of one command at most.
const MOST_RUNS: usize = 10_000;
/// Runs read at once.
const PAGE: u32 = 1000;

/// The runs, oldest first, each once.
pub(super) async fn chosen(
    app: &App,
    ids: Option<Vec<String>>,
    filter: Option<RunListRequest>,
) -> Result<Vec<Run>, WireError> {
    match (ids, filter) {
        (Some(ids), None) if ids.len() <= MOST_RUNS => {
            named(app, ids.iter().map(|text| id(text, "run")).collect::<Result<_, _>>()?).await
        }
        (Some(_), None) => {
            Err(WireError::bad_request(format!("At most {MOST_RUNS} runs at once: do it in parts.")))
        }
        (None, Some(filter)) => match wanted(filter)? {
            Wanted::One(run) => named(app, vec![run]).await,
            Wanted::All(filter) => found(app, filter).await,
        },
        (Some(_), Some(_)) | (None, None) => Err(WireError::bad_request("Give either ids or a filter.")),
    }
}

async fn named(app: &App, ids: Vec<RunId>) -> Result<Vec<Run>, WireError> {
    let read = app.store().read(move |database| {
        let mut runs = BTreeMap::new();
        for id in ids {
            let run = run::get(database, id)?;
            runs.insert(run.seq, run);
        }
        Ok(runs.into_values().collect())
    });
    read.await.map_err(|error| match error {
        StoreError::NotFound => WireError::not_found("run"),
        other => other.into(),
    })
}

async fn found(app: &App, filter: Filter) -> Result<Vec<Run>, WireError> {
    let (mut runs, mut before_seq): (Vec<Run>, _) = (Vec::new(), None);
    loop {
        let page = Filter { before_seq, limit: PAGE, ..filter.clone() };
        let page = app.store().read(move |database| run::list(database, &page)).await?;
        let is_full = page.runs.len() >= PAGE as usize;
        runs.extend(page.runs);
        before_seq =
            if is_full { runs.last().map(|run| run.seq) } else { page.reached.map(|reached| reached.seq) };
        if runs.len() > MOST_RUNS {
            return Err(WireError::bad_request(format!(
                "The filter finds more than {MOST_RUNS} runs: narrow it down, by time for example, and do it in parts."
            )));
        }
        if before_seq.is_none() {
            runs.reverse();
            return Ok(runs);
        }
    }
}
