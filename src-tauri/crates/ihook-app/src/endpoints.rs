//! What the listener needs to know of each workflow, in memory: receiving reads no database.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

use ihook_engine::plan::Plan;
use ihook_store::workflow::Status;
use ihook_store::{Store, StoreError, WorkflowId, token, workflow};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::plans::Plans;

/// One workflow's endpoint.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// Whose it is.
    pub workflow_id: WorkflowId,
    /// Its state.
    pub status: Status,
    /// The published version and its number.
    pub published: Option<(u32, Arc<Plan>)>,
    /// SHA-256 of its tokens, and until when (milliseconds since 1970) a replaced one is taken.
    tokens: Vec<(token::Hash, Option<i64>)>,
    /// Headers, in lower case, in which a sender proves itself: as the published version has it, the latest one, and
    /// drafts that editors left. A sender may send its secret before it is asked for.
    pub proof_headers: HashSet<String>,
}

impl Endpoint {
    /// Whether this token opens the endpoint at `now`. Compares all of them, each in constant time.
    #[must_use]
    pub fn opens(&self, text: &str, now: i64) -> bool {
        let hash = hash(text);
        self.tokens.iter().fold(false, |open, (known, until)| {
            let same: bool = known.ct_eq(&hash).into();
            open | (same & until.is_none_or(|until| now < until))
        })
    }

    /// Until when a replaced token is still taken; milliseconds since 1970.
    #[must_use]
    pub fn overlap_until(&self, now: i64) -> Option<i64> {
        self.tokens.iter().filter_map(|(_, until)| *until).filter(|until| now < *until).max()
    }

    /// Whether its runs must start strictly one at a time.
    #[must_use]
    pub fn ordered(&self) -> bool {
        self.published.as_ref().is_some_and(|(_, plan)| plan.workflow().trigger.ordered)
    }
}

/// SHA-256 of a token.
#[must_use]
pub fn hash(token: &str) -> token::Hash {
    Sha256::digest(token.as_bytes()).into()
}

/// All endpoints by key. Replaced whole with every change, so that receivers never wait.
#[derive(Debug, Default)]
pub struct Endpoints(RwLock<Arc<HashMap<String, Arc<Endpoint>>>>);

impl Endpoints {
    /// The endpoint with this key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Arc<Endpoint>> {
        self.all().get(key).cloned()
    }

    /// All endpoints as they are now.
    #[must_use]
    pub fn all(&self) -> Arc<HashMap<String, Arc<Endpoint>>> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The hashes of all tokens, replaced ones too as long as the store has them.
    #[must_use]
    pub fn tokens(&self) -> HashSet<token::Hash> {
        self.all().values().flat_map(|endpoint| endpoint.tokens.iter().map(|(hash, _)| *hash)).collect()
    }

    /// Takes over what the store says. A version that cannot be used leaves its endpoint without a plan:
    /// the listener refuses, and the others go on.
    ///
    /// # Errors
    /// As the store reports them.
    pub fn reload_blocking(&self, store: &Store, plans: &Plans) -> Result<(), StoreError> {
        // Held over the reads: of two reloads the later one must win.
        let mut current = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let (workflows, tokens, headers) = store.read_blocking(|connection| {
            Ok((workflow::list(connection)?, token::all(connection)?, workflow::proof_headers(connection)?))
        })?;
        let mut next = HashMap::with_capacity(workflows.len());
        for row in workflows {
            let published = match row.published {
                0 => None,
                number => match plans.get_blocking(store, row.id, number) {
                    Ok(plan) => Some((number, plan)),
                    Err(error) => {
                        tracing::error!(workflow = %row.id, %error, "endpoint.version_unusable");
                        None
                    }
                },
            };
            let tokens =
                tokens.iter().filter(|t| t.workflow_id == row.id).map(|t| (t.hash, t.valid_until)).collect();
            let named = headers.iter().filter(|(id, _)| *id == row.id);
            let asked =
                published.as_ref().and_then(|(_, plan)| plan.workflow().trigger.authentication.as_ref());
            let proof_headers = named
                .map(|(_, name)| name.to_ascii_lowercase())
                .chain(asked.map(|authentication| authentication.header.clone()))
                .collect();
            let endpoint =
                Endpoint { workflow_id: row.id, status: row.status, published, tokens, proof_headers };
            next.insert(row.key, Arc::new(endpoint));
        }
        *current = Arc::new(next);
        drop(current);
        Ok(())
    }
}
