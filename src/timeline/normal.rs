//! Makes what a record says of its request and its response uniform, whatever
//! service wrote it.
//!
//! CloudTrail shows the XML of EC2, S3, RDS and others as it was: lists under
//! `items`, `item` or `member`, values under `content`, newer EC2 calls in
//! `<Op>Request` with a `tag` that counts the elements, empty lists as `{}`.
//! Policies are documents in one service and text in another. After this, one
//! language of places serves them all. Nothing is dropped but that wrapping.

use super::place::is_empty;
use crate::aws::arn::percent_decoded;
use crate::catalog::effect::FieldRoot;
use crate::catalog::{Withheld, withheld_members};
use crate::event::{Event, Json, any_text};
use serde_json::{Map, Number, Value};
use std::borrow::Cow;

/// How deep a record may nest; real ones have a dozen levels.
const MAX_DEPTH: u8 = 64;

/// The ends of the names of what wraps a whole request or response.
const WRAPPERS: [&str; 5] = ["Request", "Req", "Response", "Input", "Result"];

/// What stands where AWS leaves a value out of the log.
const REDACTED: [&str; 3] =
    ["HIDDEN_DUE_TO_SECURITY_REASONS", "Value hidden due to security reasons.", "<sensitiveDataRemoved>"];

/// The parts of a record that effects read, made uniform.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NormalDocument {
    /// `requestParameters`.
    pub request: Value,
    /// `responseElements`.
    pub response: Value,
    /// `additionalEventData`.
    pub additional: Value,
    /// `serviceEventDetails`.
    pub service: Value,
    /// `userIdentity`.
    pub identity: Value,
    /// Whether CloudTrail left out a part that was too large.
    pub truncated: bool,
}

/// Returns the parts of an event, made uniform.
pub fn normalise_event(event: &Event<'_>) -> NormalDocument {
    let style = ServiceStyle::of(event.source());
    let mut truncated = false;
    let mut part = |name: &str| {
        let Some(value) = event.get(name) else { return Value::Null };
        let value = strip_wrapper(style.value(value, "", 0));
        let is_omitted = value.get("omitted").is_some_and(|it| *it == Value::Bool(true));
        truncated |= is_omitted;
        if is_omitted { Value::Null } else { value }
    };
    let (request, response) = (part("requestParameters"), part("responseElements"));
    let (additional, service) = (part("additionalEventData"), part("serviceEventDetails"));
    let identity = part("userIdentity");
    let mut doc = NormalDocument { request, response, additional, service, identity, truncated };
    for it in withheld_members(event.source(), event.name()) {
        doc.mark(it);
    }
    doc
}

impl NormalDocument {
    /// Sets a mark where AWS withholds a value without setting one itself.
    fn mark(&mut self, withheld: &Withheld) {
        let part = match withheld.place.root {
            FieldRoot::Request => &mut self.request,
            FieldRoot::Response => &mut self.response,
            FieldRoot::Additional => &mut self.additional,
            FieldRoot::Service => &mut self.service,
            FieldRoot::Identity | FieldRoot::It => return,
        };
        mark_redacted(part, &withheld.place.members, withheld.is_left_out);
    }
}

fn mark_redacted(value: &mut Value, members: &[String], is_left_out: bool) {
    let Some((first, rest)) = members.split_first() else { return };
    match value {
        Value::Array(list) => {
            list.iter_mut().for_each(|element| mark_redacted(element, members, is_left_out))
        }
        Value::Object(object) => {
            let name = object.keys().find(|name| name.eq_ignore_ascii_case(first)).cloned();
            let hidden = || Value::String(REDACTED[0].to_owned());
            match name.and_then(|name| object.get_mut(&name)) {
                Some(inner) if rest.is_empty() && is_hollow(inner) => *inner = hidden(),
                None if rest.is_empty() && is_left_out => _ = object.insert(first.clone(), hidden()),
                Some(inner) => mark_redacted(inner, rest, is_left_out),
                None => {}
            }
        }
        _ => {}
    }
}

