//! Whether the database file is still sound. Damage that any query meets ends all writing: what is stored
//! after it might be lost with the rest, and a delivery may only be acknowledged when it is not.

use std::sync::Arc;

use tokio::sync::watch;

use crate::{StoreError, open};

/// Shared by the writer, the readers and whoever shows it.
#[derive(Clone, Debug)]
pub(crate) struct Condition(Arc<watch::Sender<Option<String>>>);

impl Default for Condition {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(None)))
    }
}

impl Condition {
    /// Looks for damage in the outcome of a query.
    pub(crate) fn note<T>(&self, outcome: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Err(StoreError::Sqlite(error)) = &outcome
            && open::is_damage(error)
        {
            self.damaged(&error.to_string());
        }
        outcome
    }

    /// Remembers the first damage.
    pub(crate) fn damaged(&self, reason: &str) {
        let first = self.0.send_if_modified(|known| {
            let first = known.is_none();
            known.get_or_insert_with(|| reason.to_owned());
            first
        });
        if first {
            tracing::error!(reason, "store.damaged");
        }
    }

    /// Refuses once damage was met.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        match &*self.0.borrow() {
            Some(reason) => Err(StoreError::Damaged(reason.clone())),
            None => Ok(()),
        }
    }

    pub(crate) fn watch(&self) -> watch::Receiver<Option<String>> {
        self.0.subscribe()
    }
}
