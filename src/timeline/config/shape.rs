//! A state in AWS Config's own words, where calls have others: rules that are written for items read
//! `ipPermissions`, and of a bucket the policy beside the configuration. Our own names stand beside these.
//! What is not known is left out.

use super::super::path::SettingPath;
use super::super::place::{elements_of, scalar_text};
use super::super::state::State;
use super::super::val::Knowledge;
use super::settings::BESIDE;
use serde_json::{Map, Value, json};

/// Adds what AWS Config has under other names to a configuration, and returns what it has beside that.
pub(in super::super) fn in_shape(
    kind: &str,
    state: &State,
    configuration: &mut Map<String, Value>,
) -> Map<String, Value> {
    let mut beside = match configuration.shift_remove(BESIDE) {
        Some(Value::Object(beside)) => beside,
        _ => Map::new(),
    };
    match kind {
        "AWS::EC2::SecurityGroup" => {
            for (field, name) in [("ingress", "ipPermissions"), ("egress", "ipPermissionsEgress")] {
                let rules =
                    known_setting(state, field).map(|rules| shape_permissions(&rules.unwrap_or_default()));
                configuration.extend(rules.map(|rules| (name.to_owned(), rules)));
            }
        }
        "AWS::S3::Bucket" => shape_bucket(state, &mut beside),
        "AWS::KMS::Key" => {
            let policy = known_setting(state, "policy").flatten().map(|it| Value::String(it.to_string()));
            beside.extend(policy.map(|it| ("Policy".to_owned(), it)));
            let rotation = known_setting(state, "keyRotation.enabled").flatten();
            beside.extend(rotation.map(|it| ("KeyRotationStatus".to_owned(), it)));
        }
        "AWS::IAM::Role" => shape_inline_policies(state, "rolePolicyList", configuration),
        "AWS::IAM::Group" => shape_inline_policies(state, "groupPolicyList", configuration),
        "AWS::IAM::User" => {
            shape_inline_policies(state, "userPolicyList", configuration);
            let groups = known_setting(state, "groups").map(|it| it.unwrap_or_else(|| json!([])));
            configuration.extend(groups.map(|it| ("groupList".to_owned(), it)));
        }
        _ => {}
    }
    beside
}

/// What is known of a setting: its value, or within that `None` where it is not set.
fn known_setting(state: &State, field: &str) -> Option<Option<Value>> {
    match state.get(&SettingPath::field(field)) {
        Knowledge::Known(value) => Some(Some(value)),
        Knowledge::Absent => Some(None),
        Knowledge::Unknown(_) => None,
    }
}

/// Rules as permissions: those of one protocol and range of ports are one.
fn shape_permissions(rules: &Value) -> Value {
    let mut all: Vec<Map<String, Value>> = Vec::new();
    for rule in elements_of(rules).iter().filter_map(Value::as_object) {
        let ports = ["ipProtocol", "fromPort", "toPort"];
        let is_same = |it: &Map<String, Value>| ports.iter().all(|name| it.get(*name) == rule.get(*name));
        let at = all.iter().position(is_same).unwrap_or_else(|| {
            let known = ports.iter().filter_map(|name| Some(((*name).to_owned(), rule.get(*name)?.clone())));
            let mut new: Map<String, Value> = known.collect();
            let lists = ["ipv4Ranges", "ipv6Ranges", "prefixListIds", "userIdGroupPairs", "ipRanges"];
            new.extend(lists.map(|name| (name.to_owned(), json!([]))));
            all.push(new);
            all.len() - 1
        });
        let peers = [
            ("cidrIpv4", "ipv4Ranges", "cidrIp"),
            ("cidrIpv6", "ipv6Ranges", "cidrIpv6"),
            ("prefixListId", "prefixListIds", "prefixListId"),
            ("referencedGroupId", "userIdGroupPairs", "groupId"),
        ];
        for (own, list, name) in peers {
            let Some(peer) = rule.get(own) else { continue };
            let mut member = Map::from_iter([(name.to_owned(), peer.clone())]);
            member.extend(rule.get("description").map(|it| ("description".to_owned(), it.clone())));
            push_member(&mut all[at], list, Value::Object(member));
            if own == "cidrIpv4" {
                push_member(&mut all[at], "ipRanges", peer.clone());
            }
        }
    }
    Value::Array(all.into_iter().map(Value::Object).collect())
}

fn push_member(into: &mut Map<String, Value>, list: &str, member: Value) {
    if let Some(list) = into.get_mut(list).and_then(Value::as_array_mut) {
        list.push(member);
    }
}

