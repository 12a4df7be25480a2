//! What a call said that somebody who reads it wants to know first, beside its resource: the policy that was attached,
//! the account that something was shared with, the rule that was opened.
//!
//! Which parameters these are, `detail.toml` says, which opens with its grammar. They are shown in short: lists end after
//! some values, texts after some characters, and a policy is told by its statements. The record has all.

use super::api_name;
use super::path::RecordPath;
use crate::aws::arn::percent_decoded;
use crate::event::{Event, Json, member_of, scalar_text};
use serde_json::Value;
use std::collections::HashMap;
use std::str::FromStr;
use std::sync::LazyLock;

/// So many parameters of a call are shown, values of each, statements of a policy, and characters of a value.
const PARAMETERS: usize = 2;
const VALUES: usize = 4;
const STATEMENTS: usize = 2;
const CHARACTERS: usize = 160;

/// A policy of more bytes is not read: none of AWS may have as many.
const POLICY: usize = 128 << 10;

/// One parameter and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallDetail {
    /// The name of the parameter.
    pub name: &'static str,
    /// Its value, in short.
    pub value: String,
}

/// How a parameter is told.
#[derive(Clone, Debug)]
enum DetailForm {
    /// As it is.
    Plain(RecordPath),
    /// By the statements of the policy.
    Policy(RecordPath),
    /// By the rules of a security group in the request.
    Rules,
}

/// By event source and API name.
type DetailTable = HashMap<String, HashMap<String, Vec<(String, DetailForm)>>>;

static TABLE: LazyLock<DetailTable> =
    // A table that cannot be parsed is found by a test; here it counts as empty.
    LazyLock::new(|| parse_table(include_str!("detail.toml")).unwrap_or_default());

impl FromStr for DetailForm {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some(("rules", "rq")) => Ok(Self::Rules),
            Some(("policy", place)) => Ok(Self::Policy(place.parse()?)),
            _ => Ok(Self::Plain(text.parse()?)),
        }
    }
}

impl DetailForm {
    fn name(&self) -> String {
        match self {
            Self::Plain(path) | Self::Policy(path) => path.label(),
            Self::Rules => "rule".to_owned(),
        }
    }
}

fn parse_table(text: &str) -> Result<DetailTable, String> {
    let table: HashMap<String, HashMap<String, Vec<String>>> =
        toml::from_str(text).map_err(|error| error.to_string())?;
    let one = |text: &String| {
        let form: DetailForm = text.parse()?;
        Ok((form.name(), form))
    };
    let call = |(name, forms): (String, Vec<String>)| {
        Ok((name, forms.iter().map(one).collect::<Result<Vec<_>, String>>()?))
    };
    let service = |(source, calls): (String, HashMap<String, Vec<String>>)| {
        Ok((source, calls.into_iter().map(call).collect::<Result<_, String>>()?))
    };
    table.into_iter().map(service).collect()
}

/// Returns the one or two parameters of a call that matter most, in short; none where no table tells which they are.
pub fn call_details(event: &Event<'_>) -> Vec<CallDetail> {
    let calls = TABLE.get(event.source());
    let forms = calls.and_then(|calls| calls.get(api_name(event.name()))).map(Vec::as_slice);
    let told = forms.unwrap_or_default().iter().filter_map(|(name, form)| {
        let values: Vec<String> = match form {
            DetailForm::Plain(path) => path.find(event).into_iter().map(|it| it.into_owned()).collect(),
            DetailForm::Policy(path) => describe_policy(event, path),
            DetailForm::Rules => find_rules(event),
        };
        (!values.is_empty()).then(|| CallDetail { name, value: join_short(&values) })
    });
    told.take(PARAMETERS).collect()
}

