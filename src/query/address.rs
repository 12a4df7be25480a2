//! `--ip`: addresses, networks, or the service names that stand in their place.

use super::globs::Globs;
use crate::error::Error;
use ipnet::IpNet;
use std::net::IpAddr;

/// The addresses given for `--ip`.
#[derive(Clone, Debug, Default)]
pub struct Addresses {
    wanted: Vec<IpNet>,
    unwanted: Vec<IpNet>,
    names: Globs,
}

impl Addresses {
    /// Reads addresses (`192.0.2.7`), networks (`192.0.2.0/24`, `2001:db8::/32`) and, for calls
    /// that a service made, patterns (`*.amazonaws.com`); `!` in front means not.
    ///
    /// # Errors
    /// When one is none of these.
    pub fn new(texts: &[String]) -> Result<Self, Error> {
        let mut addresses = Self::default();
        let mut names = Vec::new();
        for text in texts {
            let (list, bare) = match text.strip_prefix('!') {
                Some(bare) => (&mut addresses.unwanted, bare),
                None => (&mut addresses.wanted, text.as_str()),
            };
            match parse_network(bare) {
                Some(net) => list.push(net),
                None if bare.contains('/') || bare.bytes().all(|it| it.is_ascii_digit() || it == b'.') => {
                    return Err(Error::new(format!("`--ip {text}` is neither an address nor a network"))
                        .hint("write `192.0.2.7`, `192.0.2.0/24` or `2001:db8::/32`"));
                }
                None => names.push(text.clone()),
            }
        }
        addresses.names = Globs::new("--ip", &names)?;
        Ok(addresses)
    }

    /// Returns whether every address passes.
    pub fn is_empty(&self) -> bool {
        self.wanted.is_empty() && self.unwanted.is_empty() && self.names.is_empty()
    }

    /// Returns the addresses of which one is wanted, if only single ones are.
    pub fn hosts(&self) -> Option<Vec<IpAddr>> {
        let is_host = |net: &IpNet| net.prefix_len() == net.max_prefix_len();
        let hosts = self.names.is_empty() && !self.wanted.is_empty() && self.wanted.iter().all(is_host);
        hosts.then(|| self.wanted.iter().map(|net| canonical_ip(net.addr())).collect())
    }

    /// Returns literals of which one is in every address that passes, case ignored; `None` where there is no
    /// such set.
    pub(super) fn literals(&self) -> Option<Vec<String>> {
        let names = if self.names.is_empty() { &[] } else { self.names.literals()? };
        let mut literals = names.to_vec();
        for net in &self.wanted {
            literals.push(leading_octets(net)?);
        }
        if !self.wanted.is_empty() {
            // IPv4 may be written as IPv6, and its last part in hexadecimal digits.
            literals.push("ffff:".to_owned());
        }
        (!literals.is_empty()).then_some(literals)
    }

    /// Returns whether a `sourceIPAddress` passes.
    pub fn pass(&self, address: Option<&str>) -> bool {
        let ip = address.and_then(|text| text.parse::<IpAddr>().ok()).map(canonical_ip);
        let within = |nets: &[IpNet]| ip.is_some_and(|ip| nets.iter().any(|net| net.contains(&ip)));
        if within(&self.unwanted) {
            return false;
        }
        if self.names.is_empty() {
            return self.wanted.is_empty() || within(&self.wanted);
        }
        within(&self.wanted) || self.names.pass(address)
    }
}

fn parse_network(text: &str) -> Option<IpNet> {
    text.parse().ok().or_else(|| text.parse().ok().map(|ip| IpNet::from(canonical_ip(ip))))
}

/// What every address of a network begins with, as far as whole octets tell.
fn leading_octets(net: &IpNet) -> Option<String> {
    // An IPv6 address may be written in many ways.
    let IpNet::V4(net) = net else { return None };
    let whole = usize::from(net.prefix_len() / 8);
    let octets: String = net.network().octets()[..whole].iter().map(|octet| format!("{octet}.")).collect();
    let is_host = whole == 4;
    (whole > 0).then(|| if is_host { octets.trim_end_matches('.').to_owned() } else { octets })
}

