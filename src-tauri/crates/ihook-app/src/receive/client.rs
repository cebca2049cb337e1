//! Who is at the other end and what they called: as the socket tells it, or a trusted proxy.

mod forwarded;

use std::net::{IpAddr, SocketAddr};

use axum::http::uri::Authority;
use axum::http::{HeaderMap, header};
use ihook_engine::workflow::Network;

use crate::settings::{Proxies, ProxyHeader};

/// A longer chain is no chain of proxies.
const MOST_HOPS: usize = 20;
const MOST_BYTES: usize = 2048;
/// Stands for what cannot be read, and is no address.
const UNREADABLE: &str = "?";

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
    /// What the proxies' headers say counts only when the peer is trusted, and only those of the one kind that the
    /// proxies write: the other kind came through from anybody.
    pub(super) fn of(peer: IpAddr, headers: &HeaderMap, proxies: &Proxies) -> Self {
        let (peer, trusted) = (peer.to_canonical(), &*proxies.trusted);
        let told = match (is_trusted(peer, trusted), proxies.header) {
            (false, _) => Told { address: peer, scheme: None, host: None },
            (true, ProxyHeader::XForwardedFor) => Told::in_x_forwarded(peer, headers, trusted),
            (true, ProxyHeader::Forwarded) => Told::in_forwarded(peer, headers, trusted),
        };
        let https = told.scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("https"));
        let host = told.host.filter(|host| host.parse::<Authority>().is_ok());
        let called = || last(headers, header::HOST.as_str()).map(str::to_owned);
        Self {
            address: told.address,
            scheme: if https { "https" } else { "http" },
            host: host.or_else(called).unwrap_or_default(),
        }
    }

    /// The host without its port.
    pub(super) fn host_name(&self) -> Option<String> {
        self.host.parse::<Authority>().ok().map(|host| host.host().to_owned())
    }
}

/// What the headers say.
struct Told {
    address: IpAddr,
    scheme: Option<String>,
    host: Option<String>,
}

