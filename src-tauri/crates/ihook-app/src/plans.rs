//! Compiled workflow versions. A version never changes, so what is compiled stays good; so many are kept that
//! those in use are among them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use ihook_engine::plan::Plan;
use ihook_engine::workflow::{FileFault, Workflow};
use ihook_store::{Store, StoreError, WorkflowId, version};
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
const KEPT: usize = 256;

/// Versions by workflow and number.
#[derive(Debug, Default)]
pub struct Plans(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    plans: HashMap<(WorkflowId, u32), (u64, Arc<Plan>)>,
    /// Counts uses, so that the one unused for longest can go.
    uses: u64,
}

impl Kept {
    fn get(&mut self, key: (WorkflowId, u32)) -> Option<Arc<Plan>> {
        self.uses += 1;
        let (used, plan) = self.plans.get_mut(&key)?;
        *used = self.uses;
        Some(Arc::clone(plan))
    }

    fn insert(&mut self, key: (WorkflowId, u32), plan: Arc<Plan>) {
        if self.plans.len() >= KEPT
            && let Some(oldest) = self.plans.iter().min_by_key(|(_, (used, _))| *used).map(|(key, _)| *key)
        {
            self.plans.remove(&oldest);
        }
        self.plans.insert(key, (self.uses, plan));
    }
}

impl Plans {
    /// The compiled version, if it was used before.
    pub(crate) fn known(&self, id: WorkflowId, number: u32) -> Option<Arc<Plan>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get((id, number))
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
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert((id, number), Arc::clone(&plan));
        Ok(plan)
    }
}

fn compile(text: &str) -> Result<Plan, FileFault> {
    let file: Value = serde_json::from_str(text)
        .map_err(|error| FileFault { path: String::new(), message: error.to_string() })?;
    Plan::compile(Workflow::parse(&file)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_unused_for_longest_goes_first() {
        let file = serde_json::json!({ "format": "ihook.workflow/1", "name": "W", "actions": [] });
        let plan = Arc::new(Plan::from_file(&file).unwrap());
        let (id, mut kept) = (WorkflowId::new(), Kept::default());
        for number in 0..u32::try_from(KEPT).unwrap() {
            kept.insert((id, number), Arc::clone(&plan));
            assert!(kept.get((id, 0)).is_some(), "in use all the time");
        }
        kept.insert((id, 9999), plan);
        assert_eq!(kept.plans.len(), KEPT);
        let is_there = [0, 1, 2, 9999].map(|number| kept.plans.contains_key(&(id, number)));
        assert_eq!(is_there, [true, false, true, true]);
    }
}
