//! Settings of the whole program, in memory and in the store.

mod stored;

pub use stored::Stored;

use std::sync::{Arc, PoisonError, RwLock};

use ihook_engine::workflow::Network;
use ihook_store::{Store, StoreError, setting};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use url::Url;

use crate::outgoing;

/// The hard limit of a body (docs/behavior.md#answers).
const MOST_BODY_BYTES: u64 = 200 * 1024 * 1024;

/// From what an empty database needs many times over to a large disk.
const MEGABYTES: std::ops::RangeInclusive<u32> = 10..=1_000_000;

/// How reverse proxies say whom they speak for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "ProxyHeader")]
pub enum ProxyHeader {
    /// `X-Forwarded-For`, with `-Proto` and `-Host`.
    #[default]
    XForwardedFor,
    /// `Forwarded`, as RFC 7239 has it.
    Forwarded,
}

/// The reverse proxies in front.
#[derive(Clone, Debug)]
pub struct Proxies {
    /// Where they are.
    pub trusted: Arc<[Network]>,
    /// How they say whom they speak for.
    pub header: ProxyHeader,
}

/// What staff can set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[ts(rename = "Settings", optional_fields)]
pub struct Values {
    /// The address under which senders reach the listener, such as `https://hooks.example.org/ihook`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_base_url: Option<String>,
    /// Address blocks of reverse proxies whose word on the client's address counts.
    pub trusted_proxies: Vec<String>,
    /// The header in which they give it. Only this one counts: any sender can add the other.
    pub proxy_header: ProxyHeader,
    /// Private address blocks that HTTP Request actions may call all the same.
    pub allow_private_addresses: Vec<String>,
    /// How requests to iMIS and to other systems leave this computer: through the proxies it is set up with where
    /// this is not given or `system`, straight where it is `none`, else through the proxy at this address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outgoing_proxy: Option<String>,
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
            proxy_header: ProxyHeader::default(),
            allow_private_addresses: Vec::new(),
            outgoing_proxy: None,
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
    /// A sentence that names the setting and its limits, with the path to the fault.
    pub fn checked(mut self) -> Result<Self, SettingFault> {
        if self.max_body_bytes == 0 || self.max_body_bytes > MOST_BODY_BYTES {
            let message = format!("maxBodyBytes must be between 1 and {MOST_BODY_BYTES}.");
            return Err(SettingFault::at("/maxBodyBytes", message));
        }
        if self.retention_days == 0 || self.retention_days > 3650 {
            return Err(SettingFault::at("/retentionDays", "retentionDays must be between 1 and 3650."));
        }
        if !MEGABYTES.contains(&self.retention_max_megabytes) {
            let (least, most) = (MEGABYTES.start(), MEGABYTES.end());
            let message = format!("retentionMaxMegabytes must be between {least} and {most}.");
            return Err(SettingFault::at("/retentionMaxMegabytes", message));
        }
        let proxies = "trustedProxies must be address blocks such as 10.1.2.0/24, not the whole internet";
        blocks("trustedProxies", &self.trusted_proxies, proxies, |block| !block.is_everything())?;
        let private = "allowPrivateAddresses must be address blocks such as 10.1.2.0/24";
        blocks("allowPrivateAddresses", &self.allow_private_addresses, private, |_| true)?;
        self.outgoing_proxy = match self.outgoing_proxy.as_deref().map(str::trim) {
            None | Some("" | outgoing::SYSTEM) => None,
            Some(outgoing::NONE) => self.outgoing_proxy,
            Some(text) => Some(checked_proxy(text)?),
        };
        self.public_base_url = match self.public_base_url.as_deref().map(str::trim) {
            None | Some("") => None,
            Some(text) => Some(checked_url(text)?),
        };
        Ok(self)
    }

    /// What is allowed and seldom meant.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let wide = |text: &&String| Network::parse(text).is_some_and(|block| block.is_wide());
        let told = |text: &String| {
            format!(
                "trustedProxies: {text} is a wide block. Anybody in it can send under any address, past the address \
                 lists of workflows: name the proxies themselves."
            )
        };
        self.trusted_proxies.iter().filter(wide).map(told).collect()
    }
}

/// Why settings are refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingFault {
    /// JSON pointer into the settings.
    pub path: String,
    /// In words, with what to write instead.
    pub message: String,
}

impl SettingFault {
    fn at(path: &str, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), message: message.into() }
    }
}

/// Every one of `texts` must be an address block that is `fine`.
fn blocks(
    name: &str,
    texts: &[String],
    rule: &str,
    fine: impl Fn(Network) -> bool,
) -> Result<(), SettingFault> {
    match texts.iter().position(|text| !Network::parse(text).is_some_and(&fine)) {
        None => Ok(()),
        Some(at) => {
            Err(SettingFault::at(&format!("/{name}/{at}"), format!("{rule}; \"{}\" is not one.", texts[at])))
        }
    }
}

fn checked_proxy(text: &str) -> Result<String, SettingFault> {
    outgoing::checked(text).ok_or_else(|| {
        let message = "outgoingProxy must be system, none, or the address of a proxy such as \
                       http://proxy.example.org:3128, without user, password or path. A proxy that asks for a \
                       password is set up for this computer: by HTTPS_PROXY and HTTP_PROXY, say.";
        SettingFault::at("/outgoingProxy", message)
    })
}

