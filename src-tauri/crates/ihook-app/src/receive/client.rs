//! Who is at the other end and what they called: as the socket tells it, or a trusted proxy.

use std::net::{IpAddr, SocketAddr};

use axum::http::uri::Authority;
use axum::http::{HeaderMap, header};
use ihook_engine::workflow::Network;

/// A longer chain is no chain of proxies.
const MOST_HOPS: usize = 20;
const MOST_BYTES: usize = 2048;

/// How a request came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Client {
    /// The client's address.
    pub(super) address: IpAddr,
    /// What the client called with.
    pub(super) scheme: &'static str,
    /// The host the client called, with its port where it named one.
    pub(super) host: String,
}

impl Client {
    /// What the `X-Forwarded-` headers say counts only when the peer is trusted.
    pub(super) fn of(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> Self {
        let peer = peer.to_canonical();
        let proxied = is_trusted(peer, trusted);
        let told = |name| last(headers, name).filter(|_| proxied);
        let https = told("x-forwarded-proto").is_some_and(|scheme| scheme.eq_ignore_ascii_case("https"));
        let host = told("x-forwarded-host").filter(|host| host.parse::<Authority>().is_ok());
        Self {
            address: if proxied { forwarded_for(peer, headers, trusted) } else { peer },
            scheme: if https { "https" } else { "http" },
            host: host.or_else(|| last(headers, header::HOST.as_str())).unwrap_or_default().to_owned(),
        }
    }

    /// The host without its port.
    pub(super) fn host_name(&self) -> Option<String> {
        self.host.parse::<Authority>().ok().map(|host| host.host().to_owned())
    }
}

fn is_trusted(address: IpAddr, trusted: &[Network]) -> bool {
    trusted.iter().any(|network| network.contains(address))
}

/// The right-most value: what the proxy nearest to us says.
fn last<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let line = headers.get_all(name).iter().next_back()?.to_str().ok()?;
    line.rsplit(',').next().map(str::trim).filter(|value| !value.is_empty())
}

/// The right-most hop of `X-Forwarded-For` that is not trusted is the client. An entry that is no address ends
/// the walk at the last good hop.
fn forwarded_for(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let lines: Vec<_> =
        headers.get_all("x-forwarded-for").iter().map(|line| line.to_str().unwrap_or("?")).collect();
    let chain = lines.join(",");
    let hops: Vec<_> = chain.split(',').map(str::trim).filter(|hop| !hop.is_empty()).collect();
    if chain.len() > MOST_BYTES || hops.len() > MOST_HOPS {
        return peer;
    }
    let mut client = peer;
    for hop in hops.iter().rev() {
        let Some(address) = hop_address(hop) else { return client };
        client = address;
        if !is_trusted(address, trusted) {
            return client;
        }
    }
    client
}

