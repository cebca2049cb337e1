//! Where secrets are kept: as the start of the program says, else as it was left.

use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use zeroize::Zeroizing;

use super::file::EncryptedFile;
use super::keyring::Keyring;
use super::memory::Memory;
use super::{PATIENCE, Secrets, SecretsError, Vault};
use crate::config::SecretsKind;

/// A place that keeps secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub(crate) enum SecretsPlace {
    /// The keyring of this computer.
    Keyring,
    /// An encrypted file of the data directory.
    File,
    /// Nowhere: they end with the process.
    Memory,
}

/// The place in use.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) place: SecretsPlace,
    /// Something staff should know about it.
    pub(crate) notice: Option<String>,
}

/// A store with what is to be said of it.
type Opened = (Arc<dyn Secrets>, Kept);

fn opened(store: Arc<dyn Secrets>, place: SecretsPlace, notice: Option<String>) -> Opened {
    (store, Kept { place, notice })
}

type OpenKeyring = dyn Fn() -> Result<Arc<dyn Secrets>, SecretsError> + Send + Sync;

/// What is needed to keep secrets in another place.
pub(super) struct Home {
    pub(super) data_dir: PathBuf,
    /// Of the encrypted file; without it a key file is made beside it.
    pub(super) key: Option<Zeroizing<String>>,
    /// How the start of the program named the place, if it did: nothing else decides then.
    pub(super) fixed: Option<&'static str>,
    pub(super) open_keyring: Box<OpenKeyring>,
}

impl std::fmt::Debug for Home {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Home").field("data_dir", &self.data_dir).finish_non_exhaustive()
    }
}

impl Home {
    pub(super) fn of(kind: &SecretsKind, data_dir: &Path) -> Self {
        let (key, fixed) = match kind {
            SecretsKind::Memory => (None, Some("to keep them nowhere")),
            SecretsKind::Keyring => (None, Some("with --secrets keyring")),
            SecretsKind::File { key } => (key.clone(), Some("with --secrets file")),
            SecretsKind::Kept { key } | SecretsKind::KeyringOrFile { key } => (key.clone(), None),
        };
        let place = data_dir.to_owned();
        let open_keyring = Box::new(move || Ok(Arc::new(Keyring::open(&place)?) as Arc<dyn Secrets>));
        Self { data_dir: data_dir.to_owned(), key, fixed, open_keyring }
    }

    fn keyring(&self) -> Result<Opened, SecretsError> {
        Ok(opened((self.open_keyring)()?, SecretsPlace::Keyring, None))
    }

    fn file(&self) -> Result<Opened, SecretsError> {
        let (file, notice) = EncryptedFile::open(&self.data_dir, self.key.as_ref())?;
        Ok(opened(Arc::new(file), SecretsPlace::File, notice))
    }

    /// The keyring where one takes secrets now, else the file: for a data directory that has no secrets yet.
    fn first(&self, patience: Duration) -> Result<Opened, SecretsError> {
        let keyring = match (self.open_keyring)() {
            Ok(keyring) => keyring,
            Err(SecretsError::Absent(_)) => return self.file(),
            Err(error) => return Err(error),
        };
        match takes_secrets(&keyring, patience) {
            Ok(()) => Ok(opened(keyring, SecretsPlace::Keyring, None)),
            Err(error) => {
                tracing::warn!(%error, "secrets.keyring_unusable");
                let (file, Kept { place, notice }) = self.file()?;
                let kept = notice.as_deref().unwrap_or("Secrets are kept in an encrypted file.");
                let why = format!("The keyring of this computer could not be used: {error}. {kept}");
                Ok(opened(file, place, Some(why)))
            }
        }
    }

    /// The keyring that has the secrets, also where none answers yet: they must not seem lost, nor be kept in two
    /// places from now on.
    fn keyring_again(&self) -> Result<Opened, SecretsError> {
        match self.keyring() {
            Err(error @ SecretsError::Absent(_)) => {
                tracing::warn!(%error, "secrets.keyring_absent");
                Ok(opened(Arc::new(Keyring::at(&self.data_dir)), SecretsPlace::Keyring, None))
            }
            other => other,
        }
    }
}

/// Opens the store of this kind; see [`Vault::open`].
pub(super) fn open(kind: &SecretsKind, data_dir: &Path, is_new: bool) -> Result<Vault, SecretsError> {
    EncryptedFile::tidy(data_dir);
    let home = Home::of(kind, data_dir);
    let (store, kept) = match kind {
        SecretsKind::Memory => opened(Arc::new(Memory::default()), SecretsPlace::Memory, None),
        SecretsKind::Keyring => home.keyring()?,
        SecretsKind::File { .. } => home.file()?,
        // What is in the file stays in use: secrets must not seem lost because a keyring appeared.
        SecretsKind::Kept { .. } | SecretsKind::KeyringOrFile { .. } if EncryptedFile::exists(data_dir) => {
            home.file()?
        }
        SecretsKind::Kept { .. } => home.keyring()?,
        SecretsKind::KeyringOrFile { .. } if is_new => home.first(PATIENCE)?,
        SecretsKind::KeyringOrFile { .. } => home.keyring_again()?,
    };
    Ok(Vault::of(store, home, kept))
}

/// Whether the store takes a secret now, asked with one that is none. A keyring that was never set up answers only
/// this; one that asks for its password in a window of its own may take as long as it likes.
pub(super) fn takes_secrets(secrets: &Arc<dyn Secrets>, patience: Duration) -> Result<(), SecretsError> {
    let (answer, answered) = mpsc::channel();
    let secrets = Arc::clone(secrets);
    // Left alone when it hangs: nothing waits for it any more.
    thread::spawn(move || {
        let _ = answer.send(secrets.set("probe", "iHook"));
    });
    answered.recv_timeout(patience).unwrap_or_else(|_late| {
        Err(SecretsError::Locked(format!("it has not answered for {} s", patience.as_secs())))
    })
}