fn checked_url(text: &str) -> Result<String, SettingFault> {
    let fault = || {
        let message = format!(
            "publicBaseUrl must be an address such as https://hooks.example.org/ihook; \"{text}\" is not one."
        );
        SettingFault::at("/publicBaseUrl", message)
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
    stored: Arc<Stored>,
    /// Read once: every delivery asks for them.
    proxies: Proxies,
    public: Option<Arc<Public>>,
}

/// The public base URL, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub struct Public {
    /// Its host, without the port.
    pub host: String,
    /// The path in front of `/hooks`: empty, or such as `/ihook`.
    pub prefix: String,
}

/// How long and how much is kept.
#[derive(Clone, Copy, Debug)]
pub struct Retention {
    /// Finished runs that are older are removed.
    pub days: u32,
    /// Above so many megabytes finished runs are removed, oldest first.
    pub megabytes: u32,
}

impl From<Stored> for Current {
    fn from(stored: Stored) -> Self {
        let values = &stored.values;
        let url = values.public_base_url.as_deref().and_then(|text| Url::parse(text).ok());
        Self {
            proxies: Proxies {
                trusted: values.trusted_proxies.iter().filter_map(|text| Network::parse(text)).collect(),
                header: values.proxy_header,
            },
            public: url.and_then(|url| {
                let prefix = url.path().trim_end_matches('/').to_owned();
                Some(Arc::new(Public { host: url.host_str()?.to_owned(), prefix }))
            }),
            stored: Arc::new(stored),
        }
    }
}

impl Settings {
    /// Loads what was saved, or the defaults.
    ///
    /// # Errors
    /// As the store reports them.
    pub fn load_blocking(store: &Store) -> Result<Self, StoreError> {
        let stored = Self::read_blocking(store)?;
        for fault in &stored.faults {
            tracing::error!(fault = fault.message, "settings.unreadable");
        }
        Ok(Self(RwLock::new(stored.into())))
    }

    /// Puts in force what is stored now.
    ///
    /// # Errors
    /// As the store reports them.
    pub fn reload_blocking(&self, store: &Store) -> Result<Arc<Stored>, StoreError> {
        // Held over the read: of two reloads the later one must win.
        let mut current = self.0.write().unwrap_or_else(PoisonError::into_inner);
        *current = Self::read_blocking(store)?.into();
        Ok(Arc::clone(&current.stored))
    }

    fn read_blocking(store: &Store) -> Result<Stored, StoreError> {
        let text = store.read_blocking(|connection| setting::get(connection, setting::GENERAL))?;
        Ok(Stored::read(text.as_deref()))
    }

    /// As they are now.
    #[must_use]
    pub fn stored(&self) -> Arc<Stored> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner).stored)
    }

    /// How long and how much is kept; none while that cannot be read: nothing may be removed then.
    #[must_use]
    pub fn retention(&self) -> Option<Retention> {
        let stored = self.stored();
        let Values { retention_days: days, retention_max_megabytes: megabytes, .. } = stored.values;
        (!stored.lacks(&["retentionDays", "retentionMaxMegabytes"])).then_some(Retention { days, megabytes })
    }

    /// The public base URL, when one is set.
    #[must_use]
    pub fn public(&self) -> Option<Arc<Public>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).public.clone()
    }

    /// The private address blocks that HTTP Request actions may call.
    #[must_use]
    pub fn allowed_networks(&self) -> Vec<Network> {
        self.stored().values.allow_private_addresses.iter().filter_map(|text| Network::parse(text)).collect()
    }

    /// The proxies whose word on the client's address counts.
    #[must_use]
    pub fn proxies(&self) -> Proxies {
        self.0.read().unwrap_or_else(PoisonError::into_inner).proxies.clone()
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

    #[test]
    fn address_blocks_are_refused_by_their_path() {
        let check = |proxies: &[&str], path: Option<&str>| {
            let trusted_proxies = proxies.iter().map(|text| (*text).to_owned()).collect();
            let found = Values { trusted_proxies, ..Values::default() }.checked();
            assert_eq!(found.err().map(|fault| fault.path).as_deref(), path, "{proxies:?}");
        };
        check(&[], None);
        check(&["10.0.0.0/8", "::1"], None);
        check(&["10.0.0.0/8", "nonsense"], Some("/trustedProxies/1"));
        check(&["0.0.0.0/0"], Some("/trustedProxies/0"));
        check(&["10.0.0.1", "::/00"], Some("/trustedProxies/1"));
    }

    #[test]
    fn a_wide_block_of_proxies_is_warned_about() {
        let trusted_proxies = ["10.0.0.0/8", "10.1.0.0/16", "::1"].map(str::to_owned).into();
        let warnings = Values { trusted_proxies, ..Values::default() }.warnings();
        assert_eq!(warnings.len(), 1);
        assert!(warnings[0].contains("10.0.0.0/8"), "{warnings:?}");
        assert!(Values::default().warnings().is_empty());
    }
}
