//! Which resources a state names: what it is in, what it uses, what hangs on it.
//!
//! Ids and ARNs tell their type; plain names are read under members that are
//! known to hold them. Policies name many things that a resource has nothing
//! to do with, and are left out.

use super::normal::is_policy;
use super::path::SettingPath;
use super::state::State;
use super::val::Knowledge;
use crate::resource::Resource;
use serde_json::Value;
use std::collections::BTreeMap;

/// One resource that another names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceRelation {
    /// The type of the other.
    pub resource_type: String,
    /// The other, as calls name it.
    pub resource_id: String,
    /// How they belong together, in AWS Config's words: `Is contained in Subnet`.
    pub name: String,
}

/// Members that hold the name of a resource: the member, and the type that it is of.
const NAMES: [(&str, &str); 20] = [
    ("s3BucketName", "AWS::S3::Bucket"),
    ("s3Bucket", "AWS::S3::Bucket"),
    ("targetBucket", "AWS::S3::Bucket"),
    ("roles", "AWS::IAM::Role"),
    ("attachedRoles", "AWS::IAM::Role"),
    ("attachedUsers", "AWS::IAM::User"),
    ("attachedGroups", "AWS::IAM::Group"),
    ("instanceProfiles", "AWS::IAM::InstanceProfile"),
    ("groups", "AWS::IAM::Group"),
    ("users", "AWS::IAM::User"),
    ("user", "AWS::IAM::User"),
    ("accessKeys", "AWS::IAM::AccessKey"),
    ("iamInstanceProfile", "AWS::IAM::InstanceProfile"),
    ("dBSubnetGroupName", "AWS::RDS::DBSubnetGroup"),
    ("dBInstanceIdentifier", "AWS::RDS::DBInstance"),
    ("dBClusterIdentifier", "AWS::RDS::DBCluster"),
    ("targetKeyId", "AWS::KMS::Key"),
    ("kmsKeyId", "AWS::KMS::Key"),
    ("keyName", "AWS::EC2::KeyPair"),
    ("logGroupName", "AWS::Logs::LogGroup"),
];

/// The ends of types that only link others, or are a part of them.
const LINKS: [&str; 10] = [
    "Association",
    "Attachment",
    "::Root",
    "::SecurityGroupRule",
    "::UserPolicy",
    "::RolePolicy",
    "::GroupPolicy",
    "::MetricFilter",
    "::SubscriptionFilter",
    "::RecordSet",
];

/// Returns whether a resource only links others, or is a part of one.
pub fn is_part(resource: &Resource) -> bool {
    LINKS.iter().any(|end| resource.kind.ends_with(end))
}

/// Returns whether a member of this name may hold the name of another resource.
pub(super) fn may_name(name: &str) -> bool {
    matches!(name, "userName" | "accessKeys") || NAMES.iter().any(|(other, _)| *other == name)
}

/// Returns what a state names, in order, each once.
pub fn find_relations(of: &Resource, state: &State) -> Vec<ResourceRelation> {
    let mut found = BTreeMap::new();
    for (path, cell) in state.cells() {
        if let Knowledge::Known(value) = &cell.val {
            let is_key = path.parts().next() == Some("accessKeys");
            let name = path.parts().next_back().filter(|_| is_key);
            if let Some(key) = name {
                add_by_id(of, "AWS::IAM::AccessKey", key, &mut found);
            }
            search_value(of, path, value, &mut found);
        }
    }
    found.into_values().collect()
}

type FoundRelations = BTreeMap<(String, String), ResourceRelation>;

fn search_value(of: &Resource, path: &SettingPath, value: &Value, found: &mut FoundRelations) {
    match value {
        Value::Object(object) if !is_policy(value) => {
            object.iter().for_each(|(name, value)| search_value(of, &path.join(name), value, found));
        }
        Value::Array(list) => list.iter().for_each(|element| search_value(of, path, element, found)),
        Value::String(text) => {
            if text.starts_with("arn:") {
                let other = Resource::from_arn(text).filter(|it| !it.id.is_empty() && !it.id.contains('*'));
                // A version of what AWS runs functions with is nobody's resource.
                let other = other.filter(|it| it.kind != "AWS::Lambda::Runtime");
                if let Some(other) = other {
                    add_relation(of, &other, found);
                }
            } else if let Some(kind) = type_of_name(of, path, text) {
                add_by_id(of, kind, text, found);
            } else if let Some(other) = Resource::from_id(text).filter(|it| it.kind.starts_with("AWS::EC2::"))
            {
                add_relation(of, &other, found);
            }
        }
        _ => {}
    }
}

