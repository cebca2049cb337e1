//! What goes wrong, as commands tell it: one wire error with a stable code.

use std::path::{Path, PathBuf};

pub use ihook_store::OpenError;
use ihook_store::StoreError;
use ihook_store::restore::RestoreError;
use serde::Serialize;
use serde_json::Value;

use crate::secrets::SecretsError;

/// The answer of a command that did not do what was asked.
#[derive(Clone, Debug, Serialize, thiserror::Error)]
#[error("{message}")]
pub struct WireError {
    /// What programs act on.
    pub code: Code,
    /// What happened and what to do, in a sentence.
    pub message: String,
    /// More for programs, such as the path to a fault in a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<Value>,
}

/// A code exists only where someone acts on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Code {
    /// There is no such command.
    UnknownCommand,
    /// The request does not have the command's shape.
    BadRequest,
    /// A workflow file was refused; `details.path` points to the fault.
    BadFile,
    /// There is no such thing.
    NotFound,
    /// What is stored does not allow it now.
    Conflict,
    /// Somebody saved a newer version meanwhile; `details.latestVersion` is its number.
    NewerVersion,
    /// The secret store is locked or missing.
    Secrets,
    /// An iMIS site did not do what was asked.
    Imis,
    /// No token, or the wrong one, or a foreign page.
    Forbidden,
    /// The database could not be used.
    Store,
    /// There is no application at the moment: it starts, or a backup is put back. Asked again, it answers.
    Starting,
    /// A bug.
    Internal,
}

impl Code {
    /// The HTTP status that goes with it.
    #[must_use]
    pub fn http_status(self) -> u16 {
        match self {
            Self::BadRequest | Self::BadFile => 400,
            Self::Forbidden => 401,
            Self::UnknownCommand | Self::NotFound => 404,
            Self::Conflict | Self::NewerVersion => 409,
            Self::Imis => 502,
            Self::Secrets | Self::Store | Self::Starting => 503,
            Self::Internal => 500,
        }
    }
}

impl WireError {
    /// An error without details.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), details: None }
    }

    /// The request names something that is not there.
    pub fn not_found(what: &str) -> Self {
        Self::new(Code::NotFound, format!("There is no such {what}."))
    }

    /// The request cannot be understood.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(Code::BadRequest, message)
    }
}

impl From<StoreError> for WireError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::not_found("entry"),
            StoreError::Conflict(message) => Self::new(Code::Conflict, message),
            StoreError::Damaged(reason) => Self::new(Code::Store, crate::upkeep::damage_notice(&reason)),
            StoreError::TooLong => Self::new(Code::Store, "This took too long: ask for less at once."),
            StoreError::File { .. } => {
                Self::new(Code::Store, format!("{error}. Choose another place, or make room."))
            }
            StoreError::Stopped | StoreError::Sqlite(_) => {
                tracing::error!(%error, "command.store_failed");
                Self::new(Code::Store, format!("{error}. Check the disk, then try again."))
            }
        }
    }
}

impl From<SecretsError> for WireError {
    fn from(error: SecretsError) -> Self {
        match error {
            SecretsError::TooLong(reason) => Self::bad_request(reason),
            SecretsError::Locked(_) | SecretsError::Absent(_) | SecretsError::File(_) => {
                Self::new(Code::Secrets, error.to_string())
            }
        }
    }
}

impl WireError {
    /// A secret that came as the request's `member` could not be kept.
    pub(crate) fn not_kept(member: &str, error: SecretsError) -> Self {
        match error {
            SecretsError::TooLong(reason) => Self::bad_request(format!("{member}: {reason}")),
            other => other.into(),
        }
    }
}

impl From<ihook_engine::workflow::FileFault> for WireError {
    fn from(fault: ihook_engine::workflow::FileFault) -> Self {
        let place = if fault.path.is_empty() { "the file".to_owned() } else { fault.path.clone() };
        Self {
            code: Code::BadFile,
            message: format!("{place}: {}", fault.message),
            details: Some(serde_json::json!({ "path": fault.path })),
        }
    }
}

/// Why the program did not start: a sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data directory cannot be used.
    #[error(
        "the data directory {path} cannot be written ({reason}): choose another with --data-dir, or give yourself the right to write there"
    )]
    Directory {
        /// The directory.
        path: String,
        /// The system's words.
        reason: std::io::Error,
    },
    /// Another iHook has it.
    #[error(
        "the data directory {path} is in use by another iHook: close that one, or choose another with --data-dir"
    )]
    InUse {
        /// The directory.
        path: String,
    },
    /// An address cannot be listened on.
    #[error(
        "cannot listen on {address} for {purpose} ({reason}): close the program that uses it, or choose another address with {flag}"
    )]
    Address {
        /// The address asked for.
        address: String,
        /// What would have been served there.
        purpose: &'static str,
        /// The option that changes it.
        flag: &'static str,
        /// The system's words.
        reason: String,
    },
    /// The database. Nothing of it was changed.
    #[error("{error}{}", guide(error, data_dir, copies))]
    Store {
        /// What is wrong with it.
        error: Box<OpenError>,
        /// Where it lies.
        data_dir: PathBuf,
        /// Copies beside it that could be put in its place, newest first.
        copies: Vec<PathBuf>,
    },
    /// A backup could not be put in the database's place.
    #[error("{0}. Nothing was changed.")]
    Restore(Box<RestoreError>),
    /// A query of the start failed.
    #[error(transparent)]
    Query(#[from] StoreError),
    /// The secret store.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    /// Something the system refused.
    #[error("{0}")]
    System(String),
}

impl StartError {
    /// Whether only room on the disk is missing, so that a later try may succeed.
    #[must_use]
    pub fn is_disk_full(&self) -> bool {
        match self {
            Self::Directory { reason, .. } => ihook_store::is_disk_full(reason),
            Self::Store { error, .. } => error.is_disk_full(),
            Self::Query(error) => error.is_disk_full(),
            Self::InUse { .. }
            | Self::Address { .. }
            | Self::Restore(_)
            | Self::Secrets(_)
            | Self::System(_) => false,
        }
    }
}

impl From<RestoreError> for StartError {
    fn from(error: RestoreError) -> Self {
        Self::Restore(Box::new(error))
    }
}

/// How to go on from a database that cannot be opened.
fn guide(error: &OpenError, data_dir: &Path, copies: &[PathBuf]) -> String {
    let at = format!("--data-dir \"{}\"", data_dir.display());
    let mut words = if copies.is_empty() {
        format!("\nNo backup lies beside it. With one from elsewhere:\n  ihook restore {at} FILE")
    } else {
        let line = |copy: &PathBuf| format!("\n  ihook restore {at} \"{}\"", copy.display());
        let lines: String = copies.iter().map(line).collect();
        format!("\nBackups beside it, newest first; to put one in its place:{lines}")
    };
    if matches!(error, OpenError::Lost { .. }) {
        words.push_str(&format!(
            "\nTo begin with an empty one, without the workflows and runs of before:\n  ihook start-anew {at}"
        ));
    }
    words
}
