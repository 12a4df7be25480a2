//! What a member of a list goes by: the id that it has, or the names and values it stands for.

use super::super::place::{elements_of, is_empty, scalar_text};
use super::{SetMember, find_member, find_text};
use serde_json::{Map, Value};

/// Who something is shared with: `{userId: …}`, `{group: all}` or the id alone.
pub(super) fn read_share(value: &Value) -> Option<(String, Value)> {
    let who = match value {
        Value::Object(object) => {
            find_text(object, &["userId", "group", "organizationArn", "organizationalUnitArn"])?
        }
        plain => scalar_text(plain).filter(|it| !it.is_empty())?,
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
pub(super) fn by_id(value: &Value) -> Option<(String, Value)> {
    let key = match value {
        Value::Object(object) => IDS.iter().find_map(|name| find_text(object, &[name])),
        plain => scalar_text(plain),
    };
    if is_empty(value) {
        return None;
    }
    Some((key.unwrap_or_else(|| value.to_string()), value.clone()))
}

/// One change of a DNS record: `UPSERT` and `CREATE` put it, `DELETE` takes it away.
pub(super) fn read_record(value: &Value) -> Option<SetMember> {
    let object = value.as_object()?;
    let set = find_member(object, &["resourceRecordSet"])?.as_object()?;
    let mut key = format!("{} {}", find_text(set, &["name"])?, find_text(set, &["type"])?);
    if let Some(more) = find_text(set, &["setIdentifier"]) {
        key = format!("{key} {more}");
    }
    let gone = find_text(object, &["action"]).is_some_and(|action| action.eq_ignore_ascii_case("DELETE"));
    Some((key, (!gone).then(|| Value::Object(set.clone()))))
}

/// Names and values: `{key, value}`, `{attributeName, attributeValues}`, or an object as it is.
pub(super) fn named_values(value: &Value) -> Map<String, Value> {
    let mut all = Map::new();
    for element in elements_of(value) {
        let Value::Object(object) = element else { continue };
        match find_text(object, &["key", "attributeName", "name"]) {
            Some(key) => {
                let value = find_member(object, &["value", "attributeValue", "attributeValues", "values"]);
                all.insert(key, value.cloned().unwrap_or(Value::Null));
            }
            None => all.extend(object.clone()),
        }
    }
    all
}
