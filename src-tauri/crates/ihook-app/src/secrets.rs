//! Passwords and hook URLs: the OS keyring, an encrypted file for a headless server, memory in tests.

mod file;
mod keyring;
mod memory;
mod moving;
mod place;

pub(crate) use moving::Unmoved;
pub(crate) use place::SecretsPlace;

use std::fmt::Debug;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::RwLock;
use tokio::task::AbortHandle;

use zeroize::Zeroizing;

use self::place::{Home, Kept};

use crate::config::SecretsKind;
use crate::redact::Redactor;

/// How long a call may take. A keyring that asks for its password in a window of its own takes as long as it likes.
const PATIENCE: Duration = Duration::from_secs(5);

/// What entries are named by, before the slash: the password of a connection, a secret that workflows use, what a
/// sender proves itself with, and the one before that behind the time at which it ends.
pub(crate) const CONNECTION: &str = "connection";
const SECRET: &str = "secret";
pub(crate) const SENDER: &str = "sender";
pub(crate) const SENDER_BEFORE: &str = "sender-before";

/// Keeps secrets by name. Calls may block: go through [`Vault`].
trait Secrets: Debug + Send + Sync {
    /// What fits.
    fn room(&self) -> Room {
        Room::Wide
    }
    /// The names of all secrets, where the store can tell.
    fn names(&self) -> Option<Vec<String>> {
        None
    }
    fn get(&self, name: &str) -> Result<Option<Zeroizing<String>>, SecretsError>;
    fn set(&self, name: &str, value: &str) -> Result<(), SecretsError>;
    fn delete(&self, name: &str) -> Result<(), SecretsError>;
}

/// Why a secret could not be reached.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SecretsError {
    /// The keyring is there and does not open.
    #[error("the keyring is locked or denies access ({0}): unlock it, then try again")]
    Locked(String),
    /// No secret service answers.
    #[error(
        "no keyring answers on this computer ({0}): start one (for example gnome-keyring or KWallet), or use \
         --secrets file"
    )]
    Absent(String),
    /// The encrypted file cannot be used.
    #[error("{0}")]
    File(String),
    /// The store does not take so much; nothing was kept.
    #[error("{0}")]
    TooLong(String),
}

/// What a store takes of one secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Room {
    /// More than any password has: the Secret Service, the Keychain, the encrypted file.
    Wide,
    /// `CRED_MAX_CREDENTIAL_BLOB_SIZE` of Windows, which keeps passwords as UTF-16.
    #[cfg_attr(not(any(windows, test)), expect(dead_code, reason = "Windows alone has it"))]
    CredentialManager,
}

impl Room {
    /// Longer ones are a mistake of pasting.
    const WIDE_BYTES: usize = 64 * 1024;
    const CREDENTIAL_BYTES: usize = 2560;

    fn check(self, value: &str) -> Result<(), SecretsError> {
        match self {
            Self::Wide if value.len() > Self::WIDE_BYTES => Err(SecretsError::TooLong(format!(
                "It is too long: at most {} bytes can be kept, and this has {}. Nothing was changed.",
                Self::WIDE_BYTES,
                value.len()
            ))),
            Self::CredentialManager => {
                let bytes = value.encode_utf16().count() * 2;
                if bytes <= Self::CREDENTIAL_BYTES {
                    return Ok(());
                }
                Err(SecretsError::TooLong(format!(
                    "It is too long for the Windows Credential Manager, which takes at most {} characters; this \
                     has {}. Use a shorter one, or --secrets file. Nothing was changed.",
                    Self::CREDENTIAL_BYTES / 2,
                    bytes / 2
                )))
            }
            Self::Wide => Ok(()),
        }
    }
}

/// The secret store in use; off the async threads. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Vault {
    /// Held while a secret is read, so that a store is not emptied under them.
    inner: Arc<RwLock<Arc<dyn Secrets>>>,
    /// Held while a secret is changed, so that none is changed while all are moved.
    writing: Arc<RwLock<()>>,
    kept: Arc<std::sync::RwLock<Kept>>,
    home: Arc<Home>,
    /// Calls that took too long and are still under way.
    late: Arc<Mutex<Vec<AbortHandle>>>,
    patience: Duration,
    changing: Arc<tokio::sync::Mutex<()>>,
    /// Learns every secret that passes through here.
    redactor: Redactor,
}

impl Vault {
    /// Opens the store of this kind for the program whose data lies in `data_dir`; `is_new` where nothing was kept
    /// for it yet, so that a keyring that takes nothing is no loss.
    ///
    /// # Errors
    /// When no secret service answers at all, or the encrypted file cannot be used. A locked keyring opens.
    pub fn open(kind: &SecretsKind, data_dir: &Path, is_new: bool) -> Result<Self, SecretsError> {
        place::open(kind, data_dir, is_new)
    }

