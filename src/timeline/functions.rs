//! The few things that no table can express, as pure functions from a
//! normalised value to values, each named in the tables (`catalog::effect`).

use super::normal::document;
use super::place::{elements, is_empty, text};
use crate::catalog::effect::Function;
use serde_json::{Map, Value};

/// A member of a set or map, by its key; `None` where it is taken away.
pub(super) type Pair = (String, Option<Value>);

/// Applies a function that gives one value; `None` when nothing comes of it.
pub(super) fn value(function: Function, value: &Value) -> Option<Value> {
    match function {
        Function::Document => Some(value.as_str().and_then(document).unwrap_or_else(|| value.clone())),
        Function::Value => Some(value.get("value").unwrap_or(value).clone()),
        Function::Pairs => Some(Value::Object(named_values(value))),
        Function::Acl => acl(value),
        Function::Name => text(value).map(|arn| Value::String(name(&arn).to_owned())),
        Function::SgRule
        | Function::Route
        | Function::NaclEntry
        | Function::Share
        | Function::Records
        | Function::ById => {
            let values = pairs(function, value).into_iter().filter_map(|(_, value)| value);
            Some(Value::Array(values.collect()))
        }
    }
}

/// Applies a function that gives members; keys are such that the same member always has the same.
pub(super) fn pairs(function: Function, value: &Value) -> Vec<Pair> {
    let of_each = |one: fn(&Value) -> Option<(String, Value)>| {
        let members = elements(value).iter().filter_map(one);
        members.map(|(key, value)| (key, Some(value))).collect()
    };
    match function {
        Function::SgRule => elements(value).iter().flat_map(sg_rules).collect(),
        Function::Route => of_each(route),
        Function::NaclEntry => of_each(nacl_entry),
        Function::Share => of_each(share),
        Function::ById => of_each(by_id),
        Function::Records => elements(value).iter().filter_map(record).collect(),
        Function::Pairs => named_values(value).into_iter().map(|(key, value)| (key, Some(value))).collect(),
        Function::Name => {
            let names = elements(value).iter().filter_map(text);
            names
                .map(|arn| name(&arn).to_owned())
                .map(|name| (name.clone(), Some(Value::String(name))))
                .collect()
        }
        Function::Document | Function::Value | Function::Acl => {
            self::value(function, value).map(|value| plain_pairs(&value)).unwrap_or_default()
        }
    }
}

/// The members of a list as it stands: a scalar is its own key.
pub(super) fn plain_pairs(value: &Value) -> Vec<Pair> {
    let key = |value: &Value| text(value).or_else(|| by_id(value).map(|(key, _)| key)).unwrap_or_default();
    let members = elements(value).iter().filter(|it| !is_empty(it));
    members.map(|value| (key(value), Some(value.clone()))).collect()
}

/// Tags, as name and value; values are text, whatever XML made of them.
pub(super) fn tags(value: &Value) -> Vec<(String, Value)> {
    let lists = elements(value).iter().flat_map(|it| match it.get("tag").or_else(|| it.get("tags")) {
        Some(inner) => elements(inner).to_vec(),
        None => vec![it.clone()],
    });
    let mut tags = Vec::new();
    for tag in lists {
        let Value::Object(object) = &tag else { continue };
        match member(object, &["key", "tagKey"]).and_then(text) {
            Some(key) => {
                let value = member(object, &["value", "tagValue"]).and_then(text);
                tags.push((key, Value::String(value.unwrap_or_default())));
            }
            // A map of names to values.
            None => tags.extend(
                object.iter().filter_map(|(key, value)| Some((key.clone(), Value::String(text(value)?)))),
            ),
        }
    }
    tags
}

/// The names of tags: a list of names, or of tags.
pub(super) fn tag_keys(value: &Value) -> Vec<String> {
    let plain: Vec<String> = elements(value).iter().filter_map(text).collect();
    if plain.is_empty() { tags(value).into_iter().map(|(key, _)| key).collect() } else { plain }
}

/// The name at the end of an ARN, or of a path.
pub(super) fn name(arn: &str) -> &str {
    arn.rsplit(['/', ':']).next().unwrap_or(arn)
}

