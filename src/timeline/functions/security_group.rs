//! Rules of security groups: one key for what every form of a request or a response says.

use super::super::place::{elements_of, scalar_text};
use super::{SetMember, find_member, find_text};
use serde_json::{Map, Value};

/// A rule row, a permission with its ranges, or a request with the rule at its top.
pub(super) fn sg_rules(value: &Value) -> Vec<SetMember> {
    let Value::Object(object) = value else { return Vec::new() };
    let Some(protocol) = find_text(object, &["ipProtocol"]) else { return Vec::new() };
    let protocol = match protocol.to_ascii_lowercase().as_str() {
        "6" => "tcp".to_owned(),
        "17" => "udp".to_owned(),
        "1" => "icmp".to_owned(),
        "58" => "icmpv6".to_owned(),
        "all" => "-1".to_owned(),
        other => other.to_owned(),
    };
    let all = protocol == "-1";
    // Of protocols but TCP, UDP and ICMP all ports are meant, whatever is given.
    let has_ports = !all && !protocol.bytes().all(|byte| byte.is_ascii_digit());
    let port = |name: &str| find_member(object, &[name]).and_then(scalar_text).filter(|_| has_ports);
    let (from, to) = (port("fromPort"), port("toPort"));
    let ports = match (&from, &to) {
        _ if all => "all".to_owned(),
        (Some(from), Some(to)) if from == to => format!("{protocol} {from}"),
        (Some(from), Some(to)) => format!("{protocol} {from}-{to}"),
        (Some(one), None) | (None, Some(one)) => format!("{protocol} {one}"),
        (None, None) => protocol.clone(),
    };
    let mut base = Map::new();
    base.insert("ipProtocol".to_owned(), Value::String(protocol));
    for (name, port) in [("fromPort", from), ("toPort", to)] {
        if let Some(port) = port {
            let number = port.parse::<i64>().map(Value::from);
            base.insert(name.to_owned(), number.unwrap_or(Value::String(port)));
        }
    }
    let peers = read_peers(object);
    let own = |name: &str| find_text(object, &[name]).map(|it| (name.to_owned(), Value::String(it)));
    let extra: Vec<_> = ["description", "securityGroupRuleId"].iter().filter_map(|name| own(name)).collect();
    let rule = |(kind, peer, description): (&str, String, Option<String>)| {
        let mut rule = base.clone();
        let peer = if kind.starts_with("cidr") { mask_block(peer) } else { peer };
        rule.insert(kind.to_owned(), Value::String(peer.clone()));
        rule.extend(extra.clone());
        if let Some(description) = description {
            rule.insert("description".to_owned(), Value::String(description));
        }
        (format!("{ports} {peer}"), Some(Value::Object(rule)))
    };
    peers.into_iter().map(rule).collect()
}

/// A block of addresses as EC2 keeps it: the bits of the host are cleared, and there is one way to write it.
fn mask_block(block: String) -> String {
    block.parse::<ipnet::IpNet>().map_or(block, |it| it.trunc().to_string())
}

/// From where a rule lets traffic in, or to where out: kind, value, description.
fn read_peers(object: &Map<String, Value>) -> Vec<(&'static str, String, Option<String>)> {
    let mut peers = Vec::new();
    let group = |names: &[&str]| {
        find_member(object, names).and_then(Value::as_object).and_then(|it| find_text(it, &["groupId"]))
    };
    let flat = [
        ("cidrIpv4", find_text(object, &["cidrIpv4", "cidrIp"])),
        ("cidrIpv6", find_text(object, &["cidrIpv6"])),
        ("prefixListId", find_text(object, &["prefixListId"])),
        (
            "referencedGroupId",
            find_text(object, &["referencedGroupId"]).or_else(|| group(&["referencedGroupInfo"])),
        ),
        ("referencedGroupId", find_text(object, &["sourceSecurityGroupName"])),
    ];
    peers.extend(flat.into_iter().filter_map(|(kind, peer)| Some((kind, peer?, None))));
    let lists: [(&str, &[&str], &[&str]); 6] = [
        ("cidrIpv4", &["ipRanges"], &["cidrIp"]),
        ("cidrIpv4", &["ipv4Ranges"], &["cidrIp"]),
        ("cidrIpv6", &["ipv6Ranges"], &["cidrIpv6"]),
        ("prefixListId", &["prefixListIds"], &["prefixListId"]),
        ("referencedGroupId", &["groups"], &["groupId", "groupName"]),
        ("referencedGroupId", &["userIdGroupPairs"], &["groupId", "groupName"]),
    ];
    for (kind, list, names) in lists {
        for element in find_member(object, list).map(elements_of).unwrap_or_default() {
            let peer = match element {
                Value::Object(inner) => {
                    find_text(inner, names).map(|peer| (peer, find_text(inner, &["description"])))
                }
                plain => scalar_text(plain).map(|peer| (peer, None)),
            };
            peers.extend(peer.map(|(peer, description)| (kind, peer, description)));
        }
    }
    peers
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn keys(value: Value) -> Vec<String> {
        elements_of(&value).iter().flat_map(sg_rules).map(|(key, _)| key).collect()
    }

    /// The three shapes of a rule that requests and responses have come to one.
    #[test]
    fn a_rule_has_one_key_in_every_shape() {
        let rows = json!([{"securityGroupRuleId": "sgr-1", "isEgress": false, "ipProtocol": "tcp",
            "fromPort": 22, "toPort": 22, "cidrIpv4": "0.0.0.0/0"}]);
        let permissions = json!([{"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "groups": [],
            "ipRanges": [{"cidrIp": "0.0.0.0/0", "description": "d"}], "ipv6Ranges": []}]);
        let flat = json!({"groupId": "sg-1", "ipPermissions": [], "ipProtocol": "tcp", "fromPort": 22,
            "toPort": 22, "cidrIp": "0.0.0.0/0"});
        for value in [rows, permissions, flat] {
            assert_eq!(keys(value), ["tcp 22 0.0.0.0/0"]);
        }
        let all = json!([{"ipProtocol": "-1", "fromPort": 0, "toPort": 0, "ipRanges": [{"cidrIp": "0.0.0.0/0"}],
            "ipv6Ranges": [{"cidrIpv6": "::/0"}]}]);
        assert_eq!(keys(all), ["all 0.0.0.0/0", "all ::/0"]);
        let all = json!({"ipProtocol": "-1", "fromPort": -1, "toPort": -1, "cidrIpv4": "0.0.0.0/0"});
        assert_eq!(keys(all), ["all 0.0.0.0/0"]);
        let group = json!({"ipProtocol": "6", "fromPort": 1, "toPort": 9, "groups": [{"groupId": "sg-2", "userId": "1"}]});
        assert_eq!(keys(group), ["tcp 1-9 sg-2"]);
        let block = json!({"ipProtocol": "tcp", "fromPort": 1, "toPort": 1, "cidrIp": "10.1.2.3/16"});
        assert_eq!(keys(block), ["tcp 1 10.1.0.0/16"]);
        let block =
            json!({"ipProtocol": "58", "fromPort": -1, "toPort": -1, "cidrIpv6": "2001:DB8:0:0::1/32"});
        assert_eq!(keys(block), ["icmpv6 -1 2001:db8::/32"]);
        let other = json!({"ipProtocol": "50", "fromPort": 0, "toPort": 0, "cidrIp": "10.0.0.0/8"});
        assert_eq!(keys(other), ["50 10.0.0.0/8"]);
        assert!(keys(json!({"groupId": "sg-1"})).is_empty());
    }
}
