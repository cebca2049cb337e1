//! Secrets in one file of the data directory, each sealed with AES-256-GCM under its own nonce.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{Secrets, SecretsError};
use crate::files;

const FILE: &str = "secrets.json";
const KEY_FILE: &str = "secrets.key";
/// A whole copy that does not count yet.
const STAGED: &str = "secrets.json.staged";
/// A file that counts no more.
const RETIRED: &str = "secrets.json.retired";
/// A sealed constant that tells a wrong key before anything is written with it.
const CHECK: &str = "check";

/// Name → base64 of nonce and sealed text.
type Sealed = BTreeMap<String, String>;

/// The file, read once and rewritten whole with each change.
pub(super) struct EncryptedFile {
    path: PathBuf,
    cipher: Aes256Gcm,
    sealed: Mutex<Sealed>,
}

impl std::fmt::Debug for EncryptedFile {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("EncryptedFile").field("path", &self.path).finish_non_exhaustive()
    }
}

impl EncryptedFile {
    /// Whether this data directory has one.
    pub(super) fn exists(data_dir: &Path) -> bool {
        data_dir.join(FILE).exists()
    }

    /// Writes a file with these secrets that does not count yet, and reads it back: the file as it is used once
    /// [`Self::publish`] has let it count, with a notice as [`Self::open`] has it.
    pub(super) fn stage(
        data_dir: &Path,
        key: Option<&Zeroizing<String>>,
        all: &[(String, Zeroizing<String>)],
    ) -> Result<(Self, Option<String>), SecretsError> {
        let staged = data_dir.join(STAGED);
        remove(&staged).map_err(|error| unusable(&staged, &error))?;
        let (file, _notice) = Self::open_at(data_dir, STAGED, key)?;
        let sealed = all.iter().map(|(name, value)| Ok((name.clone(), file.seal(name, value)?)));
        let sealed = sealed.collect::<Result<Vec<_>, SecretsError>>()?;
        file.change(|kept| kept.extend(sealed))?;
        let (read_back, notice) = Self::open_at(data_dir, STAGED, key)?;
        for (name, value) in all {
            if read_back.get(name)?.as_ref() != Some(value) {
                let message = format!("{} does not give back what it was given", staged.display());
                return Err(SecretsError::File(message));
            }
        }
        Ok((Self { path: data_dir.join(FILE), ..read_back }, notice))
    }

    /// From now on the staged file counts.
    pub(super) fn publish(data_dir: &Path) -> Result<(), SecretsError> {
        switch(&data_dir.join(STAGED), &data_dir.join(FILE))
    }

    /// From now on no file counts.
    pub(super) fn retire(data_dir: &Path) -> Result<(), SecretsError> {
        switch(&data_dir.join(FILE), &data_dir.join(RETIRED))
    }

    /// Removes what a move left that was cut off, or that is done.
    pub(super) fn tidy(data_dir: &Path) {
        let (staged, retired) = (data_dir.join(STAGED), data_dir.join(RETIRED));
        let mut done = remove(&staged);
        if retired.exists() {
            // Its key first opens nothing more, then it is gone.
            let key = if Self::exists(data_dir) { Ok(()) } else { remove(&data_dir.join(KEY_FILE)) };
            done = done.and(key).and_then(|()| remove(&retired));
        }
        if let Err(error) = done {
            tracing::warn!(%error, "secrets.not_tidied");
        }
    }

    /// Opens with the key given, or with the key file beside it, which is made on first use; then a notice
    /// says how safe that is.
    pub(super) fn open(
        data_dir: &Path,
        key: Option<&Zeroizing<String>>,
    ) -> Result<(Self, Option<String>), SecretsError> {
        Self::open_at(data_dir, FILE, key)
    }

