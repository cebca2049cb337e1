//! Who is at the other end: the socket's peer, or what a trusted proxy says of it.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;
use ihook_engine::workflow::Network;

/// A longer chain is no chain of proxies.
const MOST_HOPS: usize = 20;
const MOST_BYTES: usize = 2048;

/// The client's address. `X-Forwarded-For` counts only when the peer is trusted; then the right-most hop that
/// is not trusted is the client. An entry that is no address ends the walk at the last good hop.
pub(super) fn address(peer: SocketAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let peer = peer.ip().to_canonical();
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    if !is_trusted(peer) {
        return peer;
    }
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
        if !is_trusted(address) {
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

    fn check(peer: &str, forwarded: &[&str], expected: &str) {
        let trusted = ["127.0.0.1/32", "::1/128", "10.0.0.0/8"].map(|text| Network::parse(text).unwrap());
        let headers: HeaderMap = forwarded
            .iter()
            .map(|line| (axum::http::HeaderName::from_static("x-forwarded-for"), line.parse().unwrap()))
            .collect();
        let found = address(SocketAddr::new(peer.parse().unwrap(), 1), &headers, &trusted);
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

    /// Never panics; the client is the peer itself or one of the hops that were named, and an untrusted peer is
    /// believed nothing.
    fn fuzzed(chain: &[u8]) -> Result<(), TestCaseError> {
        let Ok(value) = axum::http::HeaderValue::from_bytes(chain) else { return Ok(()) };
        let text = String::from_utf8_lossy(chain).into_owned();
        let headers = HeaderMap::from_iter([(axum::http::HeaderName::from_static("x-forwarded-for"), value)]);
        let trusted = ["127.0.0.1/32", "10.0.0.0/8"].map(|text| Network::parse(text).unwrap());
        let stranger = SocketAddr::from(([203, 0, 113, 1], 1));
        prop_assert_eq!(address(stranger, &headers, &trusted), stranger.ip());
        let proxy = SocketAddr::from(([127, 0, 0, 1], 1));
        let found = address(proxy, &headers, &trusted);
        let named = text.split(',').filter_map(|hop| hop_address(hop.trim()));
        prop_assert!(
            found == proxy.ip() || named.into_iter().any(|hop| hop == found),
            "{} of {}",
            found,
            text
        );
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