fn member<'v>(object: &'v Map<String, Value>, names: &[&str]) -> Option<&'v Value> {
    names.iter().find_map(|name| {
        let exact = object.get(*name);
        exact.or_else(|| object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, it)| it))
    })
}

fn word(object: &Map<String, Value>, names: &[&str]) -> Option<String> {
    member(object, names).and_then(text).filter(|text| !text.is_empty())
}

/// A rule row, a permission with its ranges, or a request with the rule at its top.
fn sg_rules(value: &Value) -> Vec<Pair> {
    let Value::Object(object) = value else { return Vec::new() };
    let Some(protocol) = word(object, &["ipProtocol"]) else { return Vec::new() };
    let protocol = match protocol.to_ascii_lowercase().as_str() {
        "6" => "tcp".to_owned(),
        "17" => "udp".to_owned(),
        "1" => "icmp".to_owned(),
        "all" => "-1".to_owned(),
        other => other.to_owned(),
    };
    let all = protocol == "-1";
    let port = |name: &str| member(object, &[name]).and_then(text).filter(|_| !all);
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
    let peers = peers(object);
    let own = |name: &str| word(object, &[name]).map(|it| (name.to_owned(), Value::String(it)));
    let extra: Vec<_> = ["description", "securityGroupRuleId"].iter().filter_map(|name| own(name)).collect();
    let rule = |(kind, peer, description): (&str, String, Option<String>)| {
        let mut rule = base.clone();
        rule.insert(kind.to_owned(), Value::String(peer.clone()));
        rule.extend(extra.clone());
        if let Some(description) = description {
            rule.insert("description".to_owned(), Value::String(description));
        }
        (format!("{ports} {peer}"), Some(Value::Object(rule)))
    };
    peers.into_iter().map(rule).collect()
}

/// From where a rule lets traffic in, or to where out: kind, value, description.
fn peers(object: &Map<String, Value>) -> Vec<(&'static str, String, Option<String>)> {
    let mut peers = Vec::new();
    let group = |names: &[&str]| {
        member(object, names).and_then(Value::as_object).and_then(|it| word(it, &["groupId"]))
    };
    let flat = [
        ("cidrIpv4", word(object, &["cidrIpv4", "cidrIp"])),
        ("cidrIpv6", word(object, &["cidrIpv6"])),
        ("prefixListId", word(object, &["prefixListId"])),
        (
            "referencedGroupId",
            word(object, &["referencedGroupId"]).or_else(|| group(&["referencedGroupInfo"])),
        ),
        ("referencedGroupId", word(object, &["sourceSecurityGroupName"])),
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
        for element in member(object, list).map(elements).unwrap_or_default() {
            let peer = match element {
                Value::Object(inner) => word(inner, names).map(|peer| (peer, word(inner, &["description"]))),
                plain => text(plain).map(|peer| (peer, None)),
            };
            peers.extend(peer.map(|(peer, description)| (kind, peer, description)));
        }
    }
    peers
}

/// The destinations that a route may have, and the targets.
const DESTINATIONS: [&str; 3] =
    ["destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"];

/// The members of a route that say where it leads to.
pub(super) const TARGETS: [&str; 12] = [
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

fn route(value: &Value) -> Option<(String, Value)> {
    let object = value.as_object()?;
    let mut route = Map::new();
    for name in DESTINATIONS.iter().chain(&TARGETS) {
        if let Some(value) = word(object, &[name]) {
            route.insert((*name).to_owned(), Value::String(value));
        }
    }
    let key = DESTINATIONS.iter().find_map(|name| route.get(*name)).and_then(text)?;
    Some((key, Value::Object(route)))
}

fn nacl_entry(value: &Value) -> Option<(String, Value)> {
    let object = value.as_object()?;
    let egress = word(object, &["egress"]).is_some_and(|it| it == "true");
    let number = word(object, &["ruleNumber"])?;
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
        if let Some(value) = member(object, &[other, name]).filter(|value| !is_empty(value)) {
            entry.insert(name.to_owned(), value.clone());
        }
    }
    let direction = if egress { "egress" } else { "ingress" };
    Some((format!("{direction} {number}"), Value::Object(entry)))
}

