//! What lists show of a workflow's file. Screens ask for the list several times a second: a file is parsed and judged
//! again only when it, or something that its judgement rests on, has changed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use ihook_store::connection::{self, Connection};
use ihook_store::workflow::{self, Workflow};
use ihook_store::{Connection as Database, StoreError, WorkflowId, metadata, version};
use serde_json::Value;

use super::workflow_file::problems_of;
use crate::App;
use crate::error::WireError;
use crate::sites::SANDBOX;

/// Of the latest version.
#[derive(Debug)]
pub(super) struct FileSummary {
    /// Free text.
    pub(super) description: String,
    /// The connection that it writes to.
    pub(super) connection: String,
    /// How many things to look at there are.
    pub(super) problems: usize,
}

/// What was found of each workflow's file.
#[derive(Debug, Default)]
pub(crate) struct FileSummaries(Mutex<HashMap<WorkflowId, Known>>);

#[derive(Clone, Debug)]
pub(super) struct Known {
    version: u32,
    basis: Basis,
    summary: Arc<FileSummary>,
}

/// What a judgement rests on besides the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Basis {
    connection: Option<Connection>,
    /// When its site last said what it has; milliseconds since 1970.
    fetched_at: Option<i64>,
    /// What the sender's secret was set for.
    sender_proof: Option<String>,
}

/// What the database says of a file.
#[derive(Debug)]
pub(super) enum Look {
    /// Nothing has changed.
    Same(Arc<FileSummary>),
    /// It is to be judged.
    Changed(Box<Changed>),
}

/// A file that is to be judged.
#[derive(Debug)]
pub(super) struct Changed {
    file: Value,
    basis: Basis,
}

impl FileSummaries {
    /// What is known so far.
    pub(super) fn known(&self) -> HashMap<WorkflowId, Known> {
        self.lock().clone()
    }

    /// Forgets all but these.
    pub(super) fn keep(&self, workflows: &[Workflow]) {
        self.lock().retain(|id, _| workflows.iter().any(|row| row.id == *id));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<WorkflowId, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Basis {
    fn of(database: &Database, id: WorkflowId, connection: &str) -> Result<Self, StoreError> {
        Ok(Self {
            connection: connection::get(database, connection).ok(),
            fetched_at: metadata::fetched_at(database, connection)?,
            sender_proof: workflow::sender_proof(database, id)?,
        })
    }
}

/// Looks whether the latest version's file has to be judged.
///
/// # Errors
/// As SQLite reports them.
pub(super) fn look(database: &Database, row: &Workflow, known: Option<&Known>) -> Result<Look, StoreError> {
    if let Some(known) = known.filter(|known| known.version == row.latest)
        && Basis::of(database, row.id, &known.summary.connection)? == known.basis
    {
        return Ok(Look::Same(Arc::clone(&known.summary)));
    }
    let file = serde_json::from_str(&version::file(database, row.id, row.latest)?).unwrap_or_default();
    let basis = Basis::of(database, row.id, connection_of(&file))?;
    Ok(Look::Changed(Box::new(Changed { file, basis })))
}

/// Judges the file where it has changed.
///
/// # Errors
/// Only a fault of our own.
pub(super) async fn judge(app: &App, row: &Workflow, look: Look) -> Result<Arc<FileSummary>, WireError> {
    let Changed { file, basis } = match look {
        Look::Same(summary) => return Ok(summary),
        Look::Changed(changed) => *changed,
    };
    let problems = problems_of(app, &file, row.id).await?.len();
    let known = Known::new(row.latest, basis, &file, problems);
    let summary = Arc::clone(&known.summary);
    // What changed while it was judged is another basis: the next look sees that.
    app.file_summaries().lock().insert(row.id, known);
    Ok(summary)
}

impl Known {
    fn new(version: u32, basis: Basis, file: &Value, problems: usize) -> Self {
        let description = file["description"].as_str().unwrap_or_default().to_owned();
        let connection = connection_of(file).to_owned();
        Self { version, basis, summary: Arc::new(FileSummary { description, connection, problems }) }
    }
}

fn connection_of(file: &Value) -> &str {
    file["connection"].as_str().filter(|name| !name.is_empty()).unwrap_or(SANDBOX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ihook_store::Store;

    const LIVE: &str = "live";

    /// Looks, and judges where that is needed; whether it was.
    fn judged(store: &Store, row: &Workflow, known: &mut Option<Known>) -> bool {
        match store.read_blocking(|database| look(database, row, known.as_ref())).unwrap() {
            Look::Same(_) => false,
            Look::Changed(changed) => {
                *known = Some(Known::new(row.latest, changed.basis, &changed.file, 0));
                true
            }
        }
    }

    fn connection() -> Connection {
        Connection {
            name: LIVE.to_owned(),
            base_url: "https://imis.example.org".to_owned(),
            username: "staff".to_owned(),
            time_zone: "UTC".to_owned(),
            date_order: None,
            max_concurrent: 1,
            writes_per_minute: None,
            kind: connection::Kind::Live,
        }
    }

    type Change = fn(&Database, WorkflowId) -> Result<(), StoreError>;

    #[tokio::test]
    async fn a_file_is_judged_again_only_when_it_or_what_its_judgement_rests_on_has_changed() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("ihook.db")).unwrap();
        let id = WorkflowId::new();
        let save: Change = |database, id| {
            workflow::insert(database, id, "key", "W", 0)?;
            version::add(database, id, "W", "{\"connection\":\"live\"}", 0).map(drop)
        };
        let changes: [(&str, Change); 7] = [
            ("it was never seen", save),
            ("a version was saved", |database, id| {
                version::add(database, id, "W", "{\"connection\":\"live\",\"description\":\"x\"}", 1)
                    .map(drop)
            }),
            ("its connection was added", |database, _| connection::save(database, &connection())),
            ("its connection was changed", |database, _| {
                connection::save(
                    database,
                    &Connection { time_zone: "Australia/Sydney".to_owned(), ..connection() },
                )
            }),
            ("its site said what it has", |database, _| metadata::set(database, LIVE, "{}", 1)),
            ("its site said so again", |database, _| metadata::set(database, LIVE, "{}", 2)),
            ("its sender got a secret", |database, id| {
                workflow::set_sender_proof(database, id, Some("basic"))
            }),
        ];
        let mut known = None;
        for (what, change) in changes {
            store.write(move |tx| change(tx, id)).await.unwrap();
            let row = store.read_blocking(|database| workflow::get(database, id)).unwrap();
            assert!(judged(&store, &row, &mut known), "{what}");
            assert!(!judged(&store, &row, &mut known), "{what}: and then it is known");
        }
    }
}
