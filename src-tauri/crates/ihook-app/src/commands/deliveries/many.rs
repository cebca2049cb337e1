//! The release of many refused requests: of a selection, or of all that a filter finds.

use futures_util::{StreamExt, stream};
use ihook_store::delivery::{self, Filter};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{DeliveryRelease, release};
use crate::App;
use crate::commands::id;
use crate::error::WireError;

/// As many as the log keeps bodies of.
const MAX_RELEASED: usize = 1000;
/// Released side by side, so that they share their place on disk.
const AT_ONCE: usize = 16;

/// Makes runs of refused requests, each by itself: one that cannot be released does not stop the others.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub(crate) struct DeliveryReleaseMany {
    /// These, 1 to 1,000. Either this or `filter`.
    pub ids: Option<Vec<String>>,
    /// All that it finds whose body was kept and that were not released yet, the oldest first.
    pub filter: Option<DeliveryFilter>,
    /// A person's word that those which were released before shall go once more.
    pub again: Option<bool>,
    /// Only counts them.
    pub preview: Option<bool>,
}

/// Which refused requests. Everything given must hold.
#[derive(Debug, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(optional_fields)]
pub(crate) struct DeliveryFilter {
    /// To this workflow.
    pub workflow_id: Option<String>,
    /// Answered with this status code.
    pub status: Option<u16>,
}

/// What became of each.
#[derive(Debug, Serialize, TS)]
pub(crate) struct DeliveriesReleased {
    /// How many were meant.
    pub count: usize,
    /// Those that are runs now.
    pub released: Vec<OneReleased>,
    /// Those that are not.
    pub left: Vec<OneLeft>,
}

/// A request that became a run.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OneReleased {
    /// The request.
    pub id: String,
    /// Its run.
    pub run_id: String,
}

/// A request that did not become a run.
#[derive(Debug, Serialize, TS)]
pub(crate) struct OneLeft {
    /// The request.
    pub id: String,
    /// Why, in words.
    pub reason: String,
}

pub(in super::super) async fn release_many(
    app: &App,
    request: DeliveryReleaseMany,
) -> Result<DeliveriesReleased, WireError> {
    let ids = match (request.ids, request.filter) {
        (Some(ids), None) if (1..=MAX_RELEASED).contains(&ids.len()) => ids,
        (None, Some(filter)) => found(app, filter).await?,
        _ => {
            let message = format!("Give either ids, 1 to {MAX_RELEASED} of them, or a filter.");
            return Err(WireError::bad_request(message));
        }
    };
    let mut answer = DeliveriesReleased { count: ids.len(), released: Vec::new(), left: Vec::new() };
    if request.preview.unwrap_or(false) {
        return Ok(answer);
    }
    let one = |id: String| async {
        let request = DeliveryRelease { id: id.clone(), payload: None, again: request.again };
        (id, release(app, request).await)
    };
    let mut made = stream::iter(ids.into_iter().map(one)).buffered(AT_ONCE);
    while let Some((id, released)) = made.next().await {
        match released {
            Ok(run) => answer.released.push(OneReleased { id, run_id: run.id }),
            Err(error) => answer.left.push(OneLeft { id, reason: error.message }),
        }
    }
    Ok(answer)
}

/// What can be released without a further word, in order of arrival.
async fn found(app: &App, filter: DeliveryFilter) -> Result<Vec<String>, WireError> {
    let filter = Filter {
        workflow_id: filter.workflow_id.as_deref().map(|text| id(text, "workflow")).transpose()?,
        status: filter.status,
        after: None,
        // Entries without a body are kept apart from those with one, each as many.
        limit: 4 * u32::try_from(MAX_RELEASED).unwrap_or(u32::MAX),
    };
    let rows = app.store().read(move |database| delivery::list(database, &filter)).await?;
    let fits =
        |row: &&delivery::Delivery| row.is_kept && row.workflow_id.is_some() && row.released_run.is_none();
    let mut ids: Vec<_> = rows.iter().filter(fits).map(|row| row.id.to_string()).collect();
    ids.truncate(MAX_RELEASED);
    ids.reverse();
    Ok(ids)
}