    fn open_at(
        data_dir: &Path,
        name: &str,
        key: Option<&Zeroizing<String>>,
    ) -> Result<(Self, Option<String>), SecretsError> {
        let (key, notice) = match key {
            Some(key) => (key.clone(), None),
            None => (key_file(data_dir)?, Some(notice(data_dir))),
        };
        let cipher = Aes256Gcm::new(&Sha256::digest(key.as_bytes()));
        let path = data_dir.join(name);
        let sealed = match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map_err(|error| SecretsError::File(format!("{} is damaged: {error}", path.display())))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Sealed::new(),
            Err(error) => return Err(SecretsError::File(format!("cannot read {}: {error}", path.display()))),
        };
        let file = Self { path, cipher, sealed: Mutex::new(sealed) };
        if file.get(CHECK)?.is_none() {
            file.set(CHECK, "iHook")?;
        }
        Ok((file, notice))
    }

    fn seal(&self, name: &str, value: &str) -> Result<String, SecretsError> {
        let mut nonce = [0; 12];
        getrandom::fill(&mut nonce).map_err(|error| SecretsError::File(error.to_string()))?;
        let payload = Payload { msg: value.as_bytes(), aad: name.as_bytes() };
        let text = self
            .cipher
            .encrypt(&Nonce::from(nonce), payload)
            .map_err(|_sealed| SecretsError::File("a secret could not be sealed".to_owned()))?;
        Ok(BASE64.encode([&nonce[..], &text].concat()))
    }

    fn unseal(&self, name: &str, text: &str) -> Option<Zeroizing<String>> {
        let bytes = BASE64.decode(text).ok()?;
        let (nonce, text) = bytes.split_first_chunk::<12>()?;
        let payload = Payload { msg: text, aad: name.as_bytes() };
        let value = self.cipher.decrypt(&Nonce::from(*nonce), payload).ok()?;
        String::from_utf8(value).ok().map(Zeroizing::new)
    }

    /// Writes the changed map; the one in memory follows only when that worked.
    fn change(&self, edit: impl FnOnce(&mut Sealed)) -> Result<(), SecretsError> {
        let mut sealed = self.sealed.lock().unwrap_or_else(PoisonError::into_inner);
        let mut next = sealed.clone();
        edit(&mut next);
        let bytes =
            serde_json::to_vec_pretty(&next).map_err(|error| SecretsError::File(error.to_string()))?;
        files::replace_private(&self.path, &bytes)
            .map_err(|error| SecretsError::File(format!("cannot write {}: {error}", self.path.display())))?;
        *sealed = next;
        drop(sealed);
        Ok(())
    }
}

impl Secrets for EncryptedFile {
    fn names(&self) -> Option<Vec<String>> {
        let sealed = self.sealed.lock().unwrap_or_else(PoisonError::into_inner);
        Some(sealed.keys().filter(|name| *name != CHECK).cloned().collect())
    }

    fn get(&self, name: &str) -> Result<Option<Zeroizing<String>>, SecretsError> {
        let sealed = self.sealed.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
        let Some(text) = sealed else { return Ok(None) };
        self.unseal(name, &text).map(Some).ok_or_else(|| {
            SecretsError::File(format!(
                "{} was sealed with another key: give the right one in IHOOK_SECRETS_KEY or put {KEY_FILE} back",
                self.path.display()
            ))
        })
    }

    fn set(&self, name: &str, value: &str) -> Result<(), SecretsError> {
        let text = self.seal(name, value)?;
        self.change(|sealed| {
            sealed.insert(name.to_owned(), text);
        })
    }

    fn delete(&self, name: &str) -> Result<(), SecretsError> {
        self.change(|sealed| {
            sealed.remove(name);
        })
    }
}

fn unusable(path: &Path, error: &std::io::Error) -> SecretsError {
    SecretsError::File(format!("cannot use {}: {error}", path.display()))
}

/// Renames for good, or not at all.
fn switch(from: &Path, to: &Path) -> Result<(), SecretsError> {
    files::rename_durably(from, to).map_err(|error| {
        // A power cut could still take it back, so it must not count.
        let _ = fs::rename(to, from);
        unusable(from, &error)
    })
}

/// One that is not there is removed already.
fn remove(path: &Path) -> std::io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn key_file(data_dir: &Path) -> Result<Zeroizing<String>, SecretsError> {
    let path = data_dir.join(KEY_FILE);
    let failed =
        |error: std::io::Error| SecretsError::File(format!("cannot use {}: {error}", path.display()));
    match fs::read_to_string(&path) {
        // An empty one is none: a full disk left it.
        Ok(key) if !key.is_empty() => return Ok(Zeroizing::new(key)),
        Ok(_empty) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(failed(error)),
    }
    if EncryptedFile::exists(data_dir) {
        return Err(SecretsError::File(format!(
            "{} is there but its key {KEY_FILE} is not: put it back, or give the key in IHOOK_SECRETS_KEY",
            data_dir.join(FILE).display()
        )));
    }
    let mut bytes = Zeroizing::new([0; 32]);
    getrandom::fill(&mut *bytes).map_err(|error| SecretsError::File(error.to_string()))?;
    let key = Zeroizing::new(BASE64.encode(*bytes));
    // Whole or not at all: half a key would be taken for one at the next start.
    files::replace_private(&path, key.as_bytes()).map_err(failed)?;
    Ok(key)
}

fn notice(data_dir: &Path) -> String {
    format!(
        "Secrets are kept in an encrypted file whose key lies beside it in {}: they are only as safe as that \
         directory.",
        data_dir.display()
    )
}
