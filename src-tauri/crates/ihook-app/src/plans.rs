//! Compiled workflow versions. A version never changes, so what is compiled stays good; so many are kept that
//! those in use are among them.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use ihook_engine::plan::Plan;
use ihook_engine::workflow::{FileFault, Workflow};
use ihook_store::{Store, StoreError, WorkflowId, version};
use lru::LruCache;
use serde_json::Value;

/// Why a stored version cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// It could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An older program accepted what this one does not.
    #[error("version {version} cannot be used: {path}: {message}", path = fault.path, message = fault.message)]
    File {
        /// Its number.
        version: u32,
        /// What is wrong with it.
        fault: FileFault,
    },
}

/// Versions kept. Each save of a workflow makes one, and a rerun may want an old one.
const KEPT: NonZeroUsize = NonZeroUsize::new(256).unwrap();

/// Versions by workflow and number; the one unused for longest goes first.
#[derive(Debug)]
pub struct Plans(Mutex<LruCache<(WorkflowId, u32), Arc<Plan>>>);

impl Default for Plans {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(KEPT)))
    }
}

impl Plans {
    /// The compiled version, if it was used before.
    pub(crate) fn known(&self, id: WorkflowId, number: u32) -> Option<Arc<Plan>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&(id, number)).cloned()
    }

    /// The compiled version, from memory or from the store.
    ///
    /// # Errors
    /// When there is no such version, or this program cannot use it.
    pub fn get_blocking(&self, store: &Store, id: WorkflowId, number: u32) -> Result<Arc<Plan>, PlanError> {
        if let Some(plan) = self.known(id, number) {
            return Ok(plan);
        }
        let text = store.read_blocking(|connection| version::file(connection, id, number))?;
        let plan = compile(&text).map_err(|fault| PlanError::File { version: number, fault })?;
        let plan = Arc::new(plan);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).put((id, number), Arc::clone(&plan));
        Ok(plan)
    }
}

fn compile(text: &str) -> Result<Plan, FileFault> {
    let file: Value = serde_json::from_str(text)
        .map_err(|error| FileFault { path: String::new(), message: error.to_string() })?;
    Plan::compile(Workflow::parse(&file)?)
}