/// Who something is shared with: `{userId: …}`, `{group: all}` or the id alone.
fn share(value: &Value) -> Option<(String, Value)> {
    let who = match value {
        Value::Object(object) => {
            word(object, &["userId", "group", "organizationArn", "organizationalUnitArn"])?
        }
        plain => text(plain).filter(|it| !it.is_empty())?,
    };
    Some((who.clone(), Value::String(who)))
}

/// The members that are the id of an element, the surest first.
const IDS: [&str; 24] = [
    "id",
    "attachmentId",
    "associationId",
    "networkAclAssociationId",
    "routeTableAssociationId",
    "groupId",
    "arn",
    "policyArn",
    "principalArn",
    "roleArn",
    "name",
    "roleName",
    "groupName",
    "policyName",
    "keyName",
    "filterName",
    "versionId",
    "version",
    "endpoint",
    "instanceId",
    "subnetId",
    "vpcSecurityGroupId",
    "deviceName",
    "userId",
];

/// An element by the member that is its id, else by all that it says.
fn by_id(value: &Value) -> Option<(String, Value)> {
    let key = match value {
        Value::Object(object) => IDS.iter().find_map(|name| word(object, &[name])),
        plain => text(plain),
    };
    if is_empty(value) {
        return None;
    }
    Some((key.unwrap_or_else(|| value.to_string()), value.clone()))
}

/// One change of a DNS record: `UPSERT` and `CREATE` put it, `DELETE` takes it away.
fn record(value: &Value) -> Option<Pair> {
    let object = value.as_object()?;
    let set = member(object, &["resourceRecordSet"])?.as_object()?;
    let mut key = format!("{} {}", word(set, &["name"])?, word(set, &["type"])?);
    if let Some(more) = word(set, &["setIdentifier"]) {
        key = format!("{key} {more}");
    }
    let gone = word(object, &["action"]).is_some_and(|action| action.eq_ignore_ascii_case("DELETE"));
    Some((key, (!gone).then(|| Value::Object(set.clone()))))
}

/// Names and values: `{key, value}`, `{attributeName, attributeValues}`, or an object as it is.
fn named_values(value: &Value) -> Map<String, Value> {
    let mut all = Map::new();
    for element in elements(value) {
        let Value::Object(object) = element else { continue };
        match word(object, &["key", "attributeName", "name"]) {
            Some(key) => {
                let value = member(object, &["value", "attributeValue", "attributeValues", "values"]);
                all.insert(key, value.cloned().unwrap_or(Value::Null));
            }
            None => all.extend(object.clone()),
        }
    }
    all
}

