//! Moving every secret between the keyring and the encrypted file. At every moment all can be read from the place
//! that the next start would open: whether the file is there says which one that is.
//!
//! 1. Copy: each secret is written to the other place and read back. The old place counts.
//! 2. Switch: the file is renamed, and with that the other place counts.
//! 3. Clean: the old place is emptied. What it does not let go of harms nobody, and is reported.

use std::sync::{Arc, PoisonError};

use zeroize::Zeroizing;

use super::file::EncryptedFile;
use super::place::{Kept, SecretsPlace};
use super::{Secrets, SecretsError, Vault};

/// Secrets with their names.
pub(super) type All = Vec<(String, Zeroizing<String>)>;

/// What was moved.
#[derive(Debug)]
pub(crate) struct Moved {
    /// How many.
    pub(crate) count: usize,
    /// How many of them are still in the old place too, which did not let go of them.
    pub(crate) left: usize,
}

/// Why nothing was moved.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unmoved {
    /// The start of the program decided where secrets are kept.
    #[error(
        "iHook was started {0}, which decides where secrets are kept. Start it without that option, then move them."
    )]
    Fixed(&'static str),
    /// They are there.
    #[error("The secrets are kept there already.")]
    There,
    /// One of the places did not do its part.
    #[error("{0}. Nothing was moved: all secrets are where they were.")]
    Secrets(#[from] SecretsError),
}

impl Vault {
    /// Whether secrets could be moved elsewhere, as far as that is known beforehand.
    pub(crate) fn can_move(&self) -> Result<(), Unmoved> {
        if let Some(option) = self.home.fixed {
            return Err(Unmoved::Fixed(option));
        }
        if self.kept().place == SecretsPlace::File {
            (self.home.open_keyring)()?;
        }
        Ok(())
    }

    /// Moves every secret to another place. `known` are the names that secrets may have, for a place that cannot tell.
    /// Nobody changes a secret meanwhile; they can be read all the time.
    ///
    /// # Errors
    /// When nothing was moved.
    pub(crate) async fn move_to(&self, to: SecretsPlace, known: Vec<String>) -> Result<Moved, Unmoved> {
        let _turn = self.turn().await;
        let _writing = self.writing.write().await;
        if let Some(option) = self.home.fixed {
            return Err(Unmoved::Fixed(option));
        }
        if self.kept().place == to {
            return Err(Unmoved::There);
        }
        let from = self.inner().await;
        let (names, all) = self.read_all(&from, known).await?;
        match to {
            SecretsPlace::File => {
                let (file, notice) = self.switch_to_file(all.clone()).await?;
                self.use_from_now_on(file, Kept { place: to, notice }).await;
                Ok(Moved { count: all.len(), left: self.delete_all(&from, names).await })
            }
            SecretsPlace::Keyring => {
                let keyring = (self.home.open_keyring)()?;
                self.copy_to_keyring(&keyring, &all, &names).await?;
                let data_dir = self.home.data_dir.clone();
                if let Err(error) = self.on(&from, move |_| EncryptedFile::retire(&data_dir)).await {
                    self.delete_all(&keyring, names).await;
                    return Err(error.into());
                }
                self.use_from_now_on(keyring, Kept { place: to, notice: None }).await;
                EncryptedFile::tidy(&self.home.data_dir);
                Ok(Moved { count: all.len(), left: 0 })
            }
            SecretsPlace::Memory => Err(Unmoved::There),
        }
    }

    /// Every secret of a place, and the names that were looked for.
    pub(super) async fn read_all(
        &self,
        from: &Arc<dyn Secrets>,
        known: Vec<String>,
    ) -> Result<(Vec<String>, All), SecretsError> {
        let own = from.names();
        let (mut names, mut all) = (known, All::new());
        names.extend(own.iter().flatten().cloned());
        names.sort_unstable();
        names.dedup();
        for name in &names {
            let key = name.clone();
            if let Some(value) = self.on(from, move |secrets| secrets.get(&key)).await? {
                all.push((name.clone(), value));
            }
        }
        Ok((names, all))
    }

    /// Writes the file whole, reads it back, and lets it count.
    pub(super) async fn switch_to_file(
        &self,
        all: All,
    ) -> Result<(Arc<dyn Secrets>, Option<String>), SecretsError> {
        let home = Arc::clone(&self.home);
        let switch = move || {
            let (dir, key) = (&home.data_dir, home.key.as_ref());
            let (file, notice) = EncryptedFile::stage(dir, key, &all)?;
            EncryptedFile::publish(dir)?;
            Ok((Arc::new(file) as Arc<dyn Secrets>, notice))
        };
        let switched = tokio::task::spawn_blocking(switch).await;
        switched.unwrap_or_else(|error| Err(SecretsError::File(error.to_string())))
    }

    /// Writes each secret and reads it back; what is not among them any more is forgotten there too. What was written
    /// goes again where one is not taken.
    pub(super) async fn copy_to_keyring(
        &self,
        keyring: &Arc<dyn Secrets>,
        all: &All,
        names: &[String],
    ) -> Result<(), SecretsError> {
        for (_, value) in all {
            keyring.room().check(value)?;
        }
        for (at, (name, value)) in all.iter().enumerate() {
            let (key, secret) = (name.clone(), value.clone());
            let written = self.on(keyring, move |secrets| {
                secrets.set(&key, &secret)?;
                match secrets.get(&key)? {
                    Some(kept) if *kept == *secret => Ok(()),
                    _ => Err(SecretsError::Locked("it does not give back what it was given".to_owned())),
                }
            });
            if let Err(error) = written.await {
                let begun = all[..=at].iter().map(|(name, _)| name.clone()).collect();
                self.delete_all(keyring, begun).await;
                return Err(error);
            }
        }
        let is_gone = |name: &&String| !all.iter().any(|(kept, _)| kept == *name);
        for name in names.iter().filter(is_gone) {
            let name = name.clone();
            self.on(keyring, move |secrets| secrets.delete(&name)).await?;
        }
        Ok(())
    }

    /// Deletes what it can; how many stay.
    pub(super) async fn delete_all(&self, from: &Arc<dyn Secrets>, names: Vec<String>) -> usize {
        let mut left = 0;
        for name in names {
            let deleted = self.on(from, move |secrets| secrets.delete(&name)).await;
            if let Err(error) = deleted {
                tracing::warn!(%error, "secrets.left_behind");
                left += 1;
            }
        }
        left
    }

    /// Goes on once nobody reads from the old place any more.
    async fn use_from_now_on(&self, store: Arc<dyn Secrets>, kept: Kept) {
        *self.inner.write().await = store;
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = kept;
    }
}

#[cfg(test)]
mod tests;
