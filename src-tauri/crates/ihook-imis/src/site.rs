//! The address of an iMIS site, in whichever form a person types it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::{Host, Url};

/// Everything but the characters that mean only themselves in a query value or a form.
const STRICT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

/// The root of an iMIS API: `{root}/token` signs in, `{root}/api/{Entity}` is an entity.
///
/// On iMIS EMS the root is the bare site; on older installations it ends in `/Asi.Scheduler_{Instance}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    root: String,
    url: Url,
}

impl Site {
    /// Reads a base URL with or without scheme and trailing slash; `https` where none is given.
    ///
    /// A pasted `/token` or `/api` at the end is dropped.
    ///
    /// # Errors
    /// One sentence saying what is wrong with the address.
    pub fn parse(base_url: &str) -> Result<Self, String> {
        let text = base_url.trim();
        if text.is_empty() {
            return Err("The address of the iMIS site is empty.".to_owned());
        }
        let with_scheme = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
        let mut url = Url::parse(&with_scheme)
            .map_err(|fault| format!("“{text}” is not an address of a web site: {fault}."))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(format!(
                "The address must begin with https:// (or http://), not {}://.",
                url.scheme()
            ));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("The address must not contain a user name or password; they have their own fields."
                .to_owned());
        }
        if url.host().is_none() {
            return Err(format!("“{text}” names no host."));
        }
        url.set_query(None);
        url.set_fragment(None);
        let path = without_end(url.path()).to_owned();
        url.set_path(&path);
        let root = url.as_str().trim_end_matches('/').to_owned();
        Ok(Self { root, url })
    }

    /// The root without a trailing slash, as `https://imis.example.org` or `https://host/Asi.Scheduler_Demo`.
    #[must_use]
    pub fn root(&self) -> &str {
        &self.root
    }

    /// The host as people know it, for sentences: `imis.example.org` or `127.0.0.1:8789`.
    #[must_use]
    pub fn host(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        self.url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// Whether passwords and records travel unencrypted.
    #[must_use]
    pub fn is_http(&self) -> bool {
        self.url.scheme() == "http"
    }

    /// Whether the site is on this computer.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.url)
    }

    /// Whether the address belongs to a private network (loopback included).
    ///
    /// Names are judged by their form only: nothing is looked up.
    #[must_use]
    pub fn is_private(&self) -> bool {
        if self.is_loopback() {
            return true;
        }
        match self.url.host() {
            Some(Host::Domain(name)) => {
                let name = name.trim_end_matches('.').to_ascii_lowercase();
                !name.contains('.') || [".local", ".internal", ".lan"].iter().any(|end| name.ends_with(end))
            }
            Some(Host::Ipv4(address)) => private_v4(address),
            Some(Host::Ipv6(address)) => match unmapped(address) {
                IpAddr::V4(address) => private_v4(address),
                IpAddr::V6(address) => {
                    address.is_unspecified() || address.is_unique_local() || address.is_unicast_link_local()
                }
            },
            None => false,
        }
    }

    /// Where tokens are handed out. The path is `/token`, never `/api/token`.
    pub(crate) fn token_url(&self) -> String {
        format!("{}/token", self.root)
    }

    /// The URL of an entity's collection with query pairs.
    pub(crate) fn entity_url(&self, entity: &str, query: &[(String, String)]) -> String {
        format!("{}/api/{}{}", self.root, encode(entity), query_text(query))
    }

    /// The URL of one record: a path segment where its key is plain, else `?EntityId=` (composite keys as
    /// `~a|b`), as the vendor's own client does it.
    pub(crate) fn record_url(&self, entity: &str, key: &[String]) -> String {
        match key {
            [single] if is_plain(single) => format!("{}/api/{}/{single}", self.root, encode(entity)),
            [single] => self.entity_url(entity, &[("EntityId".to_owned(), single.clone())]),
            parts => self.entity_url(entity, &[("EntityId".to_owned(), format!("~{}", parts.join("|")))]),
        }
    }

    /// The URL of a path below `/api/` that a person wrote (`Party/101`, `/api/query`), with query pairs.
    pub(crate) fn path_url(&self, path: &str, query: &[(String, String)]) -> Result<String, String> {
        let trimmed = path.trim().trim_start_matches('/');
        let below = strip_prefix_ignoring_case(trimmed, "api/").unwrap_or(trimmed);
        let base = format!("{}/api/", self.root);
        let refused = || format!("“{path}” is not a path below {base}");
        let mut url = Url::parse(&format!("{base}{below}")).map_err(|_| refused())?;
        let climbs = below.split(['/', '\\', '?', '#']).any(|part| matches!(part, "." | ".."));
        if below.is_empty() || below.contains("://") || climbs || !url.as_str().starts_with(&base) {
            return Err(refused());
        }
        url.set_fragment(None);
        let mark = if url.query().is_some() { '&' } else { '?' };
        let more = query_text(query);
        let more = more.strip_prefix('?').map(|pairs| format!("{mark}{pairs}")).unwrap_or_default();
        Ok(format!("{url}{more}"))
    }
}

