//! AWS Config's configuration items as steps: they seed a state, and where the
//! fold knows better or worse, they say so (`observe`).
//!
//! Items in delivered files and those that the API gives are spelled
//! differently; both are read. Of the types with a mapping every setting is
//! checked; of others an item fills in what is not known, as the names of its
//! settings may not be those of the calls.

use super::functions;
use super::normal::document;
use super::path::Path;
use super::place::{elements, is_empty, text};
use super::step::{CONFIG, ITEM, Kind, Op, Origin, Shape, Step};
use super::val::Val;
use crate::catalog::Action;
use crate::catalog::effect::Function;
use crate::event::Time;
use crate::resource::Resource;
use serde_json::{Map, Value};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// When AWS Config saw it.
const CAPTURE: &str = "configurationItemCaptureTime";

/// The types whose items are compared setting by setting.
const MAPPED: [&str; 6] = [
    "AWS::EC2::SecurityGroup",
    "AWS::S3::Bucket",
    "AWS::KMS::Key",
    "AWS::IAM::Role",
    "AWS::IAM::User",
    "AWS::IAM::Group",
];

/// Members of a configuration that move without anybody's doing.
const MOVING: [&str; 8] = [
    "state",
    "status",
    "lastModified",
    "latestRestorableTime",
    "usageOperationUpdateTime",
    "endpoint",
    "createDate",
    "roleLastUsed",
];

/// What a file of AWS Config holds.
#[derive(Default)]
pub struct Items {
    /// The items that can be used.
    pub steps: Vec<Step>,
    /// How many cannot.
    pub odd: u64,
    /// What the first of these lacks, with its place in the file.
    pub first_odd: Option<(usize, &'static str)>,
}

/// Reads the items of a file: a history, a snapshot, the answer of `get-resource-config-history`
/// (`select-resource-config` gives the same items as text). `None` when it is no such file.
pub fn items(whole: &Value) -> Option<Items> {
    const LISTS: [&str; 3] = ["configurationItems", "baseConfigurationItems", "Results"];
    let is_item = |it: &Value| it.get("resourceType").is_some() && it.get(CAPTURE).is_some();
    let list = match whole {
        Value::Array(list) if list.first().is_some_and(is_item) => list.as_slice(),
        Value::Object(object) => {
            let list = LISTS.iter().find_map(|name| object.get(*name)?.as_array());
            list.map(Vec::as_slice).or_else(|| is_item(whole).then(|| std::slice::from_ref(whole)))?
        }
        _ => return None,
    };
    let mut items = Items::default();
    for (place, item) in list.iter().enumerate() {
        let read = match item {
            Value::String(text) => document(text).ok_or("it is no JSON object").and_then(|it| step(&it)),
            item => step(item),
        };
        match read {
            Ok(step) => items.steps.push(step),
            Err(lacks) => {
                items.odd += 1;
                items.first_odd.get_or_insert((place, lacks));
            }
        }
    }
    Some(items)
}

/// Reads a time: ISO 8601, or seconds since 1970 as older command lines print them.
fn time_of(text: &str) -> Option<Time> {
    let seconds = || text.parse::<f64>().ok().filter(|it| (1e8..1e11).contains(it));
    let epoch = || chrono::DateTime::from_timestamp_millis((seconds()? * 1000.0).round() as i64);
    Time::parse(text).or_else(|| epoch().map(Time::from)).or_else(|| super::date(text))
}

/// Reads an item; an error says what it lacks.
fn step(item: &Value) -> Result<Step, &'static str> {
    let get = |names: &[&str]| names.iter().find_map(|name| item.get(*name)).filter(|value| !value.is_null());
    let word = |names: &[&str]| get(names).and_then(text).filter(|text| !text.is_empty());
    let kind = word(&["resourceType"]).ok_or("it has no resource type")?;
    let time = word(&[CAPTURE]).and_then(|text| time_of(&text)).ok_or("it has no time of capture")?;
    let arn = word(&["ARN", "arn"]);
    let (id, name) = (word(&["resourceId"]), word(&["resourceName"]));
    let by_name =
        ["AWS::IAM::", "AWS::RDS::", "AWS::S3::", "AWS::Lambda::"].iter().any(|it| kind.starts_with(it));
    let of_arn = arn.as_deref().and_then(Resource::from_arn).filter(|it| it.kind == kind);
    let mut resource = match (of_arn, by_name) {
        (Some(resource), _) => resource,
        (None, true) => {
            Resource::new(&kind, name.as_deref().or(id.as_deref()).ok_or("it names no resource")?)
        }
        (None, false) => {
            Resource::new(&kind, id.as_deref().or(name.as_deref()).ok_or("it names no resource")?)
        }
    };
    let account = word(&["awsAccountId", "accountId"]);
    let region = word(&["awsRegion"]).filter(|it| it != "global");
    resource.owned_by(account.as_deref(), region.as_deref());
    let status = word(&["configurationItemStatus"]).unwrap_or_default();
    let gone = status.starts_with("ResourceDeleted");
    let mut hasher = DefaultHasher::new();
    item.to_string().hash(&mut hasher);
    let origin = Origin {
        time: Some(time),
        event_id: word(&["configurationStateId"]).map(|id| format!("config:{id}")),
        fingerprint: hasher.finish(),
        event_name: ITEM.to_owned(),
        event_source: CONFIG.to_owned(),
        who: "AWS Config".to_owned(),
        error_code: None,
        shared_id: None,
        account,
        region,
    };
    let inner = |name: &str| get(&[name]).map_or(Ok(Value::Null), unfolded);
    let configuration = inner("configuration").map_err(|()| "its configuration is no JSON")?;
    let supplementary = match inner("supplementaryConfiguration") {
        // Of the API each member is a text of its own.
        Ok(Value::Object(object)) => {
            object.into_iter().map(|(name, value)| (name, unfolded(&value).unwrap_or(value))).collect()
        }
        _ => Value::Null,
    };
    let mut ops = if gone { Vec::new() } else { mapped(&kind, &configuration, &supplementary) };
    if let Some(tags) = get(&["tags"]).filter(|tags| !gone && (tags.is_object() || tags.is_array())) {
        ops.extend(tag_ops(tags));
    }
    let action = if gone { Action::Deleted } else { Action::Changed };
    let note = Some(if is_mapped(&kind) {
        "AWS Config".to_owned()
    } else {
        "AWS Config, filled in only".to_owned()
    });
    let caused_by = get(&["relatedEvents"]).and_then(Value::as_array).into_iter().flatten().filter_map(text);
    Ok(Step {
        origin: Arc::new(origin),
        resource,
        action,
        or: None,
        kind: Kind::Observed,
        ops,
        tried: Vec::new(),
        note,
        order: None,
        chain: None,
        link: None,
        links: Vec::new(),
        caused_by: caused_by.filter(|id| !id.is_empty()).collect(),
    })
}

