//! How the program was started. The only place that reads the environment.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hyper_util::client::proxy::matcher::Matcher;
use zeroize::Zeroizing;

use crate::clock::{Clock, SystemClock};
use crate::outgoing::SystemProxies;
use crate::redact::Redactor;

/// Where secrets are kept.
#[derive(Clone, Debug)]
pub enum SecretsKind {
    /// The OS keyring, or nothing.
    Keyring,
    /// An encrypted file in the data directory; without a key of its own, a key file beside it.
    File {
        /// From [`secrets_key`].
        key: Option<Zeroizing<String>>,
    },
    /// As it was left; the OS keyring, or nothing, at first.
    Kept {
        /// From [`secrets_key`].
        key: Option<Zeroizing<String>>,
    },
    /// As it was left; at first the OS keyring where one takes secrets, else the encrypted file.
    KeyringOrFile {
        /// From [`secrets_key`].
        key: Option<Zeroizing<String>>,
    },
    /// Nowhere: gone with the process.
    Memory,
}

/// Everything [`crate::start`] needs to know.
#[derive(Clone, Debug)]
pub struct Config {
    /// Holds the database, the lock and, by choice, the encrypted secrets.
    pub data_dir: PathBuf,
    /// Where hooks are received.
    pub listen: SocketAddr,
    /// Where commands and the UI are served; `None` in the desktop window, which needs no port for them.
    pub admin: Option<SocketAddr>,
    /// The admin token, when it is not to be a fresh one.
    pub admin_token: Option<String>,
    /// The built-in sandbox, when there is one.
    pub sandbox_url: Option<String>,
    /// Where secrets are kept.
    pub secrets: SecretsKind,
    /// Whether a first start creates the check-in workflow.
    pub seed: bool,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// The proxies of this computer, from [`system_proxies`].
    pub proxies: SystemProxies,
    /// Learns the program's secrets, so that whoever writes the log can leave them out.
    pub redactor: Redactor,
}

impl Config {
    /// The settings of a desktop window: default ports on loopback, no admin port, the check-in workflow.
    #[must_use]
    pub fn desktop(data_dir: PathBuf) -> Self {
        Self {
            data_dir,
            listen: SocketAddr::from(([127, 0, 0, 1], 8787)),
            admin: None,
            admin_token: None,
            sandbox_url: None,
            secrets: SecretsKind::KeyringOrFile { key: None },
            seed: true,
            clock: Arc::new(SystemClock::new()),
            proxies: system_proxies(),
            redactor: Redactor::default(),
        }
    }
}

/// Where a desktop user's data lies, unless `IHOOK_DATA_DIR` says otherwise.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place where the program reads the environment")]
pub fn default_data_dir() -> Option<PathBuf> {
    if let Some(dir) = std::env::var_os("IHOOK_DATA_DIR").filter(|dir| !dir.is_empty()) {
        return Some(dir.into());
    }
    directories::ProjectDirs::from("org", "iHook", "iHook").map(|dirs| dirs.data_local_dir().to_owned())
}

/// The key for the encrypted file: `IHOOK_SECRETS_KEY`, or the systemd credential `ihook-secrets-key`.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place where the program reads the environment")]
pub fn secrets_key() -> Option<Zeroizing<String>> {
    if let Ok(key) = std::env::var("IHOOK_SECRETS_KEY")
        && !key.is_empty()
    {
        return Some(Zeroizing::new(key));
    }
    let dir = std::env::var_os("CREDENTIALS_DIRECTORY")?;
    std::fs::read_to_string(Path::new(&dir).join("ihook-secrets-key"))
        .ok()
        .map(|key| Zeroizing::new(key.trim().to_owned()))
        .filter(|key| !key.is_empty())
}

/// A variable that is not the application's own: of the window system, of the web view, of its tests.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place where the program reads the environment")]
pub fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

/// The proxies that this computer is set up with, as the environment and the operating system have them now.
#[must_use]
pub fn system_proxies() -> SystemProxies {
    SystemProxies::new(Matcher::from_system())
}

/// The filter for log lines where `IHOOK_LOG` names none: warnings and worse, and what the application does.
pub(crate) const LOG_FILTER: &str = "warn,ihook_app=info";

/// The filter for log lines.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place where the program reads the environment")]
pub(crate) fn log_filter() -> String {
    std::env::var("IHOOK_LOG").unwrap_or_else(|_| LOG_FILTER.to_owned())
}

/// Whether the test command has started a Secret Service, so that the keyring's test must not pass without.
#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the one place where the program reads the environment")]
pub(crate) fn test_keyring_expected() -> bool {
    std::env::var_os("IHOOK_TEST_KEYRING").is_some()
}
