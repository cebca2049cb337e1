//! What can be set about the sandbox while it runs.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

/// The settings. They are forgotten at a restart, as a sandbox should then be as on the first day.
#[derive(Debug, Default)]
pub(crate) struct Knobs {
    /// iMIS answers a new panel row with ordinal 0; this tells the true one.
    echo_real_ordinal: AtomicBool,
    /// Bodies must be as the vendor's own reader needs them.
    strict: AtomicBool,
    /// Panels that are listed but not "Available via the REST API".
    unavailable: Mutex<Vec<String>>,
}

/// The settings as they are written; a member that is left out stays as it is.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Settings {
    /// How long new tokens live.
    pub(crate) token_seconds: Option<u64>,
    /// Answer new rows of multi-instance panels with their true ordinal.
    pub(crate) echo_real_ordinal: Option<bool>,
    /// Refuse objects without `$type` and numbers and booleans without their wrapper.
    pub(crate) strict: Option<bool>,
    /// Names of panels that the API lists and does not serve.
    pub(crate) unavailable_panels: Option<Vec<String>>,
}

impl Knobs {
    pub(crate) fn set(&self, wanted: Settings) {
        if let Some(echo) = wanted.echo_real_ordinal {
            self.echo_real_ordinal.store(echo, Ordering::Relaxed);
        }
        if let Some(strict) = wanted.strict {
            self.strict.store(strict, Ordering::Relaxed);
        }
        if let Some(panels) = wanted.unavailable_panels {
            *self.unavailable.lock().unwrap_or_else(PoisonError::into_inner) = panels;
        }
    }

    /// As on the first start.
    pub(crate) fn reset(&self) {
        self.set(Settings {
            token_seconds: None,
            echo_real_ordinal: Some(false),
            strict: Some(false),
            unavailable_panels: Some(Vec::new()),
        });
    }

    pub(crate) fn shown(&self, token_seconds: u64) -> Settings {
        Settings {
            token_seconds: Some(token_seconds),
            echo_real_ordinal: Some(self.echoes_real_ordinal()),
            strict: Some(self.is_strict()),
            unavailable_panels: Some(self.unavailable.lock().unwrap_or_else(PoisonError::into_inner).clone()),
        }
    }

    pub(crate) fn echoes_real_ordinal(&self) -> bool {
        self.echo_real_ordinal.load(Ordering::Relaxed)
    }

    pub(crate) fn is_strict(&self) -> bool {
        self.strict.load(Ordering::Relaxed)
    }

    pub(crate) fn serves(&self, panel: &str) -> bool {
        let unavailable = self.unavailable.lock().unwrap_or_else(PoisonError::into_inner);
        !unavailable.iter().any(|name| name.eq_ignore_ascii_case(panel))
    }
}