impl Told {
    fn in_x_forwarded(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> Self {
        let chain = chain(headers, "x-forwarded-for").unwrap_or_default();
        let hops: Vec<_> = chain.split(',').map(str::trim).filter(|hop| !hop.is_empty()).collect();
        Self {
            address: nearest_stranger(peer, hops.into_iter(), trusted),
            scheme: last(headers, "x-forwarded-proto").map(str::to_owned),
            host: last(headers, "x-forwarded-host").map(str::to_owned),
        }
    }

    fn in_forwarded(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> Self {
        let hops = forwarded::hops(&chain(headers, "forwarded").unwrap_or_default());
        let addresses: Vec<_> = hops.iter().map(|hop| hop.node.as_deref().unwrap_or(UNREADABLE)).collect();
        let address = nearest_stranger(peer, addresses.into_iter(), trusted);
        let nearest = hops.into_iter().next_back().unwrap_or_default();
        Self { address, scheme: nearest.scheme, host: nearest.host }
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

/// The right-most hop that is not trusted is the client. An entry that is no address ends the walk at the last good
/// hop. A chain too long to be one is not looked at.
fn nearest_stranger<'a>(
    peer: IpAddr,
    hops: impl DoubleEndedIterator<Item = &'a str> + ExactSizeIterator,
    trusted: &[Network],
) -> IpAddr {
    let mut client = peer;
    if hops.len() > MOST_HOPS {
        return client;
    }
    for hop in hops.rev() {
        let Some(address) = hop_address(hop) else { return client };
        client = address;
        if !is_trusted(address, trusted) {
            return client;
        }
    }
    client
}

/// All lines of a header as the one list they stand for; none when it is too long to be a chain of proxies.
fn chain(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines: Vec<_> =
        headers.get_all(name).iter().map(|line| line.to_str().unwrap_or(UNREADABLE)).collect();
    Some(lines.join(",")).filter(|chain| chain.len() <= MOST_BYTES)
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

    fn proxies(header: ProxyHeader) -> Proxies {
        let trusted = ["127.0.0.1/32", "::1/128", "10.0.0.0/8"].map(|text| Network::parse(text).unwrap());
        Proxies { trusted: trusted.into(), header }
    }

    fn client(peer: &str, lines: &[(&'static str, &str)], header: ProxyHeader) -> Client {
        let headers: HeaderMap = lines
            .iter()
            .map(|(name, value)| (axum::http::HeaderName::from_static(name), value.parse().unwrap()))
            .collect();
        Client::of(peer.parse().unwrap(), &headers, &proxies(header))
    }

    fn check(peer: &str, forwarded: &[&str], expected: &str) {
        let lines: Vec<_> = forwarded.iter().map(|line| ("x-forwarded-for", *line)).collect();
        let found = client(peer, &lines, ProxyHeader::XForwardedFor).address;
        assert_eq!(found, expected.parse::<IpAddr>().unwrap(), "{peer} {forwarded:?}");
    }

    fn check_forwarded(peer: &str, lines: &[&str], expected: &str, scheme: &str, host: &str) {
        let mut headers: Vec<_> = lines.iter().map(|line| ("forwarded", *line)).collect();
        headers.push(("host", "127.0.0.1:8787"));
        let found = client(peer, &headers, ProxyHeader::Forwarded);
        let found = (found.address.to_string(), found.scheme, found.host);
        assert_eq!(found, (expected.to_owned(), scheme, host.to_owned()), "{peer} {lines:?}");
    }

    #[test]
    fn forwarded_says_the_same_in_the_words_of_rfc_7239() {
        let own = "127.0.0.1:8787";
        check_forwarded(
            "203.0.113.9",
            &["for=192.0.2.66;proto=https;host=evil.example"],
            "203.0.113.9",
            "http",
            own,
        );
        check_forwarded("127.0.0.1", &[], "127.0.0.1", "http", own);
        check_forwarded(
            "127.0.0.1",
            &[
                "for=192.0.2.66;host=evil.example, For=203.0.113.9; Proto=HTTPS ;host=\"hooks.example.org\";by=10.0.0.1",
            ],
            "203.0.113.9",
            "https",
            "hooks.example.org",
        );
        check_forwarded(
            "127.0.0.1",
            &["for=203.0.113.9", "for=10.1.2.3;proto=https"],
            "203.0.113.9",
            "https",
            own,
        );
        check_forwarded("::1", &[r#"for="[2001:db8:cafe::17]:4711""#], "2001:db8:cafe::17", "http", own);
        check_forwarded("::1", &[r#"for="[2001:db8::1]""#], "2001:db8::1", "http", own);
        check_forwarded("::1", &[r#"for="203.0.113.9:5123""#], "203.0.113.9", "http", own);
        check_forwarded("::1", &[r#"for="\2\03.0.113.9""#], "203.0.113.9", "http", own);
        // Whoever hides himself, or is not told, is not the hop behind him.
        check_forwarded("127.0.0.1", &["for=192.0.2.66, for=unknown"], "127.0.0.1", "http", own);
        check_forwarded("127.0.0.1", &["for=192.0.2.66, for=_hidden, for=10.0.0.1"], "10.0.0.1", "http", own);
        check_forwarded("127.0.0.1", &["for=192.0.2.66, proto=https"], "127.0.0.1", "https", own);
        check_forwarded("127.0.0.1", &["for=192.0.2.66, for=1.2.3.4;for=5.6.7.8"], "127.0.0.1", "http", own);
        check_forwarded("127.0.0.1", &["for=192.0.2.66, nonsense"], "127.0.0.1", "http", own);
        // A quote that is left open cannot swallow what the proxy adds behind it and put a name in its place.
        check_forwarded(
            "127.0.0.1",
            &[r#"for=192.0.2.66, for="x"#, "for=203.0.113.9"],
            "127.0.0.1",
            "http",
            own,
        );
        check_forwarded(
            "127.0.0.1",
            &[r#"for="192.0.2.66, for="[2001:db8::9]:1""#],
            "127.0.0.1",
            "http",
            own,
        );
        check_forwarded("127.0.0.1", &[&["for=192.0.2.1"; 30].join(",")], "127.0.0.1", "http", own);
    }

    #[test]
    fn of_the_two_headers_only_the_one_that_the_proxies_write_counts() {
        let both = [
            ("x-forwarded-for", "203.0.113.1"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "one.example"),
            ("forwarded", "for=203.0.113.2;host=two.example"),
            ("host", "own.example"),
        ];
        let check = |lines: &[(&'static str, &str)], header, expected: (&str, &str, &str)| {
            let found = client("127.0.0.1", lines, header);
            assert_eq!((found.address.to_string().as_str(), found.scheme, found.host.as_str()), expected);
        };
        check(&both, ProxyHeader::XForwardedFor, ("203.0.113.1", "https", "one.example"));
        check(&both, ProxyHeader::Forwarded, ("203.0.113.2", "http", "two.example"));
        check(&both[3..], ProxyHeader::XForwardedFor, ("127.0.0.1", "http", "own.example"));
        check(&both[..3], ProxyHeader::Forwarded, ("127.0.0.1", "http", ""));
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
            let found = client(peer, &[&[host], lines].concat(), ProxyHeader::XForwardedFor);
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
    fn fuzzed(header: ProxyHeader, name: &'static str, chain: &[u8]) -> Result<(), TestCaseError> {
        let Ok(value) = axum::http::HeaderValue::from_bytes(chain) else { return Ok(()) };
        let text = String::from_utf8_lossy(chain).into_owned();
        let headers = HeaderMap::from_iter([(axum::http::HeaderName::from_static(name), value)]);
        let (proxies, stranger) = (proxies(header), IpAddr::from([203, 0, 113, 1]));
        prop_assert_eq!(Client::of(stranger, &headers, &proxies).address, stranger);
        let proxy = IpAddr::from([127, 0, 0, 1]);
        let found = Client::of(proxy, &headers, &proxies).address;
        let plain = text.replace(['"', '\\'], "");
        let named = plain.split([',', ';', '=']).filter_map(|hop| hop_address(hop.trim()));
        prop_assert!(found == proxy || named.into_iter().any(|hop| hop == found), "{} of {}", found, text);
        Ok(())
    }

    /// What the proxy appends is the client, whatever came before on the same line, or the chain says nothing: no
    /// name of the sender's choice.
    fn appended(before: &str) -> Result<(), TestCaseError> {
        let real = IpAddr::from([203, 0, 113, 77]);
        for hop in ["for=203.0.113.77;proto=https", r#"for="203.0.113.77:4711""#] {
            let Ok(value) = format!("{before}, {hop}").parse() else { return Ok(()) };
            let headers = HeaderMap::from_iter([(header::FORWARDED, value)]);
            let proxy = IpAddr::from([127, 0, 0, 1]);
            let found = Client::of(proxy, &headers, &proxies(ProxyHeader::Forwarded)).address;
            prop_assert!(found == real || found == proxy, "{} of {}, {}", found, before, hop);
        }
        Ok(())
    }

    #[test]
    fn every_chain_of_the_corpus_is_survived() {
        let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/fuzz/forwarded");
        for entry in std::fs::read_dir(dir).unwrap() {
            let chain = std::fs::read(entry.unwrap().path()).unwrap();
            fuzzed(ProxyHeader::XForwardedFor, "x-forwarded-for", &chain).unwrap();
            fuzzed(ProxyHeader::Forwarded, "forwarded", &chain).unwrap();
            appended(&String::from_utf8_lossy(&chain)).unwrap();
        }
    }

    proptest! {
        #[test]
        fn a_chain_of_proxies_may_say_anything(
            chain in "([0-9a-f.:\\[\\]%,\" \t]|10\\.0\\.0\\.|203\\.0\\.113\\.|::ffff:|unknown){0,40}"
        ) {
            fuzzed(ProxyHeader::XForwardedFor, "x-forwarded-for", chain.as_bytes())?;
        }

        #[test]
        fn a_forwarded_line_may_say_anything(
            line in "([a-z0-9.:;=,\"\\\\ \t_]|for=|For=|;proto=https|\"\\[2001:db8::|\\]\"|10\\.0\\.0\\.1|, ){0,30}"
        ) {
            fuzzed(ProxyHeader::Forwarded, "forwarded", line.as_bytes())?;
            appended(&line)?;
        }
    }
}
