//! How requests leave this computer: straight, or through a proxy. What stays on this computer never goes through one.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use ihook_imis::{Client, is_loopback};
use reqwest::{ClientBuilder, Proxy};
use url::Url;

use crate::redact::Redactor;

/// The setting that turns proxies off.
pub(crate) const NONE: &str = "none";
/// The setting that takes the proxies of this computer, as does no setting at all.
pub(crate) const SYSTEM: &str = "system";

/// The proxies that this computer is set up with: `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, and where
/// those are not set the settings of Windows and macOS.
#[derive(Clone, Debug)]
pub struct SystemProxies(Arc<Matcher>);

impl SystemProxies {
    /// As read by [`crate::config::system_proxies`].
    pub(crate) fn new(matcher: Matcher) -> Self {
        Self(Arc::new(matcher))
    }

    /// No proxy, whatever is set up.
    #[must_use]
    pub fn none() -> Self {
        Self::new(Matcher::builder().build())
    }
}

/// What holds now.
#[derive(Clone, Debug)]
pub(crate) enum Outgoing {
    System(SystemProxies),
    Straight,
    Through(Url),
}

impl Outgoing {
    /// As the setting `outgoingProxy` says, which was checked.
    pub(crate) fn of(setting: Option<&str>, system: &SystemProxies) -> Self {
        match setting {
            None | Some(SYSTEM) => Self::System(system.clone()),
            Some(NONE) => Self::Straight,
            // It was checked when it was set and when it was read.
            Some(address) => Url::parse(address).map_or(Self::Straight, Self::Through),
        }
    }

    /// The proxy for a request to `url`; nothing where it goes straight.
    pub(crate) fn proxy(&self, url: &Url) -> Option<Url> {
        if is_loopback(url) {
            return None;
        }
        match self {
            Self::Straight => None,
            Self::Through(proxy) => Some(proxy.clone()),
            // By its origin alone: the rest of a URL may have what the matcher's kind of address does not take.
            Self::System(system) => {
                found(&system.0.intercept(&url.origin().ascii_serialization().parse().ok()?)?)
            }
        }
    }

    /// The same as people know it: `host:port`, without the account.
    pub(crate) fn proxy_name(&self, url: &Url) -> Option<String> {
        let proxy = self.proxy(url)?;
        let host = proxy.host_str()?.to_owned();
        Some(proxy.port_or_known_default().map_or(host.clone(), |port| format!("{host}:{port}")))
    }

    /// The client for iMIS sites and for our own addresses.
    pub(crate) fn client(&self) -> Result<reqwest::Client, reqwest::Error> {
        self.clone().applied(Client::http_builder(&ihook_imis::Limits::default())).build()
    }

    /// A client that takes the proxy where there is one.
    pub(crate) fn applied(self, builder: ClientBuilder) -> ClientBuilder {
        builder.proxy(Proxy::custom(move |url| self.proxy(url)))
    }

    /// Learns the passwords of the proxies.
    pub(crate) fn learn(&self, redactor: &Redactor) {
        for target in ["http://example.org/", "https://example.org/"] {
            let proxy = Url::parse(target).ok().and_then(|target| self.proxy(&target));
            if let Some(password) = proxy.as_ref().and_then(Url::password) {
                let password = percent_encoding::percent_decode_str(password).decode_utf8_lossy();
                redactor.learn(&format!("proxy/{target}"), &password);
            }
        }
    }
}

/// The proxy's address, with user and password where it has them.
fn found(intercept: &Intercept) -> Option<Url> {
    let mut url = Url::parse(&intercept.uri().to_string()).ok()?;
    let basic = intercept.basic_auth().and_then(|header| header.to_str().ok()?.strip_prefix("Basic "));
    let basic = basic.and_then(|text| String::from_utf8(BASE64.decode(text).ok()?).ok());
    let raw = intercept.raw_auth().map(|(user, password)| (user.to_owned(), password.to_owned()));
    let account = raw.or_else(|| {
        let (user, password) = basic.as_deref()?.split_once(':')?;
        Some((user.to_owned(), password.to_owned()))
    });
    if let Some((user, password)) = account {
        url.set_username(&user).and_then(|()| url.set_password(Some(&password))).ok()?;
    }
    Some(url)
}

/// The address of a proxy as it is kept, or nothing where it is none: scheme, host and port alone. A password has no
/// place in the settings.
pub(crate) fn checked(text: &str) -> Option<String> {
    let url = Url::parse(text).ok().filter(|url| {
        matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h")
            && url.host_str().is_some_and(|host| !host.is_empty())
            && url.username().is_empty()
            && url.password().is_none()
            && matches!(url.path(), "" | "/")
            && url.query().is_none()
            && url.fragment().is_none()
    })?;
    Some(url.as_str().trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn system() -> SystemProxies {
        let matcher = Matcher::builder()
            .http("http://plain.example:3128")
            .https("http://user:p%40ss@secure.example:3129")
            .no("direct.example,10.0.0.0/8");
        SystemProxies::new(matcher.build())
    }

    #[test]
    fn each_target_goes_its_way() {
        let check = |setting: Option<&str>, target: &str, expected: Option<&str>| {
            let outgoing = Outgoing::of(setting, &system());
            let proxy = outgoing.proxy(&Url::parse(target).unwrap());
            assert_eq!(proxy.as_ref().map(Url::as_str), expected, "{setting:?} {target}");
        };
        let (plain, secure) = ("http://plain.example:3128/", "http://user:p%40ss@secure.example:3129/");
        for system in [None, Some("system")] {
            check(system, "http://imis.example.org/", Some(plain));
            check(system, "https://imis.example.org/api", Some(secure));
            check(system, "https://direct.example/", None);
            check(system, "https://sub.direct.example/", None);
            check(system, "http://10.1.2.3/", None);
        }
        check(Some("none"), "https://imis.example.org/", None);
        let own = Some("http://own.example:8080");
        check(own, "https://imis.example.org/", Some("http://own.example:8080/"));
        check(own, "http://10.1.2.3/", Some("http://own.example:8080/"));
        for setting in [None, own] {
            for loopback in [
                "http://127.0.0.1:8789/",
                "https://localhost/",
                "http://[::1]:1/",
                "http://127.9.9.9/",
                "http://a.localhost/",
            ] {
                check(setting, loopback, None);
            }
        }
    }

    #[test]
    fn an_address_of_a_proxy_is_tidied_or_refused() {
        let check =
            |text: &str, expected: Option<&str>| assert_eq!(checked(text).as_deref(), expected, "{text}");
        check("http://proxy.example:3128", Some("http://proxy.example:3128"));
        check("http://proxy.example:3128/", Some("http://proxy.example:3128"));
        check("https://proxy.example", Some("https://proxy.example"));
        check("socks5h://10.0.0.1:1080", Some("socks5h://10.0.0.1:1080"));
        for wrong in [
            "proxy.example:3128",
            "ftp://proxy.example",
            "http://",
            "http://user:pass@proxy.example",
            "http://proxy.example/path",
            "http://proxy.example?x",
            "direct",
        ] {
            check(wrong, None);
        }
    }

    #[test]
    fn the_password_of_a_proxy_is_a_secret() {
        let redactor = Redactor::default();
        let matcher = Matcher::builder().all("http://user:proxy-pass-4711@proxy.example:3128").build();
        Outgoing::System(SystemProxies::new(matcher)).learn(&redactor);
        assert_eq!(redactor.text("told proxy-pass-4711 back"), "told … back");
    }
}