/// An address as proxies write it: bare, with a port, in brackets.
fn hop_address(text: &str) -> Option<IpAddr> {
    let address =
        text.parse::<IpAddr>().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()));
    let address = address.or_else(|| text.strip_prefix('[')?.strip_suffix(']')?.parse().ok());
    address.map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn client(peer: &str, lines: &[(&'static str, &str)]) -> Client {
        let trusted = ["127.0.0.1/32", "::1/128", "10.0.0.0/8"].map(|text| Network::parse(text).unwrap());
        let headers: HeaderMap = lines
            .iter()
            .map(|(name, value)| (axum::http::HeaderName::from_static(name), value.parse().unwrap()))
            .collect();
        Client::of(peer.parse().unwrap(), &headers, &trusted)
    }

    fn check(peer: &str, forwarded: &[&str], expected: &str) {
        let lines: Vec<_> = forwarded.iter().map(|line| ("x-forwarded-for", *line)).collect();
        let found = client(peer, &lines).address;
        assert_eq!(found, expected.parse::<IpAddr>().unwrap(), "{peer} {forwarded:?}");
    }

    #[test]
    fn the_right_most_untrusted_hop_is_the_client() {
        check("203.0.113.9", &["192.0.2.66"], "203.0.113.9");
        check("127.0.0.1", &[], "127.0.0.1");
        check("127.0.0.1", &["203.0.113.9"], "203.0.113.9");
        check("127.0.0.1", &["192.0.2.66, 203.0.113.9"], "203.0.113.9");
        check("127.0.0.1", &["192.0.2.66", "203.0.113.9, 10.1.2.3"], "203.0.113.9");
        check("::1", &["[2001:db8::1]:443"], "2001:db8::1");
        check("127.0.0.1", &["203.0.113.9:5123"], "203.0.113.9");
        check("127.0.0.1", &["::ffff:203.0.113.9"], "203.0.113.9");
        check("127.0.0.1", &["192.0.2.66, nonsense, 10.0.0.1"], "10.0.0.1");
        check("127.0.0.1", &["10.0.0.1, 10.0.0.2"], "10.0.0.1");
        check("127.0.0.1", &[&["192.0.2.1"; 30].join(",")], "127.0.0.1");
        check("::ffff:127.0.0.1", &["203.0.113.9"], "203.0.113.9");
    }

    #[test]
    fn scheme_and_host_are_what_the_nearest_trusted_proxy_says() {
        let host = ("host", "127.0.0.1:8787");
        let check = |peer: &str, lines: &[(&'static str, &str)], scheme: &str, name: &str| {
            let found = client(peer, &[&[host], lines].concat());
            assert_eq!((found.scheme, found.host.as_str()), (scheme, name), "{peer} {lines:?}");
        };
        check("127.0.0.1", &[], "http", "127.0.0.1:8787");
        let told = [("x-forwarded-proto", "https"), ("x-forwarded-host", "hooks.example.org")];
        check("127.0.0.1", &told, "https", "hooks.example.org");
        check("203.0.113.9", &told, "http", "127.0.0.1:8787");
        check(
            "127.0.0.1",
            &[("x-forwarded-host", "evil.example, hooks.example.org")],
            "http",
            "hooks.example.org",
        );
        check(
            "127.0.0.1",
            &[("x-forwarded-proto", "gopher"), ("x-forwarded-host", "a b")],
            "http",
            "127.0.0.1:8787",
        );
    }

    /// Never panics; the client is the peer itself or one of the hops that were named, and an untrusted peer is
    /// believed nothing.
    fn fuzzed(chain: &[u8]) -> Result<(), TestCaseError> {
        let Ok(value) = axum::http::HeaderValue::from_bytes(chain) else { return Ok(()) };
        let text = String::from_utf8_lossy(chain).into_owned();
        let headers = HeaderMap::from_iter([(axum::http::HeaderName::from_static("x-forwarded-for"), value)]);
        let trusted = ["127.0.0.1/32", "10.0.0.0/8"].map(|text| Network::parse(text).unwrap());
        let stranger = IpAddr::from([203, 0, 113, 1]);
        prop_assert_eq!(Client::of(stranger, &headers, &trusted).address, stranger);
        let proxy = IpAddr::from([127, 0, 0, 1]);
        let found = Client::of(proxy, &headers, &trusted).address;
        let named = text.split(',').filter_map(|hop| hop_address(hop.trim()));
        prop_assert!(found == proxy || named.into_iter().any(|hop| hop == found), "{} of {}", found, text);
        Ok(())
    }

    #[test]
    fn every_chain_of_the_corpus_is_survived() {
        let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/fuzz/forwarded");
        for entry in std::fs::read_dir(dir).unwrap() {
            fuzzed(&std::fs::read(entry.unwrap().path()).unwrap()).unwrap();
        }
    }

    proptest! {
        #[test]
        fn a_chain_of_proxies_may_say_anything(
            chain in "([0-9a-f.:\\[\\]%,\" \t]|10\\.0\\.0\\.|203\\.0\\.113\\.|::ffff:|unknown){0,40}"
        ) {
            fuzzed(chain.as_bytes())?;
        }
    }
}