/// Whether nothing is in it, nor in what it holds: `{"variables": {}}`.
fn is_hollow(value: &Value) -> bool {
    match value {
        Value::Object(object) => object.values().all(is_hollow),
        value => is_empty(value),
    }
}

/// Returns whether a value is a mark that AWS set in place of the value.
pub fn is_redacted(value: &Value) -> bool {
    value.as_str().map(str::trim).is_some_and(|text| REDACTED.contains(&text) || is_starred(text))
}

/// Whether it is asterisks, as many as the service likes, perhaps around a word: `*****`, `***OMITTED***`.
fn is_starred(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("***") else { return false };
    let word = rest.trim_matches('*');
    let is_word = |byte: u8| byte.is_ascii_uppercase() || byte == b'_';
    word.is_empty() || rest.ends_with("***") && word.bytes().all(is_word)
}

/// Returns whether a part of a value is such a mark.
pub fn has_redacted(value: &Value) -> bool {
    match value {
        Value::Array(list) => list.iter().any(has_redacted),
        Value::Object(object) => object.values().any(has_redacted),
        value => is_redacted(value),
    }
}

/// Returns whether an object is a policy: one value, however many members it has.
pub fn is_policy(value: &Value) -> bool {
    value.as_object().is_some_and(|object| object.contains_key("Statement"))
}

/// Reads a document that is written as text, percent-encoded or not; `None` when it is none.
pub(super) fn parse_document(text: &str) -> Option<Value> {
    let text = text.trim();
    let plain = if text.starts_with("%7B") || text.starts_with("%7b") {
        percent_decoded(text)
    } else {
        Cow::Borrowed(text)
    };
    if !plain.starts_with('{') {
        return None;
    }
    serde_json::from_str(&plain).ok().filter(Value::is_object)
}

/// Takes off `<Op>Request` and the like, where it is all there is.
fn strip_wrapper(value: Value) -> Value {
    let Value::Object(mut object) = value else { return value };
    if object.len() != 1 {
        return Value::Object(object);
    }
    let wraps = object.iter().next().is_some_and(|(key, inner)| {
        // An operation without arguments is wrapped as an empty text.
        let holds =
            inner.is_object() || inner.as_str() == Some("") || inner.as_array().is_some_and(Vec::is_empty);
        holds && WRAPPERS.iter().any(|end| key.ends_with(end))
    });
    match object.values_mut().next() {
        Some(inner @ Value::Object(_)) if wraps => inner.take(),
        Some(_) if wraps => Value::Object(Map::new()),
        _ => Value::Object(object),
    }
}

/// How a service writes.
#[derive(Clone, Copy)]
struct ServiceStyle {
    /// EC2: `{}` is an empty list, `tag` counts elements.
    ec2: bool,
    /// Members begin in upper case, where the API is shown as it is on the wire.
    upper: bool,
}

impl ServiceStyle {
    fn of(source: &str) -> Self {
        let ec2 = source.starts_with("ec2.");
        Self { ec2, upper: ec2 || source.starts_with("s3") }
    }

    fn value(self, value: Json<'_>, key: &str, depth: u8) -> Value {
        if depth > MAX_DEPTH {
            return Value::Null;
        }
        if let Some(array) = value.as_array() {
            return Value::Array(array.iter().map(|it| self.value(it, key, depth + 1)).collect());
        }
        let Some(object) = value.as_object() else { return copy_scalar(value, key) };
        // A policy is the user's own document: nothing in it is the service's wrapping.
        if object.get("Statement").is_some() || matches!(key, "attributes" | "tags" | "variables") {
            return copy_verbatim(value, key == "attributes", depth);
        }
        let mut members = Map::new();
        for (name, inner) in object.iter() {
            let is_namespace = name == "xmlns" || name.starts_with("xmlns:");
            let counts = self.ec2 && name == "tag" && self.is_ordinal(inner);
            if is_namespace || counts {
                continue;
            }
            let name = if self.upper { lower_first(name) } else { name.to_owned() };
            let listed = self.is_element(inner);
            let value = self.value(inner, &name, depth + 1);
            // `Tagging: {…}` stands beside the mark `tagging: ""` of the query.
            if members.contains_key(&name) && value.as_str() == Some("") {
                continue;
            }
            members.insert(name, if listed { Value::Array(vec![value]) } else { value });
        }
        self.bare(members)
    }

