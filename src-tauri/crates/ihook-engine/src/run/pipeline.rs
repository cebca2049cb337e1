//! The pipeline object of a run: the payload, and over it what metadata and outputs put there.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::template::Scope;

/// The payload is shared, so that entering each of a thousand items copies only what was put over it.
#[derive(Debug, Clone)]
pub(crate) struct Pipeline {
    payload: Arc<Value>,
    over: Map<String, Value>,
    scope: Scope,
}

impl Pipeline {
    pub(crate) fn new(payload: Arc<Value>, scope: Scope) -> Self {
        Self { payload, over: Map::new(), scope }
    }

    pub(crate) fn scope(&self) -> &Scope {
        &self.scope
    }

    pub(crate) fn payload(&self) -> &Value {
        &self.payload
    }

    pub(crate) fn put(&mut self, name: &str, value: &Value) {
        self.over.insert(name.to_owned(), value.clone());
        self.scope.set(name, value);
    }

    /// The same object with one more name, for one item of a loop.
    pub(crate) fn with(&self, name: &str, value: &Value) -> Self {
        let mut inner = self.clone();
        inner.put(name, value);
        inner
    }

    /// What a JSON pointer names; a non-empty one, since the whole stands nowhere in one piece.
    pub(crate) fn pointer(&self, path: &str) -> Option<&Value> {
        let rest = path.strip_prefix('/')?;
        let (first, below) = match rest.find('/') {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        let first = first.replace("~1", "/").replace("~0", "~");
        self.over.get(&first).or_else(|| self.payload.get(&first))?.pointer(below)
    }
}
