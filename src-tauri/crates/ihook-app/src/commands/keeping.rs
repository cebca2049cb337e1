//! The stored data as a whole: its health, backups, restore, and erasing one person.

use std::path::{Path, PathBuf};

use ihook_store::{Summary, audit, copies};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Nothing, times};
use crate::clock::Now;
use crate::error::{Code, WireError};
use crate::upkeep::About;
use crate::{App, erase, restore};

/// Shorter values would be found in everyone's payloads.
const SHORTEST_VALUE: usize = 3;
/// Unfinished runs that a refusal names.
const NAMED: usize = 20;

/// How the database is doing. Sizes in bytes.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub(crate) struct DatabaseHealth {
    /// The schema's number.
    pub schema: i64,
    /// Of the database file.
    pub file_bytes: u64,
    /// Of its write-ahead log.
    pub log_bytes: u64,
    /// Of the file, what holds something.
    pub used_bytes: u64,
    /// Of the file, what was freed and goes back to the disk.
    pub free_bytes: u64,
    /// Runs stored.
    pub runs: u64,
    /// Of these, the ones that have not ended.
    pub unfinished: u64,
    /// When the oldest of these was received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest_unfinished_at: Option<String>,
    /// When the run ended that is to be removed next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest_finished_at: Option<String>,
    /// Copies that lie beside the database, newest first.
    pub copies: Vec<DatabaseCopy>,
    /// What damage was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub damage: Option<String>,
}

/// A copy of the database beside it.
#[derive(Debug, Serialize, TS)]
pub(crate) struct DatabaseCopy {
    /// Where it lies.
    pub path: String,
    /// Why it was made.
    pub kind: CopyKind,
    /// Its size.
    pub bytes: u64,
    /// When it was written.
    pub at: String,
}

/// Why a copy was made.
#[derive(Clone, Copy, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub(crate) enum CopyKind {
    /// By an update of the program.
    BeforeUpdate,
    /// By a restore, which put another database in its place.
    Replaced,
}

/// Where to write a copy of the database.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct BackupRequest {
    /// A file that is not there yet, with its full path.
    pub path: String,
}

/// A written copy.
#[derive(Debug, Serialize, TS)]
pub(crate) struct BackupMade {
    /// Where it is.
    pub path: String,
    /// Its size.
    pub bytes: u64,
}

/// Which backup to put in the database's place.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub(crate) struct RestoreRequest {
    /// The backup, with its full path. It is only read.
    pub path: String,
    /// Only looks at the backup and says what it holds.
    pub check: Option<bool>,
}

/// What a backup holds.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub(crate) struct Restored {
    /// The backup.
    pub path: String,
    /// Its schema's number; an older one is brought up to date.
    pub schema: i64,
    /// Workflows in it.
    pub workflows: u64,
    /// Runs in it.
    pub runs: u64,
    /// Of these, the ones that had not ended: they are held, because they may have been written since.
    pub unfinished: u64,
    /// When the newest run was received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newest_run_at: Option<String>,
    /// Whether the program now stops and starts again with it.
    pub restarting: bool,
}

/// Whose data to erase.
#[derive(Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub(crate) struct MemberErase {
    /// A value that only this person has, such as the member's ID or an e-mail address.
    pub value: String,
    /// Only counts.
    pub preview: Option<bool>,
}

impl std::fmt::Debug for MemberErase {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("MemberErase").field("preview", &self.preview).finish_non_exhaustive()
    }
}

/// What was erased, or would be.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MemberErased {
    /// Finished runs that lose their content.
    pub runs: usize,
    /// Refused requests that lose their body.
    pub deliveries: usize,
    /// Runs with this value that have not ended: they must end, or be cancelled, before anything is erased.
    pub unfinished: Vec<String>,
    /// Test cases with this value that are kept with workflows, in whatever versions: they go.
    pub test_cases: usize,
    /// What editors have not saved: drafts lose test cases with this value, and go whole where it stands elsewhere
    /// in them.
    pub drafts: usize,
    /// Workflows with this value elsewhere in a saved file, which only a person can change.
    pub workflows: Vec<String>,
    /// Copies of the database beside it, which may hold the value still. Backups elsewhere may as well.
    pub copies: Vec<String>,
}

/// A person says that the computer's clock is right: what is old is removed from here on, a day's worth an hour.
pub(super) async fn clock_confirm(app: &App, _request: Nothing) -> Result<Nothing, WireError> {
    let now = Now::of(app.clock());
    let shown = times::text(now.wall);
    app.store().write(move |tx| audit::add(tx, now.wall, "clock_confirm", "clock", &shown)).await?;
    app.known_time().confirm(now);
    app.upkeep().set(app, About::Clock, None);
    Ok(Nothing {})
}

