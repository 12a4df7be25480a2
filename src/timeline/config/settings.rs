//! From the configuration of an item to the settings of a state.
//!
//! Of some types the names that calls use are known: what an item says under its own names is put under these,
//! and compared. Everything else keeps AWS Config's names.

use super::super::functions;
use super::super::normal::parse_document;
use super::super::path::SettingPath;
use super::super::place::{elements_of, is_empty, scalar_text};
use super::super::step::{MemberShape, Operation};
use super::super::val::Knowledge;
use crate::catalog::effect::Function;
use serde_json::{Map, Value, json};

/// Where settings stand that AWS Config has beside the configuration.
pub(in super::super) const BESIDE: &str = "supplementaryConfiguration";

/// The settings of each type that are held against calls even where no call spoke of them: after a creation
/// they are known not to be set. Of what S3 sets by itself in new buckets that cannot be said.
const CHECKED: [(&str, &[&str]); 6] = [
    ("AWS::EC2::SecurityGroup", &["groupName", "description", "vpcId", "ingress", "egress"]),
    ("AWS::S3::Bucket", &["policy", "versioning", "logging"]),
    ("AWS::KMS::Key", &["enabled", "keyState", "description", "keyUsage", "origin", "policy", "keyRotation"]),
    ("AWS::IAM::Role", &IDENTITY),
    ("AWS::IAM::User", &IDENTITY),
    ("AWS::IAM::Group", &IDENTITY),
];

const IDENTITY: [&str; 7] = [
    "path",
    "arn",
    "assumeRolePolicyDocument",
    "attachedManagedPolicies",
    "inlinePolicies",
    "groups",
    "permissionsBoundary",
];

/// What is said above under the names of calls, and need not be said again.
const TAKEN: [&str; 18] = [
    "tags",
    "ipPermissions",
    "ipPermissionsEgress",
    "assumeRolePolicyDocument",
    "attachedManagedPolicies",
    "rolePolicyList",
    "userPolicyList",
    "groupPolicyList",
    "groupList",
    "permissionsBoundary",
    "BucketPolicy",
    "PublicAccessBlockConfiguration",
    "BucketVersioningConfiguration",
    "BucketLoggingConfiguration",
    "BucketTaggingConfiguration",
    "ServerSideEncryptionConfiguration",
    "Policy",
    "KeyRotationStatus",
];

/// Members that tell of use, and move without anybody's doing.
const OF_USE: [&str; 4] =
    ["latestRestorableTime", "usageOperationUpdateTime", "roleLastUsed", "passwordLastUsed"];

/// Returns whether calls name a setting as items do, so that each can be held against the other.
pub(in super::super) fn is_checked(kind: &str, path: &SettingPath) -> bool {
    let tops = CHECKED.iter().find(|(other, _)| *other == kind).map(|(_, tops)| *tops).unwrap_or_default();
    path.parts().next().is_some_and(|top| top == "tags" || tops.contains(&top))
}

/// Returns whether every setting that matters of an item of this type is compared with what the logs say; of
/// others that is so where a call and the item name it alike.
pub fn is_mapped(kind: &str) -> bool {
    CHECKED.iter().any(|(other, _)| *other == kind)
}

/// What an item says of its resource.
pub(super) fn read_settings(kind: &str, configuration: &Value, beside: &Value) -> Vec<Operation> {
    let mut ops = read_mapped_settings(kind, configuration, beside);
    let is_taken = |name: &str| {
        let top = SettingPath::field(name);
        OF_USE.contains(&name)
            || name == "tags"
            || (is_mapped(kind) && (TAKEN.contains(&name) || is_checked(kind, &top)))
    };
    let plain = configuration.as_object().into_iter().flatten();
    let is_state = |name: &str| kind == "AWS::EC2::Instance" && name == "state";
    let plain = plain.filter(|(name, value)| !value.is_null() && !is_taken(name) && !is_state(name));
    ops.extend(plain.map(|(name, value)| set_at_path(SettingPath::root().join(name), value)));
    let more = beside.as_object().into_iter().flatten();
    let more = more.filter(|(name, value)| !value.is_null() && !is_taken(name));
    ops.extend(more.map(|(name, value)| set_at_path(SettingPath::field(BESIDE).join(name), value)));
    ops
}

fn set_at_path(path: SettingPath, value: &Value) -> Operation {
    Operation::Set { path, val: Knowledge::of(value.clone()), leaf: false }
}