/// The type of the resource whose name stands at a path.
fn type_of_name(of: &Resource, path: &SettingPath, text: &str) -> Option<&'static str> {
    let holds = |name: &str| holds_name(path, name, text);
    // The user of an access key; of others `userName` is their own.
    if of.kind == "AWS::IAM::AccessKey" && holds("userName") {
        return Some("AWS::IAM::User");
    }
    let iam = of.kind.starts_with("AWS::IAM::");
    let short = |name: &str| matches!(name, "roles" | "groups" | "users" | "user");
    let row = NAMES.iter().find(|(name, _)| holds(name) && (iam || !short(name)))?;
    let own = row.1 == of.kind;
    (!own).then_some(row.1)
}

/// Whether what stands at a path is the name that a member of that name holds, is in its list, or is the
/// name or id of an object there. What else is said of the other, as whether a key is `Active`, is none.
fn holds_name(path: &SettingPath, name: &str, text: &str) -> bool {
    let mut below = path.parts().skip_while(|part| *part != name);
    if below.next().is_none() {
        return false;
    }
    let is_key = |part: &str| part == text || ["name", "arn", "id"].iter().any(|it| ends_with(part, it));
    below.last().is_none_or(is_key)
}

fn ends_with(part: &str, end: &str) -> bool {
    part.len()
        .checked_sub(end.len())
        .and_then(|at| part.get(at..))
        .is_some_and(|it| it.eq_ignore_ascii_case(end))
}

fn add_by_id(of: &Resource, kind: &str, id: &str, found: &mut FoundRelations) {
    // Beside a name stands the unique id, which no call goes by.
    let is_unique = kind.starts_with("AWS::IAM::")
        && Resource::from_id(id).is_some_and(|it| it.id != id || it.kind != "AWS::IAM::AccessKey");
    // Root is no user: `<root_account>`, as the credential report calls it.
    if !id.is_empty() && !is_unique && !id.starts_with('<') {
        add_relation(of, &Resource::new(kind, id), found);
    }
}

fn add_relation(of: &Resource, other: &Resource, found: &mut FoundRelations) {
    if other.kind == of.kind && (other.id == of.id || Some(&other.id) == of.name.as_ref()) {
        return;
    }
    // Links have ids of their own, but are not what is looked for.
    if is_part(other) || is_part(of) {
        return;
    }
    let relation = ResourceRelation {
        resource_type: other.kind.clone().into_owned(),
        resource_id: other.id.clone(),
        name: relation_name(&of.kind, &other.kind),
    };
    found.insert((relation.resource_type.clone(), relation.resource_id.clone()), relation);
}

/// AWS Config's words for how a resource belongs to one of another type.
fn relation_name(of: &str, other: &str) -> String {
    let last = other.rsplit("::").next().unwrap_or(other);
    let last = if last == "VPC" { "Vpc" } else { last };
    let verb = match (of, other) {
        ("AWS::EC2::VPC", "AWS::EC2::Subnet" | "AWS::EC2::SecurityGroup")
        | ("AWS::EC2::RouteTable", "AWS::EC2::Subnet") => "Contains",
        ("AWS::EC2::Subnet", "AWS::EC2::RouteTable") => "Is contained in",
        ("AWS::EC2::InternetGateway", "AWS::EC2::VPC") => "Is attached to",
        (_, "AWS::EC2::VPC" | "AWS::EC2::Subnet") => "Is contained in",
        ("AWS::EC2::Instance", "AWS::EC2::NetworkInterface") => "Contains",
        ("AWS::EC2::Volume" | "AWS::EC2::NetworkInterface" | "AWS::EC2::EIP", "AWS::EC2::Instance")
        | ("AWS::EC2::Instance", "AWS::EC2::Volume" | "AWS::EC2::EIP")
        | ("AWS::EC2::EIP", "AWS::EC2::NetworkInterface")
        | ("AWS::EC2::VPC", "AWS::EC2::InternetGateway")
        | (_, "AWS::IAM::Policy") => "Is attached to",
        _ => "Is associated with",
    };
    format!("{verb} {last}")
}
