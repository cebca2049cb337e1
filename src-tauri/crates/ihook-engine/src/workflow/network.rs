//! An address or a CIDR block, as address lists hold them.

use std::net::{IpAddr, Ipv6Addr};

use ipnet::{IpNet, Ipv6Net};

/// The blocks of the public internet: of IPv6 only what is given out for use (RFC 4291), and all of IPv4.
const PUBLIC: [&str; 2] = ["0.0.0.0/0", "2000::/3"];

/// What in them is no host of the public internet, as the IANA registries of special-purpose addresses have it
/// (RFC 6890 and its updates). An address that only carries another one is not public either: where it leads is the
/// gateway's choice.
const SPECIAL: [&str; 22] = [
    "0.0.0.0/8",       // this network
    "10.0.0.0/8",      // private
    "100.64.0.0/10",   // carrier-grade NAT
    "127.0.0.0/8",     // loopback
    "169.254.0.0/16",  // link-local, and where clouds answer with credentials
    "172.16.0.0/12",   // private
    "192.0.0.0/24",    // protocol assignments
    "192.0.2.0/24",    // documentation
    "192.31.196.0/24", // AS112
    "192.52.193.0/24", // automatic multicast tunnels
    "192.88.99.0/24",  // relays of 6to4
    "192.168.0.0/16",  // private
    "192.175.48.0/24", // AS112
    "198.18.0.0/15",   // benchmarks
    "198.51.100.0/24", // documentation
    "203.0.113.0/24",  // documentation
    "224.0.0.0/4",     // multicast
    "240.0.0.0/4",     // reserved, and broadcast
    "2001::/23",       // protocol assignments, Teredo and ORCHID among them
    "2001:db8::/32",   // documentation
    "2002::/16",       // 6to4
    "3fff::/20",       // documentation
];

/// A block of addresses: `192.0.2.0/24`, `2001:db8::/32`, or one address. IPv4 lives in the mapped part of IPv6, so
/// that `::ffff:192.0.2.1` is the same address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network(Ipv6Net);

/// Bits before those of an IPv4 address in its mapped form.
const MAPPED_BITS: u8 = 96;

fn mapped(address: IpAddr) -> Ipv6Addr {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped(),
        IpAddr::V6(v6) => v6,
    }
}

impl Network {
    /// Reads a block; `None` where it is neither an address nor `address/length`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let block = text.parse().or_else(|_not_a_block| text.parse().map(IpAddr::into)).ok()?;
        let bits = if matches!(block, IpNet::V4(_)) { MAPPED_BITS } else { 0 };
        Ipv6Net::new(mapped(block.addr()), bits + block.prefix_len()).ok().map(|block| Self(block.trunc()))
    }

    fn is_v4(&self) -> bool {
        self.0.prefix_len() >= MAPPED_BITS && self.0.addr().to_ipv4_mapped().is_some()
    }

    /// Whether the block holds every address of its family.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.0.prefix_len() == if self.is_v4() { MAPPED_BITS } else { 0 }
    }

    /// Whether the block is larger than one organization's network is: wider than /16 in IPv4, /48 in IPv6.
    #[must_use]
    pub fn is_wide(&self) -> bool {
        self.0.prefix_len() < if self.is_v4() { MAPPED_BITS + 16 } else { 48 }
    }

    /// Whether the address lies in the block.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&mapped(address))
    }
}

/// Whether an address belongs to a host of the public internet.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    let within = |blocks: &[&str]| {
        blocks.iter().filter_map(|block| Network::parse(block)).any(|block| block.contains(address))
    };
    within(&PUBLIC) && !within(&SPECIAL)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(block: &str, address: &str, expected: Option<bool>) {
        let found = Network::parse(block).map(|network| network.contains(address.parse().unwrap()));
        assert_eq!(found, expected, "{block} and {address}");
    }

    /// One address of every special block, at its ends where they are not those of bytes.
    const SPECIAL_ADDRESSES: &str = "
        0.0.0.0 10.1.2.3 100.64.0.1 100.127.255.255 127.0.0.1 169.254.169.254 172.16.0.1
        172.31.255.255 192.0.0.8 192.0.0.170 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1
        198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
        :: ::1 ::7f00:1 ::192.168.1.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:169.254.169.254
        ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::1 100::1 2001::1
        2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1 2001:10::1 2001:20::1 2001:db8::1
        2002:7f00:1:: 2002:c0a8:101::1 3fff::1 4000::1 5f00::1 fc00::1 fd00::1 fe80::1 febf::1
        fec0::1 feff::1 ff02::1
    ";
    const PUBLIC_ADDRESSES: &str = "
        1.1.1.1 8.8.8.8 100.63.255.255 100.128.0.1 172.15.255.255 172.32.0.1 192.0.1.1
        198.17.255.255 198.20.0.1 223.255.255.255 ::ffff:8.8.8.8 2001:200::1 2001:4860:4860::8888
        2606:4700::1111 2a00:1450::1 3ffe::1
    ";

    #[test]
    fn only_the_public_internet_is_public() {
        for block in PUBLIC.iter().chain(&SPECIAL) {
            assert!(Network::parse(block).is_some(), "{block}");
        }
        for (addresses, expected) in [(SPECIAL_ADDRESSES, false), (PUBLIC_ADDRESSES, true)] {
            for text in addresses.split_whitespace() {
                assert_eq!(is_public(text.parse().unwrap()), expected, "{text}");
            }
        }
    }

    #[test]
    fn only_the_whole_family_is_everything() {
        for (block, everything) in
            [("0.0.0.0/0", true), ("::/0", true), ("0.0.0.0/1", false), ("::/96", false), ("10.0.0.1", false)]
        {
            assert_eq!(Network::parse(block).unwrap().is_everything(), everything, "{block}");
        }
    }

    #[test]
    fn a_block_wider_than_one_network_is_wide() {
        for (block, wide) in [
            ("10.0.0.0/8", true),
            ("10.0.0.0/15", true),
            ("10.0.0.0/16", false),
            ("10.0.0.1", false),
            ("2001:db8::/47", true),
            ("2001:db8::/48", false),
            ("::/96", false),
            ("::1", false),
            ("::ffff:0:0/96", true),
        ] {
            assert_eq!(Network::parse(block).unwrap().is_wide(), wide, "{block}");
        }
    }

    #[test]
    fn blocks_hold_their_addresses_and_nothing_else() {
        check("192.0.2.0/24", "192.0.2.77", Some(true));
        check("192.0.2.0/24", "::ffff:192.0.2.77", Some(true));
        check("192.0.2.0/24", "192.0.3.1", Some(false));
        check("192.0.2.9/24", "192.0.2.77", Some(true));
        check("192.0.2.7", "192.0.2.7", Some(true));
        check("192.0.2.7", "192.0.2.8", Some(false));
        check("0.0.0.0/0", "203.0.113.1", Some(true));
        check("0.0.0.0/0", "2001:db8::1", Some(false));
        check("2001:db8::/32", "2001:db8:1::1", Some(true));
        check("::/0", "10.0.0.1", Some(true));
        check("192.0.2.0/33", "192.0.2.1", None);
        check("192.0.2.0/", "192.0.2.1", None);
        check("192.0.2.0/+8", "192.0.2.1", None);
        check("example.org", "192.0.2.1", None);
    }
}
