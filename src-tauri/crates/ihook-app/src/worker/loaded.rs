//! What a run is driven from, as the store has it.

use ihook_store::payload::{self, Payload};
use ihook_store::run::{self, Run};
use ihook_store::step::{self, Step};
use ihook_store::{Connection, StoreError, workflow};

/// A run with all that belongs to it.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) run: Run,
    pub(super) workflow_name: String,
    pub(super) payload: Payload,
    /// Steps of earlier attempts, or carried over from the run that this one repeats.
    pub(super) steps: Vec<Step>,
}

/// Reads the run with this place in the order of arrival.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none.
pub(super) fn load(database: &Connection, seq: i64) -> Result<Loaded, StoreError> {
    let run = run::get_by_seq(database, seq)?;
    let workflow_name = workflow::name(database, run.workflow_id)?;
    let (payload, steps) = (payload::get(database, seq)?, step::list(database, seq)?);
    Ok(Loaded { run, workflow_name, payload, steps })
}

/// Reads the runs with these places in one go, up to about `room` bytes of payload; those beyond it, and those
/// that cannot be read, are to be loaded when their turn has come.
pub(super) fn load_ahead(
    database: &Connection,
    seqs: Vec<i64>,
    mut room: usize,
) -> Vec<(i64, Option<Box<Loaded>>)> {
    let mut ahead = Vec::with_capacity(seqs.len());
    for seq in seqs {
        let loaded = if room == 0 { None } else { load(database, seq).ok().map(Box::new) };
        if let Some(loaded) = &loaded {
            room = room.saturating_sub(loaded.payload.body.len());
        }
        ahead.push((seq, loaded));
    }
    ahead
}
