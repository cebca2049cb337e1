//! What senders prove themselves with: in the vault, and in memory once read.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use ihook_store::WorkflowId;
use zeroize::Zeroizing;

use crate::secrets::{SecretsError, Vault};

/// Secrets once read, so that a locked keyring does not stop deliveries and no delivery waits for it.
#[derive(Default)]
pub(crate) struct SenderSecrets(Mutex<HashMap<WorkflowId, Arc<Secrets>>>);

/// What a sender may prove itself with.
pub(super) struct Secrets {
    pub(super) present: Zeroizing<String>,
    /// The one before, while it is rotated, and until when; milliseconds since 1970.
    pub(super) before: Option<(i64, Zeroizing<String>)>,
}

/// Whether there is a secret, for those who must not see it.
pub(crate) struct Kept {
    pub(crate) is_set: bool,
    /// Until when the one before is taken; milliseconds since 1970.
    pub(crate) before_until: Option<i64>,
}

impl std::fmt::Debug for SenderSecrets {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("SenderSecrets")
    }
}

impl SenderSecrets {
    /// Keeps a new secret. The one before is taken until `until`.
    pub(crate) async fn replace(
        &self,
        vault: &Vault,
        id: WorkflowId,
        secret: &str,
        until: i64,
        now: i64,
    ) -> Result<(), SecretsError> {
        match vault.get(&secret_name(id)).await?.filter(|_| until > now) {
            Some(before) => {
                let text = Zeroizing::new(format!("{until} {}", before.as_str()));
                vault.set(&secret_before_name(id), &text).await?;
            }
            None => vault.delete(&secret_before_name(id)).await?,
        }
        vault.set(&secret_name(id), secret).await?;
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
        Ok(())
    }

    /// Forgets what a workflow's sender proved itself with.
    pub(crate) async fn forget(&self, vault: &Vault, id: WorkflowId) -> Result<(), SecretsError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
        vault.delete(&secret_name(id)).await?;
        vault.delete(&secret_before_name(id)).await
    }

    /// What is there, or why nobody can tell.
    pub(crate) async fn kept(&self, vault: &Vault, id: WorkflowId) -> Result<Kept, SecretsError> {
        let found = self.read(vault, id).await?;
        let before_until = found.as_ref().and_then(|found| found.before.as_ref().map(|(until, _)| *until));
        Ok(Kept { is_set: found.is_some(), before_until })
    }

    pub(super) async fn get(&self, vault: &Vault, id: WorkflowId) -> Option<Arc<Secrets>> {
        self.read(vault, id).await.ok()?
    }

    async fn read(&self, vault: &Vault, id: WorkflowId) -> Result<Option<Arc<Secrets>>, SecretsError> {
        if let Some(known) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&id) {
            return Ok(Some(Arc::clone(known)));
        }
        let Some(present) = vault.get(&secret_name(id)).await? else { return Ok(None) };
        let before = vault.get(&secret_before_name(id)).await?.and_then(|text| {
            let (until, secret) = text.split_once(' ')?;
            Some((until.parse().ok()?, Zeroizing::new(secret.to_owned())))
        });
        let kept = Arc::new(Secrets { present, before });
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id, Arc::clone(&kept));
        Ok(Some(kept))
    }
}

/// Under which name a trigger's secret is kept.
fn secret_name(id: WorkflowId) -> String {
    format!("sender/{id}")
}

/// Under which name the one before it is kept while it is rotated, behind the time at which it ends.
fn secret_before_name(id: WorkflowId) -> String {
    format!("sender-before/{id}")
}