fn set_field(field: &str, value: Option<&Value>) -> Option<Operation> {
    Some(set_at_path(SettingPath::field(field), value?))
}

fn set_leaf(field: &str, value: Value) -> Operation {
    Operation::Set { path: SettingPath::field(field), val: Knowledge::of(value), leaf: true }
}

/// A set that has exactly these members.
fn replace_members(field: &str, shape: MemberShape, members: Vec<(String, Value)>) -> Vec<Operation> {
    let path = SettingPath::field(field);
    let keys = members.iter().map(|(key, _)| key.clone()).collect();
    let mut ops = vec![
        Operation::Shape { path: path.clone(), shape },
        Operation::RetainKeys { path: path.clone(), keys },
    ];
    ops.extend(members.into_iter().map(|(key, value)| Operation::Set {
        path: path.join(&key),
        val: Knowledge::of(value),
        leaf: true,
    }));
    ops
}

pub(super) fn tag_ops(tags: &Value) -> Vec<Operation> {
    replace_members("tags", MemberShape::Map, functions::read_tags(tags))
}

/// What is said under the names that calls have.
fn read_mapped_settings(kind: &str, configuration: &Value, beside: &Value) -> Vec<Operation> {
    let get = |name: &str| configuration.get(name);
    let plain = |names: &[&str]| -> Vec<Operation> {
        names.iter().filter_map(|name| set_field(name, get(name))).collect()
    };
    match kind {
        "AWS::EC2::SecurityGroup" => {
            let mut ops = plain(&["groupName", "description", "vpcId"]);
            for (name, field) in [("ipPermissions", "ingress"), ("ipPermissionsEgress", "egress")] {
                if let Some(list) = get(name) {
                    ops.extend(read_rules(field, list));
                }
            }
            ops
        }
        "AWS::EC2::Instance" => {
            let name = get("state").and_then(|it| it.get("name").or(Some(it))).filter(|it| it.is_string());
            name.map(|it| set_leaf("state", it.clone())).into_iter().collect()
        }
        "AWS::S3::Bucket" => read_bucket(beside),
        "AWS::KMS::Key" => {
            let mut ops = plain(&["enabled", "keyState", "description", "keyUsage", "origin"]);
            ops.extend(beside.get("Policy").and_then(parse_policy).map(|policy| set_leaf("policy", policy)));
            ops.extend(set_field("keyRotation.enabled", beside.get("KeyRotationStatus")));
            ops
        }
        "AWS::IAM::Role" | "AWS::IAM::User" | "AWS::IAM::Group" => {
            read_identity(configuration, &plain(&["path", "arn"]))
        }
        _ => Vec::new(),
    }
}

/// A policy, as an object or as text.
fn parse_policy(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => parse_document(text),
        Value::Object(_) => Some(value.clone()),
        _ => None,
    }
}

/// Rules of a security group. `ipRanges` repeats `ipv4Ranges` without descriptions.
fn read_rules(field: &str, list: &Value) -> Vec<Operation> {
    let mut members: Vec<(String, Value)> = Vec::new();
    for permission in elements_of(list) {
        let mut permission = permission.clone();
        if let Some(object) = permission.as_object_mut()
            && object.get("ipv4Ranges").is_some_and(|it| !is_empty(it))
        {
            object.shift_remove("ipRanges");
        }
        let pairs = functions::apply_for_members(Function::SgRule, &permission);
        members.extend(pairs.into_iter().filter_map(|(key, value)| Some((key, value?))));
    }
    let keys = members.iter().map(|(key, _)| key.clone()).collect();
    let path = SettingPath::field(field);
    let mut ops = vec![
        Operation::Shape { path: path.clone(), shape: MemberShape::Set },
        Operation::RetainKeys { path: path.clone(), keys },
    ];
    // The ids of rules are not in items: what calls said of a rule is kept.
    ops.extend(members.into_iter().map(|(key, value)| Operation::MergeInto { path: path.join(&key), value }));
    ops
}

