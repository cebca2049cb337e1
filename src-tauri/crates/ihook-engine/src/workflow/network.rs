//! An address or a CIDR block, as address lists hold them.

use std::net::IpAddr;

/// A block of addresses: `192.0.2.0/24`, `2001:db8::/32`, or one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    bits: u128,
    mask: u128,
}

/// IPv4 lives in the mapped part of IPv6, so that `::ffff:192.0.2.1` is the same address.
fn mapped(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => u128::from(v4.to_ipv6_mapped()),
        IpAddr::V6(v6) => u128::from(v6),
    }
}

impl Network {
    /// Reads a block; `None` where it is neither an address nor `address/length`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let width: u32 = if address.is_ipv4() { 32 } else { 128 };
        let length = match length {
            None => width,
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok()?,
            Some(_) => return None,
        };
        if length > width {
            return None;
        }
        let host_bits = width - length;
        let mask = if host_bits == 128 { 0 } else { u128::MAX << host_bits };
        Some(Self { bits: mapped(address) & mask, mask })
    }

    /// Whether the block holds every address of its family.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        let all_of_v4 = u128::MAX << 32;
        self.mask == 0 || (self.mask == all_of_v4 && self.contains(IpAddr::V4(std::net::Ipv4Addr::LOCALHOST)))
    }

    /// Whether the block is larger than one organisation's network is: wider than /16 in IPv4, /48 in IPv6.
    #[must_use]
    pub fn is_wide(&self) -> bool {
        let length = self.mask.leading_ones();
        let is_v4 = length >= 96 && self.bits >> 32 == 0xffff;
        if is_v4 { length < 96 + 16 } else { length < 48 }
    }

    /// Whether the address lies in the block.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        mapped(address) & self.mask == self.bits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(block: &str, address: &str, expected: Option<bool>) {
        let found = Network::parse(block).map(|network| network.contains(address.parse().unwrap()));
        assert_eq!(found, expected, "{block} and {address}");
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