fn shape_bucket(state: &State, beside: &mut Map<String, Value>) {
    let mut put = |name: &str, value: Option<Value>| {
        beside.extend(value.map(|value| (name.to_owned(), value)));
    };
    put(
        "BucketPolicy",
        known_setting(state, "policy").map(|it| json!({ "policyText": it.map(|it| it.to_string()) })),
    );
    put("PublicAccessBlockConfiguration", known_setting(state, "publicAccessBlock").flatten());
    put(
        "ServerSideEncryptionConfiguration",
        known_setting(state, "encryption").flatten().and_then(|it| shape_encryption(&it)),
    );
    put(
        "BucketLoggingConfiguration",
        known_setting(state, "logging").map(|it| {
            let get = |name: &str| it.as_ref().and_then(|it| it.get(name)).cloned();
            json!({"destinationBucketName": get("targetBucket"), "logFilePrefix": get("targetPrefix")})
        }),
    );
    put("AccessControlList", known_setting(state, "acl").flatten().and_then(|it| shape_acl(&it)));
    let Some(status) = known_setting(state, "versioning.status") else { return };
    let versioning = beside.entry("BucketVersioningConfiguration").or_insert_with(|| json!({}));
    if let Some(object) = versioning.as_object_mut() {
        object.insert("status".to_owned(), status.unwrap_or_else(|| "Off".into()));
    }
}

fn shape_encryption(value: &Value) -> Option<Value> {
    let rules = elements_of(value.get("rule")?).iter().map(|rule| {
        let by_default = rule.get("applyServerSideEncryptionByDefault");
        let get = |name: &str| by_default.and_then(|it| it.get(name)).cloned();
        json!({"applyServerSideEncryptionByDefault": {"sseAlgorithm": get("sSEAlgorithm"),
            "kmsMasterKeyID": get("kMSMasterKeyID")}, "bucketKeyEnabled": rule.get("bucketKeyEnabled")})
    });
    Some(json!({ "rules": rules.collect::<Vec<_>>() }))
}

/// The grants that a list of calls gives: those of a canned one are known, but for the owner's own.
fn shape_acl(value: &Value) -> Option<Value> {
    let group = |name: &str, permission: &str| json!({"grantee": name, "permission": permission});
    if let Some(canned) = value.get("canned").and_then(Value::as_str) {
        let grants = match canned {
            "private" => json!([]),
            "public-read" => json!([group("AllUsers", "Read")]),
            "public-read-write" => json!([group("AllUsers", "Read"), group("AllUsers", "Write")]),
            "authenticated-read" => json!([group("AuthenticatedUsers", "Read")]),
            "log-delivery-write" => json!([group("LogDelivery", "Write"), group("LogDelivery", "ReadAcp")]),
            _ => return None,
        };
        return Some(json!({ "grantList": grants }));
    }
    let grants = elements_of(value.get("grants")?).iter().map(|grant| {
        let grantee = grant.get("grantee");
        let uri = grantee.and_then(|it| it.get("uRI").or_else(|| it.get("uri"))).and_then(Value::as_str);
        let who = match (uri, grantee) {
            (Some(uri), _) => Value::String(uri.rsplit('/').next().unwrap_or(uri).to_owned()),
            (None, Some(grantee)) => {
                json!({"id": grantee.get("iD").or_else(|| grantee.get("id")), "displayName": grantee.get("displayName")})
            }
            (None, None) => Value::Null,
        };
        let permission = grant.get("permission").and_then(scalar_text).unwrap_or_default();
        json!({"grantee": who, "permission": in_words(&permission)})
    });
    Some(json!({"grantList": grants.collect::<Vec<_>>(), "owner": value.get("owner")}))
}

/// `READ_ACP` as AWS Config writes it: `ReadAcp`.
fn in_words(permission: &str) -> String {
    let word = |word: &str| {
        let (first, rest) = word.split_at(word.len().min(1));
        format!("{}{}", first.to_ascii_uppercase(), rest.to_ascii_lowercase())
    };
    permission.split('_').map(word).collect()
}

/// Inline policies, as IAM writes them: percent-encoded text.
fn shape_inline_policies(state: &State, name: &str, configuration: &mut Map<String, Value>) {
    let Some(policies) = known_setting(state, "inlinePolicies") else { return };
    let members = policies.as_ref().and_then(Value::as_object).into_iter().flatten();
    let list = members.map(
        |(name, policy)| json!({"policyName": name, "policyDocument": percent_encode(&policy.to_string())}),
    );
    configuration.insert(name.to_owned(), list.collect());
}

fn percent_encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => encoded.push(byte as char),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}