fn read_bucket(beside: &Value) -> Vec<Operation> {
    let get = |name: &str| match beside.get(name) {
        Some(Value::String(text)) => parse_document(text),
        Some(value) => Some(value.clone()).filter(|it| !it.is_null()),
        None => None,
    };
    let mut ops = Vec::new();
    if let Some(policy) = get("BucketPolicy") {
        let policy = policy.get("policyText").and_then(parse_policy);
        ops.push(set_leaf("policy", policy.unwrap_or(Value::Null)));
    }
    ops.extend(set_field("publicAccessBlock", get("PublicAccessBlockConfiguration").as_ref()));
    if let Some(versioning) = get("BucketVersioningConfiguration") {
        if let Some(status) = versioning.get("status").and_then(scalar_text) {
            let status = if status == "Off" { Value::Null } else { Value::String(status) };
            ops.push(set_leaf("versioning.status", status));
        }
        let mfa = versioning.get("isMfaDeleteEnabled").filter(|it| !it.is_null());
        let way = SettingPath::field(BESIDE).join("BucketVersioningConfiguration").join("isMfaDeleteEnabled");
        ops.extend(mfa.map(|it| set_at_path(way, it)));
    }
    if let Some(logging) = get("BucketLoggingConfiguration") {
        let member = |name: &str| logging.get(name).filter(|it| !it.is_null()).cloned();
        let mut object = Map::new();
        object.extend(member("destinationBucketName").map(|it| ("targetBucket".to_owned(), it)));
        object.extend(member("logFilePrefix").map(|it| ("targetPrefix".to_owned(), it)));
        let value = if object.is_empty() { Value::Null } else { Value::Object(object) };
        ops.push(Operation::Set {
            path: SettingPath::field("logging"),
            val: Knowledge::of(value),
            leaf: false,
        });
    }
    ops.extend(get("ServerSideEncryptionConfiguration").and_then(|it| read_encryption(&it)));
    ops
}

/// The default encryption, as `PutBucketEncryption` writes it.
fn read_encryption(value: &Value) -> Option<Operation> {
    let rules = value.get("rules").map(elements_of)?;
    let [rule] = rules else {
        return rules.is_empty().then(|| set_leaf("encryption", Value::Null));
    };
    let by_default = rule.get("applyServerSideEncryptionByDefault");
    let get = |name: &str| by_default.and_then(|it| it.get(name)).filter(|it| !it.is_null()).cloned();
    let mut inner = Map::new();
    inner.extend(get("sseAlgorithm").map(|it| ("sSEAlgorithm".to_owned(), it)));
    inner.extend(get("kmsMasterKeyID").map(|it| ("kMSMasterKeyID".to_owned(), it)));
    let mut own = json!({ "applyServerSideEncryptionByDefault": inner });
    if let (Some(key), Some(object)) =
        (rule.get("bucketKeyEnabled").filter(|it| !it.is_null()), own.as_object_mut())
    {
        object.insert("bucketKeyEnabled".to_owned(), key.clone());
    }
    Some(set_at_path(SettingPath::field("encryption"), &json!({ "rule": own })))
}

fn read_identity(configuration: &Value, plain: &[Operation]) -> Vec<Operation> {
    let list = |name: &str| configuration.get(name).filter(|it| it.is_array()).map(elements_of);
    let mut ops = plain.to_vec();
    ops.extend(
        configuration
            .get("assumeRolePolicyDocument")
            .and_then(parse_policy)
            .map(|it| set_leaf("assumeRolePolicyDocument", it)),
    );
    if let Some(boundary) = configuration.get("permissionsBoundary") {
        let arn = boundary.get("permissionsBoundaryArn").cloned();
        ops.push(set_leaf("permissionsBoundary", arn.unwrap_or_else(|| boundary.clone())));
    }
    if let Some(all) = list("attachedManagedPolicies") {
        let arns = all.iter().filter_map(|it| it.get("policyArn").and_then(scalar_text));
        ops.extend(replace_members(
            "attachedManagedPolicies",
            MemberShape::Set,
            arns.map(|arn| (arn.clone(), Value::String(arn))).collect(),
        ));
    }
    for name in ["rolePolicyList", "userPolicyList", "groupPolicyList"] {
        let Some(all) = list(name) else { continue };
        let policies = all.iter().filter_map(|it| {
            Some((it.get("policyName").and_then(scalar_text)?, parse_policy(it.get("policyDocument")?)?))
        });
        ops.extend(replace_members("inlinePolicies", MemberShape::Map, policies.collect()));
    }
    if let Some(all) = list("groupList") {
        let names = all.iter().filter_map(scalar_text);
        ops.extend(replace_members(
            "groups",
            MemberShape::Set,
            names.map(|name| (name.clone(), Value::String(name))).collect(),
        ));
    }
    ops
}