    /// Takes off what only wraps a list or a value.
    fn bare(self, mut members: Map<String, Value>) -> Value {
        if members.is_empty() && self.ec2 {
            return Value::Array(Vec::new());
        }
        if members.len() == 1 {
            for name in ["items", "item", "member"] {
                match members.get_mut(name) {
                    Some(list @ Value::Array(_)) => return list.take(),
                    Some(Value::String(text)) if text.is_empty() => return Value::Array(Vec::new()),
                    Some(one) => return Value::Array(vec![one.take()]),
                    None => {}
                }
            }
            // What an attribute is set to: `{"instanceType": {"value": "t3.micro"}}`.
            if let Some(value) = members.get_mut("value").filter(|value| self.ec2 && !value.is_object()) {
                return value.take();
            }
            if let Some(content) = members.get_mut("content") {
                return content.take();
            }
        }
        Value::Object(members)
    }

    /// Whether a lone object is one element of a list, being counted.
    fn is_element(self, value: Json<'_>) -> bool {
        let counted = || value.as_object()?.get("tag").map(|tag| self.is_ordinal(tag));
        self.ec2 && counted() == Some(true)
    }

    fn is_ordinal(self, value: Json<'_>) -> bool {
        use simd_json::prelude::ValueAsScalar;
        value.as_u64().is_some()
    }
}

/// What a user wrote, as it is; of attributes, those that are documents are read.
fn copy_verbatim(value: Json<'_>, documents: bool, depth: u8) -> Value {
    if depth > MAX_DEPTH {
        return Value::Null;
    }
    if let Some(array) = value.as_array() {
        return Value::Array(array.iter().map(|it| copy_verbatim(it, false, depth + 1)).collect());
    }
    let Some(object) = value.as_object() else { return copy_scalar(value, "") };
    let member = |(name, inner): (&str, Json<'_>)| {
        let is_text = documents && any_text(inner).is_some();
        (
            name.to_owned(),
            if is_text { copy_scalar(inner, name) } else { copy_verbatim(inner, false, depth + 1) },
        )
    };
    Value::Object(object.iter().map(member).collect())
}

fn lower_first(name: &str) -> String {
    let mut chars = name.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => String::new(),
    }
}