/// The access control list that a request sets: by name, by header, or in full.
fn acl(request: &Value) -> Option<Value> {
    let object = request.as_object()?;
    let mut acl = Map::new();
    if let Some(canned) = member(object, &["x-amz-acl"]) {
        let canned = elements(canned).first().and_then(text).filter(|it| !it.is_empty())?;
        acl.insert("canned".to_owned(), Value::String(canned));
    }
    for (name, value) in object.iter().filter(|(name, _)| name.starts_with("x-amz-grant-")) {
        acl.insert(name.trim_start_matches("x-amz-").to_owned(), value.clone());
    }
    if let Some(full) = member(object, &["accessControlPolicy"]).and_then(Value::as_object) {
        if let Some(owner) = full.get("owner") {
            acl.insert("owner".to_owned(), owner.clone());
        }
        let list = full.get("accessControlList").and_then(|list| list.get("grant").or(Some(list)));
        let grants = list.map(elements).unwrap_or_default().to_vec();
        acl.insert("grants".to_owned(), Value::Array(grants));
    }
    (!acl.is_empty()).then_some(Value::Object(acl))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    fn keys(function: Function, value: Value) -> Vec<String> {
        pairs(function, &value).into_iter().map(|(key, _)| key).collect()
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
            assert_eq!(keys(Function::SgRule, value), ["tcp 22 0.0.0.0/0"]);
        }
        let all = json!([{"ipProtocol": "-1", "fromPort": 0, "toPort": 0, "ipRanges": [{"cidrIp": "0.0.0.0/0"}],
            "ipv6Ranges": [{"cidrIpv6": "::/0"}]}]);
        assert_eq!(keys(Function::SgRule, all), ["all 0.0.0.0/0", "all ::/0"]);
        let all = json!({"ipProtocol": "-1", "fromPort": -1, "toPort": -1, "cidrIpv4": "0.0.0.0/0"});
        assert_eq!(keys(Function::SgRule, all), ["all 0.0.0.0/0"]);
        let group = json!({"ipProtocol": "6", "fromPort": 1, "toPort": 9, "groups": [{"groupId": "sg-2", "userId": "1"}]});
        assert_eq!(keys(Function::SgRule, group), ["tcp 1-9 sg-2"]);
        assert!(keys(Function::SgRule, json!({"groupId": "sg-1"})).is_empty());
    }

    #[test]
    fn members_are_keyed() {
        for (function, value, want) in [
            (
                Function::Route,
                json!({"routeTableId": "r", "destinationCidrBlock": "0.0.0.0/0", "gatewayId": "igw-1"}),
                "0.0.0.0/0",
            ),
            (
                Function::NaclEntry,
                json!({"egress": true, "ruleNumber": 100, "aclProtocol": "-1"}),
                "egress 100",
            ),
            (Function::Share, json!([{"userId": "111122223333"}]), "111122223333"),
            (Function::Share, json!([{"group": "all"}]), "all"),
            (
                Function::Records,
                json!({"action": "UPSERT", "resourceRecordSet": {"name": "a.", "type": "A"}}),
                "a. A",
            ),
            (Function::ById, json!({"id": "1", "arn": "x"}), "1"),
            (Function::Name, json!("arn:aws:iam::1:role/a/b"), "b"),
        ] {
            assert_eq!(keys(function, value), [want]);
        }
        let gone = json!({"action": "DELETE", "resourceRecordSet": {"name": "a.", "type": "A"}});
        assert_eq!(pairs(Function::Records, &gone), [("a. A".to_owned(), None)]);
    }

    #[test]
    fn tags_are_read_in_every_form() {
        for value in [
            json!([{"key": "a", "value": true}]),
            json!([{"tagKey": "a", "tagValue": "true"}]),
            json!({"a": "true"}),
            json!({"tag": {"key": "a", "value": "true"}}),
            json!([{"resourceType": "vpc", "tags": [{"key": "a", "value": "true"}]}]),
        ] {
            assert_eq!(tags(&value), [("a".to_owned(), json!("true"))], "{value}");
        }
        assert_eq!(tag_keys(&json!(["a", "b"])), ["a", "b"]);
        assert_eq!(tag_keys(&json!([{"key": "a"}])), ["a"]);
    }

    #[test]
    fn a_bucket_acl_is_read_in_every_form() {
        assert_eq!(acl(&json!({"x-amz-acl": ["private"]})), Some(json!({"canned": "private"})));
        let full = json!({"accessControlPolicy": {"owner": {"iD": "o"}, "accessControlList": {"grant": {"permission": "READ"}}}});
        assert_eq!(acl(&full), Some(json!({"owner": {"iD": "o"}, "grants": [{"permission": "READ"}]})));
        assert_eq!(acl(&json!({"x-amz-grant-read": "id=1"})), Some(json!({"grant-read": "id=1"})));
        assert_eq!(acl(&json!({"bucketName": "b"})), None);
    }

    #[test]
    fn values_and_documents() {
        assert_eq!(value(Function::Value, &json!({"value": false})), Some(json!(false)));
        assert_eq!(value(Function::Document, &json!("{\"a\":1}")), Some(json!({"a": 1})));
        assert_eq!(value(Function::Pairs, &json!([{"key": "a.b", "value": "c"}])), Some(json!({"a.b": "c"})));
        assert_eq!(value(Function::Name, &json!("arn:x/y")), Some(json!("y")));
    }
}