/// Takes out what is written as text, as the API has it: an object, a flag, a policy in a text in a text.
fn unfolded(value: &Value) -> Result<Value, ()> {
    let Value::String(text) = value else { return Ok(value.clone()) };
    let text = text.trim();
    if let Some(object) = document(text) {
        return Ok(object);
    }
    // Of what was deleted there is none.
    if text.is_empty() {
        return Ok(Value::Null);
    }
    match serde_json::from_str(text).map_err(drop)? {
        Value::String(inner) => Ok(document(&inner).unwrap_or(Value::String(inner))),
        other => Ok(other),
    }
}

/// Returns whether every setting of an item of this type is compared with what the logs say; of others
/// an item fills in what is not known.
pub fn is_mapped(kind: &str) -> bool {
    MAPPED.contains(&kind)
}

fn set(field: &str, value: Option<&Value>) -> Option<Op> {
    let val = Val::of(value?.clone());
    Some(Op::Set { path: Path::field(field), val, leaf: false })
}

/// A set that has exactly these members.
fn whole(field: &str, shape: Shape, members: Vec<(String, Value)>) -> Vec<Op> {
    let path = Path::field(field);
    let keys = members.iter().map(|(key, _)| key.clone()).collect();
    let mut ops = vec![Op::Shape { path: path.clone(), shape }, Op::Only { path: path.clone(), keys }];
    ops.extend(members.into_iter().map(|(key, value)| Op::Set {
        path: path.join(&key),
        val: Val::of(value),
        leaf: true,
    }));
    ops
}

fn tag_ops(tags: &Value) -> Vec<Op> {
    whole("tags", Shape::Map, functions::tags(tags))
}

fn mapped(kind: &str, configuration: &Value, supplementary: &Value) -> Vec<Op> {
    let get = |name: &str| configuration.get(name);
    let plain =
        |names: &[&str]| -> Vec<Op> { names.iter().filter_map(|name| set(name, get(name))).collect() };
    match kind {
        "AWS::EC2::SecurityGroup" => {
            let mut ops = plain(&["groupName", "description", "vpcId"]);
            for (name, field) in [("ipPermissions", "ingress"), ("ipPermissionsEgress", "egress")] {
                if let Some(list) = get(name) {
                    ops.extend(rules(field, list));
                }
            }
            ops
        }
        "AWS::S3::Bucket" => bucket(supplementary),
        "AWS::KMS::Key" => {
            let mut ops = plain(&["enabled", "keyState", "description", "keyUsage", "origin"]);
            ops.extend(supplementary.get("Policy").and_then(parsed).map(|policy| leaf("policy", policy)));
            ops.extend(set("keyRotation.enabled", supplementary.get("KeyRotationStatus")));
            ops
        }
        "AWS::IAM::Role" | "AWS::IAM::User" | "AWS::IAM::Group" => {
            identity(configuration, &plain(&["path", "arn"]))
        }
        _ => {
            let Value::Object(object) = configuration else { return Vec::new() };
            let settings = object.iter().filter(|(name, value)| {
                !value.is_null() && *name != "tags" && !MOVING.contains(&name.as_str())
            });
            settings.filter_map(|(name, value)| set(name, Some(value))).collect()
        }
    }
}