pub(super) async fn health(app: &App, _request: Nothing) -> Result<DatabaseHealth, WireError> {
    let store = app.store().clone();
    let damage = store.watch_damage().borrow().clone();
    let (health, copies) = blocking(move || {
        let copies = copies::list(store.path());
        Ok(store.health_blocking().map(|health| (health, copies))?)
    })
    .await?;
    let copy = |copy: copies::CopyFile| DatabaseCopy {
        path: copy.path.display().to_string(),
        kind: match copy.kind {
            copies::Kind::BeforeUpdate => CopyKind::BeforeUpdate,
            copies::Kind::Replaced => CopyKind::Replaced,
        },
        bytes: copy.bytes,
        at: Timestamp::try_from(copy.modified).map(|at| times::text(at.as_millisecond())).unwrap_or_default(),
    };
    Ok(DatabaseHealth {
        schema: health.schema,
        file_bytes: health.file_bytes,
        log_bytes: health.log_bytes,
        used_bytes: health.used_bytes,
        free_bytes: health.free_bytes,
        runs: health.runs,
        unfinished: health.unfinished,
        oldest_unfinished_at: health.oldest_unfinished.map(times::text),
        oldest_finished_at: health.oldest_finished.map(times::text),
        copies: copies.into_iter().map(copy).collect(),
        damage,
    })
}

pub(super) async fn backup(app: &App, request: BackupRequest) -> Result<BackupMade, WireError> {
    let path = full_path(&request.path)?;
    let bytes = app.store().backup(&path).await?;
    let (now, detail) = (app.clock().millis(), request.path.clone());
    let noted =
        app.store().write(move |tx| audit::add(tx, now, "backup", &detail, &format!("{bytes} bytes"))).await;
    if let Err(error) = noted {
        // The backup is there and sound, and may be all that is left of a database that takes no writes any more.
        tracing::error!(%error, "backup.not_noted");
    }
    Ok(BackupMade { path: request.path, bytes })
}

pub(super) async fn put_back(app: &App, request: RestoreRequest) -> Result<Restored, WireError> {
    let path = full_path(&request.path)?;
    let (backup, present) = (path.clone(), app.store().path().to_owned());
    let looked = blocking(move || {
        ihook_store::restore::refuse_itself(&backup, &present).map_err(|error| unusable(&error))?;
        Summary::of(&backup).map_err(|error| unusable(&error))
    });
    let summary = looked.await?;
    let restarting = !request.check.unwrap_or_default();
    if restarting {
        let (database, at) = (app.store().path().to_owned(), app.clock().now());
        blocking(move || restore::stage(&path, &database, at).map_err(|error| unusable(&error))).await?;
        app.upkeep().restart();
    }
    Ok(Restored {
        path: request.path,
        schema: summary.health.schema,
        workflows: summary.workflows,
        runs: summary.health.runs,
        unfinished: summary.health.unfinished,
        newest_run_at: summary.newest_run.map(times::text),
        restarting,
    })
}

pub(super) async fn member_erase(app: &App, request: MemberErase) -> Result<MemberErased, WireError> {
    let value = request.value.trim();
    if value.chars().count() < SHORTEST_VALUE {
        return Err(WireError::bad_request(format!(
            "value must have at least {SHORTEST_VALUE} characters: a shorter one would be found in other \
             people's data."
        )));
    }
    let wanted = erase::Wanted::new(value);
    let found = erase::find(app, &wanted).await?;
    let unfinished: Vec<_> = found.unfinished.iter().map(ToString::to_string).collect();
    let beside = copies::list(app.store().path());
    let erased = MemberErased {
        runs: found.runs(),
        deliveries: found.deliveries(),
        unfinished,
        test_cases: found.files.test_cases,
        drafts: found.files.drafts,
        workflows: found.files.workflows.clone(),
        copies: beside.into_iter().map(|copy| copy.path.display().to_string()).collect(),
    };
    if request.preview.unwrap_or_default() {
        return Ok(erased);
    }
    if !erased.unfinished.is_empty() {
        let count = erased.unfinished.len();
        let named: Vec<_> = erased.unfinished.iter().take(NAMED).collect();
        return Err(WireError {
            code: Code::Conflict,
            message: format!(
                "{count} runs with this value have not ended: let them end, decide or cancel them, then erase \
                 again. Nothing was erased."
            ),
            details: Some(serde_json::json!({ "unfinished": named })),
        });
    }
    erase::erase(app, &wanted, found).await?;
    Ok(erased)
}

fn full_path(text: &str) -> Result<PathBuf, WireError> {
    let path = Path::new(text);
    if path.is_absolute() {
        return Ok(path.to_owned());
    }
    Err(WireError::bad_request("path must be a full path, such as /home/me/ihook-backup.db."))
}

fn unusable(error: &dyn std::fmt::Display) -> WireError {
    WireError::new(Code::Conflict, format!("This backup cannot be restored: {error}. Nothing was changed."))
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, WireError> + Send + 'static,
) -> Result<T, WireError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_panicked| WireError::new(Code::Internal, "It was broken off by a fault in iHook."))?
}
