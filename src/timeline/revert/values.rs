//! Values in the forms that the AWS CLI takes them in.

use super::super::functions::TARGETS;
use super::super::place::scalar_text;
use super::shell::{push_word, quote_document, quote_for_shell, quote_value};
use crate::resource::Resource;
use serde_json::{Map, Value, json};

/// A value as one word: a text as it is, all else as JSON.
pub(super) fn quote_scalar(value: &Value) -> Result<String, String> {
    match scalar_text(value) {
        Some(text) => quote_value(&text),
        None => Ok(quote_document(value)),
    }
}

/// What an attribute is set to: a text, be it that of a document.
pub(super) fn attribute_text(value: &Value) -> String {
    scalar_text(value).unwrap_or_else(|| value.to_string())
}

/// A list as words, each quoted. As JSON where a word would be read as an option.
pub(super) fn quote_list(list: &[Value]) -> Result<String, String> {
    let all = list.iter().map(quote_scalar).collect::<Result<Vec<_>, _>>()?;
    let is_option = all.iter().any(|word| word.starts_with("'-") || word.starts_with("'["));
    Ok(if is_option { quote_document(&json!(list)) } else { all.join(" ") })
}

/// A setting as an option: `--no-publicly-accessible`, `--timeout 3`.
pub(super) fn format_option(flag: &str, name: &str, value: &Value) -> Result<String, String> {
    let value = match (name, value) {
        ("layers", Value::Array(layers)) => {
            Value::Array(layers.iter().map(|layer| layer.get("arn").unwrap_or(layer).clone()).collect())
        }
        _ => value.clone(),
    };
    Ok(match &value {
        Value::Bool(true) => format!("--{flag}"),
        Value::Bool(false) => format!("--no-{flag}"),
        value => {
            let mut option = format!("--{flag} ");
            push_word(&mut option, &quote_scalar(value)?);
            option
        }
    })
}