fn copy_scalar(value: Json<'_>, key: &str) -> Value {
    use simd_json::prelude::ValueAsScalar;
    if let Some(text) = any_text(value) {
        let may_be =
            key.contains("olicy") || key.contains("ocument") || matches!(key, "statement" | "attributeValue");
        return may_be
            .then(|| parse_document(text))
            .flatten()
            .unwrap_or_else(|| Value::String(text.to_owned()));
    }
    if let Some(flag) = value.as_bool() {
        return Value::Bool(flag);
    }
    if let Some(number) = value.as_u64() {
        return Value::Number(number.into());
    }
    if let Some(number) = value.as_i64() {
        return Value::Number(number.into());
    }
    value.as_f64().and_then(Number::from_f64).map_or(Value::Null, Value::Number)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::event::EventParser;
    use serde_json::json;

    fn request(source: &str, request: &str) -> Value {
        let record = format!(r#"{{"eventSource":"{source}","requestParameters":{request}}}"#);
        EventParser::default().read(record.as_bytes(), |event| normalise_event(event).request).unwrap()
    }

    #[test]
    fn every_way_of_wrapping_comes_to_the_same() {
        let ec2 = |text: &str| request("ec2.amazonaws.com", text);
        assert_eq!(ec2(r#"{"a":{"items":[{"b":1},{"b":2}]}}"#), json!({"a": [{"b": 1}, {"b": 2}]}));
        assert_eq!(ec2(r#"{"a":{"item":{"b":1}},"c":{}}"#), json!({"a": [{"b": 1}], "c": []}));
        assert_eq!(
            ec2(r#"{"DeleteFlowLogsRequest":{"FlowLogId":{"tag":1,"content":"fl-1"}}}"#),
            json!({"flowLogId": ["fl-1"]})
        );
        assert_eq!(
            ec2(r#"{"XRequest":{"Tag":[{"Value":true,"tag":1,"Key":"a"},{"Value":"c","tag":2,"Key":"b"}]}}"#),
            json!({"tag": [{"value": true, "key": "a"}, {"value": "c", "key": "b"}]})
        );
        assert_eq!(ec2(r#"{"EnableSerialConsoleAccessRequest":""}"#), json!({}));
        let s3 = |text: &str| request("s3.amazonaws.com", text);
        assert_eq!(
            s3(
                r#"{"Host":"h","tagging":"","Tagging":{"xmlns":"x","TagSet":{"Tag":{"Value":true,"Key":"k"}}}}"#
            ),
            json!({"host": "h", "tagging": {"tagSet": {"tag": {"value": true, "key": "k"}}}})
        );
        assert_eq!(s3(r#"{"Tagging":{"x":1},"tagging":""}"#), json!({"tagging": {"x": 1}}));
        let rds = request("rds.amazonaws.com", r#"{"dBInstanceIdentifier":"d","list":{"member":["x"]}}"#);
        assert_eq!(rds, json!({"dBInstanceIdentifier": "d", "list": ["x"]}));
    }

    #[test]
    fn policies_are_documents_wherever_they_stand() {
        let policy = json!({"Statement": [{"Effect": "Allow", "Action": "*"}]});
        let text = serde_json::to_string(&policy.to_string()).unwrap();
        let iam = request("iam.amazonaws.com", &format!(r#"{{"policyDocument":{text}}}"#));
        assert_eq!(iam["policyDocument"], policy);
        let encoded =
            "%7B%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22%2A%22%7D%5D%7D";
        let iam = request("iam.amazonaws.com", &format!(r#"{{"assumeRolePolicyDocument":"{encoded}"}}"#));
        assert_eq!(iam["assumeRolePolicyDocument"], policy);
        let s3 = request("s3.amazonaws.com", &format!(r#"{{"bucketPolicy":{policy},"policy":""}}"#));
        assert_eq!((&s3["bucketPolicy"], &s3["policy"]), (&policy, &json!("")));
        let odd = request("iam.amazonaws.com", r#"{"policyDocument":"{no json"}"#);
        assert_eq!(odd["policyDocument"], json!("{no json"));
    }

    #[test]
    fn marks_of_redaction_are_known() {
        for mark in REDACTED.iter().chain(&["***", "*****", "***OMITTED***", "********************"]) {
            assert!(is_redacted(&json!(mark)) && has_redacted(&json!([{"a": mark}])), "{mark}");
        }
        assert!(!has_redacted(
            &json!({"a": ["x", 1, null, "*", "**", "***a***", "***A*", "arn:aws:s3:::*"]})
        ));
    }

    #[test]
    fn what_was_too_large_is_said_to_be_missing() {
        let record = r#"{"requestParameters":{"omitted":true,"originalSize":102400}}"#;
        let doc = EventParser::default().read(record.as_bytes(), normalise_event).unwrap();
        assert!(doc.truncated && doc.request.is_null());
    }

    #[test]
    fn deep_records_end() {
        let deep = format!("{}1{}", "{\"a\":".repeat(900), "}".repeat(900));
        assert!(request("x", &deep).is_object());
    }
}
