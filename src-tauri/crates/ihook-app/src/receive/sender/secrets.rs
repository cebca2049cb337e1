//! What senders prove themselves with: in the vault, and in memory once read.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ihook_store::WorkflowId;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::secrets::{SENDER, SENDER_BEFORE, SecretsError, Vault};

/// Secrets once read, so that a locked keyring does not stop deliveries and no delivery waits for it.
#[derive(Default)]
pub(crate) struct SenderSecrets(Mutex<HashMap<WorkflowId, Known>>);

/// What became of a secret that a sender brought.
pub(super) enum Adopted {
    /// There was none before.
    Kept,
    /// It is the one that is set.
    Same,
    /// Another one is set.
    Other,
}

/// What is known of a workflow's secret.
enum Known {
    Read(Arc<Secrets>),
    /// A delivery was turned away for want of it.
    Wanted(Want),
}

/// Why there is nothing to compare a sender's proof with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Want {
    /// It was never set.
    NeverSet,
    /// It cannot be read; why.
    Unreadable(String),
}

/// Secrets before the present one that can be taken at once.
const MAX_BEFORE: usize = 4;

/// What a sender may prove itself with.
pub(in crate::receive) struct Secrets {
    present: Zeroizing<String>,
    /// Those before, the newest first, while they are rotated, and until when; milliseconds since 1970.
    before: Vec<(i64, Zeroizing<String>)>,
}

impl Secrets {
    /// The one that was set last.
    pub(in crate::receive) fn present(&self) -> &str {
        &self.present
    }

    /// Every one that counts at `now`; milliseconds since 1970.
    pub(super) fn taken(&self, now: i64) -> Vec<&str> {
        let before = self.before.iter().filter(|(until, _)| now < *until).map(|(_, secret)| secret.as_str());
        std::iter::once(self.present()).chain(before).collect()
    }
}

/// Whether there is a secret, for those who must not see it.
pub(crate) struct Kept {
    pub(crate) is_set: bool,
    /// Until when one before is taken; milliseconds since 1970.
    pub(crate) before_until: Option<i64>,
}

impl std::fmt::Debug for SenderSecrets {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("SenderSecrets")
    }
}

impl SenderSecrets {
    /// Keeps a new secret. The one before is taken until `until`, and those before it for as long as they are now;
    /// none where `until` is not to come.
    pub(crate) async fn replace(
        &self,
        vault: &Vault,
        id: WorkflowId,
        secret: &str,
        until: i64,
        now: i64,
    ) -> Result<(), SecretsError> {
        let mut before = Vec::new();
        if until > now {
            before.extend(vault.get(&secret_name(id)).await?.map(|secret| (until, secret)));
            before.extend(read_before(vault, id).await?.into_iter().filter(|(until, _)| *until > now));
        }
        if before.len() > MAX_BEFORE {
            return Err(SecretsError::TooLong(format!(
                "{MAX_BEFORE} secrets before this one are still taken: wait until the first of them ends, or end them \
                 all at once with no overlap. Nothing was changed."
            )));
        }
        if before.is_empty() {
            vault.delete(&secret_before_name(id)).await?;
        } else {
            vault.set(&secret_before_name(id), &written(&before)).await?;
        }
        vault.set(&secret_name(id), secret).await?;
        let kept = Secrets { present: Zeroizing::new(secret.to_owned()), before };
        self.known().insert(id, Known::Read(Arc::new(kept)));
        Ok(())
    }

    /// Keeps a secret where there is none; for whoever has the vault's turn.
    pub(super) async fn adopt(
        &self,
        vault: &Vault,
        id: WorkflowId,
        secret: &str,
    ) -> Result<Adopted, SecretsError> {
        if let Some(found) = self.read(vault, id).await? {
            let is_same = found.present.as_bytes().ct_eq(secret.as_bytes()).into();
            return Ok(if is_same { Adopted::Same } else { Adopted::Other });
        }
        vault.set(&secret_name(id), secret).await?;
        let kept = Secrets { present: Zeroizing::new(secret.to_owned()), before: Vec::new() };
        self.known().insert(id, Known::Read(Arc::new(kept)));
        Ok(Adopted::Kept)
    }

    /// Forgets what a workflow's sender proved itself with.
    pub(crate) async fn forget(&self, vault: &Vault, id: WorkflowId) -> Result<(), SecretsError> {
        self.known().remove(&id);
        vault.delete(&secret_name(id)).await?;
        vault.delete(&secret_before_name(id)).await
    }

