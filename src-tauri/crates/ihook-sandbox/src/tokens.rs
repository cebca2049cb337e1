//! Who may sign in, and the tokens handed out since the sandbox started.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Two weeks less a second, as iMIS grants.
const LIFETIME_SECONDS: u64 = 1_209_599;

/// What an account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Everything: `sandbox` / `sandbox`.
    Staff,
    /// Reading only: `readonly` / `readonly`.
    Reader,
}

/// The role of a user, where the password is right.
pub(crate) fn role(username: &str, password: &str) -> Option<Role> {
    match (username.trim().to_lowercase().as_str(), password) {
        ("sandbox", "sandbox") => Some(Role::Staff),
        ("readonly", "readonly") => Some(Role::Reader),
        _ => None,
    }
}

/// Tokens live in memory only: after a restart callers sign in again, as with iMIS.
#[derive(Debug)]
pub(crate) struct Tokens {
    issued: Mutex<HashMap<String, (Role, Instant)>>,
    seconds: AtomicU64,
    sign_ins: AtomicU64,
}

impl Default for Tokens {
    fn default() -> Self {
        Self {
            issued: Mutex::default(),
            seconds: AtomicU64::new(LIFETIME_SECONDS),
            sign_ins: AtomicU64::new(0),
        }
    }
}

impl Tokens {
    /// How often a token was asked for, whatever came of it, since the start or the last reset.
    pub(crate) fn sign_ins(&self) -> u64 {
        self.sign_ins.load(Ordering::Relaxed)
    }

    /// Counts one more request for a token.
    pub(crate) fn count_sign_in(&self) {
        self.sign_ins.fetch_add(1, Ordering::Relaxed);
    }

    /// Begins to count from nothing.
    pub(crate) fn count_anew(&self) {
        self.sign_ins.store(0, Ordering::Relaxed);
    }

    /// A new token, or nothing where the system has no random numbers.
    pub(crate) fn issue(&self, role: Role) -> Option<String> {
        let mut bytes = [0_u8; 48];
        getrandom::fill(&mut bytes).ok()?;
        let token = URL_SAFE_NO_PAD.encode(bytes);
        let now = Instant::now();
        let mut issued = self.issued.lock().unwrap_or_else(PoisonError::into_inner);
        issued.retain(|_, (_, end)| *end > now);
        issued.insert(token.clone(), (role, now + Duration::from_secs(self.seconds())));
        drop(issued);
        Some(token)
    }

    /// The role of a good token.
    pub(crate) fn role(&self, token: &str) -> Option<Role> {
        let issued = self.issued.lock().unwrap_or_else(PoisonError::into_inner);
        issued.get(token).filter(|(_, end)| *end > Instant::now()).map(|(role, _)| *role)
    }

    /// Makes a token worthless at once.
    pub(crate) fn expire(&self, token: &str) {
        self.issued.lock().unwrap_or_else(PoisonError::into_inner).remove(token);
    }

    /// How long new tokens live.
    pub(crate) fn seconds(&self) -> u64 {
        self.seconds.load(Ordering::Relaxed)
    }

    /// Changes the life of tokens to come; at most a year.
    pub(crate) fn set_seconds(&self, seconds: Option<u64>) {
        self.seconds.store(seconds.unwrap_or(LIFETIME_SECONDS).min(31_536_000), Ordering::Relaxed);
    }
}