/// `dBInstanceClass` is `--db-instance-class`, `multiAZ` is `--multi-az`.
pub(super) fn to_kebab_case(name: &str) -> String {
    let mut out = String::new();
    let chars: Vec<char> = name
        .replacen("dBI", "dbI", 1)
        .replace("s3", "s3-")
        .replace("AZ", "Az")
        .replace("ARN", "Arn")
        .chars()
        .collect();
    for (at, c) in chars.iter().enumerate() {
        if c.is_ascii_uppercase() && at > 0 && chars[at - 1] != '-' {
            out.push('-');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// The members of a configuration as the API spells them: each begins in upper case.
pub(super) fn capitalize_members(value: &Value) -> Value {
    match value {
        Value::Object(object) => Value::Object(
            object.iter().map(|(name, value)| (upper_first(name), capitalize_members(value))).collect(),
        ),
        Value::Array(list) => Value::Array(list.iter().map(capitalize_members).collect()),
        value => value.clone(),
    }
}

pub(super) fn upper_first(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// A security group's rule as the API takes it.
pub(super) fn rule_to_permissions(rule: &Value) -> Result<Value, String> {
    let object = rule.as_object().ok_or("the rule is not known")?;
    let mut permission = Map::new();
    for (name, to) in [("ipProtocol", "IpProtocol"), ("fromPort", "FromPort"), ("toPort", "ToPort")] {
        permission.extend(object.get(name).map(|value| (to.to_owned(), value.clone())));
    }
    let is_named =
        object.get("referencedGroupId").and_then(Value::as_str).is_some_and(|it| !it.starts_with("sg-"));
    for (name, list, to) in [
        ("cidrIpv4", "IpRanges", "CidrIp"),
        ("cidrIpv6", "Ipv6Ranges", "CidrIpv6"),
        ("prefixListId", "PrefixListIds", "PrefixListId"),
        ("referencedGroupId", "UserIdGroupPairs", if is_named { "GroupName" } else { "GroupId" }),
    ] {
        let Some(peer) = object.get(name) else { continue };
        let mut range = Map::from_iter([(to.to_owned(), peer.clone())]);
        range.extend(object.get("description").map(|value| ("Description".to_owned(), value.clone())));
        permission.insert(list.to_owned(), json!([range]));
    }
    Ok(json!([permission]))
}

/// Where a route begins.
pub(super) fn destination_option(route: &Value) -> Result<String, String> {
    let flags = ["destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"];
    first_of(route, &flags).ok_or_else(|| "the destination is not known".to_owned())?
}

/// Where a route leads to.
pub(super) fn target_option(route: &Value) -> Result<String, String> {
    let local = |name: &str, is: &str| route.get(name).and_then(scalar_text).as_deref() == Some(is);
    if local("gatewayId", "local") || local("localTarget", "true") {
        return Ok("--local-target".to_owned());
    }
    first_of(route, &TARGETS).ok_or_else(|| "the target before is not known".to_owned())?
}

fn first_of(object: &Value, names: &[&str]) -> Option<Result<String, String>> {
    let (name, value) = names.iter().find_map(|name| Some((name, object.get(*name)?)))?;
    Some(format_option(&to_kebab_case(name), name, value))
}

/// Who a snapshot or an image is shared with.
pub(super) fn shared_with(who: &str) -> Result<String, String> {
    match who {
        arn if arn.contains(":organization/") => Ok(format!("--organization-arns {}", quote_for_shell(arn))),
        arn if arn.contains(":ou/") => Ok(format!("--organizational-unit-arns {}", quote_for_shell(arn))),
        id => format_option("user-ids", "", &Value::String(id.to_owned())),
    }
}

/// Which way the traffic of a network ACL's entry goes.
pub(super) fn direction_flag(entry: &Value) -> &'static str {
    if entry.get("egress").and_then(scalar_text).as_deref() == Some("true") {
        "--egress"
    } else {
        "--ingress"
    }
}

/// An entry of a network ACL, but for its number and direction.
pub(super) fn acl_entry(entry: &Value) -> Result<String, String> {
    let needed = |name: &str| entry.get(name).ok_or_else(|| format!("what it needs is not known: {name}"));
    let mut options = vec![
        format_option("protocol", "", &json!(scalar_text(needed("protocol")?).unwrap_or_default()))?,
        format_option("rule-action", "", needed("ruleAction")?)?,
    ];
    for (flag, name) in [("cidr-block", "cidrBlock"), ("ipv6-cidr-block", "ipv6CidrBlock")] {
        options.extend(entry.get(name).map(|value| format_option(flag, name, value)).transpose()?);
    }
    for (flag, name) in [("port-range", "portRange"), ("icmp-type-code", "icmpTypeCode")] {
        options.extend(
            entry.get(name).map(|value| format!("--{flag} {}", quote_document(&capitalize_members(value)))),
        );
    }
    Ok(options.join(" "))
}

/// A grant; the names inside its constraints are the caller's own.
pub(super) fn grant_options(grant: &Value) -> Result<String, String> {
    let needed = |name: &str| grant.get(name).ok_or_else(|| format!("what it needs is not known: {name}"));
    let mut options = vec![format!("--operations {}", quote_document(needed("operations")?))];
    if grant.get("granteeServicePrincipal").is_none() {
        needed("granteePrincipal")?;
    }
    for name in [
        "granteePrincipal",
        "granteeServicePrincipal",
        "retiringPrincipal",
        "retiringServicePrincipal",
        "name",
    ] {
        options.extend(
            grant.get(name).map(|value| format_option(&to_kebab_case(name), name, value)).transpose()?,
        );
    }
    if let Some(Value::Object(constraints)) = grant.get("constraints") {
        let own: Map<String, Value> =
            constraints.iter().map(|(name, value)| (upper_first(name), value.clone())).collect();
        options.push(format!("--constraints {}", quote_document(&Value::Object(own))));
    }
    Ok(options.join(" "))
}

/// The conditions that `add-permission` can set, and its options for them.
const CONDITIONS: [(&str, &str, &str); 6] = [
    ("ArnLike", "aws:sourcearn", "source-arn"),
    ("StringEquals", "aws:sourceaccount", "source-account"),
    ("StringEquals", "aws:principalorgid", "principal-org-id"),
    ("StringEquals", "lambda:functionurlauthtype", "function-url-auth-type"),
    ("StringEquals", "lambda:eventsourcetoken", "event-source-token"),
    ("Bool", "lambda:invokedviafunctionurl", "invoked-via-function-url"),
];

/// A statement of a function's policy as the options that make it.
///
/// # Errors
/// Refuses what those options cannot say: a statement with less in it would allow more.
pub(super) fn permission_options(statement: &Value) -> Result<String, String> {
    let more = |what: &str| format!("no option of `add-permission` sets {what} of the statement");
    let object = statement.as_object().ok_or("the statement is not known")?;
    let known = ["Sid", "Effect", "Principal", "Action", "Resource", "Condition"];
    if let Some(odd) = object.keys().find(|name| !known.contains(&name.as_str())) {
        return Err(more(odd));
    }
    if object.get("Effect").is_some_and(|effect| effect != "Allow") {
        return Err(more("Effect"));
    }
    let principal = match object.get("Principal") {
        Some(Value::Object(one)) if one.len() == 1 => one.values().next(),
        other => other,
    };
    let principal = principal.and_then(Value::as_str).ok_or_else(|| more("Principal"))?;
    let action = object.get("Action").and_then(Value::as_str).ok_or_else(|| more("Action"))?;
    let word = |flag: &str, value: &str| format_option(flag, "", &Value::String(value.to_owned()));
    let mut options = vec![word("action", action)?, word("principal", principal)?];
    let conditions = object.get("Condition").and_then(Value::as_object);
    for (operator, pairs) in conditions.into_iter().flatten() {
        for (key, value) in pairs.as_object().ok_or_else(|| more("Condition"))? {
            let is_it = |it: &&(&str, &str, &str)| it.0 == operator && key.eq_ignore_ascii_case(it.1);
            let (_, _, flag) = CONDITIONS.iter().find(is_it).ok_or_else(|| more(key))?;
            let value = scalar_text(value).ok_or_else(|| more(key))?;
            options.push(match (operator.as_str(), value.as_str()) {
                ("Bool", "true") => format!("--{flag}"),
                ("Bool", _) => format!("--no-{flag}"),
                (_, value) => word(flag, value)?,
            });
        }
    }
    Ok(options.join(" "))
}

/// The version or alias that a statement is about: what stands behind the function's name in its ARN.
pub(super) fn statement_qualifier(statement: &Value) -> Option<String> {
    let arn = statement.get("Resource").and_then(Value::as_str)?;
    let qualifier = arn.split(':').nth(7)?;
    Some(quote_for_shell(qualifier))
}

/// `bus/rule` as the two options that name it.
pub(super) fn rule_of_bus(id: &str) -> Result<String, String> {
    match id.rsplit_once('/') {
        Some((bus, rule)) => Ok(format!("{} --event-bus-name {}", quote_value(rule)?, quote_value(bus)?)),
        None => quote_value(id),
    }
}

/// What a route table is associated with.
pub(super) fn end_of_association(end: &Value) -> Result<String, String> {
    let end = scalar_text(end).ok_or("what it was associated with is not known")?;
    let flag = if end.starts_with("subnet-") { "subnet-id" } else { "gateway-id" };
    format_option(flag, "", &Value::String(end))
}

/// One change of a DNS record.
pub(super) fn change_batch(action: &str, set: &Value) -> Value {
    json!({"Changes": [{"Action": action, "ResourceRecordSet": capitalize_members(set)}]})
}

/// The address of a queue, which its account, its region and its name make up.
pub(super) fn queue_url(queue: &Resource) -> Option<String> {
    let (account, region) = (queue.account.as_deref()?, queue.region.as_deref()?);
    let domain = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
    Some(quote_for_shell(&format!("https://sqs.{region}.{domain}/{account}/{}", queue.id)))
}