    /// What is there, or why nobody can tell.
    pub(crate) async fn kept(&self, vault: &Vault, id: WorkflowId) -> Result<Kept, SecretsError> {
        let found = self.read(vault, id).await?;
        let before = found.as_ref().map(|found| found.before.as_slice()).unwrap_or_default();
        let before_until = before.iter().map(|(until, _)| *until).max();
        Ok(Kept { is_set: found.is_some(), before_until })
    }

    /// What a delivery is compared with. What is wanting is remembered; `told` is called when that changes, with
    /// whether deliveries are turned away now.
    pub(super) async fn get(
        &self,
        vault: &Vault,
        id: WorkflowId,
        told: impl FnOnce(bool),
    ) -> Option<Arc<Secrets>> {
        let was_wanted = self.want(id).is_some();
        let want = match self.read(vault, id).await {
            Ok(Some(found)) => {
                if was_wanted {
                    told(false);
                }
                return Some(found);
            }
            Ok(None) => Want::NeverSet,
            Err(error) => Want::Unreadable(error.to_string()),
        };
        let mut known = self.known();
        match known.get(&id) {
            // Another delivery could read it meanwhile, or somebody set it.
            Some(Known::Read(found)) => return Some(Arc::clone(found)),
            Some(Known::Wanted(before)) if *before == want => return None,
            Some(Known::Wanted(_)) | None => known.insert(id, Known::Wanted(want)),
        };
        drop(known);
        told(true);
        None
    }

    /// Why deliveries of this workflow are turned away; nothing where none was.
    pub(crate) fn want(&self, id: WorkflowId) -> Option<Want> {
        match self.known().get(&id) {
            Some(Known::Wanted(want)) => Some(want.clone()),
            Some(Known::Read(_)) | None => None,
        }
    }

    /// Reads again what could not be read.
    pub(crate) async fn try_again(&self, vault: &Vault) {
        let missing = |(id, known): (&WorkflowId, &Known)| matches!(known, Known::Wanted(_)).then_some(*id);
        let missing: Vec<_> = self.known().iter().filter_map(missing).collect();
        for id in missing {
            // Whoever cannot be read yet stays as it is.
            let _ = self.read(vault, id).await;
        }
    }

    fn known(&self) -> MutexGuard<'_, HashMap<WorkflowId, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn read(&self, vault: &Vault, id: WorkflowId) -> Result<Option<Arc<Secrets>>, SecretsError> {
        if let Some(Known::Read(known)) = self.known().get(&id) {
            return Ok(Some(Arc::clone(known)));
        }
        let Some(present) = vault.get(&secret_name(id)).await? else { return Ok(None) };
        let before = read_before(vault, id).await?;
        let mut known = self.known();
        // One that was set while this was read is newer.
        if let Some(Known::Read(newer)) = known.get(&id) {
            return Ok(Some(Arc::clone(newer)));
        }
        let kept = Arc::new(Secrets { present, before });
        known.insert(id, Known::Read(Arc::clone(&kept)));
        drop(known);
        Ok(Some(kept))
    }
}

/// Under which name a trigger's secret is kept.
fn secret_name(id: WorkflowId) -> String {
    format!("{SENDER}/{id}")
}

/// Under which name those before it are kept while they are rotated: a line each, behind the time at which it ends.
fn secret_before_name(id: WorkflowId) -> String {
    format!("{SENDER_BEFORE}/{id}")
}

/// Under which names a workflow's secrets may be kept.
pub(crate) fn names(id: WorkflowId) -> [String; 2] {
    [secret_name(id), secret_before_name(id)]
}

async fn read_before(vault: &Vault, id: WorkflowId) -> Result<Vec<(i64, Zeroizing<String>)>, SecretsError> {
    let Some(text) = vault.get(&secret_before_name(id)).await? else { return Ok(Vec::new()) };
    let line = |line: &str| {
        let (until, secret) = line.split_once(' ')?;
        Some((until.parse().ok()?, Zeroizing::new(secret.to_owned())))
    };
    Ok(text.lines().filter_map(line).collect())
}

/// No secret holds a line break.
fn written(before: &[(i64, Zeroizing<String>)]) -> Zeroizing<String> {
    let lines: Vec<_> =
        before.iter().map(|(until, secret)| Zeroizing::new(format!("{until} {}", secret.as_str()))).collect();
    let lines: Vec<&str> = lines.iter().map(|line| line.as_str()).collect();
    Zeroizing::new(lines.join("\n"))
}
