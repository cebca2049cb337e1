//! Settings of the whole program, in memory and in the store.

use std::sync::{Arc, PoisonError, RwLock};

use ihook_engine::workflow::Network;
use ihook_store::{Store, StoreError, setting};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use url::Url;

const NAME: &str = "settings";
/// The hard limit of product.md section 1.
const MOST_BODY_BYTES: u64 = 200 * 1024 * 1024;

/// From what an empty database needs many times over to a large disk.
const MEGABYTES: std::ops::RangeInclusive<u32> = 10..=1_000_000;

/// What staff can set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[ts(rename = "Settings", optional_fields)]
pub struct Values {
    /// The address under which senders reach the listener, such as `https://hooks.example.org/ihook`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_base_url: Option<String>,
    /// Address blocks of reverse proxies whose `X-Forwarded-For` counts.
    pub trusted_proxies: Vec<String>,
    /// Private address blocks that HTTP Request actions may call all the same.
    pub allow_private_addresses: Vec<String>,
    /// Larger bodies are answered 413.
    pub max_body_bytes: u64,
    /// Finished runs older than this are removed.
    pub retention_days: u32,
    /// When the database holds more than so many megabytes, those finished runs go first that ended first.
    pub retention_max_megabytes: u32,
    /// Whether closing the window leaves the program receiving, where there is a tray.
    pub close_to_tray: bool,
    /// Whether the window's program starts when the person signs in to this computer.
    pub start_at_login: bool,
}

impl Default for Values {
    fn default() -> Self {
        Self {
            public_base_url: None,
            trusted_proxies: vec!["127.0.0.1/32".to_owned(), "::1/128".to_owned()],
            allow_private_addresses: Vec::new(),
            max_body_bytes: 1024 * 1024,
            retention_days: 90,
            retention_max_megabytes: 20_000,
            close_to_tray: true,
            start_at_login: false,
        }
    }
}

impl Values {
    /// Checks and tidies what was entered.
    ///
    /// # Errors
    /// A sentence that names the setting and its limits.
    pub fn checked(mut self) -> Result<Self, String> {
        if self.max_body_bytes == 0 || self.max_body_bytes > MOST_BODY_BYTES {
            return Err(format!("maxBodyBytes must be between 1 and {MOST_BODY_BYTES}."));
        }
        if self.retention_days == 0 || self.retention_days > 3650 {
            return Err("retentionDays must be between 1 and 3650.".to_owned());
        }
        if !(MEGABYTES.contains(&self.retention_max_megabytes)) {
            return Err(format!(
                "retentionMaxMegabytes must be between {} and {}.",
                MEGABYTES.start(),
                MEGABYTES.end()
            ));
        }
        if let Some(bad) = self.trusted_proxies.iter().find(|text| !is_proxy(text)) {
            return Err(format!(
                "trustedProxies must be address blocks such as 10.1.2.0/24, not the whole internet; \"{bad}\" is not \
                 one."
            ));
        }
        if let Some(bad) = self.allow_private_addresses.iter().find(|text| Network::parse(text).is_none()) {
            return Err(format!(
                "allowPrivateAddresses must be address blocks such as 10.1.2.0/24; \"{bad}\" is not one."
            ));
        }
        self.public_base_url = match self.public_base_url.as_deref().map(str::trim) {
            None | Some("") => None,
            Some(text) => Some(checked_url(text)?),
        };
        Ok(self)
    }
}

/// A block that holds some addresses, not all of them.
fn is_proxy(text: &str) -> bool {
    Network::parse(text).is_some() && !text.ends_with("/0")
}

fn checked_url(text: &str) -> Result<String, String> {
    let fault = || {
        format!(
            "publicBaseUrl must be an address such as https://hooks.example.org/ihook; \"{text}\" is not one."
        )
    };
    let url = Url::parse(text).map_err(|_not_a_url| fault())?;
    let plain = matches!(url.scheme(), "http" | "https")
        && url.host_str().is_some()
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    if plain { Ok(url.as_str().trim_end_matches('/').to_owned()) } else { Err(fault()) }
}

/// The settings in force.
#[derive(Debug)]
pub struct Settings(RwLock<Current>);

#[derive(Debug)]
struct Current {
    values: Arc<Values>,
    /// Read once: every delivery asks for them.
    proxies: Arc<[Network]>,
    public_host: Option<Arc<str>>,
}

impl From<Values> for Current {
    fn from(values: Values) -> Self {
        let url = values.public_base_url.as_deref().and_then(|text| Url::parse(text).ok());
        Self {
            proxies: values.trusted_proxies.iter().filter_map(|text| Network::parse(text)).collect(),
            public_host: url.and_then(|url| url.host_str().map(Arc::from)),
            values: Arc::new(values),
        }
    }
}

impl Settings {
    /// Loads what was saved, or the defaults.
    ///
    /// # Errors
    /// As the store reports them.
    pub fn load_blocking(store: &Store) -> Result<Self, StoreError> {
        let text = store.read_blocking(|connection| setting::get(connection, NAME))?;
        let values: Values = text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        Ok(Self(RwLock::new(values.into())))
    }

    /// As they are now.
    #[must_use]
    pub fn current(&self) -> Arc<Values> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner).values)
    }

    /// The host of the public base URL, when one is set.
    #[must_use]
    pub fn public_host(&self) -> Option<Arc<str>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).public_host.clone()
    }

    /// The private address blocks that HTTP Request actions may call.
    #[must_use]
    pub fn allowed_networks(&self) -> Vec<Network> {
        self.current().allow_private_addresses.iter().filter_map(|text| Network::parse(text)).collect()
    }

    /// The proxies whose word on the client's address counts.
    #[must_use]
    pub fn trusted_proxies(&self) -> Arc<[Network]> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner).proxies)
    }

    /// The text to keep for `values`, and where.
    #[must_use]
    pub fn stored(values: &Values) -> (&'static str, String) {
        (NAME, serde_json::to_string(values).unwrap_or_default())
    }

    /// Puts saved values in force.
    pub fn replace(&self, values: Values) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = values.into();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_base_url_is_tidied_or_refused() {
        let check = |text: &str, expected: Option<&str>| {
            let values = Values { public_base_url: Some(text.to_owned()), ..Values::default() };
            assert_eq!(
                values.checked().ok().map(|v| v.public_base_url.unwrap_or_default()).as_deref(),
                expected,
                "{text}"
            );
        };
        check("https://hooks.example.org/", Some("https://hooks.example.org"));
        check("https://hooks.example.org/ihook/", Some("https://hooks.example.org/ihook"));
        check("  ", Some(""));
        check("hooks.example.org", None);
        check("ftp://hooks.example.org", None);
        check("https://user:pw@hooks.example.org", None);
        check("https://hooks.example.org/?x=1", None);
    }
}