/// Joins values, and says how many more there are than are shown.
fn join_short(values: &[String]) -> String {
    let shown: Vec<String> = values.iter().take(VALUES).map(|text| shorten(text)).collect();
    match values.len().saturating_sub(VALUES) {
        0 => shown.join("; "),
        more => format!("{}; and {more} more", shown.join("; ")),
    }
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(CHARACTERS) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// Says who may do what by a policy, a line a statement; nothing where it cannot be read.
fn describe_policy(event: &Event<'_>, path: &RecordPath) -> Vec<String> {
    let Some(policy) = path.find_value(event).and_then(read_policy) else { return Vec::new() };
    let statements = as_list(policy.get("Statement").unwrap_or(&Value::Null));
    let mut told: Vec<String> = statements.iter().take(STATEMENTS).map(|it| describe_statement(it)).collect();
    if statements.len() > STATEMENTS {
        told.push(format!("and {} more statements", statements.len() - STATEMENTS));
    }
    told
}

/// A policy as an object, or as JSON in a text, percent-encoded or not.
fn read_policy(value: Json<'_>) -> Option<Value> {
    match scalar_text(value) {
        Some(text) if text.len() <= POLICY => serde_json::from_str(&percent_decoded(&text)).ok(),
        Some(_) => None,
        None => copy_document(value, 0),
    }
}

/// Copies a document into a tree; `None` when it is deeper than any policy.
fn copy_document(value: Json<'_>, depth: u8) -> Option<Value> {
    const DEEPEST: u8 = 16;
    if depth > DEEPEST {
        return None;
    }
    if let Some(list) = value.as_array() {
        return list.iter().map(|it| copy_document(it, depth + 1)).collect::<Option<_>>().map(Value::Array);
    }
    if let Some(object) = value.as_object() {
        let members = object.iter().map(|(name, it)| Some((name.to_owned(), copy_document(it, depth + 1)?)));
        return members.collect::<Option<_>>().map(Value::Object);
    }
    Some(scalar_text(value).map_or(Value::Null, |text| Value::String(text.into_owned())))
}

/// `Allow s3:GetObject on arn:aws:s3:::b/* to *`.
fn describe_statement(statement: &Value) -> String {
    let texts = |name: &str| -> Option<String> {
        let values = statement.get(name)?;
        let values = match values {
            Value::Object(by_kind) => by_kind.values().flat_map(as_list).cloned().collect(),
            values => as_list(values).into_iter().cloned().collect::<Vec<_>>(),
        };
        let texts: Vec<String> =
            values.iter().map(|it| it.as_str().map_or_else(|| it.to_string(), str::to_owned)).collect();
        let shown = texts.iter().take(VALUES).cloned().collect::<Vec<_>>().join(",");
        Some(match texts.len().saturating_sub(VALUES) {
            0 => shown,
            more => format!("{shown},… {more} more"),
        })
    };
    let part = |words: &str, names: [&str; 2], but: &str| match (texts(names[0]), texts(names[1])) {
        (Some(texts), _) => format!("{words}{texts}"),
        (None, Some(texts)) => format!("{words}{but}{texts}"),
        (None, None) => String::new(),
    };
    let effect = statement.get("Effect").and_then(Value::as_str).unwrap_or("?");
    let action = part(" ", ["Action", "NotAction"], "all but ");
    let resource = part(" on ", ["Resource", "NotResource"], "all but ");
    let principal = part(" to ", ["Principal", "NotPrincipal"], "all but ");
    let condition = if statement.get("Condition").is_some() { " (with a condition)" } else { "" };
    format!("{effect}{action}{resource}{principal}{condition}")
}

fn as_list(value: &Value) -> Vec<&Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(list) => list.iter().collect(),
        one => vec![one],
    }
}

/// Says which rules of a security group a call is about: `tcp 22 from 0.0.0.0/0`.
fn find_rules(event: &Event<'_>) -> Vec<String> {
    let Some(request) = event.get("requestParameters") else { return Vec::new() };
    let way = if event.name().contains("Egress") { "to" } else { "from" };
    let modified = member_of(request, "ModifySecurityGroupRulesRequest")
        .and_then(|it| member_of(it, "SecurityGroupRule"))
        .map(elements)
        .unwrap_or_default();
    if !modified.is_empty() {
        let rules = modified.into_iter().filter_map(|it| member_of(it, "SecurityGroupRule"));
        return rules.flat_map(|rule| describe_rule(rule, "to or from")).collect();
    }
    let permissions = member_of(request, "ipPermissions").map(elements).unwrap_or_default();
    let rules: Vec<String> = permissions.into_iter().flat_map(|it| describe_rule(it, way)).collect();
    // Requests of before 2012, and of some tools, name the one rule beside the group.
    if rules.is_empty() { describe_rule(request, way) } else { rules }
}

