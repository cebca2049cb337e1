//! The secrets that workflows use in headers: their names, never their values.

use std::collections::{BTreeMap, BTreeSet};

use ihook_store::{Connection, StoreError, audit, version, workflow};
use serde::Serialize;
use serde_json::Value;
use ts_rs::TS;

use super::Nothing;
use crate::App;
use crate::error::WireError;
use crate::secrets::secret_name;

/// The secrets that were ever set, or that workflows ask for.
#[derive(Debug, Serialize, TS)]
pub(crate) struct SecretList {
    /// By name.
    pub secrets: Vec<Secret>,
}

/// A secret, without its value.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Secret {
    /// As templates name it.
    pub name: String,
    /// Whether there is a value.
    pub is_set: bool,
    /// The workflows whose newest version asks for it, by name.
    pub used_by: Vec<String>,
}

pub(super) async fn list(app: &App, _request: Nothing) -> Result<SecretList, WireError> {
    let known = app.store().read(known).await?;
    let mut secrets = Vec::with_capacity(known.len());
    for (name, used_by) in known {
        let is_set = app.vault().get(&secret_name(&name)).await?.is_some();
        let used_by: Vec<String> = used_by.into_iter().collect();
        // Set once and forgotten again, and nobody asks for it.
        if is_set || !used_by.is_empty() {
            secrets.push(Secret { name, is_set, used_by });
        }
    }
    Ok(SecretList { secrets })
}

/// The names of the secrets that were ever set, or that workflows ask for.
pub(super) fn names(database: &Connection) -> Result<Vec<String>, StoreError> {
    Ok(known(database)?.into_keys().collect())
}

/// Names, each with the workflows that use it.
fn known(database: &Connection) -> Result<BTreeMap<String, BTreeSet<String>>, StoreError> {
    let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for name in audit::subjects(database, "secret_set")? {
        known.entry(name).or_default();
    }
    for row in workflow::list(database)? {
        let file: Value =
            serde_json::from_str(&version::file(database, row.id, row.latest)?).unwrap_or_default();
        for name in ihook_engine::plan::secret_names(&file) {
            known.entry(name).or_default().insert(row.name.clone());
        }
    }
    Ok(known)
}
