//! The pipeline object of a run: the payload, and over it what metadata and outputs put there.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use crate::template::Scope;

/// The payload and what was put over it are shared, so that the object within a loop is cheap to make.
#[derive(Debug, Clone)]
pub(crate) struct Pipeline {
    payload: Arc<Value>,
    over: HashMap<String, Arc<Value>>,
    scope: Scope,
}

impl Pipeline {
    pub(crate) fn new(payload: Arc<Value>, scope: Scope) -> Self {
        Self { payload, over: HashMap::new(), scope }
    }

    pub(crate) fn scope(&self) -> &Scope {
        &self.scope
    }

    pub(crate) fn payload(&self) -> &Value {
        &self.payload
    }

    pub(crate) fn put(&mut self, name: &str, value: &Value) {
        self.over.insert(name.to_owned(), Arc::new(value.clone()));
        self.scope.set(name, value);
    }

    /// Puts what a lookup answered that found `count` records.
    pub(crate) fn put_found(&mut self, name: &str, value: &Value, count: u64) {
        self.over.insert(name.to_owned(), Arc::new(value.clone()));
        self.scope.set_found(name, value, count);
    }

    /// Makes one name what it is in `original`, of which this is a copy.
    pub(crate) fn restore(&mut self, name: &str, original: &Self) {
        match original.over.get(name) {
            Some(value) => {
                self.over.insert(name.to_owned(), Arc::clone(value));
            }
            None => {
                self.over.remove(name);
            }
        }
        self.scope.restore(name, &original.scope);
    }

    /// What a JSON pointer names; a non-empty one, since the whole stands nowhere in one piece.
    pub(crate) fn pointer(&self, path: &str) -> Option<&Value> {
        let rest = path.strip_prefix('/')?;
        let (first, below) = match rest.find('/') {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        let first = first.replace("~1", "/").replace("~0", "~");
        let over = self.over.get(&first).map(|value| &**value);
        over.or_else(|| self.payload.get(&first))?.pointer(below)
    }
}