fn leaf(field: &str, value: Value) -> Op {
    Op::Set { path: Path::field(field), val: Val::of(value), leaf: true }
}

/// A policy, as an object or as text.
fn parsed(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => document(text),
        Value::Object(_) => Some(value.clone()),
        _ => None,
    }
}

/// Rules of a security group. `ipRanges` repeats `ipv4Ranges` without descriptions.
fn rules(field: &str, list: &Value) -> Vec<Op> {
    let mut members: Vec<(String, Value)> = Vec::new();
    for permission in elements(list) {
        let mut permission = permission.clone();
        if let Some(object) = permission.as_object_mut()
            && object.get("ipv4Ranges").is_some_and(|it| !is_empty(it))
        {
            object.shift_remove("ipRanges");
        }
        let pairs = functions::pairs(Function::SgRule, &permission);
        members.extend(pairs.into_iter().filter_map(|(key, value)| Some((key, value?))));
    }
    let keys = members.iter().map(|(key, _)| key.clone()).collect();
    let path = Path::field(field);
    let mut ops =
        vec![Op::Shape { path: path.clone(), shape: Shape::Set }, Op::Only { path: path.clone(), keys }];
    // The ids of rules are not in items: what calls said of a rule is kept.
    ops.extend(members.into_iter().map(|(key, value)| Op::Amend { path: path.join(&key), value }));
    ops
}

fn bucket(supplementary: &Value) -> Vec<Op> {
    let get = |name: &str| match supplementary.get(name) {
        Some(Value::String(text)) => document(text),
        Some(value) => Some(value.clone()).filter(|it| !it.is_null()),
        None => None,
    };
    let mut ops = Vec::new();
    if let Some(policy) = get("BucketPolicy") {
        let policy = policy.get("policyText").and_then(parsed);
        ops.push(leaf("policy", policy.unwrap_or(Value::Null)));
    }
    ops.extend(set("publicAccessBlock", get("PublicAccessBlockConfiguration").as_ref()));
    if let Some(status) =
        get("BucketVersioningConfiguration").as_ref().and_then(|it| it.get("status")).and_then(text)
    {
        let status = if status == "Off" { Value::Null } else { Value::String(status) };
        ops.push(leaf("versioning.status", status));
    }
    if let Some(logging) = get("BucketLoggingConfiguration") {
        let member = |name: &str| logging.get(name).filter(|it| !it.is_null()).cloned();
        let mut object = Map::new();
        object.extend(member("destinationBucketName").map(|it| ("targetBucket".to_owned(), it)));
        object.extend(member("logFilePrefix").map(|it| ("targetPrefix".to_owned(), it)));
        let value = if object.is_empty() { Value::Null } else { Value::Object(object) };
        ops.push(Op::Set { path: Path::field("logging"), val: Val::of(value), leaf: false });
    }
    ops
}

fn identity(configuration: &Value, plain: &[Op]) -> Vec<Op> {
    let list = |name: &str| configuration.get(name).filter(|it| it.is_array()).map(elements);
    let mut ops = plain.to_vec();
    ops.extend(
        configuration
            .get("assumeRolePolicyDocument")
            .and_then(parsed)
            .map(|it| leaf("assumeRolePolicyDocument", it)),
    );
    if let Some(all) = list("attachedManagedPolicies") {
        let arns = all.iter().filter_map(|it| it.get("policyArn").and_then(text));
        ops.extend(whole(
            "attachedManagedPolicies",
            Shape::Set,
            arns.map(|arn| (arn.clone(), Value::String(arn))).collect(),
        ));
    }
    for name in ["rolePolicyList", "userPolicyList", "groupPolicyList"] {
        let Some(all) = list(name) else { continue };
        let policies = all.iter().filter_map(|it| {
            Some((it.get("policyName").and_then(text)?, parsed(it.get("policyDocument")?)?))
        });
        ops.extend(whole("inlinePolicies", Shape::Map, policies.collect()));
    }
    if let Some(all) = list("groupList") {
        let names = all.iter().filter_map(text);
        ops.extend(whole(
            "groups",
            Shape::Set,
            names.map(|name| (name.clone(), Value::String(name))).collect(),
        ));
    }
    ops
}
