//! Routes by their destination, and entries of network ACLs by direction and number.

use super::super::place::{is_empty, scalar_text};
use super::{find_member, find_text};
use serde_json::{Map, Value};

/// The destinations that a route may have, and the targets.
const DESTINATIONS: [&str; 3] =
    ["destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"];

/// The members of a route that say where it leads to.
pub(in super::super) const TARGETS: [&str; 12] = [
    "gatewayId",
    "natGatewayId",
    "transitGatewayId",
    "vpcEndpointId",
    "networkInterfaceId",
    "instanceId",
    "vpcPeeringConnectionId",
    "egressOnlyInternetGatewayId",
    "localGatewayId",
    "carrierGatewayId",
    "coreNetworkArn",
    "localTarget",
];

pub(super) fn read_route(value: &Value) -> Option<(String, Value)> {
    let object = value.as_object()?;
    let mut route = Map::new();
    for name in DESTINATIONS.iter().chain(&TARGETS) {
        if let Some(value) = find_text(object, &[name]) {
            route.insert((*name).to_owned(), Value::String(value));
        }
    }
    let key = DESTINATIONS.iter().find_map(|name| route.get(*name)).and_then(scalar_text)?;
    Some((key, Value::Object(route)))
}

pub(super) fn nacl_entry(value: &Value) -> Option<(String, Value)> {
    let object = value.as_object()?;
    let egress = find_text(object, &["egress"]).is_some_and(|it| it == "true");
    let number = find_text(object, &["ruleNumber"])?;
    let mut entry = Map::new();
    for (name, other) in [
        ("ruleNumber", "ruleNumber"),
        ("egress", "egress"),
        ("ruleAction", "ruleAction"),
        ("protocol", "aclProtocol"),
        ("cidrBlock", "cidrBlock"),
        ("ipv6CidrBlock", "ipv6CidrBlock"),
        ("portRange", "portRange"),
        ("icmpTypeCode", "icmpTypeCode"),
    ] {
        if let Some(value) = find_member(object, &[other, name]).filter(|value| !is_empty(value)) {
            entry.insert(name.to_owned(), value.clone());
        }
    }
    let direction = if egress { "egress" } else { "ingress" };
    Some((format!("{direction} {number}"), Value::Object(entry)))
}
