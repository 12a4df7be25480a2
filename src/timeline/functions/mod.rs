//! The few things that no table can express, as pure functions from a
//! normalised value to values, each named in the tables (`catalog::effect`).

mod acl;
mod members;
mod network;
mod patch;
mod security_group;
mod tags;

pub(super) use network::TARGETS;
pub(super) use tags::{read_tags, tag_keys};

use super::normal::parse_document;
use super::place::{elements_of, is_empty, scalar_text};
use crate::catalog::effect::Function;
use acl::read_acl;
use members::{by_id, named_values, read_record, read_share};
use network::{nacl_entry, read_route};
use patch::read_patch;
use security_group::sg_rules;
use serde_json::{Map, Value};

/// A member of a set or map, by its key; `None` where it is taken away.
pub(super) type SetMember = (String, Option<Value>);

/// Applies a function that gives one value; `None` when nothing comes of it.
pub(super) fn apply_for_value(function: Function, value: &Value) -> Option<Value> {
    match function {
        Function::Document => Some(value.as_str().and_then(parse_document).unwrap_or_else(|| value.clone())),
        Function::Value => Some(value.get("value").unwrap_or(value).clone()),
        Function::Pairs => Some(Value::Object(named_values(value))),
        Function::Acl => read_acl(value),
        Function::Patch => Some(read_patch(value)),
        Function::Name => scalar_text(value).map(|arn| Value::String(name_in_arn(&arn).to_owned())),
        Function::Version => {
            let last = scalar_text(value).map(|it| it.rsplit(':').next().unwrap_or_default().to_owned());
            last.filter(|it| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit()))
                .map(Value::String)
        }
        Function::SgRule
        | Function::Route
        | Function::NaclEntry
        | Function::Share
        | Function::Records
        | Function::ById => {
            let values = apply_for_members(function, value).into_iter().filter_map(|(_, value)| value);
            Some(Value::Array(values.collect()))
        }
    }
}

/// Applies a function that gives members; keys are such that the same member always has the same.
pub(super) fn apply_for_members(function: Function, value: &Value) -> Vec<SetMember> {
    let of_each = |one: fn(&Value) -> Option<(String, Value)>| {
        let members = elements_of(value).iter().filter_map(one);
        members.map(|(key, value)| (key, Some(value))).collect()
    };
    match function {
        Function::SgRule => elements_of(value).iter().flat_map(sg_rules).collect(),
        Function::Route => of_each(read_route),
        Function::NaclEntry => of_each(nacl_entry),
        Function::Share => of_each(read_share),
        Function::ById => of_each(by_id),
        Function::Records => elements_of(value).iter().filter_map(read_record).collect(),
        Function::Pairs => named_values(value).into_iter().map(|(key, value)| (key, Some(value))).collect(),
        Function::Name => {
            let names = elements_of(value).iter().filter_map(scalar_text);
            names
                .map(|arn| name_in_arn(&arn).to_owned())
                .map(|name| (name.clone(), Some(Value::String(name))))
                .collect()
        }
        Function::Document | Function::Value | Function::Acl | Function::Patch | Function::Version => {
            self::apply_for_value(function, value).map(|value| plain_pairs(&value)).unwrap_or_default()
        }
    }
}

/// The members of a list as it stands: a scalar is its own key.
pub(super) fn plain_pairs(value: &Value) -> Vec<SetMember> {
    let key =
        |value: &Value| scalar_text(value).or_else(|| by_id(value).map(|(key, _)| key)).unwrap_or_default();
    let members = elements_of(value).iter().filter(|it| !is_empty(it));
    members.map(|value| (key(value), Some(value.clone()))).collect()
}

/// The name at the end of an ARN, or of a path.
fn name_in_arn(arn: &str) -> &str {
    arn.rsplit(['/', ':']).next().unwrap_or(arn)
}

fn find_member<'v>(object: &'v Map<String, Value>, names: &[&str]) -> Option<&'v Value> {
    names.iter().find_map(|name| {
        let exact = object.get(*name);
        exact.or_else(|| object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, it)| it))
    })
}

fn find_text(object: &Map<String, Value>, names: &[&str]) -> Option<String> {
    find_member(object, names).and_then(scalar_text).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn keys(function: Function, value: Value) -> Vec<String> {
        apply_for_members(function, &value).into_iter().map(|(key, _)| key).collect()
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
        assert_eq!(apply_for_members(Function::Records, &gone), [("a. A".to_owned(), None)]);
    }

    #[test]
    fn values_and_documents() {
        assert_eq!(apply_for_value(Function::Value, &json!({"value": false})), Some(json!(false)));
        assert_eq!(apply_for_value(Function::Document, &json!("{\"a\":1}")), Some(json!({"a": 1})));
        assert_eq!(
            apply_for_value(Function::Pairs, &json!([{"key": "a.b", "value": "c"}])),
            Some(json!({"a.b": "c"}))
        );
        assert_eq!(apply_for_value(Function::Name, &json!("arn:x/y")), Some(json!("y")));
    }
}