    fn of(inner: Arc<dyn Secrets>, home: Home, kept: Kept) -> Self {
        Self {
            inner: Arc::new(RwLock::new(inner)),
            writing: Arc::default(),
            kept: Arc::new(std::sync::RwLock::new(kept)),
            home: Arc::new(home),
            late: Arc::default(),
            patience: PATIENCE,
            changing: Arc::default(),
            redactor: Redactor::default(),
        }
    }

    /// Where secrets are kept now.
    pub(crate) fn place(&self) -> SecretsPlace {
        self.kept().place
    }

    /// Something staff should know about where secrets are kept.
    pub(crate) fn notice(&self) -> Option<String> {
        self.kept().notice
    }

    fn kept(&self) -> Kept {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn inner(&self) -> Arc<dyn Secrets> {
        Arc::clone(&*self.inner.read().await)
    }

    /// The same store, whose secrets this redactor learns.
    pub(crate) fn known_to(self, redactor: Redactor) -> Self {
        Self { redactor, ..self }
    }

    pub(crate) fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// One's turn to change a secret together with what the database keeps of it. Of two who do that at once the
    /// second waits, or the secret of the one would stand beside the row of the other.
    pub(crate) async fn turn(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.changing.lock().await
    }

    /// The secret of this name, if one was kept.
    ///
    /// # Errors
    /// When the store is locked or gone.
    pub async fn get(&self, name: &str) -> Result<Option<Zeroizing<String>>, SecretsError> {
        let key = name.to_owned();
        let inner = self.inner.read().await;
        let found = self.on(&inner, move |secrets| secrets.get(&key)).await?;
        drop(inner);
        if let Some(value) = &found {
            self.learn(name, value);
        }
        Ok(found)
    }

    /// Keeps a secret.
    ///
    /// # Errors
    /// When it is longer than the store takes, or the store is locked or gone.
    pub async fn set(&self, name: &str, value: &str) -> Result<(), SecretsError> {
        let _writing = self.writing.read().await;
        let inner = self.inner().await;
        inner.room().check(value)?;
        self.learn(name, value);
        let (name, value) = (name.to_owned(), Zeroizing::new(value.to_owned()));
        self.on(&inner, move |secrets| secrets.set(&name, &value)).await
    }

    /// Forgets a secret; one that is not there is no error.
    ///
    /// # Errors
    /// When the store is locked or gone.
    pub async fn delete(&self, name: &str) -> Result<(), SecretsError> {
        let _writing = self.writing.read().await;
        let (inner, name) = (self.inner().await, name.to_owned());
        self.on(&inner, move |secrets| secrets.delete(&name)).await
    }

    /// Hook tokens are not among what is learned: they are known by their hash.
    fn learn(&self, name: &str, value: &str) {
        let secret = match name.split_once('/') {
            Some((SENDER_BEFORE, _)) => value.split_once(' ').map(|(_until, secret)| secret),
            Some((CONNECTION, _)) => Some(value.split_once('\n').map_or(value, |(_origin, secret)| secret)),
            Some((SECRET | SENDER, _)) => Some(value),
            _ => None,
        };
        if let Some(secret) = secret {
            self.redactor.learn(name, secret);
        }
    }

    /// Asks a store, and waits no longer than is to be expected of one.
    async fn on<T: Send + 'static>(
        &self,
        secrets: &Arc<dyn Secrets>,
        call: impl FnOnce(&dyn Secrets) -> Result<T, SecretsError> + Send + 'static,
    ) -> Result<T, SecretsError> {
        // While one call hangs the next would too, each on a thread of its own until there are none left.
        if self.is_stuck() {
            return Err(SecretsError::Locked("it still does not answer".to_owned()));
        }
        let secrets = Arc::clone(secrets);
        let task = tokio::task::spawn_blocking(move || call(&*secrets));
        let handle = task.abort_handle();
        match tokio::time::timeout(self.patience, task).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_panicked)) => Err(SecretsError::Locked("the keyring's library failed".to_owned())),
            Err(_late) => {
                self.late.lock().unwrap_or_else(PoisonError::into_inner).push(handle);
                let seconds = self.patience.as_secs();
                Err(SecretsError::Locked(format!("it has not answered for {seconds} s")))
            }
        }
    }

    fn is_stuck(&self) -> bool {
        let mut late = self.late.lock().unwrap_or_else(PoisonError::into_inner);
        late.retain(|call| !call.is_finished());
        !late.is_empty()
    }
}

/// Under which name a secret that workflows use is kept.
pub(crate) fn secret_name(name: &str) -> String {
    format!("{SECRET}/{name}")
}

/// Whether secrets lie in a file of the data directory.
pub(crate) fn are_filed(data_dir: &Path) -> bool {
    file::EncryptedFile::exists(data_dir)
}

#[cfg(test)]
mod tests;
