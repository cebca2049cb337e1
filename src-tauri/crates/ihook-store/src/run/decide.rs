//! Whether what was found out about a run still holds when it is acted on.

use rusqlite::Connection;

use super::{Run, Status, family, get};
use crate::{RunId, StoreError};

/// Counts a decision of a person about the run, or what was learned of it after its end.
///
/// # Errors
/// As SQLite reports them.
pub fn decided(tx: &Connection, seq: i64) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE run SET decisions = decisions + 1 WHERE seq = ?1")?.execute([seq])?;
    Ok(())
}

/// How a run and all that repeat the same delivery stood at one moment. Two that are equal say that nothing happened
/// in between on which a rerun depends: none was begun or ended, none of their records undone, none erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basis(Vec<(RunId, Status, i64, Option<i64>)>);

/// How things stand for a rerun of `run`.
///
/// # Errors
/// [`StoreError::NotFound`] when the run is no more.
pub fn basis(connection: &Connection, run: &Run) -> Result<Basis, StoreError> {
    let present = get(connection, run.id)?;
    let relatives = family(connection, &present)?;
    let rows = std::iter::once(present).chain(relatives);
    Ok(Basis(rows.map(|run| (run.id, run.status, run.decisions, run.erased_at)).collect()))
}

impl Basis {
    /// The newest run that is here and was not there `before`.
    #[must_use]
    pub fn newest_since(&self, before: &Self) -> Option<RunId> {
        let is_new = |(id, ..): &&(RunId, Status, i64, Option<i64>)| !before.0.iter().any(|old| old.0 == *id);
        self.0.iter().rfind(is_new).map(|(id, ..)| *id)
    }
}
