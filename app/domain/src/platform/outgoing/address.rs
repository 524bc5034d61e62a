//! Tells public IP addresses from those with a special purpose.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

/// The IPv4 networks that are not public (RFC 6890 and the IANA IPv4 Special-Purpose Address Registry).
const SPECIAL_V4: &[Ipv4Net] = &[
    v4([0, 0, 0, 0], 8),        // this network; Linux connects to itself
    v4([10, 0, 0, 0], 8),       // private
    v4([100, 64, 0, 0], 10),    // carrier-grade NAT, and the metadata service of Alibaba Cloud
    v4([127, 0, 0, 0], 8),      // loopback
    v4([168, 63, 129, 16], 32), // the metadata service of Azure, which is otherwise a public address
    v4([169, 254, 0, 0], 16),   // link-local, and the metadata services of most clouds
    v4([172, 16, 0, 0], 12),    // private
    v4([192, 0, 0, 0], 24),     // protocol assignments, and the metadata service of Oracle Cloud
    v4([192, 0, 2, 0], 24),     // documentation
    v4([192, 88, 99, 0], 24),   // 6to4 relays
    v4([192, 168, 0, 0], 16),   // private
    v4([198, 18, 0, 0], 15),    // benchmarks
    v4([198, 51, 100, 0], 24),  // documentation
    v4([203, 0, 113, 0], 24),   // documentation
    v4([224, 0, 0, 0], 4),      // multicast
    v4([240, 0, 0, 0], 4),      // reserved, and broadcast
];

/// The IPv6 network of all public addresses (IANA IPv6 Address Space). Loopback, IPv4-compatible, NAT64, discard-only,
/// segment routing, unique local, link-local, site-local and multicast addresses are outside.
const GLOBAL_V6: Ipv6Net = v6([0x2000, 0, 0], 3);

/// The networks in it that are not public (IANA IPv6 Special-Purpose Address Registry).
const SPECIAL_V6: &[Ipv6Net] = &[
    v6([0x2001, 0, 0], 23), // protocol assignments, such as Teredo, which contains IPv4 addresses
    v6([0x2001, 0x0db8, 0], 32), // documentation
    v6([0x2002, 0, 0], 16), // 6to4, which contains IPv4 addresses
    v6([0x3fff, 0, 0], 20), // documentation
];

const fn v4([a, b, c, d]: [u8; 4], length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), length)
}

const fn v6([a, b, c]: [u16; 3], length: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0), length)
}

/// Returns whether `address` is public: a host somewhere on the internet may have it, and nothing else. An IPv4-mapped
/// IPv6 address is judged as the IPv4 address.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => !SPECIAL_V4.iter().any(|network| network.contains(&address)),
        IpAddr::V6(address) => {
            GLOBAL_V6.contains(&address) && !SPECIAL_V6.iter().any(|network| network.contains(&address))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_outside_special_networks_are_public() {
        for (special, public) in [
            (["0.0.0.0", "0.255.255.255"], "1.0.0.0"),
            (["10.0.0.0", "10.255.255.255"], "11.0.0.0"),
            (["100.64.0.0", "100.127.255.255"], "100.128.0.0"),
            (["127.0.0.0", "127.255.255.255"], "126.255.255.255"),
            (["168.63.129.16", "100.100.100.200"], "168.63.129.17"),
            (["169.254.0.0", "169.254.255.255"], "169.253.255.255"),
            (["172.16.0.0", "172.31.255.255"], "172.32.0.0"),
            (["192.0.0.0", "192.0.2.255"], "192.0.1.0"),
            (["192.88.99.0", "192.88.99.255"], "192.88.98.255"),
            (["192.168.0.0", "192.168.255.255"], "192.169.0.0"),
            (["198.18.0.0", "198.19.255.255"], "198.20.0.0"),
            (["198.51.100.0", "198.51.100.255"], "198.51.101.0"),
            (["203.0.113.0", "203.0.113.255"], "203.0.114.0"),
            (["224.0.0.0", "255.255.255.255"], "223.255.255.255"),
            (["::", "::1"], "2000::"),
            (["::7f00:1", "::ffff:127.0.0.1"], "::ffff:8.8.8.8"),
            (["64:ff9b::808:808", "64:ff9b:1::1"], "2003::"),
            (["100::1", "5f00::1"], "2600::"),
            (["2001::", "2001:1ff:ffff::"], "2001:200::"),
            (["2001:db8::", "2001:db8:ffff::"], "2001:db9::"),
            (["2002::", "2002:ffff::"], "2001:ffff::"),
            (["3fff::", "3fff:fff::"], "3fff:1000::"),
            (["fc00::1", "fd00:ec2::254"], "2a00::1"),
            (["fe80::1", "fec0::1"], "2400::1"),
            (["ff02::1", "4000::"], "3ffe::1"),
        ] {
            for special in special {
                assert!(!is_public(special.parse().expect("an address")), "{special}");
            }
            assert!(is_public(public.parse().expect("an address")), "{public}");
        }
    }
}