/// Whether a URL leads to this computer, judged by its form alone: nothing is looked up.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name.eq_ignore_ascii_case("localhost") || name.to_ascii_lowercase().ends_with(".localhost")
        }
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => unmapped(address).is_loopback(),
        None => false,
    }
}

/// Percent-encodes any Unicode text for a form, a query or a path segment.
pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, STRICT).to_string()
}

fn query_text(query: &[(String, String)]) -> String {
    let pairs: Vec<String> =
        query.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

fn is_plain(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn without_end(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    let lower = path.to_ascii_lowercase();
    match lower.rsplit_once('/') {
        Some((before, "token" | "api")) => path[..before.len()].trim_end_matches('/'),
        _ => path,
    }
}

fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

fn unmapped(address: Ipv6Addr) -> IpAddr {
    address.to_ipv4_mapped().map_or(IpAddr::V6(address), IpAddr::V4)
}

fn private_v4(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    let shared = first == 100 && (64..128).contains(&second);
    address.is_private() || address.is_link_local() || address.is_unspecified() || shared
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_urls_in_every_form_give_the_same_root() {
        let check = |typed: &str, root: &str| {
            assert_eq!(Site::parse(typed).map(|site| site.root().to_owned()), Ok(root.to_owned()), "{typed}");
        };
        check("imis.example.org", "https://imis.example.org");
        check("  https://imis.example.org/  ", "https://imis.example.org");
        check("https://imis.example.org/api/", "https://imis.example.org");
        check("https://imis.example.org/Token", "https://imis.example.org");
        check("http://127.0.0.1:8789", "http://127.0.0.1:8789");
        check("localhost:8789/", "https://localhost:8789");
        check("https://host/Asi.Scheduler_Demo/", "https://host/Asi.Scheduler_Demo");
        check("host.example/Asi.Scheduler_Demo/api", "https://host.example/Asi.Scheduler_Demo");
        check("https://imis.example.org/?x=1#top", "https://imis.example.org");
        check("https://bücher.example", "https://xn--bcher-kva.example");
    }

    #[test]
    fn what_is_no_site_is_refused_with_a_sentence() {
        for typed in ["", "  ", "ftp://x.example", "https://u:p@x.example", "https://", "http://[::1"] {
            let sentence = Site::parse(typed).expect_err(typed);
            assert!(sentence.ends_with('.'), "{sentence}");
        }
    }

    #[test]
    fn loopback_and_private_addresses_are_known_by_form() {
        let check = |typed: &str, loopback: bool, private: bool| {
            let site = Site::parse(typed).expect(typed);
            assert_eq!((site.is_loopback(), site.is_private()), (loopback, private), "{typed}");
        };
        check("http://127.0.0.1:1", true, true);
        check("http://localhost", true, true);
        check("http://[::1]:5", true, true);
        check("http://[::ffff:127.0.0.1]", true, true);
        check("https://10.1.2.3", false, true);
        check("https://imis-server", false, true);
        check("https://100.64.0.1", false, true);
        check("https://[fd00::1]", false, true);
        check("https://imis.example.org", false, false);
        check("https://8.8.8.8", false, false);
    }

    #[test]
    fn records_are_addressed_by_path_or_entity_id() {
        let site = Site::parse("https://x.example/Asi.Scheduler_A").expect("site");
        let check = |key: &[&str], url: &str| {
            let key: Vec<String> = key.iter().map(|part| (*part).to_owned()).collect();
            assert_eq!(
                site.record_url("Party", &key),
                format!("https://x.example/Asi.Scheduler_A/api/{url}")
            );
        };
        check(&["00101"], "Party/00101");
        check(&["101", "2"], "Party?EntityId=%7E101%7C2");
        check(&["../x y"], "Party?EntityId=..%2Fx%20y");
        check(&["Zoë"], "Party?EntityId=Zo%C3%AB");
    }

    #[test]
    fn written_paths_stay_below_the_api() {
        let site = Site::parse("https://x.example").expect("site");
        let query = [("q".to_owned(), "$/A b".to_owned())];
        let check = |path: &str, expected: Option<&str>| {
            let url = site.path_url(path, &query);
            assert_eq!(url.as_deref().ok(), expected, "{path}");
        };
        check("query", Some("https://x.example/api/query?q=%24%2FA%20b"));
        check("/API/Party/101", Some("https://x.example/api/Party/101?q=%24%2FA%20b"));
        check("query?a=1", Some("https://x.example/api/query?a=1&q=%24%2FA%20b"));
        check("Party/a b", Some("https://x.example/api/Party/a%20b?q=%24%2FA%20b"));
        check("../token", None);
        check("Party/../../token", None);
        check("Party/%2e%2e/%2E%2E/token", None);
        check("https://evil.example/", None);
        check("", None);
    }
}