/// The elements of a list, however the service wraps it; of what is none the value itself.
fn elements(value: Json<'_>) -> Vec<Json<'_>> {
    if let Some(list) = value.as_array() {
        return list.iter().collect();
    }
    match ["items", "item"].iter().find_map(|name| member_of(value, name)) {
        Some(list) => list.as_array().map(|list| list.iter().collect()).unwrap_or_default(),
        None => vec![value],
    }
}

/// Says whom one permission lets in or out.
fn describe_rule(rule: Json<'_>, way: &str) -> Vec<String> {
    let text = |names: [&str; 2]| names.iter().find_map(|name| member_of(rule, name).and_then(scalar_text));
    let Some(protocol) = text(["ipProtocol", "IpProtocol"]) else { return Vec::new() };
    let what = match (&*protocol, text(["fromPort", "FromPort"]), text(["toPort", "ToPort"])) {
        ("-1", ..) => "all traffic".to_owned(),
        (protocol, Some(from), Some(to)) if from == to => format!("{protocol} {from}"),
        (protocol, Some(from), Some(to)) => format!("{protocol} {from}-{to}"),
        (protocol, ..) => protocol.to_owned(),
    };
    const LISTS: [(&str, &str); 4] = [
        ("ipRanges", "cidrIp"),
        ("ipv6Ranges", "cidrIpv6"),
        ("groups", "groupId"),
        ("prefixListIds", "prefixListId"),
    ];
    const MEMBERS: [&str; 5] = ["cidrIp", "CidrIpv4", "CidrIpv6", "ReferencedGroupId", "PrefixListId"];
    let listed = LISTS.iter().flat_map(|(list, member)| {
        let all = member_of(rule, list).map(elements).unwrap_or_default();
        all.into_iter().filter_map(|it| member_of(it, member).and_then(scalar_text)).collect::<Vec<_>>()
    });
    let own = MEMBERS.iter().filter_map(|name| member_of(rule, name).and_then(scalar_text));
    let whom: Vec<_> = listed.chain(own).collect();
    match whom.is_empty() {
        true => vec![what],
        false => whom.into_iter().map(|whom| format!("{what} {way} {whom}")).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::services;
    use super::*;
    use crate::event::EventParser;

    fn details(source: &str, name: &str, rest: &str) -> String {
        let record = format!(r#"{{"eventSource":"{source}.amazonaws.com","eventName":"{name}",{rest}}}"#);
        let all = EventParser::default().read(record.as_bytes(), call_details).unwrap();
        all.iter().map(|it| format!("{}={}", it.name, it.value)).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn every_call_of_the_table_is_told_by_something() {
        let table = parse_table(include_str!("detail.toml")).unwrap();
        let calls: usize = table.values().map(HashMap::len).sum();
        assert!(calls > 150, "{calls}");
        for (source, calls) in &table {
            assert!(source.ends_with(".amazonaws.com"), "{source}");
            assert!(calls.values().all(|forms| !forms.is_empty()), "{source}");
        }
        // A name that is written otherwise than the row's is never met. Sign-ins are no calls of an API.
        for (source, calls) in table.iter().filter(|(source, _)| !source.starts_with("signin")) {
            let known = calls.keys().filter(|name| services::find_row(source, name).is_some()).count();
            assert!(known * 2 >= calls.len(), "{source}: {:?}", calls.keys());
        }
    }

    #[test]
    fn what_was_attached_and_shared() {
        let attached = r#""requestParameters":{"userName":"bob","policyArn":"arn:aws:iam::aws:policy/AdministratorAccess"}"#;
        assert_eq!(
            details("iam", "AttachUserPolicy", attached),
            "policyArn=arn:aws:iam::aws:policy/AdministratorAccess"
        );
        let shared = r#""requestParameters":{"snapshotId":"snap-1","createVolumePermission":{"add":{"items":[{"userId":"012345678912"}]}}}"#;
        assert_eq!(details("ec2", "ModifySnapshotAttribute", shared), "add.userId=012345678912");
        let permission =
            r#""requestParameters":{"functionName":"f","action":"lambda:InvokeFunction","principal":"*"}"#;
        assert_eq!(
            details("lambda", "AddPermission20150331v2", permission),
            "principal=*, action=lambda:InvokeFunction"
        );
        let protected = r#""requestParameters":{"instanceId":"i-1","disableApiTermination":{"value":false}}"#;
        assert_eq!(details("ec2", "ModifyInstanceAttribute", protected), "disableApiTermination=false");
        assert_eq!(details("iam", "AttachUserPolicy", r#""requestParameters":null"#), "");
        assert_eq!(details("nosuch", "PutWidget", r#""requestParameters":{"a":1}"#), "");
    }

    #[test]
    fn rules_of_security_groups() {
        let items = r#""requestParameters":{"groupId":"sg-1","ipPermissions":{"items":[{"ipProtocol":"tcp","fromPort":22,"toPort":22,"ipRanges":{"items":[{"cidrIp":"0.0.0.0/0"}]},"ipv6Ranges":{"items":[{"cidrIpv6":"::/0"}]}},{"ipProtocol":"-1","groups":{"items":[{"groupId":"sg-2"}]},"ipRanges":{}}]}}"#;
        assert_eq!(
            details("ec2", "AuthorizeSecurityGroupIngress", items),
            "rule=tcp 22 from 0.0.0.0/0; tcp 22 from ::/0; all traffic from sg-2"
        );
        let flat = r#""requestParameters":{"groupId":"sg-1","ipProtocol":"tcp","fromPort":80,"toPort":90,"cidrIp":"10.0.0.0/8"}"#;
        assert_eq!(details("ec2", "AuthorizeSecurityGroupEgress", flat), "rule=tcp 80-90 to 10.0.0.0/8");
        let modified = r#""requestParameters":{"ModifySecurityGroupRulesRequest":{"GroupId":"sg-1","SecurityGroupRule":{"tag":1,"SecurityGroupRuleId":"sgr-1","SecurityGroupRule":{"IpProtocol":"tcp","FromPort":443,"ToPort":443,"CidrIpv4":"0.0.0.0/0"}}}}"#;
        assert_eq!(details("ec2", "ModifySecurityGroupRules", modified), "rule=tcp 443 to or from 0.0.0.0/0");
    }

    #[test]
    fn policies_by_their_statements() {
        let object = r#""requestParameters":{"bucketName":"b","bucketPolicy":{"Statement":[{"Effect":"Allow","Principal":{"AWS":["*"]},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}}"#;
        assert_eq!(
            details("s3", "PutBucketPolicy", object),
            "bucketPolicy=Allow s3:GetObject on arn:aws:s3:::b/* to *"
        );
        let text = r#""requestParameters":{"roleName":"r","policyName":"p","policyDocument":"{\"Statement\":{\"Effect\":\"Deny\",\"NotAction\":[\"iam:*\"],\"Resource\":\"*\",\"Condition\":{}}}"}"#;
        assert_eq!(
            details("iam", "PutRolePolicy", text),
            "policyName=p, policyDocument=Deny all but iam:* on * (with a condition)"
        );
        let broken = r#""requestParameters":{"roleName":"r","policyName":"p","policyDocument":"{"}"#;
        assert_eq!(details("iam", "PutRolePolicy", broken), "policyName=p");
    }

    #[test]
    fn much_is_told_in_short() {
        let values: Vec<String> = (0..9).map(|number| format!("\"i-{number}\"")).collect();
        let text = format!(
            r#""requestParameters":{{"documentName":"{}","instanceIds":[{}]}}"#,
            "x".repeat(500),
            values.join(",")
        );
        let told = details("ssm", "SendCommand", &text);
        assert!(told.ends_with("…, instanceIds=i-0; i-1; i-2; i-3; and 5 more"), "{told}");
        assert!(told.chars().count() < 250, "{told}");
    }
}
