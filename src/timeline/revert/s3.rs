//! Configurations of buckets: logged as the XML that they are sent in, taken by
//! the AWS CLI as the API has them.

use super::super::place::{elements_of, scalar_text};
use super::shell::quote_document;
use super::values::{format_option, upper_first};
use serde_json::{Map, Value, json};

/// What is a list in the API, though each element stands by itself in the XML. `And` is where it stands;
/// nothing for wherever.
const LISTS: [(&str, &str, &str); 16] = [
    ("", "Transition", "Transitions"),
    ("", "NoncurrentVersionTransition", "NoncurrentVersionTransitions"),
    // Alone in a filter it is one tag.
    ("And", "Tag", "Tags"),
    ("", "CORSRule", "CORSRules"),
    ("", "AllowedMethod", "AllowedMethods"),
    ("", "AllowedOrigin", "AllowedOrigins"),
    ("", "AllowedHeader", "AllowedHeaders"),
    ("", "ExposeHeader", "ExposeHeaders"),
    ("", "TopicConfiguration", "TopicConfigurations"),
    ("", "QueueConfiguration", "QueueConfigurations"),
    ("", "CloudFunctionConfiguration", "LambdaFunctionConfigurations"),
    ("", "LambdaFunctionConfiguration", "LambdaFunctionConfigurations"),
    ("", "Event", "Events"),
    ("Key", "FilterRule", "FilterRules"),
    // Each of these has nothing else in it.
    ("RoutingRules", "RoutingRule", ""),
    ("TargetGrants", "Grant", ""),
];

/// What is called otherwise in the API.
const NAMES: [(&str, &str); 6] = [
    ("S3Key", "Key"),
    ("Topic", "TopicArn"),
    ("Queue", "QueueArn"),
    ("CloudFunction", "LambdaFunctionArn"),
    ("MfaDelete", "MFADelete"),
    ("Id", "Id"),
];

/// Texts, whatever a number they may look like.
const TEXTS: [&str; 7] = ["ID", "Id", "Prefix", "Key", "Value", "TargetPrefix", "Account"];

/// Returns a configuration as the API has it.
pub(super) fn convert_configuration(value: &Value) -> Value {
    // The one rule of an object lock is no list.
    let has_rules = value.get("objectLockEnabled").is_none();
    convert_value(value, "", has_rules)
}

fn convert_value(value: &Value, parent: &str, has_rules: bool) -> Value {
    let object = match value {
        Value::Object(object) => object,
        Value::Array(list) => {
            return Value::Array(list.iter().map(|it| convert_value(it, parent, has_rules)).collect());
        }
        value => return value.clone(),
    };
    let mut members = Map::new();
    for (name, value) in object {
        let name = upper_first(name);
        let name =
            NAMES.iter().find(|(xml, _)| *xml == name).map_or(name.clone(), |(_, api)| (*api).to_owned());
        let many = |(at, one, _): &&(&str, &str, &str)| *one == name && (at.is_empty() || *at == parent);
        let many = LISTS.iter().find(many).map(|(_, _, many)| *many);
        let many = many.or((name == "Rule" && parent.is_empty() && has_rules).then_some("Rules"));
        let list = |name: &str| {
            Value::Array(elements_of(value).iter().map(|it| convert_value(it, name, has_rules)).collect())
        };
        match many {
            Some("") => return list(&name),
            Some(many) => members.insert(many.to_owned(), list(many)),
            None if name == "Filter" && value == "" => members.insert(name, json!({})),
            None if TEXTS.contains(&name.as_str()) => {
                let value =
                    scalar_text(value).map_or_else(|| convert_value(value, &name, has_rules), Value::String);
                members.insert(name, value)
            }
            None => {
                let value = convert_value(value, &name, has_rules);
                members.insert(name, value)
            }
        };
    }
    Value::Object(members)
}

/// All tags of a bucket, which are set at once.
pub(super) fn tag_set(tags: &Value) -> Value {
    let object = tags.as_object().into_iter().flatten();
    let tags =
        object.map(|(key, value)| json!({"Key": key, "Value": scalar_text(value).unwrap_or_default()}));
    json!({ "TagSet": tags.collect::<Vec<_>>() })
}

/// The options that set an access control list, however it was set.
pub(super) fn acl_options(acl: &Value) -> Result<String, String> {
    let object = acl.as_object().ok_or("the access control list is not known")?;
    let mut options = Vec::new();
    for (name, value) in object.iter().filter(|(name, _)| *name == "canned" || name.starts_with("grant-")) {
        let flag = if name == "canned" { "acl" } else { name.as_str() };
        options.push(format_option(flag, "", elements_of(value).first().unwrap_or(value))?);
    }
    if let Some(grants) = object.get("grants") {
        let grants: Vec<Value> = elements_of(grants).iter().map(convert_grant).collect();
        let mut policy = json!({ "Grants": grants });
        if let Some(owner) = object.get("owner") {
            policy["Owner"] = convert_value(owner, "Owner", false);
        }
        options.push(format!("--access-control-policy {}", quote_document(&policy)));
    }
    if options.is_empty() {
        Err("the access control list is not known".to_owned())
    } else {
        Ok(options.join(" "))
    }
}

fn convert_grant(grant: &Value) -> Value {
    let mut grant = convert_value(grant, "Grant", false);
    let Some(Value::Object(grantee)) = grant.get_mut("Grantee") else { return grant };
    if let Some(kind) = grantee.remove("Xsi:type") {
        grantee.insert("Type".to_owned(), kind);
    }
    grant
}
