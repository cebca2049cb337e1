//! The OS keyring: Secret Service on Linux, Keychain on macOS, Credential Manager on Windows.

use std::path::Path;

use keyring_core::{Entry, Error};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

#[cfg(windows)]
use super::Room;
use super::{Secrets, SecretsError};

/// Entries of the service `iHook`, named after the data directory so that two installations do not mix.
#[derive(Debug)]
pub(super) struct Keyring {
    prefix: String,
}

impl Keyring {
    /// Fails only when no secret service answers at all; a locked one is found out with each call.
    pub(super) fn open(data_dir: &Path) -> Result<Self, SecretsError> {
        if let Err(error) = keyring::Entry::store_status() {
            return Err(SecretsError::Absent(error.to_string()));
        }
        Ok(Self::at(data_dir))
    }

    /// The same whether one answers or not: that is found out with each call.
    pub(super) fn at(data_dir: &Path) -> Self {
        let place = data_dir.canonicalize().unwrap_or_else(|_| data_dir.to_owned());
        let digest = Sha256::digest(place.as_os_str().as_encoded_bytes());
        let prefix = digest[..6].iter().map(|byte| format!("{byte:02x}")).collect();
        Self { prefix }
    }

    /// Does it, once more where the secret service has been started anew since: its old session is of no use then.
    fn with<T>(
        &self,
        name: &str,
        call: impl Fn(&Entry) -> keyring_core::Result<T>,
    ) -> keyring_core::Result<T> {
        let once = || {
            // Opens the store where that was not done yet; one that came later is known to the core alone.
            let _ = keyring::Entry::store_status();
            Entry::new("iHook", &format!("{}/{name}", self.prefix)).and_then(|entry| call(&entry))
        };
        match once() {
            Err(Error::PlatformFailure(_) | Error::NoDefaultStore) if reopened() => once(),
            other => other,
        }
    }
}

impl Secrets for Keyring {
    #[cfg(windows)]
    fn room(&self) -> Room {
        Room::CredentialManager
    }

    fn get(&self, name: &str) -> Result<Option<Zeroizing<String>>, SecretsError> {
        match self.with(name, Entry::get_password) {
            Ok(value) => Ok(Some(Zeroizing::new(value))),
            Err(Error::NoEntry) => {
                // A locked or missing collection says the same as "never stored": only a write tells them apart.
                self.with("probe", |probe| probe.set_password("iHook")).map_err(|error| explain(&error))?;
                Ok(None)
            }
            Err(error) => Err(explain(&error)),
        }
    }

    fn set(&self, name: &str, value: &str) -> Result<(), SecretsError> {
        self.with(name, |entry| entry.set_password(value)).map_err(|error| explain(&error))
    }

    fn delete(&self, name: &str) -> Result<(), SecretsError> {
        match self.with(name, Entry::delete_credential) {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(explain(&error)),
        }
    }
}

#[cfg(target_os = "linux")]
fn reopened() -> bool {
    match zbus_secret_service_keyring_store::Store::new() {
        Ok(store) => {
            keyring_core::set_default_store(store);
            true
        }
        Err(error) => {
            tracing::warn!(%error, "keyring.not_reopened");
            false
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn reopened() -> bool {
    false
}

fn explain(error: &Error) -> SecretsError {
    match error {
        Error::NoDefaultStore => SecretsError::Absent("no secret service".to_owned()),
        error => SecretsError::Locked(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs for real where the test command has started a private Secret Service; elsewhere it only shows
    /// that a missing service is told as such.
    #[test]
    fn the_keyring_keeps_secrets_or_says_that_there_is_none() {
        let dir = tempfile::tempdir().unwrap();
        match Keyring::open(dir.path()) {
            Ok(keyring) => match keyring.set("imis.test", "pass 🎫 wörd") {
                Ok(()) => {
                    assert_eq!(keyring.get("imis.test").unwrap().unwrap().as_str(), "pass 🎫 wörd");
                    assert!(keyring.get("imis.other").unwrap().is_none());
                    let long = "é".repeat(1500);
                    keyring.set("imis.test", &long).unwrap();
                    assert_eq!(keyring.get("imis.test").unwrap().unwrap().as_str(), long);
                    keyring.delete("imis.test").unwrap();
                    keyring.delete("imis.test").unwrap();
                    assert!(keyring.get("imis.test").unwrap().is_none());
                }
                Err(error) => assert!(error.to_string().contains("unlock it"), "{error}"),
            },
            Err(error) => assert!(error.to_string().contains("--secrets file"), "{error}"),
        }
        let expected = crate::config::test_keyring_expected();
        assert!(!expected || Keyring::open(dir.path()).is_ok(), "the test command promised a Secret Service");
    }
}
