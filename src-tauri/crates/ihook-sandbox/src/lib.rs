//! An iMIS-compatible server over its own SQLite file, with faults that can be switched on.
//!
//! It speaks the part of the iMIS REST API that the program uses, to try workflows and to test against; every
//! answer carries `X-Imis-Sandbox: 1`, so that nobody mistakes it for iMIS. Users: `sandbox` / `sandbox`, and
//! `readonly` / `readonly`. It is controlled under `/_sandbox/`: faults, reset, ledger, settings.

mod activity_types;
mod answer;
mod api;
mod clock;
mod control;
mod entities;
mod fault;
mod insert;
mod iqa;
mod knobs;
mod members;
mod query;
mod routes;
mod rows;
mod serve;
mod store;
mod strict;
mod tokens;
mod validate;

use std::path::Path;
use std::sync::Arc;

use ihook_imis::ActivityType;

use crate::activity_types::activity_types;
use crate::entities::{Entity, entities};
use crate::fault::Faults;
use crate::knobs::Knobs;
use crate::store::Store;
use crate::tokens::Tokens;

pub use serve::serve;
pub use store::OpenError;

/// A sandbox and its data; clones are the same one.
#[derive(Clone)]
pub struct Sandbox {
    state: Arc<State>,
}

struct State {
    store: Store,
    faults: Faults,
    tokens: Tokens,
    entities: Vec<Entity>,
    types: Vec<ActivityType>,
    knobs: Knobs,
}

impl Sandbox {
    /// Opens the sandbox's file, which is made and filled with members where there is none.
    ///
    /// # Errors
    /// Where SQLite refuses, or a newer program wrote the file.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        Store::open(path).map(Self::over)
    }

    /// A sandbox that forgets everything when it is dropped.
    ///
    /// # Errors
    /// Where SQLite refuses.
    pub fn in_memory() -> Result<Self, OpenError> {
        Store::in_memory().map(Self::over)
    }

    fn over(store: Store) -> Self {
        let state = State {
            store,
            faults: Faults::default(),
            tokens: Tokens::default(),
            entities: entities(),
            types: activity_types(),
            knobs: Knobs::default(),
        };
        Self { state: Arc::new(state) }
    }
}

impl State {
    fn entity(&self, name: &str) -> Option<&Entity> {
        self.entities.iter().find(|entity| entity.panel.name.eq_ignore_ascii_case(name))
    }
}