/// IPv4 written as IPv6 (`::ffff:192.0.2.7`) is IPv4.
fn canonical_ip(ip: IpAddr) -> IpAddr {
    ip.to_canonical()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// However an address is written that passes, it holds one of the literals.
        #[test]
        fn literals_are_in_every_address_that_passes(
            net in any::<[u8; 4]>(), length in 0..=32_u8, near in any::<[u8; 4]>(), form in 0..4,
        ) {
            let net = ipnet::Ipv4Net::new(net.into(), length).unwrap();
            let (mask, near) = (net.hostmask().to_bits(), u32::from_be_bytes(near));
            let address = std::net::Ipv4Addr::from_bits((near & mask) | (net.network().to_bits() & !mask));
            let [a, b, c, d] = address.octets();
            let text = match form {
                0 => address.to_string(),
                1 => format!("::ffff:{address}"),
                2 => format!("::FFFF:{a:x}{b:02x}:{c:x}{d:02X}"),
                _ => format!("0:0:0:0:0:ffff:{a:02x}{b:02x}:{c:02x}{d:02x}"),
            };
            let addresses = Addresses::new(&[net.to_string()]).unwrap();
            prop_assert!(addresses.pass(Some(&text)), "{} {}", net, text);
            let found = |it: &String| text.to_ascii_lowercase().contains(it.as_str());
            prop_assert!(addresses.literals().is_none_or(|all| all.iter().any(found)), "{} {}", net, text);
        }
    }

    #[test]
    fn addresses_networks_and_services() {
        for (given, address, want) in [
            (&["192.0.2.7"][..], "192.0.2.7", true),
            (&["192.0.2.7"], "192.0.2.70", false),
            (&["192.0.2.0/24"], "192.0.2.70", true),
            (&["192.0.2.7"], "::ffff:192.0.2.7", true),
            (&["2001:db8::/32"], "2001:db8:1::1", true),
            (&["!192.0.2.0/24"], "192.0.2.7", false),
            (&["!192.0.2.0/24"], "rds.amazonaws.com", true),
            (&["*.amazonaws.com"], "rds.amazonaws.com", true),
            (&["192.0.2.7"], "rds.amazonaws.com", false),
            (&["192.0.2.7", "rds.*"], "192.0.2.7", true),
            (&["!*.amazonaws.com"], "192.0.2.7", true),
            (&["!*.amazonaws.com"], "rds.amazonaws.com", false),
        ] {
            let texts: Vec<String> = given.iter().map(|it| (*it).to_owned()).collect();
            assert_eq!(Addresses::new(&texts).unwrap().pass(Some(address)), want, "{given:?} {address}");
        }
        for (given, want) in [
            (&["192.0.2.7"][..], Some(&["192.0.2.7", "ffff:"][..])),
            (&["192.0.2.0/24", "10.1.2.3/12"], Some(&["192.0.2.", "10.", "ffff:"])),
            (&["192.0.2.7", "rds.*"], Some(&["rds.", "192.0.2.7", "ffff:"])),
            (&["*.amazonaws.com"], Some(&[".amazonaws.com"])),
            (&["192.0.2.7", "!*.amazonaws.com"], None),
            (&["192.0.2.7", "!192.0.2.0/24"], Some(&["192.0.2.7", "ffff:"])),
            (&["192.0.2.7", "2001:db8::1"], None),
            (&["0.0.0.0/0"], None),
            (&["!192.0.2.7"], None),
            (&[], None),
        ] {
            let texts: Vec<String> = given.iter().map(|it| (*it).to_owned()).collect();
            let literals = Addresses::new(&texts).unwrap().literals();
            let literals: Option<Vec<&str>> =
                literals.as_ref().map(|all| all.iter().map(String::as_str).collect());
            assert_eq!(literals.as_deref(), want, "{given:?}");
        }
        for text in ["192.0.2", "192.0.2.0/33", "300.1.1.1"] {
            assert!(Addresses::new(&[text.to_owned()]).is_err(), "{text}");
        }
    }
}
